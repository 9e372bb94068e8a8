//! What a steward does, in the steward's words.

mod activities;
mod approvals;
mod bulk;
mod contradicting;
mod counted;
mod deciding;
mod evidence;
mod fixing;
mod found;
pub mod grants;
mod held;
mod hostile;
mod imported;
mod marks;
mod masked;
pub mod overview;
mod policy;
mod queue;
mod requests;
mod second;
mod seen;
mod sources;
mod together;
mod unchanged;
mod undone;
pub mod values;

use super::keys::{Key, Keymap, Rebinding};
use super::message::Message;
use super::story::Steward;
use super::story::real::Sam;
use domain::{BulkId, DecisionId, FieldName, TaskId};
use door::Action;
use door::views::LastDecided;

#[test]
fn a_suggestion_is_accepted_where_the_value_stands() {
    let mut sam = Steward::new();
    sam.presses("2j Enter a").sees("a: no suggestion for the value under the cursor");
    sam.presses("l jjjj").sees("unknown domain, a takes t.pace@example.com").presses("a");
    let Action::Correct { record, values, .. } = &sam.asked().action else { panic!() };
    assert_eq!(record.to_string(), "webshop:4711");
    assert_eq!(values[&FieldName::new("email")], "t.pace@example.com");
}

#[test]
fn a_small_terminal_shows_no_task_to_decide() {
    let mut sam = Sam::new();
    sam.takes(&["crm:demo-1"]).tell(Message::Resized(39, 20));
    sam.looks().presses("Enter m");
    assert!(sam.desk.decided().is_empty());
    sam.tell(Message::Resized(80, 11));
    sam.looks().presses("Enter m");
    assert!(sam.desk.decided().is_empty());
}

#[test]
fn what_another_source_says_is_taken_by_its_number() {
    let mut sam = Steward::new();
    sam.presses("3j Enter j a").sees("a: no suggestion for it: e edits");
    sam.sees("***-**-4417").presses("1");
    let Action::Correct { values, chosen, .. } = &sam.asked().action else { panic!() };
    assert_eq!((values.len(), &*chosen[&FieldName::new("national_id")]), (0, "crm:1042"));
}

#[test]
fn a_cause_that_a_line_is_too_short_for_is_said_on_two() {
    let mut sam = Sam::new();
    sam.takes(&["crm:demo-1", "crm:demo-7"]).presses("Enter m").sees("u: undo D2");
    let why = "writing /home/sam/customers/.steward/ledger/00000001.seg: No space left on device \
               (os error 28)";
    for said in ["still masked", "the import stopped", "reading the queue failed", "not exported"] {
        sam.model.complain(format!("{said}: {why}"));
        let screen = sam.screen().replace('\n', " ");
        assert!(screen.contains(&format!("{said}: writing /home/sam")), "{screen}");
        assert!(screen.contains("(os error 28)") && screen.contains("space left"), "{screen}");
    }
    // What fits only without the undo beside it takes its place.
    sam.model.complain(format!("{} the disk is full", "word".repeat(14)));
    sam.sees("the disk is full").sees("? all").does_not_see("u: undo D2");
    // What no two lines hold takes as many as it needs, up to half of the window.
    sam.model.complain(format!("{}: the disk is full", "word ".repeat(60)));
    sam.sees("word word").sees("the disk is full");
    assert_eq!(sam.screen().matches("word").count(), 60, "{}", sam.screen());
    // What is longer than that is cut in the middle: the cause is at the end.
    sam.model.complain(format!("{}: the disk is full", "word ".repeat(900)));
    sam.sees("word word").sees("the disk is full").sees("T24 invalid");
    // What fits leaves the hints where they are.
    sam.model.complain("short");
    sam.sees("short").sees("? all").sees("u: undo D2");
}

#[test]
fn own_keys_are_in_effect_wherever_keys_are_told() {
    let wanted = |action: &str, keys: &[&str]| Rebinding {
        line: 1,
        context: None,
        action: action.to_owned(),
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
    };
    let (keys, findings) = Keymap::rebound(&[
        wanted("merge", &["Y"]),
        wanted("undo", &["Ctrl-x"]),
        wanted("go-queue", &["Z q"]),
        wanted("repeat", &[]),
    ]);
    assert_eq!(findings, []);
    let mut sam = Sam::new();
    sam.takes_in_turn(&["crm:demo-1", "crm:demo-4"]).model.keys = keys.into();
    sam.presses("Enter m").sees("m does nothing here").sees("Y merge 1+2");
    sam.presses("?").sees("Y              merge").does_not_see("repeat the verdict").presses("Esc");
    sam.presses(":").types("repeat").sees("(no key)").presses("Esc");
    sam.presses("Y").sees("Ctrl-x: undo D2").presses("Ctrl-x").sees("undid D2");
    sam.presses("Z").sees("go to the queue").presses("q").sees("filter: id");
}

#[test]
fn a_key_that_decides_before_the_task_is_there_says_so() {
    let mut sam = Sam::at(120, 40);
    sam.model.queue.beside = None;
    sam.hurries("n").sees("n came before the task was shown; press it again");
    sam.hurries("y").sees("y does nothing here");
    assert!(sam.desk.decided().is_empty());
}

#[test]
fn what_may_be_the_rest_of_a_paste_shows_at_most_something() {
    let mut sam = Sam::new();
    let doubted = |sam: &mut Sam, key| {
        let moment = sam.model.moment.clone().expect("a moment");
        sam.tell(Message::Doubted(key, moment));
    };
    sam.opens("crm:demo-1").tell(Message::Rest(Key::Char('m')));
    sam.sees("the paste never ended; press the key again").looks();
    for key in ['m', 'n', 'd', 'u', 'y', 't', 'E', '1', ' '] {
        doubted(&mut sam, Key::Char(key));
        sam.sees("the paste never ended");
    }
    assert!(sam.desk.decided().is_empty() && sam.model.layers.is_empty());
    doubted(&mut sam, Key::Char('?'));
    assert!(!sam.model.layers.is_empty(), "help may be shown");
    doubted(&mut sam, Key::Enter);
    assert!(!sam.model.layers.is_empty() && sam.desk.decided().is_empty());
    // Text goes where text is typed; a prompt is not sent off.
    sam.presses("Esc g q f").tell(Message::Rest(Key::Char('k')));
    sam.tell(Message::Rest(Key::Enter));
    assert!(!sam.model.layers.is_empty());
}

#[test]
fn suspending_and_leaving_are_told_to_the_session() {
    let mut sam = Sam::new();
    sam.presses("Ctrl-z");
    assert!(sam.suspended && !sam.quit);
    // Whatever is open above: what stands there may be anything.
    sam.presses("f Ctrl-l");
    assert!(std::mem::take(&mut sam.redrawn) && !sam.model.layers.is_empty());
    sam.presses("Esc Ctrl-l");
    assert!(std::mem::take(&mut sam.redrawn));
    sam.presses("Esc Ctrl-c").sees("q quits");
    assert!(!sam.quit);
}

#[test]
fn the_mouse_puts_the_cursor_and_decides_nothing() {
    let mut sam = Steward::new();
    sam.tell(Message::Clicked(10, 4));
    sam.sees("2 of 5").tell(Message::Clicked(10, 4));
    sam.sees("T12 duplicate  3 customers");
    // The third row of the second column; then the golden column.
    sam.tell(Message::Clicked(35, 6));
    let cursor = |steward: &Steward| {
        let screen = steward.model.task().unwrap();
        (screen.scroll.cursor, screen.column)
    };
    assert_eq!(cursor(&sam), (2, 1));
    sam.tell(Message::Clicked(75, 7));
    assert_eq!(cursor(&sam), (3, 3));
    sam.tell(Message::Wheel { down: false });
    assert_eq!(cursor(&sam), (0, 3));
    sam.presses("?").tell(Message::Wheel { down: true });
    sam.tell(Message::Clicked(5, 5));
    assert_eq!(cursor(&sam), (0, 3), "a layer is left by keys");
    assert!(sam.desk.asked.is_empty());
}

#[test]
fn every_state_of_a_task_looks_different_and_a_returned_one_says_why() {
    let mut sam = Steward::new();
    sam.desk.queue = super::fixtures::every_state();
    sam.presses("R").sees("back: birth_date changed").sees("birth_date of C88 is pinned");
    sam.sees("due today").sees("claimed by kim").sees("escalated to kim");
    sam.sees("deferred until 2026-11-02").sees("9,200").sees("1.2M");
}

#[test]
fn only_rows_around_the_cursor_are_fetched() {
    let mut sam = Steward::new();
    let row = sam.desk.queue.rows[1].clone();
    sam.desk.queue.rows =
        (1..=500).map(|id| door::views::QueueRow { task: TaskId(id), ..row.clone() }).collect();
    sam.presses("R g g").sees("1 of 500").sees("> T1 ");
    // The desk sends more than a screen at first; beyond that, rows come as they are needed.
    sam.model.queue.known.clear();
    sam.presses("j");
    assert!(sam.model.queue.known.len() < 60, "{}", sam.model.queue.known.len());
    sam.presses("G").sees("> T500   duplicate").sees("500 of 500");
    assert!(sam.model.queue.known.len() < 120);
}

#[test]
fn a_grant_is_taken_back_whole_or_not_at_all() {
    let mut sam = Steward::new();
    let all: Vec<_> = (57..61).map(DecisionId).collect();
    let line = "granted S2".to_owned();
    let last = LastDecided { decision: all[3], line, bulk: Some(BulkId(1)), of_grant: true };
    sam.desk.last = Some((last, all));
    sam.presses("u").sees("undo B1: the whole grant").sees("a grant is undone whole");
    sam.does_not_see("undo only").presses("y");
    let Action::Undo { decisions, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(decisions.len(), 4);
}
