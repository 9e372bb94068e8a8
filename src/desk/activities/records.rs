//! What is to be known of records to tell whose an activity is.

use std::cell::RefCell;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::DeskError;
use crate::facts::Facts;
use activity::Records;
use domain::{CustomerId, Fingerprint, RecordId};
use store::{KeyLookup, StoreError};

/// All records: whose each is, and which are set aside.
pub(crate) struct Everybody {
    keys: Arc<RwLock<KeyLookup>>,
    /// Of each record, the customer; none of an erased one.
    customers: Vec<Option<CustomerId>>,
    /// Those that are set aside, ascending.
    aside: Vec<RecordId>,
}

impl Everybody {
    /// All of them, as of now.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(crate) fn of(facts: Facts<'_>) -> Result<Everybody, DeskError> {
        let keys = facts.caches.keys(facts.view)?;
        let (mut customers, mut touched) = (Vec::new(), Vec::new());
        facts.view.each_record(&mut |id, row| {
            customers.resize(id.index(), None);
            customers.push((!row.erased).then_some(row.customer));
            touched.extend(row.touched.then_some(id));
            Ok(true)
        })?;
        let mut aside = Vec::new();
        for id in touched {
            if facts.view.record_state(id)?.quarantined.is_some() {
                aside.push(id);
            }
        }
        Ok(Everybody { keys, customers, aside })
    }
}

impl Records for Everybody {
    fn of_address(&self, address: Fingerprint) -> Option<RecordId> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).get(address)
    }

    fn customer_of(&self, record: RecordId) -> Option<CustomerId> {
        self.customers.get(record.index()).copied().flatten()
    }

    fn holds(&self, record: RecordId) -> bool {
        self.aside.binary_search(&record).is_err()
    }
}

/// Some records, each asked for when it is needed.
pub(crate) struct Asked<'f> {
    facts: Facts<'f>,
    failed: RefCell<Option<StoreError>>,
}

impl<'f> Asked<'f> {
    pub(crate) fn of(facts: Facts<'f>) -> Asked<'f> {
        Asked { facts, failed: RefCell::new(None) }
    }

    /// Whether all that was asked could be read.
    ///
    /// # Errors
    /// When the store is damaged: what was told by then counts for nothing.
    pub(crate) fn must_be_sound(self) -> Result<(), DeskError> {
        self.failed.into_inner().map_or(Ok(()), |error| Err(error.into()))
    }

    fn note<T>(&self, read: Result<T, StoreError>) -> Option<T> {
        read.map_err(|error| *self.failed.borrow_mut() = Some(error)).ok()
    }
}

impl Records for Asked<'_> {
    fn of_address(&self, address: Fingerprint) -> Option<RecordId> {
        self.note(self.facts.caches.record_of(self.facts.view, address)).flatten()
    }

    fn customer_of(&self, record: RecordId) -> Option<CustomerId> {
        let row = self.note(self.facts.view.record(record))?;
        (!row.erased).then_some(row.customer)
    }

    fn holds(&self, record: RecordId) -> bool {
        let state = self.note(self.facts.view.record_state(record));
        state.is_some_and(|state| state.quarantined.is_none())
    }
}
