//! What the command line promises to people and programs: exit codes, JSON, dry runs, messages.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::Value;

use crate::workspace::{Workspace, text};

#[test]
fn a_record_is_named_in_any_capitals_and_told_as_its_source_writes_it() {
    let workspace = crate::people::nobody();
    let row = |key: &str, name: &str| format!("{key},{name},Marlow,{name}@example.com,,,,Bath,,");
    let rows = [row("AB-1", "Ann"), row("cd", "Bo"), row("CD", "Cy")].join("\n");
    workspace.import_bytes("crm.csv", "crm", format!("{}\n{rows}\n", crate::people::HEADER));
    assert!(workspace.done(&["show", "crm:ab-1"]).out.contains("crm:AB-1"));
    let history = workspace.done(&["history", "crm:ab-1", "--json"]).objects();
    assert_eq!(history.len(), 1);
    assert_eq!(workspace.customer("crm:cd"), "C2");
    assert_eq!(workspace.customer("crm:CD"), "C3");
    let several = workspace.run(&["show", "crm:Cd"]);
    assert!(several.err.contains("differ only in capitals: crm:cd, crm:CD"), "{}", several.err);
    let none = workspace.run(&["show", "crm:ef"]);
    assert!(none.err.contains("crm:ef"), "{}", none.err);
    assert_eq!((several.code, none.code), (Some(4), Some(1)));
}

#[test]
fn usage_ends_with_2_and_help_with_0() {
    let workspace = Workspace::bare();
    for arguments in [
        &["bogus"][..],
        &["import"],
        &["merge", "C1"],
        &["verify", "--expect", "00"],
        &["show", "C1", "--at", "soon"],
        &["tasks", "--where", "score >>"],
        &["tasks", "--where", "scroe > 1"],
        &["import", "a.csv", "--source", "crm", "--format", "docx"],
    ] {
        let ran = workspace.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{arguments:?}");
    }
    let ran = workspace.run(&["--json", "bogus"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(text(&ran.error(), "error"), "unrecognized subcommand 'bogus'");
    for arguments in [&["--help"][..], &["decide", "--help"], &["--version"]] {
        assert!(!workspace.done(arguments).out.is_empty());
    }
}

#[test]
fn without_a_workspace_the_way_to_one_is_named() {
    let workspace = Workspace::bare();
    for arguments in [&["tasks"][..], &["verify"], &["rebuild"], &[]] {
        let ran = workspace.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("steward init"), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn init_writes_a_starter_and_keeps_one_that_is_there() {
    let workspace = Workspace::bare();
    let ran = workspace.done(&["init", "--dry-run"]);
    assert!(ran.out.starts_with("would create"), "{}", ran.out);
    assert!(!workspace.path("steward.toml").exists() && !workspace.path(".steward").exists());
    workspace.done(&["init", "--region", "DE"]);
    let written = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    assert!(written.contains("region = \"DE\""), "{written}");
    let again = workspace.run(&["init"]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("is already a workspace"), "{}", again.err);

    let other = Workspace::bare();
    other.write("steward.toml", "# mine\n[workspace]\nname = \"a\"\nregion = \"US\"\n");
    other.done(&["init"]);
    assert!(std::fs::read_to_string(other.path("steward.toml")).unwrap().starts_with("# mine"));
}

#[test]
fn check_names_the_line_of_what_is_wrong() {
    let workspace = Workspace::empty();
    assert!(workspace.done(&["check"]).out.contains("sample customers, region US"));
    workspace.write("steward.toml", "[workspace]\nname = \"a\"\nregoin = \"US\"\n");
    let ran = workspace.run(&["check", "--json"]);
    assert_eq!(ran.code, Some(1));
    let error = ran.error();
    let findings = error["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["line"] == 3);
    let finding = finding.unwrap_or_else(|| panic!("line 3 is named: {error}"));
    assert!(text(finding, "message").contains("region"), "{finding}");
}

#[test]
fn an_import_reports_and_strict_tells_rejects() {
    let workspace = Workspace::empty();
    let sample = std::fs::read_to_string(crate::workspace::sample("crm.csv")).unwrap();
    let mut lines: Vec<&str> = sample.lines().take(4).collect();
    // More cells than the header has columns.
    let ragged = format!("1009,Ada{}x", ",".repeat(40));
    lines.push(&ragged);
    workspace.write("crm.csv", &lines.join("\n"));
    let import = ["import", "crm.csv", "--source", "crm", "--strict", "--json"];
    let dry = workspace.run(&[&import[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, Some(3), "{}", dry.err);
    assert_eq!(workspace.run(&["show", "crm:1001"]).code, Some(1), "nothing was written");
    let ran = workspace.run(&import);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    let report = ran.object();
    for (key, expected) in
        [("read", 4), ("new", 3), ("changed", 0), ("unchanged", 0), ("quarantined", 1)]
    {
        assert_eq!(report[key], expected, "{key}: {report}");
    }
    assert_eq!(report["first_quarantined"][0]["line"], 5, "{report}");
    let again = workspace.done(&import[..4]);
    assert!(again.out.contains("3 unchanged"), "{}", again.out);
    assert!(again.err.contains("line 5"), "{}", again.err);
    assert!(again.err.contains("steward export quarantine"), "{}", again.err);
}

#[test]
fn standard_input_is_a_file() {
    let workspace = Workspace::empty();
    let sample = std::fs::read(crate::workspace::sample("support.jsonl")).unwrap();
    let mut command = workspace.command();
    let ran = command.args(["import", "-", "--source", "support", "--json"]).write_stdin(sample);
    let ran: crate::workspace::Ran = ran.output().unwrap().into();
    assert_eq!(ran.object()["new"], 489, "{}", ran.err);
}

#[test]
fn nothing_is_written_of_a_file_that_cannot_be_read() {
    let workspace = Workspace::empty();
    workspace.write("empty.csv", "");
    std::fs::write(workspace.path("binary.csv"), b"PK\x03\x04\0\0\0\0\x08\0").unwrap();
    workspace.write("columns.csv", "id,name\n1,Ann\n");
    for (file, source, says) in [
        ("empty.csv", "crm", "empty"),
        ("binary.csv", "crm", "not text"),
        ("columns.csv", "crm", "customer_id"),
        ("columns.csv", "nobody", "crm, webshop, support"),
        ("absent.csv", "crm", "there is no file absent.csv"),
        (".", "crm", "folder"),
    ] {
        let ran = workspace.run(&["import", file, "--source", source]);
        assert!(matches!(ran.code, Some(1 | 2)), "{file}: {:?}", ran.code);
        assert!(ran.err.contains(says), "{file}: {}", ran.err);
    }
    assert_eq!(workspace.done(&["verify", "--json"]).object()["commits"], 1);
}

#[test]
fn a_task_is_decided_and_taken_back() {
    let workspace = Workspace::matched(250);
    let tasks = workspace.tasks("duplicate");
    let task = tasks.iter().find(|task| task["subjects"].as_array().unwrap().len() == 2);
    let task = task.expect("a pair to decide");
    let (id, version) = (text(task, "id"), task["version"].to_string());
    for key in ["id", "kind", "state", "version", "subjects", "score", "reason"] {
        assert!(!task[key].is_null(), "{key} of {task}");
    }
    let before = workspace.done(&["show", id, "--json"]).object();
    assert_eq!(before["version"], task["version"]);

    let merge = ["decide", id, "merge", "--if-version", &version, "--json"];
    let foreseen = workspace.done(&[&merge[..], &["--dry-run"]].concat()).object();
    assert_eq!(foreseen["dry_run"], true);
    let receipt = workspace.done(&merge).object();
    assert_eq!(text(&receipt, "decision"), "D1");
    assert!(receipt["sequence"].is_u64(), "{receipt}");

    let refused = workspace.run(&merge);
    assert_eq!(refused.code, Some(4));
    assert_eq!(text(&refused.error(), "refusal"), "stale", "{}", refused.err);
    let decision = workspace.done(&["show", "D1", "--json"]).object();
    assert_eq!(text(&decision, "task"), id);
    assert!(workspace.done(&["history", id]).out.contains("D1 merged"));

    workspace.done(&["undo", "D1"]);
    let after = workspace.done(&["show", id, "--json"]).object();
    for key in ["customers", "golden", "pairs", "state"] {
        assert_eq!(without_versions(&before[key]), without_versions(&after[key]), "{key}");
    }
    assert_eq!(workspace.run(&["undo", "D1"]).code, Some(4), "undone already");
    workspace.done(&["verify"]);
}

fn without_versions(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(key, _)| *key != "version");
            Value::Object(fields.map(|(key, it)| (key.clone(), without_versions(it))).collect())
        }
        Value::Array(items) => items.iter().map(without_versions).collect(),
        other => other.clone(),
    }
}

#[test]
fn flags_that_do_not_fit_the_verdict_are_usage() {
    let workspace = Workspace::matched(120);
    let tasks = workspace.tasks("duplicate");
    let id = text(&tasks[0], "id");
    for arguments in [
        &["merge", "--until", "tomorrow"][..],
        &["defer"],
        &["escalate"],
        &["keep", "--members", "A,B"],
        &["merge", "--members", "A,Z"],
        &["not-a-match", "--set", "city=Bonn"],
    ] {
        let ran = workspace.run(&[&["decide", id], arguments].concat());
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(workspace.run(&["decide", id, "waive", "--reason", "test-record"]).code, Some(4));
    assert_eq!(workspace.run(&["decide", "T99999", "merge"]).code, Some(1));
    workspace.done(&["decide", id, "defer", "--until", "tomorrow"]);
    let deferred = workspace.done(&["tasks", "--state", "deferred", "--json"]).objects();
    assert_eq!(text(&deferred[0], "id"), id);
}

#[test]
fn a_correction_is_shown_then_and_now() {
    let workspace = Workspace::matched(20);
    let before = workspace.done(&["show", "crm:1001", "--json"]).object();
    let imported = text(&before, "imported").to_owned();
    workspace.done(&["fix", "crm:1001", "--set", "city=Lille", "--note", "called"]);
    let city = |record: &Value| {
        let values = record["values"].as_array().unwrap();
        let city = values.iter().find(|value| value["field"] == "city");
        city.map(|city| text(city, "value").to_owned())
    };
    let now = workspace.done(&["show", "crm:1001", "--json"]).object();
    assert_eq!(city(&now).as_deref(), Some("Lille"));
    let then = workspace.done(&["show", "crm:1001", "--at", &imported, "--json"]).object();
    assert_eq!(city(&then), city(&before));
    let customer = text(&now, "customer").to_owned();
    let then = workspace.done(&["show", &customer, "--at", &imported, "--json"]).object();
    assert_eq!(then["golden"]["city"]["value"], city(&before).unwrap());
    assert_eq!(workspace.run(&["show", "crm:1001", "--at", "2001-01-01"]).code, Some(1));
    assert_eq!(workspace.run(&["fix", "crm:1001", "--set", "email=no"]).code, Some(4));
}

#[test]
fn a_bare_key_is_a_record_where_there_is_one_source() {
    let workspace = Workspace::bare();
    workspace.write(
        "steward.toml",
        "[workspace]\nname = \"a\"\nregion = \"US\"\n[fields.city]\ntype = \"city\"\n\
         [sources.crm]\ntrust = 90\nkey = \"id\"\nmap = { city = \"city\" }\n",
    );
    workspace.done(&["init"]);
    workspace.write("crm.csv", "id,city\n7,Springfield\n");
    workspace.done(&["import", "crm.csv", "--source", "crm"]);
    assert_eq!(text(&workspace.done(&["show", "7", "--json"]).object(), "id"), "crm:7");
    let ran = Workspace::empty().run(&["show", "7"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("crm:7"), "{}", ran.err);
}

#[test]
fn control_characters_are_shown_and_never_sent() {
    let workspace = Workspace::bare();
    workspace.write(
        "steward.toml",
        "[workspace]\nname = \"a\"\nregion = \"US\"\n[fields.note]\ntype = \"text\"\n\
         [sources.crm]\ntrust = 90\nkey = \"id\"\nmap = { note = \"note\" }\n",
    );
    workspace.done(&["init"]);
    workspace.write("crm.csv", "id,note\n7,a\u{1b}[2Jb\n");
    workspace.done(&["import", "crm.csv", "--source", "crm"]);
    for id in ["7", "C1"] {
        let ran = workspace.done(&["show", id]);
        assert!(!ran.out.contains('\u{1b}'), "{:?}", ran.out);
    }
    let record = workspace.done(&["show", "7"]).out;
    assert!(record.contains("delivered: a^[[2Jb"), "{record}");
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let workspace = Workspace::matched(60);
    let mut command = workspace.process();
    command.args(["man"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn an_import_killed_before_its_stream_has_ended_has_left_nothing() {
    let workspace = Workspace::empty();
    let sample = std::fs::read(crate::workspace::sample("crm.csv")).unwrap();
    let mut command = workspace.process();
    command.args(["import", "-", "--source", "crm"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut importing = command.spawn().unwrap();
    // More than the pipe and every buffer hold, but not the end: it is in the midst of it.
    let mut input = importing.stdin.take().unwrap();
    input.write_all(&sample[..sample.len() - 20_000]).unwrap();
    importing.kill().unwrap();
    importing.wait().unwrap();
    assert!(workspace.kept(".steward/tmp").is_empty(), "what came of it is gone");
    std::fs::write(workspace.path("all.csv"), &sample).unwrap();
    let report = workspace.done(&["import", "all.csv", "--source", "crm", "--json"]).object();
    assert_eq!((&report["import"], &report["new"]), (&"I1".into(), &835.into()), "{report}");
    let verified = workspace.done(&["verify", "--json"]).object();
    let hash = text(&verified, "hash");
    workspace.done(&["rebuild"]);
    workspace.done(&["verify", "--expect", hash]);
    assert_eq!(workspace.run(&["verify", "--expect", &"0".repeat(64)]).code, Some(1));
}

#[test]
fn the_queue_is_printed_where_there_is_no_terminal() {
    let workspace = Workspace::matched(120);
    let first = text(&workspace.done(&["tasks", "--json"]).objects()[0], "id").to_owned();
    for arguments in [&[][..], &["review"]] {
        let ran = workspace.done(arguments);
        assert!(ran.out.contains(&first), "{}", ran.out);
        assert!(ran.err.contains(&format!("steward show {first}")), "{}", ran.err);
    }
}

#[test]
fn a_sample_is_the_same_for_the_same_seed() {
    let workspace = Workspace::bare();
    let arguments = ["sample", "--customers", "40", "--seed", "7", "-o"];
    for folder in ["one", "two"] {
        workspace.done(&[&arguments[..], &[folder]].concat());
    }
    for file in ["crm.csv", "webshop.csv", "support.jsonl", "truth.csv", "steward.toml"] {
        let read = |folder: &str| std::fs::read(workspace.path(folder).join(file)).unwrap();
        assert_eq!(read("one"), read("two"), "{file}");
    }
    let mode = std::fs::metadata(workspace.path("one/crm.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = workspace.run(&[&arguments[..], &["one"]].concat());
    assert_eq!(again.code, Some(2), "files that are there are not replaced");
    workspace.done(&[&arguments[..], &["one", "--force"]].concat());
}

#[test]
fn only_what_asks_for_an_approval_is_approved_or_rejected() {
    let workspace = Workspace::matched(60);
    for words in [
        &["decide", "T1", "approve"][..],
        &["decide", "T1", "reject", "--note", "no"],
        &["approve", "T1"],
        &["reject", "T1", "--note", "no"],
    ] {
        let ran = workspace.run(words);
        assert_eq!(ran.code, Some(4), "{}", ran.err);
        // It may be settled by now: then that is said first.
        let says = ["T1 does not ask for an approval", "T1 is already"];
        assert!(says.iter().any(|it| ran.err.contains(it)), "{}", ran.err);
    }
    assert_eq!(workspace.done(&["approvals"]).out.trim(), "Nothing waits for approval.");
    let none = workspace.done(&["tasks", "--where", "kind = approval", "--json"]);
    assert!(!none.out.contains("T1"), "{}", none.out);
}

#[test]
fn the_manual_names_every_subcommand() {
    let workspace = Workspace::bare();
    let manual = workspace.done(&["man"]).out;
    for name in ["import", "not-a-match", "decide", "explain", "rebuild"] {
        assert!(manual.contains(&format!("STEWARD {}", name.to_uppercase())), "{name}");
    }
}
