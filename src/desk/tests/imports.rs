//! Imports: idempotent, redirected, resumed.

use std::collections::BTreeMap;

use super::*;
use domain::FieldName;
use door::operations::{History, ShowRecord};
use door::views::JobView;
use door::{Failure, NotDone, Outcome, Streams};

const TWO: &str = "1,Ada,Fernsby,ada@example.com,,,,,,,\n2,Ida,Fernsby,ida@example.com,,,,,,,\n";

#[test]
fn the_same_file_again_changes_nothing() {
    let mut test = TestDesk::new();
    let first = test.import("crm", TWO).report;
    let before = test.picture();
    let second = test.import("crm", TWO).report;
    assert_eq!((first.read, first.new), (2, 2));
    assert_eq!((second.read, second.unchanged), (2, 2));
    assert_eq!(test.picture(), before);
}

#[test]
fn each_delivery_is_compared_with_the_one_before_it() {
    let mut test = TestDesk::new();
    let other = TWO.replace("ida@example.com", "ida@example.org");
    let counts = [TWO, &other, &other, TWO, TWO].map(|text| {
        let report = test.import("crm", text).report;
        (report.new, report.changed, report.unchanged)
    });
    assert_eq!(counts, [(2, 0, 0), (0, 1, 1), (0, 0, 2), (0, 1, 1), (0, 0, 2)]);
    test.reopen();
    assert_eq!(test.import("crm", TWO).report.unchanged, 2);
    test.rebuild();
    assert_eq!(test.import("crm", TWO).report.unchanged, 2);
    assert_eq!(test.import("crm", &other).report.changed, 1);
}

#[test]
fn a_row_that_says_the_same_in_other_words_is_unchanged() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,ada@example.com,n/a,,,,,,\n");
    let before = test.picture();
    for text in
        ["1,Ada,Fernsby,ada@example.com,-,,,,,,\n", "1,Ada,Fernsby,ada@example.com,,,,,,,\n"]
    {
        let report = test.import("crm", text).report;
        assert_eq!((report.unchanged, report.changed), (1, 0));
    }
    assert_eq!(test.picture(), before);
}

#[test]
fn fields_declared_since_read_an_unchanged_row_anew() {
    let mut test = TestDesk::new();
    let name = "\n[fields.name]\ntype = \"full_name\"\n";
    let path = test.workspace().settings();
    let named =
        SETTINGS.replace("given_name = \"given\", family_name = \"family\"", "name = \"given\"");
    std::fs::write(&path, named.replace("[fields.given_name]\ntype = \"given_name\"\n[fields.family_name]\ntype = \"family_name\"\n", name)).unwrap();
    let row = "1,Ada Fernsby,,ada@example.com,,,,,,,\n";
    test.import("crm", row);
    std::fs::write(&path, format!("{named}{name}")).unwrap();
    test.desk().adopt_settings().unwrap();
    let report = test.import("crm", row).report;
    assert_eq!((report.changed, report.unchanged), (1, 0), "the name has parts now");
}

#[test]
fn a_row_whose_customer_was_merged_away_follows_the_redirect() {
    let mut test = TestDesk::new();
    test.import("crm", TWO);
    let (one, two) = (test.customer("crm:1"), test.customer("crm:2"));
    test.does(merge_request(&[&[one, two]]));
    let report = test.import("crm", "2,Ida,Fernsby,ida@example.org,,,,,,,\n").report;
    assert_eq!(report.changed, 1);
    assert_eq!(test.customer("crm:2"), one);
}

#[test]
fn quarantine_holds_the_latest_delivery_of_a_file_only() {
    let mut test = TestDesk::new();
    let report = test.import("crm", "1\n,Ida,Fernsby,,,,,,,,\n").report;
    assert_eq!(report.quarantined, 2);
    assert_eq!(test.desk().facts().view.quarantine().unwrap().len(), 2);
    let report = test.import("crm", TWO).report;
    assert_eq!((report.new, report.quarantined), (2, 0));
    assert_eq!(test.desk().facts().view.quarantine().unwrap(), []);
}

#[test]
fn an_unknown_source_is_refused_before_anything_is_written() {
    let mut test = TestDesk::new();
    let head = test.desk().facts().ledger.head();
    let error = testing::import(test.desk(), import_of("erp"), "").unwrap_err();
    assert_eq!(error.to_string(), "steward.toml has no source `erp`; it has crm, shop");
    assert_eq!(test.desk().facts().ledger.head(), head);
}

#[test]
fn a_cancelled_import_keeps_what_it_committed_and_completes_when_run_again() {
    let mut test = TestDesk::new();
    let rows: String = (0..1_000).map(|n| format!("{n},Given{n},Family{n},,,,,,,,\n")).collect();
    let text = format!("{HEADER}{rows}").into_bytes();
    let input = Box::new(std::io::Cursor::new(text));
    // Cancelled after the first chunk.
    let ended = import_while(&mut test, import_of("crm"), input, |job| job.done == 0);
    assert_eq!(ended.unwrap_err(), NotDone::Failed(Failure::cancelled(true)));
    let kept = test.desk().facts().view.counters().unwrap().records;
    assert_eq!(kept, 256);
    test.reopen();
    let again = test.import("crm", &rows);
    assert_eq!(again.import.unwrap().to_string(), "I1", "it goes on under its id");
    assert_eq!((again.report.new, again.report.unchanged), (1_000, 0));
}

#[test]
fn the_report_of_a_completed_import_is_of_the_whole_file() {
    // In the first chunk, and in those behind it: e-mail addresses that break a rule, dates nobody reads.
    let row = |n: u32| match n {
        40 | 700 => format!("{n},Given{n},Family{n},broken{n},,,,,,,\n"),
        90 | 900 => format!("{n},Given{n},Family{n},,,some day,,,,,\n"),
        _ => format!("{n},Given{n},Family{n},,,,,,,,\n"),
    };
    let rows: String = (0..1_000).map(row).collect();
    let whole = TestDesk::new().import("crm", &rows);
    assert!(whole.tasks > 1 && !whole.troubles.is_empty(), "{whole:?}");
    let mut test = TestDesk::new();
    let text = format!("{HEADER}{rows}").into_bytes();
    let input = Box::new(std::io::Cursor::new(text));
    import_while(&mut test, import_of("crm"), input, |job| job.done == 0).unwrap_err();
    test.reopen();
    let again = test.import("crm", &rows);
    assert_eq!(again.report, whole.report);
    assert_eq!((again.tasks, again.troubles), (whole.tasks, whole.troubles));
    // Once more, and nothing is new any more.
    let third = test.import("crm", &rows);
    assert_eq!((third.report.new, third.report.unchanged, third.tasks), (0, 1_000, 0));
}

#[test]
fn an_import_names_the_tasks_for_decisions_that_it_contradicts() {
    let mut test = TestDesk::new();
    test.import("crm", TWO);
    let rows = TWO.lines().collect::<Vec<_>>();
    let key = rows[0].split(',').next().unwrap();
    let values = BTreeMap::from([(FieldName::new("city"), "Decatur".to_owned())]);
    let record = format!("crm:{key}").parse().unwrap();
    test.does(Request::new(Action::Correct {
        record,
        values,
        chosen: BTreeMap::new(),
        cleared: Vec::new(),
    }));
    let city = |name: &str| {
        let mut cells: Vec<&str> = rows[0].split(',').collect();
        cells[7] = name;
        cells.join(",") + "\n"
    };
    let outcome = test.import("crm", &city("Omaha"));
    assert_eq!(outcome.challenges, test.pending(TaskKind::Challenge));
    assert_eq!(outcome.challenges.len(), 1);
    assert_eq!(test.import("crm", &city("Omaha")).challenges, []);
    let subject = domain::Subject::Task(outcome.challenges[0]);
    let told = test.ask(History { of: Some(subject), unmask: false }).unwrap();
    assert!(told.last().unwrap().what.ends_with("opened again because city changed"), "{told:?}");
}

/// Gives what it has, and then nothing, without an end, for as long as the other side is there.
struct Silent(std::io::Cursor<Vec<u8>>, std::sync::mpsc::Receiver<()>);

impl std::io::Read for Silent {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(buffer)?;
        if read == 0 {
            let _ = self.1.recv();
        }
        Ok(read)
    }
}

/// Imports until it says no.
fn import_while(
    test: &mut TestDesk,
    request: Import,
    input: Box<dyn std::io::Read + Send>,
    goes_on: impl FnMut(&JobView) -> bool,
) -> Outcome<ImportOutcome> {
    let streams = Streams::reading(input);
    testing::run_while(test.desk(), request, streams, goes_on).map(|outcome| *outcome)
}

#[test]
fn an_import_that_waits_for_rows_can_be_cancelled_and_has_written_nothing() {
    let mut test = TestDesk::new();
    let request = Import { file: "-".into(), ..import_of("crm") };
    let head = test.desk().facts().ledger.head();
    // More than is kept at once.
    let street = "Long Road ".repeat(30_000);
    let text = format!("{HEADER}1,Ada,Fernsby,,,,{street},,,,\n").into_bytes();
    let (other_side, silence) = std::sync::mpsc::channel();
    let input = Box::new(Silent(std::io::Cursor::new(text), silence));
    let mut asked = 0;
    let ended = import_while(&mut test, request, input, |job| {
        assert_eq!(job.import, None, "nothing is begun before the stream has ended");
        asked += 1;
        asked < 5
    });
    assert_eq!(ended.unwrap_err(), NotDone::Failed(Failure::cancelled(true)));
    assert_eq!(test.desk().facts().ledger.head(), head);
    drop(other_side);
}

#[test]
fn an_import_whose_file_does_not_begin_keeps_nobody_waiting() {
    let mut test = TestDesk::new();
    let (other_side, silence) = std::sync::mpsc::channel();
    let input = Box::new(Silent(std::io::Cursor::new(Vec::new()), silence));
    let mut steps = 0;
    let ended = import_while(&mut test, import_of("crm"), input, |_| {
        steps += 1;
        steps < 5
    });
    assert_eq!(ended.unwrap_err(), NotDone::Failed(Failure::cancelled(true)));
    assert_eq!(test.desk().facts().view.imports().unwrap().len(), 0, "nothing was written");
    test.import("crm", TWO);
    drop(other_side);
}

#[test]
fn two_rows_of_one_file_that_share_a_unique_value_are_both_told() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,,,M-1,\n2,Bo,Tarn,,,,,,,M-1,\n");
    let tasks = test.pending(TaskKind::Invalid);
    let mut told = Vec::new();
    for task in tasks {
        let view = test.task(task);
        let holders = view.fix.unwrap().violations[0].holders.clone();
        told.push((view.columns[0].customer, holders));
    }
    let (one, other) = (CustomerId(1), CustomerId(2));
    assert_eq!(told, [(one, vec![other]), (other, vec![one])]);
}

#[test]
fn a_changed_steward_toml_opens_tasks_for_what_it_newly_forbids_once_it_is_adopted() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,,,,\n");
    let rule = "\n[[rules]]\nid = \"email-required\"\nfield = \"email\"\ncheck = \"required\"\nseverity = \"error\"\n";
    let path = test.workspace().settings();
    std::fs::write(&path, format!("{SETTINGS}{rule}")).unwrap();
    test.import("shop", "9,Bo,Tarn,bo@example.com,,,,,,,\n");
    assert_eq!(test.pending(TaskKind::Invalid), []);
    let adopted = test.ask(door::operations::AdoptSettings::default()).unwrap();
    assert_eq!((adopted.opened, adopted.closed), (1, 0));
    assert_eq!(test.pending(TaskKind::Invalid).len(), 1);
    let before = test.pending_picture();
    test.rebuild();
    assert_eq!(test.pending_picture(), before);
}

#[test]
fn a_two_digit_year_is_read_as_of_its_first_import() {
    let mut test = TestDesk::new();
    let row = |key: u8, phone: &str| format!("{key},Ada,Fernsby{key},,{phone},2/3/27,,,,,\n");
    test.import("crm", &row(1, ""));
    test.clock.advance(800 * 86_400);
    test.import("crm", &(row(1, "+12175550104") + &row(2, "")));
    let born = |test: &mut TestDesk, address: &str| {
        let record = address.parse().unwrap();
        let view = test.ask(ShowRecord { record, at: None, unmask: true }).unwrap();
        view.values.iter().find(|it| it.field.as_str() == "birth_date").unwrap().value.clone()
    };
    for _ in 0..2 {
        assert_eq!(born(&mut test, "crm:1"), "1927-02-03", "it was delivered so before");
        assert_eq!(born(&mut test, "crm:2"), "2027-02-03");
        test.rebuild();
    }
}
