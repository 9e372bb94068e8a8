//! Opening: takes the lock, finds every commit, cuts a torn tail, refuses anything worse.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ports::files::{Access, Files, Lock, LockGuard};
use crate::ports::{Cipher, Randomness};
use domain::Sequence;

use super::append::{Ledger, LedgerOptions, Patience};
use super::chain::{Head, Witness};
use super::damage::CutTail;
use super::error::LedgerError;
use super::index::Index;
use super::pinned::Pinned;
use super::reader::{LedgerReader, Shared, time};
use super::segment;
use super::walk::{Bodies, Found, Walked, walk};

/// Between two tries to take a lock.
const SHORTEST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(40);

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
        let sequence = found.header.logical.sequence;
        if found.in_order {
            index.push(sequence, found.segment, found.offset);
        } else if found.body.is_some() {
            index.stand_in(sequence, found.segment, found.offset);
        }
        index.note_key(found.segment, found.header.physical.key);
        if found.header.logical.may_speak() {
            speaking.push(sequence);
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

/// Takes the workspace's one lock, waiting for it as the options say.
pub(super) fn lock(
    files: &dyn Files,
    folder: &Path,
    randomness: &dyn Randomness,
    options: &LedgerOptions,
) -> Result<LockGuard, LedgerError> {
    let path = folder.join("lock");
    let began = Instant::now();
    let mut with_this_one: Option<(String, Instant)> = None;
    let mut pause = SHORTEST_PAUSE;
    loop {
        let tried = files.try_lock(&path, &options.holder);
        let holder = match tried.map_err(|error| LedgerError::io("lock", &path, error))? {
            Lock::Taken(guard) => return Ok(guard),
            Lock::HeldBy(holder) => holder,
        };
        let since = match with_this_one {
            Some((known, since)) if known == holder => since,
            _ => Instant::now(),
        };
        let Patience { with_one, in_all } = options.patience;
        if since.elapsed() >= with_one || began.elapsed() >= in_all {
            return Err(LedgerError::Held { holder });
        }
        with_this_one = Some((holder, since));
        // Many who wait must not all come back at once.
        let mut chance = [0];
        randomness.fill(&mut chance);
        std::thread::sleep(pause / 2 + pause.mul_f64(f64::from(chance[0]) / 255.0));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// See [`Ledger::open`].
pub(super) fn open<W: IntoIterator<Item = Witness>>(
    files: Arc<dyn Files>,
    folder: &Path,
    randomness: Arc<dyn Randomness>,
    witnesses: impl FnOnce() -> W,
    options: &LedgerOptions,
) -> Result<(Ledger, Opening), LedgerError> {
    if segment::numbers(&*files, folder)?.is_empty() {
        return Err(LedgerError::NotFound { folder: folder.to_owned() });
    }
    let lock = lock(&*files, folder, &*randomness, options)?;
    // Asked for only now: whoever holds the lock may look at what lies beside the ledger.
    let witnesses = witnesses();
    let Scanned { index, walked, speaking } = scan(&*files, folder, &*options.cipher)?;
    if !walked.damage.is_empty() {
        return Err(LedgerError::Damaged(walked.damage));
    }
    let shared = Arc::new(Shared::new(files, folder, index, options));
    // A sound ledger has a segment with a sound header: both are there.
    let workspace = walked.workspace.unwrap_or_default();
    let last = walked.segments.last().copied().unwrap_or_default();
    let ledger = Ledger::opened(shared, randomness, workspace, last, lock, None, options)?;
    let opening = settle(&ledger, witnesses, walked.tail, &speaking)?;
    Ok((ledger, opening))
}

/// What opening does once the commits are found.
pub(super) fn settle(
    ledger: &Ledger,
    witnesses: impl IntoIterator<Item = Witness>,
    tail: Option<CutTail>,
    speaking: &[Sequence],
) -> Result<Opening, LedgerError> {
    let shared = ledger.shared();
    // Before anything is cut: a tail that someone has seen acknowledged is no torn one.
    for witness in witnesses {
        check_witness(&ledger.reader(), witness)?;
    }
    segment::remove_unfinished(&*shared.files, &shared.folder)?;
    if let Some(tail) = tail {
        cut(&*shared.files, &shared.folder, tail)?;
    }
    ledger.keep_what_was_found()?;
    shared.learn_erasures(speaking)?;
    Ok(Opening { cut: tail })
}

/// See [`Ledger::open_to_read`].
pub(super) fn open_to_read(
    files: Arc<dyn Files>,
    folder: &Path,
    randomness: Arc<dyn Randomness>,
    reason: &str,
    options: &LedgerOptions,
) -> Result<(Ledger, Option<CutTail>), LedgerError> {
    let files: Arc<dyn Files> = Arc::new(Pinned::take(&*files, folder)?);
    let Scanned { index, walked, speaking } = scan(&*files, folder, &*options.cipher)?;
    if !walked.damage.is_empty() {
        return Err(LedgerError::Damaged(walked.damage));
    }
    let shared = Arc::new(Shared::new(files, folder, index, options));
    shared.learn_erasures(&speaking)?;
    let workspace = walked.workspace.unwrap_or_default();
    let last = walked.segments.last().copied().unwrap_or_default();
    let no_lock = LockGuard::new(());
    let reason = Some(reason.to_owned());
    let ledger = Ledger::opened(shared, randomness, workspace, last, no_lock, reason, options)?;
    Ok((ledger, walked.tail))
}

/// Whether a ledger holds the commit that a witness has seen.
///
/// # Errors
/// `AcknowledgedLost` and `OtherHistory` when it does not; or when its header cannot be read.
pub(super) fn check_witness(reader: &LedgerReader, witness: Witness) -> Result<(), LedgerError> {
    if witness.sequence == Sequence::ZERO {
        return Ok(());
    }
    let head = reader.head().map_or(Sequence::ZERO, |head| head.sequence);
    if witness.sequence > head {
        return Err(LedgerError::AcknowledgedLost { witness, head });
    }
    if reader.chain_at(witness.sequence)? != witness.chain {
        return Err(LedgerError::OtherHistory { witness });
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
