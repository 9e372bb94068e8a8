//! Which later decisions build on one that is undone.

use std::collections::{BTreeMap, BTreeSet};

use super::commit::commit_of;
use super::granted;
use super::touched::{self, Touched};
use crate::describe;
use crate::error::Decided;
use crate::facts::Facts;
use crate::requests::half_done;
use crate::turned::Turned;
use domain::event::Cause;
use domain::{
    Commit, CustomerId, Decision, DecisionId, Event, FieldName, Pin, RecordId, TaskKind, TaskState,
    Verdict,
};
use door::Dependant;

/// The standing decisions made after those in `undone` that build on one of them, latest first. Of grants
/// they are found merge by merge (`granted.rs`).
pub(super) fn of(facts: Facts<'_>, undone: &BTreeSet<DecisionId>) -> Decided<Vec<Dependant>> {
    let mut found: BTreeMap<DecisionId, Decision> = BTreeMap::new();
    for id in undone {
        if granted::is_grant(facts, *id)? {
            continue;
        }
        let commit = commit_of(facts, *id)?;
        for later in answers_to_question(facts, &commit, *id)? {
            if !undone.contains(&later.id) {
                found.insert(later.id, later);
            }
        }
        let effect = Effect::of(&commit);
        for later in effect.later_decisions(facts, &commit)? {
            if !undone.contains(&later.id) && effect.is_built_on_by(&later, facts)? {
                found.insert(later.id, later);
            }
        }
    }
    // A request that is closed rests on its steps, whatever they changed.
    let turned = Turned::by(facts.view, undone.iter().rev().copied())?;
    for half in half_done(facts, &turned)? {
        if !turned.up.contains(&half.closing) {
            found.insert(half.closing, facts.decision(half.closing)?);
        }
    }
    let lines = found
        .values()
        .rev()
        .map(|decision| Dependant { decision: decision.id, summary: describe::decision(decision) });
    Ok(lines.collect())
}

/// The standing decisions on the task that this one opened to ask something: without the question there would
/// be no task.
fn answers_to_question(
    facts: Facts<'_>,
    commit: &Commit,
    asked: DecisionId,
) -> Decided<Vec<Decision>> {
    let task = commit.events.iter().find_map(|event| match event {
        // What was said of a proposal, or of a decision that did not wait, does not build on it.
        Event::TaskChanged(changed) if changed.after.kind == TaskKind::Approval => None,
        Event::TaskChanged(changed) if changed.before.is_none() => match changed.after.state {
            TaskState::Escalated { decision, .. } if decision == asked => Some(changed.task),
            _ => None,
        },
        _ => None,
    });
    let Some(task) = task else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (id, entry) in facts.view.decisions()? {
        let decides = id != asked && entry.verdict != Verdict::Comment;
        if decides && entry.task == Some(task) && entry.stands() {
            found.push(facts.decision(id)?);
        }
    }
    Ok(found)
}

/// The standing decisions after a commit about anything that it touched.
pub(super) fn later_decisions(facts: Facts<'_>, commit: &Commit) -> Decided<Vec<Decision>> {
    Effect::of(commit).later_decisions(facts, commit)
}

/// What a commit changed.
pub(super) struct Effect {
    customers: BTreeSet<CustomerId>,
    records: BTreeSet<RecordId>,
    moved: BTreeSet<RecordId>,
    fields: BTreeSet<String>,
    layers: BTreeSet<Touched>,
}

impl Effect {
    pub(super) fn of(commit: &Commit) -> Effect {
        let mut effect = Effect {
            customers: BTreeSet::new(),
            records: BTreeSet::new(),
            moved: BTreeSet::new(),
            fields: BTreeSet::new(),
            layers: BTreeSet::new(),
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
                    effect.fields.extend(
                        set.chain(&made.decision.cleared)
                            .chain(&made.decision.withdrawn)
                            .map(ToString::to_string),
                    );
                }
                _ => {}
            }
        }
        effect.layers = touched::by_decision(commit);
        effect
    }

    /// The standing decisions after `commit` in the chains of what it touched.
    pub(super) fn later_decisions(
        &self,
        facts: Facts<'_>,
        commit: &Commit,
    ) -> Decided<Vec<Decision>> {
        let mut links = Vec::new();
        for customer in &self.customers {
            if facts.view.customer_touched(*customer)? > Some(commit.sequence) {
                links.extend(facts.customer_chain(*customer)?);
            }
        }
        for record in &self.records {
            links.extend(facts.record_chain(*record)?);
        }
        links.retain(|link| link.sequence > commit.sequence);
        let mut later = BTreeMap::new();
        for decision in links.into_iter().filter_map(|link| link.decision) {
            if facts.view.decision(decision.id)?.is_some_and(|entry| entry.stands()) {
                later.insert(decision.id, decision);
            }
        }
        Ok(later.into_values().collect())
    }

    /// Whether a later decision rests on this one's outcome: it moved records of a customer this
    /// one composed, spoke of moved and unmoved records as one, took a value from a moved record,
    /// set the same field of the same thing, or changed the same layer: who undoes an undo must not
    /// pass over what was decided in its place.
    pub(super) fn is_built_on_by(&self, later: &Decision, facts: Facts<'_>) -> Decided<bool> {
        if later.verdict == Verdict::Undo {
            return Ok(false);
        }
        let theirs = commit_of(facts, later.id)?;
        let effect = Effect::of(&theirs);
        let same_field = effect.fields.intersection(&self.fields).next().is_some()
            && (effect.records.intersection(&self.records).next().is_some()
                || effect.customers.intersection(&self.customers).next().is_some());
        let same_layer = effect.layers.intersection(&self.layers).next().is_some();
        if self.moved.is_empty() {
            return Ok(same_field || same_layer);
        }
        let spoke_as_one = later.groups.iter().any(|group| {
            let moved = group.records.iter().filter(|record| self.moved.contains(record)).count();
            moved > 0 && moved < group.records.len()
        });
        let rests = spoke_as_one || self.lent_to(&theirs) || self.was_pinned_by(&theirs);
        Ok(same_field || same_layer || !effect.moved.is_empty() || rests)
    }

    /// A value was pinned on a customer as this decision had composed it.
    fn was_pinned_by(&self, commit: &Commit) -> bool {
        pins_set(commit).any(|(customer, _, _)| self.customers.contains(&customer))
    }

    /// A value was pinned that came from a record this decision moved.
    fn lent_to(&self, commit: &Commit) -> bool {
        pins_set(commit).any(|(_, _, pin)| pin.record.is_some_and(|it| self.moved.contains(&it)))
    }
}

/// The pins that the decision of a commit set, each with its customer and field.
pub(super) fn pins_set(commit: &Commit) -> impl Iterator<Item = (CustomerId, &FieldName, &Pin)> {
    let changed = commit.events.iter().filter_map(|event| match event {
        Event::CustomerChanged(changed) if matches!(changed.cause, Cause::Decision(_)) => {
            Some(changed)
        }
        _ => None,
    });
    changed.flat_map(|changed| {
        let before = changed.before.as_ref().map(|before| &before.pins);
        let is_new = move |field: &FieldName, pin: &Pin| {
            before.and_then(|pins| pins.get(field)) != Some(pin)
        };
        let pins = changed.after.pins.iter().filter(move |(field, pin)| is_new(field, pin));
        pins.map(|(field, pin)| (changed.customer, field, pin))
    })
}
