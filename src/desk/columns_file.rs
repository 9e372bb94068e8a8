//! The file `.steward/columns`: the columns of all records as the last matching run read them, so
//! that the next one reads only what changed since.
//!
//! Derived, and never believed: it counts only for the ledger it was made from (a commit with its
//! chain hash, and as many erased records as there are), for the same compared fields and the same
//! version of steward, and when every piece is as it was written. Otherwise it is removed, and
//! matching reads the ledger. It holds personal values, so it is encrypted as the ledger is, and
//! removed by an erasure and by a change of all keys.
//!
//! A header, then the pieces, each compressed, sealed for its number and its commit, under its
//! length. The first piece is the header again: in a sealed file nobody alters what it says.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use super::core::{Desk, Environment};
use super::error::DeskError;
use super::keys::cipher_of;
use super::workspace::{Workspace, file_error};
use crate::domain::Sequence;
use crate::matching::{self, ColumnsBuilder, SnapshotReader};
use crate::ports::cipher::{FileKind, SealedPlace};
use crate::ports::files::{Access, Files, OpenFile};
use crate::ports::{Cipher, Randomness};
use crate::settings::Settings;

const NAME: &str = "columns";
/// Its name while it is being written.
const UNFINISHED: &str = "columns.new";

const MAGIC: &[u8; 8] = b"stwcols\x01";
const FORMAT: u16 = 1;
/// Magic, format, key, commit, its chain hash, erased records, recipe, pieces, checksum.
const HEADER: usize = 8 + 2 + 4 + 8 + 32 + 4 + 32 + 4 + CHECKSUM;
const CHECKSUM: usize = 16;
/// Lengths of a piece: as it is stored, and in the clear.
const LENGTHS: usize = 8;
/// Pieces compressed or opened at a time.
const TOGETHER: usize = 16;
const COMPRESSION_LEVEL: i32 = 1;

/// What columns were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// The last commit whose data are in them.
    pub(super) sequence: Sequence,
    /// Its chain hash.
    pub(super) chain: [u8; 32],
    /// Records erased by then.
    pub(super) erased: u32,
}

/// A workspace's file of columns.
pub(super) struct ColumnsFile {
    files: Arc<dyn Files>,
    folder: PathBuf,
    cipher: Arc<dyn Cipher>,
    randomness: Arc<dyn Randomness>,
    recipe: [u8; 32],
}

impl Desk {
    /// The file of columns, under the settings in force.
    pub(super) fn columns_file(&self) -> ColumnsFile {
        ColumnsFile {
            files: Arc::clone(&self.environment.files),
            folder: self.workspace.hidden(),
            cipher: cipher_of(self.keyring.as_ref()),
            randomness: Arc::clone(&self.environment.randomness),
            recipe: *blake3::hash(matching::recipe(&self.settings).as_bytes()).as_bytes(),
        }
    }
}

/// Removes a workspace's columns, also half-written ones.
///
/// # Errors
/// When the disk refuses: they may still be there.
pub(super) fn remove(workspace: &Workspace, environment: &Environment) -> Result<(), DeskError> {
    let folder = workspace.hidden();
    let mut removed = false;
    for name in [NAME, UNFINISHED] {
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

impl ColumnsFile {
    /// The columns, and what they were read from; none where they cannot be used, whatever the
    /// reason: they can always be made anew. `known` says whether the workspace has that origin.
    pub(super) fn read(
        &self,
        settings: &Settings,
        known: impl FnOnce(&Origin) -> bool,
    ) -> Option<(Origin, ColumnsBuilder)> {
        let path = self.folder.join(NAME);
        let file = self.files.open(&path, Access::Read).ok()?;
        let found = self.read_file(&*file, settings, known);
        if found.is_none() {
            tracing::info!("the columns cannot be used and are made anew");
        }
        found
    }

    fn read_file(
        &self,
        file: &dyn OpenFile,
        settings: &Settings,
        known: impl FnOnce(&Origin) -> bool,
    ) -> Option<(Origin, ColumnsBuilder)> {
        let mut bytes = [0; HEADER];
        exactly(file, &mut bytes, 0)?;
        let header = Header::decode(&bytes)?;
        let sealed = self.cipher.current_key().is_some();
        if header.recipe != self.recipe || sealed != (header.key > 0) || !known(&header.origin) {
            return None;
        }
        let mut reader = SnapshotReader::new(settings);
        let mut offset = HEADER as u64;
        let mut number = 0;
        while number < header.pieces {
            let mut stored = Vec::new();
            for number in number..header.pieces.min(number + TOGETHER as u32) {
                let mut lengths = [0; LENGTHS];
                exactly(file, &mut lengths, offset)?;
                let [length, plain] = [0, 4].map(|at| word(&lengths, at) as usize);
                if length > 2 * matching::PIECE || plain > HEADER.max(matching::PIECE + 1) {
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
                    _ => reader.take(&piece)?,
                }
                number += 1;
            }
        }
        (file.length().ok()? == offset).then_some(())?;
        Some((header.origin, reader.finish()?))
    }

    fn place(&self, header: &Header, number: u32) -> SealedPlace {
        SealedPlace {
            kind: FileKind::Columns,
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

    /// Keeps columns for the next run. Until it has its name it is nothing.
    ///
    /// # Errors
    /// When the disk refuses; what was there before is there still.
    pub(super) fn write(&self, origin: Origin, columns: &ColumnsBuilder) -> io::Result<()> {
        let (path, unfinished) = (self.folder.join(NAME), self.folder.join(UNFINISHED));
        match self.files.remove(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = self.files.open(&unfinished, Access::CreateNew)?;
        let written = self.write_file(&*file, origin, columns);
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
        columns: &ColumnsBuilder,
    ) -> io::Result<()> {
        let pieces = columns.pieces() as u32 + 1;
        let key = self.cipher.current_key().unwrap_or(0);
        let header = Header { key, origin, recipe: self.recipe, pieces };
        let bytes = header.encode();
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
        columns.write(|piece| writer.put(piece))?;
        writer.flush()?;
        file.sync()
    }
}

/// Writes pieces, several of them made at once.
struct PieceWriter<'a> {
    to: &'a ColumnsFile,
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
    fn encode(&self) -> [u8; HEADER] {
        let mut bytes = Vec::with_capacity(HEADER);
        bytes.extend_from_slice(MAGIC);
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

    fn decode(bytes: &[u8; HEADER]) -> Option<Self> {
        let (said, checksum) = bytes.split_at(HEADER - CHECKSUM);
        let format = said[8..10] == FORMAT.to_le_bytes();
        if !said.starts_with(MAGIC) || !format || checksum != checksum_of(said) {
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
