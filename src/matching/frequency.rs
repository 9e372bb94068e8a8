//! How common values are: two people called Zyskowski agree on more than two called Smith.
//!
//! People are counted, not records: a value held by five records of one customer is held once.
//! Who is one customer is taken from a first scoring without frequencies.

use serde::{Deserialize, Serialize};

use crate::domain::Fingerprint;
use crate::domain::fingerprint::Fingerprinter;

use super::columns::Columns;
use super::layout::Aspect;

/// Aspects whose frequencies count.
pub(crate) const COUNTED: [Aspect; 12] = [
    Aspect::Given,
    Aspect::Family,
    Aspect::Full,
    Aspect::Organisation,
    Aspect::Birth,
    Aspect::Email,
    Aspect::Phone,
    Aspect::NationalId,
    Aspect::Identifier,
    Aspect::Street,
    Aspect::Postcode,
    Aspect::City,
];

/// A table names at most this many values.
fn most_listed(aspect: Aspect) -> usize {
    match aspect {
        Aspect::Family | Aspect::Full => 8_000,
        _ => 3_000,
    }
}

/// How many customers hold each of the common values of one aspect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FrequencyTable {
    pub(crate) aspect: String,
    /// Customers with a value.
    pub(crate) customers: f64,
    /// The chance that two random customers agree.
    pub(crate) concentration: f64,
    /// Customers a value that is not listed has on average.
    pub(crate) unlisted: f64,
    /// Fingerprint and number of customers of each listed value.
    pub(crate) listed: Vec<(Fingerprint, u32)>,
}

impl FrequencyTable {
    pub(crate) fn is_of(&self, aspect: Aspect) -> bool {
        self.aspect == name(aspect)
    }
}

/// The share of customers that hold each value, by aspect and value.
pub(crate) struct Shares {
    by_value: Vec<Vec<f64>>,
    concentrations: Vec<f64>,
}

pub(crate) fn name(aspect: Aspect) -> String {
    format!("{aspect:?}").to_lowercase()
}

/// The fingerprint a listed value goes by.
pub(crate) fn fingerprint(
    fingerprinter: &Fingerprinter,
    aspect: Aspect,
    text: &str,
) -> Fingerprint {
    fingerprinter.of(["matching frequency", &name(aspect), text])
}

/// Counts the customers of every value, rows of one customer having the same `customers` entry.
pub(crate) fn count(
    columns: &Columns,
    rows: &[u32],
    customers: &[u32],
    fingerprinter: &Fingerprinter,
) -> (Vec<FrequencyTable>, Shares) {
    let mut shares = Shares::none();
    let mut tables = Vec::new();
    for aspect in COUNTED.into_iter().filter(|aspect| !columns.slots(*aspect).is_empty()) {
        let mut holders: Vec<(u32, u32)> = rows
            .iter()
            .flat_map(|row| {
                columns.values(aspect, *row).map(|value| (value, customers[*row as usize]))
            })
            .collect();
        rayon::slice::ParallelSliceMut::par_sort_unstable(holders.as_mut_slice());
        holders.dedup();
        if holders.is_empty() {
            continue;
        }
        let total = holders.len() as f64;
        let mut counts: Vec<(u32, u32)> = holders
            .chunk_by(|a, b| a.0 == b.0)
            .map(|holders| (holders[0].0, holders.len() as u32))
            .collect();
        drop(holders);
        let squares: f64 = sum_in_order(counts.iter().map(|(_, count)| *count));
        let least = least_listed(&mut counts, most_listed(aspect));
        let (mut rest, mut rest_values) = (0.0, 0.0);
        for (_, count) in counts.iter().filter(|(_, count)| *count < least) {
            rest += f64::from(*count);
            rest_values += 1.0;
        }
        let unlisted = if rest_values > 0.0 { rest / rest_values } else { 1.0 };
        let mut by_value = vec![unlisted / total; columns.pool(aspect).len()];
        let mut listed = Vec::new();
        for (value, count) in counts.iter().filter(|(_, count)| *count >= least) {
            by_value[*value as usize] = f64::from(*count) / total;
            listed.push((fingerprint(fingerprinter, aspect, columns.text(aspect, *value)), *count));
        }
        listed.sort_unstable();
        let concentration = squares / (total * total);
        shares.by_value[aspect.index()] = by_value;
        shares.concentrations[aspect.index()] = concentration;
        let table = FrequencyTable {
            aspect: name(aspect),
            customers: total,
            concentration,
            unlisted,
            listed,
        };
        tables.push(table);
    }
    (tables, shares)
}

/// The sum of squares; exact in whole numbers, so the order does not matter.
fn sum_in_order(counts: impl Iterator<Item = u32>) -> f64 {
    counts.map(|count| u64::from(count) * u64::from(count)).sum::<u64>() as f64
}

/// The least count at which no more than `most` values are listed; at least 2.
fn least_listed(counts: &mut [(u32, u32)], most: usize) -> u32 {
    let mut sorted: Vec<u32> =
        counts.iter().map(|(_, count)| *count).filter(|count| *count > 1).collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    sorted.get(most).map_or(2, |count| count + 1)
}

impl Shares {
    /// Without frequencies.
    pub(crate) fn none() -> Self {
        Self {
            by_value: vec![Vec::new(); Aspect::ALL.len()],
            concentrations: vec![0.0; Aspect::ALL.len()],
        }
    }

    /// The shares of the values in `columns` by a model's tables.
    pub(crate) fn from_tables(
        tables: &[FrequencyTable],
        columns: &Columns,
        fingerprinter: &Fingerprinter,
    ) -> Self {
        let mut shares = Self::none();
        for aspect in COUNTED {
            let own = name(aspect);
            let Some(table) = tables.iter().find(|table| table.aspect == own) else { continue };
            let pool = columns.pool(aspect);
            shares.by_value[aspect.index()] = (0..pool.len() as u32)
                .map(|value| {
                    let key = fingerprint(fingerprinter, aspect, pool.text(value));
                    let listed = table.listed.binary_search_by_key(&key, |(key, _)| *key);
                    let count = listed.map_or(table.unlisted, |at| f64::from(table.listed[at].1));
                    count / table.customers
                })
                .collect();
            shares.concentrations[aspect.index()] = table.concentration;
        }
        shares
    }

    /// The share of customers that hold a value; `None` when nothing is known.
    pub(crate) fn share(&self, aspect: Aspect, value: u32) -> Option<f64> {
        if value == 0 {
            return None;
        }
        self.by_value[aspect.index()].get(value as usize).copied()
    }

    /// The chance that two random customers agree.
    pub(crate) fn concentration(&self, aspect: Aspect) -> f64 {
        self.concentrations[aspect.index()]
    }
}
