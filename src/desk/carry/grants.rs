//! Merging that people grant.

use super::Carry;
use crate::commands::grant::would_make;
use crate::core::Desk;
use crate::error::{Decided, Stop};
use crate::grants::{self, Counted, Given};
use crate::second;
use domain::{BulkId, CensusId, CustomerState, Event};
use door::operations::{GiveGrant, Grants, ShowGrant, SuspendGrant};
use door::views::{GivenView, GrantDetail, GrantsView};
use door::{Action, Receipt, Refusal, Request, Streams};

impl Carry for Grants {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<GrantsView> {
        Ok(grants::grants(desk.facts())?)
    }
}

impl Carry for ShowGrant {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<GrantDetail> {
        grants::shown(desk.facts(), self.census)
    }
}

impl Carry for GiveGrant {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<GivenView> {
        let action = Action::Grant { census: self.census, joins: self.joins };
        let begun = self.bulk;
        // One that was interrupted goes on in its own bulk.
        let bulk = match begun.or(bulk_of(desk, self.census)?) {
            Some(bulk) => bulk,
            None => desk.next_bulk()?,
        };
        let request = Request {
            reason: self.reason.clone(),
            note: self.note.clone(),
            bulk: Some(bulk),
            ..Request::new(action)
        };
        if self.rehearse {
            let planned = desk.planned(&request, &[])?;
            let told = second::foreseen(desk.facts(), &planned.outcome.commit)?;
            let summary = format!("{told}{}", planned.clause());
            let makes = would_make(desk.facts(), self.census)?;
            let (made, left) = (makes.made, makes.left());
            return Ok(GivenView { decision: None, bulk: None, made, left, to_go: 0, summary });
        }
        match desk.carry_out(&request) {
            // Nothing is made before somebody else has approved it.
            Ok(receipt) if receipt.proposed.is_some() => {
                let left = waiting(desk, self.census)?;
                let summary = receipt.summary;
                Ok(GivenView { decision: None, bulk: None, made: 0, left, to_go: 0, summary })
            }
            Ok(receipt) => given(desk, self.census, &receipt),
            // What is left is left to people: the portions before were the last that made anything.
            Err(Stop::Refused(Refusal::DoesNotApply { .. })) if begun.is_some() => Ok(GivenView {
                decision: None,
                bulk: begun,
                made: 0,
                left: waiting(desk, self.census)?,
                to_go: 0,
                summary: String::new(),
            }),
            Err(stop) => Err(stop),
        }
    }
}

/// The bulk of a grant that stands already.
fn bulk_of(desk: &Desk, census: CensusId) -> Decided<Option<BulkId>> {
    Ok(desk.grant_of(census)?.and_then(|given| given.bulk))
}

impl Desk {
    /// The grant of a census, where it was given.
    pub(crate) fn grant_of(&self, census: CensusId) -> Decided<Option<Given>> {
        let entry = Counted::named(self.facts(), census)?.entry;
        Ok(Given::of(self.facts(), &entry)?)
    }
}

/// What a portion made, and what is still to go.
fn given(desk: &Desk, census: CensusId, receipt: &Receipt) -> Decided<GivenView> {
    let facts = desk.facts();
    let is_last = facts.decision(receipt.decision)?.bulk_left == Some(0);
    let waiting = waiting(desk, census)?;
    Ok(GivenView {
        decision: Some(receipt.decision),
        bulk: receipt.bulk,
        made: made(&facts.commit(receipt.sequence)?.events),
        left: if is_last { waiting } else { 0 },
        to_go: if is_last { 0 } else { waiting },
        summary: receipt.summary.clone(),
    })
}

/// Joins of a census that nobody decided and nobody made.
fn waiting(desk: &Desk, census: CensusId) -> Decided<u64> {
    let states = Counted::named(desk.facts(), census)?.states(desk.facts())?;
    let waits = states.iter().filter(|state| state.waits && state.answers.is_empty());
    Ok(waits.count() as u64)
}

/// Customers that events merge away.
fn made(events: &[Event]) -> u64 {
    let merged = events.iter().filter(|event| match event {
        Event::CustomerChanged(changed) => {
            let was = changed.before.as_ref().is_some_and(CustomerState::is_live);
            was && !changed.after.is_live()
        }
        _ => false,
    });
    merged.count() as u64
}

impl Carry for SuspendGrant {
    fn carry(self, desk: &mut Desk, _: Streams) -> Decided<Receipt> {
        let request = Request {
            reason: self.reason,
            note: self.note,
            ..Request::new(Action::Suspend { census: self.census })
        };
        desk.carry_out(&request)
    }
}
