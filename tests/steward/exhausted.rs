//! The real process where something runs out or does not let itself be written: a clear error,
//! nothing lost, and the same command completes afterwards.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::people::{FATHER, HEADER, SON, crowd_and};
use crate::workspace::{Ran, Workspace};

const HANGS: Duration = Duration::from_secs(120);

/// Rows enough for several commits, and for a store that grows.
fn many() -> String {
    let rows = (0..1_500).map(|n| {
        format!(
            "m{n},Given{n},Family{n},m{n}@example.com,,19{}-01-02,{n} Oak Road,Omaha,,\n",
            40 + n % 60
        )
    });
    format!("{HEADER}\n{}", rows.collect::<String>())
}

/// Runs the binary under a limit of the shell's.
fn under(workspace: &Workspace, limit: &str, arguments: &[&str]) -> Ran {
    let words = arguments.join(" ");
    let binary = assert_cmd::cargo::cargo_bin!("steward").display().to_string();
    let script = format!("{limit}; exec {binary} {words}");
    let mut shell = Command::new("sh");
    workspace.keep_inside(&mut shell);
    let mut command = assert_cmd::Command::from_std(shell);
    let ran = command.args(["-c", &script]).timeout(HANGS).output().expect("sh runs");
    let ran = Ran::from(ran);
    for words in ["steward itself failed", "panicked"] {
        assert!(!ran.err.contains(words), "{limit}: {}", ran.err);
    }
    ran
}

fn records(workspace: &Workspace) -> usize {
    workspace.export("records").lines().count()
}

/// What the ledger has is kept, the view follows, and the same import completes.
fn recovers(workspace: &Workspace, context: &str) {
    let ran = workspace.run(&["tasks", "--json"]);
    assert_eq!(ran.code, Some(0), "{context}: {}", ran.err);
    assert_eq!(workspace.verified()["view"], "same", "{context}");
    workspace.done(&["import", "many.csv", "--source", "crm"]);
    assert_eq!(workspace.verified()["view"], "same", "{context}");
}

#[test]
fn a_disk_that_fills_up_loses_nothing() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let before = records(&workspace);
    workspace.write("many.csv", &many());
    let mut failed = 0;
    // In units of 512 bytes: from less than the lock file needs to more than all of it.
    for blocks in [0, 1, 8, 40, 120, 300, 700, 1_100, 2_100, 100_000] {
        let full = workspace.copied();
        let context = format!("{blocks} blocks");
        let limit = format!("ulimit -f {blocks}");
        let ran = under(&full, &limit, &["import", "many.csv", "--source", "crm"]);
        match ran.code {
            Some(0) => {}
            Some(1) => {
                failed += 1;
                assert!(ran.err.contains("error: "), "{context}: {}", ran.err);
                assert!(ran.err.contains("raise the limit (ulimit -f)"), "{context}: {}", ran.err);
                assert!(ran.out.is_empty(), "{context}: {}", ran.out);
            }
            code => panic!("{context}: {code:?} {}{}", ran.out, ran.err),
        }
        recovers(&full, &context);
        assert_eq!(records(&full), before + 1_500, "{context}");
    }
    assert!((2..10).contains(&failed), "{failed} of 10 limits were reached");
}

#[test]
fn a_decision_on_a_full_disk_is_made_or_said_not_to_be() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let mut refused = 0;
    let ledger = std::fs::metadata(workspace.path(".steward/ledger/00000001.seg")).unwrap().len();
    let now = ledger / 512;
    for blocks in [0, 1, now, now + 1, now + 2, now + 16, 100_000] {
        let full = workspace.copied();
        let limit = format!("ulimit -f {blocks}");
        let ran = under(&full, &limit, &["fix", "crm:p1", "--set", "city=Boulder", "--json"]);
        let known = full.run(&["show", "crm:p1", "--json"]);
        assert_eq!(known.code, Some(0), "{blocks} blocks: {}", known.err);
        let made = known.out.contains("Boulder");
        match ran.code {
            Some(0) => assert!(made, "{blocks} blocks: acknowledged and gone"),
            Some(1) => {
                refused += 1;
                let unknown = ran.err.contains("outcome unknown");
                assert!(!made || unknown, "{blocks} blocks: {}", ran.err);
            }
            code => panic!("{blocks} blocks: {code:?} {}", ran.err),
        }
        assert_eq!(full.verified()["view"], "same", "{blocks} blocks");
    }
    assert!(refused > 0);
}

/// What loading the program takes in KiB, which differs from build to build, with some to spare.
fn loading(workspace: &Workspace) -> u64 {
    let loads = |limit: &u64| {
        let ran = under(workspace, &format!("ulimit -v {limit}"), &["tasks"]);
        matches!(ran.code, Some(0 | 1)) && !ran.err.is_empty()
    };
    let least = (60_000..200_000).step_by(2_000).find(loads);
    least.expect("it loads with 200 MB") + 2_000
}

/// The least memory in KiB that the binary begins with, as it says itself where it has only `little`.
fn least(workspace: &Workspace, little: &str) -> u64 {
    let ran = under(workspace, little, &["tasks"]);
    let (_, rest) = ran.err.split_once("needs at least ").expect("the least is said");
    let mebibytes: u64 = rest.split(' ').next().unwrap().parse().expect("in MiB");
    (mebibytes + 1) << 10
}

#[test]
fn memory_that_runs_out_ends_in_a_code_and_loses_nothing() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let before = records(&workspace);
    workspace.write("many.csv", &many());
    let mut failed = 0;
    // In KiB: from less than is asked for, beyond what loading the program takes, to more than enough.
    let loading = loading(&workspace);
    let beyond = [0, 9_000, 14_000, 20_000].map(|more| loading + more);
    for kilobytes in beyond.into_iter().chain([200_000, 4_000_000]) {
        let starved = workspace.copied();
        let context = format!("{kilobytes} KiB");
        let limit = format!("ulimit -v {kilobytes}");
        for arguments in [&["import", "many.csv", "--source", "crm"][..], &["tasks"]] {
            let ran = under(&starved, &limit, arguments);
            assert!(matches!(ran.code, Some(0 | 1)), "{context}: {:?} {}", ran.code, ran.err);
            failed += usize::from(ran.code == Some(1));
            assert!(ran.code == Some(0) || !ran.err.is_empty(), "{context}: said why");
        }
        recovers(&starved, &context);
        assert_eq!(records(&starved), before + 1_500, "{context}");
    }
    // Just above the least that is asked for, which differs from build to build: there the threads
    // and the first large pieces of memory are refused.
    let little = format!("ulimit -v {loading}");
    let least = least(&workspace, &little);
    for beyond in (0..20).map(|step| step << 10) {
        let limit = format!("ulimit -v {}", least + beyond);
        for arguments in [&["match", "--dry-run"][..], &["tasks"]] {
            let ran = under(&workspace, &limit, arguments);
            assert!(matches!(ran.code, Some(0 | 1)), "{limit}: {:?} {}", ran.code, ran.err);
        }
    }
    let ran = under(&workspace, &little, &["tasks"]);
    assert!(ran.err.contains("raise the limit (ulimit -v)"), "{}", ran.err);
    assert!((1..12).contains(&failed), "{failed} runs of 12 were starved");
}

#[test]
fn too_many_open_files_are_a_clear_error() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.write("many.csv", &many());
    let before = records(&workspace);
    let mut failed = 0;
    for most in [3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 64] {
        let starved = workspace.copied();
        let context = format!("{most} files");
        let limit = format!("ulimit -n {most}");
        let ran = under(&starved, &limit, &["import", "many.csv", "--source", "crm"]);
        // Below a handful the system cannot even start the process: 127 is its word for that.
        assert!(matches!(ran.code, Some(0 | 1 | 127)), "{context}: {:?} {}", ran.code, ran.err);
        failed += usize::from(ran.code == Some(1));
        recovers(&starved, &context);
        assert_eq!(records(&starved), before + 1_500, "{context}");
    }
    assert!(failed > 0, "no limit was reached");
}

/// Takes all permission to write away from a folder and what is in it, and gives it to `owner`.
fn seal_off(folder: &Path, owner: Option<u32>) {
    let mut paths = vec![folder.to_owned()];
    let mut all: Vec<PathBuf> = Vec::new();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        }
        all.push(path);
    }
    for path in all {
        let mode = if path.is_dir() { 0o500 } else { 0o400 };
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        chown(&path, owner, owner).unwrap();
    }
}

fn open_up(folder: &Path) {
    let mut paths = vec![folder.to_owned()];
    while let Some(path) = paths.pop() {
        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        if path.is_dir() {
            paths.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        }
    }
}

#[test]
fn a_folder_that_cannot_be_written_can_be_read() {
    /// Who may do nothing: root would not notice that a folder is sealed off.
    const NOBODY: u32 = 65_534;
    let is_root = rustix::process::geteuid().is_root();
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    workspace.decided(&["fix", "crm:p1", "--set", "city=Boulder"]);
    let names = [".steward/ledger", "steward.toml"];
    let before: Vec<Vec<u8>> = names.iter().flat_map(|name| bytes_of(&workspace, name)).collect();
    let expected = workspace.done(&["tasks", "--json"]).out;
    // The binary lies where only its owner may go: a copy goes along.
    let outside = tempfile::tempdir().unwrap();
    let binary = outside.path().join("steward");
    std::fs::copy(assert_cmd::cargo::cargo_bin!("steward"), &binary).unwrap();
    let temporary = outside.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    for (path, mode) in [(outside.path(), 0o755), (&binary, 0o755), (&temporary, 0o777)] {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    seal_off(&workspace.path(""), is_root.then_some(NOBODY));
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&binary);
        workspace.keep_inside(&mut command);
        command.current_dir(&temporary).env("STEWARD_WORKSPACE", workspace.path(""));
        command.env("TMPDIR", &temporary).env("XDG_STATE_HOME", &temporary);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        Ran::from(command.args(arguments).output().expect("it runs"))
    };
    let tasks = run(&["tasks", "--json"]);
    assert_eq!((tasks.code, &tasks.out), (Some(0), &expected), "{}", tasks.err);
    assert!(tasks.err.contains("reading from a private copy"), "{}", tasks.err);
    for arguments in [
        &["show", "crm:1"][..],
        &["history"],
        &["explain", "crm:1", "shop:2"],
        &["verify"],
        &["export", "model"],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.err);
        assert!(!ran.out.is_empty(), "{arguments:?}");
    }
    assert!(run(&["export", "model"]).err.contains("not recorded"));
    assert_eq!(run(&["export", "golden", "--dry-run"]).code, Some(0));
    for dataset in ["golden", "records", "xref", "events"] {
        let ran = run(&["export", dataset]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{dataset}: {}", ran.err);
        assert!(ran.err.contains("an export must be recorded first"), "{dataset}: {}", ran.err);
        assert!(ran.err.contains("ermission denied"), "{dataset}: {}", ran.err);
    }
    for arguments in
        [&["fix", "crm:1", "--set", "city=Omaha"][..], &["match"], &["undo", "D1"], &["rebuild"]]
    {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}: {}", ran.out);
        assert!(ran.err.contains("ermission denied"), "{arguments:?}: {}", ran.err);
    }
    let left: Vec<_> = std::fs::read_dir(&temporary).unwrap().flatten().collect();
    let left =
        left.iter().filter(|entry| entry.file_name().to_string_lossy().starts_with("steward-"));
    assert_eq!(left.count(), 0, "private copies are left");
    open_up(&workspace.path(""));
    let after: Vec<Vec<u8>> = names.iter().flat_map(|name| bytes_of(&workspace, name)).collect();
    assert_eq!(after, before);
    workspace.verified();
}

fn bytes_of(workspace: &Workspace, name: &str) -> Vec<Vec<u8>> {
    if workspace.path(name).is_file() {
        return vec![std::fs::read(workspace.path(name)).unwrap()];
    }
    workspace.kept(name).iter().map(|file| file.bytes().to_vec()).collect()
}
