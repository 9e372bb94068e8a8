//! Whatever was shown, the terminal shows what is wanted.

use std::num::NonZeroU16;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::*;

const SIZE: Size = Size { width: 40, height: 6 };

/// A text somewhere in a style.
type Piece = (u16, u16, String, Style);

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let colour = proptest::sample::select(vec![
        Color::Reset,
        Color::Red,
        Color::Indexed(80),
        Color::Rgb(1, 2, 3),
    ]);
    let attributes = proptest::sample::select(vec![
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::REVERSED,
        Modifier::UNDERLINED | Modifier::BOLD,
    ]);
    let style = (colour.clone(), colour, attributes)
        .prop_map(|(ink, paper, with)| Style::new().fg(ink).bg(paper).add_modifier(with));
    let text = proptest::sample::select(vec![
        "",
        "a",
        "word",
        "  ",
        "東京",
        "é│─",
        "             ",
        "한x",
    ]);
    let piece = (0..SIZE.width, 0..SIZE.height, text, style)
        .prop_map(|(x, y, text, style)| (x, y, text.to_owned(), style));
    proptest::collection::vec(piece, 0..30)
}

fn put(buffer: &mut Buffer, pieces: &[Piece]) {
    for (x, y, text, style) in pieces {
        buffer.set_string(*x, *y, text, *style);
    }
}

fn terminal() -> (Terminal<FrameBackend>, FrameBytes, vt100::Parser) {
    let bytes = FrameBytes::default();
    let terminal = Terminal::new(FrameBackend::sized(bytes.clone(), SIZE)).unwrap();
    let number = |number| NonZeroU16::new(number).unwrap();
    (terminal, bytes, vt100::Parser::new(number(SIZE.height), number(SIZE.width), 0))
}

/// Each cell of an emulated terminal: its text and everything of its style that shows.
fn seen(emulation: &vt100::Parser) -> Vec<(String, String)> {
    let cells = (0..SIZE.height).flat_map(|y| (0..SIZE.width).map(move |x| (y, x)));
    cells
        .map(|(y, x)| {
            let cell = emulation.screen().cell(y, x).unwrap();
            let text = if cell.has_contents() { cell.contents() } else { " " };
            let is_blank = text == " ";
            let shows = !is_blank || cell.inverse() || cell.underline();
            let ink = if shows { format!("{:?}", cell.fgcolor()) } else { String::new() };
            let weight = if is_blank { (false, false) } else { (cell.bold(), cell.dim()) };
            let rest = (cell.bgcolor(), cell.inverse(), cell.underline(), weight);
            (text.to_owned(), format!("{ink} {rest:?}"))
        })
        .collect()
}

proptest! {
    #[test]
    fn a_terminal_shows_each_frame_as_if_it_were_the_first(
        frames in proptest::collection::vec(pieces(), 1..5),
    ) {
        let (mut terminal, bytes, mut emulation) = terminal();
        for pieces in &frames {
            terminal.draw(|frame| put(frame.buffer_mut(), pieces)).unwrap();
            emulation.process(&bytes.take());
            let (mut anew, whole, mut first) = self::terminal();
            anew.draw(|frame| put(frame.buffer_mut(), pieces)).unwrap();
            first.process(&whole.take());
            let differs = seen(&emulation).into_iter().zip(seen(&first)).position(|(it, as_first)| it != as_first);
            prop_assert_eq!(differs, None);
            // And the first is what was asked for.
            let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width: SIZE.width, height: SIZE.height });
            put(&mut buffer, pieces);
            let rows: Vec<String> =
                first.screen().rows(0, SIZE.width).map(|row| row.trim_end().to_owned()).collect();
            let asked: Vec<String> = buffer.content.chunks(usize::from(SIZE.width)).map(|row| {
                let mut covered = 0;
                let mut text = String::new();
                for cell in row {
                    if covered == 0 {
                        text.push_str(cell.symbol());
                        covered = ratatui::buffer::CellWidth::cell_width(cell).max(1);
                    }
                    covered -= 1;
                }
                text.trim_end().to_owned()
            }).collect();
            prop_assert_eq!(rows, asked);
        }
    }
}

#[test]
fn what_did_not_change_is_not_sent() {
    let (mut terminal, bytes, _) = terminal();
    let mut counted = |text: &str| {
        terminal.draw(|frame| frame.buffer_mut().set_string(3, 2, text, Style::new())).unwrap();
        String::from_utf8(bytes.take()).unwrap()
    };
    assert_eq!(counted("one value"), "\x1b[3;4H\x1b[mone value");
    assert_eq!(counted("one value"), "");
    assert_eq!(counted("one volue"), "\x1b[9Go");
    assert_eq!(counted("one"), "\x1b[8G\x1b[K");
}

#[test]
fn a_cleared_screen_is_sent_whole() {
    let (mut terminal, bytes, _) = terminal();
    terminal.draw(|frame| frame.buffer_mut().set_string(0, 0, "kept", Style::new())).unwrap();
    let _ = bytes.take();
    terminal.clear().unwrap();
    terminal.draw(|frame| frame.buffer_mut().set_string(0, 0, "kept", Style::new())).unwrap();
    assert_eq!(String::from_utf8(bytes.take()).unwrap(), "\x1b[m\x1b[2J\x1b[H\x1b[mkept");
}

#[test]
fn a_frame_goes_out_once_and_whole() {
    let mut bytes = FrameBytes::default();
    bytes.write_all(b"ab").unwrap();
    bytes.flush().unwrap();
    bytes.write_all(b"c").unwrap();
    assert_eq!(bytes.take(), b"abc");
    assert_eq!(bytes.take(), b"");
}

#[test]
fn an_address_is_sent_as_a_link_once_and_nothing_of_it_stays() {
    let (mut terminal, bytes, _) = terminal();
    let link = Link::of(Position { x: 2, y: 1 }, "https://a.example/7");
    let mut drawn = |text: &str, link: &Option<Link>| {
        terminal.backend_mut().link(link.clone());
        terminal.draw(|frame| frame.buffer_mut().set_string(2, 1, text, Style::new())).unwrap();
        String::from_utf8(bytes.take()).unwrap()
    };
    let first = drawn("https://a.example/7 next", &link);
    let marked = "\x1b]8;;https://a.example/7\x1b\\https://a.example/7\x1b]8;;\x1b\\";
    assert!(first.ends_with(marked), "{first:?}");
    assert_eq!(drawn("https://a.example/7 next", &link), "");
    // The same characters without a link are written again.
    let after = drawn("https://a.example/7 next", &None);
    assert!(after.contains("https://a.example/7") && !after.contains("\x1b]"), "{after:?}");
    assert_eq!(drawn("https://a.example/7 next", &None), "");
}

#[test]
fn only_addresses_of_plain_characters_are_links() {
    let at = Position { x: 0, y: 0 };
    for (address, is_one) in [
        ("https://crm.example/r/7", true),
        ("crm://7", true),
        ("7", false),
        ("https://crm.example/a b", false),
        ("https://crm.example/\x1b\\", false),
        ("https://crm.example/é", false),
    ] {
        assert_eq!(Link::of(at, address).is_some(), is_one, "{address:?}");
    }
}
