//! Source keys in memory: which record has this address?
//!
//! Built from the record pages when first needed; about 20 bytes a record. A hit is confirmed
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
}

impl KeyLookup {
    /// Reads every page.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn load(view: View<'_>) -> Result<KeyLookup, StoreError> {
        let mut lookup = KeyLookup::default();
        lookup.records.reserve(view.counters()?.records as usize);
        view.each_record(&mut |id, row| {
            if !row.erased {
                lookup.insert(row.key, id);
            }
            Ok(true)
        })?;
        Ok(lookup)
    }

    /// The record of that address.
    #[must_use]
    pub fn get(&self, key: Fingerprint) -> Option<RecordId> {
        self.records.get(&key.0).copied()
    }

    /// Remembers a new record.
    pub fn insert(&mut self, key: Fingerprint, record: RecordId) {
        self.records.insert(key.0, record);
    }
}
