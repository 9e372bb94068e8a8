//! How files are read: what one proves holds for the next, and an interrupted one goes on as it began.

use super::overview::verify;
use super::*;
use door::{FailureClass, NotDone};

fn born(test: &mut TestDesk, address: &str) -> String {
    let address: RecordAddress = address.parse().unwrap();
    let facts = test.desk().facts();
    let record = facts.find(&address).unwrap().unwrap();
    facts.body(record).unwrap().values.get("birth_date").unwrap().shown().to_owned()
}

fn row(id: u32, birth: &str) -> String {
    format!("{id},Ada,Fernsby,,,{birth},,,,,\n")
}

#[test]
fn what_one_file_proves_holds_for_the_source_until_another_proves_otherwise() {
    let mut test = TestDesk::new();
    test.import("crm", &(row(1, "03/04/1985") + &row(2, "25/04/1985")));
    assert_eq!(born(&mut test, "crm:1"), "1985-04-03");
    test.import("shop", &row(1, "03/04/1985"));
    assert_eq!(born(&mut test, "shop:1"), "1985-03-04", "another source is of the region");
    test.reopen();
    test.import("crm", &row(3, "05/06/1990"));
    assert_eq!(born(&mut test, "crm:3"), "1990-06-05");
    test.rebuild();
    let outcome = test.import("crm", &(row(4, "05/06/1990") + &row(5, "05/16/1990")));
    assert_eq!(born(&mut test, "crm:4"), "1990-05-06");
    let remarks = outcome.reading.remarks(outcome.place());
    assert_eq!(remarks.len(), 1);
    assert!(remarks[0].contains("they were day-first in import I1"), "{remarks:?}");
    verify(&mut test);
}

#[test]
fn the_same_file_changes_nothing_unless_it_is_read_otherwise() {
    let mut test = TestDesk::new();
    let file = row(1, "03/04/1985");
    test.import("crm", &file);
    assert_eq!(test.import("crm", &file).report.unchanged, 1);
    let path = test.workspace().settings();
    let day_first = SETTINGS.replace("[sources.crm]\n", "[sources.crm]\ndates = \"day-first\"\n");
    std::fs::write(&path, day_first).unwrap();
    assert_eq!(test.import("crm", &file).report.changed, 1);
    assert_eq!(born(&mut test, "crm:1"), "1985-04-03");
    assert_eq!(test.import("crm", &file).report.unchanged, 1);
}

#[test]
fn an_undecided_file_begins_nothing() {
    let mut test = TestDesk::new();
    let head = test.desk().facts().ledger.head();
    let rows = row(1, "25/04/1985") + &row(2, "04/25/1985");
    let ended = testing::import(test.desk(), import_of("crm"), format!("{HEADER}{rows}"));
    let NotDone::Failed(failure) = ended.unwrap_err() else { unreachable!("it is a failure") };
    assert_eq!(failure.class, FailureClass::Undecided);
    assert_eq!(failure.undecided.unwrap().columns.len(), 1);
    assert_eq!(test.desk().facts().ledger.head(), head);
    let told = Import { dates: Some(domain::DateOrder::DayFirst), ..import_of("crm") };
    testing::import(test.desk(), told, format!("{HEADER}{rows}")).unwrap();
    assert_eq!(born(&mut test, "crm:2"), "04/25/1985");
}

#[test]
fn an_interrupted_import_goes_on_as_it_began() {
    let mut test = TestDesk::new();
    let many: String = (0..600).map(|id| row(id, "03/04/1985")).collect();
    let rows = row(900, "25/04/1985") + &many;
    let streams = Streams::of_file(std::io::Cursor::new(format!("{HEADER}{rows}")));
    let request = import_of("crm");
    let ended = testing::run_while(test.desk(), request, streams, |job| job.done == 0);
    assert!(ended.is_err(), "it was stopped");
    // The rest of the file comes without the line that proved it.
    test.import("crm", &many);
    assert_eq!(born(&mut test, "crm:599"), "1985-04-03");
}
