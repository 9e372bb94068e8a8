//! What waits for an approval, as whoever looks sees it.

use super::asks::Asks;
use super::request_of;
use crate::answers::{comments, preview};
use crate::core::Desk;
use crate::describe;
use crate::error::{Decided, Stop, unknown};
use crate::facts::missing;
use domain::{Decision, Task, TaskId, TaskKind, TaskReason, TaskState, counted};
use door::views::{ApprovalRow, ApprovalView};
use door::{Action, Refusal, Request};

impl Desk {
    /// The tasks that ask for an approval and wait, the earliest first; only those that whoever asks may approve.
    pub(crate) fn approvals(&self, mine: bool) -> Decided<Vec<ApprovalRow>> {
        let mut rows = Vec::new();
        let withheld = self.withheld()?;
        for task in self.queue_of(TaskKind::Approval)? {
            // Even that there is one would tell whoever is asked again what was said.
            match withheld.all_of(&task.customers) {
                Ok(()) => {}
                Err(Stop::Refused(_)) => continue,
                Err(failed) => return Err(failed),
            }
            let row = self.approval_row(&task)?;
            if !mine || row.not_yours.is_none() {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn queue_of(&self, kind: TaskKind) -> Decided<Vec<Task>> {
        let mut tasks = Vec::new();
        for entry in self.facts().view.pending_tasks()? {
            if entry.task.kind == kind {
                tasks.push(entry.task);
            }
        }
        tasks.sort_by_key(|task| task.id);
        Ok(tasks)
    }

    fn approval_row(&self, task: &Task) -> Decided<ApprovalRow> {
        let facts = self.facts();
        let asked = task.to_approve().ok_or_else(|| missing(format!("what {} asks", task.id)))?;
        let decision = facts.decision(asked)?;
        let entry = facts.view.decision(asked)?.ok_or_else(|| unknown(&asked))?;
        let (at, who) = facts.byline(entry.place.sequence)?;
        let (not_yours, may, stuck) = self.sought(task, |sought| {
            (
                sought.may(&self.settings, &self.acting).err(),
                sought.people(&self.settings),
                sought.stuck(&self.settings),
            )
        })?;
        let (by, rule) = match (&decision.proposal, &decision.broken_glass) {
            (Some(it), _) => (it.by.clone(), it.rule.clone()),
            (None, Some(it)) => (it.by.clone(), it.rule.clone()),
            (None, None) => return Err(missing(format!("what {} asks", task.id)).into()),
        };
        let proposal = decision.proposal.as_deref();
        let glass = decision.broken_glass.as_deref();
        Ok(ApprovalRow {
            task: task.id,
            decision: asked,
            done: glass.is_some(),
            verdict: proposal.map_or(decision.verdict, |proposal| proposal.verdict),
            line: line(&decision),
            who,
            at,
            note: decision.note.clone(),
            broken_glass: glass.map(|glass| glass.reason.clone()),
            undone_by: entry.undone_by.filter(|_| glass.is_some()),
            by,
            rule,
            due: Asks::of(facts, task)?.and_then(|asks| asks.due),
            bulk: decision.bulk,
            answers: decision.task.filter(|_| glass.is_none()),
            customers: task.customers.clone(),
            not_yours,
            may,
            stuck: stuck.filter(|_| task.state.is_pending()),
        })
    }

    /// A task that asks for an approval, whole.
    pub(crate) fn approval(&mut self, id: TaskId, unmask: bool) -> Decided<ApprovalView> {
        let entry = self.facts().view.task(id)?.ok_or_else(|| unknown(&id))?;
        let task = entry.task;
        if task.kind != TaskKind::Approval {
            let why = format!("{id} does not ask for an approval");
            return Err(Refusal::DoesNotApply { why }.into());
        }
        self.withheld()?.all_of(&task.customers)?;
        let row = self.approval_row(&task)?;
        let waits = task.state.is_pending();
        let mut view = ApprovalView {
            waits,
            ended: self.how_it_ended(&task)?,
            since: Vec::new(),
            differs: false,
            digest: None,
            comments: comments::on(self.facts(), &task.customers)?,
            preview: None,
            values: Vec::new(),
            more: 0,
            row,
        };
        let TaskReason::Approval { decision } = task.reason else { return Ok(view) };
        if !waits {
            return Ok(view);
        }
        view.since = self.since_proposed(&task, decision)?;
        let proposed_in = self.facts().view.decision(decision)?.map(|entry| entry.place.sequence);
        let proposed_in = proposed_in.ok_or_else(|| unknown(&decision))?;
        let proposal = self.facts().decision(decision)?.proposal;
        let Some((proposal, request)) =
            proposal.and_then(|it| request_of(&it).map(|request| (it, request)))
        else {
            return Ok(view);
        };
        let unjudged = self.unjudged(&request, unmask)?;
        match self.outcome_of(&request, &unjudged, &|_| Ok(())) {
            Ok(outcome) => {
                let digest = self.digest_of(&outcome)?;
                view.differs = digest != proposal.digest;
                view.digest = Some(digest.to_string());
                (view.values, view.more) = self.proposed_values(&outcome, proposed_in)?;
            }
            Err(Stop::Refused(_)) => view.differs = true,
            Err(failed) => return Err(failed),
        }
        view.preview = Some(preview::outcome(self, &request, unjudged)?);
        Ok(view)
    }

    /// What became of what a task asked to approve.
    fn how_it_ended(&self, task: &Task) -> Decided<Option<String>> {
        let facts = self.facts();
        Ok(match &task.state {
            TaskState::Decided { decision } => {
                let entry = facts.view.decision(*decision)?.ok_or_else(|| unknown(decision))?;
                let (at, who) = facts.byline(entry.place.sequence)?;
                let made = facts.decision(*decision)?;
                let what = match made.verdict {
                    domain::Verdict::Reject => "rejected",
                    _ => "approved",
                };
                // A note is kept as the proposer's where whoever approved added none.
                let proposed = made.approves.map(|it| facts.decision(it)).transpose()?;
                let own = made.note.filter(|note| {
                    proposed.and_then(|it| it.note).is_none_or(|proposed| proposed != *note)
                });
                let note = own.map(|note| format!(": {note}")).unwrap_or_default();
                Some(format!("{what} by {who} on {} ({decision}){note}", facts.day(at)))
            }
            TaskState::Settled => Some("nobody is asked any more".to_owned()),
            _ => None,
        })
    }
}

/// What is proposed, or was done, in a sentence without values.
fn line(decision: &Decision) -> String {
    match &decision.proposal {
        Some(proposal) => {
            if let Some(Request { action: Action::Grant { census, joins }, .. }) =
                request_of(proposal)
            {
                return format!("grant {census} ({})", counted(joins, "join", "joins"));
            }
            let subjects: Vec<String> = decision.subjects.iter().map(ToString::to_string).collect();
            describe::in_words(proposal.verdict, &proposal.fields, &subjects.join(", "))
        }
        None => describe::decision(decision),
    }
}
