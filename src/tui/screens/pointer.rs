//! What lies under the mouse: a row of the list with the cursor, a column of a comparison.

use ratatui::layout::{Position, Rect};

use super::placed;
use crate::model::{Face, Model, Pointed, Screen};
use crate::widgets::grid;

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
            column(area, x, screen.column_count(), screen.column)
        }
        Some(Screen::Customer(screen)) => {
            let view = screen.view.as_ref()?;
            column(area, x, view.column.members.len(), screen.column)
        }
        _ => None,
    };
    Some(Pointed { row: placed.row_at(x, y), column })
}

/// The column of a grid under `x`; the one after the last is the golden one.
fn column(area: Rect, x: u16, columns: usize, cursor: usize) -> Option<usize> {
    let (visible, wide) = grid::fitting(area.width, columns, cursor);
    let x = x - area.x;
    let place = usize::from(x.checked_sub(grid::NAMES)? / wide.max(1));
    let column = visible.start + place;
    Some(if column < visible.end { column } else { columns })
}
