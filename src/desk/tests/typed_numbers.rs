//! Numbers that are no text in their file: each says how itself is written, and nothing of the texts
//! beside it, in its file or in a later one.

use super::overview::verify;
use super::*;
use domain::event::RecordRevised;
use domain::{Event, FieldName, Value};
use door::operations::Reread;

/// A German workspace with a field of numbers.
fn german() -> TestDesk {
    let test = TestDesk::new();
    let path = test.workspace().settings();
    let settings = SETTINGS
        .replace("region = \"US\"", "region = \"DE\"")
        .replace("[sources.crm]", "[fields.amount]\ntype = \"number\"\n[sources.crm]")
        .replace("map = { given", "map = { amount = \"amount\", given");
    std::fs::write(path, settings).unwrap();
    test
}

impl TestDesk {
    fn delivers(&mut self, file: &str, content: &str) -> ImportOutcome {
        self.clock.advance(60);
        let request = Import::of(SourceName::new("crm"), file);
        testing::import(self.desk(), request, content).unwrap()
    }

    /// What is held of a record's amount: as delivered, and as read.
    fn amount(&mut self, key: u32) -> (String, Option<String>) {
        let address: RecordAddress = format!("crm:{key}").parse().unwrap();
        let facts = self.desk().facts();
        let body = facts.body(facts.find(&address).unwrap().unwrap()).unwrap();
        let value = body.values.get("amount").unwrap();
        (value.raw().to_owned(), value.standard().map(str::to_owned))
    }

    /// Holds a number as earlier releases did: written as the texts of its column.
    fn as_before(&mut self, key: u32, raw: &str, standard: &str) {
        let address: RecordAddress = format!("crm:{key}").parse().unwrap();
        let facts = self.desk().facts();
        let record = facts.find(&address).unwrap().unwrap();
        let row = facts.view.record(record).unwrap();
        let Event::RecordRevised(known) = facts.event(row.body).unwrap() else { unreachable!() };
        let mut revised = RecordRevised {
            revision: u32::from(row.revision) + 1,
            previous: Some(facts.view.record_version(record).unwrap()),
            delivered: None,
            ..known
        };
        revised.body.values.set(FieldName::new("amount"), Value::standardised(raw, standard));
        revised.body.decimals.clear();
        self.desk().commit(vec![revised.into()]).unwrap();
    }
}

fn is(raw: &str, standard: &str) -> (String, Option<String>) {
    (raw.to_owned(), Some(standard.to_owned()))
}

#[test]
fn a_number_with_a_point_proves_nothing_about_texts() {
    let mut test = german();
    let outcome = test.delivers("a.json", r#"[{"id":1,"amount":1500.5},{"id":2,"amount":2.750}]"#);
    assert!(outcome.reading.numbers.is_empty(), "{:?}", outcome.reading.numbers);
    assert_eq!(test.amount(1), is("1500.5", "1500.5"));
    test.delivers("b.csv", "id,amount\n3,12.000\n4,\"1.234,5\"\n");
    assert_eq!(test.amount(3), is("12.000", "12000"));
    // In one file, side by side.
    let mixed = r#"{"id":5,"amount":1.5}
        {"id":6,"amount":"1.500"}
        {"id":7,"amount":"12.000"}
        {"id":8,"amount":1.500}
        {"id":9,"amount":-0.125}
        {"id":10,"amount":12000}"#;
    test.delivers("c.jsonl", mixed);
    for (key, raw, standard) in [
        (5, "1.5", "1.5"),
        (6, "1.500", "1500"),
        (7, "12.000", "12000"),
        (8, "1.500", "1.5"),
        (9, "-0.125", "-0.125"),
        (10, "12000", "12000"),
    ] {
        assert_eq!(test.amount(key), is(raw, standard), "{key}");
    }
    // A text in its place says something else, though it is written alike.
    assert_eq!(test.delivers("d.jsonl", &mixed.replace("1.500}", "\"1.500\"}")).report.changed, 1);
    assert_eq!(test.amount(8), is("1.500", "1500"));
    verify(&mut test);
}

#[test]
fn how_texts_are_written_changes_nothing_of_a_number() {
    let mut test = german();
    let cells = r#"{"id":1,"amount":1500.5}
        {"id":2,"amount":2.75}
        {"id":3,"amount":1.125}"#;
    test.delivers("a.jsonl", cells);
    test.does(fix_request("crm:1", "amount", "1600"));
    let more = format!("{cells}\n{{\"id\":4,\"amount\":\"1.500\"}}\n");
    let report = test.delivers("b.jsonl", &more).report;
    assert_eq!((report.new, report.changed, report.unchanged), (1, 0, 3));
    assert_eq!(test.amount(1), is("1500.5", "1500.5"));
    assert_eq!(test.pending(TaskKind::Challenge), []);
    // Nor does a reread by another style.
    let path = test.workspace().settings();
    let settings = std::fs::read_to_string(&path).unwrap();
    let style = "[sources.crm]\nnumbers = \"1,234.56\"\n";
    std::fs::write(path, settings.replace("[sources.crm]\n", style)).unwrap();
    test.desk().adopt_settings().unwrap();
    let streams = Streams::default();
    let outcome = testing::run_while(test.desk(), Reread::default(), streams, |_| true).unwrap();
    assert_eq!(outcome.changed(), 1, "the text alone");
    assert_eq!(test.amount(3), is("1.125", "1.125"));
    assert_eq!(test.amount(4), is("1.500", "1.5"));
    verify(&mut test);
}

#[test]
fn a_number_that_is_held_as_earlier_releases_wrote_it_is_the_same() {
    let mut test = german();
    let cells = "{\"id\":1,\"amount\":1500.5}\n{\"id\":2,\"amount\":2.75}\n";
    test.delivers("a.jsonl", cells);
    test.as_before(1, "1500,5", "1500.5");
    test.does(fix_request("crm:1", "amount", "1600"));
    assert_eq!(test.delivers("a.jsonl", cells).report.unchanged, 2);
    assert_eq!(test.amount(1), is("1500,5", "1500.5"));
    // Where the record changes, nothing is held against what was decided about the amount.
    let other = "{\"id\":1,\"amount\":1500.5,\"city\":\"Ulm\"}\n";
    assert_eq!(test.delivers("b.jsonl", other).report.changed, 1);
    assert_eq!(test.amount(1), is("1500.5", "1500.5"));
    assert_eq!(test.pending(TaskKind::Challenge), []);
    assert_eq!(test.delivers("c.jsonl", &other.replace("1500.5", "1500.75")).report.changed, 1);
    assert_eq!(test.pending(TaskKind::Challenge).len(), 1);
    verify(&mut test);
}
