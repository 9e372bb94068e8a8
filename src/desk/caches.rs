//! What is worth keeping in memory while a workspace is open.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use super::activities::KeptActivities;
use super::error::DeskError;
use super::grants::{KeptSampled, Sampled};
use super::measured::Standing;
use super::typed::Since;
use domain::{Author, Fingerprint, RecordBody, RecordId, RuleId, Sequence};
use matching::Model;
use store::{KeyLookup, Place, StoreError, Trees, UniqueLookup, View};

/// Lookups and the last model, loaded when first needed.
#[derive(Default)]
pub struct Caches {
    keys: RefCell<Option<Arc<RwLock<KeyLookup>>>>,
    unique: RefCell<HashMap<RuleId, UniqueLookup>>,
    model: RefCell<Option<(Place, Arc<Model>)>>,
    suppressed: RefCell<Option<HashSet<Fingerprint>>>,
    bodies: RefCell<HashMap<RecordId, (Place, RecordBody)>>,
    defined: RefCell<Option<(String, Option<Sequence>, Since)>>,
    sampled: RefCell<KeptSampled>,
    named: RefCell<Option<(Sequence, Arc<Vec<Author>>)>>,
    activities: RefCell<KeptActivities>,
    standing: RefCell<Option<Arc<Standing>>>,
}

impl Caches {
    /// Forgets everything but what other threads are looking into: that was whole before they were
    /// given it, and only whoever delivers records changes it.
    pub fn forget(&mut self) {
        let keys = self.keys.take().filter(|keys| Arc::strong_count(keys) > 1);
        *self = Caches { keys: RefCell::new(keys), ..Caches::default() };
    }

    /// Activities, and the handles of records.
    pub(crate) fn activities(&self) -> &RefCell<KeptActivities> {
        &self.activities
    }

    /// Measures and segments as they were told last.
    pub(crate) fn standing(&self) -> &RefCell<Option<Arc<Standing>>> {
        &self.standing
    }

    /// The joins of the censuses that are open, as they were read last.
    pub(crate) fn sampled(&self) -> KeptSampled {
        self.sampled.borrow().clone()
    }

    /// Keeps them.
    pub(crate) fn keep_sampled(&self, sampled: (Sequence, String, Arc<Sampled>)) {
        *self.sampled.borrow_mut() = Some(sampled);
    }

    /// The source keys; other threads may look while this one notes what is new.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn keys(&self, view: View<'_>) -> Result<Arc<RwLock<KeyLookup>>, StoreError> {
        let mut keys = self.keys.borrow_mut();
        Ok(match keys.as_ref() {
            Some(lookup) => Arc::clone(lookup),
            None => Arc::clone(keys.insert(Arc::new(RwLock::new(KeyLookup::load(view)?)))),
        })
    }

    /// The record with that address fingerprint; to be confirmed.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn record_of(
        &self,
        view: View<'_>,
        key: Fingerprint,
    ) -> Result<Option<RecordId>, StoreError> {
        Ok(self.keys(view)?.read().unwrap_or_else(PoisonError::into_inner).get(key))
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

    /// Remembers records as they were delivered: address, record, content.
    pub fn note_records(&self, delivered: &[(Fingerprint, RecordId, Fingerprint)]) {
        if let Some(lookup) = self.keys.borrow().as_ref() {
            let mut lookup = lookup.write().unwrap_or_else(PoisonError::into_inner);
            for (key, record, content) in delivered {
                lookup.note(*key, *record, *content);
            }
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
        self.with_unique(trees, rule, |lookup| lookup.holders(value))
    }

    /// Remembers that a record holds a value under a `unique` rule; tells whether another one does.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn share_unique(
        &self,
        trees: &dyn Trees,
        rule: &RuleId,
        value: Fingerprint,
        record: RecordId,
    ) -> Result<bool, StoreError> {
        self.with_unique(trees, rule, |lookup| {
            lookup.insert(value, record);
            lookup.is_held_beside(value, record)
        })
    }

    fn with_unique<T>(
        &self,
        trees: &dyn Trees,
        rule: &RuleId,
        ask: impl FnOnce(&mut UniqueLookup) -> T,
    ) -> Result<T, StoreError> {
        let mut unique = self.unique.borrow_mut();
        if let Some(lookup) = unique.get_mut(rule) {
            return Ok(ask(lookup));
        }
        let lookup = UniqueLookup::load(trees, rule)?;
        Ok(ask(unique.entry(rule.clone()).or_insert(lookup)))
    }

    /// Remembers a value under a `unique` rule.
    pub fn add_unique(&self, rule: &RuleId, value: Fingerprint, record: RecordId) {
        if let Some(lookup) = self.unique.borrow_mut().get_mut(rule) {
            lookup.insert(value, record);
        }
    }

    /// Keeps records as delivered, for work that is about to ask for them, in the place of others,
    /// which are given back.
    pub fn keep_bodies(
        &self,
        bodies: HashMap<RecordId, (Place, RecordBody)>,
    ) -> HashMap<RecordId, (Place, RecordBody)> {
        self.bodies.replace(bodies)
    }

    /// A record as delivered at a place, if it is kept.
    pub fn body(&self, record: RecordId, at: Place) -> Option<RecordBody> {
        let bodies = self.bodies.borrow();
        bodies.get(&record).filter(|(place, _)| *place == at).map(|(_, body)| body.clone())
    }

    /// Forgets everything derived from settings.
    pub fn forget_unique(&self) {
        self.unique.borrow_mut().clear();
    }

    /// Since when fields have been what they are by these settings, where that is known.
    pub(super) fn defined_since(&self, text: &str, newest: Option<Sequence>) -> Option<Since> {
        let defined = self.defined.borrow();
        let known = defined.as_ref().filter(|(of, at, _)| of == text && *at == newest);
        known.map(|(.., since)| Arc::clone(since))
    }

    /// Remembers since when fields have been what they are.
    pub(super) fn note_defined(&self, text: &str, newest: Option<Sequence>, since: &Since) {
        *self.defined.borrow_mut() = Some((text.to_owned(), newest, Arc::clone(since)));
    }

    /// Everybody whom the settings up to those of a commit name, where that is known.
    pub(super) fn named_until(&self, newest: Sequence) -> Option<Arc<Vec<Author>>> {
        let named = self.named.borrow();
        let known = named.as_ref().filter(|(at, _)| *at == newest);
        known.map(|(_, all)| Arc::clone(all))
    }

    /// Remembers whom they name.
    pub(super) fn note_named(&self, newest: Sequence, all: &Arc<Vec<Author>>) {
        *self.named.borrow_mut() = Some((newest, Arc::clone(all)));
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
