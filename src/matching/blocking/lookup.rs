//! The candidates of single records under the rules of an earlier run, as that run would find them.

use rayon::prelude::*;

use super::super::columns::Columns;
use super::super::model::KindModel;
use super::super::portrait::Kind;
use super::blocks::{SPLITS, split_cap};
use super::groups::{Groups, WITHIN_GROUPS, block_of};
use super::loose::loose_rules;
use super::rules::{MOST_KEYS, Rule, rules};

/// The blocks of all rules that a run used for one kind of record.
pub(crate) struct Lookup<'a> {
    columns: &'a Columns,
    /// Rows of the kind, ascending, where every pair is compared.
    every: Option<Vec<u32>>,
    rules: Vec<RuleLookup>,
    /// Where a row is compared with the next ones of its group.
    within: Option<Groups>,
}

/// Keys and rows of one rule, a key in the upper half of each entry, sorted.
struct RuleLookup {
    rule: &'static Rule,
    cap: usize,
    /// Blocks hold one row of each group.
    between_groups: bool,
    entries: Vec<u64>,
}

impl<'a> Lookup<'a> {
    /// Of the records of `kind` in `columns`.
    pub(crate) fn new(columns: &'a Columns, kind: Kind, model: &KindModel) -> Self {
        let rows = columns.rows_of(kind);
        if model.every_pair {
            return Self { columns, every: Some(rows), rules: Vec::new(), within: None };
        }
        let used = model.rules.iter().filter(|run| !run.left_out).filter_map(|run| {
            let loose = loose_rules(kind).iter().filter(|_| run.between_groups);
            let rule = rules(kind).iter().chain(loose).find(|rule| rule.name == run.rule)?;
            Some((rule, run.cap as usize, run.between_groups))
        });
        let used: Vec<(&'static Rule, usize, bool)> = used.collect();
        let is_twice = used.iter().any(|(.., between_groups)| *between_groups);
        let groups = is_twice.then(|| Groups::new(columns, kind, &rows));
        let rules = used.into_par_iter().map(|(rule, cap, between_groups)| {
            let mut entries = rule.entries(columns, &rows);
            if let Some(groups) = groups.as_ref().filter(|_| between_groups) {
                groups.reduce(&mut entries);
            }
            RuleLookup { rule, cap, between_groups, entries }
        });
        let rules = rules.collect();
        let is_within = model.rules.iter().any(|run| run.rule == WITHIN_GROUPS);
        Self { columns, every: None, rules, within: groups.filter(|_| is_within) }
    }

    /// Adds the rows that a row is compared with, itself perhaps among them; a row may come twice.
    pub(crate) fn candidates(&self, row: u32, into: &mut Vec<u32>) {
        into.extend(self.every.iter().flatten());
        if let Some(groups) = &self.within {
            groups.neighbours_of(self.columns, row, into);
        }
        let mut keys = [0; MOST_KEYS];
        for rule in &self.rules {
            for key in rule.rule.keys(self.columns, row, &mut keys) {
                let block = block_of(&rule.entries, *key);
                let own = u64::from(*key) << 32 | u64::from(row);
                if rule.between_groups && block.binary_search(&own).is_err() {
                    // Another row stands for its group.
                    continue;
                }
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
