//! What a comparison, a challenge and the queue say before anything is decided.

use crate::story::Steward;
use crate::story::real::Sam;
use domain::FieldName;
use door::Action;

const PAIR: &str = "crm:demo-1";
/// A man twice, and his wife (T33).
const HOUSEHOLD: &str = "crm:demo-4";
/// Father and son, put apart by kim before the shop's data changed.
const CAME_BACK: &str = "crm:demo-8";

#[test]
fn why_the_machine_did_not_merge_stands_under_the_comparison() {
    let mut sam = Sam::new();
    sam.opens(PAIR).sees("not merged: ").does_not_see(" 1.00");
    let mut five = Steward::new();
    five.presses("j Enter")
        .sees("not merged: 1-2: no personal identifier agrees; 0.98 is below auto 0.99");
    five.sees("household 0.13");
}

#[test]
fn a_column_that_begins_without_a_mark_says_why() {
    let mut sam = Sam::new();
    sam.opens(HOUSEHOLD).sees("3 C285 [ ]").sees("[ ] 3: ");
    // What is marked by hand is asked about no more.
    sam.presses("l l Space").does_not_see("[ ] 3: ");
    let mut wanted = Steward::new();
    wanted.presses("j Enter").sees("[ ] 3: date of birth contradicts");
}

#[test]
fn no_score_is_certain() {
    let mut sam = Sam::new();
    for keys in ["", "Enter", "w", "Esc q", "G Enter", "w"] {
        sam.presses(keys).does_not_see(" 1.00").does_not_see(" 0.00");
    }
}

#[test]
fn a_group_with_a_weak_link_is_merged_by_the_second_press() {
    let mut sam = Steward::new();
    sam.presses("4j Enter").sees("T50 duplicate").presses("m");
    sam.sees("weakest link 0.23: 3 with 5: m again merges anyway");
    assert!(sam.desk.asked.is_empty(), "{:?}", sam.desk.asked);
    // In a hurry nobody can have read it.
    let mut hasty = Steward::new();
    hasty.presses("4j Enter").hurries("m m");
    assert!(hasty.desk.asked.is_empty(), "{:?}", hasty.desk.asked);
    sam.presses("m");
    let Action::Merge { groups, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(groups[0].len(), 5);
}

#[test]
fn without_the_weak_column_one_press_is_enough_and_other_marks_are_asked_about_anew() {
    let mut sam = Steward::new();
    sam.presses("4j Enter ll Space m");
    let Action::Merge { groups, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(groups[0].len(), 4);
    let mut kim = Steward::new();
    kim.presses("4j Enter m").sees("weakest link 0.23").presses("Space m");
    kim.sees("weakest link 0.23: 3 with 5");
    assert!(kim.desk.asked.is_empty());
}

#[test]
fn a_challenge_shows_old_and_new_with_the_cursor_on_it_and_what_each_key_does() {
    let mut sam = Steward::new();
    sam.presses("Enter").sees("birth_date of crm:1042: 1984-03-12 -> 1984-03-21");
    sam.sees(">birth_date").sees("a takes the new birth_date");
    sam.sees("r keeps the birth_date that D31 set");
}

#[test]
fn what_changed_since_two_were_put_apart_is_shown_masked() {
    let mut sam = Sam::new();
    sam.opens(CAME_BACK).sees(" -> ").sees("a merges C").sees("r keeps C");
    let view = sam.model.task().unwrap().view.clone().unwrap();
    let dispute = view.dispute.expect("what it is about");
    assert!(!dispute.values.is_empty());
    let (_, field) = sam.model.task().unwrap().current_field().unwrap();
    assert_eq!(field.name, dispute.values[0].field);
    for value in &dispute.values {
        let hidden = value.field == FieldName::new("birth_date");
        let clear = value.new.as_ref().and_then(domain::Shown::clear);
        assert!(!hidden || clear.is_none(), "{value:?}");
    }
}

#[test]
fn the_queue_names_both_and_says_what_differs() {
    let mut sam = Steward::new();
    sam.sees("Pace, Thomas / Tom").sees("different date of birth");
    let mut real = Sam::new();
    real.takes(&[PAIR]).does_not_see("customers may be one").sees("Tom");
    real.sees("not merged: ");
    let mut wide = Sam::at(120, 40);
    wide.takes(&[PAIR]).does_not_see("customers may be one").sees("not merged: ");
}

#[test]
fn a_lost_golden_value_is_no_blank() {
    let mut sam = Steward::new();
    let view = sam.desk.tasks.get_mut(&domain::TaskId(15)).unwrap();
    view.golden.values.retain(|value| value.field != FieldName::new("region"));
    sam.presses("2j Enter jjjjjjjjjj").sees("(empty)");
    sam.sees("golden value empty: the record that won the group has none");
}

#[test]
fn a_pick_says_what_its_column_lacks() {
    let mut sam = Steward::new();
    let view = sam.desk.tasks.get_mut(&domain::TaskId(15)).unwrap();
    let lost = |cell: &&mut door::views::Cell| cell.field == FieldName::new("region");
    view.columns[1].cells.iter_mut().find(lost).unwrap().text = None;
    sam.presses("2j Enter jjjjjjj 2");
    let screen = sam.screen().replace('\n', "");
    let said = "column 2 has no region: only street, city, postcode taken, region stays as it is";
    assert!(screen.contains(said), "{screen}");
    sam.presses("m");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert!(!picks.contains_key(&FieldName::new("region")) && picks.len() == 3, "{picks:?}");
}

#[test]
fn patterns_lead_with_what_differs_and_the_one_under_the_cursor_is_whole() {
    let mut sam = Steward::new();
    sam.presses("p").sees("214  duplicate different family name, same e-mail").presses("j");
    sam.sees("31 tasks").sees(" different e-mail, same given name, same street");
}
