//! Dates that a spreadsheet wrote as what it keeps: days since its first one.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Lower ones are years, or of people long dead.
const LEAST: i32 = 2_200;
/// The end of the century.
const MOST: i32 = 73_050;
/// How far ahead a date may lie that is no one's birth.
const AHEAD: i16 = 20;

/// Day 0 of Excel's calendar as it counts from March 1900 on, and of the one of its first Macs.
const FIRST_DAYS: [Date; 2] = [date(1899, 12, 30), date(1904, 1, 1)];

/// The dates that may be meant, that of the commoner calendar first. A birth lies behind `today`.
pub(super) fn candidates(text: &str, is_birth: bool, today: Date) -> Vec<String> {
    let Some(days) = days(text) else { return Vec::new() };
    let latest = if is_birth { today } else { today.saturating_add(AHEAD.years()) };
    let dates = FIRST_DAYS.iter().filter_map(|first| first.checked_add(days.days()).ok());
    dates.filter(|date| *date <= latest).map(|date| date.to_string()).collect()
}

/// Whole days of a serial number; a time of day is its fraction.
fn days(text: &str) -> Option<i32> {
    let (days, fraction) = text.trim().split_once(['.', ',']).unwrap_or((text.trim(), ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(days) || !is_number(fraction) || !(4..=5).contains(&days.len()) {
        return None;
    }
    days.parse().ok().filter(|days| (LEAST..=MOST).contains(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days_of_either_calendar() {
        let today = date(2026, 11, 28);
        for (text, is_birth, expected) in [
            ("43831", false, "2020-01-01 2024-01-02"),
            ("44197", false, "2021-01-01 2025-01-02"),
            ("30745", true, "1984-03-04 1988-03-05"),
            ("30745.0", true, "1984-03-04 1988-03-05"),
            ("30745.75", true, "1984-03-04 1988-03-05"),
            ("30745,5", true, "1984-03-04 1988-03-05"),
            (" 25569 ", true, "1970-01-01 1974-01-02"),
            ("45500", true, "2024-07-27"),
            ("47500", true, ""),
            ("47500", false, "2030-01-17 2034-01-18"),
            ("1984", true, ""),
            ("2019", false, ""),
            ("840312", true, ""),
            ("99999", false, ""),
            ("3074X", true, ""),
            ("-30745", true, ""),
            ("", true, ""),
        ] {
            assert_eq!(candidates(text, is_birth, today).join(" "), expected, "{text}");
        }
    }
}
