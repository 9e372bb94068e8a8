//! Keys that came with other zeros in front than those that are held, or with signs between their digits: a
//! spreadsheet takes `0123` for a number and writes `123`, a report writes `1,001`, and the source's customers
//! come once more, as new ones. And rows with a key and nothing else.

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

    /// Counts a new record's key that is held with other zeros or without its signs, or that stands alone.
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
        let mut count = |trouble| {
            troubles::count(counts, body.line, &[(trouble, self.column.clone())]);
        };
        if body.values.iter().next().is_none() {
            count(Trouble::NothingBesideKey);
        }
        let Some(before) = self.before else { return Ok(()) };
        let is_held = |key: &str| -> Result<bool, DeskError> {
            let held = facts.caches.record_of(facts.view, preparer.address(key))?;
            Ok(held.is_some_and(|held| held < before))
        };
        let own = body.address.key.as_str();
        for key in intake::acquire::with_other_zeros(own) {
            if is_held(&key)? {
                count(Trouble::OtherZeros);
                return Ok(());
            }
        }
        if let Some(key) = intake::acquire::without_signs(own)
            && is_held(&key)?
        {
            count(Trouble::OtherSigns);
        }
        Ok(())
    }
}
