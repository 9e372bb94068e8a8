//! A match from within the review: decisions go on meanwhile, and a stopped one is completed by the
//! next.

use std::time::Duration;

use crate::screen::Terminal;
use crate::workspace::Workspace;

/// Progress is shown five times a second: the screen is not still for longer while a match runs.
const BRIEFLY: Duration = Duration::from_millis(60);

/// More people than the sample has, imported and not matched.
fn unmatched() -> Workspace {
    let workspace = Workspace::empty();
    workspace.done(&["sample", "--customers", "1500", "--seed", "7", "-o", "more"]);
    for (file, source) in
        [("crm.csv", "crm"), ("webshop.csv", "webshop"), ("support.jsonl", "support")]
    {
        workspace.import_file(&workspace.path("more").join(file), source);
    }
    workspace
}

/// The review, in front of its queue.
fn review(workspace: &Workspace) -> Terminal {
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["review"]);
    terminal.until_shown(&["sample customers", "order: best next"]);
    terminal
}

/// The commits that hold an event of that kind, in order.
fn commits_with(workspace: &Workspace, kind: &str) -> Vec<u64> {
    let events = workspace.done(&["export", "events", "--format", "jsonl"]).objects();
    let mut commits: Vec<u64> = events
        .iter()
        .filter(|event| event["kind"] == kind)
        .map(|event| event["sequence"].as_u64().unwrap())
        .collect();
    commits.dedup();
    commits
}

#[test]
fn decisions_go_on_while_a_match_runs_and_its_tasks_wait() {
    let workspace = unmatched();
    let mut terminal = review(&workspace);
    terminal.press("\r");
    terminal.until_shown(&["invalid", "defer"]);
    // In one go: the decision is asked for while the match has hardly begun.
    terminal.press("gmd1");
    let shown = terminal.settled(BRIEFLY, |shown| shown.contains("D1 deferred"));
    assert!(shown.contains("D1 deferred"), "{shown}");
    terminal.press("gq");
    terminal.until_shown(&["customers merged away", "tasks opened", "new ", ": R"]);
    terminal.press("R");
    terminal.until("the new tasks", |shown| shown.contains("duplicate") && !shown.contains(": R"));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    workspace.verified();

    let [decided] = commits_with(&workspace, "decision_made")[..] else { panic!("one decision") };
    let [finished] = commits_with(&workspace, "match_finished")[..] else { panic!("one match") };
    let opened = commits_with(&workspace, "task_changed");
    assert!(decided < finished);
    assert!(opened.iter().any(|opened| (decided..finished).contains(opened)), "{opened:?}");
}

#[test]
fn a_match_that_was_stopped_is_completed_by_the_next() {
    let workspace = unmatched();
    let undisturbed = workspace.copied();
    undisturbed.done(&["match"]);
    for stop in ["gx", "gi\x03", "gqqq"] {
        let mut terminal = review(&workspace);
        terminal.press("gm");
        terminal.press(stop);
        if stop != "gqqq" {
            terminal.until_shown(&["cancelled; the next match completes it"]);
            terminal.press("gqq");
        }
        assert_eq!(terminal.ended(), 0);
        workspace.verified();
        assert!(commits_with(&workspace, "match_finished").is_empty(), "{stop:?}");
    }
    workspace.done(&["match"]);
    assert_eq!(workspace.picture(), undisturbed.picture());
    workspace.verified();
}
