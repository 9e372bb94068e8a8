//! Dates with the year in front whose day and month may have changed places: `1985-03-04` beside
//! `1985-25-04`, or beside nothing but `25/04/1985`.

use super::{Column, Evidence, Kind};
use crate::harmonise::date::YearLed;
use domain::{DateOrder, Reading, SwapCause, SwappedDates};

/// So many dates that can only be year-month-day to one that cannot, and that one is an error.
const OUTNUMBERED: u64 = 10;

/// What comes by chance more often than this is said, and no more.
const CHANCE: f64 = 0.1;

/// The dates of a column that have the year in front.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct YearLedDates {
    month_first: Seen,
    day_first: Seen,
    either: Seen,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    values: u64,
    /// The line of the first.
    line: u64,
}

impl YearLedDates {
    /// Counts one.
    pub(super) fn note(&mut self, led: YearLed, line: u64) {
        let seen = match led {
            YearLed::MonthFirst => &mut self.month_first,
            YearLed::DayFirst => &mut self.day_first,
            YearLed::Either => &mut self.either,
            YearLed::Same => return,
        };
        if seen.values == 0 {
            seen.line = line;
        }
        seen.values += 1;
    }
}

/// Says of which fields those dates may be swapped.
pub(super) fn decide(columns: &[Column], evidence: &Evidence<'_>, reading: &mut Reading) {
    for column in columns.iter().filter(|column| matches!(column.kind, Kind::Date { .. })) {
        let declared = evidence.source.conventions.dates.of(column.field.as_str());
        // Somebody says that the year is in front, and what comes behind it then.
        if declared == Some(DateOrder::YearFirst) {
            continue;
        }
        if let Some(swapped) = column.swapped() {
            reading.swapped_dates.insert(column.field.clone(), swapped);
        }
    }
}

impl Column {
    fn swapped(&self) -> Option<SwappedDates> {
        let YearLedDates { month_first, day_first, either } = self.year_led;
        let of = |cause, shown| {
            Some(SwappedDates { cause, shown, values: either.values, line: either.line })
        };
        if day_first.values * OUTNUMBERED > month_first.values {
            return of(SwapCause::DayBeforeMonth, day_first.line);
        }
        if day_first.values > 0 || month_first.values > 0 || either.values == 0 {
            return None;
        }
        // Every text that could be turned into a date was.
        let is_left = |order: DateOrder, other: DateOrder| {
            self.values.rather(order, other).filter(|left| {
                left.values == self.values.values() && self.values.against(order).is_none()
            })
        };
        let (day, month) = (DateOrder::DayFirst, DateOrder::MonthFirst);
        let left = is_left(day, month).or_else(|| is_left(month, day))?;
        // Twelve days of thirty are a month as well, eighteen are not.
        let power = |values: u64| i32::try_from(values).unwrap_or(i32::MAX);
        let chance = 0.4_f64.powi(power(either.values)) * 0.6_f64.powi(power(left.values));
        let is_certain = chance < CHANCE;
        let cause =
            if is_certain { SwapCause::HalfConverted } else { SwapCause::PerhapsHalfConverted };
        of(cause, left.line)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{decide, settings};
    use super::*;
    use crate::harmonise::Records;
    use domain::{FieldName, Place};
    use jiff::civil::date;

    /// What is said of a column, and its values as they are read: `?` for one that is not.
    fn told(region: &str, lines: &str, values: &[&str]) -> (Option<SwapCause>, String) {
        let settings = settings(Some(region), lines);
        let reading = decide(&settings, &[("born", values)], &[]).unwrap();
        let mut records = Records::of(&settings, "crm", &reading, date(2026, 11, 30));
        let mut read = |raw: &str| {
            let record = records.read([(FieldName::new("born"), raw)]);
            record.values.standard("born").unwrap_or("?").to_owned()
        };
        let read: Vec<String> = values.iter().map(|raw| read(raw)).collect();
        let cause = reading.swapped_dates.get(&FieldName::new("born")).map(|it| it.cause);
        (cause, read.join(" "))
    }

    #[test]
    fn a_day_before_its_month_makes_the_others_doubtful() {
        let day = Some(SwapCause::DayBeforeMonth);
        for (lines, values, cause, read) in [
            ("", &["1985-25-04", "1985-03-04"][..], day, "? ?"),
            ("", &["1985/25/04", "1985/03/04", "1985/05/05"], day, "? ? 1985-05-05"),
            ("", &["1985-03-04", "1970-31-12", "1985-03-04 00:00:00"], day, "? ? ?"),
            ("", &["1985-25-04", "1985-04-25", "1985-03-04"], day, "? 1985-04-25 ?"),
            ("", &["1985-25-04"], day, "?"),
            ("", &["1985.25.04", "1985.03.04"], day, "? ?"),
            ("dates='day-first'", &["1985-25-04", "1985-03-04"], day, "? ?"),
            ("dates='year-first'", &["1985-25-04", "1985-03-04"], None, "? 1985-03-04"),
            ("", &["1985-04-25", "1985-03-04"], None, "1985-04-25 1985-03-04"),
            ("", &["1985-03-04", "1985-05-06"], None, "1985-03-04 1985-05-06"),
            ("", &["1985-31-02", "1985-03-04"], None, "? 1985-03-04"),
            ("", &["1985-13-13", "1985-03-04", ""], None, "? 1985-03-04 ?"),
            ("", &["19852504", "1985-03-04"], None, "? 1985-03-04"),
        ] {
            assert_eq!(told("US", lines, values), (cause, read.to_owned()), "{lines} {values:?}");
        }
        // One among many is an error.
        let mut values = vec!["1985-04-25"; 20];
        values.extend(["1985-25-04", "1985-03-04"]);
        let (cause, read) = told("US", "", &values);
        assert!(cause.is_none() && read.ends_with("? 1985-03-04"), "{read}");
    }

    #[test]
    fn what_a_spreadsheet_half_converted_is_doubtful() {
        let half = Some(SwapCause::HalfConverted);
        let perhaps = Some(SwapCause::PerhapsHalfConverted);
        for (region, values, cause, read) in [
            ("US", &["1985-03-04", "25/04/1985", "1985-12-11"][..], half, "? 1985-04-25 ?"),
            ("GB", &["1985-03-04", "04/25/1985", "1985-12-11"], half, "? 1985-04-25 ?"),
            ("DE", &["1990-07-02", "13-07-1990", "1990-08-02"], half, "? 1990-07-13 ?"),
            ("US", &["1985-03-04 00:00:00", "25/04/1985", "1985/12/11"], half, "? 1985-04-25 ?"),
            (
                "US",
                &["1990-07-02", "13/07/1990", "1992-11-11"],
                perhaps,
                "1990-07-02 1990-07-13 1992-11-11",
            ),
            ("US", &["1985-03-04", "25/04/1985"], perhaps, "1985-03-04 1985-04-25"),
            // A real date with a day after the 12th was no text in the other order.
            (
                "US",
                &["1985-03-25", "25/04/1985", "1985-03-04"],
                None,
                "1985-03-25 1985-04-25 1985-03-04",
            ),
            // A text that could have been turned was not.
            (
                "GB",
                &["1985-03-04", "25/04/1985", "03/04/1985"],
                None,
                "1985-03-04 1985-04-25 1985-04-03",
            ),
            ("US", &["1985-03-04", "25.04.1985"], None, "1985-03-04 1985-04-25"),
            ("US", &["1985-03-03", "25/04/1985"], None, "1985-03-03 1985-04-25"),
            ("US", &["1985-03-04", "25 April 1985"], None, "1985-03-04 1985-04-25"),
            ("US", &["1985-03-04", "soon", "31/02/1985"], None, "1985-03-04 ? ?"),
            ("US", &["1985-03-04", "1985-05-06"], None, "1985-03-04 1985-05-06"),
        ] {
            assert_eq!(told(region, "", values), (cause, read.to_owned()), "{values:?}");
        }
        let settings = settings(Some("US"), "");
        let columns: &[(&str, &[&str])] = &[("born", &["1985-03-04", "25/04/1985"])];
        let reading = decide(&settings, columns, &[]).unwrap();
        assert!(reading.remarks(Place::Line)[0].starts_with("check 1 date (line 2) of born"));
    }
}
