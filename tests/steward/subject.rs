//! `steward subject`: everything held on one person, and nothing of anybody else.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::people::{FATHER, HEADER, SON, SON_AS_FATHER, crowd_and, nobody};
use crate::workspace::{Workspace, list, text};

fn read(workspace: &Workspace, name: &str) -> String {
    std::fs::read_to_string(workspace.path(name)).expect("it is written")
}

#[test]
fn a_name_without_an_ending_gives_both_files_for_their_owner_only() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.decided(&["merge", "crm:1", "crm:p1", "--note", "one person after all"]);
    workspace.done(&["export", "golden", "-o", "newsletter.csv"]);
    let dry = workspace.done(&["subject", "crm:1", "-o", "person", "--dry-run", "--json"]).object();
    assert!(!workspace.path("person.json").exists() && !workspace.path("person.html").exists());
    let done = workspace.done(&["subject", "crm:1", "-o", "person", "--json"]).object();
    for key in ["customer", "records", "revisions", "decisions", "exports", "withheld", "hash"] {
        assert_eq!(dry[key], done[key], "{key}");
    }
    assert_eq!((&done["records"], &done["exports"]), (&Value::from(2), &Value::from(1)));
    for name in ["person.json", "person.html"] {
        let mode = std::fs::metadata(workspace.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let report: Value = serde_json::from_str(&read(&workspace, "person.json")).unwrap();
    let page = read(&workspace, "person.html");
    let records = list(&report, "records");
    let records: Vec<&str> = records.iter().map(|record| text(record, "record")).collect();
    assert_eq!(records, ["crm:p1", "crm:1"], "in the order of first import");
    for told in ["u@example.com", "1952-02-09", "one person after all", "newsletter.csv"] {
        assert!(report.to_string().contains(told) && page.contains(told), "{told}");
    }
    // That it was handed over is recorded: the next report tells of it.
    let next: Value = serde_json::from_str(&workspace.done(&["subject", "crm:1"]).out).unwrap();
    let told: Vec<&str> =
        list(&next, "exports").iter().map(|export| text(export, "destination")).collect();
    assert_eq!(told, ["newsletter.csv", "person.json", "person.html"]);
}

#[test]
fn a_row_without_a_key_is_theirs_for_the_report_as_for_an_erasure() {
    let workspace = nobody();
    let ada = "Ada,Okafor,ada.okafor@example.com,+12175550104,1984-03-12,1 Rose Lane,Salem,,";
    let bo = "Bo,Tarn,bo@example.com,,1990-01-01,9 Elm Street,Omaha,,";
    let file = format!("{HEADER}\n1,{ada}\n2,{bo}\n,{ada}\n,{bo}\n");
    let report = workspace.import_bytes("crm.csv", "crm", file);
    assert_eq!(report["quarantined"], 2, "{report}");
    for (key, name, other) in [("crm:1", "Okafor", "Tarn"), ("crm:2", "Tarn", "Okafor")] {
        let report: Value = serde_json::from_str(&workspace.done(&["subject", key]).out).unwrap();
        let rows = list(&report, "quarantine");
        assert_eq!(rows.len(), 1, "{report}");
        let row = rows[0].to_string();
        assert!(row.contains(name) && !row.contains(other), "{row}");
        let erased = ["erase", key, "--reason", "request", "--dry-run", "--json"];
        let erased = workspace.done(&erased).object();
        assert_eq!(list(&erased, "quarantined").len(), 1, "{erased}");
    }
}

#[test]
fn nothing_of_others_is_in_it() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let father = workspace.customer("crm:1");
    let son = workspace.customer("shop:2");
    let note = ["--reason", "household", "--note", "he is son@example.org"];
    workspace.decided(&[&["not-a-match", &father, &son][..], &note].concat());
    workspace.import_bytes("shop.csv", "shop", format!("{HEADER}\n{SON_AS_FATHER}\n"));
    workspace.done(&["match"]);
    let report = workspace.done(&["subject", &father]);
    let json: Value = serde_json::from_str(&report.out).unwrap();
    let apart = &list(&json, "decisions")[0];
    assert_eq!(text(apart, "verdict"), "not-a-match");
    assert_eq!((&apart["others"][0], &apart["withheld"]), (&son.into(), &true.into()));
    assert!(report.err.contains("left out"), "{}", report.err);
    for theirs in ["shop:2", "son@example.org", "1981-06-17", "2026-02-01", "Fernsby"] {
        assert!(!report.out.contains(theirs), "{theirs} is in {}", report.out);
    }
}

#[test]
fn hostile_values_are_text_in_the_page_and_unchanged_in_the_json() {
    let workspace = nobody();
    let hostile = "</td><script>alert(1)</script>\u{1b}]0;x\u{7}\u{9b}2J\u{202e}'&";
    let key = "k[2J<b>";
    // A control sign in a key is dropped, as it is in a value.
    let row = format!("k\u{1b}[2J<b>,\"{hostile}\",Steinmoor,u@example.com,,,,Salem,,\n");
    workspace.import_bytes("<i>crm.csv", "crm", format!("{HEADER}\n{row}"));
    let customer = workspace.customer(&format!("crm:{key}"));
    let shown = workspace.done(&["subject", &customer]).out;
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    let json: Value = serde_json::from_str(&shown).unwrap();
    let values = list(&list(&json, "records")[0], "values").to_vec();
    let given = values.iter().find(|it| it["field"] == "given_name").unwrap();
    assert_eq!(text(given, "delivered"), hostile);
    workspace.done(&["subject", &customer, "-o", "person.html"]);
    let page = read(&workspace, "person.html");
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<i>"));
    assert!(!page.contains(|c: char| c.is_control() && c != '\n'));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
}

#[test]
fn what_is_no_person_or_no_file_is_refused_and_leaves_nothing() {
    let workspace = crowd_and(&[FATHER], &[]);
    assert_eq!(workspace.run(&["subject", "C9999"]).code, Some(1));
    assert_eq!(workspace.run(&["subject", "crm:nobody"]).code, Some(1));
    for arguments in [&["subject", "T1"][..], &["subject", "crm:1", "-o", "person.pdf"]] {
        assert_eq!(workspace.run(arguments).code, Some(2), "{arguments:?}");
    }
    let head = |workspace: &Workspace| workspace.verified()["head"].clone();
    let before = head(&workspace);
    let ran = workspace.run(&["subject", "crm:1", "-o", "no/such/folder/person"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    workspace.write("taken.html", "mine");
    std::fs::create_dir(workspace.path("taken.json")).unwrap();
    assert_eq!(workspace.run(&["subject", "crm:1", "-o", "taken"]).code, Some(2));
    assert_eq!(read(&workspace, "taken.html"), "mine");
    assert_eq!(head(&workspace), before, "nothing was handed over, nothing is recorded");
}
