//! The mouse: a click puts the cursor, a second one on the same row opens, the wheel moves. It
//! decides nothing.

use super::movement::{self, Move};
use super::navigate;
use crate::action::Context;
use crate::effect::Effect;
use crate::model::{Model, QUEUE_PANE, Screen};

/// Rows a notch of the wheel moves.
const NOTCH: usize = 3;

/// Moves the cursor of whatever has the keys, as the arrows do.
pub(super) fn wheel(model: &mut Model, down: bool) -> Vec<Effect> {
    let to = if down { Move::Down } else { Move::Up };
    if Context::of(model).is_layer() {
        for _ in 0..NOTCH {
            movement::step(model, to, None);
        }
        return Vec::new();
    }
    movement::step(model, to, Some(NOTCH))
}

/// Puts the cursor where was clicked. Layers are left by keys.
pub(super) fn click(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    if Context::of(model).is_layer() || model.is_too_small() {
        return Vec::new();
    }
    if is_queue_beside(model, x) {
        return navigate::other_pane(model);
    }
    let Some(pointed) = model.drawn.at(model, x, y) else { return Vec::new() };
    match (model.screens.last_mut(), pointed.column) {
        (Some(Screen::Task(screen)), Some(column)) => screen.column = column,
        (Some(Screen::Customer(screen)), Some(column)) => screen.column = column,
        _ => {}
    }
    let Some(row) = pointed.row else { return Vec::new() };
    let (scroll, _) = model.list_mut();
    let again = scroll.cursor == row;
    scroll.cursor = row;
    if again && model.screens.is_empty() {
        return navigate::open_current(model);
    }
    Vec::new()
}

/// Whether a click at `x` is on the queue that stands beside an open task.
fn is_queue_beside(model: &Model, x: u16) -> bool {
    let is_shown = model.drawn.queue_height(model).is_some();
    is_shown && model.is_wide() && !model.screens.is_empty() && x < QUEUE_PANE
}
