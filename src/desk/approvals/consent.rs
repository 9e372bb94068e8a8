//! Somebody else says what becomes of a proposal, or of a decision that did not wait for them.

use super::hands::hands_in;
use super::{Planned, request_of, was_before};
use crate::commands::{Command, does_not_apply};
use crate::core::{Desk, Foreseen};
use crate::describe;
use crate::draft::Draft;
use crate::error::{Decided, unknown};
use crate::facts::{Facts, missing};
use domain::{Decision, DecisionId, Subject, Task, TaskKind, TaskReason, TaskState};
use door::{Action, Refusal, Request};
use govern::Sought;

/// How much of a digest tells one outcome from others.
const SHORTEST: usize = 8;

impl Desk {
    /// What becomes of the task of an approval: a proposal is carried out as it would be today, a review ends.
    pub(crate) fn answered_approval(
        &self,
        request: &Request,
        expect: Option<&str>,
    ) -> Decided<Planned> {
        let task = commands_task(self.facts(), request)?;
        self.must_approve(&task)?;
        let TaskReason::Approval { decision } = task.reason else {
            return Ok(Planned::at_once(self.outcome_of(request, &[], &|_| Ok(()))?));
        };
        let outcome = self.approved(request, &task, decision)?;
        let digest = self.digest_of(&outcome)?;
        let proposal = self.proposal_of(decision)?;
        let is_expected = match expect {
            Some(text) => text.len() >= SHORTEST && digest.to_string().starts_with(text),
            None => digest == proposal.digest,
        };
        if !is_expected {
            let since = self.since_proposed(&task, decision)?;
            let digest = digest.to_string();
            return Err(Refusal::OutcomeDiffers { proposal: decision, since, digest }.into());
        }
        Ok(Planned::at_once(outcome))
    }

    /// The proposed decision as it would come out now, made by whoever approves it.
    fn approved(&self, request: &Request, task: &Task, proposed: DecisionId) -> Decided<Foreseen> {
        let inner = self.proposed_request(proposed)?;
        let note = both(inner.note.as_deref(), request.note.as_deref());
        let is_grant = matches!(inner.action, Action::Grant { .. });
        let bulk = match request.bulk {
            None if is_grant => Some(self.next_bulk()?),
            bulk => bulk,
        };
        let inner = Request { bulk, bulk_left: request.bulk_left, ..inner };
        self.outcome_of(&inner, &[], &|draft: &mut Draft<'_>| {
            let Some(made) = &mut draft.decision else { return Ok(()) };
            made.approves = Some(proposed);
            made.note.clone_from(&note);
            let state = TaskState::Decided { decision: made.id };
            draft.set_task(Task { state, ..task.clone() })?;
            // A task that the verdict does not end waits as before: a request is not done once something is corrected.
            release(draft, proposed)
        })
    }

    /// What somebody asked for, to be foreseen again; refused where it was erased.
    pub(super) fn proposed_request(&self, proposed: DecisionId) -> Decided<Request> {
        let proposal = self.proposal_of(proposed)?;
        request_of(&proposal).ok_or_else(|| {
            does_not_apply(format!(
                "what {proposed} proposed was erased with somebody it was about: reject it"
            ))
        })
    }

    fn proposal_of(&self, proposed: DecisionId) -> Decided<Box<domain::Proposal>> {
        let proposal = self.facts().decision(proposed)?.proposal;
        Ok(proposal.ok_or_else(|| missing(format!("proposal {proposed}")))?)
    }

    /// What happened since to what a proposal is about.
    pub(super) fn since_proposed(&self, task: &Task, proposed: DecisionId) -> Decided<Vec<String>> {
        let facts = self.facts();
        let entry = facts.view.decision(proposed)?.ok_or_else(|| unknown(&proposed))?;
        Ok(describe::since(facts, Subject::Task(task.id), entry.place.sequence)?)
    }

    /// Refuses whoever may not approve what a task asks about: they had a hand in it, or it is for others.
    pub(crate) fn must_approve(&self, task: &Task) -> Decided<()> {
        if task.kind != TaskKind::Approval {
            let why = format!("{} does not ask for an approval", task.id);
            return Err(Refusal::DoesNotApply { why }.into());
        }
        match self.not_theirs_to_approve(task)? {
            Some(why) => Err(does_not_apply(format!("{}: {why}", task.id))),
            None => Ok(()),
        }
    }

    /// Why whoever the desk works for may not approve what a task asks about.
    pub(super) fn not_theirs_to_approve(&self, task: &Task) -> Decided<Option<String>> {
        self.sought(task, |sought| sought.may(&self.settings, &self.acting).err())
    }

    /// Asks of whoever may approve what a task asks about.
    pub(super) fn sought<T>(&self, task: &Task, ask: impl FnOnce(Sought<'_>) -> T) -> Decided<T> {
        let id = task.to_approve().ok_or_else(|| missing(format!("what {} asks", task.id)))?;
        let decision = self.facts().decision(id)?;
        let by = match (&decision.proposal, &decision.broken_glass) {
            (Some(proposal), _) => &proposal.by,
            (None, Some(glass)) => &glass.by,
            (None, None) => return Err(missing(format!("what {} asks", task.id)).into()),
        };
        let gone = matches!(by, domain::Approver::Role(role) if self.settings.role(role).is_none());
        let instead = if gone { self.asked_today(&decision)? } else { None };
        let authors = self.known_as(hands_in(self.facts(), task, &decision)?)?;
        Ok(ask(Sought { by, instead: instead.as_ref(), authors: &authors }))
    }

    /// Whom the rules of today ask about what was proposed; nobody where it would be refused, or is done.
    fn asked_today(&self, decision: &Decision) -> Decided<Option<domain::Approver>> {
        let Some(inner) = decision.proposal.as_deref().and_then(request_of) else {
            return Ok(None);
        };
        match self.outcome_of(&inner, &[], &|_| Ok(())) {
            Ok(outcome) => Ok(self.needed_approval(&inner, &outcome)?.map(|needed| needed.by)),
            Err(crate::error::Stop::Refused(_)) => Ok(None),
            Err(failed) => Err(failed),
        }
    }
}

/// What the proposer said, and what the approver said.
fn both(proposed: Option<&str>, approved: Option<&str>) -> Option<String> {
    match (proposed, approved) {
        (Some(one), Some(other)) => Some(format!("{one}; approved: {other}")),
        (one, other) => one.or(other).map(ToOwned::to_owned),
    }
}

fn commands_task(facts: Facts<'_>, request: &Request) -> Decided<Task> {
    let task = crate::commands::seen_task(facts, request)?;
    task.ok_or_else(|| does_not_apply("approve answers a task: name one"))
}

/// A decision that did not wait was right.
pub(crate) fn fine(command: &mut Command<'_, '_>) -> Decided<()> {
    let task = command.task()?;
    let TaskReason::BreakGlass { decision } = task.reason else {
        return Err(does_not_apply(format!("{} does not ask for an approval", task.id)));
    };
    command.decision.subjects.push(Subject::Decision(decision));
    ended(command, task)
}

/// A proposal is dropped: the task that it answers waits as before. A decision that did not wait stays until
/// somebody undoes it.
pub(crate) fn reject(command: &mut Command<'_, '_>) -> Decided<()> {
    let task = command.task()?;
    let Some(decision) = task.to_approve().filter(|_| task.kind == TaskKind::Approval) else {
        return Err(does_not_apply(format!("{} does not ask for an approval", task.id)));
    };
    if command.decision.note.as_deref().is_none_or(|text| text.trim().is_empty()) {
        return Err(does_not_apply("a rejection needs a text: --note TEXT"));
    }
    command.decision.subjects.push(Subject::Decision(decision));
    if let TaskReason::Approval { .. } = task.reason {
        release(&mut command.draft, decision)?;
    }
    ended(command, task)
}

/// The task that a proposal answers waits as before.
fn release(draft: &mut Draft<'_>, proposed: DecisionId) -> Decided<()> {
    let answered = draft.facts().view.decision(proposed)?.and_then(|entry| entry.task);
    let Some(answered) = answered.map(|id| draft.task(id)).transpose()?.flatten() else {
        return Ok(());
    };
    if matches!(answered.state, TaskState::Proposed { decision, .. } if decision == proposed) {
        let state = was_before(&answered.state);
        draft.set_task(Task { state, ..answered })?;
    }
    Ok(())
}

fn ended(command: &mut Command<'_, '_>, task: Task) -> Decided<()> {
    let state = TaskState::Decided { decision: command.decision.id };
    command.draft.set_task(Task { state, ..task })?;
    Ok(())
}
