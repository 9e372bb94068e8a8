//! Whose a record was before its source gave its key to somebody else: they may have no record any more, and still
//! what was delivered and decided of them is held, in that record's past.

use std::collections::BTreeSet;

use super::error::DeskError;
use super::facts::Facts;
use super::past::Past;
use super::standing::Chain;
use domain::{
    CustomerId, CustomerState, DecisionId, Event, RecordId, RecordState, Reused, Sequence,
};
use jiff::Timestamp;

/// What is held of a former customer in a record that is somebody else's now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) record: RecordId,
    /// Where it ends: what came before that revision, and what was decided before that decision.
    pub(crate) reused: Reused,
    /// The commit of that decision, and when it was made.
    pub(crate) decided: (Sequence, Timestamp),
    /// The customer it was of.
    pub(crate) from: CustomerId,
    /// That customer, as it was.
    pub(crate) customer: CustomerState,
    /// What lay over the record, as it was.
    pub(crate) state: RecordState,
}

impl Facts<'_> {
    /// What is held of these customers in records that are somebody else's now.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn parts_of(&self, ids: &BTreeSet<CustomerId>) -> Result<Vec<Part>, DeskError> {
        let mut parts: Vec<Part> = Vec::new();
        for id in ids {
            // Nothing is held of whoever was erased.
            if self.view.erased_in(*id)?.is_some() {
                continue;
            }
            for link in self.customer_chain(*id)? {
                let Some(by) = link.decision.as_ref().map(|decision| decision.id) else { continue };
                for part in self.parts_by(by)? {
                    let is_new = parts.iter().all(|known| known.record != part.record);
                    if part.from == *id && is_new {
                        parts.push(part);
                    }
                }
            }
        }
        parts.sort_by_key(|part| part.record);
        Ok(parts)
    }

    /// Whose a record was before its key was given to whoever it is of now; none where it was not.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn part_in(&self, record: RecordId) -> Result<Option<Part>, DeskError> {
        let row = self.view.record(record)?;
        if row.erased || !row.touched {
            return Ok(None);
        }
        let Some(reused) = self.view.record_state(record)?.reused else { return Ok(None) };
        Ok(self.parts_by(reused.decision)?.into_iter().find(|part| part.record == record))
    }

    /// The commit that first delivered whoever a record is of now, and the customer it was of before; none where its
    /// key was given to nobody else.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn given_on(
        &self,
        record: RecordId,
    ) -> Result<Option<(Sequence, Option<CustomerId>)>, DeskError> {
        let Some(part) = self.part_in(record)? else { return Ok(None) };
        let past = Past::after(*self, Sequence::ZERO);
        let chain = Chain::of(&past, record)?;
        let first = chain.numbered(part.reused.revision).map(|first| first.place.sequence);
        let former = self.view.follow(part.from)?;
        Ok(Some((first.unwrap_or(part.decided.0), former)))
    }

    /// The records that a decision said to be somebody else's, and that still are by it.
    fn parts_by(&self, by: DecisionId) -> Result<Vec<Part>, DeskError> {
        let entry = self.view.decision(by)?.filter(|entry| entry.stands());
        let Some(entry) = entry.filter(|entry| entry.verdict == domain::Verdict::Unmerge) else {
            return Ok(Vec::new());
        };
        let commit = self.commit(entry.place.sequence)?;
        let mut parts = Vec::new();
        for event in &commit.events {
            let Event::RecordChanged(changed) = event else { continue };
            let Some(reused) = changed.after.reused.filter(|it| it.decision == by) else {
                continue;
            };
            let row = self.view.record(changed.record)?;
            if row.erased || self.view.record_state(changed.record)?.reused != Some(reused) {
                continue;
            }
            let left = commit.events.iter().find_map(|event| match event {
                Event::CustomerChanged(it) => {
                    let before = it.before.as_ref()?;
                    before.members.contains(&changed.record).then(|| (it.customer, before.clone()))
                }
                _ => None,
            });
            let Some((from, customer)) = left else { continue };
            let state = changed.before.clone();
            let (record, decided) = (changed.record, (commit.sequence, commit.at));
            parts.push(Part { record, reused, decided, from, customer, state });
        }
        Ok(parts)
    }
}
