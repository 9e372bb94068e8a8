//! Customers that grew, were taken apart or are gone.

use std::collections::{BTreeSet, HashMap};

use super::between::{Between, Touched};
use super::first;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CustomerId, RecordId, Standing};
use door::views::{Grew, GroupsDiff, Split, Went};

/// What became of the customers.
///
/// # Errors
/// When the store is damaged.
pub(super) fn told(
    facts: Facts<'_>,
    between: &Between,
    limit: usize,
) -> Result<GroupsDiff, DeskError> {
    let mut taken_apart = 0;
    for (left, right) in &between.joins {
        // Nobody but people takes customers apart.
        let apart = facts.view.customer_of(*left)? != facts.view.customer_of(*right)?;
        taken_apart += u64::from(apart);
    }
    let (grew, split, went) = changes(between);
    Ok(GroupsDiff {
        grew: first(grew, limit),
        split: first(split, limit),
        went: first(went, limit),
        joined: between.joins.len() as u64,
        taken_apart,
    })
}

/// Records of a customer that was there after the earlier run; none where it was not.
fn held(between: &Between, touched: &Touched) -> Vec<RecordId> {
    let members = touched.before.iter().filter(|it| it.is_live()).flat_map(|it| &it.members);
    members.copied().filter(|record| !between.new.contains(record)).collect()
}

fn changes(between: &Between) -> (Vec<Grew>, Vec<Split>, Vec<Went>) {
    let mut was: HashMap<RecordId, CustomerId> = HashMap::new();
    let mut now: HashMap<RecordId, CustomerId> = HashMap::new();
    for (id, touched) in &between.customers {
        was.extend(held(between, touched).into_iter().map(|record| (record, *id)));
        let after = Some(&touched.after).filter(|after| after.is_live());
        now.extend(after.iter().flat_map(|it| &it.members).map(|record| (*record, *id)));
    }
    let (mut grew, mut split, mut went) = (Vec::new(), Vec::new(), Vec::new());
    for (id, touched) in &between.customers {
        let held = held(between, touched);
        if touched.after.is_live() {
            let members = &touched.after.members;
            let came = || members.iter().filter(|record| was.get(record) != Some(id));
            let (records, more) = (members.len() as u64, came().count() as u64);
            // A customer that is as new as its only record did not grow.
            if more > 0 && records > 1 {
                let from: BTreeSet<CustomerId> =
                    came().filter_map(|record| was.get(record).copied()).collect();
                let from = from.into_iter().collect();
                grew.push(Grew { customer: *id, records, came: more, from, by: touched.by });
            }
        } else if !held.is_empty() {
            let into = match touched.after.standing {
                Standing::Merged { into } => Some(into),
                _ => None,
            };
            went.push(Went { customer: *id, into, by: touched.by });
        }
        let into: BTreeSet<CustomerId> =
            held.iter().filter_map(|record| now.get(record).copied()).collect();
        if into.len() > 1 {
            let (records, into) = (held.len() as u64, into.into_iter().collect());
            split.push(Split { customer: *id, records, into, by: touched.by });
        }
    }
    grew.sort_by_key(|it: &Grew| (std::cmp::Reverse(it.came), it.customer));
    split.sort_by_key(|it: &Split| (std::cmp::Reverse(it.records), it.customer));
    (grew, split, went)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::CustomerState;
    use door::views::By;

    fn records(members: &[u32]) -> Vec<RecordId> {
        members.iter().copied().map(RecordId).collect()
    }

    fn of(members: &[u32]) -> CustomerState {
        CustomerState::of(records(members))
    }

    #[test]
    fn customers_grow_split_and_go() {
        let (machine, people) =
            (By { machine: true, ..By::default() }, By { people: true, ..By::default() });
        let gone = CustomerState::merged(CustomerId(1));
        let touched = [
            (1, Some(of(&[1])), of(&[1, 2, 9]), machine),
            (2, Some(of(&[2])), gone.clone(), machine),
            // It came in between, and went to another at once.
            (9, Some(of(&[9])), gone, machine),
            (3, Some(of(&[3, 4, 5])), of(&[3, 4]), people),
            (7, None, of(&[5]), people),
            (6, Some(of(&[6])), CustomerState::erased(), By::default()),
            (8, Some(of(&[8])), of(&[8]), people),
        ];
        let customers = touched
            .into_iter()
            .map(|(id, before, after, by)| (CustomerId(id), Touched { before, after, by }))
            .collect();
        let new = records(&[9]).into_iter().collect();
        let (grew, split, went) = changes(&Between { customers, new, ..Between::default() });
        let from = vec![CustomerId(2)];
        assert_eq!(
            grew,
            [Grew { customer: CustomerId(1), records: 3, came: 2, from, by: machine }]
        );
        let into = vec![CustomerId(3), CustomerId(7)];
        assert_eq!(split, [Split { customer: CustomerId(3), records: 3, into, by: people }]);
        let went: Vec<_> = went.into_iter().map(|it| (it.customer.0, it.into)).collect();
        assert_eq!(went, [(2, Some(CustomerId(1))), (6, None)]);
    }

    #[test]
    fn one_for_another_is_growth_and_a_split() {
        // Record 2 went from customer 1 to customer 5.
        let touched = |before: &[u32], after: &[u32]| Touched {
            before: Some(of(before)),
            after: of(after),
            by: By::default(),
        };
        let customers =
            [(CustomerId(1), touched(&[1, 2], &[1])), (CustomerId(5), touched(&[5], &[2, 5]))];
        let between = Between { customers: customers.into_iter().collect(), ..Between::default() };
        let (grew, split, went) = changes(&between);
        assert_eq!((grew.len(), split.len(), went.len()), (1, 1, 0));
        assert_eq!(
            (grew[0].customer, grew[0].from.as_slice()),
            (CustomerId(5), &[CustomerId(1)][..])
        );
    }
}
