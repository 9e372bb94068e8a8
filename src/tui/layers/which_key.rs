//! What can follow a prefix.

use super::frame::Frame;
use crate::context::Context;
use crate::keys::Row;
use crate::model::Model;
use crate::screens::lines;
use crate::theme::Role;
use crate::widgets::{Painter, piece};

/// Draws the popup.
pub fn draw(painter: &mut Painter<'_>, model: &Model) {
    let follows: Vec<(String, &Row)> = model
        .keys
        .of(Context::of(model))
        .flat_map(|bound| bound.keys.iter().map(move |chord| (chord, bound.row)))
        .filter(|(chord, _)| chord.prefix.is_some() && chord.prefix == model.prefix)
        .map(|(chord, row)| (chord.key.to_string(), row))
        .collect();
    let prefix = model.prefix.map(String::from).unwrap_or_default();
    let mut inside = Frame::foot(follows.len()).draw(painter, &prefix);
    let columns = inside.width();
    for (y, (key, row)) in follows.iter().enumerate() {
        let does = model.told(row.does);
        let mut line = vec![piece(format!("{key}  "), Role::Key), piece(does, Role::Plain)];
        if let Some(why) = row.unavailable(model) {
            line.push(piece(format!("  ({why})"), Role::Dim));
        }
        inside.line(0, lines(y), columns, &line);
    }
}
