//! Learning the model: expectation and maximisation over the patterns of all pairs.
//!
//! The likelihood is that of *all* pairs, candidates or not. Pairs that no blocking rule brought
//! together count as unrelated; a random sample of them says how often unrelated values agree. So
//! u needs no correction for matches hidden in the sample, expected match counts are counts among
//! all pairs, and a probability means what it says.
//!
//! Every distribution starts from what is believed beforehand (`compare`), worth
//! [`BELIEF`] pairs: with six records the beliefs decide, with thousands the data.

use rayon::prelude::*;

use super::compare::{Comparison, Learning, Level, Subject};
use super::model::{ComparisonModel, KindModel, LevelModel};
use super::ordered;
use super::weight::Chance;

/// How many pairs the beliefs about one comparison in one class are worth.
const BELIEF: f64 = 40.0;
/// The same, for class sizes, in records.
const SIZE_BELIEF: f64 = 50.0;
/// No level speaks for a match by more than this (log2).
const MOST_EVIDENCE: f64 = 22.0;
const MOST_ROUNDS: usize = 60;

/// Pairs as patterns of levels.
pub(crate) struct Evidence<'a> {
    /// Each distinct pattern of the candidates (levels counted from 1, 0 missing) and its pairs.
    pub(crate) patterns: Vec<(&'a [u8], f64)>,
    /// Pairs that are not candidates.
    pub(crate) outside: f64,
    /// Of a sample of these: how many were drawn, and how many showed each level.
    pub(crate) drawn: f64,
    /// Per comparison and level.
    pub(crate) seen: &'a [Vec<f64>],
    /// Per comparison and level: all pairs that show the level, where values tell how many.
    pub(crate) counted: &'a [Vec<Option<f64>>],
    /// Records.
    pub(crate) records: f64,
    /// Whether the household class exists.
    pub(crate) households: bool,
}

/// What was learned.
pub(crate) struct Estimate {
    pub(crate) comparisons: Vec<ComparisonModel>,
    pub(crate) expected: [f64; 4],
}

/// Chances of each comparison's levels in each class.
type Chances = Vec<Vec<[f64; 4]>>;

/// Learns level chances and class sizes.
pub(crate) fn estimate(comparisons: &[Comparison], evidence: &Evidence<'_>) -> Estimate {
    let pairs: f64 =
        evidence.outside + evidence.patterns.iter().map(|(_, count)| count).sum::<f64>();
    let believed = believed_sizes(evidence, pairs);
    let mut expected = believed;
    let mut chances: Chances = comparisons.iter().map(|it| believed_chances(it.subject)).collect();
    for _ in 0..MOST_ROUNDS {
        let telling = telling(comparisons, &chances);
        let counts = expectation(&telling, &expected, evidence);
        let next = sizes(&counts.classes, &believed, evidence, pairs);
        for (number, comparison) in comparisons.iter().enumerate() {
            let outside = Outside {
                scale: if evidence.drawn > 0.0 { evidence.outside / evidence.drawn } else { 0.0 },
                seen: &evidence.seen[number],
                counted: evidence.counted.get(number).map_or(&[], Vec::as_slice),
            };
            chances[number] = maximise(comparison.subject, &counts.levels[number], &outside);
        }
        let moved = (0..3).map(|class| (next[class] - expected[class]).abs()).fold(0.0, f64::max);
        expected = next;
        if moved < 1e-5 * evidence.records.max(1.0) {
            break;
        }
    }
    for (comparison, chances) in comparisons.iter().zip(&mut chances) {
        ordered::hold(comparison.subject, chances);
    }
    Estimate { comparisons: named(comparisons, &chances), expected }
}

fn telling(comparisons: &[Comparison], chances: &Chances) -> Chances {
    let each = comparisons.iter().zip(chances).map(|(comparison, levels)| {
        let levels = levels.iter().enumerate();
        levels.map(|(at, chances)| comparison.subject.telling(at, *chances)).collect()
    });
    each.collect()
}

fn named(comparisons: &[Comparison], chances: &Chances) -> Vec<ComparisonModel> {
    comparisons
        .iter()
        .zip(chances)
        .map(|(comparison, chances)| ComparisonModel {
            comparison: comparison.clone(),
            levels: comparison
                .subject
                .levels()
                .iter()
                .zip(chances)
                .map(|(level, chances)| LevelModel {
                    label: level.label.to_owned(),
                    chances: *chances,
                    pinned: None,
                })
                .collect(),
        })
        .collect()
}

fn believed_chances(subject: Subject) -> Vec<[f64; 4]> {
    let levels = subject.levels();
    let raw: Vec<[f64; 4]> = levels.iter().map(|level| level.chances).collect();
    normalised(levels, &raw)
}

/// Divides by the sum of each stratum and class.
fn normalised(levels: &[Level], raw: &[[f64; 4]]) -> Vec<[f64; 4]> {
    levels
        .iter()
        .zip(raw)
        .map(|(level, own)| {
            let stratum =
                levels.iter().zip(raw).filter(|(other, _)| other.stratum == level.stratum);
            let totals = stratum.fold([0.0; 4], |totals: [f64; 4], (_, chances)| {
                std::array::from_fn(|class| totals[class] + chances[class])
            });
            std::array::from_fn(
                |class| {
                    if totals[class] > 0.0 { own[class] / totals[class] } else { 0.0 }
                },
            )
        })
        .collect()
}

/// A fifth of the records has a duplicate, and families are as common as that: a start, not a
/// claim.
fn believed_sizes(evidence: &Evidence<'_>, pairs: f64) -> [f64; 4] {
    let records = evidence.records;
    let households = if evidence.households { 0.2 * records } else { 0.0 };
    let related = [0.2 * records, households, 0.05 * records];
    // Among very few records, most pairs must still be thought unrelated.
    let shrink = (0.5 * pairs / related.iter().sum::<f64>().max(1e-9)).min(1.0);
    let [matches, households, namesakes] = related.map(|size| size * shrink);
    [matches, households, namesakes, pairs - matches - households - namesakes]
}

fn sizes(counted: &[f64; 4], believed: &[f64; 4], evidence: &Evidence<'_>, pairs: f64) -> [f64; 4] {
    let trust = evidence.records / (evidence.records + SIZE_BELIEF);
    let mut sizes: [f64; 4] =
        std::array::from_fn(|class| trust * counted[class] + (1.0 - trust) * believed[class]);
    sizes[3] = (pairs - sizes[0] - sizes[1] - sizes[2]).max(pairs * 0.05);
    sizes
}

/// Expected pairs of each class, and of each level in it.
struct Counts {
    classes: [f64; 4],
    levels: Vec<Vec<[f64; 4]>>,
}

impl Counts {
    fn empty(chances: &Chances) -> Self {
        let levels = chances.iter().map(|levels| vec![[0.0; 4]; levels.len()]).collect();
        Self { classes: [0.0; 4], levels }
    }

    fn add(&mut self, other: &Counts) {
        for class in 0..4 {
            self.classes[class] += other.classes[class];
        }
        for (own, others) in self.levels.iter_mut().flatten().zip(other.levels.iter().flatten()) {
            for class in 0..4 {
                own[class] += others[class];
            }
        }
    }
}

/// Expected counts of classes and of their levels among the candidates.
fn expectation(chances: &Chances, expected: &[f64; 4], evidence: &Evidence<'_>) -> Counts {
    // Parts of a fixed size, summed in order: the same result on any number of threads.
    let parts: Vec<Counts> = evidence
        .patterns
        .par_chunks(2048)
        .map(|patterns| {
            let mut counts = Counts::empty(chances);
            for (levels, pairs) in patterns {
                let mut shares = *expected;
                for (chances, level) in chances.iter().zip(*levels).filter(|(_, level)| **level > 0)
                {
                    let chances = &chances[usize::from(*level) - 1];
                    for class in 0..4 {
                        shares[class] *= chances[class];
                    }
                }
                let total: f64 = shares.iter().sum();
                if total <= 0.0 {
                    continue;
                }
                for (share, count) in shares.iter_mut().zip(&mut counts.classes) {
                    *share *= pairs / total;
                    *count += *share;
                }
                for (counts, level) in counts.levels.iter_mut().zip(*levels) {
                    if *level > 0 {
                        for class in 0..4 {
                            counts[usize::from(*level) - 1][class] += shares[class];
                        }
                    }
                }
            }
            counts
        })
        .collect();
    let mut total = Counts::empty(chances);
    for part in &parts {
        total.add(part);
    }
    total
}

/// Expected matches among scored pairs, and how many show each level.
#[derive(Debug, Clone)]
pub(crate) struct Matches {
    total: Chance,
    /// Per comparison and level.
    levels: Vec<Vec<Chance>>,
    /// Scored pairs that are sure.
    pub(crate) sure: u64,
}

impl Matches {
    pub(crate) fn none(model: &KindModel) -> Self {
        let levels =
            model.comparisons.iter().map(|it| vec![Chance::default(); it.levels.len()]).collect();
        Self { total: Chance::default(), levels, sure: 0 }
    }

    /// Counts a pair with these levels as a match with this probability.
    pub(crate) fn count(&mut self, levels: &[u8], probability: Chance) {
        self.total += probability;
        for (counts, level) in self.levels.iter_mut().zip(levels).filter(|(_, level)| **level > 0) {
            counts[usize::from(*level) - 1] += probability;
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.sure += other.sure;
        let others = other.levels.iter().flatten();
        self.levels.iter_mut().flatten().zip(others).for_each(|(own, other)| *own += *other);
    }
}

/// Learns the chances of the match class once more, from pairs scored with the frequencies of their
/// values: two people called Zyskowski with other dates of birth are told from chance, which
/// patterns of levels alone cannot, and teach how matches differ.
pub(crate) fn refine(model: &mut KindModel, matches: &Matches) {
    let trust = model.records as f64 / (model.records as f64 + SIZE_BELIEF);
    let moved = trust * (matches.total.value() - model.expected[0]);
    let moved = moved.clamp(-model.expected[0], model.expected[3] / 2.0);
    model.expected[0] += moved;
    model.expected[3] -= moved;
    let least = (-MOST_EVIDENCE).exp2();
    for (learned, counts) in model.comparisons.iter_mut().zip(&matches.levels) {
        let subject = learned.comparison.subject;
        let believed = believed_chances(subject);
        let raw: Vec<[f64; 4]> = counts
            .iter()
            .zip(&believed)
            .map(|(count, believed)| [count.value() + BELIEF * believed[0], 0.0, 0.0, 0.0])
            .collect();
        for (level, chances) in learned.levels.iter_mut().zip(normalised(subject.levels(), &raw)) {
            level.chances[0] = chances[0];
            level.chances[3] = level.chances[3].max(chances[0] * least);
        }
        let mut chances: Vec<[f64; 4]> = learned.levels.iter().map(|level| level.chances).collect();
        ordered::hold(subject, &mut chances);
        for (level, chances) in learned.levels.iter_mut().zip(chances) {
            level.chances = chances;
        }
    }
}

struct Outside<'a> {
    /// Pairs that one drawn pair stands for.
    scale: f64,
    seen: &'a [f64],
    /// All pairs that show each level, candidates as well, where that is known.
    counted: &'a [Option<f64>],
}

impl Outside<'_> {
    /// Pairs outside the candidates that show a level, of which so many candidates show it.
    fn pairs(&self, level: usize, candidates: f64, believed: f64) -> f64 {
        match self.counted.get(level).copied().flatten() {
            Some(all) => (all - candidates).max(0.0),
            // A level never drawn is still possible: the sample counts as two believed pairs more.
            None => self.scale * (self.seen[level] + 2.0 * believed),
        }
    }
}

/// The chance of a level that so many of all unrelated pairs show.
fn shrunk(count: f64, all: f64, believed: f64) -> f64 {
    (count + BELIEF * believed) / (all + BELIEF)
}

/// The chances of a comparison's levels from the counts.
fn maximise(subject: Subject, counts: &[[f64; 4]], outside: &Outside<'_>) -> Vec<[f64; 4]> {
    let levels = subject.levels();
    let believed = believed_chances(subject);
    let unrelated = |number: usize| {
        let candidates = counts[number].iter().sum();
        counts[number][3] + outside.pairs(number, candidates, believed[number][3])
    };
    let unrelated: Vec<f64> = (0..levels.len()).map(unrelated).collect();
    let raw: Vec<[f64; 4]> = (0..levels.len())
        .map(|number| {
            std::array::from_fn(|class| {
                let believed = believed[number][class];
                if class == 3 {
                    let stratum = levels.iter().zip(&unrelated);
                    let own = stratum.filter(|(it, _)| it.stratum == levels[number].stratum);
                    shrunk(unrelated[number], own.map(|(_, count)| count).sum(), believed)
                } else {
                    counts[number][class] + BELIEF * believed
                }
            })
        })
        .collect();
    let mut chances = normalised(levels, &raw);
    (subject.settle)(&mut chances);
    for (class, learning) in subject.learning.into_iter().enumerate() {
        for (number, chances) in chances.iter_mut().enumerate() {
            match learning {
                Learning::Free => {}
                Learning::Believed => chances[class] = believed[number][class],
                Learning::AsUnrelated => chances[class] = chances[3],
            }
        }
    }
    let least = (-MOST_EVIDENCE).exp2();
    for chances in &mut chances {
        chances[3] = chances[3].max(chances[0] * least);
    }
    chances
}
