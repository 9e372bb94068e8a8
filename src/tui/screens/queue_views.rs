//! The views of the queue in its header: each with how many tasks fit it.

use super::lines;
use crate::model::Model;
use crate::text::{clean, width};
use crate::theme::Role;
use crate::widgets::Painter;

/// What stands before them.
const LABEL: &str = "views: ";
/// Columns between two of them.
const GAP: u16 = 2;
/// Columns of how many there was no room for: `+12`.
const REST: u16 = 3;

/// Draws as many as have room, whole, and says how many have none. The one that is shown stands out.
pub fn draw(painter: &mut Painter<'_>, model: &Model, (x, y): (u16, u16), room: u16) {
    let queue = &model.queue;
    let told: Vec<(String, bool)> = queue
        .all_views()
        .map(|view| {
            let count = queue.count_of(&view).map(|count| format!(" {count}"));
            (format!("{}{}", view.name, count.unwrap_or_default()), queue.is_in(&view))
        })
        .collect();
    let wide = |text: &str| lines(width(&clean(text, model.theme.glyphs)));
    let end = x.saturating_add(room);
    let mut at = x + lines(LABEL.len());
    let mut shown = 0;
    for (place, (text, is_in)) in told.iter().enumerate() {
        let is_last = place + 1 == told.len();
        let kept = if is_last { 0 } else { GAP + REST };
        if at.saturating_add(wide(text)).saturating_add(kept) > end {
            break;
        }
        let role = if *is_in { Role::Title } else { Role::Dim };
        at += painter.text(at, y, room, text, role) + GAP;
        shown += 1;
    }
    if shown == 0 {
        return;
    }
    painter.text(x, y, room, LABEL, Role::Dim);
    if shown < told.len() {
        painter.text(at, y, REST, &format!("+{}", told.len() - shown), Role::Dim);
    }
}
