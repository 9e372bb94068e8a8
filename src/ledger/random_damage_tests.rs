//! Fifty damages of each kind to a ledger of several segments: always found and named, never
//! taken for a torn tail that somebody saw acknowledged, never hiding what is sound.

use std::path::PathBuf;
use std::sync::Arc;

use rand::RngExt;

use super::frame::FrameHeader;
use super::harm::Harm;
use super::samples::{at, create, events, folder, ledger_of, open, verified};
use super::segment::SEGMENT_HEADER_LENGTH;
use super::*;
use crate::ports::simulated_files::SimulatedFiles;
use domain::Sequence;

const TIMES: u64 = 50;
const TIMES_IN_GROUPS: u64 = 15;
const COMMITS: u64 = 20;

fn segment(number: u32) -> PathBuf {
    segment::path(folder(), number)
}

/// A commit's place: segment, first byte, byte after the last.
type Placed = (Sequence, u32, std::ops::Range<usize>);

fn places(files: &SimulatedFiles) -> Vec<Placed> {
    let mut places = Vec::new();
    for number in segment::numbers(files, folder()).unwrap() {
        let content = files.content(&segment(number)).unwrap();
        let mut at = SEGMENT_HEADER_LENGTH;
        while at < content.len() {
            let header = FrameHeader::decode(&content[at..]).unwrap();
            let end = at + header.frame_length() as usize;
            places.push((header.logical.sequence, number, at..end));
            at = end;
        }
    }
    places
}

/// The work of [`ledger_of`], five commits to a group.
fn ledger_of_groups() -> (SimulatedFiles, Ledger) {
    let files = SimulatedFiles::new();
    let mut ledger = create(&files).unwrap();
    for number in 1..=COMMITS {
        ledger.begin_group();
        ledger.append(at(number as i64), "kim", &events(number)).unwrap();
        if number.is_multiple_of(5) {
            ledger.end_group().unwrap();
        }
    }
    (files, ledger)
}

fn is_always_found(harm: Harm, times: u64, made: fn() -> (SimulatedFiles, Ledger)) {
    for seed in 0..times {
        let mut chance = Harm::chance(seed);
        let (files, ledger) = made();
        let head = ledger.head().unwrap();
        drop(ledger);
        let places = places(&files);
        let last = places.last().unwrap().1;
        assert!(last >= 3, "several segments are needed");
        let struck = chance.random_range(1..=last);
        let mut content = files.content(&segment(struck)).unwrap();
        let touched = harm.strike(&mut content, &mut chance);
        files.plant(&segment(struck), &content);
        let context = format!("{harm:?}, seed {seed}, segment {struck}, bytes {touched:?}");

        let report =
            verify(&files, folder(), &*samples::options().cipher, &mut |_, _| {}, Some(head.chain))
                .unwrap();
        assert!(!report.damage.is_empty(), "{context}: not found");
        let is_named = |damage: &Damage| damage.segment >= struck;
        assert!(report.damage.iter().all(is_named), "{context}: {:?}", report.damage);

        // Everything that was not touched is there, and what is there was written so.
        let (reader, _, tail) =
            LedgerReader::open_read_only(Arc::new(files.clone()), folder(), &samples::options())
                .unwrap();
        for (sequence, number, range) in &places {
            let hit = |one: &std::ops::Range<usize>| one.start < range.end && range.start < one.end;
            // What stands behind a broken commit of its own group was never durable by itself.
            let cut =
                tail.is_some_and(|tail| *number == tail.segment && tail.offset < range.end as u64);
            let untouched = *number != struck || !touched.iter().any(hit);
            let untouched = untouched && !cut;
            match reader.commit(*sequence) {
                Ok(commit) => assert_eq!(commit.events, events(sequence.0), "{context}"),
                Err(error) => assert!(!untouched, "{context}: commit {sequence}: {error}"),
            }
        }
        // With a witness nothing is cut; without one at most the last group, from a broken commit on.
        if open(&files, Some(head)).is_ok() {
            let opened_by = verified(&files).damage;
            let is_inside = |damage: &Damage| matches!(damage.what, DamageKind::Body(_));
            assert!(opened_by.iter().all(is_inside), "{context}: {opened_by:?}");
        }
        assert_eq!(files.content(&segment(struck)).unwrap(), content, "{context}: was written");
        if let Ok((ledger, opening)) = open(&files, None)
            && opening.cut.is_some()
        {
            assert_eq!(struck, last, "{context}");
            let kept = ledger.head().map_or(0, |head| head.sequence.0);
            let (_, _, range) = &places[kept as usize];
            assert!(touched.iter().any(|one| one.end > range.start), "{context}: cut too much");
        }
    }
}

#[test]
fn all_damage_is_found_and_hides_nothing_that_is_sound() {
    Harm::ALL.into_iter().for_each(|harm| is_always_found(harm, TIMES, || ledger_of(COMMITS)));
}

#[test]
fn damage_to_groups_is_found_as_well() {
    Harm::ALL.into_iter().for_each(|harm| is_always_found(harm, TIMES_IN_GROUPS, ledger_of_groups));
}
