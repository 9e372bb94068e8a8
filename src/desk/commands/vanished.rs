//! What becomes of records that their source no longer holds: accepted, they are closed; kept, they go
//! on counting.

use super::accept::decided;
use super::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{Subject, Task, Vanished};

/// Closes or keeps the records that a task asks about.
pub(super) fn decide(command: &mut Command<'_, '_>, task: &Task, closed: bool) -> Decided<()> {
    let facts = command.facts;
    let mut any = false;
    for id in &task.customers {
        let Some(customer) = facts.view.follow(*id)? else { continue };
        for record in command.live(customer)?.members {
            let mut layers = command.draft.record(record)?;
            let Some(vanished) = layers.vanished.filter(Vanished::is_undecided) else { continue };
            let decision = Some(command.decision.id);
            layers.vanished = Some(Vanished { closed, decision, ..vanished });
            command.decision.subjects.push(Subject::Record(facts.body(record)?.address));
            command.draft.set_record(record, layers)?;
            any = true;
        }
        command.draft.touch_customer(customer)?;
    }
    if !any {
        let why = format!("the records {} asks about are back, or closed", task.id);
        return Err(does_not_apply(why));
    }
    decided(command, task)
}
