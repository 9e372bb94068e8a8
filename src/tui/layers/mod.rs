//! One file a layer: what is drawn over a screen.
//!
//! Lives here: drawing of why, help, whole values, the finder, the palette, prompts, menus, last
//! questions and the popup after a prefix.
//!
//! Does not live here: what their keys do.

mod asking;
mod bulk;
mod dependants;
mod finder;
mod groups;
mod help;
mod look;
mod palette;
mod reading;
mod which_key;

pub use reading::{pair_label, reading_lines};

use super::model::{Layer, Model};
use super::widgets::Painter;

/// Draws the layer that has the keys, or the popup after a prefix.
pub fn draw(painter: &mut Painter<'_>, model: &Model) {
    if model.prefix.is_some() {
        which_key::draw(painter, model);
    }
    match model.layers.last() {
        None => {}
        Some(
            layer @ (Layer::Why { .. }
            | Layer::Help { .. }
            | Layer::Value { .. }
            | Layer::Explained { .. }
            | Layer::Look(_)),
        ) => reading::draw(painter, model, layer),
        Some(Layer::Finder(finder)) => finder::draw(painter, model, finder),
        Some(Layer::Palette(palette)) => palette::draw(painter, palette),
        Some(Layer::Dependants(dependants)) => dependants::draw(painter, dependants),
        Some(Layer::Prompt(prompt)) => asking::prompt(painter, model, prompt),
        Some(Layer::Menu(menu)) => asking::menu(painter, menu),
        Some(Layer::Confirm(confirm)) => asking::confirm(painter, model, confirm),
        Some(Layer::Groups(groups)) => groups::draw(painter, groups),
        Some(Layer::Bulk(bulk)) => bulk::draw(painter, model, bulk),
    }
}

/// A box of that many lines just above the two bottom lines.
fn at_bottom<'a>(painter: &'a mut Painter<'_>, inside: usize) -> Painter<'a> {
    let height = super::screens::lines(inside + 2);
    let y = painter.height().saturating_sub(height + super::screens::BOTTOM);
    let width = painter.width();
    painter.part(0, y, width, height)
}
