//! A text on the screen that a terminal may open (OSC 8): written once more, between the two marks.
//!
//! Terminals without it skip an operating system command whole; tmux from 3.4 on hands it over.

use ratatui::buffer::Cell;
use ratatui::layout::Position;

use super::pen::Pen;
use super::screen::Screen;

/// An address, and where its text begins on the screen. It ends at the next blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where the text begins.
    pub at: Position,
    /// The address.
    pub address: String,
}

impl Link {
    /// A link to an address, where it is one that can be sent: an address of plain characters.
    #[must_use]
    pub fn of(at: Position, address: &str) -> Option<Self> {
        let plain = address.bytes().all(|byte| byte.is_ascii_graphic());
        (plain && address.contains("://")).then(|| Self { at, address: address.to_owned() })
    }

    /// The cells of its text.
    fn text<'s>(&self, screen: &'s Screen) -> &'s [Cell] {
        let row = screen.rows().nth(self.at.y.into()).unwrap_or_default();
        let rest = row.get(self.at.x.into()..).unwrap_or_default();
        let end = rest.iter().position(|cell| cell.symbol() == " ").unwrap_or(rest.len());
        &rest[..end]
    }

    /// Writes its text once more as a link; the terminal's pen and place are not known afterwards.
    pub(super) fn send(&self, wanted: &Screen, out: &mut Vec<u8>) {
        let text = self.text(wanted);
        let Some(first) = text.first() else { return };
        let Position { x, y } = self.at;
        out.extend_from_slice(format!("\x1b[{};{}H", y + 1, x + 1).as_bytes());
        Pen::change(None, Pen::of(first), out);
        out.extend_from_slice(format!("\x1b]8;;{}\x1b\\", self.address).as_bytes());
        text.iter().for_each(|cell| out.extend_from_slice(cell.symbol().as_bytes()));
        out.extend_from_slice(b"\x1b]8;;\x1b\\");
    }

    /// It is a link no more: what of it stays on the screen is to be written without.
    pub(super) fn forget(&self, shown: &mut Screen) {
        let columns = self.text(shown).len();
        shown.unknown(self.at.x.into(), self.at.y.into(), columns);
    }
}
