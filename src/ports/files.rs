//! Files: everything the ledger, the keys and backups do with a disk.
//!
//! One method is one call to the system, so that a simulated disk can fail or lose power at each.
//! Callers decide what must be synced when; nothing here syncs by itself.

use std::any::Any;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

/// What a file is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading a file that is there.
    Read,
    /// Reading and writing a file that is there.
    Write,
    /// Reading and writing a file that must not be there yet; only its owner may open it (0600).
    CreateNew,
}

/// A disk.
pub trait Files: Send + Sync {
    /// Makes a folder only its owner may enter (0700); one that is there already is left alone.
    ///
    /// # Errors
    /// When the system refuses.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Opens a file.
    ///
    /// # Errors
    /// When the system refuses; `NotFound` and `AlreadyExists` as [`Access`] says.
    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>>;

    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// When the system refuses; `NotFound` when there is no such folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;

    /// Gives a file another name, replacing what had that name. Durable after [`Files::sync_folder`].
    ///
    /// # Errors
    /// When the system refuses.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// When the system refuses; `NotFound` when there is no such file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// When the system refuses: whether the names are durable is then unknown.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Locks a file for this holder alone, making it where it is absent, and writes the holder's
    /// name into it. The lock ends with its guard or the process; the file stays.
    ///
    /// # Errors
    /// When the system refuses for another reason than a lock that is held.
    fn try_lock(&self, path: &Path, holder: &str) -> io::Result<Lock>;
}

/// A file that is open.
pub trait OpenFile: Send + Sync {
    /// Its length in bytes.
    ///
    /// # Errors
    /// When the system refuses.
    fn length(&self) -> io::Result<u64>;

    /// When it was last changed, in nanoseconds since 1970: another number is another content, the
    /// same one a hint that it is the same.
    ///
    /// # Errors
    /// When the system refuses.
    fn changed(&self) -> io::Result<i64>;

    /// Reads from `offset` until the buffer is full or the file ends; says how much it read.
    ///
    /// # Errors
    /// When the system refuses.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Writes all bytes at `offset`.
    ///
    /// # Errors
    /// When the system refuses: any part of the bytes may then have been written.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Cuts or extends the file to `length` bytes.
    ///
    /// # Errors
    /// When the system refuses.
    fn truncate(&self, length: u64) -> io::Result<()>;

    /// Makes content and length durable (fsync).
    ///
    /// # Errors
    /// When the system refuses: what was written since the last sync may be lost, even if a later
    /// sync succeeds.
    fn sync(&self) -> io::Result<()>;
}

/// A file that several hold.
impl<F: OpenFile + ?Sized> OpenFile for Arc<F> {
    fn length(&self) -> io::Result<u64> {
        (**self).length()
    }

    fn changed(&self) -> io::Result<i64> {
        (**self).changed()
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buffer, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        (**self).write_at(bytes, offset)
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        (**self).truncate(length)
    }

    fn sync(&self) -> io::Result<()> {
        (**self).sync()
    }
}

/// The answer to [`Files::try_lock`].
#[derive(Debug)]
pub enum Lock {
    /// The lock is ours until the guard is dropped.
    Taken(LockGuard),
    /// Another holds it; the name it wrote, which may be empty.
    HeldBy(String),
}

/// Holds a lock until it is dropped.
pub struct LockGuard {
    _held: Box<dyn Any + Send + Sync>,
}

impl LockGuard {
    /// A guard that releases its lock by dropping `held`.
    pub fn new(held: impl Any + Send + Sync) -> Self {
        Self { _held: Box::new(held) }
    }
}

impl std::fmt::Debug for LockGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LockGuard")
    }
}

/// The system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemFiles;

const OWNER_ONLY_FOLDER: u32 = 0o700;
const OWNER_ONLY_FILE: u32 = 0o600;

/// From now on whatever this process makes is its owner's alone. Needed for files that others make
/// in our name, as the store's library does: it cannot be told a mode.
pub fn keep_to_owner() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(!OWNER_ONLY_FOLDER & 0o777));
}

impl Files for SystemFiles {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        match fs::DirBuilder::new().mode(OWNER_ONLY_FOLDER).create(path) {
            // The mode given at creation is narrowed by the umask; this one is not.
            Ok(()) => fs::set_permissions(path, Permissions::from_mode(OWNER_ONLY_FOLDER)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(access != Access::Read);
        if access == Access::CreateNew {
            options.create_new(true).mode(OWNER_ONLY_FILE);
        }
        let file = options.open(path)?;
        if access == Access::CreateNew {
            file.set_permissions(Permissions::from_mode(OWNER_ONLY_FILE))?;
        }
        Ok(Box::new(SystemFile(file)))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // The parent of a bare name is the empty path, which means the current folder.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()
    }

    fn try_lock(&self, path: &Path, holder: &str) -> io::Result<Lock> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(OWNER_ONLY_FILE)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                file.write_all_at(holder.as_bytes(), 0)?;
                Ok(Lock::Taken(LockGuard::new(file)))
            }
            Err(TryLockError::WouldBlock) => {
                Ok(Lock::HeldBy(io::read_to_string(&file)?.trim().to_owned()))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

struct SystemFile(File);

impl OpenFile for SystemFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn changed(&self) -> io::Result<i64> {
        let about = self.0.metadata()?;
        Ok(about.mtime().saturating_mul(1_000_000_000).saturating_add(about.mtime_nsec()))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.0.read_at(&mut buffer[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_written_is_read_and_only_its_owner_may() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        SystemFiles.create_folder(&inner).unwrap();
        SystemFiles.create_folder(&inner).unwrap();
        assert_eq!(mode(&inner), 0o700);

        let path = inner.join("a");
        let file = SystemFiles.open(&path, Access::CreateNew).unwrap();
        assert_eq!(mode(&path), 0o600);
        file.write_at(b"steward", 2).unwrap();
        file.truncate(8).unwrap();
        file.sync().unwrap();
        let mut buffer = [7; 10];
        assert_eq!(file.read_at(&mut buffer, 1).unwrap(), 7);
        assert_eq!(&buffer, b"\0stewar\x07\x07\x07");
        assert_eq!(file.length().unwrap(), 8);

        assert!(SystemFiles.open(&path, Access::CreateNew).is_err());
        SystemFiles.rename(&path, &inner.join("b")).unwrap();
        SystemFiles.sync_folder(&inner).unwrap();
        assert_eq!(SystemFiles.list(&inner).unwrap(), ["b"]);
        SystemFiles.remove(&inner.join("b")).unwrap();
        assert_eq!(
            SystemFiles.open(&path, Access::Read).err().unwrap().kind(),
            io::ErrorKind::NotFound
        );
    }

    #[test]
    fn a_held_lock_names_its_holder_and_ends_with_its_guard() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = SystemFiles.try_lock(&path, "a rather long name of kim").unwrap();
        assert!(matches!(first, Lock::Taken(_)));
        match SystemFiles.try_lock(&path, "sam").unwrap() {
            Lock::HeldBy(holder) => assert_eq!(holder, "a rather long name of kim"),
            Lock::Taken(_) => panic!("locked twice"),
        }
        drop(first);
        assert!(matches!(SystemFiles.try_lock(&path, "sam").unwrap(), Lock::Taken(_)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "sam");
        assert_eq!(mode(&path), 0o600);
    }
}
