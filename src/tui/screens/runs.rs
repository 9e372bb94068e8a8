//! What is different after the newest matching run, in lines.

use super::{imports, lines};
use crate::model::{Model, Overview, RunsScreen};
use crate::theme::Role;
use crate::widgets::Painter;

/// Lines above its list.
pub const OVER: u16 = 1;

/// How many lines fit.
#[must_use]
pub fn rows_height(screen: &Overview, height: u16) -> u16 {
    lines(screen.len()).min(height.saturating_sub(OVER))
}

/// Draws it.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &Overview, shown: &RunsScreen) {
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    let title = "the newest matching run beside the one before";
    painter.text(0, 0, right.saturating_sub(1), title, Role::Title);
    let Some(told) = &shown.lines else {
        let work = imports::long_work(model).filter(|_| model.is_working());
        let work = work.unwrap_or_else(|| "comparing them".to_owned());
        painter.text(1, 2, painter.width(), &work, Role::Dim);
        return;
    };
    let height = rows_height(screen, painter.height());
    for (line, at) in screen.scroll.window(told.len(), height.into()).enumerate() {
        let (text, y) = (&told[at], OVER + lines(line));
        let role = if text.starts_with(' ') { Role::Plain } else { Role::Key };
        painter.text(1, y, painter.width().saturating_sub(1), text, role);
        if at == screen.scroll.cursor {
            painter.text(0, y, 1, ">", Role::Title);
        }
    }
}
