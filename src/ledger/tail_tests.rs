//! What is a torn tail among groups, and what is damage: the same wherever a ledger is read.

use std::sync::Arc;

use super::backup::Snapshot;
use super::frame::{FrameHeader, HEADER_LENGTH};
use super::samples::{at, create_with, folder, open, options, record, verified};
use super::segment::{SEGMENT_HEADER_LENGTH, path};
use super::*;
use crate::ports::simulated_files::SimulatedFiles;
use domain::Sequence;

/// Groups of these sizes in one segment; 1 is a commit by itself.
fn ledger(groups: &[u64]) -> (SimulatedFiles, Head) {
    let files = SimulatedFiles::new();
    let options = LedgerOptions { segment_bytes: 1 << 20, ..options() };
    let mut ledger = create_with(&files, &options).unwrap();
    let mut number = 0;
    for size in groups {
        ledger.begin_group();
        for _ in 0..*size {
            number += 1;
            ledger.append(at(1), "kim", &[record(number, 1)]).unwrap();
        }
        ledger.end_group().unwrap();
    }
    let head = ledger.head().unwrap();
    (files, head)
}

/// Where each frame begins, and where the last one ends.
fn offsets(content: &[u8]) -> Vec<usize> {
    let mut offsets = vec![SEGMENT_HEADER_LENGTH];
    while let Ok(header) = FrameHeader::decode(&content[*offsets.last().unwrap()..]) {
        offsets.push(offsets.last().unwrap() + header.frame_length() as usize);
    }
    offsets
}

/// What is done to a ledger: its content, and where its frames begin.
type Harmed = fn(&mut Vec<u8>, &[usize]);

/// Commits 1, 2–4, 5 and 6–9. What is done, and the last commit before the torn tail; none where it is
/// damage.
const CASES: [(&str, Harmed, Option<u64>); 18] = [
    ("nothing", |_, _| {}, Some(9)),
    ("the last body", |bytes, at| bytes[at[9] - 1] ^= 1, Some(8)),
    ("the last header", |bytes, at| bytes[at[8] + 70] ^= 1, Some(8)),
    ("a body within the last group", |bytes, at| bytes[at[6] + HEADER_LENGTH] ^= 1, Some(6)),
    ("a header within the last group", |bytes, at| bytes[at[7] + 3] ^= 1, Some(7)),
    ("the last group's first body", |bytes, at| bytes[at[6] - 1] ^= 1, Some(5)),
    ("the last group's first header", |bytes, at| bytes[at[5] + 127] ^= 1, Some(5)),
    (
        "two bodies and a header",
        |bytes, at| {
            bytes[at[6] + HEADER_LENGTH + 4] ^= 1;
            bytes[at[8] + 5] ^= 1;
            bytes[at[9] - 2] ^= 1;
        },
        Some(6),
    ),
    ("zeros from its middle on", |bytes, at| bytes[at[6] + 200..].fill(0), Some(6)),
    ("all of the last group", |bytes, at| bytes[at[5]..].fill(0), Some(5)),
    ("zeros up to its last commit", |bytes, at| bytes[at[5]..at[8]].fill(0), Some(5)),
    (
        "its first body, and the rest is short",
        |bytes, at| {
            bytes[at[6] - 1] ^= 1;
            bytes.truncate(at[6] + 60);
        },
        Some(5),
    ),
    (
        "the end of a body within, and the rest moved up",
        |bytes, at| {
            bytes.drain(at[7] - 30..at[7]);
        },
        Some(6),
    ),
    ("a commit by itself, synced before", |bytes, at| bytes[at[4] + 9] ^= 1, None),
    ("a header of an earlier group", |bytes, at| bytes[at[2] + 9] ^= 1, None),
    ("the last header of an earlier group", |bytes, at| bytes[at[3] + 9] ^= 1, None),
    (
        "a commit synced before, and its whole group",
        |bytes, at| bytes[at[4] + 9..at[6]].fill(0),
        None,
    ),
    (
        "two groups",
        |bytes, at| {
            bytes[at[1] + 9] ^= 1;
            bytes[at[7] + 9] ^= 1;
        },
        None,
    ),
];

#[test]
fn a_tail_is_told_from_damage_wherever_a_ledger_is_read() {
    for (what, harm, kept) in CASES {
        let (files, head) = ledger(&[1, 3, 1, 4]);
        let place = path(folder(), 1);
        let mut content = files.content(&place).unwrap();
        let at = offsets(&content);
        harm(&mut content, &at);
        files.plant(&place, &content);
        let reading = Arc::new(files.clone());
        let randomness = Arc::new(crate::ports::randomness::SimulatedRandomness::seeded(2));
        let to_read =
            Ledger::open_to_read(reading.clone(), folder(), randomness, "it is held", &options());
        let (reader, damage, tail) =
            LedgerReader::open_read_only(reading, folder(), &options()).unwrap();
        let report = verified(&files);
        let snapshot = Snapshot::take(&files, folder(), None);
        assert_eq!(report.tail, tail, "{what}");
        assert_eq!(report.damage.is_empty(), damage.is_empty(), "{what}");
        let Some(kept) = kept else {
            assert!(!damage.is_empty(), "{what}");
            assert!(matches!(to_read, Err(LedgerError::Damaged(_))), "{what}");
            assert!(matches!(open(&files, None), Err(LedgerError::Damaged(_))), "{what}");
            assert!(snapshot.is_err(), "{what}");
            assert_eq!(files.content(&place).unwrap(), content, "{what}: was written");
            continue;
        };
        let is_cut = kept < head.sequence.0;
        assert!(damage.is_empty(), "{what}: {damage:?}");
        assert_eq!(
            tail.map(|tail| tail.offset),
            is_cut.then_some(at[kept as usize] as u64),
            "{what}"
        );
        let sequences = [
            reader.head().map(|head| head.sequence),
            report.head.map(|head| head.sequence),
            to_read.unwrap().0.head().map(|head| head.sequence),
            Some(snapshot.unwrap().head().sequence),
        ];
        assert_eq!(sequences, [Some(Sequence(kept)); 4], "{what}");
        assert_eq!(inspect(&files, folder()).unwrap().encrypted, Some(true), "{what}");
        // Whoever has seen the last commit keeps all of it from being cut.
        let told = open(&files, Some(head));
        assert_eq!(told.is_err(), is_cut, "{what}");
        assert_eq!(files.content(&place).unwrap(), content, "{what}: was written");
        drop(told);
        let (ledger, opening) = open(&files, None).unwrap();
        assert_eq!(opening.cut, tail, "{what}");
        assert_eq!(ledger.head().unwrap().sequence, Sequence(kept), "{what}");
        assert!(verified(&files).is_sound(), "{what}");
    }
}

#[test]
fn a_body_that_broke_after_its_sync_is_no_tail() {
    // Opening looks at the last group only; whoever appends or verifies finds the others.
    for broken in 1..=4 {
        let (files, _) = ledger(&[1, 3, 1]);
        let place = path(folder(), 1);
        let mut content = files.content(&place).unwrap();
        let at_byte = offsets(&content)[broken] - 1;
        content[at_byte] ^= 1;
        files.plant(&place, &content);
        assert_eq!(verified(&files).tail, None);
        assert_eq!(verified(&files).damage.len(), 1, "commit {broken}");
        let (mut ledger, opening) = open(&files, None).unwrap();
        assert_eq!(opening.cut, None, "commit {broken}");
        let refused = ledger.append(at(9), "kim", &[record(9, 1)]);
        assert!(matches!(refused, Err(LedgerError::Damaged(_))), "commit {broken}");
        assert!(Snapshot::take(&files, folder(), None).is_err(), "commit {broken}");
    }
}

#[test]
fn a_frame_that_names_a_group_it_does_not_stand_in_is_damage() {
    let (files, _) = ledger(&[1, 3]);
    let place = path(folder(), 1);
    let mut content = files.content(&place).unwrap();
    let at = offsets(&content)[3];
    let mut header = FrameHeader::decode(&content[at..]).unwrap();
    header.logical.place = 1;
    content[at..at + HEADER_LENGTH].copy_from_slice(&header.encode());
    files.plant(&place, &content);
    let damage = verified(&files).damage;
    let found = damage.iter().any(|it| it.what == DamageKind::Malformed(Sequence(4)));
    assert!(found, "{damage:?}");
}
