//! Undo and redo of a person: a stack, read from what was recorded.

use super::*;
use domain::{Task, TaskState, Until};
use door::operations::LastDecision;

fn last(test: &mut TestDesk, undone: bool) -> Option<DecisionId> {
    test.ask(LastDecision { undone }).unwrap().map(|last| last.decision)
}

/// As `u` and `Ctrl-r` do.
fn press(test: &mut TestDesk, undone: bool) -> Option<String> {
    let decision = last(test, undone)?;
    Some(test.undo(decision).summary)
}

fn four() -> TestDesk {
    let mut test = TestDesk::new();
    let rows: String =
        (1..=4).map(|n| format!("{n},Given{n},Family{n},g{n}@example.com,,,,,,,\n")).collect();
    test.import("crm", &rows);
    test
}

#[test]
fn what_was_undone_is_redone_one_by_one_and_a_redo_is_not_taken_back() {
    let mut test = four();
    let [one, two, three, four] = [1, 2, 3, 4].map(|n| test.customer(&format!("crm:{n}")));
    let before = test.picture();
    test.does(merge_request(&[&[one, two]]));
    test.does(merge_request(&[&[three, four]]));
    let both = test.picture();
    assert_eq!(press(&mut test, true), None, "nothing was undone yet");
    let said = |said: Option<String>, did: &str, id: u32, customer| {
        let told = format!("{did} D{id} (merged 2 records into {customer}: Given");
        assert!(said.as_ref().is_some_and(|said| said.starts_with(&told)), "{said:?}");
    };
    said(press(&mut test, false), "undid", 2, three);
    said(press(&mut test, false), "undid", 1, one);
    assert_eq!(test.picture(), before);
    test.reopen();
    said(press(&mut test, true), "redid", 1, one);
    said(press(&mut test, true), "redid", 2, three);
    assert_eq!(test.picture(), both);
    assert_eq!(press(&mut test, true), None, "a redo is not undone by redoing");
    // And so on: what was redone can be undone and redone again.
    said(press(&mut test, false), "undid", 2, three);
    said(press(&mut test, true), "redid", 2, three);
    assert_eq!(test.picture(), both);
}

#[test]
fn a_new_decision_ends_what_can_be_redone_and_that_of_somebody_else_does_not() {
    let mut test = four();
    let [one, two, three, four] = [1, 2, 3, 4].map(|n| test.customer(&format!("crm:{n}")));
    test.does(merge_request(&[&[one, two]]));
    press(&mut test, false);
    let undo = last(&mut test, true);
    assert!(undo.is_some());
    test.desk().environment.actor = "kim".to_owned();
    assert_eq!(last(&mut test, true), None, "kim undid nothing");
    test.does(merge_request(&[&[three, four]]));
    test.desk().environment.actor = "sam".to_owned();
    assert_eq!(last(&mut test, true), undo);
    test.does(fix_request("crm:1", "city", "Omaha"));
    assert_eq!(last(&mut test, true), None);
}

#[test]
fn a_redo_against_what_people_decided_since_is_refused() {
    let mut test = four();
    let [one, two, ..] = [1, 2, 3, 4].map(|n| test.customer(&format!("crm:{n}")));
    let merged = test.does(merge_request(&[&[one, two]]));
    let undone = test.undo(merged.decision);
    let apart = test.does(apart_request(&[&[one], &[two]]));
    let refused = test.is_refused(undo_request(undone.decision, false));
    assert_eq!(refused, Refusal::NotAMatchStands { decisions: vec![apart.decision] });
    // The other way round.
    let undone = test.undo(apart.decision);
    test.does(merge_request(&[&[one, two]]));
    let refused = test.is_refused(undo_request(undone.decision, false)).to_string();
    let told = "D3 says that records differ, but they have since become one customer, ";
    assert!(refused.starts_with(told), "{refused}");
}

#[test]
fn a_redo_whose_decision_was_undone_since_is_not_undone_as_well() {
    let mut test = four();
    let [one, two, ..] = [1, 2, 3, 4].map(|n| test.customer(&format!("crm:{n}")));
    let merged = test.does(merge_request(&[&[one, two]]));
    let undone = test.undo(merged.decision);
    let redone = test.undo(undone.decision);
    let again = test.undo(merged.decision);
    let refused = test.is_refused(undo_request(redone.decision, false)).to_string();
    assert_eq!(refused, "D1 was already undone by D4");
    // Nor is it brought back by two.
    test.undo(again.decision);
    test.undo(redone.decision);
    let refused = test.is_refused(undo_request(again.decision, false)).to_string();
    assert_eq!(refused, "D4 was already undone by D5");
    let told = format!("redid D1 (merged 2 records into {one}: Given1 Family1");
    let redone = press(&mut test, true).unwrap();
    assert!(redone.starts_with(&told), "{redone}");
}

/// Three namesakes in one task.
fn namesakes() -> (TestDesk, Task) {
    let mut test = TestDesk::new();
    let rows = "\
1,Robert,Feldspar,robert@example.com,+12175550101,,1 Elm Street,Salem,,,\n\
2,Rob,Feldspar,,,,1 Elm Street,Salem,,,\n\
3,Bob,Feldspar,,,,1 Elm Street,Salem,,,\n";
    test.import("crm", rows);
    test.match_records();
    let [task] = test.pending(TaskKind::Duplicate)[..] else { unreachable!("one task") };
    let task = test.desk().facts().view.task(task).unwrap().unwrap().task;
    (test, task)
}

fn on(task: &Task, request: Request) -> Request {
    Request { task: Some(task.id), ..request }
}

fn state(test: &mut TestDesk, task: &Task) -> TaskState {
    test.desk().facts().view.task(task.id).unwrap().unwrap().task.state
}

#[test]
fn an_old_deferral_that_is_undone_does_not_reopen_what_was_decided_since() {
    let (mut test, task) = namesakes();
    let put_off = Request::new(Action::Defer { until: Until::DataChanges });
    let deferred = test.does(on(&task, put_off));
    let merged = test.does(on(&task, merge_request(&[&task.customers])));
    let decided = TaskState::Decided { decision: merged.decision };
    assert_eq!(state(&mut test, &task), decided);
    let undone = test.undo(deferred.decision);
    assert_eq!(state(&mut test, &task), decided, "it is merged: {}", undone.summary);
    assert_eq!(test.pending(TaskKind::Duplicate), []);
    // Nor is it put off by what no longer stands, once the merge is undone.
    test.undo(merged.decision);
    assert_eq!(state(&mut test, &task), TaskState::Open);
    // The deferral redone, it is put off again.
    test.undo(undone.decision);
    assert!(matches!(state(&mut test, &task), TaskState::Deferred { .. }));
}

#[test]
fn an_answer_goes_with_its_question() {
    let (mut test, task) = namesakes();
    let note = Some("one person?".to_owned());
    let ask = Request { note, ..Request::new(Action::Escalate { to: "kim".to_owned() }) };
    let asked = test.does(on(&task, ask));
    let note = Some("yes".to_owned());
    let answered = test.does(on(&task, Request { note, ..Request::new(Action::Answer) }));
    let undone = test.undo(answered.decision);
    assert!(matches!(state(&mut test, &task), TaskState::Escalated { .. }));
    test.undo(undone.decision);
    test.undo(asked.decision);
    assert_eq!(state(&mut test, &task), TaskState::Open, "nothing is asked any more");
}

#[test]
fn a_customer_that_comes_back_is_asked_about_again_though_a_later_decision_stands() {
    let (mut test, task) = namesakes();
    let [one, two, three] = task.customers[..] else { unreachable!("three customers") };
    let first = test.does(on(&task, merge_request(&[&[one, two]])));
    let second = test.does(on(&task, merge_request(&[&[one, three]])));
    assert_eq!(test.pending(TaskKind::Duplicate), []);
    let choices = [(second.decision, door::DependantChoice::Stay)].into();
    let decisions = vec![first.decision];
    let action = Action::Undo { decisions, with_dependents: false, choices };
    let undone = test.does(Request::new(action));
    let now = test.desk().facts().view.task(task.id).unwrap().unwrap().task;
    assert_eq!((now.state, now.customers), (TaskState::Open, vec![one, two]));
    let told = format!("undid D1 (merged 2 records into {one}: ");
    let waits = format!("): {} waits again", task.id);
    let is_told = undone.summary.starts_with(&told) && undone.summary.ends_with(&waits);
    assert!(is_told, "{}", undone.summary);
}

#[test]
fn what_was_put_over_by_an_undone_decision_does_not_come_back_with_another() {
    let mut test = four();
    let one = test.customer("crm:1");
    let cities = |test: &mut TestDesk| -> Vec<String> {
        let lines = test.picture().into_iter();
        lines.filter(|line| line.contains("city=")).collect()
    };
    let pin = |city: &str| {
        let picks = [("city".into(), door::Pick::Typed(city.to_owned()))].into();
        Request::new(Action::Pin { customer: one, picks })
    };
    let first = test.does(pin("Omaha"));
    let second = test.does(pin("Boulder"));
    let choices = [(second.decision, door::DependantChoice::Stay)].into();
    let decisions = vec![first.decision];
    test.does(Request::new(Action::Undo { decisions, with_dependents: false, choices }));
    test.undo(second.decision);
    assert_eq!(cities(&mut test), [""; 0], "neither stands");
    // A pin that went along with a merge goes when its decision does.
    let three = test.customer("crm:3");
    let picks = [("city".into(), door::Pick::Typed("Salem".to_owned()))].into();
    let pinned = test.does(Request::new(Action::Pin { customer: three, picks }));
    test.does(merge_request(&[&[one, three]]));
    assert!(cities(&mut test)[0].starts_with(&format!("{one} ")));
    let undone = test.undo(pinned.decision);
    assert_eq!(cities(&mut test), [""; 0]);
    test.undo(undone.decision);
    assert!(cities(&mut test)[0].starts_with(&format!("{one} ")), "redo finds it as well");
}

/// Decides, undoes that, decides otherwise, and is refused the redo until something is said of what
/// stands in its place; then redoes it along with an undo of that.
fn is_in_its_place(test: &mut TestDesk, first: Request, second: Request) {
    let one = test.does(first);
    let decided = test.picture();
    let undone = test.undo(one.decision);
    let between = test.picture();
    let two = test.does(second);
    let otherwise = test.picture();
    match test.is_refused(undo_request(undone.decision, false)) {
        Refusal::DependedOn { on, .. } => {
            let on: Vec<DecisionId> = on.iter().map(|it| it.decision).collect();
            assert_eq!(on, [two.decision]);
        }
        other => panic!("{other}"),
    }
    assert_eq!(test.picture(), otherwise);
    let redone = test.does(undo_request(undone.decision, true));
    assert_eq!(test.picture(), decided, "{}", redone.summary);
    let back = test.undo(redone.decision);
    assert_eq!(test.picture(), otherwise, "{}", back.summary);
    test.undo(two.decision);
    assert_eq!(test.picture(), between);
    test.rebuild();
    assert_eq!(test.picture(), between);
}

#[test]
fn a_fix_that_is_in_the_place_of_another_is_named() {
    let mut test = four();
    let first = fix_request("crm:1", "city", "Omaha");
    is_in_its_place(&mut test, first, fix_request("crm:1", "city", "Salem"));
    // Another field, another record: nothing is in its place.
    let fixed = test.does(fix_request("crm:1", "city", "Omaha"));
    let undone = test.undo(fixed.decision);
    test.does(fix_request("crm:1", "street", "1 Elm Street"));
    test.does(fix_request("crm:2", "city", "Salem"));
    assert!(test.undo(undone.decision).summary.starts_with("redid"));
    assert!(test.picture()[0].contains("city=Omaha"));
}

#[test]
fn a_record_set_aside_twice_is_named() {
    let mut test = four();
    let aside = || Request::new(Action::Quarantine { record: "crm:1".parse().unwrap() });
    is_in_its_place(&mut test, aside(), aside());
}

#[test]
fn a_waiver_in_the_place_of_another_is_named() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,ada@,,,,,,,\n");
    let waive = || {
        let rules = vec![domain::RuleId::new("email-format")];
        let action = Action::Waive { record: "crm:1".parse().unwrap(), rules };
        Request { reason: Some(domain::ReasonCode::new("checked")), ..Request::new(action) }
    };
    is_in_its_place(&mut test, waive(), waive());
}

#[test]
fn what_stands_below_another_fix_may_be_undone_before_that_is_redone() {
    let mut test = four();
    let below = test.does(fix_request("crm:1", "city", "Omaha"));
    let above = test.does(fix_request("crm:1", "city", "Salem"));
    let decided = test.picture();
    let undone = test.undo(above.decision);
    test.undo(below.decision);
    let redone = test.undo(undone.decision);
    assert_eq!(test.picture(), decided, "{}", redone.summary);
}

#[test]
fn what_was_delivered_otherwise_is_not_redone() {
    let mut test = four();
    let aside = Request::new(Action::Quarantine { record: "crm:1".parse().unwrap() });
    let aside = test.does(aside);
    let undone = test.undo(aside.decision);
    test.import("crm", "1,Given1,Family1,other@example.com,,,,,,,\n");
    // Nothing was in its place meanwhile: it is set aside again.
    assert!(test.undo(undone.decision).summary.starts_with("redid"));
}
