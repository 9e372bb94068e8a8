//! Laws of the whole interface: any size, any keys, any data.

use proptest::prelude::*;

use super::keys::Key;
use super::message::Message;
use super::story::Steward;
use super::theme::{Colour, Glyphs, Theme};

fn any_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        8 => proptest::sample::select(('!'..='}').collect::<Vec<char>>()).prop_map(Key::Char),
        3 => proptest::sample::select(vec![
            Key::Enter, Key::Esc, Key::Tab, Key::BackTab, Key::Char(' '), Key::Backspace,
            Key::Up, Key::Down, Key::Left, Key::Right, Key::PageDown, Key::PageUp, Key::Home,
            Key::End, Key::Ctrl('d'), Key::Ctrl('u'), Key::Ctrl('w'), Key::Ctrl('r'),
            Key::Ctrl('c'), Key::Ctrl('n'),
        ]),
    ]
}

/// Makes every text of every task hostile.
fn poison(steward: &mut Steward, text: &str) {
    for view in steward.desk.tasks.values_mut() {
        for column in &mut view.columns {
            let members = column.members.iter_mut().flat_map(|member| member.cells.iter_mut());
            for cell in column.cells.iter_mut().chain(members) {
                cell.text = Some(text.to_owned());
            }
        }
        view.golden.values.iter_mut().for_each(|value| value.text = text.to_owned());
        view.reasons = vec![text.to_owned()];
        if let Some(fix) = &mut view.fix {
            fix.violations.iter_mut().for_each(|found| found.now = Some(text.to_owned()));
        }
    }
    for row in &mut steward.desk.queue.rows {
        row.subject = text.to_owned();
        row.detail = vec![text.to_owned()];
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_size_and_no_keys_panic_or_send_a_control_character(
        columns in 1_u16..300,
        rows in 1_u16..100,
        again in (1_u16..130, 1_u16..50),
        start in proptest::sample::select(vec!["", "g d", "g r", "g r Enter", "g i", "g i Enter"]),
        keys in proptest::collection::vec(any_key(), 0..40),
        text in "[\\x00-\\x1f\\x7f-\\x9f\u{202e}\u{200b}aé東👩\u{301}]{0,24}",
        ascii: bool,
    ) {
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Utf8 };
        let theme = Theme { colour: Colour::Full, glyphs };
        let mut steward = Steward::with(theme, columns, rows);
        poison(&mut steward, &text);
        steward.presses(start);
        for (at, key) in keys.into_iter().enumerate() {
            if at == 20 {
                steward.tell(Message::Resized(again.0, again.1));
            }
            let moment = steward.moment();
            steward.tell(Message::Key(key, moment));
            steward.looks();
            if at % 4 == 0 {
                let screen = steward.screen();
                let bad = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}' || c == '\u{200b}');
                prop_assert!(!screen.chars().any(bad));
                prop_assert!(!ascii || screen.is_ascii());
            }
        }
    }
}
