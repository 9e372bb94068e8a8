//! Groups: several commits that are made durable by one sync.
//!
//! Each frame is written at once, so that the next commit can be planned on it, and names the group's
//! first commit: whoever finds it after a crash knows how much was written with it. Nothing may be
//! acknowledged before the group has ended.

use std::io;

use domain::{Event, Sequence};

use super::append::Ledger;
use super::chain::Head;
use super::error::LedgerError;
use super::frame::MAX_FRAME;

/// The commits from [`Ledger::begin_group`] to [`Ledger::end_group`].
#[derive(Debug, Default)]
pub(super) struct Group {
    unsynced: Option<Unsynced>,
    /// Something that was appended may not be durable, and never will be.
    failed: bool,
}

/// What was written since the last sync.
#[derive(Debug, Clone, Copy)]
struct Unsynced {
    /// Its first commit.
    first: Sequence,
    /// Where that begins in the last segment.
    offset: u64,
    /// The newest commit that is durable.
    before: Option<Head>,
}

impl Ledger {
    /// From now on commits are written and not synced, until [`Ledger::end_group`]. They can be read at
    /// once, also with readers that are there already: nobody outside may be told of them before.
    pub fn begin_group(&mut self) {
        self.group.get_or_insert_default();
    }

    /// Makes durable what was appended since [`Ledger::begin_group`]; does nothing without a group.
    ///
    /// # Errors
    /// `OutcomeUnknown`: any number of the group's commits may be there, the later ones only behind all
    /// before them. They are no longer read, and from then on every call is refused as `ReadOnly`
    /// until the ledger is reopened.
    pub fn end_group(&mut self) -> Result<(), LedgerError> {
        let synced = self.sync_group();
        match self.group.take() {
            Some(group) if group.failed && synced.is_ok() => {
                let source = io::Error::other("an earlier write of the same group failed");
                Err(LedgerError::OutcomeUnknown { source })
            }
            _ => synced,
        }
    }

    /// Makes durable what a group has written so far; the next commit begins another.
    pub(super) fn sync_group(&mut self) -> Result<(), LedgerError> {
        if self.group.as_ref().is_none_or(|group| group.unsynced.is_none()) {
            return Ok(());
        }
        // Never tried again: a second sync would succeed without having saved anything.
        match self.file.sync() {
            Ok(()) => {
                self.note_synced();
                Ok(())
            }
            Err(source) => {
                self.give_up_group();
                Err(LedgerError::OutcomeUnknown { source })
            }
        }
    }

    /// Everything that was written is durable.
    pub(super) fn note_synced(&mut self) {
        if let Some(group) = &mut self.group {
            group.unsynced = None;
        }
    }

    /// A commit was written at the end, where the ledger had come to `before`. Whether the caller must
    /// sync it now: it is in no group.
    pub(super) fn must_sync(&mut self, first: Sequence, before: Option<Head>) -> bool {
        let offset = self.length;
        let Some(group) = &mut self.group else { return true };
        group.unsynced.get_or_insert(Unsynced { first, offset, before });
        false
    }

    /// What was written may not be durable: nobody may rely on it, so it is not read any more.
    pub(super) fn give_up_group(&mut self) {
        self.read_only = true;
        let Some(group) = &mut self.group else { return };
        let Some(Unsynced { first, offset, before }) = group.unsynced.take() else { return };
        group.failed = true;
        self.length = offset;
        self.shared.forget_from(first, (self.segment, offset), before);
    }

    /// Where in its group a commit of so many bytes stands. One that does not fit begins another: a
    /// torn tail is never longer than the longest frame.
    pub(super) fn place_in_group(
        &mut self,
        sequence: Sequence,
        length: u64,
    ) -> Result<u16, LedgerError> {
        let unsynced = self.group.as_ref().and_then(|group| group.unsynced);
        let Some(Unsynced { first, offset, .. }) = unsynced else { return Ok(0) };
        let place = u16::try_from(sequence.0.saturating_sub(first.0));
        match place {
            Ok(place) if self.length + length - offset <= MAX_FRAME => Ok(place),
            _ => self.sync_group().map(|()| 0),
        }
    }
}

/// Whether a commit says that something was erased: readers rely on that at once, so that it is
/// durable before they learn of it.
pub(super) fn speaks_of_erasing(events: &[Event]) -> bool {
    let speaks = |event: &Event| {
        matches!(event, Event::PersonErased(_) | Event::EventErased(_) | Event::ErasureFinished(_))
    };
    events.iter().any(speaks)
}
