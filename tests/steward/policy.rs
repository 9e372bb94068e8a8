//! What policy refuses, what a reason lets through, and what a changed policy leaves alone.

use serde_json::json;

use crate::people::{FATHER, SON, crowd_and, file, nobody};
use crate::workspace::{Workspace, list, text};

/// Born after the other became a customer: merged, a rule is newly broken.
const EARLY: &str = "1,Ada,Fernsby,ada@example.com,,1990-05-06,1 Elm Street,Salem,,2026-01-01";
const SINCE: &str = "2,Ada,Fernsby,,,,1 Elm Street,Salem,1985-01-01,2026-01-02";

#[test]
fn a_task_that_moved_on_is_not_decided_by_who_saw_it_before() {
    let workspace = Workspace::matched(250);
    let tasks = workspace.tasks("duplicate");
    let (task, version) = (text(&tasks[0], "id"), tasks[0]["version"].to_string());
    let record = list(&workspace.show(task), "customers")[0]["members"][0]["id"].clone();
    workspace.decided(&[
        "fix",
        record.as_str().unwrap(),
        "--set",
        "city=Lille",
        "--note",
        "called",
    ]);
    let head = workspace.verified()["head"].clone();
    let stale = ["decide", task, "merge", "--if-version", &version];
    for arguments in [&stale[..], &[&stale[..], &["--dry-run"]].concat()] {
        let refusal = workspace.refused(arguments);
        assert_eq!(refusal["refusal"], "stale", "{refusal}");
        assert!(text(&refusal, "error").contains("city"), "what happened since: {refusal}");
    }
    assert_eq!(workspace.verified()["head"], head, "a refusal is not written");
    let version = workspace.show(task)["version"].to_string();
    let defer = ["decide", task, "defer", "--until", "tomorrow", "--if-version", &version];
    workspace.decided(&defer);
}

#[test]
fn a_value_is_taken_only_from_those_it_is_about() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let stranger = format!("city={}", workspace.customer("crm:p1"));
    let before = workspace.picture();
    for arguments in [
        &["merge", "crm:1", "shop:2", "--pick", &stranger][..],
        &["merge", "crm:1", "shop:2", "--pick", "city=crm:p1"],
        &["fix", &workspace.customer("crm:1"), "--pick", &stranger],
    ] {
        let refusal = workspace.refused(arguments);
        assert_eq!(refusal["refusal"], "does-not-apply", "{refusal}");
    }
    assert_eq!(workspace.picture(), before, "refusals change nothing");
    let own = format!("city={}", workspace.customer("shop:2"));
    workspace.decided(&["merge", "crm:1", "shop:2", "--pick", &own]);
}

#[test]
fn a_rule_refuses_a_merge_and_a_reasoned_waiver_lets_it_through() {
    let workspace = nobody();
    workspace.import_bytes("crm.csv", "crm", file(&[EARLY]));
    workspace.import_bytes("shop.csv", "shop", file(&[SINCE]));
    let before = workspace.picture();
    let merge = ["merge", "crm:1", "shop:2"];
    let refusal = workspace.refused(&merge);
    assert_eq!(refusal["refusal"], "breaks", "{refusal}");
    assert_eq!(refusal["violations"][0]["rule"], "since-after-birth", "{refusal}");
    let waived = [&merge[..], &["--waive", "since-after-birth"]].concat();
    let refusal = workspace.refused(&waived);
    assert_eq!(refusal["refusal"], "reason-required", "{refusal}");
    assert!(text(&refusal, "error").contains("checked"), "the reasons are offered: {refusal}");
    let wrong = workspace.refused(&[&waived[..], &["--reason", "because"]].concat());
    assert_eq!(wrong["refusal"], "unknown-reason", "{wrong}");
    assert_eq!(workspace.picture(), before, "refusals change nothing");

    let decision = workspace.decided(&[&waived[..], &["--reason", "checked"]].concat());
    assert_eq!(workspace.customer("crm:1"), workspace.customer("shop:2"));
    let violations = workspace.rows("violations");
    let [broken] = &violations[..] else { panic!("one violation stands: {violations:?}") };
    assert_eq!(
        (text(broken, "rule"), text(broken, "waived_by")),
        ("since-after-birth", &*decision)
    );
    let log = workspace.rows("decisions");
    assert_eq!(
        (text(&log[0], "reason"), &log[0]["rules"]),
        ("checked", &json!(["since-after-birth"]))
    );
    workspace.done(&["undo", &decision]);
    assert_eq!(workspace.picture(), before);
}

#[test]
fn a_changed_policy_and_a_rebuild_leave_history_the_past_and_undo_intact() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let customer = workspace.customer("crm:1");
    let imported = text(&workspace.show("crm:1"), "imported").to_owned();
    let before = workspace.picture();
    let merged = workspace.decided(&["merge", "crm:1", "shop:2"]);
    let made = workspace.show(&merged);
    let decided_at = text(&made, "at").to_owned();
    let then = workspace.done(&["show", &customer, "--at", &imported, "--json"]).object();
    let after = workspace.done(&["show", &customer, "--at", &decided_at, "--json"]).object();
    assert_eq!((list(&then, "members").len(), list(&after, "members").len()), (1, 2));
    let history = workspace.done(&["history", &customer]).out;

    // The shop becomes the most trusted source, and a rule is added.
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let changed = settings.replace("trust = 50", "trust = 99")
        + "\n[[rules]]\nid = \"phone-required\"\nfield = \"phone\"\ncheck = \"required\"\n\
           severity = \"warn\"\nmessage = \"no telephone\"\n";
    workspace.adopt(&changed);
    workspace.decided(&["fix", "crm:p1", "--set", "city=Boulder"]);
    let golden = workspace.show(&customer)["golden"].clone();
    assert_eq!(
        golden["email"]["value"], "son@example.org",
        "the new policy is in effect: {golden}"
    );
    assert!(workspace.export("violations").contains("phone-required"));

    for rebuilt in [false, true] {
        if rebuilt {
            workspace.done(&["rebuild"]);
        }
        assert_eq!(workspace.done(&["history", &customer]).out, history, "{rebuilt}");
        assert_eq!(workspace.show(&merged), made, "{rebuilt}");
        let seen = workspace.done(&["show", &customer, "--at", &imported, "--json"]).object();
        assert_eq!(seen["golden"], then["golden"], "{rebuilt}: by the policy of then");
        let seen = workspace.done(&["show", &customer, "--at", &decided_at, "--json"]).object();
        assert_eq!(seen["golden"], after["golden"], "{rebuilt}: by the policy of then");
    }
    workspace.done(&["undo", &merged, "--with-dependents"]);
    workspace.adopt(&settings);
    workspace.done(&["undo", "D2"]);
    assert_eq!(workspace.picture(), before, "under the former policy all is as it was");
    workspace.verified();
}

#[test]
fn a_broken_policy_names_line_and_nearest_key_and_stops_nothing_else() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let head = workspace.verified()["head"].clone();
    for (broken, says) in [
        (settings.replace("trust = 50", "trsut = 50"), &["trsut", "trust"][..]),
        (settings.replace("severity = \"error\"", "severity = \"eror\""), &["eror", "error"]),
        (settings.replace("field = \"email\"", "field = \"emial\""), &["emial", "email"]),
        (settings.replace("check = \"format\"", "check = \"formt\""), &["formt", "format"]),
        (settings.replace("[[rules]]", "[[rules]"), &[]),
    ] {
        assert_ne!(broken, settings);
        workspace.write("steward.toml", &broken);
        let line = broken.lines().zip(settings.lines()).position(|(one, other)| one != other);
        let line = format!("{}", line.unwrap() + 1);
        for arguments in [&["check"][..], &["govern", "diff"], &["govern", "adopt", "--yes"]] {
            let ran = workspace.run(arguments);
            assert_eq!(ran.code, Some(1), "{arguments:?}: {}", ran.err);
            for part in says.iter().chain([&&*line]) {
                assert!(ran.err.contains(part), "{arguments:?}: {part} in {}", ran.err);
            }
        }
    }
    assert_eq!(workspace.verified()["head"], head);
    // Work goes on under the settings in force, and says so.
    let matched = workspace.done(&["match"]);
    let note = "note: steward.toml has errors, so the adopted settings stay in force: steward check says where";
    assert!(matched.err.contains(note), "{}", matched.err);
    workspace.write("steward.toml", &settings);
    assert!(!workspace.done(&["match"]).err.contains("stay in force"));
}
