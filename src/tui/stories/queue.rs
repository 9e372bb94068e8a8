//! The queue: filtered, sorted, claimed, looked at beside a task.

use crate::message::Message;
use crate::story::real::Sam;
use domain::TaskId;

const PAIR: &str = "crm:demo-1";
const HOUSEHOLD: &str = "crm:demo-4";

#[test]
fn the_queue_is_filtered_and_sorted() {
    let mut sam = Sam::new();
    sam.presses("f").types("kind = invalid").presses("Enter").sees("filter: kind = invalid");
    sam.does_not_see("T32").presses("f Ctrl-u").types("(").presses("Enter").sees("expected a name");
    sam.presses("Ctrl-u")
        .types("kind = second")
        .presses("Enter")
        .sees("No task matches the filter");
    sam.presses("f Ctrl-u Enter").sees("filter: none").sees("T32").presses("o s");
    sam.sees("order: score");
    // The task under the cursor is kept where it can be; another list is begun at its top.
    sam.presses("gg f").types("kind = challenge or id = T32").presses("Enter j").sees("2 of 2");
    sam.presses("f Ctrl-u").types("kind = duplicate").presses("Enter").sees("of 10").sees("> T32");
    sam.presses("g g o s").sees("order: score, reversed").presses("G").sees("10 of 10");
}

#[test]
fn a_filter_that_is_none_is_told_with_its_place_and_names_are_completed() {
    let mut sam = Sam::new();
    sam.presses("f").sees("Tab completes: id, kind").types("kind = duplicate and colour = red");
    sam.sees("column 22: tasks have no `colour`");
    sam.presses("Enter").sees("tasks have no `colour`");
    // The cursor stands where it goes wrong: what is before it is deleted in one go.
    sam.presses("Ctrl-u").sees("colour = red").does_not_see("duplicate and");
    sam.presses("Esc f").types("ki").presses("Tab").types("= invalid");
    sam.presses("Enter").sees("filter: kind = invalid").sees("T2 ").does_not_see("T32");
    sam.presses("f Ctrl-u").types("s").presses("Tab");
    sam.sees("state, score, stake, subject, source");
}

#[test]
fn a_saved_view_is_two_keys_and_a_letter_away() {
    let views = "[views]\nrecords = \"kind = invalid\"\nlikely = \"score >= 0.97\"\n\n[matching]";
    let mut sam = Sam::governed("[matching]", views);
    sam.opens(PAIR).presses("g v").sees("likely (4): score >= 0.97").presses("r");
    sam.sees("filter: kind = invalid").sees("T2 ").presses("g v 0").sees("filter: none");
}

#[test]
fn tasks_are_grouped_by_pattern_and_a_pattern_becomes_the_filter() {
    let mut sam = Sam::new();
    sam.takes(&[PAIR, HOUSEHOLD, "crm:demo-6"]).presses("p").sees("nickname of the given name");
    sam.presses("Enter").sees("filter: (id = T32 or id = T33 or id = T34) and kind");
    let filter = sam.model.queue.filter.clone().unwrap();
    assert!(filter.contains("nickname of the given name, same family name"), "{filter}");
    sam.sees("T34");
}

#[test]
fn an_order_by_what_must_be_read_first_is_read_in_slices() {
    let mut sam = Sam::new();
    sam.presses("o i").sees("order: subject").does_not_see("reading").sees("> T21 ");
}

#[test]
fn a_task_is_claimed_by_key_and_by_beginning_to_decide_it() {
    let mut sam = Sam::new();
    let claimed = |sam: &Sam, task: u32| sam.desk.would_claim("kim", TaskId(task)).is_err();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("C").sees("T32 claimed");
    assert!(claimed(&sam, 32));
    sam.presses("C").sees("T32 released").presses("Enter");
    assert!(!claimed(&sam, 32), "who looks claims nothing");
    sam.presses("Space");
    assert!(claimed(&sam, 32), "the first mark claims");
    sam.presses("Esc");
    assert!(!claimed(&sam, 32), "nothing is marked any more");
    sam.presses("Space J");
    assert!(!claimed(&sam, 32) && !claimed(&sam, 33), "leaving gives it back");
    sam.presses("E");
    assert!(claimed(&sam, 33), "a key that begins a decision claims");
    sam.presses("Esc q");
    assert!(!claimed(&sam, 33));
    sam.presses("C Enter Space q");
    assert!(claimed(&sam, 33), "what was claimed by key stays claimed");
    sam.desk.claims("kim", TaskId(32));
    sam.presses("g g Enter").sees("kim is working on it");
}

#[test]
fn an_empty_queue_names_the_next_command() {
    let mut sam = Sam::begun();
    sam.sees("Nothing left to decide.").sees("steward match").sees("steward import");
    sam.presses("Enter").sees("Enter: the queue is empty");
}

#[test]
fn on_a_wide_terminal_the_comparison_stands_beside_the_queue() {
    let mut sam = Sam::at(120, 40);
    sam.takes_in_turn(&[PAIR, HOUSEHOLD, "crm:demo-7"])
        .sees("T32 duplicate  2 customers")
        .sees(">T32");
    sam.presses("Tab m").sees("D2 merged ").sees("T33 duplicate  3 customers");
    sam.presses("Tab").presses("j").sees("T24 invalid  C287");
}

#[test]
fn what_stands_beside_the_queue_is_decided_from_the_queue() {
    let mut sam = Sam::at(100, 30);
    sam.takes_in_turn(&[PAIR, HOUSEHOLD, "crm:demo-7"]).sees("m merge 1+2").does_not_see("page");
    sam.presses("m").sees("D2 merged ").sees("T33 duplicate").sees(">T33");
    // What a key still asks for is asked; given up, the queue has the keys as before.
    sam.presses("d").sees("tomorrow").presses("Esc j").sees(">T24").presses("k d w");
    sam.sees("D3 ").sees("deferred");
    assert!(sam.model.screens.is_empty() && !sam.model.lent, "the queue has the keys throughout");
    assert_eq!(sam.desk.decided().len(), 2);
    sam.presses("?").sees("the task beside the queue");
}

#[test]
fn beside_the_queue_a_key_decides_only_what_was_seen_under_the_cursor() {
    let mut sam = Sam::at(120, 40);
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).hurries("j m").sees("m ignored: T33 was not shown yet");
    sam.looks().presses("m").sees("D2 merged ");
    assert_eq!(sam.desk.decided().len(), 1);
    // At 80 columns there is no comparison to decide on.
    let mut sam = Sam::new();
    sam.takes(&[PAIR]).presses("m").sees("m does nothing here");
    assert!(sam.desk.decided().is_empty());
}

#[test]
fn beside_marked_tasks_none_is_decided_by_itself() {
    let mut sam = Sam::at(120, 40);
    sam.takes(&[PAIR, HOUSEHOLD, "crm:demo-6"]);
    sam.presses("Space m").sees("m: 1 task is marked: b decides it, Space unmarks");
    sam.presses("Space n").sees("n: 2 tasks are marked: b decides them, Space unmarks");
    sam.presses("Esc k v j m").sees("m: a range is marked: b decides it, Esc clears it");
    assert!(sam.desk.decided().is_empty());
    // Opened, a task is decided by itself.
    sam.presses("Esc g g Space k Enter m").sees("D2 merged ");
    assert_eq!(sam.desk.decided().len(), 1);
}

#[test]
fn where_nothing_can_be_shown_keys_do_nothing_but_quit() {
    use crate::message::Message;
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).tell(Message::Resized(39, 20));
    sam.presses("Enter m y b 2 g").tell(Message::Resized(80, 24));
    sam.sees("> T32").sees("Enter open").presses("j").sees("> T33");
    assert!(sam.model.screens.is_empty() && sam.desk.decided().is_empty());
    // But what is typed into a line is not lost while the window is dragged.
    sam.presses("f").types("kind").tell(Message::Resized(39, 20));
    sam.types(" = quit").tell(Message::Resized(80, 24));
    sam.sees("kind = quit");
}

#[test]
fn a_refusal_in_the_queue_says_why_and_leaves_the_task_there() {
    let mut sam = Sam::at(120, 40);
    sam.takes(&[PAIR]);
    sam.desk.corrects("kim", PAIR, "occupation", "Headmaster");
    sam.presses("m").sees("T32 changed since you saw it").sees("corrected occupation");
    sam.sees("T32 duplicate").presses("m").sees("D3 merged ");
}

#[test]
fn tasks_that_somebody_else_decides_go_when_the_queue_is_read_again() {
    let mut sam = Sam::new();
    sam.takes(&[PAIR, HOUSEHOLD]).sees("Oakhollow");
    sam.desk.merges("kim", &["crm:demo-1", "webshop:demo-21"]);
    sam.presses("R").does_not_see("Oakhollow").sees("> T33");
}

#[test]
fn esc_goes_back_to_the_list_one_came_from() {
    let mut sam = Sam::new();
    sam.presses("g r").sees("email-format").presses("Enter").sees("that break").presses("j");
    let list = sam.screen();
    sam.presses("Enter").sees("T18 invalid").presses("Esc");
    let first = |screen: &str| screen.lines().next().map(str::to_owned);
    assert_eq!(first(&sam.screen()), first(&list), "{}", sam.screen());
    sam.presses("Esc Esc").sees("filter: none");
}

#[test]
fn q_in_a_hurry_leaves_a_screen_and_not_the_program() {
    let mut sam = Sam::new();
    sam.presses("g r q q").sees("q on the queue quits: press it again");
    assert!(!sam.quit);
    sam.elapsed += std::time::Duration::from_secs(1);
    sam.presses("q");
    assert!(sam.quit);
}

#[test]
fn another_size_fetches_what_was_on_its_way() {
    let mut sam = Sam::new();
    let asked = sam.unanswered(Message::Resized(110, 34));
    assert!(!asked.is_empty(), "the task beside the queue is asked for");
    let again = sam.unanswered(Message::Resized(120, 40));
    sam.answers(asked);
    assert!(sam.screen().contains("fetching"), "{}", sam.screen());
    sam.answers(again).does_not_see("fetching");
}

#[test]
fn a_view_is_saved_from_the_screen_and_stands_in_the_header_with_its_count() {
    let mut sam = Sam::new();
    sam.presses("V").sees("V: filter the queue with f or order it with o first");
    sam.presses("f").types("kind = invalid").presses("Enter").presses("V");
    sam.sees("save this view as").sees("kind = invalid").types("records").presses("Enter");
    sam.sees("view records saved: gv goes to it").sees("views: records 1");
    // Another of that name asks first.
    sam.presses("f Ctrl-u").types("kind = duplicate").presses("Enter").presses("o s V");
    sam.types("records").presses("Enter").sees("replace your view records?");
    sam.sees("now:  kind = invalid").sees("then: kind = duplicate, order score");
    sam.presses("Esc").presses("V").types("pairs").presses("Enter").sees("pairs 1");
    assert_eq!(sam.model.queue.saved.own[0].filter.as_deref(), Some("kind = invalid"));
    sam.presses("f Ctrl-u Enter o a g v").sees("r  records (1").sees("p  pairs (1");
    sam.presses("p").sees("filter: kind = duplicate").sees("order: score");
    sam.presses("V").sees("pairs").presses("Enter").sees("view pairs is already saved");
    sam.presses("f Ctrl-u").types("kind = challenge").presses("Enter V").types("records");
    sam.presses("Enter y").sees("view records saved");
    assert_eq!(sam.model.queue.saved.own[0].filter.as_deref(), Some("kind = challenge"));
}

#[test]
fn a_view_cannot_take_a_name_of_the_settings_or_name_a_person() {
    let mut sam = Sam::governed("[matching]", "[views]\nlikely = \"score >= 0.9\"\n\n[matching]");
    sam.presses("f").types("kind = invalid").presses("Enter V").types("likely").presses("Enter");
    sam.sees("steward.toml already has a view `likely`").presses("Ctrl-u Enter");
    sam.sees("no name given").presses("V").types(&"x".repeat(25)).presses("Enter");
    sam.sees("a name has at most 24 characters").presses("Esc");
    for named in ["subject = \"Varga, Elena\"", "kind = invalid and not (subject = Varga)"] {
        sam.presses("f Ctrl-u").types(named).presses("Enter V");
        sam.sees("views are kept where no erasure reaches").does_not_see("save this view as");
    }
    assert!(sam.model.queue.saved.own.is_empty());
}

#[test]
fn a_view_that_cannot_be_written_is_told_and_not_shown() {
    let mut sam = Sam::new();
    let view = crate::model::OwnView {
        name: "late".to_owned(),
        filter: None,
        order: domain::QueueOrder::named("-age").unwrap(),
    };
    sam.tell(Message::ViewChanged(
        Box::new(crate::model::ViewChange::Save(view)),
        Err("no space is left".to_owned()),
    ));
    sam.sees("view late was not saved: no space is left").does_not_see("views:");
}

#[test]
fn a_view_of_ones_own_is_renamed_and_deleted_from_the_menu_of_views() {
    let mut sam = Sam::new();
    sam.presses("f").types("kind = invalid").presses("Enter V").types("records").presses("Enter");
    sam.sees("view records saved");
    sam.presses("g v").sees("=").sees("rename a view of your own").presses("=");
    sam.sees("rename which view?").presses("Enter").sees("new name of records");
    sam.presses("Ctrl-u").types("broken").presses("Enter").sees("view records is now broken");
    sam.presses("g v -").sees("delete which view?").presses("Enter");
    sam.sees("delete your view broken?").presses("y").sees("view broken deleted");
    assert!(sam.model.queue.saved.own.is_empty());
}
