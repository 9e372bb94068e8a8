//! A check as things stand: there is nothing left to ask once the decision that merged its customers does
//! not stand, they are apart by now, or somebody was erased.

use std::collections::BTreeSet;

use crate::error::DeskError;
use crate::facts::Facts;
use crate::second::Question;
use domain::{DecisionId, Task, TaskReason, TaskState};

pub(super) fn rechecked(
    after: Facts<'_>,
    task: &Task,
    decision: Option<DecisionId>,
) -> Result<Task, DeskError> {
    let state = match decision {
        Some(decision) => TaskState::Decided { decision },
        None if asks(after, task)? => return Ok(task.clone()),
        None => TaskState::Settled,
    };
    Ok(Task { state, ..task.clone() })
}

fn asks(after: Facts<'_>, task: &Task) -> Result<bool, DeskError> {
    let TaskReason::Check { decision, .. } = task.reason else { return Ok(false) };
    if !after.view.decision(decision)?.is_some_and(|entry| entry.stands()) {
        return Ok(false);
    }
    let Some(question) = Question::asked_by(after, task)? else { return Ok(false) };
    let mut homes = BTreeSet::new();
    for record in question.records() {
        if after.view.record(record)?.erased {
            return Ok(false);
        }
        homes.insert(after.view.customer_of(record)?);
    }
    Ok(homes.len() == 1)
}
