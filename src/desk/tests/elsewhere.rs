//! Marks of what the first column has in another field, and of addresses of somebody else.

use crate::testing::TestDesk;
use door::views::{Mark, TaskView};

const SETTINGS: &str = r#"
[workspace]
name = "test"
region = "US"

[fields.given_name]
type = "given_name"
[fields.family_name]
type = "family_name"
[fields.email]
type = "email"
[fields.phone]
type = "phone"
[fields.mobile]
type = "phone"

[sources.crm]
key = "id"
map = { given_name = "given", family_name = "family", email = "email", phone = "phone", mobile = "mobile" }
"#;

/// Two records of one name beside each other, by their addresses, phones and mobiles.
fn beside([one, other]: [[&str; 3]; 2]) -> TaskView {
    let mut test = TestDesk::new(SETTINGS);
    let row = |id: u32, [email, phone, mobile]: [&str; 3]| {
        format!("{id},Eugene,Cooper,{email},{phone},{mobile}\n")
    };
    let rows = [row(1, one), row(2, other)].concat();
    test.import("crm", &format!("id,given,family,email,phone,mobile\n{rows}"));
    let facts = test.desk.facts();
    let customers = ["crm:1", "crm:2"].map(|record| {
        let record = facts.find(&record.parse().unwrap()).unwrap().unwrap();
        facts.view.customer_of(record).unwrap()
    });
    match crate::answers::task::comparison(facts, &customers) {
        Ok(view) => view,
        Err(_) => panic!("not shown"),
    }
}

/// The marks and words of a column, by the name of the field.
fn told(view: &TaskView, column: usize, field: &str) -> (Mark, String, String) {
    let at = view.fields.iter().position(|it| it.name.as_str() == field).unwrap();
    let cell = &view.columns[column].cells[at];
    let mut masked = cell.words.clone();
    masked.mask();
    (cell.mark, cell.words.as_str().to_owned(), masked.as_str().to_owned())
}

#[test]
fn a_number_that_the_first_column_has_elsewhere_is_equal() {
    let (first, second, third) = ("+14035550191", "+14035550166", "+12175550142");
    for (one, other, phone, mobile) in [
        ([first, second], [second, ""], (Mark::Equal, "mobile"), (Mark::Missing, "")),
        (["", second], [second, ""], (Mark::Equal, "mobile"), (Mark::Missing, "")),
        ([first, ""], ["", first], (Mark::Missing, ""), (Mark::Equal, "phone")),
        ([first, second], [second, first], (Mark::Equal, "mobile"), (Mark::Equal, "phone")),
        ([first, second], [first, second], (Mark::Equal, ""), (Mark::Equal, "")),
    ] {
        let view = beside([["", one[0], one[1]], ["", other[0], other[1]]]);
        for (field, (mark, words)) in [("phone", phone), ("mobile", mobile)] {
            let (its, said, masked) = told(&view, 1, field);
            assert_eq!((its, said.as_str()), (mark, words), "{one:?} {other:?} {field}");
            let level = if words.is_empty() { "" } else { "same number" };
            assert_eq!(masked, level, "of a masked number the level alone is told");
        }
    }
    let view = beside([["", first, second], ["", third, ""]]);
    assert_eq!(told(&view, 1, "phone").0, Mark::Different);
}

#[test]
fn an_address_of_somebody_else_says_so_in_the_first_column_too() {
    let own = "ecooper46@example.org";
    for (one, other, said) in [
        (own, "mcooper70@example.com", ["", "other initial"]),
        ("jason205@example.com", own, ["other given name", ""]),
        ("jason205@example.com", "", ["other given name", ""]),
        ("", "jason205@example.com", ["", "other given name"]),
        (own, own, ["", ""]),
    ] {
        let view = beside([[one, "", ""], [other, "", ""]]);
        for (column, words) in said.into_iter().enumerate() {
            assert_eq!(told(&view, column, "email").1, words, "{one} {other} {column}");
        }
    }
}
