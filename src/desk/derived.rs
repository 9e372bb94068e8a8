//! What the store keeps of records that follows from the settings: the values of `unique` rules,
//! and how every rule judges the record.
//!
//! A record is judged as of the day on which it was last touched, so that the same ledger gives the
//! same judgements whenever it is read.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::caches::Caches;
use super::error::DeskError;
use super::facts::Facts;
use super::unique::{self, UniqueValues};
use domain::{Commit, Event, Judgement, RecordId, RecordState, RuleId, SourceName, Values};
use intake::validate;
use settings::Settings;
use store::{JudgementRow, Overlay, set_judgements};

/// The number of a source that the settings no longer name.
const UNNAMED: u8 = u8::MAX;

/// The source of a record, where the settings name it, and the rules that it breaks.
type Broken<'s> = (Option<&'s SourceName>, BTreeSet<&'s RuleId>);

/// What the store must say of one record.
pub struct Derived {
    unique: UniqueValues,
    record: RecordId,
    judged: Option<JudgementRow>,
}

impl Derived {
    /// The record, its source and the rules that it breaks without a waiver; none where nothing judges it.
    pub(super) fn broken<'s>(&self, settings: &'s Settings) -> Option<(RecordId, Broken<'s>)> {
        let judged = self.judged.as_ref()?;
        let found = settings.rules.iter().zip(&judged.rules);
        let broken =
            found.filter(|(_, found)| **found == Judgement::Fails).map(|(rule, _)| &rule.id);
        Some((self.record, (source_of_number(settings, judged.source), broken.collect())))
    }
}

/// Works out what the store must say of records as they stand.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn of_records(
    facts: Facts<'_>,
    records: impl IntoIterator<Item = RecordId>,
) -> Result<Vec<Derived>, DeskError> {
    if facts.settings.rules.is_empty() {
        return Ok(Vec::new());
    }
    records.into_iter().map(|record| of_record(facts, record)).collect()
}

/// Works out what the store must say of the records a commit is about, which is folded in.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn of_commit(facts: Facts<'_>, commit: &Commit) -> Result<Vec<Derived>, DeskError> {
    if facts.settings.rules.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for event in &commit.events {
        match event {
            // Nothing lies over a record nobody touched: its values are those delivered.
            Event::RecordRevised(revised) if !facts.view.record(revised.record)?.touched => {
                let source = &revised.body.address.source;
                let state = RecordState::default();
                let at = (revised.record, source, &state);
                all.push(of_values(facts, at, &revised.body.values, commit.at));
            }
            event => {
                for record in changed_records(event) {
                    all.push(of_record(facts, record)?);
                }
            }
        }
    }
    Ok(all)
}

/// The records whose values an event changes.
pub fn changed_records(event: &Event) -> Vec<RecordId> {
    match event {
        Event::RecordRevised(revised) => vec![revised.record],
        Event::RecordChanged(changed) => vec![changed.record],
        Event::PersonErased(erased) => erased.records.clone(),
        _ => Vec::new(),
    }
}

/// What the store must say of a record as it stands: nothing, once it was erased or set aside.
fn of_record(facts: Facts<'_>, record: RecordId) -> Result<Derived, DeskError> {
    if !facts.takes_part(record)? {
        let unique = unique::of_values(facts, record, &Values::new());
        return Ok(Derived { unique, record, judged: None });
    }
    let body = facts.body(record)?;
    let state = facts.view.record_state(record)?;
    let at = facts.time_of(facts.view.record_version(record)?)?;
    let values = facts.corrected(body.values, &state)?;
    Ok(of_values(facts, (record, &body.address.source, &state), &values, at))
}

fn of_values(
    facts: Facts<'_>,
    (record, source, state): (RecordId, &SourceName, &RecordState),
    values: &Values,
    at: jiff::Timestamp,
) -> Derived {
    let today = at.to_zoned(TimeZone::UTC).date();
    let context = validate::Context { today };
    let mut rules = validate::judgements(facts.settings, values, &context);
    for (rule, found) in facts.settings.rules.iter().zip(&mut rules) {
        let Some(waiver) = state.waivers.get(&rule.id) else { continue };
        let text = values.get(rule.field.as_str()).map(|value| value.shown()).unwrap_or_default();
        let value = facts.fingerprinter.of([rule.id.as_str(), text]);
        if *found == Judgement::Fails && waiver.value == value {
            *found = Judgement::Waived;
        }
    }
    let judged = JudgementRow { source: source_number(facts.settings, source), rules };
    Derived { unique: unique::of_values(facts, record, values), record, judged: Some(judged) }
}

/// The number a source has in the store, from 1, in the order of the settings.
fn source_number(settings: &Settings, source: &SourceName) -> u8 {
    let place = settings.sources.iter().position(|known| known.name == *source);
    place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or(UNNAMED)
}

/// The source of a number; none for records of a source that is no longer named.
#[must_use]
pub fn source_of_number(settings: &Settings, number: u8) -> Option<&SourceName> {
    let place = usize::from(number).checked_sub(1)?;
    settings.sources.get(place).map(|source| &source.name)
}

/// Writes it down, and keeps what is in memory in step.
///
/// # Errors
/// When the store is damaged.
pub fn write(
    overlay: &mut Overlay<'_>,
    caches: &Caches,
    settings: &Settings,
    derived: Vec<Derived>,
) -> Result<(), DeskError> {
    let mut judged = Vec::with_capacity(derived.len());
    for of_record in derived {
        unique::write(overlay, caches, &of_record.unique)?;
        judged.push((of_record.record, of_record.judged));
    }
    Ok(set_judgements(overlay, settings.rules.len(), &judged)?)
}

/// Has what is in memory know values that are only foreseen, too: it may be ahead of the store, and
/// whoever is named by it is looked at.
///
/// # Errors
/// When the store is damaged.
pub fn remember(facts: Facts<'_>, derived: &[Derived]) -> Result<(), DeskError> {
    derived.iter().try_for_each(|of_record| unique::foresee(facts, &of_record.unique))
}
