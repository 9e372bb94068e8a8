//! A backup with those it builds on, and the ledger put together from them.

use std::path::{Path, PathBuf};

use crate::ports::Files;
use crate::ports::files::{Access, OpenFile};

use super::super::segment;
use super::error::BackupError;
use super::file::BackupFile;
use super::format::Entry;
use super::{BackupProgress, KEYS, Out};

/// A backup and all that it needs to be restored.
pub struct Chain {
    /// The newest first, each built on the next; the last one is whole in itself.
    backups: Vec<BackupFile>,
}

impl Chain {
    /// Brings together the backup at `path` and what it builds on: one of `bases`, or what
    /// `find` knows of the backup with an id.
    ///
    /// # Errors
    /// When a file is no sound backup, one is missing, one of `bases` is not needed, or backups name
    /// each other as their base.
    pub fn open(
        files: &dyn Files,
        path: &Path,
        bases: &[PathBuf],
        find: &dyn Fn(&BackupFile, [u8; 16]) -> Option<PathBuf>,
    ) -> Result<Chain, BackupError> {
        let mut given = bases.iter().map(|base| BackupFile::open(files, base));
        let mut given = given.by_ref().collect::<Result<Vec<_>, _>>()?;
        let mut backups = vec![BackupFile::open(files, path)?];
        while let Some((last, base)) = backups.last().and_then(|last| Some((last, last.base()?))) {
            if backups.iter().any(|one| one.id() == base) {
                return Err(BackupError::Circle { path: last.path.clone(), base });
            }
            let found = match given.iter().position(|one| one.id() == base) {
                Some(at) => Some(given.swap_remove(at)),
                None => find(last, base)
                    .and_then(|path| BackupFile::open(files, &path).ok())
                    .filter(|found| found.id() == base),
            };
            let missing = || BackupError::BaseMissing { path: last.path.clone(), base };
            let found = found.ok_or_else(missing)?;
            check_builds(last, &found)?;
            backups.push(found);
        }
        match given.pop() {
            Some(unused) => Err(BackupError::WrongBase { path: unused.path, of: path.to_owned() }),
            None => Ok(Chain { backups }),
        }
    }

    /// The backups, the newest first.
    #[must_use]
    pub fn backups(&self) -> &[BackupFile] {
        &self.backups
    }

    /// The backup that is restored; the others only hold parts of it.
    #[must_use]
    pub fn newest(&self) -> &BackupFile {
        // `open` puts one in before all others.
        &self.backups[0]
    }

    /// Reads all of every backup and compares with their hashes.
    ///
    /// # Errors
    /// When one is damaged, the disk refuses, or `progress` says to stop.
    pub fn verify(&self, progress: BackupProgress<'_>) -> Result<(), BackupError> {
        let total = self.backups.iter().map(BackupFile::bytes).sum();
        let mut before = 0;
        for backup in &self.backups {
            backup.verify(&mut |done, _| progress(before + done, total))?;
            before += backup.bytes();
        }
        Ok(())
    }

    /// Writes ledger and keys into `folder`, a `.steward` that nobody uses yet: it is made where it
    /// is absent, and what an interrupted restore left in it is replaced. All is durable when this
    /// returns. The ledger is still to be verified, which needs its keys.
    ///
    /// # Errors
    /// When the disk refuses, or `progress` says to stop: what is in the folder then is not whole.
    pub fn restore(
        &self,
        files: &dyn Files,
        folder: &Path,
        progress: BackupProgress<'_>,
    ) -> Result<(), BackupError> {
        let segments = segment::segments_folder(folder);
        for path in [folder, segments.as_path()] {
            files.create_folder(path).map_err(BackupError::io("create", path))?;
        }
        let left = files.list(&segments).map_err(BackupError::io("list", &segments))?;
        for path in left.iter().map(|name| segments.join(name)) {
            files.remove(&path).map_err(BackupError::io("remove", &path))?;
        }
        let entries = &self.newest().header.segments;
        let total = entries.iter().map(|entry| entry.length).sum();
        let mut done = 0;
        for entry in entries {
            let path = segment::path(folder, entry.number);
            let file = files.open(&path, Access::CreateNew);
            let file = file.map_err(BackupError::io("create", &path))?;
            let mut length = 0;
            self.segment(0, entry, &mut |bytes| {
                file.write_at(bytes, length).map_err(BackupError::io("write", &path))?;
                length += bytes.len() as u64;
                done += bytes.len() as u64;
                if progress(done, total) { Ok(()) } else { Err(BackupError::Cancelled) }
            })?;
            file.sync().map_err(BackupError::io("sync", &path))?;
        }
        for (name, bytes) in KEYS.iter().zip(self.newest().keys()?) {
            replace(files, &folder.join(name), &bytes)?;
        }
        for path in [segments.as_path(), folder] {
            files.sync_folder(path).map_err(BackupError::io("sync", path))?;
        }
        Ok(())
    }

    /// Hands out a segment as backup number `at` knows it: first what an older backup holds of it.
    fn segment(&self, at: usize, entry: &Entry, out: Out<'_>) -> Result<(), BackupError> {
        let Some(backup) = self.backups.get(at) else { return Ok(()) };
        let older = self.backups.get(at + 1).map(|base| &base.header.segments);
        let older = older.and_then(|segments| segments.get(entry.number as usize - 1));
        if let Some(older) = older.filter(|_| entry.from > 0) {
            self.segment(at + 1, older, out)?;
        }
        backup.segment(entry, out)
    }
}

/// What the newer backup leaves out must be in the older one.
fn check_builds(newer: &BackupFile, older: &BackupFile) -> Result<(), BackupError> {
    if newer.header.workspace != older.header.workspace {
        return Err(BackupError::OtherWorkspace(older.path.clone()));
    }
    let holds = |entry: &Entry| {
        let known = older.header.segments.get(entry.number as usize - 1);
        known
            .is_some_and(|known| known.generation == entry.generation && known.length == entry.from)
    };
    if newer.header.segments.iter().all(|entry| entry.from == 0 || holds(entry)) {
        return Ok(());
    }
    Err(BackupError::WrongBase { path: older.path.clone(), of: newer.path.clone() })
}

/// Rewrites a whole file; an empty one is not to be there.
fn replace(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    match files.remove(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(BackupError::io("remove", path)(error));
        }
        _ => {}
    }
    if bytes.is_empty() {
        return Ok(());
    }
    let write = |file: Box<dyn OpenFile>| file.write_at(bytes, 0).and_then(|()| file.sync());
    files.open(path, Access::CreateNew).and_then(write).map_err(BackupError::io("write", path))
}
