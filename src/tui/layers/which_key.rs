//! What can follow `g`.

use super::at_bottom;
use crate::tui::action::{Binding, Context, bindings_of};
use crate::tui::model::Model;
use crate::tui::screens::lines;
use crate::tui::theme::Role;
use crate::tui::widgets::{Painter, piece};

/// Draws the popup.
pub fn draw(painter: &mut Painter<'_>, model: &Model) {
    let follows: Vec<(String, &Binding)> = bindings_of(Context::of(model))
        .flat_map(|row| row.keys.iter().map(move |chord| (chord, row)))
        .filter(|(chord, _)| chord.prefix.is_some() && chord.prefix == model.prefix)
        .map(|(chord, row)| (chord.key.to_string(), row))
        .collect();
    let mut area = at_bottom(painter, follows.len());
    let mut inside = area.boxed("g");
    let columns = inside.width();
    for (y, (key, row)) in follows.iter().enumerate() {
        let mut line = vec![piece(format!("{key}  "), Role::Key), piece(row.does, Role::Plain)];
        if let Some(why) = row.unavailable(model) {
            line.push(piece(format!("  ({why})"), Role::Dim));
        }
        inside.line(0, lines(y), columns, &line);
    }
}
