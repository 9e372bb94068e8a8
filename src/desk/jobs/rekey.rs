//! All keys replaced by a new one, a segment a step.

use std::collections::VecDeque;
use std::time::Duration;

use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::job::{Stepped, Steps};
use door::views::{JobKind, JobReport, JobView, RekeyOutcome};
use ledger::SegmentState;

impl Desk {
    /// Starts to replace all keys, or when its turn comes. Stopped between two segments, it leaves a
    /// workspace that can be used, and goes on when it is started again.
    ///
    /// # Errors
    /// The refusal when too many jobs wait; when the workspace was opened only to be read, or is not
    /// encrypted.
    pub(crate) fn start_rekey(&mut self) -> Decided<JobView> {
        self.ledger.must_be_for_writing()?;
        self.foresee_rekey()?;
        let steps = Box::new(Rekeying::default());
        self.begin_job(JobKind::Rekey, "replacing the keys".to_owned(), steps)
    }
}

/// All keys being replaced.
#[derive(Default)]
pub(crate) struct Rekeying {
    /// `None` means it has not begun.
    begun: Option<Rewriting>,
}

/// Segments being rewritten with the new key.
struct Rewriting {
    to_do: VecDeque<SegmentState>,
    /// The bytes of all of them.
    total: u64,
    outcome: RekeyOutcome,
}

impl Rekeying {
    /// Takes the next step; what it came to, once all are taken.
    fn go_on(&mut self, desk: &mut Desk) -> Result<Option<RekeyOutcome>, DeskError> {
        let Some(Rewriting { to_do, outcome, .. }) = &mut self.begun else {
            let (key, to_do) = desk.begin_rekey()?;
            self.begun = Some(Rewriting {
                total: to_do.iter().map(|segment| segment.bytes).sum(),
                to_do: to_do.into(),
                outcome: RekeyOutcome { key, rewritten: 0, bytes: 0 },
            });
            return Ok(None);
        };
        if let Some(segment) = to_do.pop_front() {
            desk.ledger.reseal_segment(segment.number)?;
            outcome.rewritten += 1;
            outcome.bytes += segment.bytes;
        }
        // The end belongs to the last segment: nobody stops between the two.
        if !to_do.is_empty() {
            return Ok(None);
        }
        desk.finish_rekey()?;
        Ok(Some(*outcome))
    }
}

impl Steps<Desk> for Rekeying {
    fn step(mut self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        let done = self.go_on(desk);
        // What the files say may not be what is in memory.
        desk.standing.must_reopen |= matches!(done, Err(DeskError::Ledger(_) | DeskError::Keys(_)));
        Ok(match done? {
            Some(outcome) => Stepped::End(JobReport::Rekey(outcome)),
            None => Stepped::More(self, Duration::ZERO),
        })
    }

    fn tell(&self, view: &mut JobView) {
        if let Some(Rewriting { total, outcome, .. }) = &self.begun {
            "rewriting".clone_into(&mut view.phase);
            (view.done, view.total) = (outcome.bytes, Some(*total));
        }
    }

    fn cancel(&self) -> bool {
        // Every step leaves a workspace that can be used.
        true
    }
}
