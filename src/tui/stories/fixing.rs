//! Records that break rules: mended, waived, set aside.

use crate::story::real::Sam;
use domain::{CustomerId, FieldName, TaskId};
use door::Action;
use door::operations::Compare;

/// An e-mail address with a slip (T24).
const SLIP: &str = "crm:demo-7";

#[test]
fn a_suggestion_is_accepted_value_by_value_or_all_at_once() {
    let mut sam = Sam::new();
    sam.opens(SLIP).sees("not an e-mail address").sees("1 suggested").presses("a");
    let Action::Correct { values, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(values[&FieldName::new("email")], "jasper.underhollow@example.com");
    assert_eq!(sam.asked().task, Some(TaskId(24)));
    sam.sees("D2 corrected email of crm:demo-7").sees("No task matches");
    sam.presses("u").sees("> T24").presses("Enter A").sees("D4 ").does_not_see("> T24");
    assert_eq!(sam.asked().action, Action::Accept);
}

#[test]
fn a_value_is_typed_where_nothing_is_suggested() {
    let mut sam = Sam::new();
    sam.opens("crm:1109").presses("a").sees("a: no suggestion for it: e edits").presses("e Ctrl-u");
    sam.types("950-46-2799").presses("Enter").sees("D2 corrected national_id of crm:1109");
    sam.sees("No task matches");
}

#[test]
fn what_breaks_a_rule_is_waived_with_a_reason() {
    let mut sam = Sam::new();
    sam.opens(SLIP).presses("W").sees("waive: why?").presses("Enter");
    assert!(matches!(sam.asked().action, Action::Waive { .. }));
    sam.sees("D2 waived").presses("g r").sees("email-format");
}

#[test]
fn a_value_only_one_may_hold_leads_to_the_other_holder() {
    let mut sam = Sam::new();
    sam.opens(SLIP).presses("=").sees("no other customer is known to have the value");
    sam.opens("crm:1109").sees("held by    C25  =: side by side").presses("=");
    sam.sees("Savannah").sees("Laakshmi").presses("q").sees("T14 invalid");
    let compares = |it: &crate::question::Question| match it {
        crate::question::Question::Compare(Compare { customers, .. }) => Some(customers.clone()),
        _ => None,
    };
    let compared = sam.desk.asked.iter().rev().find_map(compares).unwrap();
    assert_eq!(compared, [CustomerId(109), CustomerId(25)]);
}

#[test]
fn an_invalid_record_is_set_aside_with_a_reason() {
    // As long as no code says why by itself.
    let mut sam = Sam::governed("\"quarantine\", \"close\"", "\"close\"");
    sam.opens(SLIP).presses("x").sees("why is crm:demo-7 set aside").presses("Enter");
    sam.sees("setting a record aside needs a reason").types("test data").presses("Enter");
    assert!(
        matches!(&sam.asked().action, Action::Quarantine { record } if record.to_string() == SLIP)
    );
    assert_eq!(sam.asked().note.as_deref(), Some("test data"));
    sam.sees("D3 ").sees("No task matches").presses("u").sees("> T24");
}

#[test]
fn a_code_is_asked_for_where_the_settings_offer_some() {
    let offers = "for = [\"waive\"]";
    let mut sam = Sam::governed(offers, "for = [\"waive\", \"quarantine\"]");
    sam.opens(SLIP).presses("x").sees("quarantine: why?").sees("test-record");
    sam.presses("Enter");
    assert!(sam.asked().reason.is_some());
}

/// A mailbox that somebody typed to get past a form (`email-placeholder`).
const FILLED_IN: &str = "crm:9";

#[test]
fn a_placeholder_is_removed_as_its_rule_says_and_undo_brings_it_back() {
    let mut sam = Sam::new();
    let row = "customer_id,first_name,last_name,email\n9,Ada,Oakhollow,test@test.com\n";
    sam.desk.receives("crm", row);
    sam.opens(FILLED_IN).sees("email-placehold").sees("1 remove it");
    let Action::Correct { cleared, .. } = &sam.presses("a").asked().action else { panic!() };
    assert_eq!(*cleared, [FieldName::new("email")]);
    sam.sees("removed email of crm:9").sees("No task matches");
    sam.presses("u").sees("undid").presses("Enter").sees("1 remove it");
    sam.presses("A").sees("removed email of crm:9, as suggested");
    assert_eq!(sam.asked().action, Action::Accept);
}

#[test]
fn a_value_is_removed_by_its_key_or_by_emptying_it() {
    let mut sam = Sam::new();
    sam.opens(SLIP).presses("X").sees("removed email of crm:demo-7");
    sam.presses("u").sees("undid").presses("Enter e").sees("empty to remove it");
    sam.presses("Ctrl-u Enter").sees("removed email of crm:demo-7");
    // Of records side by side, too; golden values come from records.
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("X");
    let Action::Correct { record, cleared, .. } = &sam.asked().action else { panic!() };
    assert_eq!((record.to_string().as_str(), cleared.len()), ("crm:demo-1", 1));
    sam.sees("removed ").presses("l l X").sees("golden values come from records");
}
