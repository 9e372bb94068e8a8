//! Keys that came with other zeros in front than those that are held: a spreadsheet takes `0123` for a
//! number and writes `123`, and the source's customers come once more, as new ones.

use compact_str::CompactString;
use domain::{RecordBody, RecordId};
use door::views::{Trouble, Troubled};
use settings::{KeyForm, Source};

use super::prepare::Preparer;
use super::troubles;
use crate::error::DeskError;
use crate::facts::Facts;

/// Looks for them among new keys.
pub(super) struct Zeros {
    /// Records from here on came with this file: what stands in it twice is two.
    before: Option<RecordId>,
    column: CompactString,
}

impl Zeros {
    /// Before the first row.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn before(facts: Facts<'_>, source: &Source) -> Result<Zeros, DeskError> {
        let records = facts.view.counters()?.records;
        let is_settled = matches!(source.key_form, Some(KeyForm::Digits(_)));
        let before = (records > 0 && !is_settled).then_some(RecordId(records));
        Ok(Zeros { before, column: source.key.as_str().into() })
    }

    /// Counts a new record's key that is held with other zeros.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn note(
        &self,
        facts: Facts<'_>,
        preparer: &Preparer,
        body: &RecordBody,
        counts: &mut Vec<Troubled>,
    ) -> Result<(), DeskError> {
        let Some(before) = self.before else { return Ok(()) };
        for key in intake::acquire::with_other_zeros(body.address.key.as_str()) {
            let held = facts.caches.record_of(facts.view, preparer.address(&key))?;
            if held.is_some_and(|held| held < before) {
                let trouble = (Trouble::OtherZeros, self.column.clone());
                troubles::count(counts, body.line, &[trouble]);
                return Ok(());
            }
        }
        Ok(())
    }
}
