//! Versions: the sequence of the last commit that touched what a person decides on.

use super::error::DeskError;
use super::facts::Facts;
use domain::{Sequence, Task};

/// A task's version: the last commit that touched it, its customers or their records. Of a second
/// look, the decision's commit stands for its own.
///
/// # Errors
/// When the store is damaged.
pub fn of_task(facts: Facts<'_>, task: &Task) -> Result<Sequence, DeskError> {
    let version = facts.view.task(task.id)?.map(|entry| entry.version).unwrap_or_default();
    of_task_since(facts, task, version)
}

/// The same where the last commit that touched the task itself is known.
///
/// # Errors
/// When the store is damaged.
pub fn of_task_since(
    facts: Facts<'_>,
    task: &Task,
    mut version: Sequence,
) -> Result<Sequence, DeskError> {
    if let Some(decision) = task.second_look_at() {
        // When a second look was opened tells what was said: at once where a census counts on a "no".
        let entry = facts.view.decision(decision)?;
        version = entry.map_or(version, |entry| entry.place.sequence);
    }
    for customer in &task.customers {
        version = version.max(facts.view.customer_version(*customer)?);
    }
    Ok(version)
}
