//! Importing again changes nothing; whatever is killed loses nothing that was acknowledged.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::people::{FATHER, SON, crowd_and, file};
use crate::workspace::{SAMPLE, Workspace, sample, text};

/// Everything people see, but not the log of what was exported.
fn everything(workspace: &Workspace) -> Vec<String> {
    let datasets = ["records", "golden", "xref", "tasks", "decisions", "violations", "corrections"];
    datasets.iter().map(|dataset| workspace.export(dataset)).collect()
}

#[test]
fn importing_the_same_again_changes_nothing() {
    let workspace = Workspace::of_sample();
    let before = everything(&workspace);
    for (name, source) in SAMPLE {
        let report = workspace.import_file(&sample(name), source);
        assert_eq!(report["unchanged"], report["read"], "{name}: {report}");
        assert_eq!((&report["tasks"], &report["quarantined"]), (&0.into(), &0.into()), "{name}");
    }
    // Neither does another order of rows, nor another file's name.
    let crm = std::fs::read_to_string(sample("crm.csv")).unwrap();
    let mut lines: Vec<&str> = crm.lines().collect();
    lines[1..].reverse();
    let report = workspace.import_bytes("reversed.csv", "crm", lines.join("\n"));
    assert_eq!(report["unchanged"], report["read"], "{report}");
    assert_eq!(everything(&workspace), before);
}

#[test]
fn matching_the_same_again_changes_nothing() {
    let workspace = Workspace::of_sample();
    let before = everything(&workspace);
    let outcome = workspace.done(&["match", "--json"]).object();
    assert_eq!((&outcome["merged"], &outcome["opened"]), (&0.into(), &0.into()), "{outcome}");
    assert_eq!(everything(&workspace), before);
}

fn length_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

/// The binary as a process of its own, to be killed.
fn binary(workspace: &Workspace) -> Command {
    let mut command = workspace.process();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Starts an import and kills it once the ledger has grown by so many bytes.
fn killed_import(workspace: &Workspace, file: &str, grown: u64) {
    let ledger = workspace.path(".steward/ledger");
    let before = length_of(&ledger);
    let mut importing =
        binary(workspace).args(["import", file, "--source", "crm"]).spawn().unwrap();
    let began = Instant::now();
    while length_of(&ledger) < before + grown {
        assert!(began.elapsed() < Duration::from_secs(60), "the ledger grows");
        assert_eq!(importing.try_wait().unwrap(), None, "it must not have ended by itself");
        std::thread::sleep(Duration::from_millis(1));
    }
    importing.kill().unwrap();
    importing.wait().unwrap();
}

#[test]
fn an_import_killed_in_the_middle_is_completed_by_running_it_again() {
    let generated = Workspace::bare();
    generated.done(&["sample", "--customers", "30000", "--seed", "11", "-o", "made"]);
    let made = generated.path("made/crm.csv");
    let rows = std::fs::read_to_string(&made).unwrap().lines().count() as u64 - 1;
    assert!(rows > 15_000, "{rows} rows");

    let whole = Workspace::empty();
    let file = made.to_str().unwrap();
    whole.import_file(&made, "crm");
    let records = whole.export("records");
    assert_eq!(records.lines().count() as u64, rows + 1);

    let workspace = Workspace::empty();
    // Killed twice: an import that resumes an import can be killed as well.
    killed_import(&workspace, file, 200_000);
    let survived = workspace.verified()["commits"].as_u64().unwrap();
    assert!(survived > 2, "what was committed stays");
    killed_import(&workspace, file, 300_000);
    let resumed = workspace.verified()["commits"].as_u64().unwrap();
    assert!(resumed > survived, "{resumed} after {survived}");
    let report = workspace.import_file(&made, "crm");
    let count = |key: &str| report[key].as_u64().unwrap();
    assert_eq!(count("read"), rows, "{report}");
    assert_eq!(
        (count("new"), count("unchanged"), count("changed")),
        (rows, 0, 0),
        "of all: {report}"
    );
    assert_eq!(text(&report, "import"), "I1", "it is the same import that is completed");
    workspace.verified();
    assert!(workspace.export("records") == records, "records, their order and their customers");
    for dataset in ["golden", "xref", "tasks", "violations"] {
        let same = without_times(&workspace.rows(dataset)) == without_times(&whole.rows(dataset));
        assert!(same, "{dataset}");
    }
    workspace.done(&["rebuild"]);
    assert!(workspace.export("records") == records, "so does the ledger alone");
}

/// Rows without when and in which commit they came to be.
fn without_times(rows: &[Value]) -> Vec<Value> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        let object = row.as_object_mut().unwrap();
        object.retain(|key, _| !["opened", "version"].contains(&key.as_str()));
    }
    rows
}

#[test]
fn an_acknowledged_decision_survives_the_kill_that_follows_it() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    for round in 1..=5 {
        let id = if round % 2 == 1 { "merge" } else { "undo" };
        let last = format!("D{}", round - 1);
        let arguments = match id {
            "merge" => vec!["merge", "crm:1", "shop:2", "--json"],
            _ => vec!["undo", &last, "--json"],
        };
        let mut deciding = binary(&workspace).args(arguments).spawn().unwrap();
        let mut receipt = String::new();
        BufReader::new(deciding.stdout.take().unwrap()).read_line(&mut receipt).unwrap();
        // It has said so: from now on the decision must not be lost.
        deciding.kill().unwrap();
        deciding.wait().unwrap();
        let receipt: Value = serde_json::from_str(&receipt).unwrap();
        assert_eq!(text(&receipt, "decision"), format!("D{round}"));
        let verified = workspace.verified();
        assert!(verified["head"].as_u64() >= receipt["sequence"].as_u64(), "{verified}");
        let is_one = workspace.customer("crm:1") == workspace.customer("shop:2");
        assert_eq!(is_one, id == "merge", "{round}");
        let shown = workspace.show(text(&receipt, "decision"));
        assert_eq!(shown["sequence"], receipt["sequence"], "{shown}");
    }
}

#[test]
fn the_ledger_alone_is_enough() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    let decision = workspace.decided(&["merge", "crm:1", "shop:2"]);
    workspace.decided(&["fix", "crm:p1", "--set", "city=Boulder"]);
    let before = everything(&workspace);
    let copy = workspace.copied();
    let store = |workspace: &Workspace| {
        let entries = std::fs::read_dir(workspace.path(".steward")).unwrap().flatten();
        let stores = entries
            .map(|entry| entry.path())
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("store-"));
        stores.collect::<Vec<_>>()
    };
    let [only] = &store(&copy)[..] else { panic!("one store") };
    std::fs::remove_dir_all(only).unwrap();
    let ran = copy.done(&["show", &decision, "--json"]);
    assert!(ran.err.contains("has been rebuilt"), "{}", ran.err);
    assert_eq!(store(&copy).len(), 1);
    assert!(everything(&copy) == before);

    // A store that is there and makes no sense is rebuilt as well.
    let [damaged] = &store(&copy)[..] else { panic!("one store") };
    for entry in std::fs::read_dir(damaged).unwrap().flatten() {
        if entry.metadata().unwrap().is_file() {
            std::fs::write(entry.path(), b"no store").unwrap();
        }
    }
    assert!(everything(&copy) == before);
    copy.verified();
}

#[test]
fn a_store_ahead_of_its_ledger_is_refused_and_never_rebuilt_silently() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let older = workspace.kept(".steward/ledger");
    let decision = workspace.decided(&["merge", "crm:1", "shop:2"]);
    let newer = workspace.kept(".steward/ledger");
    // Cut off whole commits, then a part of the last one.
    let segment = workspace.path(".steward/ledger").join(last_segment(&workspace));
    let length = std::fs::metadata(&segment).unwrap().len();
    for cut in [None, Some(1), Some(40)] {
        match cut {
            None => workspace.put_back(&older),
            Some(bytes) => {
                let file = std::fs::OpenOptions::new().write(true).open(&segment).unwrap();
                file.set_len(length - bytes).unwrap();
            }
        }
        let before = stores(&workspace);
        for arguments in [&["tasks"][..], &["merge", "crm:p1", "crm:p2"], &["rebuild"], &["match"]]
        {
            let ran = workspace.run(arguments);
            assert_eq!(ran.code, Some(1), "{arguments:?} {cut:?}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains("lost"), "{arguments:?} {cut:?}: {}", ran.err);
            assert!(ran.err.contains("backup"), "what to do: {}", ran.err);
        }
        assert_eq!(stores(&workspace), before, "the store, the only witness, is kept");
        let mut bytes = Vec::new();
        std::fs::File::open(&segment).unwrap().read_to_end(&mut bytes).unwrap();
        assert_ne!(bytes.len() as u64, length, "and the ledger is not written to");
        workspace.put_back(&newer);
        assert_eq!(workspace.show(&decision)["decision"], decision.as_str());
    }
}

fn stores(workspace: &Workspace) -> Vec<String> {
    let entries = std::fs::read_dir(workspace.path(".steward")).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("store-")).collect()
}

fn last_segment(workspace: &Workspace) -> String {
    let entries = std::fs::read_dir(workspace.path(".steward/ledger")).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    names.max().expect("a segment")
}

#[test]
fn a_torn_end_that_nobody_was_told_of_is_cut() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let before = (workspace.picture(), workspace.verified()["head"].clone());
    let segment = workspace.path(".steward/ledger").join(last_segment(&workspace));
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes.extend_from_slice(&[0x53; 37]);
    std::fs::write(&segment, bytes).unwrap();
    let verified = workspace.verified();
    assert_eq!(verified["head"], before.1);
    assert!(verified["unfinished"].is_string(), "{verified}");
    let ran = workspace.done(&["tasks"]);
    assert!(ran.err.contains("cut"), "{}", ran.err);
    assert_eq!(workspace.picture(), before.0);
    assert_eq!(workspace.verified()["unfinished"], Value::Null);
    let report = workspace.import_bytes("shop.csv", "shop", file(&[SON]));
    assert_eq!(report["unchanged"], 1);
}
