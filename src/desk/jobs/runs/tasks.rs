//! Tasks that are new, decided or settled, and what people said of those that waited.

use super::between::Between;
use super::first;
use crate::answers::said::{self, Said};
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Task, TaskKind, TaskState};
use door::views::{SaidView, TaskTold, TasksDiff};

/// What became of the tasks.
pub(super) fn told(between: &Between, limit: usize) -> TasksDiff {
    let (mut new, mut decided, mut settled, mut passed) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (before, after) in between.tasks.values() {
        let waited = before.as_ref().is_some_and(|it| it.state.is_pending());
        match (&after.state, waited) {
            (TaskState::Decided { .. }, true) => {
                decided.push(task(before.as_ref().unwrap_or(after)))
            }
            (TaskState::Decided { .. }, false) => {
                // Those that had been decided before are no news.
                let was = before.as_ref().map(|it| &it.state);
                decided.extend((was != Some(&after.state)).then(|| task(after)));
            }
            (TaskState::Settled, true) => settled.push(task(after)),
            (TaskState::Settled, false) => passed += u64::from(before.is_none()),
            (_, false) => new.push(task(after)),
            (_, true) => {}
        }
    }
    for list in [&mut new, &mut decided, &mut settled] {
        list.sort_by(|one, other| {
            let score = |task: &TaskTold| task.score.unwrap_or(-1.0);
            score(other).total_cmp(&score(one)).then(one.task.cmp(&other.task))
        });
    }
    TasksDiff {
        new: first(new, limit),
        decided: first(decided, limit),
        settled: first(settled, limit),
        passed,
    }
}

fn task(task: &Task) -> TaskTold {
    TaskTold { task: task.id, kind: task.kind, score: task.score }
}

/// What people said up to the later run of the tasks that waited after the earlier one. Those that
/// were settled without anybody's verdict say nothing.
///
/// # Errors
/// When the store is damaged.
pub(super) fn said(facts: Facts<'_>, between: &Between) -> Result<SaidView, DeskError> {
    let mut said = Said::default();
    let stated = |task: &Task| {
        let asks = task.kind == TaskKind::Duplicate && task.state.is_pending();
        task.score.filter(|_| asks)
    };
    for (before, after) in between.tasks.values() {
        let Some(before) = before else { continue };
        let Some(score) = stated(before) else { continue };
        match after.state {
            TaskState::Decided { decision } => {
                if let Some(same) = said::verdict(facts, before, decision)? {
                    said.count(score, Some(same));
                }
            }
            ref state if state.is_pending() => said.count(score, None),
            _ => {}
        }
    }
    let waits = between.later.values().flatten().filter_map(&stated);
    waits.for_each(|score| said.count(score, None));
    for entry in facts.view.pending_tasks()? {
        let task = &entry.task;
        if between.tasks.contains_key(&task.id) || between.later.contains_key(&task.id) {
            continue;
        }
        if let Some(score) = stated(task) {
            said.count(score, None);
        }
    }
    Ok(said.view())
}
