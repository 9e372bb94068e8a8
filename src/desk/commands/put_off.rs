//! Defer and escalate: a task waits, or someone else is asked.

use super::{Command, does_not_apply};
use crate::desk::error::Decided;
use crate::domain::{Subject, TaskState, Until};

pub(super) fn defer(command: &mut Command<'_, '_>, until: Until) -> Decided<()> {
    if let Until::Time(time) = until
        && time <= command.facts.now
    {
        return Err(does_not_apply("the time to come back to it has passed already"));
    }
    command.decision.until = Some(until);
    let decision = command.decision.id;
    set_state(command, TaskState::Deferred { until, decision })
}

pub(super) fn escalate(command: &mut Command<'_, '_>, to: &str) -> Decided<()> {
    let to = to.trim();
    if to.is_empty() {
        return Err(does_not_apply("an escalation needs a name or a role: --to WHO"));
    }
    command.decision.to = Some(to.to_owned());
    let decision = command.decision.id;
    set_state(command, TaskState::Escalated { to: to.to_owned(), decision })
}

fn set_state(command: &mut Command<'_, '_>, state: TaskState) -> Decided<()> {
    let mut task = command.task()?;
    command.decision.subjects = task.customers.iter().copied().map(Subject::Customer).collect();
    task.state = state;
    command.draft.set_task(task)?;
    Ok(())
}
