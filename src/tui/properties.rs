//! Laws of the whole interface: any size, any keys, any data.

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::layout::Size;

use super::frame::{FrameBackend, FrameBytes};
use super::keys::Key;
use super::message::Message;
use super::question::Answer;
use super::story::{Steward, text_of};
use super::theme::{Colour, Glyphs, Theme};
use super::view;
use door::views::{Column, HistoryEntry, QueueNews, QueueRow, TaskView};

/// Texts of customers that have broken programs: control characters, marks that combine, wide and
/// joined characters, text from right to left and what reorders it.
const NASTY: &str = "[\\x00-\\x1f\\x7f-\\x9f a-cé東한اשक्ा\u{202e}\u{2066}\u{200b}\u{200c}\u{200d}\u{301}\u{fe0f}\u{1f3fb}\u{1f1e6}👩❤️]{0,24}";

fn any_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        8 => proptest::sample::select(('!'..='}').collect::<Vec<char>>()).prop_map(Key::Char),
        3 => proptest::sample::select(vec![
            Key::Enter, Key::Esc, Key::Tab, Key::BackTab, Key::Char(' '), Key::Backspace,
            Key::Up, Key::Down, Key::Left, Key::Right, Key::PageDown, Key::PageUp, Key::Home,
            Key::End, Key::Ctrl('d'), Key::Ctrl('u'), Key::Ctrl('w'), Key::Ctrl('r'),
            Key::Ctrl('c'), Key::Ctrl('n'), Key::Ctrl('p'),
        ]),
    ]
}

/// Puts a text into everything of an answer that comes from data.
pub(super) fn poison(answer: &mut Answer, text: &str) {
    match answer {
        Answer::ShowTask(view) | Answer::Compare(view) => poison_task(view, text),
        Answer::Queue(view) => poison_rows(&mut view.rows, text),
        Answer::QueueRows(rows) => poison_rows(rows, text),
        Answer::QueueSince(QueueNews::Changed(changes)) => poison_rows(&mut changes.kept, text),
        Answer::TaskReasons(lines) => *lines = vec![text.to_owned()],
        Answer::Dashboard(view) => {
            view.people.iter_mut().for_each(|person| person.actor = text.to_owned());
            view.quality.iter_mut().for_each(|row| row.source = text.to_owned());
        }
        Answer::Failing(view) => {
            view.records.iter_mut().for_each(|record| record.name = text.to_owned());
        }
        Answer::Imports(view) => {
            for import in &mut view.imports {
                (import.file, import.actor) = (text.to_owned(), text.to_owned());
                import.quarantined.iter_mut().for_each(|(reason, _)| *reason = text.to_owned());
            }
        }
        Answer::Quarantine(view) => {
            for row in &mut view.rows {
                (row.reason, row.text) = (text.to_owned(), text.into());
            }
        }
        Answer::Patterns(view) => {
            view.patterns.iter_mut().for_each(|found| found.pattern = text.to_owned());
        }
        Answer::ShowCustomer(view) => {
            poison_column(&mut view.column, text);
            poison_history(&mut view.history, text);
            view.revisions.iter_mut().for_each(|revision| revision.what = text.to_owned());
        }
        Answer::Values(view) => {
            let rows = view.clusters.iter_mut().flat_map(|cluster| &mut cluster.rows);
            rows.chain(&mut view.rows).for_each(|row| row.value = text.into());
        }
        Answer::CorrectSome(came) => {
            came.golden.iter_mut().for_each(|change| change.after = Some(text.into()));
        }
        Answer::History(entries) => poison_history(entries, text),
        Answer::Preview(preview) => {
            preview.effect = text.to_owned();
            preview.golden.values.iter_mut().for_each(|value| value.text = text.into());
        }
        Answer::Find(report) => {
            report.hits.iter_mut().for_each(|hit| hit.line = text.to_owned());
        }
        Answer::Explain(pair) => {
            for step in &mut pair.steps {
                (step.left, step.right) = (text.into(), text.into());
                step.note = Some(text.to_owned());
            }
        }
        _ => {}
    }
}

fn poison_rows(rows: &mut [QueueRow], text: &str) {
    for row in rows {
        (row.subject, row.state) = (text.to_owned(), text.to_owned());
    }
}

fn poison_column(column: &mut Column, text: &str) {
    let members = column.members.iter_mut().flat_map(|member| member.cells.iter_mut());
    for cell in column.cells.iter_mut().chain(members) {
        (cell.text, cell.raw) = (Some(text.into()), Some(text.into()));
    }
    column.golden.values.iter_mut().for_each(|value| value.text = text.into());
}

fn poison_history(entries: &mut [HistoryEntry], text: &str) {
    for entry in entries {
        (entry.what, entry.actor) = (text.to_owned(), text.to_owned());
        for change in &mut entry.changes {
            (change.before, change.after) = (Some(text.into()), Some(text.into()));
        }
    }
}

fn poison_task(view: &mut TaskView, text: &str) {
    view.columns.iter_mut().for_each(|column| poison_column(column, text));
    view.golden.values.iter_mut().for_each(|value| value.text = text.into());
    (view.reasons, view.asked) = (vec![text.to_owned()], vec![text.to_owned(); 2]);
    view.earlier.iter_mut().for_each(|earlier| earlier.line = text.to_owned());
    for step in view.pairs.iter_mut().flat_map(|pair| &mut pair.steps) {
        (step.left, step.right) = (text.into(), text.into());
    }
    for found in view.fix.iter_mut().flat_map(|fix| &mut fix.violations) {
        (found.now, found.delivered) = (Some(text.into()), Some(text.into()));
        found.message = text.to_owned();
        found.choices.iter_mut().for_each(|(_, value)| *value = text.into());
    }
}

/// A steward in front of hostile data.
fn beset(theme: Theme, columns: u16, rows: u16, text: &str) -> Steward {
    let mut steward = Steward::with(theme, columns, rows);
    steward.desk.poison = Some(text.to_owned());
    steward.presses("R");
    steward
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_size_and_no_keys_panic_or_send_a_control_character(
        columns in 1_u16..300,
        rows in 1_u16..100,
        again in (1_u16..130, 1_u16..50),
        start in proptest::sample::select(vec!["", "g d", "g r", "g r Enter", "g i", "g i j Enter"]),
        clicks in proptest::collection::vec((0_u16..300, 0_u16..100), 0..6),
        keys in proptest::collection::vec(any_key(), 0..40),
        text in NASTY,
        ascii: bool,
    ) {
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Utf8 };
        let mut steward = beset(Theme { colour: Colour::Full, glyphs }, columns, rows, &text);
        steward.presses(start);
        for (at, key) in keys.into_iter().enumerate() {
            if at == 20 {
                steward.tell(Message::Resized(again.0, again.1));
            }
            if let Some((x, y)) = clicks.get(at) {
                steward.tell(Message::Clicked(*x, *y));
                steward.tell(Message::Wheel { down: x % 2 == 0 });
            }
            let moment = steward.moment();
            steward.tell(Message::Key(key, moment));
            steward.looks();
            if at % 4 == 0 {
                let screen = steward.screen();
                let steers = |c: char| matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}');
                let bad = |c: char| c != '\n' && (c.is_control() || steers(c));
                prop_assert!(!screen.chars().any(bad));
                prop_assert!(!ascii || screen.is_ascii());
            }
        }
    }

    /// What is drawn is what a terminal shows: no character is wider there than it was taken for.
    #[test]
    fn a_terminal_shows_what_was_drawn(
        (columns, rows) in (80_u16..140, 23_u16..45),
        screen in proptest::sample::select(vec![
            "", "2j Enter", "j Enter jjjj", "4j Enter llll", "3j Enter", "Enter", "j Enter c",
            "g h j", "j Enter w", "j Enter jj Enter", "/", "/ Tab", ":",
        ]),
        text in NASTY,
    ) {
        let theme = Theme { colour: Colour::Full, glyphs: Glyphs::Utf8 };
        let mut steward = beset(theme, columns, rows, &text);
        steward.presses(screen);
        let bytes = FrameBytes::default();
        let size = Size { width: columns, height: rows };
        let mut terminal = Terminal::new(FrameBackend::sized(bytes.clone(), size)).unwrap();
        terminal.draw(|frame| view::view(&steward.model, frame)).unwrap();
        let number = |number| std::num::NonZeroU16::new(number).unwrap();
        let mut emulation = vt100::Parser::new(number(rows), number(columns), 0);
        emulation.process(&bytes.take());
        let shown: Vec<String> =
            emulation.screen().rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
        prop_assert_eq!(shown.join("\n"), text_of(&steward.frame()), "{}", screen);
    }
}
