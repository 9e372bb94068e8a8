//! The question that a decision about duplicates answered, as it was then: its own commit tells.

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::Whole;
use crate::closed;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use crate::label::{name_of, subject_label};
use crate::past::Past;
use domain::event::Cause;
use domain::{
    CustomerId, CustomerState, Decision, DecisionId, Event, Group, RecordId, Sequence, Subject,
    Task, TaskReason,
};

/// Customers in groups: within a group one, across groups different; in order.
pub(crate) type Partition = Vec<Vec<CustomerId>>;

/// A decided question, as it was asked the first time, and its verdict.
pub(crate) struct Question {
    /// The decision.
    pub(crate) decision: Decision,
    /// Its commit.
    pub(crate) sequence: Sequence,
    /// The customers that it was about, as they were before.
    pub(crate) customers: BTreeMap<CustomerId, CustomerState>,
}

impl Question {
    /// The question that a decision answered.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of(facts: Facts<'_>, id: DecisionId) -> Result<Question, DeskError> {
        let mut question = Self::as_changed(facts, id)?;
        let answered = question.decision.task.map(|task| facts.view.task(task)).transpose()?;
        if let Some(entry) = answered.flatten()
            && let TaskReason::Check { decision, .. } = entry.task.reason
        {
            // What a check asked is what was before the machine merged, not what it had made of it.
            question.customers = Self::merged(facts, decision, &entry.task)?.customers;
        }
        Ok(question)
    }

    /// The question of a task that shows its customers as they were before a decision; none of others.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn asked_by(facts: Facts<'_>, task: &Task) -> Result<Option<Question>, DeskError> {
        Ok(match task.reason {
            TaskReason::SecondLook { decision, .. } => Some(Self::of(facts, decision)?),
            TaskReason::Check { decision, .. } => Some(Self::merged(facts, decision, task)?),
            _ => None,
        })
    }

    /// The customers of a check, as they were before the machine merged them.
    fn merged(facts: Facts<'_>, by: DecisionId, task: &Task) -> Result<Question, DeskError> {
        let mut question =
            Self::changed(facts, by, |_, customer| task.customers.contains(&customer))?;
        question.customers.retain(|_, state| state.is_live());
        Ok(question)
    }

    fn as_changed(facts: Facts<'_>, id: DecisionId) -> Result<Question, DeskError> {
        let is_asked = |decision: &Decision, customer| {
            decision.subjects.contains(&Subject::Customer(customer))
        };
        Self::changed(facts, id, is_asked)
    }

    /// A decision with those of the customers it changed that are asked about, as they were before.
    fn changed(
        facts: Facts<'_>,
        id: DecisionId,
        is_asked: impl Fn(&Decision, CustomerId) -> bool,
    ) -> Result<Question, DeskError> {
        let absent = || missing(format!("decision {id}"));
        let entry = facts.view.decision(id)?.ok_or_else(absent)?;
        let commit = facts.commit(entry.place.sequence)?;
        let decision = commit.events.iter().find_map(|event| match event {
            Event::DecisionMade(made) if made.decision.id == id => Some(made.decision.clone()),
            _ => None,
        });
        let decision = decision.ok_or_else(absent)?;
        let customers = commit.events.into_iter().filter_map(|event| match event {
            Event::CustomerChanged(changed)
                if changed.cause == Cause::Decision(id)
                    && is_asked(&decision, changed.customer) =>
            {
                Some((changed.customer, changed.before?))
            }
            _ => None,
        });
        let sequence = commit.sequence;
        Ok(Question { customers: customers.collect(), decision, sequence })
    }

    /// The records that it was about.
    pub(crate) fn records(&self) -> impl Iterator<Item = RecordId> {
        self.customers.values().flat_map(|state| state.members.iter().copied())
    }

    /// What the decision said.
    pub(crate) fn answer(&self) -> Partition {
        let groups = &self.decision.groups;
        let mut found: BTreeMap<Result<usize, CustomerId>, Vec<CustomerId>> = BTreeMap::new();
        for (id, state) in &self.customers {
            let is_in = |group: &Group| {
                state.members.iter().any(|record| group.records.binary_search(record).is_ok())
            };
            // One that no group names stays by itself.
            let group = groups.iter().position(is_in).ok_or(*id);
            found.entry(group).or_default().push(*id);
        }
        in_order(found.into_values())
    }

    /// A partition by records, each group under its first customer.
    pub(crate) fn groups(&self, partition: &Partition) -> Vec<Group> {
        let group = |customers: &Vec<CustomerId>| {
            let states = customers.iter().filter_map(|id| self.customers.get(id));
            let records: BTreeSet<RecordId> =
                states.flat_map(|state| state.members.iter().copied()).collect();
            let customer = customers.first().copied().unwrap_or(CustomerId(0));
            Group { customer, records: records.into_iter().collect() }
        };
        partition.iter().map(group).collect()
    }

    /// The customers as whoever decided saw them. What other customers hold is left out of it: that
    /// changed with the decision.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn wholes(&self, facts: Facts<'_>) -> Result<Vec<Whole>, DeskError> {
        let past = Past::after(facts, Sequence(self.sequence.0.saturating_sub(1)));
        let mut wholes = Vec::new();
        for (id, state) in &self.customers {
            let members = past.members(state)?;
            if members.is_empty() {
                continue;
            }
            let golden = facts.golden(state, &members)?;
            let violations = facts.own_violations(&members, &golden);
            let closed = closed::last_golden(facts, state, &members)?;
            wholes.push(Whole {
                id: *id,
                state: state.clone(),
                members,
                golden,
                closed,
                violations,
            });
        }
        Ok(wholes)
    }
}

/// Groups of customers in the order that tells whether two partitions are the same.
pub(crate) fn in_order(groups: impl Iterator<Item = Vec<CustomerId>>) -> Partition {
    let mut groups: Partition = groups.collect();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort_unstable();
    groups
}

/// The name of what a task is about: of a second look or a check the name that its first customer had.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn label(facts: Facts<'_>, task: &Task) -> Result<String, DeskError> {
    let Some(customer) = task.customers.first() else { return Ok(String::new()) };
    let Some(question) = Question::asked_by(facts, task)? else {
        return subject_label(facts, *customer);
    };
    let wholes = question.wholes(facts)?;
    let Some(first) = wholes.first() else { return Ok(customer.to_string()) };
    let address = || first.members.first().map(|member| member.body.address.to_string());
    let name = name_of(facts.settings, &first.golden).or_else(address);
    Ok(name.unwrap_or_else(|| customer.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_the_same_whatever_their_order() {
        let groups = |groups: &[&[u32]]| {
            in_order(groups.iter().map(|group| group.iter().copied().map(CustomerId).collect()))
        };
        assert_eq!(groups(&[&[3], &[2, 1]]), groups(&[&[1, 2], &[3]]));
        assert_ne!(groups(&[&[3, 2], &[1]]), groups(&[&[1, 2], &[3]]));
    }
}
