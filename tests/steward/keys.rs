//! Keys on the command line: made with the workspace, kept outside it, shown, changed, missed.

use std::path::PathBuf;

use crate::people::{FATHER, HEADER, SON, file, nobody};
use crate::screen::Terminal;
use crate::workspace::{Ran, Workspace, list, text};

fn with_people() -> Workspace {
    let workspace = nobody();
    workspace.import_bytes("crm.csv", "crm", file(&[FATHER, SON]));
    workspace
}

fn key_file(workspace: &Workspace) -> PathBuf {
    let shown = workspace.done(&["keys", "--json"]).object();
    PathBuf::from(text(&shown, "key_file"))
}

#[track_caller]
fn fails(workspace: &Workspace, arguments: &[&str]) -> Ran {
    let ran = workspace.run(arguments);
    assert_eq!(ran.code, Some(1), "{arguments:?}: {}{}", ran.out, ran.err);
    ran
}

#[test]
fn init_says_where_the_key_is_and_what_it_is_worth() {
    let workspace = Workspace::bare();
    let ran = workspace.done(&["init"]);
    assert!(ran.err.contains("keep a copy of that file elsewhere"), "{}", ran.err);
    let path = key_file(&workspace);
    assert!(ran.err.contains(path.to_str().unwrap()), "{}", ran.err);
    assert!(path.starts_with(workspace.path(".data/steward/keys").canonicalize().unwrap()));
    let key = std::fs::read_to_string(&path).unwrap();
    assert!(key.starts_with("# The key of the steward workspace "), "{key}");
    let dry = Workspace::bare().done(&["init", "--dry-run", "--json"]).object();
    assert!(dry["key_file"].is_null(), "nothing was made: {dry}");
}

#[test]
fn without_its_key_file_nothing_opens_and_it_is_said_where_that_was_looked_for() {
    let workspace = with_people();
    let golden = workspace.export("golden");
    let path = key_file(&workspace);
    let elsewhere = workspace.path("copy of the key");
    std::fs::rename(&path, &elsewhere).unwrap();
    for arguments in [&["tasks"][..], &["verify"], &["rebuild"], &["export", "golden"]] {
        let ran = fails(&workspace, arguments);
        let told = ["the key file of this workspace is missing", path.to_str().unwrap()];
        assert!(told.iter().all(|it| ran.err.contains(it)), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("STEWARD_KEY_FILE"), "{}", ran.err);
    }
    let opened: Ran = workspace
        .command()
        .env("STEWARD_KEY_FILE", &elsewhere)
        .args(["export", "golden"])
        .output()
        .unwrap()
        .into();
    assert_eq!((opened.code, opened.out), (Some(0), golden));
    std::fs::write(&path, "ab".repeat(32)).unwrap();
    let ran = fails(&workspace, &["tasks"]);
    assert!(ran.err.contains("is the wrong key for this workspace"), "{}", ran.err);
    assert!(!ran.err.contains("abab"), "{}", ran.err);
}

#[test]
fn keys_of_another_workspace_do_not_fit() {
    let (one, other) = (with_people(), with_people());
    for name in [".steward/keys", ".steward/keys.copy"] {
        std::fs::copy(other.path(name), one.path(name)).unwrap();
    }
    let ran = fails(&one, &["tasks"]);
    assert!(ran.err.contains("belongs to another workspace"), "{}", ran.err);
}

#[test]
fn keys_are_added_and_replaced() {
    let workspace = with_people();
    let golden = workspace.export("golden");
    let ids = |shown: &serde_json::Value| {
        let each = list(shown, "keys").iter();
        each.map(|key| [key["id"].as_u64().unwrap(), key["segments"].as_u64().unwrap()])
            .collect::<Vec<_>>()
    };
    let shown = workspace.done(&["keys", "--json"]).object();
    assert_eq!((text(&shown, "protection"), ids(&shown)), ("key-file", vec![[1, 1]]));
    workspace.done(&["keys", "rotate"]);
    workspace.import_bytes("shop.csv", "shop", file(&[SON]));
    let shown = workspace.done(&["keys", "--json"]).object();
    assert_eq!(ids(&shown), [[1, 1], [2, 1]]);
    let told = workspace.done(&["keys"]).out;
    assert!(told.contains("key 2: 1 segment, encrypts new data"), "{told}");
    let outcome = workspace.done(&["rekey", "--json"]).object();
    assert_eq!((&outcome["key"], &outcome["rewritten"]), (&3.into(), &2.into()));
    assert_eq!(ids(&workspace.done(&["keys", "--json"]).object()), [[3, 2]]);
    workspace.verified();
    workspace.done(&["rebuild"]);
    assert!(workspace.export("golden").starts_with(&golden[..golden.len() / 2]));
}

#[test]
fn a_passphrase_is_asked_for_on_a_terminal() {
    let workspace = Workspace::bare();
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["init", "--passphrase", "--region", "US"]);
    terminal.until_shown(&["New passphrase:"]);
    terminal.press("grey heron 7\r");
    terminal.until_shown(&["Repeat the passphrase:"]);
    terminal.press("grey heron 7\r");
    assert_eq!(terminal.ended(), 0, "{}", terminal.shown());
    let shown = terminal.shown();
    assert!(shown.contains("it opens with your passphrase"), "{shown}");
    assert!(!shown.contains("heron"), "it is not shown: {shown}");
    assert!(!workspace.path(".data/steward/keys").exists(), "no key file is made");

    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["verify"]);
    terminal.until_shown(&["Passphrase of the workspace:"]);
    terminal.press("grey herun 7\r");
    assert_eq!(terminal.ended(), 1);
    assert!(terminal.shown().contains("the passphrase is wrong"), "{}", terminal.shown());

    // Verifying reads the ledger first and the view then: one question for both.
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["verify"]);
    terminal.until_shown(&["Passphrase of the workspace:"]);
    terminal.press("grey heron 7\r");
    assert_eq!(terminal.ended(), 0, "{}", terminal.shown());
    assert!(terminal.shown().contains("the view agrees"), "{}", terminal.shown());

    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["keys", "file"]);
    terminal.until_shown(&["Passphrase of the workspace:"]);
    terminal.press("grey heron 7\r");
    assert_eq!(terminal.ended(), 0, "{}", terminal.shown());
    let report = workspace.verified();
    assert_eq!(report["commits"], 1, "a key file opens it now: {report}");
}

#[test]
fn without_a_terminal_nobody_waits_for_a_passphrase() {
    let workspace = Workspace::bare();
    workspace.write("rows.csv", HEADER);
    // A session of its own has no terminal, wherever the tests are run from.
    let mut command = std::process::Command::new("setsid");
    workspace.keep_inside(&mut command);
    command.arg("--wait").arg(assert_cmd::cargo::cargo_bin!("steward"));
    let ran: Ran = command.args(["init", "--passphrase"]).output().unwrap().into();
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(
        ran.err.contains("a passphrase can only be entered on a terminal, and there is none"),
        "{}",
        ran.err
    );
    assert!(!workspace.path(".steward").exists(), "nothing was made");
}
