//! Undo: everything as it was before, exactly, at any age.
//!
//! A decision's own commit says what it changed, before and after. Undo moves every record back to
//! the customer it had then from wherever it is now, restores pins and layers that are still as
//! the decision left them, and reopens its task. What came later and does not build on the
//! decision stays. Undoing an undo is redo, by the same means.

use std::collections::{BTreeMap, BTreeSet};

use super::{Command, does_not_apply, unknown};
use crate::desk::describe;
use crate::desk::draft::Draft;
use crate::desk::error::{Decided, DeskError};
use crate::desk::facts::Facts;
use crate::desk::refusal::{Dependant, Refusal};
use crate::domain::event::{Cause, CustomerChanged, RecordChanged, TaskChanged};
use crate::domain::{
    Commit, CustomerId, CustomerState, Decision, DecisionId, Event, RecordId, Standing, Subject,
    TaskState, Verdict,
};

pub(super) fn decide(
    command: &mut Command<'_, '_>,
    decisions: &[DecisionId],
    with_dependents: bool,
) -> Decided<()> {
    let facts = command.facts;
    let mut undone: BTreeSet<DecisionId> = decisions.iter().copied().collect();
    if undone.is_empty() {
        return Err(does_not_apply("there is no decision to undo"));
    }
    for id in &undone {
        let entry = facts.view.decision(*id)?.ok_or_else(|| unknown(id))?;
        if let Some(by) = entry.undone_by {
            return Err(does_not_apply(format!("{id} was undone by {by} already")));
        }
    }
    loop {
        let on = dependants(facts, &undone)?;
        if on.is_empty() {
            break;
        }
        if !with_dependents {
            return Err(Refusal::DependedOn { on }.into());
        }
        undone.extend(on.iter().map(|dependant| dependant.decision));
    }
    for id in undone.iter().rev() {
        let commit = commit_of(facts, *id)?;
        refuse_erased(facts, *id, &commit)?;
        reverse(&mut command.draft, &commit)?;
        command.decision.reverses.push(*id);
    }
    command.decision.subjects = undone.iter().rev().copied().map(Subject::Decision).collect();
    Ok(())
}

fn commit_of(facts: Facts<'_>, id: DecisionId) -> Decided<Commit> {
    let entry = facts.view.decision(id)?.ok_or_else(|| unknown(&id))?;
    Ok(facts.commit(entry.place.sequence)?)
}

/// What was decided about somebody who was erased stays as it is: nobody can bring them back.
fn refuse_erased(facts: Facts<'_>, id: DecisionId, commit: &Commit) -> Decided<()> {
    let cause = Cause::Decision(id);
    let (mut customers, mut records) = (BTreeSet::new(), BTreeSet::new());
    for event in &commit.events {
        match event {
            Event::CustomerChanged(changed) if changed.cause == cause => {
                customers.insert(changed.customer);
            }
            Event::RecordChanged(changed) if changed.cause == cause => {
                records.insert(changed.record);
            }
            Event::DecisionMade(made) if made.decision.id == id => {
                records.extend(made.decision.groups.iter().flat_map(|group| &group.records));
            }
            _ => {}
        }
    }
    for customer in customers {
        if facts.view.erased_in(customer)?.is_some() {
            return Err(erased_with(facts, id, customer)?);
        }
    }
    for record in records {
        let row = facts.view.record(record)?;
        if row.erased {
            return Err(erased_with(facts, id, row.customer)?);
        }
    }
    Ok(())
}

fn erased_with(
    facts: Facts<'_>,
    id: DecisionId,
    customer: CustomerId,
) -> Result<crate::desk::error::Stop, DeskError> {
    Ok(match facts.no_customer(customer)? {
        Refusal::Erased { at, reason, .. } => {
            Refusal::Erased { subject: format!("{id} is about {customer}, who"), at, reason }.into()
        }
        // A record of theirs stood with others who stay.
        _ => does_not_apply(format!("{id} is about records that were erased")),
    })
}

/// Takes one decision's changes back, in the draft.
fn reverse(draft: &mut Draft<'_>, commit: &Commit) -> Result<(), DeskError> {
    let mut customers = Vec::new();
    for event in &commit.events {
        match event {
            Event::CustomerChanged(changed) => customers.push(changed),
            Event::RecordChanged(changed) => layers_back(draft, changed)?,
            Event::TaskChanged(changed) => task_back(draft, changed)?,
            _ => {}
        }
    }
    records_back(draft, &customers)?;
    customers.iter().try_for_each(|changed| standing_and_pins_back(draft, changed))
}

/// Moves every record the decision moved back to the customer it had before.
fn records_back(draft: &mut Draft<'_>, changes: &[&CustomerChanged]) -> Result<(), DeskError> {
    let mut home = BTreeMap::new();
    let mut moved_to = BTreeMap::new();
    for changed in changes {
        draft.touch_customer(changed.customer)?;
        for record in changed.before.iter().flat_map(|before| &before.members) {
            home.insert(*record, changed.customer);
        }
        for record in &changed.after.members {
            moved_to.insert(*record, changed.customer);
        }
    }
    for (record, home) in home {
        if moved_to.get(&record) != Some(&home) {
            let now_at = customer_of(draft, record)?;
            change(draft, now_at, |state| state.members.retain(|member| *member != record))?;
            change(draft, home, |state| {
                state.standing = Standing::Live;
                state.members.push(record);
                state.members.sort_unstable();
                state.members.dedup();
            })?;
        }
    }
    Ok(())
}

fn customer_of(draft: &Draft<'_>, record: RecordId) -> Result<CustomerId, DeskError> {
    let planned = draft.planned_customers().find(|(_, state)| state.members.contains(&record));
    match planned {
        Some((id, _)) => Ok(id),
        None => Ok(draft.facts().view.record(record)?.customer),
    }
}

fn change(
    draft: &mut Draft<'_>,
    id: CustomerId,
    with: impl FnOnce(&mut CustomerState),
) -> Result<(), DeskError> {
    if let Some(mut state) = draft.customer(id)? {
        with(&mut state);
        draft.set_customer(id, state)?;
    }
    Ok(())
}

fn standing_and_pins_back(
    draft: &mut Draft<'_>,
    changed: &CustomerChanged,
) -> Result<(), DeskError> {
    let nothing = BTreeMap::new();
    let before = changed.before.as_ref().map_or(&nothing, |before| &before.pins);
    let emptied = match changed.before.as_ref().map(|before| before.standing) {
        Some(Standing::Merged { into }) => Standing::Merged { into },
        _ => Standing::Vacant,
    };
    change(draft, changed.customer, |state| {
        restore(&mut state.pins, before, &changed.after.pins);
        if state.members.is_empty() && state.is_live() {
            state.standing = emptied;
            state.pins.clear();
        }
    })
}

fn layers_back(draft: &mut Draft<'_>, changed: &RecordChanged) -> Result<(), DeskError> {
    let mut state = draft.record(changed.record)?;
    restore(&mut state.corrections, &changed.before.corrections, &changed.after.corrections);
    restore(&mut state.waivers, &changed.before.waivers, &changed.after.waivers);
    draft.set_record(changed.record, state)
}

/// Entries that are still as `after` left them become as `before` had them.
fn restore<K: Ord + Clone, V: PartialEq + Clone>(
    now: &mut BTreeMap<K, V>,
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) {
    let names: BTreeSet<K> = before.keys().chain(after.keys()).cloned().collect();
    for name in names {
        if before.get(&name) != after.get(&name) && now.get(&name) == after.get(&name) {
            match before.get(&name) {
                Some(value) => now.insert(name, value.clone()),
                None => now.remove(&name),
            };
        }
    }
}

fn task_back(draft: &mut Draft<'_>, changed: &TaskChanged) -> Result<(), DeskError> {
    let Some(mut now) = draft.task(changed.task)? else { return Ok(()) };
    match &changed.before {
        // The decision opened it. Ids are never taken back, so it is settled.
        None if now.state.is_pending() => {
            now.state = TaskState::Settled;
            draft.set_task(now)
        }
        None => Ok(()),
        Some(before) if now == changed.after || !now.state.is_pending() => {
            draft.set_task(before.clone())
        }
        Some(_) => Ok(()),
    }
}

/// The standing decisions made after those in `undone` that build on one of them, latest first.
fn dependants(facts: Facts<'_>, undone: &BTreeSet<DecisionId>) -> Decided<Vec<Dependant>> {
    let mut found: BTreeMap<DecisionId, Decision> = BTreeMap::new();
    for id in undone {
        let commit = commit_of(facts, *id)?;
        let effect = Effect::of(&commit);
        for later in effect.later_decisions(facts, &commit)? {
            let stands = facts.view.decision(later.id)?.is_some_and(|entry| entry.stands());
            if stands && !undone.contains(&later.id) && effect.is_built_on_by(&later, facts)? {
                found.insert(later.id, later);
            }
        }
    }
    let lines = found
        .values()
        .rev()
        .map(|decision| Dependant { decision: decision.id, summary: describe::decision(decision) });
    Ok(lines.collect())
}

/// What a commit changed.
struct Effect {
    customers: BTreeSet<CustomerId>,
    records: BTreeSet<RecordId>,
    moved: BTreeSet<RecordId>,
    fields: BTreeSet<String>,
}

impl Effect {
    fn of(commit: &Commit) -> Effect {
        let mut effect = Effect {
            customers: BTreeSet::new(),
            records: BTreeSet::new(),
            moved: BTreeSet::new(),
            fields: BTreeSet::new(),
        };
        for event in &commit.events {
            match event {
                Event::CustomerChanged(changed) => {
                    effect.customers.insert(changed.customer);
                    let before: BTreeSet<_> =
                        changed.before.iter().flat_map(|state| &state.members).collect();
                    let after: BTreeSet<_> = changed.after.members.iter().collect();
                    effect.moved.extend(before.symmetric_difference(&after).copied());
                }
                Event::RecordChanged(changed) => {
                    effect.records.insert(changed.record);
                }
                Event::DecisionMade(made) => {
                    let set = made.decision.values.iter().map(|(field, _)| field);
                    effect
                        .fields
                        .extend(set.chain(&made.decision.withdrawn).map(ToString::to_string));
                }
                _ => {}
            }
        }
        effect
    }

    /// The decisions after `commit` in the chains of what it touched.
    fn later_decisions(&self, facts: Facts<'_>, commit: &Commit) -> Decided<Vec<Decision>> {
        let mut links = Vec::new();
        for customer in &self.customers {
            links.extend(facts.customer_chain(*customer)?);
        }
        for record in &self.records {
            links.extend(facts.record_chain(*record)?);
        }
        links.retain(|link| link.sequence > commit.sequence);
        Ok(links.into_iter().filter_map(|link| link.decision).collect())
    }

    /// Whether a later decision rests on this one's outcome: it moved records of a customer this
    /// one composed, spoke of moved and unmoved records as one, took a value from a moved record,
    /// or set the same field of the same thing.
    fn is_built_on_by(&self, later: &Decision, facts: Facts<'_>) -> Decided<bool> {
        if later.verdict == Verdict::Undo {
            return Ok(false);
        }
        let theirs = commit_of(facts, later.id)?;
        let effect = Effect::of(&theirs);
        let same_field = effect.fields.intersection(&self.fields).next().is_some()
            && (effect.records.intersection(&self.records).next().is_some()
                || effect.customers.intersection(&self.customers).next().is_some());
        if self.moved.is_empty() {
            return Ok(same_field);
        }
        let spoke_as_one = later.groups.iter().any(|group| {
            let moved = group.records.iter().filter(|record| self.moved.contains(record)).count();
            moved > 0 && moved < group.records.len()
        });
        Ok(same_field || spoke_as_one || !effect.moved.is_empty() || self.lent_to(&theirs))
    }

    fn lent_to(&self, commit: &Commit) -> bool {
        let decided = |changed: &CustomerChanged| matches!(changed.cause, Cause::Decision(_));
        commit.events.iter().any(|event| match event {
            Event::CustomerChanged(changed) if decided(changed) => {
                let before = changed.before.as_ref().map(|before| &before.pins);
                changed.after.pins.iter().any(|(field, pin)| {
                    before.and_then(|pins| pins.get(field)) != Some(pin)
                        && pin.record.is_some_and(|record| self.moved.contains(&record))
                })
            }
            _ => false,
        })
    }
}
