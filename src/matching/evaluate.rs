//! Measuring against a known truth: pairs inside groups, and scored pairs by threshold.
//!
//! Counts by contingency, never by listing pairs: the pairs two groupings share are the pairs
//! inside the cells of their cross table.

mod reliability;

use std::collections::HashMap;

use domain::RecordId;
use domain::quality::{Quality, Reliability};

/// How good so many right pairs are of those claimed and those there are.
fn quality(right: u64, claimed: u64, all: u64) -> Quality {
    let share = |part: u64, whole: u64| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
    let (precision, recall) = (share(right, claimed), share(right, all));
    let sum = precision + recall;
    let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
    Quality { precision, recall, f1, pairs: claimed }
}

/// A truth: which records are one customer.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    customers: HashMap<RecordId, u32>,
    pairs: u64,
}

fn pairs_of(members: u64) -> u64 {
    members * members.saturating_sub(1) / 2
}

impl Truth {
    /// From the customer of each record.
    pub fn new(customers: impl IntoIterator<Item = (RecordId, u32)>) -> Self {
        let customers: HashMap<RecordId, u32> = customers.into_iter().collect();
        let mut sizes: HashMap<u32, u64> = HashMap::new();
        for customer in customers.values() {
            *sizes.entry(*customer).or_default() += 1;
        }
        let pairs = sizes.values().copied().map(pairs_of).sum();
        Self { customers, pairs }
    }

    /// True pairs.
    #[must_use]
    pub fn pairs(&self) -> u64 {
        self.pairs
    }

    /// How good groups are, each counted as the pairs inside it. Records the truth does not know
    /// are left out; a record is in at most one group.
    pub fn of_groups<'a>(&self, groups: impl IntoIterator<Item = &'a [RecordId]>) -> Quality {
        let (mut right, mut claimed) = (0, 0);
        for group in groups {
            let mut cells: HashMap<u32, u64> = HashMap::new();
            let mut known = 0;
            for customer in group.iter().filter_map(|record| self.customers.get(record)) {
                *cells.entry(*customer).or_default() += 1;
                known += 1;
            }
            claimed += pairs_of(known);
            right += cells.values().copied().map(pairs_of).sum::<u64>();
        }
        quality(right, claimed, self.pairs)
    }

    /// The table of scored pairs: quality at and above each of `thresholds`, and the best.
    pub fn of_pairs(
        &self,
        pairs: impl IntoIterator<Item = (RecordId, RecordId, f64)>,
        thresholds: &[f64],
    ) -> PairTable {
        let mut scored: Vec<(f64, bool)> = pairs
            .into_iter()
            .filter_map(|(a, b, probability)| {
                let (a, b) = (self.customers.get(&a)?, self.customers.get(&b)?);
                Some((probability, a == b))
            })
            .collect();
        scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let at = |threshold: f64| {
            let claimed = scored.partition_point(|(probability, _)| *probability >= threshold);
            let right = scored[..claimed].iter().filter(|(_, same)| *same).count();
            quality(right as u64, claimed as u64, self.pairs)
        };
        let rows = thresholds.iter().map(|threshold| (*threshold, at(*threshold))).collect();
        let mut best = (1.0, quality(0, 0, self.pairs));
        let mut right = 0;
        for (place, (probability, same)) in scored.iter().enumerate() {
            right += u64::from(*same);
            // Pairs of one score stand or fall together.
            let last = scored.get(place + 1).is_none_or(|next| next.0 < *probability);
            let quality = quality(right, place as u64 + 1, self.pairs);
            if last && (quality.f1 > best.1.f1 || best.1.pairs == 0) {
                best = (*probability, quality);
            }
        }
        let compared = at(0.0);
        PairTable { rows, best, compared, reliability: reliability::reliability(&scored) }
    }
}

/// Quality of scored pairs by threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct PairTable {
    /// Threshold and quality, in the order asked for.
    pub rows: Vec<(f64, Quality)>,
    /// The threshold with the highest F1, and its quality.
    pub best: (f64, Quality),
    /// All of them: the recall is what blocking left to be found.
    pub compared: Quality,
    /// Whether the probabilities mean what they say.
    pub reliability: Reliability,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth() -> Truth {
        // {0,1,2} {3,4} {5}: four true pairs.
        Truth::new(
            [0, 0, 0, 1, 1, 2]
                .into_iter()
                .enumerate()
                .map(|(record, customer)| (RecordId(record as u32), customer)),
        )
    }

    fn group(records: &[u32]) -> Vec<RecordId> {
        records.iter().copied().map(RecordId).collect()
    }

    #[test]
    fn groups_against_a_table_counted_by_hand() {
        let truth = truth();
        for (groups, precision, recall, pairs) in [
            (vec![vec![0, 1, 2], vec![3, 4]], 1.0, 1.0, 4),
            (vec![vec![0, 1], vec![2, 3, 4]], 0.5, 0.5, 4),
            (vec![vec![0, 1, 2, 3, 4, 5]], 4.0 / 15.0, 1.0, 15),
            (vec![vec![0, 99]], 1.0, 0.0, 0),
        ] {
            let groups: Vec<Vec<RecordId>> = groups.iter().map(|it| group(it)).collect();
            let quality = truth.of_groups(groups.iter().map(Vec::as_slice));
            assert!((quality.precision - precision).abs() < 1e-12, "{groups:?}");
            assert!((quality.recall - recall).abs() < 1e-12, "{groups:?}");
            assert_eq!(quality.pairs, pairs, "{groups:?}");
        }
    }

    #[test]
    fn pairs_by_threshold() {
        let pair = |a, b, probability| (RecordId(a), RecordId(b), probability);
        let scored =
            [pair(0, 1, 0.99), pair(1, 2, 0.9), pair(2, 3, 0.9), pair(3, 4, 0.8), pair(0, 5, 0.1)];
        let table = truth().of_pairs(scored, &[0.95, 0.9, 0.5]);
        let numbers: Vec<(f64, f64, u64)> =
            table.rows.iter().map(|(_, it)| (it.precision, it.recall, it.pairs)).collect();
        assert_eq!(numbers, [(1.0, 0.25, 1), (2.0 / 3.0, 0.5, 3), (0.75, 0.75, 4)]);
        assert_eq!(table.best.0, 0.8);
        // Of four true pairs, (0, 2) was never compared.
        assert_eq!((table.compared.recall, table.compared.pairs), (0.75, 5));
    }
}
