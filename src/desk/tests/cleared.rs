//! Values that a person removed: a layer as any correction is, which says that there is nothing.

use super::*;
use crate::export::Format;
use crate::jobs::Dataset;
use crate::testing::{Seen, export, whole};
use door::operations::{DecideSome, History, ShowDecision, ShowRecord};
use door::views::RecordView;
use door::{BulkStep, BulkVerdict, Pick};

const ADA: &str = "1,Ada,Tarn,ada@example.com,+12175550101,1985-03-04,1 Elm Street,Salem,,,\n";
const SHOP: &str = "a,Ada,Tarn,ada@shop.example,+12175550101,1985-03-04,,Salem,,,\n";

fn shown(test: &mut TestDesk, record: &str) -> RecordView {
    let record = record.parse().unwrap();
    test.ask(ShowRecord { record, at: None, unmask: true }).unwrap()
}

/// The value of a field, and whether it is removed.
fn held(test: &mut TestDesk, field: &str) -> Option<(String, bool)> {
    let view = shown(test, "crm:1");
    let value = view.values.into_iter().find(|it| it.field.as_str() == field)?;
    Some((value.value.clear().unwrap().to_owned(), value.removed))
}

#[test]
fn a_removed_value_counts_no_more_and_is_back_as_it_was_once_that_is_undone() {
    let mut test = TestDesk::new();
    test.import("crm", ADA);
    test.import("shop", SHOP);
    let (one, other) = (test.customer("crm:1"), test.customer("shop:a"));
    test.does(merge_request(&[&[one, other]]));
    let (before, tasks) = (test.picture(), test.pending_picture());
    assert!(before[0].contains("email=ada@example.com"), "{before:?}");

    let removed = test.does(clear_request("crm:1", "email"));
    assert_eq!(removed.summary, "removed email of crm:1: Ada Tarn");
    let after = test.picture();
    assert!(after[0].contains("email=ada@shop.example"), "another source's: {after:?}");
    assert_eq!(held(&mut test, "email"), Some((String::new(), true)));
    let view = shown(&mut test, "crm:1");
    let email = view.values.iter().find(|it| it.field.as_str() == "email").unwrap();
    assert_eq!(email.delivered.as_ref().unwrap().clear(), Some("ada@example.com"));
    assert_eq!(email.correction, Some(removed.decision));

    // Replay is the same fold.
    let dump = test.dump();
    test.rebuild();
    assert_eq!((test.picture(), test.dump()), (after.clone(), dump));
    // The same value again is no news.
    test.import("crm", ADA);
    test.import("crm", &ADA.replace("Salem", "Omaha"));
    assert_eq!(test.pending(TaskKind::Challenge), []);
    assert_eq!(held(&mut test, "email"), Some((String::new(), true)));
    test.import("crm", ADA);

    let undone = test.undo(removed.decision);
    assert_eq!((test.picture(), test.pending_picture()), (before, tasks));
    // And redo removes it again.
    test.undo(undone.decision);
    assert_eq!(test.picture(), after);
}

#[test]
fn a_third_value_is_asked_about_and_none_at_all_lets_the_removal_stand() {
    let mut test = TestDesk::new();
    test.import("crm", ADA);
    let third = ADA.replace("ada@example.com", "ada@new.example");
    for (accepts, value) in [(false, ""), (true, "ada@new.example")] {
        test.import("crm", ADA);
        let removed = test.does(clear_request("crm:1", "email"));
        test.import("crm", &third);
        let [task] = test.pending(TaskKind::Challenge)[..] else { unreachable!("it is asked") };
        assert_eq!(held(&mut test, "email"), Some((String::new(), true)));
        let view = test.task(task);
        let action = if accepts { Action::Accept } else { Action::Keep };
        let answered = test.does(Request::new(action).for_task(task, view.version));
        assert_eq!(held(&mut test, "email"), Some((value.to_owned(), !accepts)));
        test.import("crm", &third);
        assert_eq!(test.pending(TaskKind::Challenge), [], "once is enough");
        test.undo(answered.decision);
        assert_eq!(test.pending(TaskKind::Challenge), [task]);
        test.undo(removed.decision);
        assert_eq!(test.pending(TaskKind::Challenge), []);
        assert_eq!(held(&mut test, "email"), Some(("ada@new.example".to_owned(), false)));
    }
    test.does(clear_request("crm:1", "email"));
    test.import("crm", &ADA.replace("ada@example.com", ""));
    let held_by_owner = exported(&mut test, Dataset::Corrections);
    assert_eq!(held_by_owner.lines().count(), 1, "the source says it itself: {held_by_owner}");
    // And then the same again.
    test.import("crm", &third);
    assert_eq!(held(&mut test, "email"), Some((String::new(), true)));
    assert_eq!(test.pending(TaskKind::Challenge), []);
    // And another one, after nothing.
    test.import("crm", &third.replace("ada@new.example", ""));
    test.import("crm", ADA);
    assert_eq!(test.pending(TaskKind::Challenge).len(), 1);
}

#[test]
fn what_cannot_be_removed_is_refused_in_words() {
    let mut test = TestDesk::new();
    test.import("crm", &ADA.replace("1 Elm Street", ""));
    for (field, why) in
        [("street", "crm:1 has no street"), ("shoe_size", "there is no field shoe_size")]
    {
        let refused = test.is_refused(clear_request("crm:1", field)).to_string();
        assert!(refused.contains(why), "{refused}");
    }
    test.does(clear_request("crm:1", "email"));
    let refused = test.is_refused(clear_request("crm:1", "email")).to_string();
    assert!(refused.contains("email of crm:1 was already removed, by D1"), "{refused}");
    // What a person typed where nothing is delivered goes with the removal.
    test.does(fix_request("crm:1", "street", "2 Oak Street"));
    let summary = test.does(clear_request("crm:1", "street")).summary;
    assert!(summary.contains("street of crm:1"), "{summary}");
    assert_eq!(held(&mut test, "street"), None);
    let both = Action::Correct {
        record: "crm:1".parse().unwrap(),
        values: [("city".into(), "Omaha".to_owned())].into(),
        chosen: [].into(),
        cleared: vec!["phone".into()],
    };
    let told = test.does(Request::new(both)).summary;
    assert_eq!(told, "corrected city, removed phone of crm:1: Ada Tarn");
    let twice = Action::Correct {
        record: "crm:1".parse().unwrap(),
        values: [("city".into(), "Salem".to_owned())].into(),
        chosen: [].into(),
        cleared: vec!["city".into()],
    };
    let refused = test.is_refused(Request::new(twice)).to_string();
    assert!(refused.contains("named twice"), "{refused}");
}

#[test]
fn a_value_that_a_rule_demands_is_not_removed_unless_it_may_be_missing() {
    let mut test = governed(
        "\n[[rules]]\nid = \"email-there\"\nfield = \"email\"\ncheck = \"required\"\nseverity = \"error\"\n",
    );
    test.import("crm", ADA);
    let refused = test.is_refused(clear_request("crm:1", "email")).to_string();
    assert!(refused.contains("email is missing"), "{refused}");
}

fn governed(rules: &str) -> TestDesk {
    let test = TestDesk::new();
    let settings = SETTINGS.replace("[decisions]\n", &format!("{rules}\n[decisions]\n"));
    std::fs::write(test.folder.path().join("steward.toml"), settings).unwrap();
    test
}

const REMOVE: &str = "\n[[rules]]\nid = \"no-mailbox\"\nfield = \"email\"\ncheck = \"not_default\"\n\
    values = [\"test@test.com\"]\nseverity = \"error\"\nremedy = \"ask the customer, or remove it\"\n\
    [[rules]]\nid = \"no-city\"\nfield = \"city\"\ncheck = \"not_default\"\nvalues = [\"Nowhere\"]\n\
    severity = \"error\"\n\
    [[rules]]\nid = \"street-known\"\nfield = \"street\"\ncheck = \"not_default\"\nvalues = [\"X\"]\n\
    severity = \"error\"\nremedy = \"set it to Elm Street\"\n";

#[test]
fn a_placeholder_is_suggested_to_be_removed_and_accepted_alone_together_and_in_bulk() {
    let mut test = governed(REMOVE);
    let row = |id: u32| {
        format!("{id},Ada{id},Tarn{id},test@test.com,,19{}-03-04,X,Nowhere,,,\n", 50 + id)
    };
    test.import("crm", &(1..5).map(row).collect::<String>());
    let tasks = test.pending(TaskKind::Invalid);
    assert_eq!(tasks.len(), 4);
    let view = test.task(tasks[0]);
    let fix = view.fix.unwrap();
    let said = |rule: &str| {
        let found = fix.violations.iter().find(|it| it.rule.as_str() == rule).unwrap();
        let suggestion = found.suggestion.as_ref().and_then(|it| it.clear());
        (found.removes, suggestion.map(str::to_owned), found.choices[0].0.clone())
    };
    let remove = |_| (true, None, "remove it".to_owned());
    assert_eq!(said("no-mailbox"), remove(()));
    assert_eq!(said("no-city"), remove(()));
    let set = (false, Some("Elm Street".to_owned()), "suggested".to_owned());
    assert_eq!(said("street-known"), set);

    // One of them, by the label of its choice.
    let by_label = Action::Correct {
        record: "crm:1".parse().unwrap(),
        values: [].into(),
        chosen: [("city".into(), "remove it".to_owned())].into(),
        cleared: Vec::new(),
    };
    assert_eq!(test.does(Request::new(by_label)).summary, "removed city of crm:1: Ada1 Tarn1");
    // All of one, as suggested.
    let version = test.task(tasks[0]).version;
    let taken = test.does(Request::new(Action::Accept).for_task(tasks[0], version));
    assert!(taken.summary.contains("and removed email of crm:1"), "{}", taken.summary);
    let correct = BulkVerdict::Correct {
        values: [("street".into(), "5 Oak Street".to_owned())].into(),
        cleared: vec!["email".into(), "city".into()],
    };
    // Before it is decided, old and new stand beside each other.
    let rehearsed = BulkStep {
        verdict: correct.clone(),
        reason: None,
        note: None,
        tasks: vec![(tasks[3], None)],
        bulk: None,
        left: 0,
        rehearse: true,
        break_glass: None,
    };
    let about = test.ask(DecideSome { step: rehearsed }).unwrap().results[0].about.clone().unwrap();
    let changes = [
        ("street".into(), "X -> 5 Oak Street".to_owned()),
        ("email".into(), "test@test.com -> (none)".to_owned()),
        ("city".into(), "Nowhere -> (none)".to_owned()),
    ];
    assert_eq!(about.changes, changes);
    // Some of many, with what is to be there and what is not.
    let mut bulk = |verdict: BulkVerdict, tasks: &[TaskId]| {
        let step = BulkStep {
            verdict,
            reason: None,
            note: None,
            tasks: tasks.iter().map(|task| (*task, None)).collect(),
            bulk: None,
            left: 0,
            rehearse: false,
            break_glass: None,
        };
        test.ask(DecideSome { step }).unwrap()
    };
    let done = bulk(BulkVerdict::Accept, &tasks[1..3]);
    assert_eq!(done.results.iter().filter(|it| it.decision.is_some()).count(), 2, "{done:?}");
    let done = bulk(correct, &tasks[3..]);
    assert!(done.results[0].summary.contains("removed email, city of crm:4"), "{done:?}");
    assert_eq!(test.pending(TaskKind::Invalid), []);
    assert!(test.picture().iter().all(|line| !line.contains("Nowhere") && !line.contains("test@")));
}

#[test]
fn what_was_removed_is_told_wherever_corrections_are() {
    let mut test = TestDesk::new();
    test.import("crm", ADA);
    let removed = test.does(clear_request("crm:1", "email")).decision;
    let view = test.ask(ShowDecision { decision: removed, unmask: false }).unwrap();
    assert_eq!(view.cleared, ["email".into()]);
    assert!(view.values.is_empty() && view.withdrawn.is_empty());
    let history = test.ask(History { of: None, unmask: true }).unwrap();
    let told = format!("{history:?}");
    assert!(told.contains("removed email of crm:1"), "{told}");
    let corrections = exported(&mut test, Dataset::Corrections);
    assert!(corrections.contains("crm,,1,email,ada@example.com,,D1,sam,"), "{corrections}");
    assert!(corrections.lines().nth(1).unwrap().ends_with(",true"), "{corrections}");
    let decisions = exported(&mut test, Dataset::Decisions);
    assert!(decisions.contains("crm:1.email: (removed)"), "{decisions}");
    // A pin by hand is above all of it.
    let customer = test.customer("crm:1");
    let picks = [("email".into(), Pick::Typed("by@hand.example".to_owned()))].into();
    test.does(Request::new(Action::Pin { customer, picks }));
    assert!(test.picture()[0].contains("email=by@hand.example"));
}

fn exported(test: &mut TestDesk, dataset: Dataset) -> String {
    let out = Seen::default();
    export(test.desk(), &whole(dataset, Format::Csv), out.clone()).unwrap();
    out.text()
}
