//! Undo gives back who is whose and what survives, byte for byte.

use serde_json::json;

use crate::people::{file, nobody};
use crate::workspace::{Workspace, list, text};

const THREE: [&str; 3] = [
    "1,Thomas,Oakhollow,thomas@example.com,+12175550104,1984-03-12,12 Rose Lane,Springfield,2012-05-06,2026-03-02",
    "2,Tom,Oakhollow,,,1984-03-12,12 Rose Lane,Springfield,,2026-04-02",
    "3,Theo,Oakhollow,theo@example.com,,2011-07-30,12 Rose Lane,Springfield,,2026-05-02",
];

fn three() -> Workspace {
    let workspace = nobody();
    workspace.import_bytes("crm.csv", "crm", file(&THREE));
    workspace
}

/// Decides, sees that it changed something, takes it back, and gives the decision.
fn there_and_back(workspace: &Workspace, decision: &[&str]) -> String {
    let before = workspace.picture();
    let id = workspace.decided(decision);
    assert_ne!(workspace.picture(), before, "{decision:?} changes something");
    workspace.done(&["undo", &id]);
    assert_eq!(workspace.picture(), before, "{decision:?}");
    id
}

#[test]
fn of_a_merge() {
    let workspace = three();
    there_and_back(&workspace, &["merge", "crm:1", "crm:2", "crm:3"]);
    // What was picked on the way goes with it.
    let picked = ["--pick", "email=crm:3", "--set", "city=Decatur"];
    there_and_back(&workspace, &[&["merge", "crm:1", "crm:3"][..], &picked].concat());
    there_and_back(&workspace, &["merge", "C1", "C2", "--into", "C2"]);
    workspace.verified();
}

#[test]
fn of_a_correction_and_of_a_pin() {
    let workspace = three();
    there_and_back(
        &workspace,
        &["fix", "crm:1", "--set", "given_name=Tomas", "--set", "city=Lille"],
    );
    there_and_back(&workspace, &["fix", "C1", "--set", "city=Decatur"]);
    let merged = workspace.decided(&["merge", "crm:1", "crm:3"]);
    there_and_back(&workspace, &["fix", "C1", "--pick", "email=crm:3"]);
    // A second pin of the field: undo gives the first one back, not survivorship.
    workspace.decided(&["fix", "C1", "--set", "city=Decatur"]);
    there_and_back(&workspace, &["fix", "C1", "--set", "city=Omaha"]);
    there_and_back(&workspace, &["fix", "C1", "--set", "city="]);
    assert_eq!(workspace.refused(&["undo", &merged])["refusal"], "depended-on");
}

/// The customers of a task of three, and the task.
fn task_of_three(workspace: &Workspace) -> (String, usize) {
    let tasks = workspace.tasks("duplicate");
    let task = tasks.iter().find(|task| list(task, "subjects").len() >= 3);
    let task = task.expect("the sample has households");
    (text(task, "id").to_owned(), list(task, "subjects").len())
}

#[test]
fn of_a_partition() {
    let workspace = Workspace::of_sample();
    let (task, customers) = task_of_three(&workspace);
    let before = (workspace.picture(), workspace.tasks("duplicate").len());
    let rest = ["--rest", "not-a-match", "--reason", "household"];
    // A rule may stand against a pair of them; another pair is a partition as well.
    let pairs = [["A,B"], ["A,C"], ["B,C"]];
    let decision = pairs.iter().find_map(|[members]| {
        let arguments =
            [&["decide", &task, "merge", "--members", members, "--json"][..], &rest].concat();
        let ran = workspace.run(&arguments);
        (ran.code == Some(0)).then(|| text(&ran.object(), "decision").to_owned())
    });
    let decision = decision.expect("two of them can be merged");
    assert_ne!(workspace.picture(), before.0);
    let made = workspace.show(&decision);
    assert_eq!(text(&made, "task"), task);
    assert!(list(&made, "subjects").len() >= customers, "{made}");
    workspace.done(&["undo", &decision]);
    assert_eq!((workspace.picture(), workspace.tasks("duplicate").len()), before);
    let state = workspace.show(&task)["state"].clone();
    assert_eq!(state, "open");
    // No constraint is left: all of them can be named one.
    let all = workspace.run(&["decide", &task, "merge", "--dry-run", "--json"]);
    assert_ne!(all.code.map(|_| all.err.contains("not-a-match-stands")), Some(true), "{}", all.err);
}

#[test]
fn of_two_groups_decided_at_once() {
    let workspace = nobody();
    let twice = |key: &str, name: &str| {
        format!(
            "{key},{name},Oakhollow,{name}@example.com,+12175550104,1984-03-12,12 Rose Lane,Springfield,,"
        )
    };
    let rows = [twice("1", "Tom"), twice("2", "Tom"), twice("3", "Theo"), twice("4", "Theo")];
    workspace.import_bytes("crm.csv", "crm", file(&rows.each_ref().map(String::as_str)));
    workspace.done(&["match"]);
    let Some(task) = workspace.tasks("duplicate").into_iter().next() else {
        panic!("alike enough for a task: {}", workspace.export("pairs"))
    };
    let before = workspace.picture();
    let id = text(&task, "id");
    let decision = workspace.decided(&["decide", id, "merge", "--members", "A", "--members", "B"]);
    workspace.done(&["undo", &decision]);
    assert_eq!(workspace.picture(), before);
}

#[test]
fn what_builds_on_a_decision_is_named_and_goes_with_it_when_told() {
    let workspace = three();
    let before = workspace.picture();
    let first = workspace.decided(&["merge", "C1", "C2"]);
    let second = workspace.decided(&["merge", "C1", "C3"]);
    let both = workspace.picture();
    let refusal = workspace.refused(&["undo", &first]);
    assert_eq!(refusal["refusal"], "depended-on");
    assert_eq!(refusal["on"][0]["decision"], json!(second), "{refusal}");
    assert!(text(&refusal, "error").contains("--with-dependents"), "{refusal}");
    assert_eq!(workspace.picture(), both, "a refusal changes nothing");

    let undone = workspace.decided(&["undo", &first, "--with-dependents"]);
    assert_eq!(workspace.picture(), before);
    for decision in [&first, &second] {
        let state = workspace.run(&["undo", decision]);
        assert_eq!(state.code, Some(4), "{decision} was undone already: {}", state.err);
    }
    // Redo is undoing the undo.
    workspace.done(&["undo", &undone]);
    assert_eq!(workspace.picture(), both);
    workspace.verified();
}
