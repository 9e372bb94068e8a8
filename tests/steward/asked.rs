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
    // What is printed is a time that can be asked for: a whole second, which may be before the import.
    let shown = history(&["history"], "Asia/Tokyo");
    let at = shown.split_whitespace().nth(1).unwrap().to_owned();
    let then = workspace.run(&["show", "crm:1", "--at", &at]);
    assert!(matches!(then.code, Some(0 | 1)), "{at}: {}", then.err);
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
        ("steward feed --format c", "cloudevents"),
        ("steward not-a-match C1 C2 --reason ho", "household"),
        ("steward task C1 C2 --to c", "crm team"),
        ("steward values ci", "city"),
        ("steward fix crm:1 --set ci", "city="),
        ("steward merge C6", "C6"),
        ("steward show I", "I1"),
        ("steward show cr", "crm:"),
        ("steward show crm:p", "crm:p1"),
        ("steward erase crm:p", "crm:p1"),
        ("steward erase C1 --reason req", "request"),
        ("steward create --source crm --set ci", "city="),
        ("steward decide T1 merge --waive email-", "email-format"),
        ("steward decide T1 me", "merge"),
        ("steward tasks --kind d", "duplicate"),
        ("steward fix crm:1 --clear em", "email"),
        ("steward fix C1 --withdraw em", "email"),
        ("steward fix C1 --pick city=c", "city=crm:"),
        ("steward match --diff M", "M1"),
        ("steward preset show shopify-c", "shopify-customers"),
        ("steward subject C6", "C6"),
        ("steward decide T1 not-a-match --reason h", "household"),
    ] {
        // A shell is not kept waiting: on a machine under load it is told nothing, so it asks again.
        let is_offered = (0..40).any(|_| {
            let told = offered(line);
            for private in ["Steinmoor", "1952", "example.com"] {
                assert!(!told.contains(private), "{line}: {told}");
            }
            told.lines().any(|it| it.split('\t').next() == Some(offers))
        });
        assert!(is_offered, "{line}: {}", offered(line));
    }
    // What the command would refuse is not offered.
    for line in ["steward fix T", "steward erase T", "steward decide T1 merge --reason h"] {
        assert!(offered(line).trim().is_empty(), "{line}: {}", offered(line));
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
    let only = ["version", "subjects", "summary"];
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

/// Examples that ask somebody, ask a server, wait for ever or are a line of a shell's own file.
const LEFT_OUT: [&str; 12] = [
    "request searched",
    "import orders.csv",
    // The workspace has no purposes.
    "--purpose newsletter",
    // Asks for what a telephone shows (`ssh.rs` runs it).
    "steward otp",
    // Serves until it is stopped (`serve.rs` runs it).
    "steward serve",
    // Nobody has claimed anything (`together.rs` has).
    "steward release",
    "postgresql://",
    "--watch",
    "steward keys passphrase",
    "steward demo",
    "| source",
    "shop.sqlite",
];

/// What stands in no workspace but one's own: files of others, tasks and decisions of a certain day.
/// Examples that name it are understood, and say that it is not there.
const NOT_HERE: [&str; 30] = [
    // Nobody serves it.
    "--follow",
    "steward sessions",
    "steward wall",
    // Not every build writes it.
    "parquet",
    "shop.xlsx",
    "customers_export",
    "/srv/",
    "/backups",
    "I12",
    "T90",
    "B5",
    "--at",
    "truth.csv",
    "D31",
    "B7",
    "decide T9",
    "decide T12",
    "assign T12",
    "comment T12",
    "verdicts.csv",
    "unmerge",
    "--pick",
    "C341",
    "task crm:",
    "reopen",
    "S3",
    "hash-of",
    "erase crm",
    "request crm",
    "T5",
];

/// The source of records that are made by hand, and the segments that examples name.
const MANUAL: &str = "\n[sources.manual]\ntrust = 40\nkey = \"id\"\nmap = { given_name = \"given\", \
                      family_name = \"family\", email = \"email\" }\n\
                      [segments.lapsed_best]\nwhere = \"email is not empty\"\n\
                      [segments.newsletter_readers]\nwhere = \"family_name is not empty\"\n";

#[test]
fn every_example_of_help_is_done_as_it_stands() {
    let workspace = Workspace::matched(120);
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    workspace.adopt(&(settings + MANUAL));
    let elsewhere = Workspace::bare();
    elsewhere.write("hash-of-last-month", &"0".repeat(64));
    let binary = Path::new(assert_cmd::cargo::cargo_bin!("steward")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let (mut done, mut understood) = (0, 0);
    for name in subcommands(&workspace) {
        let help = workspace.done(&[&name, "--help"]).out;
        let Some((_, examples)) = help.split_once("\nExample") else { continue };
        let examples = examples.lines().map(|line| line.trim_start_matches([' ', 's', ':']));
        for example in examples.filter_map(|line| line.strip_prefix("teward ")) {
            let example = format!("steward {example}");
            let holds = |list: &[&str]| list.iter().any(|it| example.contains(it));
            if holds(&LEFT_OUT) {
                continue;
            }
            let is_here = !holds(&NOT_HERE);
            let within = if is_here { &workspace } else { &elsewhere };
            let mut shell = std::process::Command::new("sh");
            within.keep_inside(&mut shell);
            let ran = shell.args(["-c", &example]).env("PATH", &path).output().unwrap();
            let error = String::from_utf8_lossy(&ran.stderr);
            match (is_here, ran.status.code()) {
                (true, code) => assert_eq!(code, Some(0), "{example}: {error}"),
                (false, code) => assert!(matches!(code, Some(0 | 1)), "{example}: {error}"),
            }
            done += usize::from(is_here);
            understood += usize::from(!is_here);
        }
    }
    assert!(done > 35 && understood > 20, "{done} done, {understood} understood");
}

/// The names that stand in the groups of the main help.
fn subcommands(workspace: &Workspace) -> Vec<String> {
    let help = workspace.done(&["--help"]).out;
    let names = help.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let is_name = |name: &&str| name.chars().all(|it| it.is_ascii_lowercase() || it == '-');
    let names: Vec<String> = names
        .filter(|name| is_name(name) && !name.starts_with('-'))
        .filter(|name| help.contains(&format!("\n  {name} ")))
        .map(str::to_owned)
        .collect();
    assert!(names.len() > 30, "{names:?}");
    names
}
