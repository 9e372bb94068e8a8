//! Quarantined rows that an erasure would take, and those that hold one of the person's source keys.
//!
//! A row that could not be read has no key that could be relied on: what looks like the person's
//! may be a part of another person's row. Its text is only handed over where more than the key
//! says that it is theirs.

use std::collections::BTreeSet;

use super::person::Person;
use crate::chains::Link;
use crate::erasure;
use crate::error::DeskError;
use crate::export::QuarantinedHeld;
use domain::event::RowQuarantined;
use domain::{Event, Place, QuarantineReason, RecordAddress};

/// A shorter key or value is found in many rows.
const TELLING: usize = 3;

/// By import and line.
pub(super) fn rows(person: &Person<'_>) -> Result<Vec<QuarantinedHeld>, DeskError> {
    let mut found = Vec::new();
    // What an erasure of this person would take is theirs here as well.
    let taken = erasure::quarantined_rows(person.facts, person.customer)?;
    for (import, _, entry) in person.facts.view.quarantine()? {
        let started = person.import(import)?;
        let place = Place::of_format(&started.format);
        let is_taken = taken.contains(&(entry.place.sequence, u32::from(entry.place.index)));
        let of_source = |address: &RecordAddress| address.source == started.source;
        if !is_taken && !person.members.iter().any(|member| of_source(&member.body.address)) {
            continue;
        }
        let Event::RowQuarantined(quarantined) = person.facts.event(entry.place)? else { continue };
        let known = found.len();
        for (member, links) in person.members.iter().zip(&person.record_links) {
            let address = &member.body.address;
            let row = &quarantined.row;
            let repeats = repeats(&quarantined, links);
            if !of_source(address) || !(repeats || holds(&row.text, &address.key)) {
                continue;
            }
            let is_theirs = repeats || is_theirs(&row.text, &address.key, links);
            found.push(QuarantinedHeld {
                record: address.clone(),
                at: person.facts.time_of(entry.place.sequence)?,
                import,
                file: started.file.clone(),
                line: row.line,
                place,
                reason: row.why(place),
                text: (is_theirs || is_taken).then(|| row.text.clone()),
            });
        }
        // A row without a key stands beside the record of its source, else beside any of theirs.
        let beside = person.members.iter().find(|it| of_source(&it.body.address));
        let beside = beside.or(person.members.first()).filter(|_| is_taken && found.len() == known);
        if let Some(beside) = beside {
            let row = &quarantined.row;
            found.push(QuarantinedHeld {
                record: beside.body.address.clone(),
                at: person.facts.time_of(entry.place.sequence)?,
                import,
                file: started.file.clone(),
                line: row.line,
                place,
                reason: row.why(place),
                text: Some(row.text.clone()),
            });
        }
    }
    Ok(found)
}

/// Whether the row repeats the key of a row that became a revision of the record.
fn repeats(quarantined: &RowQuarantined, links: &[Link]) -> bool {
    let QuarantineReason::RepeatedKey { first, .. } = quarantined.row.reason else { return false };
    links.iter().flat_map(|link| &link.events).any(|event| match event {
        Event::RecordRevised(revised) => {
            revised.import == quarantined.import && revised.body.line == first
        }
        _ => false,
    })
}

/// Whether a row of one line holds, beside the key, two values that the source delivered for the
/// record.
fn is_theirs(text: &str, key: &str, links: &[Link]) -> bool {
    if text.trim_end().contains(['\n', '\r']) || key.len() < TELLING {
        return false;
    }
    let mut known = BTreeSet::new();
    for event in links.iter().flat_map(|link| &link.events) {
        if let Event::RecordRevised(revised) = event {
            let raw = revised.body.values.iter().map(|(_, value)| value.raw());
            known.extend(raw.filter(|raw| raw.len() >= TELLING && *raw != key));
        }
    }
    known.into_iter().filter(|raw| holds(text, raw)).count() >= 2
}

/// Whether a row holds a value as a field of its own.
fn holds(text: &str, value: &str) -> bool {
    let ends_field =
        |sign: char| matches!(sign, ',' | ';' | '\t' | '|' | '"' | ':' | '{' | '}' | '\n' | '\r');
    !value.is_empty()
        && text.match_indices(value).any(|(at, _)| {
            let before = text[..at].trim_end_matches(' ').chars().next_back();
            let after = text[at + value.len()..].trim_start_matches(' ').chars().next();
            before.is_none_or(ends_field) && after.is_none_or(ends_field)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_held_only_as_a_field_of_its_own() {
        for (text, value, expected) in [
            ("1042,Ada", "1042", true),
            ("Ada, 1042 ", "1042", true),
            ("\"1042\";Ada", "1042", true),
            ("{\"id\": 1042, \"name\"", "1042", true),
            ("10421,Ada", "1042", false),
            ("A-1042,Ada", "1042", false),
            ("12 Rose Lane,Ada", "12", false),
            ("1042", "", false),
            ("", "1042", false),
        ] {
            assert_eq!(holds(text, value), expected, "{text} {value}");
        }
    }
}
