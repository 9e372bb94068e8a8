//! Colours and attributes that the next character gets, and the shortest way to change them (SGR,
//! ECMA-48 section 8.3.117).

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// What of a style shows on a blank.
const SEEN_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// An attribute, the code that sets it and the one that ends it.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// What the terminal writes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pen {
    ink: Color,
    paper: Color,
    attributes: Modifier,
}

impl Pen {
    /// As after a reset.
    pub(super) const PLAIN: Pen =
        Pen { ink: Color::Reset, paper: Color::Reset, attributes: Modifier::empty() };

    /// The one a cell asks for: on a blank only what can be seen there. Bold goes before faint:
    /// terminals disagree about both at once.
    pub(super) fn of(cell: &Cell) -> Pen {
        let mut attributes = cell.modifier;
        if attributes.contains(Modifier::BOLD) {
            attributes.remove(Modifier::DIM);
        }
        let pen = Pen { ink: cell.fg, paper: cell.bg, attributes };
        if cell.symbol() != " " {
            return pen;
        }
        let attributes = pen.attributes & SEEN_ON_BLANK;
        let ink = if attributes.is_empty() { Color::Reset } else { pen.ink };
        Pen { ink, attributes, ..pen }
    }

    /// Whether a blank looks the same under both.
    fn blanks_like(self, other: Pen) -> bool {
        self.paper == other.paper
            && (self.attributes & SEEN_ON_BLANK).is_empty()
            && other.attributes.is_empty()
    }

    /// Whether a cell can be written as it is asked for.
    pub(super) fn writes(self, cell: &Cell) -> bool {
        let wanted = Pen::of(cell);
        self == wanted || cell.symbol() == " " && self.blanks_like(wanted)
    }

    /// Changes to another pen; from nothing where it is not known what the terminal has.
    pub(super) fn change(from: Option<Pen>, to: Pen, out: &mut Vec<u8>) {
        if from == Some(to) {
            return;
        }
        out.extend_from_slice(b"\x1b[");
        if to != Pen::PLAIN {
            let mut anew = vec![0];
            Pen::PLAIN.codes(to, &mut anew);
            let mut codes = anew;
            if let Some(from) = from {
                let mut changed = Vec::new();
                from.codes(to, &mut changed);
                if text_of(&changed).len() <= text_of(&codes).len() {
                    codes = changed;
                }
            }
            out.extend_from_slice(text_of(&codes).as_bytes());
        }
        out.push(b'm');
    }

    /// The codes from one pen to another, without a reset.
    fn codes(self, to: Pen, codes: &mut Vec<u8>) {
        let mut kept = self.attributes;
        for (attribute, _, end) in ATTRIBUTES {
            if kept.contains(attribute) && !to.attributes.contains(attribute) {
                codes.push(end);
                // One code may end two.
                for (ended, _, _) in ATTRIBUTES.iter().filter(|(_, _, other)| *other == end) {
                    kept.remove(*ended);
                }
            }
        }
        for (attribute, begin, _) in ATTRIBUTES {
            if to.attributes.contains(attribute) && !kept.contains(attribute) {
                codes.push(begin);
            }
        }
        if self.ink != to.ink {
            colour(to.ink, 30, codes);
        }
        if self.paper != to.paper {
            colour(to.paper, 40, codes);
        }
    }
}

/// The codes of a colour; `base` is 30 for ink, 40 for paper.
fn colour(colour: Color, base: u8, codes: &mut Vec<u8>) {
    let bright = base + 60;
    match colour {
        Color::Reset => codes.push(base + 9),
        Color::Black => codes.push(base),
        Color::Red => codes.push(base + 1),
        Color::Green => codes.push(base + 2),
        Color::Yellow => codes.push(base + 3),
        Color::Blue => codes.push(base + 4),
        Color::Magenta => codes.push(base + 5),
        Color::Cyan => codes.push(base + 6),
        Color::Gray => codes.push(base + 7),
        Color::DarkGray => codes.push(bright),
        Color::LightRed => codes.push(bright + 1),
        Color::LightGreen => codes.push(bright + 2),
        Color::LightYellow => codes.push(bright + 3),
        Color::LightBlue => codes.push(bright + 4),
        Color::LightMagenta => codes.push(bright + 5),
        Color::LightCyan => codes.push(bright + 6),
        Color::White => codes.push(bright + 7),
        Color::Indexed(number) => codes.extend([base + 8, 5, number]),
        Color::Rgb(red, green, blue) => codes.extend([base + 8, 2, red, green, blue]),
    }
}

fn text_of(codes: &[u8]) -> String {
    codes.iter().map(u8::to_string).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pen(ink: Color, attributes: Modifier) -> Pen {
        Pen { ink, attributes, ..Pen::PLAIN }
    }

    #[test]
    fn the_shortest_way_is_taken() {
        let bold = pen(Color::Reset, Modifier::BOLD);
        let dim = pen(Color::Reset, Modifier::DIM);
        let key = pen(Color::Indexed(80), Modifier::BOLD);
        let red = pen(Color::Red, Modifier::empty());
        for (from, to, expected) in [
            (Some(bold), bold, ""),
            (None, Pen::PLAIN, "\x1b[m"),
            (Some(key), Pen::PLAIN, "\x1b[m"),
            (Some(Pen::PLAIN), key, "\x1b[1;38;5;80m"),
            (None, key, "\x1b[0;1;38;5;80m"),
            (Some(bold), key, "\x1b[38;5;80m"),
            (Some(key), bold, "\x1b[39m"),
            (Some(bold), dim, "\x1b[0;2m"),
            (Some(key), red, "\x1b[0;31m"),
        ] {
            let mut out = Vec::new();
            Pen::change(from, to, &mut out);
            let out = String::from_utf8(out).unwrap();
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn ink_is_not_changed_for_a_blank() {
        let mut blank = Cell::new(" ");
        assert!(pen(Color::Red, Modifier::BOLD).writes(&blank));
        assert!(!pen(Color::Red, Modifier::REVERSED).writes(&blank));
        blank.bg = Color::Blue;
        assert!(!pen(Color::Red, Modifier::BOLD).writes(&blank));
    }
}
