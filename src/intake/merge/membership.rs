//! Who belongs to whom: whole customers merge, records leave. No policy: what is allowed, and
//! what becomes of tasks and constraints, is decided elsewhere.

use std::collections::BTreeMap;

use domain::{CustomerId, CustomerState, RecordId, Standing};

/// Makes one customer of several: the new state of the survivor and of every retired customer, by
/// ascending id.
///
/// The survivor's pins stand; a field it did not pin takes the pin of the lowest other id that
/// has one. Customers that are not live have nothing to give and are left out, except a survivor,
/// which becomes live.
#[must_use]
pub fn merge(
    survivor: CustomerId,
    customers: &[(CustomerId, CustomerState)],
) -> Vec<(CustomerId, CustomerState)> {
    let live: BTreeMap<CustomerId, &CustomerState> =
        customers.iter().filter(|(_, state)| state.is_live()).map(|(id, s)| (*id, s)).collect();
    let members = live.values().flat_map(|state| state.members.iter().copied()).collect();
    let mut merged = CustomerState::of(members);
    let own = live.get(&survivor).copied();
    for state in own.into_iter().chain(live.values().copied()) {
        for (field, pin) in &state.pins {
            merged.pins.entry(field.clone()).or_insert_with(|| pin.clone());
        }
    }
    let mut states: BTreeMap<CustomerId, CustomerState> =
        live.into_keys().map(|id| (id, CustomerState::merged(survivor))).collect();
    states.insert(survivor, merged);
    states.into_iter().collect()
}

/// Takes records out of a customer: what stays of it, and the customer the leaving records make.
///
/// A pin taken from a leaving record leaves with it; typed pins stay. A side without a record is
/// [`Standing::Vacant`] and keeps no pin: if all leave, so do all pins. Records that are no
/// members are ignored.
#[must_use]
pub fn unmerge(customer: &CustomerState, leaving: &[RecordId]) -> (CustomerState, CustomerState) {
    let (leave, stay): (Vec<RecordId>, Vec<RecordId>) =
        customer.members.iter().partition(|record| leaving.contains(record));
    let (mut leaves, mut stays) = (side(leave), side(stay));
    for (field, pin) in &customer.pins {
        let taken_along = pin.record.is_some_and(|record| leaves.members.contains(&record));
        let side = if taken_along || !stays.is_live() { &mut leaves } else { &mut stays };
        if side.is_live() {
            side.pins.insert(field.clone(), pin.clone());
        }
    }
    (stays, leaves)
}

fn side(members: Vec<RecordId>) -> CustomerState {
    let standing = if members.is_empty() { Standing::Vacant } else { Standing::Live };
    CustomerState { standing, ..CustomerState::of(members) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use domain::{DecisionId, FieldName, Pin};

    fn customer(members: &[u32], pins: &[(&str, u32, Option<u32>)]) -> CustomerState {
        let mut state = CustomerState::of(members.iter().copied().map(RecordId).collect());
        for (field, decision, record) in pins {
            let pin = Pin { decision: DecisionId(*decision), record: record.map(RecordId) };
            state.pins.insert(FieldName::new(field), pin);
        }
        state
    }

    #[test]
    fn the_survivors_pins_stand_then_the_lowest_ids() {
        let customers = [
            (CustomerId(9), customer(&[5], &[("email", 1, None), ("city", 2, None)])),
            (CustomerId(3), customer(&[7, 1], &[("city", 3, None), ("phone", 4, Some(7))])),
            (CustomerId(5), customer(&[2], &[("email", 5, None), ("phone", 6, None)])),
            (CustomerId(6), CustomerState::merged(CustomerId(3))),
        ];
        let merged = merge(CustomerId(5), &customers);
        let expected =
            customer(&[1, 2, 5, 7], &[("email", 5, None), ("phone", 6, None), ("city", 3, None)]);
        let retired = CustomerState::merged(CustomerId(5));
        assert_eq!(
            merged,
            [(CustomerId(3), retired.clone()), (CustomerId(5), expected), (CustomerId(9), retired)]
        );
    }

    #[test]
    fn a_pin_leaves_with_its_record() {
        let whole = customer(&[1, 2, 3], &[("a", 1, Some(1)), ("b", 2, Some(2)), ("c", 3, None)]);
        let (stays, leaves) = unmerge(&whole, &[RecordId(2), RecordId(8)]);
        assert_eq!(stays, customer(&[1, 3], &[("a", 1, Some(1)), ("c", 3, None)]));
        assert_eq!(leaves, customer(&[2], &[("b", 2, Some(2))]));
        let (stays, leaves) = unmerge(&whole, &[RecordId(1), RecordId(2), RecordId(3)]);
        assert_eq!((stays.standing, stays.pins.len()), (Standing::Vacant, 0));
        assert_eq!(leaves, whole);
        let (stays, leaves) = unmerge(&whole, &[]);
        assert_eq!((stays, leaves.standing), (whole, Standing::Vacant));
    }

    proptest! {
        /// Merging and moving the members back gives the customers there were, where each pin
        /// was taken from an own record and no two customers pinned the same field.
        #[test]
        fn moving_the_members_back_restores(
            own in 1..4_u32, other in 1..4_u32, pins in prop::collection::vec(any::<u32>(), 0..6),
        ) {
            let records: Vec<u32> = (0..own + other).collect();
            let mut survivor = customer(&records[..own as usize], &[("typed", 99, None)]);
            let mut joins = customer(&records[own as usize..], &[]);
            for (at, pick) in pins.iter().enumerate() {
                let record = pick % (own + other);
                let side = if record < own { &mut survivor } else { &mut joins };
                let pin = Pin { decision: DecisionId(at as u32), record: Some(RecordId(record)) };
                side.pins.insert(FieldName::new(format!("f{at}")), pin);
            }
            let customers = [(CustomerId(1), survivor.clone()), (CustomerId(2), joins.clone())];
            let merged = merge(CustomerId(1), &customers);
            let (stays, leaves) = unmerge(&merged[0].1, &joins.members);
            prop_assert_eq!((stays, leaves), (survivor, joins));
        }
    }
}
