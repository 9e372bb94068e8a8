//! The palette: a line to type in and what can be done, with its keys and why it does nothing now.

use crate::model::{Palette, PaletteEntry};
use crate::text::{cut_with, width};
use crate::theme::Role;
use crate::widgets::{List, Painter, piece};

use super::asking;
use super::finder::highlighted;
use super::frame::Frame;

/// Where it stands.
pub const FRAME: Frame = Frame::Whole;
/// What can be done, under the line that is typed.
pub const LIST: List = List::new(2, 0);

/// Columns of the keys.
const KEYS: u16 = 14;

/// Columns of what an entry does that are kept beside why it does nothing now.
const LEAST: usize = 20;

/// Draws the palette over the screen.
pub fn draw(painter: &mut Painter<'_>, palette: &Palette) {
    let mut inside = FRAME.draw(painter, "do");
    let wide = inside.width();
    asking::typed(&mut inside, 0, ": ", &palette.input);
    if palette.entries.is_empty() {
        inside.text(0, 2, wide, "No action has that name.", Role::Dim);
        return;
    }
    LIST.draw(&mut inside, &palette.scroll, palette.entries.len(), |line, at, _| {
        row(line, &palette.entries[at]);
    });
}

fn row(line: &mut Painter<'_>, entry: &PaletteEntry) {
    let columns = line.width();
    let keys = if entry.keys.is_empty() { "(no key)" } else { &entry.keys };
    let role = if entry.keys.is_empty() { Role::Dim } else { Role::Key };
    line.text(2, 0, KEYS - 1, keys, role);
    let room = columns.saturating_sub(2 + KEYS);
    match &entry.unavailable {
        None => {
            let does = highlighted(&entry.does, &entry.positions);
            line.line(2 + KEYS, 0, room, &does);
        }
        Some(why) => {
            // The reason counts more here than all it would do.
            let why = format!("  not now: {why}");
            let left = usize::from(room).saturating_sub(width(&why)).max(LEAST);
            let does = cut_with(&entry.does, left, line.theme().glyphs);
            let does = piece(does, Role::Dim);
            line.line(2 + KEYS, 0, room, &[does, piece(why, Role::Attention)]);
        }
    }
}
