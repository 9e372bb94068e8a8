//! Matching a second time: what came since, under the recorded model.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::workspace::{Workspace, sample};

/// The sample's first row of the CRM, delivered once more under another key.
fn again(key: &str) -> String {
    let crm = std::fs::read_to_string(sample("crm.csv")).unwrap();
    let mut lines = crm.lines();
    let (header, first) = (lines.next().unwrap(), lines.next().unwrap());
    let (_, rest) = first.split_once(',').unwrap();
    format!("{header}\n{key},{rest}\n")
}

fn matched(workspace: &Workspace, arguments: &[&str]) -> Value {
    workspace.done(&[&["match", "--json"], arguments].concat()).object()
}

#[test]
fn a_new_record_is_matched_against_all_under_the_recorded_model() {
    let workspace = Workspace::of_sample();
    let columns = workspace.path(".steward/columns");
    assert_eq!(std::fs::metadata(&columns).unwrap().permissions().mode() & 0o777, 0o600);
    let crm = std::fs::read_to_string(sample("crm.csv")).unwrap();
    let known = crm.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();

    workspace.import_bytes("new.csv", "crm", again("again-1"));
    let other = workspace.copied();
    let outcome = matched(&workspace, &[]);
    assert_eq!((&outcome["learned"], &outcome["merged"]), (&false.into(), &1.into()), "{outcome}");
    assert!(outcome["records"].as_u64().unwrap() < 50, "{outcome}");
    let customer = workspace.customer("crm:again-1");
    assert_eq!(customer, workspace.customer(&format!("crm:{known}")));

    // Without its columns it finds the same.
    std::fs::remove_file(other.path(".steward/columns")).unwrap();
    let same = matched(&other, &[]);
    assert_eq!(same, outcome);
    assert_eq!(other.picture(), workspace.picture());
    assert!(other.path(".steward/columns").exists());

    let nothing = matched(&workspace, &[]);
    assert_eq!((&nothing["learned"], &nothing["records"]), (&false.into(), &0.into()), "{nothing}");
    let full = matched(&workspace, &["--full"]);
    assert_eq!(full["learned"], true, "{full}");
    workspace.done(&["explain", "crm:again-1", &format!("crm:{known}")]);
}

#[test]
fn changed_settings_bring_a_new_model() {
    let workspace = Workspace::of_sample();
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    workspace.adopt(&format!("{settings}\n# Another day.\n"));
    assert_eq!(matched(&workspace, &[])["learned"], true);
    assert_eq!(matched(&workspace, &[])["learned"], false);
}
