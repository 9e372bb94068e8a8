//! What lies under the mouse: a row of the list with the cursor, a column of a comparison.

use ratatui::layout::Position;

use super::{compare, customer, placed};
use crate::model::{Face, Model, Pointed, Screen};

/// What is at a place of the terminal; `None` means nothing a cursor can be on.
#[must_use]
pub fn at(model: &Model, x: u16, y: u16) -> Option<Pointed> {
    let placed = placed(model)?;
    let area = placed.area;
    if !area.contains(Position { x, y }) {
        return None;
    }
    let column = match model.screens.last() {
        Some(Screen::Task(screen)) if screen.face() != Face::Fix => {
            let columns = screen.column_count();
            compare::geometry(screen, area.width).column_at(x - area.x, columns)
        }
        Some(Screen::Customer(screen)) => {
            let view = screen.view.as_ref()?;
            let geometry = customer::geometry(screen, view, area.width);
            geometry.column_at(x - area.x, view.column.members.len())
        }
        _ => None,
    };
    Some(Pointed { row: placed.row_at(x, y), column })
}
