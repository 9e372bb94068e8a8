//! Outputs onto everything that must not be one.

use std::os::unix::fs::symlink;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::Databases;
use ledger::backup::BACKUP_BEGINS;
use ledger::ports::clock::SimulatedClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SimulatedRandomness;
use ledger::ports::secrets::SimulatedSecrets;

/// Two workspaces, a register and a folder of keys; nothing in them is read.
struct Place {
    folder: TempDir,
    environment: Environment,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for made in ["ours/.steward/ledger", "theirs/.steward", "register/00ff", "keys", "out"] {
            fs::create_dir_all(at(made)).unwrap();
        }
        for (name, content) in [
            ("ours/steward.toml", &b"ours"[..]),
            ("ours/crm.csv", b"crm"),
            ("ours/.steward/ledger/00000001.seg", b"\xf5STEWSEG and more"),
            ("theirs/steward.toml", b"theirs"),
            ("register/00ff/backups.jsonl", b"{}"),
            ("keys/00ff.key", b"0011"),
            ("out/moved.seg", b"\xf5STEWSEG and more"),
            ("out/copy.key", b"# The key of the steward workspace 00ff. \n00\n"),
            ("out/old.csv", b"old"),
        ] {
            fs::write(at(name), content).unwrap();
        }
        let environment = Environment {
            clock: Arc::new(SimulatedClock::at("2026-03-01T09:00:00Z".parse().unwrap())),
            randomness: Arc::new(SimulatedRandomness::seeded(7)),
            files: Arc::new(SystemFiles),
            secrets: Arc::new(SimulatedSecrets::in_folder(at("keys"))),
            databases: Databases::default(),
            actor: "kim".to_owned(),
            register: Some(at("register")),
            formats: crate::Formats::default(),
        };
        Place { folder, environment }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn judge(&self, name: &str, replace: bool) -> Result<OutputFile, DeskError> {
        let ours = Workspace::at(self.at("ours"));
        let guarded = (Some(&ours), &self.environment);
        OutputFile::judge(&self.at(name), replace, WayOut::StandardOutput, guarded)
    }
}

#[track_caller]
fn kept(place: &Place, name: &str) {
    match place.judge(name, true) {
        Err(error @ DeskError::NotAnOutput(NotAnOutput::Kept { .. })) => {
            let error = error.to_string();
            assert!(error.contains(place.at(name).to_str().unwrap()), "{error}");
        }
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn nothing_of_a_workspace_a_register_or_keys_is_an_output() {
    let place = Place::new();
    for name in [
        "ours/.steward/ledger/00000001.seg",
        "ours/.steward/g.csv",
        "ours/.STEWARD",
        "ours/.steward",
        "ours/../ours/.steward/ledger/new.csv",
        "ours/steward.toml",
        "ours/Steward.TOML",
        "theirs/.steward/g.csv",
        "theirs/steward.toml",
        "register/00ff/backups.jsonl",
        "register/new.csv",
        "keys/00ff.key",
        "keys/new.key",
        "out/moved.seg",
        "out/copy.key",
        "out/.steward",
        "out/.steward.restoring",
    ] {
        if place.at(name).is_dir() {
            assert!(place.judge(name, true).is_err(), "{name}");
        } else {
            kept(&place, name);
        }
    }
}

#[test]
fn no_link_leads_to_what_is_kept() {
    let place = Place::new();
    let segment = place.at("ours/.steward/ledger/00000001.seg");
    for (target, link) in [
        (segment.as_path(), "out/link.csv"),
        (&place.at("out/link.csv"), "out/chain.csv"),
        (&place.at("ours/steward.toml"), "out/toml.csv"),
        (&place.at("keys/00ff.key"), "out/key.csv"),
        (&place.at("ours/.steward/ledger"), "out/ledger"),
        (&place.at("ours"), "out/ours"),
    ] {
        symlink(target, place.at(link)).unwrap();
    }
    for name in ["out/link.csv", "out/chain.csv", "out/toml.csv", "out/key.csv"] {
        kept(&place, name);
    }
    kept(&place, "out/ledger/new.csv");
    kept(&place, "out/ours/.steward/new.csv");
    kept(&place, "out/ours/steward.toml");
    for (file, link) in [
        ("ours/.steward/ledger/00000001.seg", "out/hard.csv"),
        ("ours/steward.toml", "out/hard-toml.csv"),
        ("register/00ff/backups.jsonl", "out/hard-register.csv"),
        ("keys/00ff.key", "out/hard-key.csv"),
    ] {
        fs::hard_link(place.at(file), place.at(link)).unwrap();
        kept(&place, link);
    }
}

#[test]
fn what_is_there_wants_force_and_what_is_no_file_is_never_one() {
    let place = Place::new();
    assert!(matches!(
        place.judge("ours/crm.csv", false),
        Err(DeskError::NotAnOutput(NotAnOutput::Exists { .. }))
    ));
    assert!(place.judge("ours/crm.csv", true).is_ok());
    symlink(place.at("out/old.csv"), place.at("out/to-old.csv")).unwrap();
    assert!(place.judge("out/to-old.csv", false).is_err());
    let judged = place.judge("out/to-old.csv", true).unwrap();
    assert_eq!(judged.path(), fs::canonicalize(place.at("out/old.csv")).unwrap());
    symlink(place.at("out/nothing"), place.at("out/dangling")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(place.at("out/socket")).unwrap();
    for name in ["out/dangling", "out/socket", "out", "out/..", "../../../../../../dev/null"] {
        let judged = place.judge(name, true);
        let refused = matches!(&judged, Err(DeskError::NotAnOutput(NotAnOutput::NotAFile { .. })));
        assert!(refused, "{name}: {judged:?}");
        assert!(judged.unwrap_err().to_string().contains("leave out -o"), "{name}");
    }
    let missing = place.judge("no/such/folder.csv", false);
    assert!(matches!(missing, Err(DeskError::File { .. })), "{missing:?}");
    assert!(place.judge("out/new.csv", false).is_ok());
}

#[test]
fn a_workspace_below_a_folder_of_that_name_has_outputs_all_the_same() {
    let place = Place::new();
    fs::create_dir_all(place.at(".steward/customers/.steward/ledger")).unwrap();
    let inner = Workspace::at(place.at(".steward/customers"));
    let judge = |name: &str| {
        let path = place.at(".steward/customers").join(name);
        OutputFile::judge(&path, false, WayOut::AnotherFile, (Some(&inner), &place.environment))
    };
    assert!(judge("g.csv").is_ok());
    assert!(judge(".steward/g.csv").is_err());
}

#[test]
fn a_folder_is_judged_whether_it_is_there_or_not() {
    let place = Place::new();
    let judge = |name: &str| judge_output_folder(&place.at(name), None, &place.environment);
    for name in ["out", "out/new/deep", "theirs", "new/../out"] {
        assert!(judge(name).is_ok(), "{name}");
    }
    for name in [
        "theirs/.steward",
        "theirs/.steward/new",
        "new/.steward/x",
        "new/../theirs/.steward",
        "keys",
        "register/new",
        "out/old.csv",
    ] {
        assert!(judge(name).is_err(), "{name}");
    }
    symlink(place.at("ours/.steward"), place.at("out/into")).unwrap();
    assert!(judge("out/into/new").is_err());
}

#[test]
fn nothing_is_taken_out_of_a_folder_of_ours_or_from_beside_what_is_ours() {
    let place = Place::new();
    for name in [
        "ours",
        "ours/.steward",
        "ours/.steward/ledger",
        "ours/../ours",
        "theirs",
        "theirs/.steward",
        "register",
        "register/00ff",
        "keys",
        "",
    ] {
        refused(&place, name);
    }
    // A segment, and the key beside it.
    refused(&place, "out");
    fs::remove_file(place.at("out/moved.seg")).unwrap();
    refused(&place, "out");
    fs::remove_file(place.at("out/copy.key")).unwrap();
    taken(&place, "out");
    fs::create_dir(place.at("ours/in")).unwrap();
    symlink("nowhere", place.at("ours/in/link.csv")).unwrap();
    taken(&place, "ours/in");
    symlink(place.at("ours"), place.at("link")).unwrap();
    refused(&place, "link");
    fs::write(place.at("out/old.backup"), BACKUP_BEGINS).unwrap();
    refused(&place, "out");
}

fn inbox(place: &Place, name: &str) -> Result<(), DeskError> {
    judge_inbox(&place.at(name), &Workspace::at(place.at("ours")), &place.environment)
}

#[track_caller]
fn refused(place: &Place, name: &str) {
    let refused = inbox(place, name);
    let is_refused = matches!(refused, Err(DeskError::NotAnOutput(NotAnOutput::NotTaken { .. })));
    assert!(is_refused, "{name}: {refused:?}");
}

#[track_caller]
fn taken(place: &Place, name: &str) {
    assert!(inbox(place, name).is_ok(), "{name}: {:?}", inbox(place, name));
}
