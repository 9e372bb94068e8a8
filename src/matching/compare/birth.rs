//! Dates of birth: swapped day and month, slipped digits, wrong years.

use domain::FieldType;

use super::super::columns::Columns;
use super::super::facts::{Date, one_digit_off};
use super::super::layout::{Aspect, Layout};
use super::super::portrait::Kind;
use super::super::splink::Dialect;
use super::super::splink::levels as sql;
use super::super::text::one_edit;
use super::{
    Agreement, Cache, Comparison, ComparisonSpec, Crowd, Learning, Level, Says, best_crosswise,
    level,
};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;
/// See [`SAME`].
pub(crate) const FIRST_CONFLICT: u8 = 4;

pub(crate) static SPEC: ComparisonSpec = ComparisonSpec {
    kinds: &[Kind::Person],
    aspects: &[Aspect::Birth],
    counted: &[Aspect::Birth],
    learning: [Learning::Free, Learning::Believed, Learning::AsUnrelated],
    pairs_by_value,
    fetch: |columns, row| columns.facts().dates[columns.value(Aspect::Birth, row) as usize].0,
    agrees: |level| Agreement::by_chance(level == SAME, Aspect::Birth),
    says: |_, level| Says {
        identified: u8::from(level == SAME),
        contradicts: level >= FIRST_CONFLICT,
        one_generation: level == SAME,
        ..Says::default()
    },
    tells_relatives_apart: true,
    only_one: true,
    crowd: Crowd::FarCommoner,
    judges: &[FieldType::DateOfBirth],
    words: |_, level| match level {
        1 => "day/month swapped",
        2 => "one digit",
        3 => "two of three agree",
        4 => "same year",
        _ => "",
    },
    ..ComparisonSpec::usual("birth", "date of birth", || &LEVELS, grade, carried)
};

pub(crate) const LEVELS: [Level; 6] = [
    level("same date", [0.85, 0.01, 5e-5, 5e-5]),
    level("day and month swapped", [0.02, 5e-5, 5e-5, 2e-5]),
    level("one digit differs", [0.05, 0.003, 1e-3, 1e-3]),
    level("two of day, month and year agree", [0.03, 0.005, 3e-3, 3e-3]),
    level("same year", [0.01, 0.06, 0.015, 0.015]),
    level("dates differ", [0.04, 0.92, 0.98, 0.98]),
];

fn grade(columns: &Columns, _: u8, a: u32, b: u32, _: &mut Cache) -> u8 {
    let dates = &columns.facts().dates;
    best_crosswise(columns, Aspect::Birth, a, b, |left, right| {
        match (dates[left as usize], dates[right as usize]) {
            (Date(0), _) | (_, Date(0)) => {
                compare(columns.text(Aspect::Birth, left), columns.text(Aspect::Birth, right))
            }
            (left, right) => compare_dates(left, right),
        }
    })
    .map_or(0, |level| level + 1)
}

/// Exact counts of the same dates and of those with day and month swapped.
fn pairs_by_value(columns: &Columns, rows: &[u32]) -> Vec<Option<f64>> {
    if columns.slots(Aspect::Birth) != 1 {
        return Vec::new();
    }
    let mut counts = vec![0_u64; columns.pool(Aspect::Birth).len()];
    rows.iter().for_each(|row| counts[columns.value(Aspect::Birth, *row) as usize] += 1);
    counts[0] = 0;
    let dates = &columns.facts().dates;
    let mut days: Vec<(Date, u64)> = dates.iter().copied().zip(counts.iter().copied()).collect();
    days.retain(|(date, count)| *date != Date::default() && *count > 0);
    days.sort_unstable();
    let same: u64 = counts.iter().map(|count| count * count.saturating_sub(1) / 2).sum();
    let swapped = days.iter().filter_map(|(date, count)| {
        let other = date.swapped();
        let at = days.binary_search_by_key(&other, |(date, _)| *date).ok();
        at.filter(|_| *date < other).map(|at| count * days[at].1)
    });
    vec![Some(same as f64), Some(swapped.sum::<u64>() as f64)]
}

/// Two different dates in digits.
fn compare_dates(a: Date, b: Date) -> u8 {
    let same_year = a.year() == b.year();
    if same_year && a.month() == b.day() && a.day() == b.month() {
        return 1;
    }
    // Hyphens stand between year, month and day: digits on both sides of one are no neighbours.
    let spread = |date: Date| {
        u64::from(date.year()) << 24 | u64::from(date.month()) << 12 | u64::from(date.day())
    };
    if one_digit_off(spread(a), spread(b)) {
        return 2;
    }
    let agreeing =
        u8::from(same_year) + u8::from(a.month() == b.month()) + u8::from(a.day() == b.day());
    match agreeing {
        2.. => 3,
        _ if same_year => 4,
        _ => 5,
    }
}

/// Two different dates as texts.
fn compare(a: &str, b: &str) -> u8 {
    let (Some(left), Some(right)) = (parts(a), parts(b)) else { return 5 };
    if left.0 == right.0 && left.1 == right.2 && left.2 == right.1 {
        return 1;
    }
    if a.len() == b.len() && one_edit(a, b) {
        return 2;
    }
    let agreeing = usize::from(left.0 == right.0)
        + usize::from(left.1 == right.1)
        + usize::from(left.2 == right.2);
    match agreeing {
        2.. => 3,
        _ if left.0 == right.0 => 4,
        _ => 5,
    }
}

/// Year, month and day of an ISO date.
fn parts(date: &str) -> Option<(&str, &str, &str)> {
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    Some((year, month, day))
}

fn carried(comparison: &Comparison, _: &Layout, dialect: Dialect) -> sql::CarriedTable {
    let columns = sql::Columns::of(comparison, dialect);
    let year = |date: &str| dialect.part(date, 1, 4);
    let month = |date: &str| dialect.part(date, 6, 2);
    let day = |date: &str| dialect.part(date, 9, 2);
    let swapped = |l: &str, r: &str| {
        format!(
            "{} = {} and {} = {} and {} = {}",
            year(l),
            year(r),
            month(l),
            day(r),
            day(l),
            month(r)
        )
    };
    let two = |l: &str, r: &str| {
        let (years, months, days) = (
            format!("{} = {}", year(l), year(r)),
            format!("{} = {}", month(l), month(r)),
            format!("{} = {}", day(l), day(r)),
        );
        format!("({years} and {months}) or ({years} and {days}) or ({months} and {days})")
    };
    let same_year = |l: &str, r: &str| format!("{} = {}", year(l), year(r));
    sql::CarriedTable {
        null: columns.missing(),
        levels: vec![
            sql::level("same date", columns.equal(), &[0]),
            sql::level("day and month swapped", columns.any(swapped), &[1]),
            sql::level("one digit differs", columns.any(|l, r| dialect.edits(l, r, 1)), &[2]),
            sql::level("two of day, month and year agree", columns.any(two), &[3]),
            sql::level("same year", columns.any(same_year), &[4]),
            sql::otherwise("dates differ", &[5]),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (a, b, expected) in [
            ("1971-06-05", "1971-05-06", 1),
            ("1971-06-24", "1971-05-24", 2),
            ("1967-06-24", "1976-06-24", 2),
            ("1971-06-24", "1971-06-03", 3),
            ("1971-06-24", "1988-06-24", 3),
            ("1971-06-24", "1971-11-03", 4),
            ("1971-06-24", "1982-11-03", 5),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected, "{b} {a}");
            assert_eq!(compare_dates(Date::new(a), Date::new(b)), expected, "{a} {b} in digits");
        }
    }
}
