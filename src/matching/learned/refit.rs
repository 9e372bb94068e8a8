//! What the decisions of today teach, between two runs: it orders the queue and tells what an answer
//! brought. No shown score and no merge goes by it; those are the next run's.
//!
//! The layer is fitted as a run fits it, to the same joins under the recorded model. Beside it stands
//! how much is known: with the layer's curvature `A` (penalties, and `q x x'` for each label, `q` being
//! the chance times its opposite), a pair with features `x` has log-odds of variance `x' A^-1 x`. One
//! more label of a pair `x` lowers the expected log loss of all waiting pairs by
//!
//! ```text
//! q x'A^-1 M A^-1x / 2(1 + q x'A^-1x),   M = sum of q y y' over the waiting pairs y
//! ```
//!
//! to second order: reduction of variance, as in Schein and Ungar (2007). After `n` more labels of the same
//! levels this is divided by `(1 + nqv)(1 + (n+1)qv)`, `v` being the variance there: so questions of one
//! pattern are worth less the more of them were asked, and those with which they share levels, too.

use std::collections::BTreeMap;
use std::f64::consts::LN_2;

use domain::fingerprint::Fingerprinter;
use domain::{RecordId, Values};
use settings::{MatchingSettings, Settings};

use super::super::compare::Cache;
use super::super::explain::{part, two};
use super::super::frequency::Shares;
use super::super::model::{KindModel, Model};
use super::super::portrait::Kind;
use super::super::score::Scorer;
use super::super::weight::{Millibits, match_weight};
use super::checked::Stated;
use super::evidence::{Example, Weighed, Weighing, joins};
use super::fit::{PENALTIES, SUREST, decompose, solve};
use super::{Judgement, LEAST_JOINS, Layer, learned};

/// What two records are like, as learning from decisions sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    kind: Kind,
    /// Levels of the comparisons, counted from 1; 0 missing.
    levels: Box<[u8]>,
    /// Its weight, without what decisions taught.
    weight: Millibits,
}

impl Link {
    /// log2 of its odds in thousandths, without what decisions taught.
    #[must_use]
    pub fn weight(&self) -> i32 {
        self.weight.0
    }

    /// What links of one pattern share: the kind of record and the levels.
    #[must_use]
    pub fn pattern(&self) -> (Kind, &[u8]) {
        (self.kind, &self.levels)
    }
}

/// What two records are like; `None` where the model does not compare them.
#[must_use]
pub fn link(
    model: &Model,
    settings: &Settings,
    fingerprinter: &Fingerprinter,
    a: &Values,
    b: &Values,
) -> Option<Link> {
    let columns = two(model, settings, fingerprinter, a, b);
    let part = part(model, settings, &columns)?;
    let shares = Shares::from_tables(&part.frequencies, &columns, fingerprinter);
    let scorer = Scorer::new(&columns, part, &shares);
    let levels = scorer.grade(0, 1, &mut Cache::new());
    let weight = match_weight(&scorer.sum(&levels, 0, 1));
    Some(Link { kind: part.kind, levels: levels.into(), weight })
}

/// A join that people judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedJoin {
    /// The record with the lower number.
    pub left: RecordId,
    /// The other record.
    pub right: RecordId,
    /// What they are like.
    pub link: Link,
    /// Whether people said that they are one customer.
    pub same: bool,
}

/// The joins of a decision. `link` is asked for every pair of its records.
pub fn joins_of(
    judgement: &Judgement,
    link: &mut dyn FnMut(RecordId, RecordId) -> Option<Link>,
) -> Vec<JudgedJoin> {
    let mut links = BTreeMap::new();
    let found = joins(judgement, &mut |left, right| {
        let link = link(left, right)?;
        let weight = link.weight;
        links.insert((left, right), link);
        Some(weight)
    });
    let judged = found.into_iter().filter_map(|(left, right, same)| {
        Some(JudgedJoin { left, right, link: links.remove(&(left, right))?, same })
    });
    judged.collect()
}

/// How much one more answer of a pattern teaches.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Worth {
    /// Of the first answer, in nats of log loss over all waiting pairs.
    first: f64,
    /// By how much it falls with each answer.
    falls: f64,
}

impl Worth {
    /// Of an answer after so many others of its pattern.
    #[must_use]
    pub fn after(self, others: usize) -> f64 {
        let at = |answers: usize| 1.0 + answers as f64 * self.falls;
        self.first * at(1) / (at(others) * at(others + 1))
    }
}

/// What the decisions of today teach.
#[derive(Debug, Clone, PartialEq)]
pub struct Refit {
    kinds: Vec<OfKind>,
    auto: Millibits,
    review: Millibits,
}

#[derive(Debug, Clone, PartialEq)]
struct OfKind {
    kind: Kind,
    /// Where each comparison's levels begin among the features, and how many there are in all.
    begins: Vec<usize>,
    size: usize,
    /// None where a run would learn nothing either.
    layer: Option<Layer>,
    /// The inverse of the curvature.
    inverse: Vec<f64>,
}

impl Refit {
    /// Learns from judged joins in the order of their decisions; what two of them say of one pair counts
    /// once, as the later says.
    #[must_use]
    pub fn of<'j>(
        model: &Model,
        thresholds: MatchingSettings,
        judged: impl IntoIterator<Item = &'j JudgedJoin>,
    ) -> Self {
        let auto = Millibits::reaching(thresholds.auto);
        let review = Millibits::reaching(thresholds.review);
        let mut known: BTreeMap<(RecordId, RecordId), &JudgedJoin> = BTreeMap::new();
        known.extend(judged.into_iter().map(|join| ((join.left, join.right), join)));
        let of_kind = |part: &KindModel| {
            let own = known.values().filter(|join| {
                join.link.kind == part.kind && join.link.levels.len() == part.comparisons.len()
            });
            let examples: Vec<Example> = own
                .map(|join| Example {
                    levels: join.link.levels.to_vec(),
                    weight: join.link.weight,
                    same: join.same,
                    decision: 0,
                })
                .collect();
            OfKind::new(part, &Weighing { sure: part.sure, auto, review }, &examples)
        };
        Self { kinds: model.kinds.iter().map(of_kind).collect(), auto, review }
    }

    /// Whether there is a layer that a run would learn.
    #[must_use]
    pub fn has_layer(&self) -> bool {
        self.kinds.iter().any(|kind| kind.layer.is_some())
    }

    /// Whether a link is as sure as the machine must be to merge.
    #[must_use]
    pub fn is_sure(&self, link: &Link) -> bool {
        self.weight(link) >= self.auto
    }

    /// Whether nobody would be asked about a link.
    #[must_use]
    pub fn is_dropped(&self, link: &Link) -> bool {
        self.weight(link) < self.review
    }

    /// The chance that a link is of one customer.
    #[must_use]
    pub fn chance(&self, link: &Link) -> f64 {
        self.weight(link).probability()
    }

    fn weight(&self, link: &Link) -> Millibits {
        self.kinds.iter().find(|it| it.kind == link.kind).map_or(link.weight, |it| it.weight(link))
    }

    /// What one more answer of each pattern teaches; patterns by one of their links and how many wait.
    #[must_use]
    pub fn worth(&self, patterns: &[(&Link, usize)]) -> Vec<Worth> {
        let mut worth = vec![Worth::default(); patterns.len()];
        for kind in &self.kinds {
            let own: Vec<usize> =
                (0..patterns.len()).filter(|at| kind.knows(patterns[*at].0)).collect();
            let waiting: Vec<(&Link, usize)> = own.iter().map(|at| patterns[*at]).collect();
            for (at, found) in own.into_iter().zip(kind.worth(&waiting)) {
                worth[at] = found;
            }
        }
        worth
    }
}

impl OfKind {
    fn new(part: &KindModel, weighing: &Weighing, examples: &[Example]) -> Self {
        let mut size = 2;
        let begin = |levels: usize| {
            size += levels;
            size - levels
        };
        let begins = part.comparisons.iter().map(|it| it.levels.len()).map(begin).collect();
        let layer = (examples.len() >= LEAST_JOINS)
            .then(|| learned(part, weighing, examples, Stated::default()));
        let mut fitted = Self { kind: part.kind, begins, size, layer, inverse: Vec::new() };
        fitted.inverse = fitted.inverse_curvature(&weighing.weighed(examples));
        fitted
    }

    fn knows(&self, link: &Link) -> bool {
        link.kind == self.kind && link.levels.len() == self.begins.len()
    }

    fn weight(&self, link: &Link) -> Millibits {
        self.applied(link.weight, &link.levels)
    }

    fn applied(&self, weight: Millibits, levels: &[u8]) -> Millibits {
        self.layer.as_ref().map_or(weight, |it| it.applied(weight, it.correction(levels)))
    }

    /// The features of a pair: places and values; all others are 0.
    fn features(&self, weight: Millibits, levels: &[u8]) -> Vec<(usize, f64)> {
        let mut features = vec![(0, weight.bits().clamp(-SUREST, SUREST) * LN_2), (1, 1.0)];
        let known = self.begins.iter().zip(levels).filter(|(_, level)| **level > 0);
        features.extend(known.map(|(begin, level)| (begin + usize::from(*level) - 1, 1.0)));
        features
    }

    /// The chance of a pair times its opposite.
    fn doubt(&self, weight: Millibits, levels: &[u8]) -> f64 {
        let chance = self.applied(weight, levels).probability();
        chance * (1.0 - chance)
    }

    fn inverse_curvature(&self, labels: &[Weighed<'_>]) -> Vec<f64> {
        let size = self.size;
        let mut curvature = vec![0.0; size * size];
        for place in 0..size {
            curvature[place * size + place] = PENALTIES[place.min(2)];
        }
        for label in labels {
            let weight = Millibits::of(label.weight);
            let by = label.counts * self.doubt(weight, label.levels);
            add_square(&mut curvature, size, &self.features(weight, label.levels), by);
        }
        decompose(&mut curvature, size);
        let mut inverse = Vec::with_capacity(size * size);
        for place in 0..size {
            let mut unit = vec![0.0; size];
            unit[place] = 1.0;
            inverse.extend(solve(&curvature, unit, size));
        }
        inverse
    }

    fn worth(&self, waiting: &[(&Link, usize)]) -> Vec<Worth> {
        let size = self.size;
        let mut all = vec![0.0; size * size];
        let asked: Vec<(Vec<(usize, f64)>, f64)> = waiting
            .iter()
            .map(|(link, _)| {
                let features = self.features(link.weight, &link.levels);
                (features, self.doubt(link.weight, &link.levels))
            })
            .collect();
        for ((features, doubt), (_, count)) in asked.iter().zip(waiting) {
            add_square(&mut all, size, features, doubt * *count as f64);
        }
        let spread = product(&product(&self.inverse, &all, size), &self.inverse, size);
        let worth = |(features, doubt): &(Vec<(usize, f64)>, f64)| {
            let falls = doubt * square(&self.inverse, size, features);
            let first = 0.5 * doubt * square(&spread, size, features) / (1.0 + falls);
            Worth { first, falls }
        };
        asked.iter().map(worth).collect()
    }
}

/// Adds a multiple of `x x'` to a matrix.
fn add_square(matrix: &mut [f64], size: usize, features: &[(usize, f64)], by: f64) {
    for (row, left) in features {
        for (column, right) in features {
            matrix[row * size + column] += by * left * right;
        }
    }
}

/// `x' A x`.
fn square(matrix: &[f64], size: usize, features: &[(usize, f64)]) -> f64 {
    let of_row = |(row, left): &(usize, f64)| -> f64 {
        features.iter().map(|(column, right)| matrix[row * size + column] * left * right).sum()
    };
    features.iter().map(of_row).sum()
}

fn product(left: &[f64], right: &[f64], size: usize) -> Vec<f64> {
    let mut product = vec![0.0; size * size];
    for (own, row) in product.chunks_exact_mut(size).zip(left.chunks_exact(size)) {
        for (by, other) in row.iter().zip(right.chunks_exact(size)).filter(|(by, _)| **by != 0.0) {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += by * other);
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two comparisons of two levels each, nothing learned.
    fn nothing() -> OfKind {
        let mut kind = OfKind {
            kind: Kind::Person,
            begins: vec![2, 4],
            size: 6,
            layer: None,
            inverse: Vec::new(),
        };
        kind.inverse = kind.inverse_curvature(&[]);
        kind
    }

    fn taught(levels: &'static [u8], labels: usize) -> OfKind {
        let mut kind = nothing();
        let label = Weighed { levels, weight: 0.0, same: 1.0, counts: 1.0 };
        kind.inverse = kind.inverse_curvature(&vec![label; labels]);
        kind
    }

    fn link(levels: &[u8], weight: i32) -> Link {
        Link { kind: Kind::Person, levels: levels.into(), weight: Millibits(weight) }
    }

    /// The log loss all waiting pairs are expected to have because too little is known.
    fn expected_loss(kind: &OfKind, waiting: &[(&Link, usize)]) -> f64 {
        let of = |(link, count): &(&Link, usize)| {
            let features = kind.features(link.weight, &link.levels);
            let variance = square(&kind.inverse, kind.size, &features);
            0.5 * *count as f64 * kind.doubt(link.weight, &link.levels) * variance
        };
        waiting.iter().map(of).sum()
    }

    #[test]
    fn an_answer_is_worth_by_how_much_the_expected_loss_falls() {
        let (one, other) = (link(&[1, 2], 0), link(&[2, 2], 2_500));
        let waiting = [(&one, 40), (&other, 3)];
        let before = nothing();
        let worth = before.worth(&waiting)[0];
        for answers in 0..6 {
            let falls = expected_loss(&taught(&[1, 2], answers), &waiting)
                - expected_loss(&taught(&[1, 2], answers + 1), &waiting);
            assert!((falls - worth.after(answers)).abs() < 1e-9, "{answers}: {falls}");
        }
    }

    #[test]
    fn what_many_are_like_teaches_most_and_what_is_sure_or_known_teaches_little() {
        let (many, few, sure) = (link(&[1, 1], 0), link(&[2, 2], 0), link(&[1, 2], 20_000));
        let waiting = [(&many, 100), (&few, 2), (&sure, 100)];
        let worth = nothing().worth(&waiting);
        // All share the shift, so that the few gain by the many, too.
        assert!(worth[0].after(0) > 2.0 * worth[1].after(0), "{worth:?}");
        assert!(worth[1].after(0) > 100.0 * worth[2].after(0), "{worth:?}");
        let known = taught(&[1, 1], 30).worth(&waiting);
        assert!(known[0].after(0) < worth[0].after(0) / 50.0, "{known:?}");
        assert!(known[1].after(0) > known[0].after(0), "now the others teach more");
    }
}
