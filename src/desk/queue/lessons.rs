//! What people decided, as joins, kept from one question to the next: the layer that orders the queue is
//! fitted again after every answer, and only what the answer touched is read again for it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::error::DeskError;
use crate::facts::Facts;
use crate::judgement::judgement;
use domain::{CustomerId, DecisionId, Group, RecordId, Values, Verdict};
use intake::review;
use matching::{JudgedJoin, Model, Refit};

/// The joins of decisions, and what they teach.
#[derive(Default)]
pub(super) struct Lessons {
    /// Of decisions that were read; nothing has changed since of what they are about.
    joins: BTreeMap<DecisionId, Vec<JudgedJoin>>,
    refit: Option<Arc<Refit>>,
}

impl Lessons {
    /// Lets go of what is about records and customers that changed, and of all of it where another model
    /// was learned.
    pub(super) fn changed(
        &mut self,
        facts: Facts<'_>,
        records: &BTreeSet<RecordId>,
        customers: &BTreeSet<CustomerId>,
        learned: bool,
    ) -> Result<(), DeskError> {
        self.refit = None;
        if learned {
            self.joins.clear();
        }
        if self.joins.is_empty() {
            return Ok(());
        }
        let mut changed = records.clone();
        for customer in customers {
            changed.extend(facts.view.customer(*customer)?.into_iter().flat_map(|it| it.members));
        }
        for record in changed {
            for (decision, _) in facts.view.decisions_of(record)? {
                self.joins.remove(&decision);
            }
        }
        Ok(())
    }

    /// What the decisions of today teach; none where no model was learned.
    pub(super) fn refit(&mut self, facts: Facts<'_>) -> Result<Option<Arc<Refit>>, DeskError> {
        if let Some(refit) = &self.refit {
            return Ok(Some(Arc::clone(refit)));
        }
        let Some(model) = facts.model()? else { return Ok(None) };
        let mut standing = Vec::new();
        for (id, entry) in facts.view.decisions()? {
            if !entry.stands() || !review::apart::constrains(entry.verdict) {
                continue;
            }
            if let Entry::Vacant(unread) = self.joins.entry(id) {
                unread.insert(joins(facts, &model, entry.verdict, &entry.groups)?);
            }
            standing.push(id);
        }
        let judged = standing.iter().filter_map(|id| self.joins.get(id)).flatten();
        let refit = Arc::new(Refit::of(&model, facts.settings.matching, judged));
        self.refit = Some(Arc::clone(&refit));
        Ok(Some(refit))
    }
}

/// The joins of one decision.
fn joins(
    facts: Facts<'_>,
    model: &Model,
    verdict: Verdict,
    groups: &[Group],
) -> Result<Vec<JudgedJoin>, DeskError> {
    let mut customers: BTreeMap<RecordId, CustomerId> = BTreeMap::new();
    for record in groups.iter().flat_map(|group| &group.records) {
        if facts.takes_part(*record)? {
            customers.insert(*record, facts.view.customer_of(*record)?);
        }
    }
    let customer = |record: RecordId| customers.get(&record).copied();
    let Some(judgement) = judgement(verdict, groups, &customer) else { return Ok(Vec::new()) };
    let mut values: BTreeMap<RecordId, Values> = BTreeMap::new();
    for record in judgement.groups.iter().flatten() {
        values.insert(*record, facts.evidence(*record)?);
    }
    let Facts { settings, fingerprinter, .. } = facts;
    Ok(matching::joins_of(&judgement, &mut |left, right| {
        matching::link(model, settings, fingerprinter, values.get(&left)?, values.get(&right)?)
    }))
}
