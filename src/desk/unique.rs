//! Keeps the `unique` pages of the store in step with records and settings.

use super::caches::Caches;
use super::core::changed_records;
use super::error::DeskError;
use super::facts::Facts;
use crate::domain::{Commit, CustomerId, Event, Fingerprint, RecordId, RuleId, Values};
use crate::settings::Check;
use crate::store::{Overlay, set_unique};
use crate::validate;

/// What the `unique` pages must say of one record.
pub struct UniqueValues {
    record: RecordId,
    values: Vec<(RuleId, Option<Fingerprint>)>,
}

/// Works out what the pages must say of a record with these values.
#[must_use]
pub fn of_values(facts: Facts<'_>, record: RecordId, values: &Values) -> UniqueValues {
    let held = validate::unique_values(facts.settings, values);
    let rules = facts.settings.rules.iter().filter(|rule| matches!(rule.check, Check::Unique));
    let values = rules.map(|rule| {
        let text = held.iter().find(|(other, _)| other.id == rule.id).map(|(_, text)| *text);
        (rule.id.clone(), text.map(|text| facts.fingerprinter.of([text])))
    });
    UniqueValues { record, values: values.collect() }
}

/// Works out what the pages must say of records as they stand.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn of_records(
    facts: Facts<'_>,
    records: impl IntoIterator<Item = RecordId>,
) -> Result<Vec<UniqueValues>, DeskError> {
    if !facts.settings.rules.iter().any(|rule| matches!(rule.check, Check::Unique)) {
        return Ok(Vec::new());
    }
    records.into_iter().map(|record| of_record(facts, record)).collect()
}

/// What the pages must say of a record as it stands: nothing, once it was erased or set aside.
fn of_record(facts: Facts<'_>, record: RecordId) -> Result<UniqueValues, DeskError> {
    let takes_part = facts.takes_part(record)?;
    let values = if takes_part { facts.values(record)? } else { Values::new() };
    Ok(of_values(facts, record, &values))
}

/// Works out what the pages must say of the records a commit is about, which is folded in.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn of_commit(facts: Facts<'_>, commit: &Commit) -> Result<Vec<UniqueValues>, DeskError> {
    if !facts.settings.rules.iter().any(|rule| matches!(rule.check, Check::Unique)) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for event in &commit.events {
        match event {
            // Nothing lies over a record nobody touched: its values are those delivered.
            Event::RecordRevised(revised) if !facts.view.record(revised.record)?.touched => {
                all.push(of_values(facts, revised.record, &revised.body.values));
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

/// Writes them down, and keeps what is in memory in step.
///
/// # Errors
/// When the store is damaged.
pub fn write(
    overlay: &mut Overlay<'_>,
    caches: &Caches,
    values: Vec<UniqueValues>,
) -> Result<(), DeskError> {
    for UniqueValues { record, values } in values {
        for (rule, value) in values {
            set_unique(overlay, &rule, record, value)?;
            if let Some(value) = value {
                caches.add_unique(&rule, value, record);
            }
        }
    }
    Ok(())
}

/// Notes a new record's values in memory and tells whether another record holds one of them.
///
/// # Errors
/// When the store is damaged.
pub fn remember(facts: Facts<'_>, record: RecordId, values: &Values) -> Result<bool, DeskError> {
    let mut shared = false;
    for (rule, text) in validate::unique_values(facts.settings, values) {
        let value = facts.fingerprinter.of([text]);
        shared |= facts.caches.share_unique(facts.view.trees(), &rule.id, value, record)?;
    }
    Ok(shared)
}

/// The other customers that share a unique value with this one: what is wrong with them may change
/// with it.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn neighbours(facts: Facts<'_>, customer: CustomerId) -> Result<Vec<CustomerId>, DeskError> {
    let mut found = Vec::new();
    if !facts.settings.rules.iter().any(|rule| matches!(rule.check, Check::Unique)) {
        return Ok(found);
    }
    for record in facts.view.customer(customer)?.map(|state| state.members).unwrap_or_default() {
        let values = facts.values(record)?;
        for (rule, text) in validate::unique_values(facts.settings, &values) {
            let value = facts.fingerprinter.of([text]);
            for holder in facts.holders(&rule.id, value)? {
                let other = facts.view.record(holder)?.customer;
                if other != customer && !found.contains(&other) {
                    found.push(other);
                }
            }
        }
    }
    Ok(found)
}
