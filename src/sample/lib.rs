//! Made-up customers with the truth about them.
//!
//! Lives here: a generator of three sources that describe the same people and organisations, each
//! in its own columns and styles and with the slips of real data; with them which records are
//! whose (`truth.csv`), which values break which rule (`planted.csv`), and a `steward.toml`.
//! The same plan gives the same bytes on every machine. `sample-data/` is its output.
//!
//! Does not live here: reading any of it back. Nobody in it is real: names are drawn from lists
//! of frequent names, telephone numbers, domains and ids from ranges kept for examples.
//!
//! Start with [`write()`]; `customers` makes who exists, `record` what a source knows of them,
//! `flaws` what is invalid.

mod customers;
mod day;
mod dice;
mod files;
mod flaws;
mod names;
mod noise;
mod places;
mod record;

use std::cell::Cell;
use std::io::{self, Write};

use customers::{Customer, Maker, Who};
pub use dice::Dice;
use files::Files;
use flaws::Flaws;
use names::Names;
use record::{Source, observe};

/// The `steward.toml` that fits every sample.
pub const STEWARD_TOML: &str = include_str!("steward.toml");

/// Up to so many customers, telephone numbers of North America come from 555-01xx alone.
const FEW: u32 = 20_000;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Real people and organisations; about half as many records again come of it.
    pub customers: u32,
    /// Another seed, other customers.
    pub seed: u64,
}

/// The plan of `sample-data/`: about 2,000 records.
impl Default for Plan {
    fn default() -> Self {
        Self { customers: 1300, seed: 1 }
    }
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Real people and organisations.
    pub customers: u32,
    /// Records of `crm.csv`.
    pub crm: u64,
    /// Records of `webshop.csv`.
    pub webshop: u64,
    /// Records of `support.jsonl`.
    pub support: u64,
    /// Lines of `planted.csv`.
    pub planted: u64,
}

impl Summary {
    /// Records of all sources.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.crm + self.webshop + self.support
    }
}

/// Writes `crm.csv`, `webshop.csv`, `support.jsonl`, `truth.csv`, `planted.csv` and
/// `steward.toml` into what `folder` opens for each name. Memory does not grow with the plan.
///
/// # Errors
/// What the files say.
pub fn write(
    plan: &Plan,
    folder: &mut dyn FnMut(&str) -> io::Result<Box<dyn Write>>,
) -> io::Result<Summary> {
    let mut settings = folder("steward.toml")?;
    settings.write_all(STEWARD_TOML.as_bytes())?;
    settings.flush()?;
    let mut files = Files::new(folder)?;
    let mut dice = Dice::new(plan.seed);
    let maker = Maker { names: Names::new(), is_large: plan.customers > FEW, ids: Cell::new(0) };
    let mut flaws = Flaws::default();
    let mut made = 0;
    while made < plan.customers {
        let mut next = maker.next(&mut dice);
        next.truncate((plan.customers - made) as usize);
        if let [only] = next.as_mut_slice() {
            share_with_nobody(only);
        }
        for customer in &next {
            made += 1;
            for source in sources_of(customer, &mut dice) {
                let mut record = observe(customer, made, source, &mut dice);
                flaws.plant(&mut record, customer, &mut dice);
                files.add(record, &mut dice)?;
            }
        }
    }
    files.finish(&mut dice)?;
    let [crm, webshop, support] = files.written;
    Ok(Summary { customers: made, crm, webshop, support, planted: files.planted_count })
}

/// The last customer of a plan may have lost the one it shares a national id with.
fn share_with_nobody(customer: &mut Customer) {
    if let Who::Person(person) = &mut customer.who {
        person.shares_national_id = false;
    }
}

/// The sources that know a customer: one for 55 in 100, two or all three for the rest; at times
/// one of them twice.
fn sources_of(customer: &Customer, dice: &mut Dice) -> Vec<Source> {
    let mut order = Source::ALL;
    let first = match dice.below(100) {
        0..50 => 0,
        50..82 => 1,
        _ => 2,
    };
    order.swap(0, first);
    if dice.chance(500) {
        order.swap(1, 2);
    }
    let count = match dice.below(100) {
        0..57 => 1,
        57..92 => 2,
        _ => 3,
    };
    let mut sources = order[..count].to_vec();
    let shares_id = matches!(&customer.who, Who::Person(person) if person.shares_national_id);
    if shares_id && !sources.contains(&Source::Crm) {
        // Only the CRM knows national ids: both holders of one must be there.
        sources.push(Source::Crm);
    }
    if dice.chance(35) {
        sources.push(sources[0]);
    }
    sources
}

#[cfg(test)]
mod tests;
