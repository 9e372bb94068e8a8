//! What stands for one record when blocks are built a second time.
//!
//! Records that are one by any measure are made one group, by values alone: so a later run over some
//! records finds the same groups without scoring all of them again. A block of such groups is
//! small where a block of their records was not, and holds a key of any of its members. A group that
//! holds two customers costs a candidate, not a merge: nothing but blocks goes by groups.
//!
//! That records are one group makes them no match: each is compared with the next ones of its group
//! ([`Groups::neighbours`]). The first pass need not have brought them together where a customer's
//! records fill a block by themselves.

use rayon::prelude::*;

use super::super::cluster::Sets;
use super::super::columns::Columns;
use super::super::portrait::Kind;
use super::blocks::CAP;
use super::loose::sure_rules;
use super::rules::{MOST_KEYS, Rule};

/// The name reports give to comparing records with the next ones of their group.
pub(crate) const WITHIN_GROUPS: &str = "next of its group";

/// The group of every row, and what it rests on.
pub(crate) struct Groups {
    /// By row: the lowest row of its group.
    of: Vec<u32>,
    /// Rules that make groups, each with its keys and rows, sorted.
    sure: Vec<(&'static Rule, Vec<u64>)>,
}

impl Groups {
    /// Of the records of `kind`, in `rows` (ascending).
    pub(crate) fn new(columns: &Columns, kind: Kind, rows: &[u32]) -> Self {
        let sorted = |rule: &'static Rule| (rule, rule.entries(columns, rows));
        let sure: Vec<(&'static Rule, Vec<u64>)> =
            sure_rules(kind).par_iter().map(sorted).collect();
        let mut sets = Sets::new(columns.len());
        neighbours(&sure).for_each(|(a, b)| sets.join(a, b));
        Self { of: sets.roots(), sure }
    }

    /// Rows, each with the next one that has a key of its group.
    pub(super) fn neighbours(&self) -> impl Iterator<Item = (u32, u32)> {
        neighbours(&self.sure)
    }

    /// Adds the neighbours of a row.
    pub(super) fn neighbours_of(&self, columns: &Columns, row: u32, into: &mut Vec<u32>) {
        let mut keys = [0; MOST_KEYS];
        for (rule, entries) in &self.sure {
            for key in rule.keys(columns, row, &mut keys) {
                let block = block_of(entries, *key);
                let own = u64::from(*key) << 32 | u64::from(row);
                if let Some(at) = block.binary_search(&own).ok().filter(|_| block.len() <= CAP) {
                    let near = &block[at.saturating_sub(1)..block.len().min(at + 2)];
                    into.extend(near.iter().map(|entry| *entry as u32));
                }
            }
        }
    }

    /// Leaves the lowest row of each group in every block of sorted keys and rows.
    pub(crate) fn reduce(&self, entries: &mut Vec<u64>) {
        let mut kept = 0;
        let mut start = 0;
        let mut block: Vec<u64> = Vec::new();
        while start < entries.len() {
            let length = entries[start..].iter().take_while(|it| same_key(it, &entries[start]));
            let end = start + length.count();
            let key = entries[start] >> 32 << 32;
            block.clear();
            let grouped = entries[start..end].iter().map(|entry| {
                let row = *entry as u32;
                u64::from(self.of[row as usize]) << 32 | u64::from(row)
            });
            block.extend(grouped);
            block.sort_unstable();
            block.dedup_by_key(|entry| *entry >> 32);
            block.iter_mut().for_each(|entry| *entry = key | u64::from(*entry as u32));
            block.sort_unstable();
            entries[kept..kept + block.len()].copy_from_slice(&block);
            kept += block.len();
            start = end;
        }
        entries.truncate(kept);
    }
}

/// Rows that follow each other in a block of a rule. What more records share identifies nobody.
fn neighbours(sure: &[(&'static Rule, Vec<u64>)]) -> impl Iterator<Item = (u32, u32)> {
    let blocks = sure.iter().flat_map(|(_, entries)| entries.chunk_by(same_key));
    let blocks = blocks.filter(|block| block.len() <= CAP);
    blocks.flat_map(|block| block.windows(2).map(|pair| (pair[0] as u32, pair[1] as u32)))
}

/// The entries of a key among sorted ones.
pub(super) fn block_of(entries: &[u64], key: u32) -> &[u64] {
    let start = entries.partition_point(|entry| *entry >> 32 < u64::from(key));
    let length = entries[start..].partition_point(|entry| *entry >> 32 == u64::from(key));
    &entries[start..start + length]
}

fn same_key(a: &u64, b: &u64) -> bool {
    a >> 32 == b >> 32
}
