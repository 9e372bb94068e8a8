//! Parquet and SQLite, in the builds that read them and in those that do not. The files were written by
//! pyarrow and Python's sqlite3 (`tests/formats/make.py`) from the CSV beside them.

use std::path::{Path, PathBuf};

use crate::people::nobody;
use crate::workspace::Workspace;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name)
}

/// A workspace with a copy of a file under a name that does not tell its format.
fn with(name: &str) -> Workspace {
    let workspace = nobody();
    std::fs::copy(file(name), workspace.path("people.dat")).unwrap();
    workspace
}

const IMPORT: [&str; 4] = ["import", "people.dat", "--source", "crm"];

#[test]
fn a_format_that_is_not_built_in_is_refused_by_name() {
    let mut formats = Vec::new();
    if cfg!(not(feature = "parquet")) {
        formats.push(("people.parquet", "Parquet", "parquet"));
    }
    if cfg!(not(feature = "sqlite")) {
        formats.push(("people.sqlite", "an SQLite database", "sqlite"));
    }
    for (name, title, feature) in formats {
        let workspace = with(name);
        let ran = workspace.run(&IMPORT);
        let expected = format!(
            "people.dat is {title}, which this build cannot read: cargo install --path . \
             --features {feature}"
        );
        assert!(ran.err.contains(&expected), "{}", ran.err);
        assert_eq!(ran.code, Some(1));
        assert!(workspace.rows("records").is_empty());
    }
}

#[test]
fn csv_for_a_spreadsheet_has_its_mark_and_delimiter_and_parquet_needs_its_feature() {
    let workspace = with("people.csv");
    workspace.done(&IMPORT);
    let csv = workspace.done(&["export", "golden", "--bom", "--delimiter", "semicolon"]).out;
    assert!(csv.starts_with("\u{feff}customer;given_name;"), "{csv}");
    let read = csv.lines().nth(2).unwrap();
    assert!(read.contains(";Ada;"), "{read}");
    let wrong = workspace.run(&["export", "golden", "--format", "jsonl", "--bom"]);
    assert!(wrong.err.contains("apply only to csv"), "{}", wrong.err);
    let ran = workspace.run(&["export", "golden", "-o", "golden.parquet"]);
    if cfg!(feature = "parquet") {
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let bytes = std::fs::read(workspace.path("golden.parquet")).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    } else {
        let expected = "this build cannot write parquet: cargo install --path . --features parquet";
        assert!(ran.err.contains(expected), "{}", ran.err);
        assert!(!workspace.path("golden.parquet").exists());
    }
}

#[test]
fn a_dashboard_gets_its_tables_and_their_description_and_each_is_recorded() {
    let workspace = with("people.csv");
    workspace.done(&IMPORT);
    let report = workspace.done(&["export", "bi", "-o", "star", "--dry-run", "--json"]).object();
    assert_eq!((&report["rows"]["customers"], workspace.path("star").exists()), (&3.into(), false));
    workspace.done(&["export", "bi", "-o", "star"]);
    let read = |name: &str| std::fs::read_to_string(workspace.path("star").join(name)).unwrap();
    assert_eq!(read("customers.csv"), workspace.export("golden"));
    assert_eq!(read("records.csv"), workspace.export("records"));
    let readme = read("README.md");
    for line in [
        "## quality.csv",
        "| `birth_date` | day | the field's golden value |",
        "| `updated` | time, UTC | when its",
        "| `stands` | true or false | whether",
        "3 rows.",
    ] {
        assert!(readme.contains(line), "{line} in {readme}");
    }
    assert!(!readme.contains("Fernsby") && !readme.contains("`lineage`"), "{readme}");
    let again = workspace.run(&["export", "bi", "-o", "star"]);
    assert!(again.err.contains("customers.csv"), "{}", again.err);
    workspace.done(&["export", "bi", "-o", "star", "--force", "--delimiter", "tab"]);
    // Another format leaves none of the tables that were written before, and nothing else goes.
    workspace.done(&["export", "bi", "-o", "other"]);
    workspace.write("other/notes.csv", "mine\n");
    let ran = workspace.done(&["export", "bi", "-o", "other", "--force", "--format", "jsonl"]);
    assert!(
        ran.err.contains("removed the tables of the previous export: customers.csv"),
        "{}",
        ran.err
    );
    let names = std::fs::read_dir(workspace.path("other")).unwrap();
    let mut names: Vec<_> =
        names.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let tables = ["customers.jsonl", "decisions.jsonl", "notes.csv", "quality.jsonl"];
    let all = [&["README.md"], &tables[..], &["records.jsonl", "tasks.jsonl"]].concat();
    assert_eq!(names, all);
    assert!(read("tasks.csv").starts_with("id\tkind\t"));
    let events = workspace.done(&["export", "events", "--format", "jsonl"]).out;
    for name in ["customers.csv", "records.csv", "tasks.csv", "decisions.csv", "quality.csv"] {
        assert!(events.contains(&format!("\"destination\":\"{name}\"")), "{name}");
    }
    for (arguments, expected) in [
        (
            &["export", "golden", "-o", "g.xlsx"][..],
            "g.xlsx: .xlsx is not a known format; use one of csv, jsonl, parquet",
        ),
        (&["export", "records", "-o", "r.ODS"], "csv, jsonl, parquet"),
        (&["export", "bi"], "name a folder"),
        (&["export", "bi", "-o", "s", "--since", "2026-01-01"], "leave out --since"),
        (&["export", "bi", "-o", ".steward/star"], ".steward"),
    ] {
        let ran = workspace.run(arguments);
        assert!(ran.code != Some(0) && ran.err.contains(expected), "{}", ran.err);
    }
}

#[cfg(any(feature = "parquet", feature = "sqlite"))]
mod built_in {
    use super::*;

    /// Imports it, and as CSV into another workspace: what is held is the same, byte for byte.
    #[track_caller]
    fn equals_csv(name: &str, description: &str, more: &[&str]) {
        let expected = with("people.csv");
        expected.done(&IMPORT);
        let workspace = with(name);
        let arguments = [&IMPORT[..], &["--json"], more].concat();
        let report = workspace.done(&arguments).object();
        assert_eq!(report["format"], description, "{report}");
        for dataset in ["records", "golden"] {
            assert_eq!(workspace.export(dataset), expected.export(dataset), "{dataset}");
        }
        let again = workspace.done(&arguments).object();
        assert_eq!((&again["unchanged"], &again["new"]), (&3.into(), &0.into()), "{again}");
    }

    /// What `init --from` proposes for a file is imported as it says.
    #[track_caller]
    fn proposed_and_imported(name: &str, more: &[&str]) {
        let workspace = Workspace::bare();
        std::fs::copy(file(name), workspace.path(name)).unwrap();
        let arguments = [&["init", "--region", "DE", "--json", "--from", name][..], more].concat();
        let made = workspace.done(&arguments).object();
        let next = made["next"][0].as_str().unwrap().to_owned();
        let words: Vec<&str> = next.split(' ').skip(1).chain(["--json"]).collect();
        let report = workspace.done(&words).object();
        assert_eq!(report["new"], 3, "{next}: {report}");
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn parquet_is_proposed_a_workspace() {
        proposed_and_imported("people.parquet", &[]);
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn a_database_is_proposed_a_workspace() {
        proposed_and_imported("people.sqlite", &["--table", "customers"]);
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn parquet_gives_the_records_that_csv_gives() {
        equals_csv("people.parquet", "parquet", &[]);
        let workspace = nobody();
        let whole = std::fs::read(file("people.parquet")).unwrap();
        std::fs::write(workspace.path("people.dat"), &whole[..whole.len() - 9]).unwrap();
        let ran = workspace.run(&IMPORT);
        assert!(ran.err.contains("people.dat is a damaged Parquet file"), "{}", ran.err);
        assert!(workspace.rows("records").is_empty());
        // From a pipe it has random access as well.
        let mut command = workspace.command();
        let command = command.args(["import", "-", "--source", "crm"]).write_stdin(whole);
        assert!(command.output().unwrap().status.success());
        assert_eq!(workspace.rows("records").len(), 3);
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn a_database_gives_the_records_that_csv_gives() {
        equals_csv("people.sqlite", "sqlite, table customers", &[]);
        equals_csv("people.sqlite", "sqlite, query", &["--query", "select * from customers"]);
        let workspace = with("people.sqlite");
        let ran = workspace.run(&[&IMPORT[..], &["--table", "custmers"]].concat());
        let expected = "people.dat has no table or view `custmers`; it has customers";
        assert!(ran.err.contains(expected), "{}", ran.err);
        let mut command = workspace.command();
        let bytes = std::fs::read(file("people.sqlite")).unwrap();
        let command = command.args(["import", "-", "--source", "crm"]).write_stdin(bytes);
        let errors = String::from_utf8(command.output().unwrap().stderr).unwrap();
        assert!(errors.contains("which is read in place"), "{errors}");
        assert!(workspace.rows("records").is_empty());
    }
}
