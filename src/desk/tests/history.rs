//! Histories say what a value was before, and who did what.

use super::*;
use door::Pick;
use door::operations::{History, Queue};

/// The changes of a decision's commit: field, before, after.
fn changes(test: &mut TestDesk, subject: &str) -> Vec<(String, String, String)> {
    let subject = Some(subject.parse().unwrap());
    let entries = test.ask(History { of: subject, unmask: true }).unwrap();
    let text = |value: &Option<domain::Shown>| value.as_deref().unwrap_or("(none)").to_owned();
    // That it was looked at is in the history, too.
    let decided = entries.iter().find(|entry| !entry.what.starts_with("unmasked"));
    let latest = decided.unwrap().changes.iter();
    latest.map(|it| (it.field.clone(), text(&it.before), text(&it.after))).collect()
}

fn is(field: &str, before: &str, after: &str) -> Vec<(String, String, String)> {
    vec![(field.to_owned(), before.to_owned(), after.to_owned())]
}

fn pin(customer: CustomerId, pick: Pick) -> Request {
    Request::new(Action::Pin { customer, picks: [("city".into(), pick)].into() })
}

#[test]
fn the_value_before_a_correction_is_what_was_delivered_or_corrected_before() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,Salm,,,\n");
    test.does(fix_request("crm:1", "city", "Salem"));
    assert_eq!(changes(&mut test, "crm:1"), is("city", "Salm", "Salem"));
    let second = test.does(fix_request("crm:1", "city", "Omaha"));
    assert_eq!(changes(&mut test, "crm:1"), is("city", "Salem", "Omaha"));
    assert_eq!(changes(&mut test, "C1"), is("city", "Salem", "Omaha"), "of its customer, too");
    assert_eq!(changes(&mut test, "D2"), is("city", "Salem", "Omaha"));
    test.undo(second.decision);
    assert_eq!(changes(&mut test, "crm:1"), is("city", "Omaha", "Salem"), "and an undo says so");
    test.does(fix_request("crm:1", "city", ""));
    assert_eq!(changes(&mut test, "crm:1"), is("city", "Salem", "Salm"), "as does a withdrawal");
    // What was delivered since does not change what it was then.
    test.import("crm", "1,Ada,Fernsby,,,,,Boulder,,,\n");
    assert_eq!(changes(&mut test, "D1"), is("city", "Salm", "Salem"));
    test.does(fix_request("crm:1", "street", "1 Elm Street"));
    assert_eq!(changes(&mut test, "crm:1"), is("street", "(none)", "1 Elm Street"));
}

#[test]
fn the_value_before_a_pin_is_what_survived_or_was_pinned_before() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,1984-03-12,,Salem,,,\n");
    test.import("shop", "1,Ada,Fernsby,,,,,Omaha,,,\n");
    let (one, two) = (test.customer("crm:1"), test.customer("shop:1"));
    let picks = [("city".into(), Pick::FromCustomer(two))].into();
    let action =
        Action::Merge { groups: vec![vec![one, two]], into: None, picks, rest: door::Rest::Stay };
    test.does(Request::new(action));
    let all = changes(&mut test, "D1");
    assert!(all.contains(&is("city", "Salem", "Omaha")[0]), "{all:?}");
    test.does(pin(one, Pick::Typed("Decatur".to_owned())));
    assert_eq!(changes(&mut test, "C1"), is("city", "Omaha", "Decatur"));
    let ended = test.does(pin(one, Pick::Survivorship));
    assert_eq!(changes(&mut test, "C1"), is("city", "Decatur", "Salem"));
    test.undo(ended.decision);
    assert_eq!(changes(&mut test, "C1"), is("city", "Salem", "Decatur"));
    // A sensitive value is told as one.
    let picks = [("birth_date".into(), Pick::Typed("1984-12-03".to_owned()))].into();
    test.does(Request::new(Action::Pin { customer: one, picks }));
    assert_eq!(changes(&mut test, "C1"), is("birth_date", "1984-03-12", "1984-12-03"));
    let subject = Some("C1".parse().unwrap());
    let entries = test.ask(History { of: subject, unmask: true }).unwrap();
    assert!(entries[0].what.starts_with("unmasked"), "the look before");
    assert!(entries[1].changes[0].sensitive);
}

#[test]
fn whoever_answered_is_named_and_not_whoever_was_asked() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,ada@@example.com,,,,,,,\n");
    let [task] = test.pending(TaskKind::Invalid)[..] else { unreachable!("one invalid record") };
    let asks = |action, note: &str| Request {
        task: Some(task),
        note: Some(note.to_owned()),
        ..Request::new(action)
    };
    test.does(asks(Action::Escalate { to: "kim".to_owned() }, "which one?"));
    test.desk().environment.actor = "root".to_owned();
    test.does(asks(Action::Answer, "the first"));
    let order = door::views::QueueOrder::default();
    let queue = test.ask(Queue { filter: None, order }).unwrap();
    assert_eq!(queue.rows[0].state, "answered by root");
    let asked = test.task(task).asked;
    assert_eq!(asked, ["sam asked kim (D1): which one?", "root answered sam (D2): the first"]);
}

#[test]
fn a_bulk_that_is_not_there_has_no_history() {
    let mut test = super::bulk::pairs();
    let of = |bulk| History { of: Some(domain::Subject::Bulk(bulk)), unmask: false };
    let why = test.ask(of(domain::BulkId(1))).unwrap_err().to_string();
    assert_eq!(why, "there is no B1");
}

#[test]
fn an_import_says_what_it_did_and_a_reread_stands_among_the_decisions() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,Salem,,,\n,Eve,Nokey,,,,,Ulm,,,\n");
    let told = |test: &mut TestDesk, of: Option<&str>| {
        let of = of.map(|of| of.parse().unwrap());
        let entries = test.ask(History { of, unmask: false }).unwrap();
        entries.into_iter().map(|entry| entry.what).collect::<Vec<_>>()
    };
    let [ended, began] = &told(&mut test, Some("I1"))[..] else { unreachable!("two commits") };
    assert!(began.starts_with("I1 began: crm.csv as crm (csv"), "{began}");
    assert_eq!(ended, "I1 ended: 2 read: 1 new, 0 changed, 0 unchanged, 1 quarantined");
    assert!(told(&mut test, None).is_empty(), "what came is no decision");
    let of = Some("I2".parse().unwrap());
    assert!(test.ask(History { of, unmask: false }).is_err());
    let view = test.ask(door::operations::ShowImport { import: domain::ImportId(1) }).unwrap();
    assert_eq!((view.in_quarantine(), view.finished.unwrap().1.new), (1, 1));
    assert!(test.ask(door::operations::ShowImport { import: domain::ImportId(9) }).is_err());
}

#[test]
fn an_undo_names_no_report_on_somebody_else() {
    use domain::event::Exported;
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,Salem,,,\n2,Bo,Ash,,,,,Ulm,,,\n");
    let fixed = test.does(fix_request("crm:1", "city", "Omaha"));
    let up_to = test.desk().facts().ledger.head().unwrap().sequence;
    let report = |dataset: &str, filter: &str| Exported {
        dataset: dataset.to_owned(),
        format: "json".to_owned(),
        filter: filter.to_owned(),
        rows: 1,
        up_to,
        destination: format!("{filter}.json"),
        begun: None,
    };
    let (own, other) = (test.customer("crm:1"), test.customer("crm:2"));
    let exports = [
        report("subject", &own.to_string()),
        report("subject", &other.to_string()),
        report("golden", "all"),
    ];
    test.desk().commit(exports.into_iter().map(Into::into).collect()).unwrap();
    let undone = test.undo(fixed.decision);
    let named: Vec<&str> =
        undone.exported_meanwhile.iter().filter_map(|line| line.split(" to ").nth(1)).collect();
    assert_eq!(named.len(), 2, "{named:?}");
    assert!(named[0].starts_with(&format!("{own}.json")) && named[1].starts_with("all.json"));
}
