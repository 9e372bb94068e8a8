//! What is different after the newest matching run, in lines.

use super::imports;
use crate::model::{Model, Overview, RunsScreen};
use crate::theme::Role;
use crate::widgets::{List, Painter};

/// Its list.
pub const LIST: List = List::new(1, 0).signed();

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
    LIST.draw(painter, &screen.scroll, told.len(), |line, at, _| {
        let text = &told[at];
        let role = if text.starts_with(' ') { Role::Plain } else { Role::Key };
        line.text(1, 0, line.width().saturating_sub(1), text, role);
    });
}
