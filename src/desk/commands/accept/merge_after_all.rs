//! A challenged not-a-match no longer holds: the customers it put apart become one. It ends as a whole,
//! and so does what it had repeated; whoever else it put apart stays apart by the new decision.

use std::collections::BTreeSet;

use crate::commands::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{Decision, DecisionId, Group, RecordId, Subject, Task};
use door::Refusal;
use intake::merge::membership;
use intake::review;

pub(super) fn decide(
    command: &mut Command<'_, '_>,
    task: &Task,
    challenged: DecisionId,
) -> Decided<()> {
    let mut customers = Vec::new();
    for id in &task.customers {
        customers.push((*id, command.live(*id)?));
        command.decision.subjects.push(Subject::Customer(*id));
    }
    let Some((survivor, _)) = customers.first().cloned() else {
        return Err(does_not_apply("no customer is left in this task"));
    };
    let mut apart = BTreeSet::from([challenged]);
    for (at, (_, left)) in customers.iter().enumerate() {
        for (_, right) in &customers[at + 1..] {
            apart.extend(command.facts.apart(left, right)?);
        }
    }
    for (id, state) in membership::merge(survivor, &customers) {
        command.draft.set_customer(id, state)?;
    }
    let records = command.live(survivor)?.members;
    let others = end(command, challenged, &apart, &records)?;
    command.add_groups(vec![Group { customer: survivor, records }])?;
    keep_apart(command, others)
}

/// Takes back the challenged decision and those that it repeated. Gives the one that put apart others
/// as well, with these. Refused where people said by yet another decision that these are different.
fn end(
    command: &mut Command<'_, '_>,
    challenged: DecisionId,
    apart: &BTreeSet<DecisionId>,
    records: &[RecordId],
) -> Decided<Option<(Decision, Vec<Group>)>> {
    let newest = command.facts.decision(challenged)?;
    let (mut kept, mut stand) = (None, Vec::new());
    for id in apart.iter().rev() {
        let decision = command.facts.decision(*id)?;
        let others = others(command, &decision, records)?;
        // One decision cannot say who was apart in each of several.
        let is_clear = others.is_empty() || kept.is_none();
        if *id != challenged && !(is_clear && repeats(&newest, &decision, records)) {
            stand.push(*id);
            continue;
        }
        if !others.is_empty() {
            kept = Some((decision, others));
        }
        command.decision.reverses.push(*id);
    }
    if stand.is_empty() {
        return Ok(kept);
    }
    stand.reverse();
    Err(Refusal::NotAMatchStands { decisions: stand }.into())
}

/// Whether a decision says again of these records all that an earlier one said.
fn repeats(newest: &Decision, earlier: &Decision, records: &[RecordId]) -> bool {
    let is_about = |record: &RecordId| records.binary_search(record).is_ok();
    earlier.id < newest.id
        && review::apart::pairs(&earlier.groups)
            .filter(|(left, right)| is_about(left) && is_about(right))
            .all(|(left, right)| review::apart::apart(&newest.groups, &[left], &[right]))
}

/// The groups of a decision that have nothing to do with these records.
fn others(
    command: &Command<'_, '_>,
    decision: &Decision,
    records: &[RecordId],
) -> Decided<Vec<Group>> {
    let mut others = Vec::new();
    for group in &decision.groups {
        if group.records.iter().any(|record| records.binary_search(record).is_ok()) {
            continue;
        }
        let mut group = group.clone();
        let mut there = Vec::new();
        for record in group.records {
            if !command.facts.view.record(record)?.erased {
                there.push(record);
            }
        }
        group.records = there;
        if !group.records.is_empty() {
            others.push(group);
        }
    }
    Ok(others)
}

/// The others stay apart, by what was seen of them then: what changed since is still to be asked.
fn keep_apart(
    command: &mut Command<'_, '_>,
    others: Option<(Decision, Vec<Group>)>,
) -> Decided<()> {
    let Some((decision, groups)) = others else { return Ok(()) };
    for record in groups.iter().flat_map(|group| &group.records) {
        command.decision.key.extend(review::keys::part(&decision.key, *record).cloned());
    }
    command.decision.groups.extend(groups);
    Ok(())
}
