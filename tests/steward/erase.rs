//! A person erased through the binary: no byte of what only they had is left in `.steward`.

use serde_json::json;

use crate::people::{HEADER, nobody};
use crate::workspace::{Workspace, list, text};

/// What only the erased person has. The telephone and the street are shared with Mia.
const MARKS: [&str; 6] =
    ["QuuxKey77", "Zyxwanda", "zyx.marked@example.com", "1971-03-04", "Frobville", "XyzzyNote"];

const ZYX: &str = "Zyxwanda,Vexborough,zyx.marked@example.com,+12175550177,1971-03-04,88 Plugh Lane,Salem,,2026-01-01";
const MIA: &str =
    "m1,Mia,Vexborough,mia@example.org,+12175550177,1999-02-03,88 Plugh Lane,Salem,,2026-01-01";

fn crm() -> String {
    let strangers: String = (0..40)
        .map(|n| format!("s{n},Given{n},Family{n},m{n}@example.com,,19{}-01-02,,Salem,,\n", 40 + n))
        .collect();
    format!("{HEADER}\nQuuxKey77a,{ZYX}\n{MIA}\n{strangers}")
}

/// Zyx in two sources and in quarantine, with decisions; gives the customer, too.
fn world() -> (Workspace, String) {
    let workspace = nobody();
    workspace.import_bytes("crm.csv", "crm", crm());
    let shop = format!(
        "{HEADER}\nQuuxKey77b,{ZYX}\nQuuxKey77c,Zyxwanda,,zyx.marked@example.com,,,,,,,,,x\n"
    );
    workspace.import_bytes("shop.csv", "shop", shop);
    workspace.done(&["match"]);
    let zyx = workspace.customer("crm:QuuxKey77a");
    if workspace.customer("shop:QuuxKey77b") != zyx {
        workspace.decided(&["merge", "crm:QuuxKey77a", "shop:QuuxKey77b", "--note", "XyzzyNote"]);
    }
    workspace.decided(&["not-a-match", "crm:QuuxKey77a", "crm:m1", "--note", "XyzzyNote"]);
    workspace.decided(&["fix", "crm:QuuxKey77a", "--set", "city=Frobville"]);
    workspace.done(&["export", "golden", "-o", "golden.csv"]);
    (workspace, zyx)
}

fn erase(workspace: &Workspace, id: &str) -> serde_json::Value {
    workspace.done(&["erase", id, "--reason", "request", "--yes", "--json"]).object()
}

fn is_in(needle: &str, bytes: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

/// Everything people can get out of the workspace.
fn told(workspace: &Workspace) -> String {
    let datasets = ["records", "golden", "xref", "decisions", "corrections", "tasks", "quarantine"];
    datasets.map(|dataset| workspace.export(dataset)).concat()
        + &workspace.done(&["history", "--json"]).out
}

#[test]
fn nothing_of_an_erased_person_is_left_and_others_are() {
    let (workspace, zyx) = world();
    let before = told(&workspace);
    assert!(MARKS.iter().all(|mark| is_in(mark, before.as_bytes())), "{before}");
    let hash = text(&workspace.verified(), "hash").to_owned();
    let report = erase(&workspace, "crm:QuuxKey77a");
    assert_eq!(report["customer"], json!(zyx));
    assert_eq!(list(&report, "records").len(), 2);
    assert_eq!(list(&report, "quarantined").len(), 1);
    let exports = list(&report, "exports");
    assert!(exports.iter().any(|export| export["destination"] == "golden.csv"), "{report}");

    let after = told(&workspace);
    for mark in MARKS {
        assert!(!is_in(mark, after.as_bytes()), "{mark}: {after}");
    }
    for kept in ["mia@example.org", "88 Plugh Lane", "+12175550177", "m17@example.com"] {
        assert!(is_in(kept, after.as_bytes()), "{kept}: {after}");
    }
    // The ledger's files are encrypted; what stands in them is looked at in the desk's own tests.
    for file in workspace.kept(".steward") {
        for mark in MARKS {
            assert!(!is_in(mark, file.bytes()), "{mark} in {}", file.name().display());
        }
    }
    // Every earlier commit has the hash it had.
    let report = workspace.done(&["verify", "--expect", &hash, "--json"]).object();
    assert_eq!(report["sound"], true, "{report}");
    assert!(report["erased"].as_u64() > Some(0), "{report}");
    assert!(workspace.path(".steward/tmp").read_dir().unwrap().next().is_none());
}

#[test]
fn an_erased_person_is_told_of_and_does_not_come_again() {
    let (workspace, zyx) = world();
    erase(&workspace, &zyx);
    for arguments in [
        &["show", "crm:QuuxKey77a"][..],
        &["show", &zyx],
        &["show", &zyx, "--at", "2026-01-01"],
        &["undo", "D1"],
        &["fix", "crm:QuuxKey77a", "--set", "city=Bonn"],
        &["merge", &zyx, "crm:m1"],
        &["erase", &zyx, "--reason", "request", "--yes"],
    ] {
        let refusal = workspace.refused(arguments);
        assert_eq!(text(&refusal, "refusal"), "erased", "{arguments:?}: {refusal}");
        assert_eq!(text(&refusal, "reason"), "request");
    }
    for arguments in [&["history", &zyx][..], &["history"]] {
        let history = workspace.done(arguments).out;
        assert!(history.contains("erased (request)"), "{arguments:?}: {history}");
    }
    let report = workspace.import_bytes("crm.csv", "crm", crm());
    assert_eq!((&report["new"], &report["suppressed"]), (&json!(0), &json!(1)));
    let golden = workspace.export("golden");
    workspace.done(&["rebuild"]);
    assert_eq!(workspace.export("golden"), golden);
    workspace.done(&["match"]);
    assert_eq!(workspace.verified()["sound"], true);
}

#[test]
fn a_dry_run_lists_and_writes_nothing_and_nothing_is_erased_unasked() {
    let (workspace, zyx) = world();
    let before = workspace.verified();
    let arguments = ["erase", &zyx, "--reason", "request", "--dry-run", "--json"];
    let report = workspace.done(&arguments).object();
    assert_eq!(report["dry_run"], true);
    for key in ["records", "decisions", "quarantined", "segments", "exports"] {
        assert!(!list(&report, key).is_empty(), "{key}: {report}");
    }
    let ran = workspace.run(&["erase", &zyx, "--reason", "request"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("--yes"), "{}", ran.err);
    let refusal = workspace.refused(&["erase", &zyx, "--reason", "household", "--yes"]);
    assert_eq!(text(&refusal, "refusal"), "erasure-reason");
    assert_eq!(workspace.verified(), before);
}

/// The process is killed as soon as it is seen to be on its way; whoever comes next completes it.
#[test]
fn an_erasure_that_is_killed_on_its_way_is_completed() {
    let (workspace, zyx) = world();
    // A new segment follows the commit of the erasure, a new store the rewritten segments.
    for seen in [".steward/ledger/00000002.seg", ".steward/tmp/store-2"] {
        let copy = workspace.copied();
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("steward"))
            .args(["erase", &zyx, "--reason", "request", "--yes"])
            .current_dir(copy.path(""))
            .env("XDG_STATE_HOME", copy.path(".state"))
            .env("XDG_DATA_HOME", copy.path(".data"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the binary runs");
        while !copy.path(seen).exists() && child.try_wait().expect("it is there").is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().expect("it ended");
        let after = told(&copy);
        assert!(MARKS.iter().all(|mark| !is_in(mark, after.as_bytes())), "{seen}: {after}");
        for file in copy.kept(".steward") {
            let name = file.name().display();
            assert!(MARKS.iter().all(|mark| !is_in(mark, file.bytes())), "{seen}: {name}");
        }
        let report = copy.verified();
        assert!(report["erased"].as_u64() > Some(0), "{seen}: {report}");
    }
}
