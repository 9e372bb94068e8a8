//! Text fit to be printed: nothing in it is a command to a terminal, and columns are aligned.

use unicode_width::UnicodeWidthStr;

use domain::printable::{Controls, printable};

/// Colours, where they are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// Whether they are.
    pub colour: bool,
}

impl Paint {
    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// What speaks against, or is wrong.
    pub fn red(self, text: &str) -> String {
        self.wrap("31", text)
    }

    /// What speaks for.
    pub fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// The text with every character written out that would steer a terminal, turn its reading
/// direction or hide. All that is printed of a value goes through here.
pub fn clean(text: &str) -> String {
    printable(text, Controls::Carets).into_owned()
}

/// Lines that may be printed as they are: a last guard behind [`clean`]. Only line ends, tabs and,
/// where there is colour, the codes of [`Paint`] come through.
pub fn guarded(text: &str, colour: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive(['\n', '\t']) {
        let body = line.trim_end_matches(['\n', '\t']);
        let mut rest = body;
        while colour && let Some((at, code)) = first_paint(rest) {
            shown.push_str(&clean(&rest[..at]));
            shown.push_str(code);
            rest = &rest[at + code.len()..];
        }
        shown.push_str(&clean(rest));
        shown.push_str(&line[body.len()..]);
    }
    shown
}

/// What [`Paint`] writes, and a QR code.
const PAINTS: [&str; 5] = ["\u{1b}[1m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[0m", BLACK_ON_WHITE];
/// What a QR code is drawn with, whatever the theme.
const BLACK_ON_WHITE: &str = "\u{1b}[38;5;16;48;5;231m";

fn first_paint(text: &str) -> Option<(usize, &'static str)> {
    PAINTS.iter().filter_map(|code| Some((text.find(code)?, *code))).min()
}

/// Rows of cells in aligned columns. Cells hold no colours; a row is painted whole.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Adds a row.
    pub fn row<I, T>(&mut self, cells: I)
    where
        I: IntoIterator<Item = T>,
        T: Into<String>,
    {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The rows as lines, two spaces between columns, none at the end.
    pub fn lines(&self) -> Vec<String> {
        self.lines_after(&mut Vec::new())
    }

    /// The same for one part of a long table: columns are at least as wide as in the parts before,
    /// which is remembered in `widths`.
    pub fn lines_after(&self, widths: &mut Vec<usize>) -> Vec<String> {
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                match widths.get_mut(column) {
                    Some(width) => *width = (*width).max(cell.width()),
                    None => widths.push(cell.width()),
                }
            }
        }
        let line = |row: &Vec<String>| {
            let mut text = String::new();
            for (cell, width) in row.iter().zip(widths.iter()) {
                text.push_str(cell);
                text.push_str(&" ".repeat(width + 2 - cell.width()));
            }
            text.trim_end().to_owned()
        };
        self.rows.iter().map(line).collect::<Vec<_>>()
    }
}

/// A bar of up to `width` signs for `part` of `whole`.
pub fn bar(part: f64, whole: f64, width: usize) -> String {
    let share = if whole > 0.0 { (part.abs() / whole).min(1.0) } else { 0.0 };
    let signs = (share * width as f64).round() as usize;
    let sign = if part < 0.0 { "-" } else { "+" };
    sign.repeat(signs)
}

/// `1 row`, `2 rows`.
pub fn counted(number: u64, one: &str, more: &str) -> String {
    domain::counted_as(number, indicatif::HumanCount(number), one, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_colours_come_through() {
        let painted = Paint { colour: true }.red("-1.0\u{1b}[2J");
        assert_eq!(guarded(&painted, true), "\u{1b}[31m-1.0^[[2J\u{1b}[0m");
        assert_eq!(guarded(&painted, false), "^[[31m-1.0^[[2J^[[0m");
        assert_eq!(guarded("a\tb\nc\r\u{9b}J\n", false), "a\tb\nc^M<9b>J\n");
    }

    #[test]
    fn columns_are_aligned_by_width() {
        let mut table = Table::default();
        table.row(["名前", "b"]);
        table.row(["x", "long"]);
        table.row(["y"]);
        assert_eq!(table.lines(), ["名前  b", "x     long", "y"]);
    }

    #[test]
    fn parts_of_a_table_never_become_narrower() {
        let mut widths = Vec::new();
        let mut part = |cells: [&str; 2]| {
            let mut table = Table::default();
            table.row(cells);
            table.lines_after(&mut widths)
        };
        assert_eq!(part(["a", "b"]), ["a  b"]);
        assert_eq!(part(["long", "b"]), ["long  b"]);
        assert_eq!(part(["a", "b"]), ["a     b"]);
    }

    #[test]
    fn bars_show_share_and_direction() {
        assert_eq!(bar(5.0, 10.0, 10), "+++++");
        assert_eq!(bar(-10.0, 10.0, 4), "----");
        assert_eq!(bar(1.0, 0.0, 4), "");
    }
}
