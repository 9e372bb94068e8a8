//! What is withheld of what somebody asks to be done: refusals and foresights that would tell.

use super::Withheld;
use crate::error::Decided;
use domain::{CustomerId, Decision, RecordAddress};
use door::{Action, Refusal, Request};

impl Withheld {
    /// What is withheld of the first that an action names, in words.
    fn of_action(&self, action: &Action) -> Option<String> {
        let customer = |id: &CustomerId| Some(Self::told(id, self.of_customer(*id, None)?));
        let record = |address| Some(Self::told(address, self.of_record(address)?));
        match action {
            Action::Merge { groups, .. } | Action::NotAMatch { groups } => {
                groups.iter().flatten().find_map(customer)
            }
            Action::Ask { customers, .. } | Action::Comment { customers } => {
                customers.iter().find_map(customer)
            }
            Action::Pin { customer: id, .. }
            | Action::Unmerge { customer: id, .. }
            | Action::Hold { customer: id, .. }
            | Action::Lift { customer: id }
            | Action::Record { customer: id, .. } => customer(id),
            Action::Correct { record: address, .. }
            | Action::Waive { record: address, .. }
            | Action::Quarantine { record: address } => record(address),
            Action::Reopen { records } => records.iter().find_map(record),
            _ => None,
        }
    }

    /// What is said of an undo beforehand that would take back what is asked again; nothing of others.
    pub(crate) fn undo(&self, foreseen: Option<&Decision>) -> Option<String> {
        let mut undone = foreseen?.reverses.iter();
        let (id, task) = undone.find_map(|id| Some((id, self.of_decision(*id)?)))?;
        Some(Self::told(format!("would undo {id}"), task))
    }

    /// Refuses to do anything to a customer while that is asked again: that it can be done to each of the
    /// two, or not, would tell the verdict.
    pub(crate) fn request(&self, action: &Action) -> Decided<()> {
        let named: Vec<CustomerId> = match action {
            Action::Merge { groups, .. } | Action::NotAMatch { groups } => {
                groups.iter().flatten().copied().collect()
            }
            Action::Pin { customer, .. }
            | Action::Unmerge { customer, .. }
            | Action::Hold { customer, .. }
            | Action::Lift { customer }
            | Action::Record { customer, .. } => vec![*customer],
            Action::Ask { customers, .. } | Action::Comment { customers } => customers.clone(),
            _ => Vec::new(),
        };
        named.into_iter().try_for_each(|id| Self::refuse(id, self.of_customer(id, None)))?;
        let records: &[RecordAddress] = match action {
            Action::Correct { record, .. }
            | Action::Waive { record, .. }
            | Action::Quarantine { record } => std::slice::from_ref(record),
            Action::Reopen { records } => records,
            _ => &[],
        };
        records.iter().try_for_each(|record| Self::refuse(record, self.of_record(record)))
    }

    /// Refuses a comment on a task that asks again, or on the one that was answered: whether its customers are there
    /// would tell the verdict.
    pub(crate) fn comment(&self, request: &Request) -> Decided<()> {
        let (Action::Comment { .. }, Some(task)) = (&request.action, request.task) else {
            return Ok(());
        };
        let look = self.looks().find(|look| look.task.id == task || look.answered == Some(task));
        Self::refuse(task, look.map(|look| look.task.id))
    }

    /// Refuses what is about any of these customers while it is asked again.
    pub(crate) fn all_of(&self, ids: &[CustomerId]) -> Decided<()> {
        ids.iter().try_for_each(|id| Self::refuse(id, self.of_customer(*id, None)))
    }

    /// A refusal that says who is one now, of somebody who is asked again, says no more than that; one that
    /// names decisions nothing of those.
    pub(crate) fn refusal(&self, request: &Request, refusal: Refusal) -> Refusal {
        let tells = matches!(
            refusal,
            Refusal::DoesNotApply { .. }
                | Refusal::AlreadySo { .. }
                | Refusal::Stale { .. }
                | Refusal::NotAMatchStands { .. }
        );
        let is_answer = self.looks().any(|look| request.task == Some(look.task.id));
        if let Some(why) = self.of_action(&request.action).filter(|_| tells && !is_answer) {
            return Refusal::DoesNotApply { why };
        }
        let Refusal::DependedOn { mut on, exported } = refusal else { return refusal };
        for dependant in &mut on {
            if let Some(task) = self.of_decision(dependant.decision) {
                dependant.summary = Self::told(dependant.decision, task);
            }
        }
        Refusal::DependedOn { on, exported }
    }
}
