//! The records that break a rule.

use super::lines;
use crate::model::{Model, Overview, Shows};
use crate::text::counted;
use crate::theme::Role;
use crate::widgets::Painter;

/// Lines above its list.
pub const OVER: u16 = 2;

/// How many records fit.
#[must_use]
pub fn rows_height(screen: &Overview, height: u16) -> u16 {
    lines(screen.len()).min(height.saturating_sub(OVER))
}

/// Draws the list.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &Overview) {
    let Shows::Failing(rule, view) = &screen.shows else { return };
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    let Some(view) = view else {
        painter.text(0, 0, right, &format!("records that break {rule}"), Role::Title);
        painter.text(1, 2, painter.width(), "fetching them", Role::Dim);
        return;
    };
    let first = if view.more { "the first " } else { "" };
    let count = counted(view.records.len(), "record", "records");
    let title = format!("{first}{count} that break {rule}");
    painter.text(0, 0, right.saturating_sub(1), &title, Role::Title);
    if view.records.is_empty() {
        painter.text(1, 2, painter.width(), "No record is known to break it.", Role::Plain);
        return;
    }
    let head = format!("{:<28}{:<10}{:<9}whom", "record", "customer", "task");
    painter.text(2, 1, painter.width(), &head, Role::Dim);
    let height = rows_height(screen, painter.height());
    for (line, at) in screen.scroll.window(view.records.len(), height.into()).enumerate() {
        let (record, y) = (&view.records[at], OVER + lines(line));
        let current = at == screen.scroll.cursor;
        painter.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
        painter.text(2, y, 27, &record.record.to_string(), Role::Plain);
        painter.text(30, y, 9, &record.customer.to_string(), Role::Plain);
        let task = record.task.map_or_else(String::new, |task| task.to_string());
        painter.text(40, y, 8, &task, Role::Attention);
        painter.text(49, y, painter.width(), &record.name, Role::Plain);
        if current {
            painter.reverse(0, y, painter.width());
        }
    }
}
