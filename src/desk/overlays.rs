//! Deliveries that make somebody else of a record: how one is judged, and what became of a record by the imports and
//! decisions that stand.

use std::rc::Rc;

use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::past::Past;
use crate::standing::Imports;
use domain::event::{Cause, RecordChanged, RecordRevised};
use domain::{
    Commit, DecisionId, Event, ImportId, Overlaid, RecordBody, RecordId, RecordState,
    RevisionPlace, Sequence, Values, Verdict,
};
use matching::{IdentityChange, identity_change, is_named_alike};
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

/// What was delivered of a record is read in another way: where it is no longer somebody else's so, nothing is held
/// back. Nothing was delivered, so that nothing is held back either that was not. Gives what is in force.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn read_again(
    draft: &mut Draft<'_>,
    record: RecordId,
    body: &RecordBody,
) -> Result<Option<RevisionPlace>, DeskError> {
    let facts = draft.facts();
    let state = draft.record(record)?;
    let Some(overlaid) = state.overlaid else { return Ok(None) };
    let former = facts.revised(record, place_of(overlaid.former))?.body.values;
    let is_another = differs(facts, &state, &former, &body.values)?.is_some();
    lay(draft, record, Some(overlaid).filter(|_| is_another))?;
    Ok(draft.record(record)?.in_force())
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
fn differs(
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
    let after = facts.delivered(record)?.body.values;
    let change = identity_change(facts.settings, &before, &after);
    Ok(change.into_iter().flat_map(|change| change.says).map(ToOwned::to_owned).collect())
}

/// Where a revision stands.
pub(crate) fn place_of(revision: RevisionPlace) -> Place {
    let index = u16::try_from(revision.event).unwrap_or(u16::MAX);
    Place { sequence: revision.commit, index }
}

/// What a commit says of a record.
struct Step {
    revised: Option<(Place, RecordRevised)>,
    changed: Option<RecordChanged>,
}

impl Step {
    fn of(commit: &Commit, record: RecordId) -> Step {
        let mut step = Step { revised: None, changed: None };
        for (index, event) in commit.events.iter().enumerate() {
            match event {
                Event::RecordRevised(revised) if revised.record == record => {
                    let index = u16::try_from(index).unwrap_or(u16::MAX);
                    let place = Place { sequence: commit.sequence, index };
                    step.revised = Some((place, revised.clone()));
                }
                Event::RecordChanged(changed) if changed.record == record => {
                    step.changed = Some(changed.clone());
                }
                _ => {}
            }
        }
        step
    }
}

/// What delivered somebody else of a record, and what was decided of it, by the imports and decisions that stand: its
/// revisions are gone through from the first. `now`: as the layers are, or as an undo would have them.
///
/// # Errors
/// When the store or the ledger is damaged, and what `stands` fails with.
pub(crate) fn standing(
    past: &Past<'_>,
    record: RecordId,
    imports: &Imports,
    stands: &dyn Fn(DecisionId) -> Result<Option<Verdict>, DeskError>,
) -> Result<Option<Overlaid>, DeskError> {
    let mut steps = Vec::new();
    past.each_touch(record, &mut |commit| {
        steps.push(Step::of(commit, record));
        Ok(true)
    })?;
    let mut replay = Replay { facts: past.facts(), base: None, latest: None, layer: None };
    let mut recorded = None;
    for Step { revised, changed } in steps.into_iter().rev() {
        if let Some(changed) = &changed {
            recorded = changed.after.overlaid;
        }
        if let Some((place, revised)) = revised
            && imports.stands(revised.reread.unwrap_or(revised.import))
        {
            replay.delivered(place, revised, recorded)?;
        }
        if let Some(changed) = changed
            && let Cause::Decision(by) = changed.cause
            && stands(by)?.is_some_and(|verdict| verdict != Verdict::Undo)
        {
            replay.decided(by, &changed);
        }
    }
    Ok(replay.layer)
}

/// A revision as it is gone through.
type Seen = (RevisionPlace, Rc<RecordRevised>);

struct Replay<'a> {
    facts: Facts<'a>,
    /// The last of which nobody doubts whose it is.
    base: Option<Seen>,
    latest: Option<Seen>,
    layer: Option<Overlaid>,
}

impl Replay<'_> {
    /// A revision came. `recorded`: how it was judged then, by what was in force then.
    fn delivered(
        &mut self,
        place: Place,
        revised: RecordRevised,
        recorded: Option<Overlaid>,
    ) -> Result<(), DeskError> {
        let at = RevisionPlace {
            commit: place.sequence,
            event: u32::from(place.index),
            revision: revised.revision,
        };
        let seen: Seen = (at, Rc::new(revised));
        let before = self.latest.replace(seen.clone());
        let is_overlay = match (&self.base, recorded, self.layer) {
            (Some((former, _)), Some(recorded), _) if recorded.former == *former => true,
            (None, ..) | (_, None, None) => false,
            (Some((_, former)), ..) => {
                let (former, now) = (&former.body.values, &seen.1.body.values);
                identity_change(self.facts.settings, former, now).is_some()
            }
        };
        let Some((former, _)) = self.base.as_ref().filter(|_| is_overlay) else {
            (self.base, self.layer) = (Some(seen), None);
            return Ok(());
        };
        let known = self.layer.filter(|_| {
            before.is_some_and(|(_, before)| {
                is_named_alike(self.facts.settings, &before.body.values, &seen.1.body.values)
            })
        });
        let decision = known.and_then(|known| known.decision);
        // What a decision held that no longer stands was held by nothing else.
        let by_policy = match (recorded, self.layer) {
            (Some(recorded), Some(layer)) if recorded.decision.is_some() => Some(layer),
            (recorded, layer) => recorded.or(layer),
        };
        let held = by_policy.is_some_and(|layer| layer.held) || decision.is_some();
        let import = known.or(recorded).map_or(seen.1.import, |layer| layer.import);
        self.layer = Some(Overlaid { former: *former, import, held, decision });
        Ok(())
    }

    /// Somebody decided whose it is.
    fn decided(&mut self, by: DecisionId, changed: &RecordChanged) {
        match (changed.before.overlaid, changed.after.overlaid) {
            (Some(_), None) if self.layer.take().is_some() => {
                self.base = self.latest.clone();
            }
            (_, Some(after)) if after.decision == Some(by) => {
                if let Some(layer) = &mut self.layer {
                    (layer.held, layer.decision) = (true, Some(by));
                }
            }
            _ => {}
        }
    }
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
