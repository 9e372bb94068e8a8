//! Commits read and decoded on a thread of their own, while those before them are folded.

use std::sync::mpsc::sync_channel;

use crate::domain::{Commit, Sequence};
use crate::ledger::{LedgerError, LedgerReader};

/// Commits that may wait to be folded.
const WAITING: usize = 8;

type Read = Result<Commit, LedgerError>;

/// Every commit from `first` on. The thread ends with the last of them, or when the iterator is
/// dropped.
pub(super) fn commits_from(
    reader: &LedgerReader,
    first: Sequence,
) -> Box<dyn Iterator<Item = Read>> {
    let (sender, receiver) = sync_channel::<Read>(WAITING);
    let commits = reader.commits_from(first);
    let thread = std::thread::Builder::new().name("read ahead".into()).spawn(move || {
        for commit in commits {
            if sender.send(commit).is_err() {
                return;
            }
        }
    });
    match thread {
        Ok(_) => Box::new(receiver.into_iter()),
        // A system that starts no thread reads as it folds.
        Err(_) => Box::new(reader.commits_from(first)),
    }
}
