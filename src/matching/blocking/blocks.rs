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
use super::counts::{CutBlock, RuleCount};
use super::groups::{Groups, WITHIN_GROUPS};
use super::loose::loose_rules;
use super::met::RuleRun;
use super::pair_list::{PARTS, PARTS_BITS, Pair, Pairs};
use super::rules::{MOST_KEYS, Rule, rules};
use super::{EVERY_PAIR, budget, radix};

/// The largest block compared whole.
pub(super) const CAP: usize = 120;
/// Never split blocks smaller than this.
const LEAST_CAP: usize = 6;
/// Values a block over the cap is split by, in this order.
pub(super) const SPLITS: [Aspect; 5] =
    [Aspect::Birth, Aspect::Email, Aspect::Phone, Aspect::Postcode, Aspect::Street];
/// Pairs of one part that never make a rule unaffordable by themselves: among few blocks a part is
/// no fair sample.
const LEEWAY: usize = 1000;
/// Rows whose keys are made together.
const ROWS_TOGETHER: usize = 1 << 15;

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
        between_groups: false,
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
    let mut pass = Pass::new(columns, rows, Pairs::none(columns.len()));
    let mut left = budget(rows.len());
    for rule in rules(kind) {
        if cancelled() {
            return None;
        }
        // Later rules must have something left: none takes more than a third of the rest.
        left = left.saturating_sub(pass.run(rule, Limit::Pairs(left / 3)));
    }
    Some(pass.blocked)
}

/// How far a second pass may go.
#[derive(Clone, Copy)]
pub(crate) enum Second<'a> {
    /// It may bring so many pairs.
    Budget(usize),
    /// As far as that of another run over the same records.
    As(&'a [RuleRun]),
}

/// Pairs that a second pass brings beyond those of the first: neighbours within groups; then the rules
/// that the first could not afford whole and the loose ones, over blocks that hold one record of each group.
pub(crate) fn between_groups(
    columns: &Columns,
    kind: Kind,
    rows: &[u32],
    first: &Blocked,
    second: Second<'_>,
    cancelled: &dyn Fn() -> bool,
) -> Option<Blocked> {
    let groups = Groups::new(columns, kind, rows);
    let mut pass = Pass::new(columns, rows, first.pairs.clone());
    pass.groups = Some(&groups);
    pass.meet_within(&groups);
    let mut left = if let Second::Budget(pairs) = second { pairs } else { 0 };
    for rule in rules(kind).iter().chain(loose_rules(kind)) {
        if cancelled() {
            return None;
        }
        let limit = match second {
            Second::Budget(_) if first.was_whole(rule.name) => Limit::Known,
            Second::Budget(_) => Limit::Pairs(left / 3),
            Second::As(runs) => runs
                .iter()
                .find(|run| run.between_groups && run.rule == rule.name && !run.left_out)
                .map_or(Limit::Pairs(0), |run| Limit::Cap(run.cap as usize)),
        };
        left = left.saturating_sub(pass.run(rule, limit));
    }
    let Blocked { pairs, rules, cut } = pass.blocked;
    Some(Blocked { pairs: pairs.without(&first.pairs), rules, cut })
}

impl Blocked {
    /// Whether a rule brought all pairs of its blocks.
    fn was_whole(&self, rule: &str) -> bool {
        let is_whole = |run: &RuleCount| run.rule == rule && !run.left_out && run.cap == CAP as u64;
        self.rules.iter().any(is_whole) && self.cut.iter().all(|cut| cut.rule != rule)
    }
}

/// How much a rule may bring.
#[derive(Clone, Copy)]
enum Limit {
    /// So many pairs.
    Pairs(usize),
    /// The pairs of blocks of so many records.
    Cap(usize),
    /// It has brought everything in an earlier pass.
    Known,
}

/// One way through the rules.
struct Pass<'a> {
    columns: &'a Columns,
    rows: &'a [u32],
    /// What stands for one in a block.
    groups: Option<&'a Groups>,
    blocked: Blocked,
}

impl<'a> Pass<'a> {
    fn new(columns: &'a Columns, rows: &'a [u32], pairs: Pairs) -> Self {
        let blocked = Blocked { pairs, rules: Vec::new(), cut: Vec::new() };
        Self { columns, rows, groups: None, blocked }
    }

    /// Takes up the neighbours within groups: a few for each record.
    fn meet_within(&mut self, groups: &Groups) {
        let known = &mut self.blocked.pairs;
        let mut found = vec![Vec::new(); PARTS];
        for (a, b) in groups.neighbours() {
            found[known.part_of(a.min(b))].push(Pair::new(a, b).0);
        }
        let pairs = known.take_up(vec![found]);
        self.blocked.rules.push(RuleCount {
            rule: WITHIN_GROUPS.to_owned(),
            pairs: pairs as u64,
            left_out: false,
            cap: CAP as u64,
            between_groups: true,
        });
    }

    /// Takes up what a rule brings; says how many pairs of it are new.
    fn run(&mut self, rule: &'static Rule, limit: Limit) -> usize {
        let blocks = Blocks::new(self, rule, limit);
        let mut pairs = 0;
        if let Some(blocks) = &blocks {
            pairs = self.blocked.pairs.take_up(blocks.pairs(&self.blocked.pairs));
            self.blocked.cut.extend(blocks.cut());
        }
        let known = matches!(limit, Limit::Known);
        self.blocked.rules.push(RuleCount {
            rule: rule.name.to_owned(),
            pairs: pairs as u64,
            left_out: blocks.is_none() && !known,
            cap: if known { CAP } else { blocks.map_or(0, |blocks| blocks.cap) } as u64,
            between_groups: self.groups.is_some(),
        });
        pairs
    }
}

/// The blocks of one rule.
struct Blocks<'a> {
    columns: &'a Columns,
    rule: &'static Rule,
    parts: Vec<Part>,
    /// Records of the largest block that is compared whole.
    cap: usize,
    between_groups: bool,
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
    /// Of the rule's keys, with the largest cap that stays inside the limit; `None` when even small
    /// blocks yield more, or nothing is asked.
    fn new(pass: &Pass<'a>, rule: &'static Rule, limit: Limit) -> Option<Self> {
        let Pass { columns, rows, groups, .. } = *pass;
        let allowed = match limit {
            Limit::Pairs(allowed) => allowed,
            Limit::Cap(_) => usize::MAX,
            Limit::Known => return None,
        };
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
            let mut entries = radix::sorted(&made, u64::BITS - PARTS_BITS);
            if let Some(groups) = groups {
                groups.reduce(&mut entries);
            }
            Part { blocks: blocks(&entries), entries }
        };
        // Keys are spread evenly, so one part is a fair sample of all blocks: where it yields far
        // too many pairs, the others need not be looked at.
        let first = part(0);
        affordable_cap(first.sizes(), allowed / PARTS * 2 + LEEWAY)?;
        let others = (1..PARTS).into_par_iter().map(part);
        let parts: Vec<Part> = rayon::iter::once(first).chain(others).collect();
        let cap = match limit {
            Limit::Cap(cap) => cap,
            _ => affordable_cap(parts.iter().flat_map(Part::sizes), allowed)?,
        };
        Some(Self { columns, rule, parts, cap, between_groups: groups.is_some() })
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
                    between_groups: self.between_groups,
                });
            }
        }
        cut
    }

    /// What two records of a block share, in their own values.
    fn describe(&self, a: u32, b: u32) -> String {
        let shared: Vec<&str> = Aspect::ALL
            .into_iter()
            .filter(|aspect| !matches!(*aspect, Aspect::Full | Aspect::Written))
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
