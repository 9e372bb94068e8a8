//! Where a record returns to when a decision that moved it is taken back.
//!
//! Mostly that is the customer it had before. But that may rest on a decision that was undone
//! meanwhile while this one was kept; the record is then where the decisions that still stand put
//! it, which is found by following its moves from its first customer on, without those undone.

use crate::commands::command::does_not_apply;
use crate::draft::Draft;
use crate::error::{Decided, DeskError};
use crate::past::{Move, Past};
use crate::turned::Turned;
use domain::{CustomerId, DecisionId, RecordId, Sequence, Standing, Verdict};

/// The customer to which a record returns that a commit moved away from `before`.
pub(super) fn of(
    draft: &Draft<'_>,
    turned: &Turned,
    undone_in: Sequence,
    record: RecordId,
    before: CustomerId,
) -> Decided<CustomerId> {
    let mut moves = Past::after(draft.facts(), Sequence::ZERO).moves(record)?;
    moves.reverse();
    let earlier = moves.partition_point(|step| step.sequence < undone_in);
    if end_of(draft, turned, &moves, earlier)?.is_none_or(|then| then == before) {
        return Ok(before);
    }
    let home = end_of(draft, turned, &moves, moves.len())?.unwrap_or(before);
    let is_erased = |state: domain::CustomerState| state.standing == Standing::Erased;
    if draft.customer(home)?.is_some_and(is_erased) {
        let by = moves.iter().filter(|step| step.from == home).find_map(|step| step.decision);
        let by = by.map(|by| format!(" before {by}")).unwrap_or_default();
        return Err(does_not_apply(format!(
            "a record would return to {home}, its customer{by}, who has been erased"
        )));
    }
    Ok(home)
}

/// Where the first `until` of a record's moves lead, those left out that no standing decision made;
/// none where it never moved.
fn end_of(
    draft: &Draft<'_>,
    turned: &Turned,
    moves: &[Move],
    until: usize,
) -> Result<Option<CustomerId>, DeskError> {
    let Some(first) = moves.first() else { return Ok(None) };
    let (mut at, mut was_moved) = (first.from, false);
    for step in &moves[..until] {
        if step.from == at && counts(draft, turned, moves, step, was_moved)? {
            (at, was_moved) = (step.to, true);
        }
    }
    Ok(Some(at))
}

/// Whether what moved a record still holds. What an undo moved follows from the decisions it turned;
/// only where it moved the record back along with others does it count by itself.
fn counts(
    draft: &Draft<'_>,
    turned: &Turned,
    moves: &[Move],
    step: &Move,
    was_moved: bool,
) -> Result<bool, DeskError> {
    let view = draft.facts().view;
    let Some(decision) = step.decision else { return Ok(true) };
    let Some(undo) = view.decision(decision)?.filter(|it| it.verdict == Verdict::Undo) else {
        return turned.stands(view, decision);
    };
    let then = Turned::by(view, undo.reverses)?;
    let moved_it = |id: &DecisionId| moves.iter().any(|other| other.decision == Some(*id));
    if !was_moved || then.down.iter().chain(&then.up).any(moved_it) {
        return Ok(false);
    }
    for id in &then.down {
        if turned.stands(view, *id)? {
            return Ok(false);
        }
    }
    for id in &then.up {
        if !turned.stands(view, *id)? {
            return Ok(false);
        }
    }
    Ok(true)
}
