//! One pure file a command: a request plus the present facts give a draft or a refusal.
//!
//! Start with [`decide`].

mod accept;
mod ask;
mod check;
mod command;
mod comment;
mod correct;
pub(crate) mod grant;
mod hold;
mod keep;
mod merge;
mod not_a_match;
mod overlaid;
mod pin;
mod put_off;
mod quarantine;
mod reopen;
mod request;
mod second;
mod undo;
mod unmerge;
mod vanished;
mod waive;
mod words;

pub(crate) use command::{Command, does_not_apply};
pub(crate) use undo::left_by;

use super::draft::Draft;
use super::error::{Decided, unknown};
use super::facts::Facts;
use super::{approvals, describe, versions};
use domain::{RequestStep, Subject, Task, TaskKind, TaskState, Verdict};
use door::{Action, Refusal, Request};

/// What a request would change.
///
/// # Errors
/// [`Stop::Refused`](super::error::Stop) with the reason, or a failure of store or ledger.
pub fn decide<'a>(facts: Facts<'a>, request: &Request) -> Decided<Draft<'a>> {
    let task = seen_task(facts, request)?;
    let verdict = verdict_of(&request.action, task.as_ref());
    check_reason(facts, request, verdict)?;
    let second = task.as_ref().and_then(Task::second_look_at);
    let answers = matches!(verdict, Verdict::Merge | Verdict::NotAMatch);
    let verdict = if second.is_some() && answers { Verdict::SecondLook } else { verdict };
    let mut command = Command::new(facts, request, verdict, task)?;
    if let Action::Comment { customers } = &request.action {
        comment::decide(&mut command, customers)?;
        return Ok(command.into_draft());
    }
    if let Some(first) = second {
        second::decide(&mut command, first)?;
        return Ok(command.into_draft());
    }
    if command.task.as_ref().is_some_and(|task| task.kind == TaskKind::Check) {
        check::decide(&mut command)?;
        return Ok(command.into_draft());
    }
    if command.task.as_ref().is_some_and(|task| task.kind == TaskKind::Request) {
        return for_request(command);
    }
    waits_for_approval(&command)?;
    match &request.action {
        Action::Merge { groups, into, picks, rest } => {
            merge::decide(&mut command, groups, *into, picks, *rest)?;
        }
        Action::NotAMatch { groups } => match command.task.clone() {
            Some(task) if task.kind == TaskKind::Overlay => overlaid::apart(&mut command, &task)?,
            _ => not_a_match::decide(&mut command, groups)?,
        },
        Action::Unmerge { customer, records } => {
            unmerge::decide(&mut command, *customer, records)?;
        }
        Action::Correct { record, values, chosen, cleared } => {
            correct::decide(&mut command, record, values, chosen, cleared)?;
        }
        Action::Pin { customer, picks } => pin::decide(&mut command, *customer, picks)?,
        Action::Waive { record, rules } => waive::decide(&mut command, record, rules)?,
        Action::Defer { until } => put_off::defer(&mut command, *until)?,
        Action::Escalate { to } => put_off::escalate(&mut command, to)?,
        Action::Ask { customers, to } => ask::decide(&mut command, customers, to)?,
        // See above.
        Action::Comment { .. } => {}
        Action::Hold { customer, until } => hold::hold(&mut command, *customer, *until)?,
        Action::Lift { customer } => hold::lift(&mut command, *customer)?,
        Action::Record { customer, requested } => {
            request::record(&mut command, *customer, requested)?;
        }
        Action::Step { step } => request::step(&mut command, step)?,
        Action::Answer => put_off::answer(&mut command)?,
        Action::Accept => accept::decide(&mut command)?,
        Action::Keep => keep::decide(&mut command)?,
        // A proposal is approved by being carried out: see `approvals`.
        Action::Approve { .. } => approvals::fine(&mut command)?,
        Action::Reject => approvals::reject(&mut command)?,
        Action::Quarantine { record } => quarantine::decide(&mut command, record)?,
        Action::Reopen { records } => reopen::decide(&mut command, records)?,
        Action::Grant { census, joins } => grant::decide(&mut command, *census, *joins)?,
        Action::Suspend { census } => grant::suspend(&mut command, *census)?,
        Action::Undo { decisions, with_dependents, choices } => {
            undo::decide(&mut command, decisions, *with_dependents, choices)?;
        }
    }
    Ok(command.into_draft())
}

/// A decision of that verdict with nothing drawn up yet, for what is only proposed.
///
/// # Errors
/// As [`decide`].
pub(crate) fn begun<'a>(
    facts: Facts<'a>,
    request: &Request,
    verdict: Verdict,
) -> Decided<Draft<'a>> {
    let task = seen_task(facts, request)?;
    let mut command = Command::new(facts, request, verdict, task)?;
    command.decision.rules.clear();
    Ok(command.into_draft())
}

/// What is done for a request of a person, which no verdict on customers answers.
fn for_request<'a>(mut command: Command<'a, '_>) -> Decided<Draft<'a>> {
    match &command.request.action {
        Action::Step { step } => request::step(&mut command, step)?,
        Action::Accept => request::step(&mut command, &RequestStep::Done)?,
        Action::Keep => request::step(&mut command, &RequestStep::Refused)?,
        Action::Correct { record, values, chosen, cleared } => {
            correct::decide(&mut command, record, values, chosen, cleared)?;
            request::corrected(&mut command)?;
        }
        Action::Defer { until } => put_off::defer(&mut command, *until)?,
        Action::Escalate { to } => put_off::escalate(&mut command, to)?,
        Action::Answer => put_off::answer(&mut command)?,
        _ => {
            let id = command.task()?.id;
            return Err(command::does_not_apply(format!(
                "{id} is a request of a person: steward request done {id}, or refuse {id} --note TEXT"
            )));
        }
    }
    Ok(command.into_draft())
}

/// The verdict under which an action is recorded.
fn verdict_of(action: &Action, task: Option<&Task>) -> Verdict {
    match action {
        Action::Merge { .. } => Verdict::Merge,
        Action::NotAMatch { .. } if task.is_some_and(|task| task.kind == TaskKind::Overlay) => {
            Verdict::Unmerge
        }
        Action::NotAMatch { .. } => Verdict::NotAMatch,
        Action::Unmerge { .. } => Verdict::Unmerge,
        Action::Correct { .. } => Verdict::Correct,
        Action::Pin { .. } => Verdict::Pin,
        Action::Waive { .. } => Verdict::Waive,
        Action::Quarantine { .. } => Verdict::Quarantine,
        Action::Reopen { .. } => Verdict::Reopen,
        Action::Grant { .. } => Verdict::Grant,
        Action::Suspend { .. } => Verdict::Suspend,
        Action::Defer { .. } => Verdict::Defer,
        Action::Escalate { .. } | Action::Ask { .. } => Verdict::Escalate,
        Action::Comment { .. } => Verdict::Comment,
        Action::Hold { .. } => Verdict::Hold,
        Action::Lift { .. } => Verdict::Lift,
        Action::Record { .. } | Action::Step { .. } => Verdict::Request,
        Action::Answer => Verdict::Answer,
        Action::Accept | Action::Keep
            if task.is_some_and(|task| task.kind == TaskKind::Request) =>
        {
            Verdict::Request
        }
        Action::Accept if task.is_some_and(|task| task.kind == TaskKind::Vanished) => {
            Verdict::Close
        }
        Action::Accept => Verdict::Accept,
        Action::Keep => Verdict::Keep,
        Action::Approve { .. } => Verdict::Approve,
        Action::Reject => Verdict::Reject,
        Action::Undo { .. } => Verdict::Undo,
    }
}

/// The task a request answers, pending and unchanged since it was seen.
///
/// # Errors
/// The refusal, or a failure of the store.
pub(crate) fn seen_task(facts: Facts<'_>, request: &Request) -> Decided<Option<Task>> {
    let Some(id) = request.task else { return Ok(None) };
    let entry = facts.view.task(id)?.ok_or_else(|| unknown(&id))?;
    let version = versions::of_task(facts, &entry.task)?;
    if let Some(seen) = request.seen
        && seen < version
    {
        let since = describe::since(facts, Subject::Task(id), seen)?;
        return Err(Refusal::Stale { subject: id.to_string(), since }.into());
    }
    let comes_after = matches!(&request.action, Action::Step { step } if step.may_come_after());
    if !entry.task.state.is_pending() && !comes_after {
        let why = format!("{id} is already {}", entry.task.state.name());
        return Err(Refusal::DoesNotApply { why }.into());
    }
    Ok(Some(entry.task))
}

/// A task for which something is proposed is neither put off nor asked of somebody else, and one that asks for an
/// approval is approved or rejected.
fn waits_for_approval(command: &Command<'_, '_>) -> Decided<()> {
    let Some(task) = &command.task else { return Ok(()) };
    let puts_off = matches!(
        command.request.action,
        Action::Defer { .. } | Action::Escalate { .. } | Action::Answer
    );
    match (&task.state, task.kind) {
        (_, TaskKind::Approval) => match &command.request.action {
            Action::Approve { .. } | Action::Reject => Ok(()),
            _ => Err(does_not_apply(format!(
                "{} asks for an approval: steward approve {} or steward reject {}",
                task.id, task.id, task.id
            ))),
        },
        (TaskState::Proposed { decision, approval, .. }, _) if puts_off => {
            Err(does_not_apply(format!(
                "{} waits for the approval of {decision} ({approval}): decide it otherwise, or first undo \
                 {decision}",
                task.id
            )))
        }
        _ => Ok(()),
    }
}

fn check_reason(facts: Facts<'_>, request: &Request, verdict: Verdict) -> Decided<()> {
    let settings = &facts.settings.decisions;
    let waives = !request.waive.is_empty();
    let verdict = if waives { Verdict::Waive } else { verdict };
    let offered: Vec<_> = settings.reasons_for(verdict).map(|reason| reason.code.clone()).collect();
    // A request of a person needs its reason when it is recorded: its steps have words of their own.
    let is_step = verdict == Verdict::Request && !matches!(request.action, Action::Record { .. });
    match &request.reason {
        None if waives || (settings.reason_required.contains(&verdict) && !is_step) => {
            Err(Refusal::ReasonRequired { verdict, offered }.into())
        }
        // A list from before there were holds has no reason for them.
        Some(_)
            if offered.is_empty()
                && matches!(verdict, Verdict::Hold | Verdict::Lift | Verdict::Request) =>
        {
            Ok(())
        }
        Some(given) if !settings.reasons.is_empty() && !offered.contains(given) => {
            Err(Refusal::UnknownReason { verdict, given: given.clone(), offered }.into())
        }
        _ => Ok(()),
    }
}
