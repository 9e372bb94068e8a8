//! Imports of files, taken back.

use super::overview::verify;
use super::*;
use domain::ImportId;
use door::operations::{Delivery, Reread};
use door::views::RereadOutcome;

const FIRST: &str = "1,Ada,Fernsby,ada@example.com,+12175550104,1985-04-12,,Ware,,,\n\
    2,Ida,Fernsby,ida@example.com,+12175550105,,,Hitchin,,,\n\
    3,Una,Oaks,una@example.com,,,,,,,\n";
const SECOND: &str = "1,Ada,Fernsby-Cole,ada@example.com,,1985-04-12,,Luton,,,\n\
    2,Ida,Fernsby,ida@example.com,+12175550105,,,Hitchin,,,\n\
    4,Mo,New,mo@example.com,+12175550106,,,,,,\n";

fn withdraw(test: &mut TestDesk, import: u32, dry_run: bool) -> RereadOutcome {
    test.clock.advance(60);
    let request = Reread { undoes: Some(ImportId(import)), dry_run, ..Reread::default() };
    *testing::run_while(test.desk(), request, Streams::default(), |_| true).unwrap()
}

/// Changed, closed, there again; and the import that did it.
fn counts(outcome: &RereadOutcome) -> ([u64; 3], Option<u32>) {
    let [of] = &outcome.sources[..] else { panic!("{outcome:?}") };
    ([of.changed, of.closed, of.returned], of.import.map(|import| import.0))
}

/// Which records are there, and which are away, with why.
fn standing(test: &mut TestDesk) -> Vec<String> {
    let facts = test.desk().facts();
    let mut records = Vec::new();
    facts
        .view
        .each_record(&mut |record, _| {
            records.push(record);
            Ok(true)
        })
        .unwrap();
    let told = |record| {
        let state = facts.view.record_state(record).unwrap();
        let address = facts.body(record).unwrap().address;
        match state.vanished {
            Some(vanished) => format!("{address} {vanished}"),
            None => address.to_string(),
        }
    };
    records.into_iter().map(told).collect()
}

#[test]
fn an_import_that_was_wrong_is_taken_back_and_the_undo_of_it_too() {
    let mut test = TestDesk::new();
    test.import("crm", FIRST);
    let before = test.picture();
    test.import("crm", SECOND);
    let after = test.picture();
    assert_eq!(counts(&withdraw(&mut test, 2, true)), ([1, 1, 0], None));
    assert_eq!(test.picture(), after, "a dry run writes nothing");

    assert_eq!(counts(&withdraw(&mut test, 2, false)), ([1, 1, 0], Some(3)));
    let picture = test.picture();
    assert_eq!(picture[..3], before[..]);
    assert!(!picture[3].contains("mo@example.com"), "{picture:?}");
    assert_eq!(standing(&mut test)[3], "crm:4 closed, I2 was undone");
    assert!(withdraw(&mut test, 2, false).is_empty(), "nothing is left of it");
    verify(&mut test);

    assert_eq!(counts(&withdraw(&mut test, 3, false)), ([1, 0, 1], Some(4)));
    assert_eq!(test.picture(), after);
    assert_eq!(counts(&withdraw(&mut test, 4, false)), ([1, 1, 0], Some(5)));
    assert_eq!(test.picture(), picture);

    // The same file again is as good as the first time.
    let outcome = test.import("crm", SECOND);
    assert_eq!((outcome.report.new, outcome.report.changed, outcome.report.returned), (0, 1, 1));
    assert_eq!(test.picture(), after);
    verify(&mut test);
}

#[test]
fn what_came_or_was_decided_since_stays() {
    let mut test = TestDesk::new();
    test.import("crm", FIRST);
    test.import("crm", SECOND);
    test.import("crm", "1,Ada,Cole,ada@example.com,,1985-04-12,,Luton,,,\n");
    test.does(fix_request("crm:4", "phone", "+12175550199"));
    assert_eq!(counts(&withdraw(&mut test, 2, false)), ([0, 1, 0], Some(4)));
    assert!(test.picture()[0].contains("Cole"));
    // The first import is taken back once the later ones are.
    let mut test = TestDesk::new();
    test.import("crm", FIRST);
    test.import("crm", SECOND);
    withdraw(&mut test, 2, false);
    assert_eq!(counts(&withdraw(&mut test, 1, false)), ([0, 3, 0], Some(4)));
    assert!(standing(&mut test).iter().all(|line| line.contains("was undone")));
    verify(&mut test);
}

#[test]
fn what_a_complete_file_closed_or_brought_back_is_as_it_was() {
    let mut test = TestDesk::new();
    let path = test.workspace().settings();
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("[sources.crm]", "[sources.crm]\nvanished = \"close\"");
    std::fs::write(path, text).unwrap();
    let complete = |test: &mut TestDesk, rows: &str| {
        let delivery = Delivery { complete: true, accept_vanished: true, ..Delivery::default() };
        let request = Import { delivery, ..testing::import_of("crm") };
        test.clock.advance(60);
        testing::import(test.desk(), request, format!("{HEADER}{rows}")).unwrap()
    };
    complete(&mut test, FIRST);
    let (one, rest) = FIRST.split_at(FIRST.find('\n').unwrap() + 1);
    assert_eq!(complete(&mut test, one).report.closed, 2);
    assert_eq!(complete(&mut test, rest).report.returned, 2);
    let third = standing(&mut test);
    assert_eq!(counts(&withdraw(&mut test, 3, false)), ([0, 2, 1], Some(4)));
    let second = standing(&mut test);
    assert_eq!(second, ["crm:1", "crm:2 closed, not in I2", "crm:3 closed, not in I2"]);
    assert_eq!(counts(&withdraw(&mut test, 2, false)), ([0, 0, 2], Some(5)));
    assert_eq!(standing(&mut test), ["crm:1", "crm:2", "crm:3"]);
    withdraw(&mut test, 5, false);
    assert_eq!(standing(&mut test), second);
    withdraw(&mut test, 4, false);
    assert_eq!(standing(&mut test), third);
    verify(&mut test);
}

#[test]
fn what_an_import_proved_of_its_source_is_forgotten_with_it() {
    let mut test = TestDesk::new();
    let path = test.workspace().settings();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, text.replace("region = \"US\"", "region = \"GB\"")).unwrap();
    let birth = |test: &mut TestDesk, key: u32, text: &str| {
        test.import("crm", &format!("{key},Ada,Fernsby,,,{text},,,,,\n"));
        let facts = test.desk().facts();
        let record = facts.find(&format!("crm:{key}").parse().unwrap()).unwrap().unwrap();
        let body = facts.body(record).unwrap();
        body.values.get("birth_date").and_then(|value| value.standard().map(str::to_owned))
    };
    assert_eq!(birth(&mut test, 1, "03/25/1985").as_deref(), Some("1985-03-25"));
    assert_eq!(birth(&mut test, 2, "03/04/1985").as_deref(), Some("1985-03-04"), "as I1 proved");
    withdraw(&mut test, 1, false);
    withdraw(&mut test, 2, false);
    assert_eq!(birth(&mut test, 3, "03/04/1985").as_deref(), Some("1985-04-03"));
}
