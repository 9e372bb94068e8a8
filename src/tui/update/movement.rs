//! Cursors.

use super::layers;
use crate::action::Action;
use crate::effect::Effect;
use crate::model::{Layer, Model, Screen, Scroll};

/// Moves the cursor of whatever has the keys.
pub(super) fn step(model: &mut Model, action: Action, count: Option<usize>) -> Vec<Effect> {
    if !model.layers.is_empty() {
        return in_layer(model, action);
    }
    if matches!(action, Action::Left | Action::Right) {
        column(model, action == Action::Right);
        return Vec::new();
    }
    let half = (model.drawn.list_height(model) / 2).max(1);
    let (scroll, length) = model.list_mut();
    move_in(scroll, action, count.unwrap_or(1), half, length);
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

fn move_in(scroll: &mut Scroll, action: Action, count: usize, half: usize, length: usize) {
    let signed = |rows: usize| isize::try_from(rows).unwrap_or(isize::MAX);
    match action {
        Action::Down => scroll.step(signed(count), length),
        Action::Up => scroll.step(-signed(count), length),
        Action::HalfDown => scroll.step(signed(half), length),
        Action::HalfUp => scroll.step(-signed(half), length),
        Action::First => scroll.to(0, length),
        Action::Last => scroll.to(length.saturating_sub(1), length),
        _ => {}
    }
}

fn column(model: &mut Model, right: bool) {
    let step = |column: usize, last: usize| {
        if right { (column + 1).min(last) } else { column.saturating_sub(1) }
    };
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
}

fn in_layer(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = usize::from(model.size.1 / 2).max(1);
    let size = model.size;
    let longest = layers::reading_length(model);
    let Some(layer) = model.layers.last_mut() else { return Vec::new() };
    let length = layer.list().map_or(0, |(_, length)| length);
    if let Some(scroll) = layer.scroll_mut() {
        move_in(scroll, action, 1, page, length);
    } else if let Some(top) = layer.top_mut() {
        scroll(top, action, (page, size.1, longest));
    } else if let Layer::Bulk(bulk) = layer {
        let mut scroll = Scroll { cursor: bulk.top, top: bulk.top };
        move_in(&mut scroll, action, 1, page, bulk.reasons().len());
        bulk.top = scroll.cursor;
    }
    Vec::new()
}

/// Moves the first line of a layer that is read.
fn scroll(top: &mut usize, action: Action, (page, height, longest): (usize, u16, usize)) {
    let last = longest.saturating_sub(usize::from(height).saturating_sub(6));
    *top = match action {
        Action::Down => *top + 1,
        Action::Up => top.saturating_sub(1),
        Action::HalfDown => *top + page,
        Action::HalfUp => top.saturating_sub(page),
        _ => *top,
    }
    .min(last);
}
