//! An erasure drawn up: every event that goes, and what is read in its place.

use std::collections::{BTreeMap, BTreeSet};

use super::person::Person;
use super::trail::Trail;
use super::{activities, copies, models, quarantine, scrub};
use crate::Register;
use crate::core::Desk;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::requests;
use domain::event::{Cause, EventErased, PersonErased};
use domain::hexadecimal::encode as hex;
use domain::{
    CustomerId, Event, Fingerprint, QuarantinedPlace, ReasonCode, RequestKind, Sequence, TaskId,
    TaskReason,
};
use door::views::{Beside, ErasedBeside, ErasureReach, RequestLeft};
use ledger::{LedgerReader, replacement};

/// An erasure that was planned.
pub(super) struct Plan {
    /// What people are told of it.
    pub(super) reach: ErasureReach,
    /// By place, what is read instead; `None` means nothing.
    erased: BTreeMap<(Sequence, u32), Option<Event>>,
    /// Fingerprints of the records' addresses and of the rows in quarantine, ascending: they are left out
    /// when they come again.
    suppressed: Vec<Fingerprint>,
}

/// Plans an erasure from the present facts.
///
/// # Errors
/// When the store, the ledger or the register is damaged.
pub(super) fn plan(
    facts: Facts<'_>,
    register: Option<&Register>,
    person: &Person,
) -> Result<Plan, DeskError> {
    let trail = Trail::of(facts, person)?;
    let mut erased: BTreeMap<(Sequence, u32), Option<Event>> = BTreeMap::new();
    let mut decisions = BTreeSet::new();
    for (sequence, commit) in &trail.commits {
        for (index, event) in (0..).zip(&commit.events) {
            if let Some(after) = scrub::scrubbed(person, &trail, commit, event) {
                if let Event::DecisionMade(made) = event {
                    decisions.insert(made.decision.id);
                }
                erased.insert((*sequence, index), Some(after));
            }
        }
    }
    let models = models::forgetful(facts, person, &trail)?;
    let model_count = models.len() as u64;
    erased.extend(models.into_iter().map(|(place, event)| (place, Some(event))));
    let rows = quarantine::rows_of(facts, person, &trail)?;
    let quarantined: BTreeSet<QuarantinedPlace> = rows.values().map(|row| row.at).collect();
    let mut suppressed: BTreeSet<Fingerprint> = person.suppressed.iter().copied().collect();
    suppressed.extend(rows.values().map(|row| row.known_by));
    erased.extend(rows.into_keys().map(|place| (place, None)));
    let gone = activities::of(facts, person)?;
    suppressed.extend(&gone.keys);
    let places = gone.events.into_iter();
    erased.extend(places.map(|(place, event)| (place, Some(event))));
    let mut tasks = BTreeSet::new();
    for customer in person.changed.keys() {
        tasks.extend(facts.view.tasks_of(*customer)?.into_iter().map(|entry| entry.task.id));
    }
    let mut unanswered = Vec::new();
    for id in &tasks {
        let Some(task) = facts.view.task(*id)?.map(|entry| entry.task) else { continue };
        if let TaskReason::Requested { request: kind, due, .. } = task.reason
            && task.state.is_pending()
            && kind != RequestKind::Erasure
        {
            unanswered.push(RequestLeft { task: *id, kind, due });
        }
    }
    let reach = ErasureReach {
        requests: unanswered,
        beside: beside(facts, person)?,
        maybe_same: requests::maybe_same(facts, person.customer)?,
        customer: person.customer,
        records: person.addresses.iter().cloned().collect(),
        revisions: trail.revisions(person).count() as u64,
        decisions: decisions.into_iter().collect(),
        tasks: tasks.into_iter().collect(),
        models: model_count,
        activities: gone.count,
        shared_activities: gone.shared,
        events: erased.len() as u64,
        segments: segments(facts.ledger, erased.keys())?,
        exports: copies::exports(facts, person, &trail, !quarantined.is_empty())?,
        backups: copies::backups(register, person, &trail)?,
        quarantined: quarantined.into_iter().collect(),
    };
    Ok(Plan { reach, erased, suppressed: suppressed.into_iter().collect() })
}

/// The records of which more goes than what is the person's, or less.
fn beside(facts: Facts<'_>, person: &Person) -> Result<Vec<ErasedBeside>, DeskError> {
    let mut found = Vec::new();
    for record in &person.records {
        if !facts.view.record(*record)?.touched {
            continue;
        }
        let address = facts.body(*record)?.address;
        if facts.view.record_state(*record)?.overlaid.is_some_and(|it| !it.is_undecided()) {
            found.push(ErasedBeside { record: address.clone(), is: Beside::NotBelieved });
        }
        if let Some(part) = facts.part_in(*record)?
            && facts.view.erased_in(part.from)?.is_none()
        {
            found.push(ErasedBeside { record: address, is: Beside::Former(part.from) });
        }
    }
    for part in &person.former {
        let now = facts.view.customer_of(part.record)?;
        let record = facts.body(part.record)?.address;
        found.push(ErasedBeside { record, is: Beside::Now(now) });
    }
    Ok(found)
}

impl Plan {
    /// The erasure of activities that are nobody's.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub(super) fn of_activities(
        facts: Facts<'_>,
        ordinals: BTreeSet<u32>,
    ) -> Result<Plan, DeskError> {
        let log = facts.activities()?;
        let mut gone = activities::Gone::default();
        gone.takes(facts, &log, ordinals)?;
        let places = gone.events.into_iter();
        let erased: BTreeMap<_, _> = places.map(|(place, event)| (place, Some(event))).collect();
        let reach = ErasureReach::of_nobody();
        Ok(Plan { reach, erased, suppressed: gone.keys.into_iter().collect() })
    }

    /// The events of the commit, with what follows from it for tasks.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn events(
        &self,
        desk: &Desk,
        person: &Person,
        people: &[Person],
        (reason, note, request): (&ReasonCode, Option<&str>, Option<TaskId>),
    ) -> Result<Vec<Event>, DeskError> {
        let facts = desk.facts();
        let mut draft = Draft::new(facts, Cause::Erasure)?;
        // Whose a row in quarantine is nobody knows by its fingerprint: those of several people are with
        // the first.
        let own: BTreeSet<Fingerprint> =
            people.iter().skip(1).flat_map(|one| one.suppressed.iter().copied()).collect();
        for (place, one) in people.iter().enumerate() {
            let suppressed = match place {
                0 => self.suppressed.iter().copied().filter(|it| !own.contains(it)).collect(),
                _ => one.suppressed.clone(),
            };
            let fact = PersonErased {
                customer: one.customer,
                previous: facts.view.customer_touched(one.customer)?,
                records: one.records.iter().copied().collect(),
                reason: reason.clone(),
                note: note.map(ToOwned::to_owned),
                request,
                suppressed,
            };
            draft.delivered.push(fact.into());
        }
        for ((sequence, index), instead) in &self.erased {
            let instead = instead.as_ref().map(replacement).transpose()?;
            draft.delivered.push(erased(facts.ledger, *sequence, *index, instead)?);
            // What an earlier erasure left in its place is not wanted any more.
            if let Some((earlier, index)) = facts.ledger.erased_by(*sequence, *index) {
                draft.delivered.push(erased(facts.ledger, earlier, index, None)?);
            }
        }
        for (id, after) in &person.changed {
            draft.set_customer(*id, after.clone())?;
        }
        let customers: Vec<CustomerId> = person.changed.keys().copied().collect();
        desk.with_consequences(draft, &customers)
    }
}

fn erased(
    ledger: &LedgerReader,
    sequence: Sequence,
    index: u32,
    instead: Option<domain::event::Replacement>,
) -> Result<Event, DeskError> {
    let leaf = hex(&ledger.leaf(sequence, index)?);
    Ok(EventErased { sequence, index, leaf, instead }.into())
}

/// The segments that hold any of these places, or an earlier erasure's words about them.
fn segments<'p>(
    ledger: &LedgerReader,
    places: impl Iterator<Item = &'p (Sequence, u32)>,
) -> Result<Vec<u32>, DeskError> {
    let mut segments = BTreeSet::new();
    for (sequence, index) in places {
        segments.insert(ledger.segment_of(*sequence)?);
        if let Some((earlier, _)) = ledger.erased_by(*sequence, *index) {
            segments.insert(ledger.segment_of(earlier)?);
        }
    }
    Ok(segments.into_iter().collect())
}
