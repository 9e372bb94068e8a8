//! What somebody else works on, or has changed, is not changed from a screen that does not know of it; what is
//! erased leaves every screen.

use crate::story::real::Sam;
use domain::TaskId;

/// The record of a pair, whose task is T32, and one of T33.
const PAIR: &str = "crm:demo-1";
const HOUSEHOLD: &str = "crm:demo-4";

#[test]
fn a_claim_keeps_others_from_correcting_what_is_on_the_screen() {
    for keys in ["X", "e"] {
        let mut sam = Sam::new();
        sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter").sees("T32 duplicate");
        sam.desk.claims("kim", TaskId(32));
        sam.presses(keys);
        if keys == "e" {
            sam.presses("Ctrl-u").types("Quill").presses("Enter");
        }
        sam.sees("kim is working on it").does_not_see("D2 corrected");
    }
}

#[test]
fn a_correction_of_what_has_changed_says_who_changed_it_and_corrects_nothing() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter").sees("T32 duplicate");
    sam.desk.corrects("kim", PAIR, "occupation", "Headmaster");
    sam.presses("e").presses("Ctrl-u").types("Quill").presses("Enter");
    sam.sees("changed since you saw it: D2 corrected").sees("by kim").does_not_see("D3 corrected");
}

#[test]
fn a_claim_that_ends_is_told() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("C").sees("claimed by you");
    sam.desk.passes(30 * 60);
    sam.hears_of_others().sees("your claim on T32 has ended: others can decide it");
}

#[test]
fn who_thinks_for_long_is_told_of_the_decision_alone() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter 2");
    for _ in 0..70 {
        sam.pauses();
    }
    // The key would renew the claim, if there was anything left to claim.
    sam.presses("m").sees("merged").sees("undo D2").does_not_see("already decided");
}

#[test]
fn whoever_is_erased_leaves_the_screens_of_others() {
    // The comparison, with a prompt on it, and the customer's own screen over it.
    for keys in ["", "e", "c"] {
        let mut sam = Sam::new();
        sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter").sees("T32 duplicate");
        let customer = sam.desk.customer(PAIR);
        sam.presses(keys);
        sam.sees("Thomas");
        sam.desk.erases("kim", customer);
        sam.hears_of_others();
        sam.does_not_see("Thomas");
        let place = sam.model.place.clone().expect("it was told");
        assert_eq!(place.filter, None, "{keys}: what was typed is not told again");
        assert!(sam.model.queue.filter.is_some(), "{keys}: it filters all the same");
    }
}
