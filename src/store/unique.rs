//! Values under a `unique` rule, as fingerprints: which other records hold this value?
//!
//! Derived from records and settings, in pages of eight bytes a record and rule. The caller
//! confirms a hit against the golden values.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::overlay::Overlay;
use super::pages::ROWS;
use super::trees::Trees;
use super::{StoreError, keys};
use crate::domain::fingerprint::AlreadyHashed;
use crate::domain::{Fingerprint, RecordId, RuleId};

const WIDTH: usize = 8;

/// Sets the fingerprint of a record's value under a rule; none: it has no value.
///
/// # Errors
/// When the store is damaged.
pub fn set_unique(
    overlay: &mut Overlay<'_>,
    rule: &RuleId,
    record: RecordId,
    value: Option<Fingerprint>,
) -> Result<(), StoreError> {
    let page = overlay.value_mut(keys::unique(rule_number(rule), record.0 / ROWS), Vec::new)?;
    let start = (record.0 % ROWS) as usize * WIDTH;
    if page.len() < start + WIDTH {
        page.resize(start + WIDTH, 0);
    }
    let number = value.map_or(0, |fingerprint| fingerprint.0);
    page[start..start + WIDTH].copy_from_slice(&number.to_le_bytes());
    Ok(())
}

/// The first 32 bits of the rule id's hash: keys stay short and survive a reordered file.
fn rule_number(rule: &RuleId) -> u32 {
    let hash = blake3::hash(rule.as_str().as_bytes());
    hash.as_bytes().first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// One rule's values in memory.
#[derive(Debug, Default)]
pub struct UniqueLookup {
    holders: HashMap<u64, Vec<RecordId>, BuildHasherDefault<AlreadyHashed>>,
}

impl UniqueLookup {
    /// Reads every page of `rule`.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn load(trees: &dyn Trees, rule: &RuleId) -> Result<UniqueLookup, StoreError> {
        let mut lookup = UniqueLookup::default();
        let prefix = keys::numbered(keys::UNIQUE_PAGE, rule_number(rule));
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
    pub fn holders(&self, value: Fingerprint) -> &[RecordId] {
        self.holders.get(&value.0).map_or(&[], Vec::as_slice)
    }

    /// Remembers that `record` holds the value. Values it held before are not forgotten: hits are
    /// confirmed.
    pub fn insert(&mut self, value: Fingerprint, record: RecordId) {
        if value.0 != 0 {
            let holders = self.holders.entry(value.0).or_default();
            if !holders.contains(&record) {
                holders.push(record);
            }
        }
    }
}
