//! What is held, read by changed settings.

use crate::people::{HEADER, nobody};
use crate::workspace::{Workspace, text};

/// A workspace with 600 records, whose dates of birth could be read in two ways.
fn workspace() -> Workspace {
    let workspace = nobody();
    let row = |id: u32| format!("{id},Ada,Fern{id},a{id}@example.com,,03/04/1971,,Omaha,,\n");
    workspace.write("crm.csv", &format!("{HEADER}\n{}", (0..600).map(row).collect::<String>()));
    workspace.done(&["import", "crm.csv", "--source", "crm"]);
    workspace
}

fn day_first(workspace: &Workspace) {
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let settings = settings.replace("[sources.crm]\n", "[sources.crm]\ndates = \"day-first\"\n");
    workspace.adopt(&settings);
}

fn births(workspace: &Workspace, birth: &str) -> usize {
    let rows = workspace.rows("records");
    rows.iter().filter(|row| row.to_string().contains(birth)).count()
}

#[test]
fn held_values_are_read_again_and_taken_back() {
    let workspace = workspace();
    let nothing = workspace.done(&["reread"]);
    assert!(nothing.out.contains("crm: 600 records read, 0 changed"), "{}", nothing.out);
    assert!(nothing.err.contains("nothing changed, nothing was written"), "{}", nothing.err);

    day_first(&workspace);
    let foreseen = workspace.done(&["reread", "--dry-run", "--json"]).object();
    let told = workspace.done(&["reread", "--dry-run"]);
    assert!(told.out.contains("600 records read, 600 would change"), "{}", told.out);
    assert!(told.out.contains("by field: birth_date 600"), "{}", told.out);
    assert_eq!(births(&workspace, "1971-03-04"), 600);

    let done = workspace.done(&["reread", "--source", "crm", "--json"]).object();
    assert_eq!(done["fields"], foreseen["fields"]);
    assert_eq!(done["examples"].as_array().unwrap().len(), 10);
    assert_eq!(text(&done["sources"][0], "import"), "I2");
    assert_eq!(births(&workspace, "1971-04-03"), 600);

    let beneath = workspace.done(&["undo", "I1", "--dry-run"]);
    assert!(beneath.err.contains("run steward undo I2 first"), "{}", beneath.err);
    let mixed = workspace.run(&["undo", "I2", "D1"]);
    assert!(mixed.err.contains("undo decisions and imports separately"), "{}", mixed.err);
    let foreseen = workspace.done(&["undo", "I2", "--dry-run"]);
    assert!(foreseen.out.contains("600 would change"), "{}", foreseen.out);
    let undone = workspace.done(&["undo", "I2"]);
    assert!(undone.out.contains("I3: crm: 600 records read, 600 changed"), "{}", undone.out);
    assert!(undone.err.contains("undid I2"), "{}", undone.err);
    assert_eq!(births(&workspace, "1971-03-04"), 600);
    let first = workspace.done(&["undo", "I1", "--dry-run"]);
    assert!(first.out.contains("600 would be closed"), "{}", first.out);
    let again = workspace.done(&["undo", "I2"]);
    assert!(again.err.contains("nothing of I2 remains to be undone"), "{}", again.err);
    workspace.verified();

    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    workspace.adopt(&settings.replacen("city = \"city\", ", "", 1));
    let told = workspace.done(&["reread", "--source", "crm", "--dry-run"]).out;
    assert!(told.contains(" city \"Omaha\": Omaha -> (no longer mapped)"), "{told}");
}
