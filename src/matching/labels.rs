//! People's decisions as material for learning: pairs whose class is known.
//!
//! Semi-supervised expectation and maximisation (Larsen and Rubin 2001 do the same with clerically
//! reviewed pairs): a decided pair counts as what people said it is, all others as what the model
//! makes of them. Each counts once, as itself: people are shown the doubtful pairs, and a doubtful
//! pair must not stand for all matches.

use std::collections::BTreeMap;

use super::compare::{Cache, Comparison};
use super::engine::Request;
use super::estimate::{Chances, Counts};
use super::portrait::Kind;

/// Fewer decided pairs teach nothing that beliefs and the other pairs do not say better.
const LEAST: usize = 50;

/// A pair of one kind of record whose class people decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decided {
    /// Levels, counted from 1; 0 missing.
    pub(crate) levels: Vec<u8>,
    /// Whether they are the same customer.
    pub(crate) same: bool,
}

/// The decided pairs of one kind of record as levels; none when there are too few to learn from.
pub(super) fn decided(
    request: &Request<'_>,
    kind: Kind,
    comparisons: &[Comparison],
) -> Vec<Decided> {
    let columns = request.columns;
    let constraints = request.constraints;
    if constraints.must_link.len() + constraints.cannot_link.len() < LEAST {
        return Vec::new();
    }
    let rows = columns.rows();
    // By rows, each pair once: what two decisions say of one pair is one thing known.
    let mut pairs: BTreeMap<(u32, u32), bool> = BTreeMap::new();
    for (list, same) in [(&constraints.must_link, true), (&constraints.cannot_link, false)] {
        for (a, b) in list {
            if let (Some(a), Some(b)) = (rows(*a), rows(*b))
                && a != b
                && columns.kind(a) == kind
                && columns.kind(b) == kind
            {
                pairs.insert((a.min(b), a.max(b)), same);
            }
        }
    }
    if pairs.len() < LEAST {
        return Vec::new();
    }
    let mut cache = Cache::new();
    let graded = pairs.into_iter().map(|((a, b), same)| {
        let grade = |comparison: &Comparison| comparison.grade(columns, a, b, &mut cache);
        Decided { levels: comparisons.iter().map(grade).collect(), same }
    });
    graded.collect()
}

/// Counts decided pairs as what they are instead of as what the model makes of them.
pub(super) fn count(
    decided: &[Decided],
    chances: &Chances,
    expected: &[f64; 4],
    counts: &mut Counts,
) {
    for pair in decided {
        let mut sizes = *expected;
        for (chances, level) in chances.iter().zip(&pair.levels).filter(|(_, level)| **level > 0) {
            for (size, chance) in sizes.iter_mut().zip(chances[usize::from(*level) - 1]) {
                *size *= chance;
            }
        }
        let Some((known, guessed)) = shares(&sizes, pair.same) else { continue };
        let moved: [f64; 4] = std::array::from_fn(|class| known[class] - guessed[class]);
        move_counts(&mut counts.classes, &moved);
        for (levels, level) in counts.levels.iter_mut().zip(&pair.levels) {
            if *level > 0 {
                move_counts(&mut levels[usize::from(*level) - 1], &moved);
            }
        }
    }
}

/// The chance of each class once it is known whether the records are the same customer, and
/// before; `None` when the model thinks either impossible.
fn shares(sizes: &[f64; 4], same: bool) -> Option<([f64; 4], [f64; 4])> {
    let all: f64 = sizes.iter().sum();
    let others = all - sizes[0];
    if all <= 0.0 || !same && others <= 0.0 {
        return None;
    }
    let known = std::array::from_fn(|class| match (class, same) {
        (0, true) => 1.0,
        (0, false) | (_, true) => 0.0,
        (_, false) => sizes[class] / others,
    });
    Some((known, sizes.map(|size| size / all)))
}

/// A pair that no blocking rule brought together was not counted before: nothing falls under 0.
fn move_counts(counts: &mut [f64; 4], moved: &[f64; 4]) {
    for (count, moved) in counts.iter_mut().zip(moved) {
        *count = (*count + moved).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_replaces_what_was_guessed() {
        // The model thinks level 1 a match with three chances of four.
        let chances: Chances = vec![vec![[0.75, 0.0, 0.0, 0.25], [0.25, 1.0, 1.0, 0.75]]];
        let expected = [1.0, 0.0, 0.0, 1.0];
        for (same, classes, level) in
            [(true, [10.25, 0.0, 0.0, 9.75], 6.25), (false, [9.25, 0.0, 0.0, 10.75], 5.25)]
        {
            let mut counts = Counts {
                classes: [10.0, 0.0, 0.0, 10.0],
                levels: vec![vec![[6.0, 0.0, 0.0, 2.0], [4.0, 0.0, 0.0, 8.0]]],
            };
            count(&[Decided { levels: vec![1], same }], &chances, &expected, &mut counts);
            assert_eq!(counts.classes, classes, "{same}");
            assert_eq!(counts.levels[0][0][0], level, "{same}");
            assert_eq!(counts.levels[0][1], [4.0, 0.0, 0.0, 8.0], "another level is not touched");
        }
    }

    #[test]
    fn an_impossible_class_is_left_as_it_was() {
        assert_eq!(shares(&[1.0, 0.0, 0.0, 0.0], false), None);
        assert_eq!(shares(&[0.0; 4], true), None);
    }
}
