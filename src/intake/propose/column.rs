//! What one column of a file holds: counts of what its values look like. No value is kept.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hasher};

use compact_str::CompactString;

use super::look::{Looks, look_at};
use jiff::civil::Date;

/// So many values are looked at from the beginning of a file, and after that one in as many.
const LOOKED_AT: u64 = 1000;
/// One row in so many is looked at further on.
const EVERY: u64 = 97;
/// So many values that stand there before, and the column tells nothing apart.
const MOST_REPEATED: u64 = 50_000;
/// More different values than that, and they are no few.
const FEW: usize = 40;

/// One column, and what its values look like.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: CompactString,
    /// Rows in which something stands.
    pub filled: u64,
    /// Values that stand there in an earlier row.
    pub repeated: u64,
    /// Values that were looked at.
    pub looked: u64,
    /// How many of them look like what.
    pub looks: Looks,
    /// Countries that the values name, in whatever way, with how often.
    pub countries: BTreeMap<&'static str, u64>,
    /// The number that stands in the row before, and how many are it and one more.
    before: Option<u64>,
    steps: u64,
    seen: HashSet<u64>,
}

impl Column {
    /// A column of which nothing is known but its name.
    #[must_use]
    pub fn named(name: CompactString) -> Column {
        Column {
            name,
            filled: 0,
            repeated: 0,
            looked: 0,
            looks: Looks::default(),
            countries: BTreeMap::new(),
            before: None,
            steps: 0,
            seen: HashSet::new(),
        }
    }

    /// Takes the value of one row, the `row`th of its file.
    pub fn take(&mut self, row: u64, text: &str, today: Date) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        let number = text.parse().ok();
        let follows =
            number.zip(self.before).is_some_and(|(it, before): (u64, u64)| it == before + 1);
        // It begins at 0 or at 1.
        let begins = self.filled == 1 && number.is_some_and(|number: u64| number < 2);
        self.steps += u64::from(follows || begins);
        self.before = number.filter(|number| *number < u64::MAX);
        if self.repeated <= MOST_REPEATED {
            let mut hasher = DefaultHasher::new();
            hasher.write(text.as_bytes());
            if !self.seen.insert(hasher.finish()) {
                self.repeated += 1;
            }
        }
        if row < LOOKED_AT || row.is_multiple_of(EVERY) {
            self.looked += 1;
            look_at(text, today, &mut self.looks, &mut self.countries);
        }
    }

    /// Whether every value stands there once.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.repeated == 0 && self.looks.absent == 0
    }

    /// Whether it counts the rows, from 0 or from 1.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.filled > 2 && self.may_count()
    }

    /// Whether it counts the rows as far as there are any: of one row or two that tells little.
    #[must_use]
    pub fn may_count(&self) -> bool {
        self.filled > 0 && self.steps == self.filled
    }

    /// Whether the same few values stand there again and again.
    #[must_use]
    pub fn has_few_values(&self) -> bool {
        self.repeated > self.filled / 2 && self.seen.len() <= FEW
    }

    /// The share of looked-at values that a count is, in hundredths; those that say "absent" aside.
    #[must_use]
    pub fn share(&self, count: u64) -> u64 {
        let looked = self.looked.saturating_sub(self.looks.absent);
        count.saturating_mul(100).checked_div(looked).unwrap_or_default()
    }
}
