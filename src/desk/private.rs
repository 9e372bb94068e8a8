//! A folder of our own outside the workspace, for a copy of the store that may be written.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::DeskError;
use super::workspace::file_error;
use crate::domain::hexadecimal::encode as hex;
use crate::ports::files::SystemFiles;
use crate::ports::{Files, Randomness};

/// Names tried before it is given up; each is as good as unique.
const TRIES: u32 = 8;
/// How long a store that was just closed may take to be let go of.
const RELEASED_WITHIN: Duration = Duration::from_secs(10);

/// A folder only its owner may enter, removed with this value. The store's copies in it hold no
/// personal value; a process that is killed leaves it to the system's temporary folder.
#[derive(Debug)]
pub(super) struct PrivateFolder {
    path: PathBuf,
}

impl PrivateFolder {
    /// Makes one in the system's temporary folder.
    ///
    /// # Errors
    /// When nothing can be written there either.
    pub(super) fn make(randomness: &dyn Randomness) -> Result<PrivateFolder, DeskError> {
        let mut name = [0; 16];
        for _ in 0..TRIES {
            randomness.fill(&mut name);
            let path = std::env::temp_dir().join(format!("steward-{}", hex(&name)));
            // A folder that is there already is somebody else's.
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(file_error("making", &path, error)),
                Ok(()) => return Ok(PrivateFolder { path }),
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
    /// When something cannot be read or written, or the library does not let go.
    pub(super) fn copy_store(&self, from: &Path, name: &str) -> Result<PathBuf, DeskError> {
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
    /// When something cannot be read or written.
    pub(super) fn copy_live_store(&self, from: &Path, name: &str) -> Result<PathBuf, DeskError> {
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
                if path.is_dir() {
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
    use crate::ports::randomness::SystemRandomness;

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
}
