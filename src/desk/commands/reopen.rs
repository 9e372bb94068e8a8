//! Reopen: closed records count again, though their source no longer holds them.

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{RecordAddress, Subject, Vanished};

pub(super) fn decide(command: &mut Command<'_, '_>, addresses: &[RecordAddress]) -> Decided<()> {
    let facts = command.facts;
    for address in addresses {
        let record = command.record(address)?;
        let version = facts.view.record_version(record)?;
        command.check_seen(Subject::Record(address.clone()), version)?;
        let mut layers = command.draft.record(record)?;
        let Some(vanished) = layers.vanished.filter(|vanished| vanished.closed) else {
            return Err(does_not_apply(format!("{address} is not closed")));
        };
        let decision = Some(command.decision.id);
        layers.vanished = Some(Vanished { closed: false, decision, ..vanished });
        command.decision.subjects.push(Subject::Record(address.clone()));
        command.draft.set_record(record, layers)?;
        command.draft.touch_customer(facts.view.customer_of(record)?)?;
    }
    Ok(())
}
