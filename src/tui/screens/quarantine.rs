//! The rows of an import that could not become records, each with its reason and its text.

use super::lines;
use crate::keys::records;
use crate::model::{Model, Overview, Shows};
use crate::text::{counted, wrapped};
use crate::theme::Role;
use crate::widgets::Painter;

/// Lines above its list.
pub const OVER: u16 = 2;
/// Lines kept for the row under the cursor, rule included.
const UNDER: u16 = 7;

/// How many rows fit.
#[must_use]
pub fn rows_height(screen: &Overview, height: u16) -> u16 {
    lines(screen.len()).min(height.saturating_sub(OVER + UNDER))
}

/// Draws the rows.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &Overview) {
    let Shows::Quarantine(import, view) = &screen.shows else { return };
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    let Some(view) = view else {
        painter.text(0, 0, right, &format!("quarantine of {import}"), Role::Title);
        painter.text(1, 2, painter.width(), "fetching it", Role::Dim);
        return;
    };
    let first = if view.more { "the first " } else { "" };
    let count = counted(view.rows.len(), "row", "rows");
    let title = format!("quarantine of {import}  {first}{count}");
    painter.text(0, 0, right.saturating_sub(1), &title, Role::Title);
    if view.rows.is_empty() {
        painter.text(1, 2, painter.width(), "None of its rows is in quarantine.", Role::Plain);
        return;
    }
    painter.text(2, 1, painter.width(), &format!("{:<10}why", view.place), Role::Dim);
    let height = rows_height(screen, painter.height());
    for (line, at) in screen.scroll.window(view.rows.len(), height.into()).enumerate() {
        let (row, y) = (&view.rows[at], OVER + lines(line));
        let current = at == screen.scroll.cursor;
        painter.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
        painter.text(2, y, 9, &row.line.to_string(), Role::Plain);
        painter.text(12, y, painter.width(), &row.reason, Role::Plain);
        if current {
            painter.reverse(0, y, painter.width());
        }
    }
    let Some(row) = screen.row() else { return };
    let from = OVER + height;
    let key = model.key_for(&records::UNMASK);
    let masked_title = format!("as delivered, masked: {key} shows it");
    let title = if row.text.is_masked() { &masked_title } else { "as delivered" };
    painter.rule(from, &format!("{} {}, {title}", view.place, row.line));
    let room = painter.height().saturating_sub(from + 1);
    let width = painter.width();
    let told = wrapped(&row.text, usize::from(width.saturating_sub(2)));
    for (line, text) in told.iter().take(room.into()).enumerate() {
        painter.text(1, from + 1 + lines(line), width, text, Role::Plain);
    }
}
