//! What happened: to a thing, or to everything.

use std::collections::BTreeMap;

use super::{changes, comments};
use crate::chains::Link;
use crate::describe;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::Facts;
use domain::event::ImportStarted;
use domain::{
    Commit, CustomerId, Decision, DecisionId, Event, RecordId, Sequence, Subject, TaskId, Verdict,
    counted,
};
use door::views::{HistoryEntry, LastDecided};
use store::{DecisionEntry, ImportEntry};

/// Decisions, erasures and rereads listed, of each, when nothing in particular is asked about.
const LATEST: u32 = 500;

/// The history of a subject, latest first; without one the latest decisions and erasures.
///
/// # Errors
/// When there is no such subject, or the store or the ledger is damaged.
pub(crate) fn history(facts: Facts<'_>, subject: Option<&Subject>) -> Decided<Vec<HistoryEntry>> {
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
                return Err(unknown(id));
            }
            // One that was merged away goes on as its survivor.
            let live = facts.view.follow(*id)?.unwrap_or(*id);
            let mut links = describe::customer_and_members(facts, *id)?;
            if live != *id {
                links.extend(describe::customer_and_members(facts, live)?);
            }
            links.extend(comments::links(facts, live)?);
            let either = [Subject::Customer(*id), Subject::Customer(live)];
            links.extend(unmaskings(facts, |of| either.iter().any(|it| of.contains(it)))?);
            links
        }
        Some(Subject::Task(id)) => {
            if facts.view.task(*id)?.is_none() {
                return Err(unknown(id));
            }
            let mut links = facts.task_chain(*id)?;
            links.extend(comments_of_task(facts, *id)?);
            links.extend(unmaskings(facts, |of| of.contains(&Subject::Task(*id)))?);
            links
        }
        Some(Subject::Decision(id)) => vec![of_decision(facts, *id)?],
        Some(Subject::Import(id)) => {
            let entry = facts.view.import(*id)?.ok_or_else(|| unknown(id))?;
            of_import(facts, &entry)?
        }
        Some(Subject::Bulk(bulk)) => {
            let decisions = facts.view.decisions()?;
            let of_bulk = decisions.into_iter().filter(|(_, entry)| entry.bulk == Some(*bulk));
            let of_bulk: Vec<_> = of_bulk.collect();
            if of_bulk.is_empty() {
                return Err(unknown(bulk));
            }
            of_bulk.into_iter().map(|(id, _)| of_decision(facts, id)).collect::<Decided<_>>()?
        }
    };
    Ok(entries(facts, links)?)
}

/// What was said about a task.
fn comments_of_task(facts: Facts<'_>, task: TaskId) -> Result<Vec<Link>, DeskError> {
    let Some(entry) = facts.view.task(task)? else { return Ok(Vec::new()) };
    let mut said = Vec::new();
    for customer in entry.task.customers {
        let live = facts.view.follow(customer)?.unwrap_or(customer);
        let links = comments::links(facts, live)?.into_iter();
        let about = |link: &Link| link.decision.as_ref().is_some_and(|it| it.task == Some(task));
        said.extend(links.filter(about));
    }
    Ok(said)
}

/// The history of a customer with these records, up to a commit.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn up_to(
    facts: Facts<'_>,
    customer: CustomerId,
    records: &[RecordId],
    end: Sequence,
) -> Decided<Vec<HistoryEntry>> {
    let mut links = facts.customer_chain(customer)?;
    for record in records {
        links.extend(facts.record_chain(*record)?);
    }
    links.extend(unmaskings(facts, |of| of.contains(&Subject::Customer(customer)))?);
    links.retain(|link| link.sequence <= end);
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
        (Some(decision), Some(note)) => format!("{}: {note}", describe::in_full(facts, decision)?),
        (Some(decision), None) => describe::in_full(facts, decision)?,
        (None, _) => describe::line(facts, link)?,
    };
    let what = match &link.decision {
        Some(decision) => what + &broken_off(facts, decision, stands)?,
        None => what,
    };
    Ok(HistoryEntry {
        sequence: link.sequence,
        at: link.at,
        actor: link.actor.person.clone(),
        evidence: link.actor.came.clone(),
        decision: link.decision.as_ref().map(|decision| decision.id),
        stands,
        what,
        changes: changes::of(facts, link)?,
    })
}

/// What is told of a decision that is the last of its bulk though others were to follow: it was killed,
/// or stopped. Empty of any other.
fn broken_off(facts: Facts<'_>, last: &Decision, stands: bool) -> Result<String, DeskError> {
    let (Some(bulk), Some(left @ 1..)) = (last.bulk, last.bulk_left.filter(|_| stands)) else {
        return Ok(String::new());
    };
    // Others may have decided meanwhile; nearly always the next one already belongs to the bulk.
    for number in last.id.0 + 1..=facts.view.counters()?.decisions {
        if facts.view.decision(DecisionId(number))?.is_some_and(|it| it.bulk == Some(bulk)) {
            return Ok(String::new());
        }
    }
    let were = counted(left, "more was", "more were");
    Ok(format!(
        "; {bulk} is not finished, {were} to be decided: give the same verdict again to decide the rest, \
         or take it back with `steward undo {bulk}`"
    ))
}

pub(super) fn of_decision(facts: Facts<'_>, id: DecisionId) -> Decided<Link> {
    let entry = facts.view.decision(id)?.ok_or_else(|| unknown(&id))?;
    let commit = facts.commit(entry.place.sequence)?;
    Ok(Link {
        sequence: commit.sequence,
        at: commit.at,
        actor: commit.actor,
        decision: Some(facts.decision(id)?),
        events: commit.events,
    })
}

/// How an import began and ended.
fn of_import(facts: Facts<'_>, entry: &ImportEntry) -> Result<Vec<Link>, DeskError> {
    let places = [Some(entry.started), entry.finished].into_iter().flatten();
    let link = |place: store::Place| {
        let (at, actor) = facts.made(place.sequence)?;
        let events = vec![facts.event(place)?];
        Ok(Link { sequence: place.sequence, at, actor, decision: None, events })
    };
    places.map(link).collect()
}

/// The latest rereads: like decisions, they changed what is held though nothing came.
fn rereads(facts: Facts<'_>) -> Result<Vec<Link>, DeskError> {
    let mut links = Vec::new();
    for (_, entry) in facts.view.imports()?.iter().rev().take(LATEST as usize) {
        if let Event::ImportStarted(ImportStarted { reread: Some(_), .. }) =
            facts.event(entry.started)?
        {
            links.extend(of_import(facts, entry)?);
        }
    }
    Ok(links)
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
        .chain(accesses(facts)?.into_iter().map(Ok))
        .chain(rereads(facts)?.into_iter().map(Ok))
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

/// The latest that became of what people log in with.
fn accesses(facts: Facts<'_>) -> Result<Vec<Link>, DeskError> {
    let mut commits = facts.view.accesses()?;
    commits.extend(facts.view.acknowledgements()?);
    commits.sort_unstable();
    let latest = commits.into_iter().rev().take(LATEST as usize);
    let link = |sequence| {
        let Commit { at, actor, events, .. } = facts.commit(sequence)?;
        Ok(Link { sequence, at, actor, decision: None, events })
    };
    latest.map(link).collect()
}

/// What is to be told of an erasure: that it was, not the events it left nothing of.
fn of_erasure(facts: Facts<'_>, sequence: Sequence) -> Decided<Link> {
    let commit = facts.commit(sequence)?;
    let person = |event: &Event| matches!(event, Event::PersonErased(_));
    let events = commit.events.into_iter().filter(person).collect();
    Ok(Link { sequence, at: commit.at, actor: commit.actor, decision: None, events })
}

/// The last decision of an actor that stands; or (`undone`) what they can redo: the latest of their
/// undos that stands, as long as they decided nothing else since. So redo is a stack: what is redone
/// is no undo that stands any more, and a redo is never taken back in passing.
pub(crate) fn last_decision(
    facts: Facts<'_>,
    actor: &str,
    undone: bool,
) -> Decided<Option<LastDecided>> {
    let mut number = facts.view.counters()?.decisions;
    while number > 0 {
        let id = DecisionId(number);
        number -= 1;
        let entry = facts.view.decision(id)?.ok_or_else(|| unknown(&id))?;
        let is_wanted = match (entry.verdict == Verdict::Undo, undone) {
            (true, true) => entry.stands() && !is_redo(facts, &entry)?,
            (false, false) => entry.stands() && !is_answered(facts, id, &entry)?,
            // Whatever they decided since ends what can be redone.
            (false, true) => true,
            (true, false) => false,
        };
        if is_wanted && facts.byline(entry.place.sequence)?.1 == actor {
            let found = undone == (entry.verdict == Verdict::Undo);
            if !found {
                return Ok(None);
            }
            let decision = facts.decision(id)?;
            let line = describe::with_names(facts, &decision)?;
            // What a later run merged under it may be undone alone.
            let of_grant = entry.verdict == Verdict::Grant && decision.run.is_none();
            return Ok(Some(LastDecided { decision: id, line, bulk: entry.bulk, of_grant }));
        }
    }
    Ok(None)
}

/// Whether it is a proposal that nobody is asked to approve any more: it is undone with what became of it.
fn is_answered(facts: Facts<'_>, id: DecisionId, entry: &DecisionEntry) -> Result<bool, DeskError> {
    if entry.verdict != Verdict::Propose {
        return Ok(false);
    }
    let Some(proposal) = facts.decision(id)?.proposal else { return Ok(false) };
    Ok(facts.view.task(proposal.task)?.is_some_and(|entry| !entry.task.state.is_pending()))
}

/// Whether an undo took back another undo.
fn is_redo(facts: Facts<'_>, undo: &DecisionEntry) -> Result<bool, DeskError> {
    for reversed in &undo.reverses {
        if facts.view.decision(*reversed)?.is_some_and(|it| it.verdict == Verdict::Undo) {
            return Ok(true);
        }
    }
    Ok(false)
}
