//! Events and decisions in one line each, in the words of the domain. No personal values.

mod people;
mod undone;

use std::collections::BTreeSet;

use super::chains::Link;
use super::error::DeskError;
use super::facts::{self, Facts, missing};
use super::second::said_again;
use super::standing;
use domain::event::{Cause, RecordChanged, RecordRevised};
use domain::{
    CustomerState, Decision, Event, FieldName, Group, ImportId, RequestStep, Sequence, Standing,
    Subject, Task, TaskId, TaskKind, TaskReason, TaskState, Until, Verdict, counted,
};
pub use people::told;
pub use undone::{in_full, outcome, with_names};

/// What a decision did: `merged 3 records into C17 (household)`.
#[must_use]
pub fn decision(decision: &Decision) -> String {
    let subjects = list(&decision.subjects);
    let is_empty = decision.values.is_empty() && decision.withdrawn.is_empty();
    let what = match decision.verdict {
        Verdict::Merge => merged(decision),
        Verdict::NotAMatch => format!("not a match: {subjects}"),
        Verdict::Unmerge => format!("unmerged {subjects}"),
        Verdict::Correct | Verdict::Pin if is_empty && decision.cleared.is_empty() => {
            let what = if decision.verdict == Verdict::Correct { "correction" } else { "pin" };
            format!("a {what} (erased with the person)")
        }
        Verdict::Correct => {
            format!("{} of {subjects}", changed(decision, "corrected", "correction"))
        }
        Verdict::Pin => format!("{} of {subjects}", changed(decision, "pinned", "pin")),
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
        Verdict::Keep => kept(decision, &subjects),
        Verdict::Propose => proposed(decision, &subjects),
        Verdict::Approve => format!("approved {subjects}"),
        Verdict::Reject => format!("rejected {subjects}"),
        Verdict::Undo => format!("undid {}", list(&decision.reverses)),
        Verdict::Comment => format!("commented on {subjects}"),
        Verdict::Hold => match decision.until {
            Some(Until::Time(time)) => {
                format!("held {subjects} until {}", facts::day_of(time))
            }
            _ => format!("held {subjects}"),
        },
        Verdict::Lift => format!("lifted the hold on {subjects}"),
        Verdict::Request => requested(decision, &subjects),
        Verdict::SecondLook => said_again(decision, &subjects),
        Verdict::Grant => granted(decision),
        Verdict::Suspend => {
            let census = decision.suspends.map(|census| census.to_string()).unwrap_or_default();
            match decision.run {
                None => format!("suspended the grant of {census}"),
                Some(run) => {
                    // Why stands in its note.
                    format!("{run} suspended the grant of {census}")
                }
            }
        }
    };
    let what = what + &consent(decision);
    match &decision.reason {
        Some(reason) => format!("{what} ({reason})"),
        None => what,
    }
}

/// Whose consent a decision had, or did not wait for: ` (proposal D3)`.
#[must_use]
pub fn consent(decision: &Decision) -> String {
    match (decision.approves, &decision.broken_glass) {
        (Some(proposal), _) => format!(" (proposal {proposal})"),
        (None, Some(_)) => ", without the approval it needs".to_owned(),
        (None, None) => String::new(),
    }
}

/// `proposed: correct email of crm:9`.
fn proposed(decision: &Decision, subjects: &str) -> String {
    let Some(proposal) = &decision.proposal else { return "proposed something".to_owned() };
    format!("proposed: {}", in_words(proposal.verdict, &proposal.fields, subjects))
}

/// A verdict on what it is about, as something that is to be done: `merge C1, C2`.
#[must_use]
pub fn in_words(verdict: Verdict, fields: &[FieldName], subjects: &str) -> String {
    match (verdict, fields) {
        (Verdict::NotAMatch, _) => format!("not a match: {subjects}"),
        (verdict, []) => format!("{} {subjects}", verdict.name()),
        (verdict, fields) => format!("{} {} of {subjects}", verdict.name(), list(fields)),
    }
}

/// `recorded an access request of C17`, `T5: identity checked`.
fn requested(decision: &Decision, subjects: &str) -> String {
    let task = decision.task.map(|task| task.to_string()).unwrap_or_default();
    match decision.request.as_deref() {
        Some(RequestStep::Opened(requested)) => match decision.subjects.is_empty() {
            true => {
                format!(
                    "recorded a request of somebody of whom nothing is held: {}",
                    requested.kind
                )
            }
            false => format!("recorded a request of {subjects}: {}", requested.kind),
        },
        Some(RequestStep::Extended { until }) => format!("{task}: extended until {until}"),
        Some(RequestStep::Told { exports, .. }) if !exports.is_empty() => {
            let exports = counted(exports.len() as u64, "export", "exports");
            format!("{task}: told who received {exports}")
        }
        Some(RequestStep::Told { other: Some(_), .. }) => {
            format!("{task}: told somebody whom no listed export names")
        }
        Some(step) => format!("{task}: {}", step.name()),
        None => format!("{task}: noted"),
    }
}

/// `kept C1 and C2 apart`, `kept C76 together`, `kept crm:9`.
fn kept(decision: &Decision, subjects: &str) -> String {
    match (&decision.groups[..], &decision.subjects[..]) {
        ([], _) | (_, []) => format!("kept {subjects}"),
        ([_], _) => format!("kept {subjects} together"),
        (_, [others @ .., last]) => format!("kept {} and {last} apart", list(others)),
    }
}

/// `corrected city, withdrew the correction of email, removed phone`.
fn changed(decision: &Decision, set: &str, what: &str) -> String {
    let mut parts = Vec::new();
    if !decision.values.is_empty() {
        let fields: BTreeSet<_> = decision.values.iter().map(|(field, _)| field).collect();
        parts.push(format!("{set} {}", list(fields)));
    }
    if let Some((_, more)) = decision.withdrawn.split_first() {
        let plural = if more.is_empty() { "" } else { "s" };
        let fields: BTreeSet<_> = decision.withdrawn.iter().collect();
        parts.push(format!("withdrew the {what}{plural} of {}", list(fields)));
    }
    if !decision.cleared.is_empty() {
        parts.push(format!("removed {}", list(&decision.cleared)));
    }
    parts.join(", ")
}

/// `granted S4: 1214 joins, at least 95.3 % of them right (60 looked at)`.
fn granted(decision: &Decision) -> String {
    let Some(grant) = &decision.grant else { return "granted nothing".to_owned() };
    let makes = grant.makes();
    let joins = counted(makes.joins, "join", "joins");
    if let Some(run) = decision.run {
        return format!("{run} merged {joins} under the grant of {}", grant.census);
    }
    let right = makes.right_at_least().map(|tenths| f64::from(tenths) / 10.0);
    let right =
        right.map(|right| format!(", at least {right} % of them right")).unwrap_or_default();
    format!("granted {}: {joins}{right} ({} looked at)", grant.census, grant.looked_at)
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
            "accepted the new data: {} merged, overriding {}",
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
            let of = and_more(subjects, count);
            let removed = list(&decision.cleared);
            if decision.values.is_empty()
                && decision.withdrawn.is_empty()
                && decision.cleared.is_empty()
            {
                return format!("accepted what was delivered of {of}");
            }
            match (decision.cleared.is_empty(), decision.values.is_empty()) {
                (true, _) => format!("accepted the {what} {fields} of {of}"),
                (false, true) => format!("removed {removed} of {of}, as suggested"),
                (false, false) => {
                    format!("accepted the {what} {fields} and removed {removed} of {of}")
                }
            }
        }
    }
}

/// What an event did, for those people are shown. `undone`: the import that its own took back.
#[must_use]
pub fn event(event: &Event, undone: Option<ImportId>) -> Option<String> {
    match event {
        Event::RecordRevised(revised) if revised.revision == 1 => {
            Some(format!("{} imported ({})", revised.body.address, revised.import))
        }
        Event::RecordRevised(revised) if let Some(reread) = revised.reread => {
            let what = match undone {
                Some(undone) => format!("as before {undone}"),
                None => "read again".to_owned(),
            };
            let RecordRevised { body, revision, .. } = revised;
            Some(format!("{} {what}, revision {revision} ({reread})", body.address))
        }
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
                let of = started.whose();
                format!("{} began: {file} as {of} ({format})", started.import)
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
                Standing::Vacant => Some(format!("{id} no longer has any records, by {cause}")),
                // The erasure tells so itself.
                Standing::Erased => None,
                Standing::Live if before == after => None,
                Standing::Live => {
                    Some(format!("{id} went from {before} to {after} records, by {cause}"))
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
                format!("unmasked {} of every customer", fields(&unmasked.fields))
            }
            None => {
                format!("unmasked {} of {}", fields(&unmasked.fields), list(&unmasked.subjects))
            }
        }),
        Event::AccessNoted(noted) => Some(noted.to_string()),
        Event::SettingsProposed(proposed) => {
            let note = noted(proposed.note.as_deref());
            Some(format!("{} proposed for steward.toml{note}", proposed.proposal))
        }
        Event::ProposalWithdrawn(withdrawn) => {
            let note = noted(withdrawn.note.as_deref());
            Some(format!("{} withdrawn{note}", withdrawn.proposal))
        }
        Event::RefusedByRole(refused) => Some(refused.to_string()),
        Event::SettingsAcknowledged(event) => {
            Some(format!("settings of commit {} acknowledged", event.adopted))
        }
        Event::ActivitiesRecorded(recorded) => {
            let count = counted(recorded.activities.len() as u64, "activity", "activities");
            Some(format!("{count} of {} recorded", recorded.stream))
        }
        Event::ActivitiesWithdrawn(withdrawn) => {
            Some(format!("activities of {} withdrawn by {}", withdrawn.import, withdrawn.by))
        }
        Event::FiguresMeasured(measured) => {
            let count = counted(measured.of.len() as u64, "figure", "figures");
            Some(format!("{count} of {} measured", measured.day))
        }
        Event::TaskChanged(changed) => Some(match &changed.before {
            None => opened(changed.task, &changed.after),
            Some(before) if before.state.is_pending() && is_settled_challenge(&changed.after) => {
                let kept = changed.after.reason.decision();
                let kept = kept.map_or("the merge".to_owned(), |decision| decision.to_string());
                format!("{} settled: nothing contradicts {kept} any more", changed.task)
            }
            Some(before) if before.state != changed.after.state => {
                format!("{} {}", changed.task, changed.after.state.name())
            }
            Some(_) => format!("{} now has different customers or rules", changed.task),
        }),
        Event::RecordChanged(changed) => match changed.cause {
            Cause::Import(import) => Some(layers(changed, import, undone)),
            _ => None,
        },
        _ => None,
    }
}

/// What an import, or the undo of one, changed of what lies over a record.
fn layers(changed: &RecordChanged, import: ImportId, undone: Option<ImportId>) -> String {
    let RecordChanged { before, after, .. } = changed;
    let by = undone.map_or_else(|| import.to_string(), |undone| format!("the undo of {undone}"));
    if before.quarantined.is_some() && after.quarantined.is_none() {
        return format!("its quarantine ended with {by}");
    }
    if before.overlaid != after.overlaid && before.vanished == after.vanished {
        return match (before.overlaid, after.overlaid) {
            (_, Some(overlaid)) if overlaid.held => {
                format!(
                    "of another customer, so held back: revision {} is in force",
                    overlaid.former.revision
                )
            }
            (_, Some(_)) => "of another customer, to be decided".to_owned(),
            (Some(was), None) if was.held => format!("nothing is held back any more, by {by}"),
            (_, None) => format!("of the same customer as before, by {by}"),
        };
    }
    if before.vanished == after.vanished {
        return match undone {
            Some(undone) => format!("corrections are as before {undone}"),
            None => format!("a correction ended with {import}"),
        };
    }
    match (after.vanished, undone) {
        (Some(vanished), _) if vanished.closed => format!("closed: {}", vanished.shown_by()),
        (Some(vanished), _) => format!("vanished: {}", vanished.shown_by()),
        (None, Some(undone)) => format!("back again: {undone} was undone"),
        (None, None) => format!("delivered again with {import}"),
    }
}

/// A question that was decided before is opened again, under an id of its own.
fn opened(id: TaskId, task: &Task) -> String {
    let told = reason(task);
    match told.strip_prefix(BACK) {
        Some(why) => format!("{id} opened again because {why}"),
        None => format!("{id} opened: {told}"),
    }
}

/// Before the reason of a task that is back.
const BACK: &str = "back: ";

fn is_settled_challenge(task: &Task) -> bool {
    task.kind == TaskKind::Challenge && task.state == TaskState::Settled
}

/// A task's reason in a few words: `back: birth_date changed`.
#[must_use]
pub fn reason(task: &Task) -> String {
    match &task.reason {
        TaskReason::Similar => format!("{} customers may be the same", task.customers.len()),
        TaskReason::Breaks { rules } => format!("breaks {}", list(rules)),
        TaskReason::NotAMatchChanged { fields, .. }
        | TaskReason::MergeContradicted { fields, .. } => {
            format!("{BACK}{} changed", list(fields))
        }
        TaskReason::MergeContested => format!("{BACK}fits another too"),
        TaskReason::ValueContradicted { field, .. } => format!("{BACK}{field} changed"),
        TaskReason::Vanished { .. } => "its source no longer has it".to_owned(),
        TaskReason::Merged { source } => format!("merged in {source}"),
        TaskReason::SecondLook { decision, by: None } => format!("a second look at {decision}"),
        TaskReason::SecondLook { decision, by: Some(_) } => {
            format!("a second opinion on {decision}")
        }
        TaskReason::Disagreement { first, second } => format!("{first} and {second} disagree"),
        TaskReason::Check { census, .. } => format!("a check of {census}"),
        TaskReason::Approval { decision } => format!("{decision} needs approval"),
        TaskReason::BreakGlass { decision } => format!("{decision} did not wait for approval"),
        TaskReason::Requested { request, due, .. } => format!("{request} request, due {due}"),
        TaskReason::Overlaid { import, says, held } => {
            let says =
                if says.is_empty() { String::new() } else { format!("another {}, ", list(says)) };
            let what = match (task.state.is_pending(), held) {
                (false, _) => "",
                (true, true) => "held back, ",
                (true, false) => "in force, ",
            };
            format!("delivered as somebody else: {says}{what}{import}")
        }
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
    links.iter().map(|link| line(facts, link)).collect()
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
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn line(facts: Facts<'_>, link: &Link) -> Result<String, DeskError> {
    if let Some(made) = &link.decision {
        return Ok(format!("{} {} by {}", made.id, decision(made), link.actor.told()));
    }
    let mut lines = Vec::new();
    for it in &link.events {
        lines.extend(event(it, undone_by(facts, it)?));
    }
    Ok(if lines.is_empty() { "touched".to_owned() } else { lines.join(", ") })
}

/// The import that the one took back which an event of a record is of.
fn undone_by(facts: Facts<'_>, event: &Event) -> Result<Option<ImportId>, DeskError> {
    let by = match event {
        Event::RecordRevised(revised) => revised.reread,
        Event::RecordChanged(RecordChanged { cause: Cause::Import(import), .. }) => Some(*import),
        _ => None,
    };
    by.map_or(Ok(None), |import| standing::undone_by(facts, import))
}

fn members(state: Option<&CustomerState>) -> usize {
    state.map_or(0, |state| state.members.len())
}

pub(super) fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
}

/// Names of fields, comma between.
#[must_use]
pub fn fields(fields: &[FieldName]) -> String {
    list(fields)
}

/// What somebody noted, as it follows what they did.
fn noted(note: Option<&str>) -> String {
    note.map(|note| format!(": {note}")).unwrap_or_default()
}
