//! Source keys in memory: which record has this address, and what was delivered for it last?
//!
//! Built from the record pages when first needed; 25 bytes a record. A hit is confirmed against the
//! body by the caller, since fingerprints may collide.

use hashbrown::HashTable;

use super::StoreError;
use super::view::View;
use domain::{Fingerprint, RecordId};

/// From the fingerprint of an address to the record.
#[derive(Debug, Default)]
pub struct KeyLookup {
    /// Numbers of records, to be found by the fingerprint of their address.
    numbers: HashTable<u32>,
    /// Address and content of each record, by its number.
    rows: Vec<(Fingerprint, Fingerprint)>,
}

impl KeyLookup {
    /// Reads every page.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn load(view: View<'_>) -> Result<KeyLookup, StoreError> {
        let mut lookup = KeyLookup::default();
        let records = view.counters()?.records as usize;
        lookup.numbers.reserve(records, |_| 0);
        lookup.rows.reserve_exact(records);
        view.each_record(&mut |id, row| {
            if !row.erased {
                lookup.note(row.key, id, row.content);
            }
            Ok(true)
        })?;
        Ok(lookup)
    }

    /// The record of that address.
    #[must_use]
    pub fn get(&self, key: Fingerprint) -> Option<RecordId> {
        let has_key = |number: &u32| self.rows.get(*number as usize).is_some_and(|r| r.0 == key);
        self.numbers.find(key.0, has_key).copied().map(RecordId)
    }

    /// Whether the record of that address is known with this content.
    #[must_use]
    pub fn is_unchanged(&self, key: Fingerprint, content: Fingerprint) -> bool {
        let row = self.get(key).and_then(|record| self.rows.get(record.index()));
        row.is_some_and(|(_, known)| *known == content)
    }

    /// Remembers a record as it was delivered: a new one, or a known one with other content.
    pub fn note(&mut self, key: Fingerprint, record: RecordId, content: Fingerprint) {
        let rows = &mut self.rows;
        if rows.len() <= record.index() {
            if rows.len() == rows.capacity() {
                // Doubling would leave half of the memory unused.
                rows.reserve_exact(rows.len() / 8 + 1024);
            }
            rows.resize(record.index() + 1, Default::default());
        }
        rows[record.index()] = (key, content);
        let key_of = |number: &u32| rows.get(*number as usize).map_or(0, |row| row.0.0);
        match self.numbers.find_mut(key.0, |number| key_of(number) == key.0) {
            Some(number) => *number = record.0,
            None => {
                self.numbers.insert_unique(key.0, record.0, key_of);
            }
        }
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

    #[test]
    fn many_records_are_each_found_again() {
        let mut lookup = KeyLookup::default();
        let key = |number: u32| Fingerprint(u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for number in 0..10_000 {
            lookup.note(key(number), RecordId(number), Fingerprint(u64::from(number)));
        }
        for number in 0..10_000 {
            assert_eq!(lookup.get(key(number)), Some(RecordId(number)));
            assert!(lookup.is_unchanged(key(number), Fingerprint(u64::from(number))));
        }
        assert_eq!(lookup.get(key(10_000)), None);
    }
}
