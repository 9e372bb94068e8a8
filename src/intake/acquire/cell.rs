//! A cell of a format that has types, and the one text that it becomes.
//!
//! Text goes on as it was delivered. Everything else is written as a program would write it for another:
//! dates as ISO 8601, numbers with a point and without an exponent, and no digit that was not there.

use std::borrow::Cow;

use compact_str::{CompactString, ToCompactString, format_compact};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

/// From here on not every whole number is a floating-point number: the last digits of what was typed
/// are gone.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Of bytes that are no text, so many are kept.
const KEPT_BYTES: usize = 32;

/// A cell as its file holds it.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, as delivered.
    Text(CompactString),
    /// A whole number.
    Whole(i128),
    /// A floating-point number.
    Float(f64),
    /// A decimal number, written out with a point.
    Decimal(CompactString),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time, of no zone.
    DateTime(DateTime),
    /// A point in time.
    Instant(Timestamp),
    /// A span of time, in milliseconds.
    Span(i64),
    /// Bytes that are no text; see [`Cell::of_bytes`].
    Bytes {
        /// The first of them.
        beginning: Vec<u8>,
        /// How many there are.
        length: u64,
    },
    /// A formula whose result the file does not hold.
    NotComputed,
}

/// Why a cell has no text that could be read as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoText {
    /// It is a number that lost digits before the file was written.
    DigitsLost,
    /// It is infinite: a database's way to say that a number was too large.
    Infinite,
    /// It is bytes: a picture, a packed value.
    Binary,
    /// It is a formula, and the file does not hold what came of it.
    NotComputed,
}

impl Cell {
    /// The cell of bytes of which nobody says what they are: text, where they can be that.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Cell {
        let is_text = |text: &&str| !text.contains(|sign: char| is_no_sign_of_text(sign));
        match std::str::from_utf8(bytes).ok().filter(is_text) {
            Some(text) => Cell::Text(text.into()),
            None => {
                let beginning = bytes[..bytes.len().min(KEPT_BYTES)].to_vec();
                Cell::Bytes { beginning, length: bytes.len() as u64 }
            }
        }
    }

    /// Its text; empty where there is nothing.
    ///
    /// # Errors
    /// Where it has none, or it cannot be told.
    pub fn text(&self) -> Result<Cow<'_, str>, NoText> {
        Ok(match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Float(number) if number.is_infinite() => return Err(NoText::Infinite),
            Cell::Float(number) if number.abs() >= EXACT => return Err(NoText::DigitsLost),
            Cell::Bytes { .. } => return Err(NoText::Binary),
            Cell::NotComputed => return Err(NoText::NotComputed),
            _ => Cow::Owned(self.shown().into()),
        })
    }

    /// The text of a number whose last digits are lost, or that is no number at all: as a program writes it, which
    /// no type of numbers or codes reads. The rest of its row is as good as any. None where it is no such number.
    #[must_use]
    pub fn text_of_too_large(&self) -> Option<String> {
        match self {
            Cell::Float(number) if number.is_infinite() => {
                Some(if *number < 0.0 { "-Infinity" } else { "Infinity" }.to_owned())
            }
            Cell::Float(number) if number.abs() >= EXACT => Some(format!("{number:e}")),
            _ => None,
        }
    }

    /// As [`Cell::text`], with the digits that are left, and bytes in hexadecimal: for what nobody reads
    /// as a value.
    #[must_use]
    pub fn shown(&self) -> CompactString {
        match self {
            Cell::Empty | Cell::NotComputed => CompactString::default(),
            Cell::Text(text) | Cell::Decimal(text) => text.clone(),
            Cell::Whole(number) => number.to_compact_string(),
            // A whole one has no point, a large or small one no exponent; -0 is 0.
            Cell::Float(number) => format_compact!("{}", meant(*number) + 0.0),
            Cell::Bool(true) => CompactString::const_new("true"),
            Cell::Bool(false) => CompactString::const_new("false"),
            Cell::Date(date) => date.to_compact_string(),
            Cell::Time(time) => time.to_compact_string(),
            Cell::DateTime(at) => at.to_compact_string(),
            Cell::Instant(at) => at.to_compact_string(),
            Cell::Span(span) => hours(*span),
            Cell::Bytes { beginning, length } => hexadecimal(beginning, *length),
        }
    }

    /// Whether its text is a number with decimals: what parts them is known, whatever the custom of
    /// its source is.
    #[must_use]
    pub fn has_decimals(&self) -> bool {
        match self {
            Cell::Float(number) => number.is_finite() && number.fract() != 0.0,
            Cell::Decimal(text) => text.contains('.'),
            _ => false,
        }
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// How many bytes it takes, more or less.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Cell::Text(text) | Cell::Decimal(text) => text.len(),
            Cell::Empty => 0,
            _ => 2 * KEPT_BYTES,
        }
    }
}

/// What was meant by a floating-point number with decimals: of what one holds fifteen digits are sure, as spreadsheets show
/// them. What comes after is left over from a sum: `29.990000000000002`. Whole ones are exact as they are.
fn meant(number: f64) -> f64 {
    if !number.is_finite() || number.fract() == 0.0 {
        return number;
    }
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// The text of a number that a program wrote out of a floating-point number, with more digits than one holds. None of one
/// that stands as it was meant: a whole number, one of fewer digits, or one with an exponent, which may be a key that lost
/// its digits.
#[must_use]
pub fn of_written_float(text: &str) -> Option<CompactString> {
    let significant = text.trim_start_matches(['-', '+', '0', '.']);
    let significant = significant.bytes().filter(u8::is_ascii_digit).count();
    if significant <= 15 || !text.contains('.') || text.contains(['e', 'E']) {
        return None;
    }
    let cell = Cell::Float(text.parse().ok()?);
    cell.text().is_ok().then(|| cell.shown())
}

/// `0x00ff`, of many bytes `0x00ff... (1024 bytes)`.
fn hexadecimal(beginning: &[u8], length: u64) -> CompactString {
    let digits = domain::hexadecimal::encode(beginning);
    if beginning.len() as u64 == length {
        return format_compact!("0x{digits}");
    }
    format_compact!("0x{digits}... ({length} bytes)")
}

/// Control characters but tab and line ends stand in no text.
fn is_no_sign_of_text(sign: char) -> bool {
    sign.is_control() && !matches!(sign, '\t' | '\n' | '\r' | '\u{85}')
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
            (Cell::Float(0.1 + 0.2), "0.3"),
            (Cell::Float(29.990_000_000_000_002), "29.99"),
            (Cell::Float(-1.1 - 2.2), "-3.3"),
            (Cell::Float(1.005 * 1000.0), "1005"),
            (Cell::Float(123_456.789_012_345), "123456.789012345"),
            (Cell::Float(4.35 * 100.0), "435"),
            (Cell::Float(0.1 * 3.0), "0.3"),
            (Cell::Float(100.0 / 3.0), "33.3333333333333"),
            (Cell::Float(8.7 - 7.6), "1.1"),
            (Cell::Float(1e15), "1000000000000000"),
            (Cell::Float(1.5), "1.5"),
            (Cell::Float(0.000_000_12), "0.00000012"),
            (Cell::Float(9_007_199_254_740_991.0), "9007199254740991"),
            (Cell::Float(f64::NAN), "NaN"),
            (Cell::Decimal("12.50".into()), "12.50"),
            (Cell::Instant(Timestamp::UNIX_EPOCH), "1970-01-01T00:00:00Z"),
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
        for number in [1_234_567_890_123_456_789.0, EXACT, -EXACT, 1e300] {
            assert_eq!(Cell::Float(number).text(), Err(NoText::DigitsLost), "{number}");
        }
        for number in [f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Cell::Float(number).text(), Err(NoText::Infinite), "{number}");
        }
        assert_eq!(Cell::Float(EXACT).shown(), "9007199254740992");
        for (number, text) in [
            (1e300, Some("1e300")),
            (-2.5e21, Some("-2.5e21")),
            (f64::INFINITY, Some("Infinity")),
            (f64::NEG_INFINITY, Some("-Infinity")),
            (1e18, Some("1e18")),
            (EXACT, Some("9.007199254740992e15")),
            (EXACT - 1.0, None),
            (f64::NAN, None),
        ] {
            assert_eq!(Cell::Float(number).text_of_too_large().as_deref(), text, "{number}");
        }
    }

    #[test]
    fn bytes_are_text_where_they_can_be_and_else_are_shown_and_not_read() {
        for text in ["Zo\u{eb}", "", "two\r\nlines\t"] {
            assert_eq!(Cell::of_bytes(text.as_bytes()), Cell::Text(text.into()));
        }
        for (bytes, shown) in [(&b"\xff\x00"[..], "0xff00"), (b"a\0", "0x6100")] {
            let cell = Cell::of_bytes(bytes);
            assert_eq!((cell.text(), cell.shown().as_str()), (Err(NoText::Binary), shown));
            assert!(!cell.is_empty());
        }
        let picture = Cell::of_bytes(&[0xff; 5000]);
        assert!(picture.shown().ends_with("ff... (5000 bytes)"), "{}", picture.shown());
        assert!(picture.size() < 100);
    }

    #[test]
    fn decimals_are_those_of_numbers() {
        assert!(Cell::Float(1.5).has_decimals());
        assert!(Cell::Decimal("1.500".into()).has_decimals());
        for cell in [
            Cell::Float(2.0),
            Cell::Float(f64::NAN),
            Cell::Text("1.5".into()),
            Cell::Decimal("7".into()),
        ] {
            assert!(!cell.has_decimals(), "{cell:?}");
        }
    }

    #[test]
    fn what_a_program_wrote_out_of_a_float_is_what_was_meant() {
        for (text, meant) in [
            ("0.30000000000000004", Some("0.3")),
            ("29.990000000000002", Some("29.99")),
            ("-3.3000000000000003", Some("-3.3")),
            ("1e15", None),
            ("1.5E3", None),
            ("1.0000000000000000e3", None),
            ("1005.0000000000001", Some("1005")),
            ("33.333333333333336", Some("33.3333333333333")),
            ("29.99", None),
            ("0.000000000000001", None),
            ("12345678901234567890", None),
            ("1234567890123456", None),
            ("1e300", None),
            ("true", None),
        ] {
            assert_eq!(of_written_float(text).as_deref(), meant, "{text}");
        }
    }
}
