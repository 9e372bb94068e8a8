//! Decisions that share one sync: each is planned on the ones before it, and nobody hears of any until
//! all are durable.
//!
//! Until then the store's changes are held back and the register is not told. Where the sync fails,
//! memory forgets all of it: the desk shows what is durable, and the ledger takes no more.

use super::caches::Caches;
use super::core::Desk;
use super::error::DeskError;
use ledger::LedgerError;
use store::View;

/// The decisions that are being carried out together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Grouping {
    pub(super) is_on: bool,
    /// It ended before its time, and the sync failed: whoever waits is still to be told.
    failed: bool,
}

impl Desk {
    /// From now on what is committed is made durable together, by [`Desk::end_group`]. Nothing that the
    /// desk answers may leave before.
    pub(super) fn begin_group(&mut self) {
        self.grouping = Grouping::default();
        if self.is_reading_only() || self.standing.must_reopen || self.store_behind.is_some() {
            return;
        }
        // What long work held back is durable; what comes may have to be dropped.
        if let Err(error) = self.trees.hold_group() {
            let sequence = self.reader.head().map(|head| head.sequence).unwrap_or_default();
            return self.fall_behind(sequence, &error.into());
        }
        self.ledger.begin_group();
        self.grouping.is_on = true;
    }

    /// Makes the group durable: what was answered since it began may leave.
    ///
    /// # Errors
    /// The outcome is unknown, of every commit since the group began.
    pub(super) fn end_group(&mut self) -> Result<(), DeskError> {
        let ended = self.leave_group();
        match std::mem::take(&mut self.grouping.failed) {
            true if ended.is_ok() => {
                let source = std::io::Error::other("an earlier write of the same group failed");
                Err(LedgerError::OutcomeUnknown { source }.into())
            }
            _ => ended,
        }
    }

    /// As [`Desk::end_group`], for what must not be done within a group. What comes until the group's
    /// end is made durable one by one.
    pub(super) fn leave_group(&mut self) -> Result<(), DeskError> {
        if !std::mem::take(&mut self.grouping.is_on) {
            return Ok(());
        }
        let ended = self.ledger.end_group().map_err(DeskError::from);
        match &ended {
            // What panicked may have left half of its changes: reopening reads the ledger.
            Ok(()) if self.standing.must_reopen => {}
            Ok(()) => {
                if let Err(error) = self.trees.release_group() {
                    let sequence = self.reader.head().map(|head| head.sequence).unwrap_or_default();
                    self.fall_behind(sequence, &error.into());
                }
                self.tell_witness_in_time();
            }
            Err(error) => self.take_back_group(error),
        }
        self.grouping.failed |= ended.is_err();
        ended
    }

    /// Whether nothing more may be carried out in the group: it ended before its time, or is to fail.
    pub(super) fn group_must_end(&self) -> bool {
        self.standing.must_reopen || !self.grouping.is_on || self.ledger.is_read_only()
    }

    /// Something panicked on the way: what the files say counts, once they are read again.
    pub(super) fn give_group_up(&mut self) -> DeskError {
        self.grouping = Grouping::default();
        self.standing.must_reopen = true;
        self.news.for_all();
        DeskError::Fault
    }

    /// Forgets what may not be in the ledger.
    fn take_back_group(&mut self, error: &DeskError) {
        self.trees.drop_group();
        self.caches = Caches::default();
        self.queue.forget();
        self.sessions.forget_read();
        self.news.for_all();
        let durable = self.reader.head().map(|head| head.sequence);
        let shown = View::over(&self.trees).head().ok().flatten().map(|(sequence, _)| sequence);
        if shown != durable {
            // A part of it had been synced before.
            self.fall_behind(durable.unwrap_or_default(), error);
        }
    }
}
