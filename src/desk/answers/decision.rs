//! One decision, as it was recorded.

use super::history::{entries, of_decision};
use crate::approvals::proposer;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::Facts;
use domain::hexadecimal::encode as hex;
use domain::{Decision, DecisionId, Group, TaskId};
use door::views::{DecisionView, GroupView};

pub(crate) fn decision(facts: Facts<'_>, id: DecisionId) -> Decided<DecisionView> {
    let link = of_decision(facts, id)?;
    let stored = facts.view.decision(id)?.ok_or_else(|| unknown(&id))?;
    let hash = hex(&facts.ledger.chain_at(link.sequence).map_err(DeskError::from)?);
    let decision = facts.decision(id)?;
    let entry = entries(facts, vec![link])?.pop().ok_or_else(|| unknown(&id))?;
    let asks = asked_of(&decision);
    let proposed_by = proposer(facts, &decision)?;
    let groups = decision.groups.iter().map(|group| group_view(facts, group));
    let fields = decision.values.iter().map(|(field, _)| field);
    Ok(DecisionView {
        verdict: decision.verdict,
        entry,
        task: decision.task,
        subjects: decision.subjects,
        groups: groups.collect::<Result<_, _>>()?,
        sensitive: fields.filter(|field| facts.settings.masks(field.as_str())).cloned().collect(),
        values: decision
            .values
            .iter()
            .map(|(field, value)| (field.clone(), value.shown().into()))
            .collect(),
        cleared: decision.cleared,
        withdrawn: decision.withdrawn,
        rules: decision.rules,
        reason: decision.reason,
        note: decision.note,
        score: decision.score,
        until: decision.until,
        to: decision.to,
        bulk: decision.bulk,
        reverses: decision.reverses,
        asks,
        approves: decision.approves,
        proposed_by,
        broken_glass: decision.broken_glass.map(|glass| glass.reason),
        undone_by: stored.undone_by,
        hash,
    })
}

/// The task that asks for the approval of a decision, or for the review of it.
fn asked_of(decision: &Decision) -> Option<TaskId> {
    let glass = decision.broken_glass.as_ref().map(|glass| glass.task);
    decision.proposal.as_ref().map(|proposal| proposal.task).or(glass)
}

fn group_view(facts: Facts<'_>, group: &Group) -> Result<GroupView, DeskError> {
    let addresses = group.records.iter().map(|record| Ok(facts.body(*record)?.address));
    Ok(GroupView {
        customer: group.customer,
        records: addresses.collect::<Result<_, DeskError>>()?,
    })
}
