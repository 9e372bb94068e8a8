//! What a decision still says of records that are there: what matching learns from.

use std::collections::BTreeMap;

use domain::{CustomerId, Group, RecordId, Verdict};
use matching::Judgement;

/// Of each group of a decision the records that are one customer today, and of groups only those that
/// are different customers. `customer` knows the records that take part. Nothing where less than two
/// records are left to say anything of.
pub(crate) fn judgement(
    verdict: Verdict,
    groups: &[Group],
    customer: &dyn Fn(RecordId) -> Option<CustomerId>,
) -> Option<Judgement> {
    let mut today: BTreeMap<CustomerId, Vec<Vec<RecordId>>> = BTreeMap::new();
    for group in groups {
        let mut customers: BTreeMap<CustomerId, Vec<RecordId>> = BTreeMap::new();
        for record in &group.records {
            if let Some(customer) = customer(*record) {
                customers.entry(customer).or_default().push(*record);
            }
        }
        // Most of the group; among equals the first customer.
        let most = customers.into_iter().rev().max_by_key(|(_, records)| records.len());
        if let Some((customer, records)) = most {
            today.entry(customer).or_default().push(records);
        }
    }
    let groups: Vec<Vec<RecordId>> =
        today.into_values().filter_map(|mut own| own.pop().filter(|_| own.is_empty())).collect();
    let records: usize = groups.iter().map(Vec::len).sum();
    (records > 1).then_some(Judgement { groups, joined: verdict == Verdict::Merge })
}
