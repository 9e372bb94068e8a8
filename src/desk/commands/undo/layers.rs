//! Layers after an undo: corrections, pins, waivers and quarantines stand only as long as the decision
//! that put them there. What an undo gives back may be of a decision that was itself undone since;
//! then what stood before that one counts. Pins went along with merges, and are looked for where the
//! records are now.

use std::collections::BTreeMap;

use super::commit::{change, commit_of};
use super::dependants;
use crate::commands::command::does_not_apply;
use crate::draft::Draft;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::past::Past;
use crate::redirects;
use crate::standing::{Chain, Imports};
use crate::turned::Turned;
use domain::event::CustomerChanged;
use domain::{
    Commit, Correction, CustomerId, CustomerState, DecisionId, Event, Hold, Pin, RecordId,
    RecordState, Restriction, Sequence, Verdict, Waiver,
};

/// Touches the customers to which the pins of an undone decision went since.
pub(super) fn find_pins(draft: &mut Draft<'_>, id: DecisionId, commit: &Commit) -> Decided<()> {
    let facts = draft.facts();
    for (customer, field, _) in dependants::pins_set(commit) {
        let mut holders: Vec<CustomerId> = facts.view.follow(customer)?.into_iter().collect();
        for record in members_after(commit, customer) {
            if !facts.view.record(record)?.erased {
                holders.push(facts.view.customer_of(record)?);
            }
        }
        holders.sort_unstable();
        holders.dedup();
        for holder in holders {
            let state = draft.customer(holder)?;
            let pin = state.as_ref().and_then(|state| state.pins.get(field));
            if pin.is_some_and(|pin| pin.decision == id) {
                draft.touch_customer(holder)?;
            }
        }
    }
    Ok(())
}

fn members_after(commit: &Commit, customer: CustomerId) -> Vec<RecordId> {
    let changed = commit.events.iter().find_map(|event| match event {
        Event::CustomerChanged(changed) if changed.customer == customer => Some(changed),
        _ => None,
    });
    changed.map(|changed| changed.after.members.clone()).unwrap_or_default()
}

/// Takes away what no standing decision holds up any more, on everything the draft touches.
pub(super) fn drop_undone(draft: &mut Draft<'_>, turned: &Turned) -> Decided<()> {
    let facts = draft.facts();
    let past = Past::after(facts, Sequence::ZERO);
    // Looked up once somebody's record has vanished.
    let mut imports = None;
    for id in draft.touched_records() {
        let mut state = draft.record(id)?;
        keep_standing(facts, turned, &mut state.corrections, |commit, field| {
            record_before(commit, id)?.corrections.get(field).cloned()
        })?;
        keep_standing(facts, turned, &mut state.waivers, |commit, rule| {
            record_before(commit, id)?.waivers.get(rule).cloned()
        })?;
        keep_standing(facts, turned, &mut state.holds, |commit, by| {
            record_before(commit, id)?.holds.get(by).copied()
        })?;
        keep_standing(facts, turned, &mut state.restrictions, |commit, by| {
            record_before(commit, id)?.restrictions.get(by).cloned()
        })?;
        let mut quarantined: BTreeMap<(), DecisionId> =
            state.quarantined.map(|by| ((), by)).into_iter().collect();
        keep_standing(facts, turned, &mut quarantined, |commit, ()| {
            record_before(commit, id)?.quarantined
        })?;
        state.quarantined = quarantined.remove(&());
        by_standing(&past, turned, &mut imports, (id, &mut state))?;
        draft.set_record(id, state)?;
    }
    for id in draft.touched_customers() {
        let Some(state) = draft.customer(id)? else { continue };
        let mut pins = state.pins;
        keep_standing(facts, turned, &mut pins, |commit, field| {
            customer_before(commit, id)?.pins.get(field).cloned()
        })?;
        change(draft, id, |state| state.pins = pins)?;
    }
    Ok(())
}

/// Whose a record is and whether it is there, by the decisions and the imports that stand: an import's own say is
/// no decision's to take back, and no decision brings back what an import said that was undone.
fn by_standing(
    past: &Past<'_>,
    turned: &Turned,
    imports: &mut Option<Imports>,
    (id, state): (RecordId, &mut RecordState),
) -> Decided<()> {
    let facts = past.facts();
    let now = facts.view.record_state(id)?;
    let concerns =
        |it: &RecordState| it.vanished.is_some() || it.overlaid.is_some() || it.reused.is_some();
    if !concerns(state) && !concerns(&now) && !is_decided(facts, turned, id)? {
        return Ok(());
    }
    let verdict = |decision| verdict(facts, turned, decision);
    let imports = known(facts, imports)?;
    let chain = Chain::of(past, id)?;
    let stands = chain.standing(past, imports, &verdict)?;
    if let Some(moot) = stands.moot.iter().find(|it| turned.up.contains(it)) {
        return Err(does_not_apply(format!(
            "{moot} cannot be redone: what it decided about is not delivered any more; redo the import that \
             delivered it first"
        )));
    }
    let is_delivered = stands.latest.is_some();
    if state.vanished.is_some() || now.vanished.is_some() {
        state.vanished = chain.vanished((now.vanished, is_delivered), imports, &verdict)?;
    }
    (state.overlaid, state.reused) = (stands.overlaid, stands.reused);
    Ok(())
}

/// Whether any of those that change sides said whose a record is.
fn is_decided(facts: Facts<'_>, turned: &Turned, id: RecordId) -> Result<bool, DeskError> {
    for decision in turned.up.iter().chain(&turned.down) {
        let task = facts.view.decision(*decision)?.and_then(|entry| entry.task);
        let task = task.map(|task| facts.view.task(task)).transpose()?.flatten();
        let is_its =
            |task: domain::Task| task.kind == domain::TaskKind::Overlay && task.record == Some(id);
        if task.is_some_and(|entry| is_its(entry.task)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn known<'i>(facts: Facts<'_>, imports: &'i mut Option<Imports>) -> Result<&'i Imports, DeskError> {
    Ok(match imports {
        Some(known) => known,
        None => imports.insert(Imports::of(facts)?),
    })
}

/// What a decision said, where it stands once these are turned.
fn verdict(
    facts: Facts<'_>,
    turned: &Turned,
    decision: DecisionId,
) -> Result<Option<Verdict>, DeskError> {
    if !turned.stands(facts.view, decision)? {
        return Ok(None);
    }
    Ok(facts.view.decision(decision)?.map(|entry| entry.verdict))
}

/// A layer that some decision put there.
trait Layer {
    fn decision(&self) -> DecisionId;
}

impl Layer for Correction {
    fn decision(&self) -> DecisionId {
        self.decision
    }
}

impl Layer for Waiver {
    fn decision(&self) -> DecisionId {
        self.decision
    }
}

impl Layer for Hold {
    fn decision(&self) -> DecisionId {
        self.decision
    }
}

impl Layer for Restriction {
    fn decision(&self) -> DecisionId {
        self.decision
    }
}

impl Layer for Pin {
    fn decision(&self) -> DecisionId {
        self.decision
    }
}

impl Layer for DecisionId {
    fn decision(&self) -> DecisionId {
        *self
    }
}

/// In the place of each layer whose decision does not stand comes what was there before it.
fn keep_standing<K: Ord + Clone, L: Layer>(
    facts: Facts<'_>,
    turned: &Turned,
    layers: &mut BTreeMap<K, L>,
    before: impl Fn(&Commit, &K) -> Option<L>,
) -> Decided<()> {
    let names: Vec<K> = layers.keys().cloned().collect();
    for name in names {
        while let Some(layer) = layers.get(&name) {
            let by = layer.decision();
            if turned.stands(facts.view, by)? {
                break;
            }
            match before(&commit_of(facts, by)?, &name) {
                // Each is of an earlier decision, so that this comes to an end.
                Some(earlier) if earlier.decision() < by => layers.insert(name.clone(), earlier),
                _ => layers.remove(&name),
            };
        }
    }
    Ok(())
}

fn record_before(commit: &Commit, id: RecordId) -> Option<&RecordState> {
    commit.events.iter().find_map(|event| match event {
        Event::RecordChanged(changed) if changed.record == id => Some(&changed.before),
        _ => None,
    })
}

fn customer_before(commit: &Commit, id: CustomerId) -> Option<&CustomerState> {
    commit.events.iter().find_map(|event| match event {
        Event::CustomerChanged(changed) if changed.customer == id => changed.before.as_ref(),
        _ => None,
    })
}

/// Where the pins are to be given back that a decision changed on a customer: to itself while it is
/// live; where it was merged away since, to whoever has its records now.
pub(super) fn heir(
    draft: &Draft<'_>,
    changed: &CustomerChanged,
) -> Result<Option<CustomerId>, DeskError> {
    if draft.customer(changed.customer)?.is_some_and(|state| state.is_live()) {
        return Ok(Some(changed.customer));
    }
    let was_live = changed.before.as_ref().is_some_and(CustomerState::is_live);
    match was_live && changed.after.is_live() {
        true => redirects::most(draft, &changed.after.members),
        // Its pins came and went with its records.
        false => Ok(None),
    }
}
