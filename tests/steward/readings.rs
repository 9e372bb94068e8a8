//! How a file is read: dates and numbers by column, what an import assumed, and what it asks.

use serde_json::Value;

use crate::workspace::{Workspace, list, text};

/// A workspace of a region, or of none, with more lines for its one source.
fn workspace(region: &str, lines: &str) -> Workspace {
    let workspace = Workspace::bare();
    let region = match region {
        "" => String::new(),
        region => format!("region = \"{region}\"\n"),
    };
    let settings = format!(
        "[workspace]\nname = \"a\"\n{region}[fields.given_name]\ntype = \"given_name\"\n\
         [fields.born]\ntype = \"date_of_birth\"\nsensitive = true\n[fields.limit]\n\
         type = \"number\"\n[[rules]]\nid = \"born-format\"\nfield = \"born\"\ncheck = \"format\"\n\
         severity = \"error\"\n[sources.crm]\nkey = \"id\"\nupdated = \"updated\"\n\
         map = {{ given_name = \"first\", born = \"born\", limit = \"limit\" }}\n{lines}\n"
    );
    workspace.write("steward.toml", &settings);
    workspace.done(&["init"]);
    workspace
}

/// Rows of an id and these two values.
fn file(rows: &[(&str, &str)]) -> String {
    let rows = rows.iter().enumerate();
    let rows = rows.map(|(at, (born, limit))| format!("{};Ann;{born};{limit};\n", at + 1));
    format!("id;first;born;limit;updated\n{}", rows.collect::<String>())
}

fn values(workspace: &Workspace, field: &str) -> Vec<String> {
    workspace.rows("records").iter().map(|row| text(row, field).to_owned()).collect()
}

#[test]
fn one_value_of_a_column_orders_all_the_others() {
    let workspace = workspace("US", "");
    let dates = ["03/04/1985", "25/04/1985", "12/11/1970", "30/11/1970"];
    let import = workspace.import_bytes("uk.csv", "crm", file(&dates.map(|date| (date, ""))));
    assert_eq!(
        values(&workspace, "born"),
        ["1985-04-03", "1985-04-25", "1970-11-12", "1970-11-30"]
    );
    assert_eq!(
        import["assumed"],
        serde_json::json!(["UTF-8", "semicolon", "dates day-first (proved by line 3)"])
    );
    // The next file of the source proves nothing and is read as the last one was.
    let next = workspace.import_bytes(
        "next.csv",
        "crm",
        "id;first;born;limit;updated\n9;Bo;05/06/1990;;\n",
    );
    assert_eq!(next["assumed"][2], "dates day-first (as import I1 proved)");
    assert_eq!(values(&workspace, "born")[4], "1990-06-05");
}

#[test]
fn thousands_are_told_by_the_column_and_then_by_the_region() {
    let german = ["1.500", "12.000", "250", "1.000.000"];
    for (region, rows, expected, basis) in [
        ("DE", &german[..2], ["1500", "12000"], "numbers 1.234,56 (region DE)"),
        ("US", &["1,500", "1.500"], ["1500", "1.5"], "numbers 1,234.56 (region US)"),
        ("US", &german[2..], ["250", "1000000"], "numbers 1.234,56 (proved by line 3)"),
        ("US", &["1.500", "1.500,00"], ["1500", "1500"], "numbers 1.234,56 (proved by line 3)"),
    ] {
        let workspace = workspace(region, "");
        let rows: Vec<(&str, &str)> = rows.iter().map(|limit| ("", *limit)).collect();
        let import = workspace.import_bytes("a.csv", "crm", file(&rows));
        assert_eq!(values(&workspace, "limit"), expected, "{region} {rows:?}");
        assert_eq!(import["assumed"][2], basis);
    }
}

#[test]
fn what_nothing_tells_is_refused_before_anything_is_written() {
    let workspace = workspace("", "");
    workspace.write("a.csv", &file(&[("03/04/1985", "")]));
    let ran = workspace.run(&["import", "a.csv", "--source", "crm"]);
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    assert!(
        ran.err.contains("[sources.crm] in steward.toml: dates = \"day-first\""),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("1985"), "{}", ran.err);
    let refused = workspace.run(&["--json", "import", "a.csv", "--source", "crm"]);
    assert_eq!(refused.error()["undecided"][0]["key"], "dates");
    let begun =
        workspace.rows("events").iter().filter(|row| row["kind"] == "import_started").count();
    assert_eq!(begun, 0);
    // Said for this import, it is read.
    workspace.done(&["import", "a.csv", "--source", "crm", "--dates", "month-first"]);
    assert_eq!(values(&workspace, "born"), ["1985-03-04"]);
    // Said otherwise in the settings, the same file is read otherwise.
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    workspace.adopt(&format!("{settings}dates = \"day-first\"\n"));
    workspace.done(&["import", "a.csv", "--source", "crm"]);
    assert_eq!(values(&workspace, "born"), ["1985-04-03"]);
}

#[test]
fn a_column_of_both_orders_is_refused_until_one_is_declared_and_the_others_are_left_unread() {
    let mixed = file(&[("25/04/1985", ""), ("04/25/1985", ""), ("03/04/1985", "")]);
    let refused = workspace("US", "");
    refused.write("a.csv", &mixed);
    let ran = refused.run(&["import", "a.csv", "--source", "crm"]);
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    assert!(ran.err.contains("(line 2)") && ran.err.contains("(line 3)"), "{}", ran.err);
    let declared = workspace("US", "dates = \"day-first\"");
    let import = declared.import_bytes("a.csv", "crm", mixed);
    assert_eq!(values(&declared, "born"), ["1985-04-25", "04/25/1985", "1985-04-03"]);
    assert_eq!(
        import["remarks"][0],
        "1 of the dates of born (line 3) is not day-first: that date is left unread"
    );
    let broken = declared.tasks("invalid");
    assert_eq!(broken.len(), 1);
}

#[test]
fn a_dry_run_shows_ten_rows_as_they_would_be_read_and_masks_what_is_sensitive() {
    let workspace = workspace("DE", "");
    let mut rows = vec![("03.04.1985", "1.500"); 12];
    rows[1] = ("soon", "n/a");
    workspace.write("a.csv", &file(&rows));
    let arguments = ["import", "a.csv", "--source", "crm", "--dry-run"];
    let told = workspace.done(&arguments).out;
    assert!(told.contains("limit: 1.500 -> 1500"), "{told}");
    assert!(told.contains("line 11, key 10") && !told.contains("line 12, key 11"), "{told}");
    assert!(told.contains("numbers 1.234,56 (region DE)"), "{told}");
    assert!(!told.contains("1985") && !told.contains("soon"), "{told}");
    let json = workspace.done(&["--json", arguments[0], "a.csv", "--source", "crm", "--dry-run"]);
    let json = json.object();
    assert_eq!(list(&json, "preview").len(), 10);
    assert_eq!(json["preview"][0]["values"][2]["standard"], "1500");
    assert_eq!(json["preview"][1]["values"][0]["standard"], Value::Null);
    assert!(!json.to_string().contains("1985"));
    // A file that is known already is shown just as well.
    workspace.done(&arguments[..4]);
    assert_eq!(
        workspace.done(&arguments).out,
        told.replace("12 new", "0 new").replace("0 unchanged", "12 unchanged")
    );
}

#[test]
fn a_time_of_birth_is_left_unread_with_the_next_day_suggested() {
    let file = file(&[("1985-04-02T22:00:00Z", ""), ("1985-04-03T00:00:00Z", "")]);
    let plain = workspace("DE", "");
    plain.import_bytes("a.csv", "crm", file.as_str());
    assert_eq!(values(&plain, "born"), ["1985-04-02T22:00:00Z", "1985-04-03"]);
    let task = plain.tasks("invalid").swap_remove(0);
    let shown = plain.done(&["show", text(&task, "id"), "--unmask", "--json"]).out;
    assert!(shown.contains("1985-04-03"), "{shown}");
    let zoned = workspace("DE", "zone = \"Europe/Berlin\"");
    zoned.import_bytes("a.csv", "crm", file);
    assert_eq!(values(&zoned, "born"), ["1985-04-03", "1985-04-03"]);
}
