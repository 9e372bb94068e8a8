//! What an undo took off records and customers is there again when that undo is taken back, unless
//! something said otherwise since.
//!
//! Taking its changes back gives a layer back only where it is still as the undo left it. What the undo
//! had uncovered may have been undone itself since: that is no word against the decision that stands again.

use super::commit::change;
use super::touched::{self, Touched};
use crate::chains::Link;
use crate::draft::Draft;
use crate::error::{Decided, DeskError};
use crate::turned::Turned;
use domain::event::Cause;
use domain::{Commit, CustomerState, DecisionId, Event, RecordState, Sequence, Verdict};

/// Puts back what a commit had taken off, an undo's; gives the decision of which nothing can be put back
/// though it was there.
pub(super) fn again(
    draft: &mut Draft<'_>,
    turned: &Turned,
    undo: &Commit,
) -> Decided<Option<DecisionId>> {
    let (mut stands, mut gone) = (false, None);
    for event in &undo.events {
        for layer in touched::of_event(event) {
            let holder = match event {
                Event::RecordChanged(changed) => on_record(&changed.before, &layer),
                Event::CustomerChanged(changed) => {
                    changed.before.as_ref().and_then(|before| on_customer(before, &layer))
                }
                _ => None,
            };
            let Some(holder) = holder.filter(|holder| turned.up.contains(holder)) else {
                continue;
            };
            match put_back(draft, turned, (undo.sequence, event), &layer, holder)? {
                true => stands = true,
                false => gone = Some(holder),
            }
        }
    }
    Ok(gone.filter(|_| !stands))
}

/// Puts a layer of `holder` back, unless something later is in its place; whether it is there.
fn put_back(
    draft: &mut Draft<'_>,
    turned: &Turned,
    (since, event): (Sequence, &Event),
    layer: &Touched,
    holder: DecisionId,
) -> Decided<bool> {
    match event {
        Event::RecordChanged(changed) => {
            let mut state = draft.record(changed.record)?;
            let now = on_record(&state, layer);
            if now.is_some_and(|now| now >= holder) {
                return Ok(now == Some(holder));
            }
            let links = draft.facts().record_chain(changed.record)?;
            if is_spoken_of(draft, turned, &links, since, layer)? {
                return Ok(false);
            }
            copy(&mut state, &changed.before, layer);
            draft.set_record(changed.record, state)?;
        }
        Event::CustomerChanged(changed) => {
            let Touched::Pin(_, field) = layer else { return Ok(false) };
            let state = draft.customer(changed.customer)?.filter(CustomerState::is_live);
            // Where its records went, its pins went along.
            let Some(state) = state else { return Ok(true) };
            let now = on_customer(&state, layer);
            if now.is_some_and(|now| now >= holder) {
                return Ok(now == Some(holder));
            }
            let links = draft.facts().customer_chain(changed.customer)?;
            if is_spoken_of(draft, turned, &links, since, layer)? {
                return Ok(false);
            }
            let pin = changed.before.as_ref().and_then(|before| before.pins.get(field)).cloned();
            change(draft, changed.customer, |state| {
                state.pins.extend(pin.map(|pin| (field.clone(), pin)));
            })?;
        }
        _ => {}
    }
    Ok(true)
}

/// Whether a delivery, or a decision that stands, changed the layer since.
fn is_spoken_of(
    draft: &Draft<'_>,
    turned: &Turned,
    links: &[Link],
    since: Sequence,
    layer: &Touched,
) -> Result<bool, DeskError> {
    let view = draft.facts().view;
    for link in links.iter().filter(|link| link.sequence > since) {
        for event in link.events.iter().filter(|event| touched::of_event(event).contains(layer)) {
            let cause = match event {
                Event::RecordChanged(changed) => changed.cause,
                Event::CustomerChanged(changed) => changed.cause,
                _ => continue,
            };
            let Cause::Decision(by) = cause else { return Ok(true) };
            let is_undo = view.decision(by)?.is_some_and(|entry| entry.verdict == Verdict::Undo);
            if !is_undo && turned.stands(view, by)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whose layer it is on a record.
fn on_record(state: &RecordState, layer: &Touched) -> Option<DecisionId> {
    match layer {
        Touched::Correction(_, field) => state.corrections.get(field).map(|it| it.decision),
        Touched::Waiver(_, rule) => state.waivers.get(rule).map(|it| it.decision),
        Touched::Hold(_, by) => state.holds.get(by).map(|hold| hold.decision),
        Touched::Restriction(_, by) => state.restrictions.get(by).map(|it| it.decision),
        Touched::Quarantine(_) => state.quarantined,
        Touched::Vanished(_) => state.vanished.and_then(|vanished| vanished.decision),
        Touched::Overlaid(_) => state.overlaid.and_then(|overlaid| overlaid.decision),
        Touched::Reused(_) => state.reused.map(|reused| reused.decision),
        Touched::Pin(..) => None,
    }
}

/// Whose pin it is on a customer.
fn on_customer(state: &CustomerState, layer: &Touched) -> Option<DecisionId> {
    match layer {
        Touched::Pin(_, field) => state.pins.get(field).map(|pin| pin.decision),
        _ => None,
    }
}

fn copy(state: &mut RecordState, from: &RecordState, layer: &Touched) {
    match layer {
        Touched::Correction(_, field) => {
            let held = from.corrections.get(field).cloned();
            state.corrections.extend(held.map(|held| (field.clone(), held)));
        }
        Touched::Waiver(_, rule) => {
            let held = from.waivers.get(rule).cloned();
            state.waivers.extend(held.map(|held| (rule.clone(), held)));
        }
        Touched::Hold(_, by) => {
            let held = from.holds.get(by).copied();
            state.holds.extend(held.map(|held| (*by, held)));
        }
        Touched::Restriction(_, by) => {
            let kept = from.restrictions.get(by).cloned();
            state.restrictions.extend(kept.map(|kept| (*by, kept)));
        }
        Touched::Quarantine(_) => state.quarantined = from.quarantined,
        Touched::Vanished(_) => state.vanished = from.vanished,
        Touched::Overlaid(_) => state.overlaid = from.overlaid,
        Touched::Reused(_) => state.reused = from.reused,
        Touched::Pin(..) => {}
    }
}
