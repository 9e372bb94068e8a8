//! Merging that people grant: each stratum in words, what is missing, what was granted. Names of fields and
//! counts only: no value of anybody.

use crate::model::{GrantsScreen, Model, Overview};
use crate::theme::Role;
use crate::widgets::{List, Painter};

/// Its list.
pub const LIST: List = List::new(2, 0).signed();

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
        painter.text(1, 2, painter.width(), none, Role::Plain);
        return;
    }
    LIST.draw(painter, &screen.scroll, shown.lines.len(), |line, at, _| {
        let (_, text) = &shown.lines[at];
        let role = if text.starts_with(' ') { Role::Plain } else { Role::Key };
        line.text(1, 0, line.width().saturating_sub(1), text, role);
    });
}
