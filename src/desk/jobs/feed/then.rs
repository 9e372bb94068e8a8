//! Things before a commit and after it. What was looked at is kept and follows from commit to commit:
//! each commit is read once, however often a customer was touched. What was never looked at is read
//! from the past.

use std::collections::{BTreeSet, HashMap};

use crate::error::DeskError;
use crate::facts::RecordFacts;
use crate::past::{Past, in_force};
use domain::event::{CustomerChanged, RecordChanged, RecordRevised};
use domain::{
    Commit, CustomerId, CustomerState, Event, RecordBody, RecordId, RecordState, Sequence, Standing,
};
use store::Place;

/// Things that are kept at most: beyond, all are let go of and read from the past again.
const KEPT: usize = 200_000;
/// Record bodies that are kept at most.
const BODIES: usize = 4_096;

/// A side of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// Where a record's revision stands, and what people had put over it.
#[derive(Debug, Clone, Default)]
struct Layers {
    /// Of the latest that was delivered; none for a record that had not come yet.
    place: Option<Place>,
    state: RecordState,
}

impl Layers {
    /// Where the revision in force stands.
    fn in_force(&self) -> Option<Place> {
        self.place.map(|latest| in_force(latest, &self.state))
    }
}

/// What is known of some things.
#[derive(Default)]
struct Known {
    /// None for a customer that did not exist.
    customers: HashMap<CustomerId, Option<CustomerState>>,
    records: HashMap<RecordId, Layers>,
    homes: HashMap<RecordId, CustomerId>,
}

/// Things as they were after a commit, and as the next one leaves them.
pub(super) struct Then {
    until: Sequence,
    before: Known,
    /// What the commit at hand changes.
    after: Known,
    bodies: HashMap<Place, RecordBody>,
}

/// What a commit touches.
#[derive(Default)]
pub(super) struct Touched {
    /// Customers whose own state it changes.
    pub(super) changed: BTreeSet<CustomerId>,
    /// Those, and the ones whose records it changes.
    pub(super) customers: BTreeSet<CustomerId>,
    /// Customers that it erases.
    pub(super) erased: BTreeSet<CustomerId>,
}

impl Then {
    /// As things were after a commit.
    pub(super) fn after(until: Sequence) -> Then {
        let (before, after) = (Known::default(), Known::default());
        Then { until, before, after, bodies: HashMap::new() }
    }

    /// The last commit that is before.
    pub(super) fn until(&self) -> Sequence {
        self.until
    }

    /// Takes in the commit that follows: it is what lies between before and after.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn take_in(
        &mut self,
        past: &Past<'_>,
        commit: &Commit,
    ) -> Result<Touched, DeskError> {
        let mut touched = Touched::default();
        for (index, event) in commit.events.iter().enumerate() {
            match event {
                Event::CustomerChanged(changed) => {
                    self.customer_changed(changed);
                    touched.changed.insert(changed.customer);
                    if changed.after.standing == Standing::Erased {
                        touched.erased.insert(changed.customer);
                    }
                }
                Event::RecordRevised(revised) if !is_erased(past, revised.record)? => {
                    let index = u16::try_from(index).unwrap_or(u16::MAX);
                    let place = Place { sequence: commit.sequence, index };
                    self.revised(past, revised, place)?;
                    touched.customers.extend(self.homes(past, revised.record)?);
                }
                Event::RecordChanged(changed) if !is_erased(past, changed.record)? => {
                    self.record_changed(past, changed)?;
                    touched.customers.extend(self.homes(past, changed.record)?);
                }
                _ => {}
            }
        }
        touched.customers.extend(&touched.changed);
        Ok(touched)
    }

    /// Goes on: what the commit that was taken in left is how things were before the next.
    pub(super) fn go_on(&mut self) {
        self.until = self.until.next();
        let Known { customers, records, homes } = std::mem::take(&mut self.after);
        self.before.customers.extend(customers);
        self.before.records.extend(records);
        self.before.homes.extend(homes);
        let Known { customers, records, homes } = &self.before;
        if customers.len() + records.len() + homes.len() > KEPT {
            self.before = Known::default();
        }
        if self.bodies.len() > BODIES {
            self.bodies.clear();
        }
    }

    fn customer_changed(&mut self, changed: &CustomerChanged) {
        let id = changed.customer;
        if !self.after.customers.contains_key(&id) {
            self.before.customers.insert(id, changed.before.clone());
        }
        self.after.homes.extend(changed.after.members.iter().map(|record| (*record, id)));
        self.after.customers.insert(id, Some(changed.after.clone()));
    }

    fn revised(
        &mut self,
        past: &Past<'_>,
        revised: &RecordRevised,
        place: Place,
    ) -> Result<(), DeskError> {
        let (record, customer) = (revised.record, revised.customer);
        if revised.previous.is_none() {
            // It came with its customer.
            self.before.records.insert(record, Layers::default());
            self.before.homes.insert(record, customer);
            if !self.after.customers.contains_key(&customer) {
                self.before.customers.insert(customer, None);
                let single = Some(CustomerState::single(record));
                self.after.customers.insert(customer, single);
            }
        }
        let layers = self.layers(past, record, Side::After)?;
        self.after.records.insert(record, Layers { place: Some(place), ..layers });
        Ok(())
    }

    fn record_changed(
        &mut self,
        past: &Past<'_>,
        changed: &RecordChanged,
    ) -> Result<(), DeskError> {
        let layers = self.layers(past, changed.record, Side::After)?;
        let state = changed.after.clone();
        self.after.records.insert(changed.record, Layers { state, ..layers });
        Ok(())
    }

    /// The customers that a record belongs to, before and after.
    fn homes(
        &mut self,
        past: &Past<'_>,
        record: RecordId,
    ) -> Result<BTreeSet<CustomerId>, DeskError> {
        let before = match self.before.homes.get(&record) {
            Some(home) => *home,
            None => {
                let home = past.customer_of(record)?;
                self.before.homes.insert(record, home);
                home
            }
        };
        Ok([Some(before), self.home(record)].into_iter().flatten().collect())
    }

    /// The customer that the commit has a record belong to; none where it does not say so.
    pub(super) fn home(&self, record: RecordId) -> Option<CustomerId> {
        self.after.homes.get(&record).copied()
    }

    /// A customer's facts, live or not; none if it did not exist then, or was erased since.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn customer(
        &mut self,
        past: &Past<'_>,
        id: CustomerId,
        side: Side,
    ) -> Result<Option<CustomerState>, DeskError> {
        let now = past.facts().view.customer(id)?;
        if now.is_none_or(|now| now.standing == Standing::Erased) {
            return Ok(None);
        }
        if side == Side::After
            && let Some(state) = self.after.customers.get(&id)
        {
            return Ok(state.clone());
        }
        if let Some(state) = self.before.customers.get(&id) {
            return Ok(state.clone());
        }
        let state = past.customer(id)?;
        self.before.customers.insert(id, state.clone());
        Ok(state)
    }

    /// The members of a customer whose values count, whole.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn members(
        &mut self,
        (past, commit): (&Past<'_>, &Commit),
        facts: crate::facts::Facts<'_>,
        state: &CustomerState,
        side: Side,
    ) -> Result<Vec<RecordFacts>, DeskError> {
        let mut members = Vec::new();
        for id in &state.members {
            if is_erased(past, *id)? {
                continue;
            }
            let layers = self.layers(past, *id, side)?;
            let (place, state) = (layers.in_force(), layers.state);
            if let Some(place) = place.filter(|_| state.takes_part()) {
                let body = self.body(past, commit, place)?;
                members.extend(body.map(|body| facts.layered(*id, body, state)).transpose()?);
            }
        }
        Ok(members)
    }

    /// A record as it was delivered last and is in force, after the commit.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn delivered(
        &mut self,
        (past, commit): (&Past<'_>, &Commit),
        id: RecordId,
    ) -> Result<Option<RecordBody>, DeskError> {
        if is_erased(past, id)? {
            return Ok(None);
        }
        let place = self.layers(past, id, Side::After)?.in_force();
        Ok(place.map(|place| self.body(past, commit, place)).transpose()?.flatten())
    }

    fn layers(&mut self, past: &Past<'_>, id: RecordId, side: Side) -> Result<Layers, DeskError> {
        if side == Side::After
            && let Some(layers) = self.after.records.get(&id)
        {
            return Ok(layers.clone());
        }
        if let Some(layers) = self.before.records.get(&id) {
            return Ok(layers.clone());
        }
        let layers = match past.delivered_layers(id)? {
            Some((place, state)) => Layers { place: Some(place), state },
            None => Layers::default(),
        };
        self.before.records.insert(id, layers.clone());
        Ok(layers)
    }

    fn body(
        &mut self,
        past: &Past<'_>,
        commit: &Commit,
        place: Place,
    ) -> Result<Option<RecordBody>, DeskError> {
        if place.sequence == commit.sequence {
            return Ok(match commit.events.get(usize::from(place.index)) {
                Some(Event::RecordRevised(revised)) => Some(revised.body.clone()),
                _ => None,
            });
        }
        if let Some(body) = self.bodies.get(&place) {
            return Ok(Some(body.clone()));
        }
        let Event::RecordRevised(revised) = past.facts().event(place)? else { return Ok(None) };
        self.bodies.insert(place, revised.body.clone());
        Ok(Some(revised.body))
    }
}

/// What was erased is gone from every time.
pub(super) fn is_erased(past: &Past<'_>, record: RecordId) -> Result<bool, DeskError> {
    Ok(past.facts().view.record(record)?.erased)
}
