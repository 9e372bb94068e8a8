//! Asking for activities: of a customer, of everybody, of nobody.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::records::{Asked, Everybody};
use crate::core::Desk;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use activity::{Class, Handles, Led, Log, Nobody, Owner, Owners, Row, TextPlace};
use domain::{
    Activity, ActivityKind, ActivityTime, CustomerId, Event, ImportId, Money, Sequence, StreamName,
};

/// An activity, without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The stream.
    pub(crate) stream: StreamName,
    /// The kind.
    pub(crate) kind: ActivityKind,
    /// When.
    pub(crate) at: ActivityTime,
    /// The sum.
    pub(crate) money: Option<Money>,
    /// Whose it is, and what led there.
    pub(crate) owner: Owner,
    /// The import that brought it.
    pub(crate) import: ImportId,
    /// Its place among all that was ever recorded: what orders activities of one time.
    pub(crate) ordinal: u32,
    /// Where its key and its properties stand.
    pub(crate) place: TextPlace,
}

/// Which of the activities, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// At most so many.
    pub(crate) limit: usize,
    /// Only those that come after the one of that time and ordinal.
    pub(crate) before: Option<(Timestamp, u32)>,
}

impl Desk {
    /// Hands on every activity that counts, with whose it is.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, and what `each` says.
    pub(crate) fn scan_activities(
        &self,
        each: impl FnMut(&Row, &Class, Owner) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        self.have_activities()?;
        self.facts().scan_activities(each)
    }

    /// How many activities are nobody's, by stream and reason.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn unattached(&self) -> Result<BTreeMap<(StreamName, Nobody), u64>, DeskError> {
        let mut counts = BTreeMap::new();
        self.scan_activities(|_, class, owner| {
            if let Owner::Nobody(why) = owner {
                *counts.entry((class.stream.clone(), why)).or_insert(0) += 1;
            }
            Ok(())
        })?;
        Ok(counts)
    }
}

impl Facts<'_> {
    /// The activities of a customer, the newest first.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn activities_of(
        &self,
        customer: CustomerId,
        page: Page,
    ) -> Result<Vec<Found>, DeskError> {
        let log = self.activities()?;
        let handles = self.handles(&log)?;
        let state = self.view.customer(customer)?;
        let mut members = state.map(|state| state.members).unwrap_or_default();
        // What was theirs under a key that is somebody else's now.
        let mut ids = BTreeSet::from([customer]);
        ids.extend(self.view.retired_into(customer)?);
        members.extend(self.parts_of(&ids)?.into_iter().map(|part| part.record));
        let subjects = self.subjects_of(&log, &handles, members.iter().copied())?;
        let asked = Asked::of(*self);
        let mut rows: Vec<(i64, u32, Row, Led)> = Vec::new();
        for subject in subjects {
            let owners = Owners::of(&log.subject(subject), &handles, &asked);
            for row in log.rows_of(subject) {
                if let Owner::Customer(owner, led) = owners.at(recorded(&log, &row))
                    && owner == customer
                {
                    rows.push((row.at, row.ordinal, row, led));
                }
            }
        }
        asked.must_be_sound()?;
        rows.sort_unstable_by_key(|row| std::cmp::Reverse((row.0, row.1)));
        let before = page.before.map(|(at, ordinal)| (at.as_microsecond(), ordinal));
        let wanted = rows.into_iter().filter(|row| before.is_none_or(|it| (row.0, row.1) < it));
        let own = |(.., row, led): (i64, u32, Row, Led)| {
            found(&log, &row, Owner::Customer(customer, led))
        };
        wanted.take(page.limit).map(own).collect()
    }

    /// Everybody who was named as one of these records is: by its key, or by a handle that it ever held.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(crate) fn subjects_of(
        &self,
        log: &Log,
        handles: &Handles,
        records: impl IntoIterator<Item = domain::RecordId>,
    ) -> Result<BTreeSet<u32>, DeskError> {
        let mut subjects = BTreeSet::new();
        for record in records {
            let address = self.view.record(record)?.key;
            let named = |of: domain::Fingerprint, as_key: bool| {
                let named = log.named(of).into_iter();
                named.filter(move |(_, is_key)| *is_key == as_key).map(|(subject, _)| subject)
            };
            subjects.extend(named(address, true));
            for handle in handles.ever_held(record) {
                subjects.extend(named(handle, false));
            }
        }
        Ok(subjects)
    }

    /// Hands on every activity that counts, with whose it is.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, and what `each` says.
    pub(crate) fn scan_activities(
        &self,
        mut each: impl FnMut(&Row, &Class, Owner) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        self.scan_activities_of(&Everybody::of(*self)?, &mut each)
    }

    /// The same, where records are taken to be whose somebody says.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, and what `each` says.
    pub(crate) fn scan_activities_of(
        &self,
        records: &impl activity::Records,
        each: &mut impl FnMut(&Row, &Class, Owner) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        let log = self.activities()?;
        let handles = self.handles(&log)?;
        let mut last: Option<(u32, Owners)> = None;
        log.scan(|rows| {
            for row in rows {
                let owners = match &last {
                    Some((subject, owners)) if *subject == row.subject => owners,
                    _ => {
                        let owners = Owners::of(&log.subject(row.subject), &handles, records);
                        &last.insert((row.subject, owners)).1
                    }
                };
                let class = log.class_of(row).ok_or_else(|| missing("an activity's class"))?;
                each(row, class, owners.at(recorded(&log, row)))?;
            }
            Ok(())
        })
    }

    /// Activities, whole, of places in the order of the ledger.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub(crate) fn activity_texts(&self, places: &[TextPlace]) -> Result<Vec<Activity>, DeskError> {
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_unstable_by_key(|place| places[*place]);
        let mut texts: Vec<Option<Activity>> = vec![None; places.len()];
        let same = |a: &usize, b: &usize| places[*a].sequence == places[*b].sequence;
        for some in order.chunk_by(same) {
            let mut events: Vec<u32> = some.iter().map(|place| places[*place].event).collect();
            events.dedup();
            let sequence = places[some[0]].sequence;
            let read = self.ledger.events_at(sequence, events.iter().copied())?;
            for place in some {
                let TextPlace { event, position, .. } = places[*place];
                let read = events.binary_search(&event).ok().and_then(|at| read.get(at));
                if let Some(Event::ActivitiesRecorded(recorded)) = read {
                    texts[*place] = recorded.activities.get(position as usize).cloned();
                }
            }
        }
        let whole: Option<Vec<Activity>> = texts.into_iter().collect();
        whole.ok_or_else(|| missing("an activity"))
    }
}

/// All that was ever recorded of whoever is named as one of these records is, whosever it is now; and whether it
/// counts.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn named_as(
    facts: Facts<'_>,
    records: impl IntoIterator<Item = domain::RecordId>,
) -> Result<Vec<(Found, bool)>, DeskError> {
    let log = facts.activities()?;
    let handles = facts.handles(&log)?;
    let asked = Asked::of(facts);
    let mut named = Vec::new();
    for subject in facts.subjects_of(&log, &handles, records)? {
        let owners = Owners::of(&log.subject(subject), &handles, &asked);
        for (row, counts) in log.all_of(subject) {
            named.push((found(&log, &row, owners.at(recorded(&log, &row)))?, counts));
        }
    }
    asked.must_be_sound()?;
    Ok(named)
}

/// The commit that recorded a row.
fn recorded(log: &Log, row: &Row) -> Sequence {
    log.brought(row).map_or(Sequence::ZERO, |(sequence, _)| sequence)
}

/// What is said of a row.
///
/// # Errors
/// When the log does not know what it is.
pub(crate) fn found(log: &Log, row: &Row, owner: Owner) -> Result<Found, DeskError> {
    let known = log.class_of(row).zip(log.place_of(row)).zip(log.brought(row));
    let ((class, place), (_, import)) = known.ok_or_else(|| missing("an activity's class"))?;
    let at = Timestamp::from_microsecond(row.at).map_err(|_| missing("an activity's time"))?;
    let amount = row.amount_of(class);
    Ok(Found {
        stream: class.stream.clone(),
        kind: class.kind.clone(),
        at: ActivityTime { at, offset: class.offset, is_day: class.is_day },
        money: amount.zip(class.money).map(|(amount, currency)| Money { amount, currency }),
        owner,
        import,
        ordinal: row.ordinal,
        place,
    })
}
