//! Backups: the ledger of a moment in one file, while others may be writing it, and back.
//!
//! Lives here: the backup file (FORMAT.md, *The backup file*), how a consistent set of segments is
//! taken without a lock, how a ledger is put together again from a backup and those it builds on.
//!
//! Does not live here: keys (they are copied as they lie and never opened), the store, which is
//! made again from the ledger, and the list of backups (`desk/register.rs`).
//!
//! Start with [`Snapshot`] in `snapshot.rs` for making one and [`Chain`] in `chain.rs` for using
//! one. Below them: `format.rs` is the file's header, `survey.rs` goes through a segment's frames,
//! `write.rs` and `file.rs` are the two directions of one backup file.

mod chain;
mod error;
mod file;
mod format;
mod snapshot;
mod survey;
mod write;

#[cfg(test)]
mod tests;

pub use chain::Chain;
pub use error::BackupError;
pub use file::BackupFile;
pub use format::MAGIC as BACKUP_BEGINS;
pub use snapshot::Snapshot;
pub use write::{UNFINISHED, UnfinishedBackup, is_unfinished_backup};

/// Told how far it is, in bytes done and bytes in all; says whether to go on.
pub type BackupProgress<'p> = &'p mut dyn FnMut(u64, u64) -> bool;

/// Takes bytes, one piece after the other.
type Out<'o> = &'o mut dyn FnMut(&[u8]) -> Result<(), BackupError>;

/// A file beside the ledger that goes into backups as it lies, whatever is in it.
const KEYS: [&str; 2] = ["keys", "keys.copy"];
/// How much is read or written at a time.
const STEP: usize = 1024 * 1024;
