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
    sam.presses("Space")
        .sees("kim is working on it")
        .presses("Esc m")
        .sees("kim is working on it: you decided nothing");
    sam.desk.gives_up("kim", TaskId(32));
    sam.hears_of_others().does_not_see("kim is working on it").sees("kim is looking at it");
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
    sam.presses("m").sees("T33 duplicate").sees("T32 was decided meanwhile");
    sam.sees("you decided nothing: D3 merged").sees("by kim").does_not_see(" D4 ");
    assert_eq!(sam.desk.decided().len(), 1, "the stale one; of what is decided nothing is asked");
}

#[test]
fn whatever_key_comes_too_late_says_who_decided_and_decides_nothing() {
    for (key, is_told) in
        [("m", true), ("m", false), ("n", true), ("n", false), ("d 1", false), ("E", true)]
    {
        let mut sam = Sam::new();
        sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter").sees("T32 duplicate");
        sam.desk.merges("kim", &[PAIR, "webshop:demo-21"]);
        if is_told {
            sam.hears_of_others().sees("decided meanwhile: D2 merged");
        }
        sam.presses(key).sees("D2 merged").sees("by kim").sees("T33 duplicate");
        sam.does_not_see(" D3 ").presses("q");
        assert_eq!(sam.model.queue.place_of(TaskId(32)), None, "{key}");
    }
}

#[test]
fn a_row_that_may_be_old_is_shown_until_it_is_told_anew() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter").sees("T32 duplicate");
    sam.desk.claims("kim", TaskId(32));
    sam.presses("Space").sees("kim is working on it");
    let queue = &sam.model.queue;
    assert!(queue.known.contains_key(&TaskId(33)), "none is forgotten");
    assert!(queue.doubted.contains(&TaskId(33)), "they are asked for again");
    sam.presses("Esc q").sees("claimed by kim").sees("> T32");
    assert!(!sam.model.queue.doubted.contains(&TaskId(33)));
}

#[test]
fn who_is_cut_off_comes_back_to_the_task_and_its_marks() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter J").sees("T33 duplicate");
    sam.presses("Space").sees("d defer");
    let marks = sam.model.task().unwrap().draft.clone();
    let mut sam = sam.comes_back();
    sam.sees("T33 duplicate").sees("back at the task you had open, as you marked it");
    assert_eq!(sam.model.task().unwrap().draft, marks);
    assert!(sam.desk.would_claim("kim", TaskId(33)).is_err(), "it is claimed as it was");
    sam.presses("Esc")
        .sees("draft discarded")
        .presses("q")
        .sees("> T33")
        .sees("id = T32 or id = T33");
    // What was marked was about other values.
    sam.presses("Enter Space");
    // As long as sam's claim lasts nobody changes them.
    sam.desk.passes(30 * 60);
    sam.desk.corrects("kim", HOUSEHOLD, "occupation", "Headmaster");
    let mut sam = sam.comes_back();
    sam.sees("T33 duplicate").sees("it has changed since, so your marks are dropped");
    assert!(!sam.model.task().unwrap().is_drafted());
    // A key pressed before it is known where they were goes before it.
    sam.presses("q");
    let mut sam = sam.comes_back();
    sam.sees("back at the queue, with its filter and order")
        .sees("id = T32 or id = T33")
        .sees("> T33");
}

#[test]
fn the_cursor_of_the_queue_comes_back_where_it_was() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).sees("> T32").presses("j").sees("> T33");
    let mut sam = sam.comes_back();
    sam.sees("back at the queue, with its filter and order").sees("> T33");
    sam.presses("k").sees("> T32");
    let mut sam = sam.comes_back();
    sam.sees("back at the queue, with its filter and order").sees("> T32");
}

#[test]
fn what_is_said_about_a_task_is_on_the_screens_of_all_and_keeps_what_is_marked() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter Space");
    sam.presses(";").sees("comment on T32").presses("Enter").sees("the comment is empty");
    sam.presses(";").types("are they twins?").presses("Enter").sees("D2 commented on");
    sam.sees("sam said: are they twins?");
    assert!(sam.model.task().unwrap().is_drafted(), "what is marked stays");
    let note = Some("no, cousins".to_owned());
    let comment = door::Action::Comment { customers: Vec::new() };
    let task = Some(TaskId(32));
    sam.desk.decides("kim", door::Request { task, note, ..door::Request::new(comment) });
    sam.hears_of_others().sees("kim said (+1 before it: H): no, cousins");
    assert!(sam.model.task().unwrap().is_drafted(), "also when somebody else says something");
    sam.presses("Esc q").sees("2 comments").presses("Enter").sees("T32 duplicate");
    sam.presses("c").sees("are they twins?").presses(";").sees("comment on C");
    sam.types("moved").presses("Enter").sees("D4 commented on").sees("moved").presses("q");
    sam.presses("m").sees("D5 merged");
}

#[test]
fn the_next_task_is_one_that_nobody_else_looks_at() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD, "crm:demo-7"]);
    sam.desk.opens_elsewhere("kim", Some(TaskId(33)));
    sam.hears_of_others().presses("Enter").sees("T32 duplicate").presses("m");
    sam.sees("D2 merged").sees("T24 invalid");
}
