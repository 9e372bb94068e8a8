//! Journeys over real imports: with merges, without, late, undone, withdrawn.

use super::*;
use domain::SourceName;
use door::operations::{AtStep, Journeys};
use door::views::JourneyView;
use ledger::ports::Clock;

const SETTINGS: &str = r#"
[streams.events]
source = "crm"
kind = { column = "what" }
key = "id"
at = "at"
subject = { key = "customer", else = { email = "mail" } }

[[journeys]]
id = "first-order"
steps = ["view", "cart", { name = "ordered", kinds = ["purchase", "payment"] }]
window = "2 days"

[segments.oaks]
where = "family_name = Oak"

[[journeys]]
id = "at-once"
steps = ["view", "cart"]
order = "strict"
"#;

impl TestDesk {
    fn journey(&mut self, id: &str) -> JourneyView {
        let view =
            self.ask(Journeys { journey: Some(id.to_owned()), segments: Vec::new() }).unwrap();
        view.journeys.into_iter().next().unwrap()
    }

    fn happens(&mut self, rows: &str) {
        self.clock.advance(60);
        let mut request = Import::of(SourceName::new("crm"), "events.csv");
        request.stream = Some(StreamName::new("events"));
        let outcome =
            testing::import(self.desk(), request, format!("id,at,what,customer,mail\n{rows}"))
                .unwrap();
        assert_eq!(outcome.report.quarantined, 0);
    }

    fn stand_at(&mut self, step: &str, current: bool) -> Vec<CustomerId> {
        let (journey, step) = ("first-order".to_owned(), step.to_owned());
        let view = self.ask(AtStep { journey, step, current, segment: None, limit: 9 }).unwrap();
        assert_eq!(view.count, view.customers.len() as u64);
        view.customers.iter().map(|row| row.customer).collect()
    }
}

/// Reached, now, without merges: of each step.
fn numbers(journey: &JourneyView) -> Vec<(u64, u64, u64)> {
    journey.steps.iter().map(|step| (step.reached, step.current, step.unmerged)).collect()
}

#[test]
fn merges_join_what_one_person_did_and_undo_parts_it() {
    let mut test = TestDesk::governed(Databases::InMemory, 3, SETTINGS);
    test.import("crm", PEOPLE);
    let on = |days: i64, minute: i64| {
        let ago = jiff::SignedDuration::from_mins(24 * 60 * days - minute);
        (test.clock.now() - ago).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    // Ada looks as crm:1 and buys as crm:3; Theo looks today; somebody unknown puts something into the cart.
    let rows = [
        format!("1,{},view,1,", on(30, 0)),
        format!("2,{},cart,3,", on(30, 5)),
        format!("3,{},purchase,3,", on(30, 5)),
        format!("4,{},view,2,", on(1, 0)),
        format!("5,{},help,2,", on(1, 1)),
        format!("6,{},cart,,theo@example.com", on(1, 2)),
        format!("7,{},cart,,late@example.com", on(1, 3)),
    ];
    test.happens(&rows.join("\n"));
    let apart = [(2, 0, 2), (1, 1, 1), (0, 0, 0)];
    assert_eq!(numbers(&test.journey("first-order")), apart);
    // Nothing else may come between in strict order.
    assert_eq!(numbers(&test.journey("at-once")), [(2, 2, 2), (0, 0, 0)]);
    let [ada, theo, other] = ["crm:1", "crm:2", "crm:3"].map(|address| test.customer(address));
    assert_eq!(test.stand_at("cart", true), [theo]);
    assert_eq!(test.stand_at("view", false), [ada]);
    let (journey, segments) = (Some("first-order".to_owned()), vec!["oaks".to_owned()]);
    let view = test.ask(Journeys { journey, segments }).unwrap();
    assert_eq!(view.segments, ["oaks"]);
    assert_eq!(numbers(&view.journeys[0]), apart);
    assert_eq!(view.journeys[1].segment.as_deref(), Some("oaks"));
    assert_eq!(numbers(&view.journeys[1]), [(1, 0, 1), (1, 1, 1), (0, 0, 0)]);
    let merged = test.does(merge_request(&[&[ada, other]]));
    let together = [(2, 0, 2), (2, 1, 1), (1, 0, 0)];
    assert_eq!(numbers(&test.journey("first-order")), together);
    assert_eq!(numbers(&test.journey("at-once")), [(2, 1, 2), (1, 1, 0)]);
    let took: Vec<_> = test.journey("first-order").steps.iter().map(|step| step.median).collect();
    assert_eq!(took, [None, Some((300 + 120) / 2), Some(0)]);
    assert_eq!(test.stand_at("ordered", false), [test.customer("crm:1")]);
    assert!(test.stand_at("ordered", true).is_empty(), "two days are over");
    test.reopen();
    assert_eq!(numbers(&test.journey("first-order")), together);
    test.undo(merged.decision);
    assert_eq!(numbers(&test.journey("first-order")), apart);
}
