use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn day(number: i8) -> Date {
    date(2026, 3, number)
}

fn says(record: u32, said: Said, at: Option<i8>, first: i8, other: Option<i8>) -> Statement {
    Statement {
        record: RecordId(record),
        field: FieldName::new("marketing"),
        channel: None,
        said,
        at: at.map(day),
        since: Since {
            first: day(first),
            other: other.map(day),
            granted_before: said == Said::Withdrawn,
        },
        until: None,
        evidence: None,
    }
}

#[test]
fn a_refusal_counts_as_late_as_it_can_and_a_grant_as_early() {
    use Said::{Granted, Refused, Withdrawn};
    let table = [
        (
            "an undated grant never beats a refusal",
            says(1, Granted, None, 9, None),
            says(2, Refused, None, 1, None),
            2,
        ),
        (
            "who subscribed again, dated, is subscribed",
            says(1, Granted, Some(8), 9, None),
            says(2, Refused, Some(5), 1, None),
            1,
        ),
        (
            "who refused later, dated, is not",
            says(1, Granted, Some(5), 9, None),
            says(2, Refused, Some(8), 8, None),
            2,
        ),
        (
            "a refusal wins a tie",
            says(1, Granted, Some(5), 5, None),
            says(2, Refused, Some(5), 5, None),
            2,
        ),
        (
            "a grant that came after a no counts from the no",
            says(1, Granted, None, 9, Some(7)),
            says(2, Refused, None, 5, None),
            1,
        ),
        (
            "and not against a later one",
            says(1, Granted, None, 9, Some(7)),
            says(2, Refused, None, 8, None),
            2,
        ),
        (
            "an undated refusal counts from its first delivery",
            says(1, Granted, Some(6), 9, None),
            says(2, Refused, None, 7, Some(2)),
            2,
        ),
        (
            "withdrawn is refused",
            says(1, Granted, Some(6), 9, None),
            says(2, Withdrawn, Some(6), 7, None),
            2,
        ),
        (
            "of two grants the later",
            says(1, Granted, Some(6), 9, None),
            says(2, Granted, Some(7), 9, None),
            2,
        ),
        (
            "a dated grant beats one that is not",
            says(1, Granted, None, 1, None),
            says(2, Granted, Some(1), 9, None),
            2,
        ),
    ];
    for (told, one, other, expected) in table {
        for pair in [[&one, &other], [&other, &one]] {
            assert_eq!(winner(pair).map(|it| it.record), Some(RecordId(expected)), "{told}");
        }
    }
}

#[test]
fn an_expired_grant_never_revives_an_older_one() {
    let older = says(1, Said::Granted, Some(1), 1, None);
    let expired = Statement { until: Some(day(10)), ..says(2, Said::Granted, Some(5), 5, None) };
    let both = [older.clone(), expired];
    let counts = winner(&both);
    assert_eq!(Consent::on(day(10), counts, None), Consent::Granted);
    assert_eq!(Consent::on(day(11), counts, None), Consent::Expired);
    assert_eq!(Consent::on(day(11), Some(&older), None), Consent::Granted);
    assert_eq!(Consent::on(day(11), None, None), Consent::Unknown);
}

#[test]
fn a_purpose_lets_grants_last_from_their_day_and_refusals_for_ever() {
    let week: Option<Lapse> = Some(Lapse::days(7));
    let dated = says(1, Said::Granted, Some(1), 5, None);
    assert_eq!(dated.ends(week), Some(day(8)));
    assert_eq!(says(1, Said::Granted, None, 5, None).ends(week), Some(day(12)));
    let sooner = Statement { until: Some(day(3)), ..dated };
    assert_eq!(sooner.ends(week), Some(day(3)));
    let refused = Statement { until: Some(day(3)), ..says(1, Said::Refused, Some(1), 1, None) };
    assert_eq!(Consent::on(day(30), Some(&refused), week), Consent::Refused);
}

#[test]
fn no_channel_means_all() {
    let email =
        Statement { channel: Some("email".to_owned()), ..says(1, Said::Granted, Some(3), 3, None) };
    let all = says(2, Said::Refused, Some(5), 5, None);
    let statements = [email, all];
    assert_eq!(channels(&statements), [None, Some("email")]);
    let of = |channel| winner(statements.iter().filter(move |it| it.is_about(channel)));
    assert_eq!(of(Some("email")).map(|it| it.record), Some(RecordId(2)));
    assert_eq!(of(None).map(|it| it.record), Some(RecordId(2)));
    assert!(contradict(&statements) && !contradict(&statements[..1]));
}

fn statement() -> impl Strategy<Value = Statement> {
    let days = || prop::option::of((1i8..28).prop_map(day));
    let said = prop::sample::select(vec![Said::Granted, Said::Refused, Said::Withdrawn]);
    let channel =
        prop::option::of(prop::sample::select(vec!["email".to_owned(), "phone".to_owned()]));
    (0u32..6, said, days(), (1i8..28).prop_map(day), days(), days(), channel).prop_map(
        |(record, said, at, first, other, until, channel)| Statement {
            record: RecordId(record),
            field: FieldName::new("marketing"),
            channel,
            said,
            at,
            since: Since { first, other, granted_before: said == Said::Withdrawn },
            until,
            evidence: None,
        },
    )
}

proptest! {
    #[test]
    fn it_is_the_same_in_any_order_however_grouped_and_however_often(
        one in prop::collection::vec(statement(), 0..6),
        other in prop::collection::vec(statement(), 0..6),
        third in prop::collection::vec(statement(), 0..6),
    ) {
        let of = |parts: &[&[Statement]]| {
            let all: Vec<Statement> = parts.iter().flat_map(|part| part.iter().cloned()).collect();
            winner(&all).cloned()
        };
        let together = of(&[&one, &other, &third]);
        // Commutative, and idempotent.
        prop_assert_eq!(&of(&[&third, &other, &one]), &together);
        prop_assert_eq!(&of(&[&one, &one, &other, &third, &third]), &together);
        // Associative: the winner of winners.
        let first: Vec<Statement> = of(&[&one, &other]).into_iter().collect();
        let last: Vec<Statement> = of(&[&other, &third]).into_iter().collect();
        prop_assert_eq!(&of(&[&first, &third]), &together);
        prop_assert_eq!(&of(&[&one, &last]), &together);
    }

    #[test]
    fn a_later_day_never_loses_and_a_refusal_never_ties(
        statements in prop::collection::vec(statement(), 1..8),
    ) {
        let counts = winner(&statements).unwrap();
        for statement in &statements {
            prop_assert!(statement.counts_at() <= counts.counts_at());
            if statement.said.forbids() && statement.counts_at() == counts.counts_at() {
                prop_assert!(counts.said.forbids());
            }
        }
    }
}
