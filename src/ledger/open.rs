//! Opening: takes the lock, finds every commit, cuts a torn tail, refuses anything worse.

use std::path::Path;
use std::sync::Arc;

use crate::domain::Sequence;
use crate::ports::files::{Access, Files, Lock, LockGuard};
use crate::ports::{Cipher, Randomness};

use super::append::{Ledger, LedgerOptions};
use super::chain::{Head, Witness};
use super::damage::CutTail;
use super::erasures;
use super::error::LedgerError;
use super::index::Index;
use super::reader::{Shared, time};
use super::segment;
use super::walk::{Bodies, Found, Walked, walk};

/// What opening found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The torn tail that was cut, to be said to the user.
    pub cut: Option<CutTail>,
}

/// What the frames' headers tell.
pub(super) struct Scanned {
    pub(super) index: Index,
    pub(super) walked: Walked,
    /// The commits that may speak of erasing.
    pub(super) speaking: Vec<Sequence>,
}

/// Finds every commit from the frames' headers.
pub(super) fn scan(
    files: &dyn Files,
    folder: &Path,
    cipher: &dyn Cipher,
) -> Result<Scanned, LedgerError> {
    let mut index = Index::default();
    let mut speaking = Vec::new();
    let mut walked = walk(files, folder, cipher, Bodies::Last, &mut |found: Found<'_>, _| {
        index.push(found.header.logical.sequence, found.segment, found.offset);
        index.note_key(found.segment, found.header.physical.key);
        if erasures::may_speak(found.header.logical.vocabulary) {
            speaking.push(found.header.logical.sequence);
        }
    })?;
    if let Some((what, version)) = walked.newer.take() {
        return Err(LedgerError::NewerSteward { what, version });
    }
    for (number, length) in &walked.segments {
        index.set_length(*number, *length);
    }
    index.head = walked.last.as_ref().map(|last| Head {
        sequence: last.logical.sequence,
        chain: last.chain,
        at: time(last.logical.at),
    });
    Ok(Scanned { index, walked, speaking })
}

/// Takes the workspace's one lock.
pub(super) fn lock(
    files: &dyn Files,
    folder: &Path,
    holder: &str,
) -> Result<LockGuard, LedgerError> {
    let path = folder.join("lock");
    match files.try_lock(&path, holder).map_err(|error| LedgerError::io("lock", &path, error))? {
        Lock::Taken(guard) => Ok(guard),
        Lock::HeldBy(holder) => Err(LedgerError::Held { holder }),
    }
}

/// See [`Ledger::open`].
pub(super) fn open(
    files: Arc<dyn Files>,
    folder: &Path,
    randomness: Arc<dyn Randomness>,
    witness: impl FnOnce() -> Option<Witness>,
    options: &LedgerOptions,
) -> Result<(Ledger, Opening), LedgerError> {
    if segment::numbers(&*files, folder)?.is_empty() {
        return Err(LedgerError::NotFound { folder: folder.to_owned() });
    }
    let lock = lock(&*files, folder, &options.holder)?;
    // Asked for only now: whoever holds the lock may look at what lies beside the ledger.
    let witness = witness();
    let Scanned { index, walked, speaking } = scan(&*files, folder, &*options.cipher)?;
    if !walked.damage.is_empty() {
        return Err(LedgerError::Damaged(walked.damage));
    }
    let head = index.head;
    let shared = Arc::new(Shared::new(files, folder, index, options));
    // A sound ledger has a segment with a sound header: both are there.
    let workspace = walked.workspace.unwrap_or_default();
    let last = walked.segments.last().copied().unwrap_or_default();
    let ledger = Ledger::opened(shared, randomness, workspace, last, lock, options)?;
    // Before anything is cut: a tail that someone has seen acknowledged is no torn one.
    check_witness(&ledger, head, witness)?;
    segment::remove_unfinished(&*ledger.shared().files, folder)?;
    if let Some(tail) = walked.tail {
        cut(&*ledger.shared().files, folder, tail)?;
    }
    ledger.shared().learn_erasures(&speaking)?;
    Ok((ledger, Opening { cut: walked.tail }))
}

fn check_witness(
    ledger: &Ledger,
    head: Option<Head>,
    witness: Option<Witness>,
) -> Result<(), LedgerError> {
    let Some(witness) = witness.filter(|witness| witness.sequence > Sequence::ZERO) else {
        return Ok(());
    };
    let head = head.map_or(Sequence::ZERO, |head| head.sequence);
    if witness.sequence > head {
        return Err(LedgerError::AcknowledgedLost { witness, head });
    }
    if ledger.reader().chain_at(witness.sequence)? != witness.chain {
        return Err(LedgerError::OtherHistory { sequence: witness.sequence });
    }
    Ok(())
}

fn cut(files: &dyn Files, folder: &Path, tail: CutTail) -> Result<(), LedgerError> {
    let path = segment::path(folder, tail.segment);
    let failed = |error| LedgerError::io("repair", &path, error);
    let file = files.open(&path, Access::Write).map_err(failed)?;
    file.truncate(tail.offset).map_err(failed)?;
    file.sync().map_err(failed)
}
