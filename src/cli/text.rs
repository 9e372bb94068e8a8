//! Text fit to be printed: nothing in it is a command to a terminal, and columns are aligned.

use unicode_width::UnicodeWidthStr;

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

/// The text with every character written out that would steer a terminal or turn its reading
/// direction. All that is printed of a value goes through here.
pub fn clean(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let code = u32::from(character);
        match code {
            0x00..=0x1f => {
                shown.push('^');
                shown.extend(char::from_u32(0x40 + code));
            }
            0x7f => shown.push_str("^?"),
            0x80..=0x9f | 0x61c | 0x200e | 0x200f | 0x2028..=0x202e | 0x2066..=0x2069 | 0xfeff => {
                shown.push_str(&format!("<{code:x}>"));
            }
            _ => shown.push(character),
        }
    }
    shown
}

/// A value of a sensitive field: its last four letters and digits stay where it is long enough to
/// hide the others.
pub fn masked(text: &str) -> String {
    let signs = text.chars().filter(|character| character.is_alphanumeric()).count();
    let kept = if signs > 8 { 4 } else { 0 };
    let mut hidden = signs - kept;
    let mask = |character: char| match (character.is_alphanumeric(), hidden) {
        (true, 1..) => {
            hidden -= 1;
            '*'
        }
        _ => character,
    };
    text.chars().map(mask).collect()
}

/// A value as it is shown: clean, masked where it must be.
pub fn shown(text: &str, sensitive: bool) -> String {
    if sensitive { clean(&masked(text)) } else { clean(text) }
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
    let noun = if number == 1 { one } else { more };
    format!("{} {noun}", indicatif::HumanCount(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        for (text, expected) in [
            ("Zoë Ng", "Zoë Ng"),
            ("a\u{1b}[31mb", "a^[[31mb"),
            ("a\tb\r\nc", "a^Ib^M^Jc"),
            ("\u{9b}2J", "<9b>2J"),
            ("a\u{202e}b", "a<202e>b"),
            ("\u{7f}", "^?"),
        ] {
            assert_eq!(clean(text), expected);
        }
    }

    #[test]
    fn a_mask_keeps_form_and_the_last_four_of_long_values() {
        for (text, expected) in
            [("123-45-6789", "***-**-6789"), ("1984-03-12", "****-**-**"), ("ab", "**"), ("", "")]
        {
            assert_eq!(masked(text), expected);
        }
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
