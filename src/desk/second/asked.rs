//! Who is asked again: whoever decided, or somebody else for a second opinion.
//!
//! Who else that is is drawn when the second look is opened, and stands in its task. Whoever may no longer
//! judge tasks is asked nothing: somebody else who may is asked instead, and where nobody is left, whoever
//! decided.

use std::collections::BTreeSet;

use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use domain::{DecisionId, Task, TaskId, TaskReason};
use door::{Action, Refusal, Request};
use settings::SecondBy;

/// Who is asked by a second look at what `first` decided.
pub(crate) fn asked(facts: Facts<'_>, task: &Task, first: &str) -> String {
    let Some(by) = task.second_by() else { return first.to_owned() };
    if by != first && facts.settings.who_may_judge().any(|person| person.id == by) {
        return by.to_owned();
    }
    another(facts, task.id, first).unwrap_or_else(|| first.to_owned())
}

/// Whom a second look that is opened asks: each is whoever decided where it is `None`.
pub(crate) fn to_ask(facts: Facts<'_>, task: TaskId, first: &str) -> Vec<Option<String>> {
    let oneself = vec![None];
    match (facts.settings.review.second_by, another(facts, task, first)) {
        (SecondBy::Oneself, _) | (_, None) => oneself,
        (SecondBy::Other, other) => vec![other],
        (SecondBy::Both, other) => vec![other, None],
    }
}

/// Somebody else of those who may judge: drawn by the task under the workspace's key, so that each has an equal
/// share and nobody can tell beforehand who it is.
fn another(facts: Facts<'_>, task: TaskId, first: &str) -> Option<String> {
    let task = task.to_string();
    let drawn = |id: &str| facts.fingerprinter.of(["second opinion", &task, id]).0;
    let others = facts.settings.who_may_judge().filter(|person| person.id != first);
    others.max_by_key(|person| drawn(&person.id)).map(|person| person.id.clone())
}

/// Who gave a verdict.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn who_decided(facts: Facts<'_>, decision: DecisionId) -> Result<String, DeskError> {
    let entry = facts.view.decision(decision)?;
    let entry = entry.ok_or_else(|| missing(format!("decision {decision}")))?;
    Ok(facts.byline(entry.place.sequence)?.1)
}

impl Desk {
    /// Refuses to say which of two verdicts stands, to whoever gave one of them, where somebody else can say it.
    ///
    /// # Errors
    /// The refusal, or a failure of the store.
    pub(crate) fn must_not_judge_own(&self, request: &Request) -> Decided<()> {
        let facts = self.facts();
        let Some(task) = request.task else { return Ok(()) };
        let Some(entry) = facts.view.task(task)? else { return Ok(()) };
        let TaskReason::Disagreement { first, second } = entry.task.reason else { return Ok(()) };
        let puts_off = matches!(
            request.action,
            Action::Comment { .. }
                | Action::Defer { .. }
                | Action::Escalate { .. }
                | Action::Answer
        );
        let both = [who_decided(facts, first)?, who_decided(facts, second)?];
        let is_own = both.iter().any(|person| person == self.actor());
        let is_other = |person: &settings::Person| !both.contains(&person.id);
        // One person who said two things is asked which of them is meant.
        if puts_off
            || both[0] == both[1]
            || !is_own
            || !facts.settings.who_may_judge().any(is_other)
        {
            return Ok(());
        }
        let why =
            format!("{task} is about your own verdict: somebody else says which of the two stands");
        Err(Refusal::DoesNotApply { why }.into())
    }

    /// Second opinions that are asked of others than whoever the desk is working for: they are not offered.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn asked_of_others(&self) -> Result<BTreeSet<TaskId>, DeskError> {
        let (facts, person) = (self.facts(), self.actor());
        let mut others = BTreeSet::new();
        for entry in facts.view.pending_second_looks()? {
            let task = entry.task;
            let (Some(by), Some(decision)) = (task.second_by(), task.second_look_at()) else {
                continue;
            };
            // As long as the person drawn may still judge, it does not matter who decided first.
            let may = |id: &str| facts.settings.who_may_judge().any(|it| it.id == id);
            let is_mine = match may(by) {
                true => by == person,
                false => asked(facts, &task, &who_decided(facts, decision)?) == person,
            };
            if !is_mine {
                others.insert(task.id);
            }
        }
        Ok(others)
    }
}
