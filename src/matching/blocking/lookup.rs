//! The candidates of single records under the rules of an earlier run, as that run would find them.

use std::ops::Range;

use rayon::prelude::*;

use super::super::columns::Columns;
use super::super::model::KindModel;
use super::super::portrait::Kind;
use super::blocks::{SPLITS, split_cap};
use super::radix;
use super::rules::{MOST_KEYS, Rule, rules};

/// The blocks of all rules that a run used for one kind of record.
pub(crate) struct Lookup<'a> {
    columns: &'a Columns,
    /// Rows of the kind, ascending, where every pair is compared.
    every: Option<Vec<u32>>,
    rules: Vec<RuleLookup>,
}

/// Keys and rows of one rule, a key in the upper half of each entry, sorted.
struct RuleLookup {
    rule: &'static Rule,
    cap: usize,
    entries: Vec<u64>,
}

impl<'a> Lookup<'a> {
    /// Of the records of `kind` in `columns`.
    pub(crate) fn new(columns: &'a Columns, kind: Kind, model: &KindModel) -> Self {
        let rows = columns.rows_of(kind);
        if model.every_pair {
            return Self { columns, every: Some(rows), rules: Vec::new() };
        }
        let run = |rule: &'static Rule| {
            let run = model.rules.iter().find(|run| run.rule == rule.name && !run.left_out)?;
            Some((rule, run.cap as usize))
        };
        let used: Vec<(&'static Rule, usize)> = rules(kind).iter().filter_map(run).collect();
        let rules = used.into_par_iter().map(|(rule, cap)| {
            let mut entries = Vec::with_capacity(rows.len());
            let mut keys = [0; MOST_KEYS];
            for row in &rows {
                let keys = rule.keys(columns, *row, &mut keys).iter();
                entries.extend(keys.map(|key| u64::from(*key) << 32 | u64::from(*row)));
            }
            RuleLookup { rule, cap, entries: radix::sorted(&[&entries], u64::BITS) }
        });
        let rules = rules.collect();
        Self { columns, every: None, rules }
    }

    /// Adds the rows that a row is compared with, itself perhaps among them; a row may come twice.
    pub(crate) fn candidates(&self, row: u32, into: &mut Vec<u32>) {
        into.extend(self.every.iter().flatten());
        let mut keys = [0; MOST_KEYS];
        for rule in &self.rules {
            for key in rule.rule.keys(self.columns, row, &mut keys) {
                let block = &rule.entries[rule.block(*key)];
                if block.len() <= rule.cap {
                    into.extend(block.iter().map(|entry| *entry as u32));
                } else {
                    self.split(row, block, rule.cap, into);
                }
            }
        }
    }

    /// Of a block over the cap, the rows that share a further value.
    fn split(&self, row: u32, block: &[u64], cap: usize, into: &mut Vec<u32>) {
        for split in SPLITS.into_iter().filter(|split| self.columns.slots(*split) > 0) {
            let value = self.columns.value(split, row);
            if value == 0 {
                continue;
            }
            let start = into.len();
            let rows = block.iter().map(|entry| *entry as u32);
            into.extend(rows.filter(|other| self.columns.value(split, *other) == value));
            if into.len() - start > split_cap(cap) {
                into.truncate(start);
            }
        }
    }
}

impl RuleLookup {
    fn block(&self, key: u32) -> Range<usize> {
        let low = u64::from(key) << 32;
        let start = self.entries.partition_point(|entry| *entry < low);
        let length = self.entries[start..].partition_point(|entry| *entry >> 32 == u64::from(key));
        start..start + length
    }
}
