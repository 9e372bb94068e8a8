//! A workspace of a service account that is served, and somebody else of the machine who is let in.
//!
//! Only root can run two users' processes: elsewhere these tests say that they are skipped.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;

use crate::people::{FATHER, HEADER, SON, crowd_and};
use crate::serve::Served;
use crate::workspace::{Ran, Workspace};

/// A user and a group that own nothing here.
const OTHER: u32 = 65_534;

/// Runs the binary as that user, in a folder of their own.
fn as_other(workspace: &Workspace, home: &Path, arguments: &[&str]) -> std::io::Result<Ran> {
    let mut process = workspace.process();
    for folder in ["XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
        process.env(folder, home);
    }
    process.env("HOME", home).env("STEWARD_WORKSPACE", workspace.path(".")).current_dir(home);
    process.args(arguments).uid(OTHER).gid(OTHER);
    Ok(process.output()?.into())
}

#[test]
fn whoever_is_let_in_does_all_that_the_door_can_and_is_told_who_does_the_rest() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can run a process as another user");
        return;
    }
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    let open = |path: &Path, mode| {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    };
    open(&workspace.path("."), 0o711);
    let toml = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let number = OTHER.to_string();
    workspace.write("steward.toml", &format!("{toml}\n[people.max]\nunix = \"{number}\"\n"));
    open(&workspace.path("steward.toml"), 0o600);
    let home = tempfile::tempdir().unwrap();
    open(home.path(), 0o777);
    std::fs::write(home.path().join("new.csv"), format!("{HEADER}\n{FATHER}\n")).unwrap();

    // Nobody serves it: how one comes in is told, and not that it is damaged.
    let before = match as_other(&workspace, home.path(), &["tasks"]) {
        Ok(ran) => ran,
        Err(error) => return println!("skipped: another user cannot run the binary: {error}"),
    };
    assert_eq!(before.code, Some(1), "{}", before.err);
    assert!(before.err.contains("steward serve --group GROUP"), "{}", before.err);

    let served = Served::begin(&workspace, &["--group", &number]);
    let run = |arguments: &[&str]| as_other(&workspace, home.path(), arguments).unwrap();
    for arguments in [
        &["tasks"][..],
        &["find", "Steinmoor"],
        &["show", "C1"],
        &["show", "C1", "--unmask"],
        &["history"],
        &["export", "golden"],
        &["export", "events"],
        &["export", "events", "--format", "jsonl", "--dry-run"],
        &["export", "events", "-o", "events.csv"],
        &["export", "model"],
        &["export", "bi", "-o", "bi"],
        &["import", "new.csv", "--source", "crm"],
        &["match", "--status"],
        &["values", "city"],
        &["grant", "list"],
        &["explain", "crm:1", "shop:2"],
        &["fix", "crm:1", "--set", "city=Dover", "--dry-run", "--unmask"],
        &["subject", "C1", "--dry-run"],
        &["feed"],
        &["reread", "--dry-run"],
        &["keys"],
        &["sessions"],
        &["wall", "hello"],
        &["preset", "list"],
        &["rebuild", "--dry-run"],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.out, ran.err);
    }
    // What is recorded is recorded in their name, and there is all of it.
    let events = run(&["export", "events", "--format", "jsonl"]).objects();
    let last = events.last().unwrap();
    assert_eq!((&last["actor"], &last["door"]), (&"max".into(), &"socket".into()), "{last}");

    for arguments in [
        &["check"][..],
        &["verify"],
        &["backup", "b.stb"],
        &["backup", "--into", "."],
        #[cfg(feature = "ssh")]
        &["otp"],
        #[cfg(feature = "ssh")]
        &["otp", "reset", "max"],
    ] {
        let ran = run(arguments);
        assert_ne!(ran.code, Some(0), "{arguments:?}: {}", ran.out);
        assert!(ran.err.contains("only root can"), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.contains("--group"), "{arguments:?}: {}", ran.err);
    }
    served.stop();
    let own = workspace.done(&["export", "events", "--format", "jsonl"]).objects();
    assert_eq!(own[..events.len()], events[..], "nothing was left out");
}
