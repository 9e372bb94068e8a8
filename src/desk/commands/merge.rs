//! Merge: each group becomes one customer, different groups become not-a-match.

use std::collections::BTreeMap;

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{CustomerId, CustomerState, FieldName, Group, Subject};
use door::{Pick, Refusal, Rest};
use intake::merge::membership;

type Members = Vec<(CustomerId, CustomerState)>;

pub(super) fn decide(
    command: &mut Command<'_, '_>,
    groups: &[Vec<CustomerId>],
    into: Option<CustomerId>,
    picks: &BTreeMap<FieldName, Pick>,
    rest: Rest,
) -> Decided<()> {
    let mut groups = command.resolve(groups)?;
    if groups.iter().all(|group| group.len() < 2) {
        return Err(does_not_apply("a merge needs two customers in one group"));
    }
    if rest == Rest::NotAMatch {
        groups.extend(unnamed(command, &groups)?);
    }
    if let Some(into) = into
        && !groups.iter().flatten().any(|(id, _)| *id == into)
    {
        return Err(does_not_apply(format!("{into} is not among the customers to merge")));
    }
    for group in &groups {
        refuse_across_not_a_match(command, group)?;
    }
    let mut decided = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let survivor = survivor(group, into);
        for (id, state) in membership::merge(survivor, group) {
            command.draft.set_customer(id, state)?;
        }
        if at == 0 {
            super::pin::apply(command, survivor, picks)?;
        }
        let records = command.live(survivor)?.members;
        decided.push(Group { customer: survivor, records });
        command.decision.subjects.extend(group.iter().map(|(id, _)| Subject::Customer(*id)));
    }
    command.add_groups(decided)
}

fn survivor(group: &Members, into: Option<CustomerId>) -> CustomerId {
    let named = into.filter(|into| group.iter().any(|(id, _)| id == into));
    named.unwrap_or(group[0].0)
}

/// The task's customers that no group names, each as a group of its own.
fn unnamed(command: &Command<'_, '_>, groups: &[Members]) -> Decided<Vec<Members>> {
    let mut rest = Vec::new();
    for id in command.task()?.customers {
        if !groups.iter().flatten().any(|(named, _)| *named == id) {
            rest.push(vec![(id, command.live(id)?)]);
        }
    }
    Ok(rest)
}

fn refuse_across_not_a_match(command: &Command<'_, '_>, group: &Members) -> Decided<()> {
    let mut decisions = Vec::new();
    for (at, (_, left)) in group.iter().enumerate() {
        for (_, right) in &group[at + 1..] {
            decisions.extend(command.facts.apart(left, right)?);
        }
    }
    decisions.sort_unstable();
    decisions.dedup();
    if decisions.is_empty() {
        return Ok(());
    }
    Err(Refusal::NotAMatchStands { decisions }.into())
}
