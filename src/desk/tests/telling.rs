//! The order `telling`, and what an answer says it brought.

use super::rematch::row;
use super::*;
use door::operations::{Extent, Queue, TaskReasons};
use door::views::{OrderBy, QueueOrder};
use std::collections::BTreeMap;

const PEOPLE: u32 = 44;

/// Each person twice, and once more too decayed for the machine to merge: every other one with another
/// family name, the rest without.
fn doubtful() -> TestDesk {
    let mut test = TestDesk::seeded(5);
    let rows = |from: u32, decay: fn(u32) -> u8| -> String {
        (0..PEOPLE).map(|it| row(from + it, it as u8, decay(it))).collect()
    };
    test.import("crm", &rows(0, |_| 0));
    test.import("shop", &rows(0, |person| (person % 16) as u8));
    test.import("crm", &rows(100, |person| 14 + (person % 2) as u8));
    test.match_to(Extent::Full);
    test
}

fn order(test: &mut TestDesk) -> Vec<TaskId> {
    let order = QueueOrder { by: OrderBy::Telling, reversed: false };
    loop {
        let view = test.ask(Queue { filter: None, order }).unwrap();
        if view.preparing.is_none() {
            return view.listed.iter().map(|row| row.task).collect();
        }
    }
}

/// The pattern and the place in the ledger's order of each pending task.
fn patterns(test: &mut TestDesk) -> BTreeMap<TaskId, String> {
    let desk = test.desk();
    let facts = desk.facts();
    let model = facts.model().unwrap().unwrap();
    let entries = facts.view.pending_tasks().unwrap().into_iter();
    let of = |customers: &[CustomerId]| {
        let records = customers.iter().map(|it| facts.view.customer(*it).unwrap().unwrap().members);
        let sides: Vec<_> = records.map(|it| facts.evidence(it[0]).unwrap()).collect();
        let link =
            matching::link(&model, facts.settings, facts.fingerprinter, &sides[0], &sides[1]);
        format!("{:?}", link.as_ref().map(matching::Link::pattern))
    };
    entries.map(|entry| (entry.task.id, of(&entry.task.customers))).collect()
}

fn refuse(test: &mut TestDesk, person: u32) -> Option<Receipt> {
    let (known, other) =
        (test.customer(&format!("crm:{person}")), test.customer(&format!("crm:{}", 100 + person)));
    (known != other).then(|| test.does(apart_request(&[&[known], &[other]])))
}

#[test]
fn patterns_take_turns_and_the_oldest_has_every_tenth_place() {
    let mut test = doubtful();
    let listed = order(&mut test);
    let mut all = test.pending(TaskKind::Duplicate);
    assert!(all.len() > 20, "{all:?}");
    let patterns = patterns(&mut test);
    let longest = listed.chunk_by(|one, other| patterns[one] == patterns[other]).map(<[_]>::len);
    let kinds: std::collections::BTreeSet<&String> = patterns.values().collect();
    assert!(kinds.len() > 1 && longest.max().unwrap() < 10, "{listed:?} {patterns:?}");
    // Nobody has decided anything: the tenth place is the turn of the oldest that is left.
    let rest: Vec<TaskId> = all.iter().copied().filter(|it| !listed[..9].contains(it)).collect();
    assert_eq!(listed[9], rest[0]);
    // Whatever is asked for, all are there, and the ledger says the same once more.
    test.reopen();
    assert_eq!(order(&mut test), listed);
    let mut sorted = listed.clone();
    sorted.sort_unstable();
    all.sort_unstable();
    assert_eq!(sorted, all);
    // Whoever looks at a task is told why it stands there, and in another order is not.
    let by = |by| QueueOrder { by, reversed: false };
    let why = |test: &mut TestDesk, at: usize, order| {
        test.ask(TaskReasons { task: listed[at], order }).unwrap().join("; ")
    };
    assert!(why(&mut test, 0, by(OrderBy::Telling)).contains("waiting with its pattern"));
    assert!(why(&mut test, 9, by(OrderBy::Telling)).contains("has waited longest"));
    assert!(!why(&mut test, 0, by(OrderBy::Score)).contains("pattern"));
    // Programs are given the same order.
    let text = format!("{SETTINGS}\n[queue]\norder = \"telling\"\n");
    std::fs::write(test.workspace().settings(), text).unwrap();
    test.desk().adopt_settings().unwrap();
    assert_eq!(test.listed(), listed);
}

#[test]
fn what_an_answer_says_it_taught_is_what_a_run_that_learns_does() {
    let mut test = doubtful();
    let mut last = None;
    for person in 0..PEOPLE - 12 {
        last = refuse(&mut test, person).or(last);
    }
    let told = last.unwrap().taught.unwrap();
    let brought = told;
    let waiting = test.pending(TaskKind::Duplicate);
    assert!(brought.dropped > 0, "{brought:?}");
    let mut kept = order(&mut test);
    kept.sort_unstable();
    assert_eq!(kept, waiting, "no task goes before a run says so");
    test.match_to(Extent::Full);
    let left = test.pending(TaskKind::Duplicate);
    let gone = waiting.iter().filter(|task| !left.contains(task)).count();
    assert_eq!(gone as u64, brought.dropped + brought.sure);
}

#[test]
fn too_few_answers_teach_nothing_and_an_undo_takes_its_lesson_back() {
    let mut test = doubtful();
    let mut receipts = Vec::new();
    for person in 0..PEOPLE - 12 {
        receipts.extend(refuse(&mut test, person));
    }
    let first = receipts.iter().position(|receipt| receipt.taught.is_some()).unwrap();
    assert!(first >= matching::LEAST_JOINS - 1, "{first}");
    let (last, before) = (receipts.len() - 1, receipts.len() - 2);
    let undone = test.undo(receipts[last].decision);
    let expected = receipts[before].taught.unwrap();
    // The task that waits again is counted with the others.
    let now = undone.taught.unwrap();
    assert!(now.dropped + now.sure >= expected.dropped + expected.sure);
    for receipt in receipts[first..last].iter().rev() {
        test.undo(receipt.decision);
    }
    let one_less = test.undo(receipts[first - 1].decision);
    assert_eq!(one_less.taught, None);
}

#[test]
fn an_answer_says_how_many_other_tasks_it_settled() {
    let mut test = TestDesk::new();
    test.import("crm", "9,Bo,Marsh,bo.at.example,,,,,,,\n8,Al,Reed,al@example.com,,,,,,,\n");
    assert_eq!(test.pending(TaskKind::Invalid).len(), 1);
    let nothing = test.does(fix_request("crm:8", "email", "al.reed@example.com"));
    assert_eq!((nothing.settled, nothing.brought()), (0, None));
    let receipt = test.does(fix_request("crm:9", "email", "bo@example.com"));
    assert!(test.pending(TaskKind::Invalid).is_empty());
    assert_eq!(receipt.settled, 1);
    assert_eq!(receipt.brought().as_deref(), Some("this answer settled 1 other task"));
}
