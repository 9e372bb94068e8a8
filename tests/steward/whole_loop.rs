//! The whole loop on the sample data: import, match, decide, fix, take back, export, evaluate.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::workspace::{SAMPLE, Workspace, list, sample, text};

/// All but the candidate pairs, of which the sample has more than a million.
const DATASETS: [&str; 8] =
    ["records", "golden", "xref", "decisions", "corrections", "tasks", "violations", "quarantine"];

/// What every data set holds, byte for byte.
fn exported(workspace: &Workspace) -> Vec<(&'static str, String)> {
    DATASETS.iter().map(|dataset| (*dataset, workspace.export(dataset))).collect()
}

fn rows_of(file: &str) -> usize {
    let text = std::fs::read_to_string(sample(file)).unwrap();
    text.lines().count() - usize::from(file.ends_with(".csv"))
}

/// A pending task of a kind that is as told.
#[track_caller]
fn task(workspace: &Workspace, kind: &str, is_it: impl Fn(&Value) -> bool) -> String {
    let tasks = workspace.tasks(kind);
    let found = tasks.iter().find(|task| is_it(task));
    text(found.unwrap_or_else(|| panic!("a task of kind {kind} is expected")), "id").to_owned()
}

fn is_pair(task: &Value) -> bool {
    list(task, "subjects").len() == 2
}

#[test]
fn the_sample_is_imported_and_matched_whole() {
    let workspace = Workspace::of_sample();
    let expected: usize = SAMPLE.iter().map(|(file, _)| rows_of(file)).sum();
    let records = workspace.rows("records");
    assert_eq!(records.len(), expected);
    let xref = workspace.rows("xref");
    assert_eq!(xref.iter().filter(|row| row["kind"] == "record").count(), expected);
    let golden = workspace.rows("golden");
    let members: usize = golden.iter().map(|row| list(row, "members").len()).sum();
    assert_eq!(members, expected, "every record is a member of one customer");
    assert!(golden.len() < expected, "the machine merged some");
    assert_eq!(workspace.rows("quarantine"), [] as [Value; 0]);
}

#[test]
fn scored_pairs_are_exported_and_the_same_after_a_rebuild() {
    let workspace = Workspace::matched(60);
    let pairs = workspace.export("pairs");
    assert!(pairs.starts_with("id_l,id_r,match_probability,match_weight,"), "{}", &pairs[..99]);
    let scores = workspace.rows("pairs");
    assert!(scores.iter().any(|row| row["match_probability"].as_f64().unwrap() > 0.9));
    workspace.done(&["rebuild"]);
    assert!(workspace.export("pairs") == pairs, "pairs differ after a rebuild");
}

#[test]
fn every_planted_violation_is_found_and_no_other() {
    let workspace = Workspace::of_sample();
    let planted = std::fs::read_to_string(sample("planted.csv")).unwrap();
    let planted: BTreeSet<String> = planted.lines().skip(1).map(str::to_owned).collect();
    let found: BTreeSet<String> = workspace
        .rows("violations")
        .iter()
        .map(|row| ["record", "field", "rule"].map(|key| text(row, key)).join(","))
        .collect();
    let missed: Vec<_> = planted.difference(&found).collect();
    let extra: Vec<_> = found.difference(&planted).collect();
    assert!(missed.is_empty() && extra.is_empty(), "missed {missed:?}, not planted {extra:?}");
}

#[test]
fn matching_finds_the_people_of_the_truth() {
    let workspace = Workspace::of_sample();
    let truth = sample("truth.csv");
    let truth = truth.to_str().unwrap();
    let before = workspace.verified()["head"].clone();
    let found = workspace.done(&["evaluate", truth, "--json"]).object();
    let quality = |key: &str, of: &str| found[key][of].as_f64().unwrap();
    assert!(quality("proposed", "f1") >= 0.90, "{found}");
    assert!(quality("auto", "precision") >= 0.97, "{found}");
    // Rules kept the machine from some merges; it made no other.
    assert!(quality("customers", "precision") >= quality("auto", "precision"), "{found}");
    assert!(quality("customers", "recall") <= quality("auto", "recall"), "{found}");
    let thresholds: Vec<f64> =
        list(&found, "pairs").iter().map(|row| row["threshold"].as_f64().unwrap()).collect();
    assert!(thresholds.is_sorted_by(|one, other| one > other), "{thresholds:?}");
    assert_eq!(workspace.verified()["head"], before, "evaluating writes nothing");

    // A decision moves the customers, and nothing else.
    let pair = task(&workspace, "duplicate", is_pair);
    workspace.decided(&["decide", &pair, "merge", "--reason", "confirmed-by-customer"]);
    let after = workspace.done(&["evaluate", truth, "--json"]).object();
    assert_ne!(after["customers"], found["customers"]);
    assert_eq!((&after["auto"], &after["proposed"]), (&found["auto"], &found["proposed"]));
}

#[test]
fn an_evaluation_is_told_to_people_and_says_what_is_wrong_with_a_truth() {
    let workspace = Workspace::matched(60);
    let truth = sample("truth.csv");
    let ran = workspace.done(&["evaluate", truth.to_str().unwrap()]);
    for name in ["customers", "auto", "proposed", ">= 0.5"] {
        assert!(ran.out.contains(name), "{name}: {}", ran.out);
    }
    assert!(ran.err.contains("ids of the truth match no record"), "{}", ran.err);
    for (truth, says) in [("", "no column `id`"), ("id,group\ncrm:1001,A\n", "cluster")] {
        workspace.write("truth.csv", truth);
        let ran = workspace.run(&["evaluate", "truth.csv"]);
        assert!(matches!(ran.code, Some(1 | 2)), "{says}: {}", ran.out);
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
    }
}

#[test]
fn what_is_decided_is_exported_can_be_taken_back_and_is_replayed() {
    let workspace = Workspace::of_sample();
    let (untouched, waiting) = (workspace.picture(), queue(&workspace));
    let decisions = decide_everything(&workspace);
    let log = workspace.rows("decisions");
    let verdicts: Vec<&str> = log.iter().map(|row| text(row, "verdict")).collect();
    let expected =
        ["merge", "not-a-match", "accept", "waive", "correct", "pin", "unmerge", "undo", "merge"];
    assert_eq!(verdicts, expected);
    for (row, id) in log.iter().zip(&decisions) {
        assert_eq!(text(row, "decision"), id);
        assert_eq!(text(row, "hash").len(), 64);
    }
    let corrected = workspace.rows("corrections");
    assert!(corrected.iter().any(|row| row["corrected"] == "Lille"), "{corrected:?}");

    // The view is rebuilt from the ledger and every export is the same.
    let verified = workspace.verified();
    let before = exported(&workspace);
    workspace.done(&["rebuild"]);
    for ((dataset, before), (_, after)) in before.iter().zip(exported(&workspace)) {
        assert!(*before == after, "{dataset} differs after a rebuild");
    }
    workspace.done(&["verify", "--expect", text(&verified, "hash")]);

    // Taken back one by one, latest first, nothing is left of them.
    for id in decisions.iter().rev() {
        if !["D7", "D8"].contains(&id.as_str()) {
            workspace.done(&["undo", id]);
        }
    }
    assert_eq!(workspace.picture(), untouched);
    assert_eq!(queue(&workspace), waiting, "every task waits again");
    workspace.verified();
}

/// The tasks that wait, and for what.
fn queue(workspace: &Workspace) -> BTreeSet<String> {
    let tasks = workspace.done(&["tasks", "--json"]).objects();
    let told =
        tasks.iter().map(|task| ["id", "kind", "state", "reason"].map(|key| text(task, key)));
    told.map(|parts| parts.join(" ")).collect()
}

/// One decision of each kind; the unmerge is undone. Gives their ids in order.
fn decide_everything(workspace: &Workspace) -> Vec<String> {
    let pair = task(workspace, "duplicate", is_pair);
    let mut made = vec![workspace.decided(&["decide", &pair, "merge", "--note", "asked her"])];
    let pair = task(workspace, "duplicate", is_pair);
    made.push(workspace.decided(&["decide", &pair, "not-a-match", "--reason", "household"]));
    // A slip in a domain has a suggestion.
    let slips = workspace.tasks("invalid").into_iter();
    let mut slips = slips.filter(|task| text(task, "reason").contains("(email-domain)"));
    let suggested = slips.find(|task| {
        let shown = workspace.show(text(task, "id"));
        list(&shown, "violations").iter().all(|it| it["suggestion"].is_string())
    });
    let suggested = suggested.expect("a task whose every violation has a suggestion");
    made.push(workspace.decided(&["decide", text(&suggested, "id"), "accept"]));
    let invalid = task(workspace, "invalid", |_| true);
    let refusal = workspace.refused(&["decide", &invalid, "waive"]);
    assert_eq!(refusal["refusal"], "reason-required", "{refusal}");
    made.push(workspace.decided(&["decide", &invalid, "waive", "--reason", "known-exception"]));
    assert!(workspace.rows("violations").iter().any(|row| row["waived_by"] == made[3].as_str()));
    made.push(workspace.decided(&["fix", "crm:1001", "--set", "city=Lille"]));
    let customer = workspace.customer("crm:1001");
    made.push(workspace.decided(&["fix", &customer, "--set", "occupation=Potter"]));
    let golden = workspace.rows("golden");
    let merged = golden.iter().rfind(|row| list(row, "members").len() == 2);
    let merged = merged.expect("the machine merged a pair");
    let leaving = merged["members"][1].as_str().unwrap();
    let before = workspace.picture();
    made.push(workspace.decided(&["unmerge", text(merged, "customer"), leaving]));
    assert_ne!(workspace.picture(), before);
    made.push(workspace.decided(&["undo", &made[6]]));
    assert_eq!(workspace.picture(), before);
    let (one, other) = ("crm:1003", "webshop:88003");
    made.push(workspace.decided(&["merge", one, other, "--reason", "confirmed-by-customer"]));
    assert_eq!(workspace.customer(one), workspace.customer(other));
    made
}

#[test]
fn an_export_to_a_file_is_whole_and_recorded() {
    let workspace = Workspace::matched(60);
    let before = workspace.verified();
    let told = workspace.done(&["export", "golden", "-o", "golden.jsonl", "--json"]).object();
    assert_eq!(told["up_to"], before["head"], "{told}");
    assert_eq!(told["hash"], before["hash"], "{told}");
    let written = std::fs::read_to_string(workspace.path("golden.jsonl")).unwrap();
    assert_eq!(written.lines().count() as u64, told["rows"].as_u64().unwrap());
    let first: Value = serde_json::from_str(written.lines().next().unwrap()).unwrap();
    assert_eq!(text(&first, "customer"), "C1");
    let head = |report: &Value| report["head"].as_u64().unwrap();
    assert_eq!(head(&workspace.verified()), head(&before) + 2, "its beginning and its end");
    workspace.done(&["export", "golden", "-o", "dry.csv", "--dry-run"]);
    assert!(!workspace.path("dry.csv").exists());
    assert_eq!(head(&workspace.verified()), head(&before) + 2);
    let ran = workspace.run(&["export", "golden", "-o", "no/such/folder.csv"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(head(&workspace.verified()), head(&before) + 2, "nothing left, nothing recorded");
    // Who received what is now taken back is said.
    let decided = workspace.decided(&["fix", "crm:1001", "--set", "city=Lille"]);
    workspace.done(&["export", "golden", "-o", "newsletter.csv"]);
    let ran = workspace.done(&["undo", &decided]);
    assert!(ran.err.contains("newsletter.csv"), "{}", ran.err);
}
