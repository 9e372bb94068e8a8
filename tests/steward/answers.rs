//! An answer that cannot be written: what was done stands, and the exit code tells it from what failed.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::{Ran, Workspace, text};

const LATER: &str = "9,Cora,Quill,cora@example.com,,1970-01-02,1 Oak Road,Omaha,,2026-05-01";

/// Runs the binary with a standard output that is full.
fn into_full(workspace: &Workspace, arguments: &[&str]) -> Ran {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut process = workspace.process();
    let ran = process.args(arguments).stdout(full).stderr(Stdio::piped()).output();
    Ran::from(ran.unwrap())
}

#[test]
fn what_was_done_stands_though_nobody_could_be_told() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.write("later.csv", &format!("{}\n{LATER}\n", crate::people::HEADER));
    for arguments in [
        &["import", "later.csv", "--source", "crm"][..],
        &["match"],
        &["fix", "crm:p1", "--set", "city=Boulder"],
        &["merge", "crm:p1", "crm:p2"],
        &["undo", "D2"],
        &["not-a-match", "crm:p1", "crm:p2"],
        &["keys", "rotate"],
        &["rekey"],
        &["rebuild"],
        &["export", "golden", "-o", "golden.csv", "--json"],
        &["backup", "backup.stb"],
        &["erase", "crm:p3", "--reason", "request", "--yes"],
    ] {
        let before = workspace.verified()["head"].clone();
        let ran = into_full(&workspace, arguments);
        assert_eq!(ran.code, Some(5), "{arguments:?}: {}", ran.err);
        let says = "done, but the output could not be written: ";
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
        let records_nothing = ["keys", "rekey", "rebuild", "backup"];
        let stands = workspace.verified()["head"] != before;
        assert_eq!(stands, !records_nothing.contains(&arguments[0]), "{arguments:?}");
    }
    assert_eq!(text(&workspace.show("D1"), "decision"), "D1");
    assert!(workspace.path("golden.csv").exists() && workspace.path("backup.stb").exists());

    let ran = into_full(&workspace, &["fix", "crm:p1", "--set", "city=Salem", "--json"]);
    let error = ran.error();
    assert_eq!((ran.code, &error["done"]), (Some(5), &true.into()), "{error}");
}

#[test]
fn what_only_reads_has_failed_where_nothing_could_be_told() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let head = workspace.verified()["head"].clone();
    for arguments in [
        &["show", "crm:p1"][..],
        &["show", "crm:p1", "--json"],
        &["history", "crm:p1"],
        &["check"],
        &["verify"],
        &["keys"],
        &["man"],
        &["--help"],
        &["fix", "crm:p1", "--set", "city=Boulder", "--dry-run"],
        &["rekey", "--dry-run"],
        &["export", "golden", "--dry-run", "--json"],
    ] {
        failed_on_a_full_disk(&workspace, arguments);
    }
    assert_eq!(workspace.verified()["head"], head);
}

#[test]
fn an_export_that_cannot_be_written_has_failed_and_stays_recorded_as_begun() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let head = workspace.verified()["head"].as_u64().unwrap();
    failed_on_a_full_disk(&workspace, &["export", "golden"]);
    assert_eq!(workspace.verified()["head"].as_u64().unwrap(), head + 1);
    let events = workspace.done(&["export", "events", "--format", "jsonl"]).objects();
    assert_eq!(events.last().unwrap()["kind"], "export_begun");
}

fn failed_on_a_full_disk(workspace: &Workspace, arguments: &[&str]) {
    let ran = into_full(workspace, arguments);
    assert_eq!(ran.code, Some(1), "{arguments:?}: {}", ran.err);
    assert!(ran.err.contains("No space left"), "{arguments:?}: {}", ran.err);
    assert!(!ran.err.contains("done, but"), "{arguments:?}: {}", ran.err);
}

#[test]
fn a_reader_that_has_gone_is_no_failure_whatever_was_done() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let mut process = workspace.process();
    process.args(["fix", "crm:p1", "--set", "city=Boulder", "--json"]);
    let mut fixing = process.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(fixing.stdout.take());
    let ended = fixing.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(workspace.show("crm:p1").to_string().contains("Boulder"));
}
