//! Tasks, pending and done, with the fields that `steward tasks --json` has.

use super::walk::{Rows, Scope};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, typed};
use crate::facts::Facts;
use crate::{describe, versions};

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let names = [
        "id", "kind", "state", "version", "subjects", "customer", "score", "weakest", "reason",
        "opened",
    ];
    let kinds = [
        ("version", Kind::Whole),
        ("score", Kind::Number),
        ("weakest", Kind::Number),
        ("opened", Kind::Time),
    ];
    Ok(typed(&names, &kinds))
}

/// By id. The subjects are the task's customers and, where it is about one, its record.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let tasks = facts.view.all_tasks()?;
    let mut walk = scope.walk(tasks.len() as u64);
    for entry in tasks {
        walk.step()?;
        if !scope.wants(|| Ok(entry.version))? {
            continue;
        }
        let task = entry.task;
        let customers: Vec<String> = task.customers.iter().map(ToString::to_string).collect();
        let mut subjects = customers.clone();
        if let Some(record) = task.record {
            subjects.push(scope.address(record)?);
        }
        rows.write(&[
            Cell::text(task.id),
            Cell::text(task.kind.name()),
            Cell::text(task.state.name()),
            Cell::Whole(versions::of_task(facts, &task)?.0),
            Cell::List(subjects),
            Cell::List(customers),
            Cell::optional_number(task.score),
            Cell::optional_number(task.weakest),
            Cell::text(describe::reason(&task)),
            Cell::text(task.opened),
        ])?;
    }
    Ok(())
}
