//! A verdict becomes a proposal: the task that asks for its approval is opened, and the task it answers waits.

use super::asked::{customers_of, fields_of};
use super::hands::hands_in;
use super::{decision_of, digest, request_of};
use crate::commands;
use crate::core::{Desk, Foreseen};
use crate::draft::Draft;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use domain::{
    Author, BrokenGlass, CustomerId, DecisionId, Proposal, Task, TaskKind, TaskReason, TaskState,
    Until, Verdict,
};
use door::{Refusal, Request};
use govern::NeededApproval;

impl Desk {
    /// The proposal of a request that comes to `outcome`.
    pub(crate) fn proposed(
        &self,
        request: &Request,
        outcome: &Foreseen,
        needed: NeededApproval,
    ) -> Decided<Foreseen> {
        let facts = self.facts();
        let inner = decision_of(&outcome.commit).ok_or_else(|| missing("the decision"))?;
        let digest = self.digest_of(outcome)?;
        let customers = self.customers_in(outcome)?;
        let bare = Request {
            seen: None,
            bulk: None,
            bulk_left: None,
            break_glass: None,
            ..request.clone()
        };
        if request.task.is_none() {
            let own = govern::author(&self.settings, &self.acting);
            must_be_new(facts, (&bare, &own), &customers)?;
        }
        let kept = serde_json::to_string(&bare)
            .map_err(|error| missing(format!("the text of a request ({error})")))?;
        let mut draft = commands::begun(facts, request, Verdict::Propose)?;
        let (task, decision) = (draft.new_task(), outcome_id(&draft)?);
        let answered = request.task.map(|id| draft.task(id)).transpose()?.flatten();
        let authors = self.authors(answered.as_ref())?;
        let about = about(&customers, answered.as_ref());
        draft.set_task(Task {
            id: task,
            kind: TaskKind::Approval,
            state: TaskState::Escalated { to: needed.by.to_string(), decision },
            customers: about,
            record: answered.as_ref().and_then(|task| task.record),
            reason: TaskReason::Approval { decision },
            score: None,
            weakest: None,
            opened: facts.now,
        })?;
        if let Some(answered) = answered {
            let was = Box::new(was_before(&answered.state));
            let state = TaskState::Proposed { decision, approval: task, was };
            draft.set_task(Task { state, ..answered })?;
        }
        if let Some(made) = &mut draft.decision {
            made.subjects.clone_from(&inner.subjects);
            made.proposal = Some(Box::new(Proposal {
                verdict: inner.verdict,
                request: kept,
                fields: fields_of(inner).into_iter().collect(),
                by: needed.by,
                rule: needed.rule,
                due: needed.due,
                digest,
                task,
                authors,
            }));
        }
        Ok(self.fold_draft(&draft)?)
    }

    /// The customers, as they stand before, that something foreseen is about.
    pub(crate) fn customers_in(&self, outcome: &Foreseen) -> Decided<Vec<CustomerId>> {
        let inner = decision_of(&outcome.commit).ok_or_else(|| missing("the decision"))?;
        Ok(customers_of(self.facts(), &outcome.commit, inner)?.into_iter().collect())
    }

    /// The digest of what was foreseen.
    pub(super) fn digest_of(&self, outcome: &Foreseen) -> Decided<domain::Fingerprint> {
        self.with_foreseen(outcome, |after| digest::of(self.facts(), after, &outcome.commit))
    }

    /// Marks a decision as one that did not wait for the approval it needs, and asks for the review of it.
    pub(crate) fn break_glass(
        &self,
        draft: &mut Draft<'_>,
        needed: &NeededApproval,
        reason: &str,
        customers: &[CustomerId],
    ) -> Decided<()> {
        let reason = reason.trim();
        if reason.is_empty() {
            let why = "breaking the glass needs a reason: --break-glass REASON".to_owned();
            return Err(Refusal::DoesNotApply { why }.into());
        }
        let Some(decision) = draft.decision_id() else { return Ok(()) };
        let task = draft.new_task();
        let answered = draft.decision.as_ref().and_then(|made| made.task);
        let answered = answered.map(|id| draft.task_before(id)).transpose()?.flatten();
        let authors = self.authors(answered.as_ref())?;
        draft.set_task(Task {
            id: task,
            kind: TaskKind::Approval,
            state: TaskState::Escalated { to: needed.by.to_string(), decision },
            customers: about(customers, answered.as_ref()),
            record: None,
            reason: TaskReason::BreakGlass { decision },
            score: None,
            weakest: None,
            opened: self.now(),
        })?;
        if let Some(made) = &mut draft.decision {
            made.broken_glass = Some(Box::new(BrokenGlass {
                reason: reason.to_owned(),
                by: needed.by.clone(),
                rule: needed.rule.clone(),
                due: needed.due,
                task,
                authors,
            }));
        }
        Ok(())
    }

    /// Whoever decides now, and whoever had a hand in what was proposed for the task before.
    fn authors(&self, answered: Option<&Task>) -> Result<Vec<Author>, DeskError> {
        let mut authors = Vec::new();
        if let Some(Task { state: TaskState::Proposed { decision, approval, .. }, .. }) = answered
            && let Some(asks) = self.facts().view.task(*approval)?
        {
            authors = hands_in(self.facts(), &asks.task, &self.facts().decision(*decision)?)?;
        }
        let own = govern::author(&self.settings, &self.acting);
        if !authors.contains(&own) {
            authors.push(own);
        }
        Ok(authors)
    }
}

fn outcome_id(draft: &Draft<'_>) -> Result<DecisionId, DeskError> {
    draft.decision_id().ok_or_else(|| missing("the decision"))
}

/// The customers that an approval is about: those that change, and those of the task.
fn about(customers: &[CustomerId], answered: Option<&Task>) -> Vec<CustomerId> {
    let mut about: Vec<CustomerId> =
        customers.iter().chain(answered.iter().flat_map(|task| &task.customers)).copied().collect();
    about.sort_unstable();
    about.dedup();
    about
}

/// How a task waits once nothing is proposed for it any more. What waited for other data may have it by now.
pub(crate) fn was_before(state: &TaskState) -> TaskState {
    match state {
        TaskState::Proposed { was, .. } => was_before(was),
        TaskState::Deferred { until: Until::DataChanges, .. }
        | TaskState::Decided { .. }
        | TaskState::Settled => TaskState::Open,
        other => other.clone(),
    }
}

/// The same is not asked twice: a file of labels is read again without harm. That a value is the one that somebody
/// else proposed is told to nobody: it may be masked for them.
fn must_be_new(
    facts: Facts<'_>,
    (request, own): (&Request, &Author),
    customers: &[CustomerId],
) -> Decided<()> {
    let Some(first) = customers.first() else { return Ok(()) };
    for entry in facts.view.tasks_of(*first)? {
        let Task { id, state, reason: TaskReason::Approval { decision }, .. } = entry.task else {
            continue;
        };
        if state.is_pending()
            && let Some(proposal) = facts.decision(decision)?.proposal
            && (proposal.fields.is_empty() || proposal.authors.iter().any(|it| it.is_same_as(own)))
            && request_of(&proposal).is_some_and(|known| is_same(known, request))
        {
            let why = format!("{id} already asks for the approval of this");
            return Err(Refusal::AlreadySo { why }.into());
        }
    }
    Ok(())
}

fn is_same(known: Request, request: &Request) -> bool {
    let (note, reason) = (request.note.clone(), request.reason.clone());
    Request { note, reason, ..known } == *request
}
