//! How measures and segments follow commits: of whom one touched, they are told anew; of nobody else.
//!
//! Whose an activity is depends on records and on the handles they held, so that a commit touches more than those it
//! names: whoever is named as one of its records is, and whoever else held one of their handles.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Standing, asks};
use crate::activities::{Asked, handles};
use crate::error::DeskError;
use crate::facts::Facts;
use activity::{Handles, Log, Measuring, Owner, Owners, Records, Row};
use domain::{ActivitySubject, Commit, CustomerId, Event, RecordId, Sequence};

/// Commits followed one by one; after more, everybody is told anew.
const FOLLOWED: u64 = 1_024;
/// Customers that are told again; a larger number is as much work as everybody. Of few customers there may always be so
/// many.
const FEW: usize = 1_000;
const PART: usize = 16;

/// What commits touch.
#[derive(Default)]
struct Touched {
    customers: BTreeSet<CustomerId>,
    records: BTreeSet<RecordId>,
    subjects: BTreeSet<ActivitySubject>,
    /// Keys of activities that came, or were withdrawn: fingerprints within their streams.
    keys: Vec<u64>,
}

impl Touched {
    /// Notes what a commit touches; whether it can be followed at all.
    fn note(&mut self, facts: Facts<'_>, commit: &Commit) -> bool {
        for event in &commit.events {
            match event {
                Event::RecordRevised(revised) => {
                    self.records.insert(revised.record);
                    self.customers.insert(revised.customer);
                }
                Event::RecordChanged(changed) => {
                    self.records.insert(changed.record);
                }
                Event::CustomerChanged(changed) => {
                    self.customers.insert(changed.customer);
                    let before = changed.before.iter().flat_map(|state| &state.members);
                    self.records.extend(before.chain(&changed.after.members));
                }
                Event::ActivitiesRecorded(recorded) => {
                    self.subjects.insert(recorded.subject.clone());
                    let stream = recorded.stream.as_str();
                    let keys = recorded.activities.iter();
                    self.keys.extend(
                        keys.map(|it| handles::of_key(facts.fingerprinter, stream, &it.key).0),
                    );
                }
                Event::ActivitiesWithdrawn(withdrawn) if !withdrawn.keys.is_empty() => {
                    self.keys.extend(withdrawn.keys.iter().map(|key| key.0));
                }
                // An undo of an import takes back handles that records held.
                Event::ImportStarted(started)
                    if started.reread.as_ref().is_none_or(|reread| reread.undoes.is_none()) => {}
                Event::TaskChanged(_)
                | Event::DecisionMade(_)
                | Event::ImportFinished(_)
                | Event::RowQuarantined(_)
                | Event::MatchFinished(_)
                | Event::CensusTaken(_)
                | Event::Exported(_)
                | Event::ExportBegun(_)
                | Event::Unmasked(_)
                | Event::AccessNoted(_)
                | Event::SettingsProposed(_)
                | Event::ProposalWithdrawn(_)
                | Event::RefusedByRole(_)
                | Event::SettingsAcknowledged(_)
                | Event::FiguresMeasured(_) => {}
                _ => return false,
            }
        }
        true
    }
}

/// The same as of a later commit; none where everybody must be told anew.
pub(super) fn follow(
    facts: Facts<'_>,
    known: Arc<Standing>,
    head: Sequence,
) -> Result<Option<Arc<Standing>>, DeskError> {
    if head.0 - known.head.0 > FOLLOWED {
        return Ok(None);
    }
    let most = FEW.max(facts.view.counters()?.customers as usize / PART);
    let mut touched = Touched::default();
    for sequence in known.head.0 + 1..=head.0 {
        let commit = facts.commit(Sequence(sequence))?;
        if !touched.note(facts, &commit)
            || touched.customers.len().max(touched.records.len()).max(touched.subjects.len()) > most
        {
            return Ok(None);
        }
    }
    let customers = reached(facts, touched)?;
    if customers.len() > most {
        return Ok(None);
    }
    let mut standing = known;
    let own = Arc::make_mut(&mut standing);
    tell(facts, own, &customers.into_iter().collect::<Vec<_>>())?;
    #[cfg(test)]
    {
        own.followed += head.0 - own.head.0;
    }
    own.head = head;
    Ok(Some(standing))
}

/// Whoever may have other activities, or others' golden values, than before.
fn reached(facts: Facts<'_>, touched: Touched) -> Result<BTreeSet<CustomerId>, DeskError> {
    let Touched { mut customers, mut records, mut subjects, mut keys } = touched;
    for record in &records {
        customers.insert(facts.view.customer_of(*record)?);
    }
    for customer in &customers {
        records.extend(facts.view.customer(*customer)?.into_iter().flat_map(|state| state.members));
    }
    if facts.settings.measures.is_empty() {
        return Ok(customers);
    }
    let log = facts.activities()?;
    let held = facts.handles(&log)?;
    keys.sort_unstable();
    keys.dedup();
    if !keys.is_empty() {
        // What these keys stood for before was somebody's, too.
        for ordinal in log.versions(&keys) {
            let Some(place) = log.place(ordinal) else { continue };
            let events = facts.ledger.events_at(place.sequence, [place.event])?;
            if let Some(Event::ActivitiesRecorded(recorded)) = events.first() {
                subjects.insert(recorded.subject.clone());
            }
        }
    }
    let named = facts.subjects_of(&log, &held, records.iter().copied())?;
    subjects.extend(named.into_iter().map(|number| log.subject(number)));
    let asked = Asked::of(facts);
    for subject in &subjects {
        let by_key = subject.key.and_then(|key| asked.of_address(key));
        let by_handle = subject.handles.iter().flat_map(|it| held.spans(*it));
        let holders = by_key.into_iter().chain(by_handle.map(|span| span.record));
        customers.extend(holders.filter_map(|record| asked.customer_of(record)));
    }
    asked.must_be_sound()?;
    Ok(customers)
}

/// Tells some customers anew.
fn tell(
    facts: Facts<'_>,
    standing: &mut Standing,
    customers: &[CustomerId],
) -> Result<(), DeskError> {
    if !facts.settings.measures.is_empty() && !customers.is_empty() {
        let asks = asks(facts.settings, standing.day);
        let mut measuring = Measuring::new(asks, standing.day, customers.len());
        for (place, customer) in customers.iter().enumerate() {
            facts.each_activity_of(*customer, &mut |log, row| {
                if let Some(class) = log.class_of(row) {
                    measuring.add(place, row, class);
                }
            })?;
        }
        let told = facts.finish(measuring)?;
        for (own, told) in standing.columns.iter_mut().zip(&told) {
            for (place, customer) in customers.iter().enumerate() {
                own.put(customer.0 as usize, told, place);
            }
        }
    }
    for customer in customers {
        let is_golden = facts.is_golden(*customer)?;
        standing.customers.set(customer.0, is_golden);
        let segments = 0..standing.segments.len();
        if !is_golden {
            segments.for_each(|at| standing.segments[at].set(customer.0, false));
            continue;
        }
        let (columns, own) = (&standing.columns, &mut standing.segments);
        let at = (*customer, customer.0 as usize);
        facts.judge(columns, at, segments, &mut |at, is_in| own[at].set(customer.0, is_in))?;
    }
    Ok(())
}

impl Facts<'_> {
    /// Hands on every activity of a customer that counts.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn each_activity_of(
        &self,
        customer: CustomerId,
        each: &mut dyn FnMut(&Log, &Row),
    ) -> Result<(), DeskError> {
        let log = self.activities()?;
        let handles: Arc<Handles> = self.handles(&log)?;
        let state = self.view.customer(customer)?.filter(|state| state.is_live());
        let members = state.map(|state| state.members).unwrap_or_default();
        let subjects = self.subjects_of(&log, &handles, members.iter().copied())?;
        let asked = Asked::of(*self);
        for subject in subjects {
            let owners = Owners::of(&log.subject(subject), &handles, &asked);
            for row in log.rows_of(subject) {
                let recorded = log.brought(&row).map_or(Sequence::ZERO, |(sequence, _)| sequence);
                if matches!(owners.at(recorded), Owner::Customer(own, _) if own == customer) {
                    each(&log, &row);
                }
            }
        }
        asked.must_be_sound()
    }
}
