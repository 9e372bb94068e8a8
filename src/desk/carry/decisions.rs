//! Verdicts, and what they would do.

use super::{Carry, Masking, Withholding};
use crate::answers::{history, preview};
use crate::core::Desk;
use crate::error::Decided;
use crate::masking::Masks;
use crate::unmasking::Seen;
use domain::{BulkId, DecisionId};
use door::operations::{
    Decide, DecideInBulk, DecideSome, DecisionsOf, FitBulk, LastDecision, Preview, Standing,
    WholeTask,
};
use door::views::{LastDecided, PreviewView};
use door::{BulkOutcome, Receipt, Refusal, Request, Streams};

impl Carry for Preview {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<PreviewView> {
        let unjudged = desk.unjudged(&self.request, self.unmask)?;
        preview::preview(desk, &self.request, unjudged)
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

impl Carry for DecideInBulk {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<BulkOutcome> {
        let mut outcome = BulkOutcome { bulk: self.bulk, ..BulkOutcome::default() };
        let how = (self.rehearse, self.left);
        desk.bulk_one(self.request.task, Ok(self.request), how, &mut outcome);
        Ok(outcome)
    }
}

impl Carry for FitBulk {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<()> {
        desk.must_fit_a_bulk(self.tasks)
    }
}

impl Carry for WholeTask {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Request> {
        desk.answering(self.task, &self.verdict)
    }
}

impl Carry for DecisionsOf {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<DecisionId>> {
        standing_of(desk, self.bulk)
    }
}

impl Carry for Standing {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Vec<DecisionId>> {
        let view = desk.facts().view;
        let stands = |id: &DecisionId| {
            // One that cannot be read is not passed over: undoing it says what is wrong.
            view.decision(*id).ok().flatten().is_none_or(|entry| entry.stands())
        };
        Ok(self.decisions.into_iter().filter(stands).collect())
    }
}

impl Carry for LastDecision {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Option<LastDecided>> {
        history::last_decision(desk.facts(), desk.actor(), self.undone)
    }

    fn withholding(&self) -> Option<Withholding<Self::Answer>> {
        Some(Box::new(|withheld, last| Ok(withheld.last(last))))
    }
}

fn standing_of(desk: &Desk, bulk: BulkId) -> Decided<Vec<DecisionId>> {
    let mut of_bulk = desk.facts().view.decisions()?;
    of_bulk.retain(|(_, entry)| entry.bulk == Some(bulk));
    if of_bulk.is_empty() {
        return Err(Refusal::Unknown { subject: bulk.to_string() }.into());
    }
    of_bulk.retain(|(_, entry)| entry.stands());
    if of_bulk.is_empty() {
        let why = format!("everything in {bulk} has already been undone");
        return Err(Refusal::DoesNotApply { why }.into());
    }
    Ok(of_bulk.into_iter().map(|(id, _)| id).collect())
}
