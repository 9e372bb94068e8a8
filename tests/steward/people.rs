//! A small workspace of invented people, for tests that need to say who is alike and who is not.

use crate::workspace::Workspace;

/// The settings of all of them.
pub const SETTINGS: &str = r#"
[workspace]
name = "test people"
region = "US"

[fields.given_name]
type = "given_name"
[fields.family_name]
type = "family_name"
[fields.email]
type = "email"
[fields.phone]
type = "phone"
[fields.birth_date]
type = "date_of_birth"
sensitive = true
[fields.street]
type = "street"
[fields.city]
type = "city"
[fields.customer_since]
type = "date"

[sources.crm]
trust = 90
owner = "crm team"
key = "id"
updated = "updated"
map = { given_name = "given", family_name = "family", email = "email", phone = "phone", birth_date = "birth", street = "street", city = "city", customer_since = "since" }

[sources.shop]
trust = 50
key = "id"
updated = "updated"
map = { given_name = "given", family_name = "family", email = "email", phone = "phone", birth_date = "birth", street = "street", city = "city", customer_since = "since" }

[[rules]]
id = "email-format"
field = "email"
check = "format"
severity = "error"
message = "not an e-mail address"

[[rules]]
id = "since-after-birth"
field = "customer_since"
check = "compare"
comparison = ">"
other = "birth_date"
severity = "error"
message = "customer since before birth"

[decisions]
reason_required = ["waive"]
[[decisions.reasons]]
code = "household"
for = ["not-a-match"]
[[decisions.reasons]]
code = "checked"
"#;

/// The header of every file of this workspace.
pub const HEADER: &str = "id,given,family,email,phone,birth,street,city,since,updated";

/// A father; [`SON`] shares name and home with him and is another person.
pub const FATHER: &str =
    "1,Ulrich,Steinmoor,u@example.com,+16125550163,1952-02-09,5 Lake Drive,Salem,,2026-01-01";
/// The same man, once more.
pub const AGAIN: &str =
    "3,Ulrich,Steinmoor,u@example.com,+16125550163,1952-02-09,5 Lake Drive,Salem,,2026-01-01";
/// His son, with what he shares and what he has for himself.
pub const SON: &str =
    "2,Ulrich,Steinmoor,son@example.org,,1981-06-17,5 Lake Drive,Salem,,2026-01-01";
/// The son's row with the father's birth date, mailbox and telephone: surely one person.
pub const SON_AS_FATHER: &str =
    "2,Ulrich,Steinmoor,u@example.com,+16125550163,1952-02-09,5 Lake Drive,Salem,,2026-02-01";

/// A file's text.
pub fn file(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// The workspace with nothing imported.
pub fn nobody() -> Workspace {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    workspace.done(&["init"]);
    workspace
}

/// The workspace with strangers enough to learn from, and these rows in the crm and the shop.
pub fn crowd_and(crm: &[&str], shop: &[&str]) -> Workspace {
    let workspace = nobody();
    let strangers: Vec<String> = strangers();
    let rows: Vec<&str> = strangers.iter().map(String::as_str).chain(crm.iter().copied()).collect();
    workspace.import_bytes("crm.csv", "crm", file(&rows));
    workspace.import_bytes("shop.csv", "shop", file(shop));
    workspace
}

/// Rows of people who share nothing with anybody.
pub fn strangers() -> Vec<String> {
    let names = ["Fernsby", "Tarn", "Quill", "Marsh", "Wold", "Pike", "Holt", "Crane"];
    let row = |(n, family): (usize, &&str)| {
        format!(
            "p{n},Given{n},{family},g{n}@example.com,+1217555{:04},{}-0{}-1{},{} Elm Street,Salem,,",
            100 + n,
            1950 + n % 50,
            1 + n % 9,
            n % 9,
            n + 1,
        )
    };
    names.iter().cycle().take(64).enumerate().map(row).collect()
}
