//! A row of delimited text becomes a row with fields, or is set aside.

use std::sync::Arc;

use domain::{QuarantineReason, QuarantinedRow};

use super::Delimited;
use crate::acquire::dialect::Dialect;
use crate::acquire::edges::{self, form_of};
use crate::acquire::keys::{self, Key};
use crate::acquire::lines::Line;
use crate::acquire::mapping::Draft;
use crate::acquire::quarantine::{put_aside, reason_of_line};
use crate::acquire::reader::Delivered;
use crate::acquire::splitter::Cells;
use crate::acquire::table::DELIMITERS;

impl Delimited {
    /// Makes the row that was split last ready.
    pub(super) fn deliver(&mut self, line: Line) {
        self.rows += 1;
        let ready = self.row(line);
        self.ready.push_back(ready);
    }

    fn row(&mut self, line: Line) -> (Delivered, Option<Line>) {
        let name = |column: usize| self.columns.get(column - 1).map(|(name, _)| name.to_string());
        let mut aside = reason_of_line(&line, self.lines.encoding(), name);
        let found = self.splitter.cells().len();
        let expected = self.columns.len();
        let is_whole = |cells: &Cells| {
            edges::fits(cells, expected)
                && !(found < self.named && is_parted_otherwise(cells, self.dialect, self.named))
        };
        if aside.is_none() && !is_whole(self.splitter.cells()) {
            aside = Some(QuarantineReason::Ragged { expected, found });
        }
        let mut place = None;
        if let (None, Some((header, key))) = (&aside, self.other) {
            aside = Some(QuarantineReason::OtherOrder { header });
            place = Some(key);
        }
        if let Some(reason) = aside {
            let key = match place {
                // Its cells are in their places, whatever else is wrong.
                Some(place) => {
                    place.and_then(|key| sound_key(self.splitter.cells().iter().nth(key)?))
                }
                None => self.key_of_broken(&line.text, &reason),
            };
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            return (Delivered::Quarantined(row), None);
        }
        let mut draft = Draft::new(&self.mapping);
        for ((name, roles), cell) in self.columns.iter().zip(self.splitter.cells().iter()) {
            draft.take(name, roles.as_ref(), cell);
        }
        match draft.finish(line.number, Arc::clone(&self.header_columns)) {
            Ok(row) => {
                self.skipped.ended_early += u64::from(found < self.named);
                if self.form.is_none() {
                    self.form = Some(form_of(&row.key));
                }
                if self.usual.is_wanting() && found >= self.named {
                    self.usual.note(self.splitter.cells().iter(), expected, &row.key);
                }
                (Delivered::Row(row), Some(line))
            }
            Err(reason) => (Delivered::Quarantined(put_aside(line, reason)), None),
        }
    }

    /// The key of a row that has no cells to rely on: only what stands first has its place for sure.
    pub(super) fn key_of_broken(&self, text: &str, reason: &QuarantineReason) -> Option<String> {
        match reason {
            QuarantineReason::BadEncoding { .. }
                if self.splitter.cells().len() == self.columns.len() =>
            {
                sound_key(self.splitter.cells().iter().nth(self.key?)?)
            }
            _ if self.key == Some(0) => {
                let first = text.split(char::from(self.dialect.delimiter)).next()?.trim();
                let quote = char::from(self.dialect.quote);
                let quoted = first.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
                sound_key(quoted.unwrap_or(first))
            }
            _ => None,
        }
    }
}

/// Whether a row that lacks cells has them in one cell, parted by another delimiter than the file's:
/// `3;Fox,Cy,3,5`. What a blank follows is a comma of a text, and a colon is one of a time.
fn is_parted_otherwise(cells: &Cells, dialect: Dialect, named: usize) -> bool {
    let is_parted = |delimiter: u8| {
        let parts = |cell: &str| {
            let bytes = cell.as_bytes();
            let parts = bytes.windows(2).filter(|two| two[0] == delimiter && two[1] != b' ');
            parts.count() + usize::from(bytes.last() == Some(&delimiter))
        };
        let within: usize = cells.iter().map(parts).sum();
        // A delimiter at the end parts nothing.
        within > 1 && (named..=named + 1).contains(&(within + cells.len()))
    };
    let others = DELIMITERS.iter().map(|(byte, ..)| *byte);
    others.filter(|byte| *byte != dialect.delimiter && *byte != b':').any(is_parted)
}

/// A key that may be one: there is something, and nothing that reading put there.
pub(super) fn sound_key(text: &str) -> Option<String> {
    match keys::read(text) {
        Key::Sound(key) if !key.contains('"') => Some(key.to_string()),
        _ => None,
    }
}
