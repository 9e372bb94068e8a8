//! Columns that nothing is read from, of a source that drops them: they are taken off a row before anything is made
//! of it, even its fingerprint, so that nothing of them is ever written.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use compact_str::CompactString;

use intake::acquire::{Delivered, Row};
use settings::{Source, Unmapped};

/// The columns that were dropped so far.
#[derive(Default)]
pub(super) struct Dropped(RwLock<BTreeSet<CompactString>>);

impl Dropped {
    /// Takes what nothing is read from off these rows, where their source drops it.
    pub(super) fn drop_from(&self, rows: &mut [Delivered], source: &Source) {
        if source.unmapped == Unmapped::Keep {
            return;
        }
        for delivered in rows {
            let Delivered::Row(row) = delivered else { continue };
            self.drop_from_row(row, source);
            row.later.iter_mut().for_each(|row| self.drop_from_row(row, source));
        }
    }

    fn drop_from_row(&self, row: &mut Row, source: &Source) {
        row.unmapped.retain(|(column, _)| {
            let stays = source.reads(column);
            if !stays {
                self.note(column);
            }
            stays
        });
    }

    /// Their names, ascending.
    pub(super) fn names(&self) -> Vec<String> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(ToString::to_string).collect()
    }

    fn note(&self, column: &CompactString) {
        let is_known = self.0.read().unwrap_or_else(PoisonError::into_inner).contains(column);
        if !is_known {
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(column.clone());
        }
    }
}
