//! What new data brings back, and what it does not.

use super::*;
use domain::{Task, TaskReason, TaskState};
use door::operations::{History, ShowCustomer};

/// People enough for the engine to learn from: pairs, and strangers.
fn crowd() -> String {
    let names = ["Fernsby", "Tarn", "Quill", "Marsh", "Wold", "Pike", "Holt", "Crane"];
    let mut rows = String::new();
    for (n, family) in names.iter().cycle().take(64).enumerate() {
        rows.push_str(&format!(
            "p{n},Given{n},{family},g{n}@example.com,+1217555{:04},{}-0{}-1{},{} Elm Street,Salem,,,\n",
            100 + n,
            1950 + n % 50,
            1 + n % 9,
            n % 9,
            n + 1,
        ));
    }
    rows
}

const FATHER: &str =
    "1,Ulrich,Steinmoor,u@example.com,+16125550163,1952-02-09,5 Lake Drive,Salem,,,\n";
const SON: &str = "2,Ulrich,Steinmoor,son@example.org,,1981-06-17,5 Lake Drive,Salem,,,\n";
const SON_AS_FATHER: &str =
    "2,Ulrich,Steinmoor,u@example.com,+16125550163,1952-02-09,5 Lake Drive,Salem,,,\n";

#[test]
fn a_not_a_match_stays_away_until_a_compared_value_changes_and_then_says_why() {
    let mut test = TestDesk::new();
    test.import("crm", &format!("{}{FATHER}", crowd()));
    test.import("shop", SON);
    let (father, son) = (test.customer("crm:1"), test.customer("shop:2"));
    let decided = test.does(apart_request(&[&[father], &[son]]));
    test.match_records();
    test.import("shop", SON);
    test.match_records();
    assert_eq!(test.pending(TaskKind::Challenge), []);
    assert_ne!(test.customer("shop:2"), father, "the machine never undoes a person");

    test.import("shop", SON_AS_FATHER);
    test.match_records();
    assert_ne!(test.customer("shop:2"), father);
    let [back] = test.pending(TaskKind::Challenge)[..] else { unreachable!("one came back") };
    let view = test.task(back);
    match &view.task.as_ref().unwrap().reason {
        TaskReason::NotAMatchChanged { decision, fields } => {
            assert_eq!(*decision, decided.decision);
            let names: Vec<String> = fields.iter().map(ToString::to_string).collect();
            assert_eq!(names, ["birth_date", "email", "phone"]);
        }
        other => unreachable!("{other:?}"),
    }
    // The values say which fields changed: their names stand beside nothing else.
    assert_eq!(view.reasons[1], "they look alike again");
    let dispute = view.dispute.expect("it is a challenge");
    assert!(dispute.values.iter().any(|it| it.field.as_str() == "birth_date"), "{dispute:?}");

    // Kept in the knowledge of the new data, it stays away again.
    test.does(Request::new(Action::Keep).for_task(back, view.version));
    test.match_records();
    assert_eq!(test.pending(TaskKind::Challenge), []);
}

#[test]
fn accepting_the_new_merges_and_undo_brings_the_not_a_match_back() {
    let mut test = TestDesk::new();
    test.import("crm", &format!("{}{FATHER}", crowd()));
    test.import("shop", SON);
    let (father, son) = (test.customer("crm:1"), test.customer("shop:2"));
    test.does(apart_request(&[&[father], &[son]]));
    test.import("shop", SON_AS_FATHER);
    test.match_records();
    let [back] = test.pending(TaskKind::Challenge)[..] else { unreachable!("one came back") };
    let version = test.task(back).version;
    let accepted = test.does(Request::new(Action::Accept).for_task(back, version));
    assert_eq!(test.customer("shop:2"), father);
    let before = test.picture();
    let undone = test.undo(accepted.decision);
    let what = format!("accepted the new data: {father} and {son} merged, overriding D1");
    let who = "Ulrich Steinmoor";
    let ends = format!("D1 (not a match: {who})");
    let told = format!("undid D2 ({what}: {who}); brought back {ends}");
    assert!(undone.summary.starts_with(&told), "{}", undone.summary);
    assert_eq!(test.customer("shop:2"), son);
    assert!(matches!(
        test.is_refused(merge_request(&[&[father, son]])),
        Refusal::NotAMatchStands { .. }
    ));
    assert_eq!(test.pending(TaskKind::Challenge), [back]);
    // Redo ends the not-a-match again, and is not against it.
    let redone = test.undo(undone.decision);
    let both = format!("{who} and {who}");
    let told = format!("redid D2 ({what}: {both}); ended D1 (not a match: {both})");
    assert!(redone.summary.starts_with(&told), "{}", redone.summary);
    assert_eq!(test.picture(), before);
    assert_eq!(test.pending(TaskKind::Challenge), []);
}

/// Father, son and a stranger, different by one decision, and a challenge: the son looks like the father.
fn three_apart() -> (TestDesk, [CustomerId; 3], TaskId) {
    let mut test = TestDesk::new();
    test.import("crm", &format!("{}{FATHER}", crowd()));
    test.import("shop", &format!("{SON}{STRANGER_BESIDE}"));
    let ids = ["crm:1", "shop:2", "shop:3"].map(|record| test.customer(record));
    let [father, son, stranger] = ids;
    test.does(apart_request(&[&[father], &[son], &[stranger]]));
    test.import("shop", SON_AS_FATHER);
    test.match_records();
    let [back] = test.pending(TaskKind::Challenge)[..] else { unreachable!("one came back") };
    (test, ids, back)
}

const STRANGER_BESIDE: &str =
    "3,Ulrika,Steinmoor,uk@example.org,+13035550123,1966-11-30,5 Lake Drive,Salem,,,\n";

fn accept(task: TaskId) -> Request {
    Request { task: Some(task), ..Request::new(Action::Accept) }
}

#[test]
fn whoever_else_a_challenged_not_a_match_put_apart_stays_apart() {
    let (mut test, [father, _, stranger], back) = three_apart();
    let accepted = test.does(accept(back));
    assert_eq!(test.customer("shop:2"), father);
    let refused = test.is_refused(merge_request(&[&[father, stranger]]));
    assert_eq!(refused, Refusal::NotAMatchStands { decisions: vec![accepted.decision] });
    test.match_records();
    assert_eq!(test.customer("shop:3"), stranger);
    assert_eq!(test.pending(TaskKind::Challenge), [], "the stranger is as they were");
    // What changed about the others is still seen against what was known when they were put apart.
    test.import("shop", &SON_AS_FATHER.replacen('2', "3", 1));
    test.match_records();
    let [again] = test.pending(TaskKind::Challenge)[..] else { unreachable!("asked again") };
    test.does(accept(again));
    assert_eq!(test.customer("shop:3"), father);
}

#[test]
fn what_changed_about_the_others_before_is_still_asked_after_an_accept() {
    let (mut test, [father, ..], back) = three_apart();
    test.import("shop", &SON_AS_FATHER.replacen('2', "3", 1));
    test.does(accept(back));
    test.match_records();
    let [again] = test.pending(TaskKind::Challenge)[..] else { unreachable!("asked again") };
    test.does(accept(again));
    assert_eq!(test.customer("shop:3"), father);
}

#[test]
fn an_accept_ends_what_was_said_again_and_is_refused_against_what_was_said_besides() {
    let (mut test, [father, son, stranger], back) = three_apart();
    test.does(Request { task: Some(back), ..Request::new(Action::Keep) });
    test.import("shop", &SON_AS_FATHER.replacen("5 Lake Drive", "5 Lake Drive North", 1));
    test.match_records();
    let [back] = test.pending(TaskKind::Challenge)[..] else { unreachable!("no longer as kept") };
    // Somebody else who became one with the son is different from the father by yet another decision.
    let cousin = "4,Ulf,Steinmoor,ulf@example.org,,1990-01-01,9 Hill Road,Omaha,,,\n";
    test.import("shop", cousin);
    let cousin = test.customer("shop:4");
    let apart = test.does(apart_request(&[&[father], &[cousin]]));
    let merged = test.does(merge_request(&[&[son, cousin]]));
    let refused = test.is_refused(accept(back));
    assert_eq!(refused, Refusal::NotAMatchStands { decisions: vec![apart.decision] });
    test.undo(merged.decision);
    let accepted = test.does(accept(back));
    assert_eq!(test.customer("shop:2"), father);
    let refused = test.is_refused(merge_request(&[&[father, stranger]]));
    assert_eq!(refused, Refusal::NotAMatchStands { decisions: vec![accepted.decision] });
    let after = test.picture();
    let undone = test.undo(accepted.decision);
    test.undo(undone.decision);
    assert_eq!(test.picture(), after);
}

#[test]
fn a_machine_merge_that_was_unmerged_is_not_made_again() {
    let mut test = TestDesk::new();
    test.import("crm", &format!("{}{FATHER}", crowd()));
    test.import("shop", SON_AS_FATHER);
    let done = test.match_records();
    assert!(done.merged >= 1, "{done:?}");
    let customer = test.customer("crm:1");
    assert_eq!(test.customer("shop:2"), customer, "the machine merged them");
    test.does(Request::new(Action::Unmerge { customer, records: vec!["shop:2".parse().unwrap()] }));
    let apart = test.customer("shop:2");
    test.match_records();
    assert_eq!(test.customer("shop:2"), apart);
    assert_ne!(apart, customer);
}

#[test]
fn a_merge_is_challenged_when_its_records_no_longer_look_alike() {
    let mut test = TestDesk::new();
    test.import("crm", &format!("{}{FATHER}", crowd()));
    test.import("shop", SON_AS_FATHER);
    let (one, two) = (test.customer("crm:1"), test.customer("shop:2"));
    test.does(merge_request(&[&[one, two]]));
    test.import(
        "shop",
        "2,Marisol,Vandermeer,m@example.net,+13035550199,1999-12-31,77 Hill Road,Boulder,,,\n",
    );
    test.match_records();
    let [task] = test.pending(TaskKind::Challenge)[..] else { unreachable!("one challenge") };
    let version = test.task(task).version;
    test.does(Request::new(Action::Accept).for_task(task, version));
    assert_eq!(test.customer("shop:2"), two, "the changed record left under its former id");
}

#[test]
fn a_correction_ends_when_the_source_delivers_it_and_is_challenged_by_a_third_value() {
    let mut test = TestDesk::new();
    let row = |city: &str| format!("1,Ada,Fernsby,,,,,{city},,,\n");
    test.import("crm", &row("Salm"));
    test.does(fix_request("crm:1", "city", "Salem"));
    test.import("crm", &row("Salem"));
    assert_eq!(test.pending(TaskKind::Challenge), []);
    test.import("crm", &row("Boulder"));
    assert!(test.picture()[0].contains("city=Boulder"), "the correction had ended");

    test.does(fix_request("crm:1", "city", "Decatur"));
    test.import("crm", &row("Omaha"));
    assert!(test.picture()[0].contains("city=Decatur"), "it holds until someone decides");
    let [task] = test.pending(TaskKind::Challenge)[..] else { unreachable!("one challenge") };
    let version = test.task(task).version;
    test.does(Request::new(Action::Accept).for_task(task, version));
    assert!(test.picture()[0].contains("city=Omaha"));
}

#[test]
fn a_pin_survives_a_re_import_and_is_challenged_by_a_third_value() {
    let mut test = TestDesk::new();
    let row = |birth: &str| format!("1,Ada,Fernsby,,,{birth},,,,,\n");
    test.import("crm", &row("1984-12-03"));
    let customer = test.customer("crm:1");
    let picks = [("birth_date".into(), door::Pick::Typed("1984-03-12".to_owned()))].into();
    let pinned = test.does(Request::new(Action::Pin { customer, picks }));
    test.import("crm", &row("1984-12-03"));
    assert_eq!(test.pending(TaskKind::Challenge), []);
    test.import("crm", &row("1984-03-21"));
    assert!(test.picture()[0].contains("birth_date=1984-03-12"));
    let [task] = test.pending(TaskKind::Challenge)[..] else { unreachable!("one challenge") };
    let view = test.task(task);
    assert_eq!(
        view.task.as_ref().unwrap().reason,
        TaskReason::ValueContradicted { decision: pinned.decision, field: "birth_date".into() }
    );
    test.does(Request::new(Action::Keep).for_task(task, view.version));
    test.import("crm", &row("1984-03-21"));
    assert_eq!(test.pending(TaskKind::Challenge), []);
}

#[test]
fn a_task_deferred_until_the_data_changes_comes_back_with_it() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,ada@@example.com,,,,,,,\n");
    let [task] = test.pending(TaskKind::Invalid)[..] else { unreachable!("one invalid record") };
    let version = test.task(task).version;
    let until = domain::Until::DataChanges;
    test.does(Request::new(Action::Defer { until }).for_task(task, version));
    test.import("crm", "1,Ada,Fernsby,ada@@@example.com,,,,,,,\n");
    let state = test.desk().facts().view.task(task).unwrap().unwrap().task.state;
    assert_eq!(state, TaskState::Open);
}

#[test]
fn a_customer_can_be_seen_as_it_was() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,Salem,,,\n");
    let customer = test.customer("crm:1");
    let then = test.desk().now();
    test.import("crm", "1,Ada,Fernsby,,,,,Boulder,,,\n");
    test.does(fix_request("crm:1", "city", "Omaha"));
    let city = |test: &mut TestDesk, at| {
        let view = test.ask(ShowCustomer { customer, at, unmask: false }).unwrap();
        view.column.golden.text("city").map(ToOwned::to_owned)
    };
    assert_eq!(city(&mut test, None).as_deref(), Some("Omaha"));
    assert_eq!(city(&mut test, Some(then)).as_deref(), Some("Salem"));
    test.rebuild();
    assert_eq!(city(&mut test, Some(then)).as_deref(), Some("Salem"));
}

#[test]
fn a_machine_merge_is_challenged_by_new_data_and_not_by_a_new_model() {
    let mut test = TestDesk::new();
    test.import("crm", &format!("{}{FATHER}", crowd()));
    test.import("shop", SON_AS_FATHER);
    test.match_records();
    let customer = test.customer("crm:1");
    assert_eq!(test.customer("shop:2"), customer, "the machine merged them");
    test.match_records();
    assert_eq!(test.pending(TaskKind::Challenge), [], "nothing changed");
    test.import(
        "shop",
        "2,Marisol,Vandermeer,m@example.net,+13035550199,1999-12-31,77 Hill Road,Boulder,,,\n",
    );
    test.match_records();
    let [task] = test.pending(TaskKind::Challenge)[..] else { unreachable!("one challenge") };
    test.match_records();
    assert_eq!(test.pending(TaskKind::Challenge), [task], "asked once");
    let view = test.task(task);
    assert!(view.reasons[0].contains("the machine"), "{:?}", view.reasons);
    test.does(Request::new(Action::Keep).for_task(task, view.version));
    test.match_records();
    assert_eq!(test.pending(TaskKind::Challenge), [], "kept by a person");
    assert_eq!(test.customer("shop:2"), customer);
}

/// What a task's history says, latest first.
fn told(test: &mut TestDesk, subject: &str) -> Vec<String> {
    let of = Some(subject.parse().unwrap());
    let entries = test.ask(History { of, unmask: false }).unwrap();
    entries.into_iter().map(|entry| entry.what).collect()
}

const STRANGER: &str =
    "2,Marisol,Vandermeer,m@example.net,+13035550199,1999-12-31,77 Hill Road,Boulder,,,\n";

#[test]
fn a_challenge_goes_with_the_import_that_ends_its_cause() {
    // Merged by a person, and by the machine.
    for by_hand in [true, false] {
        let mut test = TestDesk::new();
        test.import("crm", &format!("{}{FATHER}", crowd()));
        test.import("shop", SON_AS_FATHER);
        if by_hand {
            let (one, two) = (test.customer("crm:1"), test.customer("shop:2"));
            test.does(merge_request(&[&[one, two]]));
        }
        test.match_records();
        let before = test.pending_picture();
        test.import("shop", STRANGER);
        test.match_records();
        let [task] = test.pending(TaskKind::Challenge)[..] else { unreachable!("one challenge") };
        test.import("shop", SON_AS_FATHER);
        assert_eq!(test.pending_picture(), before, "the import itself ends it");
        let kept = if by_hand { "D1" } else { "the merge" };
        let line = format!("{task} settled: nothing contradicts {kept} any more");
        assert!(told(&mut test, &task.to_string())[0].contains(&line), "by hand: {by_hand}");
        assert!(told(&mut test, "shop:2")[0].contains(&line), "{:?}", told(&mut test, "shop:2"));
        test.match_records();
        assert_eq!(test.pending(TaskKind::Challenge), []);
        // It may come back with the data, as another one.
        test.import("shop", STRANGER);
        test.match_records();
        assert_eq!(test.pending(TaskKind::Challenge).len(), 1);
    }
}

#[test]
fn a_challenged_not_a_match_goes_with_its_cause_and_a_stale_one_is_not_accepted() {
    let mut test = TestDesk::new();
    test.import("crm", &format!("{}{FATHER}", crowd()));
    test.import("shop", SON);
    let (father, son) = (test.customer("crm:1"), test.customer("shop:2"));
    test.does(apart_request(&[&[father], &[son]]));
    test.import("shop", SON_AS_FATHER);
    test.match_records();
    let [task] = test.pending(TaskKind::Challenge)[..] else { unreachable!("one challenge") };
    let asked = test.desk().facts().view.task(task).unwrap().unwrap().task;
    test.import("shop", SON);
    assert_eq!(test.pending(TaskKind::Challenge), []);
    // One that an earlier version left behind.
    let previous = test.desk().facts().view.task(task).unwrap().map(|entry| entry.version);
    let stale = domain::event::TaskChanged {
        task,
        previous,
        before: Some(Task { state: TaskState::Settled, ..asked.clone() }),
        after: asked,
    };
    test.desk().commit(vec![stale.into()]).unwrap();
    assert_eq!(test.pending(TaskKind::Challenge), [task]);
    let version = test.task(task).version;
    let refused = test.is_refused(Request::new(Action::Accept).for_task(task, version)).to_string();
    assert_eq!(
        refused,
        format!("nothing contradicts D1 any more, so {task} has nothing to accept: keep closes it")
    );
    test.match_records();
    assert_eq!(test.pending(TaskKind::Challenge), [], "the next match ends it as well");
    assert_ne!(test.customer("shop:2"), father);
}

#[test]
fn a_challenged_value_is_no_longer_asked_about_once_the_source_says_again_what_it_said() {
    let mut test = TestDesk::new();
    let row = |city: &str, street: &str| format!("1,Ada,Fernsby,,,,{street},{city},,,\n");
    test.import("crm", &row("Salm", "1 Elm Street"));
    let customer = test.customer("crm:1");
    test.does(fix_request("crm:1", "city", "Salem"));
    let picks = [("street".into(), door::Pick::Typed("9 Rose Lane".to_owned()))].into();
    test.does(Request::new(Action::Pin { customer, picks }));
    for (city, street) in
        [("Omaha", "1 Elm Street"), ("Salm", "7 Oak Road"), ("Omaha", "7 Oak Road")]
    {
        test.import("crm", &row(city, street));
        assert!(!test.pending(TaskKind::Challenge).is_empty(), "{city}, {street}");
        test.import("crm", &row("Salm", "1 Elm Street"));
        assert_eq!(test.pending(TaskKind::Challenge), [], "{city}, {street}");
    }
    // Another value on the way changes nothing about it.
    test.import("crm", &row("Omaha", "7 Oak Road"));
    test.import("crm", &row("Boulder", "8 Oak Road"));
    assert_eq!(test.pending(TaskKind::Challenge).len(), 2);
    test.import("crm", &row("Salm", "1 Elm Street"));
    assert_eq!(test.pending(TaskKind::Challenge), []);
}
