//! Verdicts, what they would do, and claims.

use super::{Carry, Masking};
use crate::answers::{history, preview, queue};
use crate::core::Desk;
use crate::error::Decided;
use crate::masking::Masks;
use crate::unmasking::Seen;
use domain::DecisionId;
use door::operations::{Claim, Decide, DecideSome, LastDecision, Preview, Release};
use door::views::{PreviewView, QueueRow};
use door::{BulkOutcome, Receipt, Streams};

impl Carry for Preview {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<PreviewView> {
        preview::preview(desk, &self.request)
    }

    fn masking(&self) -> Option<Masking<PreviewView>> {
        let task = self.request.task;
        Some(Masking {
            unmask: self.unmask,
            mask: Masks::preview,
            seen: Box::new(move |view| Seen::of_preview(view, task)),
        })
    }
}

impl Carry for Decide {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Receipt> {
        desk.carry_out(&self.request)
    }
}

impl Carry for DecideSome {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<BulkOutcome> {
        Ok(desk.bulk_step(&self.step))
    }
}

impl Carry for LastDecision {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<(DecisionId, String)>> {
        history::last_decision(desk.facts(), desk.actor(), self.undone)
    }
}

impl Carry for Claim {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<QueueRow>> {
        desk.claim(self.task)?;
        Ok(queue::rows(desk, &[self.task])?.pop())
    }
}

impl Carry for Release {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<QueueRow>> {
        desk.release(self.task);
        Ok(queue::rows(desk, self.task.as_slice())?.pop())
    }
}
