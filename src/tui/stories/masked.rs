//! Sensitive values: masked, shown, written down before they are.

use crate::keys::Key;
use crate::message::Message;
use crate::story::real::Sam;
use domain::FieldName;
use door::{Action, Pick};

const PAIR: &str = "crm:demo-1";
const BORN: &str = "1984-03-12";

#[test]
fn sensitive_values_stay_masked_until_unmasked() {
    let mut sam = Sam::new();
    sam.opens(PAIR).sees("****-**-**").does_not_see(BORN).presses("w").does_not_see(BORN);
    sam.presses("Esc jj Enter").does_not_see(BORN).presses("Esc e").does_not_see(BORN);
    sam.presses("Esc *").sees(BORN).sees("recorded in the ledger");
    let mut kim = Sam::new();
    kim.desk.corrects("kim", PAIR, "birth_date", "1984-03-21");
    kim.presses("g h").sees("****-**-**").presses("*").sees("1984-03-21");
}

#[test]
fn an_unmasking_is_written_down_before_anything_is_seen() {
    let mut sam = Sam::new();
    sam.opens(PAIR);
    let before = sam.desk.written();
    let press = Message::Key(Key::Char('*'), sam.moment());
    let asked = sam.unanswered(press);
    assert_eq!(asked.len(), 1);
    sam.does_not_see(BORN).answers(asked).sees(BORN).sees("recorded in the ledger");
    let after = sam.desk.written();
    assert!(after > before, "who saw what is in the ledger");
    sam.presses("*").sees("masked").does_not_see(BORN);
    sam.desk.fills_its_disk();
    sam.presses("*").sees(BORN).sees("recorded in the ledger");
    assert_eq!(sam.desk.written(), after, "what was seen before is not written again");
    let mut kim = Sam::new();
    kim.opens(PAIR);
    kim.desk.fills_its_disk();
    kim.presses("*").sees("still masked").sees("the disk is full").does_not_see(BORN);
}

#[test]
fn a_second_press_takes_back_what_is_not_shown_yet() {
    for presses in 2..=5 {
        let mut sam = Sam::new();
        sam.opens(PAIR);
        let mut asked = Vec::new();
        for _ in 0..presses {
            let press = Message::Key(Key::Char('*'), sam.moment());
            asked.extend(sam.unanswered(press));
        }
        sam.answers(asked);
        match presses % 2 {
            0 => sam.does_not_see(BORN).presses("*").sees(BORN),
            _ => sam.sees(BORN).presses("*").does_not_see(BORN),
        };
    }
}

#[test]
fn values_are_said_to_be_in_clear_only_where_they_are() {
    let mut sam = Sam::new();
    for away in ["J", "q", "c", "g h", "g d", "g q", "j J"] {
        sam.takes_in_turn(&[PAIR, "crm:demo-4"])
            .presses("Enter *")
            .sees("values shown;")
            .presses(away);
        sam.does_not_see("values shown;").does_not_see(BORN);
    }
    // A draft, a layer and what is decided later change nothing of that.
    sam.opens(PAIR).presses("* jj 1").sees("values shown;").presses("? Esc").sees("values shown;");
    let mut wide = Sam::at(160, 40);
    wide.takes_in_turn(&[PAIR, "crm:demo-4"]).presses("Enter *").sees("values shown;");
    wide.presses("Tab").sees(BORN).presses("j").does_not_see("values shown;").does_not_see(BORN);
}

#[test]
fn a_draft_stays_while_its_values_are_masked_or_shown() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("jj 1").sees("takes: picked").does_not_see(BORN);
    sam.presses("*").sees("takes: picked").sees(BORN);
    sam.presses("* *").sees("takes: picked").does_not_see(BORN);
    sam.presses("* ll e Ctrl-u").types("1984-03-21").presses("Enter").sees("1984-03-21");
    sam.presses("* *").does_not_see("1984-03-21").presses("m");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!() };
    assert_eq!(picks[&FieldName::new("birth_date")], Pick::Typed("1984-03-21".into()));
}

#[test]
fn what_explains_two_records_is_masked_with_the_screen_below() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-8").presses("w").sees("match probability").does_not_see("1952-02-09");
    sam.presses("*").sees("1952-02-09").presses("*").sees("match probability");
    sam.does_not_see("1952-02-09");
}

#[test]
fn where_nothing_is_masked_nobody_is_said_to_have_looked() {
    let mut sam = Sam::new();
    sam.presses("g h");
    let before = sam.desk.written();
    sam.presses("*").sees("nothing here is masked").does_not_see("values shown;");
    assert_eq!(sam.desk.written(), before);
}
