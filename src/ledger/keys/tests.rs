//! Keys on a simulated disk: what opens, what does not and why, and what is left when a change of
//! keys is interrupted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::ports::Files;
use crate::ports::cipher::{CipherError, FileKind, SealedPlace};
use crate::ports::randomness::SimulatedRandomness;
use crate::ports::secrets::SimulatedSecrets;
use crate::ports::simulated_files::{Fault, SimulatedFiles};

const WORKSPACE: [u8; 16] = [0x5a; 16];
const PLACE: SealedPlace =
    SealedPlace { kind: FileKind::LedgerFrame, format: 1, segment: 1, sequence: 1 };

fn folder() -> &'static Path {
    Path::new("/w/.steward")
}

fn key_path() -> PathBuf {
    Path::new("/home/keys").join(format!("{}.key", "5a".repeat(16)))
}

fn disk() -> SimulatedFiles {
    let files = SimulatedFiles::new();
    for path in ["/", "/w", "/w/.steward"] {
        files.create_folder(Path::new(path)).unwrap();
    }
    for path in ["/", "/w"] {
        files.sync_folder(Path::new(path)).unwrap();
    }
    files
}

fn secrets() -> SimulatedSecrets {
    SimulatedSecrets::in_folder("/home/keys")
}

fn create_with(
    files: &SimulatedFiles,
    protection: Protection,
    secrets: &SimulatedSecrets,
) -> Result<Keyring, KeysError> {
    let chance = SimulatedRandomness::seeded(1);
    let files = Arc::new(files.clone());
    let keyring = Keyring::create(files, folder(), WORKSPACE, protection, secrets, &chance)?;
    keyring.write()?;
    Ok(keyring)
}

fn created() -> (SimulatedFiles, Keyring) {
    let files = disk();
    let keyring = create_with(&files, Protection::KeyFile, &secrets()).unwrap();
    (files, keyring)
}

fn open(files: &SimulatedFiles) -> Result<Keyring, KeysError> {
    open_with(files, &secrets())
}

fn open_with(files: &SimulatedFiles, secrets: &SimulatedSecrets) -> Result<Keyring, KeysError> {
    Keyring::open(Arc::new(files.clone()), folder(), Some(WORKSPACE), secrets)
}

fn sealed(keyring: &Keyring) -> (u32, Vec<u8>) {
    let cipher = keyring.cipher();
    let key = cipher.current_key().unwrap();
    let mut sealed = Vec::new();
    let chance = SimulatedRandomness::seeded(2);
    cipher.seal(key, &PLACE, &chance, b"a commit", &mut sealed).unwrap();
    (key, sealed)
}

fn opens(keyring: &Keyring, (key, sealed): &(u32, Vec<u8>)) -> Result<(), CipherError> {
    keyring.cipher().open(*key, &PLACE, sealed).map(|plain| assert_eq!(plain, b"a commit"))
}

#[test]
fn a_key_file_opens_what_was_sealed_before() {
    let (files, keyring) = created();
    let sealed = sealed(&keyring);
    let again = open(&files).unwrap();
    assert_eq!(opens(&again, &sealed), Ok(()));
    assert_eq!(again.state(), keyring.state());
    assert_eq!(again.state().protection, WrapKind::KeyFile(key_path()));
    assert!(!again.settle().unwrap(), "there was nothing to mend");
    let text = String::from_utf8(files.content(&key_path()).unwrap()).unwrap();
    assert!(text.starts_with("# The key of the steward workspace 5a5a"), "{text}");
    assert_eq!(text.lines().last().unwrap().len(), 64);
}

#[test]
fn no_secret_is_in_the_files_of_the_workspace() {
    let (files, _keyring) = created();
    let text = String::from_utf8(files.content(&key_path()).unwrap()).unwrap();
    let digits = text.lines().last().unwrap().to_owned();
    for name in FILE_NAMES {
        let content = String::from_utf8(files.content(&folder().join(name)).unwrap()).unwrap();
        assert!(!content.contains(&digits));
    }
}

#[test]
fn each_way_of_not_having_the_key_is_said_as_it_is() {
    let (files, _keyring) = created();
    let message = |files: &SimulatedFiles| open(files).err().unwrap();

    files.remove(&key_path()).unwrap();
    let error = message(&files);
    assert!(matches!(error, KeysError::NoKeyFile { .. }));
    assert!(error.to_string().contains("/home/keys/5a5a"), "says where it looked: {error}");
    files.plant(&key_path(), b"# nothing\nnothing of use\n");
    assert!(matches!(message(&files), KeysError::NotAKeyFile { .. }));
    files.plant(&key_path(), format!("# other\n{}\n", "ab".repeat(32)).as_bytes());
    let error = message(&files);
    assert!(matches!(error, KeysError::WrongKeyFile { .. }));
    assert!(!error.to_string().contains("abab"), "a key in a message: {error}");

    let (files, _keyring) = created();
    let opened = Keyring::open(Arc::new(files), folder(), Some([7; 16]), &secrets());
    assert!(matches!(opened.err().unwrap(), KeysError::OtherWorkspace { .. }));

    let (files, _keyring) = created();
    for name in FILE_NAMES {
        files.remove(&folder().join(name)).unwrap();
    }
    assert!(!Keyring::is_in(&files, folder()));
    assert!(matches!(message(&files), KeysError::Missing { .. }));
    files.plant(&folder().join("keys"), b"{}\n00\n");
    assert!(Keyring::is_in(&files, folder()));
    assert!(matches!(message(&files), KeysError::Damaged { .. }));
}

#[test]
fn a_key_moved_to_another_id_does_not_open() {
    let (files, mut keyring) = created();
    keyring.add_key(&SimulatedRandomness::seeded(3)).unwrap();
    let mut content = keys_file::read(&files, folder()).unwrap().unwrap().content;
    let (one, two) = (content.keys[0].sealed.clone(), content.keys[1].sealed.clone());
    (content.keys[0].sealed, content.keys[1].sealed) = (two, one);
    keys_file::write(&files, folder(), &content).unwrap();
    assert!(matches!(open(&files).err().unwrap(), KeysError::WrongKeyFile { .. }));
    content.keys.remove(0);
    content.keys[0].id = 1;
    content.keys.push(keys_file::Slot { id: 2, sealed: "00".repeat(72) });
    keys_file::write(&files, folder(), &content).unwrap();
    assert!(matches!(open(&files).err().unwrap(), KeysError::Damaged { .. }));
}

#[test]
fn one_damaged_or_missing_file_is_mended_from_the_other() {
    let (files, keyring) = created();
    let sealed = sealed(&keyring);
    for name in FILE_NAMES {
        let path = folder().join(name);
        let sound = files.content(&path).unwrap();
        let mut damaged: Vec<Option<Vec<u8>>> = vec![None, Some(Vec::new())];
        damaged.extend((0..sound.len()).step_by(7).map(|at| {
            let mut bytes = sound.clone();
            bytes[at] ^= 4;
            Some(bytes)
        }));
        for bytes in damaged {
            match bytes {
                Some(bytes) => files.plant(&path, &bytes),
                None => files.remove(&path).unwrap(),
            }
            let again = open(&files).unwrap();
            assert_eq!(opens(&again, &sealed), Ok(()));
            assert!(again.settle().unwrap(), "not mended");
            assert_eq!(files.content(&path).unwrap(), sound);
        }
    }
}

#[test]
fn a_newer_format_is_told_from_damage() {
    let (files, _keyring) = created();
    let mut content = keys_file::read(&files, folder()).unwrap().unwrap().content;
    content.format = 2;
    keys_file::write(&files, folder(), &content).unwrap();
    assert!(matches!(open(&files).err().unwrap(), KeysError::Newer { found: 2 }));
}

#[test]
fn a_passphrase_is_asked_for_twice_and_can_be_changed_without_touching_the_data_keys() {
    let secrets = secrets();
    let files = disk();
    secrets.say(&["grey heron", "grey herun"]);
    let refused = create_with(&files, Protection::Passphrase, &secrets);
    assert!(matches!(refused.err().unwrap(), KeysError::PassphrasesDiffer));
    assert!(!Keyring::is_in(&files, folder()), "something was written");

    secrets.say(&["grey heron", "grey heron"]);
    let keyring = create_with(&files, Protection::Passphrase, &secrets).unwrap();
    let sealed = sealed(&keyring);
    secrets.say(&["grey herun"]);
    let error = open_with(&files, &secrets).err().unwrap();
    assert!(matches!(error, KeysError::WrongPassphrase), "{error}");
    assert!(!error.to_string().contains("herun"));
    assert!(matches!(open_with(&files, &secrets).err().unwrap(), KeysError::Secrets(_)));

    secrets.say(&["grey heron", "white stork", "white stork"]);
    let mut keyring = open_with(&files, &secrets).unwrap();
    let chance = SimulatedRandomness::seeded(4);
    keyring.protect(Protection::Passphrase, &secrets, &chance).unwrap();
    secrets.say(&["white stork"]);
    assert_eq!(opens(&open_with(&files, &secrets).unwrap(), &sealed), Ok(()));
    secrets.say(&["grey heron"]);
    assert!(matches!(open_with(&files, &secrets).err().unwrap(), KeysError::WrongPassphrase));

    keyring.protect(Protection::KeyFile, &secrets, &chance).unwrap();
    assert_eq!(opens(&open(&files).unwrap(), &sealed), Ok(()));
}

#[test]
fn a_key_is_added_and_the_old_ones_go_when_they_are_no_longer_needed() {
    let (files, mut keyring) = created();
    let old = sealed(&keyring);
    let chance = SimulatedRandomness::seeded(5);
    assert_eq!(keyring.add_key(&chance).unwrap(), 2);
    assert_eq!(sealed(&keyring).0, 2);
    assert_eq!(keyring.begin_rekey(&chance).unwrap(), 3);
    let mut keyring = open(&files).unwrap();
    assert_eq!(opens(&keyring, &old), Ok(()));
    assert!(matches!(keyring.add_key(&chance), Err(KeysError::RekeyUnfinished)));
    assert_eq!(keyring.begin_rekey(&chance).unwrap(), 3, "resumed, not begun again");
    keyring.finish_rekey().unwrap();
    let mut keyring = open(&files).unwrap();
    assert_eq!(opens(&keyring, &old), Err(CipherError::UnknownKey(1)));
    assert_eq!((keyring.state().keys, keyring.state().rekeying), (vec![3], false));
    assert_eq!(keyring.add_key(&chance).unwrap(), 4, "an id is never given twice");
}

#[test]
fn what_another_process_changed_is_never_overwritten() {
    let (files, mut mine) = created();
    let mut theirs = open(&files).unwrap();
    let chance = SimulatedRandomness::seeded(6);
    theirs.add_key(&chance).unwrap();
    assert!(matches!(mine.settle(), Err(KeysError::Changed)));
    assert!(matches!(mine.add_key(&chance), Err(KeysError::Changed)));
    assert_eq!(open(&files).unwrap().state().keys, [1, 2]);
}

#[test]
fn interrupted_at_any_call_the_keys_are_the_old_or_the_new_ones() {
    type Change = fn(&mut Keyring) -> Result<(), KeysError>;
    let add: Change = |keyring| keyring.add_key(&SimulatedRandomness::seeded(7)).map(drop);
    let begin: Change = |keyring| keyring.begin_rekey(&SimulatedRandomness::seeded(7)).map(drop);
    let finish: Change = Keyring::finish_rekey;
    for (prepare, change) in [(None, add), (None, begin), (Some(begin), finish)] {
        let prepared = || {
            let (files, mut keyring) = created();
            if let Some(prepare) = prepare {
                prepare(&mut keyring).unwrap();
            }
            (files, keyring)
        };
        let (files, mut keyring) = prepared();
        let (old, start) = (keyring.state(), files.calls());
        change(&mut keyring).unwrap();
        let (new, end) = (keyring.state(), files.calls());
        assert!(old != new && end > start + 8);
        for fault in [Fault::PowerOff, Fault::Fail, Fault::Tear, Fault::FailAfter] {
            for call in start..end {
                let (files, mut keyring) = prepared();
                let files = files.with_fault(call, fault);
                let done = change(&mut keyring).is_ok();
                for seed in 0..6 {
                    let files = files.crash(seed);
                    let context = format!("{fault:?} at call {call}, seed {seed}");
                    let found = open(&files).unwrap_or_else(|error| panic!("{context}: {error}"));
                    found.settle().unwrap_or_else(|error| panic!("{context}: {error}"));
                    let state = found.state();
                    assert!(state == new || (!done && state == old), "{context}");
                }
            }
        }
    }
}
