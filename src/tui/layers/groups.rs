//! Tasks by pattern, most first.

use crate::model::Groups;
use crate::screens::{BOTTOM, lines};
use crate::theme::Role;
use crate::widgets::Painter;

/// Draws the patterns over the screen.
pub fn draw(painter: &mut Painter<'_>, groups: &Groups) {
    let (width, height) = (painter.width(), painter.height().saturating_sub(BOTTOM));
    let mut area = painter.part(1, 1, width.saturating_sub(2), height.saturating_sub(2));
    let (done, total) = groups.prepared;
    let reading = if groups.answered && done < total {
        format!(" (reading {}%)", done * 100 / total.max(1))
    } else {
        String::new()
    };
    let mut inside = area.boxed(&format!("tasks by pattern{reading}"));
    let columns = inside.width();
    if groups.patterns.is_empty() {
        let said = if groups.answered && done >= total {
            "No task has a pattern: steward match learns what agrees and what differs."
        } else {
            "reading"
        };
        inside.text(0, 0, columns, said, Role::Dim);
        return;
    }
    let room = usize::from(inside.height());
    for (y, at) in groups.scroll.window(groups.patterns.len(), room).enumerate() {
        let (found, y) = (&groups.patterns[at], lines(y));
        let current = at == groups.scroll.cursor;
        inside.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
        let count = found.count.to_string();
        inside.text(8_u16.saturating_sub(lines(count.len())), y, 8, &count, Role::Key);
        inside.text(10, y, 9, found.kind.name(), Role::Dim);
        inside.text(20, y, columns.saturating_sub(20), &found.pattern, Role::Plain);
        if current {
            inside.reverse(0, y, columns);
        }
    }
}
