//! Deliveries that make somebody else of a record: how one is judged. What became of a record by the imports and
//! decisions that stand: `standing`.

use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::past::Past;
use crate::standing::{Chain, Imports};
use domain::{
    DecisionId, ImportId, Overlaid, RecordBody, RecordId, RecordState, RevisionPlace, Sequence,
    Values,
};
use matching::{IdentityChange, identity_change, is_named_alike, names_somebody};
use settings::OverlayPolicy;
use store::Place;

/// Judges what is delivered of a record; none where it is of the same customer, or nobody wants to know.
///
/// It is judged against the last revision that nobody doubted, not against what is held back: whoever delivers a third
/// person is no better, and the former one again is right.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn judge(
    facts: Facts<'_>,
    record: RecordId,
    (import, body): (ImportId, &RecordBody),
) -> Result<Option<Overlaid>, DeskError> {
    let policy = facts.settings.policy.overlay;
    if policy == OverlayPolicy::Off {
        return Ok(None);
    }
    let row = facts.view.record(record)?;
    let state = if row.touched { facts.view.record_state(record)? } else { RecordState::default() };
    let former = match &state.overlaid {
        Some(overlaid) => overlaid.former,
        None => RevisionPlace {
            commit: row.body.sequence,
            event: u32::from(row.body.index),
            revision: u32::from(row.revision),
        },
    };
    let before = match &state.overlaid {
        Some(overlaid) => facts.revised(record, place_of(overlaid.former))?.body.values,
        None => facts.body(record)?.values,
    };
    let before = naming(facts, record, before)?;
    if differs(facts, &state, &before, &body.values)?.is_none() {
        return Ok(None);
    }
    let held = policy == OverlayPolicy::Hold;
    let Some(known) = state.overlaid else {
        return Ok(Some(Overlaid { former, import, held, decision: None }));
    };
    // The same somebody, perhaps at another address: that was asked, or answered, before.
    let latest = facts.delivered(record)?.body.values;
    let is_known = is_named_alike(facts.settings, &latest, &body.values);
    let import = if is_known { known.import } else { import };
    let decision = known.decision.filter(|_| is_known);
    Ok(Some(Overlaid { former, import, held: held || decision.is_some(), decision }))
}

/// Plans whose a record is, if that changes.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn lay(
    draft: &mut Draft<'_>,
    record: RecordId,
    overlaid: Option<Overlaid>,
) -> Result<(), DeskError> {
    let mut state = draft.record(record)?;
    // Where something is held back, the commit says so, be it held back already: whoever reads it needs no more.
    if state.overlaid != overlaid || overlaid.is_some() {
        state.overlaid = overlaid;
        draft.set_record(record, state)?;
    }
    Ok(())
}

/// Whether what is delivered of a record is still of somebody else, read in another way: nothing was delivered, so that
/// nothing is held back either that was not.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn is_another_still(
    facts: Facts<'_>,
    record: RecordId,
    former: Values,
    delivered: &Values,
) -> Result<bool, DeskError> {
    let state = facts.view.record_state(record)?;
    let former = naming(facts, record, former)?;
    Ok(differs(facts, &state, &former, delivered)?.is_some())
}

/// Whether a record is closed, and what was delivered of it is held back.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn is_closed_and_held(draft: &Draft<'_>, record: RecordId) -> Result<bool, DeskError> {
    let state = draft.record(record)?;
    Ok(state.is_closed() && state.in_force().is_some())
}

/// What says that a record is of somebody else than before, neither as delivered nor as corrected the same.
///
/// # Errors
/// When a correction cannot be read.
pub(crate) fn differs(
    facts: Facts<'_>,
    state: &RecordState,
    before: &Values,
    after: &Values,
) -> Result<Option<IdentityChange>, DeskError> {
    let Some(change) = identity_change(facts.settings, before, after) else { return Ok(None) };
    if state.corrections.is_empty() {
        return Ok(Some(change));
    }
    // A correction that the source has made its own.
    let corrected = facts.corrected(before.clone(), state)?;
    Ok(identity_change(facts.settings, &corrected, after))
}

/// What says that what was delivered last of a record is of somebody else: the words of comparisons.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn says(facts: Facts<'_>, record: RecordId) -> Result<Vec<String>, DeskError> {
    let state = facts.view.record_state(record)?;
    let Some(overlaid) = state.overlaid else { return Ok(Vec::new()) };
    let before = facts.revised(record, place_of(overlaid.former))?.body.values;
    let before = naming(facts, record, before)?;
    let after = facts.delivered(record)?.body.values;
    let change = identity_change(facts.settings, &before, &after);
    Ok(change.into_iter().flat_map(|change| change.says).map(ToOwned::to_owned).collect())
}

/// The values of a record that say whose it is: `values`, which nobody doubts, or where they name nobody those of the
/// last revision before that did.
fn naming(facts: Facts<'_>, record: RecordId, values: Values) -> Result<Values, DeskError> {
    if names_somebody(facts.settings, &values) {
        return Ok(values);
    }
    let past = Past::after(facts, Sequence::ZERO);
    let stands = |id: DecisionId| -> Result<_, DeskError> {
        let entry = facts.view.decision(id)?.filter(store::DecisionEntry::stands);
        Ok(entry.map(|entry| entry.verdict))
    };
    let standing = Chain::of(&past, record)?.standing(&past, &Imports::of(facts)?, &stands)?;
    Ok(standing.judged_against(facts).map_or(values, |named| named.revised.body.values.clone()))
}

/// Where a revision stands.
pub(crate) fn place_of(revision: RevisionPlace) -> Place {
    let index = u16::try_from(revision.event).unwrap_or(u16::MAX);
    Place { sequence: revision.commit, index }
}

/// Whether a decision on a record was made before what was delivered last came: what the delivery would have ended
/// ends once it is in force.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn is_older_than_delivery(
    facts: Facts<'_>,
    decision: DecisionId,
    delivered: Sequence,
) -> Result<bool, DeskError> {
    Ok(facts.view.decision(decision)?.is_some_and(|entry| entry.place.sequence < delivered))
}
