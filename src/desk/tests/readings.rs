//! How files are read: what one proves holds for the next, and an interrupted one goes on as it began.

use super::overview::verify;
use super::*;
use domain::ImportId;
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
fn a_text_that_is_in_another_encoding_than_earlier_ones_is_said() {
    let mut test = TestDesk::new();
    let western =
        b"1,Andr\xe9,Lef\xe8vre,,,,,,,,\n2,Jos\xe9,Mu\xf1oz,,,,,,,,\n3,Zo\xeb,M\xfcller,,,,,,,,\n";
    let polish = b"4,\xa3ukasz,W\xf3jcik,,,,,,,,\n5,Ma\xb3gorzata,\x8cliwi\xf1ska,,,,,,,,\n6,Zdzis\xb3aw,\xafak,,,,,,,,\n";
    let mut import = |rows: &[u8]| {
        let file = [HEADER.as_bytes(), rows].concat();
        let outcome = testing::import(test.desk(), import_of("crm"), file).unwrap();
        outcome.reading.remarks(outcome.place())
    };
    assert_eq!(import(b"9,Bo,Marlow,,,,,,,,\n"), Vec::<String>::new());
    assert_eq!(import(western), Vec::<String>::new());
    let remarks = import(polish);
    assert_eq!(remarks.len(), 1, "{remarks:?}");
    assert!(
        remarks[0].starts_with("the text is windows-1250, but import I2 was read as windows-1252"),
        "{remarks:?}"
    );
    assert_eq!(import(polish), Vec::<String>::new());
}

#[test]
fn the_same_file_changes_nothing_unless_it_is_read_otherwise() {
    let mut test = TestDesk::new();
    let file = row(1, "03/04/1985");
    test.import("crm", &file);
    assert_eq!(test.import("crm", &file).report.unchanged, 1);
    let day_first = SETTINGS.replace("[sources.crm]\n", "[sources.crm]\ndates = \"day-first\"\n");
    test.edits(&day_first);
    assert_eq!(test.import("crm", &file).report.unchanged, 1, "the edit waits");
    test.desk().adopt_settings().unwrap();
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

#[test]
fn an_interrupted_stream_is_completed_by_the_same_bytes_alone_and_a_file_by_its_name() {
    for (name, other, last) in [("crm.csv", 1, 2), ("-", 2, 3)] {
        let mut test = TestDesk::new();
        let rows: String = (0..600).map(|id| row(id, "25/04/1985")).collect();
        let request = door::operations::Import { file: name.to_owned(), ..import_of("crm") };
        let deliver = |test: &mut TestDesk, rows: &str, stops: bool| {
            let streams = Streams::of_file(std::io::Cursor::new(format!("{HEADER}{rows}")));
            let goes_on = |job: &door::views::JobView| !stops || job.done == 0;
            testing::run_while(test.desk(), request.clone(), streams, goes_on)
        };
        assert!(deliver(&mut test, &rows, true).is_err(), "it was stopped");
        let one = row(900, "25/04/1985");
        let import = |number| Some(ImportId(number));
        assert_eq!(deliver(&mut test, &one, false).unwrap().import, import(other), "{name}");
        assert!(deliver(&mut test, &rows, true).is_err(), "it was stopped again");
        assert_eq!(deliver(&mut test, &rows, false).unwrap().import, import(last), "{name}");
    }
}

/// The values of a record, and what was delivered for nothing.
fn held(test: &mut TestDesk, address: &str) -> (String, String) {
    let address: RecordAddress = address.parse().unwrap();
    let facts = test.desk().facts();
    let body = facts.body(facts.find(&address).unwrap().unwrap()).unwrap();
    let values = body.values.iter().map(|(field, value)| format!("{field} {}", value.shown()));
    let absent = body.absent.iter().map(|(field, text)| format!("{field} {text}"));
    (values.collect::<Vec<_>>().join(", "), absent.collect::<Vec<_>>().join(", "))
}

#[test]
fn a_word_that_an_export_writes_for_nothing_is_found_out_and_holds_for_the_source() {
    let mut test = TestDesk::new();
    let file = "1,Ada,False,False,False,,,,,,\n2,Null,Fernsby,,,,,,,,\n";
    let outcome = test.import("crm", file);
    let (values, absent) = held(&mut test, "crm:1");
    assert_eq!(values, "given_name Ada");
    for field in ["family_name False", "email False", "phone False"] {
        assert!(absent.contains(field), "the delivered text is kept: {absent}");
    }
    assert_eq!(held(&mut test, "crm:2").0, "family_name Fernsby, given_name Null");
    let told = outcome.reading.assumptions(outcome.place()).join("; ");
    assert!(told.contains("\"False\" for empty cells (proved by line 2)"), "{told}");
    test.reopen();
    let outcome = test.import("crm", "3,False,Fernsby,,,,,,,,\n");
    assert_eq!(held(&mut test, "crm:3").0, "family_name Fernsby");
    let told = outcome.reading.assumptions(outcome.place()).join("; ");
    assert!(told.contains("\"False\" for empty cells (as import I1 proved)"), "{told}");
    assert_eq!(test.import("crm", file).report.unchanged, 2);
    test.import("shop", "1,False,Fernsby,,,,,,,,\n");
    assert_eq!(held(&mut test, "shop:1").0, "family_name Fernsby, given_name False");
    verify(&mut test);
}

#[test]
fn a_truth_value_is_no_name_and_no_telephone() {
    for lines in [
        "{\"id\": 1, \"given\": \"Ada\", \"family\": false}\n",
        "{\"id\": 1, \"given\": \"Ada\", \"phone\": false}\n",
    ] {
        let mut test = TestDesk::new();
        let request = Import { format: Some("jsonl".to_owned()), ..import_of("crm") };
        testing::import(test.desk(), request, lines).unwrap();
        let (values, absent) = held(&mut test, "crm:1");
        assert_eq!(values, "given_name Ada");
        assert!(absent.ends_with(" false"), "{absent}");
    }
}

#[test]
fn a_declared_word_is_read_so_in_what_is_held() {
    let mut test = TestDesk::new();
    let file = "1,Ada,False,,,,,,,,\n";
    test.import("crm", file);
    assert_eq!(held(&mut test, "crm:1").0, "family_name False, given_name Ada");
    let declared = "[sources.crm]\nabsent = [\"false\"]\n";
    let declared = SETTINGS.replacen("[sources.crm]\n", declared, 1);
    std::fs::write(test.workspace().settings(), declared).unwrap();
    test.desk().adopt_settings().unwrap();
    assert_eq!(test.import("crm", file).report.changed, 1);
    let expected = ("given_name Ada".to_owned(), "family_name False".to_owned());
    assert_eq!(held(&mut test, "crm:1"), expected);
}

#[test]
fn the_zone_in_a_column_s_name_is_that_of_its_times() {
    let mut test = TestDesk::new();
    let delivered = |test: &mut TestDesk, column: &str, given: &str, time: &str| {
        test.clock.advance(60);
        let text = format!("id,given,family,{column}\n1,{given},Lee,{time}\n");
        testing::import(test.desk(), import_of("crm"), text).unwrap().report
    };
    let held = |test: &mut TestDesk| {
        let facts = test.desk().facts();
        let record = facts.find(&"crm:1".parse().unwrap()).unwrap().unwrap();
        facts.body(record).unwrap().updated.map(|at| at.to_string()).unwrap()
    };
    assert_eq!(delivered(&mut test, "Updated (GMT+1)", "Ann", "2026-03-02 10:15").new, 1);
    assert_eq!(held(&mut test), "2026-03-02T09:15:00Z");
    // Half an hour earlier, though its clock says a quarter of an hour later.
    assert_eq!(delivered(&mut test, "Updated (GMT+2)", "Anna", "2026-03-02 10:30").older, 1);
    assert_eq!(delivered(&mut test, "updated (EST)", "Anna", "2026-03-02 05:00").changed, 1);
    assert_eq!(held(&mut test), "2026-03-02T10:00:00Z");
    // One that is called like others says nothing: as without.
    assert_eq!(delivered(&mut test, "Updated (IST)", "Anne", "2026-03-02 11:00").changed, 1);
    assert_eq!(held(&mut test), "2026-03-02T11:00:00Z");
}
