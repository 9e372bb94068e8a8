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
mod frame;
mod groups;
mod help;
mod look;
mod palette;
mod reading;
mod which_key;

pub use asking::told_with;
pub use reading::{pair_label, reading_lines};

use super::model::{Layer, Model};
use super::screens::BOTTOM;
use super::widgets::{Painter, Placed};

/// The list in the layer that has the keys, where it stands.
#[must_use]
pub fn placed(model: &Model) -> Option<Placed<'_>> {
    let layer = model.layers.last()?;
    let (frame, list) = match layer {
        Layer::Finder(_) => (finder::FRAME, finder::LIST),
        Layer::Palette(_) => (palette::FRAME, palette::LIST),
        Layer::Groups(_) => (groups::FRAME, groups::LIST),
        Layer::Dependants(dependants) => {
            (dependants::frame(dependants), dependants::list(dependants))
        }
        Layer::Menu(menu) => (asking::menu_frame(menu), asking::MENU),
        Layer::Bulk(_) => (bulk::FRAME, bulk::LIST),
        _ => return None,
    };
    let (scroll, length) = layer.list()?;
    Some(Placed { list, area: frame.inside(model.size), scroll, length })
}

/// Draws the layer that has the keys, or the popup after a prefix. The screen behind a layer steps
/// back: keys do nothing there.
pub fn draw(painter: &mut Painter<'_>, model: &Model) {
    if !model.layers.is_empty() {
        let (width, body) = (painter.width(), painter.height().saturating_sub(BOTTOM));
        painter.part(0, 0, width, body).dim();
    }
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
        Some(Layer::Menu(menu)) => asking::menu(painter, model, menu),
        Some(Layer::Confirm(confirm)) => asking::confirm(painter, model, confirm),
        Some(Layer::Groups(groups)) => groups::draw(painter, groups),
        Some(Layer::Bulk(bulk)) => bulk::draw(painter, model, bulk),
    }
}
