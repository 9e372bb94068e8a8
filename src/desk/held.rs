//! What somebody works on is theirs: no decision of anybody else settles their task or changes what it is about
//! under their hands. Imports and the machine are not held up.

use std::collections::BTreeSet;

use super::core::{Desk, Foreseen};
use super::error::{Decided, DeskError};
use super::facts::Facts;
use domain::{CustomerId, Event, TaskId};
use door::{Action, Refusal, Request};

impl Desk {
    /// Refuses what answers a task that somebody else has claimed.
    ///
    /// # Errors
    /// [`Refusal::ClaimedBy`].
    pub(super) fn must_not_be_held(&self, request: &Request) -> Decided<()> {
        match request.task.filter(|_| !matches!(request.action, Action::Comment { .. })) {
            Some(task) => self.claims.must_be_free(task, self.actor(), self.now()),
            None => Ok(()),
        }
    }

    /// Refuses a request whose commit would touch what somebody else has claimed: the task, or a customer or a
    /// record that it is about.
    ///
    /// # Errors
    /// [`Refusal::ClaimedBy`], or a failure of the store.
    pub(super) fn must_touch_nothing_held(
        &self,
        request: &Request,
        foreseen: &Foreseen,
    ) -> Decided<()> {
        if !is_held_up(&request.action) {
            return Ok(());
        }
        let (actor, facts) = (self.actor(), self.facts());
        let mut touched = None;
        for (task, holder, _) in self.claims.all(self.now()) {
            if holder == actor {
                continue;
            }
            let touched = match &mut touched {
                Some(touched) => touched,
                none => none.insert(Touched::by(facts, &foreseen.commit.events)?),
            };
            if touched.concerns(facts, task)? {
                return Err(Refusal::ClaimedBy { holder }.into());
            }
        }
        Ok(())
    }
}

/// Undo restores what was, and is never refused; a grant is for the machine; a comment and a question change
/// nobody.
fn is_held_up(action: &Action) -> bool {
    !matches!(
        action,
        Action::Undo { .. }
            | Action::Grant { .. }
            | Action::Suspend { .. }
            | Action::Comment { .. }
            | Action::Ask { .. }
            | Action::Hold { .. }
            | Action::Lift { .. }
            | Action::Record { .. }
            | Action::Step { .. }
    )
}

/// What a commit touches.
struct Touched {
    tasks: BTreeSet<TaskId>,
    customers: BTreeSet<CustomerId>,
}

impl Touched {
    fn by(facts: Facts<'_>, events: &[Event]) -> Result<Self, DeskError> {
        let mut touched = Self { tasks: BTreeSet::new(), customers: BTreeSet::new() };
        for event in events {
            match event {
                Event::TaskChanged(changed) => {
                    touched.tasks.insert(changed.task);
                }
                Event::CustomerChanged(changed) => {
                    touched.customers.insert(changed.customer);
                }
                Event::RecordChanged(changed) => {
                    touched.customers.insert(facts.view.customer_of(changed.record)?);
                }
                _ => {}
            }
        }
        Ok(touched)
    }

    fn concerns(&self, facts: Facts<'_>, id: TaskId) -> Result<bool, DeskError> {
        if self.tasks.contains(&id) {
            return Ok(true);
        }
        let Some(entry) = facts.view.task(id)? else { return Ok(false) };
        if !entry.task.state.is_pending() {
            return Ok(false);
        }
        for customer in &entry.task.customers {
            let now = facts.view.follow(*customer)?.unwrap_or(*customer);
            if self.customers.contains(customer) || self.customers.contains(&now) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
