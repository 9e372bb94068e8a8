//! Carrying out a request: its commit is foreseen, told in a sentence, and made.

use super::answering::doubted;
use super::answers::preview::{left, read_as, splits};
use super::approvals::{decision_of, replaced};
use super::core::{Desk, Foreseen};
use super::describe;
use super::error::{Decided, DeskError, Stop};
use super::facts::missing;
use super::queue::pattern_of;
use domain::{Commit, DecisionId, Event, Subject, TaskId, TaskKind, Verdict};
use door::{Action, Lesson, Receipt, Request};

/// Whose a record is since a decision said that its key was given to somebody else: `crm:10 is of C19 now`.
fn given(commit: &Commit) -> Option<String> {
    let given = commit.events.iter().find_map(|event| match event {
        Event::RecordChanged(it) if it.after.reused != it.before.reused => {
            it.after.reused.map(|_| it.record)
        }
        _ => None,
    })?;
    let now = commit.events.iter().find_map(|event| match event {
        Event::CustomerChanged(it) if it.after.members.contains(&given) => Some(it.customer),
        _ => None,
    })?;
    Some(format!("whoever has the key now is {now}"))
}

impl Desk {
    /// Carries out a request.
    ///
    /// # Errors
    /// The refusal, or a failure; nothing was changed then.
    pub(super) fn carry_out(&mut self, request: &Request) -> Decided<Receipt> {
        // Said at once: on an old view another refusal might be found first.
        self.must_be_up()?;
        let comments = matches!(request.action, Action::Comment { .. });
        self.must_not_be_held(request)?;
        self.must_not_ask_closed(request)?;
        let of_bulk = match request.bulk {
            Some(bulk) => Some((bulk, self.next_of_bulk(bulk)?)),
            None => None,
        };
        let like_it = match (request.task, request.bulk) {
            (Some(task), None) => self.like(task)?,
            _ => None,
        };
        let planned = match self.planned(request, &[]) {
            Err(Stop::Refused(refusal)) => {
                self.record_refusal(request, &refusal)?;
                if self.is_not_theirs(request)? {
                    self.note_not_theirs();
                }
                return Err(refusal.into());
            }
            planned => planned?,
        };
        // A hold that is undone is lifted, and whoever may not lift it may not undo it.
        if matches!(request.action, Action::Undo { .. }) && changes_holds(&planned.outcome.commit) {
            self.must_have("hold")?;
        }
        // The same of what a request restricts; and a request is closed by whoever may record them.
        let is_of_request = match request.task.filter(|_| !comments) {
            Some(task) => self.is_request(task)?,
            None => false,
        };
        let is_undo = matches!(request.action, Action::Undo { .. });
        if is_of_request || is_undo && changes_restrictions(&planned.outcome.commit) {
            self.must_have("request")?;
        }
        let needs = planned.told();
        let foreseen = self.to_commit(request, planned)?;
        let undoes = decision_of(&foreseen.commit).is_some_and(|it| it.verdict == Verdict::Undo);
        let exported_meanwhile = match undoes {
            // Those that go along as well.
            true => self.facts().exported_since(&undone(&foreseen.commit))?,
            false => Vec::new(),
        };
        let mut summary = self.told(&foreseen)?;
        if undoes {
            summary += &left(self.facts(), request, decision_of(&foreseen.commit))?;
        }
        if let Some(who) = given(&foreseen.commit) {
            summary = format!("{summary}; {who}");
        }
        if let Some(doubt) = doubted(&self.settings.people, &request.action) {
            summary = format!("{summary}; {doubt}");
        }
        summary += &replaced(&foreseen.commit);
        let made = decision_of(&foreseen.commit);
        let proposed = made.and_then(|made| made.proposal.as_ref()).map(|it| it.task);
        let reviewed = made.and_then(|made| made.broken_glass.as_ref()).map(|it| it.task);
        if let Some(needs) = needs {
            let asked = proposed.or(reviewed).map(|task| format!(": {task}")).unwrap_or_default();
            summary = format!("{summary}; {}{asked}", needs.sentence());
        }
        if let Some(stands) = self.stands_rejected(&foreseen.commit)? {
            summary =
                format!("{summary}, which stands until somebody undoes it: steward undo {stands}");
        }
        let commit = self.commit_foreseen(foreseen)?;
        if let Some(task) = request.task.filter(|_| !comments) {
            self.drop_claim(task);
        }
        let mut typed = read_as(&request.action, &commit.events);
        typed.retain(|value| !value.taken);
        if let Some((bulk, decided)) = of_bulk {
            self.note_bulk(bulk, decided);
        }
        let decision = commit.events.iter().find_map(|event| match event {
            Event::DecisionMade(made) => Some(&made.decision),
            _ => None,
        });
        let decision = decision.ok_or_else(|| missing("the decision"))?;
        let settled = if undoes { 0 } else { settled(&commit, decision.task) };
        // Whoever answers many at once is not told after each.
        let taught = if request.bulk.is_none() { self.taught() } else { None };
        Ok(Receipt {
            decision: decision.id,
            sequence: commit.sequence,
            summary,
            task: decision.task.or_else(|| reopened(&commit)),
            bulk: decision.bulk,
            typed,
            exported_meanwhile,
            settled,
            proposed,
            like_it,
            taught,
        })
    }

    /// Whether somebody approves or rejects what is for somebody else to judge.
    fn is_not_theirs(&self, request: &Request) -> Decided<bool> {
        let judges = matches!(request.action, Action::Approve { .. } | Action::Reject);
        let Some(task) = request.task.filter(|_| judges) else { return Ok(false) };
        let entry = self.facts().view.task(task)?;
        let asks =
            entry.filter(|it| it.task.kind == TaskKind::Approval && it.task.state.is_pending());
        Ok(asks.is_some_and(|it| self.must_approve(&it.task).is_err()))
    }

    fn is_request(&self, task: TaskId) -> Decided<bool> {
        let entry = self.facts().view.task(task)?;
        Ok(entry.is_some_and(|entry| entry.task.kind == TaskKind::Request))
    }

    /// What a commit does, for whoever makes it: whom it is about, and what it splits.
    fn told(&self, foreseen: &Foreseen) -> Decided<String> {
        self.with_foreseen(foreseen, |after| {
            let told = describe::told(self.facts(), after, &foreseen.commit)?;
            let splits = splits(after, &foreseen.commit)?;
            Ok(splits.map_or(told.clone(), |splits| format!("{told}; {splits}")))
        })
    }

    /// The decision that a rejection leaves in force, because it did not wait for approval.
    fn stands_rejected(&self, commit: &Commit) -> Result<Option<DecisionId>, DeskError> {
        let rejects = decision_of(commit).filter(|made| made.verdict == Verdict::Reject);
        for subject in rejects.into_iter().flat_map(|made| &made.subjects) {
            if let Subject::Decision(id) = subject
                && self.facts().decision(*id)?.broken_glass.is_some()
                && self.facts().view.decision(*id)?.is_some_and(|entry| entry.stands())
            {
                return Ok(Some(*id));
            }
        }
        Ok(None)
    }

    /// The filter of the tasks that are of a task's kind and pattern; none where no pattern is known.
    fn like(&self, task: TaskId) -> Decided<Option<String>> {
        let facts = self.facts();
        let Some(entry) = facts.view.task(task)? else { return Ok(None) };
        let kind = entry.task.kind;
        if kind.may_be_blind() || kind == TaskKind::Approval {
            return Ok(None);
        }
        let pattern = pattern_of(facts, entry.task)?;
        Ok(pattern.map(|pattern| {
            let quoted = pattern.replace('"', "\"\"");
            format!("kind = {} and pattern = \"{quoted}\"", kind.name())
        }))
    }

    /// What decisions teach about the tasks that wait, where that costs little: where their links are
    /// read already, or few wait. What was decided stands, whatever goes wrong here.
    fn taught(&self) -> Option<Lesson> {
        let facts = self.facts();
        let told = self.queue.taught(facts);
        told.inspect_err(|error| tracing::warn!(%error, "what decisions taught could not be shown"))
            .ok()?
    }
}

/// Whether a commit places holds or takes some away.
fn changes_holds(commit: &Commit) -> bool {
    let changes = |event: &Event| match event {
        Event::RecordChanged(changed) => changed.before.holds != changed.after.holds,
        _ => false,
    };
    commit.events.iter().any(changes)
}

/// Whether a commit restricts records, or ends that.
fn changes_restrictions(commit: &Commit) -> bool {
    let changes = |event: &Event| match event {
        Event::RecordChanged(changed) => changed.before.restrictions != changed.after.restrictions,
        _ => false,
    };
    commit.events.iter().any(changes)
}

/// The decisions that a commit takes back.
fn undone(commit: &Commit) -> Vec<DecisionId> {
    let reverses = commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => Some(made.decision.reverses.clone()),
        _ => None,
    });
    reverses.unwrap_or_default()
}

/// How many tasks beside its own a commit leaves with nothing to ask.
fn settled(commit: &Commit, answered: Option<TaskId>) -> u64 {
    let ended = commit.events.iter().filter(|event| match event {
        Event::TaskChanged(changed) => {
            let waited = changed.before.as_ref().is_some_and(|task| task.state.is_pending());
            waited
                && !changed.after.state.is_pending()
                && changed.after.kind != TaskKind::Approval
                && Some(changed.task) != answered
        }
        _ => false,
    });
    ended.count() as u64
}

/// The first task that waits again after an undo.
fn reopened(commit: &Commit) -> Option<TaskId> {
    commit.events.iter().find_map(|event| match event {
        Event::TaskChanged(changed) => {
            let before = changed.before.as_ref().is_some_and(|task| !task.state.is_pending());
            (before && changed.after.state.is_pending()).then_some(changed.task)
        }
        _ => None,
    })
}
