//! What is told of a customer's activities as one value.

use std::fmt;

use jiff::civil::Date;

use super::{Amount, Currency, FieldName};

/// What a measure takes of the activities it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// How many there are.
    Count,
    /// The sum of their amounts in one currency; what is in another, or in none, is left out and counted.
    Sum(Currency),
    /// Something of the last one.
    Last(What),
    /// Something of the first one.
    First(What),
    /// Whole days since the last one.
    DaysSince,
    /// How many different ones.
    Distinct(What),
}

/// Something that an activity has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The day it was on, where it was.
    Day,
    /// A property of its stream.
    Property(FieldName),
}

impl Take {
    /// The words for it in `steward.toml`.
    pub const WORDS: [&str; 6] = ["count", "sum", "last", "first", "days_since", "distinct"];

    /// The property whose value it takes.
    #[must_use]
    pub fn property(&self) -> Option<&FieldName> {
        match self {
            Take::Last(What::Property(name))
            | Take::First(What::Property(name))
            | Take::Distinct(What::Property(name)) => Some(name),
            _ => None,
        }
    }
}

/// What a measure says of a customer. Written as expressions compare it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measured {
    /// A count.
    Number(u32),
    /// A sum, in the measure's currency.
    Amount(Amount),
    /// A day.
    Day(Date),
    /// The value of a property, in standard form.
    Text(String),
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measured::Number(number) => number.fmt(f),
            Measured::Amount(amount) => amount.fmt(f),
            Measured::Day(day) => day.fmt(f),
            Measured::Text(text) => f.pad(text),
        }
    }
}
