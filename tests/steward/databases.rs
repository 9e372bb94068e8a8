//! Rows of databases: psql as it is asked, and what becomes of an answer that breaks off. The psql here is
//! a script that answers as the real one does; `tests/postgres/run` asks a real server.

use std::os::unix::fs::PermissionsExt;

use crate::people::nobody;
use crate::workspace::{Ran, Workspace, text};

const ADDRESS: &str = "postgresql://kim@db.example/crm?sslmode=require";

/// What the script answers: the columns with their types, a line between, the rows.
const ANSWER: &str = r#"id,integer
given,text
family,text
birth,date
steward: rows
id,given,family,birth
1,José,Fernsby,1985-04-25
2,Ada,"O'Brien, ""A""",
"#;

/// A workspace with a psql of its own, which keeps what it was told beside itself.
fn with_psql(answer: &str, told: &str, code: u8) -> (Workspace, String) {
    let workspace = nobody();
    std::fs::create_dir(workspace.path("bin")).unwrap();
    workspace.write("bin/answer", answer);
    workspace.write("bin/told", told);
    let folder = workspace.path("bin");
    let script = format!(
        "#!/bin/sh\ncd {}\necho \"$@\" > arguments\ncat > script\ncat answer\ncat told >&2\nexit {code}\n",
        folder.display()
    );
    workspace.write("bin/psql", &script);
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(workspace.path("bin/psql"), executable).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    (workspace, path)
}

fn import(workspace: &Workspace, path: &str, address: &str, more: &[&str]) -> Ran {
    let arguments = [&["import", address, "--source", "crm", "--json"], more].concat();
    workspace.command().args(arguments).env("PATH", path).output().unwrap().into()
}

#[test]
fn a_query_is_asked_through_psql_and_imported() {
    let (workspace, path) = with_psql(ANSWER, "", 0);
    let ran = import(&workspace, &path, ADDRESS, &["--query", "select * from people;"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report = ran.object();
    assert_eq!(report["format"], "postgresql, query", "{report}");
    assert_eq!((&report["new"], &report["quarantined"]), (&2.into(), &0.into()), "{report}");
    let records = workspace.rows("records");
    assert_eq!(text(&records[1], "family_name_raw"), "O'Brien, \"A\"");
    assert_eq!(text(&records[0], "birth_date"), "1985-04-25");
    let told = |name: &str| std::fs::read_to_string(workspace.path(name)).unwrap();
    let script = told("bin/script");
    assert!(script.contains("READ ONLY;"), "{script}");
    // The query stands where psql reads nothing of it.
    let copy = "SELECT 'COPY (' || $steward$\nselect * from people\n$steward$ || ') TO STDOUT";
    assert!(script.contains(copy), "{script}");
    // The list of processes shows the address, and not what is asked.
    let arguments = told("bin/arguments");
    assert!(arguments.contains(ADDRESS) && !arguments.contains("people"), "{arguments}");
    // What is told and recorded names no user.
    assert!(!ran.out.contains("kim@"), "{}", ran.out);
}

#[test]
fn an_answer_that_breaks_off_imports_nothing() {
    for (answer, told, code) in [
        ("", "psql: error: connection to server failed: timeout expired", 2),
        (ANSWER, "psql:<stdin>:11: ERROR:  division by zero", 3),
        (ANSWER, "server closed the connection unexpectedly", 2),
        (ANSWER, "", 1),
    ] {
        let (workspace, path) = with_psql(answer, told, code);
        let before = workspace.verified()["commits"].clone();
        let ran = import(&workspace, &path, ADDRESS, &["--table", "crm.people"]);
        assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
        let expected = told.trim_start_matches("psql:<stdin>:11: ");
        assert!(ran.err.contains(expected), "{}", ran.err);
        assert!(!ran.err.contains("<stdin>") && !ran.err.contains("line 11"), "{}", ran.err);
        assert!(ran.err.contains("nothing was imported"), "{}", ran.err);
        assert_eq!(workspace.verified()["commits"], before);
        assert!(workspace.rows("records").is_empty());
    }
}

#[test]
fn what_cannot_be_asked_is_refused_before_anybody_is() {
    let (workspace, path) = with_psql(ANSWER, "", 0);
    workspace.write("crm.csv", "id\n1\n");
    std::fs::write(workspace.path("crm.sqlite.gz"), b"\x1f\x8b\x08\0").unwrap();
    for (address, more, expected) in [
        ("postgresql://kim:secret@db.example/crm", &["--table", "people"][..], ".pgpass"),
        ("postgresql://db.example/crm", &[], "say what to import"),
        ("postgresql://db.example/crm", &["--query", "\\! touch x"], "one statement starting"),
        ("postgresql://db.example/crm", &["--query", "drop table a"], "one statement starting"),
        ("crm.sqlite.gz", &["--table", "people"], "so unpack it first"),
        ("crm.csv", &["--table", "people"], "are for databases, and this is not one"),
    ] {
        let ran = import(&workspace, &path, address, more);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains(expected) && !ran.err.contains("secret"), "{}", ran.err);
    }
    assert!(!workspace.path("bin/script").exists());
}

#[test]
fn without_psql_it_is_said_what_to_install() {
    let workspace = nobody();
    let nowhere = workspace.path("").display().to_string();
    let ran = import(&workspace, &nowhere, ADDRESS, &["--table", "people"]);
    assert!(ran.err.contains("install PostgreSQL's client"), "{}", ran.err);
}
