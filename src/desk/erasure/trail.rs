//! Every commit that touched a person, found along the chains of records, customers and tasks.

use std::collections::{BTreeMap, BTreeSet};

use super::person::Person;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Commit, CustomerId, Event, Sequence, TaskId};

/// What is known of a person's past.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// The commits, as they are read now.
    pub(super) commits: BTreeMap<Sequence, Commit>,
    /// Every task that was ever about one of the person's records or customers.
    pub(super) tasks: BTreeSet<TaskId>,
}

impl Trail {
    /// Follows a person. Customers that held one of the records in passing are followed, too: what
    /// was decided about them then may have been about this person.
    pub(super) fn of(facts: Facts<'_>, person: &Person) -> Result<Trail, DeskError> {
        let mut trail = Trail::default();
        let mut seen: BTreeSet<CustomerId> = BTreeSet::new();
        let mut waiting: Vec<CustomerId> =
            person.customers.iter().chain(person.changed.keys()).copied().collect();
        for record in person.all_records() {
            for link in facts.record_chain(record)? {
                if person.has_in(record, link.sequence) {
                    trail.add(facts, person, link.sequence, &mut waiting)?;
                }
            }
            for (_, entry) in facts.view.decisions_of(record)? {
                if person.has_in(record, entry.place.sequence) {
                    trail.add(facts, person, entry.place.sequence, &mut waiting)?;
                }
            }
        }
        for entry in facts.view.all_tasks()? {
            let task = entry.task;
            let about = task.customers.iter().any(|customer| person.customers.contains(customer))
                || task.record.is_some_and(|record| person.records.contains(&record))
                || person
                    .former
                    .iter()
                    .any(|part| task.record == Some(part.record) && task.opened <= part.decided.1);
            if about {
                trail.tasks.insert(task.id);
                for link in facts.task_chain(task.id)? {
                    trail.add(facts, person, link.sequence, &mut waiting)?;
                }
            }
        }
        while let Some(customer) = waiting.pop() {
            if seen.insert(customer) {
                for link in facts.customer_chain(customer)? {
                    trail.add(facts, person, link.sequence, &mut waiting)?;
                }
                for comment in facts.view.comments_on(customer)? {
                    if let Some(entry) = facts.view.decision(comment)? {
                        trail.add(facts, person, entry.place.sequence, &mut waiting)?;
                    }
                }
            }
        }
        Ok(trail)
    }

    fn add(
        &mut self,
        facts: Facts<'_>,
        person: &Person,
        sequence: Sequence,
        waiting: &mut Vec<CustomerId>,
    ) -> Result<(), DeskError> {
        if self.commits.contains_key(&sequence) {
            return Ok(());
        }
        let commit = facts.commit(sequence)?;
        for event in &commit.events {
            match event {
                Event::CustomerChanged(changed) => {
                    let before = changed.before.iter().flat_map(|state| &state.members);
                    let mut members = before.chain(&changed.after.members);
                    if members.any(|member| person.has_in(*member, sequence)) {
                        waiting.push(changed.customer);
                    }
                }
                Event::RecordRevised(revised) if person.has_revision(revised) => {
                    waiting.push(revised.customer);
                }
                _ => {}
            }
        }
        self.commits.insert(sequence, commit);
        Ok(())
    }

    /// The revisions that were delivered of the person in any of the commits.
    pub(super) fn revisions<'t>(
        &'t self,
        person: &'t Person,
    ) -> impl Iterator<Item = &'t domain::event::RecordRevised> {
        let events = self.commits.values().flat_map(|commit| &commit.events);
        events.filter_map(|event| match event {
            Event::RecordRevised(revised) if person.has_revision(revised) => Some(revised),
            _ => None,
        })
    }
}
