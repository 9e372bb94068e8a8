//! A commit while it is being drawn up: what it changes, before and after.
//!
//! A draft keeps the latest planned state of everything it touches, so that a command can change a
//! thing twice and the commit says it once, with the state before and the state after.

use std::collections::BTreeMap;

use super::error::DeskError;
use super::facts::{Facts, missing};
use domain::event::{Cause, CustomerChanged, DecisionMade, RecordChanged, TaskChanged};
use domain::{
    CustomerId, CustomerState, Decision, DecisionId, Event, RecordId, RecordState, Task, TaskId,
    TaskKind, TaskState, Verdict,
};

/// A commit being drawn up.
pub struct Draft<'a> {
    facts: Facts<'a>,
    cause: Cause,
    /// The decision it records, if it is one.
    pub decision: Option<Decision>,
    /// Events that come before the changes: new revisions, quarantined rows.
    pub delivered: Vec<Event>,
    customers: BTreeMap<CustomerId, (Option<CustomerState>, CustomerState)>,
    records: BTreeMap<RecordId, (RecordState, RecordState)>,
    tasks: BTreeMap<TaskId, (Option<Task>, Task)>,
    next_customer: u32,
    next_task: u32,
    /// The first task id that was not given out when it was begun.
    first_task: u32,
}

impl<'a> Draft<'a> {
    /// An empty draft.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn new(facts: Facts<'a>, cause: Cause) -> Result<Self, DeskError> {
        let counters = facts.view.counters()?;
        Ok(Self {
            facts,
            cause,
            decision: None,
            delivered: Vec::new(),
            customers: BTreeMap::new(),
            records: BTreeMap::new(),
            tasks: BTreeMap::new(),
            next_customer: counters.customers + 1,
            next_task: counters.tasks + 1,
            first_task: counters.tasks + 1,
        })
    }

    /// The facts it builds on.
    #[must_use]
    pub fn facts(&self) -> Facts<'a> {
        self.facts
    }

    /// A customer id that was never given out.
    pub fn new_customer(&mut self) -> CustomerId {
        self.next_customer += 1;
        CustomerId(self.next_customer - 1)
    }

    /// A task id that was never given out.
    pub fn new_task(&mut self) -> TaskId {
        self.next_task += 1;
        TaskId(self.next_task - 1)
    }

    /// How many tasks of a kind it opens.
    #[must_use]
    pub fn opened_of(&self, kind: TaskKind) -> u64 {
        let opened = self.tasks.values().filter(|(before, _)| before.is_none());
        opened.filter(|(_, after)| after.kind == kind).count() as u64
    }

    /// The tasks of a kind that it opens, or opens again.
    #[must_use]
    pub fn waiting_of(&self, kind: TaskKind) -> Vec<TaskId> {
        let tasks = self.tasks.iter().filter(|(_, (before, after))| {
            let waited = before.as_ref().is_some_and(|before| before.state.is_pending());
            after.kind == kind && after.state.is_pending() && !waited
        });
        tasks.map(|(id, _)| *id).collect()
    }

    /// Whether it takes earlier decisions back.
    #[must_use]
    pub fn is_undo(&self) -> bool {
        self.decision.as_ref().is_some_and(|decision| decision.verdict == Verdict::Undo)
    }

    /// What it plans for tasks, before and after, by id.
    #[must_use]
    pub fn into_tasks(self) -> BTreeMap<TaskId, (Option<Task>, Task)> {
        self.tasks
    }

    /// How many tasks it plans anything for.
    #[must_use]
    pub fn planned_tasks(&self) -> usize {
        self.tasks.len()
    }

    /// A customer as planned.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn customer(&self, id: CustomerId) -> Result<Option<CustomerState>, DeskError> {
        match self.customers.get(&id) {
            Some((_, after)) => Ok(Some(after.clone())),
            None => Ok(self.facts.view.customer(id)?),
        }
    }

    /// Plans a customer's state.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn set_customer(&mut self, id: CustomerId, after: CustomerState) -> Result<(), DeskError> {
        match self.customers.get_mut(&id) {
            Some(planned) => planned.1 = after,
            None => {
                let before = self.facts.view.customer(id)?;
                self.customers.insert(id, (before, after));
            }
        }
        Ok(())
    }

    /// Notes that a customer is decided about, though it stays as it is.
    ///
    /// # Errors
    /// When the store is damaged, or there is no such customer.
    pub fn touch_customer(&mut self, id: CustomerId) -> Result<(), DeskError> {
        let state = self.customer(id)?.ok_or_else(|| missing(format!("customer {id}")))?;
        self.set_customer(id, state)
    }

    /// A record's layers as planned.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn record(&self, id: RecordId) -> Result<RecordState, DeskError> {
        match self.records.get(&id) {
            Some((_, after)) => Ok(after.clone()),
            None => Ok(self.facts.view.record_state(id)?),
        }
    }

    /// Plans a record's layers.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn set_record(&mut self, id: RecordId, after: RecordState) -> Result<(), DeskError> {
        match self.records.get_mut(&id) {
            Some(planned) => planned.1 = after,
            None => {
                let before = self.facts.view.record_state(id)?;
                self.records.insert(id, (before, after));
            }
        }
        Ok(())
    }

    /// A task as planned.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn task(&self, id: TaskId) -> Result<Option<Task>, DeskError> {
        match self.tasks.get(&id) {
            Some((_, after)) => Ok(Some(after.clone())),
            None => Ok(self.facts.view.task(id)?.map(|entry| entry.task)),
        }
    }

    /// Plans a task's state.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn set_task(&mut self, after: Task) -> Result<(), DeskError> {
        match self.tasks.get_mut(&after.id) {
            Some(planned) => planned.1 = after,
            None => {
                // Whoever plans beside the desk may find that a new id was given out since.
                let is_new = after.id.0 >= self.first_task;
                let before = if is_new { None } else { self.facts.view.task(after.id)? };
                let before = before.map(|entry| entry.task);
                self.tasks.insert(after.id, (before, after));
            }
        }
        Ok(())
    }

    /// The customers it touches.
    #[must_use]
    pub fn touched_customers(&self) -> Vec<CustomerId> {
        self.customers.keys().copied().collect()
    }

    /// The customers it touches, as planned.
    pub fn planned_customers(&self) -> impl Iterator<Item = (CustomerId, &CustomerState)> {
        self.customers.iter().map(|(id, (_, after))| (*id, after))
    }

    /// The records whose layers it touches.
    #[must_use]
    pub fn touched_records(&self) -> Vec<RecordId> {
        self.records.keys().copied().collect()
    }

    /// The customers it touches, before and as planned.
    pub fn changed_customers(
        &self,
    ) -> impl Iterator<Item = (CustomerId, Option<&CustomerState>, &CustomerState)> {
        self.customers.iter().map(|(id, (before, after))| (*id, before.as_ref(), after))
    }

    /// The customer a record belongs to, as planned.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn customer_of(&self, record: RecordId) -> Result<CustomerId, DeskError> {
        let planned = self.planned_customers().find(|(_, state)| state.members.contains(&record));
        match planned {
            Some((id, _)) => Ok(id),
            None => Ok(self.facts.view.customer_of(record)?),
        }
    }

    /// The tasks it plans anything for that wait for a verdict then.
    #[must_use]
    pub fn planned_pending_tasks(&self) -> Vec<Task> {
        let planned = self.tasks.values().map(|(_, after)| after);
        planned.filter(|task| task.state.is_pending()).cloned().collect()
    }

    /// A task as it stands before the draft.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn task_before(&self, id: TaskId) -> Result<Option<Task>, DeskError> {
        match self.tasks.get(&id) {
            Some((before, _)) => Ok(before.clone()),
            None => Ok(self.facts.view.task(id)?.map(|entry| entry.task)),
        }
    }

    /// The pending tasks about a customer, as planned.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn pending_tasks_of(&self, customer: CustomerId) -> Result<Vec<Task>, DeskError> {
        if self.next_task == 1 {
            // There never was a task, and none is planned.
            return Ok(Vec::new());
        }
        let mut tasks: BTreeMap<TaskId, Task> = self
            .facts
            .view
            .tasks_of(customer)?
            .into_iter()
            .map(|entry| (entry.task.id, entry.task))
            .collect();
        for (id, (_, after)) in &self.tasks {
            if after.customers.contains(&customer) || tasks.contains_key(id) {
                tasks.insert(*id, after.clone());
            }
        }
        Ok(tasks.into_values().filter(|task| task.state.is_pending()).collect())
    }

    /// Whether it would change nothing and record nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.decision.is_none()
            && self.delivered.is_empty()
            && self.customers.is_empty()
            && self.records.is_empty()
            && self.tasks.values().all(|(before, after)| before.as_ref() == Some(after))
    }

    /// The events, in the order in which they are folded.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn events(&self) -> Result<Vec<Event>, DeskError> {
        let view = self.facts.view;
        let mut events = self.delivered.clone();
        if let Some(decision) = &self.decision {
            events.push(
                DecisionMade {
                    decision: decision.clone(),
                    role: self.facts.settings.acting_role().to_owned(),
                    settings: self.facts.settings.fingerprint.clone(),
                }
                .into(),
            );
        }
        for (id, (before, after)) in &self.records {
            events.push(
                RecordChanged {
                    record: *id,
                    previous: view.record_version(*id)?,
                    before: before.clone(),
                    after: after.clone(),
                    cause: self.cause,
                }
                .into(),
            );
        }
        for (id, (before, after)) in &self.customers {
            events.push(
                CustomerChanged {
                    customer: *id,
                    previous: view.customer_touched(*id)?,
                    before: before.clone(),
                    after: after.clone(),
                    cause: self.cause,
                }
                .into(),
            );
        }
        let ended = self.ended_approvals()?;
        for (id, (before, after)) in self.tasks.iter().chain(&ended) {
            if before.as_ref() != Some(after) {
                let previous = view.task(*id)?.map(|entry| entry.version);
                let (before, after) = (before.clone(), after.clone());
                events.push(TaskChanged { task: *id, previous, before, after }.into());
            }
        }
        Ok(events)
    }

    /// The approvals that nobody needs to give any more: what was proposed for a task is no longer.
    fn ended_approvals(&self) -> Result<BTreeMap<TaskId, (Option<Task>, Task)>, DeskError> {
        let mut ended = BTreeMap::new();
        for (before, after) in self.tasks.values() {
            let Some(Task { state: TaskState::Proposed { approval, .. }, .. }) = before else {
                continue;
            };
            let waits =
                matches!(&after.state, TaskState::Proposed { approval: by, .. } if by == approval);
            if waits || self.tasks.contains_key(approval) {
                continue;
            }
            if let Some(task) = self.task(*approval)?.filter(|task| task.state.is_pending()) {
                let settled = Task { state: TaskState::Settled, ..task.clone() };
                ended.insert(*approval, (Some(task), settled));
            }
        }
        Ok(ended)
    }

    /// The decision's id.
    #[must_use]
    pub fn decision_id(&self) -> Option<DecisionId> {
        self.decision.as_ref().map(|decision| decision.id)
    }
}
