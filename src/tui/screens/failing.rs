//! The records that break a rule.

use crate::model::{Model, Overview, Shows};
use crate::text::counted;
use crate::theme::Role;
use crate::widgets::{List, Painter};

/// Its list.
pub const LIST: List = List::new(2, 0);

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
    LIST.draw(painter, &screen.scroll, view.records.len(), |line, at, _| {
        let record = &view.records[at];
        line.text(2, 0, 27, &record.record.to_string(), Role::Plain);
        line.text(30, 0, 9, &record.customer.to_string(), Role::Plain);
        let task = record.task.map_or_else(String::new, |task| task.to_string());
        line.text(40, 0, 8, &task, Role::Attention);
        line.text(49, 0, line.width(), &record.name, Role::Plain);
    });
}
