//! What would be done is judged by the settings that doing it would be judged by: those in force, until
//! somebody adopts an edit of `steward.toml`.

use std::collections::BTreeMap;

use super::bulk::{pairs, step};
use super::rematch::base;
use super::*;
use domain::FieldName;
use door::operations::{
    AdoptSettings, CorrectSome, CountValues, DecideInBulk, Preview, SettingsOf, ValuesOf, WholeTask,
};
use door::views::{EditView, PreviewView, TypedValue};
use door::{BulkOutcome, BulkVerdict, Pick};

const RULE: &str = "[[rules]]\nid = \"city-known\"\nfield = \"city\"\ncheck = \"one_of\"\n\
                    values = [\"Salem\"]\nseverity = \"error\"\n";

/// Edits `steward.toml`: nothing is judged by the edit until it is adopted.
fn write(test: &TestDesk, from: &str, to: &str) {
    let settings = SETTINGS.replacen(from, to, 1);
    assert_ne!(settings, SETTINGS);
    std::fs::write(test.workspace().settings(), settings).unwrap();
}

/// What must be as it was after a rehearsal.
fn standing(test: &mut TestDesk) -> (u64, String) {
    let desk = test.desk();
    (desk.facts().ledger.head().unwrap().sequence.0, desk.settings.text.clone())
}

fn corrected(record: &str, field: &str, to: &str) -> Request {
    Request::new(Action::Correct {
        record: record.parse().unwrap(),
        values: BTreeMap::from([(FieldName::new(field), to.to_owned())]),
        chosen: BTreeMap::new(),
        cleared: Vec::new(),
    })
}

fn preview(test: &mut TestDesk, request: Request) -> PreviewView {
    test.ask(Preview { request, unmask: false }).unwrap()
}

fn one() -> TestDesk {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ann,Tarn,a@x.example,,1985-03-04,,Tulsa,2001-02-03,,\n");
    test
}

#[test]
fn a_preview_reads_what_is_typed_as_the_decision_will() {
    let mut test = one();
    let asked = corrected("crm:1", "customer_since", "03/04/2005");
    let read = |view: PreviewView| view.typed.into_iter().map(|it| it.read.to_string()).collect();
    let before: Vec<String> = read(preview(&mut test, asked.clone()));
    write(&test, "region = \"US\"", "region = \"DE\"");
    let was = standing(&mut test);
    let rehearsed: Vec<String> = read(preview(&mut test, asked.clone()));
    assert_eq!(rehearsed, before, "the edit waits");
    assert_eq!(standing(&mut test), was, "a rehearsal adopts nothing");
    test.desk().adopt_settings().unwrap();
    let rehearsed: Vec<String> = read(preview(&mut test, asked.clone()));
    assert_eq!((before, &*rehearsed), (vec!["2005-03-04".into()], &["2005-04-03".to_owned()][..]));
    test.ask(Decide { request: asked }).unwrap();
    let facts = test.desk().facts();
    let record = facts.find(&"crm:1".parse().unwrap()).unwrap().unwrap();
    let values = facts.values(record).unwrap();
    assert_eq!(values.get("customer_since").unwrap().shown(), rehearsed[0]);
}

#[test]
fn a_correction_of_many_is_rehearsed_as_it_is_made() {
    let mut test = one();
    let asked = CountValues {
        field: FieldName::new("customer_since"),
        source: None,
        of: ValuesOf::Standard,
    };
    testing::run_while(test.desk(), asked, Streams::default(), |_| true).unwrap();
    write(&test, "region = \"US\"", "region = \"DE\"");
    let was = standing(&mut test);
    let some = CorrectSome {
        field: FieldName::new("customer_since"),
        of: ValuesOf::Standard,
        from: vec!["2001-02-03".to_owned()],
        to: "03/02/2001".to_owned(),
        records: vec!["crm:1".parse().unwrap()],
        reason: None,
        note: None,
        bulk: None,
        left: 0,
        rehearse: true,
    };
    let done = test.ask(some.clone()).unwrap();
    assert_eq!(done.outcome.results[0].refusal, None, "the edit waits");
    assert_eq!(standing(&mut test), was);
    test.desk().adopt_settings().unwrap();
    // Day-first it is what stands there already.
    for rehearse in [true, false] {
        let done = test.ask(CorrectSome { rehearse, ..some.clone() }).unwrap();
        let refused = done.outcome.results[0].refusal.as_ref().map(ToString::to_string);
        assert!(refused.unwrap().contains("already has that value"), "rehearse: {rehearse}");
    }
    let to = "04/02/2001".to_owned();
    let done = test.ask(CorrectSome { to: to.clone(), ..some }).unwrap();
    let read = TypedValue {
        field: FieldName::new("customer_since"),
        typed: to.into(),
        read: "2001-02-04".into(),
        taken: false,
    };
    assert_eq!(done.typed, [read]);
}

#[test]
fn a_bulk_is_refused_in_its_rehearsal_where_it_will_be() {
    let mut test = pairs();
    let merge = BulkVerdict::Merge;
    let ready = step(&mut test, &merge, true, &BulkOutcome::default());
    assert!(ready.results.iter().any(|it| it.refusal.is_none()));
    let task = ready.results[0].task.unwrap();
    // A merge breaks no rule that its records broke before; a correction may.
    write(&test, "[decisions]\n", &format!("{RULE}\n[decisions]\n"));
    write(&test, "code = \"checked\"", "code = \"looked-at\"");
    test.desk().adopt_settings().unwrap();
    let was = standing(&mut test);
    let reason = Some(domain::ReasonCode::new("looked-at"));
    let whole = test.ask(WholeTask { task, verdict: merge }).unwrap();
    let request = Request { reason, ..whole };
    let one = DecideInBulk { request, bulk: None, left: 0, rehearse: true };
    let rehearsed = test.ask(one.clone()).unwrap();
    assert_eq!(rehearsed.results[0].refusal, None, "the reason is adopted");
    assert_eq!(standing(&mut test), was);
    let done = test.ask(DecideInBulk { rehearse: false, ..one }).unwrap();
    assert_eq!(done.results[0].refusal, None);
}

#[test]
fn a_preview_breaks_the_rules_of_the_file_once_they_are_adopted() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ann,Tarn,a@x.example,,,,Salem,,,\n");
    let asked = corrected("crm:1", "city", "Tulsa");
    assert!(preview(&mut test, asked.clone()).refusal.is_none());
    write(&test, "[decisions]\n", &format!("{RULE}\n[decisions]\n"));
    assert!(preview(&mut test, asked.clone()).refusal.is_none(), "the edit waits");
    test.desk().adopt_settings().unwrap();
    let refused = preview(&mut test, asked.clone()).refusal;
    assert!(matches!(refused, Some(Refusal::Breaks { .. })), "{refused:?}");
    assert!(matches!(test.ask(Decide { request: asked }), Err(NotDone::Refused(_))));
}

#[test]
fn a_match_is_rehearsed_by_the_thresholds_in_force_or_by_those_that_are_asked_about() {
    let mut test = base(3);
    test.import("shop", &rematch_more());
    let told = |test: &mut TestDesk, dry_run, under: Option<SettingsOf>| {
        let extent = door::operations::Extent::Full;
        let request = Match { dry_run, extent, under, ..Match::default() };
        testing::match_records(test.desk(), request).unwrap()
    };
    let before = told(&mut test, true, None);
    write(&test, "[decisions]\n", "[matching]\nauto = 0.999\nreview = 0.4\n\n[decisions]\n");
    let was = standing(&mut test);
    assert_eq!(told(&mut test, true, None), before, "the edit waits");
    let rehearsed = told(&mut test, true, Some(SettingsOf::File));
    assert_eq!(standing(&mut test), was);
    test.desk().adopt_settings().unwrap();
    let matched = told(&mut test, false, None);
    assert_eq!(rehearsed.merged, matched.merged + matched.left);
    assert!(rehearsed.merged < before.merged, "{before:?} {rehearsed:?}");
}

fn rematch_more() -> String {
    let decayed = |at: u32| super::rematch::row(500 + at, u8::try_from(at).unwrap(), 13);
    (0..12).map(decayed).collect()
}

#[test]
fn a_wrong_file_stops_nothing_and_what_was_masked_stays_so() {
    let mut test = one();
    write(&test, "sensitive = true", "sensitive = false");
    let customer = test.customer("crm:1");
    let picks = BTreeMap::from([(FieldName::new("city"), Pick::Typed("Salem".to_owned()))]);
    let view = preview(&mut test, Request::new(Action::Pin { customer, picks }));
    let birth = view.golden.values.iter().find(|value| value.field.as_str() == "birth_date");
    assert!(birth.unwrap().text.is_masked(), "it is sensitive until that is adopted");
    std::fs::write(test.workspace().settings(), "[workspace").unwrap();
    let request = corrected("crm:1", "city", "Salem");
    assert!(preview(&mut test, request.clone()).refusal.is_none());
    test.ask(Decide { request }).unwrap();
    assert_eq!(test.desk().edit_view(), EditView::Wrong { findings: 1 });
    let adopting = test.ask(AdoptSettings::default());
    assert!(matches!(adopting, Err(NotDone::Failed(_))), "{adopting:?}");
}

#[test]
fn what_somebody_typed_is_shown_back_to_them_as_it_is_read() {
    let mut test = one();
    let asked = corrected("crm:1", "birth_date", "03/05/1985");
    let read = [TypedValue {
        field: FieldName::new("birth_date"),
        typed: "03/05/1985".into(),
        read: "1985-03-05".into(),
        taken: false,
    }];
    assert_eq!(preview(&mut test, asked.clone()).typed, read, "a sensitive field, but typed");
    assert_eq!(test.ask(Decide { request: asked }).unwrap().typed, read);
    let asked = corrected("crm:1", "birth_date", "1985-03-06");
    assert!(test.ask(Decide { request: asked }).unwrap().typed.is_empty(), "read as it stands");
    // What a pin takes from a record was typed by nobody.
    test.import("shop", "1,Ann,Tarn,a@x.example,,04/05/1986,,Tulsa,,,\n");
    let (one, two) = (test.customer("crm:1"), test.customer("shop:1"));
    test.does(merge_request(&[&[one, two]]));
    let record = test.desk().facts().find(&"shop:1".parse().unwrap()).unwrap().unwrap();
    let picks = BTreeMap::from([(FieldName::new("birth_date"), Pick::From(record))]);
    let pin = Request::new(Action::Pin { customer: one, picks });
    assert!(preview(&mut test, pin.clone()).typed.is_empty());
    assert!(test.ask(Decide { request: pin }).unwrap().typed.is_empty());
}
