//! One verdict on many tasks: rehearsed, decided by typing how many, taken back as a whole.

use crate::keys::Key;
use crate::message::Message;
use crate::question::Question;
use crate::story::Desk as _;
use crate::story::real::Sam;
use door::{Action, BulkStep};

/// Three duplicates, of which a rule refuses one and one contradicts itself.
const SOME: [&str; 4] = ["crm:demo-1", "crm:demo-4", "crm:demo-6", "crm:demo-8"];

fn steps(sam: &Sam) -> Vec<&BulkStep> {
    let steps = sam.desk.asked.iter().filter_map(|question| match question {
        Question::DecideSome(asked) => Some(&asked.step),
        _ => None,
    });
    steps.collect()
}

#[test]
fn marked_tasks_are_judged_counted_decided_and_taken_back_as_a_whole() {
    let mut sam = Sam::new();
    sam.presses("b").sees("b: mark tasks with Space or v, or filter");
    sam.takes(&SOME).presses("v 3j Space").sees("4 marked").presses("b");
    sam.sees("one verdict on 4 tasks").presses("n").sees("4 would be decided");
    sam.sees("type 4 and Enter").types("5").presses("Enter");
    sam.sees("type 4, the number of tasks to decide");
    assert!(steps(&sam).iter().all(|step| step.rehearse), "nothing was decided");
    sam.presses("Backspace").types("4").presses("Enter");
    sam.sees("B1 not-a-match: 4 tasks").sees("4 decided").presses("Esc");
    sam.sees("B1 not-a-match: 4 decided").does_not_see("Oakhollow");
    sam.presses("u").sees("undo B1: all 4 decisions?").presses("y");
    let Action::Undo { decisions, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(decisions.len(), 4);
    sam.sees("Oakhollow").sees("new 3: R").presses("R").sees("Hollowell").sees("Ashgrove");
}

#[test]
fn what_would_be_refused_is_told_before_and_skipped() {
    let mut sam = Sam::new();
    sam.takes(&SOME[..3]).presses("b m").sees("1 would be decided").sees("2 would be refused");
    sam.sees("T33: C284 and C285: date of birth contradicts")
        .sees("T34: refused by customer-after-birth");
    sam.types("1").presses("Enter").sees("1 decided").sees("2 skipped");
}

#[test]
fn a_bulk_of_an_earlier_session_is_taken_back_as_a_whole() {
    let mut sam = Sam::new();
    sam.takes(&SOME).presses("b n").types("4").presses("Enter Esc").sees("u: undo B1");
    // What this session knows of the bulk another one does not know.
    let mut later = sam.comes_again();
    later.sees("u: undo B1").presses("u").sees("undo B1: all 4 decisions?");
    later.sees("to undo only D5, press U in the history").presses("Esc").sees("u: undo B1");
    assert!(later.desk.decided().is_empty(), "nothing was undone unasked");
    later.presses("u y").sees("undid");
    let Action::Undo { decisions, .. } = &later.asked().action else { panic!() };
    assert_eq!(decisions.len(), 4);
}

#[test]
fn a_filter_and_a_verdict_are_a_bulk_and_esc_stops_it() {
    let mut sam = Sam::new();
    sam.takes(&SOME[..3]).presses("b d").sees("defer 3 tasks until").presses("w");
    sam.sees("3 would be decided").presses("Esc").sees("> T3");
    assert!(steps(&sam).iter().all(|step| step.rehearse));
    sam.presses("b n").types("3");
    let asked = sam.unanswered(Message::Key(Key::Enter, sam.moment()));
    let Question::DecideSome(step) = asked[0].1.clone() else { panic!("{asked:?}") };
    sam.presses("Esc").sees("stopped; decisions already made stay");
    // What was on its way when it was stopped is counted.
    let outcome = sam.desk.answer(Question::DecideSome(step));
    sam.tell(Message::Answered(asked[0].0.clone(), Box::new(outcome), sam.moment()));
    sam.sees("3 decided").presses("Esc").sees("No task matches the filter");
}

#[test]
fn a_bulk_of_more_than_the_settings_allow_is_not_begun() {
    let mut sam = Sam::governed("[decisions]", "[decisions]\nbulk_max = 2");
    sam.takes(&SOME).presses("Space Space Space b");
    sam.sees("3 tasks are too many for one bulk: at most 2; unmark some");
    sam.takes(&SOME)
        .presses("b")
        .sees("4 tasks are too many for one bulk: at most 2; filter further");
}

#[test]
fn a_bulk_asks_for_the_reason_that_is_demanded() {
    let mut sam = Sam::governed("\"waive\", \"escalate\"", "\"not-a-match\"");
    sam.takes(&SOME[..3]).presses("b n").sees("not-a-match: why?").presses("t");
    sam.sees("not-a-match (twins): 3 tasks");
    assert_eq!(steps(&sam).last().unwrap().reason.as_ref().unwrap().as_str(), "twins");
}

#[test]
fn a_bulk_that_can_not_be_written_says_so_and_decides_nothing() {
    let mut sam = Sam::new();
    sam.takes(&SOME[..3]).presses("b n").types("3");
    sam.desk.fills_its_disk();
    sam.presses("Enter").sees("cannot write").presses("Esc g q").sees("Oakhollow");
}

#[test]
fn the_preview_lists_every_task_and_one_is_opened_left_out_and_come_back_to() {
    let mut sam = Sam::new();
    sam.takes(&SOME).presses("b n").sees("4 would be decided");
    // Names, and the fields that differ.
    sam.sees("Oakhollow, Thomas").sees("Hollowell").sees("Ashgrove").sees("x ");
    sam.sees("Enter open it").sees("Space leave out");
    sam.presses("j Enter").sees("duplicate").sees("n ").does_not_see("would be decided");
    sam.presses("Esc").sees("4 would be decided");
    sam.presses("Space").sees("3 would be decided, 1 left out").sees("left out: ");
    sam.types("4").presses("Enter").sees("type 3, the number of tasks to decide");
    sam.presses("Backspace").types("3").presses("Enter").sees("3 decided, 1 left out");
    let last = steps(&sam).last().unwrap().tasks.len();
    assert_eq!(last, 3);
    // The result's own key takes all of it back; the status line names it.
    sam.sees("u: undo B1").sees("u undoes all of B1").presses("u");
    sam.sees("undo B1: all 3 decisions?").presses("y").sees("undid");
}

#[test]
fn a_task_of_a_bulk_that_is_decided_by_itself_is_none_of_it_any_more() {
    let mut sam = Sam::new();
    sam.takes(&SOME).presses("b n").sees("4 would be decided").presses("j Enter m");
    sam.sees("merged").sees("3 would be decided").types("3").presses("Enter");
    sam.sees("3 decided");
}

#[test]
fn the_same_verdict_is_offered_for_all_tasks_of_the_pattern() {
    let mut sam = Sam::new();
    sam.presses("B").sees("B: no decision yet to offer for others");
    sam.opens("crm:demo-1").presses("n").sees("not a match");
    let asked = sam.desk.decided().len();
    sam.presses("B");
    let screen = sam.screen();
    let offers = screen.contains("would be decided") || screen.contains("no other task has");
    assert!(offers && sam.desk.decided().len() == asked, "nothing is decided unseen: {screen}");
    if screen.contains("would be decided") {
        assert!(steps(&sam).iter().all(|step| step.rehearse));
    }
}

#[test]
fn a_value_of_each_record_is_set_or_removed() {
    let mut sam = Sam::new();
    sam.takes(&["crm:demo-7", "crm:1109"]).presses("b s").sees("field=value").types("email");
    sam.presses("Enter").sees("type a value as field=value").presses("Ctrl-u");
    sam.types("email=").presses("Enter").sees("would be decided").sees("removed email of crm:1109");
}
