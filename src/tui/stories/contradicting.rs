//! What contradicts is named and asked about before it is merged.

use crate::model::Bulk;
use crate::story::real::Sam;
use domain::{FieldName, Sequence, TaskId};
use door::{Action, BulkAbout, BulkOutcome, BulkResult, BulkVerdict};

/// A man twice, and his wife (T33).
const HOUSEHOLD: &str = "crm:demo-4";
/// A merge that a rule forbids (T34): customer since before birth.
const FORBIDDEN: &str = "crm:demo-6";

#[test]
fn a_column_that_contradicts_and_was_put_in_by_hand_is_asked_about_once() {
    for (keys, asks) in [("l l Space", true), ("l l s", true), ("l l s s", false), ("", false)] {
        let mut sam = Sam::new();
        sam.opens(HOUSEHOLD).sees("3 C285 [ ]").presses(keys).presses("m");
        if asks {
            sam.sees("3 with 1: ").sees("contradicts").sees("m again merges anyway");
            assert!(sam.desk.decided().is_empty(), "{keys}");
            sam.sees("[A] 3 with 1: ");
            sam.presses("m");
        }
        assert!(matches!(sam.asked().action, Action::Merge { .. }), "{keys}");
        assert_eq!(sam.desk.decided().len(), 1, "{keys}");
    }
    let mut hasty = Sam::new();
    hasty.opens(HOUSEHOLD).presses("l l Space").hurries("m m");
    assert!(hasty.desk.decided().is_empty());
}

#[test]
fn the_golden_values_of_a_refused_merge_are_what_they_would_be() {
    let mut sam = Sam::new();
    sam.opens(FORBIDDEN).does_not_see("(empty)").does_not_see("golden value empty");
    let screen = sam.model.task().unwrap();
    assert!(screen.refusal().is_some());
    assert!(screen.golden().unwrap().values.len() > 3);
}

#[test]
fn a_message_about_a_key_goes_with_its_screen() {
    let mut sam = Sam::new();
    sam.takes(&["crm:demo-1", HOUSEHOLD]).presses("X").sees("X does nothing here");
    sam.presses("Enter").does_not_see("does nothing here");
    sam.presses("Z").sees("Z does nothing here").presses("J").does_not_see("does nothing here");
    sam.presses("Z").sees("Z does nothing here").presses("q").does_not_see("does nothing here");
}

#[test]
fn keeping_two_apart_says_who_and_what() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-8").presses("r").sees("kept ").sees(" apart");
    sam.sees("(C");
}

#[test]
fn a_bulk_names_what_it_cannot_decide_and_what_hangs_by_a_weak_link() {
    let mut sam = Sam::new();
    sam.takes(&["crm:demo-1", HOUSEHOLD, FORBIDDEN]).presses("Space Space Space b m");
    sam.sees("1 would be decided; 2 cannot: T33, T34");
    let result = |task: u32, weakest: Option<f64>| BulkResult {
        task: Some(TaskId(task)),
        version: Sequence(1),
        decision: None,
        summary: "would merge".to_owned(),
        proposed: None,
        refusal: None,
        about: Some(BulkAbout {
            differ: vec![FieldName::new("email")],
            weakest,
            ..BulkAbout::default()
        }),
    };
    let mut bulk = Bulk::new(1, BulkVerdict::Merge, vec![TaskId(1), TaskId(2)]);
    let results = vec![result(1, Some(0.02)), result(2, None)];
    bulk.take(BulkOutcome { results, ..BulkOutcome::default() });
    let told: Vec<String> = bulk.rows.iter().map(|row| row.fields()).collect();
    assert_eq!(told, ["weakest link 0.02  x email", "x email"]);
}
