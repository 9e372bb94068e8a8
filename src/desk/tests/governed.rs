//! Consent, holds, retention and dropped columns, over a real ledger.

use super::*;
use crate::testing::TestDesk as Desk;
use domain::{Lapse, ReasonCode};
use door::operations::{
    AdoptSettings, Consent, DiffSettings, Erase, ErasureRequest, ForeseeErasure, ForeseeRetention,
    Holds, ProposeSettings, Retain, SettingsOf, ShowCustomer,
};
use door::views::{ConsentView, RetentionView};

pub(super) const GOVERNED: &str = r#"
[workspace]
name = "a"
region = "US"
[purposes.newsletter]
basis = "consent"
consent = "news"
expires = "24 months"
[fields.city]
type = "city"
[fields.news]
type = "consent"
at = "news_at"
evidence = "form"
[fields.news_at]
type = "date"
[fields.form]
type = "text"
[sources.crm]
key = "id"
unmapped = "drop"
map = { city = "city", news = "news", news_at = "at", form = "form" }
[sources.shop]
key = "id"
map = { city = "city", news = "news", news_at = "at", form = "form" }
[survivorship]
news = ["consent"]
[[retention]]
after = "12 months"
from = "last_delivered"
then = "erase"
[[retention]]
keep = "10 years"
from = "created"
where = "city = Bonn"
"#;

const HEAD: &str = "id,city,news,at,form,hobby\n";
pub(super) const DAY: i64 = 24 * 60 * 60;

pub(super) fn import(desk: &mut Desk, source: &str, rows: &str) -> ImportOutcome {
    desk.clock.advance(60);
    desk.import(source, &format!("{HEAD}{rows}"))
}

pub(super) fn ask<O: Carry>(desk: &mut Desk, operation: O) -> Outcome<O::Answer> {
    desk.desk.act(&Session::local("kim", TimeZone::UTC), operation, Streams::default())
}

pub(super) fn refused<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(NotDone::Refused(refusal)) => refusal.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

pub(super) fn customer(desk: &mut Desk, record: &str) -> CustomerId {
    let facts = desk.desk.facts();
    let (record, _) = facts.named(&record.parse().unwrap()).unwrap();
    facts.view.customer_of(record).unwrap()
}

pub(super) fn consent(desk: &mut Desk, customer: CustomerId) -> ConsentView {
    ask(desk, Consent { customer, unmask: false }).unwrap()
}

fn state(view: &ConsentView) -> String {
    view.rows
        .iter()
        .map(|row| format!("{} {}", row.about(), row.state))
        .collect::<Vec<_>>()
        .join("; ")
}

fn golden_news(desk: &mut Desk, customer: CustomerId) -> Option<String> {
    let view = ask(desk, ShowCustomer { customer, at: None, unmask: false }).unwrap();
    view.column.golden.get("news").map(|value| value.text.to_string())
}

fn because(action: Action) -> Request {
    Request { reason: Some(ReasonCode::new("legal-hold")), ..Request::new(action) }
}

pub(super) fn retention(desk: &mut Desk) -> RetentionView {
    ask(desk, ForeseeRetention { warn: Lapse::days(30) }).unwrap()
}

#[test]
fn a_merge_takes_the_statement_that_counts_and_its_undo_gives_back_what_each_said() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "crm", "1,Bonn,no,2024-01-01,,\n2,Bonn,,,,\n");
    import(&mut desk, "shop", "7,Bonn,yes,2025-06-01,form 9,\n");
    let (one, silent, other) =
        (customer(&mut desk, "crm:1"), customer(&mut desk, "crm:2"), customer(&mut desk, "shop:7"));
    let before = [consent(&mut desk, one), consent(&mut desk, other)];
    assert_eq!(state(&before[0]), "newsletter refused");
    assert_eq!(state(&before[1]), "newsletter granted");
    assert_eq!(state(&consent(&mut desk, silent)), "newsletter unknown");
    let merged = desk.ask(merge_request(&[&[one, other]]));
    let view = consent(&mut desk, one);
    let [row] = &view.rows[..] else { panic!("{view:?}") };
    assert_eq!(&*row.state, "granted");
    assert_eq!(&*row.why, "shop:7 granted it on 2025-06-01; it holds until 2027-06-01");
    assert_eq!(row.contradicted, Some(true));
    assert_eq!(row.statements.len(), 2);
    assert_eq!(golden_news(&mut desk, one).as_deref(), Some("yes"));
    // Who refuses later, without a date, refuses from the day that came.
    import(&mut desk, "crm", "1,Bonn,yes,,,\n");
    import(&mut desk, "crm", "1,Bonn,no,,,\n");
    assert_eq!(state(&consent(&mut desk, one)), "newsletter withdrawn");
    assert_eq!(golden_news(&mut desk, one).as_deref(), Some("no"));
    desk.ask(undo_request(merged.decision, false));
    assert_eq!(consent(&mut desk, other), before[1]);
}

#[test]
fn a_grant_expires_and_nothing_older_comes_back() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "shop", "7,Bonn,yes,2025-06-01,,\n");
    let id = customer(&mut desk, "shop:7");
    desk.clock.advance(600 * DAY);
    let view = consent(&mut desk, id);
    assert_eq!(state(&view), "newsletter expired");
    assert!(view.rows[0].why.ends_with("; it expired after 2027-06-01"), "{}", view.rows[0].why);
}

#[test]
fn what_is_masked_masks_what_follows_from_it() {
    let masked = GOVERNED.replace("at = \"news_at\"", "sensitive = true\nat = \"news_at\"");
    let mut desk = Desk::new(&masked);
    import(&mut desk, "shop", "7,Bonn,yes,2025-06-01,,\n");
    let id = customer(&mut desk, "shop:7");
    let view = consent(&mut desk, id);
    let told = serde_json::to_string(&view).unwrap();
    assert!(!told.contains("granted") && !told.contains("2027"), "{told}");
    // However they stand, nothing tells them apart: no length, no end that only a grant has, no date.
    import(&mut desk, "shop", "8,Bonn,no,,,\n9,Bonn,no,2025-06-01,form 1,\n");
    let rows = |desk: &mut Desk, key: &str| {
        let id = customer(desk, key);
        let mut rows = consent(desk, id).rows;
        rows.iter_mut().flat_map(|row| &mut row.statements).for_each(|it| {
            it.record = "shop:0".parse().unwrap();
        });
        rows
    };
    let granted = rows(&mut desk, "shop:7");
    assert_eq!(rows(&mut desk, "shop:8"), granted);
    assert_eq!(rows(&mut desk, "shop:9"), granted);
    let clear = ask(&mut desk, Consent { customer: id, unmask: true }).unwrap();
    assert_eq!(state(&clear), "newsletter granted");
}

#[test]
fn a_hold_follows_its_records_and_keeps_them_from_being_erased() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "crm", "1,Omaha,,,,\n2,Omaha,,,,\n");
    let (one, two) = (customer(&mut desk, "crm:1"), customer(&mut desk, "crm:2"));
    let hold = Action::Hold { customer: two, until: None };
    let without = desk.desk.carry_out(&Request::new(hold.clone()));
    assert!(without.is_err(), "a hold says why");
    let held = desk.ask(because(hold));
    assert_eq!(held.summary, format!("held {two} (legal-hold)"));
    let merged = desk.ask(merge_request(&[&[one, two]]));
    let erase = |customer| ErasureRequest {
        customer,
        reason: Some(ReasonCode::new("request")),
        note: None,
        request: None,
    };
    let expected =
        format!("{one} is held by D1 and cannot be erased; to lift it: steward hold lift {one}");
    assert_eq!(refused(ask(&mut desk, ForeseeErasure { request: erase(one) })), expected);
    assert_eq!(refused(ask(&mut desk, Erase { request: erase(one) })), expected);
    desk.clock.advance(700 * DAY);
    let view = retention(&mut desk);
    assert!(view.erased.is_empty() && view.held.len() == 1, "{view:?}");
    // Unmerged, the record that was held is, and the other one is not.
    desk.ask(undo_request(merged.decision, false));
    let holds = ask(&mut desk, Holds {}).unwrap();
    assert_eq!(holds.iter().map(|hold| hold.customer).collect::<Vec<_>>(), [two]);
    let view = retention(&mut desk);
    assert_eq!(view.erased.iter().map(|it| it.customer).collect::<Vec<_>>(), [one]);
    let lifted = desk.ask(because(Action::Lift { customer: two }));
    assert_eq!(ask(&mut desk, Holds {}).unwrap(), []);
    desk.ask(undo_request(lifted.decision, false));
    assert_eq!(ask(&mut desk, Holds {}).unwrap().len(), 1);
    desk.ask(undo_request(held.decision, false));
    assert_eq!(ask(&mut desk, Holds {}).unwrap(), []);
    ask(&mut desk, Erase { request: erase(two) }).unwrap();
}

#[test]
fn a_hold_ends_after_its_last_day() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "crm", "1,Omaha,,,,\n");
    let one = customer(&mut desk, "crm:1");
    let until = "2026-03-05".parse().unwrap();
    desk.ask(because(Action::Hold { customer: one, until: Some(until) }));
    desk.clock.advance(400 * DAY);
    assert!(ask(&mut desk, Holds {}).unwrap()[0].lapsed);
    assert_eq!(retention(&mut desk).erased.len(), 1);
}

#[test]
fn retention_erases_whom_it_listed_in_one_commit_and_keeps_what_must_be_kept() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "crm", "1,Omaha,,,,\n2,Omaha,,,,\n3,Bonn,,,,\n4,Omaha,,,,\n5,Lima,,,,\n");
    let ids: Vec<CustomerId> =
        (1..=5).map(|key| customer(&mut desk, &format!("crm:{key}"))).collect();
    // One record within the minimum keeps the whole customer, whichever value survives.
    desk.ask(merge_request(&[&[ids[1], ids[2]]]));
    desk.clock.advance(340 * DAY);
    let view = retention(&mut desk);
    assert_eq!((view.erased.len(), view.due.len()), (0, 3), "{view:?}");
    desk.clock.advance(60 * DAY);
    import(&mut desk, "crm", "4,Lima,,,,\n");
    let foreseen = retention(&mut desk);
    let listed: Vec<CustomerId> = foreseen.erased.iter().map(|it| it.customer).collect();
    assert_eq!(listed, [ids[0], ids[4]]);
    let done = ask(&mut desk, Retain { listed: Some(listed.clone()), reason: None }).unwrap();
    assert_eq!(done.erased, foreseen.erased);
    let after = retention(&mut desk);
    assert!(after.erased.is_empty(), "{after:?}");
    assert_eq!(after.customers, 2);
    for id in listed {
        let told = refused(ask(&mut desk, ShowCustomer { customer: id, at: None, unmask: false }));
        assert!(told.contains("erased"), "{told}");
    }
    // The next delivery does not bring them back.
    let again = import(&mut desk, "crm", "1,Omaha,,,,\n5,Lima,,,,\n");
    assert_eq!((again.report.suppressed, again.report.new), (2, 0));
}

#[test]
fn a_dropped_column_is_nowhere_and_a_kept_one_is_as_before() {
    let mut desk = Desk::new(GOVERNED);
    let outcome = import(&mut desk, "crm", "1,Omaha,,,,chess\n");
    assert_eq!(outcome.dropped, ["hobby"]);
    let kept = import(&mut desk, "shop", "1,Omaha,,,,rowing\n");
    assert!(kept.dropped.is_empty());
    let unmapped = |desk: &mut Desk, record: &str| {
        let facts = desk.desk.facts();
        let (record, _) = facts.named(&record.parse().unwrap()).unwrap();
        facts.body(record).unwrap().unmapped.len()
    };
    assert_eq!((unmapped(&mut desk, "crm:1"), unmapped(&mut desk, "shop:1")), (0, 1));
    // Only what is kept makes a row another one.
    let again = import(&mut desk, "crm", "1,Omaha,,,,go\n");
    assert_eq!((again.report.unchanged, again.report.changed), (1, 0));
    assert_eq!(import(&mut desk, "shop", "1,Omaha,,,,go\n").report.changed, 1);
}

fn corrected(record: &str, field: &str, to: &str) -> Request {
    Request::new(Action::Correct {
        record: record.parse().unwrap(),
        values: [(domain::FieldName::new(field), to.to_owned())].into(),
        chosen: std::collections::BTreeMap::new(),
        cleared: Vec::new(),
    })
}

fn pinned(customer: CustomerId, to: &str) -> Request {
    let pick = door::Pick::Typed(to.to_owned());
    Request::new(Action::Pin { customer, picks: [(domain::FieldName::new("news"), pick)].into() })
}

#[test]
fn a_consent_that_a_person_sets_is_a_statement_of_that_day() {
    for (delivered, set, later, expected) in [
        ("yes,2025-06-01", "no", "", "refused"),
        // A no stays, as the golden value does; a yes gives way to a refusal.
        ("yes,2025-06-01", "no", "yes,2026-12-01", "refused"),
        ("no,2025-06-01", "yes", "", "granted"),
        ("no,2025-06-01", "yes", "no,2026-12-01", "refused"),
        (",", "no", "", "refused"),
    ] {
        let mut desk = Desk::new(GOVERNED);
        import(&mut desk, "shop", &format!("7,Bonn,{delivered},,\n"));
        let id = customer(&mut desk, "shop:7");
        let set_by = desk.ask(pinned(id, set)).decision;
        desk.clock.advance(360 * DAY);
        if !later.is_empty() {
            import(&mut desk, "shop", &format!("7,Bonn,{later},form 2,\n"));
        }
        let view = consent(&mut desk, id);
        assert_eq!(state(&view), format!("newsletter {expected}"), "{delivered} {set} {later}");
        assert_eq!(view.rows[0].pinned, Some(set_by));
    }
}

#[test]
fn a_refusal_that_a_person_makes_of_a_grant_does_not_keep_its_date_and_form() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "shop", "7,Bonn,yes,2025-06-01,form 9,\n");
    let id = customer(&mut desk, "shop:7");
    let golden = |desk: &mut Desk| {
        let view = ask(desk, ShowCustomer { customer: id, at: None, unmask: false }).unwrap();
        let value = |field: &str| view.column.golden.get(field).map(|it| it.text.to_string());
        ["news", "news_at", "form"].map(value)
    };
    let texts = |of: [&str; 3]| of.map(|text| (!text.is_empty()).then(|| text.to_owned()));
    assert_eq!(golden(&mut desk), texts(["yes", "2025-06-01", "form 9"]));
    desk.ask(corrected("shop:7", "news", "no"));
    assert_eq!(golden(&mut desk), texts(["no", "", ""]));
    assert_eq!(state(&consent(&mut desk, id)), "newsletter refused");
    // What is set with it is its own.
    desk.ask(corrected("shop:7", "form", "call 3"));
    assert_eq!(golden(&mut desk), texts(["no", "", "call 3"]));
}

#[test]
fn a_diff_says_whom_other_rules_of_retention_would_erase() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "crm", "1,Omaha,,,,\n2,Bonn,,,,\n");
    let one = customer(&mut desk, "crm:1");
    desk.clock.advance(60 * DAY);
    let edited = GOVERNED.replace("12 months", "1 months");
    let asked = DiffSettings { of: SettingsOf::Text(edited), examples: 2 };
    let diff = crate::testing::run_while(&mut desk.desk, asked, Streams::default(), |_| true);
    let diff = diff.unwrap();
    let shift = diff.retention.clone().unwrap();
    assert_eq!((shift.due_now, shift.due, shift.kept_now, shift.kept), (0, 1, 0, 1));
    assert_eq!((shift.newly_due, &shift.examples[..]), (1, &[one][..]));
    let lines = diff.lines();
    assert!(!lines.iter().any(|line| line.contains("no violation")), "{lines:?}");
}

#[test]
fn dropping_columns_keeps_nobody_for_longer() {
    let keeps = GOVERNED.replace("unmapped = \"drop\"\n", "");
    let mut desk = Desk::new(&keeps);
    import(&mut desk, "crm", "1,Omaha,,,,chess\n2,Omaha,,,,go\n");
    let proposed = ProposeSettings { text: GOVERNED.to_owned(), note: None };
    let proposal = Some(ask(&mut desk, proposed).unwrap().proposal);
    ask(&mut desk, AdoptSettings { proposal, ..AdoptSettings::default() }).unwrap();
    desk.clock.advance(360 * DAY);
    let dropped = import(&mut desk, "crm", "1,Omaha,,,,chess\n2,Lima,,,,go\n");
    assert_eq!(dropped.report.changed, 2);
    desk.clock.advance(20 * DAY);
    let one = customer(&mut desk, "crm:1");
    let erased: Vec<CustomerId> =
        retention(&mut desk).erased.iter().map(|it| it.customer).collect();
    assert_eq!(erased, [one]);
}
