//! Whose a record is that was delivered as somebody else's: the same customer's, and the delivered values are right;
//! still the former one's, and they are not; or somebody else's, to whom its source gave the key.

use super::accept::{decided, record_of};
use super::command::{Command, does_not_apply};
use crate::error::Decided;
use crate::jobs::contradicted_values;
use crate::overlays;
use domain::event::RecordRevised;
use domain::{
    CustomerId, CustomerState, Group, Overlaid, RecordId, Reused, Standing, Subject, Task,
};

/// The delivered values are right, and of the same customer.
pub(super) fn accept(command: &mut Command<'_, '_>, task: &Task) -> Decided<()> {
    let (record, _) = undecided(command, task)?;
    come_into_force(command, record, Of::Same)?;
    answered(command, task, record)
}

/// The former values stay in force until its source delivers somebody else again.
pub(super) fn keep(command: &mut Command<'_, '_>, task: &Task) -> Decided<()> {
    let (record, overlaid) = undecided(command, task)?;
    let decision = Some(command.decision.id);
    overlays::lay(&mut command.draft, record, Some(Overlaid { held: true, decision, ..overlaid }))?;
    answered(command, task, record)
}

/// The key is somebody else's now: what is delivered is in force, and the record leaves its customer. What people put
/// over the former person's values ends; what keeps the record from being erased or used stays, as the former
/// person's revisions stay in it.
pub(super) fn apart(command: &mut Command<'_, '_>, task: &Task) -> Decided<()> {
    let (record, _) = undecided(command, task)?;
    let facts = command.facts;
    let customer = facts.view.customer_of(record)?;
    let state = command.live(customer)?;
    let delivered = come_into_force(command, record, Of::Another)?;
    let mut layers = command.draft.record(record)?;
    layers.corrections.clear();
    layers.waivers.clear();
    let decision = command.decision.id;
    layers.reused = Some(Reused { decision, revision: delivered.revision });
    command.draft.set_record(record, layers)?;
    let home = leave(command, (customer, &state), record)?;
    command.decision.subjects.push(Subject::Customer(customer));
    command.decision.subjects.push(Subject::Record(delivered.body.address.clone()));
    if state.members.len() > 1 {
        differ(command, (customer, state), home, delivered)?;
    }
    decided(command, task)
}

/// The record's present layer, which a person is yet to decide about.
fn undecided(command: &Command<'_, '_>, task: &Task) -> Decided<(RecordId, Overlaid)> {
    let record = record_of(task)?;
    let overlaid = command.draft.record(record)?.overlaid.filter(Overlaid::is_undecided);
    let gone = || does_not_apply(format!("nothing is left to decide in {}", task.id));
    Ok((record, overlaid.ok_or_else(gone)?))
}

/// Whose the delivered values are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Same,
    Another,
}

/// What was delivered last is in force, and ends what any delivery ends; gives it.
fn come_into_force(
    command: &mut Command<'_, '_>,
    record: RecordId,
    of: Of,
) -> Decided<RecordRevised> {
    let facts = command.facts;
    let before = command.draft.record(record)?;
    let (latest, _) = facts.view.latest(record)?;
    let delivered = facts.revised(record, latest)?;
    if before.in_force().is_some() && of == Of::Same {
        let in_force = facts.body(record)?;
        contradicted_values(&mut command.draft, record, &in_force, &delivered.body)?;
    }
    let mut layers = command.draft.record(record)?;
    // Whoever was set aside since then was set aside for what they were.
    layers.quarantined = match before.quarantined {
        Some(by) if !overlays::is_older_than_delivery(facts, by, latest.sequence)? => Some(by),
        _ => None,
    };
    let came_back = |import| before.overlaid.is_some_and(|overlaid| import < overlaid.import);
    layers.vanished = layers.vanished.filter(|vanished| !came_back(vanished.import));
    layers.overlaid = None;
    command.draft.set_record(record, layers)?;
    Ok(delivered)
}

/// Moves the record to a customer that was never given out: the former person's id leads to nobody else.
fn leave(
    command: &mut Command<'_, '_>,
    (customer, state): (CustomerId, &CustomerState),
    record: RecordId,
) -> Decided<CustomerId> {
    let home = command.draft.new_customer();
    let mut stays = state.clone();
    stays.members.retain(|member| *member != record);
    if stays.members.is_empty() {
        stays.standing = Standing::Vacant;
        stays.pins.clear();
    }
    command.draft.set_customer(customer, stays)?;
    command.draft.set_customer(home, CustomerState::single(record))?;
    Ok(home)
}

/// Those who stay are not a match with whoever the key is of now.
fn differ(
    command: &mut Command<'_, '_>,
    (customer, state): (CustomerId, CustomerState),
    home: CustomerId,
    delivered: RecordRevised,
) -> Decided<()> {
    let record = delivered.record;
    let mut records = state.members;
    records.retain(|member| *member != record);
    command.add_groups(vec![Group { customer, records }])?;
    let layers = command.draft.record(record)?;
    let now = command.facts.layered(record, delivered.body, layers)?;
    let compared = matching::compared_fields(command.facts.settings);
    command.decision.key.push(command.facts.keyed(&now, &compared));
    command.decision.groups.push(Group { customer: home, records: vec![record] });
    Ok(())
}

fn answered(command: &mut Command<'_, '_>, task: &Task, record: RecordId) -> Decided<()> {
    let customer = command.facts.view.customer_of(record)?;
    command.decision.subjects.push(Subject::Customer(customer));
    command.decision.subjects.push(Subject::Record(command.facts.body(record)?.address));
    command.draft.touch_customer(customer)?;
    decided(command, task)
}
