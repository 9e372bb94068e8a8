//! Keys of a workspace: opened, changed, replaced, and each way of not having them said as it is.

use std::path::PathBuf;

use super::*;
use crate::{DeskError, OpenReport};
use door::Failure;
use door::operations::{ChangeKeys, Erase, ErasureRequest, KeyChange, Rekey};
use door::views::RekeyOutcome;
use ledger::keys::KeysError;
use ledger::{DamageKind, LedgerError};

const ROWS: [&str; 3] = [
    "1,Ada,Fernsby,ada@example.com,,,,,,,\n",
    "2,Ida,Fernsby,ida@example.com,,,,,,,\n",
    "3,Uma,Fernsby,uma@example.com,,,,,,,\n",
];

/// One record in each of three segments, each under a key of its own.
fn of_three_keys() -> TestDesk {
    let mut test = TestDesk::new();
    for rows in ROWS {
        test.import("crm", rows);
        test.desk().change_keys(KeyChange::Rotate).unwrap();
    }
    test
}

impl TestDesk {
    /// Replaces all keys.
    pub(super) fn rekey(&mut self) -> RekeyOutcome {
        testing::run_while(self.desk(), Rekey {}, Streams::default(), |_| true).unwrap()
    }
}

fn keys_of(test: &mut TestDesk) -> (Vec<u32>, Vec<(u32, u64)>) {
    let view = test.desk().keys();
    (view.keys.unwrap().keys, view.segments.into_iter().collect())
}

fn fails_to_open(test: &mut TestDesk) -> DeskError {
    let opened = Desk::open(test.workspace(), test.environment(), &mut |_, _| {});
    opened.err().unwrap()
}

fn key_files(test: &TestDesk) -> Vec<PathBuf> {
    let folder = test.folder.path().join("secret keys");
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_new_workspace_is_encrypted_and_its_key_lies_outside() {
    let mut test = TestDesk::new();
    let key_file = key_files(&test).pop().unwrap();
    let protection = test.desk().protection();
    assert_eq!(protection, Some(ledger::keys::WrapKind::KeyFile(key_file.clone())));
    test.desk = None;
    let key = std::fs::read_to_string(&key_file).unwrap();
    std::fs::remove_file(&key_file).unwrap();
    let error = fails_to_open(&mut test);
    assert!(matches!(&error, DeskError::Keys(KeysError::NoKeyFile { path }) if *path == key_file));
    std::fs::write(&key_file, "# another\n".to_owned() + &"0f".repeat(32)).unwrap();
    let error = fails_to_open(&mut test);
    assert!(matches!(error, DeskError::Keys(KeysError::WrongKeyFile { .. })));
    std::fs::write(&key_file, key).unwrap();
    test.reopen();
}

#[test]
fn each_new_key_has_segments_of_its_own() {
    let mut test = of_three_keys();
    let before = test.picture();
    assert_eq!(keys_of(&mut test), (vec![1, 2, 3, 4], vec![(1, 1), (2, 1), (3, 1)]));
    test.reopen();
    assert_eq!(test.picture(), before);
    test.import("crm", "4,Eva,Fernsby,eva@example.com,,,,,,,\n");
    assert_eq!(keys_of(&mut test).1, [(1, 1), (2, 1), (3, 1), (4, 1)]);
    test.rebuild();
    assert_eq!(test.picture().len(), 4);
}

#[test]
fn replacing_all_keys_leaves_one_and_changes_nothing_that_is_seen() {
    let mut test = of_three_keys();
    let before = (test.picture(), test.desk().facts().ledger.head());
    let outcome = test.rekey();
    assert_eq!((outcome.key, outcome.rewritten), (5, 3));
    assert_eq!(keys_of(&mut test), (vec![5], vec![(5, 3)]));
    assert_eq!((test.picture(), test.desk().facts().ledger.head()), before);
    test.import("crm", "4,Eva,Fernsby,eva@example.com,,,,,,,\n");
    test.rebuild();
    assert_eq!(test.picture().len(), 4);
    assert_eq!(
        test.desk().facts().ledger.chain_at(before.1.unwrap().sequence).unwrap(),
        before.1.unwrap().chain
    );
}

#[test]
fn an_interrupted_replacement_leaves_a_workspace_to_work_with_and_goes_on() {
    let mut test = of_three_keys();
    let before = test.picture();
    let stopped =
        testing::run_while(test.desk(), Rekey {}, Streams::default(), |job| job.done == 0);
    assert_eq!(stopped, Err(Failure::cancelled(true).into()));
    test.reopen();
    assert_eq!(test.picture(), before);
    assert!(test.desk().keys().keys.unwrap().rekeying);
    assert_eq!(keys_of(&mut test), (vec![1, 2, 3, 4, 5], vec![(2, 1), (3, 1), (5, 1)]));
    let refused = test.desk().change_keys(KeyChange::Rotate);
    assert!(matches!(refused, Err(DeskError::Keys(KeysError::RekeyUnfinished))));
    test.import("crm", "4,Eva,Fernsby,eva@example.com,,,,,,,\n");
    let outcome = test.rekey();
    assert_eq!((outcome.key, outcome.rewritten), (5, 2), "what was done is not done again");
    assert_eq!(keys_of(&mut test), (vec![5], vec![(5, 4)]));
    test.reopen();
    assert_eq!(test.picture().len(), 4);
}

#[test]
fn the_copy_of_the_keys_serves_where_the_keys_are_damaged() {
    let mut test = of_three_keys();
    let before = test.picture();
    test.desk = None;
    let path = test.workspace().hidden().join("keys");
    let sound = std::fs::read(&path).unwrap();
    std::fs::write(&path, &sound[..sound.len() / 2]).unwrap();
    let (desk, report) = Desk::open(test.workspace(), test.environment(), &mut |_, _| {}).unwrap();
    let OpenReport { up_to, known, .. } = report.clone();
    assert_eq!(report, OpenReport { keys_mended: true, up_to, known, ..OpenReport::default() });
    test.desk = Some(desk);
    assert_eq!(test.picture(), before);
    assert_eq!(std::fs::read(&path).unwrap(), sound);
    test.desk = None;
    for name in ledger::keys::FILE_NAMES {
        std::fs::remove_file(test.workspace().hidden().join(name)).unwrap();
    }
    let error = fails_to_open(&mut test);
    assert!(matches!(error, DeskError::Keys(KeysError::Missing { .. })), "{error}");
}

#[test]
fn keys_and_segments_of_another_workspace_are_told_as_such() {
    let mut one = of_three_keys();
    let mut other = TestDesk::seeded(77);
    other.import("crm", ROWS[0]);
    (one.desk, other.desk) = (None, None);
    let hidden = |test: &TestDesk, name: &str| test.workspace().hidden().join(name);

    let own = std::fs::read(hidden(&one, "keys")).unwrap();
    for name in ledger::keys::FILE_NAMES {
        std::fs::copy(hidden(&other, name), hidden(&one, name)).unwrap();
    }
    let error = fails_to_open(&mut one);
    assert!(matches!(error, DeskError::Keys(KeysError::OtherWorkspace { .. })), "{error}");
    for name in ledger::keys::FILE_NAMES {
        std::fs::write(hidden(&one, name), &own).unwrap();
    }

    let segment = "ledger/00000002.seg";
    let kept = std::fs::read(hidden(&one, segment)).unwrap();
    std::fs::copy(hidden(&other, "ledger/00000001.seg"), hidden(&one, segment)).unwrap();
    let DeskError::Ledger(LedgerError::Damaged(damage)) = fails_to_open(&mut one) else {
        panic!("another error");
    };
    assert_eq!((damage[0].segment, &damage[0].what), (2, &DamageKind::SegmentMisplaced));
    std::fs::write(hidden(&one, segment), kept).unwrap();
    one.reopen();
}

#[test]
fn whoever_only_reads_changes_no_key_and_erases_nobody() {
    let mut test = of_three_keys();
    let hidden = test.workspace().hidden();
    let files = || {
        let segments = std::fs::read_dir(hidden.join("ledger")).unwrap().count();
        (std::fs::read(hidden.join("keys")).unwrap(), segments)
    };
    let before = files();
    let (place, world) = (test.workspace(), test.environment());
    let (mut reading, _) = Desk::open_to_read(place, world, &mut |_, _| {}).unwrap();
    assert!(reading.is_reading_only());
    let who = reading.acting.clone();
    let reason = Some(domain::ReasonCode::new("request"));
    let request = ErasureRequest { customer: CustomerId(1), reason, note: None, request: None };
    let mut told = Vec::new();
    for change in [KeyChange::Passphrase, KeyChange::KeyFile, KeyChange::Rotate] {
        told.push(reading.act(&who, ChangeKeys { change }, Streams::default()).err());
    }
    told.push(reading.act(&who, Rekey {}, Streams::default()).err());
    told.push(reading.act(&who, Erase { request }, Streams::default()).err());
    for why in told {
        let why = why.unwrap().to_string();
        assert!(why.contains("can be read but not written"), "{why}");
    }
    assert_eq!(files(), before);
    assert_eq!(reading.keys(), test.desk().keys(), "they can be looked at");
}
