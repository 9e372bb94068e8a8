//! Where outputs may not go: whatever is named, nothing of a workspace, of its register or its keys
//! is replaced, nothing that is no regular file, and no file that is there unless that is asked for.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::Workspace;

const SEGMENT: &str = ".steward/ledger/00000001.seg";

pub fn fifo(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

fn workspace() -> Workspace {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    workspace.done(&["backup", "one.stb"]);
    workspace
}

fn key_file(workspace: &Workspace) -> PathBuf {
    let folder = workspace.path(".data/steward/keys");
    let mut entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.next().expect("a key file").path()
}

/// All that must stay as it is.
fn bytes(workspace: &Workspace) -> Vec<(PathBuf, Vec<u8>)> {
    let folders = [".steward/ledger", ".data"];
    let kept = folders.iter().flat_map(|below| workspace.kept(below));
    let kept = kept.map(|file| (file.name().to_owned(), file.bytes().to_vec()));
    let files = ["steward.toml", "crm.csv", ".steward/keys", ".steward/keys.copy"];
    let read = |name: &str| (PathBuf::from(name), std::fs::read(workspace.path(name)).unwrap());
    kept.chain(files.into_iter().map(read)).collect()
}

#[test]
fn nothing_of_a_workspace_its_register_or_its_keys_is_an_output() {
    let workspace = workspace();
    let key = key_file(&workspace).display().to_string();
    symlink(workspace.path(SEGMENT), workspace.path("link.json")).unwrap();
    symlink(workspace.path("link.json"), workspace.path("chain.json")).unwrap();
    symlink(workspace.path(".steward"), workspace.path("into")).unwrap();
    symlink(workspace.path("nothing"), workspace.path("dangling.json")).unwrap();
    let before = bytes(&workspace);
    let outputs = [
        SEGMENT,
        "link.json",
        "chain.json",
        "into/new.json",
        ".steward/new.json",
        "./.steward/../.steward/keys.json",
        "steward.toml",
        &key,
        ".data/steward/keys/new.json",
        ".data/steward/register/new.json",
        "dangling.json",
        "/dev/null",
        "into",
    ];
    let commands: [&[&str]; 6] = [
        &["export", "golden", "--force", "-o"],
        &["export", "golden", "--dry-run", "-o"],
        &["export", "events", "--force", "-o"],
        &["export", "model", "--force", "-o"],
        &["subject", "crm:1", "--force", "-o"],
        &["backup", "--force"],
    ];
    for output in outputs {
        for command in commands {
            // To a report a name without an ending is that of two other files.
            if command[0] == "subject" && Path::new(output).extension().is_none() {
                continue;
            }
            let arguments = [command, &[output]].concat();
            let ran = workspace.run(&arguments);
            assert_eq!(ran.code, Some(2), "{arguments:?}: {}{}", ran.out, ran.err);
            let named = ran.err.contains(output) || ran.err.contains("-o takes");
            assert!(named, "{arguments:?}: {}", ran.err);
        }
    }
    assert!(bytes(&workspace) == before, "nothing is replaced and nothing recorded");
}

#[test]
fn a_second_name_of_what_is_kept_is_no_output_either() {
    let workspace = workspace();
    let key = key_file(&workspace);
    std::fs::hard_link(&key, workspace.path("key.csv")).unwrap();
    std::fs::hard_link(workspace.path("steward.toml"), workspace.path("toml.csv")).unwrap();
    std::fs::hard_link(workspace.path(SEGMENT), workspace.path("segment.csv")).unwrap();
    std::fs::copy(workspace.path(SEGMENT), workspace.path("moved.csv")).unwrap();
    for name in ["key.csv", "toml.csv", "segment.csv", "moved.csv"] {
        let ran = workspace.run(&["export", "golden", "--force", "-o", name]);
        assert_eq!(ran.code, Some(2), "{name}: {}{}", ran.out, ran.err);
    }
    // A key file that stands elsewhere is known by its variable.
    std::fs::remove_file(workspace.path("key.csv")).unwrap();
    let elsewhere = workspace.path("elsewhere.txt");
    let text = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&elsewhere, text.lines().last().unwrap()).unwrap();
    let mut named = workspace.command();
    named.env("STEWARD_KEY_FILE", &elsewhere);
    let ran = named.args(["export", "golden", "--force", "-o", "elsewhere.txt"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(2), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_pipe_is_refused_and_never_waited_for() {
    let workspace = workspace();
    fifo(&workspace.path("pipe.json"));
    for command in [
        &["export", "golden", "-o"][..],
        &["export", "events", "--force", "-o"],
        &["subject", "crm:1", "-o"],
        &["backup", "--force"],
    ] {
        let ran = workspace.run(&[command, &["pipe.json"]].concat());
        assert_eq!(ran.code, Some(2), "{command:?}: {}", ran.err);
        assert!(ran.err.contains("pipe.json is a named pipe"), "{}", ran.err);
    }
}

#[test]
fn a_file_that_is_there_wants_force() {
    let workspace = workspace();
    workspace.write("taken.csv", "mine");
    workspace.write("taken.json", "mine");
    let head = workspace.verified()["head"].clone();
    for arguments in [
        &["export", "golden", "-o", "taken.csv"][..],
        &["export", "golden", "-o", "taken.csv", "--dry-run"],
        &["export", "golden", "-o", "crm.csv"],
        &["export", "events", "-o", "taken.csv"],
        &["export", "model", "-o", "taken.json"],
        &["subject", "crm:1", "-o", "taken"],
        &["subject", "crm:1", "-o", "taken.json", "--dry-run"],
        &["backup", "taken.csv"],
    ] {
        let ran = workspace.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("--force"), "{arguments:?}: {}", ran.err);
        let read = |name: &str| std::fs::read_to_string(workspace.path(name)).unwrap();
        assert_eq!((read("taken.csv"), read("taken.json")), ("mine".into(), "mine".into()));
    }
    assert!(!workspace.path("taken.html").exists());
    assert_eq!(workspace.verified()["head"], head, "nothing is recorded");
    workspace.done(&["export", "golden", "-o", "taken.csv", "--force"]);
    workspace.done(&["subject", "crm:1", "-o", "taken", "--force"]);
    assert!(workspace.path("taken.html").exists());
    // A backup never takes the place of the one it builds on.
    let onto = ["backup", "one.stb", "--base", "one.stb", "--force"];
    assert_eq!(workspace.run(&onto).code, Some(2));
}

#[test]
fn no_folder_of_a_workspace_its_register_or_its_keys_is_filled() {
    let workspace = workspace();
    let folders = [".steward/new", ".steward", ".data/steward/keys", ".data/steward/register/new"];
    for folder in folders {
        for arguments in [
            &["sample", "--customers", "10", "--force", "-o", folder][..],
            &["sample", "--customers", "10", "--dry-run", "-o", folder],
            &["restore", "one.stb", folder],
            &["restore", "one.stb", folder, "--dry-run"],
            &["init", folder],
        ] {
            let ran = workspace.run(arguments);
            assert_eq!(ran.code, Some(2), "{arguments:?}: {}{}", ran.out, ran.err);
            assert!(!workspace.path(folder).join("steward.toml").exists(), "{arguments:?}");
        }
    }
    // A sample brings a steward.toml, which must not become that of a workspace.
    let ran = workspace.run(&["sample", "--customers", "10", "--force", "-o", "."]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}

#[test]
fn a_backup_that_others_build_on_is_never_replaced() {
    let workspace = workspace();
    workspace.done(&["backup", "two.stb", "--base", "one.stb"]);
    workspace.decided(&["fix", "crm:p1", "--set", "city=Keizer"]);
    workspace.done(&["backup", "three.stb", "--base", "two.stb"]);
    let read = |name: &str| std::fs::read(workspace.path(name)).unwrap();
    let before = ["one.stb", "two.stb"].map(read);
    for (arguments, needs) in [
        (&["one.stb"][..], "two.stb"),
        (&["one.stb", "--dry-run"], "two.stb"),
        (&["one.stb", "--base", "two.stb"], "two.stb"),
        (&["one.stb", "--base", "three.stb"], "two.stb"),
        (&["two.stb"], "three.stb"),
    ] {
        let ran = workspace.run(&[&["backup", "--force"], arguments].concat());
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(workspace.path(needs).to_str().unwrap()), "{}", ran.err);
    }
    // Without a register the base itself tells.
    let register = workspace.path(".data/steward/register");
    std::fs::rename(&register, workspace.path("no-register")).unwrap();
    let ran = workspace.run(&["backup", "--force", "one.stb", "--base", "two.stb"]);
    assert_eq!(ran.code, Some(2), "{}{}", ran.out, ran.err);
    std::fs::remove_dir_all(&register).ok();
    std::fs::rename(workspace.path("no-register"), &register).unwrap();
    // Nothing but a backup takes the place of a backup.
    for arguments in [
        &["export", "golden", "--force", "-o", "three.stb"][..],
        &["export", "events", "--force", "-o", "one.stb"],
        &["export", "golden", "--force", "--dry-run", "-o", "three.stb"],
    ] {
        let ran = workspace.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("is a backup"), "{arguments:?}: {}", ran.err);
    }
    assert!(["one.stb", "two.stb"].map(read) == before);
    workspace.done(&["restore", "three.stb", "again"]);
    // The last of a chain may be replaced, and what its place held is forgotten with it.
    workspace.done(&["backup", "three.stb", "--force"]);
    workspace.done(&["backup", "two.stb", "--force"]);
    workspace.done(&["restore", "two.stb", "once-more"]);
}

#[test]
fn standard_output_is_no_file_of_a_workspace() {
    let workspace = workspace();
    let key = key_file(&workspace).display().to_string();
    std::fs::hard_link(workspace.path(SEGMENT), workspace.path("second-name")).unwrap();
    let before = bytes(&workspace);
    let kept = [
        SEGMENT,
        "second-name",
        "steward.toml",
        ".steward/keys",
        ".steward/new.csv",
        "one.stb",
        &key,
        ".data/steward/register/new.csv",
    ];
    let commands: [&[&str]; 5] =
        [&["export", "golden"], &["tasks"], &["subject", "crm:1"], &["--help"], &["man"]];
    for name in kept {
        for (at, command) in commands.iter().enumerate() {
            // Without a workspace at hand only what stands in one, or looks like it, is known.
            if command == &["--help"] && ["second-name", &key].contains(&name) {
                continue;
            }
            let mut options = std::fs::OpenOptions::new();
            // As `>>` and `1<>` open it.
            let options = options.create(true).append(at % 2 == 0).write(true);
            let file = options.open(workspace.path(name)).unwrap();
            let mut process = workspace.process();
            let ran = process.args(*command).stdout(file).output().unwrap();
            let err = String::from_utf8_lossy(&ran.stderr);
            assert_eq!(ran.status.code(), Some(2), "{name} {command:?}: {err}");
            let said = err.contains("standard output") && err.contains("redirect it");
            assert!(said, "{name} {command:?}: {err}");
        }
    }
    let news = [".steward/new.csv", ".data/steward/register/new.csv"].map(|name| {
        let path = workspace.path(name);
        let length = std::fs::metadata(&path).unwrap().len();
        std::fs::remove_file(path).unwrap();
        length
    });
    assert_eq!(news, [0, 0]);
    std::fs::remove_file(workspace.path("second-name")).unwrap();
    assert!(bytes(&workspace) == before, "not a byte was written, and nothing recorded");
    let file = std::fs::File::create(workspace.path("golden.csv")).unwrap();
    let ran = workspace.process().args(["export", "golden"]).stdout(file).status().unwrap();
    assert!(ran.success() && std::fs::metadata(workspace.path("golden.csv")).unwrap().len() > 0);
}

#[test]
fn a_key_file_never_stands_beside_what_it_opens() {
    let workspace = workspace();
    let inside = workspace.path(".steward/x");
    let before = bytes(&workspace);
    for arguments in [
        &["init", "copy"][..],
        &["init", "copy", "--dry-run"],
        &["keys", "file"],
        &["keys", "file", "--dry-run"],
    ] {
        let mut command = workspace.command();
        command.env("STEWARD_KEY_FILE", &inside);
        if arguments[0] == "keys" {
            // It opens with what it has; the key is put where it may not be.
            std::fs::copy(key_file(&workspace), &inside).unwrap();
        }
        let ran = command.args(arguments).output().unwrap();
        let err = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}: {err}");
        assert!(err.contains("set STEWARD_KEY_FILE to a file elsewhere"), "{arguments:?}: {err}");
        assert_eq!(inside.exists(), arguments[0] == "keys", "{arguments:?}");
        assert!(!workspace.path("copy/steward.toml").exists(), "{arguments:?}");
    }
    std::fs::remove_file(&inside).unwrap();
    assert!(bytes(&workspace) == before);
    // What is there and holds no key is said before anything is written.
    workspace.write("no-key", "x");
    let mut command = workspace.command();
    command.env("STEWARD_KEY_FILE", workspace.path("no-key"));
    let ran = command.args(["init", "copy"]).output().unwrap();
    let err = String::from_utf8_lossy(&ran.stderr);
    assert!(err.contains("is not a key file"), "{err}");
    let copy = workspace.path("copy").display().to_string();
    assert!(!err.contains("workspace: ") || err.contains(&copy), "{err}");
    assert!(!workspace.path("copy").exists());
}
