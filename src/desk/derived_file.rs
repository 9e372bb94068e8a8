//! Files in `.steward` that are derived, and kept only to be faster the next time: the columns of
//! all records as matching read them (`columns`), the names that the finder searches (`finder`).
//!
//! Never believed: such a file counts only for the ledger it was made from (a commit with its chain
//! hash, and as many erased records as there are), for the same recipe and when every piece is as it
//! was written. Otherwise what reads it reads the ledger. It holds personal values, so it is
//! encrypted as the ledger is, and removed by an erasure and by a change of all keys.
//!
//! A header, then the pieces, each compressed, sealed for its number and its commit, under its
//! length. The first piece is the header again: in a sealed file nobody alters what it says.

pub(super) mod kept;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use kept::Kept;
use rayon::prelude::*;

use super::core::Desk;
use super::environment::Environment;
use super::error::DeskError;
use super::keys::cipher_of;
use super::workspace::{Workspace, file_error};
use domain::Sequence;
use ledger::ports::cipher::SealedPlace;
use ledger::ports::files::{Access, Files, OpenFile};
use ledger::ports::{Cipher, Randomness};

/// Longest piece, in bytes.
pub(super) const LONGEST_PIECE: usize = (1 << 20) + 1;

const FORMAT: u16 = 1;
/// Magic, format, key, commit, its chain hash, erased records, recipe, pieces, checksum.
const HEADER: usize = 8 + 2 + 4 + 8 + 32 + 4 + 32 + 4 + CHECKSUM;
const CHECKSUM: usize = 16;
/// Lengths of a piece: as it is stored, and in the clear.
const LENGTHS: usize = 8;
/// Pieces compressed or opened at a time.
const TOGETHER: usize = 16;
const COMPRESSION_LEVEL: i32 = 1;

/// What a file was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// The last commit whose data are in them.
    pub(super) sequence: Sequence,
    /// Its chain hash.
    pub(super) chain: [u8; 32],
    /// Records erased by then.
    pub(super) erased: u32,
}

/// A file of a workspace that is derived.
pub(super) struct DerivedFile {
    kept: Kept,
    files: Arc<dyn Files>,
    folder: PathBuf,
    cipher: Arc<dyn Cipher>,
    randomness: Arc<dyn Randomness>,
    recipe: [u8; 32],
}

impl Desk {
    /// The file that keeps such a thing. `recipe` tells how it is made: made otherwise, it is of no
    /// use.
    pub(super) fn derived_file(&self, kept: Kept, recipe: &str) -> DerivedFile {
        DerivedFile {
            kept,
            files: Arc::clone(&self.environment.files),
            folder: self.workspace.hidden(),
            cipher: cipher_of(self.keyring.as_ref()),
            randomness: Arc::clone(&self.environment.randomness),
            recipe: *blake3::hash(recipe.as_bytes()).as_bytes(),
        }
    }
}

/// Removes whatever of a workspace is derived and holds personal values, also what is half-written.
///
/// # Errors
/// When the disk refuses: it may still be there.
pub(super) fn remove_all(
    workspace: &Workspace,
    environment: &Environment,
) -> Result<(), DeskError> {
    let folder = workspace.hidden();
    let mut removed = false;
    for name in kept::ALL.iter().flat_map(|kept| [kept.name, kept.unfinished]) {
        let path = folder.join(name);
        match environment.files.remove(&path) {
            Ok(()) => removed = true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(file_error("removing", &path, error)),
        }
    }
    if removed {
        let synced = environment.files.sync_folder(&folder);
        synced.map_err(|error| file_error("syncing", &folder, error))?;
    }
    Ok(())
}

impl DerivedFile {
    /// Hands the pieces on in order; gives what they were made from, or none where they cannot be
    /// used, whatever the reason: they can always be made again. What was taken by then is of no
    /// use either. `known` says whether the workspace has that origin; `take` gives none where it
    /// makes nothing of a piece.
    pub(super) fn read(
        &self,
        known: impl FnOnce(&Origin) -> bool,
        take: &mut dyn FnMut(&[u8]) -> Option<()>,
    ) -> Option<Origin> {
        let path = self.folder.join(self.kept.name);
        let file = self.files.open(&path, Access::Read).ok()?;
        let found = self.read_file(&*file, known, take);
        if found.is_none() {
            tracing::info!(file = self.kept.name, "it cannot be used and is rebuilt");
        }
        found
    }

    fn read_file(
        &self,
        file: &dyn OpenFile,
        known: impl FnOnce(&Origin) -> bool,
        take: &mut dyn FnMut(&[u8]) -> Option<()>,
    ) -> Option<Origin> {
        let mut bytes = [0; HEADER];
        exactly(file, &mut bytes, 0)?;
        let header = Header::decode(self.kept.magic, &bytes)?;
        let sealed = self.cipher.current_key().is_some();
        if header.recipe != self.recipe || sealed != (header.key > 0) || !known(&header.origin) {
            return None;
        }
        let mut offset = HEADER as u64;
        let mut number = 0;
        while number < header.pieces {
            let mut stored = Vec::new();
            for number in number..header.pieces.min(number + TOGETHER as u32) {
                let mut lengths = [0; LENGTHS];
                exactly(file, &mut lengths, offset)?;
                let [length, plain] = [0, 4].map(|at| word(&lengths, at) as usize);
                if length > 2 * LONGEST_PIECE || plain > LONGEST_PIECE {
                    return None;
                }
                let mut piece = vec![0; length];
                exactly(file, &mut piece, offset + LENGTHS as u64)?;
                offset += (LENGTHS + length) as u64;
                stored.push((number, plain, piece));
            }
            let opened: Option<Vec<Vec<u8>>> = stored
                .into_par_iter()
                .map(|(number, plain, piece)| self.open(&header, number, plain, &piece))
                .collect();
            for piece in opened? {
                match number {
                    0 => (piece == bytes).then_some(())?,
                    _ => take(&piece)?,
                }
                number += 1;
            }
        }
        (file.length().ok()? == offset).then_some(())?;
        Some(header.origin)
    }

    fn place(&self, header: &Header, number: u32) -> SealedPlace {
        SealedPlace {
            kind: self.kept.kind,
            format: FORMAT,
            segment: number,
            sequence: header.origin.sequence.0,
        }
    }

    fn open(&self, header: &Header, number: u32, plain: usize, stored: &[u8]) -> Option<Vec<u8>> {
        let small = if header.key > 0 {
            self.cipher.open(header.key, &self.place(header, number), stored).ok()?
        } else {
            let (checksum, small) = stored.split_at_checked(CHECKSUM)?;
            (checksum == checksum_of(small)).then(|| small.to_vec())?
        };
        let piece = zstd::bulk::decompress(&small, plain).ok()?;
        (piece.len() == plain).then_some(piece)
    }

    fn close(&self, header: &Header, number: u32, piece: &[u8]) -> io::Result<Vec<u8>> {
        let small = zstd::bulk::compress(piece, COMPRESSION_LEVEL)?;
        let mut stored = vec![0; LENGTHS];
        if header.key > 0 {
            let place = self.place(header, number);
            self.cipher
                .seal(header.key, &place, &*self.randomness, &small, &mut stored)
                .map_err(io::Error::other)?;
        } else {
            stored.extend_from_slice(&checksum_of(&small));
            stored.extend_from_slice(&small);
        }
        let length = (stored.len() - LENGTHS) as u32;
        stored[..4].copy_from_slice(&length.to_le_bytes());
        stored[4..LENGTHS].copy_from_slice(&(piece.len() as u32).to_le_bytes());
        Ok(stored)
    }

    /// Keeps so many pieces for the next time: those that `tell` hands on. Until the file has its
    /// name it is nothing.
    ///
    /// # Errors
    /// When the disk refuses, or `tell` does; what was there before is there still.
    pub(super) fn write(
        &self,
        origin: Origin,
        pieces: usize,
        tell: impl FnOnce(&mut Put<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let path = self.folder.join(self.kept.name);
        let unfinished = self.folder.join(self.kept.unfinished);
        match self.files.remove(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = self.files.open(&unfinished, Access::CreateNew)?;
        let written = self.write_file(&*file, origin, pieces, tell);
        drop(file);
        if let Err(error) = written {
            // Half of a file is of no use to anybody.
            let _ = self.files.remove(&unfinished);
            return Err(error);
        }
        self.files.rename(&unfinished, &path)?;
        self.files.sync_folder(&self.folder)
    }

    fn write_file(
        &self,
        file: &dyn OpenFile,
        origin: Origin,
        pieces: usize,
        tell: impl FnOnce(&mut Put<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let key = self.cipher.current_key().unwrap_or(0);
        let pieces = u32::try_from(pieces + 1).map_err(io::Error::other)?;
        let header = Header { key, origin, recipe: self.recipe, pieces };
        let bytes = header.encode(self.kept.magic);
        file.write_at(&bytes, 0)?;
        let mut writer = PieceWriter {
            to: self,
            file,
            header: &header,
            offset: HEADER as u64,
            number: 0,
            waiting: Vec::new(),
        };
        writer.put(bytes.to_vec())?;
        tell(&mut |piece| writer.put(piece))?;
        writer.flush()?;
        file.sync()
    }
}

/// Takes a piece of at most [`LONGEST_PIECE`] bytes.
pub(super) type Put<'a> = dyn FnMut(Vec<u8>) -> io::Result<()> + 'a;

/// Writes pieces, several of them made at once.
struct PieceWriter<'a> {
    to: &'a DerivedFile,
    file: &'a dyn OpenFile,
    header: &'a Header,
    offset: u64,
    /// Pieces before those that wait.
    number: u32,
    waiting: Vec<Vec<u8>>,
}

impl PieceWriter<'_> {
    fn put(&mut self, piece: Vec<u8>) -> io::Result<()> {
        self.waiting.push(piece);
        if self.waiting.len() < TOGETHER { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> io::Result<()> {
        let numbered: Vec<(u32, Vec<u8>)> = (self.number..).zip(self.waiting.drain(..)).collect();
        self.number += numbered.len() as u32;
        let (to, header) = (self.to, self.header);
        let closed: io::Result<Vec<Vec<u8>>> =
            numbered.par_iter().map(|(number, piece)| to.close(header, *number, piece)).collect();
        for stored in closed? {
            self.file.write_at(&stored, self.offset)?;
            self.offset += stored.len() as u64;
        }
        Ok(())
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Header {
    /// 0 where the file is not encrypted.
    key: u32,
    origin: Origin,
    recipe: [u8; 32],
    pieces: u32,
}

impl Header {
    fn encode(&self, magic: &[u8; 8]) -> [u8; HEADER] {
        let mut bytes = Vec::with_capacity(HEADER);
        bytes.extend_from_slice(magic);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&self.key.to_le_bytes());
        bytes.extend_from_slice(&self.origin.sequence.0.to_le_bytes());
        bytes.extend_from_slice(&self.origin.chain);
        bytes.extend_from_slice(&self.origin.erased.to_le_bytes());
        bytes.extend_from_slice(&self.recipe);
        bytes.extend_from_slice(&self.pieces.to_le_bytes());
        let checksum = checksum_of(&bytes);
        bytes.extend_from_slice(&checksum);
        let mut header = [0; HEADER];
        header.copy_from_slice(&bytes);
        header
    }

    fn decode(magic: &[u8; 8], bytes: &[u8; HEADER]) -> Option<Self> {
        let (said, checksum) = bytes.split_at(HEADER - CHECKSUM);
        let format = said[8..10] == FORMAT.to_le_bytes();
        if !said.starts_with(magic) || !format || checksum != checksum_of(said) {
            return None;
        }
        let sequence =
            said[14..].first_chunk().map(|bytes| Sequence(u64::from_le_bytes(*bytes)))?;
        let (chain, recipe) = (*said[22..].first_chunk()?, *said[58..].first_chunk()?);
        let origin = Origin { sequence, chain, erased: word(said, 54) };
        Some(Self { key: word(said, 10), origin, recipe, pieces: word(said, 90) })
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn checksum_of(bytes: &[u8]) -> [u8; CHECKSUM] {
    let mut checksum = [0; CHECKSUM];
    checksum.copy_from_slice(&blake3::hash(bytes).as_bytes()[..CHECKSUM]);
    checksum
}

fn exactly(file: &dyn OpenFile, buffer: &mut [u8], offset: u64) -> Option<()> {
    (file.read_at(buffer, offset).ok()? == buffer.len()).then_some(())
}
