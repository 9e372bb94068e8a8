//! Cursors.

use super::layers;
use crate::effect::Effect;
use crate::keys::Press;
use crate::model::{Model, Screen, Scroll};

/// Where a cursor goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Down,
    Up,
    HalfDown,
    HalfUp,
    First,
    Last,
}

pub(crate) fn down(model: &mut Model, press: Press) -> Vec<Effect> {
    step(model, Move::Down, press.count)
}

pub(crate) fn up(model: &mut Model, press: Press) -> Vec<Effect> {
    step(model, Move::Up, press.count)
}

pub(crate) fn first(model: &mut Model, press: Press) -> Vec<Effect> {
    step(model, Move::First, press.count)
}

pub(crate) fn last(model: &mut Model, press: Press) -> Vec<Effect> {
    step(model, Move::Last, press.count)
}

pub(crate) fn half_down(model: &mut Model, press: Press) -> Vec<Effect> {
    step(model, Move::HalfDown, press.count)
}

pub(crate) fn half_up(model: &mut Model, press: Press) -> Vec<Effect> {
    step(model, Move::HalfUp, press.count)
}

/// Moves the cursor of whatever has the keys.
pub(super) fn step(model: &mut Model, to: Move, count: Option<usize>) -> Vec<Effect> {
    if !model.layers.is_empty() {
        in_layer(model, to);
        return Vec::new();
    }
    let half = (model.drawn.list_height(model) / 2).max(1);
    let (scroll, length) = model.list_mut();
    move_in(scroll, to, count.unwrap_or(1), half, length);
    Vec::new()
}

/// Remembers which rows are shown, so that lists move as little as needed.
pub(super) fn settle(model: &mut Model) {
    let height = model.drawn.list_height(model);
    if let Some(height) = model.drawn.queue_height(model) {
        let length = model.queue.len();
        model.queue.scroll.settle(length, height);
    }
    let (scroll, length) = model.list_mut();
    scroll.settle(length, height);
    if let Some(height) = model.drawn.layer_height(model)
        && let Some(layer) = model.layers.last_mut()
    {
        let length = layer.list().map_or(0, |(_, length)| length);
        if let Some(scroll) = layer.scroll_mut() {
            scroll.settle(length, height);
        }
    }
}

fn move_in(scroll: &mut Scroll, to: Move, count: usize, half: usize, length: usize) {
    let signed = |rows: usize| isize::try_from(rows).unwrap_or(isize::MAX);
    match to {
        Move::Down => scroll.step(signed(count), length),
        Move::Up => scroll.step(-signed(count), length),
        Move::HalfDown => scroll.step(signed(half), length),
        Move::HalfUp => scroll.step(-signed(half), length),
        Move::First => scroll.to(0, length),
        Move::Last => scroll.to(length.saturating_sub(1), length),
    }
}

/// Moves the cursor to another column.
pub(crate) fn column(model: &mut Model, by: isize) -> Vec<Effect> {
    let step = |column: usize, last: usize| column.saturating_add_signed(by).min(last);
    match model.screens.last_mut() {
        Some(Screen::Task(screen)) => {
            let last = screen.column_count();
            screen.column = step(screen.column, last);
        }
        Some(Screen::Customer(screen)) => {
            let last = screen.view.as_ref().map_or(0, |view| view.column.members.len());
            screen.column = step(screen.column, last);
        }
        _ => {}
    }
    Vec::new()
}

fn in_layer(model: &mut Model, to: Move) {
    let page = usize::from(model.size.1 / 2).max(1);
    let size = model.size;
    let longest = layers::reading_length(model);
    let Some(layer) = model.layers.last_mut() else { return };
    let length = layer.list().map_or(0, |(_, length)| length);
    if let Some(scroll) = layer.scroll_mut() {
        move_in(scroll, to, 1, page, length);
    } else if let Some(top) = layer.top_mut() {
        scroll(top, to, (page, size.1, longest));
    }
}

/// Moves the first line of a layer that is read.
fn scroll(top: &mut usize, to: Move, (page, height, longest): (usize, u16, usize)) {
    let last = longest.saturating_sub(usize::from(height).saturating_sub(6));
    *top = match to {
        Move::Down => *top + 1,
        Move::Up => top.saturating_sub(1),
        Move::HalfDown => *top + page,
        Move::HalfUp => top.saturating_sub(page),
        Move::First | Move::Last => *top,
    }
    .min(last);
}
