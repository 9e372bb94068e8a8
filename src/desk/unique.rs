//! Keeps the `unique` pages of the store in step with records and settings.

use super::caches::Caches;
use super::error::DeskError;
use super::facts::Facts;
use domain::{CustomerId, Fingerprint, RecordId, RuleId, Values};
use intake::validate;
use settings::Check;
use store::{Overlay, set_unique};

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

/// Writes it down, and keeps what is in memory in step.
///
/// # Errors
/// When the store is damaged.
pub fn write(
    overlay: &mut Overlay<'_>,
    caches: &Caches,
    held: &UniqueValues,
) -> Result<(), DeskError> {
    for (rule, value) in &held.values {
        set_unique(overlay, rule, held.record, *value)?;
        if let Some(value) = value {
            caches.add_unique(rule, *value, held.record);
        }
    }
    Ok(())
}

/// Notes a record's values in memory before they are written.
///
/// # Errors
/// When the store is damaged.
pub fn foresee(facts: Facts<'_>, held: &UniqueValues) -> Result<(), DeskError> {
    for (rule, value) in &held.values {
        if let Some(value) = value {
            facts.caches.share_unique(facts.view.trees(), rule, *value, held.record)?;
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
        for other in holders(facts, &facts.values(record)?)? {
            if other != customer && !found.contains(&other) {
                found.push(other);
            }
        }
    }
    Ok(found)
}

/// The customers that hold one of these values where they are to be unique.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn holders(facts: Facts<'_>, values: &Values) -> Result<Vec<CustomerId>, DeskError> {
    let mut found = Vec::new();
    for (rule, text) in validate::unique_values(facts.settings, values) {
        let value = facts.fingerprinter.of([text]);
        for holder in facts.holders(&rule.id, value)? {
            found.push(facts.view.customer_of(holder)?);
        }
    }
    Ok(found)
}
