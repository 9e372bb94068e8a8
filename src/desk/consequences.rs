//! What follows from a draft for the tasks around it, decided in the same commit: tasks whose
//! customers merged, records whose errors now reach a golden record, or no longer do.

mod approval;
mod check;
mod merged;
mod overlaid;
mod second;
mod vanished;
mod waiting;

pub(crate) use waiting::is_asked_by_another;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::error::DeskError;
use super::facts::Facts;
use super::{contradiction, merges, requests, unique};
use domain::{
    CustomerId, CustomerState, DecisionId, RecordId, RuleId, Task, TaskId, TaskKind, TaskReason,
    TaskState,
};
use intake::review::tasks;
use intake::review::tasks::InvalidTask;

/// Plans the consequences of `draft` into it. `after` are the facts with the draft folded in;
/// `customers` those whose records, members or pins it touches.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn plan(
    draft: &mut Draft<'_>,
    after: Facts<'_>,
    customers: &[CustomerId],
) -> Result<(), DeskError> {
    let mut concerned = customers.to_vec();
    for record in draft.touched_records() {
        // An undo changes records wherever they are by now.
        concerned.push(after.view.customer_of(record)?);
    }
    let customers = with_neighbours(draft.facts(), after, &concerned)?;
    let answered = draft.decision.as_ref().and_then(|decision| Some((decision.task?, decision.id)));
    let mut pending: BTreeMap<TaskId, Task> = BTreeMap::new();
    for customer in &customers {
        for task in draft.pending_tasks_of(*customer)? {
            pending.insert(task.id, task);
        }
    }
    if draft.is_undo() {
        for task in draft.planned_pending_tasks() {
            let state = waiting::state(after, &task)?;
            pending.insert(task.id, Task { state, ..task });
        }
    }
    let mut broken = Broken::default();
    for task in pending.values() {
        let decision = answered.filter(|(id, _)| *id == task.id).map(|(_, decision)| decision);
        let planned = match task.kind {
            TaskKind::Duplicate => merged::rechecked(after, regrouped(after, task, decision)?)?,
            TaskKind::Invalid => rechecked(after, task, decision, &mut broken)?,
            TaskKind::Challenge => reexamined(after, task)?,
            TaskKind::Approval => approval::rechecked(draft, after, task)?,
            TaskKind::Request => requests::rechecked(after, task)?,
            TaskKind::Vanished => vanished::rechecked(after, task, decision)?,
            TaskKind::Overlay => overlaid::rechecked(after, task, decision)?,
            TaskKind::Second => second::rechecked(after, task, decision)?,
            TaskKind::Check => check::rechecked(after, task, decision)?,
        };
        if draft.task(task.id)?.as_ref() != Some(&planned) {
            draft.set_task(planned)?;
        }
    }
    waiting::leave_what_is_asked_already(draft, after, pending.keys().copied())?;
    let tasks = planned(draft, pending.into_keys())?;
    let are_merges = merges::are_known(after)?;
    // A match that merges hundreds of thousands would ask each of its records.
    let are_touched = after.view.is_any_record_touched()?;
    let may_be_errors = after.settings.forbids_anything();
    for customer in customers {
        if may_be_errors {
            open_for_errors(draft, after, customer, &tasks, &mut broken)?;
        }
        if are_touched {
            vanished::open(draft, after, customer, &tasks)?;
            overlaid::open(draft, after, customer, &tasks)?;
        }
        if are_merges {
            merged::open(draft, after, customer)?;
        }
    }
    second::open(draft, after)
}

/// Tasks as they are planned now.
fn planned(draft: &Draft<'_>, ids: impl Iterator<Item = TaskId>) -> Result<Vec<Task>, DeskError> {
    let tasks: Vec<Option<Task>> = ids.map(|id| draft.task(id)).collect::<Result<_, _>>()?;
    Ok(tasks.into_iter().flatten().filter(|task| task.state.is_pending()).collect())
}

/// These customers and those that share a unique value with them, before or after.
fn with_neighbours(
    before: Facts<'_>,
    after: Facts<'_>,
    customers: &[CustomerId],
) -> Result<BTreeSet<CustomerId>, DeskError> {
    let mut all: BTreeSet<CustomerId> = customers.iter().copied().collect();
    for customer in customers {
        for facts in [before, after] {
            for neighbour in unique::neighbours(facts, *customer)? {
                all.extend(after.view.follow(neighbour)?);
            }
        }
    }
    Ok(all)
}

/// The unwaived errors of customers, by the record they are laid to.
#[derive(Default)]
struct Broken(BTreeMap<CustomerId, BTreeMap<RecordId, Vec<RuleId>>>);

impl Broken {
    fn of(
        &mut self,
        after: Facts<'_>,
        customer: CustomerId,
    ) -> Result<&BTreeMap<RecordId, Vec<RuleId>>, DeskError> {
        Ok(match self.0.entry(customer) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(errors_by_record(after, customer)?),
        })
    }
}

/// The unwaived errors of a live customer, by the record they are laid to; rules ascending.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn errors_by_record(
    facts: Facts<'_>,
    customer: CustomerId,
) -> Result<BTreeMap<RecordId, Vec<RuleId>>, DeskError> {
    let mut rules: BTreeMap<RecordId, BTreeSet<RuleId>> = BTreeMap::new();
    if !facts.settings.forbids_anything() {
        return Ok(BTreeMap::new());
    }
    let state = facts.view.customer(customer)?.filter(|state| state.is_live());
    if let Some(state) = state {
        let members = facts.members(&state)?;
        let golden = facts.golden(&state, &members)?;
        for broken in facts.golden_violations(customer, &members, &golden)? {
            if broken.is_error() {
                rules.entry(broken.record).or_default().insert(broken.violation.rule);
            }
        }
    }
    Ok(rules.into_iter().map(|(record, rules)| (record, rules.into_iter().collect())).collect())
}

fn regrouped(
    after: Facts<'_>,
    task: &Task,
    decision: Option<DecisionId>,
) -> Result<Task, DeskError> {
    let mut live = BTreeMap::new();
    let mut states = BTreeMap::new();
    for customer in &task.customers {
        let Some(survivor) = after.view.follow(*customer)? else { continue };
        let Some(state) = after.view.customer(survivor)? else { continue };
        // Who is closed is nobody's duplicate, as matching has it.
        if takes_part(after, &state)? {
            live.insert(*customer, survivor);
            states.insert(survivor, state);
        }
    }
    let mut apart = BTreeSet::new();
    for (left, left_state) in &states {
        for (right, right_state) in states.range(left..).skip(1) {
            if !after.apart(left_state, right_state)?.is_empty() {
                apart.insert((*left, *right));
            }
        }
    }
    Ok(tasks::regrouped(
        task,
        decision,
        &|customer| live.get(&customer).copied(),
        &|left, right| apart.contains(&(left, right)),
    ))
}

/// Whether any record of a customer takes part.
fn takes_part(after: Facts<'_>, customer: &CustomerState) -> Result<bool, DeskError> {
    for record in &customer.members {
        if after.takes_part(*record)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn rechecked(
    after: Facts<'_>,
    task: &Task,
    decision: Option<DecisionId>,
    broken: &mut Broken,
) -> Result<Task, DeskError> {
    let Some(record) = task.record else { return Ok(task.clone()) };
    let customer = after.view.customer_of(record)?;
    let rules = broken.of(after, customer)?.get(&record).cloned().unwrap_or_default();
    Ok(match tasks::invalid_record(Some(task), customer, rules, decision) {
        InvalidTask::Change(changed) => changed,
        InvalidTask::AsItIs | InvalidTask::Open(_) => task.clone(),
    })
}

/// A challenge has nothing left to ask once nothing contradicts what was decided.
fn reexamined(after: Facts<'_>, task: &Task) -> Result<Task, DeskError> {
    let now = contradiction::examine(after, task)?;
    Ok(now.unwrap_or_else(|| Task { state: TaskState::Settled, ..task.clone() }))
}

fn open_for_errors(
    draft: &mut Draft<'_>,
    after: Facts<'_>,
    customer: CustomerId,
    pending: &[Task],
    broken: &mut Broken,
) -> Result<(), DeskError> {
    let errors = broken.of(after, customer)?.clone();
    for (record, rules) in errors {
        if tasks::of_invalid_record(pending, record).is_none() {
            open_invalid(draft, customer, record, rules)?;
        }
    }
    Ok(())
}

/// Opens the task of an invalid record.
///
/// # Errors
/// When the store is damaged.
pub fn open_invalid(
    draft: &mut Draft<'_>,
    customer: CustomerId,
    record: RecordId,
    rules: Vec<RuleId>,
) -> Result<(), DeskError> {
    let task = Task {
        id: draft.new_task(),
        kind: TaskKind::Invalid,
        state: TaskState::Open,
        customers: vec![customer],
        record: Some(record),
        reason: TaskReason::Breaks { rules },
        score: None,
        weakest: None,
        opened: draft.facts().now,
    };
    draft.set_task(task)
}
