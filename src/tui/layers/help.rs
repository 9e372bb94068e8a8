//! The keys that count on the screen under the help, and why some do nothing now.

use crate::context::Context;
use crate::keys::{Bound, records};
use crate::model::{Layer, Model};
use crate::theme::Role;
use crate::widgets::{Line, grid, piece};

/// The lines of help, from the table of keys.
#[must_use]
pub fn lines(model: &Model) -> Vec<Line> {
    // As it is without the help over it: that is where the keys will be pressed.
    let mut below = model.clone();
    while matches!(below.layers.last(), Some(Layer::Help { .. })) {
        below.layers.pop();
    }
    let context = Context::of(&below);
    let mut lines = vec![vec![piece(context.name(), Role::Title)]];
    let bound = || below.keys.of(context).filter(|bound| !bound.keys.is_empty());
    let own = |bound: &&Bound| bound.contexts.contains(&context);
    lines.extend(bound().filter(own).flat_map(|bound| described(bound, &below)));
    let beside = Context::beside(&below).filter(|_| context == Context::Queue);
    if beside.is_some() {
        let own = below.keys.of(context).count();
        lines.push(vec![piece("the task beside the queue", Role::Title)]);
        let deciding = below.keys.with_beside(context, beside).skip(own);
        lines.extend(deciding.flat_map(|bound| described(bound, &below)));
    }
    lines.push(Vec::new());
    if matches!(context, Context::Compare | Context::Challenge | Context::Customer) {
        lines.push(vec![piece("marks", Role::Title)]);
        lines.extend(
            grid::legend(&below.key_for(&records::WHOLE), below.theme)
                .into_iter()
                .map(|text| vec![piece(text, Role::Plain)]),
        );
        lines.push(Vec::new());
    }
    lines.push(vec![piece("everywhere", Role::Title)]);
    let others = bound().filter(|bound| !own(bound));
    lines.extend(others.flat_map(|bound| described(bound, &below)));
    lines
}

fn described(bound: &Bound, model: &Model) -> Vec<Line> {
    let row = bound.row;
    let keys = piece(format!("{:<14} ", bound.shown_keys()), Role::Key);
    let effect = row.effect.and_then(|effect| effect(model));
    let does = effect.unwrap_or_else(|| model.told(row.does));
    match row.unavailable(model) {
        None => vec![vec![keys, piece(does, Role::Plain)]],
        Some(why) => vec![
            vec![keys, piece(does, Role::Dim)],
            vec![piece(format!("{:<15}not now: {why}", ""), Role::Attention)],
        ],
    }
}
