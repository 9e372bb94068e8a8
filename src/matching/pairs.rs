//! Every candidate pair with its score, for exports and for measuring.

use crate::domain::RecordId;
use crate::domain::fingerprint::Fingerprinter;

use super::columns::Columns;
use super::compare::Comparison;
use super::engine::{Silent, find};
use super::frequency::Shares;
use super::model::{Coding, Model};
use super::score::Scorer;

/// A candidate pair with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredPair<'a> {
    /// The record with the lower number.
    pub left: RecordId,
    /// The other record.
    pub right: RecordId,
    /// Match probability.
    pub probability: f64,
    /// log2 of the odds of a match.
    pub weight: f64,
    /// Each comparison's name, and its level in words; `None` where a value is missing.
    pub levels: &'a [(&'a str, Option<&'a str>)],
}

/// Scores every candidate pair under a model and hands them to `sink`, in the order of record
/// numbers. Kinds of record and comparisons the model does not know yield nothing.
pub fn scored_pairs(
    model: &Model,
    columns: &Columns,
    fingerprinter: &Fingerprinter,
    sink: &mut dyn FnMut(ScoredPair<'_>),
) {
    for part in &model.kinds {
        let rows = columns.rows_of(part.kind);
        let comparisons: Vec<Comparison> =
            part.comparisons.iter().map(|learned| learned.comparison.clone()).collect();
        if rows.is_empty() || comparisons != super::compare::comparisons(&columns.layout, part.kind)
        {
            continue;
        }
        let coding = Coding::new(&comparisons);
        // Nobody can cancel this search, so it always ends with a result.
        let Ok(found) = find(columns, part.kind, &rows, &comparisons, &coding, &Silent) else {
            continue;
        };
        let shares = Shares::from_tables(&part.frequencies, columns, fingerprinter);
        let scorer = Scorer::new(columns, part, &shares);
        let mut candidates = found.candidates;
        let ends = |a: u32, b: u32| {
            let (a, b) = (columns.record(a), columns.record(b));
            (a.min(b), a.max(b))
        };
        candidates.sort_unstable_by_key(|candidate| ends(candidate.a, candidate.b));
        for candidate in candidates {
            let levels = coding.decode(candidate.code);
            let assessed = scorer.assess(&levels, candidate.a, candidate.b);
            let words: Vec<(&str, Option<&str>)> = part
                .comparisons
                .iter()
                .zip(&levels)
                .map(|(learned, level)| {
                    let label = level
                        .checked_sub(1)
                        .map(|at| learned.levels[usize::from(at)].label.as_str());
                    (learned.comparison.name.as_str(), label)
                })
                .collect();
            let (left, right) = ends(candidate.a, candidate.b);
            sink(ScoredPair {
                left,
                right,
                probability: assessed.probability,
                weight: assessed.weight,
                levels: &words,
            });
        }
    }
}
