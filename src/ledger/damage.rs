//! What can be wrong with a ledger's bytes, named by segment and offset.

use std::fmt;

use domain::Sequence;

use super::chain::Teller;

/// A place of the ledger that does not hold what was written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The segment's number.
    pub segment: u32,
    /// Byte of the segment's file where it begins, counted from 0.
    pub offset: u64,
    /// What is wrong.
    pub what: DamageKind,
}

/// See [`Damage::what`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DamageKind {
    /// Segments' files are not there though later ones are.
    #[error("missing up to segment {until}")]
    SegmentsMissing {
        /// The last one missing.
        until: u32,
    },
    /// A segment's header does not match its checksum.
    #[error("the segment's header is damaged")]
    SegmentHeader,
    /// A segment's sound header belongs elsewhere.
    #[error("the segment belongs to another workspace or another place")]
    SegmentMisplaced,
    /// Bytes in which no commit can be recognised.
    #[error("unreadable up to byte {until}")]
    Unreadable {
        /// The byte after the last unreadable one.
        until: u64,
    },
    /// The disk could not read on.
    #[error("the disk cannot read it: {0}")]
    Disk(String),
    /// A commit's bytes do not match their checksum.
    #[error("commit {0} is damaged")]
    Body(Sequence),
    /// A commit's bytes match their checksum but not the format.
    #[error("commit {0} is not in the ledger's format")]
    Malformed(Sequence),
    /// A commit's content is not what its chain hash says: it was altered on purpose.
    #[error("commit {0} was altered: its content does not match the chain")]
    Altered(Sequence),
    /// A commit's bytes match their checksum and do not open under their key: they were altered
    /// on purpose, or sealed for another place or another workspace.
    #[error(
        "commit {0} cannot be decrypted with its key: it was altered, or moved from another place or \
         another workspace"
    )]
    DoesNotOpen(Sequence),
    /// A commit is encrypted with a key that is not among the workspace's.
    #[error(
        "commit {sequence} is encrypted with key {key}, which is not among the workspace's keys"
    )]
    NoKey {
        /// The commit.
        sequence: Sequence,
        /// The key's id.
        key: u32,
    },
    /// A commit is in the clear in a workspace that is encrypted: it was put there from outside.
    #[error("commit {0} is not encrypted, though the workspace is")]
    InTheClear(Sequence),
    /// A commit does not continue the one before.
    #[error("commit {0} does not continue the chain")]
    ChainBroken(Sequence),
    /// A commit stands where another should.
    #[error("commit {found} is where commit {expected} should be")]
    OutOfOrder {
        /// The number found.
        found: Sequence,
        /// The number that should be there, or a later one where commits were lost before.
        expected: Sequence,
    },
    /// A commit is dated before its predecessor.
    #[error("commit {0} is dated earlier than the one before it")]
    TimeDecreases(Sequence),
    /// An event matches the chain but cannot be read.
    #[error("event {index} of commit {sequence} cannot be read: {reason}")]
    Event {
        /// The commit.
        sequence: Sequence,
        /// The event, counted from 0.
        index: u32,
        /// Why, without any value.
        reason: String,
    },
    /// An event whose data is gone though no erasure lists it, or lists another.
    #[error("event {index} of commit {sequence} is gone, and no erasure lists it")]
    ErasedUnlisted {
        /// The commit.
        sequence: Sequence,
        /// The event, counted from 0.
        index: u32,
    },
    /// Who made a commit is gone; no erasure reaches that.
    #[error("the author of commit {0} is gone, and no erasure lists it")]
    ActorErased(Sequence),
    /// An event that a finished erasure lists is still there.
    #[error("event {index} of commit {sequence} was erased by commit {by} but is still there")]
    ErasedStands {
        /// The commit.
        sequence: Sequence,
        /// The event, counted from 0.
        index: u32,
        /// The commit that lists it.
        by: Sequence,
    },
    /// A commit that somebody has seen acknowledged is not there.
    #[error("{}", lost(*first, *sequence, *by))]
    Lost {
        /// The first one that is not there.
        first: Sequence,
        /// The last one that is known.
        sequence: Sequence,
        /// Who has seen it.
        by: Teller,
    },
    /// A commit is another than the one somebody has seen acknowledged.
    #[error(
        "commit {sequence} is not the one that {by} knows: this ledger has a different history"
    )]
    Foreign {
        /// The commit.
        sequence: Sequence,
        /// Who has seen it.
        by: Teller,
    },
    /// The hash that was expected stands nowhere in the chain: commits that existed are gone.
    #[error(
        "no commit has the expected hash: newer commits were lost, or this is a different ledger"
    )]
    ExpectedAbsent,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.segment, &self.what) {
            (first, DamageKind::SegmentsMissing { until }) if first == *until => {
                write!(f, "segment {first} is missing")
            }
            (first, DamageKind::SegmentsMissing { until }) => {
                write!(f, "segments {first} to {until} are missing")
            }
            // No place in the ledger: what is said of it comes from outside.
            (0, what) => what.fmt(f),
            (segment, what) => write!(f, "segment {segment}, byte {}: {what}", self.offset),
        }
    }
}

/// The commits from `first` on that somebody knows and the ledger does not hold.
pub(super) fn lost(first: Sequence, last: Sequence, by: Teller) -> String {
    let head = first.0.saturating_sub(1);
    let ends = match head {
        0 => "the ledger has none".to_owned(),
        head => format!("the ledger ends at commit {head}"),
    };
    let which = if first == last {
        format!("commit {last} is lost")
    } else {
        format!("commits {first} to {last} are lost")
    };
    format!("{which}: {by} knows commit {last}, but {ends}")
}

/// The end of the last segment that is no whole commit: mostly one that was being written. Nobody who
/// knows the ledger has seen it acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutTail {
    /// The segment's number.
    pub segment: u32,
    /// Byte of the segment's file where it begins, counted from 0.
    pub offset: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl fmt::Display for CutTail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CutTail { segment, offset, bytes } = self;
        write!(
            f,
            "{bytes} bytes that are not a whole commit, at byte {offset} of segment {segment}"
        )
    }
}
