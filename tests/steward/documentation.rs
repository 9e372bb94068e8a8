//! The documents say what the program does.

use std::path::Path;

use crate::workspace::Workspace;

/// Set to rewrite the generated parts instead of comparing them.
const WRITE: &str = "STEWARD_WRITE_README";

#[test]
fn the_readme_lists_the_keys_of_the_table_of_keys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once("<!-- keys -->\n").unwrap();
    let (keys, after) = rest.split_once("<!-- /keys -->").unwrap();
    let table = tui::key_table_markdown();
    if std::env::var_os(WRITE).is_some() {
        let text = format!("{before}<!-- keys -->\n{table}<!-- /keys -->{after}");
        std::fs::write(&path, text).unwrap();
        return;
    }
    assert_eq!(keys, table, "run with {WRITE}=1 to bring README.md up to date");
}

/// The walk-through is what a new steward types. Left out are the review, which needs a terminal, and
/// the erasure, which asks there.
#[test]
fn every_command_of_the_readmes_walk_through_is_done() {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, walk) = readme.split_once("## A real workspace in five minutes").unwrap();
    let (walk, _) = walk.split_once("## Keys").unwrap();
    let lines = walk.lines().filter_map(|line| line.strip_prefix("    "));
    let is_asked = |line: &&str| line.starts_with("steward erase") && !line.contains("--dry-run");
    let commands: Vec<&str> =
        lines.filter(|line| !is_asked(line) && *line != "steward review").collect();
    assert!(commands.len() > 20, "{commands:?}");
    let workspace = Workspace::bare();
    let binary = Path::new(assert_cmd::cargo::cargo_bin!("steward")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let mut folder = workspace.path(".");
    for command in commands {
        if let Some(name) = command.strip_prefix("cd ") {
            folder = folder.join(name);
            std::fs::write(folder.join("verdicts.csv"), "task,verdict\nT41,merge\n").unwrap();
            continue;
        }
        let mut shell = std::process::Command::new("sh");
        workspace.keep_inside(&mut shell);
        shell.args(["-c", command]).current_dir(&folder).env("PATH", &path);
        let ran = shell.output().unwrap();
        assert!(ran.status.success(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
    }
}
