//! Who is erased: the records and customers that are this person and nobody else.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::DeskError;
use crate::facts::{Facts, missing};
use crate::reused::Part;
use domain::event::{PersonErased, RecordRevised};
use domain::{CustomerId, CustomerState, Fingerprint, RecordAddress, RecordId, Sequence};

/// A person to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// The customer it is recorded under.
    pub(super) customer: CustomerId,
    /// Their source records.
    pub(super) records: BTreeSet<RecordId>,
    /// The records' addresses.
    pub(super) addresses: BTreeSet<RecordAddress>,
    /// The customers that are this person alone: the erased ones and those merged into them.
    pub(super) customers: BTreeSet<CustomerId>,
    /// The customers that change, as they will be.
    pub(super) changed: BTreeMap<CustomerId, CustomerState>,
    /// The addresses not to be imported again.
    pub(super) suppressed: Vec<Fingerprint>,
    /// What is held of them in records that are somebody else's now.
    pub(super) former: Vec<Part>,
}

impl Person {
    /// A customer with all its records, and what is held of it in others'.
    pub(super) fn of_customer(facts: Facts<'_>, id: CustomerId) -> Result<Person, DeskError> {
        let state = facts.view.customer(id)?.ok_or_else(|| missing(format!("customer {id}")))?;
        Self::of_records(facts, id, state.members.into_iter().collect(), Vec::new())
    }

    /// Nobody: what is erased was never anybody's.
    pub(super) fn nobody() -> Person {
        Person {
            customer: CustomerId::NOBODY,
            records: BTreeSet::new(),
            addresses: BTreeSet::new(),
            customers: BTreeSet::new(),
            changed: BTreeMap::new(),
            suppressed: Vec::new(),
            former: Vec::new(),
        }
    }

    /// Whether a record was the person's when a commit was made.
    pub(super) fn has_in(&self, record: RecordId, commit: Sequence) -> bool {
        let was = |part: &Part| part.record == record && commit <= part.decided.0;
        self.records.contains(&record) || self.former.iter().any(was)
    }

    /// Whether a revision was delivered of the person.
    pub(super) fn has_revision(&self, revised: &RecordRevised) -> bool {
        let (record, number) = (revised.record, revised.revision);
        let was = |part: &Part| part.record == record && number < part.reused.revision;
        self.records.contains(&record) || self.former.iter().any(was)
    }

    /// The records of which anything is the person's, or was.
    pub(super) fn all_records(&self) -> BTreeSet<RecordId> {
        self.records.iter().copied().chain(self.former.iter().map(|part| part.record)).collect()
    }

    /// The person of an earlier erasure, as far as records of theirs are here and not erased; none
    /// where nothing is left to do. Ids may have been given out again since: what counts is the
    /// address.
    pub(super) fn of_erasure(
        facts: Facts<'_>,
        erasure: &PersonErased,
    ) -> Result<Option<Person>, DeskError> {
        let mut records = BTreeSet::new();
        let mut is_known = true;
        for address in &erasure.suppressed {
            records.extend(facts.caches.record_of(facts.view, *address)?);
            is_known &= facts.view.suppressed_in(*address)?.is_some();
        }
        if records.is_empty() && is_known {
            // Of whoever had no record left, what is held in others' may have come back.
            let ids = BTreeSet::from([erasure.customer]);
            let is_former = erasure.suppressed.is_empty() && !facts.parts_of(&ids)?.is_empty();
            return is_former.then(|| Self::of_customer(facts, erasure.customer)).transpose();
        }
        let suppressed = erasure.suppressed.clone();
        Self::of_records(facts, erasure.customer, records, suppressed).map(Some)
    }

    /// Several people as one to erase: what is personal to any of them is.
    pub(super) fn together(facts: Facts<'_>, people: &[Person]) -> Result<Person, DeskError> {
        let records = people.iter().flat_map(|person| person.records.iter().copied()).collect();
        let first = people.first().map_or(CustomerId(0), |person| person.customer);
        Self::of_records(facts, first, records, Vec::new())
    }

    fn of_records(
        facts: Facts<'_>,
        asked: CustomerId,
        records: BTreeSet<RecordId>,
        mut suppressed: Vec<Fingerprint>,
    ) -> Result<Person, DeskError> {
        let mut addresses = BTreeSet::new();
        let mut changed = BTreeMap::new();
        for record in &records {
            let address = facts.body(*record)?.address;
            suppressed.push(address.fingerprint(facts.fingerprinter));
            addresses.insert(address);
            let id = facts.view.customer_of(*record)?;
            let state =
                facts.view.customer(id)?.ok_or_else(|| missing(format!("customer {id}")))?;
            changed.insert(id, without(state, &records));
        }
        let erased = changed.iter().filter(|(_, after)| !after.is_live()).map(|(id, _)| *id);
        let erased: Vec<CustomerId> = erased.collect();
        let customer = if erased.contains(&asked) { Some(asked) } else { erased.first().copied() };
        let mut customers = BTreeSet::new();
        let mut waiting = erased;
        if records.is_empty() {
            // They have no record any more.
            changed.insert(asked, CustomerState::erased());
            waiting.push(asked);
        }
        while let Some(id) = waiting.pop() {
            if customers.insert(id) {
                waiting.extend(facts.view.retired_into(id)?);
            }
        }
        let mut former = facts.parts_of(&customers)?;
        former.retain(|part| !records.contains(&part.record));
        Ok(Person {
            former,
            customer: customer.unwrap_or(asked),
            records,
            addresses,
            customers,
            changed,
            suppressed: sorted(suppressed),
        })
    }
}

/// A customer without these records; erased, where none is left.
fn without(mut state: CustomerState, records: &BTreeSet<RecordId>) -> CustomerState {
    state.members.retain(|member| !records.contains(member));
    if state.members.is_empty() { CustomerState::erased() } else { state }
}

/// The fingerprints as a set that can be compared with others, whatever their order.
fn sorted(mut fingerprints: Vec<Fingerprint>) -> Vec<Fingerprint> {
    fingerprints.sort_unstable();
    fingerprints.dedup();
    fingerprints
}
