//! What the ledger promises when nothing goes wrong, and at its limits.

use std::sync::Arc;

use proptest::prelude::*;

use super::samples::{
    self, at, cipher, create, events, folder, ledger_of, open, options, verified,
};
use super::*;
use crate::ports::files::{Files, SystemFiles};
use crate::ports::randomness::SimulatedRandomness;
use crate::ports::simulated_files::SimulatedFiles;
use domain::{Commit, Sequence};

fn expected(number: u64) -> Commit {
    Commit {
        sequence: Sequence(number),
        at: at(number as i64),
        actor: "kim".into(),
        events: events(number),
    }
}

#[test]
fn what_is_appended_is_read_back_before_and_after_reopening() {
    let (files, ledger) = ledger_of(30);
    let check = |ledger: &Ledger| {
        let reader = ledger.reader();
        assert_eq!(reader.head(), ledger.head());
        for number in 1..=30 {
            assert_eq!(reader.commit(Sequence(number)).unwrap(), expected(number));
            for (index, event) in events(number).into_iter().enumerate() {
                assert_eq!(reader.event(Sequence(number), index as u32).unwrap(), event);
            }
        }
        let all: Vec<_> = reader.commits_from(Sequence(12)).map(Result::unwrap).collect();
        assert_eq!(all, (12..=30).map(expected).collect::<Vec<_>>());
        assert_eq!(reader.commits_from(Sequence::ZERO).count(), 30);
        assert_eq!(reader.chain_at(Sequence(30)).unwrap(), ledger.head().unwrap().chain);
    };
    check(&ledger);
    let head = ledger.head();
    drop(ledger);
    let (ledger, opening) = open(&files, head).unwrap();
    assert_eq!(opening, Opening { cut: None });
    assert_eq!((ledger.head(), ledger.workspace()), (head, samples::WORKSPACE));
    check(&ledger);
    let report = verified(&files);
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.commits, report.head), (30, head));
    assert_eq!(report.events, (1..=30).map(|number| events(number).len() as u64).sum::<u64>());
    assert!(files.content(&folder().join("ledger/00000003.seg")).is_some(), "never rotated");
}

#[test]
fn the_same_works_on_the_systems_files() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join(".steward");
    let files: Arc<dyn Files> = Arc::new(SystemFiles);
    let randomness = Arc::new(SimulatedRandomness::seeded(1));
    let mut ledger =
        Ledger::create(files.clone(), &folder, randomness.clone(), [3; 16], &options()).unwrap();
    for number in 1..=12 {
        ledger.append(at(number as i64), "kim", &events(number)).unwrap();
    }
    let again = Ledger::open(files.clone(), &folder, randomness.clone(), || None, &options());
    let error = again.err().unwrap().to_string();
    assert!(error.starts_with("the workspace is in use by kim, process 7; "), "{error}");
    let head = ledger.head();
    drop(ledger);
    let witness = head.map(Witness::from);
    let (ledger, _) =
        Ledger::open(files.clone(), &folder, randomness.clone(), || witness, &options()).unwrap();
    assert_eq!(ledger.reader().commit(Sequence(12)).unwrap(), expected(12));
    let again = Ledger::create(files, &folder, randomness, [3; 16], &options());
    assert!(matches!(again, Err(LedgerError::Held { .. })));
    assert!(verify(&SystemFiles, &folder, &*cipher(1), &mut |_, _| {}, None).unwrap().is_sound());
}

#[test]
fn a_ledger_is_neither_made_twice_nor_opened_where_there_is_none() {
    let (files, ledger) = ledger_of(1);
    drop(ledger);
    assert!(matches!(create(&files), Err(LedgerError::Exists { .. })));
    assert!(matches!(open(&SimulatedFiles::new(), None), Err(LedgerError::NotFound { .. })));
}

#[test]
fn an_empty_ledger_opens_empty() {
    let (files, ledger) = ledger_of(0);
    assert_eq!((ledger.head(), ledger.reader().head()), (None, None));
    drop(ledger);
    let (ledger, _) = open(&files, None).unwrap();
    assert_eq!(ledger.reader().commits_from(Sequence(1)).count(), 0);
    assert!(verified(&files).is_sound());
}

#[test]
fn time_never_decreases_and_is_kept_to_the_microsecond() {
    let (_, mut ledger) = ledger_of(0);
    let late: jiff::Timestamp = "2026-07-01T10:00:00.123456789Z".parse().unwrap();
    let first = ledger.append(late, "kim", &events(1)).unwrap();
    assert_eq!(first.at.to_string(), "2026-07-01T10:00:00.123456Z");
    let second = ledger.append(at(-9_999_999_999), "kim", &events(2)).unwrap();
    assert_eq!((second.at, second.sequence), (first.at, Sequence(2)));
    assert_eq!(ledger.reader().commit(Sequence(2)).unwrap().at, first.at);
}

#[test]
fn readers_see_every_commit_at_once_and_others_not_at_all() {
    let (_, mut ledger) = ledger_of(3);
    let reader = ledger.reader();
    let mut commits = reader.commits_from(Sequence(3));
    assert_eq!(commits.next().unwrap().unwrap(), expected(3));
    assert!(commits.next().is_none());
    ledger.append(at(4), "kim", &events(4)).unwrap();
    assert_eq!(commits.next().unwrap().unwrap(), expected(4));
    assert_eq!(reader.head().unwrap().sequence, Sequence(4));
    for absent in [0, 5, u64::MAX] {
        let result = reader.commit(Sequence(absent));
        assert!(matches!(result, Err(LedgerError::NoSuchCommit(_))), "{absent}");
    }
    let result = reader.event(Sequence(1), 2);
    assert!(matches!(result, Err(LedgerError::NoSuchEvent { index: 2, .. })));
    assert!(matches!(reader.event(Sequence(1), u32::MAX), Err(LedgerError::NoSuchEvent { .. })));
}

#[test]
fn what_cannot_be_written_is_refused_and_changes_nothing() {
    let (files, mut ledger) = ledger_of(1);
    let before = ledger.head();
    assert!(matches!(ledger.append(at(2), "kim", &[]), Err(LedgerError::Empty)));
    let huge = samples::settings(&"x".repeat(17 * 1024 * 1024));
    let result = ledger.append(at(2), "kim", &[huge]);
    assert!(matches!(result, Err(LedgerError::TooLarge { limit, .. }) if limit < 1 << 24));
    let erased = domain::event::Erased { leaf: "00".to_owned() };
    let result = ledger.append(at(2), "kim", &[erased.into()]);
    assert!(matches!(result, Err(LedgerError::NotWritable("erased"))));
    assert_eq!(ledger.head(), before);
    assert_eq!(ledger.append(at(2), "kim", &events(2)).unwrap().sequence, Sequence(2));
    assert!(verified(&files).is_sound());
}

#[test]
fn a_commit_of_any_size_up_to_the_limit_is_kept() {
    let (files, mut ledger) = ledger_of(0);
    let large = samples::settings(&"x".repeat(16 * 1024 * 1024 - 1000));
    ledger.append(at(1), "kim", std::slice::from_ref(&large)).unwrap();
    assert_eq!(ledger.reader().event(Sequence(1), 0).unwrap(), large);
    assert!(verified(&files).is_sound());
}

#[test]
fn a_body_encoded_on_another_thread_is_appended_here() {
    let (files, mut ledger) = ledger_of(1);
    let randomness = SimulatedRandomness::seeded(9);
    let body = std::thread::scope(|scope| {
        scope.spawn(|| encode(&events(2), &"kim".into(), &randomness)).join().unwrap().unwrap()
    });
    assert_eq!(body.events(), events(2).len() as u32);
    ledger.append_encoded(at(2), body).unwrap();
    assert_eq!(ledger.reader().commit(Sequence(2)).unwrap(), expected(2));
    assert!(verified(&files).is_sound());
}

#[test]
fn verifying_says_how_far_it_is() {
    let (files, _ledger) = ledger_of(20);
    let mut seen = Vec::new();
    verify(&files, folder(), &*cipher(1), &mut |done, total| seen.push((done, total)), None)
        .unwrap();
    assert_eq!(seen.len(), 21);
    assert!(seen.is_sorted());
    let (done, total) = seen.last().copied().unwrap();
    assert_eq!(done, total);
    assert_eq!(seen[19].0, total, "the last commit ends where the files end");
}

#[test]
fn an_expected_hash_is_found_anywhere_in_the_chain_and_missed_when_its_commit_is_gone() {
    let (files, ledger) = ledger_of(5);
    let old = ledger.reader().chain_at(Sequence(2)).unwrap();
    let check =
        |expect| verify(&files, folder(), &*cipher(1), &mut |_, _| {}, Some(expect)).unwrap();
    assert!(check(old).is_sound());
    let report = check([7; 32]);
    assert!(matches!(report.damage[..], [Damage { what: DamageKind::ExpectedAbsent, .. }]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn numbers_survive_exactly(score in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
        let event = domain::event::MatchFinished {
            model_of: None,
            run: domain::MatchRunId(1),
            previous: None,
            model: serde_json::json!({ "weight": score }),
            records: 1,
            pairs: 1,
            merged: 0,
            tasks: 0,
            settings: None,
            read_up_to: None,
            model_file: None,
            scores: None,
            elusion: None,
        };
        let (_, mut ledger) = ledger_of(0);
        ledger.append(at(1), "kim", &[event.clone().into()]).unwrap();
        prop_assert_eq!(ledger.reader().event(Sequence(1), 0).unwrap(), event.into());
    }
}
