//! Tasks about the person, with the steps of their life.

use super::person::Person;
use crate::describe;
use crate::error::DeskError;
use crate::export::{TaskChange, TaskHeld};
use domain::{Event, Task};

/// Every task there ever was about the person's customers or records, by id.
pub(super) fn of(person: &Person<'_>) -> Result<Vec<Task>, DeskError> {
    let tasks = person.facts.view.all_tasks()?.into_iter().map(|entry| entry.task);
    let is_about = |task: &Task| {
        let is_since = |record| person.is_after(record, task.opened);
        task.record.is_some_and(|record| person.has(record) && !is_since(record))
            || task.customers.iter().any(|customer| person.ids.contains(customer))
    };
    let mut theirs = Vec::new();
    for task in tasks.filter(is_about) {
        if !person.is_before(task.opened)? {
            theirs.push(task);
        }
    }
    Ok(theirs)
}

pub(super) fn about(person: &Person<'_>) -> Result<Vec<TaskHeld>, DeskError> {
    of(person)?.into_iter().map(|task| one(person, task)).collect()
}

fn one(person: &Person<'_>, task: Task) -> Result<TaskHeld, DeskError> {
    let mut changes: Vec<TaskChange> = Vec::new();
    for link in person.facts.task_chain(task.id)?.into_iter().rev() {
        for event in &link.events {
            let Event::TaskChanged(changed) = event else { continue };
            let state = changed.after.state.name();
            if changes.last().is_none_or(|last| last.state != state) {
                changes.push(TaskChange { at: link.at, actor: link.actor.person.clone(), state });
            }
        }
    }
    Ok(TaskHeld {
        task: task.id,
        kind: task.kind.name(),
        state: task.state.name(),
        reason: describe::reason(&task),
        score: task.score,
        customers: task.customers,
        changes,
    })
}
