//! What comes once is kept until it is read: a stream, such as standard input, goes into a file first,
//! so that it can be read twice and from any place.
//!
//! The file has no name once it is made: it is gone with whoever reads it, however they end. It is
//! encrypted under a key that was never written and dies with them too, so that nobody reads on the
//! disk what it held: no erasure, and no search for a person, has to know of it.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::hexadecimal::encode as hex;
use intake::acquire::Content;
use ledger::ports::cipher::{
    Cipher, CipherError, FileKind, OVERHEAD, SealedPlace, SecretKey, XChaChaCipher,
};
use ledger::ports::files::{Access, OpenFile};
use ledger::ports::{Files, Randomness};

/// Bytes of the stream that are sealed together.
pub(crate) const PIECE: usize = 64 << 10;
/// How the names of these files begin, for as long as they have one.
const PREFIX: &str = "input-";
/// The one key's number.
const KEY: u32 = 1;
/// Version of what a piece is.
const FORMAT: u16 = 1;

/// Why a stream is not kept.
#[derive(Debug)]
pub(crate) enum NotKept {
    /// It failed.
    Unread(io::Error),
    /// There is no place for it.
    Unwritten(io::Error),
    /// Nobody wants it any more.
    Unwanted,
}

/// Where a stream is to be kept, and what with.
pub(crate) struct Making {
    files: Arc<dyn Files>,
    /// Its folder, or `None` without a workspace: the system's temporary folder serves then.
    folder: Option<PathBuf>,
    name: String,
    cipher: XChaChaCipher,
}

impl Making {
    /// In that folder of the workspace, or nowhere near one. All chance that is needed is drawn here.
    pub(crate) fn within(
        folder: impl Into<Option<PathBuf>>,
        files: Arc<dyn Files>,
        randomness: &dyn Randomness,
    ) -> Making {
        let (mut name, mut owner) = ([0; 8], [0; 16]);
        randomness.fill(&mut name);
        randomness.fill(&mut owner);
        let keys = [(KEY, SecretKey::random(randomness))].into();
        let name = format!("{PREFIX}{}", hex(&name));
        Making { files, folder: folder.into(), name, cipher: XChaChaCipher::new(owner, keys, KEY) }
    }

    /// Keeps a stream, read to its end for as long as `goes_on` says so.
    ///
    /// # Errors
    /// As [`NotKept`] says.
    pub(crate) fn keep(
        self,
        stream: &mut dyn Read,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Spool, NotKept> {
        let mut spool = self.begin().map_err(NotKept::Unwritten)?;
        let mut piece = Vec::with_capacity(PIECE);
        for number in 0.. {
            piece.clear();
            while piece.len() < PIECE {
                if !goes_on() {
                    return Err(NotKept::Unwanted);
                }
                let room = (PIECE - piece.len()) as u64;
                // A part at a time: a stream that says little is asked between two of its words.
                if read_some(stream, room, &mut piece).map_err(NotKept::Unread)? == 0 {
                    break;
                }
            }
            spool.append(number, &piece).map_err(NotKept::Unwritten)?;
            if piece.len() < PIECE {
                break;
            }
        }
        Ok(spool)
    }

    /// A spool that holds nothing yet.
    pub(crate) fn begin(self) -> io::Result<Spool> {
        let file = self.make()?;
        Ok(Spool { file, cipher: self.cipher, length: 0, opened: Mutex::default() })
    }

    /// A new file that only we have, without a name.
    fn make(&self) -> io::Result<Box<dyn OpenFile>> {
        let Some(folder) = &self.folder else { return self.make_in(&std::env::temp_dir()) };
        match self.make_in(folder) {
            // Whoever only reads may have a workspace that cannot be written.
            Err(error) if is_not_for_us(&error) => self.make_in(&std::env::temp_dir()),
            made => made,
        }
    }

    fn make_in(&self, folder: &Path) -> io::Result<Box<dyn OpenFile>> {
        if self.folder.as_deref() == Some(folder) {
            self.files.create_folder(folder)?;
            clear_left(&*self.files, folder);
        }
        let path = folder.join(&self.name);
        let file = self.files.open(&path, Access::CreateHeld)?;
        self.files.remove(&path)?;
        Ok(file)
    }
}

fn is_not_for_us(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotFound
    )
}

/// Removes files whose makers were killed before they took the name away. They are empty.
pub(crate) fn clear_left(files: &dyn Files, folder: &Path) {
    let names = files.list(folder).unwrap_or_default();
    for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
        if files.remove_left(&folder.join(name)).is_err() {
            tracing::warn!("the leftovers of a killed process could not be removed");
        }
    }
}

/// Appends what comes next, `room` bytes at most; says how much came.
fn read_some(stream: &mut dyn Read, room: u64, into: &mut Vec<u8>) -> io::Result<usize> {
    let known = into.len();
    into.resize(known + usize::try_from(room).unwrap_or(PIECE), 0);
    let read = loop {
        match stream.read(&mut into[known..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read,
        }
    };
    into.truncate(known + *read.as_ref().unwrap_or(&0));
    read
}

/// A stream that was kept.
pub(crate) struct Spool {
    file: Box<dyn OpenFile>,
    cipher: XChaChaCipher,
    length: u64,
    /// The piece that was opened last, and its number.
    opened: Mutex<Option<(u64, Vec<u8>)>>,
}

impl Spool {
    /// Appends a piece, a whole one unless it is the last.
    pub(crate) fn append(&mut self, number: u64, piece: &[u8]) -> io::Result<()> {
        let mut sealed = Vec::with_capacity(piece.len() + OVERHEAD);
        self.cipher
            .seal(KEY, &place(number), &Numbered(number), piece, &mut sealed)
            .map_err(damaged)?;
        self.file.write_at(&sealed, offset(number))?;
        self.length += piece.len() as u64;
        Ok(())
    }

    fn open(&self, number: u64) -> io::Result<Vec<u8>> {
        let left = self.length - number * PIECE as u64;
        let plain = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let mut sealed = vec![0; plain + OVERHEAD];
        let read = self.file.read_at(&mut sealed, offset(number))?;
        sealed.truncate(read);
        self.cipher.open(KEY, &place(number), &sealed).map_err(damaged)
    }
}

impl Content for Spool {
    fn length(&self) -> io::Result<u64> {
        Ok(self.length)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset >= self.length {
            return Ok(0);
        }
        let (number, within) = (offset / PIECE as u64, (offset % PIECE as u64) as usize);
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.as_ref().is_none_or(|(known, _)| *known != number) {
            *opened = Some((number, self.open(number)?));
        }
        let piece = opened.as_ref().map_or(&[][..], |(_, piece)| &piece[within..]);
        let taken = piece.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&piece[..taken]);
        Ok(taken)
    }
}

fn place(number: u64) -> SealedPlace {
    SealedPlace { kind: FileKind::Spool, format: FORMAT, segment: 0, sequence: number }
}

fn offset(number: u64) -> u64 {
    number * (PIECE + OVERHEAD) as u64
}

fn damaged(error: CipherError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// Nonces that never meet, without chance: the key seals each number once.
struct Numbered(u64);

impl Randomness for Numbered {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
        for (to, from) in buffer.iter_mut().zip(self.0.to_le_bytes()) {
            *to = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::ports::files::SystemFiles;
    use ledger::ports::randomness::SimulatedRandomness;
    use ledger::ports::simulated_files::{Fault, SimulatedFiles};

    const FOLDER: &str = "/workspace/.steward/tmp";

    fn making(disk: &SimulatedFiles) -> Making {
        for folder in ["/workspace", "/workspace/.steward"] {
            disk.create_folder(Path::new(folder)).unwrap();
        }
        Making::within(
            PathBuf::from(FOLDER),
            Arc::new(disk.clone()),
            &SimulatedRandomness::seeded(1),
        )
    }

    /// Gives a few bytes at a time, as a pipe does.
    struct Dripping<'a>(&'a [u8], usize);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let taken = self.1.min(buffer.len());
            self.0.read(&mut buffer[..taken])
        }
    }

    #[test]
    fn every_place_reads_as_it_came() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 77] {
            let text: Vec<u8> = (0..length).map(|at| (at * 7 % 251) as u8).collect();
            let disk = SimulatedFiles::new();
            let spool = making(&disk).keep(&mut Dripping(&text, 9_999), &|| true).unwrap();
            assert_eq!(spool.length().unwrap(), length as u64);
            for (at, wanted) in [(0, length), (length / 2, 5), (PIECE - 3, 9), (length, 1)] {
                let mut read = vec![0; wanted];
                let mut filled = 0;
                while let Ok(more @ 1..) = spool.read_at(&mut read[filled..], (at + filled) as u64)
                {
                    filled += more;
                }
                let end = (at + wanted).min(length);
                assert_eq!(read[..filled], text[at.min(end)..end], "{length}: {wanted} at {at}");
            }
        }
    }

    #[test]
    fn it_has_no_name_and_cannot_be_read_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("tmp");
        let chance = SimulatedRandomness::seeded(1);
        let making = Making::within(kept.clone(), Arc::new(SystemFiles), &chance);
        let mut text = b"id,name\n1,Ada Fernsby\n".as_slice();
        let spool = making.keep(&mut text, &|| true).unwrap();
        assert_eq!(std::fs::read_dir(&kept).unwrap().count(), 0);
        let mut sealed = vec![0; 22 + OVERHEAD];
        assert_eq!(spool.file.read_at(&mut sealed, 0).unwrap(), sealed.len());
        assert_eq!(spool.file.length().unwrap(), sealed.len() as u64);
        assert!(!sealed.windows(3).any(|window| window == b"Ada"));
        // Whoever alters it is found out.
        sealed[30] ^= 1;
        spool.file.write_at(&sealed, 0).unwrap();
        let error = spool.read_at(&mut [0; 5], 0).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn what_a_killed_process_left_goes_with_the_next() {
        let disk = SimulatedFiles::new();
        let making = making(&disk);
        disk.create_folder(Path::new(FOLDER)).unwrap();
        let at = |name: &str| Path::new(FOLDER).join(name);
        for name in ["input-0011223344556677", "store-2"] {
            disk.plant(&at(name), b"");
        }
        let held = disk.open(&at("input-aa"), Access::CreateHeld).unwrap();
        drop(making.keep(&mut io::empty(), &|| true).unwrap());
        assert_eq!(disk.list(Path::new(FOLDER)).unwrap(), ["input-aa", "store-2"]);
        drop(held);
    }

    #[test]
    fn a_full_disk_and_a_broken_stream_are_told_apart() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("unplugged"))
            }
        }
        let disk = SimulatedFiles::new();
        let broken = making(&disk).keep(&mut Broken, &|| true);
        assert!(matches!(broken, Err(NotKept::Unread(_))));
        let calls = disk.calls();
        assert!(making(&disk).keep(&mut io::empty(), &|| true).is_ok());
        // The last call of all is the write.
        let disk = SimulatedFiles::new().with_fault(disk.calls() - calls - 1, Fault::Fail);
        let full = making(&disk).keep(&mut io::empty(), &|| true);
        assert!(matches!(full, Err(NotKept::Unwritten(_))));
        let unwanted = making(&SimulatedFiles::new()).keep(&mut io::repeat(1), &|| false);
        assert!(matches!(unwanted, Err(NotKept::Unwanted)));
    }
}
