//! Pictures of every screen, from the real binary: it runs on the demo in a pseudo-terminal, keys are
//! pressed, and the cells of the terminal's emulation become SVG. `docs/pictures/run` makes them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use vt100::{Cell, Color, Screen};

use crate::screen::{FETCHING, Terminal};
use crate::workspace::Workspace;

/// A screen that did not change for this long is finished.
const STILL: Duration = Duration::from_millis(350);

/// The sizes, columns and rows.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// The themes: name, background, foreground.
const THEMES: [(&str, &str, &str); 3] = [
    ("dark", "#14161b", "#d4d7dd"),
    ("light", "#fbfaf7", "#25282e"),
    ("none", "#000000", "#d0d0d0"),
];

/// Every screen, in the order in which one walk through the demo comes by it, and the keys that lead there
/// from the one before. It begins at the first lesson, and decides nothing.
const WALK: [(&str, &str); 19] = [
    ("comparison", ""),
    ("comparison-three", "JJ"),
    ("why", "w"),
    ("refused", "\x1bJ"),
    ("fix", "J"),
    ("challenge", "J"),
    ("customer", "c"),
    ("history", "H"),
    ("queue", "gq"),
    ("queue-range", "jjvjjj"),
    ("bulk", "b"),
    ("finder", "\x1b\x1b/oakh"),
    ("palette", "\x1b:"),
    ("help", "\x1b?"),
    ("dashboard", "\x1bgd"),
    ("values", "glc"),
    ("rules", "gr"),
    ("imports", "gi"),
    ("grants", "ga"),
];

/// What a picture is made of: the text of each row and how each cell looks.
struct Picture {
    columns: u16,
    rows: Vec<Vec<Drawn>>,
}

/// One cell: its text and its look.
#[derive(Clone, PartialEq, Eq)]
struct Drawn {
    text: String,
    look: Look,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Look {
    ink: Option<[u8; 3]>,
    paper: Option<[u8; 3]>,
    bold: bool,
    dim: bool,
    underline: bool,
    reverse: bool,
}

/// The sixteen, as most terminals have them.
const SIXTEEN: [[u8; 3]; 16] = [
    [0x1c, 0x1c, 0x1c],
    [0xd7, 0x4b, 0x4b],
    [0x5f, 0xaf, 0x5f],
    [0xc9, 0xa2, 0x3a],
    [0x5f, 0x87, 0xd7],
    [0xaf, 0x6f, 0xc7],
    [0x4f, 0xb0, 0xb8],
    [0xd0, 0xd0, 0xd0],
    [0x80, 0x80, 0x80],
    [0xff, 0x7a, 0x7a],
    [0x87, 0xd7, 0x87],
    [0xf0, 0xd0, 0x60],
    [0x87, 0xaf, 0xff],
    [0xd7, 0x9f, 0xef],
    [0x7f, 0xd8, 0xdf],
    [0xff, 0xff, 0xff],
];

fn rgb(color: Color) -> Option<[u8; 3]> {
    let index = match color {
        Color::Default => return None,
        Color::Rgb(red, green, blue) => return Some([red, green, blue]),
        Color::Idx(index) => index,
    };
    Some(match index {
        0..16 => SIXTEEN[usize::from(index)],
        16..232 => {
            let cube = index - 16;
            [cube / 36, cube / 6 % 6, cube % 6].map(|at| if at == 0 { 0 } else { 55 + at * 40 })
        }
        232.. => [8 + 10 * (index - 232); 3],
    })
}

fn drawn(cell: &Cell) -> Drawn {
    let look = Look {
        ink: rgb(cell.fgcolor()),
        paper: rgb(cell.bgcolor()),
        bold: cell.bold(),
        dim: cell.dim(),
        underline: cell.underline(),
        reverse: cell.inverse(),
    };
    // A wide character stands in two cells; the second has no text.
    let text = if cell.is_wide_continuation() { "" } else { cell.contents() };
    let text = if text.is_empty() && !cell.is_wide_continuation() { " " } else { text };
    Drawn { text: text.to_owned(), look }
}

impl Picture {
    fn of(screen: &Screen) -> Picture {
        let (rows, columns) = screen.size();
        let (rows, columns) = (rows.get(), columns.get());
        let row = |y| -> Vec<Drawn> {
            (0..columns).filter_map(|x| screen.cell(y, x)).map(drawn).collect()
        };
        let mut picture = Picture { columns, rows: (0..rows).map(row).collect() };
        picture.rows.iter_mut().for_each(|row| stop_the_clock(row));
        picture
    }

    fn svg(&self, title: &str, (paper, ink): (&str, &str)) -> String {
        const WIDE: f64 = 8.43;
        const HIGH: f64 = 18.0;
        let (width, height) = (f64::from(self.columns) * WIDE, self.rows.len() as f64 * HIGH);
        let mut classes: BTreeMap<String, String> = BTreeMap::new();
        let mut body = String::new();
        for (y, row) in self.rows.iter().enumerate() {
            let top = y as f64 * HIGH;
            for (start, length, look, text) in runs(row) {
                let (left, wide) = (start as f64 * WIDE, length as f64 * WIDE);
                let (mut front, mut back) = (look.ink.map(hex), look.paper.map(hex));
                if look.reverse {
                    (front, back) = (
                        Some(back.unwrap_or_else(|| paper.to_owned())),
                        Some(front.unwrap_or_else(|| ink.to_owned())),
                    );
                }
                if let Some(back) = back {
                    let _ = write!(
                        body,
                        "<rect x=\"{left:.1}\" y=\"{top:.0}\" width=\"{wide:.1}\" height=\"{HIGH}\" fill=\"{back}\"/>"
                    );
                }
                if text.trim().is_empty() && !look.underline {
                    continue;
                }
                let mut style = String::new();
                if let Some(front) = front {
                    let _ = write!(style, "fill:{front};");
                }
                for (is_so, css) in [
                    (look.bold, "font-weight:bold;"),
                    (look.dim, "opacity:.65;"),
                    (look.underline, "text-decoration:underline;"),
                ] {
                    style += if is_so { css } else { "" };
                }
                let class = if style.is_empty() {
                    String::new()
                } else {
                    let next = format!("s{}", classes.len());
                    format!(" class=\"{}\"", classes.entry(style).or_insert(next))
                };
                // Words each at their place: another font must not move them from their columns.
                for (at, word) in words(&text) {
                    let left = left + at as f64 * WIDE;
                    let base = top + 13.5;
                    let _ = write!(
                        body,
                        "<text x=\"{left:.1}\" y=\"{base:.1}\"{class}>{}</text>",
                        escaped(&word)
                    );
                }
            }
            body.push('\n');
        }
        let styles: String =
            classes.iter().map(|(style, name)| format!(".{name}{{{style}}}")).collect();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\" font-size=\"14\" fill=\"{ink}\" \
             font-family=\"'DejaVu Sans Mono',Menlo,monospace\" xml:space=\"preserve\">\
             <title>{title}</title><style>{styles}</style>\
             <rect width=\"100%\" height=\"100%\" fill=\"{paper}\"/>\n{}</svg>\n",
            body.trim_end_matches('\n').to_owned() + "\n"
        )
    }
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Cells of one look that stand beside each other: where, how many, look and text.
fn runs(row: &[Drawn]) -> Vec<(usize, usize, Look, String)> {
    let mut runs: Vec<(usize, usize, Look, String)> = Vec::new();
    for (x, cell) in row.iter().enumerate() {
        match runs.last_mut() {
            Some((_, length, look, text)) if *look == cell.look => {
                *length += 1;
                text.push_str(&cell.text);
            }
            _ => runs.push((x, 1, cell.look, cell.text.clone())),
        }
    }
    runs
}

/// The parts of a text between two and more blanks, each with the column where it begins. What is wide
/// counts twice, as the terminal has it.
fn words(text: &str) -> Vec<(usize, String)> {
    let (mut words, mut column): (Vec<(usize, String)>, usize) = (Vec::new(), 0);
    let mut blanks = 2;
    for character in text.chars() {
        if character == ' ' {
            blanks += 1;
        } else {
            match words.last_mut() {
                Some((_, word)) if blanks < 2 => {
                    word.push_str(&" ".repeat(blanks));
                    word.push(character);
                }
                _ => words.push((column, character.to_string())),
            }
            blanks = 0;
        }
        column += width(character);
    }
    words
}

fn width(character: char) -> usize {
    let wide = matches!(character, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}');
    1 + usize::from(wide)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The same pictures whenever they are made: days and times of today become those of one day, and how long
/// something took or how old it is one length.
fn stop_the_clock(row: &mut [Drawn]) {
    let characters: Vec<char> =
        row.iter().map(|cell| cell.text.chars().next().unwrap_or(' ')).collect();
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let days = [today, today.yesterday().unwrap_or(today)].map(|day| day.to_string());
    for (at, still) in stilled(&characters, &days) {
        row[at].text = still.to_string();
    }
}

/// What stands instead, and where.
fn stilled(characters: &[char], days: &[String]) -> Vec<(usize, char)> {
    let mut instead = Vec::new();
    let text: String = characters.iter().collect();
    let place = |byte: usize| text[..byte].chars().count();
    for day in days {
        for (byte, _) in text.match_indices(day.as_str()) {
            instead.extend((place(byte)..).zip("2026-11-02".chars()));
        }
    }
    let is_in = |at: usize, holds: fn(char) -> bool| characters.get(at).copied().is_some_and(holds);
    let is_word: fn(char) -> bool = |it| it.is_alphanumeric() || it == '.' || it == ':';
    let mut at = 0;
    while at < characters.len() {
        let begins = is_in(at, |it| it.is_ascii_digit()) && (at == 0 || !is_in(at - 1, is_word));
        if !begins {
            at += 1;
            continue;
        }
        let is_number = |it: &&char| it.is_ascii_digit() || matches!(it, '.' | ':');
        let mut end = at + characters[at..].iter().take_while(is_number).count();
        // The full stop or colon that ends a sentence is none of a number's.
        while !characters[end - 1].is_ascii_digit() {
            end -= 1;
        }
        let ends = |at: usize| !is_in(at, is_word);
        let is_time = characters[at..end].contains(&':');
        let is_age = end - at <= 2 && is_in(end, |it| matches!(it, 's' | 'm')) && ends(end + 1);
        let took = is_in(end, |it| it == ' ') && is_in(end + 1, |it| it == 's') && ends(end + 2);
        if is_time || is_age || took {
            let digits = (at..end).filter(|at| characters[*at].is_ascii_digit());
            instead.extend(digits.map(|at| (at, '0')));
        }
        at = end;
    }
    instead
}

/// The demo in a terminal, walked through once.
fn walk(
    demo: &Workspace,
    (columns, rows): (u16, u16),
    theme: &str,
) -> Vec<(&'static str, Picture)> {
    let demo = demo.copied();
    let mut terminal = Terminal::in_folder(&demo.path("."));
    terminal.resize(columns, rows);
    terminal.start(&["demo", "--theme", theme]);
    terminal.until_shown(&["? all"]);
    let mut pictures = Vec::new();
    for (name, keys) in WALK {
        for key in keys.chars() {
            let before = terminal.shown();
            terminal.press(&key.to_string());
            // A key that only moves changes no text: its look is seen in the next moment.
            let still = if key == '\x1b' { STILL } else { Duration::from_millis(120) };
            terminal.settled(still, |shown| shown != before || "jvJ\x1bg".contains(key));
        }
        terminal.settled(STILL, |shown| !shown.contains(FETCHING));
        pictures.push((name, Picture::of(terminal.screen())));
    }
    pictures
}

#[test]
#[ignore = "writes docs/pictures: docs/pictures/run"]
fn every_screen() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let demo = Workspace::bare();
    let mut command = demo.command();
    command.env("XDG_DATA_HOME", demo.path(".data")).arg("demo");
    let ran: crate::workspace::Ran = command.output().unwrap().into();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let mut index: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (theme, paper, ink) in THEMES {
        for (columns, rows) in SIZES {
            let size = format!("{columns}x{rows}");
            for (name, picture) in walk(&demo, (columns, rows), theme) {
                let file = format!("{name}-{size}-{theme}.svg");
                let title = format!("steward: {name}, {size}, {theme}");
                std::fs::write(folder.join(&file), picture.svg(&title, (paper, ink))).unwrap();
                index.entry(name).or_default().push(file);
            }
        }
    }
    write_index(&folder, &index);
}

fn write_index(folder: &Path, index: &BTreeMap<&str, Vec<String>>) {
    let mut text =
        "# Pictures of every screen\n\nDrawn by `docs/pictures/run` from the real binary on the \
        demo, in three sizes and three themes (`none` is without colour). Dates and times are \
        placeholders.\n"
            .to_owned();
    for (name, _) in WALK {
        let files = &index[name];
        let links = files.iter().map(|file| {
            let said = file.trim_start_matches(name).trim_start_matches('-');
            format!("[{}]({file})", said.trim_end_matches(".svg").replace('-', " "))
        });
        let links: Vec<String> = links.collect();
        let _ = write!(text, "\n## {name}\n\n{}\n\n", links.join(" · "));
        let shown = files.iter().find(|file| file.ends_with("-120x40-dark.svg"));
        let _ = writeln!(text, "![{name}]({})", shown.unwrap_or(&files[0]));
    }
    std::fs::write(folder.join("README.md"), text).unwrap();
}

#[test]
fn what_a_clock_says_is_the_same_in_every_picture() {
    for (told, still) in [
        ("D1 2026-11-29 23:04 kim", "D1 2026-11-02 00:00 kim"),
        ("\u{2502} 2026-11-29 23:04:11", "\u{2502} 2026-11-02 00:00:00"),
        ("took 3.4 s, 12 s, 5m old", "took 0.0 s, 00 s, 0m old"),
        ("born 1984-03-12, C17, 62704", "born 1984-03-12, C17, 62704"),
        (
            "lesson 3 of 6: a word. D1 (2026-11-29: son)",
            "lesson 3 of 6: a word. D1 (2026-11-02: son)",
        ),
    ] {
        let mut characters: Vec<char> = told.chars().collect();
        for (at, instead) in stilled(&characters.clone(), &["2026-11-29".to_owned()]) {
            characters[at] = instead;
        }
        assert_eq!(characters.into_iter().collect::<String>(), still);
    }
}

#[test]
fn words_stand_in_their_columns() {
    let at = |text: &str| words(text);
    assert_eq!(at("  a b   c"), [(2, "a b".to_owned()), (8, "c".to_owned())]);
    assert_eq!(at("\u{4e2d}  x"), [(0, "\u{4e2d}".to_owned()), (4, "x".to_owned())]);
    assert_eq!(at("   "), []);
}

#[test]
fn the_same_cells_give_the_same_picture() {
    let number = |number| std::num::NonZeroU16::new(number).unwrap();
    let mut emulation = vt100::Parser::new(number(2), number(20), 0);
    emulation.process(b"\x1b[1;31mbad\x1b[0m & \x1b[7mhere\x1b[0m\r\n\x1b[38;5;245mgrey");
    let svg = Picture::of(emulation.screen()).svg("a picture", ("#000000", "#ffffff"));
    for part in [
        "<title>a picture</title>",
        ">bad</text>",
        ">&amp;</text>",
        "fill=\"#ffffff\"/>",
        "fill:#8a8a8a;",
        "fill:#d74b4b;font-weight:bold;",
    ] {
        assert!(svg.contains(part), "{part} in {svg}");
    }
    assert_eq!(svg, Picture::of(emulation.screen()).svg("a picture", ("#000000", "#ffffff")));
}
