//! Others in the same workspace: what they do is on the screen as they do it.

use crate::story::real::Sam;
use domain::TaskId;

/// The record of a pair, whose task is T32, and one of T33.
const PAIR: &str = "crm:demo-1";
const HOUSEHOLD: &str = "crm:demo-4";

#[test]
fn who_is_where_is_in_the_queue_and_on_the_comparison() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).does_not_see("kim");
    sam.desk.opens_elsewhere("kim", Some(TaskId(32)));
    sam.hears_of_others().sees("kim is looking");
    sam.desk.claims("kim", TaskId(32));
    sam.hears_of_others().sees("claimed by kim").presses("Enter").sees("kim is working on it");
    sam.presses("Space").sees("kim is working on it").presses("Esc m").sees("kim is working on it");
    assert_eq!(sam.desk.decided().len(), 1, "it was asked, and refused");
    sam.presses("J").sees("T33 duplicate").does_not_see("kim");
    sam.desk.opens_elsewhere("kim", Some(TaskId(33)));
    sam.hears_of_others().sees("kim is looking at it");
    sam.desk.opens_elsewhere("kim", None);
    sam.hears_of_others().does_not_see("kim is looking");
    // Nothing new is nothing to do.
    let asked = sam.desk.asked.len();
    sam.hears_of_others();
    assert_eq!(sam.desk.asked.len(), asked);
}

#[test]
fn a_task_that_somebody_decides_meanwhile_says_who_did() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter").sees("T32 duplicate");
    sam.desk.corrects("kim", PAIR, "occupation", "Headmaster");
    sam.hears_of_others().sees("changed since you saw it: D2 corrected").sees("by kim");
    sam.presses("m").sees("changed since you saw it").sees("Headmaster");
    sam.desk.merges("kim", &[PAIR, "webshop:demo-21"]);
    sam.hears_of_others().sees("decided meanwhile: D3 merged").sees("by kim");
    sam.presses("m").sees("T33 duplicate").does_not_see("decided meanwhile");
}

#[test]
fn the_next_task_is_one_that_nobody_else_looks_at() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD, "crm:demo-7"]);
    sam.desk.opens_elsewhere("kim", Some(TaskId(33)));
    sam.hears_of_others().presses("Enter").sees("T32 duplicate").presses("m");
    sam.sees("D2 merged").sees("T24 invalid");
}
