//! Records that a complete delivery of their source no longer holds.

use super::*;
use domain::{TaskState, Verdict};
use door::operations::Delivery;
use door::views::WhyHeldBack;

/// Rows of `crm`, the first ones with an e-mail address of their own.
fn rows(ids: impl IntoIterator<Item = u32>) -> String {
    let row = |id| format!("{id},Given{id},Family{id},g{id}@example.com,,,,,,,2026-03-01\n");
    ids.into_iter().map(row).collect()
}

fn complete(test: &mut TestDesk, rows: &str) -> ImportOutcome {
    delivered(test, rows, Delivery { complete: true, ..Delivery::default() })
}

fn delivered(test: &mut TestDesk, rows: &str, delivery: Delivery) -> ImportOutcome {
    test.clock.advance(60);
    let request = Import { delivery, ..import_of("crm") };
    testing::import(test.desk(), request, format!("{HEADER}{rows}")).unwrap()
}

/// Vanished, closed, returned.
fn counts(outcome: &ImportOutcome) -> [u64; 3] {
    let report = outcome.report;
    [report.vanished, report.closed, report.returned]
}

/// Twenty customers of `crm` and one of `shop`.
fn desk(policy: &str) -> TestDesk {
    let mut test = TestDesk::new();
    let path = test.workspace().settings();
    let text =
        SETTINGS.replace("[sources.crm]", &format!("[sources.crm]\nvanished = \"{policy}\""));
    std::fs::write(path, text).unwrap();
    test.import("crm", &rows(1..=20));
    test.import("shop", "s,Somebody,Else,s@example.com,,,,,,,\n");
    test
}

/// The golden line of a record's customer.
fn golden(test: &mut TestDesk, address: &str) -> String {
    let customer = test.customer(address).to_string() + " ";
    test.picture().into_iter().find(|line| line.starts_with(&customer)).unwrap()
}

fn answer(test: &mut TestDesk, task: TaskId, action: Action) -> Receipt {
    let version = test.task(task).version;
    test.does(Request::new(action).for_task(task, version))
}

#[test]
fn a_person_closes_what_vanished_or_keeps_it() {
    let mut test = desk("task");
    let before = test.picture();
    let outcome = complete(&mut test, &rows(3..=20));
    assert_eq!(counts(&outcome), [2, 0, 0]);
    assert_eq!(outcome.vanished_tasks, 2);
    let named: Vec<String> = outcome.vanished.iter().map(ToString::to_string).collect();
    assert_eq!(named, ["crm:1", "crm:2"]);
    assert_eq!(test.picture(), before, "it counts until somebody has said otherwise");
    let [one, two] = test.pending(TaskKind::Vanished)[..] else { unreachable!("a task each") };
    let view = test.task(one);
    assert_eq!(view.reasons[0], "crm:1 is not in I3, all that its source has: accept closes it");

    let accepted = answer(&mut test, one, Action::Accept);
    assert_eq!(accepted.summary, "closed crm:1");
    assert!(!golden(&mut test, "crm:1").contains("Given1"));
    let kept = answer(&mut test, two, Action::Keep);
    assert_eq!(kept.summary, "kept crm:2");
    assert!(golden(&mut test, "crm:2").contains("Given2"));
    assert_eq!(test.pending(TaskKind::Vanished), []);
    let decided = test.picture();
    for _ in 0..2 {
        // The same file again, and it was all said.
        let again = complete(&mut test, &rows(3..=20));
        assert_eq!((counts(&again), again.held_back), ([0, 0, 0], None));
        assert_eq!(test.picture(), decided);
        assert_eq!(test.pending(TaskKind::Vanished), []);
        test.rebuild();
    }
    test.undo(kept.decision);
    assert_eq!(test.pending(TaskKind::Vanished), [two]);
    let undone = test.undo(accepted.decision);
    assert_eq!(test.pending(TaskKind::Vanished), [one, two]);
    assert_eq!(test.picture(), before);
    test.undo(undone.decision);
    assert_eq!(test.picture(), decided);
    assert_eq!(test.pending(TaskKind::Vanished), [two]);
}

#[test]
fn what_is_delivered_again_is_back() {
    let mut test = desk("task");
    let before = test.picture();
    complete(&mut test, &rows(3..=20));
    let [one, two] = test.pending(TaskKind::Vanished)[..] else { unreachable!("a task each") };
    answer(&mut test, one, Action::Accept);
    // One just as it was, one with other content.
    let other = rows([2]).replace("g2@", "two@");
    let outcome = test.import("crm", &(rows([1]) + &other));
    assert_eq!(counts(&outcome), [0, 0, 2]);
    assert_eq!((outcome.report.unchanged, outcome.report.changed), (1, 1));
    assert_eq!(test.pending(TaskKind::Vanished), []);
    let settled = test.desk().facts().view.task(two).unwrap().unwrap().task.state;
    assert_eq!(settled, TaskState::Settled);
    assert_eq!(golden(&mut test, "crm:1"), before[0]);
    test.rebuild();
    assert_eq!(golden(&mut test, "crm:1"), before[0]);
    assert!(golden(&mut test, "crm:2").contains("two@example.com"));
    // It vanishes again, and is asked about again.
    complete(&mut test, &(rows([1]) + &rows(3..=20)));
    assert_eq!(test.pending(TaskKind::Vanished).len(), 1);
}

#[test]
fn by_policy_it_is_closed_and_a_person_opens_it_again() {
    let mut test = desk("close");
    let before = test.picture();
    let outcome = complete(&mut test, &rows(2..=20));
    assert_eq!((counts(&outcome), outcome.vanished_tasks), ([1, 1, 0], 0));
    let closed = test.picture();
    assert!(!golden(&mut test, "crm:1").contains("Given1"));
    assert_eq!(counts(&complete(&mut test, &rows(2..=20))), [0, 0, 0]);
    let reopen = || Request::new(Action::Reopen { records: vec!["crm:1".parse().unwrap()] });
    let opened = test.does(reopen());
    assert_eq!(opened.summary, "reopened crm:1");
    assert_eq!(test.picture(), before);
    assert_eq!(test.is_refused(reopen()).to_string(), "crm:1 is not closed");
    assert_eq!(counts(&complete(&mut test, &rows(2..=20))), [0, 0, 0], "it was said");
    assert_eq!(test.picture(), before);
    test.undo(opened.decision);
    assert_eq!(test.picture(), closed);
    test.rebuild();
    assert_eq!(test.picture(), closed);
    assert_eq!(counts(&complete(&mut test, &rows(1..=20))), [0, 0, 1]);
    assert_eq!(test.picture(), before);
    let decision = test.desk().facts().decision(opened.decision).unwrap();
    assert_eq!(decision.verdict, Verdict::Reopen);
}

#[test]
fn a_policy_that_closes_closes_what_waits() {
    let mut test = desk("task");
    complete(&mut test, &rows(2..=20));
    assert_eq!(test.pending(TaskKind::Vanished).len(), 1);
    let path = test.workspace().settings();
    let text = std::fs::read_to_string(&path).unwrap().replace("\"task\"", "\"close\"");
    std::fs::write(&path, text).unwrap();
    assert_eq!(counts(&complete(&mut test, &rows(2..=20))), [0, 1, 0]);
    assert_eq!(test.pending(TaskKind::Vanished), []);
}

#[test]
fn what_is_doubtful_closes_nothing() {
    let nameless = rows(2..=20) + ",No,Key,,,,,,,,\n";
    let older =
        rows(2..=20).replace("20,Given20", "20,Old").replace("2026-03-01\n", "2025-01-01\n");
    for (text, vanished, why) in [
        (rows(4..=20), 3, WhyHeldBack::Many),
        (String::new(), 20, WhyHeldBack::Many),
        (nameless, 1, WhyHeldBack::Nameless { rows: 1 }),
        (older, 1, WhyHeldBack::Older { rows: 19 }),
    ] {
        for policy in ["task", "close"] {
            let mut test = desk(policy);
            let before = test.picture();
            let outcome = complete(&mut test, &text);
            let held = outcome.held_back.unwrap();
            assert_eq!((held.vanished, held.of, held.why), (vanished, 20, why), "{text}");
            assert_eq!(counts(&outcome), [0, 0, 0]);
            assert_eq!(test.picture(), before);
            assert_eq!(test.pending(TaskKind::Vanished), []);
            let sure = Delivery { complete: true, accept_vanished: true, ..Delivery::default() };
            let outcome = delivered(&mut test, &text, sure);
            let closed = if policy == "close" { vanished } else { 0 };
            assert_eq!(counts(&outcome), [vanished, closed, 0], "{text}");
            assert_eq!(outcome.held_back, None);
        }
    }
}

#[test]
fn rows_in_quarantine_are_there() {
    let mut test = desk("close");
    // Too many fields, but its key can be told.
    let outcome = complete(&mut test, &(rows(2..=20) + "1,a,b,c,d,e,f,g,h,i,j,k,l,m\n"));
    assert_eq!(outcome.report.quarantined, 1);
    assert_eq!((counts(&outcome), outcome.held_back), ([0, 0, 0], None));
}

#[test]
fn a_dry_run_says_what_would_vanish_and_a_cancelled_import_closes_nothing() {
    let mut test = desk("close");
    let before = test.dump();
    let delivery = Delivery { complete: true, ..Delivery::default() };
    let request = Import { dry_run: true, delivery, ..import_of("crm") };
    let text = format!("{HEADER}{}", rows(2..=20));
    let outcome = testing::import(test.desk(), request, text.clone()).unwrap();
    assert_eq!(counts(&outcome), [1, 1, 0]);
    assert_eq!(test.dump(), before);
    let request = Import { delivery, ..import_of("crm") };
    let streams = Streams::reading(Box::new(std::io::Cursor::new(text.into_bytes())));
    let ended = testing::run_while(test.desk(), request, streams, |job| job.done == 0);
    assert!(ended.is_err());
    assert!(golden(&mut test, "crm:1").contains("Given1"));
    assert_eq!(counts(&complete(&mut test, &rows(2..=20))), [1, 1, 0]);
}

#[test]
fn of_a_customer_of_several_records_only_the_closed_one_is_left_out() {
    let mut test = desk("close");
    let (one, two) = (test.customer("crm:1"), test.customer("shop:s"));
    test.does(merge_request(&[&[one, two]]));
    assert!(golden(&mut test, "crm:1").contains("Given1"));
    complete(&mut test, &rows(2..=20));
    let line = golden(&mut test, "crm:1");
    assert!(line.contains("Somebody") && !line.contains("Given1"), "{line}");
}

#[test]
fn a_task_follows_its_customer() {
    let mut test = desk("task");
    complete(&mut test, &rows(3..=20));
    let (one, two) = (test.customer("crm:1"), test.customer("crm:2"));
    let [first, second] = test.pending(TaskKind::Vanished)[..] else { unreachable!("a task each") };
    let merged = test.does(merge_request(&[&[one, two]]));
    // One answer is enough.
    answer(&mut test, second, Action::Accept);
    assert_eq!(test.pending(TaskKind::Vanished), []);
    assert!(!golden(&mut test, "crm:2").contains("Given"));
    let state = test.desk().facts().view.task(first).unwrap().unwrap().task.state;
    assert_eq!(state, TaskState::Settled);
    let _ = merged;
}

#[test]
fn an_undo_asks_again_about_each_customer_that_has_such_records_now() {
    for unmerged in [false, true] {
        let mut test = desk("task");
        let customers = ["crm:19", "crm:20", "crm:1"].map(|address| test.customer(address));
        let merged = test.does(merge_request(&[&customers]));
        complete(&mut test, &rows(1..=18));
        let [task] = test.pending(TaskKind::Vanished)[..] else { unreachable!("one task") };
        let closed = answer(&mut test, task, Action::Accept);
        assert_eq!(test.pending(TaskKind::Vanished), []);
        if unmerged {
            let records = vec!["crm:19".parse().unwrap()];
            let customer = test.customer("crm:19");
            test.does(Request::new(Action::Unmerge { customer, records }));
        } else {
            test.undo(merged.decision);
        }
        test.undo(closed.decision);
        let asked: Vec<CustomerId> = test
            .pending(TaskKind::Vanished)
            .into_iter()
            .flat_map(|id| test.desk().facts().view.task(id).unwrap().unwrap().task.customers)
            .collect();
        let expected = ["crm:19", "crm:20"].map(|address| test.customer(address));
        assert_eq!(asked.len(), 2, "{asked:?}");
        assert!(expected.iter().all(|customer| asked.contains(customer)), "{asked:?}");
    }
}

#[test]
fn a_redo_names_what_was_decided_in_its_place() {
    let mut test = desk("task");
    complete(&mut test, &rows(2..=20));
    let [task] = test.pending(TaskKind::Vanished)[..] else { unreachable!("one task") };
    let closed = answer(&mut test, task, Action::Accept);
    let decided = test.picture();
    let undone = test.undo(closed.decision);
    let kept = answer(&mut test, task, Action::Keep);
    let before = test.picture();
    match test.is_refused(undo_request(undone.decision, false)) {
        Refusal::DependedOn { on, .. } => {
            assert_eq!(on.len(), 1);
            assert_eq!((on[0].decision, on[0].summary.as_str()), (kept.decision, "kept crm:1"));
        }
        other => panic!("{other}"),
    }
    assert_eq!(test.picture(), before);
    // Kept after all: nothing of the other is there, and nothing else is said.
    let redone = test.does(undo_request(undone.decision, true));
    assert_eq!(test.picture(), decided, "{}", redone.summary);
    test.undo(redone.decision);
    assert_eq!(test.picture(), before);
    // Reopening builds on closing.
    test.undo(kept.decision);
    let closed = answer(&mut test, task, Action::Accept);
    let records = vec!["crm:1".parse().unwrap()];
    let opened = test.does(Request::new(Action::Reopen { records }));
    match test.is_refused(undo_request(closed.decision, false)) {
        Refusal::DependedOn { on, .. } => assert_eq!(on[0].decision, opened.decision),
        other => panic!("{other}"),
    }
    test.rebuild();
}

#[test]
fn what_came_back_is_not_closed_by_a_redo() {
    let mut test = desk("task");
    complete(&mut test, &rows(2..=20));
    let [task] = test.pending(TaskKind::Vanished)[..] else { unreachable!("one task") };
    let closed = answer(&mut test, task, Action::Accept);
    let undone = test.undo(closed.decision);
    test.import("crm", &rows([1]));
    let before = test.picture();
    let refused = test.is_refused(undo_request(undone.decision, false)).to_string();
    let says = format!("{} cannot be redone: its source has delivered", closed.decision);
    assert!(refused.starts_with(&says), "{refused}");
    assert_eq!(test.picture(), before);
}
