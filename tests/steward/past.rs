//! The state of a time past: exports of then, byte for byte, and `show` in agreement with them.

use jiff::Timestamp;
use serde_json::json;

use crate::people::{FATHER, SON, crowd_and, file};
use crate::workspace::{Workspace, text};

const DATASETS: [&str; 3] = ["golden", "xref", "records"];

fn at(workspace: &Workspace, dataset: &str, time: &str) -> String {
    workspace.done(&["export", dataset, "--at", time]).out
}

#[test]
fn an_export_of_then_is_what_was_exported_then() {
    let workspace = crowd_and(&[FATHER, SON], &[]);
    let mut moments = Vec::new();
    let mut see = |workspace: &Workspace| {
        let texts = DATASETS.map(|dataset| workspace.export(dataset));
        moments.push((Timestamp::now().to_string(), texts));
    };
    see(&workspace);
    workspace.done(&["match"]);
    let merged = workspace.decided(&["merge", "crm:p1", "crm:p2"]);
    workspace.decided(&["fix", "crm:1", "--set", "city=Decatur"]);
    let pinned = workspace.customer("crm:2");
    workspace.decided(&["fix", &pinned, "--set", "street=7 Elm Street"]);
    see(&workspace);
    workspace.done(&["undo", &merged]);
    workspace.import_bytes("crm2.csv", "crm", file(&[&SON.replace("Lake Drive", "Hill Road")]));
    see(&workspace);
    workspace.done(&["rebuild"]);
    workspace.decided(&["merge", "crm:p3", "crm:p4"]);

    assert_ne!(moments[0].1, moments[1].1);
    assert_ne!(moments[1].1, moments[2].1);
    for (time, texts) in &moments {
        for (dataset, expected) in DATASETS.into_iter().zip(texts) {
            assert_eq!(&at(&workspace, dataset, time), expected, "{dataset} at {time}");
        }
    }
    // `show` says the same.
    let (time, [golden, ..]) = &moments[1];
    let then = workspace.done(&["show", "crm:1", "--at", time, "--json"]).object();
    let customer = text(&then, "customer");
    let row = golden.lines().find(|line| line.starts_with(&format!("{customer},")));
    assert!(row.is_some_and(|row| row.contains("Decatur")), "{row:?}");
    let shown = workspace.done(&["show", customer, "--at", time, "--json"]).object();
    assert_eq!(shown["golden"]["city"]["value"], "Decatur", "{shown}");
}

#[test]
fn what_has_no_past_is_a_usage_error_and_the_record_of_the_export_names_the_time() {
    let workspace = crowd_and(&[FATHER], &[]);
    let now = Timestamp::now().to_string();
    for dataset in ["decisions", "corrections", "tasks", "pairs", "violations", "quarantine"] {
        let ran = workspace.run(&["export", dataset, "--at", &now]);
        assert_eq!(ran.code, Some(2), "{dataset}: {}", ran.err);
        assert!(ran.err.contains("--at works with records, golden, xref"), "{}", ran.err);
    }
    assert_eq!(workspace.run(&["export", "golden", "--at", "2020-01-01"]).code, Some(1));
    let both = ["export", "golden", "--at", &now, "--since", "2020-01-01"];
    assert_eq!(workspace.run(&both).code, Some(2));
    let before = workspace.done(&["export", "golden", "--json", "--dry-run"]).object();
    workspace.decided(&["fix", "crm:1", "--set", "city=Decatur"]);
    let then = ["export", "golden", "--at", &now, "-o", "then.csv", "--json"];
    let then = workspace.done(&then).object();
    assert_eq!((&then["up_to"], &then["hash"]), (&before["up_to"], &before["hash"]));
    assert_eq!(then["dry_run"], json!(false));
}
