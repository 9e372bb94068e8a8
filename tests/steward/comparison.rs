//! What stands side by side: an address survives whole or not at all, marks say what the comparison
//! says, and what contradicts starts outside of the group.

use crate::workspace::Workspace;

const SETTINGS: &str = r#"
[workspace]
name = "two systems"
region = "US"
[fields.given_name]
type = "given_name"
[fields.family_name]
type = "family_name"
[fields.date_of_birth]
type = "date_of_birth"
sensitive = true
[fields.email]
type = "email"
[fields.phone]
type = "phone"
[fields.street]
type = "street"
[fields.city]
type = "city"
[fields.postcode]
type = "postcode"
[fields.country]
type = "country"
[sources.crm]
trust = 90
key = "id"
updated = "at"
map = { given_name = "given", family_name = "family", date_of_birth = "born", email = "email", phone = "phone", street = "street", city = "city", postcode = "zip", country = "country" }
[sources.shop]
trust = 40
key = "id"
updated = "at"
map = { given_name = "given", family_name = "family", date_of_birth = "born", email = "email", phone = "phone", street = "street", city = "city", postcode = "zip", country = "country" }
[survivorship]
address = { fields = ["street", "city", "postcode", "country"], strategy = ["valid", "most_recent"] }
"#;
const HEADS: &str = "id,at,given,family,born,email,phone,street,city,zip,country\n";

/// A workspace with these rows of an older and of a newer system.
fn workspace(crm: &str, shop: &str) -> Workspace {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    workspace.done(&["init"]);
    workspace.import_bytes("crm.csv", "crm", format!("{HEADS}{crm}"));
    workspace.import_bytes("shop.csv", "shop", format!("{HEADS}{shop}"));
    workspace
}

fn addresses(workspace: &Workspace) -> Vec<String> {
    let rows = workspace.rows("golden");
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    rows.iter()
        .map(|row| ["street", "city", "postcode", "country"].map(|it| text(row, it)).join(" "))
        .collect()
}

#[test]
fn the_newest_record_wipes_out_no_address_it_does_not_have() {
    let whole = "12 Rose Lane,Springfield,62704,US";
    for newer in [
        ",,,US",
        ",,,CA",
        ",Decatur,,US",
        ",Decatur,62521,US",
        "12 Rose Lane,,,",
        "12 Rose Lane,Springfield,,",
    ] {
        let workspace = workspace(
            &format!("1,2020-01-01,Thomas,Pace,,,,{whole}\n"),
            &format!("1,2026-01-01,Thomas,Pace,,,,{newer}\n"),
        );
        workspace.done(&["merge", "crm:1", "shop:1"]);
        assert_eq!(addresses(&workspace), ["12 Rose Lane Springfield 62704 US"], "{newer}");
    }
    // One that knows another address is believed, also without a postcode.
    let moved = workspace(
        &format!("1,2020-01-01,Thomas,Pace,,,,{whole}\n"),
        "1,2026-01-01,Thomas,Pace,,,,9 Palm Road,Dubai,,AE\n",
    );
    moved.done(&["merge", "crm:1", "shop:1"]);
    assert_eq!(addresses(&moved), ["9 Palm Road Dubai - AE"]);
    let told = moved.done(&["check"]).out;
    assert!(
        told.contains("a record with street, and city or postcode wins over one without"),
        "{told}"
    );
}

/// The rows of `show` for a field: what follows its name.
fn row(shown: &str, field: &str) -> String {
    let line = shown.lines().find(|line| line.trim_start().starts_with(field));
    line.unwrap_or_else(|| panic!("no {field} in\n{shown}")).to_owned()
}

#[test]
fn marks_say_what_the_comparison_says_and_what_contradicts_stays_out() {
    // Two people of one name and household, and a slip of a date.
    let people = "1,2026-01-01,Thomas,Pace,1984-03-12,t.pace@example.com,+13145550123,12 Rose Lane,Springfield,62704,US\n\
        2,2026-01-01,Ann,Lee,1990-05-06,ann.lee@example.com,+13145550177,7 Oak Road,Decatur,62521,US\n";
    let again = "1,2026-01-01,Tom,Pace,1982-04-21,t.pace@example.com,+13145550123,12 Rose Lane,Springfield,62704,US\n\
        2,2026-01-01,Ann,Lee,1990-06-05,ann.lee@example.com,+13145550199,7 Oak Road,Decatur,62521,US\n";
    let workspace = workspace(people, again);
    workspace.done(&["match"]);
    let tasks = workspace.tasks("duplicate");
    assert!(!tasks.is_empty());
    let mut contradicting = 0;
    for task in &tasks {
        let id = task["id"].as_str().unwrap();
        let view = workspace.show(id);
        let shown = workspace.done(&["show", id]).out;
        let born = row(&shown, "date_of_birth");
        let is_thomas = shown.contains("Thomas");
        // `1984-03-12` and `1982-04-21` share seven characters of ten.
        assert!(born.contains(if is_thomas { "x ***" } else { "~ ***" }), "{born}");
        assert_eq!(shown.contains("(left out: "), is_thomas, "{shown}");
        assert_eq!(view["customers"][1]["contradicts"], is_thomas, "{view}");
        // Why it is asked about is told in words, and the same to programs.
        let names = view["summary"]["names"].as_array().unwrap();
        assert_eq!(names.len(), 2, "{view}");
        assert!(names[0].as_str().unwrap().contains(", "), "{view}");
        assert_eq!(view["summary"], task["summary"], "the list says what the task says");
        let why = view["summary"]["not_merged"].as_str().unwrap();
        assert!(shown.contains(&format!("not merged: {why}")), "{shown}");
        assert!(!shown.contains("customers may be one") && !shown.contains(" 1.00"), "{shown}");
        let pair = &view["pairs"][0];
        assert!(pair["unmerged"].is_object() && pair["competing"]["class"].is_string(), "{pair}");
        let listed = workspace.done(&["tasks"]).out;
        assert!(listed.contains(why) && !listed.contains("customers may be one"), "{listed}");
        contradicting += usize::from(is_thomas);
    }
    if contradicting > 0 {
        let bulk = workspace.run(&["decide", "--where", "kind = duplicate", "merge", "--yes"]);
        assert!(bulk.err.contains(" contradicts; "), "{}", bulk.err);
    }
}
