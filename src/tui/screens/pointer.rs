//! What lies under the mouse: a row of the list with the cursor, a column of a comparison.

use ratatui::layout::Rect;

use super::{areas, compare, customer, fix, history, list_height, overview_over, queue};
use crate::model::{Face, Model, Pointed, Screen, Scroll};
use crate::widgets::grid;

/// What is at a place of the terminal; `None` means nothing a cursor can be on.
#[must_use]
pub fn at(model: &Model, x: u16, y: u16) -> Option<Pointed> {
    let areas = areas(model);
    let area = match (model.screens.last(), areas.screen) {
        (Some(_), Some(area)) => area,
        (None, _) => areas.queue?,
        _ => return None,
    };
    let inside = area.contains(ratatui::layout::Position { x, y });
    let (x, y) = inside.then(|| (x - area.x, y - area.y))?;
    let height = list_height(model);
    let row = |over: u16, scroll: &Scroll, length: usize| {
        let line = usize::from(y.checked_sub(over)?);
        scroll.window(length, height).nth(line)
    };
    let pointed = match model.screens.last() {
        None => {
            Pointed { row: row(queue::HEAD, &model.queue.scroll, model.queue.len()), column: None }
        }
        Some(Screen::Task(screen)) if screen.face() == Face::Fix => {
            Pointed { row: row(fix::OVER, &screen.scroll, screen.row_count()), column: None }
        }
        Some(Screen::Task(screen)) => Pointed {
            row: row(compare::OVER, &screen.scroll, screen.row_count()),
            column: column(area, x, screen.column_count(), screen.column),
        },
        Some(Screen::Customer(screen)) => {
            let view = screen.view.as_ref()?;
            Pointed {
                row: row(customer::OVER, &screen.scroll, view.fields.len()),
                column: column(area, x, view.column.members.len(), screen.column),
            }
        }
        Some(Screen::History(screen)) => {
            Pointed { row: row(history::OVER, &screen.scroll, screen.len()), column: None }
        }
        Some(Screen::Overview(screen)) => {
            let over = overview_over(screen)?;
            Pointed { row: row(over, &screen.scroll, screen.len()), column: None }
        }
    };
    Some(pointed)
}

/// The column of a grid under `x`; the one after the last is the golden one.
fn column(area: Rect, x: u16, columns: usize, cursor: usize) -> Option<usize> {
    let (visible, wide) = grid::fitting(area.width, columns, cursor);
    let place = usize::from(x.checked_sub(grid::NAMES)? / wide.max(1));
    let column = visible.start + place;
    Some(if column < visible.end { column } else { columns })
}
