//! What the command line understands and how it answers: where a workspace is looked for, what ends with
//! which code, hints, times, completions, examples.

use std::path::Path;

use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::{Workspace, text};

#[test]
fn a_workspace_above_is_found_unless_another_is_named() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    std::fs::create_dir_all(workspace.path("a/b")).unwrap();
    let run = |folder: &str, arguments: &[&str]| {
        let mut command = workspace.command();
        command.current_dir(workspace.path(folder)).env("HOME", workspace.path(""));
        let ran: crate::workspace::Ran = command.args(arguments).output().unwrap().into();
        ran
    };
    assert_eq!(run("a/b", &["tasks"]).code, Some(0));
    assert_eq!(run("a/b", &["--workspace", ".", "tasks"]).code, Some(1), "named, it is that one");
    // A workspace in a workspace is made where one stands.
    assert_eq!(run("a/b", &["init", "--region", "US"]).code, Some(0));
    assert!(workspace.path("a/b/.steward").exists());
    let mut outside = workspace.command();
    outside.current_dir(workspace.path("a")).env("HOME", workspace.path("a"));
    let ran = outside.arg("tasks").output().unwrap();
    assert_eq!(ran.status.code(), Some(1), "nothing is looked for above home");
}

#[test]
fn what_is_not_there_ends_with_1_and_what_is_refused_with_4_each_with_a_hint() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    for (arguments, code, hint) in [
        (&["show", "T99"][..], 1, "steward tasks --state all"),
        (&["show", "C999"], 1, "steward find"),
        (&["show", "crm:none"], 1, "--in records"),
        (&["undo", "D99"], 1, "steward history"),
        (&["fix", "crm:1", "--set", "email=no"], 4, "steward check"),
        (&["decide", "T1", "mrge"], 2, "merge"),
        (&["tsaks"], 2, "tasks"),
    ] {
        let ran = workspace.run(arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.err);
        let object = workspace.run(&[arguments, &["--json"]].concat()).error();
        assert!(text(&object, "hint").contains(hint), "{arguments:?}: {object}");
        if code != 2 {
            let line = ran.err.lines().find(|line| line.starts_with("hint: "));
            assert!(line.is_some_and(|line| line.contains(hint)), "{arguments:?}: {}", ran.err);
        }
    }
}

#[test]
fn times_are_told_where_people_are_and_in_utc_to_programs() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["fix", "crm:1", "--set", "city=Boulder"]);
    let history = |arguments: &[&str], zone: &str| {
        let mut command = workspace.command();
        let ran = command.args(arguments).env("TZ", zone).output().unwrap();
        String::from_utf8(ran.stdout).unwrap()
    };
    let offset = |text: &str| {
        let line = text.lines().next().unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap()[19..].to_owned()
    };
    assert_eq!(offset(&history(&["history"], "UTC")), "+00:00");
    assert_eq!(offset(&history(&["history"], "Asia/Tokyo")), "+09:00");
    assert!(history(&["history", "--json"], "Asia/Tokyo").contains("Z\",\"actor\""));
    // What is printed can be asked for.
    let shown = history(&["history"], "Asia/Tokyo");
    let at = shown.split_whitespace().nth(1).unwrap().to_owned();
    workspace.done(&["show", "crm:1", "--at", &at]);
}

#[test]
fn shells_are_told_what_there_is_and_nothing_of_anybody() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    let offered = |line: &str| {
        let mut command = workspace.command();
        command.env("STEWARD_COMPLETE", "fish").arg("--");
        let ran = command.args(line.split(' ')).output().unwrap();
        assert!(ran.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    for (line, offers) in [
        ("steward ta", "tasks"),
        ("steward import a.csv --source c", "crm"),
        ("steward export vi", "violations"),
        ("steward not-a-match C1 C2 --reason ho", "household"),
        ("steward task C1 C2 --to c", "crm team"),
        ("steward values ci", "city"),
        ("steward fix crm:1 --set ci", "city="),
        ("steward merge C6", "C6"),
        ("steward show I", "I1"),
        ("steward show cr", "crm:"),
        ("steward decide T1 me", "merge"),
        ("steward tasks --kind d", "duplicate"),
    ] {
        let told = offered(line);
        assert!(told.lines().any(|it| it.split('\t').next() == Some(offers)), "{line}: {told}");
        for private in ["Steinmoor", "1952", "example.com", "crm:p1"] {
            assert!(!told.contains(private), "{line}: {told}");
        }
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = workspace.done(&["completions", shell]).out;
        assert!(script.contains("STEWARD_COMPLETE") && script.contains("steward"), "{shell}");
    }
}

#[test]
fn names_are_one_set_in_json_tables_and_filters() {
    let workspace = Workspace::matched(120);
    let task = workspace.done(&["tasks", "--json"]).objects().remove(0);
    let keys: Vec<&String> = task.as_object().unwrap().keys().collect();
    let table = workspace.done(&["tasks"]).out;
    let heading: Vec<&str> = table.lines().next().unwrap().split_whitespace().collect();
    for name in &heading {
        assert!(keys.iter().any(|key| key == name), "{name} of the table: {keys:?}");
    }
    for column in domain::TaskColumn::all() {
        assert!(keys.iter().any(|key| *key == column.name()), "{}: {keys:?}", column.name());
        let filter = format!("{} is not empty or {0} is empty", column.name());
        workspace.done(&["tasks", "--where", &filter]);
    }
    let only = ["version", "subjects"];
    let other = keys
        .iter()
        .find(|key| domain::TaskColumn::named(key).is_none() && !only.contains(&key.as_str()));
    assert_eq!(other, None, "what is listed can be asked for");
}

#[test]
fn every_shown_thing_is_one_object_with_its_id() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let correct = ["values", "city", "--correct", "Salem", "--to", "Boulder", "--yes", "--json"];
    let bulk = workspace.done(&correct);
    let bulk = bulk.out.split('"').find(|it| it.starts_with('B') && it[1..].parse::<u32>().is_ok());
    let bulk = bulk.unwrap_or_else(|| panic!("a bulk: {}", ""));
    for id in ["crm:1", "C1", "I1", "D1", bulk] {
        assert_eq!(text(&workspace.show(id), "id"), id);
    }
}

/// Examples that ask somebody, ask a server or wait for ever.
const LEFT_OUT: [&str; 5] =
    ["postgresql://", "--watch", "steward keys passphrase", "steward demo", "steward review"];

/// The examples of help: each is understood, and those that only read are done. What they name stands in
/// the workspace that the sample makes.
#[test]
fn every_example_is_understood() {
    let workspace = Workspace::bare();
    let help = workspace.done(&["help"]).out;
    let names: Vec<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|name| name.chars().all(|it| it.is_ascii_lowercase() || it == '-'))
        .filter(|name| !name.starts_with('-'))
        .collect();
    assert!(names.len() > 30, "{names:?}");
    let binary = Path::new(assert_cmd::cargo::cargo_bin!("steward")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    std::fs::write(workspace.path("hash-of-last-month"), "0".repeat(64)).unwrap();
    let mut seen = 0;
    for name in names {
        let help = workspace.done(&[name, "--help"]).out;
        let Some((_, examples)) = help.split_once("Example") else { continue };
        let examples = examples.lines().map(str::trim);
        for example in examples.take_while(|it| !it.starts_with("Everywhere")) {
            if !example.starts_with("steward ") || LEFT_OUT.iter().any(|it| example.contains(it)) {
                continue;
            }
            let mut shell = std::process::Command::new("sh");
            workspace.keep_inside(&mut shell);
            let ran = shell.args(["-c", example]).env("PATH", &path).output().unwrap();
            let error = String::from_utf8_lossy(&ran.stderr);
            // There is no workspace here: whatever is understood says so, or is done.
            assert_ne!(ran.status.code(), Some(2), "{example}: {error}");
            assert_ne!(ran.status.code(), Some(70), "{example}: {error}");
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}
