//! Dates in every notation and order.

use jiff::civil::date;

use super::*;

#[test]
fn dates() {
    let table = [
        ("1984-03-12", "US", Some("1984-03-12")),
        ("1984/3/12", "US", Some("1984-03-12")),
        ("1984.03.12", "HU", Some("1984-03-12")),
        ("3/12/1984", "US", Some("1984-03-12")),
        ("3/12/1984", "GB", Some("1984-12-03")),
        ("25/03/1984", "US", Some("1984-03-25")),
        ("03/25/1984", "GB", Some("1984-03-25")),
        ("12.03.1984", "US", Some("1984-03-12")),
        ("12.3.84", "DE", Some("1984-03-12")),
        ("12-03-1984", "DE", Some("1984-03-12")),
        ("19840312", "US", Some("1984-03-12")),
        ("3/12/84", "US", Some("1984-03-12")),
        ("3/12/19", "US", Some("2019-03-12")),
        ("84-03-12", "SE", Some("1984-03-12")),
        ("84-03-12", "DE", Some("1984-03-12")),
        ("3/12/1984", "SE", Some("1984-12-03")),
        ("3/12/1984", "CA", None),
        ("3/25/1984", "CA", Some("1984-03-25")),
        ("03/03/1984", "CA", Some("1984-03-03")),
        ("12.03.1984", "CA", Some("1984-03-12")),
        ("1984-03-12T00:00:00Z", "US", Some("1984-03-12")),
        ("1984-03-12 00:00:00.000", "US", Some("1984-03-12")),
        ("1984-03-12T00:00:00+02:00", "US", Some("1984-03-12")),
        ("3/12/1984 12:00 AM", "US", Some("1984-03-12")),
        ("12.03.1984 0:00", "DE", Some("1984-03-12")),
        ("12 March 1984", "US", Some("1984-03-12")),
        ("March 12th, 1984", "GB", Some("1984-03-12")),
        ("Mon, 12 Mar 1984", "US", Some("1984-03-12")),
        ("12. März 1984", "DE", Some("1984-03-12")),
        ("12 marca 1984", "PL", Some("1984-03-12")),
        ("12 marca 1984 r.", "PL", Some("1984-03-12")),
        ("3 września 1984", "PL", Some("1984-09-03")),
        ("11 listopada 1984", "PL", Some("1984-11-11")),
        ("11. listopada 1984", "HR", None),
        ("11. listopada 1984", "DE", None),
        ("28. října 1984", "CZ", Some("1984-10-28")),
        ("1. června 1984", "CZ", Some("1984-06-01")),
        ("1. července 1984", "CZ", Some("1984-07-01")),
        ("1. červ 1984", "CZ", None),
        ("17. listopadu 1984", "CZ", Some("1984-11-17")),
        ("1984. március 15.", "HU", Some("1984-03-15")),
        ("1984. okt. 23.", "HU", Some("1984-10-23")),
        ("9 мая 1984", "RU", Some("1984-05-09")),
        ("9 мая 1984 г.", "RU", Some("1984-05-09")),
        ("12 ДЕКАБРЯ 1984", "RU", Some("1984-12-12")),
        ("29 Ekim 1984", "TR", Some("1984-10-29")),
        ("23 NİSAN 1984", "TR", Some("1984-04-23")),
        ("10 Kasım 1984", "TR", Some("1984-11-10")),
        ("10 KASIM 1984", "TR", Some("1984-11-10")),
        ("12 jui 1984", "FR", None),
        ("1er août 1984", "FR", Some("1984-08-01")),
        ("12 juillet 1984", "FR", Some("1984-07-12")),
        ("12-Mar-84", "GB", Some("1984-03-12")),
        ("12 de marzo de 1984", "ES", Some("1984-03-12")),
        ("1984年3月12日", "JP", Some("1984-03-12")),
        ("1984-02-30", "US", None),
        ("1984-25-03", "US", None),
        ("1984-13-13", "US", None),
        ("30745", "US", None),
        ("12/1984", "US", None),
        ("1984", "US", None),
        ("12 Foo 1984", "US", None),
        ("2023-02-29", "US", None),
        ("2024-02-29", "US", Some("2024-02-29")),
        ("0000-01-01", "US", None),
        ("1 2 3 4", "US", None),
    ];
    for (text, region, expected) in table {
        let context = Context::of(region, date(2026, 11, 28));
        assert_eq!(standard(text, &context, true).as_deref(), expected, "{text} in {region}");
    }
}

#[test]
fn a_two_digit_year_is_told_by_the_day_it_is_read() {
    let autumn = date(2026, 11, 28);
    for (text, today, birth, expected) in [
        ("2/3/27", autumn, true, "1927-02-03"),
        ("2/3/27", date(2027, 2, 2), true, "1927-02-03"),
        ("2/3/27", date(2027, 2, 3), true, "2027-02-03"),
        ("2/3/27", date(2028, 1, 1), true, "2027-02-03"),
        ("12/1/26", autumn, true, "1926-12-01"),
        ("1/1/26", autumn, true, "2026-01-01"),
        ("1/1/40", autumn, true, "1940-01-01"),
        ("1/1/40", autumn, false, "2040-01-01"),
        ("1/1/47", autumn, false, "1947-01-01"),
        ("1/1/47", date(2031, 1, 1), false, "2047-01-01"),
        ("2/29/00", autumn, true, "2000-02-29"),
        ("1/1/02", date(2095, 1, 1), false, "2102-01-01"),
    ] {
        let read = standard(text, &Context::of("US", today), birth);
        assert_eq!(read.as_deref(), Some(expected), "{text} on {today}");
    }
}

#[test]
fn a_time_of_birth_is_no_date_unless_it_was_midnight_at_its_source() {
    let context = Context::of("DE", date(2026, 11, 28));
    let at_source = Context { zone: Some("Europe/Berlin"), ..context };
    for (text, expected) in [
        ("1985-04-02T22:00:00Z", Some("1985-04-03")),
        ("1985-01-02T23:00:00Z", Some("1985-01-03")),
        ("1985-01-02 23:00:00+00:00", Some("1985-01-03")),
        ("1985-04-02T21:00:00Z", None),
        ("1985-04-02 10:15", None),
        ("02.04.1985 22:00", None),
        ("1985-04-02 noon:ish", None),
    ] {
        assert_eq!(standard(text, &context, true), None, "{text}");
        assert_eq!(standard(text, &at_source, true).as_deref(), expected, "{text}");
    }
    let other = standard("1985-04-02T22:00:00Z", &context, false);
    assert_eq!(other.as_deref(), Some("1985-04-02"), "an appointment is no birth");
}

#[test]
fn an_order_that_is_given_is_the_only_one() {
    use DateOrder::{DayFirst, MonthFirst, YearFirst};
    for (text, order, expected) in [
        ("03/04/1985", DayFirst, Some("1985-04-03")),
        ("03/04/1985", MonthFirst, Some("1985-03-04")),
        ("03/04/1985", YearFirst, None),
        ("25/04/1985", DayFirst, Some("1985-04-25")),
        ("25/04/1985", MonthFirst, None),
        ("04/25/1985", DayFirst, None),
        ("03-04-85", DayFirst, Some("1985-04-03")),
        ("03-04-05", YearFirst, Some("2003-04-05")),
        ("1985-04-03", DayFirst, Some("1985-04-03")),
        ("3 April 1985", MonthFirst, Some("1985-04-03")),
        ("19850403", MonthFirst, Some("1985-04-03")),
    ] {
        let dates = Dates { plain: Some(order), ..Dates::default() };
        let context = Context { dates, ..Context::of("US", date(2026, 11, 28)) };
        assert_eq!(standard(text, &context, true).as_deref(), expected, "{text} {order}");
    }
    let dates = Dates { dotted: Some(MonthFirst), ..Dates::default() };
    let context = Context { dates, ..Context::of("DE", date(2026, 11, 28)) };
    assert_eq!(standard("03.04.1985", &context, true).as_deref(), Some("1985-03-04"));
    assert_eq!(standard("03/04/1985", &context, true).as_deref(), Some("1985-04-03"));
}

#[test]
fn what_a_date_allows() {
    let context = Context::of("US", date(2026, 11, 28));
    for (text, expected) in [
        ("03/04/1985", "dm"),
        ("25/04/1985", "d"),
        ("04/25/1985", "m"),
        ("03-04-85", "dm"),
        ("03-04-05", "dmy"),
        ("85-04-25", "y"),
        ("25-04-11", "dy"),
        ("25.04.1985", "d."),
        ("25. 4. 1985.", "d."),
        ("03.04.1985 10:15", "dm."),
        ("03/03/1985", ""),
        ("03/03/03", ""),
        ("1985-04-03", ""),
        ("3 April 1985", ""),
        ("19850403", ""),
        ("31/02/1985", ""),
        ("03/04", ""),
        ("n/a", ""),
        ("", ""),
    ] {
        let told = allowed(text, &context, true).map_or_else(String::new, |allowed| {
            let letters = allowed.orders().map(|order| &order.name()[..1]);
            let letters: String = letters.collect();
            format!("{letters}{}", if allowed.dotted { "." } else { "" })
        });
        assert_eq!(told, expected, "{text}");
    }
}

#[test]
fn only_centuries_apart() {
    assert!(differ_by_century("1927-02-03", "2027-02-03"));
    for (one, other) in
        [("1927-02-03", "1927-02-03"), ("1927-02-03", "2027-03-02"), ("+15550104477", "x")]
    {
        assert!(!differ_by_century(one, other));
    }
}
