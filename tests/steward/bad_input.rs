//! What a file may do wrong: rows are put aside whole, files are refused before anything is written.

use serde_json::{Value, json};

use crate::people::{HEADER, file, nobody};
use crate::workspace::{Ran, Workspace, list, text};

const ADA: &str = "1,Ada,Fernsby,ada@example.com,,,,Salem,,2026-01-01";
const BEN: &str = "2,Ben,Tarn,ben@example.com,,,,Boulder,,2026-01-01";

/// New records and quarantined rows of a report.
fn counts(report: &Value) -> (u64, u64) {
    let count = |key: &str| report[key].as_u64().unwrap();
    let sum = count("new") + count("changed") + count("unchanged") + count("quarantined");
    assert_eq!(count("read"), sum, "{report}");
    (count("new"), count("quarantined"))
}

/// Line, reason and text of every quarantined row.
fn quarantined(workspace: &Workspace) -> Vec<(u64, String, String)> {
    let rows = workspace.rows("quarantine");
    let of = |row: &Value| {
        (row["line"].as_u64().unwrap(), text(row, "reason").into(), text(row, "text").into())
    };
    rows.iter().map(of).collect()
}

#[test]
fn a_row_that_cannot_be_a_record_is_put_aside_whole_with_line_and_reason() {
    let long = format!("9,{},Long,,,,,,,", "x".repeat(1 << 20));
    for (row, reason) in [
        ("9", "1 field where the header has 10"),
        ("9,Cora,Quill,,,,,Salem,,2026-01-01,more", "11 fields where the header has 10"),
        (",Cora,Quill,,,,,Salem,,2026-01-01", "no key in column `id`"),
        ("  ,Cora,Quill,,,,,Salem,,2026-01-01", "no key in column `id`"),
        ("#REF!,Cora,Quill,,,,,Salem,,", "no key in column `id`: a spreadsheet's formula failed"),
        ("9,\"Cora,Quill,,,,,Salem,,2026-01-01", "a quote that is never closed"),
        (
            &*long,
            "too long: it passes 1048576 bytes in column `given` and ends in line 3; only the first \
             4096 of its 1048591 bytes are kept",
        ),
    ] {
        let workspace = nobody();
        let report = workspace.import_bytes("crm.csv", "crm", file(&[ADA, row, BEN]));
        assert_eq!(counts(&report), (2, 1), "{reason}: {report}");
        assert_eq!(report["first_quarantined"], json!([{ "line": 3, "reason": reason }]));
        assert_eq!(
            quarantined(&workspace),
            [(3, reason.to_owned(), row[..row.len().min(4096)].to_owned())]
        );
        let first = &workspace.rows("quarantine")[0];
        assert_eq!((text(first, "source"), text(first, "file")), ("crm", "crm.csv"));
        // The rows around it are records.
        assert_eq!(workspace.rows("records").len(), 2, "{reason}");
        let strict = workspace.run(&["import", "crm.csv", "--source", "crm", "--strict"]);
        assert_eq!(strict.code, Some(3), "{}", strict.err);
    }
}

#[test]
fn bytes_that_are_not_text_are_kept_as_they_came() {
    let workspace = nobody();
    let mut bytes =
        file(&[ADA, "2,José,Müller,,,,,Salem,,", "3,Zoë,Tarn,,,,,Salem,,"]).into_bytes();
    bytes.extend_from_slice(b"4,Ren\xe9,\xc3\x89,,,,,Salem,,\n");
    let report = workspace.import_bytes("crm.csv", "crm", bytes);
    assert_eq!(counts(&report), (3, 1), "{report}");
    let row = &workspace.rows("quarantine")[0];
    assert_eq!(text(row, "reason"), "bytes that are not UTF-8");
    assert_eq!(text(row, "text"), "4,Ren\u{fffd},É,,,,,Salem,,");
    assert!(text(row, "bytes").starts_with("342c52656ee92c"), "{row}");
}

#[test]
fn json_lines_that_are_no_objects_are_put_aside_and_nested_ones_are_read() {
    let workspace = Workspace::empty();
    let lines = [
        r#"{"id":"1","name":"Ada Fernsby","contact":{"email":"ada@example.com"},"tags":[1,{"a":2}]}"#,
        r#"{"id":"2","name":"#,
        "[1,2]",
        "\"text\"",
        "7",
        "nonsense",
        r#"{"name":"No Key"}"#,
        r#"{"id":1e3,"name":"Rounded"}"#,
        r#"{"id":"8","id":"9"}"#,
        "",
        r#"{"id":10,"name":"Ben Tarn","address":{"city":"Boulder"}}"#,
    ];
    let report = workspace.import_bytes("support.jsonl", "support", lines.join("\n"));
    assert_eq!(counts(&report), (2, 8), "{report}");
    let aside = quarantined(&workspace);
    for ((line, reason, text), expected) in aside.iter().zip([
        "not a JSON object:",
        "not a JSON object: a list",
        "not a JSON object: a text",
        "not a JSON object: a number",
        "this line is not JSON",
        "no key in column `id`",
        "no key in column `id`: scientific notation may have cost it digits",
        "not a JSON object: `id` is in it twice",
    ]) {
        assert!(reason.starts_with(expected), "line {line}: {reason}");
        assert_eq!(text, lines[*line as usize - 1]);
    }
    let values = |id: &str, field: &str| {
        let record = workspace.show(id);
        let value = list(&record, "values").iter().find(|value| value["field"] == field).cloned();
        value.map(|value| text(&value, "value").to_owned())
    };
    assert_eq!(values("support:1", "email").as_deref(), Some("ada@example.com"));
    assert_eq!(values("support:10", "city").as_deref(), Some("Boulder"));
    let unmapped = workspace.show("support:1")["unmapped"].clone();
    assert_eq!(unmapped, json!({"tags.0": "1", "tags.1.a": "2"}));
}

#[test]
fn what_the_quarantine_lists_is_importable_once_mended() {
    let workspace = nobody();
    let broken = "9,\"Co\"\"ra\",Quill,,,,,\"Salem, west\",,2026-01-01,more";
    let report = workspace.import_bytes("crm.csv", "crm", file(&[ADA, broken]));
    assert_eq!(counts(&report), (1, 1));
    let [(line, _, aside)] = &quarantined(&workspace)[..] else { panic!("one row") };
    let mended = aside.replace(",more", "");
    let report = workspace.import_bytes("mended.csv", "crm", format!("{HEADER}\n{mended}\n"));
    assert_eq!((*line, counts(&report)), (3, (1, 0)), "{report}");
    let record = workspace.show("crm:9").to_string();
    assert!(record.contains("Salem, west"), "{record}");
}

#[test]
fn encodings_and_delimiters_are_found_out() {
    let plain = file(&["1,José,Fernsby,,,,,Zürich,,", "2,Ben,Tarn,,,,,Boulder,,"]);
    let utf16 = |low_first: bool| -> Vec<u8> {
        let bytes = |unit: u16| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() };
        format!("\u{feff}{plain}").encode_utf16().flat_map(bytes).collect()
    };
    let latin: Vec<u8> =
        plain.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let semicolons = plain.replace(',', ";");
    let windows = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    let mut seen = Vec::new();
    for (name, bytes, format) in [
        ("plain.csv", plain.clone().into_bytes(), "UTF-8"),
        ("mark.csv", windows.into_bytes(), "UTF-8"),
        ("little.csv", utf16(true), "UTF-16LE"),
        ("big.csv", utf16(false), "UTF-16BE"),
        ("latin.csv", latin, "windows-1252"),
        ("semicolon.csv", semicolons.into_bytes(), "semicolon"),
        ("tabs.tsv", plain.replace(',', "\t").into_bytes(), "tab"),
        ("tabs.csv", plain.replace(',', "\t").into_bytes(), "tab"),
    ] {
        let workspace = nobody();
        let report = workspace.import_bytes(name, "crm", bytes);
        assert_eq!(counts(&report), (2, 0), "{name}: {report}");
        assert!(text(&report, "format").contains(format), "{name}: {report}");
        seen.push(workspace.export("golden"));
    }
    assert!(seen[0].contains("José") && seen[0].contains("Zürich"), "{}", seen[0]);
    assert!(seen.iter().all(|golden| *golden == seen[0]), "{seen:#?}");
}

#[test]
fn standard_input_is_quarantined_from_like_a_file() {
    let workspace = nobody();
    let mut command = workspace.command();
    let command = command.args(["import", "-", "--source", "crm", "--json"]);
    let ran: Ran = command.write_stdin(file(&[ADA, "9", BEN])).output().unwrap().into();
    assert_eq!(counts(&ran.object()), (2, 1), "{}", ran.err);
    assert_eq!(text(&workspace.rows("quarantine")[0], "file"), "-");
}

#[test]
fn a_file_that_cannot_be_used_is_refused_before_anything_is_written() {
    let workspace = nobody();
    let before = workspace.verified();
    // A changed steward.toml is adopted by the first thing that is written, not by a failure.
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    workspace.write("steward.toml", &format!("# changed\n{}", settings.replace("= 50", "= 55")));
    let header_only_of_others = "customer,name\n1,Ada\n";
    let twice = format!("{HEADER},email\n");
    for (bytes, source, says) in [
        (&b""[..], "crm", "is empty"),
        (b"\xef\xbb\xbf", "crm", "is empty"),
        (b"\n\n\n", "crm", "empty"),
        (b"PK\x03\x04\0\0\0\0", "crm", "Excel"),
        (b"\x1f\x8b\x08\0\0", "crm", "gzip"),
        (b"\0\x01\x02\x03\0\x05\0\xff", "crm", "not text"),
        (b"\xff\xfe\0\0i\0\0\0", "crm", "UTF-32"),
        (header_only_of_others.as_bytes(), "crm", "column"),
        (ADA.as_bytes(), "crm", "no header"),
        (twice.as_bytes(), "crm", "twice"),
        (b"PAR1\x15\x04\x15", "crm", "Parquet"),
        (file(&[ADA]).as_bytes(), "nobody", "no source `nobody`; it has crm, shop"),
    ] {
        std::fs::write(workspace.path("input"), bytes).unwrap();
        for dry in [&[][..], &["--dry-run"]] {
            let ran = workspace.run(&[&["import", "input", "--source", source][..], dry].concat());
            assert!(matches!(ran.code, Some(1 | 2)), "{says}: {:?} {}", ran.code, ran.out);
            assert!(ran.err.contains(says), "{says}: {}", ran.err);
            assert!(ran.out.is_empty(), "{says}: {}", ran.out);
        }
    }
    let after = workspace.verified();
    assert_eq!((&after["head"], &after["hash"]), (&before["head"], &before["hash"]));
}

#[test]
fn a_missing_column_is_named_with_its_nearest() {
    let workspace = nobody();
    workspace.write("crm.csv", &file(&[ADA]).replace("family", "famly"));
    let ran = workspace.run(&["import", "crm.csv", "--source", "crm"]);
    assert_eq!(ran.code, Some(0), "a delivery may lack columns: {}", ran.err);
    let says = ran.out + &ran.err;
    assert!(says.contains("no column `family` (did you mean `famly`?)"), "{says}");
    // But not the key's.
    workspace.write("crm.csv", &file(&[ADA]).replacen("id", "idd", 1));
    let ran = workspace.run(&["import", "crm.csv", "--source", "crm"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("no column `id` (did you mean `idd`?)"), "{}", ran.err);
}

#[test]
fn a_file_with_a_header_and_no_rows_is_an_import_of_nothing() {
    let workspace = nobody();
    let report = workspace.import_bytes("crm.csv", "crm", format!("{HEADER}\n"));
    assert_eq!(counts(&report), (0, 0), "{report}");
}
