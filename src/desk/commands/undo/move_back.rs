//! What a later decision brought goes with the customer that an undo brings back.

use std::collections::BTreeSet;

use super::commit::{change, commit_of};
use super::dependants::pins_set;
use crate::commands::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{Commit, CustomerId, DecisionId, Event, RecordId, Standing};

/// Moves the records that `dependant` brought, and the pins it set, from the survivor to the one
/// customer that comes back. With none or several coming back it is not known where to.
pub(super) fn decide(
    command: &mut Command<'_, '_>,
    undone: &BTreeSet<DecisionId>,
    dependant: DecisionId,
) -> Decided<()> {
    let facts = command.facts;
    let (mut survivors, mut back) = (BTreeSet::new(), BTreeSet::new());
    for id in undone {
        for changed in changes(&commit_of(facts, *id)?) {
            let is_live = command.draft.customer(changed.0)?.is_some_and(|state| state.is_live());
            match changed.1 {
                true => survivors.insert(changed.0),
                false => is_live && back.insert(changed.0),
            };
        }
    }
    let back: Vec<CustomerId> = back.into_iter().collect();
    let [home] = back[..] else {
        let names: Vec<String> = back.iter().map(ToString::to_string).collect();
        let who = if names.is_empty() {
            "nobody comes".to_owned()
        } else {
            names.join(" and ") + " come"
        };
        let why = format!(
            "what {dependant} brought cannot move back: {who} back; undo it too, or let it stay"
        );
        return Err(does_not_apply(why));
    };
    let theirs = commit_of(facts, dependant)?;
    let at_home = command.draft.customer(home)?.map(|state| state.members).unwrap_or_default();
    for record in brought(&theirs) {
        let now_at = command.draft.customer_of(record)?;
        if now_at != home && survivors.contains(&now_at) {
            if !was_merged_with(&theirs, record, &at_home) {
                return Err(does_not_apply(format!(
                    "what {dependant} brought cannot move back: it was not merged with {home}; \
                     let it stay"
                )));
            }
            change(&mut command.draft, now_at, |state| {
                state.members.retain(|member| *member != record);
                if state.members.is_empty() {
                    state.standing = Standing::Merged { into: home };
                    state.pins.clear();
                }
            })?;
            change(&mut command.draft, home, |state| {
                state.members.push(record);
                state.members.sort_unstable();
            })?;
        }
    }
    for (customer, field, pin) in pins_set(&theirs) {
        let mut moves = false;
        if survivors.contains(&customer) {
            change(&mut command.draft, customer, |state| {
                moves = state.pins.get(field) == Some(pin);
                if moves {
                    state.pins.remove(field);
                }
            })?;
        }
        if moves {
            change(&mut command.draft, home, |state| {
                state.pins.insert(field.clone(), pin.clone());
            })?;
        }
    }
    Ok(())
}

/// Whether a commit's decision spoke of a record and one of some others as one.
fn was_merged_with(commit: &Commit, record: RecordId, others: &[RecordId]) -> bool {
    commit.events.iter().any(|event| match event {
        Event::DecisionMade(made) => made.decision.groups.iter().any(|group| {
            group.records.contains(&record) && others.iter().any(|it| group.records.contains(it))
        }),
        _ => false,
    })
}

/// The customers a commit changed, and whether each was live after it.
fn changes(commit: &Commit) -> Vec<(CustomerId, bool)> {
    let changed = commit.events.iter().filter_map(|event| match event {
        Event::CustomerChanged(changed) => Some((changed.customer, changed.after.is_live())),
        _ => None,
    });
    changed.collect()
}

/// The records that a commit brought into some customer.
fn brought(commit: &Commit) -> BTreeSet<RecordId> {
    let mut records = BTreeSet::new();
    for event in &commit.events {
        if let Event::CustomerChanged(changed) = event {
            let had = changed.before.as_ref().map_or(&[][..], |before| &before.members);
            records.extend(changed.after.members.iter().filter(|it| !had.contains(it)));
        }
    }
    records
}
