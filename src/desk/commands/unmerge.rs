//! Unmerge: records leave their customer and are not-a-match with those who stay.

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{CustomerId, Event, Group, RecordAddress, RecordId, Standing, Subject};
use intake::merge::membership;

pub(super) fn decide(
    command: &mut Command<'_, '_>,
    customer: CustomerId,
    addresses: &[RecordAddress],
) -> Decided<()> {
    let mut leaving = Vec::new();
    for address in addresses {
        leaving.push(command.record(address)?);
        command.decision.subjects.push(Subject::Record(address.clone()));
    }
    let version = command.facts.view.customer_version(customer)?;
    command.check_seen(Subject::Customer(customer), version)?;
    command.decision.subjects.insert(0, Subject::Customer(customer));
    split(command, customer, leaving).map(|_| ())
}

/// Moves `leaving` out of `customer`, to the former id of the first of them if that is free, else
/// to a new one, and records the two groups.
pub(super) fn split(
    command: &mut Command<'_, '_>,
    customer: CustomerId,
    mut leaving: Vec<RecordId>,
) -> Decided<CustomerId> {
    leaving.sort_unstable();
    leaving.dedup();
    let state = command.live(customer)?;
    if leaving.iter().any(|record| !state.members.contains(record)) {
        return Err(does_not_apply(format!("not all of these records belong to {customer}")));
    }
    if leaving.is_empty() || leaving.len() == state.members.len() {
        return Err(does_not_apply(format!(
            "at least one record must leave {customer}, and at least one must stay"
        )));
    }
    let home = former_customer(command, customer, &leaving)?;
    let home = home.unwrap_or_else(|| command.draft.new_customer());
    let (stays, leaves) = membership::unmerge(&state, &leaving);
    let groups = vec![
        Group { customer, records: stays.members.clone() },
        Group { customer: home, records: leaves.members.clone() },
    ];
    command.draft.set_customer(customer, stays)?;
    command.draft.set_customer(home, leaves)?;
    command.add_groups(groups)?;
    Ok(home)
}

/// The id under which one of the records was known before it was merged into `customer`.
fn former_customer(
    command: &Command<'_, '_>,
    customer: CustomerId,
    leaving: &[RecordId],
) -> Decided<Option<CustomerId>> {
    let facts = command.facts;
    for record in leaving {
        let chain = facts.record_chain(*record)?;
        let first =
            chain.iter().rev().flat_map(|link| &link.events).find_map(|event| match event {
                Event::RecordRevised(revised) => Some(revised.customer),
                _ => None,
            });
        let Some(home) = first else { continue };
        let free = facts.view.customer(home)?.is_some_and(|state| {
            matches!(state.standing, Standing::Merged { .. } | Standing::Vacant)
        });
        if home != customer && free && facts.view.follow(home)?.is_none_or(|at| at == customer) {
            return Ok(Some(home));
        }
    }
    Ok(None)
}
