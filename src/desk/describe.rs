//! Events and decisions in one line each, in the words of the domain. No personal values.

use std::collections::BTreeSet;

use super::chains::Link;
use super::error::DeskError;
use super::facts::{Facts, missing};
use super::turned::Turned;
use domain::event::Cause;
use domain::{
    Commit, CustomerState, Decision, Event, FieldName, Group, Sequence, Standing, Subject, Task,
    TaskKind, TaskReason, TaskState, Until, Verdict,
};

/// What a decision did: `merged 3 records into C17 (household)`.
#[must_use]
pub fn decision(decision: &Decision) -> String {
    let subjects = list(&decision.subjects);
    let fields = || {
        let set = decision.values.iter().map(|(field, _)| field);
        list(set.chain(&decision.withdrawn).collect::<BTreeSet<_>>())
    };
    let what = match decision.verdict {
        Verdict::Merge => merged(decision),
        Verdict::NotAMatch => format!("not a match: {subjects}"),
        Verdict::Unmerge => format!("unmerged {subjects}"),
        Verdict::Correct | Verdict::Pin
            if decision.values.is_empty() && decision.withdrawn.is_empty() =>
        {
            let what = if decision.verdict == Verdict::Correct { "correction" } else { "pin" };
            format!("a {what} (erased with the person)")
        }
        Verdict::Correct => format!("corrected {} of {subjects}", fields()),
        Verdict::Pin => format!("pinned {} of {subjects}", fields()),
        Verdict::Waive => format!("waived {} for {subjects}", list(&decision.rules)),
        Verdict::Quarantine => format!("quarantined {subjects}"),
        Verdict::Close => format!("closed {subjects}"),
        Verdict::Reopen => format!("reopened {subjects}"),
        Verdict::Defer => match decision.until {
            Some(Until::Time(time)) => format!("deferred {subjects} until {time:.0}"),
            _ => format!("deferred {subjects} until the data changes"),
        },
        Verdict::Escalate => {
            format!("escalated {subjects} to {}", decision.to.as_deref().unwrap_or("someone"))
        }
        Verdict::Answer => {
            format!(
                "answered {} about {subjects}",
                decision.to.as_deref().unwrap_or("the question")
            )
        }
        Verdict::Accept => accepted(decision),
        Verdict::Keep => format!("kept {subjects}"),
        Verdict::Approve => format!("approved {subjects}"),
        Verdict::Reject => format!("rejected {subjects}"),
        Verdict::Undo => format!("undid {}", list(&decision.reverses)),
    };
    match &decision.reason {
        Some(reason) => format!("{what} ({reason})"),
        None => what,
    }
}

/// Decisions named one by one; the rest is counted.
const NAMED: usize = 3;

/// What a decision did, with what an undo took back or brought back:
/// `undid D12 (merged 2 records into C3)`.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn in_full(facts: Facts<'_>, decided: &Decision) -> Result<String, DeskError> {
    if decided.verdict != Verdict::Undo {
        return Ok(decision(decided));
    }
    let turned = Turned::by(facts.view, decided.reverses.iter().copied())?;
    let mut parts = Vec::new();
    for (verb, ids, along) in [
        ("undid", &turned.down, false),
        ("redid", &turned.up, false),
        ("brought back", &turned.up, true),
        ("ended", &turned.down, true),
    ] {
        let ids: Vec<_> =
            ids.iter().filter(|id| turned.along.contains(id) == along).copied().collect();
        let mut named = Vec::new();
        for id in ids.iter().take(NAMED) {
            named.push(format!("{id} ({})", decision(&facts.decision(*id)?)));
        }
        if !named.is_empty() {
            parts.push(format!("{verb} {}", and_more(named, ids.len())));
        }
    }
    let reason = decided.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    Ok(parts.join("; ") + &reason)
}

/// The same of a commit that records a decision; an undo also says which tasks wait again, and which
/// are done again.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn outcome(facts: Facts<'_>, commit: &Commit) -> Result<String, DeskError> {
    let made = commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => Some(&made.decision),
        _ => None,
    });
    let Some(made) = made else { return Ok(String::new()) };
    let told = in_full(facts, made)?;
    if made.verdict != Verdict::Undo {
        return Ok(told);
    }
    let (mut waiting, mut done) = (Vec::new(), Vec::new());
    for event in &commit.events {
        let Event::TaskChanged(changed) = event else { continue };
        let Some(before) = &changed.before else { continue };
        let waits =
            |task: &Task| matches!(task.state, TaskState::Open | TaskState::Answered { .. });
        if waits(&changed.after) && !waits(before) {
            waiting.push(changed.task.to_string());
        } else if before.state.is_pending() && !changed.after.state.is_pending() {
            done.push(changed.task.to_string());
        }
    }
    let mut tasks = Vec::new();
    for (ids, one, more) in [(waiting, "waits", "wait"), (done, "is done", "are done")] {
        let verb = if ids.len() == 1 { one } else { more };
        if !ids.is_empty() {
            let count = ids.len();
            let named = ids.into_iter().take(NAMED).collect();
            tasks.push(format!("{} {verb} again", and_more(named, count)));
        }
    }
    Ok(if tasks.is_empty() { told } else { format!("{told}: {}", tasks.join(", ")) })
}

/// `D12, D11 and D10`, `D12, D11, D10 and 40 more`.
fn and_more(mut named: Vec<String>, all: usize) -> String {
    let last = match all - named.len().min(all) {
        0 if named.len() > 1 => named.pop(),
        0 => None,
        rest => Some(format!("{rest} more")),
    };
    match last {
        Some(last) => format!("{} and {last}", named.join(", ")),
        None => named.join(", "),
    }
}

/// `merged 3 records into C17; not a match: C902`.
fn merged(decision: &Decision) -> String {
    let became_one = |group: &&Group| group.records.len() > 1;
    let ones = decision.groups.iter().filter(became_one);
    let ones = ones.map(|group| format!("{} records into {}", group.records.len(), group.customer));
    let others: Vec<_> =
        decision.groups.iter().filter(|group| !became_one(group)).map(|it| it.customer).collect();
    let merged = format!("merged {}", list(ones));
    if others.is_empty() { merged } else { format!("{merged}; not a match: {}", list(others)) }
}

/// What was accepted: suggestions, or the new data against what was decided before.
fn accepted(decision: &Decision) -> String {
    let subjects: Vec<String> = decision.subjects.iter().map(ToString::to_string).collect();
    let count = subjects.len();
    match (&decision.reverses[..], &decision.groups[..], &subjects[..]) {
        (reversed @ [_, ..], ..) => format!(
            "accepted the new data: {} merged, against {}",
            and_more(subjects, count),
            list(reversed)
        ),
        (_, [_, _, ..], [customer, left @ ..]) => {
            format!("accepted the new data: {} left {customer}", list(left))
        }
        _ => {
            let set = decision.values.iter().map(|(field, _)| field);
            let (what, fields) = match decision.withdrawn.is_empty() {
                true => ("suggested", list(set)),
                false => ("delivered", list(&decision.withdrawn)),
            };
            format!("accepted the {what} {fields} of {}", and_more(subjects, count))
        }
    }
}

/// What an event did, for those people are shown.
#[must_use]
pub fn event(event: &Event) -> Option<String> {
    match event {
        Event::RecordRevised(revised) if revised.revision == 1 => {
            Some(format!("{} imported ({})", revised.body.address, revised.import))
        }
        Event::RecordRevised(revised) if let Some(reread) = revised.reread => Some(format!(
            "{} read again, revision {} ({reread})",
            revised.body.address, revised.revision
        )),
        Event::RecordRevised(revised) => Some(format!(
            "{} delivered again, revision {} ({})",
            revised.body.address, revised.revision, revised.import
        )),
        Event::ImportStarted(started) => Some(match &started.reread {
            Some(reread) => {
                format!("{} began: {} of {}", started.import, reread.what(), started.source)
            }
            None => {
                let (file, format) = (&started.file, &started.format);
                format!("{} began: {file} as {} ({format})", started.import, started.source)
            }
        }),
        Event::ImportFinished(finished) => {
            Some(format!("{} ended: {}", finished.import, finished.report))
        }
        Event::CustomerChanged(changed) => {
            let cause = cause(changed.cause);
            let id = changed.customer;
            let (before, after) = (members(changed.before.as_ref()), members(Some(&changed.after)));
            match changed.after.standing {
                Standing::Merged { into } => Some(format!("{id} merged into {into} by {cause}")),
                Standing::Vacant => Some(format!("{id} has no records any more, by {cause}")),
                // The erasure tells so itself.
                Standing::Erased => None,
                Standing::Live if before == after => None,
                Standing::Live => {
                    Some(format!("{id} has {after} records, it had {before}, by {cause}"))
                }
            }
        }
        Event::PersonErased(erased) => Some(match &erased.note {
            Some(note) => format!("{} erased ({}): {note}", erased.customer, erased.reason),
            None => format!("{} erased ({})", erased.customer, erased.reason),
        }),
        Event::Unmasked(unmasked) => Some(match unmasked.quarantine {
            Some(import) => format!("unmasked the rows of {import} in quarantine"),
            None if unmasked.subjects.is_empty() => {
                format!("unmasked {} of everybody", fields(&unmasked.fields))
            }
            None => {
                format!("unmasked {} of {}", fields(&unmasked.fields), list(&unmasked.subjects))
            }
        }),
        Event::TaskChanged(changed) => Some(match &changed.before {
            None => format!("{} opened: {}", changed.task, reason(&changed.after)),
            Some(before) if before.state.is_pending() && is_settled_challenge(&changed.after) => {
                let kept = changed.after.reason.decision();
                let kept = kept.map_or("the merge".to_owned(), |decision| decision.to_string());
                format!("{} settled: nothing contradicts {kept} any more", changed.task)
            }
            Some(before) if before.state != changed.after.state => {
                format!("{} {}", changed.task, changed.after.state.name())
            }
            Some(_) => format!("{} has other customers or rules", changed.task),
        }),
        Event::RecordChanged(changed) => match changed.cause {
            Cause::Import(import)
                if changed.before.quarantined.is_some() && changed.after.quarantined.is_none() =>
            {
                Some(format!("its quarantine ended with {import}"))
            }
            Cause::Import(import) if changed.before.vanished != changed.after.vanished => {
                Some(match changed.after.vanished {
                    Some(vanished) if vanished.closed => format!("closed: not in {import}"),
                    Some(_) => format!("vanished: not in {import}"),
                    None => format!("delivered again with {import}"),
                })
            }
            Cause::Import(import) => Some(format!("a correction ended with {import}")),
            _ => None,
        },
        _ => None,
    }
}

fn is_settled_challenge(task: &Task) -> bool {
    task.kind == TaskKind::Challenge && task.state == TaskState::Settled
}

/// A task's reason in a few words: `back: birth_date changed`.
#[must_use]
pub fn reason(task: &Task) -> String {
    match &task.reason {
        TaskReason::Similar => format!("{} customers may be one", task.customers.len()),
        TaskReason::Breaks { rules } => format!("breaks {}", list(rules)),
        TaskReason::NotAMatchChanged { fields, .. }
        | TaskReason::MergeContradicted { fields, .. } => {
            format!("back: {} changed", list(fields))
        }
        TaskReason::ValueContradicted { field, .. } => format!("back: {field} changed"),
        TaskReason::Vanished { .. } => "its source no longer holds it".to_owned(),
        TaskReason::Merged { source } => format!("merged in {source}"),
    }
}

/// Who or what caused a change.
#[must_use]
pub fn cause(cause: Cause) -> String {
    match cause {
        Cause::Decision(decision) => decision.to_string(),
        Cause::Match(run) => format!("matching ({run})"),
        Cause::Import(import) => format!("import ({import})"),
        Cause::Erasure => "an erasure".to_owned(),
    }
}

/// What happened to a subject after `seen`, a line each, earliest first.
///
/// # Errors
/// When the store or the ledger is damaged, or there is no such subject.
pub fn since(facts: Facts<'_>, subject: Subject, seen: Sequence) -> Result<Vec<String>, DeskError> {
    let mut links = match &subject {
        Subject::Task(id) => {
            let task = facts.view.task(*id)?.ok_or_else(|| missing(id.to_string()))?.task;
            let mut links = facts.task_chain(*id)?;
            for customer in &task.customers {
                links.extend(customer_and_members(facts, *customer)?);
            }
            links
        }
        Subject::Customer(id) => customer_and_members(facts, *id)?,
        Subject::Record(address) => match facts.find(address)? {
            Some(record) => facts.record_chain(record)?,
            None => Vec::new(),
        },
        Subject::Decision(_) | Subject::Bulk(_) | Subject::Import(_) => Vec::new(),
    };
    links.retain(|link| link.sequence > seen);
    links.sort_by_key(|link| link.sequence);
    links.dedup_by_key(|link| link.sequence);
    Ok(links.iter().map(line).collect())
}

/// The chains of a customer and of all its records, not in order.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn customer_and_members(
    facts: Facts<'_>,
    customer: domain::CustomerId,
) -> Result<Vec<Link>, DeskError> {
    let mut links = facts.customer_chain(customer)?;
    for record in facts.view.customer(customer)?.map(|state| state.members).unwrap_or_default() {
        links.extend(facts.record_chain(record)?);
    }
    Ok(links)
}

/// A commit in a line: its decision, else its events.
#[must_use]
pub fn line(link: &Link) -> String {
    match &link.decision {
        Some(made) => format!("{} {} by {}", made.id, decision(made), link.actor),
        None => {
            let lines: Vec<String> = link.events.iter().filter_map(event).collect();
            if lines.is_empty() { "touched".to_owned() } else { lines.join(", ") }
        }
    }
}

fn members(state: Option<&CustomerState>) -> usize {
    state.map_or(0, |state| state.members.len())
}

fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
}

/// Names of fields, comma between.
#[must_use]
pub fn fields(fields: &[FieldName]) -> String {
    list(fields)
}
