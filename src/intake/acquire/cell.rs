//! A cell of a format that has types, and the one text that it becomes.
//!
//! Text goes on as it was delivered. Everything else is written as a program would write it for another:
//! dates as ISO 8601, numbers with a point and without an exponent, and no digit that was not there.

use std::borrow::Cow;

use compact_str::{CompactString, ToCompactString, format_compact};
use jiff::civil::{Date, DateTime, Time};

/// From here on not every whole number is a floating-point number: the last digits of what was typed
/// are gone.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A cell as its file holds it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// Text, as delivered.
    Text(CompactString),
    /// A whole number.
    Whole(i128),
    /// A floating-point number.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time, of no zone.
    DateTime(DateTime),
    /// A span of time, in milliseconds.
    Span(i64),
    /// A formula whose result the file does not hold.
    NotComputed,
}

/// Why a cell has no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoText {
    /// It is a number that lost digits before the file was written.
    DigitsLost,
    /// It is a formula, and the file does not hold what came of it.
    NotComputed,
}

impl Cell {
    /// Its text; empty where there is nothing.
    ///
    /// # Errors
    /// Where it cannot be told.
    pub fn text(&self) -> Result<Cow<'_, str>, NoText> {
        Ok(match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Float(number) if number.abs() >= EXACT => return Err(NoText::DigitsLost),
            Cell::NotComputed => return Err(NoText::NotComputed),
            _ => Cow::Owned(self.shown().into()),
        })
    }

    /// As [`Cell::text`], with the digits that are left: for what nobody reads as a value.
    pub fn shown(&self) -> CompactString {
        match self {
            Cell::Empty | Cell::NotComputed => CompactString::default(),
            Cell::Text(text) => text.clone(),
            Cell::Whole(number) => number.to_compact_string(),
            // A whole one has no point, a large or small one no exponent; -0 is 0.
            Cell::Float(number) => format_compact!("{}", number + 0.0),
            Cell::Bool(true) => CompactString::const_new("true"),
            Cell::Bool(false) => CompactString::const_new("false"),
            Cell::Date(date) => date.to_compact_string(),
            Cell::Time(time) => time.to_compact_string(),
            Cell::DateTime(at) => at.to_compact_string(),
            Cell::Span(span) => hours(*span),
        }
    }

    /// Whether its text is a number with decimals: what parts them is known, whatever the custom of
    /// its source is.
    pub fn has_decimals(&self) -> bool {
        matches!(self, Cell::Float(number) if number.is_finite() && number.fract() != 0.0)
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// How many bytes it takes, more or less.
    pub fn size(&self) -> usize {
        match self {
            Cell::Text(text) => text.len(),
            Cell::Empty => 0,
            _ => 20,
        }
    }
}

/// `26:30:05`: more hours than a day has stay hours.
fn hours(span: i64) -> CompactString {
    let sign = if span < 0 { "-" } else { "" };
    let (seconds, rest) = (span.unsigned_abs() / 1000, span.unsigned_abs() % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let whole = format_compact!("{sign}{hours}:{minutes:02}:{seconds:02}");
    if rest == 0 { whole } else { format_compact!("{whole}.{rest:03}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn every_kind_has_one_text() {
        let day = date(2024, 2, 29);
        for (cell, expected) in [
            (Cell::Empty, ""),
            (Cell::Text(" 007 ".into()), " 007 "),
            (Cell::Whole(-12), "-12"),
            (Cell::Whole(1_234_567_890_123_456_789), "1234567890123456789"),
            (Cell::Float(1001.0), "1001"),
            (Cell::Float(-0.0), "0"),
            (Cell::Float(0.1 + 0.2), "0.30000000000000004"),
            (Cell::Float(1.5), "1.5"),
            (Cell::Float(0.000_000_12), "0.00000012"),
            (Cell::Float(9_007_199_254_740_991.0), "9007199254740991"),
            (Cell::Float(f64::NAN), "NaN"),
            (Cell::Bool(true), "true"),
            (Cell::Bool(false), "false"),
            (Cell::Date(day), "2024-02-29"),
            (Cell::Time(time(7, 5, 0, 0)), "07:05:00"),
            (Cell::DateTime(day.at(23, 59, 1, 500_000_000)), "2024-02-29T23:59:01.5"),
            (Cell::Span(95_405_000), "26:30:05"),
            (Cell::Span(-1_001), "-0:00:01.001"),
        ] {
            assert_eq!(cell.text().unwrap(), expected);
            assert_eq!(cell.shown(), expected);
        }
    }

    #[test]
    fn a_number_that_cannot_be_what_was_typed_has_no_text() {
        for number in [1_234_567_890_123_456_789.0, EXACT, -EXACT, 1e300, f64::INFINITY] {
            assert_eq!(Cell::Float(number).text(), Err(NoText::DigitsLost), "{number}");
        }
        assert_eq!(Cell::Float(EXACT).shown(), "9007199254740992");
    }

    #[test]
    fn decimals_are_those_of_floating_point_numbers() {
        assert!(Cell::Float(1.5).has_decimals());
        for cell in [Cell::Float(2.0), Cell::Float(f64::NAN), Cell::Text("1.5".into())] {
            assert!(!cell.has_decimals(), "{cell:?}");
        }
    }
}
