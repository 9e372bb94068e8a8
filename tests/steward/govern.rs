//! An edit of steward.toml waits, is told for what it would do, and is adopted.

use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::text;

const RULE: &str = "\n[[rules]]\nid = \"street-there\"\nfield = \"street\"\ncheck = \"pattern\"\npattern = \"Z.*\"\n\
                    severity = \"error\"\nmessage = \"no street of ours\"\n";

#[test]
fn an_edit_waits_until_it_is_adopted_and_every_command_says_so() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let before = workspace.tasks("invalid").len();
    workspace.write("steward.toml", &(settings.clone() + RULE));
    let note = "note: an edit of steward.toml waits (1 change): steward govern diff shows what it would do, \
                steward govern adopt makes it take effect\n";
    let commands: [&[&str]; 8] = [
        &["tasks"],
        &["tasks", "--json"],
        &["show", "crm:1"],
        &["history"],
        &["match"],
        &["fix", "crm:p1", "--set", "city=Boulder"],
        &["export", "golden", "--dry-run"],
        &["find", "pace"],
    ];
    for command in commands {
        let ran = workspace.run(command);
        assert_eq!(ran.err.matches(note).count(), 1, "{command:?}: {}", ran.err);
        assert!(!ran.out.contains("steward.toml"), "{command:?}: {}", ran.out);
    }
    assert!(
        workspace.done(&["check"]).err.contains("valid; an edit of steward.toml waits (1 change)")
    );
    let checked = workspace.done(&["check", "--json"]).object();
    assert_eq!(checked["edit"]["changes"], 1);
    assert_eq!(workspace.tasks("invalid").len(), before, "nothing is judged by it");

    let told = workspace.done(&["govern", "diff"]);
    assert!(told.out.contains("rule street-there is new"), "{}", told.out);
    assert!(told.out.contains("rule street-there, crm: "), "{}", told.out);
    assert!(!told.err.contains("waits"), "{}", told.err);
    let diff = workspace.done(&["govern", "diff", "--match", "--json"]).object();
    assert!(diff["match"]["now"]["merged"].is_number(), "{diff}");
    let opened = diff["opened"].as_u64().unwrap();
    assert!(opened > 0, "{diff}");
    let unsaid = workspace.run(&["govern", "adopt"]);
    assert_eq!(unsaid.code, Some(2), "{}", unsaid.err);
    let dry = workspace.done(&["govern", "adopt", "--dry-run"]);
    assert!(dry.err.contains("nothing was written"), "{}", dry.err);
    let other = workspace.run(&["govern", "adopt", "--yes", "--expect", "0123456789"]);
    assert_eq!(other.code, Some(4), "{}", other.err);
    let fingerprint = text(&diff, "fingerprint").to_owned();
    let adopt =
        ["govern", "adopt", "--yes", "--expect", &fingerprint, "--note", "streets", "--json"];
    let adopted = workspace.done(&adopt).object();
    assert_eq!(adopted["opened"].as_u64(), Some(opened));
    assert_eq!(workspace.tasks("invalid").len() as u64, before as u64 + opened);
    assert!(workspace.done(&["govern", "adopt", "--yes"]).out.contains("no edit waits"));
    assert!(workspace.done(&["check"]).err.contains("valid, and in force"));
    let log = workspace.done(&["govern", "log"]).out;
    assert!(log.contains(": streets\n  rule street-there is new"), "{log}");
    assert!(workspace.done(&["govern", "show"]).out.contains("street-there"));
    workspace.verified();
}

#[test]
fn a_proposal_is_looked_at_and_becomes_steward_toml() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    workspace.write("other.toml", &(settings.clone() + RULE));
    let proposed = workspace.done(&["govern", "propose", "other.toml", "--note", "streets"]);
    assert!(proposed.out.starts_with("P1  waits (1 change); proposed by "), "{}", proposed.out);
    assert!(workspace.done(&["govern", "diff", "P1"]).out.contains("street-there is new"));
    assert!(workspace.done(&["govern", "diff", "other.toml"]).out.contains("street-there is new"));
    assert!(workspace.done(&["govern", "diff"]).err.contains("no edit waits"));
    workspace.done(&["govern", "adopt", "P1", "--yes"]);
    let file = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    assert_eq!(file, settings.clone() + RULE);
    assert!(workspace.done(&["govern", "list"]).out.starts_with("P1  adopted by "));
    let again = workspace.run(&["govern", "withdraw", "P1"]);
    assert_eq!(again.code, Some(4), "{}", again.err);
    assert!(workspace.done(&["govern", "show", "1"]).out.lines().eq(settings.lines()));
    workspace.verified();
}
