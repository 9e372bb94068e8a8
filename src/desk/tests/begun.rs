//! What a person begins: a record made by hand, and a question about customers.

use std::collections::BTreeMap;

use super::*;
use domain::{FieldName, TaskState};
use door::operations::{Alike, Create, Delivery};

fn ask(customers: &[CustomerId], to: &str) -> Request {
    let action = Action::Ask { customers: customers.to_vec(), to: to.to_owned() };
    Request { note: Some("are they one?".to_owned()), ..Request::new(action) }
}

const TWO: &str = "1,Ada,Fernsby,ada@example.com,,,,,,,\n2,Ida,Marlow,ida@example.com,,,,,,,\n";

#[test]
fn a_question_opens_a_task_which_undo_closes_and_redo_opens_again() {
    let mut test = TestDesk::new();
    test.import("crm", TWO);
    let customers = [CustomerId(1), CustomerId(2)];
    let receipt = test.does(ask(&customers, "kim"));
    let task = receipt.task.unwrap();
    let state = |test: &mut TestDesk| test.desk().facts().view.task(task).unwrap().unwrap().task;
    let asked = state(&mut test);
    assert_eq!((asked.kind, asked.customers.as_slice()), (TaskKind::Duplicate, &customers[..]));
    assert!(matches!(asked.state, TaskState::Escalated { ref to, .. } if to == "kim"));
    let view = test.task(task);
    assert!(view.asked.iter().any(|line| line.contains("are they one?")), "{:?}", view.asked);

    let again = test.is_refused(ask(&customers, "sam"));
    assert!(matches!(again, Refusal::DoesNotApply { .. }), "{again}");
    let undone = test.undo(receipt.decision);
    assert_eq!(state(&mut test).state, TaskState::Settled);
    test.undo(undone.decision);
    assert_eq!(state(&mut test), asked);
    test.rebuild();
    assert_eq!(state(&mut test), asked);
}

#[test]
fn what_is_apart_already_and_what_is_one_is_not_asked_about() {
    let mut test = TestDesk::new();
    test.import("crm", TWO);
    let (one, other) = (CustomerId(1), CustomerId(2));
    for (customers, to) in [(vec![one], "kim"), (vec![one, one], "kim"), (vec![one, other], " ")] {
        assert!(test.decide(ask(&customers, to)).is_err(), "{customers:?} {to}");
    }
    test.does(apart_request(&[&[one], &[other]]));
    let refused = test.is_refused(ask(&[one, other], "kim"));
    assert!(matches!(refused, Refusal::NotAMatchStands { .. }), "{refused}");
}

#[test]
fn a_record_made_by_hand_is_not_missed_by_its_source() {
    let mut test = TestDesk::new();
    test.import("crm", TWO);
    let values: BTreeMap<FieldName, String> =
        [("family_name", "Tarn"), ("email", "tarn@example.com")]
            .map(|(field, text)| (FieldName::new(field), text.to_owned()))
            .into();
    let make = |key: &str, dry_run| Create {
        source: "crm".into(),
        key: key.to_owned(),
        values: values.clone(),
        dry_run,
    };
    let run = |test: &mut TestDesk, create: Create| {
        testing::run_while(test.desk(), create, Streams::default(), |_| true)
    };
    assert_eq!(run(&mut test, make("h1", true)).unwrap().report.new, 1);
    let made = run(&mut test, make("h1", false)).unwrap();
    assert_eq!((made.report.new, made.format.as_str()), (1, "by hand"));
    assert!(run(&mut test, make("h1", false)).is_err(), "there is one already");
    let complete = Import {
        delivery: Delivery { complete: true, ..Delivery::default() },
        ..testing::import_of("crm")
    };
    let outcome = testing::import(test.desk(), complete, format!("{HEADER}{TWO}")).unwrap();
    assert_eq!((outcome.report.vanished, outcome.held_back), (0, None));

    let customers = vec![CustomerId(1), CustomerId(3)];
    let like = test.ask(Alike { values, customers }).unwrap();
    assert_eq!(like.len(), 1);
    assert_eq!((like[0].customer, like[0].agrees.len()), (CustomerId(3), 2));
}
