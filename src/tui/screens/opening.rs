//! What is on screen while the workspace is being opened.

use crate::tui::action::{Action, Context};
use crate::tui::model::{Model, Opening};
use crate::tui::theme::Role;
use crate::tui::widgets::{Painter, chart};

/// Columns of the bar.
const BAR: u16 = 40;

/// Draws how far the opening is, and the key that leaves.
pub fn draw(painter: &mut Painter<'_>, model: &Model, opening: &Opening) {
    let columns = painter.width().saturating_sub(2);
    painter.text(1, 0, columns, &opening.workspace, Role::Title);
    match opening.progress {
        Some((done, total)) if total > 0 => {
            painter.text(1, 2, columns, "catching up with the ledger", Role::Plain);
            let share = done as f64 / total as f64;
            painter.text(1, 4, BAR, &chart::bar(share, BAR.into(), model.theme), Role::Plain);
            let told = format!("{done} of {total} commits");
            painter.text(BAR + 3, 4, columns.saturating_sub(BAR + 3), &told, Role::Dim);
        }
        _ => {
            painter.text(1, 2, columns, "opening the workspace", Role::Plain);
        }
    }
    let y = painter.height().saturating_sub(1);
    let key = model.keys.key_for(Context::Queue, Action::Leave);
    let x = painter.text(1, y, columns, &key, Role::Key) + 2;
    painter.text(x, y, columns, "leave", Role::Plain);
}
