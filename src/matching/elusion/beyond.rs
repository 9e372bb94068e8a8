//! What no key brings together: records drawn at random, each compared with every other.
//!
//! A draw is a record; what it finds are the records nearest to it, one a customer, that score not far under
//! review and that no candidate connects with its customer. People are asked about those. A record whose
//! customer is in truth `p` customers counts `(p - 1) / p`, shared among the records of its customer: the
//! sum over all records is the number of joins that nobody is asked about. Where a candidate is one of the links
//! between three or more, the sum is larger than that, and never larger than all joins that are missing.

use std::collections::{BTreeMap, BTreeSet};

use domain::RecordId;
use domain::fingerprint::Fingerprinter;
use rayon::prelude::*;

use super::super::by_hand::Stated;
use super::super::cluster::Sets;
use super::super::columns::Columns;
use super::super::compare::Cache;
use super::super::engine::{Cancelled, Progress};
use super::super::frequency::Shares;
use super::super::hash::mix;
use super::super::model::Model;
use super::super::pairs::compares;
use super::super::portrait::Kind;
use super::super::score::Scorer;
use super::super::weight::Millibits;
use super::{BAND, BANDS};

/// Bands under review in which others are looked for.
const DEEP: i32 = 2;
/// Others that are found for one record, at most.
const NEAREST: usize = 10;
/// Comparisons up to which more records are drawn than pairs may be asked about.
const COMPARISONS: usize = 20_000_000;
/// At most so many times more.
const MORE: usize = 10;
/// Rows compared on one thread.
const STRETCH: usize = 4_096;

/// A record that was drawn and did not come out alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// How many were drawn right before it that did.
    pub alone: u32,
    /// The record.
    pub record: RecordId,
    /// Those near it, the nearest first, with match probabilities.
    pub others: Vec<(RecordId, f64)>,
}

/// What was drawn, in the order in which it counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Searched {
    /// Records there were to draw from.
    pub records: u64,
    /// A record may come more than once.
    pub near: Vec<Near>,
    /// Records drawn after the last of those that came out alone.
    pub alone: u32,
}

/// Draws records, and learns from the candidates whom keys bring to them.
pub struct Search<'c> {
    columns: &'c Columns,
    row: Box<dyn Fn(RecordId) -> Option<u32> + Send + Sync>,
    review: Millibits,
    /// So many pairs are asked about.
    most: usize,
    /// Rows in the order in which they were drawn.
    drawn: Vec<u32>,
    /// The customer of each row, by one of its rows.
    customers: Vec<u32>,
    /// Customers that keys bring to those of drawn rows.
    met: BTreeMap<u32, BTreeSet<u32>>,
}

impl<'c> Search<'c> {
    /// Draws for so many pairs to ask about; another seed draws others. `customers` are the records of each,
    /// those that are one by themselves may be left out.
    pub fn new<'r>(
        columns: &'c Columns,
        customers: impl IntoIterator<Item = &'r [RecordId]>,
        review: f64,
        (most, seed): (usize, u64),
    ) -> Self {
        let count = columns.len();
        let row = columns.rows();
        let mut sets = Sets::new(count);
        for records in customers {
            let mut rows = records.iter().filter_map(|record| row(*record));
            if let Some(first) = rows.next() {
                rows.for_each(|other| sets.join(first, other));
            }
        }
        let customers = sets.roots();
        let draws = if count == 0 { 0 } else { draws(count, most) };
        let mut state = mix(seed, 2);
        let drawn: Vec<u32> = (0..draws)
            .map(|_| {
                state = mix(state, 0x5851_f42d_4c95_7f2d);
                ((u128::from(state) * count as u128) >> 64) as u32
            })
            .collect();
        let met = drawn.iter().map(|row| (customers[*row as usize], BTreeSet::new())).collect();
        let review = Millibits::reaching(review);
        Self { columns, row: Box::new(row), review, most, drawn, customers, met }
    }

    /// Looks at a candidate, whose weight is log2 of its odds. Those that score too low for anybody to be
    /// asked about bring nobody together.
    pub fn see(&mut self, pair: [RecordId; 2], weight: f64) {
        let lowest = self.review.0.saturating_sub(BANDS as i32 * BAND);
        if Millibits::of(weight).0 < lowest {
            return;
        }
        let [Some(left), Some(right)] = pair.map(&self.row) else { return };
        let [left, right] = [left, right].map(|row| self.customers[row as usize]);
        for (own, other) in [(left, right), (right, left)] {
            if let Some(met) = self.met.get_mut(&own) {
                met.insert(other);
            }
        }
    }

    /// Compares what was drawn with every other record of its kind, whatever keys say.
    ///
    /// # Errors
    /// When it is cancelled.
    pub fn run(
        self,
        model: &Model,
        fingerprinter: &Fingerprinter,
        progress: &dyn Progress,
    ) -> Result<Searched, Cancelled> {
        progress.phase("comparing a sample", Some(self.drawn.len() as u64));
        let columns = self.columns;
        let rows = [Kind::Person, Kind::Organisation].map(|kind| columns.rows_of(kind));
        let shares: Vec<Shares> = model
            .kinds
            .iter()
            .map(|part| Shares::from_tables(&part.frequencies, columns, fingerprinter))
            .collect();
        let parts = model.kinds.iter().zip(&shares);
        let known = parts.filter(|(part, _)| compares(model, &columns.layout, part.kind));
        let scorers: Vec<Scorer<'_>> =
            known.map(|(part, shares)| Scorer::new(columns, part, shares)).collect();
        let mut searched = Searched { records: columns.len() as u64, ..Searched::default() };
        let mut found: BTreeMap<u32, Vec<(RecordId, f64)>> = BTreeMap::new();
        let mut asked = 0;
        for row in &self.drawn {
            if progress.cancelled() {
                return Err(Cancelled);
            }
            progress.advance(1);
            if asked >= self.most {
                break;
            }
            let kind = columns.kind(*row);
            let scorer = scorers.iter().find(|scorer| scorer.model.kind == kind);
            let all = &rows[usize::from(kind == Kind::Organisation)];
            let search = || scorer.map_or_else(Vec::new, |scorer| self.nearest(scorer, *row, all));
            let others = found.entry(*row).or_insert_with(search).clone();
            if others.is_empty() {
                searched.alone += 1;
                continue;
            }
            asked += others.len();
            let alone = std::mem::take(&mut searched.alone);
            searched.near.push(Near { alone, record: columns.record(*row), others });
        }
        Ok(searched)
    }

    /// The records nearest to a row, one of each customer that no key brings to its own.
    fn nearest(&self, scorer: &Scorer<'_>, row: u32, rows: &[u32]) -> Vec<(RecordId, f64)> {
        let customer = |row: u32| self.customers[row as usize];
        let own = customer(row);
        let met = self.met.get(&own);
        let is_other = |other: &u32| {
            let other = customer(*other);
            other != own && met.is_none_or(|met| !met.contains(&other))
        };
        let lowest = Millibits(self.review.0.saturating_sub(DEEP * BAND));
        let compare = |stretch: &[u32]| {
            let mut cache = Cache::new();
            let mut levels = Vec::new();
            let mut near: Vec<(Millibits, u32)> = Vec::new();
            for other in stretch.iter().copied().filter(is_other) {
                let (a, b) = (row.min(other), row.max(other));
                scorer.grade_into(a, b, &mut cache, &mut levels);
                let weight = scorer.assess(&levels, a, b).weight;
                let weight = Stated::of(self.columns, a, b).settled(weight);
                if weight >= lowest {
                    near.push((weight, other));
                }
            }
            near
        };
        let mut near: Vec<(Millibits, u32)> =
            rows.par_chunks(STRETCH).flat_map_iter(compare).collect();
        let record = |row: u32| self.columns.record(row);
        near.sort_unstable_by_key(|(weight, other)| (std::cmp::Reverse(*weight), record(*other)));
        let mut seen = BTreeSet::new();
        near.retain(|(_, other)| seen.insert(customer(*other)));
        near.truncate(NEAREST);
        near.into_iter().map(|(weight, other)| (record(other), weight.probability())).collect()
    }
}

/// How many records are drawn: more where comparing them costs little.
fn draws(records: usize, most: usize) -> usize {
    (COMPARISONS / records).clamp(most, most * MORE)
}
