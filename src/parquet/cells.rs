//! Values as cells.

use compact_str::{CompactString, format_compact};
use intake::acquire::Cell;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, date};
use jiff::{SignedDuration, Span};
use parquet::data_type::Int96;

use super::leaf::{Kind, Unit};

const EPOCH: Date = date(1970, 1, 1);
/// The number that astronomers give the first of January 1970.
const EPOCH_IN_JULIAN_DAYS: i64 = 2_440_588;

/// A value of a column of whole numbers.
pub(crate) fn whole(kind: Kind, number: i64, unsigned: u64) -> Cell {
    match kind {
        Kind::Unsigned => Cell::Whole(unsigned.into()),
        Kind::Decimal(scale) => decimal(number.into(), scale),
        Kind::Date => day(number).map_or_else(|| beyond(number), Cell::Date),
        Kind::Time(unit) => time(number, unit),
        Kind::Timestamp { unit, utc } => {
            moment(i128::from(number) * unit.nanoseconds(), utc).unwrap_or_else(|| beyond(number))
        }
        _ => Cell::Whole(number.into()),
    }
}

/// What no calendar holds stays the number that it is.
fn beyond(number: i64) -> Cell {
    Cell::Whole(number.into())
}

fn day(number: i64) -> Option<Date> {
    EPOCH.checked_add(Span::new().try_days(number).ok()?).ok()
}

fn time(number: i64, unit: Unit) -> Cell {
    let nanoseconds = i128::from(number) * unit.nanoseconds();
    let since = i64::try_from(nanoseconds).ok().filter(|it| *it >= 0);
    let time =
        since.and_then(|it| Time::midnight().checked_add(SignedDuration::from_nanos(it)).ok());
    time.map_or_else(|| beyond(number), Cell::Time)
}

/// A point in time, or the day and time of no zone.
fn moment(nanoseconds: i128, utc: bool) -> Option<Cell> {
    let at = Timestamp::from_nanosecond(nanoseconds).ok()?;
    Some(if utc { Cell::Instant(at) } else { Cell::DateTime(civil(at)) })
}

fn civil(at: Timestamp) -> DateTime {
    at.to_zoned(jiff::tz::TimeZone::UTC).datetime()
}

/// Nobody says of which zone these are.
pub(crate) fn int96(value: &Int96) -> Cell {
    let [low, high, julian] = *value.data() else { return Cell::Empty };
    let nanoseconds = (u64::from(high) << 32 | u64::from(low)).cast_signed();
    let days = i64::from(julian.cast_signed()) - EPOCH_IN_JULIAN_DAYS;
    let all = i128::from(days) * 86_400_000_000_000 + i128::from(nanoseconds);
    moment(all, false).unwrap_or(Cell::Whole(all))
}

/// A number whose last `scale` digits are decimals.
pub(crate) fn decimal(number: i128, scale: u32) -> Cell {
    Cell::Decimal(with_point(&number.unsigned_abs().to_string(), number < 0, scale))
}

fn with_point(digits: &str, is_negative: bool, scale: u32) -> CompactString {
    let (sign, scale) = (if is_negative { "-" } else { "" }, scale as usize);
    if scale == 0 {
        return format_compact!("{sign}{digits}");
    }
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, decimals) = digits.split_at(digits.len() - scale);
    format_compact!("{sign}{whole}.{decimals}")
}

/// The shortest text of a small float is that of what was meant.
pub(crate) fn small_float(number: f32) -> Cell {
    Cell::Float(number.to_string().parse().unwrap_or(f64::from(number)))
}

/// A value of a column of bytes.
pub(crate) fn bytes(kind: Kind, value: &[u8]) -> Cell {
    let fixed = match kind {
        Kind::Decimal(scale) => signed(value).map(|number| decimal(number, scale)),
        Kind::Uuid => <[u8; 16]>::try_from(value).ok().map(uuid),
        Kind::Half => <[u8; 2]>::try_from(value).ok().map(|it| half(u16::from_le_bytes(it))),
        // Text says that it is text.
        Kind::Text => std::str::from_utf8(value).ok().map(|text| Cell::Text(text.into())),
        _ => None,
    };
    fixed.unwrap_or_else(|| Cell::of_bytes(value))
}

/// A number with its high byte first.
fn signed(value: &[u8]) -> Option<i128> {
    let first = *value.first()?;
    let sign = if first & 0x80 == 0 { 0 } else { 0xff };
    let spare = value.len().saturating_sub(16);
    let (spare, value) = value.split_at(spare);
    if spare.iter().any(|byte| *byte != sign) || (value[0] & 0x80) != (sign & 0x80) {
        return None;
    }
    let mut wide = [sign; 16];
    wide[16 - value.len()..].copy_from_slice(value);
    Some(i128::from_be_bytes(wide))
}

fn uuid(bytes: [u8; 16]) -> Cell {
    let all = u128::from_be_bytes(bytes);
    let part = |from: u32, digits: u32| (all >> from) & ((1 << (4 * digits)) - 1);
    Cell::Text(format_compact!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        part(96, 8),
        part(80, 4),
        part(64, 4),
        part(48, 4),
        part(0, 12)
    ))
}

/// A floating-point number of sixteen bits.
fn half(bits: u16) -> Cell {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff) / 1024.0);
    Cell::Float(
        sign * match exponent {
            0 => fraction * 2f64.powi(-14),
            0x1f if fraction == 0.0 => f64::INFINITY,
            0x1f => f64::NAN,
            _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_has_its_point_where_it_belongs() {
        for (number, scale, expected) in [
            (1250, 2, "12.50"),
            (-5, 2, "-0.05"),
            (0, 3, "0.000"),
            (7, 0, "7"),
            (-123_456_789_012_345_678_901_234_567, 4, "-12345678901234567890123.4567"),
        ] {
            assert_eq!(decimal(number, scale), Cell::Decimal(expected.into()));
        }
        for (value, expected) in [
            (&[0x04, 0xe2][..], Some(1250)),
            (&[0xff], Some(-1)),
            (&[0xff; 20], Some(-1)),
            (&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], Some(9)),
            (&[1; 17], None),
            (&[], None),
        ] {
            assert_eq!(signed(value), expected);
        }
    }

    #[test]
    fn days_times_and_moments_are_what_they_count() {
        let utc = Kind::Timestamp { unit: Unit::Milliseconds, utc: true };
        let local = Kind::Timestamp { unit: Unit::Nanoseconds, utc: false };
        for (kind, number, expected) in [
            (Kind::Date, 19_782, "2024-02-29"),
            (Kind::Date, -1, "1969-12-31"),
            (Kind::Date, i64::from(i32::MAX), "2147483647"),
            (Kind::Time(Unit::Microseconds), 25_500_000_001, "07:05:00.000001"),
            (Kind::Time(Unit::Milliseconds), -1, "-1"),
            (Kind::Time(Unit::Milliseconds), i64::MAX, "9223372036854775807"),
            (utc, 1_709_251_141_500, "2024-02-29T23:59:01.5Z"),
            (utc, i64::MAX, "9223372036854775807"),
            (local, 1_709_251_141_500_000_000, "2024-02-29T23:59:01.5"),
            (Kind::Unsigned, -1, "18446744073709551615"),
        ] {
            assert_eq!(whole(kind, number, number.cast_unsigned()).shown(), expected, "{kind:?}");
        }
        let mut old = Int96::new();
        let nanoseconds = 86_341_500_000_000_u64;
        old.set_data(nanoseconds as u32, (nanoseconds >> 32) as u32, 2_460_370);
        assert_eq!(int96(&old).shown(), "2024-02-29T23:59:01.5");
    }

    #[test]
    fn other_bytes_are_what_their_column_says() {
        assert_eq!(bytes(Kind::Text, "Zoë\0".as_bytes()), Cell::Text("Zoë\0".into()));
        assert_eq!(bytes(Kind::Bytes, b"Omaha"), Cell::Text("Omaha".into()));
        assert!(matches!(bytes(Kind::Text, b"\xff"), Cell::Bytes { .. }));
        let uuid = bytes(Kind::Uuid, &(1..=16).collect::<Vec<u8>>());
        assert_eq!(uuid.shown(), "01020304-0506-0708-090a-0b0c0d0e0f10");
        for (bits, number) in [(0x3c00, 1.0), (0xc100, -2.5), (0x0001, 5.960_464_477_539_063e-8)] {
            assert_eq!(half(bits), Cell::Float(number));
        }
        assert_eq!(small_float(0.1), Cell::Float(0.1));
    }
}
