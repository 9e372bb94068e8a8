//! What is seen of two customers: marks that speak, what differs inside a value, masks, every size.

use ratatui::style::Modifier;

use crate::message::Message;
use crate::story::Steward;
use crate::story::real::Sam;
use crate::theme::{Colour, Glyphs, Theme};
use domain::{FieldName, TaskId};
use door::views::{Mark, Words};

const PAIR: &str = "crm:demo-1";
const BORN: &str = "1984-03-12";

/// What is underlined on a line of the screen that holds a text.
fn underlined(steward: &Steward, text: &str) -> String {
    let frame = steward.frame();
    let line = |y: u16| -> String {
        (0..frame.area.width).map(|x| frame[(x, y)].symbol()).collect::<String>()
    };
    let y = (0..frame.area.height).find(|y| line(*y).contains(text)).expect("the line");
    let emphasis = Modifier::UNDERLINED | Modifier::BOLD;
    let is_seen = |x: &u16| frame[(*x, y)].modifier.contains(emphasis);
    (0..frame.area.width).filter(is_seen).map(|x| frame[(x, y)].symbol()).collect()
}

#[test]
fn words_stand_beside_marks() {
    let mut sam = Steward::at(120, 40);
    sam.presses("2j Enter").sees("nickname │").sees("day/month │");
    // On the smallest terminal the field under the cursor says them under the grid.
    let mut small = Steward::at(40, 12);
    small.presses("j Enter").sees("2  1984-12-03  ~ day/month");
    small.sees("[ ] 3: date of birth contradicts");
}

#[test]
fn of_a_masked_value_the_words_say_what_the_level_says() {
    let mut sam = Sam::at(120, 40);
    sam.desk.corrects("kim", "webshop:demo-21", "birth_date", "1984-12-03");
    sam.opens(PAIR).does_not_see("1984").sees("day/month swapped");
    sam.presses("*").sees("1984-12-03").sees("day/month").does_not_see("day/month swapped");
}

#[test]
fn what_differs_is_seen_inside_the_value_in_every_look() {
    for colour in Colour::ALL {
        for glyphs in [Glyphs::Utf8, Glyphs::Ascii] {
            let mut sam = Steward::with(Theme { colour, glyphs }, 120, 40);
            sam.presses("2j Enter");
            let seen = underlined(&sam, " birth_date");
            assert_eq!(seen, "03-1212-03", "{colour:?}");
        }
    }
    // Nothing of it is told of a masked value.
    let mut sam = Sam::at(120, 40);
    sam.desk.corrects("kim", "webshop:demo-21", "birth_date", "1984-03-13");
    sam.opens(PAIR);
    let frame = sam.frame();
    let is_star = |at: &(u16, u16)| frame[*at].symbol() == "*";
    let all = (0..frame.area.height).flat_map(|y| (0..frame.area.width).map(move |x| (x, y)));
    assert!(all.filter(is_star).all(|at| !frame[at].modifier.contains(Modifier::UNDERLINED)));
}

#[test]
fn a_cut_value_ends_in_a_sign_that_is_no_cursor() {
    for (glyphs, sign) in [(Glyphs::Utf8, "thomas.pace@ex…"), (Glyphs::Ascii, "thomas.pace@e..")]
    {
        let mut sam = Steward::with(Theme { colour: Colour::None, glyphs }, 80, 24);
        sam.presses("j Enter").sees("1-3 take");
        let screen = sam.screen();
        let grid: String = screen.lines().skip(4).take(12).collect::<Vec<_>>().join("\n");
        assert_eq!(grid.matches('>').count(), 1, "{grid}");
        assert!(grid.contains(&sign[..11]), "{grid}");
    }
}

#[test]
fn the_cursor_starts_where_values_differ() {
    let mut sam = Steward::new();
    let view = sam.desk.tasks.get_mut(&TaskId(15)).unwrap();
    let first = view.columns[0].cells[0].text.clone();
    let cell = &mut view.columns[1].cells[0];
    (cell.text, cell.mark, cell.words) = (first, Mark::Equal, Words::default());
    sam.presses("2j Enter").sees(">birth_date");
    // A task seen before keeps its cursor.
    sam.presses("j * ").sees(">national_id");
}

#[test]
fn what_was_delivered_is_shown_for_every_cell() {
    let mut sam = Steward::new();
    let view = sam.desk.tasks.get_mut(&TaskId(15)).unwrap();
    view.columns[1].cells[5].raw = Some("555.010.4477".into());
    // The phone is the same in both, and was delivered otherwise.
    sam.presses("2j Enter").sees("phone").does_not_see("555.010.4477");
    sam.presses("t").sees("(555) 010-4477").sees("= 555.010.4477");
}

#[test]
fn an_equals_sign_never_stands_for_a_value_that_is_nowhere_else() {
    // Unfolded, the first column is a member that is like what survives of it: it is written out.
    let mut sam = Steward::new();
    let view = sam.desk.tasks.get_mut(&TaskId(7)).unwrap();
    view.columns[0].members[0].cells.iter_mut().for_each(|cell| cell.mark = Mark::Equal);
    sam.presses("Enter").sees("= Pace").sees("= Thomas");
    // A column of its own has nothing to be the same as: no row of it is hidden.
    let mut alone = Steward::new();
    let view = alone.desk.tasks.get_mut(&TaskId(7)).unwrap();
    view.columns[0].members.truncate(1);
    alone.presses("Enter = =").sees("differing rows").sees("Springfield").sees("family_name");
    alone.sees("Pace");
}

#[test]
fn a_field_stays_in_clear_from_task_to_task_and_not_for_long() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, "crm:demo-4"]).presses("Enter *").sees(BORN);
    let field = FieldName::new("birth_date");
    sam.model.task_mut().unwrap().go_to(&field);
    sam.presses("*").sees("birth_date stays unmasked for 15 minutes");
    let written = sam.desk.written();
    sam.presses("J").does_not_see("****-**-**").sees("19");
    assert!(sam.desk.written() > written, "whose is shown is written down first");
    // Once a customer: there and back again says no more.
    let written = sam.desk.written();
    sam.presses("K J K").sees(BORN);
    assert_eq!(sam.desk.written(), written);
    // A third press masks it everywhere.
    sam.model.task_mut().unwrap().go_to(&field);
    sam.presses("*").does_not_see(BORN).presses("J").sees("****-**-**");
    // So do fifteen minutes, without a key.
    sam.presses("K").model.task_mut().unwrap().go_to(&field);
    sam.presses("* *").sees("stays unmasked");
    let mut late = sam.moment();
    late.elapsed += std::time::Duration::from_secs(14 * 60);
    sam.tell(Message::Due(late.clone()));
    sam.sees(BORN);
    late.elapsed += std::time::Duration::from_secs(61);
    sam.tell(Message::Due(late));
    sam.does_not_see(BORN).sees("sensitive values masked");
}

#[test]
fn whoever_comes_back_from_the_shell_sees_nothing_in_clear() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("*").sees(BORN).presses("Ctrl-z").does_not_see(BORN);
    assert!(sam.suspended);
    sam.model.task_mut().unwrap().go_to(&FieldName::new("birth_date"));
    sam.presses("* *").sees("stays unmasked").presses("Ctrl-z").does_not_see(BORN);
}

#[test]
fn where_it_cannot_be_written_down_a_kept_field_is_masked() {
    let mut sam = Sam::new();
    sam.takes(&[PAIR, "crm:demo-4"]).presses("Enter");
    sam.model.task_mut().unwrap().go_to(&FieldName::new("birth_date"));
    sam.presses("* *").sees("stays unmasked");
    sam.desk.fills_its_disk();
    sam.presses("J").sees("****-**-**");
}

#[test]
fn from_forty_columns_and_twelve_rows_everything_is_there() {
    let queue: &[&str] = &["T12", "Pace, Thoma", "open 5"];
    let compare: &[&str] = &["T15", "given_name", "Thomas", "Tom", "m merge"];
    for (keys, seen) in [("", queue), ("2j Enter", compare)] {
        for (columns, rows) in [(40, 12), (60, 16), (80, 23), (80, 24), (120, 40), (200, 60)] {
            let mut sam = Steward::at(columns, rows);
            sam.presses(keys);
            for text in seen {
                sam.sees(text);
            }
            // Beside a comparison the names of several are cut, and end in the sign of it.
            let is_narrow = (100..160).contains(&columns);
            let name = if !is_narrow { "Pace, Thomas" } else { "Pace, Thoma\u{2026}" };
            if keys.is_empty() {
                sam.sees(name);
            }
        }
    }
    // The golden column is shown while the cursor is on it.
    let mut sam = Steward::at(40, 12);
    sam.presses("2j Enter").does_not_see("-> C88").presses("ll").sees("-> C88").sees("Thomas");
    sam.presses("h").does_not_see("-> C88").presses("m");
    assert_eq!(sam.desk.asked.len(), 1, "a key decides at every size");
    Steward::at(39, 12).sees("steward needs 40 columns");
    Steward::at(40, 11).sees("steward needs 40 columns");
}

#[test]
fn every_screen_and_layer_is_drawn_at_every_size() {
    let screens = ["", "Enter", "j Enter", "2j Enter", "3j Enter", "4j Enter llll", "j Enter c"];
    let pages = ["g h", "g d", "g r", "g r Enter", "g i", "g i j Enter", "g l c"];
    let layers =
        ["?", "/", ":", "f", "o", "p", "g", "j Enter d", "j Enter w", "j Enter Enter", "b n"];
    for (columns, rows) in [(40, 12), (52, 14), (80, 23), (80, 24), (120, 40), (200, 60)] {
        for keys in screens.iter().chain(&pages).chain(&layers) {
            let mut sam = Steward::at(columns, rows);
            let blank = sam.presses(keys).screen().lines().filter(|it| !it.is_empty()).count();
            assert!(blank >= 3, "{keys} at {columns}x{rows}:\n{}", sam.screen());
            sam.does_not_see("steward needs");
            sam.presses("j k l h ?").presses("Esc");
        }
    }
}
