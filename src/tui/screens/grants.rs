//! Merging that people grant: each stratum in words, what is missing, what was granted. Names of fields and
//! counts only: no value of anybody.

use super::lines;
use crate::model::{GrantsScreen, Model, Overview};
use crate::theme::Role;
use crate::widgets::Painter;

/// Lines above its list.
pub const OVER: u16 = 2;

/// How many lines fit.
#[must_use]
pub fn rows_height(screen: &Overview, height: u16) -> u16 {
    lines(screen.len()).min(height.saturating_sub(OVER))
}

/// Draws it.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &Overview, shown: &GrantsScreen) {
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    let title = "grants: merges that a sample of answers allows";
    painter.text(0, 0, right.saturating_sub(1), title, Role::Title);
    if shown.view.is_none() {
        painter.text(1, 2, painter.width(), "counting", Role::Dim);
        return;
    }
    painter.text(1, 1, painter.width().saturating_sub(1), &shown.promise(), Role::Dim);
    if shown.lines.is_empty() {
        let none = "No census was taken yet: a match that learns takes one.";
        painter.text(1, OVER, painter.width(), none, Role::Plain);
        return;
    }
    let height = rows_height(screen, painter.height());
    for (line, at) in screen.scroll.window(shown.lines.len(), height.into()).enumerate() {
        let (text, y) = (model.told(&shown.lines[at].1), OVER + lines(line));
        let role = if text.starts_with(' ') { Role::Plain } else { Role::Key };
        painter.text(1, y, painter.width().saturating_sub(1), &text, role);
        if at == screen.scroll.cursor {
            painter.text(0, y, 1, ">", Role::Title);
        }
    }
}
