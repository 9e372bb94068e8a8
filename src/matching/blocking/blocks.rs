//! From rules to candidate pairs: each pair once, big blocks split, nothing cut in silence.
//!
//! A rule's keys are sorted, so that the rows of a block lie together; the pairs of its blocks
//! are sorted, so that what an earlier rule brought already is seen by walking along both. A pair
//! is eight bytes; all work is cut into parts by key or by row, in an order that does not depend
//! on the number of threads.

use std::ops::Range;

use rayon::prelude::*;

use super::super::columns::Columns;
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
const PARTS: usize = 16;
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
        let mut others: Vec<u64> = others.map(|(a, b)| Pair::new(a, b).0).collect();
        let bits = self.bits();
        radix::sort(&mut others, 0, bits);
        radix::sort(&mut others, 32, 32 + bits);
        let mut known = self.parts.iter().flatten().peekable();
        others.retain(|other| {
            while known.next_if(|known| *known < other).is_some() {}
            known.peek() != Some(&other)
        });
        others.into_iter().map(Pair).collect()
    }

    /// Bits of a row's number.
    fn bits(&self) -> u32 {
        u64::BITS - (self.rows as u64).leading_zeros()
    }

    /// Takes up what `found` brings (by part, in any order, pairs may repeat); says how much of
    /// it is new.
    fn take_up(&mut self, found: Vec<Vec<u64>>) -> usize {
        let bits = self.bits();
        let new = self.parts.par_iter_mut().zip(found).map(|(known, mut found)| {
            radix::sort(&mut found, 0, bits);
            radix::sort(&mut found, 32, 32 + bits);
            found.dedup();
            let mut at = 0;
            found.retain(|pair| {
                at += known[at..].iter().take_while(|known| *known < pair).count();
                known.get(at) != Some(pair)
            });
            *known = merged(known, &found);
            found.len()
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

/// Two ascending lists as one.
fn merged(left: &[u64], right: &[u64]) -> Vec<u64> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        merged.push(if a < b { **a } else { **b });
        if a < b {
            left.next()
        } else {
            right.next()
        };
    }
    merged.extend(left);
    merged.extend(right);
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
        let blocks = Blocks::new(columns, rule, rows);
        // Later rules must have something left: none takes more than a third of the rest.
        let cap = blocks.affordable_cap(left / 3);
        let mut pairs = 0;
        if let Some(cap) = cap {
            pairs = blocked.pairs.take_up(blocks.pairs(&blocked.pairs, cap));
            blocked.cut.extend(blocks.cut(cap));
        }
        left = left.saturating_sub(pairs);
        let (rule, pairs) = (rule.name.to_owned(), pairs as u64);
        let (left_out, cap) = (cap.is_none(), cap.unwrap_or(0) as u64);
        blocked.rules.push(RuleCount { rule, pairs, left_out, cap });
    }
    Some(blocked)
}

/// The blocks of one rule.
struct Blocks<'a> {
    columns: &'a Columns,
    rule: &'static Rule,
    parts: Vec<Part>,
}

/// Keys and rows, a key in the upper half of each entry; sorted, with the blocks of two rows and
/// more.
struct Part {
    entries: Vec<u64>,
    blocks: Vec<Range<u32>>,
}

impl<'a> Blocks<'a> {
    fn new(columns: &'a Columns, rule: &'static Rule, rows: &[u32]) -> Self {
        let bits = PARTS.trailing_zeros();
        let made: Vec<Vec<Vec<u64>>> = rows
            .par_chunks(ROWS_TOGETHER)
            .map(|rows| {
                let mut parts = vec![Vec::new(); PARTS];
                let mut keys = [0; MOST_KEYS];
                for row in rows {
                    for key in rule.keys(columns, *row, &mut keys) {
                        let part = (key >> (u32::BITS - bits)) as usize;
                        parts[part].push(u64::from(*key) << 32 | u64::from(*row));
                    }
                }
                parts
            })
            .collect();
        let parts = (0..PARTS)
            .into_par_iter()
            .map(|part| {
                let made: Vec<&[u64]> = made.iter().map(|parts| parts[part].as_slice()).collect();
                let mut entries = made.concat();
                radix::sort(&mut entries, 32, 64 - bits);
                Part { blocks: blocks(&entries), entries }
            })
            .collect();
        Self { columns, rule, parts }
    }

    /// Rows of each block.
    fn sizes(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().flat_map(|part| &part.blocks).map(Range::len)
    }

    /// The largest cap at which the blocks up to it yield no more than `allowed` pairs; `None`
    /// when even small blocks yield more.
    fn affordable_cap(&self, allowed: usize) -> Option<usize> {
        let mut counts = [0_usize; CAP + 1];
        for size in self.sizes().filter(|size| *size <= CAP) {
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

    /// The pairs of all blocks, by the parts of `known`; a pair may repeat.
    fn pairs(&self, known: &Pairs, cap: usize) -> Vec<Vec<u64>> {
        let made: Vec<Vec<Vec<u64>>> = self
            .parts
            .par_iter()
            .map(|part| {
                let mut pairs = vec![Vec::new(); PARTS];
                for block in &part.blocks {
                    let members = &part.entries[block.start as usize..block.end as usize];
                    if members.len() > cap {
                        self.split(members, cap, known, &mut pairs);
                        continue;
                    }
                    for (at, a) in members.iter().enumerate() {
                        let to = &mut pairs[known.part_of(*a as u32)];
                        to.extend(members[at + 1..].iter().map(|b| a << 32 | b & ROW));
                    }
                }
                pairs
            })
            .collect();
        (0..PARTS)
            .map(|part| {
                let made: Vec<&[u64]> = made.iter().map(|parts| parts[part].as_slice()).collect();
                made.concat()
            })
            .collect()
    }

    /// The pairs of a block over the cap that share a further value, as long as not too many
    /// records share that, too.
    fn split(&self, members: &[u64], cap: usize, known: &Pairs, pairs: &mut [Vec<u64>]) {
        let mut valued: Vec<u64> = Vec::with_capacity(members.len());
        for split in SPLITS.into_iter().filter(|split| self.columns.slots(*split) > 0) {
            valued.clear();
            valued.extend(members.iter().filter_map(|member| {
                let value = self.columns.value(split, *member as u32);
                (value != 0).then(|| u64::from(value) << 32 | member & ROW)
            }));
            valued.sort_unstable();
            for part in valued.chunk_by(|a, b| a >> 32 == b >> 32) {
                if part.len() > split_cap(cap) {
                    continue;
                }
                for (at, a) in part.iter().enumerate() {
                    let to = &mut pairs[known.part_of(*a as u32)];
                    to.extend(part[at + 1..].iter().map(|b| a << 32 | b & ROW));
                }
            }
        }
    }

    /// The blocks that were not compared whole and are large by any standard.
    fn cut(&self, cap: usize) -> Vec<CutBlock> {
        let mut cut = Vec::new();
        for part in &self.parts {
            for block in part.blocks.iter().filter(|block| block.len() > CAP.max(cap)) {
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
                prop_assert_eq!(pairs.take_up(parts), new);
            }
            prop_assert!(pairs.iter().eq(expected.iter().copied()));
            let any = (0..40).flat_map(|a| (a + 1..40).map(move |b| (b, a)));
            let missing = pairs.missing(any.clone());
            let rest = any.map(|(a, b)| Pair::new(a, b)).filter(|pair| !expected.contains(pair));
            prop_assert!(missing.into_iter().eq(rest.collect::<std::collections::BTreeSet<_>>()));
        }
    }
}
