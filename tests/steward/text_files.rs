//! Text files as programs and people leave them: encodings, what stands around a table, keys.

use serde_json::json;

use crate::people::{HEADER, nobody};
use crate::workspace::{list, text};

/// A file of people with these rows.
fn rows(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// Text of Central Europe in windows-1250.
fn central(text: &str) -> Vec<u8> {
    let byte = |letter: char| match letter {
        'Ł' => 0xa3,
        'ł' => 0xb3,
        'ó' => 0xf3,
        'ź' => 0x9f,
        'ő' => 0xf5,
        'Ś' => 0x8c,
        'ń' => 0xf1,
        letter => u8::try_from(letter).unwrap(),
    };
    text.chars().map(byte).collect()
}

const LUKASZ: &str = "1,Łukasz,Wójcik,,,,,Łódź,,";

#[test]
fn a_legacy_encoding_is_found_out_and_its_letters_are_right() {
    let workspace = nobody();
    let file = central(&rows(&[LUKASZ, "2,Zdzisław,Śliwiński,,,,,Kraków,,"]));
    let report = workspace.import_bytes("crm.csv", "crm", file);
    assert_eq!(report["new"], 2, "{report}");
    assert!(text(&report, "format").contains("windows-1250"), "{report}");
    let record = workspace.show("crm:1");
    let values: Vec<&str> = list(&record, "values").iter().map(|v| text(v, "value")).collect();
    assert_eq!(values, ["Łukasz", "Wójcik", "Łódź"]);
}

#[test]
fn an_encoding_that_was_proved_stays_after_files_that_prove_none() {
    let workspace = nobody();
    let west = |text: &str| -> Vec<u8> { text.chars().map(|c| u8::try_from(c).unwrap()).collect() };
    for row in ["1,José,Muñoz,,,,,Málaga,,", "2,Ann,Marlow,,,,,Bath,,", "3,Bo,Marlow©,,,,,Bath,,"]
    {
        let report = workspace.import_bytes("crm.csv", "crm", west(&rows(&[row])));
        assert_eq!(report["new"], 1, "{report}");
    }
    assert!(workspace.show("crm:3").to_string().contains("Marlow©"));
}

#[test]
fn an_encoding_that_is_not_certain_is_refused_before_anything_is_written() {
    let workspace = nobody();
    let file = workspace.path("crm.csv");
    std::fs::write(&file, central(&rows(&["1,Ada,Kővarg,,,,,,,"]))).unwrap();
    let refused = workspace.run(&["import", "crm.csv", "--source", "crm"]);
    assert_eq!(refused.code, Some(4), "{}", refused.err);
    for said in ["is not certain", "[sources.crm]", "encoding = ", "Kővarg", "Kõvarg"] {
        assert!(refused.err.contains(said), "{said}: {}", refused.err);
    }
    assert!(!refused.err.contains("Ada"), "no more is shown than must be: {}", refused.err);
    assert!(!workspace.export("events").contains("import_started"), "nothing was begun");
    let refused = workspace.run(&["import", "crm.csv", "--source", "crm", "--json"]).error();
    let readings = list(&refused, "readings");
    assert_eq!(readings.len(), 3, "{refused}");
    assert!(readings.iter().any(|it| it["encoding"] == "windows-1250" && it["words"] == "Kővarg"));
    let said = ["import", "crm.csv", "--source", "crm", "--encoding", "cp1250"];
    assert_eq!(workspace.done(&said).code, Some(0));
    assert!(workspace.show("crm:1").to_string().contains("Kővarg"));
    let unknown = workspace.run(&["import", "crm.csv", "--source", "crm", "--encoding", "latin"]);
    assert_eq!(unknown.code, Some(2), "{}", unknown.err);
}

#[test]
fn an_encoding_is_asked_for_without_a_word_of_sensitive_columns() {
    let workspace = nobody();
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let family = "[fields.family_name]\ntype = \"family_name\"\n";
    assert!(settings.contains(family), "{settings}");
    let settings = settings.replace(family, &format!("{family}sensitive = true\n"));
    workspace.write("steward.toml", &settings);
    let file = workspace.path("crm.csv");
    for (family, city, shown) in [("Kővarg", "Gyor", false), ("Fernsby", "Kővarg", true)] {
        let row = format!("1,Ada,{family},,,,,{city},,");
        std::fs::write(&file, central(&rows(&[&row]))).unwrap();
        for arguments in [&["--dry-run"][..], &[], &["--json"]] {
            let arguments = [&["import", "crm.csv", "--source", "crm"], arguments].concat();
            let refused = workspace.run(&arguments);
            assert_eq!(refused.code, Some(4), "{}", refused.err);
            let said = format!("{}{}", refused.out, refused.err);
            assert_eq!(said.contains("Kővarg"), shown, "{said}");
            assert!(said.contains("windows-1250"), "{said}");
        }
    }
}

#[test]
fn what_is_passed_over_is_counted() {
    let workspace = nobody();
    let file = format!(
        "Customers,,,,,,,,,\n\n{HEADER}\n1,Ada,Fernsby,,,,,Salem,,\n,,,,,,,,,\n{HEADER}\n\
         2,Ben,Tarn,,,,,Salem\n1,Ada,Fernsby,,,,,Salem,,\n\nTotal records: 2\n"
    );
    let report = workspace.import_bytes("crm.csv", "crm", file);
    assert_eq!((&report["read"], &report["new"]), (&json!(2), &json!(2)), "{report}");
    assert_eq!(
        report["skipped"],
        json!({
            "blank": 2,
            "repeated_headers": 1,
            "above_the_header": 1,
            "below_the_table": 1,
            "totals_in_the_table": 0,
            "repeated_rows": 1,
            "rows_of_kinds_left_out": 0, "rows_that_end_early": 1,
        })
    );
    let again = workspace.run(&["import", "crm.csv", "--source", "crm"]);
    assert!(again.out.contains("2 unchanged"), "{}", again.out);
    for said in ["2 blank rows, 1 repeated header", "1 duplicate row skipped", "1 row ends early"] {
        assert!(again.out.contains(said), "{said}: {}", again.out);
    }
}

#[test]
fn a_header_and_a_delimiter_may_be_named() {
    let workspace = nobody();
    let header = HEADER.replace(',', "#");
    let file = format!("a#b\n{header}\n{header}\n7#Ada#Fernsby#######\n");
    std::fs::write(workspace.path("crm.csv"), file).unwrap();
    let import = |more: &[&str]| {
        let arguments = [&["import", "crm.csv", "--source", "crm"], more].concat();
        workspace.run(&arguments)
    };
    assert_eq!(import(&["--delimiter", "#", "--header-row", "3"]).code, Some(0));
    assert!(workspace.show("crm:7").to_string().contains("Fernsby"));
    let beyond = import(&["--delimiter", "#", "--header-row", "9"]);
    assert!(beyond.err.contains("crm.csv: --header-row 9: that line is empty"), "{}", beyond.err);
    assert_eq!(import(&["--delimiter", "ab"]).code, Some(2));
}

#[test]
fn of_one_key_the_row_that_changed_last_wins_and_again_nothing_changes() {
    let old = "1,Ada,Fernsby,,,,,Salem,,2026-01-01";
    let new = "1,Ada,Fernsby,,,,,Boulder,,2026-02-01";
    for order in [[old, new], [new, old]] {
        let workspace = nobody();
        let report = workspace.import_bytes("crm.csv", "crm", rows(&order));
        assert_eq!((&report["new"], &report["changed"]), (&json!(1), &json!(1)), "{report}");
        let record = workspace.show("crm:1");
        let values: Vec<&str> = list(&record, "values").iter().map(|v| text(v, "value")).collect();
        assert_eq!(values, ["Ada", "Fernsby", "Boulder"]);
        assert_eq!(record["revision"], 2, "the earlier is a revision");
        let again = workspace.import_bytes("crm.csv", "crm", rows(&order));
        assert_eq!((&again["unchanged"], &again["changed"]), (&json!(2), &json!(0)), "{again}");
    }
}

#[test]
fn where_nothing_says_which_row_of_a_key_came_last_a_good_record_stays() {
    let workspace = nobody();
    workspace.import_bytes("crm.csv", "crm", rows(&["1,Ada,Fernsby,,,,,Salem,,"]));
    let file = rows(&["1,Eve,Quill,,,,,,,", "2,Ben,Tarn,,,,,,,", "1,Dan,Tarn,,,,,,,"]);
    let report = workspace.import_bytes("other.csv", "crm", file);
    assert_eq!((&report["new"], &report["quarantined"]), (&json!(1), &json!(2)), "{report}");
    assert!(workspace.show("crm:1").to_string().contains("Fernsby"));
    let reasons: Vec<_> =
        workspace.rows("quarantine").iter().map(|row| text(row, "reason").to_owned()).collect();
    assert_eq!(reasons, ["line 4 has the same key", "line 2 has the same key"]);
}

#[test]
fn what_is_no_key_never_joins_two_people() {
    let workspace = nobody();
    let file = rows(&["N/A,Ada,Fernsby,,,,,,,", "-,Ben,Tarn,,,,,,,", "1001.0,Eve,Quill,,,,,,,"]);
    let report = workspace.import_bytes("crm.csv", "crm", file);
    assert_eq!((&report["new"], &report["quarantined"]), (&json!(1), &json!(2)), "{report}");
    let file = rows(&["=\"1001\",Eve,Quill,,,,,,,"]);
    let report =
        workspace.import_bytes("mended.csv", "crm", file.replace("=\"1001\"", "\"=\"\"1001\"\"\""));
    assert_eq!(report["unchanged"], 1, "{report}");
}

#[test]
fn an_import_ends_with_what_it_could_not_read_whatever_the_rules_ask() {
    let workspace = nobody();
    let file = rows(&[
        "1,Ada,Fernsby,,,,,Salem,,2026-01-01",
        "2,JosÃ©,Tarn,,,,,MÃ¡laga,,soon",
        "3,Andr\u{fffd},Quill,,,,,Salem,,2999-01-01",
        "4,Ben,Hill,,,,,Salem,,never",
    ]);
    let report = workspace.import_bytes("crm.csv", "crm", file);
    let troubles: Vec<(&str, u64, u64)> = list(&report, "troubles")
        .iter()
        .map(|it| {
            (text(it, "trouble"), it["count"].as_u64().unwrap(), it["first"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(
        troubles,
        [("garbled", 1, 3), ("garbled", 2, 3), ("unread_time", 2, 3), ("time_to_come", 1, 4)],
        "{report}"
    );
    std::fs::write(workspace.path("more.csv"), rows(&["5,JosÃ©,Tarn,,,,,Salem,,someday"])).unwrap();
    let told = workspace.run(&["import", "more.csv", "--source", "crm"]);
    for said in [
        "1 value with garbled letters, the first in line 2",
        "1 row was imported with a time of change that could not be read, the first in line 2",
    ] {
        assert!(told.err.contains(said), "{said}: {}", told.err);
    }
}
