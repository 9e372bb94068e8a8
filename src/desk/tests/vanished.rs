//! Records that a complete delivery of their source no longer holds.

use super::*;
use domain::{TaskState, Verdict};
use door::operations::{Compare, Delivery};
use door::views::{Column, WhyHeldBack};
use door::{Pick, Rest};

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
    assert_eq!(
        view.reasons[0],
        "crm:1 is not in I3, which holds everything its source has; accept closes it"
    );

    let accepted = answer(&mut test, one, Action::Accept);
    assert!(accepted.summary.starts_with("closed crm:1"), "{}", accepted.summary);
    assert!(!golden(&mut test, "crm:1").contains("Given1"));
    let kept = answer(&mut test, two, Action::Keep);
    assert!(kept.summary.starts_with("kept crm:2: "), "{}", kept.summary);
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
fn a_complete_file_brings_a_closed_record_back_also_with_a_row_that_is_older() {
    let mut test = desk("close");
    complete(&mut test, &rows(2..=20));
    assert!(!golden(&mut test, "crm:1").contains("Given1"));
    let older = rows([1]).replace("2026-03-01", "2026-01-01");
    // A part of what the source has says nothing about what it holds today.
    let outcome = test.import("crm", &older);
    assert_eq!((outcome.report.older, outcome.report.returned), (1, 0));
    let outcome = complete(&mut test, &(older + &rows(2..=20)));
    assert_eq!((outcome.report.older, outcome.report.returned), (1, 1));
    assert!(golden(&mut test, "crm:1").contains("Given1"));
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
fn who_is_closed_is_compared_by_what_they_were_masked_as_always() {
    let mut test = desk("close");
    let born = |id: u32, date: &str| {
        format!("{id},Given{id},Family{id},g{id}@example.com,,{date},,,,,2026-03-02\n")
    };
    test.import("crm", &(born(1, "1980-01-01") + &born(2, "1985-04-25")));
    let left = born(2, "1985-04-25") + &rows(3..=20);
    assert_eq!(counts(&complete(&mut test, &left)), [1, 1, 0]);
    let [closed, other] = ["crm:1", "crm:2"].map(|address| test.customer(address));
    let compare = |test: &mut TestDesk, unmask| {
        let view = test.ask(Compare { customers: vec![other, closed], unmask }).unwrap();
        let place =
            |name: &str| view.fields.iter().position(|it| it.name.as_str() == name).unwrap();
        let shown = |name: &str| {
            let text = |column: &Column| column.cells[place(name)].text.clone().unwrap();
            view.columns.iter().map(|column| text(column).to_string()).collect::<Vec<_>>()
        };
        (shown("given_name"), shown("birth_date"), view)
    };
    let (names, dates, view) = compare(&mut test, false);
    assert_eq!(names, ["Given2", "Given1"]);
    assert!(dates.iter().all(|date| !date.contains("198")), "sensitive: {dates:?}");
    let [here, there] = &view.columns[..] else { unreachable!() };
    assert_eq!((here.closed, there.closed), (false, true));
    assert!(there.golden.values.is_empty(), "nothing of it survives");
    assert!(there.contradicts, "they were born on two days");
    assert!(view.golden.values.iter().all(|it| it.text.as_str() != "Given1"), "nor in a merge");
    assert_eq!(compare(&mut test, true).1, ["1985-04-25", "1980-01-01"]);

    // What is shown can be taken.
    let picks = [("given_name".into(), Pick::FromCustomer(closed))].into();
    let groups = vec![vec![closed, other]];
    test.does(Request::new(Action::Merge { groups, into: None, picks, rest: Rest::Stay }));
    let merged = golden(&mut test, "crm:2");
    assert!(merged.contains("Given1") && merged.contains("Family2"), "{merged}");
}

#[test]
fn a_policy_that_closes_closes_what_waits() {
    let mut test = desk("task");
    complete(&mut test, &rows(2..=20));
    assert_eq!(test.pending(TaskKind::Vanished).len(), 1);
    let path = test.workspace().settings();
    let text = std::fs::read_to_string(&path).unwrap().replace("\"task\"", "\"close\"");
    std::fs::write(&path, text).unwrap();
    test.desk().adopt_settings().unwrap();
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
            assert_eq!(outcome.report.held_back, vanished, "it is told of the import for ever");
            assert_eq!(test.picture(), before);
            assert_eq!(test.pending(TaskKind::Vanished), []);
            let sure = Delivery { complete: true, accept_vanished: true, ..Delivery::default() };
            let outcome = delivered(&mut test, &text, sure);
            let closed = if policy == "close" { vanished } else { 0 };
            assert_eq!(counts(&outcome), [vanished, closed, 0], "{text}");
            assert_eq!((outcome.held_back, outcome.report.held_back), (None, 0));
        }
    }
}

#[test]
fn a_row_in_quarantine_that_may_hold_others_keeps_them_from_being_closed() {
    // Its key can be told; what else is between its quotes cannot.
    for (row, hidden) in [
        ("20,\"a\n1,b\nc\" d,x,,,,,,,,\n", 2),
        ("20,\"a\nb\" d,\"1\nx\",,,,,,,,\n", 2),
        ("20,\"a\",\"b\nc\",d,e,f,g,h,i,j,k,l,m,n\n", 1),
    ] {
        let mut test = desk("close");
        let outcome = complete(&mut test, &(rows(2..=19) + row));
        let held = outcome.held_back.map(|held| (held.vanished, held.why));
        assert_eq!(held, Some((1, WhyHeldBack::Nameless { rows: hidden })), "{row}");
        assert_eq!(counts(&outcome), [0, 0, 0]);
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

/// A desk whose `crm` says what it deleted, and a file of keys with what stands there.
fn marking(policy: &str, mark: &str) -> TestDesk {
    let test = TestDesk::new();
    let lines = format!(
        "[sources.crm]\nvanished = \"{policy}\"\nmerged_into = \"master\"\ndeleted = {mark}\n"
    );
    let text = SETTINGS.replacen("[sources.crm]\n", &lines, 1);
    std::fs::write(test.workspace().settings(), text).unwrap();
    test
}

fn marked(test: &mut TestDesk, dry_run: bool, rows: &[(u32, &str, &str)]) -> ImportOutcome {
    test.clock.advance(60);
    let row = |(id, deleted, master): &(u32, &str, &str)| {
        format!("{id},Given{id},Family{id},g{id}@example.com,{deleted},{master}\n")
    };
    let rows: String = rows.iter().map(row).collect();
    let request = Import { dry_run, ..import_of("crm") };
    let text = format!("id,given,family,email,IsDeleted,master\n{rows}");
    testing::import(test.desk(), request, text).unwrap()
}

/// Deleted, closed, returned.
fn deletions(outcome: &ImportOutcome) -> [u64; 3] {
    let report = outcome.report;
    [report.deleted, report.closed, report.returned]
}

#[test]
fn what_a_source_says_it_has_deleted_has_vanished() {
    let mut test = marking("task", "\"isdeleted\"");
    let first = [(1, "false", ""), (2, "true", ""), (3, "true", "1"), (4, "", "")];
    assert_eq!(deletions(&marked(&mut test, true, &first)), [1, 1, 0], "as a dry run says");
    assert_eq!(deletions(&marked(&mut test, false, &first)), [1, 1, 0]);
    assert!(
        !golden(&mut test, "crm:2").contains("Given2"),
        "it came as deleted: nobody's customer"
    );
    assert!(
        golden(&mut test, "crm:3").contains("Given3"),
        "a merge is asked about and no deletion"
    );
    let again = marked(&mut test, false, &first);
    assert_eq!((deletions(&again), again.report.unchanged), ([0, 0, 0], 4));

    // What was a customer is asked about.
    let outcome = marked(&mut test, false, &[(1, "TRUE", "")]);
    assert_eq!((deletions(&outcome), outcome.vanished_tasks), ([1, 0, 0], 1));
    let [task] = test.pending(TaskKind::Vanished)[..] else { unreachable!("a task") };
    assert_eq!(test.task(task).reasons[0], "crm:1 is deleted in crm; accept closes it");
    assert!(golden(&mut test, "crm:1").contains("Given1"));
    answer(&mut test, task, Action::Accept);
    assert!(!golden(&mut test, "crm:1").contains("Given1"));
    test.rebuild();
    // A row that does not say brings nobody back, one that says no does.
    let text = "id,given,family,email\n1,Given1,Other,g1@example.com\n";
    test.clock.advance(60);
    let outcome = testing::import(test.desk(), import_of("crm"), text).unwrap();
    assert_eq!(deletions(&outcome), [0, 0, 0]);
    assert!(!golden(&mut test, "crm:1").contains("Given1"));
    assert_eq!(deletions(&marked(&mut test, false, &[(1, "false", "")])), [0, 0, 1]);
    assert!(golden(&mut test, "crm:1").contains("Given1"));
}

#[test]
fn a_delivery_that_deletes_many_closes_none_before_somebody_has_looked() {
    let mut test = marking("close", "\"IsDeleted\"");
    let live: Vec<_> = (1..=20).map(|id| (id, "", "")).collect();
    marked(&mut test, false, &live);
    let before = test.picture();
    let mut file: Vec<_> = (1..=3).map(|id| (id, "yes", "")).collect();
    file.push((21, "yes", ""));
    for dry_run in [true, false] {
        let outcome = marked(&mut test, dry_run, &file);
        let held = outcome.held_back.unwrap();
        assert_eq!((held.vanished, held.of, held.why), (3, 20, WhyHeldBack::Deleted));
        assert_eq!(outcome.report.held_back, 3);
    }
    // What came as deleted is nobody's customer all the same.
    assert!(test.picture().iter().all(|line| !line.contains("Given21")));
    for id in 1..=3 {
        assert!(golden(&mut test, &format!("crm:{id}")).contains(&format!("Given{id}")));
    }
    assert_eq!(test.picture().len(), before.len() + 1);
    test.clock.advance(60);
    let delivery = Delivery { accept_vanished: true, ..Delivery::default() };
    let rows: String =
        (1..=3).map(|id| format!("{id},Given{id},Family{id},g{id}@example.com,yes,\n")).collect();
    let text = format!("id,given,family,email,IsDeleted,master\n{rows}");
    let request = Import { delivery, ..import_of("crm") };
    let outcome = testing::import(test.desk(), request, text).unwrap();
    assert_eq!((deletions(&outcome), outcome.held_back), ([3, 3, 0], None));
    // Two of seventeen are more than a tenth, one is not.
    let two = marked(&mut test, false, &[(4, "yes", ""), (5, "yes", "")]);
    assert_eq!((two.held_back.unwrap().of, deletions(&two)), (17, [0, 0, 0]));
    assert_eq!(deletions(&marked(&mut test, false, &[(6, "yes", "")])), [1, 1, 0]);
}

#[test]
fn columns_that_say_what_was_deleted_are_enough_for_a_file() {
    let mut test = marking("close", "{ column = \"status\", is = [\"deleted\"] }");
    test.import("crm", &rows(1..=20));
    test.clock.advance(60);
    let text = "id,Status\n6,Deleted\n7,active\n";
    let outcome = testing::import(test.desk(), import_of("crm"), text).unwrap();
    assert_eq!(deletions(&outcome), [1, 1, 0]);
    assert!(!golden(&mut test, "crm:6").contains("Given6"));
    assert!(golden(&mut test, "crm:7").contains("Given7"), "the rest stays as it is held");
    let text = "id,master\n8,9\n";
    assert!(testing::import(test.desk(), import_of("crm"), text).is_ok());
    let refused = testing::import(test.desk(), import_of("crm"), "id,state\n6,deleted\n");
    assert!(refused.unwrap_err().to_string().contains("no column"));
}

#[test]
fn a_deletion_that_cannot_be_told_is_said_and_changes_nothing() {
    let mut test = marking("close", "\"IsDeleted\"");
    let mut file: Vec<_> = (1..=20).map(|id| (id, "", "")).collect();
    file[0].1 = "maybe";
    file[1].1 = "gelöscht";
    file[2].1 = "true";
    let outcome = marked(&mut test, false, &file);
    let told: Vec<String> =
        outcome.troubles.iter().map(|it| it.sentence(outcome.place())).collect();
    assert_eq!(
        told,
        ["IsDeleted: 2 values are neither yes nor no, the first in line 2: this deletes or \
          restores no record"]
    );
    assert!(golden(&mut test, "crm:1").contains("Given1"));
    assert!(!golden(&mut test, "crm:3").contains("Given3"));
    // What was deleted stays so, time and again, until that is said.
    file[2].1 = "2";
    for _ in 0..2 {
        assert_eq!(deletions(&marked(&mut test, false, &file)), [0, 0, 0]);
        assert!(!golden(&mut test, "crm:3").contains("Given3"));
    }
    file[2].1 = "no";
    assert_eq!(deletions(&marked(&mut test, false, &file)), [0, 0, 1]);
}

#[test]
fn deleted_records_are_closed_by_policy_and_a_complete_file_has_them() {
    let mut test = marking("close", "{ column = \"IsDeleted\", is = [\"gone\"] }");
    let live: Vec<_> = (1..=20).map(|id| (id, "", "")).collect();
    marked(&mut test, false, &live);
    let mut file = live.clone();
    file[0].1 = "Gone";
    file[1].1 = "true";
    let outcome = marked(&mut test, false, &file);
    assert_eq!(deletions(&outcome), [1, 1, 0], "another word is no mark");
    assert!(!golden(&mut test, "crm:1").contains("Given1"));
    assert!(golden(&mut test, "crm:2").contains("Given2"));
    assert_eq!(deletions(&marked(&mut test, false, &file)), [0, 0, 0]);
}

#[test]
fn a_complete_import_that_was_stopped_while_closing_reports_the_whole() {
    let mut test = desk("close");
    test.import("crm", &rows(1..=1000));
    let delivery = Delivery { complete: true, accept_vanished: true, ..Delivery::default() };
    let request = Import { delivery, ..import_of("crm") };
    let file = format!("{HEADER}{}", rows(1..=200));
    let streams = Streams::of_file(std::io::Cursor::new(file.clone()));
    let mut steps = 0;
    let ended = testing::run_while(test.desk(), request.clone(), streams, |job| {
        steps += u32::from(job.done >= 200);
        steps < 5
    });
    assert!(ended.is_err(), "it was stopped");
    let closed = |test: &mut TestDesk| {
        let facts = test.desk().facts();
        let mut closed = 0;
        facts
            .view
            .each_record(&mut |record, _| {
                closed += u64::from(facts.view.record_state(record)?.vanished.is_some());
                Ok(true)
            })
            .unwrap();
        closed
    };
    assert!((1..800).contains(&closed(&mut test)), "some are closed: {}", closed(&mut test));
    test.reopen();
    let outcome = testing::import(test.desk(), request, file).unwrap();
    assert_eq!((counts(&outcome), closed(&mut test)), ([800, 800, 0], 800));
    // What comes after is counted by itself.
    let again = delivered(&mut test, &rows(1..=190), delivery);
    assert_eq!(counts(&again), [10, 10, 0]);
}
