//! The values of a column on their way out.

use desk::export::{Cell, Kind};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, Int32Type, Int64Type,
};
use parquet::errors::Result;
use parquet::file::writer::SerializedColumnWriter;

/// The digits of a decimal number, those behind its point, and the bytes that it takes.
pub(crate) const DIGITS: i32 = 38;
pub(crate) const DECIMALS: i32 = 9;
pub(crate) const WIDTH: i32 = 16;

const EPOCH: Date = date(1970, 1, 1);
/// The largest number of 38 digits.
const MOST: i128 = 10_i128.pow(DIGITS as u32) - 1;

/// Values of a kind that wait to be written, and of each row whether it has one.
pub(crate) struct Values {
    held: Held,
    defined: Vec<i16>,
}

enum Held {
    Texts(Vec<ByteArray>),
    Whole(Vec<i64>),
    Numbers(Vec<f64>),
    Decimals(Vec<FixedLenByteArray>),
    Flags(Vec<bool>),
    Days(Vec<i32>),
    Times(Vec<i64>),
}

impl Values {
    pub(crate) fn of(kind: Kind) -> Values {
        let held = match kind {
            Kind::Text => Held::Texts(Vec::new()),
            Kind::Whole => Held::Whole(Vec::new()),
            Kind::Number => Held::Numbers(Vec::new()),
            Kind::Decimal => Held::Decimals(Vec::new()),
            Kind::Flag => Held::Flags(Vec::new()),
            Kind::Date => Held::Days(Vec::new()),
            Kind::Time => Held::Times(Vec::new()),
        };
        Values { held, defined: Vec::new() }
    }

    /// Takes the value of the next row; says how many bytes it takes, more or less.
    pub(crate) fn take(&mut self, cell: &Cell) -> usize {
        let taken = match &mut self.held {
            Held::Texts(values) => push(values, text(cell)),
            Held::Whole(values) => push(values, whole(cell)),
            Held::Numbers(values) => push(values, number(cell)),
            Held::Decimals(values) => push(values, decimal(cell)),
            Held::Flags(values) => push(values, flag(cell)),
            Held::Days(values) => push(values, day(cell)),
            Held::Times(values) => push(values, time(cell)),
        };
        self.defined.push(i16::from(taken));
        match (&self.held, taken) {
            (Held::Texts(texts), true) => texts.last().map_or(0, ByteArray::len),
            _ => 8,
        }
    }

    /// What the last value is, where it is there and none of this kind, or was rounded.
    pub(crate) fn refused(&self, cell: &Cell) -> Option<String> {
        let is_rounded = || matches!(self.held, Held::Decimals(_)) && has_more_decimals(cell);
        let was_taken = self.defined.last() == Some(&1) && !is_rounded();
        (!was_taken).then(|| cell.flat()).filter(|text| !text.is_empty())
    }

    /// Writes what waits.
    pub(crate) fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let defined = std::mem::take(&mut self.defined);
        match &mut self.held {
            Held::Texts(values) => write::<ByteArrayType>(column, values, &defined),
            Held::Whole(values) | Held::Times(values) => {
                write::<Int64Type>(column, values, &defined)
            }
            Held::Numbers(values) => write::<DoubleType>(column, values, &defined),
            Held::Decimals(values) => write::<FixedLenByteArrayType>(column, values, &defined),
            Held::Flags(values) => write::<BoolType>(column, values, &defined),
            Held::Days(values) => write::<Int32Type>(column, values, &defined),
        }
    }
}

fn push<T>(values: &mut Vec<T>, value: Option<T>) -> bool {
    let is_there = value.is_some();
    values.extend(value);
    is_there
}

fn write<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    defined: &[i16],
) -> Result<()> {
    column.typed::<T>().write_batch(values, Some(defined), None)?;
    values.clear();
    Ok(())
}

fn text(cell: &Cell) -> Option<ByteArray> {
    match cell {
        Cell::Absent => None,
        cell => Some(ByteArray::from(cell.flat().into_bytes())),
    }
}

fn whole(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Whole(number) => i64::try_from(*number).ok(),
        _ => None,
    }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(number) => Some(*number),
        _ => None,
    }
}

fn flag(cell: &Cell) -> Option<bool> {
    match cell {
        Cell::Flag(flag) => Some(*flag),
        _ => None,
    }
}

fn day(cell: &Cell) -> Option<i32> {
    let Cell::Text(text) = cell else { return None };
    // A day alone: a time behind it would be lost.
    let day: Date = text.parse().ok().filter(|_| text.len() == "1985-04-25".len())?;
    EPOCH.until(day).ok().map(|span| span.get_days())
}

fn time(cell: &Cell) -> Option<i64> {
    let Cell::Text(text) = cell else { return None };
    text.parse::<Timestamp>().ok().map(Timestamp::as_microsecond)
}

/// Whether a number has digits that are no zeros beyond the places of its column.
fn has_more_decimals(cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return false };
    let behind = text.split_once('.').map_or("", |(_, behind)| behind);
    behind.bytes().skip(DECIMALS as usize).any(|digit| digit != b'0')
}

/// A plain number, rounded where it has more digits behind its point than there are places: what floats
/// leave behind, `0.30000000000000004`. None where it is too large.
fn decimal(cell: &Cell) -> Option<FixedLenByteArray> {
    let Cell::Text(text) = cell else { return None };
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (before, behind) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if before.is_empty() || !is_digits(before) || !is_digits(behind) {
        return None;
    }
    let (kept, rest) = behind.split_at(behind.len().min(DECIMALS as usize));
    let spare = DECIMALS as usize - kept.len();
    let number: i128 = [before, kept].concat().parse().ok()?;
    let number = number + i128::from(rest.bytes().next().is_some_and(|digit| digit >= b'5'));
    let number = number.checked_mul(10_i128.pow(spare as u32)).filter(|it| *it <= MOST)?;
    let number = if text.starts_with('-') { -number } else { number };
    Some(ByteArray::from(number.to_be_bytes().to_vec()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_none_of_its_type_is_not_taken_and_told() {
        let cases = [
            (Kind::Date, "2024-02-29", true),
            (Kind::Date, "0001-01-01", true),
            (Kind::Date, "31.02.2024", false),
            (Kind::Date, "2024-02-30", false),
            (Kind::Date, "2024-02-29T10:00", false),
            (Kind::Decimal, "-1234.5", true),
            (Kind::Decimal, "12345678901234567890123456789.123456789", true),
            (Kind::Decimal, "123456789012345678901234567890", false),
            (Kind::Decimal, "0.12345678900", true),
            (Kind::Decimal, "0.1234567891", false),
            (Kind::Decimal, "0.1234567890123456", false),
            (Kind::Decimal, "0.000000000001", false),
            (Kind::Decimal, "0.30000000000000004", false),
            (Kind::Decimal, "12345678901234567890123456789.9999999999", false),
            (Kind::Decimal, "1.500,5", false),
            (Kind::Decimal, ".5", false),
            (Kind::Decimal, "-", false),
            (Kind::Time, "2026-01-02T10:00:00.000001Z", true),
            (Kind::Time, "yesterday", false),
            (Kind::Whole, "7", false),
            (Kind::Text, "", true),
        ];
        for (kind, value, is_taken) in cases {
            let (mut values, cell) = (Values::of(kind), Cell::text(value));
            values.take(&cell);
            let told = (!is_taken).then(|| value.to_owned());
            assert_eq!(values.refused(&cell), told, "{kind:?} {value}");
            values.take(&Cell::Absent);
            assert_eq!(values.refused(&Cell::Absent), None);
        }
    }
}
