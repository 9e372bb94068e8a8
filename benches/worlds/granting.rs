//! What a steward who knows the truth sees of grants: which are offered, which are worth answering for, and how
//! many of the joins that one made are wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::CensusId;
use door::views::{GrantsView, StratumState, StratumView};
use serde::Serialize;

/// What was granted, and what came of it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Granted {
    /// Grants given.
    pub grants: u32,
    /// Joins that they made at once.
    pub joins: u64,
    /// How many of those are wrong: a record of one side is not of whom the other is.
    pub wrong: u64,
    /// How many may be wrong of what is promised, when it was last looked at.
    pub wrong_at_most: u64,
    /// Whether more were wrong than may be, whenever something was granted and at the end.
    pub is_false: bool,
    /// Joins that later runs made under grants; nobody counts how many of them are wrong.
    pub later: u64,
    /// Grants that a run suspended.
    pub suspended: u32,
}

/// What one grant made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    joins: u64,
    wrong: u64,
}

impl Granted {
    /// Another grant made something, and so much is promised now.
    pub fn add(&mut self, made: Made, view: &GrantsView) {
        self.grants += 1;
        self.joins += made.joins;
        self.wrong += made.wrong;
        self.look(view);
    }

    /// Whether what is promised now is true.
    pub fn look(&mut self, view: &GrantsView) {
        if view.promised.joins > 0 {
            self.wrong_at_most = view.promised.wrong_at_most;
            self.is_false |= self.wrong > self.wrong_at_most;
        }
    }
}

/// A stratum that may be granted now, and how many joins wait in it.
#[must_use]
pub fn offered(view: &GrantsView) -> Option<(CensusId, u64)> {
    let is_offered = |it: &&StratumView| it.state == StratumState::Offered && it.waiting.joins > 0;
    view.strata.iter().find(is_offered).map(|it| (it.census, it.waiting.joins))
}

/// The strata of which fewer answers are missing than joins wait, the one first that saves most for an answer.
#[must_use]
pub fn worth_answering(view: &GrantsView) -> Vec<CensusId> {
    let mut worth: Vec<(u64, CensusId)> = view
        .strata
        .iter()
        .filter(|it| it.state == StratumState::Open && it.forbidden.is_none())
        .filter_map(|it| {
            let missing = it.missing.filter(|missing| *missing < it.waiting.joins)?;
            Some((it.waiting.joins * 1_000 / missing.max(1), it.census))
        })
        .collect();
    worth.sort_by_key(|(saves, census)| (std::cmp::Reverse(*saves), *census));
    worth.into_iter().map(|(_, census)| census).collect()
}

/// The joins between two looks at all records and their customers, and those of them that are wrong.
#[must_use]
pub fn made(
    before: &[(String, String)],
    after: &[(String, String)],
    clusters: &HashMap<String, String>,
) -> Made {
    let mut units: HashMap<&str, BTreeSet<Option<&str>>> = HashMap::new();
    let unit_of: HashMap<&str, &str> =
        before.iter().map(|(record, unit)| (record.as_str(), unit.as_str())).collect();
    for (record, unit) in before {
        units.entry(unit).or_default().insert(clusters.get(record).map(String::as_str));
    }
    let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (record, customer) in after {
        if let Some(unit) = unit_of.get(record.as_str()) {
            groups.entry(customer).or_default().insert(unit);
        }
    }
    let mut made = Made { joins: 0, wrong: 0 };
    for group in groups.values() {
        // Units of one customer each: all of one customer need a join less than they are.
        let mut whose: BTreeMap<Option<&str>, u64> = BTreeMap::new();
        for unit in group {
            if let [Some(cluster)] = units[unit].iter().copied().collect::<Vec<_>>()[..] {
                *whose.entry(Some(cluster)).or_default() += 1;
            }
        }
        let joins = group.len() as u64 - 1;
        made.joins += joins;
        made.wrong += joins - whose.values().map(|units| units - 1).sum::<u64>();
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_are_counted_and_the_wrong_ones_among_them() {
        let of = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
        };
        let clusters: HashMap<String, String> =
            of(&[("a", "A"), ("b", "A"), ("c", "A"), ("d", "B"), ("e", "B"), ("f", "C")])
                .into_iter()
                .collect();
        let before = of(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "5"), ("f", "6")]);
        for (together, joins, wrong) in [
            (&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "4"), ("e", "4"), ("f", "6")][..], 3, 0),
            (&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1"), ("e", "1"), ("f", "6")], 4, 1),
            (&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "5"), ("f", "5")], 1, 1),
            (&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "5"), ("f", "6")], 0, 0),
        ] {
            let made = made(&before, &of(together), &clusters);
            assert_eq!((made.joins, made.wrong), (joins, wrong), "{together:?}");
        }
        // What was of two people before is wrong wherever it goes.
        let mixed = of(&[("a", "1"), ("d", "1"), ("b", "2")]);
        let after = of(&[("a", "1"), ("d", "1"), ("b", "1")]);
        assert_eq!(made(&mixed, &after, &clusters), Made { joins: 1, wrong: 1 });
    }
}
