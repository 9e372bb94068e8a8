//! Rewriting a segment: for readers nothing happens, and whenever it is interrupted the ledger is
//! the old one or the new one.

use super::body::Body;
use super::frame::FrameHeader;
use super::samples::{
    at, cipher, cipher_of, events, folder, ledger_of, ledger_with, open_with, options,
    plain_options, verified, verified_with,
};
use super::*;
use crate::ports::cipher::NoCipher;
use crate::ports::simulated_files::{Fault, SimulatedFiles};
use domain::{Event, Sequence};

const COMMITS: u64 = 12;

/// A ledger of three segments and more, to be sealed with key 2 from now on.
fn to_be_resealed() -> (SimulatedFiles, Ledger) {
    let (files, mut ledger) = ledger_of(COMMITS);
    ledger.begin_segment().unwrap();
    ledger.set_cipher(cipher(2));
    assert!(ledger.segments().len() >= 3);
    (files, ledger)
}

fn closed(ledger: &Ledger) -> Vec<u32> {
    let states = ledger.segments().into_iter().filter(|state| state.closed);
    states.map(|state| state.number).collect()
}

fn all(reader: &LedgerReader) -> Vec<Vec<Event>> {
    reader.commits_from(Sequence(1)).map(|commit| commit.unwrap().events).collect()
}

fn expected() -> Vec<Vec<Event>> {
    (1..=COMMITS).map(events).collect()
}

/// Takes the first event of a commit out of the file.
fn erase(sequence: u64) -> impl FnMut(&FrameHeader, Body) -> Result<Body, LedgerError> {
    move |header, body| {
        let hit = header.logical.sequence == Sequence(sequence);
        Ok(if hit { body.redact(&[1]) } else { body })
    }
}

#[test]
fn after_rewriting_all_segments_the_old_key_opens_nothing_and_the_new_one_all() {
    let (files, mut ledger) = to_be_resealed();
    let head = ledger.head();
    for number in closed(&ledger) {
        ledger.reseal_segment(number).unwrap();
    }
    ledger.append(at(90), "kim", &events(1)).unwrap();
    let last = ledger.segments().len() - 1;
    assert!(ledger.segments().iter().all(|state| state.keys == [2]));
    assert_eq!(all(&ledger.reader())[..COMMITS as usize], expected());
    drop(ledger);
    let only = |key: u8| cipher_of(samples::WORKSPACE, &[key], u32::from(key));
    assert!(verified_with(&files, &only(2)).is_sound());
    assert_eq!(verified_with(&files, &only(1)).damage.len() as u64, COMMITS + 1);
    let options = LedgerOptions { cipher: cipher(2), ..options() };
    let (ledger, _) = open_with(&files, head, &options).unwrap();
    assert_eq!(ledger.segments().len(), last + 1);
    assert_eq!(ledger.reader().chain_at(head.unwrap().sequence).unwrap(), head.unwrap().chain);
}

#[test]
fn readers_go_on_over_a_segment_that_is_rewritten_under_them() {
    for warm in [false, true] {
        let (_files, mut ledger) = to_be_resealed();
        let reader = ledger.reader();
        if warm {
            assert_eq!(all(&reader), expected());
            assert!(reader.chain_at(Sequence(2)).is_ok());
        }
        let mut commits = reader.commits_from(Sequence(1));
        assert_eq!(commits.next().unwrap().unwrap().events, events(1));
        // Erasing makes the frames that follow begin elsewhere.
        ledger.append(at(99), "kim", &[samples::erased(&reader, 2, 0, None)]).unwrap();
        ledger.rewrite_segment(1, &mut erase(2)).unwrap();
        let second = commits.next().unwrap().unwrap();
        assert!(matches!(second.events[0], Event::Erased(_)));
        assert_eq!(second.events[1..], events(2)[1..]);
        assert_eq!(commits.next().unwrap().unwrap().events, events(3));
        assert!(matches!(reader.event(Sequence(2), 0).unwrap(), Event::Erased(_)), "{warm}");
        assert_eq!(reader.event(Sequence(3), 0).unwrap(), events(3)[0]);
        assert_eq!(
            reader.chain_at(Sequence(3)).unwrap(),
            ledger.reader().chain_at(Sequence(3)).unwrap()
        );
    }
}

#[test]
fn nothing_of_what_was_erased_is_left_in_the_file() {
    let (files, mut ledger) = ledger_with(COMMITS, &plain_options());
    let holds = |needle: &[u8]| {
        let content = files.content(&segment::path(folder(), 1)).unwrap();
        content.windows(needle.len()).any(|window| window == needle)
    };
    // Commit 3 holds one short event, which is not compressed.
    assert!(holds(b"person300@"), "nothing to erase");
    let listing = samples::erased(&ledger.reader(), 3, 0, None);
    ledger.append(at(99), "kim", &[listing]).unwrap();
    let head = ledger.head();
    ledger.rewrite_segment(1, &mut erase(3)).unwrap();
    assert!(!holds(b"person300@"));
    assert_eq!(ledger.head(), head);
    drop(ledger);
    let report = verified_with(&files, &NoCipher);
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.redacted, report.head), (1, head));
}

#[test]
fn only_closed_segments_are_rewritten_and_never_into_something_else() {
    let (files, mut ledger) = ledger_of(COMMITS);
    let last = ledger.segments().len() as u32;
    for number in [0, last, last + 1] {
        assert!(matches!(ledger.reseal_segment(number), Err(LedgerError::NotClosed(_))));
    }
    let before = files.content(&segment::path(folder(), 1)).unwrap();
    let mut forge = |_: &FrameHeader, _: Body| Ok(Body::new(&[[0; 16]], &[3], b"kim".to_vec()));
    let refused = ledger.rewrite_segment(1, &mut forge);
    assert!(matches!(refused, Err(LedgerError::WouldChange(Sequence(1)))), "{refused:?}");
    assert_eq!(files.content(&segment::path(folder(), 1)).unwrap(), before);
    assert!(files.content(&segment::unfinished(folder(), 1)).is_none(), "a half file is left");
    ledger.append(at(99), "kim", &events(1)).unwrap();
    assert!(verified(&files).is_sound());
}

#[test]
fn a_damaged_commit_stops_the_rewriting_and_changes_nothing() {
    let (files, mut ledger) = to_be_resealed();
    let path = segment::path(folder(), 2);
    let mut content = files.content(&path).unwrap();
    let middle = content.len() / 2;
    content[middle] ^= 1;
    files.plant(&path, &content);
    assert!(matches!(ledger.reseal_segment(2), Err(LedgerError::Damaged(_))));
    assert_eq!(files.content(&path).unwrap(), content);
    ledger.reseal_segment(1).unwrap();
}

/// Rewrites all segments, until something fails; says whether all were done.
fn reseal_all(ledger: &mut Ledger) -> bool {
    closed(ledger).into_iter().all(|number| {
        let result = ledger.reseal_segment(number);
        if let Err(LedgerError::OutcomeUnknown { .. }) = &result {
            let again = ledger.append(at(99), "kim", &events(1));
            assert!(matches!(again, Err(LedgerError::ReadOnly)), "{again:?}");
        }
        // What was read before and what is read now is the same, whatever came of it.
        if !matches!(&result, Err(LedgerError::Io { .. } | LedgerError::OutcomeUnknown { .. })) {
            result.as_ref().unwrap();
        }
        result.is_ok()
    })
}

#[test]
fn interrupted_at_any_call_the_ledger_is_whole_and_can_be_rewritten_again() {
    let calls = {
        let (files, mut ledger) = to_be_resealed();
        let before = files.calls();
        assert!(reseal_all(&mut ledger));
        before..files.calls()
    };
    assert!(calls.end - calls.start > 15, "{calls:?}");
    for fault in [Fault::PowerOff, Fault::Fail, Fault::Tear, Fault::FailAfter] {
        for call in calls.clone() {
            let context = format!("{fault:?} at call {call}");
            let (files, mut ledger) = to_be_resealed();
            let head = ledger.head();
            let files = files.with_fault(call, fault);
            let done = reseal_all(&mut ledger);
            if fault != Fault::PowerOff {
                assert_eq!(all(&ledger.reader()), expected(), "{context}: now");
            }
            drop(ledger);
            for seed in 0..4 {
                let files = files.crash(seed);
                check(&files, head, done, &format!("{context}, seed {seed}"));
            }
        }
    }
}

fn check(files: &SimulatedFiles, head: Option<Head>, done: bool, context: &str) {
    let options = LedgerOptions { cipher: cipher(2), ..options() };
    let opened = open_with(files, head, &options);
    let (mut ledger, opening) = opened.unwrap_or_else(|error| panic!("{context}: {error}"));
    assert_eq!(opening.cut, None, "{context}");
    assert_eq!(all(&ledger.reader()), expected(), "{context}");
    let old = ledger.segments().into_iter().any(|state| state.keys == [1]);
    assert!(!done || !old, "{context}: said to be done, and an old file came back");
    for number in closed(&ledger) {
        let unfinished = files.content(&segment::unfinished(folder(), number));
        assert!(unfinished.is_none(), "{context}: a half file is left");
    }
    assert!(reseal_all(&mut ledger), "{context}: cannot be done again");
    assert_eq!(all(&ledger.reader()), expected(), "{context}");
    assert!(verified(files).is_sound(), "{context}");
}
