//! Of somebody who was erased no activity is left, whoever else held the handle.

use super::*;
use std::path::Path;

/// Every byte of every file below a folder, and all commits as they are read and as they are stored.
fn everything(test: &mut TestDesk) -> String {
    fn files(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, into);
            } else {
                into.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
            }
        }
    }
    let mut text = String::new();
    files(test.folder.path(), &mut text);
    let ledger = test.desk().facts().ledger;
    let head = ledger.head().unwrap().sequence;
    for sequence in 1..=head.0 {
        let sequence = domain::Sequence(sequence);
        text.push_str(&String::from_utf8_lossy(&ledger.stored(sequence).unwrap()));
        text.push_str(&format!("{:?}", ledger.commit(sequence).unwrap()));
    }
    text
}

#[test]
fn nothing_that_somebody_did_is_left_once_they_are_erased() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    test.import("crm", "1,Ada,Fernsby,later@example.com,,,,,,,\n");
    let rows = [
        ("crm:1", "zq-key", "1.00"),
        ("ada@example.com", "zq-first-mail", "2.00"),
        ("later@example.com", "zq-second-mail", "3.00"),
        ("crm:77|later@example.com", "zq-else", "4.00"),
        ("crm:2", "theo-key", "5.00"),
        ("crm:2|later@example.com", "theo-whoever-wrote", "6.00"),
        ("stranger@example.com", "stranger", "7.00"),
        ("theo@example.com", "zq-moved", "8.00"),
    ];
    test.orders(7, &rows);
    // What was replaced goes, and with it what replaces something of theirs.
    test.orders(8, &[("crm:1", "zq-moved", "8.00"), ("crm:1", "zq-key", "9.00")]);
    test.orders(9, &[("crm:1", "zq-withdrawn", "9.00")]);
    test.withdraws(9, 10);
    let theo = test.customer("crm:2");
    let marks = ["zq-key", "zq-first", "zq-second", "zq-else", "zq-moved", "zq-withdrawn"];
    let before = everything(&mut test);
    assert!(marks.iter().all(|mark| before.contains(mark)));
    let ada = test.customer("crm:1");
    let reach = test.erase(ada).reach;
    assert_eq!((reach.activities, reach.shared_activities), (5, 0));
    let after = everything(&mut test);
    assert!(!after.contains("zq-"), "something is left");
    let owned = test.owned();
    let left = [
        "stranger 7.00 unknown".to_owned(),
        format!("theo-key 5.00 {theo}"),
        format!("theo-whoever-wrote 6.00 {theo}"),
    ];
    assert_eq!(owned, left);
    // The same file again brings nothing of them.
    let again = test.orders(11, &rows);
    assert_eq!((again.suppressed, again.unchanged, again.new), (5, 3, 0));
    assert_eq!(test.owned(), left);
    test.rebuild();
    assert_eq!(test.owned(), left);
    super::overview::verify(&mut test);
}

#[test]
fn what_two_held_a_handle_of_goes_with_either() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,we@example.com,,,,,,,\n2,Theo,Oak,we@example.com,,,,,,,\n");
    test.orders(7, &[("we@example.com", "ours", "1.00"), ("crm:2", "his", "2.00")]);
    assert!(test.owned().contains(&"ours 1.00 several".to_owned()));
    let ada = test.customer("crm:1");
    let reach = test.erase(ada).reach;
    assert_eq!((reach.activities, reach.shared_activities), (1, 1));
    let theo = test.customer("crm:2");
    assert_eq!(test.owned(), [format!("his 2.00 {theo}")]);
}

/// Streams whose rows name records by key, and a rule by age for what is nobody's.
const STREAMS: &str = r#"
[streams.orders]
source = "crm"
kind = { column = "what", buy = "purchase", view = "page_view" }
key = "order"
at = "ordered"
subject = { key = "customer", else = { email = "mail" } }
properties = ["note"]
[[retention]]
of = "unattached"
after = "30 days"
kinds = ["page_view"]
then = "erase"
[[retention]]
of = "unattached"
after = "30 days"
then = "erase"
[[retention]]
of = "unattached"
keep = "10 years"
kinds = ["purchase"]
"#;

impl TestDesk {
    fn delivers_stream(&mut self, rows: &str) -> door::views::ImportOutcome {
        self.clock.advance(60);
        let mut request =
            door::operations::Import::of(domain::SourceName::new("crm"), "orders.csv");
        request.stream = Some(StreamName::new("orders"));
        let head = "order,ordered,what,customer,mail,note\n";
        testing::import(self.desk(), request, format!("{head}{rows}")).unwrap()
    }
}

#[test]
fn rows_in_quarantine_that_name_somebody_by_key_go_with_them() {
    let mut test = TestDesk::governed(Databases::InMemory, 3, STREAMS);
    test.import("crm", PEOPLE);
    // Without a time; a key that two rows have; by key and by an address of Ada's; of Theo, though it holds her address.
    let rows = "q1,,buy,1,,zq-one\n\
        q2,2026-01-05,buy,1,,zq-two\n\
        q2,2026-01-05,buy,2,,theo-two\n\
        q3,,buy,,ada@example.com,zq-three\n\
        q4,,buy,2,ada@example.com,theo-four\n\
        q5,,buy,77,,stranger-five\n";
    let outcome = test.delivers_stream(rows);
    assert_eq!(outcome.report.quarantined, 6);
    let ada = test.customer("crm:1");
    let report = match test.desk().subject(ada) {
        Ok(report) => report,
        Err(_) => panic!("no report"),
    };
    let texts: Vec<String> = report.quarantine.iter().filter_map(|it| it.text.clone()).collect();
    assert_eq!(texts.iter().filter(|text| text.contains("zq-")).count(), 3, "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("theo-")), "{texts:?}");
    let reach = test.erase(ada).reach;
    assert_eq!(reach.quarantined.len(), 3);
    let after = everything(&mut test);
    assert!(!after.contains("zq-"), "something is left");
    assert!(after.contains("theo-two") && after.contains("theo-four"));
    // What comes again is left out, also where only its line or its fault is another.
    let again = test.delivers_stream(rows);
    assert_eq!((again.report.suppressed, again.report.quarantined), (3, 3));
    let other = test.delivers_stream("q1,not a day,buy,1,,zq-other\n");
    assert_eq!((other.report.suppressed, other.report.quarantined), (1, 0));
    assert!(!everything(&mut test).contains("zq-"));
}

#[test]
fn what_is_nobodys_goes_by_age_and_is_what_the_dry_run_listed() {
    use door::operations::Retain;
    let mut test = TestDesk::governed(Databases::default(), 3, STREAMS);
    test.import("crm", PEOPLE);
    let rows = "v1,2026-01-01,view,,,zq-view\n\
        v2,2026-01-01,view,,ada@example.com,adas-view\n\
        b1,2026-01-01,buy,,,kept-buy\n\
        o1,2026-01-01,other,,late@example.com,zq-other\n\
        v3,2026-10-15,view,,,young-view\n";
    test.delivers_stream(rows);
    let today = test.desk().facts().today();
    assert!(today == jiff::civil::date(2026, 11, 1), "{today}");
    let warn = "60 days".parse().unwrap();
    let foreseen = test.desk().foresee_retention(warn).unwrap();
    let told = |list: &[door::views::RetainedActivities]| -> Vec<(usize, u64)> {
        list.iter().map(|it| (it.rule, it.count)).collect()
    };
    let unattached = foreseen.unattached.clone().unwrap();
    assert_eq!(told(&unattached.erased), [(0, 1), (1, 1)], "{unattached:?}");
    assert_eq!(told(&unattached.kept), [(2, 1)]);
    assert_eq!(told(&unattached.due), [(0, 1)]);
    let done = test.desk().retain(&Retain { listed: None, reason: None }).unwrap();
    assert_eq!(done.unattached.unwrap().erased, unattached.erased);
    assert!(done.sequence.is_some() && done.erased.is_empty());
    let after = everything(&mut test);
    assert!(!after.contains("zq-"), "something is left");
    for left in ["adas-view", "kept-buy", "young-view"] {
        assert!(after.contains(left), "{left}");
    }
    let owned = test.owned_keys();
    assert_eq!(owned, ["b1", "v2", "v3"]);
    // Nothing more is due, and the same file brings none of it back.
    let again = test.desk().retain(&Retain { listed: None, reason: None }).unwrap();
    assert_eq!((again.sequence, again.unattached_erased()), (None, 0));
    let outcome = test.delivers_stream(rows);
    assert_eq!((outcome.report.suppressed, outcome.report.unchanged), (2, 3));
    test.rebuild();
    assert_eq!(test.owned_keys(), owned);
    super::overview::verify(&mut test);
}

#[test]
fn what_may_be_of_somebody_who_is_held_stays() {
    let mut test = TestDesk::governed(Databases::InMemory, 3, STREAMS);
    test.import("crm", "1,Ada,Fernsby,we@example.com,,,,,,,\n2,Theo,Oak,we@example.com,,,,,,,\n");
    test.delivers_stream("v1,2026-01-01,view,,we@example.com,ours\n");
    let ada = test.customer("crm:1");
    let due = |test: &mut TestDesk| {
        let view = test.desk().foresee_retention("1 days".parse().unwrap()).unwrap();
        let unattached = view.unattached.unwrap();
        (unattached.erased.len(), unattached.held)
    };
    assert_eq!(due(&mut test), (1, 0));
    let hold = Action::Hold { customer: ada, until: None };
    let request =
        Request { reason: Some(domain::ReasonCode::new("checked")), ..Request::new(hold) };
    test.does(request);
    assert_eq!(due(&mut test), (0, 1));
}
