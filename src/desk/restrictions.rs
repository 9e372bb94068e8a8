//! What keeps records from being used: restrictions, objections and opt-outs, each placed by a request. They lie on
//! records, so that they stay where they were put when customers are merged and unmerged.

use std::collections::{BTreeMap, BTreeSet};

use super::error::DeskError;
use super::facts::{Facts, missing as lost};
use domain::{CustomerId, CustomerState, DecisionId, Event, RecordId, Restriction};
use door::views::RestrictionView;
use settings::Settings;

/// The records on which a request placed a restriction, wherever they are now.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn restricted_by(
    facts: Facts<'_>,
    opened: DecisionId,
) -> Result<Vec<RecordId>, DeskError> {
    let entry = facts.view.decision(opened)?.ok_or_else(|| lost(format!("decision {opened}")))?;
    let mut records = Vec::new();
    for event in facts.commit(entry.place.sequence)?.events {
        if let Event::RecordChanged(changed) = event
            && !facts.view.record(changed.record)?.erased
            && facts.view.record_state(changed.record)?.restrictions.contains_key(&opened)
        {
            records.push(changed.record);
        }
    }
    Ok(records)
}

/// The customers on whose records a request restricts something still.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn restricts(
    facts: Facts<'_>,
    opened: DecisionId,
) -> Result<BTreeSet<CustomerId>, DeskError> {
    let mut customers = BTreeSet::new();
    for record in restricted_by(facts, opened)? {
        customers.insert(facts.view.customer_of(record)?);
    }
    Ok(customers)
}

/// A restriction as it counts under these settings. Whoever objected to a purpose that is no longer there, or opted
/// out of such a channel, is kept from all of them: it may only have another name now.
pub(crate) fn widened(settings: &Settings, restriction: &Restriction) -> Restriction {
    let mut counts = restriction.clone();
    if counts.purposes.iter().any(|purpose| settings.purpose(purpose).is_none()) {
        counts.purposes.clear();
    }
    let channels = settings.channels();
    let is_known = |channel: &String| channels.contains(&channel.as_str());
    if !channels.is_empty() && !counts.channels.iter().all(is_known) {
        counts.channels.clear();
    }
    counts
}

impl Facts<'_> {
    /// What keeps a customer's records from being used, by the request that placed it.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(crate) fn restrictions_on(
        &self,
        customer: &CustomerState,
    ) -> Result<BTreeMap<DecisionId, (Restriction, u64)>, DeskError> {
        let mut found: BTreeMap<DecisionId, (Restriction, u64)> = BTreeMap::new();
        for record in &customer.members {
            if self.view.record(*record)?.touched {
                for (by, restriction) in self.view.record_state(*record)?.restrictions {
                    found.entry(by).or_insert((restriction, 0)).1 += 1;
                }
            }
        }
        Ok(found)
    }

    /// The requests that keep records from being erased by retention.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(crate) fn kept_by(
        &self,
        customer: &CustomerState,
    ) -> Result<BTreeSet<DecisionId>, DeskError> {
        let found = self.restrictions_on(customer)?.into_iter();
        Ok(found.filter(|(_, (restriction, _))| restriction.keeps()).map(|(by, _)| by).collect())
    }

    /// The same as people are shown it.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn restrictions_shown(
        &self,
        customer: &CustomerState,
    ) -> Result<Vec<RestrictionView>, DeskError> {
        let mut views = Vec::new();
        for (decision, (restriction, records)) in self.restrictions_on(customer)? {
            let task = self.view.decision(decision)?.and_then(|entry| entry.task);
            let mut what = restriction.words();
            if widened(self.settings, &restriction) != restriction {
                what += ", no longer in steward.toml: kept from every one";
            }
            views.push(RestrictionView { decision, task, what, records });
        }
        Ok(views)
    }
}
