//! `steward init --from`: files that nobody described become a workspace.

use rust_xlsxwriter::Workbook;

use crate::workspace::{Workspace, text};

const CRM: &str = "customer_id,first_name,last_name,email,phone,zip,country,modified\n\
    1001,Ada,Oakhollow,ada@example.com,(217) 555-0104,62704,US,2026-01-02T10:00:00Z\n\
    1002,Ben,Fernsby,ben@example.com,(217) 555-0105,62704,US,2026-01-03T10:00:00Z\n";
const SHOP: &str = "Kunden-Nr.;Vorname;Name;E-Mail;Straße;Hausnr.;PLZ;Ort;Land;geb. am\n\
    S1;Jörg;Quengelmann;joerg@beispiel.example;Am Ring;5;10115;Berlin;Deutschland;25.04.1985\n\
    S2;Ute;Zwirn;;Lindenweg;7a;80331;München;Deutschland;03.04.1990\n";

#[test]
fn two_files_are_in_the_queue_without_a_line_edited() {
    let workspace = Workspace::bare();
    workspace.write("crm.csv", CRM);
    workspace.write("Kunden 2026.csv", SHOP);
    let ran = workspace.done(&["init", "--from", "crm.csv", "Kunden 2026.csv"]);
    assert!(ran.err.contains("steward import 'Kunden 2026.csv' --source kunden"), "{}", ran.err);
    assert!(ran.err.contains("steward match"), "{}", ran.err);
    let written = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    for value in ["Ada", "ada@", "Quengelmann", "0104", "Lindenweg", "1985"] {
        assert!(!written.contains(value), "{value}: {written}");
    }
    assert!(written.contains("street = [\"Straße\", \"Hausnr.\"]"), "{written}");
    assert!(written.contains("[sources.kunden]") && written.contains("sensitive = true"));
    workspace.done(&["check"]);
    for (file, source) in [("crm.csv", "crm"), ("Kunden 2026.csv", "kunden")] {
        let report = workspace.done(&["import", file, "--source", source, "--json"]).object();
        assert_eq!((&report["new"], &report["quarantined"]), (&2.into(), &0.into()), "{report}");
    }
    let shown = workspace.done(&["show", "kunden:S1", "--json", "--unmask"]).out;
    for value in ["Jörg", "Am Ring 5", "1985-04-25", "\"DE\""] {
        assert!(shown.contains(value), "{value}: {shown}");
    }
    workspace.done(&["match"]);
}

#[test]
fn a_dry_run_prints_the_file_and_what_is_there_is_never_overwritten() {
    let workspace = Workspace::bare();
    workspace.write("crm.csv", CRM);
    let ran = workspace.done(&["init", "--from", "crm.csv", "--dry-run"]);
    assert!(ran.out.contains("[sources.crm.map]") && ran.err.contains("nothing was written"));
    assert!(!workspace.path("steward.toml").exists() && !workspace.path(".steward").exists());
    workspace.write("steward.toml", "# mine\n[workspace]\nname = \"a\"\nregion = \"US\"\n");
    let ran = workspace.run(&["init", "--from", "crm.csv"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("never overwritten"), "{}", ran.err);
    assert!(std::fs::read_to_string(workspace.path("steward.toml")).unwrap().starts_with("# mine"));
    // What would be said of one more file is seen beside a workspace as well.
    workspace.done(&["init"]);
    let report = workspace.done(&["init", "--from", "crm.csv", "--dry-run", "--json"]).object();
    assert_eq!(text(&report["sources"][0], "key"), "customer_id");
    assert_eq!(text(&report["sources"][0], "updated"), "modified");
    assert_eq!(text(&report["region"], "code"), "US");
}

#[test]
fn a_folder_behind_the_files_is_the_workspace() {
    let workspace = Workspace::bare();
    workspace.write("crm.csv", CRM);
    workspace.done(&["init", "--from", "crm.csv", "d9"]);
    assert!(workspace.path("d9/steward.toml").exists() && !workspace.path("steward.toml").exists());
    // What looks like a file is one, and missed.
    let ran = workspace.run(&["init", "--from", "crm.csv", "d10.csv"]);
    assert!(ran.code != Some(0) && ran.err.contains("d10.csv"), "{}", ran.err);
    // A table is said of databases: of files without one it is refused.
    let ran = workspace.run(&["init", "--from", "crm.csv", "--table", "customers"]);
    assert!(ran.code == Some(2) && ran.err.contains("are for databases"), "{}", ran.err);
}

#[test]
fn an_export_without_columns_that_nobody_chose_is_recognised_all_the_same() {
    let workspace = Workspace::bare();
    let header = "Id,MasterRecordId,IsDeleted,FirstName,LastName,Email,MailingStreet,MailingCity";
    let rows = "0035g00000AbCdEAAV,,false,Ann,Marlow,ann@example.com,12 Rose Lane,Springfield\n\
        0035g00000AbCdFAAV,0035g00000AbCdEAAV,true,Annie,Marlow,annie@example.com,,\n\
        0035g00000AbCdGAAV,,true,Bo,Ray,bo@example.com,,\n";
    workspace.write("sf.csv", &format!("{header}\n{rows}"));
    let ran = workspace.done(&["init", "--from", "sf.csv", "--region", "US"]);
    assert!(ran.err.contains("recognised as Salesforce, contacts"), "{}", ran.err);
    let report = workspace.done(&["import", "sf.csv", "--source", "salesforce", "--json"]).object();
    assert_eq!((&report["merged"], &report["deleted"]), (&1.into(), &1.into()), "{report}");
}

#[test]
fn what_cannot_be_proposed_is_said_with_the_way_out() {
    let workspace = Workspace::bare();
    for (file, content, expected) in [
        ("names.csv", "first,last\nAda,Lee\nAda,Lee\nBo,Lee\nBo,Ray\n", "tells its rows apart"),
        ("data.csv", "1,Ada,Oakhollow\n2,Ben,Fernsby\n", "seems to have no header"),
        ("x.csv", "id,aaa\n1,2\n2,3\n", "was recognised"),
        ("empty.csv", "", "is empty"),
    ] {
        workspace.write(file, content);
        let ran = workspace.run(&["init", "--from", file]);
        assert_eq!(ran.code, Some(1), "{file}: {}", ran.err);
        assert!(ran.err.contains(expected), "{file}: {}", ran.err);
        assert!(!workspace.path("steward.toml").exists(), "{file}");
    }
    let ran = workspace.run(&["init", "--from", "-"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}

#[test]
fn a_file_of_fixed_widths_is_begun_with_and_no_file_is_taken_twice() {
    let workspace = Workspace::bare();
    workspace.write(
        "crm.txt",
        "KUNDENNR  NAME        ORT\n0000001001Ann Hill    Leeds\n0000001002Bo Ray      York\n",
    );
    let ran = workspace.run(&["init", "--from", "crm.txt"]);
    assert!(ran.code == Some(1) && ran.err.contains("--widths 10,30,8"), "{}", ran.err);
    let ran = workspace.run(&["init", "--from", "crm.txt", "./crm.txt", "--widths", "10,12,5"]);
    assert!(ran.code == Some(2) && ran.err.contains("is named twice"), "{}", ran.err);
    let ran = workspace.done(&["init", "--from", "crm.txt", "--widths", "10,12,5", "--json"]);
    let next = ran.object()["next"][0].as_str().unwrap().to_owned();
    assert!(next.ends_with("--widths 10,12,5"), "{next}");
    let words: Vec<&str> = next.split(' ').skip(1).collect();
    workspace.done(&words);
    let shown = workspace.done(&["export", "golden"]).out;
    assert!(shown.contains("Leeds") && shown.contains("Bo Ray"), "{shown}");
}

#[test]
fn columns_of_one_name_are_not_read() {
    let workspace = Workspace::bare();
    workspace.write("crm.csv", "id,name,email,email\n7,Ann Hill,a@x.example,b@x.example\n9,Bo Ray,c@x.example,d@x.example\n");
    let ran = workspace.done(&["init", "--from", "crm.csv", "--region", "GB"]);
    let said = "`email` is not read: the header has it twice; rename one of the two";
    assert!(ran.err.contains(said), "{}", ran.err);
    let written = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    assert!(!written.contains("\nemail"), "{written}");
    workspace.done(&["import", "crm.csv", "--source", "crm"]);
}

#[test]
fn workbooks_and_lists_in_json_are_looked_into_as_well() {
    let workspace = Workspace::bare();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Clienti al 1 marzo").unwrap();
    let rows = [["Codice cliente", "Cognome", "Cellulare"], ["7", "Bianchi", "+39 347 1234567"]];
    for (row, cells) in (2..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    std::fs::write(workspace.path("clienti.xlsx"), book.save_to_buffer().unwrap()).unwrap();
    let json = "{\"data\":{\"people\":[{\"id\":1,\"name\":{\"last\":\"Lee\"},\"email\":\"l@example.com\"},\
        {\"id\":2,\"name\":{\"last\":\"Ray\"},\"email\":\"r@example.com\"}]}}";
    workspace.write("api.json", json);
    let ran = workspace.done(&["init", "--from", "clienti.xlsx", "api.json", "--json"]).object();
    assert_eq!(text(&ran["region"], "code"), "IT");
    for command in ran["next"].as_array().unwrap().iter().take(2) {
        let words: Vec<&str> = command.as_str().unwrap().split(' ').skip(1).collect();
        workspace.done(&words);
    }
    let shown = workspace.done(&["export", "golden"]).out;
    assert!(shown.contains("+393471234567") && shown.contains("l@example.com"), "{shown}");
}

/// A region is never assumed in silence.
#[test]
fn without_a_region_none_is_written() {
    let workspace = Workspace::bare();
    let ran = workspace.done(&["init"]);
    assert!(ran.err.contains("no region is set"), "{}", ran.err);
    let written = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    assert!(written.contains("\n# region = "), "{written}");
}
