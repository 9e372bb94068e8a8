//! Candidate pairs with the levels of their comparisons.
//!
//! Levels of all comparisons together are a pattern; a million pairs have some ten thousand. A
//! candidate is twelve bytes: two rows and the number of its pattern.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::hint::black_box;
use std::sync::Mutex;

use rayon::prelude::*;

use super::blocking::{self, Blocked, CutBlock, Pair, Pairs, RuleCount, Stretch};
use super::columns::Columns;
use super::compare::{Cache, Comparison};
use super::engine::{Cancelled, Progress};
use super::hash::mix;
use super::model::Coding;
use super::portrait::Kind;

/// Pairs compared on one thread before looking up.
pub(crate) const STRETCH: usize = 1 << 14;
/// Stretches between two looks at cancellation.
pub(crate) const STRETCHES: usize = 16;
/// Pairs whose values stay close at hand while each comparison has its turn.
const FEW: usize = 512;
/// Pairs drawn to learn how often unrelated values agree.
const DRAWN: u32 = 400_000;

/// Each distinct pattern of levels, and how many candidates show it.
#[derive(Debug, Clone)]
pub(crate) struct Patterns {
    /// Levels of one pattern after the other, counted from 1, 0 missing.
    levels: Vec<u8>,
    width: usize,
    counts: Vec<u64>,
    numbers: HashMap<u64, u32, BuildHasherDefault<Mixed>>,
}

/// Hashes codes of patterns.
#[derive(Debug, Clone, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, code: u64) {
        self.0 = mix(self.0, code);
    }
}

impl Patterns {
    fn new(width: usize) -> Self {
        Self { levels: Vec::new(), width, counts: Vec::new(), numbers: HashMap::default() }
    }

    /// Counts a pattern; says its number.
    fn count(&mut self, code: u64, coding: &Coding) -> u32 {
        let number = *self.numbers.entry(code).or_insert_with(|| {
            self.levels.extend(coding.decode(code));
            self.counts.push(0);
            self.counts.len() as u32 - 1
        });
        self.counts[number as usize] += 1;
        number
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.counts.len()
    }

    /// The levels of a pattern.
    #[inline]
    pub(crate) fn levels(&self, number: u32) -> &[u8] {
        &self.levels[number as usize * self.width..][..self.width]
    }

    /// Levels and number of candidates of every pattern.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.counts.iter().zip(0..).map(|(count, number)| (self.levels(number), *count))
    }
}

/// What levels a random sample of the pairs that are no candidates shows.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Pairs drawn.
    pub(crate) drawn: f64,
    /// How many of them showed each level, by comparison.
    pub(crate) seen: Vec<Vec<f64>>,
}

/// Candidates and what was learned on the way to them.
pub(crate) struct Candidates {
    pub(crate) pairs: Pairs,
    /// The pattern of each pair, in the order of the pairs.
    pub(crate) pattern_of: Vec<u32>,
    pub(crate) patterns: Patterns,
    pub(crate) sample: Sample,
    pub(crate) rules: Vec<RuleCount>,
    pub(crate) cut: Vec<CutBlock>,
    pub(crate) every_pair: bool,
}

impl Candidates {
    /// Finds and compares the candidate pairs of one kind of record.
    pub(crate) fn find(
        columns: &Columns,
        kind: Kind,
        rows: &[u32],
        comparisons: &[Comparison],
        coding: &Coding,
        progress: &dyn Progress,
    ) -> Result<Self, Cancelled> {
        let every_pair = rows.len() <= blocking::ALL_PAIRS_UP_TO;
        let blocked = if every_pair {
            blocking::every_pair(rows, columns)
        } else {
            progress.phase("blocking", None);
            blocking::candidates(columns, kind, rows, &|| progress.cancelled()).ok_or(Cancelled)?
        };
        let Blocked { pairs, rules, cut } = blocked;
        progress.phase("comparing", Some(pairs.len() as u64));
        let grader = Grader { columns, comparisons, coding, caches: Mutex::default() };
        let (patterns, pattern_of) = grader.grade_all(&pairs, progress)?;
        let sample = if every_pair {
            Sample { drawn: 0.0, seen: grader.unseen() }
        } else {
            grader.draw(rows, &pairs)
        };
        Ok(Self { pairs, pattern_of, patterns, sample, rules, cut, every_pair })
    }

    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Every pair with the number of its pattern.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Pair, u32)> {
        self.pairs.iter().zip(self.pattern_of.iter().copied())
    }

    /// Works on all pairs, a stretch of pairs and their patterns at a time, several at once; hands
    /// the results on in order.
    pub(crate) fn each_stretch<R: Send>(
        &self,
        progress: &dyn Progress,
        work: impl Fn(Stretch<'_>, &[u32]) -> R + Sync,
        mut take: impl FnMut(R),
    ) -> Result<(), Cancelled> {
        let mut rest = self.pattern_of.as_slice();
        let stretches: Vec<_> = self
            .pairs
            .stretches(STRETCH)
            .into_iter()
            .map(|stretch| {
                let (own, others) = rest.split_at(stretch.len());
                rest = others;
                (stretch, own)
            })
            .collect();
        for together in stretches.chunks(STRETCHES) {
            if progress.cancelled() {
                return Err(Cancelled);
            }
            let results: Vec<R> =
                together.par_iter().map(|(pairs, patterns)| work(*pairs, patterns)).collect();
            results.into_iter().for_each(&mut take);
            progress.advance(together.iter().map(|(pairs, _)| pairs.len() as u64).sum());
        }
        Ok(())
    }
}

/// Compares pairs of rows.
struct Grader<'a> {
    columns: &'a Columns,
    comparisons: &'a [Comparison],
    coding: &'a Coding,
    /// Caches that no thread is using.
    caches: Mutex<Vec<Cache>>,
}

/// Has what is read of the higher rows near; the lower ones follow one another and are so anyway.
fn fetch(pairs: &[Pair], read: impl Fn(u32) -> u32) {
    black_box(pairs.iter().fold(0, |sum, pair| sum ^ read(pair.b())));
}

impl Grader<'_> {
    /// Lends a cache to `work`.
    fn with_cache<R>(&self, work: impl FnOnce(&mut Cache) -> R) -> R {
        let idle = self.caches.lock().ok().and_then(|mut caches| caches.pop());
        let mut cache = idle.unwrap_or_else(Cache::new);
        let result = work(&mut cache);
        if let Ok(mut caches) = self.caches.lock() {
            caches.push(cache);
        }
        result
    }

    /// The codes of the patterns of pairs, one comparison after the other, a few pairs each. What a
    /// comparison needs is fetched for all of them first: the processor waits for many of these
    /// reads at once, but for one at a time where a comparison's steps hang on each.
    fn codes(&self, pairs: &[Pair], cache: &mut Cache) -> Vec<u64> {
        let mut codes = vec![0; pairs.len()];
        for (codes, pairs) in codes.chunks_mut(FEW).zip(pairs.chunks(FEW)) {
            fetch(pairs, |row| self.columns.fetch(row));
            for (number, comparison) in self.comparisons.iter().enumerate() {
                fetch(pairs, |row| comparison.fetch(self.columns, row));
                for (code, pair) in codes.iter_mut().zip(pairs) {
                    let level = comparison.grade(self.columns, pair.a(), pair.b(), cache);
                    *code = self.coding.append(*code, number, level);
                }
            }
        }
        codes
    }

    fn grade_all(
        &self,
        pairs: &Pairs,
        progress: &dyn Progress,
    ) -> Result<(Patterns, Vec<u32>), Cancelled> {
        let mut patterns = Patterns::new(self.comparisons.len());
        let mut pattern_of = Vec::with_capacity(pairs.len());
        for together in pairs.stretches(STRETCH).chunks(STRETCHES) {
            if progress.cancelled() {
                return Err(Cancelled);
            }
            let codes: Vec<Vec<u64>> = together
                .par_iter()
                .map(|stretch| {
                    let pairs: Vec<Pair> = stretch.iter().collect();
                    self.with_cache(|cache| self.codes(&pairs, cache))
                })
                .collect();
            let numbers = codes.iter().flatten().map(|code| patterns.count(*code, self.coding));
            pattern_of.extend(numbers);
            progress.advance(together.iter().map(|stretch| stretch.len() as u64).sum());
        }
        Ok((patterns, pattern_of))
    }

    /// No level of any comparison.
    fn unseen(&self) -> Vec<Vec<f64>> {
        self.comparisons.iter().map(|it| vec![0.0; it.subject.levels().len()]).collect()
    }

    /// Draws pairs of `rows` that are no candidates. Rows stand in the order of their content: the
    /// draw depends on nothing else.
    fn draw(&self, rows: &[u32], candidates: &Pairs) -> Sample {
        let count = rows.len() as u64;
        let pick = |seed, number: u32| {
            let drawn = u128::from(mix(seed, u64::from(number))) * u128::from(count);
            rows[(drawn >> 64) as usize]
        };
        let drawn = (0..DRAWN).map(|number| (pick(11, number), pick(23, number)));
        let pairs = candidates.missing(drawn.filter(|(a, b)| a != b));
        let samples: Vec<Sample> = pairs
            .par_chunks(STRETCH)
            .map(|pairs| {
                let mut sample = Sample { drawn: pairs.len() as f64, seen: self.unseen() };
                let mut levels = Vec::new();
                for code in self.with_cache(|cache| self.codes(pairs, cache)) {
                    self.coding.decode_into(code, &mut levels);
                    for (seen, level) in sample.seen.iter_mut().zip(&levels) {
                        if let Some(level) = level.checked_sub(1) {
                            seen[usize::from(level)] += 1.0;
                        }
                    }
                }
                sample
            })
            .collect();
        let mut total = Sample { drawn: 0.0, seen: self.unseen() };
        for sample in samples {
            total.drawn += sample.drawn;
            for (total, seen) in total.seen.iter_mut().flatten().zip(sample.seen.iter().flatten()) {
                *total += seen;
            }
        }
        total
    }
}
