//! What can go wrong, told without any value of a record.

use std::io;
use std::path::{Path, PathBuf};

use crate::ports::cipher::CipherError;
use domain::Sequence;

use super::chain::Witness;
use super::damage::{Damage, DamageKind, lost};
use super::frame::StewardVersion;

/// Why the ledger did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another process has the workspace.
    #[error(
        "the workspace is in use by {}; close that, or try again later",
        if holder.is_empty() { "another process" } else { holder }
    )]
    Held {
        /// The name it left in the lock file.
        holder: String,
    },
    /// There is no ledger in the folder.
    #[error("{} contains no ledger", folder.display())]
    NotFound {
        /// The folder.
        folder: PathBuf,
    },
    /// There is a ledger in the folder already.
    #[error("{} already contains a ledger", folder.display())]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// The disk refused, and nothing was changed.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was tried: `read`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The disk failed where it must not: the commit may or may not be on it.
    #[error(
        "outcome unknown: the disk failed while making the commit durable ({source}); reopen the \
         workspace to see whether it is there"
    )]
    OutcomeUnknown {
        /// What the system says.
        source: io::Error,
    },
    /// An earlier failure left the ledger read-only.
    #[error("the ledger is read-only until it is reopened, because the disk failed")]
    ReadOnly,
    /// The workspace cannot be written and was opened only to be read.
    #[error("the workspace can be read but not written: {reason}")]
    OpenedToRead {
        /// Why it cannot be written.
        reason: String,
    },
    /// The ledger's bytes are not what was written; the rest can be read with
    /// [`super::LedgerReader::open_read_only`].
    #[error(
        "the ledger is damaged in {}: {}; `steward verify` names each place, `steward export \
         events` saves everything that can be read, and a backup restores the rest",
        places(.0), first(.0)
    )]
    Damaged(Vec<Damage>),
    /// The ledger ends before a commit that was acknowledged.
    #[error(
        "{}; {}", lost(head.next(), witness.sequence, witness.by), LedgerError::WAY_OUT
    )]
    AcknowledgedLost {
        /// The acknowledged commit.
        witness: Witness,
        /// The last commit there is; 0 for none.
        head: Sequence,
    },
    /// The ledger has another history than the one that was seen.
    #[error(
        "commit {} is not the one that {} knows: this ledger has a different history; {}",
        witness.sequence, witness.by, LedgerError::WAY_OUT
    )]
    OtherHistory {
        /// What was seen of the commit that differs.
        witness: Witness,
    },
    /// A newer version wrote something this one cannot understand.
    #[error(
        "{what} was written by steward {version}; this is {}: use that version or a later one",
        StewardVersion::CURRENT
    )]
    NewerSteward {
        /// What: `segment 3`, ``an event `merged` (version 2) of commit 9``.
        what: String,
        /// The version that wrote it.
        version: StewardVersion,
    },
    /// An event that must not be written.
    #[error("an event `{0}` cannot be written")]
    NotWritable(&'static str),
    /// A value that has no JSON form; never a value's text.
    #[error("an event `{0}` holds a number that is not finite")]
    NotFinite(&'static str),
    /// A commit without events.
    #[error("a commit needs at least one event")]
    Empty,
    /// More than a commit may hold; the caller splits it.
    #[error("a commit of {bytes} bytes is larger than the limit of {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// No commit has that number.
    #[error("there is no commit {0}")]
    NoSuchCommit(Sequence),
    /// The commit has no event with that index.
    #[error("commit {sequence} has no event {index}")]
    NoSuchEvent {
        /// The commit.
        sequence: Sequence,
        /// The index, counted from 0.
        index: u32,
    },
    /// An event that is as it was written and still not of its kind's shape.
    #[error("event {index} of commit {sequence} cannot be read: {reason}")]
    UnreadableEvent {
        /// The commit.
        sequence: Sequence,
        /// The index, counted from 0.
        index: u32,
        /// Why, without any value.
        reason: String,
    },
    /// The cipher gave up.
    #[error("cannot encrypt commit {sequence}: {source}")]
    Encryption {
        /// The commit.
        sequence: Sequence,
        /// Why.
        source: CipherError,
    },
    /// A segment that cannot be rewritten: there is no such one, or commits still go into it.
    #[error("segment {0} is missing, or not closed yet")]
    NotClosed(u32),
    /// A rewritten commit would not be the one that was committed.
    #[error("rewriting commit {0} would change what it says")]
    WouldChange(Sequence),
    /// The compressor gave up.
    #[error("cannot compress a commit: {0}")]
    Compression(io::Error),
}

fn first(damage: &[Damage]) -> String {
    damage.first().map(Damage::to_string).unwrap_or_default()
}

fn places(damage: &[Damage]) -> String {
    match damage.len() {
        1 => "one place".to_owned(),
        places => format!("{places} places, the first of them"),
    }
}

impl LedgerError {
    /// What can be done about commits that are gone.
    pub const WAY_OUT: &str = "restore a backup of the workspace. Without one, `steward backup \
                               FILE` saves what is here and `steward restore FILE FOLDER` turns it \
                               into a workspace";

    pub(super) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        LedgerError::Io { doing, path: path.to_owned(), source }
    }

    pub(super) fn damage(segment: u32, offset: u64, what: DamageKind) -> Self {
        LedgerError::Damaged(vec![Damage { segment, offset, what }])
    }
}
