//! A workspace or a register in which a link, a pipe, a second name or a folder stands for a file,
//! as a shared folder or an unpacked archive may bring it: nothing is written through it, nothing
//! waits for it, and what it is and where is said.

use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::outputs::fifo;
use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::{Ran, Workspace, text};

/// Far more than any of these commands takes.
const HANGS: Duration = Duration::from_secs(60);
const PRECIOUS: &str = "precious";

/// What stands in a file's or folder's place.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Instead {
    Link,
    Pipe,
    SecondName,
    Folder,
}

fn workspace() -> Workspace {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    workspace.done(&["backup", "one.stb"]);
    workspace.write("victim", PRECIOUS);
    workspace
}

fn run(workspace: &Workspace, arguments: &[&str], context: &str) -> Ran {
    let output = workspace.command().args(arguments).timeout(HANGS).output().unwrap();
    let ran = Ran::from(output);
    assert!(ran.code.is_some(), "{context}: {arguments:?} hangs");
    assert!(!ran.err.contains("itself failed"), "{context}: {}", ran.err);
    let victim = std::fs::read_to_string(workspace.path("victim")).unwrap();
    assert_eq!(victim, PRECIOUS, "{context}: {arguments:?} wrote through it");
    ran
}

/// Puts something of a wrong kind at a path.
type Strike = fn(&Path);

/// Puts something else in a path's place while `look` looks, and what was there back.
fn with(workspace: &Workspace, path: &Path, instead: Instead, look: impl FnOnce(&str)) {
    let aside = workspace.path("aside");
    let was_there = std::fs::rename(path, &aside).is_ok();
    match instead {
        Instead::Link if aside.is_dir() => symlink(&aside, path).unwrap(),
        Instead::Link => symlink(workspace.path("victim"), path).unwrap(),
        Instead::Pipe => fifo(path),
        Instead::SecondName => std::fs::hard_link(workspace.path("victim"), path).unwrap(),
        Instead::Folder => std::fs::create_dir(path).unwrap(),
    }
    look(&format!("{instead:?} for {}", path.display()));
    let is_folder = path.symlink_metadata().is_ok_and(|about| about.is_dir());
    if is_folder { std::fs::remove_dir(path) } else { std::fs::remove_file(path) }.unwrap();
    if was_there {
        std::fs::rename(&aside, path).unwrap();
    }
}

fn store(workspace: &Workspace) -> PathBuf {
    let entries = std::fs::read_dir(workspace.path(".steward")).unwrap().flatten();
    let stores = entries.filter(|entry| entry.file_name().to_string_lossy().contains("store-"));
    stores.map(|entry| entry.path()).max().expect("a store")
}

#[test]
fn what_is_not_a_workspaces_own_is_refused_by_name() {
    let workspace = workspace();
    let store = store(&workspace);
    let hidden = workspace.path(".steward");
    let commands: [&[&str]; 7] = [
        &["tasks"],
        &["verify"],
        &["export", "events"],
        &["backup", "two.stb"],
        &["keys"],
        &["fix", "crm:1", "--set", "city=Bonn"],
        &["rebuild"],
    ];
    let mut turn = commands.iter().cycle();
    let files = [
        hidden.join("lock"),
        hidden.join("keys"),
        hidden.join("keys.copy"),
        hidden.join("keys.new"),
        hidden.join("columns"),
        hidden.join("ledger/00000001.seg"),
        hidden.join("ledger/00000002.new"),
        store.join("conf"),
        store.join("db"),
        workspace.path("steward.toml"),
    ];
    for path in &files {
        for instead in [Instead::Link, Instead::Pipe, Instead::SecondName, Instead::Folder] {
            let is_of_store = path.starts_with(&store);
            if instead == Instead::Folder && (is_of_store || path.ends_with("keys.new")) {
                continue;
            }
            with(&workspace, path, instead, |context| {
                for command in turn.by_ref().take(1) {
                    let ran = run(&workspace, command, context);
                    assert_eq!(ran.code, Some(1), "{context}: {command:?}: {}", ran.out);
                    assert!(ran.err.contains(path.to_str().unwrap()), "{context}: {}", ran.err);
                }
            });
        }
    }
    for path in [&hidden, &hidden.join("ledger"), &store, &hidden.join("tmp")] {
        for instead in [Instead::Link, Instead::Pipe] {
            with(&workspace, path, instead, |context| {
                for command in turn.by_ref().take(1) {
                    let ran = run(&workspace, command, context);
                    assert_eq!(ran.code, Some(1), "{context}: {command:?}: {}", ran.out);
                    assert!(ran.err.contains(path.to_str().unwrap()), "{context}: {}", ran.err);
                }
            });
        }
    }
    for instead in [Instead::Link, Instead::Pipe] {
        with(&workspace, &workspace.path("steward.toml"), instead, |context| {
            assert_eq!(run(&workspace, &["check"], context).code, Some(1));
        });
    }
    assert_eq!(run(&workspace, &["verify"], "put back").code, Some(0));
}

#[test]
fn a_folder_where_a_stores_file_should_be_is_healed() {
    let workspace = workspace();
    let expected = workspace.done(&["tasks", "--json"]).out;
    let struck: [(&str, Strike); 5] = [
        ("conf", |path| std::fs::create_dir(path).unwrap()),
        ("db", |path| std::fs::create_dir(path).unwrap()),
        ("sealed", |path| std::fs::create_dir(path).unwrap()),
        ("blobs", |path| std::fs::write(path, "").unwrap()),
        ("", |path| std::fs::write(path, "").unwrap()),
    ];
    for (name, strike) in struck {
        let path = store(&workspace).join(name);
        let path = if name.is_empty() { store(&workspace) } else { path };
        let is_folder = path.is_dir();
        let _ =
            if is_folder { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        strike(&path);
        let verified = run(&workspace, &["verify", "--json"], name);
        assert_eq!((verified.code, text(&verified.object(), "view")), (Some(1), "wrong"), "{name}");
        let ran = run(&workspace, &["tasks", "--json"], name);
        assert_eq!((ran.code, &ran.out), (Some(0), &expected), "{name}: {}", ran.err);
        assert!(ran.err.contains("has been rebuilt"), "{name}: {}", ran.err);
        assert_eq!(run(&workspace, &["verify"], name).code, Some(0), "{name}");
    }
}

#[test]
fn what_is_not_a_registers_own_is_refused_by_name() {
    let workspace = workspace();
    let register = workspace.path(".data/steward/register");
    let own = std::fs::read_dir(&register).unwrap().flatten().next().expect("one").path();
    for path in [own.join("lock"), own.join("backups.jsonl")] {
        for instead in [Instead::Link, Instead::Pipe, Instead::SecondName, Instead::Folder] {
            with(&workspace, &path, instead, |context| {
                let ran = run(&workspace, &["backup", "two.stb"], context);
                assert_eq!(ran.code, Some(1), "{context}: {}", ran.out);
                assert!(ran.err.contains(path.to_str().unwrap()), "{context}: {}", ran.err);
                assert!(!workspace.path("two.stb").exists(), "{context}");
            });
        }
    }
    let files = || {
        let entries = std::fs::read_dir(&own).unwrap().flatten().map(|entry| entry.path());
        let mut read: Vec<_> =
            entries.map(|path| (path.clone(), std::fs::read(path).ok())).collect();
        read.sort();
        read
    };
    let before = files();
    for (path, city) in [(&own, "city=Bonn"), (&register, "city=Kiel")] {
        with(&workspace, path, Instead::Link, |context| {
            let ran = run(&workspace, &["backup", "two.stb"], context);
            assert_eq!(ran.code, Some(1), "{context}: {}", ran.out);
            // A witness behind a link is not asked and not told.
            for command in [&["tasks"][..], &["fix", "crm:1", "--set", city], &["verify"]] {
                let ran = run(&workspace, command, context);
                assert_eq!(ran.code, Some(0), "{context}: {}", ran.err);
                let said =
                    format!("the register cannot say how far the ledger went: {}", path.display());
                assert!(ran.err.contains(&said), "{context}: {command:?}: {}", ran.err);
            }
        });
        assert!(files() == before, "{}: nothing is written behind the link", path.display());
    }
    let is_witness = |path: &PathBuf| path.to_string_lossy().contains("witness-");
    let witness = before.into_iter().map(|(path, _)| path).find(is_witness).expect("a witness");
    for instead in [Instead::Link, Instead::Pipe, Instead::SecondName, Instead::Folder] {
        with(&workspace, &witness, instead, |context| {
            for command in [&["tasks"][..], &["verify"]] {
                let ran = run(&workspace, command, context);
                assert_eq!(ran.code, Some(0), "{context}: {}", ran.err);
                assert!(ran.err.contains(witness.to_str().unwrap()), "{context}: {}", ran.err);
                assert!(!ran.err.contains("a new one"), "{context}: {}", ran.err);
            }
        });
    }
}

#[test]
fn a_key_file_or_a_backup_may_be_reached_by_a_link_and_is_never_a_pipe() {
    let workspace = workspace();
    let keys = workspace.path(".data/steward/keys");
    let key = std::fs::read_dir(keys).unwrap().flatten().next().expect("a key file").path();
    let [link, pipe] = ["link", "pipe"].map(|name| workspace.path(name));
    symlink(&key, &link).unwrap();
    fifo(&pipe);
    for (named, code) in [(&link, 0), (&pipe, 1)] {
        let mut command = workspace.command();
        command.env("STEWARD_KEY_FILE", named).timeout(HANGS);
        let ran = Ran::from(command.arg("tasks").output().unwrap());
        assert_eq!(ran.code, Some(code), "{}: {}", named.display(), ran.err);
    }
    std::fs::remove_file(&link).unwrap();
    symlink(workspace.path("one.stb"), &link).unwrap();
    let restore = |name: &str| run(&workspace, &["restore", name, "again"], name);
    assert_eq!(restore("pipe").code, Some(1));
    assert_eq!(restore("link").code, Some(0));
}

#[test]
fn a_model_is_read_from_a_regular_file_before_others_are_kept_waiting() {
    let workspace = workspace();
    fifo(&workspace.path("model.json"));
    for arguments in
        [&["match", "--model", "model.json"][..], &["match", "--dry-run", "--model", "."]]
    {
        let ran = run(&workspace, arguments, "a model");
        assert_eq!(ran.code, Some(1), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("name a regular file"), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn nobody_waits_for_the_workspace_while_a_truth_comes_from_a_pipe() {
    let workspace = workspace();
    let mut evaluating = workspace.process();
    evaluating.args(["evaluate", "/dev/stdin"]);
    evaluating.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut evaluating = evaluating.spawn().unwrap();
    assert_eq!(run(&workspace, &["rebuild"], "beside a pipe").code, Some(0));
    let mut truth = evaluating.stdin.take().unwrap();
    truth.write_all(b"id,cluster\nnobody:1,a\n").unwrap();
    drop(truth);
    let ran = Ran::from(evaluating.wait_with_output().unwrap());
    assert!(ran.err.contains("none of the 1 ids in the truth is a record here"), "{}", ran.err);
}

#[test]
fn a_hidden_folder_that_is_none_is_named_by_whoever_looks() {
    let workspace = Workspace::bare();
    workspace.write("victim", PRECIOUS);
    std::fs::create_dir(workspace.path("nothing")).unwrap();
    let hidden = workspace.path(".steward");
    for instead in ["a link", "a pipe"] {
        match instead {
            "a link" => symlink(workspace.path("nothing"), &hidden).unwrap(),
            _ => fifo(&hidden),
        }
        for arguments in [&["tasks"][..], &["verify"], &["backup", "two.stb"], &["init"]] {
            let ran = run(&workspace, arguments, instead);
            assert_eq!(ran.code, Some(1), "{instead}: {arguments:?}: {}", ran.err);
            let named = ran.err.contains(hidden.to_str().unwrap());
            assert!(named && !ran.err.contains("steward init"), "{arguments:?}: {}", ran.err);
        }
        std::fs::remove_file(&hidden).unwrap();
        assert!(!workspace.path("steward.toml").exists(), "{instead}");
    }
}
