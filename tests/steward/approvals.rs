//! What needs somebody else's approval, at the socket: one person proposes it, another approves it.

use crate::people::{FATHER, SON, crowd_and};
use crate::roles::comes;
use crate::serve::Served;
use crate::workspace::{Workspace, text};

const RULES: &str = "\n[roles.lead]\nmay = [\"tasks\", \"show\", \"history\", \"decide\", \"fix\", \"undo\", \"approve\", \"break-glass\", \"audit\", \"export\", \"unmask\"]\n\
    [roles.viewer]\nmay = [\"tasks\", \"show\", \"history\", \"decide\", \"fix\", \"undo\"]\n\
    [[approvals]]\nwhen = \"verdict = merge\"\nby = \"lead\"\ndue = 2\n";

/// A workspace in which merges need the approval of a lead; ada and kim are two, sam is none.
fn world() -> (Workspace, String) {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    let base = std::fs::read_to_string(workspace.path("steward.toml")).unwrap() + RULES;
    comes(&workspace, &base, "nobody");
    workspace.done(&["govern", "adopt", "--yes"]);
    (workspace, base)
}

#[test]
fn what_one_person_proposes_another_approves_and_nobody_their_own() {
    let (workspace, base) = world();
    let _served = Served::begin(&workspace, &[]);
    comes(&workspace, &base, "sam");
    let task = text(&workspace.tasks("duplicate")[0], "id").to_owned();
    let foreseen = workspace.done(&["decide", &task, "merge", "--dry-run"]);
    assert!(foreseen.out.contains("needs approval by lead"), "{}{}", foreseen.out, foreseen.err);
    let told =
        workspace.done(&["decide", &task, "merge", "--note", "one person", "--json"]).object();
    let asks = text(&told, "proposed").to_owned();
    assert!(text(&told, "summary").contains("needs approval by lead"), "{told}");
    assert_eq!(text(&workspace.tasks("duplicate")[0], "state"), "proposed");
    // Whoever has no part in it may not, nor may whoever proposed it, by any way.
    for own in [
        &["approve", &asks][..],
        &["decide", &asks, "approve"],
        &["reject", &asks, "--note", "no"],
        &["decide", &task, "merge", "--break-glass", "now"],
    ] {
        let ran = workspace.run(own);
        assert_eq!(ran.code, Some(4), "{own:?}: {}{}", ran.out, ran.err);
    }
    comes(&workspace, &base, "ada");
    let listed = workspace.done(&["approvals", "--mine", "--json"]).object();
    assert_eq!(text(&listed["approvals"][0], "task"), asks, "{listed}");
    let shown = workspace.done(&["show", &asks]).out;
    assert!(shown.contains("sam") && shown.contains("one person"), "{shown}");
    let approved = workspace.done(&["approve", &asks, "--json"]).object();
    let decision = text(&approved, "decision").to_owned();
    assert_eq!(workspace.tasks("duplicate").len(), 0);
    let shown = workspace.done(&["show", &decision]).out;
    assert!(shown.contains("ada") && shown.contains("sam"), "both stand in it: {shown}");
    // Undoing it needs somebody else as well, and puts everything back.
    let undone = workspace.done(&["undo", &decision, "--json"]).object();
    let undo = text(&undone, "proposed").to_owned();
    assert_eq!(workspace.run(&["approve", &undo]).code, Some(4), "ada proposed it");
    comes(&workspace, &base, "kim");
    workspace.done(&["approve", &undo]);
    assert_eq!(workspace.tasks("duplicate").len(), 1);
    workspace.verified();
}

#[test]
fn what_cannot_wait_is_done_and_reviewed_by_somebody_else() {
    let (workspace, base) = world();
    let _served = Served::begin(&workspace, &[]);
    comes(&workspace, &base, "ada");
    let task = text(&workspace.tasks("duplicate")[0], "id").to_owned();
    let told =
        workspace.done(&["decide", &task, "merge", "--break-glass", "the bank waits", "--json"]);
    assert_eq!(workspace.tasks("duplicate").len(), 0, "{}", told.out);
    let review = text(&workspace.tasks("approval")[0], "id").to_owned();
    assert_eq!(workspace.run(&["approve", &review]).code, Some(4), "nobody reviews their own");
    comes(&workspace, &base, "kim");
    let shown = workspace.done(&["show", &review]).out;
    assert!(shown.contains("the bank waits"), "{shown}");
    workspace.done(&["approve", &review, "--note", "I called them"]);
    assert_eq!(workspace.tasks("approval").len(), 0);
    let audit = workspace.done(&["audit"]).out;
    assert!(audit.contains("was refused to judge a proposal"), "{audit}");
    assert!(!audit.contains("the bank waits"), "reasons are not in it: {audit}");
}
