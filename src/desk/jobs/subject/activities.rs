//! What the person did, or what was done with them: every version that is held, also those that count no more.

use std::collections::{BTreeMap, BTreeSet};

use super::person::Person;
use crate::activities::named_as;
use crate::error::DeskError;
use crate::export::ActivityHeld;
use activity::{Nobody, Owner};

/// The earliest first, and how many are left out because they may be another person's.
pub(super) fn held(person: &Person<'_>) -> Result<(Vec<ActivityHeld>, usize), DeskError> {
    let (mut own, mut given) = (Vec::new(), Vec::new());
    for member in &person.members {
        let is_former = person.parts.iter().any(|part| part.record == member.id);
        let is_given = !is_former && person.facts.given_on(member.id)?.is_some();
        if is_given {
            given.push(member.id)
        } else {
            own.push(member.id)
        };
    }
    let mut named = named_as(person.facts, own)?;
    let before = named.len();
    named.retain(|(found, _)| found.owner != Owner::Nobody(Nobody::Several));
    let mut withheld = before - named.len();
    // Whoever had the key of a record before may be meant by what is nobody's under its key and its addresses.
    let known: BTreeSet<u32> = named.iter().map(|(found, _)| found.ordinal).collect();
    for (found, counts) in named_as(person.facts, given)? {
        match found.owner {
            _ if known.contains(&found.ordinal) => {}
            Owner::Customer(..) => named.push((found, counts)),
            Owner::Nobody(_) => withheld += 1,
        }
    }
    // One that is somebody else's by its key is theirs, whatever address it names.
    named.retain(|(found, _)| {
        let is_nobodys = found.owner == Owner::Nobody(Nobody::Unknown);
        is_nobodys || found.owner.customer() == Some(person.customer)
    });
    named.sort_by_key(|(found, _)| (found.at.at, found.ordinal));
    let places: Vec<_> = named.iter().map(|(found, _)| found.place).collect();
    let texts = person.facts.activity_texts(&places)?;
    let mut held = Vec::with_capacity(texts.len());
    for ((found, counts), text) in named.into_iter().zip(texts) {
        let led = match found.owner {
            Owner::Customer(_, led) => Some(led),
            // Under an address that a record of theirs had, or was given by a correction.
            Owner::Nobody(_) => None,
        };
        let properties: BTreeMap<String, String> = text
            .properties
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        held.push(ActivityHeld {
            at: found.at.to_string(),
            stream: found.stream.to_string(),
            kind: found.kind.to_string(),
            key: text.key.to_string(),
            amount: found.money.map(|money| money.amount.to_string()),
            currency: found.money.and_then(|money| money.currency).map(|it| it.to_string()),
            properties,
            record: led.and_then(|led| person.address(led.record())),
            import: found.import,
            counts,
        });
    }
    Ok((held, withheld))
}
