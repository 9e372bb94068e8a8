//! Tasks that an import changed which is taken back: those that waited before it and that it settled or
//! changed wait as they did, under their ids, as long as there is still something to ask.

use std::collections::HashMap;

use super::withdraw::{Withdrawn, import_of};
use crate::consequences::is_asked_by_another;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CustomerId, Event, ImportId, Sequence, Task, TaskId, TaskKind, TaskState};

/// Tasks as they waited before an import that was the last to touch them.
pub(super) struct TasksBefore {
    of_customer: HashMap<CustomerId, Vec<Task>>,
    /// The last commit that was looked at.
    seen: Sequence,
}

impl TasksBefore {
    /// Those of an import. `own`: the interrupted undo of it that goes on.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn of(
        facts: Facts<'_>,
        withdrawn: &Withdrawn,
        own: Option<ImportId>,
    ) -> Result<TasksBefore, DeskError> {
        let mut touched = Vec::new();
        facts.view.each_task(&mut |entry| {
            if entry.version >= withdrawn.began {
                touched.push((entry.task.id, entry.version));
            }
            Ok(true)
        })?;
        let mut of_customer: HashMap<CustomerId, Vec<Task>> = HashMap::new();
        for (id, version) in touched {
            let Some(task) = before(facts, withdrawn, own, (id, version))? else { continue };
            // Whose a record is is asked of whoever has it now.
            let task = match task.record.filter(|_| task.kind == TaskKind::Overlay) {
                Some(record) if facts.view.record(record)?.erased => continue,
                Some(record) => Task { customers: vec![facts.view.customer_of(record)?], ..task },
                None => task,
            };
            for customer in &task.customers {
                if let Some(live) = facts.view.follow(*customer)? {
                    of_customer.entry(live).or_default().push(task.clone());
                }
            }
        }
        let seen = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
        Ok(TasksBefore { of_customer, seen })
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.of_customer.is_empty()
    }

    /// Plans for the tasks of a customer that they wait as they did; what follows from the draft settles
    /// those that have nothing left to ask.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn give_back(
        &self,
        draft: &mut Draft<'_>,
        own: ImportId,
        customer: CustomerId,
    ) -> Result<(), DeskError> {
        let facts = draft.facts();
        for task in self.of_customer.get(&customer).into_iter().flatten() {
            let Some(entry) = facts.view.task(task.id)? else { continue };
            let is_own = || -> Result<bool, DeskError> {
                Ok(import_of(&facts.commit(entry.version)?) == Some(own))
            };
            if entry.version > self.seen && !is_own()? {
                continue;
            }
            let state = waiting(facts, &task.state)?;
            let task = Task { state, ..task.clone() };
            if !is_asked_by_another(draft, &task)? {
                draft.set_task(task)?;
            }
        }
        Ok(())
    }
}

/// How a task waited before the import; none where it did not, or where somebody else touched it since.
fn before(
    facts: Facts<'_>,
    withdrawn: &Withdrawn,
    own: Option<ImportId>,
    (id, version): (TaskId, Sequence),
) -> Result<Option<Task>, DeskError> {
    let mut found = None;
    let mut next = Some(version);
    while let Some(sequence) = next.filter(|sequence| *sequence >= withdrawn.began) {
        let commit = facts.commit(sequence)?;
        let by = import_of(&commit);
        let changed = commit.events.into_iter().find_map(|event| match event {
            Event::TaskChanged(changed) if changed.task == id => Some(changed),
            _ => None,
        });
        let Some(changed) = changed else { break };
        if by == Some(withdrawn.import) {
            found = changed.before;
        } else if by.is_none() || by != own {
            break;
        }
        next = changed.previous.filter(|previous| *previous < sequence);
    }
    Ok(found.filter(|task| task.state.is_pending()))
}

/// How a task waits: as a decision left it, where that stands.
fn waiting(facts: Facts<'_>, state: &TaskState) -> Result<TaskState, DeskError> {
    let by = match state {
        TaskState::Deferred { decision, .. } | TaskState::Escalated { decision, .. } => *decision,
        _ => return Ok(state.clone()),
    };
    let stands = facts.view.decision(by)?.is_some_and(|entry| entry.stands());
    Ok(if stands { state.clone() } else { TaskState::Open })
}
