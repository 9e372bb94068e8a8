//! Source keys in memory: which record has this address, and what was delivered for it last?
//!
//! Built from the record pages when first needed; about 25 bytes a record. A hit is confirmed
//! against the body by the caller, since fingerprints may collide.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::StoreError;
use super::view::View;
use crate::domain::fingerprint::AlreadyHashed;
use crate::domain::{Fingerprint, RecordId};

/// From the fingerprint of an address to the record.
#[derive(Debug, Default)]
pub struct KeyLookup {
    records: HashMap<u64, RecordId, BuildHasherDefault<AlreadyHashed>>,
    /// What was delivered last, by the record's number.
    contents: Vec<Fingerprint>,
}

impl KeyLookup {
    /// Reads every page.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn load(view: View<'_>) -> Result<KeyLookup, StoreError> {
        let mut lookup = KeyLookup::default();
        let records = view.counters()?.records as usize;
        lookup.records.reserve(records);
        lookup.contents.reserve(records);
        view.each_record(&mut |id, row| {
            lookup.note(row.key, id, row.content);
            Ok(true)
        })?;
        Ok(lookup)
    }

    /// The record of that address.
    #[must_use]
    pub fn get(&self, key: Fingerprint) -> Option<RecordId> {
        self.records.get(&key.0).copied()
    }

    /// Whether the record of that address is known with this content.
    #[must_use]
    pub fn is_unchanged(&self, key: Fingerprint, content: Fingerprint) -> bool {
        let known = self.get(key).and_then(|record| self.contents.get(record.index()));
        known == Some(&content)
    }

    /// Remembers a record as it was delivered: a new one, or a known one with other content.
    pub fn note(&mut self, key: Fingerprint, record: RecordId, content: Fingerprint) {
        self.records.insert(key.0, record);
        if self.contents.len() <= record.index() {
            self.contents.resize(record.index() + 1, Fingerprint::default());
        }
        self.contents[record.index()] = content;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_unchanged_only_with_the_content_noted_last() {
        let mut lookup = KeyLookup::default();
        let [key, other, old, new] = [1, 2, 7, 8].map(Fingerprint);
        assert!(!lookup.is_unchanged(key, old));
        lookup.note(key, RecordId(3), old);
        assert!(lookup.is_unchanged(key, old));
        assert!(!lookup.is_unchanged(other, old));
        lookup.note(key, RecordId(3), new);
        assert!(!lookup.is_unchanged(key, old));
        assert!(lookup.is_unchanged(key, new));
        assert_eq!((lookup.get(key), lookup.get(other)), (Some(RecordId(3)), None));
    }
}
