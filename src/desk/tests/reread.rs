//! What is held, read by the rules of today.

use super::overview::verify;
use super::*;
use domain::event::RecordRevised;
use domain::{Event, FieldName, ImportId, Value};
use door::Pick;
use door::operations::{Delivery, History, Imports, Reread};
use door::views::{RereadOutcome, WhyGone};

impl TestDesk {
    fn rereads(&mut self, request: Reread) -> RereadOutcome {
        self.clock.advance(60);
        let streams = Streams::default();
        *testing::run_while(self.desk(), request, streams, |_| true).unwrap()
    }

    fn reread(&mut self) -> RereadOutcome {
        self.rereads(Reread::default())
    }

    fn undo_reread(&mut self, import: u32) -> RereadOutcome {
        self.rereads(Reread { undoes: Some(ImportId(import)), ..Reread::default() })
    }

    fn head(&mut self) -> Option<u64> {
        self.desk().facts().ledger.head().map(|head| head.sequence.0)
    }

    /// A record's value, as it is shown.
    fn shown(&mut self, address: &str, field: &str) -> Option<String> {
        let facts = self.desk().facts();
        let record = facts.find(&address.parse().unwrap()).unwrap().unwrap();
        let body = facts.body(record).unwrap();
        body.values.get(field).map(|value| value.shown().to_owned())
    }

    fn revision(&mut self, address: &str) -> u16 {
        let facts = self.desk().facts();
        let record = facts.find(&address.parse().unwrap()).unwrap().unwrap();
        facts.view.record(record).unwrap().revision
    }

    /// Changes `steward.toml`, and adopts it.
    fn settings(&mut self, from: &str, to: &str) {
        let path = self.workspace().settings();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        let text = text.replace(from, to);
        self.edits(&text);
        // Several edits may make one change.
        if settings::parse(&text).is_ok() {
            self.desk().adopt_settings().unwrap();
        }
    }

    /// Holds another reading of a value, as if an earlier release had read it.
    fn misread(&mut self, address: &str, field: &str, value: Value) {
        let facts = self.desk().facts();
        let record = facts.find(&address.parse().unwrap()).unwrap().unwrap();
        let row = facts.view.record(record).unwrap();
        let Event::RecordRevised(known) = facts.event(row.body).unwrap() else { unreachable!() };
        let mut revised = RecordRevised {
            revision: u32::from(row.revision) + 1,
            previous: Some(facts.view.record_version(record).unwrap()),
            ..known
        };
        revised.body.values.set(FieldName::new(field), value);
        self.desk().commit(vec![revised.into()]).unwrap();
    }
}

const ROWS: &str = "1,Ada,Fernsby,ada@example.com,+493012345.0,,,,,,\n\
    2,Ida,Fernsby,ida@example.com,+12175550104,,,,,,\n";

/// Two records, one of which an earlier release misread.
fn misread() -> TestDesk {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    test.misread("crm:1", "phone", Value::standardised("+493012345.0", "+4930123450"));
    test
}

#[test]
fn what_an_earlier_release_misread_is_read_as_it_is_today() {
    let mut test = misread();
    let outcome = test.reread();
    assert_eq!((outcome.read(), outcome.changed()), (2, 1));
    assert_eq!(outcome.fields, [(FieldName::new("phone"), 1)]);
    assert_eq!(outcome.sources[0].import, Some(ImportId(2)));
    assert_eq!(outcome.sources[1].import, None, "the shop has nothing to change");
    let [example] = &outcome.examples[..] else { panic!("{outcome:?}") };
    assert_eq!(example.raw.as_ref().unwrap().as_str(), "+493012345.0");
    assert_eq!(example.before.as_ref().unwrap().as_str(), "+4930123450");
    assert_eq!(example.after.as_ref().unwrap().as_str(), "+493012345");
    assert_eq!(test.shown("crm:1", "phone").as_deref(), Some("+493012345"));
    assert_eq!([test.revision("crm:1"), test.revision("crm:2")], [3, 1]);

    // A second one writes nothing, nor does the same file.
    let head = test.head();
    let again = test.reread();
    assert_eq!((again.read(), again.changed()), (2, 0));
    assert_eq!(again.sources[0].import, None);
    assert_eq!(test.head(), head);
    test.rebuild();
    assert_eq!(test.import("crm", ROWS).report.unchanged, 2);
    assert_eq!(test.revision("crm:1"), 3);
    verify(&mut test);
}

#[test]
fn an_example_says_why_there_is_no_value_any_more() {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    test.misread("crm:1", "city", Value::as_delivered("N/A"));
    let map = "email = \"email\", phone = \"phone\", birth_date = \"birth\", street = \"street\", city = \"city\", customer_since = \"since\", member_number = \"member\" }\n\n[sources.shop]";
    test.settings(map, &map.replace("phone = \"phone\", ", ""));
    let foreseen = test.rereads(Reread { dry_run: true, ..Reread::default() });
    let gone =
        foreseen.examples.iter().map(|it| (it.field.as_str(), it.after.clone(), it.gone.clone()));
    let gone: Vec<_> = gone.collect();
    let unmapped = ("phone", None, Some(WhyGone::NotMapped));
    assert_eq!(gone, [("city", None, Some(WhyGone::SaysNothing)), unmapped.clone(), unmapped]);
    test.reread();
    let back = test.undo_reread(2);
    assert!(back.examples.iter().all(|it| it.gone.is_none()), "{back:?}");
}

#[test]
fn a_column_that_nobody_delivers_is_named() {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    test.settings("phone = \"phone\"", "phone = \"nick\"");
    let foreseen = test.rereads(Reread { dry_run: true, ..Reread::default() });
    let gone: Vec<_> = foreseen.examples.iter().map(|it| (it.field.as_str(), &it.gone)).collect();
    let nick = Some(WhyGone::NotDelivered(vec!["nick".to_owned()]));
    assert_eq!(gone, [("phone", &nick), ("phone", &nick)]);
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let mut test = misread();
    let head = test.head();
    let foreseen = test.rereads(Reread { dry_run: true, ..Reread::default() });
    assert_eq!(test.head(), head);
    assert_eq!(test.shown("crm:1", "phone").as_deref(), Some("+4930123450"));
    let mut done = test.reread();
    done.sources[0].import = None;
    assert_eq!(foreseen, done);
}

#[test]
fn a_reread_is_undone_and_done_again() {
    let mut test = misread();
    let before = test.picture();
    test.reread();
    let after = test.picture();
    assert_ne!(before, after);
    let undone = test.undo_reread(2);
    assert_eq!((undone.changed(), undone.undoes), (1, Some(ImportId(2))));
    assert_eq!(undone.sources[0].import, Some(ImportId(3)));
    assert_eq!(test.picture(), before);
    // Nothing of it is left to be undone, and the undo can be undone.
    assert_eq!(test.undo_reread(2).changed(), 0);
    assert_eq!(test.undo_reread(3).changed(), 1);
    assert_eq!(test.picture(), after);
    test.rebuild();
    assert_eq!(test.picture(), after);
    verify(&mut test);
    let imports = test.ask(Imports {}).unwrap().imports;
    let files: Vec<&str> = imports.iter().map(|import| import.file.as_str()).collect();
    assert_eq!(files, ["undo of I3", "undo of I2", "reread", "crm.csv"]);
}

#[test]
fn what_came_after_a_reread_outlives_its_undo() {
    let mut test = misread();
    test.reread();
    test.import("crm", "1,Ada,Fernsby,ada@example.com,+4930999999,,,,,,\n");
    assert_eq!(test.undo_reread(2).changed(), 0);
    assert_eq!(test.shown("crm:1", "phone").as_deref(), Some("+4930999999"));
}

#[test]
fn only_what_is_there_is_taken_back_or_read_again() {
    let mut test = misread();
    let request = Reread { undoes: Some(ImportId(7)), ..Reread::default() };
    let ended = testing::run_while(test.desk(), request, Streams::default(), |_| true);
    let said = format!("{:?}", ended.unwrap_err());
    assert!(said.contains("I7"), "{said}");
    let request = Reread { source: Some(SourceName::new("nobody")), ..Reread::default() };
    let ended = testing::run_while(test.desk(), request, Streams::default(), |_| true);
    assert!(testing::is_usage(&ended));
}

#[test]
fn fixes_pins_and_what_is_closed_stand() {
    let mut test = misread();
    let fixed = test.does(fix_request("crm:1", "phone", "+4930777777"));
    let golden = test.picture();
    test.reread();
    assert_eq!(test.shown("crm:1", "phone").as_deref(), Some("+493012345"));
    assert_eq!(test.picture(), golden, "the correction stands");
    test.undo(fixed.decision);
    assert!(test.picture()[0].contains("phone=+493012345"));

    let mut test = misread();
    test.settings("[sources.crm]", "[sources.crm]\nvanished = \"close\"");
    let delivery = Delivery { complete: true, accept_vanished: true, ..Delivery::default() };
    let request = Import { delivery, ..import_of("crm") };
    let rest = format!("{HEADER}2,Ida,Fernsby,ida@example.com,+12175550104,,,,,,\n");
    testing::import(test.desk(), request, rest).unwrap();
    let golden = test.picture();
    assert_eq!(test.reread().changed(), 1);
    assert_eq!(test.picture(), golden, "what is closed stays closed");
}

#[test]
fn changed_settings_reach_what_is_held() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,03/04/1985,,,03/05/1999,,\n");
    test.import("shop", "1,Ada,Fernsby,,,03/04/1985,,,,,\n");
    assert_eq!(test.shown("crm:1", "birth_date").as_deref(), Some("1985-03-04"));
    test.settings("[sources.crm]\n", "[sources.crm]\ndates = \"day-first\"\n");
    let outcome = test.reread();
    assert_eq!(test.shown("crm:1", "birth_date").as_deref(), Some("1985-04-03"));
    assert_eq!(test.shown("crm:1", "customer_since").as_deref(), Some("1999-05-03"));
    assert_eq!(test.shown("shop:1", "birth_date").as_deref(), Some("1985-03-04"));
    assert_eq!(outcome.changed(), 1);
    let birth = outcome.examples.iter().find(|it| it.field.as_str() == "birth_date").unwrap();
    let shown = birth.after.as_ref().unwrap().as_str();
    assert!(!shown.contains("04-03"), "sensitive: {shown}");

    // Another region, which was all that decided for the shop, and another type.
    test.settings("region = \"US\"", "region = \"DE\"");
    test.settings("[fields.city]\ntype = \"city\"", "[fields.city]\ntype = \"text\"");
    test.reread();
    assert_eq!(test.shown("shop:1", "birth_date").as_deref(), Some("1985-04-03"));
    verify(&mut test);
}

#[test]
fn a_file_is_read_again_as_its_own_values_had_proved() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,03/04/1985,,,,,\n2,Ida,Fernsby,,,25/04/1985,,,,,\n");
    test.import("crm", "3,Eda,Fernsby,,,04/25/1985,,,,,\n4,Oda,Fernsby,,,03/04/1985,,,,,\n");
    let births = ["1985-04-03", "1985-04-25", "1985-04-25", "1985-03-04"];
    let head = test.head();
    assert_eq!(test.reread().changed(), 0);
    assert_eq!(test.head(), head);
    for (id, birth) in (1..).zip(births) {
        assert_eq!(test.shown(&format!("crm:{id}"), "birth_date").as_deref(), Some(birth));
    }
}

#[test]
fn what_custom_decided_gives_way_to_what_another_file_proves() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,03/04/1985,,,,,\n2,Eda,Fernsby,,,03.04.1985,,,,,\n");
    assert_eq!(test.shown("crm:1", "birth_date").as_deref(), Some("1985-03-04"));
    let proof = test.import("crm", "3,Ida,Fernsby,,,25/04/1985,,,,,\n");
    let remarks = proof.reading.remarks(proof.place());
    assert_eq!(
        remarks,
        ["the dates of birth_date are day-first (proved by line 2), but import I1 read them as \
          month-first, by convention alone: once this file is imported, `steward reread` reads them \
          again (look first with --dry-run)"]
    );
    assert_eq!(test.reread().changed(), 1);
    assert_eq!(test.shown("crm:1", "birth_date").as_deref(), Some("1985-04-03"));
    assert_eq!(test.shown("crm:2", "birth_date").as_deref(), Some("1985-04-03"));
    assert_eq!(test.reread().changed(), 0);
    // Two files that prove different things prove nothing of one that custom decides.
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,03/04/1985,,,,,\n");
    test.import("crm", "2,Ida,Fernsby,,,25/04/1985,,,,,\n");
    test.import("crm", "3,Eda,Fernsby,,,04/25/1985,,,,,\n");
    assert_eq!(test.reread().changed(), 0);
    assert_eq!(test.shown("crm:1", "birth_date").as_deref(), Some("1985-03-04"));
    verify(&mut test);
}

#[test]
fn what_nothing_tells_is_unreadable_until_it_is_said() {
    let mut test = TestDesk::new();
    test.settings(
        "[fields.customer_since]\ntype = \"date\"",
        "[fields.customer_since]\ntype = \"text\"",
    );
    test.settings("[[rules]]\nid = \"since-after-birth\"\nfield = \"customer_since\"\ncheck = \"compare\"\ncomparison = \">\"\nother = \"birth_date\"\nseverity = \"error\"\n", "");
    test.import(
        "crm",
        "1,Ada,F,,,,,,03/04/1999,,\n2,Ida,F,,,,,,25/04/1999,,\n3,Eda,F,,,,,,1999-04-25,,\n",
    );
    test.settings(
        "[fields.customer_since]\ntype = \"text\"",
        "[fields.customer_since]\ntype = \"date\"",
    );
    test.settings("region = \"US\"\n", "");
    let outcome = test.reread();
    assert_eq!(outcome.undecided, [(FieldName::new("customer_since"), 1)]);
    assert_eq!(outcome.unreadable, [(FieldName::new("customer_since"), 1)]);
    let facts = test.desk().facts();
    let record = facts.find(&"crm:1".parse().unwrap()).unwrap().unwrap();
    let unread = facts.body(record).unwrap();
    assert_eq!(unread.values.standard("customer_since"), None, "it is no date until that is said");
    let dates = ["03/04/1999", "1999-04-25", "1999-04-25"];
    for (id, date) in (1..).zip(dates) {
        assert_eq!(test.shown(&format!("crm:{id}"), "customer_since").as_deref(), Some(date));
    }
    test.settings("[sources.crm]\n", "[sources.crm]\ndates = \"day-first\"\n");
    let decided = test.reread();
    assert_eq!((decided.changed(), decided.undecided.len()), (1, 0));
    assert_eq!(test.shown("crm:1", "customer_since").as_deref(), Some("1999-04-03"));
}

#[test]
fn names_told_from_a_whole_name_are_told_again() {
    let mut test = TestDesk::new();
    let name = "[fields.name]\ntype = \"full_name\"\n[fields.given_name]";
    test.settings("[fields.given_name]", name);
    test.settings("given_name = \"given\", family_name = \"family\"", "name = \"given\"");
    test.import("crm", "1,\"VAN DER BERG, Ludwig\",,,,,,,,,\n");
    test.misread("crm:1", "family_name", Value::standardised("VAN DER BERG, Ludwig", "Van"));
    let outcome = test.reread();
    assert_eq!(outcome.fields, [(FieldName::new("family_name"), 1)]);
    assert_eq!(test.shown("crm:1", "family_name").as_deref(), Some("van der Berg"));
    assert_eq!(test.shown("crm:1", "given_name").as_deref(), Some("Ludwig"));
}

#[test]
fn a_column_that_is_mapped_since_is_read() {
    let mut test = TestDesk::new();
    test.settings(", city = \"city\"", "");
    test.import("crm", "1,Ada,Fernsby,,,,,OMAHA,,,\n");
    assert_eq!(test.shown("crm:1", "city"), None);
    test.settings(
        "street = \"street\", customer_since",
        "street = \"street\", city = \"city\", customer_since",
    );
    assert_eq!(test.reread().changed(), 1);
    assert_eq!(test.shown("crm:1", "city").as_deref(), Some("Omaha"));
    assert_eq!(test.import("crm", "1,Ada,Fernsby,,,,,OMAHA,,,\n").report.unchanged, 1);
    test.undo_reread(2);
    assert_eq!(test.shown("crm:1", "city"), None);
}

#[test]
fn a_map_that_changed_reaches_what_is_held() {
    const MAP: &str = "city = \"city\"";
    const ROW: &str = "1,Ada,Fernsby,ada@example.com,,,1 Rose Lane,OMAHA,,,\n";
    // What the city is read from before and after, and what it is by then.
    for (before, after, city) in [
        (MAP, "city = \"street\"", Some("1 Rose Lane")),
        (MAP, "city = [\"street\", \"city\"]", Some("1 Rose Lane Omaha")),
        ("city = [\"street\", \"city\"]", MAP, Some("Omaha")),
        (
            "city = [\"family\", \"street\", \"city\"]",
            "city = [\"family\", \"city\"]",
            Some("Fernsby Omaha"),
        ),
        (MAP, "city = \"id\"", Some("1")),
        (MAP, "city = \"email\"", None),
        (MAP, "city = \"phone\"", None),
    ] {
        let mut test = TestDesk::new();
        test.settings("street = \"street\", ", "");
        test.settings(MAP, before);
        test.import("crm", ROW);
        let was = test.picture();
        test.settings(before, after);
        let outcome = test.reread();
        assert_eq!((outcome.changed(), &outcome.lost[..]), (1, &[][..]), "{before} {after}");
        if let Some(city) = city {
            let shown = test.shown("crm:1", "city").unwrap();
            assert_eq!(shown.to_lowercase(), city.to_lowercase(), "{before} {after}");
        }
        assert_eq!(test.import("crm", ROW).report.unchanged, 1, "{before} {after}");
        assert_eq!(test.reread().changed(), 0, "{before} {after}");
        test.undo_reread(2);
        assert_eq!(test.picture(), was, "{before} {after}");
        // What is read then is what was read under the earlier map.
        assert_eq!(test.reread().changed(), 1, "{before} {after}");
        assert_eq!(test.import("crm", ROW).report.unchanged, 1, "{before} {after}");
        verify(&mut test);
    }
}

#[test]
fn a_map_line_that_is_gone_gives_its_column_back() {
    for city in ["OMAHA", "N/A"] {
        let mut test = TestDesk::new();
        let row = format!("1,Ada,Fernsby,,,,1 Rose Lane,{city},,,\n");
        test.import("crm", &row);
        test.settings(", city = \"city\"", "");
        assert_eq!(test.reread().changed(), 1, "{city}");
        assert_eq!(test.shown("crm:1", "city"), None);
        assert_eq!(test.import("crm", &row).report.unchanged, 1, "{city}");
        verify(&mut test);
    }
}

#[test]
fn corrections_and_pins_are_read_by_another_type_too() {
    // Typed as text; what each is as a number, and as a date where nothing says the order.
    for (field_type, typed, read) in [
        ("number", "2.500", None),
        ("number", "2500", Some("2500")),
        ("number", "2500.5", Some("2500.5")),
        ("number", "many", None),
        ("date", "03/04/1985", None),
        ("date", "1985-04-03", Some("1985-04-03")),
        ("date", "25/04/1985", Some("1985-04-25")),
        ("email", "nowhere", None),
    ] {
        let mut test = TestDesk::new();
        test.settings("region = \"US\"\n", "");
        test.settings("[fields.city]\ntype = \"city\"", "[fields.city]\ntype = \"text\"");
        let rule = "[[rules]]\nid = \"city-format\"\nfield = \"city\"\ncheck = \"format\"\nseverity = \"warn\"\n";
        test.settings("[[rules]]\nid = \"since", &format!("{rule}[[rules]]\nid = \"since"));
        test.import("crm", ROWS);
        test.does(fix_request("crm:1", "city", typed));
        let customer = test.customer("crm:2");
        let picks = [("city".into(), Pick::Typed(typed.to_owned()))].into();
        test.does(Request::new(Action::Pin { customer, picks }));
        test.settings(
            "[fields.city]\ntype = \"text\"",
            &format!("[fields.city]\ntype = \"{field_type}\""),
        );
        let foreseen = test.rereads(Reread { dry_run: true, ..Reread::default() });
        let outcome = test.reread();
        let misfits = u64::from(read.is_none());
        assert_eq!((outcome.corrections, outcome.pins), (misfits, misfits), "{typed}");
        assert_eq!((foreseen.corrections, foreseen.pins), (misfits, misfits), "{typed}");
        let facts = test.desk().facts();
        let record = facts.find(&"crm:1".parse().unwrap()).unwrap().unwrap();
        let held = facts.record(record).unwrap();
        assert_eq!(held.values.standard("city"), read, "{typed} as {field_type}");
        assert_eq!(held.violations.is_empty(), read.is_some(), "{typed}: {:?}", held.violations);
        let pins = facts.pins(&facts.view.customer(customer).unwrap().unwrap()).unwrap();
        assert_eq!(pins[0].readable, read.is_some(), "{typed}");
        // What is corrected again is read by today's rules, and stands.
        if read.is_some() {
            verify(&mut test);
        }
        test.settings(
            &format!("[fields.city]\ntype = \"{field_type}\""),
            "[fields.city]\ntype = \"text\"",
        );
        test.reread();
        assert_eq!(test.picture().iter().filter(|it| it.contains(typed)).count(), 2, "{typed}");
        verify(&mut test);
    }
}

#[test]
fn an_interrupted_reread_goes_on_under_its_id() {
    let mut test = TestDesk::new();
    let rows: String = (0..700).map(|id| format!("{id},Ada,Fernsby,,,03/04/1985,,,,,\n")).collect();
    test.import("crm", &rows);
    test.settings("[sources.crm]\n", "[sources.crm]\ndates = \"day-first\"\n");
    let goes_on = |job: &JobView| job.import.is_none() || job.done < 300;
    let ended = testing::run_while(test.desk(), Reread::default(), Streams::default(), goes_on);
    assert!(ended.is_err(), "it was stopped");
    test.reopen();
    let outcome = test.reread();
    assert_eq!(outcome.sources[0].import, Some(ImportId(2)));
    assert_eq!(outcome.changed(), 700, "what was changed before it stopped is counted");
    assert_eq!(outcome.fields, [(FieldName::new("birth_date"), 700)]);
    assert_eq!(test.reread().changed(), 0);
    assert_eq!(test.undo_reread(2).changed(), 700);
    verify(&mut test);
}

#[test]
fn tasks_and_rules_follow_and_history_says_so() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,03/04/1985,,,04/03/1985,,\n");
    assert_eq!(test.pending(TaskKind::Invalid), [], "since April, born in March");
    test.settings("[sources.crm]\n", "[sources.crm]\ndates = { birth_date = \"day-first\" }\n");
    let outcome = test.reread();
    assert_eq!((outcome.changed(), outcome.tasks), (1, 1));
    assert_eq!(test.pending(TaskKind::Invalid).len(), 1);
    test.undo_reread(2);
    assert_eq!(test.pending(TaskKind::Invalid), []);
    let of = Some("crm:1".parse().unwrap());
    let history = test.ask(History { of, unmask: false }).unwrap();
    let said = format!("{history:?}");
    assert!(said.contains("crm:1 read again, revision 2 (I2)"), "{said}");
}

#[test]
fn a_person_who_was_erased_is_not_read_again() {
    let mut test = misread();
    let customer = test.customer("crm:1");
    test.erase(customer);
    assert_eq!(test.reread().read(), 1);
    verify(&mut test);
}

/// Held values of a record by two fields, and three rereads: of both, of one, of the other.
fn read_twice() -> TestDesk {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,,,,03/04/1985,,,05/06/1999,,\n2,Bo,,,,03/04/1985,,,,,\n");
    let dates =
        "[sources.crm]\ndates = { default = \"month-first\", birth_date = \"day-first\" }\n";
    test.settings("[sources.crm]\n", dates);
    assert_eq!(test.reread().changed(), 2);
    test.settings("\"month-first\"", "\"day-first\"");
    assert_eq!(test.reread().changed(), 1);
    test
}

impl TestDesk {
    fn dates(&mut self, key: u32) -> [Option<String>; 2] {
        let address = format!("crm:{key}");
        ["birth_date", "customer_since"].map(|field| self.shown(&address, field))
    }
}

#[test]
fn rereads_are_undone_one_after_the_other() {
    let mut test = read_twice();
    let dates = |birth: &str, since: &str| [Some(birth.to_owned()), Some(since.to_owned())];
    assert_eq!(test.dates(1), dates("1985-04-03", "1999-06-05"));
    // Where a later one stands, what is left alone is counted, and what came since is named.
    let foreseen = Reread { undoes: Some(ImportId(2)), dry_run: true, ..Reread::default() };
    let foreseen = test.rereads(foreseen);
    assert_eq!(
        (foreseen.changed(), foreseen.left, &foreseen.since[..]),
        (1, 1, &[ImportId(3)][..])
    );
    assert_eq!(test.undo_reread(3).changed(), 1);
    assert_eq!(test.dates(1), dates("1985-04-03", "1999-05-06"));
    let both = test.undo_reread(2);
    assert_eq!((both.changed(), both.left), (2, 0));
    assert_eq!(test.dates(1), dates("1985-03-04", "1999-05-06"));
    assert_eq!(test.shown("crm:2", "birth_date").as_deref(), Some("1985-03-04"));
    // Nothing is undone twice; each undo can be undone, in the same order.
    for import in [2, 3] {
        let again = test.undo_reread(import);
        assert_eq!((again.changed(), again.left), (0, 0), "I{import}");
    }
    assert_eq!(test.undo_reread(5).changed(), 2);
    assert_eq!(test.dates(1), dates("1985-04-03", "1999-05-06"));
    assert_eq!(test.undo_reread(4).changed(), 1);
    assert_eq!(test.dates(1), dates("1985-04-03", "1999-06-05"));
    assert_eq!(test.reread().changed(), 0, "it is read as the settings of today say");
    // And all of it once more.
    assert_eq!(test.undo_reread(3).changed(), 1);
    assert_eq!(test.undo_reread(2).changed(), 2);
    assert_eq!(test.dates(1), dates("1985-03-04", "1999-05-06"));
    verify(&mut test);
}

#[test]
fn what_was_delivered_since_is_left_and_counted() {
    let mut test = read_twice();
    test.import("crm", "1,Ada,,,,03/04/1986,,,05/06/1999,,\n");
    let undone = test.undo_reread(2);
    assert_eq!((undone.changed(), undone.left, undone.since.len()), (1, 1, 0));
    assert_eq!(test.shown("crm:2", "birth_date").as_deref(), Some("1985-03-04"));
    let undone = test.undo_reread(3);
    assert_eq!((undone.changed(), undone.left), (0, 1));
}
