//! An id that was merged away stands for its survivor wherever a customer is named.

use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::{Workspace, text};

/// The son's customer was merged into the father's; gives the survivor and the other.
fn merged() -> (Workspace, String, String) {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let (live, gone) = (workspace.customer("crm:1"), workspace.customer("shop:2"));
    workspace.decided(&["merge", &live, &gone, "--into", &live, "--reason", "checked"]);
    (workspace, live, gone)
}

#[test]
fn an_id_that_was_merged_away_is_followed_and_that_is_said() {
    let (workspace, live, gone) = merged();
    let note = format!("note: {gone} was merged into {live}");
    for arguments in [
        &["fix", &gone, "--set", "city=Boulder", "--dry-run"][..],
        &["fix", &gone, "--pick", &format!("city={gone}"), "--dry-run"],
        &["unmerge", &gone, "shop:2", "--dry-run"],
        &["merge", &gone, "crm:p1", "--into", &gone, "--dry-run"],
        &["not-a-match", &gone, "crm:p1", "--dry-run"],
        &["history", &gone],
        &["explain", &gone, "crm:p1"],
        &["explain", &gone],
        &["subject", &gone, "--dry-run"],
        &["erase", &gone, "--reason", "request", "--dry-run"],
    ] {
        let arguments: Vec<&str> = arguments.to_vec();
        if arguments[0] == "explain" {
            workspace.done(&["match"]);
        }
        let ran = workspace.run(&arguments);
        assert!(ran.err.contains(&note), "{arguments:?}: {}{}", ran.out, ran.err);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.out, ran.err);
    }
    workspace.decided(&["fix", &gone, "--set", "city=Boulder"]);
    assert_eq!(text(&workspace.show(&live)["golden"]["city"], "value"), "Boulder");
    let history = workspace.done(&["history", &gone]).out;
    assert!(history.contains("D2"), "what happened since is told: {history}");
}

#[test]
fn one_customer_under_two_names_is_said_and_nobody_is_erased_by_an_old_name() {
    let (workspace, live, gone) = merged();
    for verb in ["merge", "not-a-match"] {
        let refused = workspace.refused(&[verb, &live, &gone]).to_string();
        assert!(refused.contains(&format!("{live} and {gone} are one customer")), "{refused}");
    }
    let refused = workspace.refused(&["erase", &gone, "--reason", "request", "--yes"]).to_string();
    assert!(refused.contains(&format!("name {live}")), "{refused}");
    workspace.show("shop:2");
}
