//! Files that others put into a folder.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::people::{HEADER, SETTINGS, nobody};
use crate::workspace::{Workspace, text};

/// A workspace with a folder `in` beside its files.
fn workspace() -> Workspace {
    let workspace = nobody();
    fs::create_dir(workspace.path("in")).unwrap();
    workspace
}

fn row(id: u32) -> String {
    format!("{id},Given{id},Family{id},g{id}@example.com,,1971-02-03,{id} Oak,Omaha,,2026-03-01\n")
}

fn file(ids: std::ops::RangeInclusive<u32>) -> String {
    format!("{HEADER}\n{}", ids.map(row).collect::<String>())
}

const LOOK: [&str; 4] = ["inbox", "in", "--source", "crm"];

fn verdict(workspace: &Workspace, of: &str) -> Value {
    let path = workspace.path(&format!("in/{of}.verdict.json"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_file_that_rests_is_imported_and_moved_with_its_verdict() {
    let workspace = workspace();
    workspace.write("in/crm.csv", &file(1..=3));
    let first = workspace.done(&LOOK);
    assert!(first.err.contains("crm.csv waits"), "{}", first.err);
    assert!(workspace.path("in/crm.csv").exists());
    let second = workspace.done(&LOOK);
    assert_eq!(second.err.matches("next:").count(), 1, "{}", second.err);
    assert!(second.err.contains("next: steward match"), "{}", second.err);
    let said = verdict(&workspace, "done/crm.csv");
    assert_eq!((text(&said, "verdict"), &said["new"]), ("done", &3.into()));
    assert!(workspace.path("in/done/crm.csv").exists() && !workspace.path("in/crm.csv").exists());
    // A web form: one object in one file, without a line end.
    let form = r#"{"id":"9","given":"Ida","family":"Form","email":"ida@example.com"}"#;
    workspace.write("in/form.json", form);
    workspace.write("in/form.json.done", "");
    let json: Vec<&str> = LOOK.into_iter().chain(["--json"]).collect();
    let told = workspace.done(&json).object();
    assert_eq!((text(&told, "file"), &told["new"]), ("form.json", &1.into()));
    assert!(!workspace.path("in/form.json.done").exists());
    assert_eq!(workspace.rows("records").len(), 4);
}

#[test]
fn a_file_that_is_of_no_use_fails_and_keeps_nobody_waiting() {
    let workspace = workspace();
    for (name, content) in [("a.csv", "nothing,of,use\n1,2,3\n".to_owned()), ("b.csv", file(1..=1))]
    {
        workspace.write(&format!("in/{name}"), &content);
        workspace.write(&format!("in/{name}.done"), "");
    }
    let ran = workspace.run(&LOOK);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let said = verdict(&workspace, "failed/a.csv");
    assert_eq!(text(&said, "verdict"), "failed");
    assert!(text(&said, "error").contains("a.csv has no column `id`"), "{said}");
    assert!(workspace.path("in/failed/a.csv").exists());
    assert_eq!(verdict(&workspace, "done/b.csv")["new"], 1);
    // Nothing of it became a record.
    workspace.write("in/aside.csv", &format!("{HEADER}\n,Ann,Lee,a@example.com,,,,,,\n"));
    workspace.write("in/aside.csv.done", "");
    assert_eq!(workspace.run(&LOOK).code, Some(1));
    assert_eq!(verdict(&workspace, "failed/aside.csv")["quarantined"], 1);
    // Nothing is in it, or nothing that a line break ends.
    let rows: Vec<String> = (1..=3).map(|id| row(id).trim_end().to_owned()).collect();
    let one_line = format!("{HEADER}\u{2028}{}", rows.join("\u{2028}"));
    for (name, content, why) in [
        ("header.csv", HEADER.to_owned(), "there are no rows in the file"),
        ("line.csv", one_line, "do not end in line breaks but in line separators (U+2028)"),
        ("other.json", "{\"id\":1,\"foo\":2}\n".to_owned(), "has no column `given`"),
    ] {
        workspace.write(&format!("in/{name}"), &content);
        workspace.write(&format!("in/{name}.done"), "");
        assert_eq!(workspace.run(&LOOK).code, Some(1), "{name}");
        let said = verdict(&workspace, &format!("failed/{name}"));
        assert!(text(&said, "error").contains(why), "{said}");
    }
    // A complete file that lacks too much.
    workspace.write("in/c.csv", &file(7..=7));
    workspace.write("in/c.csv.done", "");
    let complete: Vec<&str> = LOOK.into_iter().chain(["--complete"]).collect();
    assert_eq!(workspace.run(&complete).code, Some(1));
    let said = verdict(&workspace, "failed/c.csv");
    assert!(text(&said, "held_back").contains("1 of 1 record (100 %)"), "{said}");
}

#[test]
fn what_is_wrong_with_the_workspace_leaves_the_file_where_it_is() {
    let workspace = workspace();
    workspace.write("in/crm.csv", &file(1..=1));
    workspace.write("in/crm.csv.done", "");
    let unknown = workspace.run(&["inbox", "in", "--source", "erp"]);
    assert_eq!(unknown.code, Some(2), "{}", unknown.err);
    workspace.write("steward.toml", "nonsense");
    assert_eq!(workspace.run(&LOOK).code, Some(1));
    assert!(workspace.path("in/crm.csv").exists() && workspace.path("in/crm.csv.done").exists());
    workspace.write("steward.toml", SETTINGS);
    let dry: Vec<&str> = LOOK.into_iter().chain(["--dry-run"]).collect();
    assert!(workspace.done(&dry).err.contains("crm.csv would be moved to done/"));
    assert!(workspace.path("in/crm.csv").exists() && !workspace.path("in/done").exists());
    workspace.done(&LOOK);
    assert_eq!(verdict(&workspace, "done/crm.csv")["new"], 1);
}

#[test]
fn a_watcher_that_is_killed_loses_nothing() {
    let workspace = workspace();
    let watch = |workspace: &Workspace| {
        let mut process: Command = workspace.process();
        process.args(LOOK).args(["--watch", "--every", "1"]);
        process.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for (number, kill_at) in [(1, "done/f1.csv.verdict.json"), (2, "done/f2.csv")] {
        let name = format!("in/f{number}.csv");
        workspace.write(&name, &file(1..=200 * number));
        workspace.write(&format!("{name}.done"), "");
        let mut process = watch(&workspace);
        let seen = workspace.path(&format!("in/{kill_at}"));
        while !seen.exists() {
            assert!(process.try_wait().unwrap().is_none(), "it ended");
            std::thread::yield_now();
        }
        let second = workspace.run(&LOOK);
        if process.try_wait().unwrap().is_none() {
            assert_eq!(second.code, Some(4), "{}", second.err);
            assert!(second.err.contains("another steward is taking files from"), "{}", second.err);
        }
        process.kill().unwrap();
        process.wait().unwrap();
    }
    workspace.done(&LOOK);
    workspace.done(&LOOK);
    for name in ["f1.csv", "f2.csv"] {
        assert!(workspace.path(&format!("in/done/{name}")).exists(), "{name}");
        assert!(!workspace.path(&format!("in/{name}")).exists(), "{name}");
    }
    assert_eq!(workspace.rows("records").len(), 400);
    workspace.verified();
}

#[test]
fn a_complete_file_that_lacks_too_much_is_refused_with_the_way_out() {
    let workspace = workspace();
    workspace.write("all.csv", &file(1..=10));
    workspace.done(&["import", "all.csv", "--source", "crm"]);
    workspace.write("all.csv", &file(1..=8));
    let import = ["import", "all.csv", "--source", "crm", "--complete"];
    let held = workspace.run(&import);
    assert_eq!(held.code, Some(4));
    assert!(held.err.contains("2 of 10 records (20 %) are not in the file"), "{}", held.err);
    assert!(held.err.contains("--accept-vanished"), "{}", held.err);
    let sure: Vec<&str> = import.into_iter().chain(["--accept-vanished", "--json"]).collect();
    let told = workspace.done(&sure).object();
    assert_eq!((&told["vanished"], &told["vanished_tasks"]), (&2.into(), &2.into()));
    let tasks = workspace.tasks("vanished");
    workspace.done(&["decide", text(&tasks[0], "id"), "accept"]);
    let closed: Vec<String> = workspace
        .rows("vanished")
        .iter()
        .filter(|row| row["state"] == "closed")
        .map(|row| text(row, "record").to_owned())
        .collect();
    assert_eq!(closed, ["crm:9"]);
    assert_eq!(workspace.rows("golden").len(), 9);
    assert!(workspace.done(&["reopen", "crm:9"]).out.contains("reopened crm:9"));
    assert_eq!(workspace.rows("golden").len(), 10);
    workspace.verified();
}

#[test]
fn a_packed_file_is_opened_also_from_a_pipe() {
    let workspace = workspace();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(file(1..=3).as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let told = workspace.import_bytes("crm.csv.gz", "crm", &packed);
    assert_eq!(told["new"], 3);
    let mut command = workspace.command();
    command.args(["import", "-", "--source", "crm", "--json"]).write_stdin(packed);
    let told: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    assert_eq!(told["unchanged"], 3);
}

#[test]
fn an_inbox_is_told_how_its_files_are_written() {
    let workspace = workspace();
    let header = HEADER.replace(',', ";");
    let rows = "1;J\u{f3}zef;\u{a3}ukasz;jl@example.com;;03/04/1971;1 Oak;Omaha;;\n";
    let text: Vec<u8> = rows.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for round in 1..=2 {
        let file = [format!("{header}\n").into_bytes(), text.clone()].concat();
        fs::write(workspace.path("in/a.csv"), file).unwrap();
        workspace.write("in/a.csv.done", "");
        let told = ["--encoding", "cp1250", "--delimiter", "semicolon", "--dates", "day-first"];
        let ran = workspace.done(&[&LOOK[..], &told].concat());
        let name = if round == 1 { "a.csv" } else { "a.2.csv" };
        assert!(
            ran.err.contains(&format!("{name} is now in done/{name}")) || round == 2,
            "{}",
            ran.err
        );
        assert!(workspace.path(&format!("in/done/{name}")).exists(), "{name}");
        let said = verdict(&workspace, &format!("done/{name}"));
        assert_eq!(said["read"], 1, "{said}");
    }
    let record = workspace.rows("records")[0].to_string();
    assert!(record.contains("Łukasz") && record.contains("1971-04-03"), "{record}");
}

#[test]
fn a_folder_of_stewards_own_is_no_inbox() {
    let workspace = workspace();
    let settings = std::fs::read(workspace.path("steward.toml")).unwrap();
    for folder in [".", ".steward", ".steward/ledger"] {
        for _ in 0..2 {
            let ran = workspace.run(&["inbox", folder, "--source", "crm"]);
            assert_eq!(ran.code, Some(2), "{folder}: {}", ran.err);
            assert!(ran.err.contains("steward does not import its own files"), "{}", ran.err);
        }
        assert!(!workspace.path(&format!("{folder}/failed")).exists());
        assert!(!workspace.path(&format!("{folder}/.steward-inbox.lock")).exists());
    }
    assert_eq!(std::fs::read(workspace.path("steward.toml")).unwrap(), settings);
    std::os::unix::fs::symlink(workspace.path(".steward"), workspace.path("in/failed")).unwrap();
    let ran = workspace.run(&LOOK);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}
