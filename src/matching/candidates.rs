//! Candidate pairs with the levels of their comparisons.
//!
//! Levels of all comparisons together are a pattern; a million pairs have some ten thousand. A
//! candidate is twelve bytes: two rows and the number of its pattern.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::hint::black_box;
use std::sync::Mutex;

use rayon::prelude::*;

use super::blocking::{self, Blocked, Pair, Pairs, Second, Stretch};
use super::cluster::LARGEST_COMPONENT;
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
/// Pairs drawn to learn how often unrelated values agree. Fewer in this crate's own tests: unoptimised,
/// comparing them would be nearly all that they do.
const DRAWN: u32 = if cfg!(test) { 40_000 } else { 400_000 };

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
    /// Pairs drawn, ascending, with the codes of their patterns.
    pairs: Vec<(Pair, u64)>,
    /// How many there are.
    pub(crate) drawn: f64,
    /// How many of them showed each level, by comparison.
    pub(crate) seen: Vec<Vec<f64>>,
}

/// Candidates and what was learned on the way to them.
pub(crate) struct Candidates {
    pub(crate) blocked: Blocked,
    /// The pattern of each pair, in the order of the pairs.
    pub(crate) pattern_of: Vec<u32>,
    pub(crate) patterns: Patterns,
    pub(crate) sample: Sample,
    pub(crate) every_pair: bool,
}

impl Candidates {
    /// Finds and compares the candidate pairs of one kind of record.
    pub(crate) fn find(
        grader: &Grader<'_>,
        rows: &[u32],
        progress: &dyn Progress,
    ) -> Result<Self, Cancelled> {
        let Grader { columns, kind, .. } = *grader;
        let every_pair = rows.len() <= blocking::ALL_PAIRS_UP_TO;
        let blocked = if every_pair {
            blocking::every_pair(rows, columns)
        } else {
            progress.phase("blocking", None);
            blocking::candidates(columns, kind, rows, &|| progress.cancelled()).ok_or(Cancelled)?
        };
        progress.phase("comparing", Some(blocked.pairs.len() as u64));
        let mut patterns = Patterns::new(grader.comparisons.len());
        let pattern_of = grader.grade_all(&blocked.pairs, &mut patterns, progress)?;
        let sample = grader.sample(Vec::new());
        Ok(Self { blocked, pattern_of, patterns, sample, every_pair })
    }

    /// Draws and compares what a model is learned from beside the candidates; a model that is known
    /// needs none of it.
    pub(crate) fn draw(&mut self, grader: &Grader<'_>, rows: &[u32]) {
        if !self.every_pair {
            self.sample = grader.sample(grader.draw(rows, &self.blocked.pairs));
        }
    }

    /// Adds the pairs of a second pass.
    pub(crate) fn widen(
        &mut self,
        grader: &Grader<'_>,
        rows: &[u32],
        second: Second<'_>,
        progress: &dyn Progress,
    ) -> Result<(), Cancelled> {
        let Grader { columns, kind, .. } = *grader;
        progress.phase("blocking", None);
        let cancelled = || progress.cancelled();
        let first = &self.blocked;
        let more = blocking::between_groups(columns, kind, rows, first, second, &cancelled);
        let Blocked { pairs, rules, cut } = more.ok_or(Cancelled)?;
        self.blocked.rules.extend(rules);
        self.blocked.cut.extend(cut);
        self.add(grader, &pairs, progress)
    }

    /// Adds the pairs inside `sets`, by the root of each row: grouping compares records that links make
    /// one with each other, though no rule brings them together.
    pub(crate) fn close(
        &mut self,
        grader: &Grader<'_>,
        sets: &[u32],
        progress: &dyn Progress,
    ) -> Result<(), Cancelled> {
        let pairs = Pairs::inside(sets, LARGEST_COMPONENT).without(&self.blocked.pairs);
        self.add(grader, &pairs, progress)
    }

    /// Adds pairs that are no candidates yet.
    fn add(
        &mut self,
        grader: &Grader<'_>,
        pairs: &Pairs,
        progress: &dyn Progress,
    ) -> Result<(), Cancelled> {
        progress.phase("comparing", Some(pairs.len() as u64));
        let new = grader.grade_all(pairs, &mut self.patterns, progress)?;
        let (mut own, mut new) = (self.pattern_of.iter(), new.iter());
        let mut pattern_of = Vec::with_capacity(own.len() + new.len());
        self.blocked.pairs.interleave(pairs, |is_new| {
            pattern_of.extend(if is_new { new.next() } else { own.next() });
        });
        self.pattern_of = pattern_of;
        // What is a candidate now stands for no pair outside any more.
        let mut drawn = std::mem::take(&mut self.sample.pairs);
        drawn.retain(|(pair, _)| !pairs.contains(*pair));
        self.sample = grader.sample(drawn);
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.blocked.pairs.len()
    }

    /// Every pair with the number of its pattern.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Pair, u32)> {
        self.blocked.pairs.iter().zip(self.pattern_of.iter().copied())
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
            .blocked
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

/// Compares pairs of rows of one kind.
pub(crate) struct Grader<'a> {
    columns: &'a Columns,
    kind: Kind,
    comparisons: &'a [Comparison],
    coding: Coding,
    /// Caches that no thread is using.
    caches: Mutex<Vec<Cache>>,
}

/// Has what is read of the higher rows near; the lower ones follow one another and are so anyway.
fn fetch(pairs: &[Pair], read: impl Fn(u32) -> u32) {
    black_box(pairs.iter().fold(0, |sum, pair| sum ^ read(pair.b())));
}

impl<'a> Grader<'a> {
    pub(crate) fn new(columns: &'a Columns, kind: Kind, comparisons: &'a [Comparison]) -> Self {
        let coding = Coding::new(comparisons);
        Self { columns, kind, comparisons, coding, caches: Mutex::default() }
    }

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
        patterns: &mut Patterns,
        progress: &dyn Progress,
    ) -> Result<Vec<u32>, Cancelled> {
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
            let numbers = codes.iter().flatten().map(|code| patterns.count(*code, &self.coding));
            pattern_of.extend(numbers);
            progress.advance(together.iter().map(|stretch| stretch.len() as u64).sum());
        }
        Ok(pattern_of)
    }

    /// Draws pairs of `rows` that are no candidates, and compares them. Rows stand in the order of
    /// their content: the draw depends on nothing else.
    fn draw(&self, rows: &[u32], candidates: &Pairs) -> Vec<(Pair, u64)> {
        let count = rows.len() as u64;
        let pick = |seed, number: u32| {
            let drawn = u128::from(mix(seed, u64::from(number))) * u128::from(count);
            rows[(drawn >> 64) as usize]
        };
        let drawn = (0..DRAWN).map(|number| (pick(11, number), pick(23, number)));
        let pairs = candidates.missing(drawn.filter(|(a, b)| a != b));
        let coded = pairs.par_chunks(STRETCH).flat_map_iter(|pairs| {
            let codes = self.with_cache(|cache| self.codes(pairs, cache));
            pairs.iter().copied().zip(codes)
        });
        coded.collect()
    }

    /// What levels drawn pairs show.
    fn sample(&self, drawn: Vec<(Pair, u64)>) -> Sample {
        let unseen = || -> Vec<Vec<f64>> {
            self.comparisons.iter().map(|it| vec![0.0; it.subject.levels().len()]).collect()
        };
        let seen = drawn.par_chunks(STRETCH).map(|pairs| {
            let (mut seen, mut levels) = (unseen(), Vec::new());
            for (_, code) in pairs {
                self.coding.decode_into(*code, &mut levels);
                for (seen, level) in seen.iter_mut().zip(&levels).filter(|(_, level)| **level > 0) {
                    seen[usize::from(*level) - 1] += 1.0;
                }
            }
            seen
        });
        // Counts are whole numbers: their sum is the same in any order.
        let seen = seen.reduce(unseen, |mut total, seen| {
            let counts = total.iter_mut().flatten().zip(seen.iter().flatten());
            counts.for_each(|(total, seen)| *total += seen);
            total
        });
        Sample { drawn: drawn.len() as f64, pairs: drawn, seen }
    }
}
