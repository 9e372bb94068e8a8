//! What is said of a task, and what does not go together.

use super::*;

fn nothing_known() -> Known {
    Known { live: HashMap::new(), picks: BTreeMap::new(), now: None }
}

#[test]
fn members_are_named_by_letter_or_id() {
    let customers = [CustomerId(17), CustomerId(341)];
    let known = nothing_known();
    for (name, expected) in
        [("A", Some(17)), ("b", Some(341)), ("C341", Some(341)), ("C", None), ("C9", None)]
    {
        let found = member(name, &known, &customers, TaskId(9)).ok();
        assert_eq!(found, expected.map(CustomerId), "{name}");
    }
    let error = member("C9", &known, &customers, TaskId(9)).unwrap_err().to_string();
    assert_eq!(error, "`C9` is not in T9: it has A C17, B C341");
}

#[test]
fn a_customer_that_was_merged_away_is_named_by_its_old_id_too() {
    let live = HashMap::from([(CustomerId(9), CustomerId(17)), (CustomerId(8), CustomerId(5))]);
    let known = Known { live, ..nothing_known() };
    let customers = [CustomerId(17), CustomerId(341)];
    assert_eq!(member("C9", &known, &customers, TaskId(9)).unwrap(), CustomerId(17));
    let error = member("C8", &known, &customers, TaskId(9)).unwrap_err().to_string();
    assert!(error.starts_with("`C5` is not in T9"), "{error}");
}

#[test]
fn details_that_do_not_go_with_the_verdict_are_named() {
    let details = Details { into: Some(CustomerId(17)), ..Details::default() };
    assert!(details.must_fit(Verdict::Merge).is_ok());
    let error = details.must_fit(Verdict::NotAMatch).unwrap_err().to_string();
    assert_eq!(error, "--into does not go with this verdict");
    let error = details.on_many(Verdict::Merge, &nothing_known()).unwrap_err().to_string();
    assert_eq!(error, "--into works on one task, not on many");
}
