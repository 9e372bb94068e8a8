//! Tasks by pattern, most first.

use crate::model::Groups;
use crate::screens::lines;
use crate::text::{counted, wrapped};
use crate::theme::{Role, Theme};
use crate::widgets::{List, Painter};

use super::frame::Frame;

/// Where it stands.
pub const FRAME: Frame = Frame::Whole;
/// Lines under the list: the pattern under the cursor, whole.
const FOOT: u16 = 3;
/// The patterns.
pub const LIST: List = List::new(0, FOOT);

/// Draws the patterns over the screen.
pub fn draw(painter: &mut Painter<'_>, groups: &Groups) {
    let (done, total) = groups.prepared;
    let reading = if groups.answered && done < total {
        format!(" (reading {}%)", done * 100 / total.max(1))
    } else {
        String::new()
    };
    let mut inside = FRAME.draw(painter, &format!("tasks by pattern{reading}"));
    let columns = inside.width();
    if groups.patterns.is_empty() {
        let said = if groups.answered && done >= total {
            "No task has a pattern yet: run steward match."
        } else {
            "reading"
        };
        inside.text(0, 0, columns, said, Role::Dim);
        return;
    }
    LIST.draw(&mut inside, &groups.scroll, groups.patterns.len(), |line, at, _| {
        let found = &groups.patterns[at];
        let count = found.count.to_string();
        line.text(8_u16.saturating_sub(lines(count.len())), 0, 8, &count, Role::Key);
        line.text(10, 0, 9, found.kind.name(), Theme::of_kind(found.kind));
        line.text(20, 0, columns.saturating_sub(20), &found.pattern, Role::Plain);
    });
    let Some(current) = groups.patterns.get(groups.scroll.cursor) else { return };
    let y = inside.height().saturating_sub(FOOT);
    let tasks = counted(current.count, "task", "tasks");
    inside.rule(y, &tasks);
    let room = usize::from(columns.saturating_sub(1)).max(8);
    for (at, part) in wrapped(&current.pattern, room).iter().take(usize::from(FOOT) - 1).enumerate()
    {
        inside.text(1, y + 1 + lines(at), columns, part, Role::Plain);
    }
}
