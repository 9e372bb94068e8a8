//! One backup file, open for reading.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::ports::Files;
use crate::ports::files::{Access, OpenFile};

use super::super::chain::{Teller, Witness};
use super::super::frame::NoHeader;
use super::super::reader::time;
use super::error::BackupError;
use super::format::{self, Entry, FIXED, Header, TRAILER};
use super::{BackupProgress, Out, STEP};

/// A backup file whose header is sound and whose length is right.
pub struct BackupFile {
    pub(super) path: PathBuf,
    pub(super) header: Header,
    file: Box<dyn OpenFile>,
}

impl BackupFile {
    /// Opens a backup and looks at its beginning and its length.
    ///
    /// # Errors
    /// When it is none, was cut, or a newer steward made it.
    pub fn open(files: &dyn Files, path: &Path) -> Result<BackupFile, BackupError> {
        let unread = |error| BackupError::io("read", path)(error);
        let file = files.open(path, Access::ReadNamed).map_err(unread)?;
        let found = file.length().map_err(unread)?;
        let unusable = |error| match error {
            NoHeader::Damaged => BackupError::NotABackup(path.to_owned()),
            NoHeader::Newer(version) => BackupError::Newer { path: path.to_owned(), version },
        };
        let mut fixed = [0; FIXED];
        file.read_at(&mut fixed, 0).map_err(unread)?;
        let length = Header::table_length(&fixed).map_err(unusable)?;
        if found < (FIXED + length) as u64 {
            let expected = (FIXED + length) as u64 + TRAILER;
            return Err(BackupError::Cut { path: path.to_owned(), found, expected });
        }
        let mut table = vec![0; length];
        file.read_at(&mut table, FIXED as u64).map_err(unread)?;
        let header = Header::decode(&fixed, &table).map_err(unusable)?;
        let expected = header.length().unwrap_or(u64::MAX);
        if found != expected {
            return Err(BackupError::Cut { path: path.to_owned(), found, expected });
        }
        Ok(BackupFile { path: path.to_owned(), header, file })
    }

    /// Where it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its random id.
    #[must_use]
    pub fn id(&self) -> [u8; 16] {
        self.header.id
    }

    /// The backup it builds on.
    #[must_use]
    pub fn base(&self) -> Option<[u8; 16]> {
        self.header.base
    }

    /// The id of the workspace it was made of.
    #[must_use]
    pub fn workspace(&self) -> [u8; 16] {
        self.header.workspace
    }

    /// The newest commit in it; 0 for none.
    #[must_use]
    pub fn head(&self) -> Witness {
        Witness { sequence: self.header.head, chain: self.header.chain, by: Teller::Head }
    }

    /// When it was made.
    #[must_use]
    pub fn made(&self) -> Timestamp {
        time(self.header.made)
    }

    /// Its size in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.header.length().unwrap_or(u64::MAX)
    }

    /// Reads every byte and compares with the hash at the end.
    ///
    /// # Errors
    /// When they differ, the disk refuses, or `progress` says to stop.
    pub fn verify(&self, progress: BackupProgress<'_>) -> Result<(), BackupError> {
        let content = self.bytes() - TRAILER;
        let mut hasher = format::trailer();
        let mut done = 0;
        self.read(0, content, &mut |bytes| {
            hasher.update(bytes);
            done += bytes.len() as u64;
            if progress(done, content) { Ok(()) } else { Err(BackupError::Cancelled) }
        })?;
        let mut stored = [0; TRAILER as usize];
        let unread = BackupError::io("read", &self.path);
        self.file.read_at(&mut stored, content).map_err(unread)?;
        if *hasher.finalize().as_bytes() == stored {
            Ok(())
        } else {
            Err(BackupError::Damaged(self.path.clone()))
        }
    }

    /// The bytes of the files in [`super::KEYS`]; empty for one that was not there.
    pub(super) fn keys(&self) -> Result<[Vec<u8>; 2], BackupError> {
        let second = self.header.content() - u64::from(self.header.keys[1]);
        let first = second - u64::from(self.header.keys[0]);
        let read = |from, length: u32| -> Result<Vec<u8>, BackupError> {
            let mut bytes = Vec::new();
            self.read(from, u64::from(length), &mut |piece| {
                bytes.extend_from_slice(piece);
                Ok(())
            })?;
            Ok(bytes)
        };
        Ok([read(first, self.header.keys[0])?, read(second, self.header.keys[1])?])
    }

    /// Hands out the bytes of a segment that are in this file.
    pub(super) fn segment(&self, entry: &Entry, out: Out<'_>) -> Result<(), BackupError> {
        let before = self.header.segments.iter().take_while(|one| one.number < entry.number);
        let before: u64 = before.map(|one| one.length - one.from).sum();
        let from = self.header.content() + before;
        self.read(from, entry.length - entry.from, out)
    }

    fn read(&self, from: u64, length: u64, out: Out<'_>) -> Result<(), BackupError> {
        let mut buffer = vec![0; STEP.min(usize::try_from(length).unwrap_or(STEP))];
        let mut done = 0;
        while done < length {
            let wanted = usize::try_from(length - done).unwrap_or(STEP).min(STEP);
            let read = self.file.read_at(&mut buffer[..wanted], from + done);
            let read = read.map_err(BackupError::io("read", &self.path))?;
            if read < wanted {
                return Err(BackupError::Damaged(self.path.clone()));
            }
            done += wanted as u64;
            out(&buffer[..wanted])?;
        }
        Ok(())
    }
}
