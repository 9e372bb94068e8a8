//! Keys that may be the rest of a paste that never ended.

use super::{is_count, layers, press as press_surely, row_of};
use crate::context::Context;
use crate::effect::Effect;
use crate::keys::{Chord, Key};
use crate::model::Model;

/// A key that came before a paste was over: text where text is typed, and nothing else.
pub(super) fn rest(model: &mut Model, key: Key) -> Vec<Effect> {
    match key {
        Key::Char(character) if takes_text(model) => layers::insert(model, &character.to_string()),
        _ => dropped(model),
    }
}

/// The first key after a long silence: it may look and move, too.
pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    let context = Context::of(model);
    if model.opening.is_some() || (!context.is_layer() && looks(model, context, key)) {
        return press_surely(model, key);
    }
    rest(model, key)
}

fn takes_text(model: &Model) -> bool {
    matches!(Context::of(model), Context::Finder | Context::Prompt | Context::Palette)
}

/// Whether all a key does is to show something, or to leave.
fn looks(model: &mut Model, context: Context, key: Key) -> bool {
    if model.prefix.is_none() && is_count(model, context, key) {
        model.count = None;
        return true;
    }
    let row = row_of(model, context, Chord { prefix: model.prefix, key });
    row.is_some_and(|(row, _)| row.only_looks())
}

fn dropped(model: &mut Model) -> Vec<Effect> {
    (model.prefix, model.count) = (None, None);
    model.pacing.disturbed();
    model.complain("the paste never ended; press the key again after a second");
    Vec::new()
}
