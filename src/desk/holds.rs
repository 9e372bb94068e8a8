//! Holds: what keeps records from being erased. They lie on records, so that they stay where they were put
//! when customers are merged and unmerged; a customer is held as long as one of its records is.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{Decided, DeskError};
use super::facts::Facts;
use domain::{CustomerId, DecisionId, Hold, RecordId};
use door::Refusal;
use door::views::HoldView;

impl Facts<'_> {
    /// The decisions that hold any of these records today, ascending.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(crate) fn held_by(
        &self,
        records: impl IntoIterator<Item = RecordId>,
    ) -> Result<BTreeSet<DecisionId>, DeskError> {
        let mut held = BTreeSet::new();
        for record in records {
            if !self.view.record(record)?.touched {
                continue;
            }
            let state = self.view.record_state(record)?;
            let standing = state.holds.values().filter(|hold| hold.stands_on(self.today()));
            held.extend(standing.map(|hold| hold.decision));
        }
        Ok(held)
    }

    /// Refuses to erase records that are held.
    ///
    /// # Errors
    /// The refusal, or damage of store or ledger.
    pub(crate) fn refuse_held(
        &self,
        customer: CustomerId,
        records: &BTreeSet<RecordId>,
    ) -> Decided<()> {
        let held = self.held_by(records.iter().copied())?;
        if held.is_empty() {
            return Ok(());
        }
        let by: Vec<String> = held.iter().map(ToString::to_string).collect();
        let why = format!(
            "{customer} is held by {} and cannot be erased; to lift it: steward hold lift {customer}",
            by.join(", ")
        );
        Err(Refusal::DoesNotApply { why }.into())
    }

    /// The holds on a customer's records, those that have run out as well.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn holds_on(&self, customer: CustomerId) -> Result<Vec<HoldView>, DeskError> {
        let members = self.view.customer(customer)?.map(|state| state.members);
        let mut found: BTreeMap<DecisionId, (Hold, Vec<RecordId>)> = BTreeMap::new();
        for record in members.unwrap_or_default() {
            if self.view.record(record)?.touched {
                for (id, hold) in self.view.record_state(record)?.holds {
                    found.entry(id).or_insert((hold, Vec::new())).1.push(record);
                }
            }
        }
        let mut views = Vec::with_capacity(found.len());
        for (id, (hold, records)) in found {
            views.push(self.hold_view(customer, id, hold, &records)?);
        }
        Ok(views)
    }

    /// Every hold, by customer.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn holds(&self) -> Result<Vec<HoldView>, DeskError> {
        let mut customers = BTreeSet::new();
        for number in 0..self.view.counters()?.records {
            let row = self.view.record(RecordId(number))?;
            if row.touched && !row.erased {
                let state = self.view.record_state(RecordId(number))?;
                if !state.holds.is_empty() {
                    customers.insert(row.customer);
                }
            }
        }
        let mut views = Vec::new();
        for customer in customers {
            views.extend(self.holds_on(customer)?);
        }
        Ok(views)
    }

    fn hold_view(
        &self,
        customer: CustomerId,
        id: DecisionId,
        hold: Hold,
        records: &[RecordId],
    ) -> Result<HoldView, DeskError> {
        let decision = self.decision(id)?;
        let place = self.view.decision(id)?.map(|entry| entry.place.sequence);
        let (since, by) = self.byline(place.unwrap_or_default())?;
        let records = records.iter().map(|record| Ok(self.body(*record)?.address));
        Ok(HoldView {
            decision: id,
            customer,
            records: records.collect::<Result<_, DeskError>>()?,
            since,
            by,
            reason: decision.reason,
            until: hold.until,
            lapsed: !hold.stands_on(self.today()),
        })
    }
}
