//! From rules to candidate pairs: each pair once, big blocks split, nothing cut in silence.
//!
//! A rule's keys are sorted, so that the rows of a block lie together; the pairs of its blocks
//! are sorted, so that what an earlier rule brought already is seen by walking along both. A pair
//! is eight bytes; all work is cut into parts by key or by row, in an order that does not depend
//! on the number of threads.

use std::ops::Range;

use rayon::prelude::*;

use super::super::columns::{Columns, ValueId};
use super::super::layout::Aspect;
use super::super::portrait::Kind;
use super::rules::{MOST_KEYS, Rule, rules};
use super::{EVERY_PAIR, budget, radix};

/// How many candidate pairs a rule was the first to bring.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RuleCount {
    /// The rule, in words.
    pub rule: String,
    /// Pairs.
    pub pairs: u64,
    /// The rule was left out: it brings more pairs than a data set of this size can afford.
    pub left_out: bool,
    /// Records of the largest block that was compared whole.
    #[serde(default)]
    pub cap: u64,
}

/// A block too large even after splitting: its pairs were left to other rules.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CutBlock {
    /// The rule, in words.
    pub rule: String,
    /// The shared value that caused it: a name, an address, a placeholder. Personal data.
    pub value: String,
    /// Records that share it.
    pub records: u64,
}

/// The largest block compared whole.
const CAP: usize = 120;
/// Never split blocks smaller than this.
const LEAST_CAP: usize = 6;
/// Values a block over the cap is split by, in this order.
pub(super) const SPLITS: [Aspect; 5] =
    [Aspect::Birth, Aspect::Email, Aspect::Phone, Aspect::Postcode, Aspect::Street];
/// Keys are handled in so many parts, by their highest bits.
const PARTS: usize = 1 << PARTS_BITS;
const PARTS_BITS: u32 = 4;
/// Pairs of one part that never make a rule unaffordable by themselves: among few blocks a part is
/// no fair sample.
const LEEWAY: usize = 1000;
/// Rows whose keys are made together.
const ROWS_TOGETHER: usize = 1 << 15;

/// Two rows, the lower one in the upper half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair(u64);

impl Pair {
    pub(crate) fn new(a: u32, b: u32) -> Self {
        Self(u64::from(a.min(b)) << 32 | u64::from(a.max(b)))
    }

    /// The lower row.
    #[inline]
    pub(crate) fn a(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The higher row.
    #[inline]
    pub(crate) fn b(self) -> u32 {
        self.0 as u32
    }
}

/// Candidate pairs, each once, in ascending order.
#[derive(Debug, Clone)]
pub(crate) struct Pairs {
    /// By parts of the range of the lower row.
    parts: Vec<Vec<u64>>,
    /// Rows of the columns.
    rows: usize,
}

impl Pairs {
    fn none(rows: usize) -> Self {
        Self { parts: vec![Vec::new(); PARTS], rows }
    }

    /// Every pair of `members` (ascending) among the rows of some columns.
    pub(crate) fn all(members: &[u32], rows: usize) -> Self {
        let mut pairs = Self::none(rows);
        for (at, a) in members.iter().enumerate() {
            let part = pairs.part_of(*a);
            pairs.parts[part].extend(members[at + 1..].iter().map(|b| Pair::new(*a, *b).0));
        }
        pairs
    }

    #[inline]
    fn part_of(&self, row: u32) -> usize {
        row as usize * PARTS / self.rows.max(1)
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(Vec::len).sum()
    }

    /// All pairs, ascending, in stretches of at most `most`.
    pub(crate) fn stretches(&self, most: usize) -> Vec<Stretch<'_>> {
        self.parts.iter().flat_map(|part| part.chunks(most)).map(Stretch).collect()
    }

    /// All pairs, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Pair> {
        self.parts.iter().flatten().map(|pair| Pair(*pair))
    }

    /// Those of some other pairs of rows that are not among them, ascending; pairs may repeat.
    pub(crate) fn missing(&self, others: impl Iterator<Item = (u32, u32)>) -> Vec<Pair> {
        let others: Vec<u64> = others.map(|(a, b)| Pair::new(a, b).0).collect();
        let mut others = radix::sorted(&[&others], self.bits());
        let mut known = self.parts.iter().flatten().peekable();
        others.retain(|other| {
            while known.next_if(|known| *known < other).is_some() {}
            known.peek() != Some(&other)
        });
        others.into_iter().map(Pair).collect()
    }

    /// All pairs are the same from this bit up.
    fn bits(&self) -> u32 {
        u64::BITS + u32::BITS - (self.rows as u64).leading_zeros()
    }

    /// Takes up what `found` brings (by part, in lists of any order, pairs may repeat); says how
    /// much of it is new.
    fn take_up(&mut self, found: Vec<Vec<Vec<u64>>>) -> usize {
        let bits = self.bits();
        let new = self.parts.par_iter_mut().enumerate().map(|(part, known)| {
            let found: Vec<&[u64]> = found.iter().map(|lists| lists[part].as_slice()).collect();
            let before = known.len();
            *known = merged(known, &radix::sorted(&found, bits));
            known.len() - before
        });
        new.sum()
    }
}

/// Pairs that follow one another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a>(&'a [u64]);

impl Stretch<'_> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Pair> {
        self.0.iter().map(|pair| Pair(*pair))
    }
}

/// An ascending list without repetitions, and one with, as one without.
fn merged(known: &[u64], found: &[u64]) -> Vec<u64> {
    let mut merged = Vec::with_capacity(known.len() + found.len());
    let mut rest = known;
    for pair in found {
        let before = rest.iter().take_while(|known| *known < pair).count();
        merged.extend_from_slice(&rest[..before]);
        rest = &rest[before..];
        if rest.first() != Some(pair) && merged.last() != Some(pair) {
            merged.push(*pair);
        }
    }
    merged.extend_from_slice(rest);
    merged
}

/// What blocking came to.
pub(crate) struct Blocked {
    pub(crate) pairs: Pairs,
    pub(crate) rules: Vec<RuleCount>,
    pub(crate) cut: Vec<CutBlock>,
}

/// Every pair, as blocking of few records.
pub(crate) fn every_pair(rows: &[u32], columns: &Columns) -> Blocked {
    let pairs = Pairs::all(rows, columns.len());
    let count = RuleCount {
        rule: EVERY_PAIR.to_owned(),
        pairs: pairs.len() as u64,
        left_out: false,
        cap: 0,
    };
    Blocked { pairs, rules: vec![count], cut: Vec::new() }
}

/// Candidate pairs of the rules of `kind` among `rows` (ascending), rule by rule; `None` when
/// `cancelled` says so between two rules.
pub(crate) fn candidates(
    columns: &Columns,
    kind: Kind,
    rows: &[u32],
    cancelled: &dyn Fn() -> bool,
) -> Option<Blocked> {
    let mut blocked =
        Blocked { pairs: Pairs::none(columns.len()), rules: Vec::new(), cut: Vec::new() };
    let mut left = budget(rows.len());
    for rule in rules(kind) {
        if cancelled() {
            return None;
        }
        // Later rules must have something left: none takes more than a third of the rest.
        let blocks = Blocks::new(columns, rule, rows, left / 3);
        let mut pairs = 0;
        if let Some(blocks) = &blocks {
            pairs = blocked.pairs.take_up(blocks.pairs(&blocked.pairs));
            blocked.cut.extend(blocks.cut());
        }
        left = left.saturating_sub(pairs);
        let (rule, pairs) = (rule.name.to_owned(), pairs as u64);
        let (left_out, cap) = (blocks.is_none(), blocks.map_or(0, |blocks| blocks.cap) as u64);
        blocked.rules.push(RuleCount { rule, pairs, left_out, cap });
    }
    Some(blocked)
}

/// The blocks of one rule.
struct Blocks<'a> {
    columns: &'a Columns,
    rule: &'static Rule,
    parts: Vec<Part>,
    /// Records of the largest block that is compared whole.
    cap: usize,
}

/// Keys and rows, a key in the upper half of each entry; sorted, with the blocks of two rows and
/// more.
struct Part {
    entries: Vec<u64>,
    blocks: Vec<Range<u32>>,
}

impl Part {
    /// Rows of each block.
    fn sizes(&self) -> impl Iterator<Item = usize> {
        self.blocks.iter().map(Range::len)
    }
}

/// The largest cap at which blocks up to it, of these sizes, yield no more than `allowed` pairs;
/// `None` when even small blocks yield more.
fn affordable_cap(sizes: impl Iterator<Item = usize>, allowed: usize) -> Option<usize> {
    let mut counts = [0_usize; CAP + 1];
    for size in sizes.filter(|size| *size <= CAP) {
        counts[size] += 1;
    }
    let mut total = 0;
    for (size, count) in counts.iter().enumerate() {
        total += count * size * size.saturating_sub(1) / 2;
        if total > allowed {
            let cap = size.saturating_sub(1);
            return (cap >= LEAST_CAP).then_some(cap);
        }
    }
    Some(CAP)
}

impl<'a> Blocks<'a> {
    /// Of the rule's keys, with the largest cap that yields no more than `allowed` pairs; `None`
    /// when even small blocks yield more.
    fn new(
        columns: &'a Columns,
        rule: &'static Rule,
        rows: &[u32],
        allowed: usize,
    ) -> Option<Self> {
        let made: Vec<Vec<Vec<u64>>> = rows
            .par_chunks(ROWS_TOGETHER)
            .map(|rows| {
                // Most rules give a row one key; room for a few more.
                let room = rows.len() / PARTS * 5 / 4;
                let mut parts: Vec<Vec<u64>> =
                    (0..PARTS).map(|_| Vec::with_capacity(room)).collect();
                let mut keys = [0; MOST_KEYS];
                for row in rows {
                    for key in rule.keys(columns, *row, &mut keys) {
                        let part = (key >> (u32::BITS - PARTS_BITS)) as usize;
                        parts[part].push(u64::from(*key) << 32 | u64::from(*row));
                    }
                }
                parts
            })
            .collect();
        let part = |part: usize| {
            let made: Vec<&[u64]> = made.iter().map(|parts| parts[part].as_slice()).collect();
            let entries = radix::sorted(&made, u64::BITS - PARTS_BITS);
            Part { blocks: blocks(&entries), entries }
        };
        // Keys are spread evenly, so one part is a fair sample of all blocks: where it yields far
        // too many pairs, the others need not be looked at.
        let first = part(0);
        affordable_cap(first.sizes(), allowed * 2 / PARTS + LEEWAY)?;
        let others = (1..PARTS).into_par_iter().map(part);
        let parts: Vec<Part> = rayon::iter::once(first).chain(others).collect();
        let cap = affordable_cap(parts.iter().flat_map(Part::sizes), allowed)?;
        Some(Self { columns, rule, parts, cap })
    }

    /// The pairs of all blocks, in lists by the parts of `known`; a pair may repeat.
    fn pairs(&self, known: &Pairs) -> Vec<Vec<Vec<u64>>> {
        let pairs_of = |part: &Part| {
            let mut pairs = vec![Vec::new(); PARTS];
            for block in &part.blocks {
                let members = &part.entries[block.start as usize..block.end as usize];
                if members.len() > self.cap {
                    self.split(members, known, &mut pairs);
                    continue;
                }
                for (at, a) in members.iter().enumerate() {
                    let to = &mut pairs[known.part_of(*a as u32)];
                    to.extend(members[at + 1..].iter().map(|b| a << 32 | b & ROW));
                }
            }
            pairs
        };
        self.parts.par_iter().map(pairs_of).collect()
    }

    /// The pairs of a block over the cap that share a further value, as long as not too many
    /// records share that, too.
    fn split(&self, members: &[u64], known: &Pairs, pairs: &mut [Vec<u64>]) {
        let most = split_cap(self.cap);
        let value = |split, member: &u64| self.columns.value(split, *member as u32);
        let valued: Vec<[ValueId; SPLITS.len()]> =
            members.iter().map(|member| SPLITS.map(|split| value(split, member))).collect();
        let mut add = |a: u64, b: u64| pairs[known.part_of(a as u32)].push(a << 32 | b & ROW);
        if members.len() <= most {
            // No value can have too many: look at each pair, which takes less than sorting.
            for (at, a) in valued.iter().enumerate() {
                for (other, b) in valued.iter().enumerate().skip(at + 1) {
                    if a.iter().zip(b).any(|(a, b)| a == b && *a != 0) {
                        add(members[at], members[other]);
                    }
                }
            }
            return;
        }
        let mut sorted: Vec<u64> = Vec::with_capacity(members.len());
        for split in 0..SPLITS.len() {
            sorted.clear();
            let own = valued.iter().map(|values| u64::from(values[split]) << 32);
            let own = own.zip(members).filter(|(value, _)| *value != 0);
            sorted.extend(own.map(|(value, member)| value | member & ROW));
            sorted.sort_unstable();
            for part in sorted.chunk_by(|a, b| a >> 32 == b >> 32) {
                if part.len() <= most {
                    for (at, a) in part.iter().enumerate() {
                        part[at + 1..].iter().for_each(|b| add(*a, *b));
                    }
                }
            }
        }
    }

    /// The blocks that were not compared whole and are large by any standard.
    fn cut(&self) -> Vec<CutBlock> {
        let mut cut = Vec::new();
        for part in &self.parts {
            for block in part.blocks.iter().filter(|block| block.len() > CAP) {
                let row = |at: u32| part.entries[at as usize] as u32;
                cut.push(CutBlock {
                    rule: self.rule.name.to_owned(),
                    value: self.describe(row(block.start), row(block.end - 1)),
                    records: block.len() as u64,
                });
            }
        }
        cut
    }

    /// What two records of a block share, in their own values.
    fn describe(&self, a: u32, b: u32) -> String {
        let shared: Vec<&str> = Aspect::ALL
            .into_iter()
            .filter(|aspect| *aspect != Aspect::Full)
            .filter_map(|aspect| {
                let value = self.columns.value(aspect, a);
                (value != 0 && value == self.columns.value(aspect, b))
                    .then(|| self.columns.text(aspect, value))
            })
            .collect();
        if shared.is_empty() {
            // They share a sound only: one of the names says which.
            let name = |aspect| self.columns.text(aspect, self.columns.value(aspect, a));
            return format!("{} {}", name(Aspect::Given), name(Aspect::Family));
        }
        shared.join(", ").replace('\u{1f}', " ")
    }
}

/// The most records of a block over the cap that are compared because they share a further value.
pub(super) fn split_cap(cap: usize) -> usize {
    cap.max(LEAST_CAP * 4)
}

/// The row of an entry.
const ROW: u64 = u32::MAX as u64;

/// Where the blocks of sorted entries lie.
fn blocks(entries: &[u64]) -> Vec<Range<u32>> {
    let mut start = 0;
    let mut blocks = Vec::new();
    for block in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        let end = start + block.len() as u32;
        if block.len() > 1 {
            blocks.push(start..end);
        }
        start = end;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pairs_are_taken_up_once(
            first in proptest::collection::vec((0_u32..40, 0_u32..40), 0..60),
            second in proptest::collection::vec((0_u32..40, 0_u32..40), 0..60),
        ) {
            let mut pairs = Pairs::none(40);
            let mut expected = std::collections::BTreeSet::new();
            for found in [first, second] {
                let mut parts = vec![Vec::new(); PARTS];
                let mut new = 0;
                for (a, b) in found.into_iter().filter(|(a, b)| a != b) {
                    let pair = Pair::new(a, b);
                    parts[pairs.part_of(pair.a())].push(pair.0);
                    new += usize::from(expected.insert(pair));
                }
                prop_assert_eq!(pairs.take_up(vec![parts]), new);
            }
            prop_assert!(pairs.iter().eq(expected.iter().copied()));
            let any = (0..40).flat_map(|a| (a + 1..40).map(move |b| (b, a)));
            let missing = pairs.missing(any.clone());
            let rest = any.map(|(a, b)| Pair::new(a, b)).filter(|pair| !expected.contains(pair));
            prop_assert!(missing.into_iter().eq(rest.collect::<std::collections::BTreeSet<_>>()));
        }
    }
}
