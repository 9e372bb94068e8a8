//! What was decided is taken back, and taken back again.

use crate::story::real::Sam;
use domain::DecisionId;
use door::{Action, DependantChoice};

const PAIR: &str = "crm:demo-1";

#[test]
fn undo_brings_the_task_back_and_redo_decides_it_again() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("m").sees("No task matches").presses("u");
    sam.sees("D3 undid D2 (merged 2 records into C281: ").sees("> T32").presses("Ctrl-r");
    sam.sees("D4 redid D2 (merged 2 records into C281: ").does_not_see("> T32");
    sam.presses("u").sees("> T32");
}

#[test]
fn what_somebody_else_decided_is_not_taken_back_by_u() {
    let mut sam = Sam::new();
    sam.presses("u").sees("nothing to undo");
    assert!(sam.desk.decided().is_empty());
}

#[test]
fn an_undo_that_others_build_on_asks_what_becomes_of_each() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("m");
    sam.desk.pins("kim", PAIR, "city", "Boulder");
    sam.desk.pins("kim", PAIR, "occupation", "Headmaster");
    sam.presses("g h").presses("2j").sees("D2, commit").presses("U");
    sam.sees("undo D2: later decisions that build on it").sees("D4 ").sees("D3 ");
    sam.sees("undone too");
    sam.presses("s").sees("stays with survivor").presses("b").sees("moves back");
    sam.presses("k t j s Enter");
    let Action::Undo { choices, with_dependents, .. } = &sam.asked().action else { panic!() };
    assert!(!with_dependents && choices.len() == 2, "{choices:?}");
    assert_eq!(choices[&DecisionId(4)], DependantChoice::UndoToo);
    // The cursor stays on what was undone.
    sam.sees("D5 ").sees("undone: merged 2 records").sees("D2, commit").presses("U");
    sam.sees("U: D2 is already undone");
}

#[test]
fn what_builds_on_an_undo_is_left_alone_when_the_question_is_closed() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("m");
    sam.desk.pins("kim", PAIR, "city", "Boulder");
    sam.presses("g h j U").sees("later decisions that build on it").presses("Esc");
    sam.does_not_see("later decisions that build on it");
    sam.sees("D2, commit").does_not_see("undid").does_not_see("undone").does_not_see("--");
}

#[test]
fn a_history_is_filtered_by_words_of_who_what_and_when() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("m").opens("crm:demo-7").presses("a");
    sam.presses("g h").sees("3 entries").presses("f").types("kim 2026-11 match").presses("Enter");
    sam.sees("1 entry").sees("filter: kim 2026-11 match").sees("D1").does_not_see("D2 ");
    sam.presses("f Ctrl-u").types("sam merged").presses("Enter U");
    let Action::Undo { decisions, .. } = &sam.asked().action else { panic!() };
    assert_eq!(decisions, &[DecisionId(2)]);
    sam.presses("f Ctrl-u").types("nobody").presses("Enter");
    sam.sees("No entry has all these words; f changes them.").presses("f Ctrl-u Enter");
    sam.sees("4 entries");
}

#[test]
fn redo_says_in_words_whom_it_was_about() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("n").sees("No task matches").presses("u Ctrl-r");
    sam.sees("redid D2 (not a match: Thomas Oakhollow");
}

#[test]
fn a_stray_u_on_the_queue_names_what_it_would_take_back_and_waits() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("n").sees("No task matches");
    sam.elapsed += std::time::Duration::from_secs(11);
    let decided = |sam: &Sam| sam.desk.decided().len();
    assert_eq!(decided(&sam), 1);
    sam.presses("u").sees("u again undoes D2, Esc leaves it: not a match: Thomas");
    sam.presses("Esc").sees("D2 stands");
    // Whatever else is pressed in between, it is named anew.
    sam.presses("u").sees("u again undoes D2").presses("j u").sees("u again undoes D2");
    assert_eq!(decided(&sam), 1, "nothing was undone unseen");
    sam.presses("u").sees("undid D2 (not a match: Thomas Oakhollow").sees("> T32");
    assert_eq!(decided(&sam), 2);
}
