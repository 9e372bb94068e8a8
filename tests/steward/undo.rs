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
    workspace.decided(&["merge", "crm:1", "crm:3"]);
    there_and_back(&workspace, &["fix", "C1", "--pick", "email=crm:1"]);
    // A second pin of the field: undo gives the first one back, not survivorship.
    workspace.decided(&["fix", "C1", "--set", "city=Decatur"]);
    there_and_back(&workspace, &["fix", "C1", "--set", "city=Omaha"]);
    there_and_back(&workspace, &["fix", "C1", "--set", "city="]);
}

/// A task of three customers of which no rule keeps any two apart.
fn task_of_three(workspace: &Workspace) -> String {
    let fits = |task: &String| {
        let pairs = ["A,B", "A,C", "B,C"];
        pairs.iter().all(|pair| {
            let merge = ["decide", task, "merge", "--members", pair, "--dry-run"];
            workspace.run(&merge).code == Some(0)
        })
    };
    let tasks = workspace.tasks("duplicate");
    let of_three = tasks.iter().filter(|task| list(task, "subjects").len() == 3);
    let found = of_three.map(|task| text(task, "id").to_owned()).find(fits);
    found.expect("the sample has households")
}

#[test]
fn of_a_partition() {
    for split in [&["--members", "A,B", "--members", "C"][..], &["--members", "A,B"]] {
        let workspace = Workspace::of_sample();
        let task = task_of_three(&workspace);
        let before = (workspace.picture(), workspace.export("tasks").lines().count());
        let [a, b, c] = [0, 1, 2].map(|at| {
            let customers = list(&workspace.show(&task), "customers").to_vec();
            text(&customers[at], "id").to_owned()
        });
        let partition = [&["decide", &task, "merge"][..], split, &["--rest", "not-a-match"]];
        let decision = workspace.decided(&partition.concat());
        assert_ne!(workspace.picture(), before.0);
        assert_eq!(workspace.show(&b)["redirected_from"], json!(b), "{b} is one with {a}");
        let stands = workspace.refused(&["merge", &a, &c]);
        assert_eq!(stands["refusal"], "not-a-match-stands", "{stands}");
        assert_eq!(workspace.show(&task)["state"], "decided");

        workspace.done(&["undo", &decision]);
        assert_eq!((workspace.picture(), workspace.export("tasks").lines().count()), before);
        assert_eq!(workspace.show(&task)["state"], "open");
        // No constraint is left: the two that were put apart can be merged.
        workspace.done(&["merge", &a, &c, "--dry-run"]);
    }
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
    for way_out in ["--with-dependents", "--stay", "--move-back"] {
        assert!(text(&refusal, "error").contains(way_out), "{refusal}");
    }
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

#[test]
fn retired_ids_lead_to_where_their_records_moved_back() {
    let workspace = three();
    let first = workspace.decided(&["merge", "C1", "C2"]);
    let second = workspace.decided(&["merge", "C1", "C3"]);
    workspace.done(&["undo", &first, "--move-back", &second]);
    assert_eq!(workspace.customer("crm:3"), "C2");
    let seen = workspace.show("C3");
    assert_eq!((text(&seen, "id"), text(&seen, "redirected_from")), ("C2", "C3"));
    assert!(workspace.export("xref").contains("retired,,,,C3,C2"));
    workspace.verified();
}

#[test]
fn undo_and_redo_say_what_came_back() {
    let workspace = three();
    let merged = workspace.decided(&["merge", "C1", "C2"]);
    let said = workspace.done(&["undo", &merged]).out;
    assert!(said.starts_with("D2 undid D1 (merged 2 records into C1: "), "{said}");
    let said = workspace.done(&["undo", "D2"]).out;
    assert!(said.starts_with("D3 redid D1 (merged 2 records into C1: "), "{said}");
    let apart = workspace.decided(&["not-a-match", "C1", "C3"]);
    let said = workspace.done(&["undo", &apart]).out;
    let names_ids = ["(not a match: C1", "(not a match: C3"].iter().any(|ids| said.contains(ids));
    assert!(said.contains("(not a match: ") && !names_ids, "names, no ids: {said}");
    assert!(workspace.done(&["history"]).out.contains("D3 redid D1 (merged 2 records into C1)"));
}

#[test]
fn history_says_what_a_value_was_before_and_masks_it_where_it_must() {
    let workspace = three();
    workspace.decided(&["fix", "crm:1", "--set", "city=Lille"]);
    workspace.decided(&["fix", "C1", "--set", "city=Decatur"]);
    workspace.decided(&["fix", "crm:1", "--set", "birth_date=1984-12-03"]);
    let told = workspace.done(&["history", "C1"]).out;
    for line in
        ["city: Springfield -> Lille", "city: Lille -> Decatur", "birth_date: ****-**-** ->"]
    {
        assert!(told.contains(line), "{line}: {told}");
    }
    let plain = workspace.done(&["history", "crm:1", "--json"]).out;
    assert!(!plain.contains("1984-03-12") && !plain.contains("1984-12-03"), "{plain}");
}
