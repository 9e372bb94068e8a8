//! The same people as a workbook, as JSON and as CSV: what is read is the same.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::json;

use crate::people::{HEADER, nobody};
use crate::workspace::{Ran, Workspace};

const PEOPLE: [[&str; 4]; 3] = [
    ["1001", "José", "Fernsby", "1985-04-25"],
    ["1002", "Ada", "O'Brien, \"A\"", "1970-12-01"],
    ["007", "Zoë", "Lund", ""],
];

/// The columns of the header that are filled.
const FILLED: [&str; 4] = ["id", "given", "family", "birth"];

fn csv() -> String {
    let row = |person: &[&str; 4]| {
        let cell = |name: &str| match FILLED.iter().position(|filled| *filled == name) {
            Some(at) => format!("\"{}\"", person[at].replace('"', "\"\"")),
            None => String::new(),
        };
        HEADER.split(',').map(cell).collect::<Vec<_>>().join(",")
    };
    format!("{HEADER}\n{}\n", PEOPLE.iter().map(row).collect::<Vec<_>>().join("\n"))
}

fn json_list() -> String {
    let object = |person: &[&str; 4]| {
        let member = |name: &str| {
            let at = FILLED.iter().position(|filled| *filled == name);
            (name.to_owned(), at.map_or(json!(null), |at| json!(person[at])))
        };
        serde_json::Value::Object(HEADER.split(',').map(member).collect())
    };
    let objects: Vec<_> = PEOPLE.iter().map(object).collect();
    serde_json::to_string_pretty(&json!({ "page": 1, "people": objects })).unwrap()
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Cover").unwrap().write(0, 0, "Customers").unwrap();
    let sheet = book.add_worksheet().set_name("People").unwrap();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    for (column, name) in (0..).zip(HEADER.split(',')) {
        sheet.write(2, column, name).unwrap();
        let Some(at) = FILLED.iter().position(|filled| *filled == name) else { continue };
        for (row, person) in (3..).zip(&PEOPLE) {
            let text = person[at];
            match (name, text.parse::<f64>()) {
                (_, _) if text.is_empty() => {}
                ("id", Ok(number)) if !text.starts_with('0') => {
                    sheet.write(row, column, number).unwrap();
                }
                ("birth", _) => {
                    let born = ExcelDateTime::parse_from_str(text).unwrap();
                    sheet.write_with_format(row, column, &born, &day).unwrap();
                }
                _ => {
                    sheet.write(row, column, text).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// The records as they are exported, but for the line in which they stood.
fn records(workspace: &Workspace) -> Vec<serde_json::Value> {
    let mut records = workspace.rows("records");
    for record in &mut records {
        record.as_object_mut().unwrap().remove("line");
    }
    records
}

#[test]
fn a_workbook_and_json_give_the_records_that_csv_gives() {
    let expected = nobody();
    expected.write("crm.csv", &csv());
    expected.done(&["import", "crm.csv", "--source", "crm"]);
    let expected = records(&expected);
    assert_eq!(expected.len(), 3);

    let workspace = nobody();
    std::fs::write(workspace.path("crm.csv"), workbook()).unwrap();
    let arguments = ["import", "crm.csv", "--source", "crm", "--sheet", "People", "--json"];
    let report = workspace.done(&arguments).object();
    assert_eq!(report["format"], "xlsx, sheet People, header in row 3", "{report}");
    assert_eq!((&report["new"], &report["quarantined"]), (&3.into(), &0.into()), "{report}");
    assert_eq!(records(&workspace), expected);

    let workspace = nobody();
    workspace.write("crm.csv", &json_list());
    let wrong = workspace.run(&["import", "crm.csv", "--source", "crm", "--format", "jsonl"]);
    assert!(wrong.err.contains("import it with --records people"), "{}", wrong.err);
    let rest = ["--format", "jsonl", "--records", "people"];
    workspace.done(&[&["import", "crm.csv", "--source", "crm"], &rest[..]].concat());
    assert_eq!(records(&workspace), expected);
}

#[test]
fn a_workbook_from_standard_input_is_read_and_its_other_sheets_are_said() {
    let workspace = nobody();
    let mut command = workspace.command();
    let command = command.args(["import", "-", "--source", "crm", "--sheet", "people", "--json"]);
    let ran: Ran = command.write_stdin(workbook()).output().unwrap().into();
    assert_eq!(ran.object()["new"], 3, "{}", ran.err);
    assert!(workspace.kept(".steward/tmp").is_empty());
    std::fs::write(workspace.path("people.xlsx"), workbook()).unwrap();
    let refused = workspace.run(&["import", "people.xlsx", "--source", "crm", "--sheet", "Old"]);
    assert_ne!(refused.code, Some(0), "{}", refused.err);
    assert!(refused.err.contains("has no sheet `Old`; it has Cover, People"), "{}", refused.err);
    let first = workspace.run(&["import", "people.xlsx", "--source", "crm"]);
    assert_eq!(first.code, Some(0), "the cover is no table and passed over: {}", first.err);
    assert!(workspace.show("crm:1001").to_string().contains("Fernsby"));
}
