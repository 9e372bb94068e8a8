//! The palette: everything that can be done on the screen, by name.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::carry_out;
use crate::context::Context;
use crate::effect::Effect;
use crate::keys::{Press, everywhere};
use crate::model::{Layer, Model, Palette, PaletteEntry};

/// Opens the palette.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let entries = entries(model, "");
    model.layers.push(Layer::Palette(Palette { entries, ..Palette::default() }));
    Vec::new()
}

/// Searches again, after the text changed.
pub(super) fn search(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Palette(palette)) = model.layers.last() else { return Vec::new() };
    let text = palette.input.text();
    let found = entries(model, &text);
    if let Some(Layer::Palette(palette)) = model.layers.last_mut() {
        palette.entries = found;
        palette.scroll.to(0, palette.entries.len());
    }
    Vec::new()
}

/// What resembles the text, best first; with nothing typed, what can be done now.
fn entries(model: &Model, text: &str) -> Vec<PaletteEntry> {
    let matcher = SkimMatcherV2::default().ignore_case();
    let mut found: Vec<(i64, PaletteEntry)> = Vec::new();
    let beside = Context::beside(model);
    let context = Context::of_screen(model);
    for bound in model.keys.with_beside(context, beside) {
        let row = bound.row;
        // Which column is taken is said by the key itself.
        if row.each.is_some() || row.is(&everywhere::PALETTE) {
            continue;
        }
        let does = model.keys.does(context, row);
        let by_text = matcher.fuzzy_indices(&does, text.trim());
        let by_name = matcher.fuzzy_match(row.name, text.trim());
        let (score, positions) = match (by_text, by_name) {
            (Some((score, positions)), name) => (score.max(name.unwrap_or(0)), positions),
            (None, Some(score)) => (score, Vec::new()),
            (None, None) => continue,
        };
        let (keys, unavailable) = (bound.shown_keys(), row.unavailable(model));
        found.push((score, PaletteEntry { row, does, keys, unavailable, positions }));
    }
    let is_typed = !text.trim().is_empty();
    let rank = |(score, entry): &(i64, PaletteEntry)| {
        (!is_typed && entry.unavailable.is_some(), std::cmp::Reverse(*score))
    };
    // Stable: of equals, the screen's own come first.
    found.sort_by_key(rank);
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// Does what is under the cursor.
pub(crate) fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Palette(palette)) = model.layers.last() else { return Vec::new() };
    let Some(row) = palette.entries.get(palette.scroll.cursor).map(|entry| entry.row) else {
        model.complain("no action has that name");
        return Vec::new();
    };
    model.layers.pop();
    carry_out(model, row, row.name, Press::default())
}
