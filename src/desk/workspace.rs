//! A workspace's files: `steward.toml` and `.steward/`.

use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::derived_file::kept;
use super::error::DeskError;
use super::working;
use ledger::ports::files::SystemFiles;
use ledger::ports::own;
use ledger::{LedgerError, LedgerOptions, LedgerReader};

/// What a server listens on.
const SOCKET: &str = "socket";

/// The paths of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    /// The workspace in `folder`, which need not exist.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `steward.toml`.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.folder.join("steward.toml")
    }

    /// `.steward`, which holds everything steward writes.
    #[must_use]
    pub fn hidden(&self) -> PathBuf {
        self.folder.join(".steward")
    }

    /// What a server of the workspace listens on.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.hidden().join(SOCKET)
    }

    /// The folder for files that are being made.
    #[must_use]
    pub fn temporary(&self) -> PathBuf {
        self.hidden().join("tmp")
    }

    /// Whether there is a ledger here. One whose making was interrupted before its first commit
    /// is none, for [`Desk::create`](super::Desk::create) completes it; where there is a store,
    /// there was a commit.
    #[must_use]
    pub fn exists(&self) -> bool {
        let hidden = self.hidden();
        match ledger::inspect(&SystemFiles, &hidden) {
            // Its segments may be gone, and something that knows of them left.
            Err(LedgerError::NotFound { .. }) => {
                return self.store().is_ok_and(|store| store.is_some());
            }
            Ok(found) if !found.begun => {}
            // What cannot be read is not to be made again.
            _ => return true,
        }
        let options = LedgerOptions::held_by("");
        match LedgerReader::open_read_only(Arc::new(SystemFiles), &hidden, &options) {
            Ok((reader, damage, _)) => {
                let has_store = self.store().is_ok_and(|store| store.is_some());
                reader.head().is_some() || !damage.is_empty() || has_store
            }
            Err(LedgerError::NotFound { .. }) => false,
            // What cannot be read is not to be made again.
            Err(_) => true,
        }
    }

    /// Refuses a workspace in which a link, a pipe, a file with a second name or anything else
    /// stands where steward keeps files and folders of its own: an unpacked archive or a shared
    /// folder may hold such. Asked before anything in it is opened; opening follows no link either.
    ///
    /// A folder where a store's file should be, or the other way round, is damage of the store: it
    /// is made again.
    ///
    /// # Errors
    /// [`DeskError::NotOwn`], or when a folder cannot be read.
    pub fn must_be_own(&self) -> Result<(), DeskError> {
        let hidden = self.hidden();
        self.look_at(&self.settings(), Expected::File)?;
        if !self.look_at(&hidden, Expected::Folder)? {
            return Ok(());
        }
        for (path, name) in entries(&hidden)? {
            let expected = match name.as_str() {
                "ledger" | "tmp" => Expected::Folder,
                "lock" | "keys" | "keys.copy" => Expected::File,
                SOCKET => Expected::Socket,
                name if name.starts_with("store-") => Expected::Either,
                working::NAME | working::UNFINISHED => Expected::File,
                name if kept::is_name(name) => Expected::File,
                _ => Expected::Either,
            };
            let inside = if name == "ledger" { Expected::File } else { Expected::Either };
            self.look_at_all(path, expected, inside)?;
        }
        Ok(())
    }

    /// Looks at a file, or at a folder and all that is in it.
    fn look_at_all(
        &self,
        path: PathBuf,
        expected: Expected,
        inside: Expected,
    ) -> Result<(), DeskError> {
        let mut left = vec![(path, expected)];
        while let Some((path, expected)) = left.pop() {
            if self.look_at(&path, expected)? {
                left.extend(entries(&path)?.into_iter().map(|(path, _)| (path, inside)));
            }
        }
        Ok(())
    }

    /// Looks at what stands at a path, if anything does; says whether it is a folder.
    fn look_at(&self, path: &Path, expected: Expected) -> Result<bool, DeskError> {
        let about = match std::fs::symlink_metadata(path) {
            // Others may be working in it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            about => about.map_err(|error| file_error("checking", path, error))?,
        };
        let judged = match expected {
            Expected::Folder => own::folder(&about),
            Expected::Either if about.is_dir() => Ok(()),
            Expected::Socket if about.file_type().is_socket() => Ok(()),
            Expected::Socket | Expected::File | Expected::Either => own::file(&about),
        };
        let path = || path.display().to_string();
        judged.map_err(|reason| DeskError::NotOwn { path: path(), reason })?;
        Ok(about.is_dir())
    }

    /// The store in use: the one with the highest number.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn store(&self) -> Result<Option<(u32, PathBuf)>, DeskError> {
        Ok(self.stores()?.into_iter().max())
    }

    /// Every store folder, with its number.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn stores(&self) -> Result<Vec<(u32, PathBuf)>, DeskError> {
        let hidden = self.hidden();
        let entries = match std::fs::read_dir(&hidden) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(file_error("reading", &hidden, error)),
        };
        let numbered = entries.flatten().filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("store-")?.parse().ok()?;
            Some((number, entry.path()))
        });
        Ok(numbered.collect())
    }

    /// The folder of store number `number`.
    #[must_use]
    pub fn store_folder(&self, number: u32) -> PathBuf {
        self.hidden().join(format!("store-{number}"))
    }
}

/// What steward keeps at a path.
#[derive(Debug, Clone, Copy)]
enum Expected {
    File,
    Folder,
    /// What a server listens on, while one runs or after one was killed. Nothing opens it as a file.
    Socket,
    /// Whatever is wrong with it is found and mended by who reads it.
    Either,
}

/// The paths and names in a folder; none where it went meanwhile, or is no folder.
fn entries(folder: &Path) -> Result<Vec<(PathBuf, String)>, DeskError> {
    let failed = |error| file_error("reading", folder, error);
    let found = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        found => found.map_err(failed)?,
    };
    let named = found.map(|entry| {
        let entry = entry.map_err(failed)?;
        Ok((entry.path(), entry.file_name().to_string_lossy().into_owned()))
    });
    named.collect()
}

/// An error that names the file and what was done with it.
pub(super) fn file_error(doing: &str, path: &Path, error: io::Error) -> DeskError {
    DeskError::File { what: format!("{doing} {}", path.display()), error }
}
