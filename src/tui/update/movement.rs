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
    if let Some(Layer::Look(look)) = model.layers.last_mut() {
        scroll(&mut look.top, action, (page, size.1, longest));
        return Vec::new();
    }
    match model.layers.last_mut() {
        Some(
            Layer::Why { top, .. }
            | Layer::Help { top }
            | Layer::Value { top }
            | Layer::Explained { top, .. },
        ) => {
            scroll(top, action, (page, size.1, longest));
        }
        Some(Layer::Finder(finder)) => {
            let length = finder.len();
            move_in(&mut finder.scroll, action, 1, page, length);
        }
        Some(Layer::Palette(palette)) => {
            let length = palette.entries.len();
            move_in(&mut palette.scroll, action, 1, page, length);
        }
        Some(Layer::Dependants(dependants)) => {
            let length = dependants.rows.len();
            move_in(&mut dependants.scroll, action, 1, page, length);
        }
        Some(Layer::Groups(groups)) => {
            let length = groups.patterns.len();
            move_in(&mut groups.scroll, action, 1, page, length);
        }
        Some(Layer::Bulk(bulk)) => {
            let mut scroll = Scroll { cursor: bulk.top, top: bulk.top };
            move_in(&mut scroll, action, 1, page, bulk.reasons().len());
            bulk.top = scroll.cursor;
        }
        Some(Layer::Menu(menu)) => {
            let last = menu.choices.len().saturating_sub(1);
            menu.cursor = match action {
                Action::Down => (menu.cursor + 1).min(last),
                _ => menu.cursor.saturating_sub(1),
            };
        }
        _ => {}
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
