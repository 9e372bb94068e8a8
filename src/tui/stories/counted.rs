//! What counts is seen, and what is seen is true: rows below the fold, the pair that a line is about, whose
//! golden values stand beside, what a bulk would change.

use crate::message::Message;
use crate::model::{Bulk, Layer};
use crate::story::Steward;
use crate::story::real::Sam;
use domain::{FieldName, FieldType, Sequence, TaskId};
use door::views::{CONTRADICTS, Disputed, Mark};
use door::{BulkAbout, BulkOutcome, BulkResult, BulkVerdict};

/// A man twice, and his wife.
const HOUSEHOLD: &str = "crm:demo-4";
/// An e-mail address with a slip.
const SLIP: &str = "crm:demo-7";

#[test]
fn the_cursor_starts_on_what_contradicts_and_rows_out_of_sight_are_counted() {
    let mut sam = Steward::at(80, 16);
    let view = sam.desk.tasks.get_mut(&TaskId(15)).unwrap();
    let last = view.fields.len() - 1;
    view.fields[last].field_type = FieldType::NationalId;
    let name = view.fields[last].name.clone();
    view.columns[1].contradicts = true;
    view.columns[1].cells[last].mark = Mark::Different;
    sam.presses("2j Enter");
    let (_, field) = sam.model.task().unwrap().current_field().unwrap();
    assert_eq!(field.name, name);
    sam.sees(" above").presses("g g").sees(" below, ");
}

#[test]
fn on_the_smallest_screen_what_contradicts_has_a_row() {
    for (width, height) in [(40, 12), (60, 12), (80, 12)] {
        let mut sam = Steward::at(width, height);
        sam.presses("j Enter").sees("[ ] 3: date of birth contradicts");
        sam.presses("j j").sees("[ ] 3: date of birth contradicts");
    }
}

#[test]
fn a_pair_is_told_by_the_columns_that_are_shown_and_by_its_records_where_a_column_has_several() {
    let mut sam = Steward::at(120, 40);
    let view = sam.desk.tasks.get_mut(&TaskId(15)).unwrap();
    let mut second = view.columns[0].members[0].clone();
    second.address = "crm:1744".parse().unwrap();
    second.record = domain::RecordId(9_999);
    view.columns[0].members.push(second);
    let mut weak = view.pairs[0].clone();
    weak.left = "crm:1744".parse().unwrap();
    weak.probability = 0.02;
    weak.unmerged.lacks = vec![format!("national id{CONTRADICTS}")];
    view.pairs.push(weak);
    sam.presses("2j Enter").sees(" 1-2 (crm:2001) 0.97").sees(" 1-2 (crm:1744) 0.02");
    // Columns 1 and 2 are now two records of one customer.
    sam.presses("z").sees(" 1-3 0.97").sees(" 2-3 0.02").does_not_see("1-2 ");
    sam.presses("w").sees("why 1-3");
}

#[test]
fn the_golden_column_is_that_of_the_customer_under_the_cursor_where_none_are_merged() {
    let mut sam = Sam::new();
    sam.opens(HOUSEHOLD);
    // No letter is on two columns.
    sam.presses("l l Space");
    for keys in ["h h h", "l"] {
        sam.presses(keys);
        let screen = sam.model.task().unwrap();
        if screen.merged().is_some() {
            continue;
        }
        let column = screen.current_column().unwrap().column.clone();
        assert_eq!(screen.golden(), Some(&column.golden));
        sam.sees(&format!("{} as it is", column.customer));
    }
}

#[test]
fn a_cursor_moves_also_where_nothing_can_be_shown_and_nothing_is_decided_there() {
    let mut sam = Steward::new();
    sam.presses("2j Enter");
    let before = sam.model.task().unwrap().scroll.cursor;
    sam.tell(Message::Resized(39, 11));
    sam.presses("j j m n");
    sam.tell(Message::Resized(80, 24));
    sam.looks();
    assert_eq!(sam.model.task().unwrap().scroll.cursor, before + 2);
    assert!(sam.desk.asked.is_empty(), "{:?}", sam.desk.asked);
}

#[test]
fn a_fix_offers_to_remove_the_value_where_there_is_room_to_say_so() {
    let mut sam = Sam::at(100, 24);
    sam.opens(SLIP).sees("X remove");
}

#[test]
fn a_removed_value_is_seen_as_that() {
    let mut sam = Steward::at(120, 40);
    let view = sam.desk.tasks.get_mut(&TaskId(15)).unwrap();
    let cell = &mut view.columns[1].cells[5];
    (cell.text, cell.raw, cell.mark, cell.by_hand) = (None, None, Mark::Missing, true);
    sam.presses("2j Enter").sees("-*removed");
}

#[test]
fn reasons_are_asked_for_with_m_and_n_where_the_settings_want_it() {
    for (asks, key, menu) in [(true, "n", true), (true, "m", false), (false, "n", false)] {
        let mut sam = Steward::new();
        sam.desk.tasks.get_mut(&TaskId(15)).unwrap().asks_reason = asks;
        sam.presses("2j Enter").presses(key);
        let layer = sam.model.layers.last();
        assert_eq!(matches!(layer, Some(Layer::Menu(_))), menu, "{asks} {key}");
        // Of a merge no reason is offered here: the note is asked for.
        let prompts = matches!(layer, Some(Layer::Prompt(_)));
        assert_eq!(prompts, asks && !menu, "{asks} {key}");
    }
}

#[test]
fn a_challenge_tells_how_many_more_values_changed() {
    let mut sam = Steward::new();
    let challenged = sam.desk.tasks.iter_mut().find(|(_, view)| view.dispute.is_some());
    let (task, view) = challenged.expect("a challenge");
    let task = *task;
    let dispute = view.dispute.as_mut().unwrap();
    let first = dispute.values[0].clone();
    let named = |name: &str| Disputed { field: FieldName::new(name), ..first.clone() };
    dispute.values = ["email", "phone", "street", "city", "postcode", "region"].map(named).into();
    let at = sam.desk.queue.rows.iter().position(|row| row.task == task).unwrap();
    sam.presses(&format!("{}Enter", "j ".repeat(at)));
    sam.sees("email of ").sees(" more: ").sees("postcode, region");
}

#[test]
fn a_bulk_of_corrections_says_what_it_changes_and_leaves_sound_values_out() {
    let correct = BulkVerdict::Correct {
        values: Default::default(),
        cleared: vec![FieldName::new("date_of_birth")],
    };
    let result = |task: u32, broken: &str| BulkResult {
        task: Some(TaskId(task)),
        version: Sequence(1),
        decision: None,
        summary: "removed date_of_birth".to_owned(),
        proposed: None,
        refusal: None,
        about: Some(BulkAbout {
            names: vec!["Ana".to_owned()],
            broken: vec![FieldName::new(broken)],
            changes: vec![(FieldName::new("date_of_birth"), "****-**-** -> (none)".to_owned())],
            ..BulkAbout::default()
        }),
    };
    let mut bulk = Bulk::new(1, correct, vec![TaskId(1), TaskId(2)]);
    assert_eq!(bulk.what(), "remove date_of_birth");
    let results = vec![result(1, "date_of_birth"), result(2, "email")];
    bulk.take(BulkOutcome { results, ..BulkOutcome::default() });
    assert_eq!(bulk.count(), 1);
    assert_eq!(bulk.rows[0].fields(), "****-**-** -> (none)");
    assert!(!bulk.rows[0].left_out && bulk.rows[1].left_out);
    assert_eq!(bulk.rows[1].unbroken().as_deref(), Some("date_of_birth breaks no rule"));
    let mut sam = Steward::new();
    sam.model.layers.push(Layer::Bulk(Box::new(bulk)));
    sam.sees("remove date_of_birth: 2 tasks").sees("left out (date_of_birth breaks no rule): Ana");
    let set = BulkVerdict::Correct {
        values: [(FieldName::new("city"), "Salem".to_owned())].into(),
        cleared: Vec::new(),
    };
    assert_eq!(Bulk::new(1, set, Vec::new()).what(), "set city = Salem");
}
