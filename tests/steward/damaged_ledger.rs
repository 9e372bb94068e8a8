//! A damaged ledger: named, nothing is written behind the damage, and all that is readable gets out.

use std::time::Duration;

use serde_json::Value;

use crate::harm::Harm;
use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::{Ran, Workspace};

const SEGMENT: &str = ".steward/ledger/00000001.seg";
const TIMES: u64 = 12;

fn run(workspace: &Workspace, arguments: &[&str]) -> Ran {
    let hangs = Duration::from_secs(120);
    let ran = Ran::from(workspace.command().args(arguments).timeout(hangs).output().expect("runs"));
    assert!(!ran.err.contains("steward itself failed"), "{}", ran.err);
    ran
}

/// Events as exported, without the record of exports themselves.
fn events(ran: &Ran) -> Vec<Value> {
    let is_export = |event: &Value| event["kind"] == "exported" || event["kind"] == "export_begun";
    ran.objects().into_iter().filter(|event| !is_export(event)).collect()
}

fn worked_in() -> Workspace {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.decided(&["merge", "crm:1", "shop:2"]);
    workspace.decided(&["fix", "crm:p1", "--set", "city=Boulder"]);
    workspace
}

#[test]
fn every_event_of_a_sound_ledger_is_exported_and_that_is_recorded() {
    let workspace = worked_in();
    let before = workspace.verified();
    let ran = workspace.done(&["export", "events", "--format", "jsonl"]);
    let exported = ran.objects();
    assert_eq!(exported.len() as u64, before["events"].as_u64().unwrap());
    assert_eq!(exported[0]["kind"], "workspace_created");
    assert_eq!(exported[0]["data"].get("fingerprint_key"), None, "the key stays inside");
    let merge = exported.iter().find(|event| event["data"]["decision"]["verdict"] == "merge");
    assert!(merge.is_some_and(|event| event["kind"] == "decision_made"), "{}", ran.out);
    let again = workspace.done(&["export", "events", "--format", "jsonl"]).objects();
    let last = again.last().unwrap();
    assert_eq!((&last["kind"], &last["data"]["dataset"]), (&"exported".into(), &"events".into()));
    let csv = workspace.done(&["export", "events"]).out;
    assert!(csv.starts_with("sequence,time,actor,event,kind,data"), "{csv}");
    let usage = run(&workspace, &["export", "events", "--since", "2026-01-01"]);
    assert_eq!(usage.code, Some(2), "{}", usage.err);
}

#[test]
fn what_is_left_of_a_damaged_ledger_gets_out() {
    let workspace = worked_in();
    let whole = events(&workspace.done(&["export", "events", "--format", "jsonl"]));
    let head = workspace.verified();
    let expect = head["hash"].as_str().unwrap().to_owned();
    for (harm, seed) in Harm::ALL.iter().flat_map(|harm| (0..TIMES).map(move |seed| (*harm, seed)))
    {
        let context = format!("{harm:?}, seed {seed}");
        let struck = workspace.copied();
        let mut bytes = std::fs::read(struck.path(SEGMENT)).unwrap();
        harm.strike(&mut bytes, &mut Harm::chance(seed));
        std::fs::write(struck.path(SEGMENT), &bytes).unwrap();
        let verify = run(&struck, &["verify", "--expect", &expect]);
        assert_eq!(verify.code, Some(1), "{context}: {}{}", verify.out, verify.err);
        assert!(verify.err.contains("error: "), "{context}: {}", verify.err);
        // The store is a witness: nothing that it has seen may be cut off as torn.
        let refused = run(&struck, &["fix", "crm:p2", "--set", "city=Omaha"]);
        assert_eq!(refused.code, Some(1), "{context}: {}", refused.err);
        assert_eq!(std::fs::read(struck.path(SEGMENT)).unwrap(), bytes, "{context}: was written");
        if refused.err.contains("is damaged in") {
            assert!(refused.err.contains("steward export events"), "{context}: {}", refused.err);
        }
        let left = run(&struck, &["export", "events", "--format", "jsonl"]);
        let readable = events(&left);
        assert!(readable.iter().all(|event| whole.contains(event)), "{context}");
        assert!(readable.len() <= whole.len(), "{context}");
        if run(&struck, &["tasks"]).code != Some(0) {
            assert!(left.err.contains("was not recorded"), "{context}: {}", left.err);
        }
        if left.code == Some(0) {
            assert!(verify.err.contains("no commit has the expected hash"), "{context}");
        } else {
            assert!(left.err.contains("segment 1, byte "), "{context}: {}", left.err);
        }
    }
}

#[test]
fn a_lost_tail_newer_than_every_witness_is_found_against_an_exported_hash() {
    let workspace = worked_in();
    let older = workspace.kept(".steward/ledger");
    workspace.decided(&["fix", "crm:p2", "--set", "city=Omaha"]);
    let hash = workspace.verified()["hash"].as_str().unwrap().to_owned();
    workspace.done(&["verify", "--expect", &hash]);
    // Nobody is left who knows better.
    let store = workspace.path(".steward");
    for entry in std::fs::read_dir(store).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("store-") {
            std::fs::remove_dir_all(entry.path()).unwrap();
        }
    }
    std::fs::remove_dir_all(workspace.path(".data/steward/register")).unwrap();
    workspace.put_back(&older);
    // The ledger is sound in itself; the view, which is gone, could not be compared.
    assert_eq!(run(&workspace, &["verify"]).code, Some(4));
    let ran = run(&workspace, &["verify", "--expect", &hash]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("no commit has the expected hash"), "{}", ran.err);
}

/// Where a frame begins, counted from the first, 0.
fn frame(bytes: &[u8], number: usize) -> usize {
    let length = |at: usize| {
        let stored: [u8; 4] = bytes[at + 12..at + 16].try_into().unwrap();
        144 + u32::from_le_bytes(stored) as usize
    };
    (0..number).fold(112, |at, _| at + length(at))
}

#[test]
fn nothing_is_written_behind_a_damaged_body_whatever_writes() {
    let workspace = worked_in();
    workspace.done(&["match"]);
    let sound = std::fs::read(workspace.path(SEGMENT)).unwrap();
    let place = frame(&sound, 2);
    let mut bytes = sound.clone();
    bytes[place + 144 + 50] ^= 1;
    std::fs::write(workspace.path(SEGMENT), &bytes).unwrap();
    let named = format!("segment 1, byte {place}: commit 3 is damaged");
    for arguments in [
        &["import", "crm.csv", "--source", "crm"][..],
        &["match"],
        &["match", "--full"],
        &["fix", "crm:p3", "--set", "city=Omaha"],
        &["undo", "D1"],
        &["keys", "rotate"],
        &["rekey"],
        &["verify"],
    ] {
        let ran = run(&workspace, arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(&named), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("export events"), "{arguments:?}: {}", ran.err);
        assert_eq!(std::fs::read(workspace.path(SEGMENT)).unwrap(), bytes, "{arguments:?} wrote");
    }
    assert!(!workspace.path(".steward/ledger/00000002.seg").exists());
    std::fs::write(workspace.path(SEGMENT), &sound).unwrap();
    workspace.decided(&["fix", "crm:p3", "--set", "city=Omaha"]);
    workspace.verified();
}
