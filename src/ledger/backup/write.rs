//! Writing a backup: under a temporary name until it is whole and durable.

use std::path::{Path, PathBuf};

use crate::ports::Files;
use crate::ports::files::{Access, OpenFile};
use domain::hexadecimal::encode as hex;

use super::super::frame::StewardVersion;
use super::error::BackupError;
use super::format::{self, Header};
use super::snapshot::Snapshot;
use super::{BackupProgress, STEP};

/// How the name of a file ends that is not whole yet.
pub const UNFINISHED: &str = ".unfinished";

impl Snapshot {
    /// The file's size, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.header([0; 16], 0).length().unwrap_or(u64::MAX)
    }

    /// Writes the backup beside where it will stand, durable and not yet under its name. `id` is
    /// random, `made` the time in microseconds since 1970-01-01T00:00:00Z. Every frame is checked
    /// on the way. What is unfinished goes away when it is dropped.
    ///
    /// # Errors
    /// When the ledger turns out to be damaged, the disk refuses, or `progress` says to stop.
    pub fn write<'f>(
        &self,
        files: &'f dyn Files,
        path: &Path,
        id: [u8; 16],
        made: i64,
        progress: BackupProgress<'_>,
    ) -> Result<UnfinishedBackup<'f>, BackupError> {
        let mut name = path.as_os_str().to_owned();
        // Its own name, so that two backups to one place cannot write into each other.
        name.push(format!(".{}{UNFINISHED}", &hex(&id)[..8]));
        let temporary = PathBuf::from(name);
        let file = files.open(&temporary, Access::CreateHeld);
        let file = file.map_err(BackupError::io("create", &temporary))?;
        let path = path.to_owned();
        let unfinished = UnfinishedBackup { files, file, temporary, path, is_named: false };
        let file = &*unfinished.file;
        let header = self.header(id, made);
        let total = header.length().unwrap_or(u64::MAX);
        let mut sink = Sink::new(file, &unfinished.temporary);
        sink.write(&header.encode())?;
        for keys in &self.keys {
            sink.write(keys)?;
        }
        for (entry, segment) in &self.segments {
            segment.copy(entry.from, entry.length, &mut |bytes| {
                sink.write(bytes)?;
                if progress(sink.length(), total) { Ok(()) } else { Err(BackupError::Cancelled) }
            })?;
        }
        let written = sink.finish()?;
        file.sync().map_err(BackupError::io("sync", &unfinished.temporary))?;
        if written != total {
            // The segments were surveyed a moment ago and cannot shrink but by a failing disk.
            return Err(BackupError::Damaged(unfinished.temporary.clone()));
        }
        progress(total, total);
        Ok(unfinished)
    }

    fn header(&self, id: [u8; 16], made: i64) -> Header {
        Header {
            steward: StewardVersion::CURRENT,
            workspace: self.workspace,
            id,
            base: self.base,
            head: self.head.sequence,
            chain: self.head.chain,
            made,
            keys: [0, 1].map(|at| u32::try_from(self.keys[at].len()).unwrap_or(u32::MAX)),
            segments: self.segments.iter().map(|(entry, _)| entry.clone()).collect(),
        }
    }
}

/// A backup that is whole and durable and has not its name yet.
pub struct UnfinishedBackup<'f> {
    files: &'f dyn Files,
    /// Held open: while it is, nobody takes it for left by a killed process.
    file: Box<dyn OpenFile>,
    temporary: PathBuf,
    path: PathBuf,
    is_named: bool,
}

impl UnfinishedBackup<'_> {
    /// Gives the backup its name, durable; with `replace` even where another file has it.
    ///
    /// # Errors
    /// When there is such a file, or the disk refuses.
    pub fn finish(mut self, replace: bool) -> Result<(), BackupError> {
        // What is no regular file is never replaced.
        if is_there(self.files, &self.path)? && !replace {
            return Err(BackupError::Exists(self.path.clone()));
        }
        let renamed = self.files.rename(&self.temporary, &self.path);
        renamed.map_err(BackupError::io("rename", &self.temporary))?;
        self.is_named = true;
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        self.files.sync_folder(folder).map_err(BackupError::io("sync", folder))
    }
}

impl Drop for UnfinishedBackup<'_> {
    fn drop(&mut self) {
        if !self.is_named {
            let _ = self.files.remove(&self.temporary);
        }
    }
}

/// Whether a file is the beginning of a backup, or of none yet: what an interrupted one leaves.
pub fn is_unfinished_backup(files: &dyn Files, path: &Path) -> bool {
    let mut bytes = [0; format::MAGIC.len()];
    let read = files.open(path, Access::Read).and_then(|file| file.read_at(&mut bytes, 0));
    read.is_ok_and(|read| read == 0 || bytes == format::MAGIC)
}

/// Whether a file has that name.
pub(super) fn is_there(files: &dyn Files, path: &Path) -> Result<bool, BackupError> {
    match files.open(path, Access::ReadNamed) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(BackupError::io("read", path)(error)),
    }
}

/// Collects bytes into large writes and hashes them.
struct Sink<'a> {
    file: &'a dyn OpenFile,
    path: &'a Path,
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
    written: u64,
}

impl<'a> Sink<'a> {
    fn new(file: &'a dyn OpenFile, path: &'a Path) -> Self {
        let buffer = Vec::with_capacity(2 * STEP);
        Self { file, path, hasher: format::trailer(), buffer, written: 0 }
    }

    fn length(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        self.hasher.update(bytes);
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < STEP { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<(), BackupError> {
        let done = self.file.write_at(&self.buffer, self.written);
        done.map_err(BackupError::io("write", self.path))?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Writes the hash over everything and says how long the file is.
    fn finish(mut self) -> Result<u64, BackupError> {
        let hash = self.hasher.finalize();
        self.buffer.extend_from_slice(hash.as_bytes());
        self.flush()?;
        Ok(self.written)
    }
}
