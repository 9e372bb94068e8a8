//! The person a report is about: their customer, its records, and the commits that touched them.

use std::collections::{BTreeMap, BTreeSet};

use crate::chains::Link;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, RecordFacts, missing};
use crate::reused::Part;
use domain::event::{Cause, ImportStarted};
use domain::{
    CustomerId, CustomerState, DecisionId, Event, ImportId, RecordAddress, RecordId, RecordState,
    Sequence,
};
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
    /// What is held of the person in records that are somebody else's now; the last of the members are those records as
    /// they were.
    pub(super) parts: Vec<Part>,
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

/// Leaves out the revisions of a record, its links in order, that are of others; gives how many.
fn leave_out_others(links: &mut [Link]) -> usize {
    let others = of_others(links);
    for link in links {
        link.events.retain(
            |event| !matches!(event, Event::RecordRevised(it) if others.contains(&it.revision)),
        );
    }
    others.len()
}

impl<'a> Person<'a> {
    /// The person a customer id stands for.
    pub(super) fn find(facts: Facts<'a>, asked: CustomerId) -> Decided<Person<'a>> {
        let customer = facts.view.follow(asked)?.unwrap_or(asked);
        let mut ids = BTreeSet::new();
        add_ids(facts.view, customer, &mut ids)?;
        let parts = facts.parts_of(&ids)?;
        let live = facts.view.customer(customer)?.filter(CustomerState::is_live);
        let (state, mut members) = match (live, parts.first()) {
            (Some(state), _) => {
                let members = facts.members(&state)?;
                (state, members)
            }
            // They have no record any more.
            (None, Some(part)) => (part.customer.clone(), Vec::new()),
            (None, None) => return Err(facts.no_customer(asked)?.into()),
        };
        members.retain(|member| parts.iter().all(|part| part.record != member.id));
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
            held_back += leave_out_others(&mut links);
            if let Some(reused) = member.state.reused {
                // What lay over the record until then lay over whoever the key was of.
                let decided = facts.view.decision(reused.decision)?;
                let decided = decided.map_or(Sequence::ZERO, |entry| entry.place.sequence);
                for link in links.iter_mut().filter(|link| link.sequence <= decided) {
                    link.events.retain(|event| !matches!(event, Event::RecordChanged(_)));
                }
            }
            record_links.push(links);
        }
        for part in &parts {
            let mut links = facts.record_chain(part.record)?;
            links.reverse();
            links.retain(|link| link.sequence < part.decided.0);
            held_back += leave_out_others(&mut links);
            for link in &mut links {
                link.events.retain(|event| {
                    !matches!(event, Event::RecordRevised(it) if it.revision >= part.reused.revision)
                });
            }
            let last =
                links.iter().flat_map(|link| &link.events).rev().find_map(|event| match event {
                    Event::RecordRevised(revised) => Some(revised.body.clone()),
                    _ => None,
                });
            let Some(body) = last else { continue };
            let state = RecordState { overlaid: None, ..part.state.clone() };
            members.push(facts.layered(part.record, body, state)?);
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
            parts,
        })
    }

    /// Those of the members that are the person's now; of whoever has no record any more, those that were.
    pub(super) fn present(&self) -> &[RecordFacts] {
        let is_part = |member: &RecordFacts| self.parts.iter().any(|part| part.record == member.id);
        let own = self.members.iter().filter(|member| !is_part(member)).count();
        if own == 0 { &self.members } else { &self.members[..own] }
    }

    /// Whether a record is the person's, or was.
    pub(super) fn has(&self, record: RecordId) -> bool {
        self.members.iter().any(|member| member.id == record)
    }

    /// Whether a record was the person's when a decision was made; the decision by which it became somebody else's is
    /// about both.
    pub(super) fn had(&self, record: RecordId, decision: DecisionId) -> bool {
        if let Some(part) = self.parts.iter().find(|part| part.record == record) {
            return decision <= part.reused.decision;
        }
        let member = self.members.iter().find(|member| member.id == record);
        member.is_some_and(|member| member.state.reused.is_none_or(|it| decision >= it.decision))
    }

    /// Whether a decision made a record somebody else's that is the person's or was.
    pub(super) fn is_about_two(&self, decision: DecisionId) -> bool {
        let parts = self.parts.iter().map(|part| part.reused);
        let members = self.members.iter().filter_map(|member| member.state.reused);
        parts.chain(members).any(|reused| reused.decision == decision)
    }

    /// Whether something that began then is of whoever the person's keys were of before.
    pub(super) fn is_before(&self, at: jiff::Timestamp) -> Result<bool, DeskError> {
        let mut since = None;
        for member in &self.members {
            let Some(reused) = member.state.reused else { return Ok(false) };
            let entry = self.facts.view.decision(reused.decision)?;
            let Some(entry) = entry else { return Ok(false) };
            let made = self.facts.time_of(entry.place.sequence)?;
            since = Some(since.map_or(made, |since: jiff::Timestamp| since.min(made)));
        }
        Ok(since.is_some_and(|since| at < since))
    }

    /// Whether something that began then is of whoever has a key now that was the person's.
    pub(super) fn is_after(&self, record: RecordId, at: jiff::Timestamp) -> bool {
        let part = self.parts.iter().find(|part| part.record == record);
        part.is_some_and(|part| at > part.decided.1)
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
