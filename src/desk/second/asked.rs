//! Who is asked again: whoever decided, or somebody else for a second opinion.
//!
//! Who else that is is drawn when the second look is opened, and stands in its task. Whoever may no longer
//! judge tasks is asked nothing: somebody else who may is asked instead, and where nobody is left, whoever
//! decided.

use std::collections::BTreeSet;

use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use domain::{Author, DecisionId, Task, TaskId, TaskReason};
use door::{Action, Refusal, Request};
use settings::{Person, Role, SecondBy};

/// Who is asked by a second look at what `first` decided.
pub(crate) fn asked(facts: Facts<'_>, task: &Task, first: &str) -> String {
    let Some(by) = task.second_by() else { return now_called(facts, first) };
    let by = now_called(facts, by);
    if !is_one_person(facts, &by, first) && facts.settings.who_may_judge().any(|it| it.id == by) {
        return by;
    }
    another(facts, task.id, first).unwrap_or_else(|| now_called(facts, first))
}

/// Whether two names are those of one person, as any settings ever said: whoever is called otherwise by now is not
/// asked for a second opinion on their own verdict.
pub(crate) fn is_one_person(facts: Facts<'_>, one: &str, other: &str) -> bool {
    one == other || names_of(facts, one).iter().any(|author| author.person == other)
}

/// What somebody is called now whom the ledger calls by that name; the same where no settings know better.
fn now_called(facts: Facts<'_>, name: &str) -> String {
    if facts.settings.people.is_empty() || facts.settings.person(name).is_some() {
        return name.to_owned();
    }
    let names = names_of(facts, name);
    let mut people = facts.settings.people.iter();
    let now = people.find(|person| names.iter().any(|author| author.person == person.id));
    now.map_or_else(|| name.to_owned(), |person| person.id.clone())
}

/// Somebody by all that they were ever called.
fn names_of(facts: Facts<'_>, name: &str) -> Vec<Author> {
    let own = Author { person: name.to_owned(), keys: Vec::new(), unix: None };
    match facts.everybody_named() {
        Ok(named) => govern::connected(vec![own], &named),
        Err(error) => {
            tracing::warn!(%error, "what people were called before could not be read");
            vec![own]
        }
    }
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
    let names = names_of(facts, first);
    let is_other = |person: &&Person| names.iter().all(|author| author.person != person.id);
    let others = facts.settings.who_may_judge().filter(is_other);
    others.max_by_key(|person| drawn(&person.id)).map(|person| person.id.clone())
}

/// Who is asked which of two verdicts stands where there are no roles to name.
const LEAD: &str = "lead";

/// The role that is asked which of two verdicts stands: of somebody who gave neither and may judge. One that approves
/// comes before others, and otherwise the order of the file counts.
pub(crate) fn settled_by(facts: Facts<'_>, gave: [&str; 2]) -> String {
    let settings = facts.settings;
    let is_other =
        |person: &&Person| gave.iter().all(|gave| !is_one_person(facts, gave, &person.id));
    let has = |role: &&Role| {
        let mut people = settings.who_may_judge().filter(is_other);
        people.any(|person| person.role.as_ref() == Some(&role.name))
    };
    let mut roles: Vec<&Role> = settings.roles.iter().filter(has).collect();
    roles.sort_by_key(|role| !role.may.contains("approve"));
    roles.first().map_or_else(|| LEAD.to_owned(), |role| role.name.clone())
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
        let is_own = both.iter().any(|person| is_one_person(facts, person, self.actor()));
        let is_other =
            |person: &Person| both.iter().all(|gave| !is_one_person(facts, gave, &person.id));
        // One person who said two things is asked which of them is meant.
        if puts_off
            || is_one_person(facts, &both[0], &both[1])
            || !is_own
            || !facts.settings.who_may_judge().any(is_other)
        {
            return Ok(());
        }
        let why =
            format!("{task} is about your own verdict: somebody else says which of the two stands");
        Err(Refusal::DoesNotApply { why }.into())
    }

    /// What is not offered to whoever the desk is working for: second opinions that are asked of others, and
    /// other tasks about what they are asked again themselves.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn asked_of_others(&self) -> Result<BTreeSet<TaskId>, DeskError> {
        let (facts, person) = (self.facts(), self.actor());
        let mut others = BTreeSet::new();
        for entry in facts.view.pending_second_looks()? {
            let task = entry.task;
            let Some(decision) = task.second_look_at().filter(|_| task.second_by().is_some())
            else {
                continue;
            };
            if asked(facts, &task, &who_decided(facts, decision)?) != person {
                others.insert(task.id);
            }
        }
        others.extend(self.withheld()?.beside());
        Ok(others)
    }
}
