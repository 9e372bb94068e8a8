//! The layers that a commit changed, each of which one decision can hold.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::Cause;
use domain::{
    Commit, CustomerId, DecisionId, Event, FieldName, Pin, RecordId, RecordState, RuleId,
};

/// A layer over a record or a customer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touched {
    /// A record's corrected field.
    Correction(RecordId, FieldName),
    /// A rule waived for a record.
    Waiver(RecordId, RuleId),
    /// Whether a record is set aside.
    Quarantine(RecordId),
    /// Whether a decision holds a record.
    Hold(RecordId, DecisionId),
    /// Whether a request keeps a record from being used.
    Restriction(RecordId, DecisionId),
    /// What becomes of a record that vanished.
    Vanished(RecordId),
    /// Whose what is delivered of a record is.
    Overlaid(RecordId),
    /// Since when a record is of somebody else.
    Reused(RecordId),
    /// A customer's pinned field.
    Pin(CustomerId, FieldName),
}

/// The layers that the decision of a commit changed.
pub(super) fn by_decision(commit: &Commit) -> BTreeSet<Touched> {
    let of_decision = |cause: Cause| matches!(cause, Cause::Decision(_));
    let is_its = |event: &&Event| match event {
        Event::RecordChanged(changed) => of_decision(changed.cause),
        Event::CustomerChanged(changed) => of_decision(changed.cause),
        _ => false,
    };
    let events: Vec<&Event> = commit.events.iter().filter(is_its).collect();
    // Pins go along with members that move: that is no word about the pin.
    let moves = events.iter().any(|event| match event {
        Event::CustomerChanged(changed) => {
            changed.before.as_ref().is_none_or(|it| it.members != changed.after.members)
        }
        _ => false,
    });
    let touched = events.into_iter().flat_map(of_event);
    touched.filter(|layer| !moves || !matches!(layer, Touched::Pin(..))).collect()
}

/// The layers that an event changed.
pub(super) fn of_event(event: &Event) -> Vec<Touched> {
    match event {
        Event::RecordChanged(changed) => of_record(changed.record, &changed.before, &changed.after),
        Event::CustomerChanged(changed) => {
            let nothing: BTreeMap<FieldName, Pin> = BTreeMap::new();
            let before = changed.before.as_ref().map_or(&nothing, |before| &before.pins);
            let pin = |field| Touched::Pin(changed.customer, field);
            different(before, &changed.after.pins).map(pin).collect()
        }
        _ => Vec::new(),
    }
}

fn of_record(record: RecordId, before: &RecordState, after: &RecordState) -> Vec<Touched> {
    let correction = |field| Touched::Correction(record, field);
    let waiver = |rule| Touched::Waiver(record, rule);
    let corrections = different(&before.corrections, &after.corrections).map(correction);
    let waivers = different(&before.waivers, &after.waivers).map(waiver);
    let hold = |decision| Touched::Hold(record, decision);
    let holds = different(&before.holds, &after.holds).map(hold);
    let restriction = |decision| Touched::Restriction(record, decision);
    let restrictions = different(&before.restrictions, &after.restrictions).map(restriction);
    let layers = corrections.chain(waivers).chain(holds).chain(restrictions);
    let mut touched: Vec<Touched> = layers.collect();
    if before.quarantined != after.quarantined {
        touched.push(Touched::Quarantine(record));
    }
    if before.vanished != after.vanished {
        touched.push(Touched::Vanished(record));
    }
    if before.overlaid != after.overlaid {
        touched.push(Touched::Overlaid(record));
    }
    if before.reused != after.reused {
        touched.push(Touched::Reused(record));
    }
    touched
}

/// The names whose values differ.
fn different<'m, K: Ord + Clone, V: PartialEq>(
    before: &'m BTreeMap<K, V>,
    after: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = K> + 'm {
    let names: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned()
}
