//! A workspace's files: `steward.toml` and `.steward/`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::DeskError;
use crate::ledger::{self, LedgerError, LedgerOptions, LedgerReader};
use crate::ports::files::SystemFiles;

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
            // What cannot be read is not to be made anew.
            _ => return true,
        }
        let options = LedgerOptions::held_by("");
        match LedgerReader::open_read_only(Arc::new(SystemFiles), &hidden, &options) {
            Ok((reader, damage, _)) => {
                let has_store = self.store().is_ok_and(|store| store.is_some());
                reader.head().is_some() || !damage.is_empty() || has_store
            }
            Err(LedgerError::NotFound { .. }) => false,
            // What cannot be read is not to be made anew.
            Err(_) => true,
        }
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

/// An error that names the file and what was done with it.
pub(super) fn file_error(doing: &str, path: &Path, error: io::Error) -> DeskError {
    DeskError::File { what: format!("{doing} {}", path.display()), error }
}
