//! What can go wrong with backups.

use std::io;
use std::path::{Path, PathBuf};

use super::super::damage::Damage;
use super::super::error::LedgerError;
use super::super::frame::StewardVersion;
use domain::hexadecimal::encode as hex;

/// Why a backup was not made or not used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The disk refused.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was tried: `read`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger is damaged.
    #[error(
        "the ledger is damaged, so no backup was made: {0}; `steward verify` names every place. \
         Keep the backups you have"
    )]
    LedgerDamaged(Damage),
    /// Erasures or new keys came again and again while the segments were being opened.
    #[error("the ledger is being rewritten by another process; try again when that is done")]
    Busy,
    /// A file has that name.
    #[error("{} already exists; --force replaces it", .0.display())]
    Exists(PathBuf),
    /// The file is something else.
    #[error("{} is not a backup made by steward, or its beginning is damaged", .0.display())]
    NotABackup(PathBuf),
    /// A newer version made it.
    #[error(
        "{} was made by steward {version}; this is {}: use that version or a later one",
        path.display(), StewardVersion::CURRENT
    )]
    Newer {
        /// The backup.
        path: PathBuf,
        /// The version that made it.
        version: StewardVersion,
    },
    /// It ends too early, or goes on behind its end.
    #[error(
        "{} was cut short or added to: it has {found} bytes instead of {expected}; use another copy of it",
        path.display()
    )]
    Cut {
        /// The backup.
        path: PathBuf,
        /// Its length.
        found: u64,
        /// The length it was made with.
        expected: u64,
    },
    /// Its bytes are not those that were written.
    #[error("{} is damaged: it does not match its hash; use another copy of it", .0.display())]
    Damaged(PathBuf),
    /// It belongs to another workspace.
    #[error("{} is a backup of another workspace", .0.display())]
    OtherWorkspace(PathBuf),
    /// The workspace does not continue what the base holds.
    #[error(
        "{} cannot be the base: the workspace has since been restored, or has another history \
         now; make a backup without --base", .0.display()
    )]
    OtherHistory(PathBuf),
    /// The backup it builds on is not at hand.
    #[error(
        "{} holds only what came after backup {}, which is missing: name its file with --base",
        path.display(), hex(base)
    )]
    BaseMissing {
        /// The backup.
        path: PathBuf,
        /// The id of the one it builds on.
        base: [u8; 16],
    },
    /// A base was given that the backup does not build on.
    #[error("{} is not what {} builds on; leave it out", path.display(), of.display())]
    WrongBase {
        /// What was given.
        path: PathBuf,
        /// The backup to be restored.
        of: PathBuf,
    },
    /// Backups name each other as their base: no writer makes such.
    #[error(
        "{} builds on backup {}, which builds on it in turn: use another backup",
        path.display(), hex(base)
    )]
    Circle {
        /// The backup.
        path: PathBuf,
        /// The id of the one it builds on.
        base: [u8; 16],
    },
    /// A person stopped it.
    #[error("cancelled; nothing was written")]
    Cancelled,
}

impl BackupError {
    /// For `map_err`: the disk refused `doing` to `path`.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BackupError {
        let path = path.to_owned();
        move |source| BackupError::Io { doing, path, source }
    }
}
