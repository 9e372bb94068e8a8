//! Redo against later decisions: what people said since that two are different, or one, is not undone
//! in passing.

use std::collections::BTreeSet;

use crate::commands::command::does_not_apply;
use crate::draft::Draft;
use crate::error::{Decided, DeskError};
use crate::turned::Turned;
use domain::{CustomerId, CustomerState, DecisionId, RecordId};
use door::Refusal;
use intake::review;

/// Refuses to bring records together again that a standing decision put apart since, and to bring a
/// decision back that puts records apart which are one customer since.
pub(super) fn refuse_against_later(draft: &Draft<'_>, turned: &Turned) -> Decided<()> {
    let facts = draft.facts();
    let mut against = BTreeSet::new();
    for (id, before, after) in draft.changed_customers() {
        let stayed: BTreeSet<RecordId> =
            before.iter().flat_map(|state| &state.members).copied().collect();
        for (came, others) in arrivals(draft, id, &stayed, after)? {
            against.extend(facts.apart(&CustomerState::of(vec![came]), &others)?);
        }
    }
    // What is taken back in the same step says nothing any more.
    against.retain(|id| !turned.down.contains(id));
    let against: Vec<DecisionId> = against.into_iter().collect();
    if !against.is_empty() {
        return Err(Refusal::NotAMatchStands { decisions: against }.into());
    }
    turned.up.iter().try_for_each(|again| refuse_if_one(draft, *again))
}

/// The records that come to a customer, each with the members it was not together with before.
fn arrivals(
    draft: &Draft<'_>,
    id: CustomerId,
    stayed: &BTreeSet<RecordId>,
    after: &CustomerState,
) -> Result<Vec<(RecordId, CustomerState)>, DeskError> {
    let view = draft.facts().view;
    let mut arrivals = Vec::new();
    for came in after.members.iter().filter(|record| !stayed.contains(record)) {
        let from = view.customer_of(*came)?;
        let mut others = Vec::new();
        for other in &after.members {
            if view.customer_of(*other)? != from && from != id {
                others.push(*other);
            }
        }
        arrivals.push((*came, CustomerState::of(others)));
    }
    Ok(arrivals)
}

fn refuse_if_one(draft: &Draft<'_>, again: DecisionId) -> Decided<()> {
    let Some(entry) = draft.facts().view.decision(again)? else { return Ok(()) };
    if !review::apart::constrains(entry.verdict) {
        return Ok(());
    }
    for (at, left) in entry.groups.iter().enumerate() {
        for right in &entry.groups[at + 1..] {
            for one in &left.records {
                let customer = draft.customer_of(*one)?;
                for other in &right.records {
                    if draft.customer_of(*other)? == customer {
                        return Err(does_not_apply(format!(
                            "{again} says that records differ, but they have since become one \
                             customer, {customer}: first unmerge them, or undo what merged them"
                        )));
                    }
                }
            }
        }
    }
    Ok(())
}
