//! A second look is answered: what is said is kept beside what was said first, and changes no
//! customer. Where both differ, whoever may settle it is asked.

use std::collections::BTreeSet;

use super::command::{Command, does_not_apply};
use super::put_off;
use crate::error::Decided;
use crate::second::{Partition, Question, asked, in_order, settled_by, who_decided};
use domain::{
    Answer, CustomerId, DecisionId, SecondLook, Subject, Task, TaskKind, TaskReason, TaskState,
};
use door::{Action, Rest};

pub(super) fn decide(command: &mut Command<'_, '_>, first: DecisionId) -> Decided<()> {
    let task = command.task()?;
    if task.is_early(command.facts.now) {
        return Err(does_not_apply(format!(
            "{} comes back when {first} is a day old: there is nothing to answer until then",
            task.id
        )));
    }
    // Put off before its day it could be answered before its day.
    if let Action::Defer { until } = command.request.action {
        return put_off::defer(command, until);
    }
    let question = Question::of(command.facts, first)?;
    let answer = answer(command, &task, &question)?;
    let earlier = question.answer();
    let look = SecondLook {
        of: first,
        first: Answer::of(&earlier),
        second: Answer::of(&answer),
        agrees: answer == earlier,
        groups: question.groups(&answer),
    };
    let second = command.decision.id;
    command.decision.subjects = task.customers.iter().copied().map(Subject::Customer).collect();
    let agrees = look.agrees;
    command.decision.second = Some(look);
    if !agrees {
        ask_who_settles(command, &task, &question)?;
    }
    let state = TaskState::Decided { decision: second };
    command.draft.set_task(Task { state, ..task })?;
    Ok(())
}

/// What is said of every customer that was asked about.
fn answer(command: &Command<'_, '_>, task: &Task, question: &Question) -> Decided<Partition> {
    if !command.request.waive.is_empty() {
        return Err(does_not_apply(format!(
            "{} changes nothing that a rule could forbid",
            task.id
        )));
    }
    let (groups, is_rest_apart) = match &command.request.action {
        Action::Merge { groups, into: None, picks, rest } if picks.is_empty() => {
            (groups, *rest == Rest::NotAMatch)
        }
        Action::Merge { .. } => {
            return Err(does_not_apply(format!(
                "{} changes no customer: there is no survivor to name and no value to pick",
                task.id
            )));
        }
        Action::NotAMatch { groups } => (groups, false),
        _ => {
            return Err(does_not_apply(format!(
                "{} is a second look: merge, not-a-match or defer",
                task.id
            )));
        }
    };
    let mut named: BTreeSet<CustomerId> = BTreeSet::new();
    for id in groups.iter().flatten() {
        if !question.customers.contains_key(id) {
            return Err(does_not_apply(format!("{} does not ask about {id}", task.id)));
        }
        if !named.insert(*id) {
            return Err(does_not_apply(format!("{id} is named twice")));
        }
    }
    let groups = groups.iter().filter(|group| !group.is_empty()).cloned();
    let others = question.customers.keys().filter(|id| !named.contains(id));
    let others: Vec<Vec<CustomerId>> = others.map(|id| vec![*id]).collect();
    if let ([first, ..], false) = (&others[..], is_rest_apart) {
        let left = first.first().map(ToString::to_string).unwrap_or_default();
        return Err(does_not_apply(format!(
            "a second look must be answered in full: also say whether {left} belongs with the others"
        )));
    }
    let answer = in_order(groups.chain(others));
    let joins = answer.iter().any(|group| group.len() > 1);
    match &command.request.action {
        Action::Merge { .. } if !joins => {
            Err(does_not_apply("a merge needs two customers in one group"))
        }
        Action::NotAMatch { .. } if answer.len() < 2 => {
            Err(does_not_apply("not-a-match needs two groups of customers"))
        }
        _ => Ok(answer),
    }
}

/// Opens the task that shows both verdicts to whoever says which of them stands.
fn ask_who_settles(command: &mut Command<'_, '_>, task: &Task, question: &Question) -> Decided<()> {
    let second = command.decision.id;
    let mut customers = BTreeSet::new();
    for record in question.records() {
        customers.insert(command.facts.view.customer_of(record)?);
    }
    let first = who_decided(command.facts, question.decision.id)?;
    let second_by = asked(command.facts, task, &first);
    let to = settled_by(command.facts, [&first, &second_by]);
    command.decision.to = Some(to.clone());
    let disagreement = Task {
        id: command.draft.new_task(),
        kind: TaskKind::Second,
        state: TaskState::Escalated { to, decision: second },
        customers: customers.into_iter().collect(),
        record: None,
        reason: TaskReason::Disagreement { first: question.decision.id, second },
        score: task.score,
        weakest: task.weakest,
        opened: command.facts.now,
    };
    command.draft.set_task(disagreement)?;
    Ok(())
}
