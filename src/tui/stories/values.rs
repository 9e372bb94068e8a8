//! The values of a field: counted, filtered, marked, corrected together.

use crate::story::Steward;
use domain::FieldName;
use door::operations::ValuesOf;
use door::views::{JobEnd, JobReport, ValuesCounted};

/// The desk has counted what was asked for.
pub fn counted(sam: &mut Steward) {
    let (field, _) = sam.desk.counted.clone().expect("counting");
    let report = ValuesCounted { fields: vec![field], looked_at: 2_131, distinct: 8 };
    sam.hears(2_131, Some(JobEnd::Done(JobReport::CountValues(report))));
}

/// The values of `city`.
pub fn cities() -> Steward {
    let mut sam = Steward::new();
    sam.presses("g l").sees("the values of which field").sees("city").presses("c");
    sam.sees("counting");
    counted(&mut sam);
    sam
}

#[test]
fn values_are_counted_beside_the_review_and_shown_with_those_that_are_alike() {
    let mut sam = cities();
    sam.sees("values of city  8 values in 2131 records, 100 without");
    sam.sees("nearly the same: 3 values, 1055 times").sees("the same words: 2 values");
    sam.sees("all values, the most frequent first").sees("webshop 202");
    sam.presses("q").sees("T12");
}

#[test]
fn a_group_is_corrected_after_its_preview_and_taken_back_as_a_whole() {
    let mut sam = cities();
    sam.presses("Enter").sees("one value for all 3").sees("Springfield").presses("Enter");
    sam.sees("correct city of 5 records to Springfield?");
    sam.sees("of 5 customers").sees("1 record corrected by a person before");
    sam.sees("1 customer with a pinned value, which stays").sees("1 golden value changes");
    sam.sees("C17: Springfeild -> Springfield").sees("1 would be refused");
    sam.sees("webshop:6: city has changed since it was counted");
    assert!(sam.desk.corrections.iter().all(|step| step.rehearse), "nothing was written yet");
    let asked = &sam.desk.corrections[0];
    assert_eq!(asked.from, ["Springfeild", "Sprngfield"]);
    assert_eq!((asked.to.as_str(), asked.of), ("Springfield", ValuesOf::Standard));
    sam.presses("y").sees("B1: 5 corrected, 1 skipped").sees("counting again");
    counted(&mut sam);
    sam.presses("u").sees("undo B1: all 5 decisions?");
}

#[test]
fn esc_leaves_everything_as_it_was() {
    let mut sam = cities();
    sam.presses("Enter Enter").sees("to Springfield?").presses("Esc");
    sam.does_not_see("to Springfield?").sees("values of city");
    assert!(sam.desk.corrections.iter().all(|step| step.rehearse));
    sam.presses("Enter Esc").does_not_see("one value for all");
}

#[test]
fn marked_values_are_corrected_and_a_demanded_reason_is_asked_for() {
    let mut sam = cities();
    sam.presses("G Space").sees("1 marked").presses("Enter").sees("what is right instead of it");
    sam.presses("Ctrl-u").types("Springfield");
    sam.desk.demands = vec!["typo".into()];
    sam.presses("Enter").sees("correct: why?").presses("t").sees("correct city of 5 records");
    sam.presses("y").sees("B1: 5 corrected");
    assert!(sam.desk.corrections.iter().skip(1).all(|step| step.reason.is_some()));
}

#[test]
fn of_a_marked_value_the_most_frequent_of_its_group_is_probably_right() {
    let mut sam = cities();
    sam.presses("j j Space Enter").sees("what is right instead of it").presses("Enter");
    sam.sees("correct city of 5 records to Springfield?");
    assert_eq!(sam.desk.corrections[0].from, ["Springfeild"]);
}

#[test]
fn a_filter_shows_the_groups_and_values_that_hold_a_text() {
    let mut sam = cities();
    sam.presses("f").types("paul").presses("Enter").sees("only with `paul`");
    sam.sees("St. Paul").does_not_see("Shelbyville").does_not_see("nearly the same");
    sam.presses("f Ctrl-u Enter").sees("Shelbyville");
}

#[test]
fn golden_values_are_looked_at_and_corrected_at_records() {
    let mut sam = cities();
    sam.presses("t").sees("counting again");
    counted(&mut sam);
    sam.sees("values of city as delivered").presses("t");
    counted(&mut sam);
    sam.sees("values of city, golden").presses("Enter").sees("golden values follow from records");
}

#[test]
fn masked_values_are_not_corrected_before_somebody_looked() {
    let mut sam = Steward::new();
    sam.presses("g l n");
    assert_eq!(sam.desk.counted, Some((FieldName::new("national_id"), ValuesOf::Standard)));
    counted(&mut sam);
    sam.does_not_see("Springfield").sees("masked: which are alike is not told");
    sam.presses("Enter").sees("the values are masked: * shows them");
    sam.presses("*").sees("Springfield").sees("that you looked is in the ledger");
    assert_eq!(sam.desk.unmasked.len(), 1);
}

#[test]
fn a_count_that_was_stopped_can_be_begun_again() {
    let mut sam = Steward::new();
    sam.presses("g l c Ctrl-c");
    sam.hears(100, Some(JobEnd::Cancelled)).sees("not counted: R counts again");
    sam.presses("R").sees("counting");
    counted(&mut sam);
    sam.sees("8 values in 2131 records");
}
