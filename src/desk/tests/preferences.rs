//! Preferences, over a real ledger: the latest counts, and neither a merge nor its undo changes what was said.

use super::*;
use crate::testing::TestDesk as Desk;
use domain::{Entrance, FieldName};
use door::operations::{Consent, ShowCustomer};
use door::views::PreferenceRow;

const SETTINGS: &str = r#"
[workspace]
name = "a"
region = "US"
[fields.city]
type = "city"
description = "Where they live"
owner = "ada"
[fields.frequency]
type = "text"
preference = "frequency"
channel = "email"
at = "prefs_at"
[fields.language]
type = "text"
preference = "language"
[fields.prefs_at]
type = "date"
[sources.crm]
key = "id"
map = { city = "city", frequency = "often", prefs_at = "at", language = "lang" }
[sources.shop]
key = "id"
map = { city = "city", frequency = "often", prefs_at = "at", language = "lang" }
[roles.viewer]
may = ["show"]
mask = { prefs_at = "hide" }
[people.vic]
role = "viewer"
"#;

fn import(desk: &mut Desk, source: &str, rows: &str) {
    desk.clock.advance(24 * 60 * 60);
    desk.import(source, &format!("id,city,often,at,lang\n{rows}"));
}

fn ask<O: Carry>(desk: &mut Desk, operation: O) -> Outcome<O::Answer> {
    desk.desk.act(&Session::local("kim", TimeZone::UTC), operation, Streams::default())
}

fn customer(desk: &mut Desk, record: &str) -> CustomerId {
    let facts = desk.desk.facts();
    let (record, _) = facts.named(&record.parse().unwrap()).unwrap();
    facts.view.customer_of(record).unwrap()
}

fn preferences(desk: &mut Desk, customer: CustomerId) -> Vec<PreferenceRow> {
    ask(desk, Consent { customer, unmask: false }).unwrap().preferences
}

fn told(rows: &[PreferenceRow]) -> Vec<String> {
    let told = |row: &PreferenceRow| format!("{}: {} ({})", row.about(), row.told(), row.why);
    rows.iter().map(told).collect()
}

#[test]
fn the_latest_counts_and_a_merge_and_its_undo_leave_what_each_said() {
    let mut desk = Desk::new(SETTINGS);
    import(&mut desk, "crm", "1,Bonn,weekly,2026-02-01,\n2,Bonn,,,\n");
    import(&mut desk, "shop", "7,Bonn,daily,2026-01-05,de\n");
    let (one, silent, other) =
        (customer(&mut desk, "crm:1"), customer(&mut desk, "crm:2"), customer(&mut desk, "shop:7"));
    let before = [preferences(&mut desk, one), preferences(&mut desk, other)];
    assert_eq!(
        told(&before[1]),
        [
            "language: de (shop:7 said it without a date, first delivered on 2026-03-03)",
            "frequency, email: daily (shop:7 said it on 2026-01-05)"
        ]
    );
    assert!(told(&preferences(&mut desk, silent))[1].contains("unknown (no record says anything)"));
    let merged = desk.ask(merge_request(&[&[one, other]]));
    let both = preferences(&mut desk, one);
    assert!(told(&both)[1].starts_with("frequency, email: weekly (crm:1"), "{both:?}");
    assert_eq!((both[1].contradicted, both[0].contradicted), (Some(true), Some(false)));
    assert_eq!(both[1].statements.len(), 2, "who says otherwise is shown");
    let counts: Vec<_> = both[1].statements.iter().map(|it| it.counts).collect();
    assert_eq!(counts, [Some(true), Some(false)]);
    desk.ask(undo_request(merged.decision, false));
    assert_eq!([preferences(&mut desk, one), preferences(&mut desk, other)], before);
    // Whoever may not see the date is not told which counts.
    desk.ask(merge_request(&[&[one, other]]));
    let vic = Session { entrance: Entrance::Ssh, ..Session::local("vic", TimeZone::UTC) };
    let asked = Consent { customer: one, unmask: false };
    let seen = desk.desk.act(&vic, asked, Streams::default()).unwrap().preferences;
    assert_eq!((seen[1].told(), seen[1].contradicted), ("***", None));
    assert!(seen[1].statements.iter().all(|it| it.counts.is_none() && it.at.is_some()));
    assert!(seen[1].statements.iter().all(|it| it.at.as_deref() == Some("***")), "{seen:?}");
}

#[test]
fn what_people_correct_and_pin_is_said_on_that_day() {
    let mut desk = Desk::new(SETTINGS);
    import(&mut desk, "crm", "1,Bonn,weekly,2026-02-01,\n");
    let one = customer(&mut desk, "crm:1");
    let field = || FieldName::new("frequency");
    let record = "crm:1".parse().unwrap();
    let values = [(field(), "monthly".to_owned())].into();
    let (chosen, cleared) = (Default::default(), Vec::new());
    desk.ask(Request::new(Action::Correct { record, values, chosen, cleared }));
    let corrected = told(&preferences(&mut desk, one));
    assert!(corrected[1].contains("monthly (crm:1 said it on 2026-03-02)"), "{corrected:?}");
    let picks = [(field(), door::Pick::Typed("never".to_owned()))].into();
    let pinned = desk.ask(Request::new(Action::Pin { customer: one, picks })).decision;
    let told_pinned = told(&preferences(&mut desk, one));
    assert_eq!(told_pinned[1], format!("frequency, email: never (set by hand ({pinned}))"));
    let shown = ask(&mut desk, ShowCustomer { customer: one, at: None, unmask: false }).unwrap();
    assert_eq!(shown.consent.preferences.len(), 2);
    let city = shown.fields.iter().find(|field| field.name.as_str() == "city").unwrap();
    assert_eq!(city.about().as_deref(), Some("Where they live (owner: ada)"));
}
