//! Golden values are complete: what is picked brings what survives with it, and what that splits is
//! said; results name people.

use std::collections::BTreeMap;

use super::super::testing::TestDesk;
use domain::{CustomerId, FieldName};
use door::operations::{ShowCustomer, ShowTask};
use door::{Action, Pick, Receipt, Rest};

const SETTINGS: &str = r#"
[workspace]
name = "w"
region = "US"
[fields.given_name]
type = "given_name"
[fields.family_name]
type = "family_name"
[fields.full_name]
type = "full_name"
[fields.street]
type = "street"
[fields.city]
type = "city"
[fields.country]
type = "country"
[sources.crm]
trust = 90
key = "id"
map = { given_name = "given", family_name = "family", street = "street", city = "city", country = "country" }
[sources.shop]
trust = 50
key = "id"
map = { full_name = "name", street = "street", city = "city", country = "country" }
[survivorship]
address = { fields = ["street", "city", "country"] }
name = { fields = ["given_name", "family_name", "full_name"] }
"#;

fn desk() -> TestDesk {
    let mut test = TestDesk::new(SETTINGS);
    test.import(
        "crm",
        "id,given,family,street,city,country\n1,Elena,Varga,1 Rose Lane,Springfield,US\n",
    );
    test.import("shop", "id,name,street,city,country\n2,Helen Vargas,9 Hill Road,Decatur,\n");
    test
}

fn field(name: &str) -> FieldName {
    FieldName::new(name)
}

fn merges(test: &mut TestDesk, picks: &[(&str, Pick)]) -> Receipt {
    let picks = picks.iter().map(|(name, pick)| (field(name), pick.clone())).collect();
    let groups = vec![vec![CustomerId(1), CustomerId(2)]];
    test.act(Action::Merge { groups, into: None, picks, rest: Rest::Stay })
}

fn golden(test: &mut TestDesk) -> BTreeMap<String, String> {
    let who = door::Session::local("kim", jiff::tz::TimeZone::UTC);
    let show = ShowCustomer { customer: CustomerId(1), at: None, unmask: false };
    let view = test.desk.act(&who, show, door::Streams::default()).unwrap();
    let values = view.column.golden.values;
    values.iter().map(|it| (it.field.to_string(), it.text.to_string())).collect()
}

#[test]
fn whoever_picks_a_street_picks_its_address_and_is_told_what_that_splits() {
    let mut test = desk();
    let receipt = merges(&mut test, &[("street", Pick::FromCustomer(CustomerId(2)))]);
    let golden = golden(&mut test);
    assert_eq!(golden["street"], "9 Hill Road");
    assert_eq!(golden["city"], "Decatur", "the town of that street");
    assert_eq!(golden["country"], "US", "shop:2 has none");
    assert_eq!(
        receipt.summary,
        "merged Elena Varga, 2 records, into C1; \
         address is split: street, city from shop:2; country from crm:1"
    );
}

#[test]
fn what_is_picked_from_two_is_what_was_said_and_told_as_split() {
    let mut test = desk();
    let picks = [
        ("street", Pick::FromCustomer(CustomerId(2))),
        ("city", Pick::FromCustomer(CustomerId(1))),
    ];
    let receipt = merges(&mut test, &picks);
    let golden = golden(&mut test);
    assert_eq!((&*golden["street"], &*golden["city"]), ("9 Hill Road", "Springfield"));
    assert!(receipt.summary.contains("address is split"), "{}", receipt.summary);
}

#[test]
fn whoever_picks_nothing_splits_nothing() {
    let receipt = merges(&mut desk(), &[]);
    assert_eq!(receipt.summary, "merged Elena Varga, 2 records, into C1");
}

#[test]
fn a_full_name_survives_with_its_parts() {
    let mut test = desk();
    merges(&mut test, &[]);
    let golden = golden(&mut test);
    assert_eq!((&*golden["given_name"], &*golden["family_name"]), ("Elena", "Varga"));
    assert_eq!(golden["full_name"], "Elena Varga", "not the other record's");
}

#[test]
fn what_is_decided_about_people_names_them() {
    let mut test = desk();
    let groups = vec![vec![CustomerId(1)], vec![CustomerId(2)]];
    let receipt = test.act(Action::NotAMatch { groups });
    assert_eq!(receipt.summary, "not a match: Elena Varga (C1), Helen Vargas (C2)");
    let picks = [(field("city"), Pick::Typed("Boulder".to_owned()))].into();
    let receipt = test.act(Action::Pin { customer: CustomerId(1), picks });
    assert!(receipt.summary.starts_with("pinned city of C1: Elena Varga"), "{}", receipt.summary);
}

#[test]
fn a_sensitive_name_is_in_no_result() {
    let hidden = SETTINGS
        .replace("type = \"given_name\"", "type = \"given_name\"\nsensitive = true")
        .replace("type = \"family_name\"", "type = \"family_name\"\nsensitive = true")
        .replace("type = \"full_name\"", "type = \"full_name\"\nsensitive = true");
    let mut test = TestDesk::new(&hidden);
    test.import(
        "crm",
        "id,given,family,street,city,country\n1,Elena,Varga,1 Rose Lane,Springfield,US\n",
    );
    test.import("shop", "id,name,street,city,country\n2,Helen Vargas,9 Hill Road,Decatur,\n");
    let groups = vec![vec![CustomerId(1), CustomerId(2)]];
    let merge = Action::Merge { groups, into: None, picks: BTreeMap::new(), rest: Rest::Stay };
    assert_eq!(test.act(merge).summary, "merged 2 records into C1");
}

#[test]
fn a_task_says_whom_it_is_about_and_why_the_machine_left_it() {
    let mut test = TestDesk::new(SETTINGS);
    let row = |id: usize| format!("{id},Given{id},Family{id},{id} Rose Lane,City{id},US\n");
    let rows: String = (1..40).map(row).collect();
    test.import("crm", &format!("id,given,family,street,city,country\n{rows}"));
    let row = |id: usize| format!("{id},Given{id} Family{id},{id} Rose Lane,City{id},US\n");
    let rows: String = (1..40).map(row).collect();
    test.import("shop", &format!("id,name,street,city,country\n{rows}"));
    test.match_all();
    let who = door::Session::local("kim", jiff::tz::TimeZone::UTC);
    let pending = test.desk.facts().view.pending_tasks().unwrap();
    assert!(!pending.is_empty(), "something is left to people");
    for entry in pending {
        let show = ShowTask { task: entry.task.id, unmask: false };
        let view = test.desk.act(&who, show, door::Streams::default()).unwrap();
        let summary = view.summary.expect("a summary");
        let all = view.columns.len();
        assert_eq!(summary.names.len() + summary.more, all);
        assert!(summary.not_merged.is_some(), "{summary:?}");
        let pair = &view.pairs[0];
        let below = pair.unmerged.below_auto.is_some();
        assert_eq!(below, pair.probability < 0.99, "{pair:?}");
        assert_eq!(view.links.len(), all * (all - 1) / 2, "every two columns");
        assert!(view.review > 0.0);
    }
}

#[test]
fn a_merge_that_changes_the_name_says_who_came() {
    let mut test = desk();
    let receipt = merges(&mut test, &[("given_name", Pick::Typed("Helen".to_owned()))]);
    let told = receipt.summary;
    assert!(
        told.starts_with("merged ") && told.contains(", 1 record, into C1, Elena Varga (now "),
        "{told}"
    );
}
