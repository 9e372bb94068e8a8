//! Backups made while others work, restored to what was there; whatever is killed or damaged,
//! nothing half-done passes for whole.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::people::{FATHER, HEADER, SON, crowd_and, file, nobody};
use crate::workspace::{Workspace, list, text};

/// The hash of a workspace's newest commit.
#[track_caller]
fn head(workspace: &Workspace, folder: &str) -> String {
    let report = workspace.done(&["--workspace", folder, "verify", "--json"]).object();
    assert_eq!(report["sound"], true, "{report}");
    text(&report, "hash").to_owned()
}

#[track_caller]
fn back_up(workspace: &Workspace, arguments: &[&str]) -> Value {
    workspace.done(&[&["backup", "--json"], arguments].concat()).object()
}

/// Restores into a folder, where the ledger must end as the backup says.
#[track_caller]
fn restore(workspace: &Workspace, backup: &Value, folder: &str, bases: &[&str]) {
    let file = text(backup, "file");
    let bases = bases.iter().flat_map(|base| ["--base", *base]);
    let arguments = ["restore", file, folder, "--json"].into_iter().chain(bases);
    let outcome = workspace.done(&arguments.collect::<Vec<_>>()).object();
    assert_eq!(outcome["hash"], backup["hash"], "{outcome}");
    assert_eq!(head(workspace, folder), text(backup, "hash"));
}

#[track_caller]
fn refused(workspace: &Workspace, arguments: &[&str]) -> String {
    let ran = workspace.run(arguments);
    assert_eq!(ran.code, Some(1), "{arguments:?}: {}{}", ran.out, ran.err);
    ran.err
}

/// What people see of the workspace in a folder.
#[track_caller]
fn seen(workspace: &Workspace, folder: &str) -> Vec<String> {
    let datasets = ["golden", "xref", "tasks", "decisions", "quarantine"];
    let export = |dataset: &&str| workspace.done(&["--workspace", folder, "export", dataset]).out;
    datasets.iter().map(export).collect()
}

/// The binary as a process of its own, to be killed or to work beside others.
fn binary(workspace: &Workspace) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("steward"));
    command.current_dir(workspace.path(".")).env_remove("STEWARD_WORKSPACE");
    command.env("XDG_STATE_HOME", workspace.path(".state"));
    command.env("XDG_DATA_HOME", workspace.path(".data"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn decided() -> Workspace {
    let workspace = crowd_and(&[FATHER], &[SON, "3,Ada"]);
    workspace.done(&["match"]);
    workspace.decided(&["not-a-match", "crm:1", "shop:2"]);
    workspace
}

#[test]
fn what_is_restored_is_what_was_backed_up() {
    let workspace = decided();
    let backup = back_up(&workspace, &["one.stb"]);
    let before = seen(&workspace, ".");
    restore(&workspace, &backup, "again", &[]);
    assert_eq!(seen(&workspace, "again"), before);
    let settings = |folder: &str| std::fs::read(workspace.path(folder).join("steward.toml"));
    assert_eq!(settings("again").unwrap(), settings("").unwrap());
    assert!(!workspace.path("again/.steward.restoring").exists());
    // It goes on as a workspace of its own.
    workspace.done(&["--workspace", "again", "fix", "crm:1", "--set", "city=Bonn"]);
    assert_ne!(head(&workspace, "again"), head(&workspace, "."));
}

#[test]
fn an_incremental_backup_restores_with_its_bases_wherever_they_are() {
    let workspace = decided();
    back_up(&workspace, &["one.stb"]);
    workspace.import_bytes("more.csv", "shop", file(&["9,Ada,Fernsby,a@example.org,,,,Salem,,"]));
    back_up(&workspace, &["two.stb", "--base", "one.stb"]);
    workspace.decided(&["fix", "crm:1", "--set", "city=Bonn"]);
    let three = back_up(&workspace, &["three.stb", "--base", "two.stb"]);
    let whole = back_up(&workspace, &["whole.stb", "--dry-run"]);
    assert!(three["bytes"].as_u64() < whole["bytes"].as_u64(), "{three} {whole}");
    // The register knows where the bases are.
    restore(&workspace, &three, "again", &[]);
    for name in ["one.stb", "two.stb"] {
        std::fs::rename(workspace.path(name), workspace.path(&format!("moved-{name}"))).unwrap();
    }
    let told = refused(&workspace, &["restore", "three.stb", "lost"]);
    assert!(told.contains("--base"), "{told}");
    restore(&workspace, &three, "moved", &["moved-one.stb", "moved-two.stb"]);
    assert_eq!(seen(&workspace, "moved"), seen(&workspace, "again"));

    let listed = workspace.done(&["backup", "--list", "--json"]).objects();
    let there: Vec<_> = listed.iter().map(|one| one["is_there"].as_bool().unwrap()).collect();
    assert_eq!(there, [false, false, true], "{listed:?}");
    assert_eq!(listed[1]["base"], listed[0]["backup"]);
    let told = workspace.done(&["backup", "--list"]);
    assert_eq!(told.out.matches("not there").count(), 2, "{}", told.out);
}

#[test]
fn a_backup_made_while_an_import_runs_is_consistent_to_a_commit() {
    let workspace = nobody();
    let rows: String = (0..12_000)
        .map(|n| format!("{n},Given{n},Family{n},m{n}@example.com,,,{n} Elm Street,Salem,,\n"))
        .collect();
    workspace.write("crm.csv", &format!("{HEADER}\n{rows}"));
    let begun = head(&workspace, ".");
    let mut import = binary(&workspace)
        .args(["import", "crm.csv", "--source", "crm"])
        .spawn()
        .expect("the binary runs");
    let mut made: Vec<Value> = Vec::new();
    while import.try_wait().unwrap().is_none() {
        let name = format!("{}.stb", made.len());
        let base = made.last().map(|last| text(last, "file").to_owned());
        // Whole ones and incremental ones in turn.
        let base = base.as_deref().filter(|_| made.len() % 2 == 1);
        let base = base.map_or(vec![], |base| vec!["--base", base]);
        made.push(back_up(&workspace, &[&[name.as_str()], &base[..]].concat()));
    }
    assert!(import.wait().unwrap().success(), "a backup is in nobody's way");
    let ended = head(&workspace, ".");
    let between = |backup: &&Value| backup["hash"] != *begun && backup["hash"] != *ended;
    let between: Vec<&Value> = made.iter().filter(between).collect();
    assert!(!between.is_empty(), "{} backups, none of the middle", made.len());
    for backup in &made {
        workspace.done(&["verify", "--expect", text(backup, "hash")]);
    }
    restore(&workspace, between[0], "again", &[]);
    // The import is completed in what was restored as after any interruption.
    let import = ["--workspace", "again", "import", "crm.csv", "--source", "crm", "--json"];
    let report = workspace.done(&import).object();
    assert_eq!(report["read"], 12_000, "{report}");
    let rows = ["unchanged", "new"].map(|kind| report[kind].as_u64().unwrap());
    // The last of its commits may have been all that was missing.
    assert_eq!(rows[0] + rows[1], 12_000, "{report}");
    assert_eq!(seen(&workspace, "again")[0].lines().count(), 12_001);
}

#[test]
fn a_killed_backup_leaves_none_and_a_killed_restore_no_workspace() {
    let workspace = Workspace::of_sample();
    let mut killed = 0;
    for trial in 0..40 {
        // One may be done before it is seen to have begun; two in the middle are enough.
        if killed == 2 {
            break;
        }
        let name = format!("{trial}.stb");
        let mut process = binary(&workspace).args(["backup", &name]).spawn().expect("runs");
        let unfinished = || {
            let entries = std::fs::read_dir(workspace.path(".")).unwrap().flatten();
            let mut names = entries.map(|entry| entry.file_name().into_string().unwrap());
            names.any(|it| it.starts_with(&name) && it.ends_with(".unfinished"))
        };
        while process.try_wait().unwrap().is_none() {
            if unfinished() {
                process.kill().unwrap();
                break;
            }
        }
        process.wait().unwrap();
        if workspace.path(&name).exists() {
            workspace.done(&["restore", &name, &format!("of-{trial}"), "--dry-run"]);
        } else {
            killed += 1;
            assert!(unfinished());
            back_up(&workspace, &[&name]);
            assert!(!unfinished(), "what was left is removed");
        }
    }
    assert_eq!(killed, 2, "too few were killed in the middle");

    let backup = back_up(&workspace, &["whole.stb"]);
    for seen in [".steward.restoring", ".steward.restoring/.steward/tmp", "steward.toml"] {
        let folder = format!("again-{}", seen.len());
        let mut process =
            binary(&workspace).args(["restore", "whole.stb", &folder]).spawn().expect("runs");
        while process.try_wait().unwrap().is_none() {
            if workspace.path(&folder).join(seen).exists() {
                process.kill().unwrap();
                break;
            }
        }
        process.wait().unwrap();
        if workspace.path(&folder).join(".steward").exists() {
            assert_eq!(head(&workspace, &folder), text(&backup, "hash"));
            continue;
        }
        let told = refused(&workspace, &["--workspace", &folder, "tasks"]);
        assert!(told.contains("not a workspace"), "{told}");
        restore(&workspace, &backup, &folder, &[]);
    }
}

#[test]
fn what_is_wrong_with_a_backup_is_said_and_nothing_is_restored() {
    let workspace = decided();
    back_up(&workspace, &["one.stb"]);
    let sound = std::fs::read(workspace.path("one.stb")).unwrap();
    let mut flipped = sound.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for (bytes, expected) in [
        (&sound[..sound.len() - 1], "was cut"),
        (&sound[..40], "is not a backup made by steward"),
        (&flipped[..], "is damaged"),
        (b"id,given\n1,Ada\n", "is not a backup made by steward"),
    ] {
        std::fs::write(workspace.path("wrong.stb"), bytes).unwrap();
        let told = refused(&workspace, &["restore", "wrong.stb", "again"]);
        assert!(told.contains(expected), "{expected}: {told}");
        assert!(!workspace.path("again").exists());
        let told = refused(&workspace, &["restore", "wrong.stb", "again", "--dry-run"]);
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let told = refused(&workspace, &["restore", "absent.stb", "again"]);
    assert!(told.contains("absent.stb"), "{told}");
    // Another workspace's backup is no base.
    let other = nobody();
    std::fs::write(other.path("one.stb"), &sound).unwrap();
    let told = refused(&other, &["backup", "two.stb", "--base", "one.stb"]);
    assert!(told.contains("another workspace"), "{told}");
    assert!(!other.path("two.stb").exists());
}

#[test]
fn nothing_is_replaced_unasked() {
    let workspace = decided();
    workspace.write("one.stb", "mine");
    let ran = workspace.run(&["backup", "one.stb"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("--force"), "{}", ran.err);
    back_up(&workspace, &["one.stb", "--force", "--dry-run"]);
    assert_eq!(std::fs::read(workspace.path("one.stb")).unwrap(), b"mine");
    let backup = back_up(&workspace, &["one.stb", "--force"]);

    let told = refused(&workspace, &["restore", "one.stb", "."]);
    assert!(told.contains("is already a workspace"), "{told}");
    std::fs::create_dir(workspace.path("full")).unwrap();
    workspace.write("full/notes.txt", "mine");
    let told = refused(&workspace, &["restore", "one.stb", "full"]);
    assert!(told.contains("notes.txt"), "{told}");
    // Settings that are there are newer than the backup's: they stay.
    std::fs::create_dir(workspace.path("again")).unwrap();
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let settings = settings.replace("test people", "the same people");
    workspace.write("again/steward.toml", &settings);
    restore(&workspace, &backup, "again", &[]);
    assert_eq!(std::fs::read_to_string(workspace.path("again/steward.toml")).unwrap(), settings);
}

#[test]
fn nobody_else_may_read_a_backup_or_the_register() {
    let workspace = decided();
    let binary = assert_cmd::cargo::cargo_bin!("steward").display().to_string();
    let status = Command::new("sh")
        .args([
            "-c",
            &format!("umask 000; '{binary}' backup one.stb && '{binary}' restore one.stb again"),
        ])
        .current_dir(workspace.path("."))
        .env("XDG_STATE_HOME", workspace.path(".state"))
        .env("XDG_DATA_HOME", workspace.path(".data"))
        .status()
        .unwrap();
    assert!(status.success());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&workspace.path("one.stb")), 0o600);
    for below in [".data/steward", "again"] {
        for file in workspace.kept(below) {
            assert_eq!(file.mode(), 0o600, "{}", file.name().display());
        }
        let mut folders = vec![workspace.path(below)];
        while let Some(folder) = folders.pop() {
            assert_eq!(mode(&folder), 0o700, "{}", folder.display());
            let entries = std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path());
            folders.extend(entries.filter(|path| path.is_dir()));
        }
    }
    let register = workspace.kept(".data/steward/register");
    assert!(register.iter().any(|file| file.name().ends_with("backups.jsonl")));
}

#[test]
fn a_damaged_ledger_gives_no_backup() {
    let workspace = decided();
    let path = workspace.path(".steward/ledger/00000001.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[300] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let told = refused(&workspace, &["backup", "one.stb"]);
    assert!(told.contains("segment 1, byte"), "{told}");
    let left = std::fs::read_dir(workspace.path(".")).unwrap().flatten();
    assert!(!left.map(|entry| entry.file_name()).any(|it| it.to_string_lossy().contains("stb")));
    let report = workspace.run(&["verify", "--json"]).object();
    assert!(!list(&report, "damage").is_empty());
}

#[test]
fn what_was_erased_since_stays_erased() {
    let workspace = decided();
    back_up(&workspace, &["one.stb"]);
    let customer = workspace.customer("crm:1");
    let erase = ["erase", &customer, "--reason", "request", "--note", "asked by mail", "--yes"];
    let told = workspace.done(&[&erase[..], &["--json"]].concat()).object();
    assert!(told.to_string().contains("one.stb"), "the backup that holds the person: {told}");
    let outcome = workspace.done(&["restore", "one.stb", "again", "--json"]).object();
    assert_eq!(outcome["erasures"], 1, "{outcome}");
    let report = workspace.done(&["--workspace", "again", "verify", "--json"]).object();
    assert_eq!(report["sound"], true, "{report}");
    assert!(report["erased"].as_u64() > Some(0), "{report}");
    assert_eq!(seen(&workspace, "again")[..2], seen(&workspace, ".")[..2]);
    // A second one has nothing to repeat: what it holds is erased already.
    back_up(&workspace, &["two.stb"]);
    let outcome = workspace.done(&["restore", "two.stb", "later", "--json"]).object();
    assert_eq!(outcome["erasures"], 0, "{outcome}");
}

/// The names of the backups in a folder, sorted.
fn backups_in(workspace: &Workspace, folder: &str) -> Vec<String> {
    let names = std::fs::read_dir(workspace.path(folder)).unwrap();
    let mut names: Vec<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_of_backups_keeps_the_newest_and_what_is_none_of_them() {
    let workspace = decided();
    std::fs::create_dir(workspace.path("kept")).unwrap();
    let first = back_up(&workspace, &["--into", "kept"]);
    let by_hand = back_up(&workspace, &["kept/monday.stb"]);
    // Whatever is called like one, and is none that --into made.
    let alike = back_up(&workspace, &["kept/w-20200101T000000Z.stb"]);
    let other = Workspace::empty();
    let foreign = back_up(&other, &["foreign.stb"]);
    let names = ["kept/x-20200101T000000Z.stb", "kept/y-20200101T000000Z.stb"];
    std::fs::copy(text(&foreign, "file"), workspace.path(names[0])).unwrap();
    std::fs::write(workspace.path(names[1]), "no backup").unwrap();
    std::os::unix::fs::symlink(
        workspace.path("kept/monday.stb"),
        workspace.path("kept/z-20200101T000000Z.stb"),
    )
    .unwrap();

    workspace.decided(&["fix", "crm:1", "--set", "city=Bonn"]);
    let second = back_up(&workspace, &["--into", "kept", "--base", text(&first, "file")]);
    let before = backups_in(&workspace, "kept");
    let foreseen = back_up(&workspace, &["--into", "kept", "--keep", "1", "--dry-run"]);
    assert_eq!(list(&foreseen, "removed").len(), 2, "{foreseen}");
    assert_eq!(backups_in(&workspace, "kept"), before, "a dry run removes nothing");

    // The second builds on the first.
    let third = back_up(&workspace, &["--into", "kept", "--keep", "2"]);
    assert_eq!(list(&third, "removed").len(), 0, "{third}");
    assert_eq!(list(&third, "needed"), [first["file"].clone()], "{third}");
    let fourth = back_up(&workspace, &["--into", "kept", "--keep", "2", "--test-restore"]);
    assert!(fourth["test_restore"]["records"].as_u64() > Some(1), "{fourth}");
    assert_eq!(list(&fourth, "removed"), [first["file"].clone(), second["file"].clone()]);

    let mut expected = vec!["monday.stb".to_owned()];
    for name in ["w", "x", "y", "z"] {
        expected.push(format!("{name}-20200101T000000Z.stb"));
    }
    for made in [&third, &fourth] {
        let path = Path::new(text(made, "file"));
        expected.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    expected.sort();
    assert_eq!(backups_in(&workspace, "kept"), expected, "and no trace of the test restore");
    restore(&workspace, &by_hand, "by-hand", &[]);
    restore(&workspace, &alike, "alike", &[]);
    restore(&workspace, &fourth, "again", &[]);
    assert_eq!(head(&workspace, "."), text(&fourth, "hash"), "it records nothing");

    // A workspace that was restored goes on from an earlier commit, and its backups are the newest.
    let kept = workspace.path("kept");
    let restored = ["--workspace", "by-hand", "backup", "--json", "--into"];
    for _ in 0..2 {
        let arguments = [&restored[..], &[kept.to_str().unwrap(), "--keep", "2"]].concat();
        let made = workspace.done(&arguments).object();
        assert!(Path::new(text(&made, "file")).exists(), "{made}");
        assert_eq!(list(&made, "removed").len(), 1, "{made}");
    }
}

#[test]
fn backups_at_the_same_moment_are_in_nobodys_way() {
    let workspace = decided();
    std::fs::create_dir(workspace.path("kept")).unwrap();
    let arguments = ["backup", "--into", "kept", "--keep", "4", "--test-restore"];
    let begin = |_| binary(&workspace).args(arguments).spawn().unwrap();
    let begun: Vec<_> = (0..4).map(begin).collect();
    for mut process in begun {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(backups_in(&workspace, "kept").len(), 4);
    // What one that was killed has left is cleared by the next.
    let left = workspace.path("kept/.steward.testing-00ff/.steward.restoring");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("lock"), "").unwrap();
    workspace.done(&arguments);
    assert_eq!(backups_in(&workspace, "kept").len(), 4);
}

#[test]
fn a_backup_that_cannot_be_restored_removes_none() {
    let workspace = decided();
    std::fs::create_dir(workspace.path("kept")).unwrap();
    let whole = back_up(&workspace, &["whole.stb"]);
    let first = back_up(&workspace, &["--into", "kept", "--base", "whole.stb"]);
    std::fs::remove_file(text(&whole, "file")).unwrap();
    let told = refused(
        &workspace,
        &[
            "backup",
            "--into",
            "kept",
            "--keep",
            "1",
            "--base",
            text(&first, "file"),
            "--test-restore",
        ],
    );
    assert!(told.contains("was written, but its test restore failed"), "{told}");
    assert_eq!(backups_in(&workspace, "kept").len(), 2);
    for (arguments, expected) in [
        (&["backup", "--into", "none"][..], "backing up into none"),
        (&["backup", "--into", "whole.csv"], "backing up into whole.csv"),
    ] {
        let told = refused(&workspace, arguments);
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
    let kept = workspace.run(&["backup", "--into", ".steward"]);
    assert!(kept.err.contains("is in the .steward folder"), "{}", kept.err);
    for arguments in [
        &["backup", "--keep", "3"][..],
        &["backup", "one.stb", "--keep", "3"],
        &["backup", "--into", "kept", "--keep", "0"],
        &["backup", "one.stb", "--into", "kept"],
        &["backup", "--into", "kept", "--list"],
        &["backup", "--test-restore"],
    ] {
        assert_eq!(workspace.run(arguments).code, Some(2), "{arguments:?}");
    }
}
