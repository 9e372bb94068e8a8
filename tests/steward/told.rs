//! What help and refusals say, word for word: `told/*.txt`, rewritten with `STEWARD_WRITE_TOLD=1` and read
//! before they are committed.

use std::fmt::Write;
use std::path::Path;

use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::Workspace;

/// Set to rewrite what is told instead of comparing it.
const WRITE: &str = "STEWARD_WRITE_TOLD";

#[track_caller]
fn is_told(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/steward/told").join(name);
    if std::env::var_os(WRITE).is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let told = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = told.lines().zip(text.lines()).position(|(old, new)| old != new);
    assert!(told == text, "{name}, line {differs:?}; {WRITE}=1 rewrites it:\n{text}");
}

#[test]
fn help_says() {
    let workspace = Workspace::bare();
    let mut text = String::new();
    for arguments in [
        &[][..],
        &["tasks"],
        &["find"],
        &["create"],
        &["task"],
        &["decide"],
        &["export"],
        &["completions"],
    ] {
        let help = workspace.done(&[arguments, &["--help"]].concat()).out;
        let lines = help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        writeln!(text, "$ steward {}\n{lines}\n", [arguments, &["--help"]].concat().join(" "))
            .unwrap();
    }
    is_told("help.txt", &text);
}

#[test]
fn refusals_say() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["not-a-match", "crm:1", "shop:2", "--reason", "household"]);
    let mut text = String::new();
    for line in [
        "show T99",
        "show C999",
        "show crm:none",
        "show D99",
        "show I99",
        "show 7",
        "find zzzzqqqq",
        "find zzzzqqqq --in records --json",
        "merge crm:1 shop:2",
        "merge crm:1 crm:none",
        "merge C1 C1",
        "decide T99 merge",
        "decide T99 mrge",
        "fix crm:1 --set email=no",
        "fix crm:1 --set colour=red",
        "not-a-match crm:p1 crm:p2 --reason moved",
        "erase crm:p1",
        "undo D99",
        "unmerge C1 crm:p3",
        "task crm:1 shop:2 --note x",
        "task crm:p1 crm:p2",
        "create --source crm --set email=no",
        "create --source nobody --set city=Bath",
        "tasks --where kind=dup",
        "tasks --where score>abc",
        "tasks --where sbject~pace",
        "tasks --where kind~",
        "tasks --state opne",
        "export golden --where famly_name=x",
        "export everything",
        "import none.csv --source crm",
        "import crm.csv --source cmr",
        "tsaks",
        "--workspace nowhere tasks",
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let ran = workspace.run(&arguments);
        let folder = std::fs::canonicalize(workspace.path("")).unwrap();
        let said = ran.err.replace(&folder.display().to_string(), "WORKSPACE");
        assert!(ran.out.is_empty(), "{line}: {}", ran.out);
        writeln!(text, "$ steward {line}    [{}]\n{said}", ran.code.unwrap()).unwrap();
    }
    is_told("refusals.txt", &text);
}
