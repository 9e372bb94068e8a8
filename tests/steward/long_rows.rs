//! Rows and files of any size: what is too long is one row, set aside and said, and a file that
//! comes again puts nothing into quarantine twice.

use crate::people::{HEADER, nobody};
use crate::workspace::{Workspace, list};

fn ledger_bytes(workspace: &Workspace) -> u64 {
    workspace.kept(".steward/ledger").iter().map(|file| file.bytes().len() as u64).sum()
}

/// A row whose field holds more than a row may, all of it lines that look like rows.
fn injected() -> String {
    let line = "999,Injected,Person,i@example.com,,,,Salem,,\n";
    let field = line.repeat((1 << 20) / line.len() + 2);
    format!("{HEADER}\n1,Ann,\"{field}\",,,,,Salem,,\n2,Bea,Holt,,,,,Salem,,\n3\n")
}

#[test]
fn a_long_quoted_field_never_becomes_records() {
    let workspace = nobody();
    let before = ledger_bytes(&workspace);
    let report = workspace.import_bytes("crm.csv", "crm", injected());
    assert_eq!((&report["new"], &report["quarantined"]), (&1.into(), &2.into()), "{report}");
    assert_eq!(workspace.run(&["show", "crm:999"]).code, Some(1), "nobody delivered it");
    let rows = workspace.rows("quarantine");
    let why = rows[0]["reason"].as_str().unwrap();
    let expected = "too long: it passes 1048576 bytes in column `family` and ends in line";
    assert!(why.starts_with(expected), "{why}");
    assert!(why.contains("only the first 4096 of its"), "{why}");
    assert_eq!(rows[0]["line"], 2);
    assert!(ledger_bytes(&workspace) - before < 20_000);

    // The same file again: nothing is written twice, and nothing leaves.
    let size = ledger_bytes(&workspace);
    let again = workspace.import_bytes("crm.csv", "crm", injected());
    assert_eq!((&again["unchanged"], &again["quarantined"]), (&1.into(), &2.into()), "{again}");
    assert!(ledger_bytes(&workspace) - size < 2_000, "the import, its end, the export");
    assert_eq!(workspace.rows("quarantine"), rows);
    workspace.verified();
    workspace.done(&["rebuild"]);
    assert_eq!(workspace.rows("quarantine"), rows);
}

/// Rows whose quoted cell goes on after its closing quote, with these lines inside of it.
fn misplaced(inside: &str) -> [String; 5] {
    let around = |start: &str, end: &str| format!("1,Ann,\"{start}\n{inside}{end},,,,,Salem,,\n");
    [
        around("a", "\" "),
        around("a", "\"junk"),
        around("a", "\"\t"),
        around("a \"quoted\" word", "\""),
        around("a", "9,\"Pa\"\"ce\"\n\""),
    ]
}

#[test]
fn a_cell_that_goes_on_after_its_closing_quote_never_becomes_records() {
    let known = format!("{HEADER}\n1002,Bea,Holt,,,,,Salem,,\n");
    let line = "999,Injected,Person,i@example.com,,,,Salem,,\n1002,Changed,Person,,,,,Salem,,\n";
    let long = line.repeat((11 << 20) / 10 / line.len());
    let workspace = nobody();
    workspace.import_bytes("known.csv", "crm", &known);
    let before = workspace.show("crm:1002");
    for (inside, why) in
        [(line, "text after a closing quote in line "), (long.as_str(), "too long: ")]
    {
        for (place, row) in misplaced(inside).into_iter().enumerate() {
            if inside.len() > 1 << 20 && ![0, 3].contains(&place) {
                continue;
            }
            let file = format!("{HEADER}\n{row}3,Cy,Pike,,,,,Salem,,\n");
            for file in [file.replace('\n', "\r\n"), file] {
                let report = workspace.import_bytes("crm.csv", "crm", &file);
                assert_eq!(report["quarantined"], 1, "{report}");
                assert_eq!((&report["read"], &report["changed"]), (&2.into(), &0.into()));
            }
            let rows = workspace.rows("quarantine");
            assert_eq!((rows.len(), &rows[0]["line"]), (1, &2.into()), "{rows:?}");
            let reason = rows[0]["reason"].as_str().unwrap();
            // Blanks between a closing quote and the delimiter are nothing: what is wrong is what the
            // cell holds.
            let is_closed =
                [0, 2].contains(&place) && reason.contains("across lines that look like rows");
            let is_named = reason.starts_with(why) && reason.contains("column `family`");
            assert!(is_closed || is_named, "{reason}");
            assert_eq!(workspace.run(&["show", "crm:999"]).code, Some(1), "nobody delivered it");
            assert_eq!(workspace.show("crm:1002"), before);
        }
    }
    workspace.verified();
}

/// The rest of a row that has a cell more than the header.
const LONG: &str = ",,,,,,,,,x\n";

#[test]
fn what_was_mended_leaves_the_quarantine_and_the_rest_stays() {
    let workspace = nobody();
    let row = |text: &str| format!("{HEADER}\n1,Ann,Pace,,,,,Salem,,\n2,Bea{LONG}3,Cy{LONG}{text}");
    workspace.import_bytes("crm.csv", "crm", row(""));
    let lines = |workspace: &Workspace| -> Vec<i64> {
        workspace.rows("quarantine").iter().map(|row| row["line"].as_i64().unwrap()).collect()
    };
    assert_eq!(lines(&workspace), [3, 4]);
    let mended = row(&format!("4,Di{LONG}"));
    let mended = mended.replace(&format!("2,Bea{LONG}"), "2,Bea,Holt,,,,,Salem,,\n");
    workspace.import_bytes("crm.csv", "crm", &mended);
    assert_eq!(lines(&workspace), [4, 5]);
    // Another row in the same line is another row.
    workspace.import_bytes("crm.csv", "crm", mended.replace("3,Cy,", "3,Cyd,"));
    let rows = workspace.rows("quarantine");
    let texts: Vec<&str> =
        rows.iter().map(|row| row["text"].as_str().unwrap_or_default()).collect();
    assert!(
        texts.contains(&"3,Cyd,,,,,,,,,x") && texts.contains(&"4,Di,,,,,,,,,x") && texts.len() == 2,
        "{rows:?}"
    );
    workspace.verified();
}

#[test]
fn a_file_of_which_hardly_anything_can_be_used_is_not_read_on() {
    let workspace = nobody();
    let before = ledger_bytes(&workspace);
    workspace.import_bytes("known.csv", "crm", format!("{HEADER}\n1,Ann,Pace,,,,,Salem,,\n"));
    let good = "1,Anna,Pace,,,,,Salem,,\n2,Bea,Holt,,,,,Salem,,\n";
    workspace.write("crm.csv", &format!("{HEADER}\n{good}{}", "\"a\n\"b\n".repeat(400_000)));
    let ran = workspace.run(&["import", "crm.csv", "--source", "crm", "--json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let why = ran.error();
    assert!(
        why["error"].as_str().unwrap().starts_with("hardly any of the first 10002 rows of crm.csv"),
        "{why}"
    );
    // What stays, of which import, and the way on.
    let kept = "; I2 kept: 1 new, 1 changed, 10,000 quarantined; next: ";
    assert!(why["error"].as_str().unwrap().contains(kept), "{why}");
    assert_eq!((&why["import"], &why["kept"]["quarantined"]), (&"I2".into(), &10_000.into()));
    assert_eq!((&why["kept"]["new"], &why["kept"]["changed"]), (&1.into(), &1.into()), "{why}");
    assert!(ledger_bytes(&workspace) - before < 1 << 20);
    workspace.verified();
    let dry = workspace.run(&["import", "crm.csv", "--source", "crm", "--dry-run"]);
    assert!(dry.err.contains("; nothing was written (--dry-run)"), "{}", dry.err);
    let again = workspace.run(&["import", "crm.csv", "--source", "crm"]);
    assert!(again.err.contains(kept), "{}", again.err);
    assert_eq!(
        list(&serde_json::json!({ "rows": workspace.rows("quarantine") }), "rows").len(),
        10_000
    );
    // The way on that it names.
    let mended = workspace.import_bytes("crm.csv", "crm", format!("{HEADER}\n{good}"));
    assert_eq!(mended["import"], "I2", "{mended}");
    assert_eq!((&mended["new"], &mended["changed"]), (&1.into(), &1.into()), "of all: {mended}");
    assert!(workspace.rows("quarantine").is_empty());
}
