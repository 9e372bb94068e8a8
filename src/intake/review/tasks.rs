//! What becomes of a task when its customers or its violations change.

use std::collections::BTreeSet;

use domain::{CustomerId, DecisionId, RecordId, RuleId, Task, TaskKind, TaskReason, TaskState};

/// A duplicate task after memberships or constraints changed.
///
/// `follow` gives the live customer an id stands for; `apart` whether two customers were decided
/// to be different. A task of one customer, or of customers that are all apart, has nothing left
/// to decide; `decision` is the one that answered it, if it was this task's.
#[must_use]
pub fn regrouped(
    task: &Task,
    decision: Option<DecisionId>,
    follow: &dyn Fn(CustomerId) -> Option<CustomerId>,
    apart: &dyn Fn(CustomerId, CustomerId) -> bool,
) -> Task {
    let customers: Vec<CustomerId> = task
        .customers
        .iter()
        .filter_map(|customer| follow(*customer))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let undecided = customers
        .iter()
        .enumerate()
        .any(|(at, left)| customers[at + 1..].iter().any(|right| !apart(*left, *right)));
    let state = match (undecided, decision) {
        (true, Some(_)) => TaskState::Open,
        (true, None) => task.state.clone(),
        (false, Some(decision)) => TaskState::Decided { decision },
        (false, None) => TaskState::Settled,
    };
    // A decided task keeps the customers it was about, so that its history can be read.
    let customers = if undecided { customers } else { task.customers.clone() };
    Task { state, customers, ..task.clone() }
}

/// What must happen to the task of an invalid record: `rules` are the `error`s that reach the
/// golden record through it now, ascending.
#[derive(Debug, Clone, PartialEq)]
pub enum InvalidTask {
    /// Nothing.
    AsItIs,
    /// A new task for these rules.
    Open(Vec<RuleId>),
    /// The task changes to this.
    Change(Task),
}

/// See [`InvalidTask`]. `decision` answered the task, if it was this task's.
#[must_use]
pub fn invalid_record(
    pending: Option<&Task>,
    customer: CustomerId,
    rules: Vec<RuleId>,
    decision: Option<DecisionId>,
) -> InvalidTask {
    let Some(task) = pending else {
        return if rules.is_empty() { InvalidTask::AsItIs } else { InvalidTask::Open(rules) };
    };
    let mut after = task.clone();
    after.customers = vec![customer];
    if rules.is_empty() {
        after.state = match decision {
            Some(decision) => TaskState::Decided { decision },
            None => TaskState::Settled,
        };
    } else {
        after.reason = TaskReason::Breaks { rules };
    }
    if after == *task { InvalidTask::AsItIs } else { InvalidTask::Change(after) }
}

/// The pending task about an invalid record, among a customer's.
#[must_use]
pub fn of_invalid_record(tasks: &[Task], record: RecordId) -> Option<&Task> {
    tasks.iter().find(|task| task.kind == TaskKind::Invalid && task.record == Some(record))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn duplicate(customers: &[u32]) -> Task {
        Task {
            id: domain::TaskId(1),
            kind: TaskKind::Duplicate,
            state: TaskState::Open,
            customers: customers.iter().copied().map(CustomerId).collect(),
            record: None,
            reason: TaskReason::Similar,
            score: Some(0.9),
            weakest: Some(0.8),
            opened: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn unmarked_customers_stay_in_the_task_with_the_survivor() {
        let merged = |id: CustomerId| Some(if id.0 == 2 { CustomerId(1) } else { id });
        let after = regrouped(&duplicate(&[1, 2, 3]), Some(DecisionId(9)), &merged, &|_, _| false);
        assert_eq!(after.customers, [CustomerId(1), CustomerId(3)]);
        assert_eq!(after.state, TaskState::Open);
    }

    #[test]
    fn a_task_with_nothing_left_is_decided_by_its_own_decision_and_settled_by_another() {
        let one = |_| Some(CustomerId(1));
        let own = regrouped(&duplicate(&[1, 2]), Some(DecisionId(9)), &one, &|_, _| false);
        assert_eq!(own.state, TaskState::Decided { decision: DecisionId(9) });
        let other = regrouped(&duplicate(&[1, 2]), None, &one, &|_, _| false);
        assert_eq!(other.state, TaskState::Settled);
        let apart = regrouped(&duplicate(&[1, 2]), None, &Some, &|_, _| true);
        assert_eq!(apart.state, TaskState::Settled);
    }

    #[test]
    fn an_invalid_record_has_one_task_for_all_its_errors() {
        let open = invalid_record(None, CustomerId(1), vec![RuleId::new("a")], None);
        assert_eq!(open, InvalidTask::Open(vec![RuleId::new("a")]));
        let mut task = duplicate(&[1]);
        task.kind = TaskKind::Invalid;
        task.reason = TaskReason::Breaks { rules: vec![RuleId::new("a")] };
        let same = invalid_record(Some(&task), CustomerId(1), vec![RuleId::new("a")], None);
        assert_eq!(same, InvalidTask::AsItIs);
        let InvalidTask::Change(mended) = invalid_record(Some(&task), CustomerId(1), vec![], None)
        else {
            unreachable!("a mended record changes its task")
        };
        assert_eq!(mended.state, TaskState::Settled);
    }
}
