//! The ledger read again in place after a panic at any call to the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::samples::{at, erased, events, folder, ledger_of, open, settings, verified};
use super::*;
use crate::ports::Files;
use crate::ports::files::Lock;
use crate::ports::simulated_files::{Fault, SimulatedFiles};
use domain::{Commit, Sequence};

const COMMITS: u64 = 4;
const AT_ONCE: u64 = 5;

fn commits(reader: &LedgerReader) -> Vec<Commit> {
    reader.commits_from(Sequence(1)).map(Result::unwrap).collect()
}

fn is_held(files: &SimulatedFiles) -> bool {
    matches!(files.try_lock(&folder().join("lock"), "sam"), Ok(Lock::HeldBy(_)))
}

fn no_witness() -> Option<Witness> {
    None
}

/// Works until it panics at that call, counted from now; the commits that were acknowledged.
fn work(files: &SimulatedFiles, ledger: &mut Ledger, call: u64) -> (u64, bool) {
    let mut done = COMMITS;
    files.interrupt(files.calls() + call, || panic!("a fault in the code"));
    let ended = catch_unwind(AssertUnwindSafe(|| {
        for number in COMMITS + 1..=COMMITS + AT_ONCE {
            ledger.append(at(number as i64), "kim", &events(number)).unwrap();
            done = number;
        }
        ledger.begin_segment().unwrap();
    }));
    (done, ended.is_err())
}

#[test]
fn after_a_panic_at_any_call_the_ledger_goes_on_from_its_files() {
    for call in 0.. {
        let (files, mut ledger) = ledger_of(COMMITS);
        let reader = ledger.reader();
        let (done, panicked) = work(&files, &mut ledger, call);
        if !panicked {
            assert!(call > 2 * AT_ONCE, "only {call} calls");
            return;
        }
        ledger.reopen(no_witness).unwrap();
        assert!(is_held(&files), "call {call}");
        let head = reader.head().unwrap();
        // What was being written may stand, whole.
        assert!([done, done + 1].contains(&head.sequence.0), "call {call}: {head:?} of {done}");
        for (commit, number) in commits(&reader).into_iter().zip(1..) {
            assert_eq!(commit.events, events(number), "call {call}");
        }
        let number = head.sequence.0 + 1;
        ledger.append(at(number as i64), "kim", &events(number)).unwrap();
        assert_eq!(commits(&reader).len() as u64, number, "readers that were there see it");
        assert!(verified(&files).is_sound(), "call {call}");
        drop(ledger);
        let files = files.crash(call);
        let (ledger, _) = open(&files, reader.head()).unwrap();
        assert_eq!(ledger.head(), reader.head(), "call {call}: it was durable");
    }
}

#[test]
fn a_ledger_that_cannot_be_read_again_is_read_only_until_it_can() {
    let (files, mut ledger) = ledger_of(COMMITS);
    let lost = ledger
        .reader()
        .head()
        .map(|head| Witness { sequence: head.sequence.next(), ..Witness::from(head) });
    let refused = ledger.reopen(|| lost).err().unwrap();
    assert!(matches!(refused, LedgerError::AcknowledgedLost { .. }), "{refused}");
    let refused = ledger.append(at(9), "kim", &events(9)).err().unwrap();
    assert!(matches!(refused, LedgerError::ReadOnly), "{refused}");
    assert_eq!(commits(&ledger.reader()).len() as u64, COMMITS, "it is still read");
    assert!(is_held(&files));
    ledger.reopen(no_witness).unwrap();
    ledger.append(at(9), "kim", &events(9)).unwrap();
}

#[test]
fn what_was_erased_is_known_again() {
    let (files, mut ledger) = ledger_of(COMMITS);
    let reader = ledger.reader();
    let event = erased(&reader, 2, 0, Some(&settings("instead")));
    ledger.append(at(9), "kim", &[event]).unwrap();
    let before = commits(&reader);
    assert_eq!(before[1].events[0], settings("instead"));
    ledger.reopen(no_witness).unwrap();
    assert_eq!(commits(&reader), before);
    assert!(is_held(&files));
}

/// A process is killed at that call; the machine goes on. What it acknowledged, and whether it came
/// to its end.
fn killed_at(files: &SimulatedFiles, mut ledger: Ledger, call: u64) -> (u64, bool) {
    let (done, killed) = work(files, &mut ledger, call);
    drop(ledger);
    (done, killed)
}

#[test]
fn what_a_killed_process_left_is_durable_once_the_next_one_has_built_on_it() {
    for call in 0.. {
        let (files, ledger) = ledger_of(COMMITS);
        let (done, killed) = killed_at(&files, ledger, call);
        if !killed {
            assert!(call > 2 * AT_ONCE, "only {call} calls");
            return;
        }
        let (mut ledger, _) = open(&files, None).unwrap();
        let found = ledger.head().unwrap();
        assert!(found.sequence.0 >= done, "call {call}");
        // Reading it is enough to tell others of it.
        let told = files.crash(call);
        let (again, _) = open(&told, Some(found)).unwrap_or_else(|why| panic!("{call}: {why}"));
        assert_eq!(again.head(), Some(found), "call {call}");
        let number = found.sequence.0 + 1;
        let head = ledger.append(at(number as i64), "kim", &events(number)).unwrap();
        for seed in 0..4 {
            let left = files.crash(seed);
            let (again, _) =
                open(&left, Some(head)).unwrap_or_else(|why| panic!("{call}, {seed}: {why}"));
            assert_eq!(again.head(), Some(head), "call {call}, power fails");
        }
    }
}

#[test]
fn an_opening_that_cannot_keep_what_it_found_fails() {
    let (files, ledger) = ledger_of(COMMITS);
    drop(ledger);
    let calls = files.calls();
    drop(open(&files, None).unwrap());
    let last = files.calls() - calls;
    let mut failed = 0;
    for call in 0..last {
        let (files, ledger) = ledger_of(COMMITS);
        drop(ledger);
        let files = files.clone().with_fault(files.calls() + call, Fault::Fail);
        failed += u64::from(open(&files, None).is_err());
    }
    assert_eq!(failed, last, "no call of an opening may fail unnoticed");
}
