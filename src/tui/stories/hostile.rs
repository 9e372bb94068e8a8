//! Values that have broken programs, delivered in a file like any other.

use crate::story::real::Sam;

/// Control characters, text from right to left and what reorders it, marks that combine, wide and joined
/// characters, an escape sequence, a line break.
const NASTY: [&str; 7] = [
    "\u{202e}Ada\u{2066}\u{200b}",
    "\u{1b}[31mred\u{7}\u{1b}]52;c;aGk=\u{7}",
    "\u{9b}2J\u{7f}\u{0}",
    "a\u{301}\u{301}\u{301}\u{fe0f}",
    "東京👩\u{200d}❤\u{fe0f}\u{200d}👩 한اשक्",
    "two\nlines\r\tand a tab",
    "\u{1f1e6}\u{1f3fb}\u{200c}",
];

#[track_caller]
fn is_harmless(sam: &Sam) {
    let screen = sam.screen();
    let steers = |c: char| matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}');
    let bad = screen.chars().find(|c| *c != '\n' && (c.is_control() || steers(*c)));
    assert_eq!(bad, None, "{screen}");
}

#[test]
fn no_value_of_a_file_steers_the_terminal_from_any_screen() {
    let mut sam = Sam::new();
    let escaped = |value: &str| -> String {
        value.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
    };
    let row = |(number, value): (usize, &&str)| {
        let value = escaped(value);
        let place = format!("{{\"street\": \"{value}\", \"city\": \"{value}\"}}");
        format!(
            "{{\"id\": \"h-{number}\", \"name\": \"{value}\", \"company\": \"{value}\", \
             \"contact\": {{\"email\": \"broken\"}}, \"address\": {place}}}\n"
        )
    };
    let rows: String = NASTY.iter().enumerate().map(row).collect();
    sam.desk.receives("support", &rows);
    for number in 0..NASTY.len() {
        sam.opens(&format!("support:h-{number}"));
        for keys in ["", "t", "e", "Esc c", "t", "H", "q q q /", "Tab", "Esc"] {
            sam.presses(keys);
            is_harmless(&sam);
        }
    }
    for keys in ["g q f Ctrl-u Enter", "G", "g r 2j Enter", "g i Enter", "g h", "g l o"] {
        sam.presses(keys).waits();
        is_harmless(&sam);
    }
    sam.presses("f").types("red").presses("Enter").sees("red");
    is_harmless(&sam);
}
