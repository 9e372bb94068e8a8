//! A value that is none is removed, from the command line: one, those of many tasks, those of a field.

use crate::workspace::{Workspace, list, text};

const SETTINGS: &str = r#"[workspace]
name = "a"
region = "US"
[fields.family_name]
type = "family_name"
[fields.email]
type = "email"
[fields.consent]
type = "consent"
[sources.crm]
key = "id"
map = { family_name = "last", email = "mail", consent = "ok" }
[[rules]]
id = "no-mailbox"
field = "email"
check = "not_default"
values = ["no@no.com"]
severity = "error"
remedy = "remove it"
[[rules]]
id = "consent-known"
field = "consent"
check = "one_of"
values = ["yes", "no"]
severity = "error"
remedy = "treat it as a refusal: set it to no"
"#;

const CRM: &str = "id,last,mail,ok\n1,Tarn,no@no.com,yes\n2,Wold,no@no.com,yes\n\
    3,Lund,lund@example.com,yes\n4,Moss,no@no.com,maybe\n";

fn workspace() -> Workspace {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    workspace.done(&["init"]);
    workspace.import_bytes("crm.csv", "crm", CRM);
    workspace
}

#[test]
fn one_value_is_removed_shown_as_that_exported_and_undone() {
    let workspace = workspace();
    let refused = workspace.run(&["fix", "crm:3", "--set", "email="]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("--clear email removes the value"), "{}", refused.err);
    let refused = workspace.run(&["fix", "C3", "--clear", "email"]);
    assert!(refused.err.contains("--clear works on a record"), "{}", refused.err);

    let golden = || workspace.done(&["export", "golden"]).out;
    let before = golden();
    let foreseen = workspace.done(&["fix", "crm:3", "--clear", "email", "--dry-run"]);
    assert!(foreseen.out.contains("removed email of crm:3"), "{}", foreseen.out);
    assert_eq!(golden(), before);
    workspace.done(&["fix", "crm:3", "--clear", "email", "--note", "left the company"]);
    assert!(!golden().contains("lund@example.com"));
    let shown = workspace.done(&["show", "crm:3"]).out;
    assert!(shown.contains("removed by D1; delivered: lund@example.com"), "{shown}");
    assert!(shown.contains("removed email of crm:3"), "{shown}");
    let decision = workspace.done(&["show", "D1"]).out;
    assert!(decision.contains("removed: email"), "{decision}");
    let [correction] = &workspace.rows("corrections")[..] else { panic!("one correction") };
    assert_eq!((&correction["corrected"], &correction["removed"]), (&().into(), &true.into()));
    assert_eq!(text(correction, "delivered"), "lund@example.com");

    // The same delivery changes nothing; undo brings back what was.
    workspace.import_bytes("again.csv", "crm", CRM);
    assert!(!golden().contains("lund@example.com"));
    workspace.done(&["undo", "D1"]);
    assert_eq!(golden(), before);
    workspace.done(&["verify"]);
    // A correction is taken back by name.
    workspace.done(&["fix", "crm:3", "--clear", "email"]);
    workspace.done(&["fix", "crm:3", "--withdraw", "email"]);
    assert_eq!(golden(), before);
}

#[test]
fn what_a_remedy_says_is_suggested_and_many_are_mended_at_once() {
    let workspace = workspace();
    let tasks = workspace.done(&["tasks"]);
    assert_eq!(tasks.out.lines().filter(|line| line.contains("invalid")).count(), 3);
    let shown = workspace.done(&["show", "crm:4"]).out;
    assert!(shown.contains("(remove it); suggested: remove it"), "{shown}");
    assert!(shown.contains("suggested: no"), "the remedy sets it: {shown}");
    let foreseen = workspace.done(&[
        "decide",
        "--where",
        "rule = no-mailbox",
        "correct",
        "--clear",
        "email",
        "--dry-run",
    ]);
    assert!(foreseen.out.contains("removed email of crm:1"), "{}", foreseen.out);
    workspace.done(&["decide", "--where", "kind = invalid", "accept", "--yes"]);
    let rows = workspace.rows("records");
    let of = |column: &str| -> Vec<_> { rows.iter().map(|row| row[column].clone()).collect() };
    let kept = &of("email")[2];
    assert_eq!(of("email"), [().into(), ().into(), kept.clone(), ().into()]);
    assert_eq!(of("consent")[3], "no");
    workspace.done(&["undo", "B1"]);
    assert_eq!(workspace.done(&["tasks"]).out.lines().count(), tasks.out.lines().count());

    // The same from the values of a field.
    let refused = workspace.run(&["values", "email", "--correct", "no@no.com"]);
    assert!(refused.err.contains("--clear"), "{}", refused.err);
    let done = workspace.done(&[
        "values",
        "email",
        "--correct",
        "no@no.com",
        "--clear",
        "--yes",
        "--json",
    ]);
    assert_eq!(list(&done.object(), "records").len(), 3);
    assert_eq!(workspace.rows("corrections").len(), 3);
}

#[test]
fn what_a_bulk_changed_is_masked_in_every_history() {
    let workspace = workspace();
    let sensitive =
        SETTINGS.replacen("type = \"email\"\n", "type = \"email\"\nsensitive = true\n", 1);
    workspace.write("steward.toml", &sensitive);
    let many = ["decide", "--where", "rule = no-mailbox", "correct", "--clear", "email", "--yes"];
    workspace.done(&many);
    let undone = workspace.done(&["undo", "B1", "--json"]).out;
    assert!(!undone.contains("no@no.com"), "{undone}");
    for of in ["crm:1", "crm:2", "D3", "D4", &workspace.customer("crm:1")] {
        for json in [&[][..], &["--json"]] {
            for command in ["history", "show"] {
                let ran = workspace.run(&[&[command, of][..], json].concat());
                assert!(!ran.out.contains("no@no.com"), "{command} {of}: {}", ran.out);
            }
        }
    }
    let told = workspace.done(&["history", "crm:1"]).out;
    assert!(told.contains("email of crm:1: (none) -> "), "the owner is told: {told}");
}
