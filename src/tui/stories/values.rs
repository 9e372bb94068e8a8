//! The values of a field: counted, filtered, marked, corrected together.

use crate::question::Question;
use crate::story::Steward;
use crate::story::real::Sam;
use door::operations::CorrectSome;
use door::views::{JobEnd, JobReport, ValuesCounted};

/// The canned desk has counted what was asked for.
pub fn counted(sam: &mut Steward) {
    let (field, _) = sam.desk.counted.clone().expect("counting");
    let report = ValuesCounted { fields: vec![field], looked_at: 2_131, distinct: 8 };
    sam.hears(2_131, Some(JobEnd::Done(JobReport::CountValues(report))));
}

/// The values of `city`.
fn cities() -> Sam {
    let mut sam = Sam::at(100, 60);
    sam.presses("g l").sees("values of which field?").sees("city").presses("c");
    sam.sees("counting").waits();
    sam
}

fn corrections(sam: &Sam) -> Vec<&CorrectSome> {
    let asked = sam.desk.asked.iter().filter_map(|question| match question {
        Question::CorrectSome(asked) => Some(asked),
        _ => None,
    });
    asked.collect()
}

#[test]
fn values_are_counted_beside_the_review_and_shown_with_those_that_are_alike() {
    let mut sam = cities();
    sam.sees("values of city  83 values in 292 records, 18 without");
    sam.sees("nearly the same: 2 values, 10 times").sees("Lonson").sees("crm 5, webshop 4");
    sam.sees("all values, the most frequent first").presses("q").sees("T32");
}

#[test]
fn a_group_is_corrected_after_its_preview_and_taken_back_as_a_whole() {
    let mut sam = cities();
    sam.presses("Enter").sees("one value for all 2").sees("London").presses("Enter");
    sam.sees("correct city of 1 record to London?").sees("of 1 customer");
    assert!(corrections(&sam).iter().all(|step| step.rehearse), "nothing was written yet");
    assert_eq!(
        (&corrections(&sam)[0].from[..], &*corrections(&sam)[0].to),
        (&["Lonson".to_owned()][..], "London")
    );
    sam.presses("y").sees("B1: 1 corrected").sees("counting again").waits();
    sam.sees("82 values in 292 records").does_not_see("Lonson");
    sam.presses("u").sees("undo B1").presses("y").sees("undid").waits();
    sam.presses("g l c").waits().sees("Lonson");
}

#[test]
fn what_somebody_else_corrected_meanwhile_is_skipped_and_told() {
    let mut sam = cities();
    let record = sam.desk.address_with("city", "Lonson");
    sam.desk.corrects("kim", &record, "city", "Leeds");
    sam.presses("Enter Enter").sees("city has changed since it was counted");
    sam.presses("R").waits().does_not_see("Lonson");
}

#[test]
fn esc_leaves_everything_as_it_was() {
    let mut sam = cities();
    let before = sam.desk.written();
    sam.presses("Enter Enter").sees("to London?").presses("Esc").does_not_see("to London?");
    sam.sees("values of city").presses("Enter Esc").does_not_see("one value for all");
    assert_eq!(sam.desk.written(), before);
}

#[test]
fn marked_values_are_corrected_and_a_demanded_reason_is_asked_for() {
    let mut sam = Sam::governed("\"waive\", \"escalate\"", "\"correct\"");
    sam.presses("g l c").waits();
    sam.presses("G Space").sees("1 marked").presses("Enter").sees("the right value instead");
    sam.presses("Ctrl-u").types("Springfield").presses("Enter").sees("correct: why?").presses("t");
    sam.sees("to Springfield?").presses("y").sees("B1: ").sees("corrected");
    assert!(corrections(&sam).iter().skip(1).all(|step| step.reason.is_some()));
}

#[test]
fn of_a_marked_value_the_most_frequent_of_its_group_is_probably_right() {
    let mut sam = cities();
    sam.presses("j j Space Enter").sees("the right value instead").presses("Enter");
    sam.sees("correct city of 1 record to London?");
    assert_eq!(corrections(&sam)[0].from, ["Lonson"]);
}

#[test]
fn a_filter_shows_the_groups_and_values_that_hold_a_text() {
    let mut sam = cities();
    sam.presses("f").types("lond").presses("Enter").sees("only with `lond`");
    sam.sees("London").does_not_see("Nashville").presses("f Ctrl-u Enter").sees("Nashville");
}

#[test]
fn golden_values_are_looked_at_and_corrected_at_records() {
    let mut sam = cities();
    sam.presses("t").sees("counting again").waits();
    sam.sees("values of city as delivered").presses("t").waits();
    sam.sees("values of city, golden")
        .presses("Enter")
        .sees("golden values come from records: t shows record values");
}

#[test]
fn masked_values_are_not_corrected_before_somebody_looked() {
    let mut sam = Sam::new();
    sam.presses("g l b").waits().sees("masked: similar values are not grouped");
    sam.does_not_see("1984-03-12").presses("Enter").sees("the values are masked: * shows them");
    let before = sam.desk.written();
    sam.presses("*").sees("recorded in the ledger").does_not_see("similar values are not");
    assert!(sam.desk.written() > before);
    sam.presses("f").types("1984-03-12").presses("Enter").sees("1984-03-12  ");
}

#[test]
fn a_count_that_was_stopped_can_be_begun_again() {
    let mut sam = Sam::new();
    sam.presses("g l c Ctrl-c").waits().sees("not counted: R counts again");
    sam.presses("R").sees("counting").waits().sees("83 values in 292 records");
}
