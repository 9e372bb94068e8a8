//! A folder of our own outside the workspace, for a copy of the store that may be written.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::DeskError;
use super::open::hex;
use super::workspace::file_error;
use crate::ports::{Files, Randomness};

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
    pub(super) fn make(
        files: &dyn Files,
        randomness: &dyn Randomness,
    ) -> Result<PrivateFolder, DeskError> {
        let mut name = [0; 16];
        randomness.fill(&mut name);
        let path = std::env::temp_dir().join(format!("steward-{}", hex(&name)));
        files.create_folder(&path).map_err(|error| file_error("making", &path, error))?;
        Ok(PrivateFolder { path })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Copies a folder of files and folders into it, under `name`.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub(super) fn copy(
        &self,
        files: &dyn Files,
        from: &Path,
        name: &str,
    ) -> Result<PathBuf, DeskError> {
        let to = self.path.join(name);
        let mut folders = vec![(from.to_owned(), to.clone())];
        while let Some((from, to)) = folders.pop() {
            files.create_folder(&to).map_err(|error| file_error("making", &to, error))?;
            let failed = |error| file_error("copying", &from, error);
            for entry in fs::read_dir(&from).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let (path, copy) = (entry.path(), to.join(entry.file_name()));
                if path.is_dir() {
                    folders.push((path, copy));
                } else {
                    fs::copy(&path, &copy).map_err(|error| file_error("copying", &path, error))?;
                    make_writable(&copy).map_err(|error| file_error("writing", &copy, error))?;
                }
            }
        }
        Ok(to)
    }
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
    use crate::ports::files::SystemFiles;
    use crate::ports::randomness::SystemRandomness;

    #[test]
    fn a_copy_can_be_written_by_its_owner_alone_and_goes() {
        let original = tempfile::tempdir().unwrap();
        fs::create_dir(original.path().join("inner")).unwrap();
        let file = original.path().join("inner/file");
        fs::write(&file, "text").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        let chance = SystemRandomness::new().unwrap();
        let private = PrivateFolder::make(&SystemFiles, &chance).unwrap();
        let copy = private.copy(&SystemFiles, original.path(), "copy").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(private.path()), mode(&copy)), (0o700, 0o700));
        assert_eq!(mode(&copy.join("inner/file")), 0o600);
        assert_eq!(fs::read_to_string(copy.join("inner/file")).unwrap(), "text");
        let path = private.path().to_owned();
        drop(private);
        assert!(!path.exists() && file.exists());
    }
}
