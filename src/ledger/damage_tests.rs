//! Damage: always found, always named, never allowed to hide what is sound.

use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;

use super::body::Body;
use super::chain::link;
use super::frame::{FrameHeader, HEADER_LENGTH};
use super::samples::{at, create, events, folder, ledger_of, open, verified};
use super::seal::Seal;
use super::segment::SEGMENT_HEADER_LENGTH;
use super::*;
use crate::ports::randomness::SimulatedRandomness;
use crate::ports::simulated_files::SimulatedFiles;
use domain::Sequence;

fn segment(number: u32) -> PathBuf {
    segment::path(folder(), number)
}

/// A ledger of one segment and three small commits, closed: its file, and where frames begin.
fn small() -> (SimulatedFiles, Vec<u8>, Vec<usize>, Head) {
    let files = SimulatedFiles::new();
    let mut ledger = create(&files).unwrap();
    for number in [1, 3, 1] {
        ledger.append(at(number), "kim", &events(number as u64)).unwrap();
    }
    let head = ledger.head().unwrap();
    let content = files.content(&segment(1)).unwrap();
    assert!(files.content(&segment(2)).is_none());
    let starts = frames(&content);
    assert_eq!(starts.len(), 3);
    (files.crash(0), content, starts, head)
}

fn frames(content: &[u8]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = SEGMENT_HEADER_LENGTH;
    while at < content.len() {
        starts.push(at);
        at += FrameHeader::decode(&content[at..]).unwrap().frame_length() as usize;
    }
    starts
}

fn with(content: &[u8]) -> SimulatedFiles {
    let (files, ledger) = ledger_of(0);
    drop(ledger);
    files.plant(&segment(1), content);
    files
}

fn read_only(files: &SimulatedFiles) -> (LedgerReader, Vec<Damage>, Option<CutTail>) {
    LedgerReader::open_read_only(Arc::new(files.clone()), folder(), &samples::options()).unwrap()
}

#[test]
fn every_flipped_bit_is_found() {
    let (_, content, starts, head) = small();
    let files = with(&content);
    assert!(verified(&files).is_sound());
    for bit in 0..content.len() * 8 {
        let mut flipped = content.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        files.plant(&segment(1), &flipped);
        let report = verified(&files);
        let last = bit / 8 >= starts[2];
        assert!(!report.is_sound(), "bit {bit} of byte {}", bit / 8);
        assert_eq!(report.damage.is_empty(), last, "byte {}: {report:?}", bit / 8);
        if bit % 8 == 0 {
            // With a witness nothing is ever taken for torn, and nothing is written.
            assert!(open(&files, Some(head)).is_err() || !last, "byte {}", bit / 8);
            assert_eq!(files.content(&segment(1)).unwrap(), flipped);
        }
    }
}

#[test]
fn the_last_commit_cut_short_anywhere_is_torn_and_cut() {
    let (_, content, starts, head) = small();
    for end in starts[2]..content.len() {
        let files = with(&content[..end]);
        let refused = open(&files, Some(head)).err().unwrap();
        assert!(matches!(refused, LedgerError::AcknowledgedLost { head: Sequence(2), .. }));
        assert_eq!(files.content(&segment(1)).unwrap(), &content[..end], "cut in spite of it");
        let (mut ledger, opening) = open(&files, None).unwrap();
        let torn = end - starts[2];
        assert_eq!(opening.cut.map_or(0, |cut| cut.bytes), torn as u64);
        assert_eq!(files.crash(1).content(&segment(1)).unwrap(), &content[..starts[2]]);
        ledger.append(at(9), "sam", &events(1)).unwrap();
        assert!(verified(&files).is_sound());
    }
}

#[test]
fn bytes_missing_earlier_are_damage_named_by_place() {
    let (_, content, starts, _) = small();
    for removed in starts[0]..starts[2] {
        let mut shorter = content.clone();
        shorter.remove(removed);
        let files = with(&shorter);
        let frame = starts.iter().rfind(|start| **start <= removed).copied().unwrap() as u64;
        let Err(LedgerError::Damaged(damage)) = open(&files, None) else { panic!("opened") };
        assert_eq!((damage[0].segment, damage[0].offset), (1, frame), "byte {removed}");
        assert_eq!(files.content(&segment(1)).unwrap(), shorter, "something was written");
        let (reader, _, _) = read_only(&files);
        let sound = reader.commits_from(Sequence(1)).filter_map(Result::ok);
        let sound: Vec<_> = sound.map(|commit| commit.sequence.0).collect();
        let hit = starts.iter().position(|start| *start as u64 == frame).unwrap() as u64 + 1;
        assert_eq!(sound, [1, 2, 3].into_iter().filter(|n| *n != hit).collect::<Vec<_>>());
    }
}

#[test]
fn an_earlier_segment_cut_short_is_damage_and_the_rest_is_readable() {
    let (files, ledger) = ledger_of(20);
    drop(ledger);
    let content = files.content(&segment(2)).unwrap();
    let first = FrameHeader::decode(&content[SEGMENT_HEADER_LENGTH..]).unwrap();
    let (first, starts) = (first.logical.sequence.0, frames(&content));
    for end in (0..content.len()).step_by(97).chain(starts.iter().copied()) {
        files.plant(&segment(2), &content[..end]);
        let Err(LedgerError::Damaged(damage)) = open(&files, None) else { panic!("opened") };
        assert!(damage.iter().all(|damage| [2, 3].contains(&damage.segment)), "{damage:?}");
        let (reader, _, _) = read_only(&files);
        let whole = starts.iter().filter(|start| **start < end).count().saturating_sub(1) as u64;
        let lost = first + whole + 1..first + starts.len() as u64;
        for number in (1..=20).filter(|number| !lost.contains(number) && *number != first + whole) {
            assert_eq!(reader.commit(Sequence(number)).unwrap().events, events(number));
        }
        for number in lost {
            assert!(matches!(reader.commit(Sequence(number)), Err(LedgerError::NoSuchCommit(_))));
        }
    }
    files.plant(&segment(2), &content);
    assert!(verified(&files).is_sound());
}

#[test]
fn missing_swapped_and_foreign_segments_are_damage() {
    use crate::ports::Files;
    let copy = || {
        let (files, ledger) = ledger_of(20);
        drop(ledger);
        files
    };
    let damaged = |files: &SimulatedFiles| match open(files, None) {
        Err(LedgerError::Damaged(damage)) => damage,
        other => panic!("{:?}", other.err()),
    };
    let files = copy();
    files.remove(&segment(2)).unwrap();
    let damage = damaged(&files);
    assert_eq!(damage[0].what, DamageKind::SegmentsMissing { until: 2 });
    assert!(read_only(&files).0.commit(Sequence(20)).is_ok());

    let files = copy();
    let (two, three) = (files.content(&segment(2)).unwrap(), files.content(&segment(3)).unwrap());
    files.plant(&segment(2), &three);
    files.plant(&segment(3), &two);
    let damage = damaged(&files);
    assert_eq!((damage[0].segment, &damage[0].what), (2, &DamageKind::SegmentMisplaced));

    let foreign = SimulatedFiles::new();
    let randomness = Arc::new(SimulatedRandomness::seeded(1));
    let mut ledger = Ledger::create(
        Arc::new(foreign.clone()),
        folder(),
        randomness,
        [0x77; 16],
        &samples::options(),
    )
    .unwrap();
    for number in 1..=20 {
        ledger.append(at(number as i64), "kim", &events(number)).unwrap();
    }
    let files = copy();
    files.plant(&segment(2), &foreign.content(&segment(2)).unwrap());
    assert_eq!(damaged(&files)[0].what, DamageKind::SegmentMisplaced);
}

#[test]
fn a_lost_last_segment_is_told_by_its_witness() {
    use crate::ports::Files;
    let (files, ledger) = ledger_of(20);
    let head = ledger.head().unwrap();
    drop(ledger);
    let last = *segment::numbers(&files, folder()).unwrap().last().unwrap();
    files.remove(&segment(last)).unwrap();
    assert!(matches!(open(&files, Some(head)), Err(LedgerError::AcknowledgedLost { .. })));
    let report =
        verify(&files, folder(), &*samples::cipher(1), &mut |_, _| {}, Some(head.chain)).unwrap();
    assert!(matches!(report.damage[..], [Damage { what: DamageKind::ExpectedAbsent, .. }]));
    let other = Head { sequence: Sequence(2), chain: [1; 32], ..head };
    let refused = open(&files, Some(other)).err().unwrap();
    assert!(
        matches!(refused, LedgerError::OtherHistory { witness } if witness.sequence == Sequence(2))
    );
}

/// Rewrites frame 2 of the small ledger by hand, checksums and all.
fn rewrite(
    content: &[u8],
    starts: &[usize],
    change: impl Fn(&mut FrameHeader, Body) -> Body,
) -> Vec<u8> {
    let cipher = samples::cipher(1);
    let seal = Seal { cipher: &*cipher, segment: 1 };
    let mut header = FrameHeader::decode(&content[starts[1]..]).unwrap();
    let stored = &content[starts[1] + HEADER_LENGTH..starts[2]];
    let old = Body::unpack(&header, stored, seal).unwrap();
    let packed = change(&mut header, old).pack(HEADER_LENGTH).unwrap();
    let chance = SimulatedRandomness::seeded(8);
    let (frame, physical) =
        seal.close(header.logical.sequence, packed.codec, packed.bytes, &chance).unwrap();
    header.physical = physical;
    let stored = &frame[HEADER_LENGTH..];
    [&content[..starts[1]], &header.encode(), stored, &content[starts[2]..]].concat()
}

#[test]
fn what_is_gone_without_an_erasure_is_damage_though_the_chain_verifies() {
    let (_, content, starts, head) = small();
    let event = DamageKind::ErasedUnlisted { sequence: Sequence(2), index: 0 };
    let actor = DamageKind::ActorErased(Sequence(2));
    for (entry, expected) in [(1, event), (0, actor)] {
        let files = with(&rewrite(&content, &starts, |_, body| body.redact(&[entry])));
        let report = verified(&files);
        let found: Vec<_> = report.damage.iter().map(|damage| damage.what.clone()).collect();
        assert_eq!(found, std::slice::from_ref(&expected));
        assert_eq!((report.redacted, report.events, report.head), (1, 5, Some(head)));
        let (ledger, _) = open(&files, Some(head)).unwrap();
        let Err(LedgerError::Damaged(read)) = ledger.reader().commit(Sequence(2)) else {
            panic!("read")
        };
        assert_eq!(read[0].what, expected);
        assert!(ledger.reader().commit(Sequence(3)).is_ok());
    }
}

#[test]
fn content_altered_with_right_checksums_is_found_by_the_chain() {
    let (_, content, starts, _) = small();
    let altered = rewrite(&content, &starts, |_, _| {
        Body::new(&[[0; 16], [1; 16]], &[3, 5], b"forgd".to_vec())
    });
    let damage = verified(&with(&altered)).damage;
    assert_eq!(damage[0].what, DamageKind::Altered(Sequence(2)));

    let relinked = rewrite(&content, &starts, |header, _| {
        let body = Body::new(&[[0; 16], [1; 16]], &[3, 5], b"forgd".to_vec());
        header.chain = link(&header.logical, &body.root());
        body
    });
    let files = with(&relinked);
    let damage = verified(&files).damage;
    assert!(damage.iter().any(|damage| damage.what == DamageKind::ChainBroken(Sequence(3))));
    assert!(matches!(open(&files, None), Err(LedgerError::Damaged(_))));
}

#[test]
fn a_repeated_or_swapped_commit_is_out_of_order() {
    let (_, content, starts, _) = small();
    let frame = |index: usize| {
        let end = starts.get(index + 1).copied().unwrap_or(content.len());
        &content[starts[index]..end]
    };
    let head = &content[..starts[0]];
    for order in [&[0, 1, 1, 2][..], &[0, 2], &[1, 0, 2], &[0, 1, 2, 0], &[0, 1, 2, 2]] {
        let frames: Vec<u8> = order.iter().flat_map(|index| frame(*index).to_vec()).collect();
        let files = with(&[head, &frames].concat());
        let damage = verified(&files).damage;
        assert!(matches!(damage[0].what, DamageKind::OutOfOrder { .. }), "{order:?}: {damage:?}");
        assert!(matches!(open(&files, None), Err(LedgerError::Damaged(_))));
        assert_eq!(read_only(&files).0.commit(Sequence(3)).unwrap().events, events(1));
    }
}

#[test]
fn what_a_newer_steward_wrote_is_refused_by_its_version() {
    let (_, content, starts, _) = small();
    let newer = rewrite(&content, &starts, |header, body| {
        header.logical.vocabulary = upcast::known_vocabulary() + 1;
        header.logical.steward = StewardVersion { major: 7, minor: 8, patch: 9 };
        body
    });
    let files = with(&newer);
    let error = open(&files, None).err().unwrap();
    assert!(matches!(error, LedgerError::NewerSteward { .. }), "{error}");
    assert!(error.to_string().starts_with("commit 2 was written by steward 7.8.9; this is "));
    assert_eq!(verified(&files).newer.unwrap().1.major, 7);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_bytes_make_it_panic_or_write(
        damage in prop::collection::vec((0..8000usize, prop::collection::vec(any::<u8>(), 1..200)), 1..4),
        cut in prop::option::of(0..8000usize),
        number in 1..4u32,
    ) {
        let (files, ledger) = ledger_of(20);
        let head = ledger.head().unwrap();
        drop(ledger);
        let mut content = files.content(&segment(number)).unwrap();
        for (offset, bytes) in damage {
            let offset = offset % content.len();
            let end = (offset + bytes.len()).min(content.len());
            content[offset..end].copy_from_slice(&bytes[..end - offset]);
        }
        content.truncate(cut.unwrap_or(usize::MAX));
        files.plant(&segment(number), &content);
        prop_assert!(!verified(&files).is_sound());
        let (reader, found, _) = read_only(&files);
        let sound = reader.commits_from(Sequence(1)).filter_map(Result::ok);
        for commit in sound {
            prop_assert_eq!(commit.events, events(commit.sequence.0));
        }
        match open(&files, Some(head)) {
            // Opening looks into the last body only; a damaged one is told when it is read.
            Ok((_, opening)) => prop_assert!(found.is_empty() && opening.cut.is_none()),
            Err(LedgerError::Damaged(damage)) => prop_assert_eq!(damage, found),
            Err(error) => {
                let lost = matches!(error, LedgerError::AcknowledgedLost { .. });
                prop_assert!(lost, "{}", error);
            }
        }
        prop_assert_eq!(files.content(&segment(number)).unwrap(), content);
    }
}
