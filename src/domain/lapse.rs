//! A length of time in whole days, weeks, months or years, as people and laws say it.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::counted;

/// A length of time: `30 days`, `24 months`, `10 years`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lapse {
    count: u16,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Days,
    Weeks,
    Months,
    Years,
}

impl Unit {
    fn of(word: &str) -> Option<Unit> {
        Some(match word {
            "d" | "day" | "days" => Unit::Days,
            "w" | "week" | "weeks" => Unit::Weeks,
            "month" | "months" => Unit::Months,
            "y" | "year" | "years" => Unit::Years,
            _ => return None,
        })
    }

    /// The largest number of it that is still a length a person can mean: two centuries.
    fn most(self) -> u16 {
        match self {
            Unit::Days => 36_500,
            Unit::Weeks => 10_400,
            Unit::Months => 2_400,
            Unit::Years => 200,
        }
    }
}

impl Lapse {
    /// What a text that is none should have been.
    pub const EXPECTED: &'static str =
        "a number of days, weeks, months or years, such as \"36 months\"";

    /// So many days.
    #[must_use]
    pub fn days(count: u16) -> Lapse {
        Lapse { count: count.min(Unit::Days.most()), unit: Unit::Days }
    }

    /// So many months.
    #[must_use]
    pub fn months(count: u16) -> Lapse {
        Lapse { count: count.min(Unit::Months.most()), unit: Unit::Months }
    }

    /// The day so long after another; the last day there is where the calendar ends before. A month after
    /// 31 January is the last day of February.
    #[must_use]
    pub fn after(self, day: Date) -> Date {
        self.span().map_or(Date::MAX, |span| day.saturating_add(span))
    }

    /// It as a span; none where it is longer than any calendar.
    fn span(self) -> Option<Span> {
        let count = i64::from(self.count);
        let span = match self.unit {
            Unit::Days => Span::new().try_days(count),
            Unit::Weeks => Span::new().try_weeks(count),
            Unit::Months => Span::new().try_months(count),
            Unit::Years => Span::new().try_years(count),
        };
        span.ok()
    }
}

impl Lapse {
    /// The day so long before another; the first day there is where the calendar begins after.
    #[must_use]
    pub fn before(self, day: Date) -> Date {
        self.span().map_or(Date::MIN, |span| day.saturating_sub(span))
    }

    /// Both lengths as one; none where they are counted in different units, which nobody can add.
    #[must_use]
    pub fn plus(self, other: Lapse) -> Option<Lapse> {
        let count = self.count.saturating_add(other.count).min(self.unit.most());
        (self.unit == other.unit).then_some(Lapse { count, unit: self.unit })
    }
}

impl FromStr for Lapse {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim().to_ascii_lowercase();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, word) = text.split_at(digits);
        let count: u16 = count.parse().map_err(|_| ())?;
        let unit = Unit::of(word.trim()).ok_or(())?;
        if (1..=unit.most()).contains(&count) { Ok(Lapse { count, unit }) } else { Err(()) }
    }
}

impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, many) = match self.unit {
            Unit::Days => ("day", "days"),
            Unit::Weeks => ("week", "weeks"),
            Unit::Months => ("month", "months"),
            Unit::Years => ("year", "years"),
        };
        f.write_str(&counted(u64::from(self.count), one, many))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_people_write_is_read_and_written_back() {
        for (text, told) in [
            ("24 months", "24 months"),
            ("1 month", "1 month"),
            ("10years", "10 years"),
            (" 30 D ", "30 days"),
            ("2w", "2 weeks"),
            ("1 Year", "1 year"),
        ] {
            let lapse: Lapse = text.parse().unwrap();
            assert_eq!(lapse.to_string(), told);
            assert_eq!(told.parse(), Ok(lapse));
        }
        for text in [
            "",
            "months",
            "0 days",
            "-3 days",
            "3",
            "3 moons",
            "99999 days",
            "201 years",
            "3m",
            "1.5 years",
        ] {
            assert_eq!(text.parse::<Lapse>(), Err(()), "{text}");
        }
    }

    #[test]
    fn months_end_with_their_month_and_the_calendar_with_its_last_day() {
        let after = |text: &str, day| text.parse::<Lapse>().unwrap().after(day);
        assert_eq!(after("1 month", date(2026, 1, 31)), date(2026, 2, 28));
        assert_eq!(after("12 months", date(2024, 2, 29)), date(2025, 2, 28));
        assert_eq!(after("30 days", date(2026, 11, 30)), date(2026, 12, 30));
        assert_eq!(after("200 years", date(9900, 1, 1)), Date::MAX);
    }
}
