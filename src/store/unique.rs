//! Values under a `unique` rule, as fingerprints: which other records hold this value?
//!
//! Derived from records and settings, in pages of eight bytes a record and rule. The caller
//! confirms a hit against the golden values.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;

use super::overlay::Overlay;
use super::pages::ROWS;
use super::trees::Trees;
use super::{StoreError, keys};
use domain::fingerprint::AlreadyHashed;
use domain::{Fingerprint, RecordId, RuleId};

const WIDTH: usize = 8;

/// Sets the fingerprint of a record's value under a rule; `None` means it has no value.
///
/// # Errors
/// When the store is damaged.
pub fn set_unique(
    overlay: &mut Overlay<'_>,
    rule: &RuleId,
    record: RecordId,
    value: Option<Fingerprint>,
) -> Result<(), StoreError> {
    let page =
        overlay.value_mut(keys::unique(keys::rule_number(rule), record.0 / ROWS), Vec::new)?;
    let start = (record.0 % ROWS) as usize * WIDTH;
    if page.len() < start + WIDTH {
        page.resize(start + WIDTH, 0);
    }
    let number = value.map_or(0, |fingerprint| fingerprint.0);
    page[start..start + WIDTH].copy_from_slice(&number.to_le_bytes());
    Ok(())
}

/// One rule's values in memory.
#[derive(Debug, Default)]
pub struct UniqueLookup {
    first: HashMap<u64, RecordId, BuildHasherDefault<AlreadyHashed>>,
    /// Holders after the first: few values have any, and a list for each would take most of the
    /// memory.
    others: HashMap<u64, Vec<RecordId>, BuildHasherDefault<AlreadyHashed>>,
}

impl UniqueLookup {
    /// Reads every page of `rule`.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn load(trees: &dyn Trees, rule: &RuleId) -> Result<UniqueLookup, StoreError> {
        let mut lookup = UniqueLookup::default();
        let prefix = keys::numbered(keys::UNIQUE_PAGE, keys::rule_number(rule));
        trees.scan(&prefix, &[], &mut |key, page| {
            let first = keys::last_number(key) * ROWS;
            for (at, slot) in page.chunks_exact(WIDTH).enumerate() {
                let number = slot.try_into().map(u64::from_le_bytes).unwrap_or_default();
                lookup.insert(Fingerprint(number), RecordId(first + at as u32));
            }
            Ok(true)
        })?;
        Ok(lookup)
    }

    /// The records that hold the value, as far as known.
    #[must_use]
    pub fn holders(&self, value: Fingerprint) -> Vec<RecordId> {
        let first = self.first.get(&value.0).copied();
        let others = self.others.get(&value.0).map_or(&[][..], Vec::as_slice);
        first.into_iter().chain(others.iter().copied()).collect()
    }

    /// Whether another record than `record` holds the value, as far as known.
    #[must_use]
    pub fn is_held_beside(&self, value: Fingerprint, record: RecordId) -> bool {
        self.first.get(&value.0).is_some_and(|first| *first != record)
            || self.others.contains_key(&value.0)
    }

    /// Remembers that `record` holds the value. Values it held before are not forgotten: hits are
    /// confirmed.
    pub fn insert(&mut self, value: Fingerprint, record: RecordId) {
        if value.0 == 0 {
            return;
        }
        match self.first.entry(value.0) {
            Entry::Vacant(vacant) => {
                vacant.insert(record);
            }
            Entry::Occupied(first) if *first.get() == record => {}
            Entry::Occupied(_) => {
                let others = self.others.entry(value.0).or_default();
                if !others.contains(&record) {
                    others.push(record);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_holder_of_a_value_is_told_once() {
        let mut lookup = UniqueLookup::default();
        let value = Fingerprint(9);
        for record in [4, 5, 4, 6, 5] {
            lookup.insert(value, RecordId(record));
        }
        lookup.insert(Fingerprint(0), RecordId(4));
        assert_eq!(lookup.holders(value), [4, 5, 6].map(RecordId));
        assert!(
            lookup.is_held_beside(value, RecordId(4)) && lookup.is_held_beside(value, RecordId(5))
        );
        assert_eq!(lookup.holders(Fingerprint(0)), []);
        lookup.insert(Fingerprint(1), RecordId(7));
        assert!(!lookup.is_held_beside(Fingerprint(1), RecordId(7)));
    }
}
