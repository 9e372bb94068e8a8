//! Every candidate pair with its score, for exports and for measuring.

use rayon::prelude::*;

use domain::RecordId;
use domain::fingerprint::Fingerprinter;

use super::blocking::{Pair, Second};
use super::candidates::{Candidates, Grader};
use super::columns::Columns;
use super::compare::Comparison;
use super::engine::{Cancelled, Progress, provisional};
use super::frequency::Shares;
use super::layout::Layout;
use super::model::{KindModel, Model};
use super::portrait::Kind;
use super::score::Scorer;
use super::weight::Millibits;

/// Pairs scored between two looks at cancellation.
const LOOKS: usize = 1 << 14;

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

/// The names of a model's comparisons, each once, in the order in which they are shown.
#[must_use]
pub fn comparison_names(model: &Model) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for learned in model.kinds.iter().flat_map(|part| &part.comparisons) {
        if !names.contains(&learned.comparison.name.as_str()) {
            names.push(&learned.comparison.name);
        }
    }
    names
}

/// Whether the model compares these records as the settings of today would: it knows every kind
/// of record among them, with the same comparisons.
#[must_use]
pub fn fits(model: &Model, columns: &Columns) -> bool {
    [Kind::Person, Kind::Organisation]
        .into_iter()
        .all(|kind| columns.rows_of(kind).is_empty() || compares(model, &columns.layout, kind))
}

/// Whether the model compares records of a kind as the settings of today would.
pub(crate) fn compares(model: &Model, layout: &Layout, kind: Kind) -> bool {
    model.kind(kind).is_some_and(|part| {
        let known = part.comparisons.iter().map(|learned| &learned.comparison);
        known.eq(&super::compare::comparisons(layout, kind))
    })
}

/// Scores every candidate pair under a model and hands them to `sink`: one kind of record after
/// the other, within a kind in the order of record numbers. Kinds of record that the model does
/// not [fit](fits) yield nothing. Where the model's run made a second pass, pairs inside groups that
/// links make are among them: grouping compares these, too.
///
/// # Errors
/// What `sink` says, or that it was cancelled.
pub fn scored_pairs<E: From<Cancelled>>(
    model: &Model,
    columns: &Columns,
    fingerprinter: &Fingerprinter,
    progress: &dyn Progress,
    sink: &mut dyn FnMut(ScoredPair<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for part in &model.kinds {
        score_kind(part, columns, fingerprinter, progress, sink)?;
    }
    Ok(())
}

fn score_kind<E: From<Cancelled>>(
    part: &KindModel,
    columns: &Columns,
    fingerprinter: &Fingerprinter,
    progress: &dyn Progress,
    sink: &mut dyn FnMut(ScoredPair<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let rows = columns.rows_of(part.kind);
    let comparisons: Vec<Comparison> =
        part.comparisons.iter().map(|learned| learned.comparison.clone()).collect();
    if rows.is_empty() || comparisons != super::compare::comparisons(&columns.layout, part.kind) {
        return Ok(());
    }
    let grader = Grader::new(columns, part.kind, &comparisons);
    let shares = Shares::from_tables(&part.frequencies, columns, fingerprinter);
    let mut found = Candidates::find(&grader, &rows, progress)?;
    if part.rules.iter().any(|run| run.between_groups) {
        found.widen(&grader, &rows, Second::As(&part.rules), progress)?;
        // How many pairs are sure is nobody's question here.
        let never = Millibits::reaching(f64::INFINITY);
        let (customers, _) = provisional(columns, never, part, &shares, &found, progress)?;
        found.close(&grader, &customers, progress)?;
    }
    let scorer = Scorer::new(columns, part, &shares);
    let ends = |pair: Pair| {
        let (a, b) = (columns.record(pair.a()), columns.record(pair.b()));
        (a.min(b), a.max(b))
    };
    let mut candidates: Vec<(Pair, u32)> = found.iter().collect();
    candidates.par_sort_unstable_by_key(|(pair, _)| ends(*pair));
    progress.phase("scoring", Some(candidates.len() as u64));
    let mut words: Vec<(&str, Option<&str>)> = Vec::new();
    for (number, (pair, pattern)) in candidates.iter().enumerate() {
        if number % LOOKS == 0 {
            if progress.cancelled() {
                return Err(Cancelled.into());
            }
            progress.advance(LOOKS.min(candidates.len() - number) as u64);
        }
        let levels = found.patterns.levels(*pattern);
        let assessed = scorer.assess(levels, pair.a(), pair.b());
        words.clear();
        words.extend(part.comparisons.iter().zip(levels).map(|(learned, level)| {
            let label =
                level.checked_sub(1).map(|at| learned.levels[usize::from(at)].label.as_str());
            (learned.comparison.name.as_str(), label)
        }));
        let (left, right) = ends(*pair);
        sink(ScoredPair {
            left,
            right,
            probability: assessed.weight.probability(),
            weight: assessed.weight.bits(),
            levels: &words,
        })?;
    }
    Ok(())
}
