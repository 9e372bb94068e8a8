//! A first pass over a file that looks at the values of a few columns and keeps nothing.

use std::io;

use super::reader::{Delivered, Rows};
use super::repeats::KeyNotes;
use domain::FieldName;

/// What a first pass looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The fields whose values are shown.
    pub fields: Vec<FieldName>,
    /// Whether the time of change is shown as well.
    pub updated: bool,
}

impl Wanted {
    /// The place of a field among those.
    pub(super) fn place(&self, field: &FieldName) -> Option<usize> {
        self.fields.iter().position(|wanted| wanted == field)
    }

    /// Whether there is nothing to look at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && !self.updated
    }
}

/// A value as it was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance<'t> {
    /// The line where its row begins.
    pub line: u64,
    /// The place of its field among the wanted ones; none: it is a time of change.
    pub place: Option<usize>,
    /// The value.
    pub text: &'t str,
    /// Whether it was a number with decimals in the file: a point parts them, whatever others do.
    pub has_decimals: bool,
}

/// Shows the wanted values of the next row by reading it as a whole; `false` at the end.
pub(super) fn by_whole_row(
    rows: &mut (impl Rows + ?Sized),
    wanted: &Wanted,
    show: &mut dyn FnMut(Glance<'_>),
    keys: &mut KeyNotes,
) -> io::Result<bool> {
    let row = match rows.next_row()? {
        None => return Ok(false),
        Some(Delivered::Quarantined(_) | Delivered::Skipped(_)) => return Ok(true),
        Some(Delivered::Row(row)) => row,
    };
    keys.note_key(&row.key);
    for (field, text) in &row.fields {
        if let Some(place) = wanted.place(field) {
            let has_decimals = row.decimals.contains(field);
            show(Glance { line: row.line, place: Some(place), text, has_decimals });
        }
    }
    if let Some(text) = row.updated.as_deref().filter(|_| wanted.updated) {
        show(Glance { line: row.line, place: None, text, has_decimals: false });
    }
    Ok(true)
}
