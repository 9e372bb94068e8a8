use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn deadlines(due: &str, extend: &str) -> Deadlines {
    Deadlines { due: due.parse().unwrap(), extend: extend.parse().unwrap() }
}

#[test]
fn a_month_ends_on_its_day_or_with_its_last() {
    let usual = deadlines("1 month", "2 months");
    for (received, due, extended) in [
        (date(2026, 11, 30), date(2026, 12, 30), date(2027, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)),
        (date(2024, 1, 31), date(2024, 2, 29), date(2024, 4, 30)),
        (date(2024, 1, 30), date(2024, 2, 29), date(2024, 4, 30)),
        (date(2024, 2, 29), date(2024, 3, 29), date(2024, 5, 29)),
        (date(2023, 11, 30), date(2023, 12, 30), date(2024, 2, 29)),
        (date(2026, 12, 31), date(2027, 1, 31), date(2027, 3, 31)),
        (date(2026, 5, 31), date(2026, 6, 30), date(2026, 8, 31)),
        (date(2026, 6, 15), date(2026, 7, 15), date(2026, 9, 15)),
    ] {
        assert_eq!(usual.due(received), due, "{received}");
        assert_eq!(usual.extended(received), extended, "{received}");
    }
    // Lengths of different units follow each other.
    let days = deadlines("30 days", "1 month");
    assert_eq!(days.extended(date(2026, 1, 1)), date(2026, 2, 28));
}

fn day() -> impl Strategy<Value = Date> {
    (0..60_000_i32).prop_map(|days| date(1970, 1, 1).saturating_add(days.days()))
}

proptest! {
    /// Whatever the month and the year: the same day of the month, or the month's last; later receipts are never due
    /// earlier; an extension never takes time away.
    #[test]
    fn deadlines_keep_the_order_of_days(one in day(), other in day(), months in 1..24_i32) {
        let lengths = deadlines(&format!("{months} months"), "2 months");
        let due = lengths.due(one);
        prop_assert!(due > one && lengths.extended(one) > due);
        let wanted = i32::from(one.month()) - 1 + months;
        prop_assert_eq!(i32::from(due.month()) - 1, wanted % 12);
        prop_assert_eq!(i32::from(due.year()), i32::from(one.year()) + wanted / 12);
        prop_assert_eq!(due.day(), one.day().min(due.days_in_month()));
        if one <= other {
            prop_assert!(due <= lengths.due(other));
            prop_assert!(lengths.extended(one) <= lengths.extended(other));
        }
    }
}

#[test]
fn what_is_missing_is_said_of_each_kind() {
    let open = Standing { to_be_told: 2, ..Standing::default() };
    let told = Standing::default();
    let (verified, handed) = (RequestStep::Verified, RequestStep::Handed { files: Vec::new() });
    let of =
        |kind, steps: &[&RequestStep], standing| missing(kind, steps.iter().copied(), standing);
    use MissingStep::{Correction, Erasure, Files, Identity, Recipients};
    for kind in [RequestKind::Access, RequestKind::Portability] {
        assert_eq!(of(kind, &[], open), [Identity, Files]);
        assert_eq!(of(kind, &[&RequestStep::Unverified], open), [Files]);
        assert_eq!(of(kind, &[&handed], open), [Identity]);
        assert_eq!(of(kind, &[&verified, &handed], open), []);
    }
    assert_eq!(of(RequestKind::Erasure, &[], open), [Identity, Recipients, Erasure]);
    assert_eq!(of(RequestKind::Erasure, &[&verified], told), [Erasure]);
    assert_eq!(of(RequestKind::Rectification, &[], open), [Correction, Recipients]);
    let answered = Standing { answered: true, ..told };
    assert_eq!(of(RequestKind::Rectification, &[], answered), []);
    assert_eq!(of(RequestKind::Restriction, &[], open), [Recipients]);
    for kind in [RequestKind::Objection, RequestKind::OptOut] {
        assert_eq!(of(kind, &[], open), [], "{kind}");
    }
}

#[test]
fn who_was_told_is_left_out() {
    let all = [Sequence(3), Sequence(5), Sequence(9)];
    let told = RequestStep::Told { exports: vec![Sequence(5), Sequence(7)], other: None };
    let left = to_be_told(all, [&told, &RequestStep::Noted]);
    assert_eq!(left.into_iter().collect::<Vec<_>>(), [Sequence(3), Sequence(9)]);
}

#[test]
fn a_restriction_forbids_what_it_names_and_a_channel_that_nobody_names() {
    let of = |kind, purposes: &[&str], channels: &[&str]| Restriction {
        decision: DecisionId(1),
        kind,
        purposes: purposes.iter().map(ToString::to_string).collect(),
        channels: channels.iter().map(ToString::to_string).collect(),
    };
    for (restriction, purpose, channel, forbids) in [
        (of(RequestKind::Restriction, &[], &[]), "billing", None, true),
        (of(RequestKind::Objection, &["ads"], &[]), "ads", Some("post"), true),
        (of(RequestKind::Objection, &["ads"], &[]), "billing", None, false),
        (of(RequestKind::Objection, &[], &[]), "billing", None, true),
        (of(RequestKind::OptOut, &[], &["email"]), "ads", Some("email"), true),
        (of(RequestKind::OptOut, &[], &["email"]), "ads", Some("post"), false),
        (of(RequestKind::OptOut, &[], &["email"]), "ads", None, true),
        (of(RequestKind::OptOut, &["ads"], &["email"]), "billing", Some("email"), false),
    ] {
        assert_eq!(restriction.forbids(purpose, channel), forbids, "{restriction:?} {purpose}");
    }
    assert_eq!(
        of(RequestKind::OptOut, &["ads"], &["email", "post"]).words(),
        "opted out of email, post for ads"
    );
    assert_eq!(of(RequestKind::Objection, &[], &[]).words(), "objected to every purpose");
}

#[test]
fn kinds_come_back_from_their_names() {
    for kind in RequestKind::ALL {
        assert_eq!(kind.name().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
    }
    assert_eq!("forget".parse::<RequestKind>(), Err(()));
}
