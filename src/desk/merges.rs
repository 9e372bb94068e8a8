//! Merges that were made in a source: which records it says it has merged, and which customers that
//! brings together. They are asked about, and never made because of it.

use std::collections::BTreeSet;

use crate::error::DeskError;
use crate::facts::Facts;
use domain::{
    CustomerId, Fingerprint, Fingerprinter, RecordAddress, RecordBody, RecordId, Task, TaskReason,
};
use intake::acquire::MergedKeys;
use settings::Source;

/// Pairs that are named.
const NAMED: usize = 10;

/// The addresses of the records that a source says it has merged with one, ascending.
pub(crate) fn said(
    fingerprinter: &Fingerprinter,
    source: &Source,
    body: &RecordBody,
) -> Vec<Fingerprint> {
    let MergedKeys { into, from } = MergedKeys::of(source, body);
    let address = |key| RecordAddress::new(&source.name, key).fingerprint(fingerprinter);
    let mut said: Vec<_> = into.iter().chain(&from).map(address).collect();
    said.sort_unstable();
    said.dedup();
    said
}

/// Whether a task asks about what a source has merged.
pub(crate) fn is_asked_by_source(task: &Task) -> bool {
    matches!(task.reason, TaskReason::Merged { .. })
}

/// Two records that their source says it has merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The record whose columns say so.
    pub(crate) said_by: RecordId,
    /// The other one.
    pub(crate) other: RecordId,
}

/// The pairs of which one record belongs to a customer and the other to another.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn pairs(
    facts: Facts<'_>,
    customer: CustomerId,
) -> Result<Vec<(CustomerId, Pair)>, DeskError> {
    let mut found = Vec::new();
    let state = facts.view.customer(customer)?.filter(|state| state.is_live());
    for record in state.into_iter().flat_map(|state| state.members) {
        let own = facts.view.record(record)?.key;
        let mut add = |pair: Pair, other: RecordId| -> Result<(), DeskError> {
            let row = facts.view.record(other)?;
            let id = facts.view.customer_of(other)?;
            if !row.erased && id != customer {
                found.push((id, pair));
            }
            Ok(())
        };
        for address in facts.view.merged(record)? {
            if let Some(other) = facts.caches.record_of(facts.view, address)? {
                add(Pair { said_by: record, other }, other)?;
            }
        }
        for said_by in facts.view.merged_by(own)? {
            add(Pair { said_by, other: record }, said_by)?;
        }
    }
    Ok(found)
}

/// The pairs of a customer that nobody has decided about.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn undecided(
    facts: Facts<'_>,
    customer: CustomerId,
) -> Result<Vec<(CustomerId, Pair)>, DeskError> {
    let mut open = Vec::new();
    for (other, pair) in pairs(facts, customer)? {
        let states = (facts.view.customer(customer)?, facts.view.customer(other)?);
        let (Some(own), Some(state)) = states else { continue };
        if state.is_live() && facts.apart(&own, &state)?.is_empty() {
            open.push((other, pair));
        }
    }
    Ok(open)
}

/// A customer and all that undecided pairs bring together with it, one after the other.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn group(
    facts: Facts<'_>,
    customer: CustomerId,
) -> Result<BTreeSet<CustomerId>, DeskError> {
    let mut group = BTreeSet::new();
    let mut waiting = vec![customer];
    while let Some(id) = waiting.pop() {
        if group.insert(id) {
            waiting.extend(undecided(facts, id)?.into_iter().map(|(other, _)| other));
        }
    }
    Ok(group)
}

/// Whether a person is being asked about a merge that a source made among these customers.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn are_asked_about(
    facts: Facts<'_>,
    customers: impl Iterator<Item = CustomerId>,
) -> Result<bool, DeskError> {
    let customers: BTreeSet<CustomerId> = customers.collect();
    for customer in &customers {
        for entry in facts.view.tasks_of(*customer)? {
            let among = entry.task.customers.iter().filter(|id| customers.contains(id)).count();
            if is_asked_by_source(&entry.task) && entry.task.state.is_pending() && among > 1 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether any merge is known of.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn are_known(facts: Facts<'_>) -> Result<bool, DeskError> {
    let mut any = false;
    facts.view.each_merged(&mut |_| {
        any = true;
        false
    })?;
    Ok(any)
}

/// What the source says of a task's customers, a sentence a pair.
///
/// # Errors
/// When store or ledger are damaged.
pub(crate) fn sentences(facts: Facts<'_>, task: &Task) -> Result<Vec<String>, DeskError> {
    let mut pairs_of_task = Vec::new();
    for customer in &task.customers {
        for (other, pair) in pairs(facts, *customer)? {
            if task.customers.contains(&other) && !pairs_of_task.contains(&pair) {
                pairs_of_task.push(pair);
            }
        }
    }
    let mut sentences: Vec<String> = Vec::new();
    for Pair { said_by, other } in pairs_of_task.iter().take(NAMED) {
        let (body, other) = (facts.body(*said_by)?, facts.body(*other)?.address);
        let (own, source) = (&body.address, &body.address.source);
        let keys = facts.settings.source(source.as_str()).map(|it| MergedKeys::of(it, &body));
        let keys = keys.unwrap_or_default();
        let is_other = |key: &compact_str::CompactString| *key == other.key.as_str();
        let sentence = if keys.into.iter().any(is_other) {
            format!("{own} was merged into {other} in {source}")
        } else if keys.from.iter().any(is_other) {
            format!("{other} was merged into {own} in {source}")
        } else {
            format!("{own} and {other} were merged in {source}")
        };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    if pairs_of_task.len() > NAMED {
        sentences.push(format!("and {} more merges", pairs_of_task.len() - NAMED));
    }
    Ok(sentences)
}
