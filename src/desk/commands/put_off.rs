//! Defer, escalate, answer: a task waits, someone else is asked, and answers.

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use crate::facts::missing;
use domain::{Subject, TaskState, Until};

pub(super) fn defer(command: &mut Command<'_, '_>, until: Until) -> Decided<()> {
    if let Until::Time(time) = until
        && time <= command.facts.now
    {
        return Err(does_not_apply("the time to come back to it has already passed"));
    }
    command.decision.until = Some(until);
    let decision = command.decision.id;
    set_state(command, TaskState::Deferred { until, decision })
}

pub(super) fn escalate(command: &mut Command<'_, '_>, to: &str) -> Decided<()> {
    let to = to.trim();
    if to.is_empty() {
        return Err(does_not_apply("name a person or a role to ask"));
    }
    command.decision.to = Some(to.to_owned());
    let decision = command.decision.id;
    set_state(command, TaskState::Escalated { to: to.to_owned(), decision })
}

/// The text of the answer is the decision's note, as the question's is.
pub(super) fn answer(command: &mut Command<'_, '_>) -> Decided<()> {
    let task = command.task()?;
    let TaskState::Escalated { to, decision: question } = task.state else {
        return Err(does_not_apply(format!("{} was not escalated: nobody was asked", task.id)));
    };
    if command.decision.note.as_deref().is_none_or(|text| text.trim().is_empty()) {
        return Err(does_not_apply("an answer needs text: --note TEXT"));
    }
    let asked = command.facts.view.decision(question)?;
    let asked = asked.ok_or_else(|| missing(format!("decision {question}")))?;
    let asker = command.facts.commit(asked.place.sequence)?.actor.person;
    command.decision.to = Some(asker.clone());
    let decision = command.decision.id;
    set_state(command, TaskState::Answered { asker, to, question, decision })
}

fn set_state(command: &mut Command<'_, '_>, state: TaskState) -> Decided<()> {
    let mut task = command.task()?;
    command.decision.subjects = task.customers.iter().copied().map(Subject::Customer).collect();
    task.state = state;
    command.draft.set_task(task)?;
    Ok(())
}
