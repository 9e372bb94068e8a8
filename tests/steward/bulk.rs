//! Many tasks decided at once from the command line: judged first, confirmed, each by itself.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::workspace::{Workspace, text};

/// The sample with its duplicates, and how many there are.
fn sampled() -> (Workspace, usize) {
    let workspace = Workspace::of_sample();
    let tasks = workspace.tasks("duplicate").len();
    assert!(tasks > 5, "{tasks}");
    (workspace, tasks)
}

const ALL: [&str; 3] = ["decide", "--where", "kind = duplicate"];

#[test]
fn a_filter_and_a_verdict_are_foreseen_confirmed_and_taken_back_as_a_whole() {
    let (workspace, tasks) = sampled();
    let before = workspace.picture();
    let foreseen = workspace.done(&[&ALL[..], &["not-a-match", "--dry-run", "--json"]].concat());
    assert_eq!(foreseen.objects().len(), tasks);
    assert!(foreseen.objects().iter().all(|line| line["dry_run"] == true));
    let unconfirmed = workspace.run(&[&ALL[..], &["not-a-match"]].concat());
    assert_eq!(unconfirmed.code, Some(2), "{}", unconfirmed.err);
    assert!(unconfirmed.err.contains("pass --yes"), "{}", unconfirmed.err);
    assert_eq!(workspace.picture(), before);
    assert!(workspace.rows("decisions").is_empty(), "nothing was decided");

    let done = workspace.done(&[&ALL[..], &["not-a-match", "--yes", "--json"]].concat());
    let lines = done.objects();
    let decided: Vec<&Value> = lines.iter().filter(|line| line["decision"].is_string()).collect();
    assert!(!decided.is_empty() && decided.iter().all(|line| line["bulk"] == "B1"), "{lines:?}");
    // A pair that two tasks share is decided by the first: the other one is skipped and says so.
    let skipped = lines.iter().filter(|line| line["refused"].is_string()).count();
    assert_eq!(decided.len() + skipped, tasks);
    let rows = workspace.rows("decisions");
    assert!(rows.iter().all(|row| row["bulk"] == "B1"), "each is a decision of its own");
    // One by one, then all that is left.
    workspace.done(&["undo", text(decided[0], "decision")]);
    assert_eq!(workspace.tasks("duplicate").len(), tasks - decided.len() + 1);
    workspace.done(&["undo", "B1"]);
    assert_eq!(workspace.tasks("duplicate").len(), tasks);
    assert_eq!(workspace.picture(), before);
    workspace.verified();
}

#[test]
fn what_a_single_decision_may_not_is_skipped_and_listed() {
    let (workspace, tasks) = sampled();
    let merged = workspace.run(&[&ALL[..], &["merge", "--yes", "--strict"]].concat());
    let left = workspace.tasks("duplicate").len();
    assert!(left > 0 && left < tasks, "{left} of {tasks}: {}", merged.err);
    assert_eq!(merged.code, Some(3), "{}{}", merged.out, merged.err);
    assert!(merged.out.starts_with("B1 "), "{}", merged.out);
    assert!(merged.err.contains("skipped"), "{}", merged.err);
    // None of those left is one that would have been merged.
    let again = workspace.run(&[&ALL[..], &["merge", "--yes"]].concat());
    assert_eq!(again.code, Some(4), "{}{}", again.out, again.err);
    assert_eq!(workspace.tasks("duplicate").len(), left);
    let refused = workspace.refused(&[&ALL[..], &["accept", "--yes"]].concat());
    assert!(text(&refused, "error").contains("would be refused"), "{refused}");
}

#[test]
fn a_file_says_what_is_decided_of_each_task() {
    let (workspace, _) = sampled();
    let tasks = workspace.tasks("duplicate");
    let ids: Vec<&str> = tasks.iter().take(3).map(|task| text(task, "id")).collect();
    let csv = format!(
        "task,verdict,members,reason,note,until,version\n{},not-a-match,\"A,B\",,\"not one, surely\",,{}\n\
         {},defer,,,,2099-01-01,\n{},escalate,,,,,\n",
        ids[0], tasks[0]["version"], ids[1], ids[2]
    );
    workspace.write("verdicts.csv", &csv);
    let ran = workspace.run(&["decide", "--from", "verdicts.csv", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("2 tasks decided, 1 skipped"), "{}", ran.out);
    assert!(ran.err.contains("who to ask"), "{}", ran.err);
    let rows = workspace.rows("decisions");
    assert_eq!(rows[0]["note"], "not one, surely");
    assert_eq!(
        workspace.tasks("duplicate").iter().filter(|it| it["state"] == "deferred").count(),
        1
    );

    workspace.write("wrong.csv", "task,verdict\nT1,defer\nT2,perhaps\n");
    let wrong = workspace.run(&["decide", "--from", "wrong.csv", "--yes"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    assert!(
        wrong.err.contains("line 3") && wrong.err.contains("nothing was decided"),
        "{}",
        wrong.err
    );
    workspace.write("unknown.csv", "task,verdict,colour\nT1,keep,red\n");
    assert_eq!(workspace.run(&["decide", "--from", "unknown.csv", "--yes"]).code, Some(2));
    assert_eq!(workspace.rows("decisions").len(), 2);
}

#[test]
fn lines_of_json_come_from_standard_input() {
    let (workspace, _) = sampled();
    let tasks = workspace.tasks("duplicate");
    let id = text(&tasks[0], "id");
    let mut child = workspace
        .process()
        .args(["decide", "--from", "-", "--yes", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let line =
        format!("{{\"task\":\"{id}\",\"verdict\":\"not-a-match\",\"members\":[\"A\",\"B\"]}}\n");
    child.stdin.take().expect("piped").write_all(line.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("ended");
    assert!(output.status.success());
    let told: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!((told["task"].as_str(), told["bulk"].as_str()), (Some(id), Some("B1")));
}

#[test]
fn flags_that_say_nothing_about_many_tasks_are_mistakes() {
    let workspace = Workspace::matched(10);
    for arguments in [
        &["decide"][..],
        &["decide", "T1"],
        &["decide", "--where", "kind = duplicate"],
        &["decide", "--where", "kind = duplicate", "T1", "merge"],
        &["decide", "--where", "colour = red", "merge"],
        &["decide", "--where", "kind = duplicate", "merge", "--members", "A,B"],
        &["decide", "--where", "kind = duplicate", "defer"],
        &["decide", "--where", "kind = duplicate", "--from", "a.csv"],
        &["decide", "--where", "id = T99999", "merge", "--yes"],
    ] {
        let ran = workspace.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{arguments:?}");
    }
    let nothing = workspace.done(&["decide", "--where", "kind = vanished", "merge", "--yes"]);
    assert!(nothing.err.contains("nothing was decided"), "{}", nothing.err);
}

#[test]
fn tasks_are_listed_by_every_column() {
    let (workspace, tasks) = sampled();
    let count =
        |filter: &str| workspace.done(&["tasks", "--where", filter, "--json"]).objects().len();
    assert_eq!(count("kind = duplicate and mine = no"), tasks);
    assert_eq!(count("kind = duplicate and pattern is not empty"), tasks);
    assert_eq!(
        count("kind = duplicate and (source ~ crm or source ~ webshop or source ~ support)"),
        tasks
    );
    let wrong = workspace.run(&["tasks", "--where", "kind = duplicate and colour = red"]);
    assert!(wrong.err.contains("tasks have no `colour`"), "{}", wrong.err);
    assert!(wrong.err.contains("column 22:"), "{}", wrong.err);
}
