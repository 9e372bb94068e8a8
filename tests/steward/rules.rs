//! Violations, quarantine and columns, as people find them listed.

use serde_json::{Value, json};

use crate::workspace::{Workspace, list, text};

const SETTINGS: &str = r#"
[workspace]
name = "test rules"
region = "US"
[fields.given_name]
type = "given_name"
[fields.email]
type = "email"
[fields.birth_date]
type = "date_of_birth"
sensitive = true
[fields.street]
type = "street"
[fields.worth]
type = "number"
[sources.crm]
key = "id"
updated = "changed"
map = { given_name = "name", email = "mail", birth_date = "born", street = ["road", "number"], worth = "worth" }
[queue]
stake = "worth"
due = { invalid = 3 }
[[rules]]
id = "birth-format"
field = "birth_date"
check = "format"
severity = "error"
message = "no date"
[[rules]]
id = "email-format"
field = "email"
check = "format"
severity = "error"
message = "no address"
[[rules]]
id = "email-unique"
field = "email"
check = "unique"
severity = "warn"
message = "held by another"
[[rules]]
id = "email-fresh"
field = "email"
check = "fresh"
days = 30
severity = "error"
message = "too old"
"#;
const HEADER: &str = "id,name,mail,born,road,number,worth,changed,extra";
const ANN: &str = "1,Ann,ann@example.com,31.31.1999,Rose Lane,12,70,2099-01-01,x";
const OLD: &str = "2,Bob,bob@example.com,1980-01-01,Oak Road,3,,2001-01-01,y";
const TWIN: &str = "3,Rob,bob@example.com,1981-01-01,Oak Road,4,,whenever,z";

fn workspace(rows: &[&str]) -> Workspace {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    workspace.done(&["init"]);
    workspace.import_bytes("crm.csv", "crm", file(rows));
    workspace
}

fn file(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn rules(violations: &[Value]) -> Vec<&str> {
    violations.iter().map(|violation| text(violation, "rule")).collect()
}

#[test]
fn a_value_that_is_too_old_makes_a_task_and_is_listed_everywhere() {
    let workspace = workspace(&[ANN, OLD, TWIN]);
    let tasks = workspace.tasks("invalid");
    let [birth, old] = &tasks[..] else { panic!("{tasks:?}") };
    assert_eq!(birth["rule"], json!(["birth-format"]));
    assert_eq!((&old["rule"], text(old, "state")), (&json!(["email-fresh"]), "open"), "{old}");
    for id in ["crm:2", "C2"] {
        let shown = workspace.show(id);
        let found = rules(list(&shown, "violations"));
        for rule in ["email-unique", "email-fresh"] {
            assert!(found.contains(&rule), "{id}: {found:?}");
        }
    }
    let exported = workspace.rows("violations");
    let fresh: Vec<_> = exported.iter().filter(|row| row["rule"] == "email-fresh").collect();
    assert_eq!(fresh.len(), 1, "{fresh:?}");
    assert_eq!((&fresh[0]["record"], &fresh[0]["reaches_golden"]), (&json!("crm:2"), &json!(true)));

    // What a person puts there is no statement of the source.
    let fix = workspace.decided(&["fix", "crm:2", "--set", "email=bob@example.org"]);
    assert_eq!(workspace.tasks("invalid").len(), 1);
    workspace.done(&["undo", &fix]);
    let [_, again] = &workspace.tasks("invalid")[..] else { panic!("it is asked about again") };
    workspace.decided(&["decide", text(again, "id"), "waive", "--reason", "known"]);
    assert_eq!(workspace.tasks("invalid").len(), 1);
    assert!(workspace.done(&["show", "crm:2"]).out.contains("waived by D3"));
}

#[test]
fn what_cannot_be_read_can_be_waived_though_it_reaches_no_golden_record() {
    let workspace = workspace(&[
        "1,Ann,nope,31.31.1999,Rose Lane,12,70,2099-01-01,x",
        "4,Ann,,1999-01-01,Rose Lane,12,,2099-01-01,",
    ]);
    workspace.decided(&["merge", "crm:1", "crm:4"]);
    let task = text(&workspace.tasks("invalid")[0], "id").to_owned();
    let of_birth = |violations: &[Value]| {
        let found = violations.iter().find(|it| it["rule"] == "birth-format").cloned();
        found.expect("it is listed")
    };
    let listed = of_birth(list(&workspace.show(&task), "violations"));
    assert!(listed["waived"].is_null(), "{listed}");
    let waive = ["decide", &task, "waive", "--rule", "birth-format", "--reason", "known"];
    let done = workspace.decided(&waive);
    for id in [task.as_str(), "crm:1"] {
        let listed = of_birth(list(&workspace.show(id), "violations"));
        assert_eq!(text(&listed, "waived"), done, "{id}: {listed}");
    }
    let exported = workspace.rows("violations");
    let birth = exported.iter().find(|row| row["rule"] == "birth-format").unwrap();
    assert_eq!((&birth["reaches_golden"], text(birth, "waived_by")), (&json!(false), &*done));
    workspace.done(&["undo", &done]);
    assert!(of_birth(list(&workspace.show("crm:1"), "violations"))["waived"].is_null());
}

#[test]
fn parts_of_a_field_are_told_as_parts() {
    let workspace = workspace(&[ANN, TWIN]);
    let shown = workspace.show("crm:1");
    assert_eq!(shown["unmapped"], json!({"extra": "x"}));
    let parts: Vec<(&str, &str)> =
        list(&shown, "parts").iter().map(|it| (text(it, "column"), text(it, "of"))).collect();
    assert_eq!(parts, [("road", "street"), ("number", "street")]);
    let told = workspace.done(&["show", "crm:1"]).out;
    assert_eq!(told.matches("not mapped").count(), 1, "{told}");
    assert!(told.contains("part of street"), "{told}");
    assert!(workspace.done(&["show", "crm:3"]).out.contains("cannot be read as a time"));
    let records = workspace.rows("records");
    assert_eq!(records[0]["unmapped"], json!({"extra": "x"}));
    assert_eq!(records[0]["parts"], json!({"number": "12", "road": "Rose Lane"}));
}

#[test]
fn every_column_of_a_filter_is_in_the_list_of_tasks() {
    let workspace = workspace(&[ANN]);
    let task = &workspace.tasks("invalid")[0];
    assert_eq!(task["stake"], 70.0, "{task}");
    assert!(text(task, "due") > text(task, "opened"), "{task}");
    assert_eq!(
        (&task["count"], &task["age"], &task["mine"]),
        (&json!(1), &json!(0), &json!(false))
    );
    assert_eq!(task["source"], json!(["crm"]));
    let help = workspace.done(&["tasks", "--help"]).out;
    let columns = help.split("Columns for --where:").nth(1).unwrap();
    for column in columns.split(['.', ',']).map(str::trim).filter(|name| !name.is_empty()).take(18)
    {
        assert!(task.get(column).is_some(), "{column}: {task}");
    }
    let id = text(task, "id");
    workspace.decided(&["decide", id, "escalate", "--to", "kim", "--note", "is that so?"]);
    let task = &workspace.tasks("invalid")[0];
    assert_eq!((text(task, "to"), text(task, "assignee")), ("kim", "kim"));
}

#[test]
fn a_row_that_came_again_mended_leaves_the_quarantine_and_stays_in_the_history() {
    let ragged = |row: &str| format!("{row},,,,,,,,,,,more");
    let (cora, eve) = (ragged("9,Cora,cora@example.com"), ragged("8,Eve,eve@example.com"));
    let workspace = workspace(&[ANN, &cora, &eve, &ragged(ANN)]);
    let aside = || workspace.rows("quarantine");
    assert_eq!(aside().len(), 3);
    // Another name, the row mended.
    let mended = "9,Cora,cora@example.com,1970-01-01,Elm Road,1,,2099-01-01,";
    workspace.import_bytes("mended.csv", "crm", file(&[mended]));
    let left: Vec<u64> = aside().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(left, [4, 5]);
    workspace.import_bytes("again.csv", "crm", file(&[ANN]));
    let left: Vec<u64> = aside().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(left, [4], "the same row as is known counts as well");
    let events = workspace.done(&["export", "events", "--format", "jsonl"]).out;
    assert_eq!(events.matches("row_quarantined").count(), 3, "history is kept");
    assert_eq!(workspace.verified()["view"], "same");
    workspace.done(&["rebuild"]);
    assert_eq!(aside().len(), 1);
}

#[test]
fn a_customer_that_is_set_aside_leaves_no_empty_row() {
    let workspace = workspace(&[ANN, TWIN]);
    let task = text(&workspace.tasks("invalid")[0], "id").to_owned();
    let done = workspace.decided(&["decide", &task, "quarantine"]);
    let named = |dataset: &str| -> Vec<String> {
        let rows = workspace.rows(dataset);
        rows.iter().map(|row| text(row, "customer").to_owned()).collect()
    };
    assert_eq!((named("golden"), named("xref")), (vec!["C2".to_owned()], vec!["C2".to_owned()]));
    assert_eq!(workspace.rows("records").len(), 2, "what was delivered is there");
    assert_eq!(workspace.rows("quarantine").len(), 1);
    workspace.done(&["undo", &done]);
    assert_eq!((named("golden").len(), named("xref").len()), (2, 2));
}
