//! What people decided, as matching heeds it.

use std::collections::BTreeSet;

use super::read::Rows;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::judgement::judgement;
use domain::{Event, Group, RecordId, Sequence, Subject, Verdict};
use intake::review;
use matching::Constraints;

/// Larger groups say of neighbours only that they are one: each record is in some pair of them.
const EVERY_PAIR_UP_TO: usize = 10;

/// The standing decisions about who is one, of records that are there.
pub(super) fn constraints(facts: Facts<'_>, rows: &Rows) -> Result<Constraints, DeskError> {
    let mut constraints = Constraints::default();
    for (_, entry) in facts.view.decisions()? {
        if !entry.stands() || !review::apart::constrains(entry.verdict) {
            continue;
        }
        for (left, right) in review::apart::pairs(&entry.groups) {
            if let (Some(one), Some(other)) = (rows.customer(left), rows.customer(right))
                && one != other
            {
                constraints.cannot_link.push((left, right));
            }
        }
        constraints
            .judgements
            .extend(judgement(entry.verdict, &entry.groups, &|it| rows.customer(it)));
        for (left, right) in entry.groups.iter().flat_map(together) {
            let customer = rows.customer(left);
            if customer.is_some() && customer == rows.customer(right) {
                constraints.must_link.push((left, right));
            }
        }
    }
    Ok(constraints)
}

/// Pairs of records that one group of a decision says are the same customer.
fn together(group: &Group) -> impl Iterator<Item = (RecordId, RecordId)> + '_ {
    let records = &group.records;
    let every = records.len() <= EVERY_PAIR_UP_TO;
    records.iter().enumerate().flat_map(move |(at, left)| {
        let others =
            if every { &records[at + 1..] } else { records.get(at + 1..at + 2).unwrap_or(&[]) };
        others.iter().map(move |right| (*left, *right))
    })
}

/// The records that decisions made or taken back after a commit are about: those of their groups,
/// of customers whose values were pinned, and of customers that an undo changed: what the machine merged
/// under a grant names no groups, and nothing but a run asks about what it merged unasked.
pub(super) fn decided_since(
    facts: Facts<'_>,
    commit: Sequence,
) -> Result<BTreeSet<RecordId>, DeskError> {
    let decisions = facts.view.decisions()?;
    let later: BTreeSet<_> = decisions
        .iter()
        .filter(|(_, entry)| entry.place.sequence > commit)
        .flat_map(|(id, entry)| std::iter::once(*id).chain(entry.reverses.iter().copied()))
        .collect();
    let mut records = BTreeSet::new();
    for (id, entry) in decisions.into_iter().filter(|(id, _)| later.contains(id)) {
        if entry.verdict == Verdict::Pin {
            // A run that wrote meanwhile passed the customer over.
            for subject in facts.decision(id)?.subjects {
                let Subject::Customer(customer) = subject else { continue };
                let members = facts.view.customer(customer)?.map(|state| state.members);
                records.extend(members.into_iter().flatten());
            }
        }
        if entry.verdict == Verdict::Undo && entry.place.sequence > commit {
            records.extend(moved_in(facts, entry.place.sequence)?);
        }
        records.extend(entry.groups.into_iter().flat_map(|group| group.records));
    }
    Ok(records)
}

/// The records of the customers that a commit changed.
fn moved_in(facts: Facts<'_>, commit: Sequence) -> Result<BTreeSet<RecordId>, DeskError> {
    let mut records = BTreeSet::new();
    for event in facts.commit(commit)?.events {
        if let Event::CustomerChanged(changed) = event {
            records.extend(changed.before.into_iter().flat_map(|before| before.members));
            records.extend(changed.after.members);
        }
    }
    Ok(records)
}
