//! Reading the ledger again in place: the lock stays, and so do readers.

use std::sync::Arc;

use crate::ports::files::Access;

use super::append::Ledger;
use super::chain::Witness;
use super::checked::Checked;
use super::error::LedgerError;
use super::open::{Opening, Scanned, scan, settle};
use super::segment;

impl Ledger {
    /// Reads the ledger's files again, as [`Ledger::open`] does, without letting go of the lock: after
    /// a panic memory may say something else than they do. Readers that are there go on, and see what
    /// is found. Where it fails nothing can be written until it is called again.
    ///
    /// # Errors
    /// As [`Ledger::open`], but for the lock; `OpenedToRead` where it was opened only to be read.
    pub fn reopen<W: IntoIterator<Item = Witness>>(
        &mut self,
        witnesses: impl FnOnce() -> W,
    ) -> Result<Opening, LedgerError> {
        self.must_be_for_writing()?;
        self.read_only = true;
        let shared = Arc::clone(&self.shared);
        let Scanned { index, walked, speaking } =
            scan(&*shared.files, &shared.folder, &*shared.cipher())?;
        if !walked.damage.is_empty() {
            return Err(LedgerError::Damaged(walked.damage));
        }
        shared.begin_anew(index);
        // What was found of a group is made durable below.
        self.group = None;
        (self.segment, self.length) = walked.segments.last().copied().unwrap_or_default();
        let path = segment::path(&shared.folder, self.segment);
        let file = shared.files.open(&path, Access::Write);
        self.file = file.map_err(|error| LedgerError::io("open", &path, error))?;
        self.checked = Checked::default();
        let opening = settle(self, witnesses(), walked.tail, &speaking)?;
        self.read_only = false;
        Ok(opening)
    }

    /// Makes durable what is there. A process that was killed, or a call that panicked, may have left
    /// a whole commit, or a new segment, that is not yet: what is built on it would be lost with it.
    pub(super) fn keep_what_was_found(&self) -> Result<(), LedgerError> {
        let shared = &self.shared;
        let path = segment::path(&shared.folder, self.segment);
        self.file.sync().map_err(|error| LedgerError::io("write", &path, error))?;
        let folder = segment::segments_folder(&shared.folder);
        let synced = shared.files.sync_folder(&folder);
        synced.map_err(|error| LedgerError::io("write", &folder, error))
    }
}
