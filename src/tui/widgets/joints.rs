//! How lines meet: which sides of a cell they go to, and the character for it.

use crate::theme::{Glyphs, Theme};

/// The sides of a cell that lines go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) up: bool,
    pub(super) down: bool,
    pub(super) left: bool,
    pub(super) right: bool,
}

/// Every character, with the sides it goes to: up, down, left, right.
const CHARACTERS: [(&str, [bool; 4]); 11] = [
    ("│", [true, true, false, false]),
    ("─", [false, false, true, true]),
    ("┌", [false, true, false, true]),
    ("┐", [false, true, true, false]),
    ("└", [true, false, false, true]),
    ("┘", [true, false, true, false]),
    ("├", [true, true, false, true]),
    ("┤", [true, true, true, false]),
    ("┬", [false, true, true, true]),
    ("┴", [true, false, true, true]),
    ("┼", [true, true, true, true]),
];

impl Lines {
    /// What a character of a line goes to; `None` is no line.
    pub(super) fn of(symbol: &str, theme: Theme) -> Option<Lines> {
        let sides = match (theme.glyphs, symbol) {
            (Glyphs::Ascii, "|") => [true, true, false, false],
            (Glyphs::Ascii, "-") => [false, false, true, true],
            // A plus is also what telephone numbers begin with.
            (Glyphs::Ascii, _) => return None,
            (Glyphs::Utf8, _) => CHARACTERS.iter().find(|(it, _)| *it == symbol)?.1,
        };
        let [up, down, left, right] = sides;
        Some(Lines { up, down, left, right })
    }

    /// Both.
    pub(super) fn and(self, other: Lines) -> Lines {
        Lines {
            up: self.up || other.up,
            down: self.down || other.down,
            left: self.left || other.left,
            right: self.right || other.right,
        }
    }

    /// The character that goes there, and nowhere else.
    pub(super) fn symbol(self, theme: Theme) -> &'static str {
        let sides = [self.up, self.down, self.left, self.right];
        if theme.glyphs == Glyphs::Ascii {
            return match sides {
                [_, _, false, false] => "|",
                [false, false, _, _] => "-",
                _ => "+",
            };
        }
        CHARACTERS.iter().find(|(_, it)| *it == sides).map_or("─", |(symbol, _)| symbol)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::super::Painter;
    use super::*;
    use crate::theme::Colour;

    fn drawn(glyphs: Glyphs) -> String {
        let theme = Theme { colour: Colour::None, glyphs };
        let area = Rect { x: 0, y: 0, width: 12, height: 5 };
        let mut buffer = Buffer::empty(area);
        let mut painter = Painter::new(&mut buffer, area, theme);
        // A pane at the left with a rule of its own, one line, and a screen with a box and a rule.
        painter.part(0, 0, 3, 5).rule(2, "");
        painter.part(4, 0, 8, 3).boxed("on");
        painter.part(4, 0, 8, 5).rule(3, "");
        painter.part(3, 0, 1, 5).pane_line(0);
        let rows = buffer.content.chunks(12);
        let row = |row: &[ratatui::buffer::Cell]| row.iter().map(|it| it.symbol()).collect();
        rows.map(row).collect::<Vec<String>>().join("\n")
    }

    #[test]
    fn lines_meet_in_characters_that_go_to_all_of_them() {
        let utf8 = "   │┌ on ──┐\n   ││      │\n───┤└──────┘\n   ├────────\n   │        ";
        assert_eq!(drawn(Glyphs::Utf8), utf8);
        let ascii = "   |+ on --+\n   ||      |\n---++------+\n   +--------\n   |        ";
        assert_eq!(drawn(Glyphs::Ascii), ascii);
    }

    #[test]
    fn every_character_is_found_by_its_sides() {
        let theme = Theme { colour: Colour::None, glyphs: Glyphs::Utf8 };
        for (symbol, _) in CHARACTERS {
            let lines = Lines::of(symbol, theme).expect(symbol);
            assert_eq!(lines.symbol(theme), symbol);
            assert_eq!(lines.and(lines), lines);
        }
        assert_eq!(Lines::of("a", theme), None);
    }
}
