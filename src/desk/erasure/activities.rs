//! Which activities an erasure takes: all that were recorded of whoever is named as one of the person's records is, by
//! its key or by a handle it ever held, whether they count or not.
//!
//! Where another customer holds the handle too, nobody can tell whose it was: it is the person's data as likely as
//! the other's, and goes. One whose key is that of somebody else's record stays theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::person::Person;
use crate::activities::handles::of_key;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use activity::{Log, TextPlace};
use domain::event::ActivitiesRecorded;
use domain::{ActivitySubject, Event, Fingerprint, RecordId, Sequence};

/// The activities that go.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// By place, what is read instead of the events that hold them.
    pub(super) events: BTreeMap<(Sequence, u32), Event>,
    /// What they are known by when they come again.
    pub(super) keys: BTreeSet<Fingerprint>,
    /// How many of those that count.
    pub(super) count: u64,
    /// How many of them name a handle that another customer's record holds or held, too.
    pub(super) shared: u64,
}

/// Finds them.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn of(facts: Facts<'_>, person: &Person) -> Result<Gone, DeskError> {
    let log = facts.activities()?;
    if log.recorded() == 0 {
        return Ok(Gone::default());
    }
    let handles = facts.handles(&log)?;
    let mut subjects = facts.subjects_of(&log, &handles, person.records.iter().copied())?;
    // Repeated in a restored workspace, an erasure knows the addresses of records that are not there.
    for address in &person.suppressed {
        let named = log.named(*address).into_iter();
        subjects.extend(named.filter(|(_, is_key)| *is_key).map(|(subject, _)| subject));
    }
    let mut ordinals: BTreeSet<u32> = BTreeSet::new();
    let mut gone = Gone::default();
    for part in &person.former {
        let Some((since, _)) = facts.given_on(part.record)? else { continue };
        for subject in facts.subjects_of(&log, &handles, [part.record])? {
            for (row, counts) in log.all_of(subject) {
                let recorded = log.brought(&row).map_or(Sequence::ZERO, |(sequence, _)| sequence);
                // What came later is of whoever has the key now.
                if recorded < since && ordinals.insert(row.ordinal) {
                    gone.count += u64::from(counts);
                }
            }
        }
    }
    for subject in subjects {
        let named = log.subject(subject);
        if is_somebody_else(facts, person, &named)? {
            continue;
        }
        let others = |record: &RecordId| !person.records.contains(record);
        let mut holders = named.handles.iter().flat_map(|handle| handles.spans(*handle));
        let is_shared = named.key.is_none() && holders.any(|span| others(&span.record));
        for (row, counts) in log.all_of(subject) {
            ordinals.insert(row.ordinal);
            gone.count += u64::from(counts);
            gone.shared += u64::from(counts && is_shared);
        }
    }
    let mut suppressed: Vec<u64> = person.suppressed.iter().map(|it| it.0).collect();
    suppressed.sort_unstable();
    ordinals.extend(log.versions(&suppressed));
    gone.takes(facts, &log, ordinals)?;
    Ok(gone)
}

impl Gone {
    /// What goes where activities of these ordinals go.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub(super) fn takes(
        &mut self,
        facts: Facts<'_>,
        log: &Log,
        own: BTreeSet<u32>,
    ) -> Result<(), DeskError> {
        let mut ordinals = own.clone();
        let named: BTreeSet<Fingerprint> =
            read(facts, log, &own)?.values().flat_map(|(.., keys)| keys).copied().collect();
        for key in named {
            let versions = log.versions(&[key.0]);
            let is_others = |ordinal: &u32| log.counts(*ordinal) && !own.contains(ordinal);
            if versions.iter().any(is_others) {
                // It was the person's once, and is somebody else's now: theirs stays, and may come again.
                continue;
            }
            // Every version of an activity goes with it, whoever it named: else what was replaced would count again.
            ordinals.extend(versions);
            self.keys.insert(key);
        }
        for (place, (event, positions, _)) in read(facts, log, &ordinals)? {
            self.events.insert(place, without(event, &positions).into());
        }
        Ok(())
    }
}

/// Whether somebody is named by the key of a record that is there and not of the person.
fn is_somebody_else(
    facts: Facts<'_>,
    person: &Person,
    subject: &ActivitySubject,
) -> Result<bool, DeskError> {
    let Some(key) = subject.key else { return Ok(false) };
    let record = facts.caches.record_of(facts.view, key)?;
    Ok(record.is_some_and(|record| !person.records.contains(&record)))
}

/// An event, which of its activities are meant, and their keys.
type Meant = (ActivitiesRecorded, BTreeSet<u32>, Vec<Fingerprint>);

/// The events that hold these activities.
fn read(
    facts: Facts<'_>,
    log: &Log,
    ordinals: &BTreeSet<u32>,
) -> Result<BTreeMap<(Sequence, u32), Meant>, DeskError> {
    let mut places: BTreeMap<Sequence, BTreeMap<u32, BTreeSet<u32>>> = BTreeMap::new();
    for ordinal in ordinals {
        let place = log.place(*ordinal).ok_or_else(|| missing("an activity"))?;
        let TextPlace { sequence, event, position } = place;
        places.entry(sequence).or_default().entry(event).or_default().insert(position);
    }
    let mut found = BTreeMap::new();
    for (sequence, events) in places {
        let read = facts.ledger.events_at(sequence, events.keys().copied())?;
        for ((index, positions), event) in events.into_iter().zip(read) {
            let Event::ActivitiesRecorded(event) = event else {
                return Err(missing("an activity"));
            };
            let own = positions.iter().filter_map(|at| event.activities.get(*at as usize));
            let stream = event.stream.as_str();
            let keys = own.map(|own| of_key(facts.fingerprinter, stream, &own.key)).collect();
            found.insert((sequence, index), (event, positions, keys));
        }
    }
    Ok(found)
}

/// The event without these activities; without whom it names, where none is left.
fn without(mut event: ActivitiesRecorded, positions: &BTreeSet<u32>) -> ActivitiesRecorded {
    let mut position = 0;
    event.activities.retain(|_| {
        position += 1;
        !positions.contains(&(position - 1))
    });
    if event.activities.is_empty() {
        event.subject = ActivitySubject::default();
    }
    event
}
