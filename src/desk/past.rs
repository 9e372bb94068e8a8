//! The state as it was at a time, by walking back from the present one along `previous`: never by
//! a fold, so that what was not touched since costs nothing.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use jiff::Timestamp;

use super::error::DeskError;
use super::facts::{Facts, RecordFacts};
use domain::event::RecordRevised;
use domain::{
    Commit, CustomerId, CustomerState, DecisionId, Event, RecordId, RecordState, Sequence, Standing,
};
use store::{Place, follow_redirects};

/// Commits kept as read: records that stand side by side were often revised by the same import.
const KEPT: usize = 16;

/// Reads things as they were after a commit.
pub struct Past<'a> {
    facts: Facts<'a>,
    until: Sequence,
    kept: RefCell<VecDeque<Rc<Commit>>>,
}

/// A record as it was.
#[derive(Debug, Clone)]
pub struct RecordThen {
    /// The revision of then.
    pub revised: RecordRevised,
    /// The commit that brought it.
    pub delivered: Sequence,
    /// What people had put over it.
    pub state: RecordState,
}

/// A record's move from one customer to another.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// The commit that moved it.
    pub sequence: Sequence,
    /// The customer it left.
    pub from: CustomerId,
    /// The customer it came to.
    pub to: CustomerId,
    /// The decision that moved it; none where the machine did.
    pub decision: Option<DecisionId>,
}

impl<'a> Past<'a> {
    /// Things as they were at a time. For what was seen under the policy of then, `facts` must
    /// hold it: see [`Facts::settings_at`].
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn at(facts: Facts<'a>, at: Timestamp) -> Result<Past<'a>, DeskError> {
        let until = Sequence(first_commit(facts, at, true)?.0 - 1);
        Ok(Past::after(facts, until))
    }

    /// Things as they were after a commit; after none of them, with zero.
    #[must_use]
    pub fn after(facts: Facts<'a>, until: Sequence) -> Past<'a> {
        Past { facts, until, kept: RefCell::default() }
    }

    /// The same after a later commit; what was read stays in memory.
    pub(crate) fn move_on(&mut self, until: Sequence) {
        self.until = until;
    }

    /// The facts of today.
    pub(crate) fn facts(&self) -> Facts<'a> {
        self.facts
    }

    /// The last commit whose effects are seen; zero before the first.
    #[must_use]
    pub fn until(&self) -> Sequence {
        self.until
    }

    /// A record; none if it had not been imported then, or was erased since.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn record(&self, id: RecordId) -> Result<Option<RecordThen>, DeskError> {
        let Some((place, state)) = self.layers(id)? else { return Ok(None) };
        Ok(match self.facts.event(place)? {
            Event::RecordRevised(revised) => {
                Some(RecordThen { revised, delivered: place.sequence, state })
            }
            _ => None,
        })
    }

    /// A customer's facts, live or not; none if it did not exist then, or was erased since.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn customer(&self, id: CustomerId) -> Result<Option<CustomerState>, DeskError> {
        let mut state = self.facts.view.customer(id)?;
        if state.as_ref().is_some_and(|state| state.standing == Standing::Erased) {
            return Ok(None);
        }
        let mut next = self.facts.view.customer_touched(id)?;
        while let Some(sequence) = next.filter(|sequence| *sequence > self.until) {
            let commit = self.commit(sequence)?;
            next = earlier(&commit, |event| of_customer(event, id));
            let about = commit.events.iter().find_map(|event| match event {
                Event::CustomerChanged(changed) if changed.customer == id => Some(changed),
                _ => None,
            });
            state = about.and_then(|changed| changed.before.clone());
        }
        // A customer that nobody had touched came with its record.
        if next.is_none() {
            for record in state.iter().flat_map(|state| &state.members) {
                if self.layers(*record)?.is_none() {
                    return Ok(None);
                }
            }
        }
        Ok(state)
    }

    /// The live customer that `id` stood for, redirects followed.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn follow(&self, id: CustomerId) -> Result<Option<(CustomerId, CustomerState)>, DeskError> {
        let end = follow_redirects(id, |at| self.customer(at))?;
        Ok(end.filter(|(_, state)| state.is_live()))
    }

    /// The customer a record belonged to: from the present one back through every move.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn customer_of(&self, id: RecordId) -> Result<CustomerId, DeskError> {
        let homes = self.homes(id)?;
        Ok(homes.last().copied().unwrap_or(self.facts.view.customer_of(id)?))
    }

    /// The customers a record belonged to, from the present one back through every move.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn homes(&self, id: RecordId) -> Result<Vec<CustomerId>, DeskError> {
        let present = self.facts.view.customer_of(id)?;
        let moves = self.moves(id)?;
        Ok(std::iter::once(present).chain(moves.into_iter().map(|step| step.from)).collect())
    }

    /// Every move of a record from customer to customer, latest first.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn moves(&self, id: RecordId) -> Result<Vec<Move>, DeskError> {
        let mut moves = Vec::new();
        let mut at = self.facts.view.customer_of(id)?;
        let mut before = Sequence(u64::MAX);
        while let Some(step) = self.latest_arrival(id, at, before)? {
            (at, before) = (step.from, step.sequence);
            moves.push(step);
        }
        Ok(moves)
    }

    /// A customer's members, whole.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn members(&self, state: &CustomerState) -> Result<Vec<RecordFacts>, DeskError> {
        let mut members = Vec::new();
        for id in &state.members {
            if let Some(then) = self.record(*id)? {
                members.push(self.facts.layered(*id, then.revised.body, then.state)?);
            }
        }
        Ok(members)
    }

    /// A record as it was delivered last, be that in force or held back; none if it had not been imported then, or
    /// was erased since.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn delivered(&self, id: RecordId) -> Result<Option<RecordThen>, DeskError> {
        let Some((place, state)) = self.delivered_layers(id)? else { return Ok(None) };
        Ok(match self.facts.event(place)? {
            Event::RecordRevised(revised) => {
                Some(RecordThen { revised, delivered: place.sequence, state })
            }
            _ => None,
        })
    }

    /// Where the revision stands that was in force then, with what people had put over it.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn layers(&self, id: RecordId) -> Result<Option<(Place, RecordState)>, DeskError> {
        let found = self.delivered_layers(id)?;
        Ok(found.map(|(place, state)| (in_force(place, &state), state)))
    }

    /// Where the revision stands that had been delivered last, with what people had put over it.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn delivered_layers(
        &self,
        id: RecordId,
    ) -> Result<Option<(Place, RecordState)>, DeskError> {
        let row = self.facts.view.record(id)?;
        if row.erased {
            // What was erased is gone from every time.
            return Ok(None);
        }
        let mut state = self.facts.view.record_state(id)?;
        let (latest, _) = self.facts.view.latest(id)?;
        let mut place = Some(latest).filter(|place| place.sequence <= self.until);
        let mut next = Some(self.facts.view.record_version(id)?);
        while let Some(sequence) = next.filter(|it| *it > self.until || place.is_none()) {
            let commit = self.commit(sequence)?;
            let is_later = sequence > self.until;
            for (index, event) in commit.events.iter().enumerate().rev() {
                match event {
                    Event::RecordChanged(changed) if changed.record == id && is_later => {
                        state = changed.before.clone();
                    }
                    Event::RecordRevised(revised) if revised.record == id && !is_later => {
                        let index = u16::try_from(index).unwrap_or(u16::MAX);
                        place = place.or(Some(Place { sequence, index }));
                    }
                    _ => {}
                }
            }
            next = earlier(&commit, |event| of_record(event, id));
        }
        Ok(place.map(|place| (place, state)))
    }

    /// The latest move before `before` and after the time that brought the record to a customer.
    fn latest_arrival(
        &self,
        id: RecordId,
        to: CustomerId,
        before: Sequence,
    ) -> Result<Option<Move>, DeskError> {
        let mut next = self.facts.view.customer_touched(to)?;
        while let Some(sequence) = next.filter(|sequence| *sequence > self.until) {
            let commit = self.commit(sequence)?;
            next = earlier(&commit, |event| of_customer(event, to));
            let left = commit.events.iter().find_map(|event| match event {
                Event::CustomerChanged(changed) if changed.customer != to => {
                    let had = changed.before.as_ref().is_some_and(|it| it.members.contains(&id));
                    (had && !changed.after.members.contains(&id)).then_some(changed.customer)
                }
                _ => None,
            });
            if let Some(from) = left.filter(|_| sequence < before) {
                let decision = commit.events.iter().find_map(|event| match event {
                    Event::DecisionMade(made) => Some(made.decision.id),
                    _ => None,
                });
                return Ok(Some(Move { sequence, from, to, decision }));
            }
        }
        Ok(None)
    }

    /// Goes through the commits that touched a record, the latest first, as long as it is told to.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, and what `each` fails with.
    pub(crate) fn each_touch(
        &self,
        id: RecordId,
        each: &mut dyn FnMut(&Commit) -> Result<bool, DeskError>,
    ) -> Result<(), DeskError> {
        let mut next = Some(self.facts.view.record_version(id)?);
        while let Some(sequence) = next {
            let commit = self.commit(sequence)?;
            if !each(&commit)? {
                break;
            }
            next = earlier(&commit, |event| of_record(event, id));
        }
        Ok(())
    }

    /// A commit, at whatever time; the last ones read are kept.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub(crate) fn commit(&self, sequence: Sequence) -> Result<Rc<Commit>, DeskError> {
        let mut kept = self.kept.borrow_mut();
        if let Some(known) = kept.iter().find(|commit| commit.sequence == sequence) {
            return Ok(Rc::clone(known));
        }
        let commit = Rc::new(self.facts.commit(sequence)?);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(Rc::clone(&commit));
        Ok(commit)
    }
}

/// Where the revision in force stands, of a record that was delivered last at a place.
pub(crate) fn in_force(latest: Place, state: &RecordState) -> Place {
    let former = state.in_force().and_then(|former| {
        let index = u16::try_from(former.event).ok()?;
        Some(Place { sequence: former.commit, index })
    });
    former.unwrap_or(latest)
}

/// The first commit at a time or later (`after`: later than it); the one after the last when
/// there is none. Times never decrease from commit to commit.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn first_commit(facts: Facts<'_>, at: Timestamp, after: bool) -> Result<Sequence, DeskError> {
    let head = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
    let (mut low, mut high) = (1, head.0 + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let time = facts.time_of(Sequence(middle))?;
        if time < at || (after && time == at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(Sequence(low))
}

fn of_customer(event: &Event, id: CustomerId) -> Option<Option<Sequence>> {
    match event {
        Event::CustomerChanged(changed) if changed.customer == id => Some(changed.previous),
        _ => None,
    }
}

fn of_record(event: &Event, id: RecordId) -> Option<Option<Sequence>> {
    match event {
        Event::RecordRevised(revised) if revised.record == id => Some(revised.previous),
        Event::RecordChanged(changed) if changed.record == id => Some(Some(changed.previous)),
        _ => None,
    }
}

/// The commit before this one that touched the thing: within a commit the chain goes on from its
/// first event about it. `about` answers `Some` for events of the thing.
fn earlier(
    commit: &Commit,
    about: impl Fn(&Event) -> Option<Option<Sequence>>,
) -> Option<Sequence> {
    let previous = commit.events.iter().find_map(about)?;
    previous.filter(|previous| *previous < commit.sequence)
}
