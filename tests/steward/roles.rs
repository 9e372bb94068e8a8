//! What roles let people do, at the socket: whoever runs this comes in under one name after the other.

use crate::people::{FATHER, SON, crowd_and};
use crate::serve::Served;
use crate::workspace::{Workspace, text};

const ROLES: &str = "\n[roles.lead]\nmay = [\"tasks\", \"show\", \"history\", \"decide\", \"govern\", \"access\", \"audit\", \"unmask\"]\n\
    [roles.viewer]\nmay = [\"tasks\", \"show\", \"propose\"]\n[roles.viewer.mask]\ndefault = \"hide\"\ncity = \"clear\"\n";

/// Ada and Kim lead, Sam looks.
const PEOPLE: [(&str, &str); 3] = [("ada", "lead"), ("kim", "lead"), ("sam", "viewer")];

/// The settings, with people of whom one is whoever runs this.
pub fn comes(workspace: &Workspace, base: &str, person: &str) {
    let me = rustix::process::geteuid().as_raw();
    let mut text = base.to_owned();
    for (number, (name, role)) in (40_001..).zip(PEOPLE) {
        let unix = if name == person { me } else { number };
        text += &format!("\n[people.{name}]\nrole = \"{role}\"\nunix = \"{unix}\"\n");
    }
    workspace.write("steward.toml", &text);
}

/// A workspace whose roles are adopted, and its settings without people.
fn with_roles() -> (Workspace, String) {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    let base = std::fs::read_to_string(workspace.path("steward.toml")).unwrap() + ROLES;
    comes(&workspace, &base, "nobody");
    workspace.done(&["govern", "adopt", "--yes"]);
    (workspace, base)
}

#[test]
fn a_role_does_what_its_verbs_say_and_sees_what_its_masks_leave() {
    let (workspace, base) = with_roles();
    let _served = Served::begin(&workspace, &[]);
    comes(&workspace, &base, "sam");
    let shown = workspace.done(&["show", "crm:p1", "--json"]).object();
    for value in shown["values"].as_array().unwrap() {
        let is_clear = text(value, "field") == "city";
        assert_eq!(text(value, "value") != "***", is_clear, "{value}");
    }
    let task = text(&workspace.tasks("duplicate")[0], "id").to_owned();
    for refused in [
        &["decide", &task, "merge"][..],
        &["undo", "D1"],
        &["match"],
        &["export", "golden", "-o", "x.csv"],
        &["erase", "C1", "--reason", "request", "--yes"],
        &["history"],
        &["govern", "adopt", "--yes"],
        &["show", "crm:p1", "--unmask"],
        &["find", "Boulder"],
        &["access"],
        &["audit"],
    ] {
        let ran = workspace.run(refused);
        assert_eq!(ran.code, Some(4), "{refused:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("sam (viewer) may not"), "{refused:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{refused:?}: {}", ran.out);
    }
    comes(&workspace, &base, "ada");
    workspace.done(&["decide", &task, "merge"]);
    let access = workspace.done(&["access"]).out;
    assert!(access.contains("viewer") && access.contains("sam"), "{access}");
    let audit = workspace.done(&["audit"]).out;
    assert!(audit.contains("erase"), "what was refused is in the audit: {audit}");
}

#[test]
fn nobody_widens_their_role_alone() {
    let (workspace, base) = with_roles();
    let _served = Served::begin(&workspace, &[]);
    let wider = base.replace("\"show\", \"propose\"", "\"show\", \"propose\", \"erase\"");
    comes(&workspace, &wider, "ada");
    let alone = workspace.run(&["govern", "adopt", "--yes"]);
    assert_eq!(alone.code, Some(4), "{}", alone.err);
    assert!(alone.err.contains("takes two people"), "{}", alone.err);
    // What is proposed is what the file will say; people are who they are in it.
    let proposed = workspace.done(&["govern", "propose", "steward.toml"]);
    assert!(proposed.out.contains("needs somebody else to adopt it (kim)"), "{}", proposed.out);
    let own = workspace.run(&["govern", "adopt", "P1", "--yes"]);
    assert_eq!(own.code, Some(4), "{}", own.err);
    assert!(own.err.contains("somebody else must adopt it (kim)"), "{}", own.err);
    let audit = workspace.done(&["audit"]).out;
    assert!(audit.contains("adopt own settings"), "{audit}");
}
