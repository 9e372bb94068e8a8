//! Groups of commits, once for every call to the disk and every fault there: what was acknowledged is
//! there afterwards, each commit is whole or absent, and none is there without those before it.

use super::frame::{FrameHeader, HEADER_LENGTH, MAX_FRAME};
use super::samples::{at, create, create_with, events, open, open_with, options, record, verified};
use super::segment::SEGMENT_HEADER_LENGTH;
use super::*;
use crate::ports::simulated_files::{Fault, SimulatedFiles};
use domain::{Event, Sequence};

/// Sizes of groups: 0 stands for a commit by itself.
const GROUPS: [u64; 4] = [2, 0, 9, 5];
const FEW: [u64; 4] = [3, 0, 5, 2];

/// Segments that end in the middle of a group, and one that holds all.
const SEGMENTS: [u64; 2] = [4096, 64 * 1024];

fn options_of(segment_bytes: u64) -> LedgerOptions {
    LedgerOptions { segment_bytes, ..options() }
}

/// Mostly small, so that several commits share a page; now and then one that takes two.
fn commit(number: u64) -> Vec<Event> {
    if number.is_multiple_of(16) { events(number) } else { vec![record(number as u32, 1)] }
}

/// What a run was told.
#[derive(Default)]
struct Told {
    made: bool,
    head: Option<Head>,
    acknowledged: Vec<u64>,
    /// Those whose outcome is unknown: any number of them, from the first on.
    unknown: Vec<u64>,
}

/// Writes the groups. Goes on after what is said to have failed, and never after an unknown outcome.
fn work(files: &SimulatedFiles, segment_bytes: u64, groups: &[u64]) -> Told {
    let mut told = Told::default();
    let Ok(mut ledger) = create_with(files, &options_of(segment_bytes)) else { return told };
    told.made = true;
    let mut number = 0;
    for size in groups {
        let mut written = Vec::new();
        let mut head = told.head;
        if *size > 0 {
            ledger.begin_group();
        }
        let mut lost = false;
        for _ in 0..(*size).max(1) {
            number += 1;
            match ledger.append(at(number as i64), "kim", &commit(number)) {
                Ok(newest) => {
                    head = Some(newest);
                    written.push(number);
                    assert_eq!(ledger.head(), head);
                }
                Err(LedgerError::OutcomeUnknown { .. }) => {
                    written.push(number);
                    lost = true;
                }
                Err(LedgerError::ReadOnly) => assert!(lost, "read-only before anything failed"),
                Err(LedgerError::Io { .. }) => assert!(!lost),
                Err(other) => panic!("{other}"),
            }
        }
        let ended = ledger.end_group();
        if lost || ended.is_err() {
            told.unknown = written;
            assert!(matches!(ledger.append(at(1), "kim", &commit(1)), Err(LedgerError::ReadOnly)));
            let read: Result<Vec<_>, _> = ledger.reader().commits_from(Sequence(1)).collect();
            // The power may be off, or this very call be the next that fails.
            let Ok(read) = read else { return told };
            let read: Vec<_> = read.into_iter().map(|commit| commit.events).collect();
            let acknowledged = told.acknowledged.len();
            assert!(read.len() >= acknowledged);
            let all = told.acknowledged.iter().chain(&told.unknown).map(|number| commit(*number));
            assert_eq!(read, all.take(read.len()).collect::<Vec<_>>());
            return told;
        }
        told.head = head;
        told.acknowledged.extend(written);
    }
    told
}

/// Opens the disk and compares with what the run was told.
fn check(files: &SimulatedFiles, told: &Told, context: &str) {
    let (mut ledger, _) = match open(files, told.head) {
        Ok(opened) => opened,
        Err(LedgerError::NotFound { .. }) if !told.made => return,
        Err(error) => panic!("{context}: {error}"),
    };
    let found: Vec<_> = ledger.reader().commits_from(Sequence(1)).map(Result::unwrap).collect();
    let found: Vec<_> = found.into_iter().map(|commit| commit.events).collect();
    let all = told.acknowledged.iter().chain(&told.unknown).map(|number| commit(*number));
    assert!(found.len() >= told.acknowledged.len(), "{context}: acknowledged commits are gone");
    assert_eq!(found, all.take(found.len()).collect::<Vec<_>>(), "{context}");
    ledger.begin_group();
    for _ in 0..2 {
        ledger.append(at(99), "sam", &commit(1)).unwrap();
    }
    ledger.end_group().unwrap();
    assert!(verified(files).is_sound(), "{context}");
    let (reader, damage, tail) = LedgerReader::open_read_only(
        std::sync::Arc::new(files.clone()),
        samples::folder(),
        &options(),
    )
    .unwrap();
    assert!(damage.is_empty() && tail.is_none(), "{context}");
    assert_eq!(reader.head(), ledger.head(), "{context}");
}

fn calls(segment_bytes: u64, groups: &[u64]) -> u64 {
    let files = SimulatedFiles::new();
    let told = work(&files, segment_bytes, groups);
    let commits: u64 = groups.iter().map(|size| (*size).max(1)).sum();
    assert_eq!((told.acknowledged.len() as u64, told.unknown.len()), (commits, 0));
    let files = SimulatedFiles::new();
    drop(work(&files, segment_bytes, groups));
    files.calls()
}

#[test]
fn power_lost_at_any_call_leaves_whole_commits_from_the_first_on() {
    let mut kept = [false; 2];
    for segment_bytes in SEGMENTS {
        for call in 0..calls(segment_bytes, &GROUPS) {
            let files = SimulatedFiles::new().with_fault(call, Fault::PowerOff);
            let told = work(&files, segment_bytes, &GROUPS);
            for seed in 0..2 {
                let crashed = files.crash(2 * call + seed);
                check(&crashed, &told, &format!("call {call} of {segment_bytes}, seed {seed}"));
                if let Ok((ledger, _)) = open(&crashed, None) {
                    let found = ledger.head().map_or(0, |head| head.sequence.0) as usize;
                    // Two that `check` has appended.
                    let more = found - 2 - told.acknowledged.len();
                    kept[usize::from(more > 0)] |= !told.unknown.is_empty();
                }
            }
        }
    }
    assert_eq!(kept, [true; 2], "none and some of a group's commits survive");
}

#[test]
fn any_subset_of_a_groups_pages_may_be_missing() {
    let groups = [3, 40];
    let all = calls(SEGMENTS[1], &groups);
    // The last call is the sync of the second group, those before it are its writes.
    for (call, seeds) in [(all - 33, 4), (all - 22, 4), (all - 11, 4), (all - 1, 40)] {
        let files = SimulatedFiles::new().with_fault(call, Fault::PowerOff);
        let told = work(&files, SEGMENTS[1], &groups);
        let written = 40 - usize::try_from(all - 1 - call).unwrap() + usize::from(call < all - 1);
        assert_eq!((told.acknowledged.len(), told.unknown.len()), (3, written));
        for seed in 0..seeds {
            check(&files.crash(seed), &told, &format!("call {call}, seed {seed}"));
        }
    }
}

#[test]
fn any_failed_call_leaves_the_ledger_whole_now_and_after_a_crash() {
    for segment_bytes in SEGMENTS {
        let calls = calls(segment_bytes, &FEW);
        for fault in [Fault::Fail, Fault::Tear, Fault::FailAfter] {
            for call in 0..calls {
                let files = SimulatedFiles::new().with_fault(call, fault);
                let told = work(&files, segment_bytes, &FEW);
                let context = format!("{fault:?} at call {call} of {segment_bytes}");
                for seed in 0..2 {
                    check(&files.crash(seed), &told, &format!("{context}, seed {seed}"));
                }
                check(&files, &told, &context);
            }
        }
    }
}

#[test]
fn a_write_that_fails_and_cannot_be_undone_takes_its_group_along() {
    for segment_bytes in SEGMENTS {
        for call in 0..calls(segment_bytes, &FEW) {
            let files = SimulatedFiles::new()
                .with_fault(call, Fault::Tear)
                .with_fault(call + 1, Fault::Fail);
            let told = work(&files, segment_bytes, &FEW);
            for seed in 0..3 {
                check(&files.crash(seed), &told, &format!("call {call}, seed {seed}"));
            }
        }
    }
}

fn append(ledger: &mut Ledger, numbers: std::ops::RangeInclusive<u64>) {
    for number in numbers {
        ledger.append(at(number as i64), "kim", &commit(number)).unwrap();
    }
}

/// The places in their groups that the frames of the first segment name.
fn places(files: &SimulatedFiles) -> Vec<u16> {
    let content = files.content(&segment::path(samples::folder(), 1)).unwrap();
    let mut at = SEGMENT_HEADER_LENGTH;
    let mut places = Vec::new();
    while at < content.len() {
        let header = FrameHeader::decode(&content[at..at + HEADER_LENGTH]).unwrap();
        at += header.frame_length() as usize;
        places.push(header.logical.place);
    }
    places
}

#[test]
fn a_group_is_one_write_a_commit_and_one_sync() {
    let files = SimulatedFiles::new();
    let mut ledger = create_with(&files, &options_of(SEGMENTS[1])).unwrap();
    ledger.append(at(1), "kim", &commit(1)).unwrap();
    let before = files.calls();
    ledger.begin_group();
    append(&mut ledger, 2..=6);
    assert_eq!(files.calls() - before, 5);
    assert_eq!(ledger.reader().commits_from(Sequence(1)).count(), 6, "the next is planned on them");
    let before = files.calls();
    ledger.end_group().unwrap();
    assert_eq!(files.calls() - before, 1);
    ledger.end_group().unwrap();
    ledger.append(at(3), "kim", &commit(7)).unwrap();
    assert_eq!(files.calls() - before, 3);
    assert_eq!(places(&files), [0, 0, 1, 2, 3, 4, 0]);
}

#[test]
fn what_does_not_fit_a_group_begins_another() {
    let files = SimulatedFiles::new();
    let mut ledger = create_with(&files, &options_of(SEGMENTS[1])).unwrap();
    ledger.begin_group();
    ledger.append(at(1), "kim", &commit(1)).unwrap();
    let written = ledger.length - SEGMENT_HEADER_LENGTH as u64;
    let room = MAX_FRAME - written;
    assert_eq!(ledger.place_in_group(Sequence(2), room).unwrap(), 1);
    let before = files.calls();
    assert_eq!(ledger.place_in_group(Sequence(2), room + 1).unwrap(), 0);
    assert_eq!(files.calls() - before, 1, "the first one is synced");
    assert_eq!(ledger.place_in_group(Sequence(2), room).unwrap(), 0);
}

#[test]
fn what_speaks_of_erasing_is_durable_by_itself() {
    let files = SimulatedFiles::new();
    let mut ledger = create_with(&files, &options_of(SEGMENTS[1])).unwrap();
    ledger.begin_group();
    append(&mut ledger, 1..=2);
    let erased = samples::erased(&ledger.reader(), 1, 0, None);
    let head = ledger.append(at(3), "kim", &[erased]).unwrap();
    for seed in 0..20 {
        let (ledger, _) = open_with(&files.crash(seed), Some(head), &options()).unwrap();
        assert_eq!(ledger.head(), Some(head));
    }
    append(&mut ledger, 4..=5);
    ledger.end_group().unwrap();
    assert_eq!(places(&files), [0, 1, 0, 0, 1]);
    assert_eq!(ledger.reader().erased_by(Sequence(1), 0), Some((Sequence(3), 0)));
}

#[test]
fn another_segment_and_another_reading_end_a_group() {
    let files = SimulatedFiles::new();
    let mut ledger = create(&files).unwrap();
    ledger.begin_group();
    let head = ledger.append(at(1), "kim", &commit(1)).unwrap();
    ledger.begin_segment().unwrap();
    let found = |seed| open(&files.crash(seed), None).unwrap().0.head();
    assert!((0..20).all(|seed| found(seed) == Some(head)));
    let head = ledger.append(at(2), "kim", &commit(2)).unwrap();
    ledger.reopen(|| [chain::Witness::from(head)]).unwrap();
    assert!((0..20).all(|seed| found(seed) == Some(head)));
    ledger.append(at(3), "kim", &commit(3)).unwrap();
    assert_eq!(ledger.group.as_ref().map(|_| ()), None, "it ended with the reading");
}

#[test]
fn a_failed_sync_takes_back_what_nobody_was_told() {
    let files = SimulatedFiles::new();
    let mut ledger = create_with(&files, &options_of(SEGMENTS[1])).unwrap();
    let head = ledger.append(at(1), "kim", &commit(1)).unwrap();
    let (reader, end) = (ledger.reader(), ledger.reader().end());
    ledger.begin_group();
    append(&mut ledger, 2..=4);
    assert!(reader.commit(Sequence(3)).is_ok());
    let failing = files.clone().with_fault(files.calls(), Fault::Fail);
    assert!(matches!(ledger.end_group(), Err(LedgerError::OutcomeUnknown { .. })));
    assert_eq!((ledger.head(), reader.end()), (Some(head), end));
    let read = reader.commit(Sequence(3));
    assert!(matches!(read, Err(LedgerError::NoSuchCommit(_))), "{read:?}");
    assert!(matches!(ledger.append(at(3), "kim", &commit(5)), Err(LedgerError::ReadOnly)));
    assert!(matches!(ledger.begin_segment(), Err(LedgerError::ReadOnly)));
    ledger.end_group().unwrap();
    drop(ledger);
    let (ledger, _) = open(&failing, Some(head)).unwrap();
    assert_eq!(ledger.head().unwrap().sequence, Sequence(4), "the writes had succeeded");
}
