//! Comment: something is said about customers, on a task or without one. It decides nothing and changes nothing, so that
//! nobody's decision becomes stale by it; as a decision's note it is history like any other, goes with an erasure and
//! into a report on a person, and undoing it withdraws it.

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{CustomerId, Subject, Task, TaskKind};

/// Characters of a comment at most.
const LONGEST: usize = 2_000;

pub(super) fn decide(command: &mut Command<'_, '_>, customers: &[CustomerId]) -> Decided<()> {
    let text = command.decision.note.as_deref().map(str::trim).unwrap_or_default();
    if text.is_empty() {
        return Err(does_not_apply("a comment needs text"));
    }
    if text.chars().count() > LONGEST {
        return Err(does_not_apply(format!("a comment has {LONGEST} characters at most")));
    }
    command.decision.note = Some(text.to_owned());
    let mut about = match &command.task {
        Some(task) if task.kind == TaskKind::Approval => live_of(command, task)?,
        Some(task) => task.customers.clone(),
        None => customers.to_vec(),
    };
    about.sort_unstable();
    about.dedup();
    if about.is_empty() {
        return Err(does_not_apply("a comment is about a task or a customer: name one"));
    }
    for customer in &about {
        command.live(*customer)?;
    }
    command.decision.score = None;
    command.decision.subjects = about.into_iter().map(Subject::Customer).collect();
    Ok(())
}

/// Whom an approval is about now: what did not wait for one has been done, and may have merged them.
fn live_of(command: &Command<'_, '_>, task: &Task) -> Decided<Vec<CustomerId>> {
    let mut live = Vec::new();
    for customer in &task.customers {
        live.extend(command.facts.view.follow(*customer)?);
    }
    Ok(live)
}
