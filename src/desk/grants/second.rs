//! Second looks that censuses ask for: which wait now, and when the others come back.

use std::collections::BTreeMap;

use super::Standings;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{DecisionId, Task, TaskId, TaskState, Until};
use door::views::AgainView;
use matching::grants::Look;

/// The second looks that are pending, by the decision they ask about.
pub(super) struct Pending(BTreeMap<DecisionId, Task>);

impl Pending {
    /// # Errors
    /// When the store is damaged.
    pub(super) fn read(facts: Facts<'_>) -> Result<Self, DeskError> {
        let pending = facts.view.pending_second_looks()?.into_iter();
        let by_decision = pending.filter_map(|it| Some((it.task.second_look_at()?, it.task)));
        Ok(Self(by_decision.collect()))
    }

    /// The second look at a decision.
    pub(super) fn of_decision(&self, decision: DecisionId) -> Option<&Task> {
        self.0.get(&decision)
    }

    /// The second look at the join of a place that can be answered now.
    pub(super) fn now(
        &self,
        facts: Facts<'_>,
        it: &Standings,
        at: usize,
    ) -> Result<Option<TaskId>, DeskError> {
        let task = self.of(facts, it, at)?.filter(|task| !task.is_early(facts.now));
        Ok(task.map(|task| task.id))
    }

    /// The second look at the join of a place, now or later.
    pub(super) fn at(
        &self,
        facts: Facts<'_>,
        it: &Standings,
        at: usize,
    ) -> Result<Option<TaskId>, DeskError> {
        Ok(self.of(facts, it, at)?.map(|task| task.id))
    }

    /// What is asked again of a census.
    pub(super) fn looks(
        &self,
        facts: Facts<'_>,
        it: &Standings,
        looked: &[Look],
    ) -> Result<AgainView, DeskError> {
        let mut looks = AgainView::default();
        for at in (0..looked.len()).filter(|at| looked[*at] == Look::Again) {
            match self.of(facts, it, at)? {
                Some(task) if task.is_early(facts.now) => {
                    looks.later += 1;
                    if let TaskState::Deferred { until: Until::Time(from), .. } = task.state {
                        looks.from = Some(looks.from.map_or(from, |first| first.min(from)));
                    }
                }
                Some(_) => looks.now += 1,
                // Two looks said two things: a lead is asked, by another task.
                None if it.counted.said(facts, at)?.len() > 1 => looks.now += 1,
                None => looks.unasked += 1,
            }
        }
        Ok(looks)
    }

    fn of(&self, facts: Facts<'_>, it: &Standings, at: usize) -> Result<Option<&Task>, DeskError> {
        let said = it.counted.said(facts, at)?;
        Ok(said.first().and_then(|judged| self.of_decision(judged.by)))
    }
}
