//! What is to be known of records to tell whose an activity is.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::DeskError;
use crate::facts::Facts;
use activity::Records;
use domain::{CustomerId, Fingerprint, RecordId, Sequence};
use store::{KeyLookup, StoreError};

/// All records: whose each is, and which are set aside.
pub(crate) struct Everybody {
    keys: Arc<RwLock<KeyLookup>>,
    /// Of each record, the customer; none of an erased one.
    customers: Vec<Option<CustomerId>>,
    /// Those that are set aside, ascending.
    aside: Vec<RecordId>,
    /// Those whose key was given to somebody else: since when, and whose they were.
    given: BTreeMap<RecordId, (Sequence, Option<CustomerId>)>,
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
        let (mut aside, mut given) = (Vec::new(), BTreeMap::new());
        for id in touched {
            let state = facts.view.record_state(id)?;
            if state.quarantined.is_some() {
                aside.push(id);
            }
            if state.reused.is_some() {
                given.extend(facts.given_on(id)?.map(|since| (id, since)));
            }
        }
        Ok(Everybody { keys, customers, aside, given })
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

    fn given_on(&self, record: RecordId) -> Option<(Sequence, Option<CustomerId>)> {
        self.given.get(&record).copied()
    }
}

/// Some records, each asked for when it is needed.
pub(crate) struct Asked<'f> {
    facts: Facts<'f>,
    failed: RefCell<Option<DeskError>>,
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
        self.failed.into_inner().map_or(Ok(()), Err)
    }

    fn note<T>(&self, read: Result<T, StoreError>) -> Option<T> {
        read.map_err(|error| *self.failed.borrow_mut() = Some(error.into())).ok()
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

    fn given_on(&self, record: RecordId) -> Option<(Sequence, Option<CustomerId>)> {
        match self.facts.given_on(record) {
            Ok(given) => given,
            Err(error) => {
                self.failed.replace(Some(error));
                None
            }
        }
    }
}
