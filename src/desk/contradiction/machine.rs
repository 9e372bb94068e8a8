//! What the machine put together, of its own accord or under a grant, and new data contradicts since.
//!
//! A customer may grow after a record of it changed, in the same run even: whoever came then resembles the
//! record, or those who were with it before, and says nothing of whether these are one still. So it is
//! asked whether anything leads from the record to those with whom it was put together at first. Where its
//! name or gender changed, it is also asked whether it is another person's than one of theirs: Paul, who is
//! delivered as Paula, shares a home with Paul still.

use std::collections::BTreeSet;

use super::{Contradiction, latest_together};
use crate::chains::Link;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::Scorer;
use crate::past::Past;
use domain::event::{Cause, CustomerChanged};
use domain::{Event, FieldName, FieldType, RecordId, Sequence, Values, Verdict};
use intake::review;
use matching::Beside;

/// Records that the machine put together, of which this one was delivered again since, and now
/// looks different. The ledger tells what the machine had seen: no key was kept. Where a person had
/// a say, their decision is asked about instead.
pub(in super::super) fn machine_merge_contradicted(
    scorer: &Scorer<'_>,
    record: RecordId,
) -> Result<Option<Contradiction>, DeskError> {
    let facts = scorer.facts;
    if !facts.takes_part(record)? {
        return Ok(None);
    }
    let customer = facts.view.customer_of(record)?;
    let mut members = match facts.view.customer(customer)? {
        Some(state) if state.members.len() > 1 => state.members,
        _ => return Ok(None),
    };
    if latest_together(facts, record)?.is_some() {
        return Ok(None);
    }
    for other in std::mem::take(&mut members) {
        if other == record || facts.takes_part(other)? {
            members.push(other);
        }
    }
    let alike = Likeness::read(scorer, &members)?;
    let reached = alike.reached_from(record);
    // Seldom is there more to ask: the past is not read for the others.
    if reached.len() == members.len() && !alike.is_anothers(record, &members) {
        return Ok(None);
    }
    let Some(first) = first_together(facts, record, &members)? else { return Ok(None) };
    let is_led = first.with.iter().any(|other| reached.contains(other));
    if is_led && !alike.is_anothers(record, &first.with) {
        return Ok(None);
    }
    let fields = changed_since(facts, first.sequence, record)?;
    if fields.is_empty() || is_led && !fields.iter().any(|field| says_who(facts, field)) {
        return Ok(None);
    }
    let score = first.with.iter().map(|other| alike.score(record, *other)).fold(0.0, f64::max);
    Ok(Some(Contradiction { customers: vec![customer], fields, score }))
}

/// How alike the records of a customer are.
struct Likeness<'a, 's> {
    scorer: &'a Scorer<'s>,
    evidence: Vec<(RecordId, Values)>,
}

impl<'a, 's> Likeness<'a, 's> {
    fn read(scorer: &'a Scorer<'s>, members: &[RecordId]) -> Result<Self, DeskError> {
        let read = |id: &RecordId| Ok((*id, scorer.facts.evidence(*id)?));
        let evidence = members.iter().map(read).collect::<Result<_, DeskError>>()?;
        Ok(Self { scorer, evidence })
    }

    fn score(&self, left: RecordId, right: RecordId) -> f64 {
        let of = |id| self.evidence.iter().find(|(other, _)| *other == id).map(|(_, own)| own);
        let (Some(left), Some(right)) = (of(left), of(right)) else { return 0.0 };
        let Facts { settings, fingerprinter, .. } = self.scorer.facts;
        matching::score(&self.scorer.model, settings, fingerprinter, left, right)
    }

    /// Whether the names say that a record is another person's than one of these.
    fn is_anothers(&self, record: RecordId, others: &[RecordId]) -> bool {
        let of = |id| self.evidence.iter().find(|(other, _)| *other == id).map(|(_, own)| own);
        let Facts { settings, fingerprinter, .. } = self.scorer.facts;
        let model = &self.scorer.model;
        others.iter().filter(|other| **other != record).any(|other| {
            of(record).zip(of(*other)).is_some_and(|(own, values)| {
                matching::standing(model, settings, fingerprinter, own, values) == Beside::Two
            })
        })
    }

    /// The records to which links that would be a task lead, from one to the next; itself among them.
    fn reached_from(&self, record: RecordId) -> BTreeSet<RecordId> {
        let least = self.scorer.facts.settings.matching.review;
        let mut reached = BTreeSet::from([record]);
        let mut next = vec![record];
        while let Some(from) = next.pop() {
            for (other, _) in &self.evidence {
                if !reached.contains(other) && self.score(from, *other) >= least {
                    reached.insert(*other);
                    next.push(*other);
                }
            }
        }
        reached
    }
}

/// Whether a field says who somebody is of those who share a home.
fn says_who(facts: Facts<'_>, field: &FieldName) -> bool {
    let who = [
        FieldType::GivenName,
        FieldType::FamilyName,
        FieldType::FullName,
        FieldType::NameSuffix,
        FieldType::Gender,
    ];
    facts.settings.field(field.as_str()).is_some_and(|it| who.contains(&it.field_type))
}

/// With whom the machine put a record together at first, of those who are with it still.
struct Together {
    sequence: Sequence,
    with: Vec<RecordId>,
}

fn first_together(
    facts: Facts<'_>,
    record: RecordId,
    members: &[RecordId],
) -> Result<Option<Together>, DeskError> {
    let homes: BTreeSet<_> =
        Past::after(facts, Sequence::ZERO).homes(record)?.into_iter().collect();
    let mut first: Option<Together> = None;
    for home in homes {
        for link in facts.customer_chain(home)? {
            let made = link.events.iter().filter_map(|event| match event {
                Event::CustomerChanged(changed) if is_by_machine(&link, changed) => Some(changed),
                _ => None,
            });
            for changed in made {
                let with = joined(changed, record, members);
                let is_earlier = first.as_ref().is_none_or(|known| link.sequence < known.sequence);
                if !with.is_empty() && is_earlier {
                    first = Some(Together { sequence: link.sequence, with });
                }
            }
        }
    }
    Ok(first)
}

fn is_by_machine(link: &Link, changed: &CustomerChanged) -> bool {
    let is_granted = link.decision.as_ref().is_some_and(|it| it.verdict == Verdict::Grant);
    is_granted || matches!(changed.cause, Cause::Match(_))
}

/// Those of these with whom a record is one after a change and was not before; none where it is not in it.
fn joined(changed: &CustomerChanged, record: RecordId, members: &[RecordId]) -> Vec<RecordId> {
    let before = changed.before.as_ref().map_or(&[][..], |before| &before.members);
    let after = &changed.after.members;
    if !after.contains(&record) {
        return Vec::new();
    }
    let was_there = before.contains(&record);
    let is_new = |other: &&RecordId| {
        **other != record && after.contains(other) && !(was_there && before.contains(other))
    };
    members.iter().filter(is_new).copied().collect()
}

/// The compared fields of a record that changed since a commit.
fn changed_since(
    facts: Facts<'_>,
    sequence: Sequence,
    record: RecordId,
) -> Result<Vec<FieldName>, DeskError> {
    if facts.view.record_version(record)? <= sequence {
        return Ok(Vec::new());
    }
    let Some(then) = Past::after(facts, sequence).record(record)? else { return Ok(Vec::new()) };
    let compared = matching::compared_fields(facts.settings);
    let then = facts.layered(record, then.revised.body, then.state)?;
    let now = facts.record(record)?;
    let (then, now) = (facts.keyed(&then, &compared), facts.keyed(&now, &compared));
    Ok(review::keys::changed_fields(&then, &now))
}
