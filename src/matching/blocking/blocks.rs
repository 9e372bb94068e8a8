//! From rules to candidate pairs: each pair once, big blocks split, nothing cut in silence.

use std::collections::HashSet;
use std::ops::Range;

use rayon::prelude::*;

use super::super::columns::Columns;
use super::super::hash::mix;
use super::super::layout::Aspect;
use super::super::portrait::Kind;
use super::rules::{Rule, rules};
use super::{EVERY_PAIR, budget};

/// How many candidate pairs a rule was the first to bring.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RuleCount {
    /// The rule, in words.
    pub rule: String,
    /// Pairs.
    pub pairs: u64,
    /// The rule was left out: it brings more pairs than a data set of this size can afford.
    pub left_out: bool,
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
const SPLITS: [Aspect; 5] =
    [Aspect::Birth, Aspect::Email, Aspect::Phone, Aspect::Postcode, Aspect::Street];

/// The keys of every row of one kind, and what became of the blocks.
pub(crate) struct Blocks<'a> {
    columns: &'a Columns,
    rows: &'a [u32],
    active: Vec<Active>,
    /// Row-major: all keys of a row lie together.
    keys: Vec<u32>,
    width: usize,
    /// Place of a row among `rows`.
    places: Vec<u32>,
}

/// A rule that runs in this workspace.
struct Active {
    rule: &'static Rule,
    slots: Range<usize>,
    left_out: bool,
    /// Keys of blocks over the cap.
    split: HashSet<u32>,
    /// Keys of parts that were still over it.
    cut: HashSet<u64>,
}

/// Every pair of `rows`.
pub(crate) fn all_pairs(rows: &[u32]) -> Vec<(u32, u32)> {
    let mut pairs = Vec::with_capacity(rows.len() * rows.len().saturating_sub(1) / 2);
    for (at, a) in rows.iter().enumerate() {
        pairs.extend(rows[at + 1..].iter().map(|b| (*a, *b)));
    }
    pairs
}

impl<'a> Blocks<'a> {
    /// The keys of `rows` (ascending) under the rules of `kind`.
    pub(crate) fn new(columns: &'a Columns, kind: Kind, rows: &'a [u32]) -> Self {
        let table = rules(kind);
        let width: usize = table.iter().map(|rule| rule.slots).sum();
        let mut keys = vec![0_u32; rows.len() * width];
        if width > 0 {
            keys.par_chunks_mut(width).zip(rows).for_each(|(keys, row)| {
                let mut rest = keys;
                for rule in table {
                    let (own, others) = rest.split_at_mut(rule.slots);
                    rule.keys(columns, *row, own);
                    rest = others;
                }
            });
        }
        let mut places = vec![0; columns.len()];
        for (place, row) in rows.iter().enumerate() {
            places[*row as usize] = place as u32;
        }
        let mut start = 0;
        let active = table
            .iter()
            .map(|rule| {
                let slots = start..start + rule.slots;
                start = slots.end;
                Active { rule, slots, left_out: false, split: HashSet::new(), cut: HashSet::new() }
            })
            .collect();
        Self { columns, rows, active, keys, width, places }
    }

    fn keys_of(&self, row: u32) -> &[u32] {
        let start = self.places[row as usize] as usize * self.width;
        &self.keys[start..start + self.width]
    }

    /// Candidate pairs of every rule, in the order of the rules; `each` is told of each rule's
    /// pairs and stops everything by returning `false`.
    pub(crate) fn candidates(
        &mut self,
        counts: &mut Vec<RuleCount>,
        cuts: &mut Vec<CutBlock>,
        each: &mut dyn FnMut(Vec<(u32, u32)>) -> bool,
    ) -> bool {
        let mut left = budget(self.rows.len());
        for number in 0..self.active.len() {
            let entries = self.entries(number);
            let blocks = ranges(&entries);
            // Later rules must have something left: none takes more than a third of the rest.
            let rule = self.active[number].rule.name.to_owned();
            let Some(cap) = affordable_cap(&blocks, left / 3) else {
                self.active[number].left_out = true;
                counts.push(RuleCount { rule, pairs: 0, left_out: true });
                continue;
            };
            self.split(number, &entries, &blocks, cap, cuts);
            let pairs = self.pairs_of(number, &entries, &blocks, cap);
            left = left.saturating_sub(pairs.len());
            counts.push(RuleCount { rule, pairs: pairs.len() as u64, left_out: false });
            if !each(pairs) {
                return false;
            }
        }
        true
    }

    /// Key and row of every key of a rule, sorted.
    fn entries(&self, number: usize) -> Vec<(u32, u32)> {
        let slots = self.active[number].slots.clone();
        let mut entries: Vec<(u32, u32)> = self
            .rows
            .iter()
            .flat_map(|row| self.keys_of(*row)[slots.clone()].iter().map(|key| (*key, *row)))
            .filter(|(key, _)| *key != 0)
            .collect();
        entries.par_sort_unstable();
        entries
    }

    /// Marks the blocks over the cap, and which of their parts are over it too.
    fn split(
        &mut self,
        number: usize,
        entries: &[(u32, u32)],
        blocks: &[Range<usize>],
        cap: usize,
        cuts: &mut Vec<CutBlock>,
    ) {
        for block in blocks.iter().filter(|block| block.len() > cap) {
            let members = &entries[block.clone()];
            let key = members[0].0;
            self.active[number].split.insert(key);
            for split in SPLITS {
                for (part, rows) in self.parts(key, members, split) {
                    if rows.len() > cap.max(LEAST_CAP * 4) {
                        self.active[number].cut.insert(part);
                    }
                }
            }
            if members.len() > CAP {
                cuts.push(CutBlock {
                    rule: self.active[number].rule.name.to_owned(),
                    value: self.describe(members[0].1, members[members.len() - 1].1),
                    records: members.len() as u64,
                });
            }
        }
    }

    /// The parts of a block by the values of one aspect: a key for each, and its rows.
    fn parts(&self, key: u32, members: &[(u32, u32)], split: Aspect) -> Vec<(u64, Vec<u32>)> {
        let mut valued: Vec<(u32, u32)> = members
            .iter()
            .map(|(_, row)| (self.columns.value(split, *row), *row))
            .filter(|(value, _)| *value != 0)
            .collect();
        valued.sort_unstable();
        valued
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|part| part.len() > 1)
            .map(|part| {
                (part_key(key, split, part[0].0), part.iter().map(|(_, row)| *row).collect())
            })
            .collect()
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

    /// The pairs a rule is the first to bring.
    fn pairs_of(
        &self,
        number: usize,
        entries: &[(u32, u32)],
        blocks: &[Range<usize>],
        cap: usize,
    ) -> Vec<(u32, u32)> {
        let chunks: Vec<Vec<(u32, u32)>> = blocks
            .par_chunks(1024)
            .map(|blocks| {
                let mut pairs = Vec::new();
                for block in blocks {
                    let members = &entries[block.clone()];
                    if members.len() <= cap {
                        self.whole_block(number, members, &mut pairs);
                    } else {
                        self.split_block(number, members, &mut pairs);
                    }
                }
                pairs
            })
            .collect();
        chunks.concat()
    }

    fn whole_block(&self, number: usize, members: &[(u32, u32)], pairs: &mut Vec<(u32, u32)>) {
        for (at, (key, a)) in members.iter().enumerate() {
            for (_, b) in &members[at + 1..] {
                if self.first_meeting(number, *a, *b) == Some((*key, None)) {
                    pairs.push((*a, *b));
                }
            }
        }
    }

    fn split_block(&self, number: usize, members: &[(u32, u32)], pairs: &mut Vec<(u32, u32)>) {
        let key = members[0].0;
        for split in SPLITS {
            for (part, rows) in self.parts(key, members, split) {
                if self.active[number].cut.contains(&part) {
                    continue;
                }
                for (a, b) in all_pairs(&rows) {
                    if self.first_meeting(number, a, b) == Some((key, Some(split))) {
                        pairs.push((a, b));
                    }
                }
            }
        }
    }

    /// Under which key, and split by what, a rule brings two rows together, unless an earlier
    /// rule did.
    fn first_meeting(&self, number: usize, a: u32, b: u32) -> Option<(u32, Option<Aspect>)> {
        let (left, right) = (self.keys_of(a), self.keys_of(b));
        let earlier = &self.active[..number];
        if earlier.iter().any(|active| self.meeting(active, left, right, a, b).is_some()) {
            return None;
        }
        self.meeting(&self.active[number], left, right, a, b)
    }

    fn meeting(
        &self,
        active: &Active,
        left: &[u32],
        right: &[u32],
        a: u32,
        b: u32,
    ) -> Option<(u32, Option<Aspect>)> {
        if active.left_out {
            return None;
        }
        for key in &left[active.slots.clone()] {
            if *key == 0 || !right[active.slots.clone()].contains(key) {
                continue;
            }
            if !active.split.contains(key) {
                return Some((*key, None));
            }
            let shared = SPLITS.into_iter().find(|split| {
                let value = self.columns.value(*split, a);
                value != 0
                    && value == self.columns.value(*split, b)
                    && !active.cut.contains(&part_key(*key, *split, value))
            });
            if shared.is_some() {
                return Some((*key, shared));
            }
        }
        None
    }

    /// Whether some rule brings two rows together. Only after [`Blocks::candidates`].
    pub(crate) fn meet(&self, a: u32, b: u32) -> bool {
        let (left, right) = (self.keys_of(a), self.keys_of(b));
        self.active.iter().any(|active| self.meeting(active, left, right, a, b).is_some())
    }
}

/// The count reported when every pair is compared.
pub(crate) fn every_pair(pairs: usize) -> RuleCount {
    RuleCount { rule: EVERY_PAIR.to_owned(), pairs: pairs as u64, left_out: false }
}

fn part_key(key: u32, split: Aspect, value: u32) -> u64 {
    mix(mix(u64::from(key), split.index() as u64), u64::from(value))
}

fn ranges(entries: &[(u32, u32)]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut blocks = Vec::new();
    for block in entries.chunk_by(|a, b| a.0 == b.0) {
        let end = start + block.len();
        if block.len() > 1 {
            blocks.push(start..end);
        }
        start = end;
    }
    blocks
}

/// The largest cap at which the blocks up to it yield no more than `allowed` pairs; `None` when
/// even small blocks yield more.
fn affordable_cap(blocks: &[Range<usize>], allowed: usize) -> Option<usize> {
    let mut sizes = vec![0_usize; CAP + 1];
    for block in blocks.iter().filter(|block| block.len() <= CAP) {
        sizes[block.len()] += 1;
    }
    let mut total = 0;
    for (size, count) in sizes.iter().enumerate() {
        total += count * size * size.saturating_sub(1) / 2;
        if total > allowed {
            let cap = size.saturating_sub(1);
            return (cap >= LEAST_CAP).then_some(cap);
        }
    }
    Some(CAP)
}
