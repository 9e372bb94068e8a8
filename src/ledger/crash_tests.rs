//! The same work, once for every call to the disk and every fault there: what was acknowledged
//! is there afterwards, each commit is whole or absent, the chain verifies.

use super::samples::{at, create, events, ledger_of, open, verified};
use super::*;
use crate::ports::simulated_files::{Fault, SimulatedFiles};
use domain::{Commit, Sequence};

const COMMITS: u64 = 9;
const SEEDS: u64 = 6;

/// What a run was told.
#[derive(Default)]
struct Told {
    /// The ledger was said to be made.
    made: bool,
    /// The newest acknowledged commit.
    head: Option<Head>,
    /// The numbers of the attempts that were acknowledged, in order.
    acknowledged: Vec<u64>,
    /// An attempt whose outcome was said to be unknown; there can be only one.
    unknown: Option<u64>,
}

fn work(files: &SimulatedFiles) -> Told {
    let mut told = Told::default();
    let Ok(mut ledger) = create(files) else { return told };
    told.made = true;
    for attempt in 1..=COMMITS {
        match ledger.append(at(attempt as i64), "kim", &events(attempt)) {
            Ok(head) => {
                told.head = Some(head);
                told.acknowledged.push(attempt);
            }
            Err(LedgerError::OutcomeUnknown { .. }) => {
                assert_eq!(told.unknown, None, "went on after an unknown outcome");
                told.unknown = Some(attempt);
            }
            Err(LedgerError::ReadOnly) => assert!(told.unknown.is_some()),
            Err(LedgerError::Io { .. }) => assert_eq!(told.unknown, None),
            Err(other) => panic!("{other}"),
        }
        let read: Vec<_> = ledger.reader().commits_from(Sequence(1)).collect();
        assert_eq!(read.len(), told.acknowledged.len());
    }
    told
}

/// Opens the disk and compares with what the run was told.
fn check(files: &SimulatedFiles, told: &Told, context: &str) {
    let (mut ledger, _) = match open(files, told.head) {
        Ok(opened) => opened,
        Err(LedgerError::NotFound { .. }) if !told.made => {
            create(files).unwrap_or_else(|error| panic!("{context}: cannot begin again: {error}"));
            return;
        }
        Err(error) => panic!("{context}: {error}"),
    };
    let commits: Vec<Commit> =
        ledger.reader().commits_from(Sequence(1)).map(Result::unwrap).collect();
    let mut expected = told.acknowledged.clone();
    if commits.len() > expected.len() {
        expected.extend(told.unknown);
    }
    let expected: Vec<_> = expected.into_iter().map(events).collect();
    let found: Vec<_> = commits.into_iter().map(|commit| commit.events).collect();
    assert_eq!(found, expected, "{context}");
    assert!(verified(files).is_sound(), "{context}");
    ledger.append(at(99), "sam", &events(1)).unwrap();
    assert!(verified(files).is_sound(), "{context}");
}

#[test]
fn power_lost_at_any_call_loses_nothing_acknowledged() {
    let calls = calls_without_fault();
    for call in 0..calls {
        let files = SimulatedFiles::new().with_fault(call, Fault::PowerOff);
        let mut told = work_until_power_is_lost(&files);
        told.unknown = told.unknown.or(Some(told.acknowledged.len() as u64 + 1));
        for seed in 0..SEEDS {
            check(&files.crash(seed), &told, &format!("call {call}, seed {seed}"));
        }
    }
}

/// As [`work`], but a failed attempt after the power went is no refusal anybody saw.
fn work_until_power_is_lost(files: &SimulatedFiles) -> Told {
    let mut told = Told::default();
    let Ok(mut ledger) = create(files) else { return told };
    told.made = true;
    for attempt in 1..=COMMITS {
        let Ok(head) = ledger.append(at(attempt as i64), "kim", &events(attempt)) else { break };
        told.head = Some(head);
        told.acknowledged.push(attempt);
    }
    told
}

#[test]
fn any_failed_call_leaves_the_ledger_whole_now_and_after_a_crash() {
    for fault in [Fault::Fail, Fault::Tear, Fault::FailAfter] {
        for call in 0..calls_without_fault() {
            let files = SimulatedFiles::new().with_fault(call, fault);
            let told = work(&files);
            let context = format!("{fault:?} at call {call}");
            for seed in 0..SEEDS {
                check(&files.crash(seed), &told, &format!("{context}, seed {seed}"));
            }
            check(&files, &told, &context);
        }
    }
}

#[test]
fn two_failures_in_a_row_are_no_worse() {
    for call in 0..calls_without_fault() {
        let files =
            SimulatedFiles::new().with_fault(call, Fault::Tear).with_fault(call + 1, Fault::Fail);
        let told = work(&files);
        for seed in 0..SEEDS {
            check(&files.crash(seed), &told, &format!("calls {call} and the next, seed {seed}"));
        }
    }
}

#[test]
fn power_lost_while_a_torn_tail_is_cut_leaves_it_to_be_cut_again() {
    let (files, ledger) = ledger_of(3);
    let told = Told { made: true, head: ledger.head(), acknowledged: vec![1, 2, 3], unknown: None };
    drop(ledger);
    let path = samples::folder().join("ledger/00000001.seg");
    let mut content = files.content(&path).unwrap();
    content.extend([7; 300]);
    let torn = || {
        let copy = files.crash(0);
        copy.plant(&path, &content);
        copy
    };
    let fresh = torn();
    let (_, opening) = open(&fresh, told.head).unwrap();
    assert_eq!(opening.cut.unwrap().bytes, 300);
    for call in 0..fresh.calls() {
        for fault in [Fault::PowerOff, Fault::Fail] {
            let files = torn().with_fault(call, fault);
            let _ = open(&files, told.head);
            (0..SEEDS).for_each(|seed| check(&files.crash(seed), &told, &format!("call {call}")));
        }
    }
}

#[test]
fn a_failed_write_is_undone_and_the_next_succeeds() {
    let (files, mut ledger) = ledger_of(2);
    let before = ledger.head();
    let files = files.clone().with_fault(files.calls(), Fault::Tear);
    let result = ledger.append(at(3), "kim", &events(3));
    let Err(error @ LedgerError::Io { .. }) = result else { panic!("{result:?}") };
    assert!(error.to_string().contains("cannot write"), "{error}");
    assert_eq!(ledger.head(), before);
    assert!(verified(&files).is_sound(), "half a frame was left");
    assert_eq!(ledger.append(at(3), "kim", &events(3)).unwrap().sequence, Sequence(3));
    assert!(verified(&files).is_sound());
}

#[test]
fn what_was_said_to_have_failed_does_not_come_back_after_a_crash() {
    let (files, mut ledger) = ledger_of(2);
    let before = ledger.head();
    let files = files.clone().with_fault(files.calls(), Fault::FailAfter);
    assert!(matches!(ledger.append(at(3), "kim", &events(1)), Err(LedgerError::Io { .. })));
    drop(ledger);
    for seed in 0..64 {
        let (ledger, _) = open(&files.crash(seed), before).unwrap();
        assert_eq!(ledger.head(), before, "seed {seed}");
    }
}

#[test]
fn a_failed_sync_makes_the_ledger_read_only_until_it_is_reopened() {
    let (files, mut ledger) = ledger_of(2);
    let before = ledger.head();
    let files = files.clone().with_fault(files.calls() + 1, Fault::Fail);
    let result = ledger.append(at(3), "kim", &events(3));
    assert!(matches!(result, Err(LedgerError::OutcomeUnknown { .. })), "{result:?}");
    for _ in 0..2 {
        let result = ledger.append(at(3), "kim", &events(3));
        assert!(matches!(result, Err(LedgerError::ReadOnly)));
    }
    assert_eq!(ledger.head(), before);
    assert_eq!(ledger.reader().commits_from(Sequence(1)).count(), 2, "reading goes on");
    drop(ledger);
    let (ledger, _) = open(&files, before).unwrap();
    assert_eq!(ledger.head().unwrap().sequence, Sequence(3), "the write itself had succeeded");
}

fn calls_without_fault() -> u64 {
    let files = SimulatedFiles::new();
    let told = work_until_power_is_lost(&files);
    assert_eq!(told.acknowledged.len() as u64, COMMITS);
    assert!(verified(&files).head == told.head);
    let segments = files.content(&samples::folder().join("ledger/00000003.seg"));
    assert!(segments.is_some(), "the work does not rotate segments");
    // Those of the checks above are not part of the work.
    let files = SimulatedFiles::new();
    work_until_power_is_lost(&files);
    files.calls()
}
