//! What happened: to a thing, or to everything.

use std::collections::BTreeMap;

use crate::desk::chains::Link;
use crate::desk::describe;
use crate::desk::error::{Decided, DeskError};
use crate::desk::facts::Facts;
use crate::desk::views::{Change, HistoryEntry};
use crate::domain::{DecisionId, Event, RecordId, Sequence, Subject, Value, Values, Verdict};

/// Decisions and erasures listed, of each, when nothing in particular is asked about.
const LATEST: u32 = 500;

/// The history of a subject, latest first; without one the latest decisions and erasures.
///
/// # Errors
/// When there is no such subject, or the store or the ledger is damaged.
pub fn history(facts: Facts<'_>, subject: Option<&Subject>) -> Decided<Vec<HistoryEntry>> {
    let links = match subject {
        None => latest(facts)?,
        Some(Subject::Record(address)) => {
            let Some(record) = facts.find(address)? else {
                return Err(facts.no_record(address)?.into());
            };
            facts.record_chain(record)?
        }
        Some(Subject::Customer(id)) => {
            if facts.view.customer(*id)?.is_none() {
                return Err(super::unknown(id));
            }
            // One that was merged away goes on as its survivor.
            let live = facts.view.follow(*id)?.unwrap_or(*id);
            let mut links = describe::customer_and_members(facts, *id)?;
            if live != *id {
                links.extend(describe::customer_and_members(facts, live)?);
            }
            let either = [Subject::Customer(*id), Subject::Customer(live)];
            links.extend(unmaskings(facts, |of| either.iter().any(|it| of.contains(it)))?);
            links
        }
        Some(Subject::Task(id)) => {
            if facts.view.task(*id)?.is_none() {
                return Err(super::unknown(id));
            }
            let mut links = facts.task_chain(*id)?;
            links.extend(unmaskings(facts, |of| of.contains(&Subject::Task(*id)))?);
            links
        }
        Some(Subject::Decision(id)) => vec![of_decision(facts, *id)?],
        Some(Subject::Bulk(bulk)) => {
            let decisions = facts.view.decisions()?;
            let of_bulk = decisions.into_iter().filter(|(_, entry)| entry.bulk == Some(*bulk));
            of_bulk.map(|(id, _)| of_decision(facts, id)).collect::<Decided<_>>()?
        }
    };
    Ok(entries(facts, links)?)
}

/// Links as entries, each commit once, latest first.
pub(super) fn entries(facts: Facts<'_>, links: Vec<Link>) -> Result<Vec<HistoryEntry>, DeskError> {
    let mut by_sequence: BTreeMap<Sequence, Link> = BTreeMap::new();
    for link in links {
        match by_sequence.get_mut(&link.sequence) {
            // One commit is reached by more than one chain, an event then by each of them.
            Some(known) => {
                let more = link.events.into_iter().filter(|event| !known.events.contains(event));
                let more: Vec<Event> = more.collect();
                known.events.extend(more);
            }
            None => {
                by_sequence.insert(link.sequence, link);
            }
        }
    }
    by_sequence.into_values().rev().map(|link| entry(facts, &link)).collect()
}

fn entry(facts: Facts<'_>, link: &Link) -> Result<HistoryEntry, DeskError> {
    let stands = match &link.decision {
        Some(decision) => facts.view.decision(decision.id)?.is_some_and(|entry| entry.stands()),
        None => true,
    };
    let note = link.decision.as_ref().and_then(|decision| decision.note.clone());
    let what = match (&link.decision, note) {
        (Some(decision), Some(note)) => format!("{}: {note}", describe::decision(decision)),
        (Some(decision), None) => describe::decision(decision),
        (None, _) => describe::line(link),
    };
    Ok(HistoryEntry {
        sequence: link.sequence,
        at: link.at,
        actor: link.actor.clone(),
        decision: link.decision.as_ref().map(|decision| decision.id),
        stands,
        what,
        changes: changes(facts, link)?,
    })
}

/// Values before and after, where a commit changed values.
fn changes(facts: Facts<'_>, link: &Link) -> Result<Vec<Change>, DeskError> {
    let mut found = Vec::new();
    for event in &link.events {
        match event {
            Event::RecordRevised(revised) if revised.revision > 1 => {
                let before = revision_before(facts, revised.record, link.sequence)?;
                found.extend(between(facts, &before, &revised.body.values));
            }
            Event::CustomerChanged(changed) => {
                let addresses = |members: &[RecordId]| -> Result<Option<String>, DeskError> {
                    let texts: Vec<String> = members
                        .iter()
                        .map(|record| Ok(facts.body(*record)?.address.to_string()))
                        .collect::<Result<_, DeskError>>()?;
                    Ok(Some(texts.join(", ")).filter(|text| !text.is_empty()))
                };
                let before = changed.before.as_ref().map(|state| state.members.as_slice());
                if before != Some(changed.after.members.as_slice()) {
                    found.push(Change {
                        field: format!("members of {}", changed.customer),
                        before: addresses(before.unwrap_or_default())?,
                        after: addresses(&changed.after.members)?,
                        sensitive: false,
                    });
                }
            }
            _ => {}
        }
    }
    if let Some(decision) = &link.decision {
        for (field, value) in decision.values.iter() {
            found.push(Change {
                field: field.to_string(),
                before: None,
                after: Some(value.shown().to_owned()),
                sensitive: is_sensitive(facts, field.as_str()),
            });
        }
    }
    Ok(found)
}

fn revision_before(
    facts: Facts<'_>,
    record: RecordId,
    sequence: Sequence,
) -> Result<Values, DeskError> {
    let chain = facts.record_chain(record)?;
    let earlier = chain.iter().filter(|link| link.sequence < sequence);
    let found = earlier.flat_map(|link| &link.events).find_map(|event| match event {
        Event::RecordRevised(revised) => Some(revised.body.values.clone()),
        _ => None,
    });
    Ok(found.unwrap_or_default())
}

fn between(facts: Facts<'_>, before: &Values, after: &Values) -> Vec<Change> {
    let mut fields: Vec<_> = before.iter().chain(after.iter()).map(|(field, _)| field).collect();
    fields.sort();
    fields.dedup();
    let text =
        |values: &Values, field: &str| values.get(field).map(|v: &Value| v.shown().to_owned());
    fields
        .into_iter()
        .map(|field| Change {
            field: field.to_string(),
            before: text(before, field.as_str()),
            after: text(after, field.as_str()),
            sensitive: is_sensitive(facts, field.as_str()),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn is_sensitive(facts: Facts<'_>, field: &str) -> bool {
    facts.settings.field(field).is_some_and(|field| field.sensitive)
}

pub(super) fn of_decision(facts: Facts<'_>, id: DecisionId) -> Decided<Link> {
    let entry = facts.view.decision(id)?.ok_or_else(|| super::unknown(&id))?;
    let commit = facts.commit(entry.place.sequence)?;
    Ok(Link {
        sequence: commit.sequence,
        at: commit.at,
        actor: commit.actor,
        decision: Some(facts.decision(id)?),
        events: commit.events,
    })
}

fn latest(facts: Facts<'_>) -> Decided<Vec<Link>> {
    let last = facts.view.counters()?.decisions;
    let first = last.saturating_sub(LATEST) + 1;
    let decisions = (first..=last).map(|number| of_decision(facts, DecisionId(number)));
    let erasures = facts.view.erasures()?.into_iter().rev().take(LATEST as usize);
    let unmaskings = unmaskings(facts, |_| true)?.into_iter().map(Ok);
    decisions
        .chain(erasures.map(|sequence| of_erasure(facts, sequence)))
        .chain(unmaskings)
        .collect()
}

/// The latest unmaskings of subjects that are wanted.
pub(super) fn unmaskings(
    facts: Facts<'_>,
    wanted: impl Fn(&[Subject]) -> bool,
) -> Result<Vec<Link>, DeskError> {
    let mut links = Vec::new();
    for sequence in facts.view.unmaskings()?.into_iter().rev().take(LATEST as usize) {
        let commit = facts.commit(sequence)?;
        let is_wanted = commit.events.iter().any(|event| match event {
            Event::Unmasked(unmasked) => wanted(&unmasked.subjects),
            _ => false,
        });
        if is_wanted {
            let (at, actor, events) = (commit.at, commit.actor, commit.events);
            links.push(Link { sequence, at, actor, decision: None, events });
        }
    }
    Ok(links)
}

/// What is to be told of an erasure: that it was, not the events it left nothing of.
fn of_erasure(facts: Facts<'_>, sequence: Sequence) -> Decided<Link> {
    let commit = facts.commit(sequence)?;
    let person = |event: &Event| matches!(event, Event::PersonErased(_));
    let events = commit.events.into_iter().filter(person).collect();
    Ok(Link { sequence, at: commit.at, actor: commit.actor, decision: None, events })
}

/// The last decision of an actor that stands, or (`undone`) the last undo that stands.
pub(super) fn last_decision(
    facts: Facts<'_>,
    actor: &str,
    undone: bool,
) -> Decided<Option<(DecisionId, String)>> {
    let mut number = facts.view.counters()?.decisions;
    while number > 0 {
        let id = DecisionId(number);
        let entry = facts.view.decision(id)?.ok_or_else(|| super::unknown(&id))?;
        let is_undo = entry.verdict == Verdict::Undo;
        if entry.stands() && is_undo == undone {
            if facts.byline(entry.place.sequence)?.1 == actor {
                return Ok(Some((id, describe::decision(&facts.decision(id)?))));
            }
        } else if undone && entry.stands() && !is_undo {
            // A decision made after the undo: there is nothing to bring back.
            if facts.byline(entry.place.sequence)?.1 == actor {
                return Ok(None);
            }
        }
        number -= 1;
    }
    Ok(None)
}
