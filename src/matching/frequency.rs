//! How common values are: two people called Zyskowski agree on more than two called Smith.
//!
//! People are counted, not records: a value held by five records of one customer is held once.
//! Who is one customer is taken from a first scoring without frequencies.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use domain::Fingerprint;
use domain::fingerprint::Fingerprinter;

use super::columns::{Columns, ValueId};
use super::compare;
use super::layout::Aspect;
use super::weight::Millibits;

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

    /// How far the commonest value makes the agreement of two customers commoner (log2) than that of
    /// two random ones.
    pub(crate) fn greatest_lift(&self) -> Millibits {
        let listed = self.listed.iter().map(|(_, count)| f64::from(*count)).fold(0.0, f64::max);
        let share = listed.max(self.unlisted) / self.customers;
        Millibits::log2(share) - Millibits::log2(self.concentration)
    }
}

/// Customers counted for one aspect.
pub(crate) struct Counted {
    aspect: Aspect,
    /// Customers with a value.
    total: f64,
    concentration: f64,
    unlisted: f64,
    /// The common values and their customers.
    listed: Vec<(ValueId, u32)>,
}

impl Counted {
    /// As a table that names no value.
    pub(crate) fn unnamed(&self) -> FrequencyTable {
        FrequencyTable {
            aspect: name(self.aspect),
            customers: self.total,
            concentration: self.concentration,
            unlisted: self.unlisted,
            listed: Vec::new(),
        }
    }

    /// As a table that names the common values by their fingerprints.
    pub(crate) fn named(&self, columns: &Columns, fingerprinter: &Fingerprinter) -> FrequencyTable {
        let mut listed: Vec<(Fingerprint, u32)> = self
            .listed
            .iter()
            .map(|(value, count)| {
                let text = columns.text(self.aspect, *value);
                (fingerprint(fingerprinter, self.aspect, text), *count)
            })
            .collect();
        listed.sort_unstable();
        FrequencyTable { listed, ..self.unnamed() }
    }
}

/// The share of customers that hold each value, by aspect and value.
pub(crate) struct Shares {
    by_aspect: Vec<Option<AspectShares>>,
}

/// The shares of one aspect's values, as logarithms: what is added up for a pair.
struct AspectShares {
    concentration: f64,
    /// The share that a single customer has.
    one_customer: f64,
    /// The place of each value's share among `shares`; 0 is that of a value that is not listed.
    places: Vec<u16>,
    shares: Vec<f64>,
    /// log2 of each share.
    sizes: Vec<Millibits>,
    /// log2 of each share without a single customer's.
    others: Vec<Millibits>,
    /// How much rarer (log2) the value of each share makes an agreement than chance has it.
    lifts: Vec<Millibits>,
    /// The least of them.
    least_lift: Millibits,
    /// The greatest of them.
    greatest_lift: Millibits,
}

impl AspectShares {
    fn add(&mut self, share: f64) {
        let lift = Millibits::log2(share / self.concentration);
        self.shares.push(share);
        self.sizes.push(Millibits::log2(share));
        self.others.push(Millibits::log2((share - self.one_customer).max(0.0)));
        self.lifts.push(lift);
        self.least_lift = self.least_lift.min(lift);
        self.greatest_lift = self.greatest_lift.max(lift);
    }

    #[inline]
    fn place(&self, value: ValueId) -> usize {
        usize::from(self.places[value as usize])
    }
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

/// Counts the customers of every value, rows of one customer having the same `customers` entry;
/// without it every row is a customer.
pub(crate) fn count(columns: &Columns, rows: &[u32], customers: Option<&[u32]>) -> Vec<Counted> {
    let mut alone = Vec::new();
    let mut together: Vec<(u32, u32)> = Vec::new();
    match customers {
        None => alone.extend_from_slice(rows),
        Some(customers) => {
            let mut sizes = vec![0_u32; customers.len()];
            rows.iter().for_each(|row| sizes[customers[*row as usize] as usize] += 1);
            for row in rows {
                let customer = customers[*row as usize];
                if sizes[customer as usize] == 1 {
                    alone.push(*row);
                } else {
                    together.push((customer, *row));
                }
            }
        }
    }
    together.par_sort_unstable();
    let aspects: Vec<Aspect> =
        compare::counted().filter(|aspect| columns.slots(*aspect) > 0).collect();
    aspects
        .into_par_iter()
        .filter_map(|aspect| count_aspect(columns, aspect, &alone, &together))
        .collect()
}

/// Counts one aspect's values: rows that are a customer of their own, and sorted pairs of customer
/// and row.
fn count_aspect(
    columns: &Columns,
    aspect: Aspect,
    alone: &[u32],
    together: &[(u32, u32)],
) -> Option<Counted> {
    let mut counts = vec![0_u32; columns.pool(aspect).len()];
    let mut values: Vec<ValueId> = Vec::new();
    let one_slot = columns.slots(aspect) == 1;
    for row in alone {
        if one_slot {
            counts[columns.value(aspect, *row) as usize] += 1;
        } else {
            values.clear();
            values.extend(columns.values(aspect, *row));
            each_once(&mut values, &mut counts);
        }
    }
    for customer in together.chunk_by(|a, b| a.0 == b.0) {
        values.clear();
        values.extend(customer.iter().flat_map(|(_, row)| columns.values(aspect, *row)));
        each_once(&mut values, &mut counts);
    }
    counts[0] = 0;
    let total: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    if total == 0 {
        return None;
    }
    // Exact in whole numbers, so the order does not matter.
    let squares: u64 = counts.iter().map(|count| u64::from(*count) * u64::from(*count)).sum();
    let least = least_listed(&counts, most_listed(aspect));
    let (mut rest, mut rest_values, mut listed) = (0_u64, 0_u64, Vec::new());
    for (value, count) in (0..).zip(&counts).filter(|(_, count)| **count > 0) {
        if *count >= least {
            listed.push((value, *count));
        } else {
            rest += u64::from(*count);
            rest_values += 1;
        }
    }
    let total = total as f64;
    let unlisted = if rest_values > 0 { rest as f64 / rest_values as f64 } else { 1.0 };
    Some(Counted {
        aspect,
        total,
        concentration: squares as f64 / (total * total),
        unlisted,
        listed,
    })
}

fn each_once(values: &mut Vec<ValueId>, counts: &mut [u32]) {
    values.sort_unstable();
    values.dedup();
    values.iter().for_each(|value| counts[*value as usize] += 1);
}

/// The least count at which no more than `most` values are listed; at least 2.
fn least_listed(counts: &[u32], most: usize) -> u32 {
    let mut several: Vec<u32> = counts.iter().copied().filter(|count| *count > 1).collect();
    if several.len() <= most {
        return 2;
    }
    let (_, count, _) = several.select_nth_unstable_by(most, |a, b| b.cmp(a));
    *count + 1
}

impl Shares {
    /// Of the values counted in `columns`.
    pub(crate) fn new(columns: &Columns, counted: &[Counted]) -> Self {
        let mut shares = Self { by_aspect: Aspect::ALL.iter().map(|_| None).collect() };
        for counted in counted {
            let mut own = AspectShares {
                concentration: counted.concentration,
                one_customer: 1.0 / counted.total,
                places: vec![0; columns.pool(counted.aspect).len()],
                shares: Vec::with_capacity(counted.listed.len() + 1),
                sizes: Vec::with_capacity(counted.listed.len() + 1),
                others: Vec::with_capacity(counted.listed.len() + 1),
                lifts: Vec::with_capacity(counted.listed.len() + 1),
                least_lift: Millibits(i32::MAX),
                greatest_lift: Millibits(i32::MIN),
            };
            own.add(counted.unlisted / counted.total);
            for (value, count) in &counted.listed {
                own.places[*value as usize] = own.shares.len() as u16;
                own.add(f64::from(*count) / counted.total);
            }
            shares.by_aspect[counted.aspect.index()] = Some(own);
        }
        shares
    }

    /// The shares of the values in `columns` by a model's tables.
    pub(crate) fn from_tables(
        tables: &[FrequencyTable],
        columns: &Columns,
        fingerprinter: &Fingerprinter,
    ) -> Self {
        let mut counted = Vec::new();
        for aspect in compare::counted() {
            let Some(table) = tables.iter().find(|table| table.is_of(aspect)) else { continue };
            let pool = columns.pool(aspect);
            let listed = (1..pool.len() as ValueId)
                .into_par_iter()
                .with_min_len(1024)
                .filter_map(|value| {
                    let key = fingerprint(fingerprinter, aspect, pool.text(value));
                    let at = table.listed.binary_search_by_key(&key, |(key, _)| *key).ok()?;
                    Some((value, table.listed[at].1))
                })
                .collect();
            counted.push(Counted {
                aspect,
                total: table.customers,
                concentration: table.concentration,
                unlisted: table.unlisted,
                listed,
            });
        }
        Self::new(columns, &counted)
    }

    #[inline]
    fn of(&self, aspect: Aspect) -> Option<&AspectShares> {
        self.by_aspect[aspect.index()].as_ref()
    }

    /// The share of customers that hold a value; `None` when nothing is known.
    #[inline]
    pub(crate) fn share(&self, aspect: Aspect, value: ValueId) -> Option<f64> {
        let own = self.of(aspect).filter(|_| value != 0)?;
        Some(own.shares[own.place(value)])
    }

    /// log2 of [`Shares::share`].
    #[inline]
    pub(crate) fn size(&self, aspect: Aspect, value: ValueId) -> Option<Millibits> {
        let own = self.of(aspect).filter(|_| value != 0)?;
        Some(own.sizes[own.place(value)])
    }

    /// log2 of the share of all customers but one that hold a value; `None` when nothing is known.
    #[inline]
    pub(crate) fn others(&self, aspect: Aspect, value: ValueId) -> Option<Millibits> {
        let own = self.of(aspect).filter(|_| value != 0)?;
        Some(own.others[own.place(value)])
    }

    /// How far holding this value makes two customers' agreement rarer (below 0, log2) or commoner
    /// than that of two random customers; `None` when nothing is known.
    #[inline]
    pub(crate) fn lift(&self, aspect: Aspect, value: ValueId) -> Option<Millibits> {
        let own = self.of(aspect).filter(|_| value != 0)?;
        Some(own.lifts[own.place(value)])
    }

    /// No value's [`Shares::lift`] is less; `None` when nothing is known.
    pub(crate) fn least_lift(&self, aspect: Aspect) -> Option<Millibits> {
        self.of(aspect).map(|own| own.least_lift)
    }

    /// No value's [`Shares::lift`] is more; `None` when nothing is known.
    pub(crate) fn greatest_lift(&self, aspect: Aspect) -> Option<Millibits> {
        self.of(aspect).map(|own| own.greatest_lift)
    }

    /// The chance that two random customers agree.
    #[inline]
    pub(crate) fn concentration(&self, aspect: Aspect) -> f64 {
        self.of(aspect).map_or(0.0, |own| own.concentration)
    }

    /// The share that a single customer has of an aspect's values; 0 when nothing is known.
    pub(crate) fn one_customer(&self, aspect: Aspect) -> f64 {
        self.of(aspect).map_or(0.0, |own| own.one_customer)
    }
}
