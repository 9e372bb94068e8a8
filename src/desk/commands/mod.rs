//! One pure file a command: a request plus the present facts give a draft or a refusal.
//!
//! Start with [`decide`].

mod accept;
mod correct;
mod keep;
mod merge;
mod not_a_match;
mod pin;
mod put_off;
mod quarantine;
mod undo;
mod unmerge;
mod waive;

use std::collections::BTreeSet;

use super::describe;
use super::draft::Draft;
use super::error::{Decided, DeskError};
use super::facts::Facts;
use super::request::{Action, Request};
use super::{Refusal, versions};
use crate::domain::event::Cause;
use crate::domain::{
    CustomerId, CustomerState, Decision, DecisionId, Group, RecordAddress, RecordId, Subject, Task,
    Verdict,
};
use crate::matching;

/// What a request would change.
///
/// # Errors
/// [`Stop::Refused`](super::error::Stop) with the reason, or a failure of store or ledger.
pub fn decide<'a>(facts: Facts<'a>, request: &Request) -> Decided<Draft<'a>> {
    let task = seen_task(facts, request)?;
    let verdict = verdict_of(&request.action);
    check_reason(facts, request, verdict)?;
    let mut command = Command::new(facts, request, verdict, task)?;
    match &request.action {
        Action::Merge { groups, into, picks, rest } => {
            merge::decide(&mut command, groups, *into, picks, *rest)?;
        }
        Action::NotAMatch { groups } => not_a_match::decide(&mut command, groups)?,
        Action::Unmerge { customer, records } => {
            unmerge::decide(&mut command, *customer, records)?;
        }
        Action::Correct { record, values } => correct::decide(&mut command, record, values)?,
        Action::Pin { customer, picks } => pin::decide(&mut command, *customer, picks)?,
        Action::Waive { record, rules } => waive::decide(&mut command, record, rules)?,
        Action::Defer { until } => put_off::defer(&mut command, *until)?,
        Action::Escalate { to } => put_off::escalate(&mut command, to)?,
        Action::Answer => put_off::answer(&mut command)?,
        Action::Accept => accept::decide(&mut command)?,
        Action::Keep => keep::decide(&mut command)?,
        Action::Quarantine { record } => quarantine::decide(&mut command, record)?,
        Action::Undo { decisions, with_dependents, choices } => {
            undo::decide(&mut command, decisions, *with_dependents, choices)?;
        }
    }
    Ok(command.into_draft())
}

/// The verdict under which an action is recorded.
fn verdict_of(action: &Action) -> Verdict {
    match action {
        Action::Merge { .. } => Verdict::Merge,
        Action::NotAMatch { .. } => Verdict::NotAMatch,
        Action::Unmerge { .. } => Verdict::Unmerge,
        Action::Correct { .. } => Verdict::Correct,
        Action::Pin { .. } => Verdict::Pin,
        Action::Waive { .. } => Verdict::Waive,
        Action::Quarantine { .. } => Verdict::Quarantine,
        Action::Defer { .. } => Verdict::Defer,
        Action::Escalate { .. } => Verdict::Escalate,
        Action::Answer => Verdict::Answer,
        Action::Accept => Verdict::Accept,
        Action::Keep => Verdict::Keep,
        Action::Undo { .. } => Verdict::Undo,
    }
}

/// The task a request answers, pending and unchanged since it was seen.
fn seen_task(facts: Facts<'_>, request: &Request) -> Decided<Option<Task>> {
    let Some(id) = request.task else { return Ok(None) };
    let entry = facts.view.task(id)?.ok_or_else(|| unknown(&id))?;
    let version = versions::of_task(facts, &entry.task)?;
    if let Some(seen) = request.seen
        && seen < version
    {
        let since = describe::since(facts, Subject::Task(id), seen)?;
        return Err(Refusal::Stale { subject: id.to_string(), since }.into());
    }
    if !entry.task.state.is_pending() {
        let why = format!("{id} is {} already", entry.task.state.name());
        return Err(Refusal::DoesNotApply { why }.into());
    }
    Ok(Some(entry.task))
}

fn check_reason(facts: Facts<'_>, request: &Request, verdict: Verdict) -> Decided<()> {
    let settings = &facts.settings.decisions;
    let waives = !request.waive.is_empty();
    let verdict = if waives { Verdict::Waive } else { verdict };
    let offered: Vec<_> = settings.reasons_for(verdict).map(|reason| reason.code.clone()).collect();
    match &request.reason {
        None if waives || settings.reason_required.contains(&verdict) => {
            Err(Refusal::ReasonRequired { verdict, offered }.into())
        }
        Some(given) if !settings.reasons.is_empty() && !offered.contains(given) => {
            Err(Refusal::UnknownReason { verdict, given: given.clone(), offered }.into())
        }
        _ => Ok(()),
    }
}

/// A command being decided: the draft, its decision, and what every command needs to ask.
struct Command<'a, 'r> {
    facts: Facts<'a>,
    request: &'r Request,
    draft: Draft<'a>,
    decision: Decision,
    task: Option<Task>,
}

impl<'a, 'r> Command<'a, 'r> {
    fn new(
        facts: Facts<'a>,
        request: &'r Request,
        verdict: Verdict,
        task: Option<Task>,
    ) -> Result<Self, DeskError> {
        let id = DecisionId(facts.view.counters()?.decisions + 1);
        let decision = Decision {
            id,
            verdict,
            task: request.task,
            subjects: Vec::new(),
            groups: Vec::new(),
            key: Vec::new(),
            values: crate::domain::Values::new(),
            withdrawn: Vec::new(),
            rules: request.waive.clone(),
            reason: request.reason.clone(),
            note: request.note.clone(),
            score: task.as_ref().and_then(|task| task.score),
            until: None,
            to: None,
            bulk: request.bulk,
            reverses: Vec::new(),
        };
        let draft = Draft::new(facts, Cause::Decision(id))?;
        Ok(Self { facts, request, draft, decision, task })
    }

    fn into_draft(self) -> Draft<'a> {
        let mut draft = self.draft;
        draft.decision = Some(self.decision);
        draft
    }

    /// The task, for verdicts that only make sense as an answer to one.
    fn task(&self) -> Decided<Task> {
        self.task.clone().ok_or_else(|| {
            let verdict = self.decision.verdict.name();
            does_not_apply(format!("{verdict} answers a task: name one"))
        })
    }

    /// A live customer.
    fn live(&self, id: CustomerId) -> Decided<CustomerState> {
        match self.draft.customer(id)? {
            Some(state) if state.is_live() => Ok(state),
            Some(_) => match self.facts.view.follow(id)? {
                Some(survivor) => {
                    Err(does_not_apply(format!("{id} was merged into {survivor}: name that")))
                }
                None if self.facts.view.erased_in(id)?.is_some() => {
                    Err(self.facts.no_customer(id)?.into())
                }
                None => Err(does_not_apply(format!("{id} has no records any more"))),
            },
            None => Err(unknown(&id)),
        }
    }

    /// A record by its address.
    fn record(&self, address: &RecordAddress) -> Decided<RecordId> {
        match self.facts.find(address)? {
            Some(record) => Ok(record),
            None => Err(self.facts.no_record(address)?.into()),
        }
    }

    /// Refuses what was decided on an outdated sight of a subject, where no task carries the
    /// version.
    fn check_seen(&self, subject: Subject, version: crate::domain::Sequence) -> Decided<()> {
        match self.request.seen {
            Some(seen) if self.task.is_none() && seen < version => {
                let since = describe::since(self.facts, subject.clone(), seen)?;
                Err(Refusal::Stale { subject: subject.to_string(), since }.into())
            }
            _ => Ok(()),
        }
    }

    /// Adds groups to the decision, with the key of every record in them.
    fn add_groups(&mut self, groups: Vec<Group>) -> Decided<()> {
        let compared = matching::compared_fields(self.facts.settings);
        for record in groups.iter().flat_map(|group| &group.records) {
            let record = self.facts.record(*record)?;
            self.decision.key.push(self.facts.keyed(&record, &compared));
        }
        self.decision.groups.extend(groups);
        Ok(())
    }

    /// The customers of groups, each live and named once.
    fn resolve(
        &self,
        groups: &[Vec<CustomerId>],
    ) -> Decided<Vec<Vec<(CustomerId, CustomerState)>>> {
        let mut named = BTreeSet::new();
        let mut resolved = Vec::new();
        for group in groups {
            let mut customers = Vec::new();
            for id in group {
                if !named.insert(*id) {
                    return Err(does_not_apply(format!("{id} is named twice")));
                }
                customers.push((*id, self.live(*id)?));
            }
            customers.sort_by_key(|(id, _)| *id);
            if !customers.is_empty() {
                resolved.push(customers);
            }
        }
        for id in named {
            let version = self.facts.view.customer_version(id)?;
            self.check_seen(Subject::Customer(id), version)?;
        }
        Ok(resolved)
    }
}

fn does_not_apply(why: impl Into<String>) -> super::error::Stop {
    Refusal::DoesNotApply { why: why.into() }.into()
}

fn unknown(subject: &impl ToString) -> super::error::Stop {
    Refusal::Unknown { subject: subject.to_string() }.into()
}
