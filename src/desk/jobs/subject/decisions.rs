//! What people decided about the person.
//!
//! A decision is often about several persons. Then its note and its values may tell of the others,
//! and nobody but a person can say whether they do: both are left out, and that they are is said.

use std::collections::BTreeSet;

use super::person::Person;
use super::records::revised_values;
use crate::answers::comments;
use crate::approvals::request_of;
use crate::error::DeskError;
use crate::export::{DecisionHeld, RevisedValue};
use crate::facts::missing;
use crate::past::Past;
use domain::event::{Cause, DecisionMade};
use domain::{
    Commit, CustomerId, Decision, DecisionId, Event, FieldName, RecordId, Sequence, Subject, Until,
};
use door::{Action, Pick};

/// By id, and so earliest first.
pub(super) fn about(person: &Person<'_>) -> Result<Vec<DecisionHeld>, DeskError> {
    let mut held = Vec::new();
    for id in candidates(person)? {
        held.extend(one(person, id)?);
    }
    Ok(held)
}

/// Every decision that may be about the person.
fn candidates(person: &Person<'_>) -> Result<BTreeSet<DecisionId>, DeskError> {
    let view = person.facts.view;
    let links = person.record_links.iter().flatten().chain(&person.customer_links);
    let mut ids: BTreeSet<DecisionId> =
        links.filter_map(|link| link.decision.as_ref()).map(|decision| decision.id).collect();
    for member in &person.members {
        ids.extend(view.decisions_of(member.id)?.into_iter().map(|(id, _)| id));
    }
    ids.extend(comments::every(person.facts, &[person.customer])?);
    for task in super::tasks::of(person)? {
        let links = person.facts.task_chain(task.id)?;
        ids.extend(links.into_iter().filter_map(|link| link.decision).map(|it| it.id));
    }
    Ok(ids)
}

fn one(person: &Person<'_>, id: DecisionId) -> Result<Option<DecisionHeld>, DeskError> {
    let facts = person.facts;
    let entry = facts.view.decision(id)?.ok_or_else(|| missing(format!("decision {id}")))?;
    let commit = facts.commit(entry.place.sequence)?;
    let Some(Event::DecisionMade(made)) = commit.events.get(usize::from(entry.place.index)) else {
        return Ok(None);
    };
    let DecisionMade { decision, role, .. } = made;
    let records = involved(person, &commit, decision)?;
    let names_them = decision.subjects.iter().any(|subject| match subject {
        Subject::Customer(id) => person.ids.contains(id),
        _ => false,
    });
    let records_then: BTreeSet<RecordId> =
        records.iter().copied().filter(|record| person.had(*record, id)).collect();
    // A commit may settle a task of theirs and be about somebody else.
    if !names_them && !records.iter().any(|record| person.had(*record, id)) {
        return Ok(None);
    }
    let mut others: BTreeSet<CustomerId> = BTreeSet::new();
    // A grant is about many people who have nothing to do with one another.
    let with_them = |record: &&RecordId| {
        let mut groups = decision.groups.iter().map(|group| &group.records);
        decision.grant.is_none()
            || groups.any(|it| it.contains(record) && it.iter().any(|own| person.had(*own, id)))
    };
    for record in records.iter().filter(|record| !person.had(**record, id)).filter(with_them) {
        others.insert(facts.view.customer_of(*record)?);
    }
    let own = others.is_empty() && !person.is_about_two(id);
    let glass = decision.broken_glass.as_ref().map(|glass| &glass.reason);
    let glass = glass.filter(|reason| !reason.is_empty());
    let proposed = proposed(decision);
    let tells = decision.note.is_some()
        || decision.request.is_some()
        || !decision.values.is_empty()
        || !proposed.is_empty()
        || glass.is_some();
    let values = if own { revised_values(facts.settings, &decision.values) } else { Vec::new() };
    Ok(Some(DecisionHeld {
        decision: id,
        at: commit.at,
        actor: commit.actor.person.clone(),
        role: role.clone(),
        verdict: decision.verdict.name(),
        records: records_then.iter().filter_map(|record| person.address(*record)).collect(),
        others: others.into_iter().collect(),
        reason: decision.reason.clone(),
        note: decision.note.clone().filter(|_| own),
        request: decision.request.as_deref().filter(|_| own).cloned(),
        values,
        proposed: if own { proposed } else { Vec::new() },
        broken_glass: glass.filter(|_| own).cloned(),
        withheld: tells && !own,
        cleared: decision.cleared.clone(),
        withdrawn: decision.withdrawn.clone(),
        rules: decision.rules.clone(),
        score: decision.score,
        until: decision.until.map(|until| match until {
            Until::Time(time) => time.to_string(),
            Until::DataChanges => "data changes".to_owned(),
        }),
        asked: decision.asked().cloned(),
        task: decision.task,
        bulk: decision.bulk,
        reverses: decision.reverses.clone(),
        undone_by: entry.undone_by,
    }))
}

/// The values that a proposal would set, as they were typed: they stand nowhere but in its request.
fn proposed(decision: &Decision) -> Vec<RevisedValue> {
    let Some(request) = decision.proposal.as_deref().and_then(request_of) else {
        return Vec::new();
    };
    let typed: Vec<(FieldName, String)> = match request.action {
        Action::Correct { values, .. } => values.into_iter().collect(),
        Action::Pin { picks, .. } | Action::Merge { picks, .. } => picks
            .into_iter()
            .filter_map(|(field, pick)| match pick {
                Pick::Typed(text) => Some((field, text)),
                // Values that are held already are in the report.
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    typed
        .into_iter()
        .map(|(field, delivered)| RevisedValue { field, delivered, harmonised: None })
        .collect()
}

/// The records a decision was about: those it grouped, moved or put layers over; where it did
/// none of that, those of the customers it names as they were then.
fn involved(
    person: &Person<'_>,
    commit: &Commit,
    decision: &Decision,
) -> Result<BTreeSet<RecordId>, DeskError> {
    let facts = person.facts;
    let cause = Cause::Decision(decision.id);
    let mut records: BTreeSet<RecordId> =
        decision.groups.iter().flat_map(|group| group.records.iter().copied()).collect();
    for event in &commit.events {
        match event {
            Event::RecordChanged(changed) if changed.cause == cause => {
                records.insert(changed.record);
            }
            Event::CustomerChanged(changed)
                if changed.cause == cause && changed.before.as_ref() != Some(&changed.after) =>
            {
                let states = changed.before.iter().chain([&changed.after]);
                records.extend(states.flat_map(|state| state.members.iter().copied()));
            }
            _ => {}
        }
    }
    for subject in &decision.subjects {
        if let Subject::Record(address) = subject {
            records.extend(facts.find(address)?);
        }
    }
    if records.is_empty() {
        let before = Past::after(facts, Sequence(commit.sequence.0 - 1));
        for subject in &decision.subjects {
            if let Subject::Customer(id) = subject
                && let Some((_, state)) = before.follow(*id)?
            {
                records.extend(state.members);
            }
        }
    }
    Ok(records)
}
