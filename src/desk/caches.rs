//! What is worth keeping in memory while a workspace is open.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::error::DeskError;
use crate::domain::{Fingerprint, RecordId, RuleId};
use crate::matching::Model;
use crate::store::{KeyLookup, Place, StoreError, Trees, UniqueLookup, View};

/// Lookups and the last model, loaded when first needed.
#[derive(Default)]
pub struct Caches {
    keys: RefCell<Option<KeyLookup>>,
    unique: RefCell<HashMap<RuleId, UniqueLookup>>,
    model: RefCell<Option<(Place, Arc<Model>)>>,
    suppressed: RefCell<Option<HashSet<Fingerprint>>>,
}

impl Caches {
    /// The record with that address fingerprint; to be confirmed.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn record_of(
        &self,
        view: View<'_>,
        key: Fingerprint,
    ) -> Result<Option<RecordId>, StoreError> {
        let mut keys = self.keys.borrow_mut();
        let lookup = match keys.as_mut() {
            Some(lookup) => lookup,
            None => keys.insert(KeyLookup::load(view)?),
        };
        Ok(lookup.get(key))
    }

    /// Whether the record of that address was erased and is not to come again.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn is_suppressed(&self, view: View<'_>, key: Fingerprint) -> Result<bool, StoreError> {
        let mut suppressed = self.suppressed.borrow_mut();
        let known = match suppressed.as_mut() {
            Some(known) => known,
            None => suppressed.insert(view.suppressed()?.into_iter().collect()),
        };
        Ok(known.contains(&key))
    }

    /// Remembers a new record.
    pub fn add_record(&self, key: Fingerprint, record: RecordId) {
        if let Some(lookup) = self.keys.borrow_mut().as_mut() {
            lookup.insert(key, record);
        }
    }

    /// The records that hold a value under a `unique` rule; to be confirmed.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn holders(
        &self,
        trees: &dyn Trees,
        rule: &RuleId,
        value: Fingerprint,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut unique = self.unique.borrow_mut();
        if !unique.contains_key(rule) {
            unique.insert(rule.clone(), UniqueLookup::load(trees, rule)?);
        }
        Ok(unique.get(rule).map(|lookup| lookup.holders(value).to_vec()).unwrap_or_default())
    }

    /// Remembers a value under a `unique` rule.
    pub fn add_unique(&self, rule: &RuleId, value: Fingerprint, record: RecordId) {
        if let Some(lookup) = self.unique.borrow_mut().get_mut(rule) {
            lookup.insert(value, record);
        }
    }

    /// Forgets everything derived from settings.
    pub fn forget_unique(&self) {
        self.unique.borrow_mut().clear();
    }

    /// The model of the run at `place`, read once.
    ///
    /// # Errors
    /// What `read` says.
    pub fn model(
        &self,
        place: Place,
        read: impl FnOnce() -> Result<Model, DeskError>,
    ) -> Result<Arc<Model>, DeskError> {
        let mut kept = self.model.borrow_mut();
        match kept.as_ref() {
            Some((at, model)) if *at == place => Ok(Arc::clone(model)),
            _ => {
                let model = Arc::new(read()?);
                *kept = Some((place, Arc::clone(&model)));
                Ok(model)
            }
        }
    }
}
