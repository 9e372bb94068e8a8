//! A folder of our own outside the workspace, for a copy of the store that may be written.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::DeskError;
use super::workspace::file_error;
use domain::hexadecimal::encode as hex;
use ledger::ports::files::SystemFiles;
use ledger::ports::{Files, Randomness};

/// Names tried before it is given up; each is as good as unique.
const TRIES: u32 = 8;
const PREFIX: &str = "steward-";
/// Bytes of chance in a name.
const RANDOM: usize = 16;
/// How long a store that was just closed may take to be let go of.
const RELEASED_WITHIN: Duration = Duration::from_secs(10);

/// A folder only its owner may enter, removed with this value. The store's copies in it hold no
/// personal value. What a killed process leaves is removed by [`clear_up_private`].
#[derive(Debug)]
pub(super) struct PrivateFolder {
    path: PathBuf,
    /// Held while it is in use, so that it is not taken for left.
    _held: File,
}

impl PrivateFolder {
    /// Makes one in the system's temporary folder.
    ///
    /// # Errors
    /// When nothing can be written there either.
    pub(super) fn make(randomness: &dyn Randomness) -> Result<PrivateFolder, DeskError> {
        let mut name = [0; RANDOM];
        for _ in 0..TRIES {
            randomness.fill(&mut name);
            let path = std::env::temp_dir().join(format!("{PREFIX}{}", hex(&name)));
            // A folder that is there already is somebody else's.
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                made => made.map_err(|error| file_error("making", &path, error))?,
            }
            // Whoever clears up may have come between its making and its lock.
            if let Some(held) = hold(&path) {
                return Ok(PrivateFolder { path, _held: held });
            }
        }
        let path = std::env::temp_dir();
        Err(file_error("making a folder in", &path, io::ErrorKind::AlreadyExists.into()))
    }

    /// Makes a folder in it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn inner(&self, name: &str) -> Result<PathBuf, DeskError> {
        let path = self.path.join(name);
        make_folder(&path)?;
        Ok(path)
    }

    /// Copies a store's folder into it, under `name`, once its library has let go of it.
    ///
    /// # Errors
    /// When something cannot be read or written, the library does not let go, or the folder has not
    /// the shape of a store.
    pub(super) fn copy_store(&self, from: &Path, name: &str) -> Result<PathBuf, DeskError> {
        store::check_shape(from)?;
        let database = from.join("db");
        let failed = |error| file_error("copying", from, error);
        // Its threads may go on writing for a moment after a store was closed, under this lock.
        let _released = match File::open(&database) {
            Ok(file) => Some(released(file).map_err(failed)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        self.copy(from, name)
    }

    /// As [`PrivateFolder::copy_store`], of a store that another process is writing: what comes of it
    /// may be no store.
    ///
    /// # Errors
    /// When something cannot be read or written, or the folder has not the shape of a store.
    pub(super) fn copy_live_store(&self, from: &Path, name: &str) -> Result<PathBuf, DeskError> {
        store::check_shape(from)?;
        self.copy(from, name)
    }

    /// Removes a copy that is of no use.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub(super) fn forget(&self, copy: &Path) -> Result<(), DeskError> {
        fs::remove_dir_all(copy).map_err(|error| file_error("removing", copy, error))
    }

    /// Copies a folder of files and folders into it, under `name`.
    ///
    /// # Errors
    /// When something cannot be read or written.
    fn copy(&self, from: &Path, name: &str) -> Result<PathBuf, DeskError> {
        let to = self.path.join(name);
        let mut folders = vec![(from.to_owned(), to.clone())];
        while let Some((from, to)) = folders.pop() {
            make_folder(&to)?;
            let failed = |error| file_error("copying", &from, error);
            let entries: Result<Vec<_>, _> = fs::read_dir(&from).map_err(failed)?.collect();
            let mut entries = entries.map_err(failed)?;
            // The database after its snapshots, as it is after a crash: it is read on from those.
            entries.sort_by_key(|entry| (entry.file_name() == "db", entry.file_name()));
            for entry in entries {
                let (path, copy) = (entry.path(), to.join(entry.file_name()));
                if entry.file_type().map_err(failed)?.is_dir() {
                    folders.push((path, copy));
                } else {
                    match fs::copy(&path, &copy) {
                        // A live store's snapshots come and go.
                        Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                        copied => copied.map_err(|error| file_error("copying", &path, error))?,
                    };
                    make_writable(&copy).map_err(|error| file_error("writing", &copy, error))?;
                }
            }
        }
        Ok(to)
    }
}

/// Removes what killed processes of this user left of such folders; gives what was removed.
pub fn clear_up_private() -> Vec<PathBuf> {
    let entries = fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
    let left = entries.filter(|entry| is_name(&entry.file_name())).filter_map(|entry| {
        let path = entry.path();
        let about = fs::symlink_metadata(&path).ok()?;
        let ours = about.is_dir() && about.uid() == rustix::process::geteuid().as_raw();
        let _held = (ours && about.mode() & 0o077 == 0).then(|| hold(&path)).flatten()?;
        fs::remove_dir_all(&path).ok().map(|()| path)
    });
    left.collect()
}

/// `steward-` and the digits of a random number.
fn is_name(name: &std::ffi::OsStr) -> bool {
    let digits = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
    digits.is_some_and(|digits| {
        digits.len() == 2 * RANDOM && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// Takes hold of a folder that nobody else holds.
fn hold(path: &Path) -> Option<File> {
    let flags = rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::NOFOLLOW;
    let mut options = fs::OpenOptions::new();
    let file = options.read(true).custom_flags(flags.bits().cast_signed()).open(path).ok()?;
    file.try_lock().ok()?;
    let (held, there) = (file.metadata().ok()?, fs::symlink_metadata(path).ok()?);
    ((held.dev(), held.ino()) == (there.dev(), there.ino())).then_some(file)
}

/// The file, once nobody holds it.
fn released(file: File) -> io::Result<File> {
    let began = Instant::now();
    loop {
        match file.try_lock_shared() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if began.elapsed() < RELEASED_WITHIN => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The store's library does its own reading and writing: its folder is on the system's disk.
fn make_folder(path: &Path) -> Result<(), DeskError> {
    SystemFiles.create_folder(path).map_err(|error| file_error("making", path, error))
}

/// A copy takes its original's mode along, which may forbid writing.
fn make_writable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        // Nothing more can be done about a folder that does not let itself be removed.
        let _ = fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use ledger::ports::randomness::SystemRandomness;

    #[test]
    fn a_copy_can_be_written_by_its_owner_alone_and_goes() {
        let original = tempfile::tempdir().unwrap();
        fs::create_dir(original.path().join("inner")).unwrap();
        let file = original.path().join("inner/file");
        fs::write(&file, "text").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        let chance = SystemRandomness::new().unwrap();
        let private = PrivateFolder::make(&chance).unwrap();
        let copy = private.copy(original.path(), "copy").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&private.path), mode(&copy)), (0o700, 0o700));
        assert_eq!(mode(&copy.join("inner/file")), 0o600);
        assert_eq!(fs::read_to_string(copy.join("inner/file")).unwrap(), "text");
        let path = private.path.clone();
        drop(private);
        assert!(!path.exists() && file.exists());
    }

    #[test]
    fn a_folder_in_use_is_held_and_a_left_one_is_free() {
        let chance = SystemRandomness::new().unwrap();
        let private = PrivateFolder::make(&chance).unwrap();
        assert!(is_name(private.path.file_name().unwrap()));
        assert!(hold(&private.path).is_none());
        let left = tempfile::tempdir().unwrap();
        assert!(!is_name(left.path().file_name().unwrap()));
        let link = left.path().join("link");
        std::os::unix::fs::symlink(&private.path, &link).unwrap();
        assert!(hold(left.path()).is_some() && hold(&link).is_none());
    }
}
