//! The person a report is about: their customer, its records, and the commits that touched them.

use std::collections::{BTreeMap, BTreeSet};

use crate::chains::Link;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, RecordFacts, missing};
use domain::event::{Cause, ImportStarted};
use domain::{
    CustomerId, CustomerState, Event, ImportId, RecordAddress, RecordId, RecordState, Sequence,
};
use door::Refusal;
use store::{ImportEntry, View};

/// A person with all that leads further.
pub(super) struct Person<'a> {
    pub(super) facts: Facts<'a>,
    /// The live customer.
    pub(super) customer: CustomerId,
    pub(super) state: CustomerState,
    /// Its id, and every id that leads to it.
    pub(super) ids: BTreeSet<CustomerId>,
    pub(super) members: Vec<RecordFacts>,
    /// The commits that touched each member, earliest first, in the order of the members.
    pub(super) record_links: Vec<Vec<Link>>,
    /// The commits that touched any of the ids, earliest first.
    pub(super) customer_links: Vec<Link>,
    imports: BTreeMap<ImportId, ImportEntry>,
    /// Deliveries under the keys of the person's records that are left out: they make somebody else of the record, and nobody
    /// has said that they are the person's.
    pub(super) held_back: usize,
}

/// The revisions of a record, its links in order, that were held back because they are of somebody else, and that nobody
/// accepted.
fn of_others(links: &[Link]) -> BTreeSet<u32> {
    let mut others = BTreeSet::new();
    let mut waiting: BTreeSet<u32> = BTreeSet::new();
    for link in links {
        let revised = link.events.iter().filter_map(|event| match event {
            Event::RecordRevised(revised) => Some(revised.revision),
            _ => None,
        });
        let revised: Vec<u32> = revised.collect();
        let changed = link.events.iter().find_map(|event| match event {
            Event::RecordChanged(changed) => Some(changed),
            _ => None,
        });
        let held = |state: &RecordState| state.overlaid.filter(|it| it.held);
        match changed.map(|it| (held(&it.before), held(&it.after), it.cause)) {
            Some((_, Some(after), _)) => {
                waiting.extend(revised.into_iter().filter(|it| *it > after.former.revision));
            }
            // The source delivered the person again.
            Some((Some(_), None, Cause::Import(_))) => others.append(&mut waiting),
            Some((Some(_), None, _)) => waiting.clear(),
            _ if !waiting.is_empty() => waiting.extend(revised),
            _ => {}
        }
    }
    others.append(&mut waiting);
    others
}

impl<'a> Person<'a> {
    /// The person a customer id stands for.
    pub(super) fn find(facts: Facts<'a>, asked: CustomerId) -> Decided<Person<'a>> {
        let Some(customer) = facts.view.follow(asked)? else {
            return Err(facts.no_customer(asked)?.into());
        };
        let unknown = || Refusal::Unknown { subject: asked.to_string() };
        let state = facts.view.customer(customer)?.ok_or_else(unknown)?;
        let members = facts.members(&state)?;
        let mut ids = BTreeSet::new();
        add_ids(facts.view, customer, &mut ids)?;
        let mut record_links = Vec::new();
        let mut held_back = 0;
        for member in &members {
            let mut links = facts.record_chain(member.id)?;
            links.reverse();
            if let Some(reused) = member.state.reused {
                // What came before is of whoever the key was of then.
                let is_theirs = |link: &Link| {
                    link.events.iter().any(|event| match event {
                        Event::RecordRevised(revised) => revised.revision >= reused.revision,
                        _ => false,
                    })
                };
                let from = links.iter().position(is_theirs).unwrap_or(links.len());
                links.drain(..from);
            }
            let others = of_others(&links);
            held_back += others.len();
            for link in &mut links {
                link.events.retain(|event| {
                    !matches!(event, Event::RecordRevised(it) if others.contains(&it.revision))
                });
            }
            record_links.push(links);
        }
        let mut customer_links = Vec::new();
        for id in &ids {
            customer_links.extend(facts.customer_chain(*id)?);
        }
        customer_links.sort_by_key(|link| link.sequence);
        let imports = facts.view.imports()?.into_iter().collect();
        Ok(Person {
            facts,
            customer,
            state,
            ids,
            members,
            record_links,
            customer_links,
            imports,
            held_back,
        })
    }

    /// Whether a record is the person's.
    pub(super) fn has(&self, record: RecordId) -> bool {
        self.state.members.contains(&record)
    }

    /// The address of one of the person's records; none for another's.
    pub(super) fn address(&self, record: RecordId) -> Option<RecordAddress> {
        let member = self.members.iter().find(|member| member.id == record);
        member.map(|member| member.body.address.clone())
    }

    /// How an import began.
    pub(super) fn import(&self, id: ImportId) -> Result<ImportStarted, DeskError> {
        let entry = self.imports.get(&id).ok_or_else(|| missing(format!("import {id}")))?;
        match self.facts.event(entry.started)? {
            Event::ImportStarted(started) => Ok(started),
            _ => Err(missing(format!("import {id}"))),
        }
    }

    /// Every commit that touched the person's records or ids.
    pub(super) fn touched(&self) -> BTreeSet<Sequence> {
        let links = self.record_links.iter().flatten().chain(&self.customer_links);
        links.map(|link| link.sequence).collect()
    }
}

/// An id and all that redirect to it, over any number of steps.
pub(super) fn add_ids(
    view: View<'_>,
    id: CustomerId,
    ids: &mut BTreeSet<CustomerId>,
) -> Result<(), DeskError> {
    let mut waiting = vec![id];
    while let Some(next) = waiting.pop() {
        if ids.insert(next) {
            waiting.extend(view.retired_into(next)?);
        }
    }
    Ok(())
}
