//! The palette: a line to type in and what can be done, with its keys and why it does nothing now.

use crate::model::{Palette, PaletteEntry};
use crate::screens::{BOTTOM, lines};
use crate::theme::Role;
use crate::widgets::{Painter, piece};

use super::asking;
use super::finder::highlighted;

/// Columns of the keys.
const KEYS: u16 = 14;

/// Draws the palette over the screen.
pub fn draw(painter: &mut Painter<'_>, palette: &Palette) {
    let (wide, height) = (painter.width(), painter.height().saturating_sub(BOTTOM));
    let mut area = painter.part(1, 1, wide.saturating_sub(2), height.saturating_sub(2));
    let mut inside = area.boxed("do");
    asking::typed(&mut inside, 0, ": ", &palette.input);
    if palette.entries.is_empty() {
        inside.text(0, 2, wide, "Nothing here is called that.", Role::Dim);
        return;
    }
    let room = usize::from(inside.height().saturating_sub(2));
    for (y, at) in palette.scroll.window(palette.entries.len(), room).enumerate() {
        row(&mut inside, lines(y) + 2, &palette.entries[at], at == palette.scroll.cursor);
    }
}

fn row(inside: &mut Painter<'_>, y: u16, entry: &PaletteEntry, current: bool) {
    let columns = inside.width();
    inside.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
    let keys = if entry.keys.is_empty() { "(no key)" } else { &entry.keys };
    let role = if entry.keys.is_empty() { Role::Dim } else { Role::Key };
    inside.text(2, y, KEYS - 1, keys, role);
    let room = columns.saturating_sub(2 + KEYS);
    match &entry.unavailable {
        None => {
            let line = highlighted(&entry.does, &entry.positions);
            inside.line(2 + KEYS, y, room, &line);
        }
        Some(why) => {
            // The reason counts more here than all it would do.
            let name = piece(entry.row.name, Role::Dim);
            let why = piece(format!("  not now: {why}"), Role::Attention);
            inside.line(2 + KEYS, y, room, &[name, why]);
        }
    }
    if current {
        inside.reverse(0, y, columns);
    }
}
