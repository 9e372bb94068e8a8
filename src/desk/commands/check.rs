//! A check is answered: a person says of two customers that the machine merged under a grant, shown as
//! they were before, whether they are one. Where they are two they are two again.

use std::collections::BTreeSet;

use super::accept::decided;
use super::command::{Command, does_not_apply};
use super::{put_off, unmerge};
use crate::error::Decided;
use crate::facts::missing;
use crate::second::Question;
use domain::{CustomerId, Group, RecordId, Subject, Task, Verdict};
use door::Action;

pub(super) fn decide(command: &mut Command<'_, '_>) -> Decided<()> {
    let task = command.task()?;
    match command.request.action.clone() {
        Action::Defer { until } => return put_off::defer(command, until),
        Action::Escalate { to } => return put_off::escalate(command, &to),
        Action::Answer => return put_off::answer(command),
        _ => {}
    }
    let are_one = answer(command, &task)?;
    let question = Question::asked_by(command.facts, &task)?;
    let question = question.ok_or_else(|| missing(format!("what {} asks", task.id)))?;
    let home = home(command, &task, &question)?;
    match are_one {
        true => confirm(command, home, &question)?,
        false => take_apart(command, home, &question)?,
    }
    decided(command, &task)
}

/// Whether both customers of the task are said to be one.
fn answer(command: &Command<'_, '_>, task: &Task) -> Decided<bool> {
    let (groups, are_one) = match &command.request.action {
        Action::Merge { groups, into: None, picks, .. } if picks.is_empty() => (groups, true),
        Action::Merge { .. } => {
            return Err(does_not_apply(format!(
                "{} asks about customers as they were: you cannot name a survivor or pick a value",
                task.id
            )));
        }
        Action::NotAMatch { groups } => (groups, false),
        _ => {
            return Err(does_not_apply(format!(
                "{} is a check: merge, not-a-match, defer or escalate",
                task.id
            )));
        }
    };
    let named: Vec<CustomerId> = groups.iter().flatten().copied().collect();
    if let Some(other) = named.iter().find(|id| !task.customers.contains(id)) {
        return Err(does_not_apply(format!("{} does not ask about {other}", task.id)));
    }
    let (asked, said): (BTreeSet<_>, BTreeSet<_>) =
        (task.customers.iter().collect(), named.iter().collect());
    let parts = groups.iter().filter(|group| !group.is_empty()).count();
    let is_whole = asked == said && named.len() == said.len();
    match (is_whole, are_one) {
        (true, true) if parts == 1 => Ok(true),
        (true, false) if parts == asked.len() => Ok(false),
        _ => Err(does_not_apply(format!(
            "{} asks whether its customers are the same: name each of them once, all in one group to merge, \
             or each in its own if they are not a match",
            task.id
        ))),
    }
}

/// The customer that holds all of them now.
fn home(command: &Command<'_, '_>, task: &Task, question: &Question) -> Decided<CustomerId> {
    let mut homes = BTreeSet::new();
    for record in question.records() {
        homes.insert(command.facts.view.customer_of(record)?);
    }
    match homes.first() {
        Some(home) if homes.len() == 1 => Ok(*home),
        _ => Err(does_not_apply(format!(
            "what {} asks about is no longer together: there is nothing left to answer",
            task.id
        ))),
    }
}

/// They are one, now by a person's word.
fn confirm(command: &mut Command<'_, '_>, home: CustomerId, question: &Question) -> Decided<()> {
    command.live(home)?;
    let records: BTreeSet<RecordId> = question.records().collect();
    command.decision.subjects.push(Subject::Customer(home));
    command.draft.touch_customer(home)?;
    let records = records.into_iter().collect();
    command.add_groups(vec![Group { customer: home, records }])
}

/// They are two: whichever is not the survivor leaves with its records.
fn take_apart(command: &mut Command<'_, '_>, home: CustomerId, question: &Question) -> Decided<()> {
    let leaves = question.customers.iter().rfind(|(id, _)| **id != home);
    let Some((_, leaves)) = leaves else { return Err(missing("the other customer").into()) };
    let leaving = leaves.members.clone();
    command.decision.verdict = Verdict::Unmerge;
    command.decision.subjects.push(Subject::Customer(home));
    for record in &leaving {
        let address = command.facts.body(*record)?.address;
        command.decision.subjects.push(Subject::Record(address));
    }
    unmerge::split(command, home, leaving).map(|_| ())
}
