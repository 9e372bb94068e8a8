//! The mouse: a click puts the cursor, a second one on the same row opens, the wheel moves. It
//! decides nothing.

use super::movement::{self, Move};
use super::navigate;
use crate::context::Context;
use crate::effect::Effect;
use crate::model::{Model, Screen};

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

/// Puts the cursor where was clicked: of a layer in its list. Layers are left by keys, and what is
/// chosen there is taken by keys.
pub(super) fn click(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    if model.is_too_small() {
        return Vec::new();
    }
    if model.layers.is_empty() && is_queue_beside(model, x) {
        return navigate::other_pane(model);
    }
    let Some(pointed) = model.drawn.at(model, x, y) else { return Vec::new() };
    if let Some(layer) = model.layers.last_mut() {
        if let (Some(scroll), Some(row)) = (layer.scroll_mut(), pointed.row) {
            scroll.cursor = row;
        }
        return Vec::new();
    }
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
    is_shown && model.is_wide() && !model.screens.is_empty() && x < model.queue_pane()
}

#[cfg(test)]
mod tests {
    use crate::message::Message;
    use crate::story::Steward;

    /// Each layer with a list: the keys that open it, and how many rows it has at least.
    #[test]
    fn a_click_puts_the_cursor_of_a_layer_on_the_row_it_shows_and_takes_nothing() {
        for (keys, least) in
            [(":", 9), ("2j Enter :", 9), ("p", 3), ("o", 3), ("j Enter d", 4), ("/", 2)]
        {
            let mut sam = Steward::new();
            sam.presses(keys);
            let layers = sam.model.layers.len();
            let length = sam.model.layers.last().and_then(|it| it.list()).unwrap().1;
            assert!(length >= least, "{keys}: {length}");
            let mut hit = Vec::new();
            for y in 0..24 {
                sam.tell(Message::Clicked(9, y));
                let cursor = sam.model.layers.last().and_then(|it| it.list()).unwrap().0.cursor;
                if hit.last() != Some(&cursor) {
                    hit.push(cursor);
                }
                let frame = sam.frame();
                let reversed = ratatui::style::Modifier::REVERSED;
                // Where a row was hit, it is the one that is reversed now.
                if sam.model.drawn.at(&sam.model, 9, y).is_some_and(|it| it.row.is_some()) {
                    assert!(frame[(9, y)].modifier.contains(reversed), "{keys} {y}");
                }
            }
            assert!(hit.len() >= least.min(length), "{keys}: {hit:?}");
            assert!(hit.is_sorted(), "{keys}: {hit:?}");
            assert_eq!(sam.model.layers.len(), layers, "{keys}");
            assert!(sam.desk.asked.is_empty());
        }
    }

    /// A click past the frame of a layer is none on the screen behind it.
    #[test]
    fn what_lies_behind_a_layer_is_not_clicked() {
        let mut sam = Steward::new();
        sam.presses("o");
        sam.tell(Message::Clicked(10, 5));
        assert_eq!(sam.model.queue.scroll.cursor, 0);
        assert_eq!(sam.model.layers.len(), 1);
    }

    #[test]
    fn a_list_in_a_layer_moves_as_little_as_needed() {
        let mut sam = Steward::new();
        sam.presses(":");
        for _ in 0..30 {
            sam.presses("Down");
        }
        let top = |sam: &Steward| sam.model.layers.last().and_then(|it| it.list()).unwrap().0.top;
        let before = top(&sam);
        assert!(before > 0);
        sam.presses("Up Up");
        assert_eq!(top(&sam), before, "the cursor moves, not the list");
    }
}
