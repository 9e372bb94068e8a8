//! Files: everything the ledger, the keys and backups do with a disk.
//!
//! One method is one call to the system, so that a simulated disk can fail or lose power at each.
//! Callers decide what must be synced when; nothing here syncs by itself.
//!
//! Only regular files are opened, without following a link and without waiting for a pipe: see
//! [`own`]. [`Access::ReadNamed`] alone follows links, for files that a person names.

use std::any::Any;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use rustix::fs::OFlags;

use super::own::{self, NotOwn};

/// What a file is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading a file that is there.
    Read,
    /// Reading and writing a file that is there.
    Write,
    /// Reading and writing a file that must not be there yet; only its owner may open it (0600).
    CreateNew,
    /// As [`Access::CreateNew`], and held for as long as it is open: [`Files::remove_left`] tells
    /// what a killed process left from what a living one is writing.
    CreateHeld,
    /// Reading a file that a person named: links are followed, to a regular file.
    ReadNamed,
}

impl Access {
    /// Whether the file is made, and must not be there yet.
    pub(super) fn creates(self) -> bool {
        matches!(self, Access::CreateNew | Access::CreateHeld)
    }

    /// Whether the file may be written.
    pub(super) fn writes(self) -> bool {
        self == Access::Write || self.creates()
    }
}

/// A disk.
pub trait Files: Send + Sync {
    /// Makes a folder only its owner may enter (0700); one that is there already is left alone.
    ///
    /// # Errors
    /// When the system refuses.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Refuses what stands at `path` and is no folder of its own, such as a link to one.
    ///
    /// # Errors
    /// [`NotOwn`]; when the system refuses; `NotFound` when nothing stands there.
    fn must_be_folder(&self, path: &Path) -> io::Result<()>;

    /// Opens a file.
    ///
    /// # Errors
    /// When the system refuses; [`NotOwn`] for what is no regular file of its own; `NotFound` and
    /// `AlreadyExists` as [`Access`] says.
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

    /// Removes a file made with [`Access::CreateHeld`] that nobody holds any more; says whether it
    /// did. Only a regular file of this user that nobody else may open is removed.
    ///
    /// # Errors
    /// When the system refuses; `NotFound` when there is no such file.
    fn remove_left(&self, path: &Path) -> io::Result<bool>;

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// When the system refuses: whether the names are durable is then unknown.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Locks a file for this holder alone, making it where it is absent, and writes the holder's
    /// name into it. The lock ends with its guard or the process; the file stays.
    ///
    /// # Errors
    /// When the system refuses for another reason than a lock that is held; [`NotOwn`].
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
/// How often a file that is to be held is made again.
const HOLD_TRIES: u32 = 8;
/// No more of a holder's name is read, in bytes.
const LONGEST_HOLDER: u64 = 1024;

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
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let about = fs::metadata(path).map_err(|_| NotOwn::Link)?;
                let kind = own::kind(about.file_type());
                if about.is_dir() { Ok(()) } else { Err(NotOwn::NotAFolder(kind).into()) }
            }
            Err(error) => Err(error),
        }
    }

    fn must_be_folder(&self, path: &Path) -> io::Result<()> {
        Ok(own::folder(&fs::symlink_metadata(path)?)?)
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>> {
        let mut tries = 0;
        loop {
            let file = open_regular(path, access)?;
            if access.creates() {
                file.set_permissions(Permissions::from_mode(OWNER_ONLY_FILE))?;
            }
            // Whoever clears up may have come between its making and its lock.
            tries += 1;
            if access != Access::CreateHeld || tries == HOLD_TRIES || is_held(&file)? {
                return Ok(Box::new(SystemFile(file)));
            }
        }
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

    fn remove_left(&self, path: &Path) -> io::Result<bool> {
        let file = open_regular(path, Access::Read)?;
        let about = file.metadata()?;
        let ours = about.uid() == rustix::process::geteuid().as_raw();
        if !ours || about.mode() & 0o077 != 0 || !is_free(&file)? {
            return Ok(false);
        }
        let same = |now: &fs::Metadata| (now.dev(), now.ino()) == (about.dev(), about.ino());
        if !same(&fs::symlink_metadata(path)?) {
            return Ok(false);
        }
        fs::remove_file(path).map(|()| true)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // The parent of a bare name is the empty path, which means the current folder.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(flags(OFlags::DIRECTORY)).open(folder)?.sync_all()
    }

    fn try_lock(&self, path: &Path, holder: &str) -> io::Result<Lock> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(OWNER_ONLY_FILE);
        let file = open_own(path, &mut options)?;
        match file.try_lock() {
            Ok(()) => {
                // Nothing is cut before it is known to be a lock file, and held.
                own::file(&file.metadata()?)?;
                file.set_len(0)?;
                file.write_all_at(holder.as_bytes(), 0)?;
                Ok(Lock::Taken(LockGuard::new(file)))
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                (&file).take(LONGEST_HOLDER).read_to_string(&mut holder)?;
                Ok(Lock::HeldBy(holder.trim().to_owned()))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// Opens a regular file that a person named, as [`Access::ReadNamed`] does, to be read as a stream.
///
/// # Errors
/// [`NotOwn::NotRegular`]; when the system refuses.
pub fn open_named(path: &Path) -> io::Result<File> {
    open_regular(path, Access::ReadNamed)
}

/// Opens a regular file as is asked for.
fn open_regular(path: &Path, access: Access) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(access.writes());
    if access.creates() {
        options.create_new(true).mode(OWNER_ONLY_FILE);
    }
    if access != Access::ReadNamed {
        return open_own(path, &mut options);
    }
    let file = options.custom_flags(flags(OFlags::NONBLOCK)).open(path)?;
    let about = file.metadata()?;
    if about.is_file() {
        Ok(file)
    } else {
        Err(NotOwn::NotRegular(own::kind(about.file_type())).into())
    }
}

/// Opens a regular file of its own: no link is followed, and nothing waits for a pipe's other end.
fn open_own(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let opened = options.custom_flags(flags(OFlags::NOFOLLOW | OFlags::NONBLOCK)).open(path);
    let file = opened.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists => error,
        // What the system says of a link or a socket helps nobody.
        _ => own::instead_of_file(path).map_or(error, io::Error::from),
    })?;
    own::file(&file.metadata()?)?;
    Ok(file)
}

/// The flags as the standard library takes them.
fn flags(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

/// Whether nobody holds the file; from now on we do.
fn is_free(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Takes hold of a file that was just made; false where somebody took it for left and removed it.
fn is_held(file: &File) -> io::Result<bool> {
    Ok(is_free(file)? && file.metadata()?.nlink() == 1)
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
    fn only_a_regular_file_of_its_own_is_opened_locked_or_removed() {
        use std::os::unix::fs::symlink;

        use rustix::fs::{CWD, FileType, Mode, mknodat};

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("precious"), "precious").unwrap();
        symlink(at("precious"), at("link")).unwrap();
        symlink(at("nothing"), at("dangling")).unwrap();
        mknodat(CWD, at("pipe"), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        fs::hard_link(at("precious"), at("second")).unwrap();
        let reason = |error: io::Error| {
            let error = error.into_inner().and_then(|error| error.downcast::<NotOwn>().ok());
            *error.expect("it says what it is")
        };
        for (name, expected) in [
            ("link", NotOwn::Link),
            ("dangling", NotOwn::Link),
            ("pipe", NotOwn::NotAFile("a named pipe (FIFO)")),
            ("socket", NotOwn::NotAFile("a socket")),
            ("folder", NotOwn::NotAFile("a folder")),
            ("second", NotOwn::Shared),
        ] {
            for access in [Access::Read, Access::Write] {
                assert_eq!(reason(SystemFiles.open(&at(name), access).err().unwrap()), expected);
            }
            assert_eq!(reason(SystemFiles.try_lock(&at(name), "kim").unwrap_err()), expected);
            assert_eq!(reason(SystemFiles.remove_left(&at(name)).unwrap_err()), expected);
        }
        assert_eq!(fs::read_to_string(at("precious")).unwrap(), "precious");
        assert!(!at("nothing").exists(), "nothing is made through a link");
        // A file that a person named may be reached by a link or have other names.
        for name in ["link", "second"] {
            assert!(SystemFiles.open(&at(name), Access::ReadNamed).is_ok(), "{name}");
        }
        for name in ["pipe", "folder"] {
            let error = SystemFiles.open(&at(name), Access::ReadNamed).err().unwrap();
            assert!(matches!(reason(error), NotOwn::NotRegular(_)), "{name}");
        }
        symlink(at("folder"), at("to-folder")).unwrap();
        assert!(SystemFiles.must_be_folder(&at("folder")).is_ok());
        for name in ["to-folder", "pipe", "precious"] {
            assert!(SystemFiles.must_be_folder(&at(name)).is_err(), "{name}");
        }
    }

    #[test]
    fn what_is_held_is_not_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("unfinished");
        let held = SystemFiles.open(&path, Access::CreateHeld).unwrap();
        assert!(!SystemFiles.remove_left(&path).unwrap());
        drop(held);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        assert!(!SystemFiles.remove_left(&path).unwrap(), "steward lets nobody else read it");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        assert!(SystemFiles.remove_left(&path).unwrap() && !path.exists());
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
