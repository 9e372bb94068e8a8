//! Code lists, the distinct values of a field, and their correction, as people and programs use them.

use crate::workspace::{Workspace, list, text};

const SETTINGS: &str = r#"[workspace]
name = "a"
region = "US"
[fields.family_name]
type = "family_name"
[fields.city]
type = "city"
[fields.status]
type = "category"
[fields.born]
type = "date_of_birth"
sensitive = true
[sources.crm]
key = "id"
map = { family_name = "last", city = "city", status = "status", born = "born" }
[[rules]]
id = "status-listed"
field = "status"
check = "format"
severity = "error"
[codes.status]
A = "active"
I = "inactive"
[codes.status.crm]
1 = "active"
"#;

const CRM: &str = "id,last,city,status,born\n1,Tarn,Springfield,A,1984-03-12\n\
    2,Wold,Springfield,activ,1984-03-12\n3,Lund,springfeild,1,1971-06-15\n\
    4,Moss,Sprngfield,ACTIVE,\n5,Pell,Bern,gold,\n";

fn workspace() -> Workspace {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    workspace.done(&["init"]);
    workspace.import_bytes("crm.csv", "crm", CRM);
    workspace
}

#[test]
fn codes_are_read_as_words_and_check_says_what_no_list_holds() {
    let workspace = workspace();
    let rows = workspace.rows("records");
    let words: Vec<&str> = rows.iter().map(|row| text(row, "status")).collect();
    assert_eq!(words, ["active", "activ", "active", "active", "gold"]);
    let raw: Vec<&str> = rows.iter().map(|row| text(row, "status_raw")).collect();
    assert_eq!(raw, ["A", "activ", "1", "ACTIVE", "gold"]);
    let check = workspace.done(&["check"]);
    for line in ["  status: 2 values in no list", "    no source delivers `I`"] {
        assert!(check.out.lines().any(|found| found == line), "`{line}` is not in {}", check.out);
    }
    assert!(check.out.contains("activ  crm 1  active?"), "{}", check.out);
    // The list grows: what was read before is counted, and no value is in no list.
    workspace.write(
        "steward.toml",
        &SETTINGS.replace("I = ", "gold = \"golden\"\nactiv = \"active\"\nI = "),
    );
    let check = workspace.done(&["check", "--json"]).object();
    let status = &list(&check["codes"], "lists")[0];
    assert_eq!((&status["unlisted"], &status["outdated"]), (&0.into(), &2.into()));
    let check = workspace.done(&["check"]);
    let told = "2 records were read before the list was changed: steward reread";
    assert!(check.out.contains(told), "{}", check.out);
}

#[test]
fn values_are_counted_corrected_together_and_taken_back() {
    let workspace = workspace();
    let before = workspace.picture();
    let view = workspace.done(&["values", "city", "--json"]).object();
    assert_eq!((&view["counted"], &view["distinct"]), (&5.into(), &4.into()));
    assert_eq!(list(&list(&view, "clusters")[0], "rows").len(), 3);
    let told = workspace.done(&["values", "city"]);
    assert!(told.out.contains("nearly the same: 4 records"), "{}", told.out);
    let bulk = ["values", "city", "--correct", "Springfeild", "Sprngfield", "--to", "Springfield"];
    let foreseen = workspace.done(&[&bulk[..], &["--dry-run", "--json"]].concat()).object();
    assert_eq!((list(&foreseen, "records").len(), list(&foreseen, "golden").len()), (2, 2));
    assert_eq!(workspace.picture(), before, "nothing was written");
    let unconfirmed = workspace.run(&bulk);
    assert_eq!(unconfirmed.code, Some(2), "{}", unconfirmed.err);
    let done = workspace.done(&[&bulk[..], &["--yes", "--json"]].concat()).object();
    assert_eq!(done["bulk"], "B1");
    // The same delivery again changes nothing that was corrected.
    workspace.import_bytes("crm.csv", "crm", CRM.replace("Lund", "Lunde"));
    let view = workspace.done(&["values", "city", "--json"]).object();
    let first = &list(&view, "rows")[0];
    assert_eq!((text(first, "value"), &first["count"]), ("Springfield", &4.into()));
    workspace.done(&["undo", text(&list(&done, "records")[0], "decision")]);
    workspace.done(&["undo", "B1"]);
    let view = workspace.done(&["values", "city", "--json"]).object();
    assert_eq!(view["distinct"], 4);
    workspace.verified();
}

#[test]
fn a_bulk_is_undone_but_for_what_is_about_somebody_erased() {
    let workspace = workspace();
    let bulk = ["values", "city", "--correct", "Springfeild", "Sprngfield", "--to", "Springfield"];
    let done = workspace.done(&[&bulk[..], &["--yes", "--json"]].concat()).object();
    let first = &list(&done, "records")[0];
    let (record, decision) = (text(first, "record"), text(first, "decision"));
    let customer = workspace.customer(record);
    workspace.done(&["erase", &customer, "--reason", "request", "--yes"]);
    let undone = workspace.done(&["undo", "B1"]);
    let told = undone.out + &undone.err;
    assert!(told.contains("left as they are because") && told.contains("erased"), "{told}");
    assert!(told.contains(decision), "{told}");
    let view = workspace.done(&["values", "city", "--json"]).object();
    assert!(view.to_string().contains("Spr"), "{view}");
    let held = list(&view, "rows").iter().map(|row| text(row, "value")).collect::<Vec<_>>();
    assert!(held.contains(&"Springfeild") || held.contains(&"Sprngfield"), "{held:?}");
    let alone = workspace.run(&["undo", decision]);
    assert_ne!(alone.code, Some(0), "{}", alone.err);
    let itself =
        workspace.run(&["values", "city", "--correct", "Springfield", "--to", "Springfield"]);
    assert!(itself.err.contains("corrected to itself"), "{}", itself.err);
    workspace.verified();
}

#[test]
fn what_is_masked_stays_masked_and_looking_is_written_down() {
    let workspace = workspace();
    let masked = workspace.done(&["values", "born"]);
    assert!(!masked.out.contains("1984"), "{}", masked.out);
    let clear = workspace.done(&["values", "born", "--unmask"]);
    assert!(clear.out.contains("1984-03-12"), "{}", clear.out);
    let history = workspace.done(&["history"]);
    assert!(history.out.contains("unmasked born of every customer"), "{}", history.out);
}

#[test]
fn what_makes_no_sense_is_said() {
    let workspace = workspace();
    for (arguments, told) in [
        (&["values", "town"][..], "unknown field `town`: expected one of family_name, city"),
        (&["values", "city", "--source", "shop"], "unknown source `shop`: expected one of crm"),
        (&["values", "city", "--limit", "0"], "--limit should be 1 or more"),
        (&["values", "city", "--correct", "Bern"], "--to"),
        (&["values", "city", "--golden", "--raw"], "cannot be used with"),
    ] {
        let ran = workspace.run(arguments);
        let code = if told.starts_with("unknown ") { 1 } else { 2 };
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(told), "{arguments:?}: {}", ran.err);
    }
    let none = workspace.done(&["values", "city", "--correct", "Ulm", "--to", "Bern", "--yes"]);
    assert!(none.err.contains("nothing was corrected"), "{}", none.err);
    let refused =
        workspace.run(&["values", "status", "--correct", "gold", "--to", "golden", "--yes"]);
    assert_eq!(refused.code, Some(4), "{}", refused.err);
    assert!(refused.err.contains("the code list does not contain this"), "{}", refused.err);
}
