//! Who was decided to be different: cannot-link constraints between records.

use domain::{Group, RecordId, Verdict};

/// Whether a verdict of this kind says who belongs apart.
#[must_use]
pub fn constrains(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Merge | Verdict::NotAMatch | Verdict::Unmerge | Verdict::Keep | Verdict::Accept
    )
}

/// Whether the groups of one decision say that these two sets of records differ: a record of one
/// set stands in another group than a record of the other.
#[must_use]
pub fn apart(groups: &[Group], left: &[RecordId], right: &[RecordId]) -> bool {
    let holds = |group: &Group, set: &[RecordId]| {
        set.iter().any(|record| group.records.binary_search(record).is_ok())
    };
    groups.iter().enumerate().any(|(at, group)| {
        holds(group, left)
            && groups.iter().enumerate().any(|(other, group)| other != at && holds(group, right))
    })
}

/// Every pair of records that the groups put apart.
pub fn pairs(groups: &[Group]) -> impl Iterator<Item = (RecordId, RecordId)> + '_ {
    groups.iter().enumerate().flat_map(move |(at, group)| {
        groups[at + 1..].iter().flat_map(move |other| {
            group.records.iter().flat_map(move |left| {
                other.records.iter().map(move |right| (*left.min(right), *left.max(right)))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::CustomerId;

    fn group(customer: u32, records: &[u32]) -> Group {
        Group {
            customer: CustomerId(customer),
            records: records.iter().copied().map(RecordId).collect(),
        }
    }

    #[test]
    fn records_of_different_groups_are_apart_and_those_of_one_group_are_not() {
        let groups = [group(1, &[0, 4]), group(2, &[1])];
        assert!(apart(&groups, &[RecordId(4)], &[RecordId(1), RecordId(9)]));
        assert!(!apart(&groups, &[RecordId(0)], &[RecordId(4)]));
        assert!(!apart(&groups, &[RecordId(0)], &[RecordId(9)]));
        assert_eq!(
            pairs(&groups).collect::<Vec<_>>(),
            [(RecordId(0), RecordId(1)), (RecordId(1), RecordId(4))]
        );
    }
}
