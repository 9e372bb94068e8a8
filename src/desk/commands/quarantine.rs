//! Quarantine: a record is set aside, whole, until its source delivers it with other content.

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{RecordAddress, Subject};

pub(super) fn decide(command: &mut Command<'_, '_>, address: &RecordAddress) -> Decided<()> {
    let facts = command.facts;
    let record = command.record(address)?;
    let version = facts.view.record_version(record)?;
    command.check_seen(Subject::Record(address.clone()), version)?;
    let mut layers = command.draft.record(record)?;
    if let Some(by) = layers.quarantined {
        return Err(does_not_apply(format!("{address} was already quarantined by {by}")));
    }
    layers.quarantined = Some(command.decision.id);
    command.decision.subjects.push(Subject::Record(address.clone()));
    command.draft.set_record(record, layers)?;
    command.draft.touch_customer(facts.view.customer_of(record)?)?;
    Ok(())
}
