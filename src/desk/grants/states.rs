//! What people said of each join of a census, and how its units stand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::second::Pending;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::{Facts, missing};
use domain::event::{CensusTaken, JoinedUnits};
use domain::grants::Maker;
use domain::{
    CensusId, CustomerId, DecisionId, Event, Group, RecordId, TaskId, TaskKind, TaskReason,
    TaskState, Verdict,
};
use intake::review;
use matching::grants::{Answer, JoinState};
use store::{CensusEntry, DecisionEntry};

/// A census with what the store knows of it.
pub(crate) struct Counted {
    pub(crate) taken: CensusTaken,
    pub(crate) entry: CensusEntry,
}

/// What a person said of a join, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) by: DecisionId,
    pub(crate) answer: Answer,
}

impl Counted {
    /// A census.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn read(facts: Facts<'_>, id: CensusId) -> Result<Self, DeskError> {
        Self::find(facts, id)?.ok_or_else(|| missing(format!("census {id}")))
    }

    /// The same where a person named it.
    pub(crate) fn named(facts: Facts<'_>, id: CensusId) -> Decided<Self> {
        Self::find(facts, id)?.ok_or_else(|| unknown(&id))
    }

    fn find(facts: Facts<'_>, id: CensusId) -> Result<Option<Self>, DeskError> {
        let Some(entry) = facts.view.census(id)? else { return Ok(None) };
        match facts.event(entry.place)? {
            Event::CensusTaken(taken) if taken.units.len() == taken.census.joins.len() => {
                Ok(Some(Self { taken, entry }))
            }
            _ => Err(missing(format!("census {id}"))),
        }
    }

    pub(crate) fn id(&self) -> CensusId {
        self.taken.census.id
    }

    /// The state of each join, in the order of the census.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn states(&self, facts: Facts<'_>) -> Result<Vec<JoinState>, DeskError> {
        let looks = Looks::read(facts)?;
        let pending = Pending::read(facts)?;
        let state = |units: &JoinedUnits| {
            let said = self.said_with(facts, units, &looks)?;
            let again = said.first().and_then(|judged| pending.of_decision(judged.by));
            let Stand { waits, may_be_asked, is_put_off, asked_by } = self.stand(facts, units)?;
            let answers = said.iter().map(|judged| judged.answer).collect();
            let asked_by = again.map(|task| task.id).or(asked_by);
            Ok(JoinState { answers, waits, may_be_asked, is_put_off, asked_by })
        };
        self.taken.units.iter().map(state).collect()
    }

    /// What people said of the join at a place, in order.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn said(&self, facts: Facts<'_>, at: usize) -> Result<Vec<Judged>, DeskError> {
        let Some(units) = self.taken.units.get(at) else { return Ok(Vec::new()) };
        self.said_with(facts, units, &Looks::read(facts)?)
    }

    /// The task that asks about the join at a place, if one waits for a verdict now.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(crate) fn task(&self, facts: Facts<'_>, at: usize) -> Result<Option<TaskId>, DeskError> {
        let Some(units) = self.taken.units.get(at) else { return Ok(None) };
        Ok(match homes(facts, units)? {
            Some((left, right)) => asked_in(facts, left, right)?,
            None => None,
        })
    }

    /// Whether one of these decisions joined the units.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn is_joined_by(
        &self,
        facts: Facts<'_>,
        units: &JoinedUnits,
        decisions: &[DecisionId],
    ) -> Result<bool, DeskError> {
        let Some(record) = units.left.first() else { return Ok(false) };
        let of_record = facts.view.decisions_of(*record)?;
        let joins = |(id, entry): &(DecisionId, DecisionEntry)| {
            decisions.contains(id) && judged(&entry.groups, units, true) == Some(Answer::Same)
        };
        Ok(of_record.iter().any(joins))
    }

    fn said_with(
        &self,
        facts: Facts<'_>,
        units: &JoinedUnits,
        looks: &Looks,
    ) -> Result<Vec<Judged>, DeskError> {
        let mut decisions: BTreeMap<DecisionId, DecisionEntry> = BTreeMap::new();
        for record in &units.left {
            decisions.extend(facts.view.decisions_of(*record)?);
        }
        let mut said = BTreeMap::new();
        for (id, entry) in decisions {
            let is_later = entry.place.sequence > self.taken.census.read_up_to;
            if !entry.stands() || !is_later || !review::apart::constrains(entry.verdict) {
                continue;
            }
            let joins = entry.verdict == Verdict::Merge;
            let Some(answer) = judged(&entry.groups, units, joins) else { continue };
            said.insert(id, answer);
            for second in looks.0.get(&id).into_iter().flatten() {
                said.extend(asked_again(facts, *second, units, answer)?);
            }
        }
        Ok(said.into_iter().map(|(by, answer)| Judged { by, answer }).collect())
    }

    fn stand(&self, facts: Facts<'_>, units: &JoinedUnits) -> Result<Stand, DeskError> {
        let census = &self.taken.census;
        let mut is_edited = false;
        for record in units.left.iter().chain(&units.right) {
            if facts.view.record(*record)?.erased {
                return Ok(Stand::default());
            }
            is_edited |= facts.view.record_version(*record)? > census.read_up_to;
        }
        let homes = homes(facts, units)?;
        if census.stratum.maker != Maker::Nobody {
            // Made: it waits as long as it stands.
            let stands = matches!(homes, Some((left, right)) if left == right);
            let waits = stands && !is_edited;
            return Ok(Stand { waits, may_be_asked: stands, ..Stand::default() });
        }
        let Some((left, right)) = homes.filter(|(left, right)| left != right) else {
            return Ok(Stand::default());
        };
        let open = asked_in(facts, left, right)?;
        let put_off = put_off(facts, left, right)?.filter(|_| open.is_none());
        Ok(Stand {
            waits: open.is_some() && !is_edited,
            may_be_asked: open.is_some(),
            is_put_off: put_off.is_some(),
            asked_by: open.or(put_off),
        })
    }
}

/// Whether a join waits for a grant, whether it may be asked about, and by which task.
#[derive(Default)]
struct Stand {
    waits: bool,
    may_be_asked: bool,
    is_put_off: bool,
    asked_by: Option<TaskId>,
}

/// The customers that hold all of either unit; none where one was taken apart. A unit may have grown
/// meanwhile: what joins the larger ones is right where this join is.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn homes(
    facts: Facts<'_>,
    units: &JoinedUnits,
) -> Result<Option<(CustomerId, CustomerId)>, DeskError> {
    let home = |records: &[RecordId]| -> Result<Option<CustomerId>, DeskError> {
        let homes: BTreeSet<CustomerId> =
            records.iter().map(|it| facts.view.customer_of(*it)).collect::<Result<_, _>>()?;
        Ok(homes.first().copied().filter(|_| homes.len() == 1))
    };
    Ok(home(&units.left)?.zip(home(&units.right)?))
}

/// Whether somebody put off, or asked of somebody, the task about two customers.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn is_put_off(
    facts: Facts<'_>,
    left: CustomerId,
    right: CustomerId,
) -> Result<bool, DeskError> {
    Ok(put_off(facts, left, right)?.is_some())
}

/// The task about two customers that somebody put off or asked of somebody.
fn put_off(
    facts: Facts<'_>,
    left: CustomerId,
    right: CustomerId,
) -> Result<Option<TaskId>, DeskError> {
    let mut tasks = facts.view.tasks_of(left)?.into_iter().map(|entry| entry.task);
    let task = tasks.find(|task| {
        let waits = task.state.is_pending() && task.state != TaskState::Open;
        task.kind == TaskKind::Duplicate && waits && task.customers.contains(&right)
    });
    Ok(task.map(|task| task.id))
}

/// The duplicate task that asks about two customers and is neither put off nor asked of somebody.
fn asked_in(
    facts: Facts<'_>,
    left: CustomerId,
    right: CustomerId,
) -> Result<Option<TaskId>, DeskError> {
    let mut asks = facts.view.tasks_of(left)?.into_iter().map(|entry| entry.task).filter(|task| {
        task.kind == TaskKind::Duplicate
            && task.state == TaskState::Open
            && task.customers.contains(&right)
    });
    Ok(asks.next().map(|task| task.id))
}

/// What the groups of a verdict say of a join: that some record of one unit is not the other's, or
/// else, where groups are one each (`joins`), that both are. Nothing where they do not name both.
fn judged(groups: &[Group], units: &JoinedUnits, joins: bool) -> Option<Answer> {
    if review::apart::apart(groups, &units.left, &units.right) {
        return Some(Answer::Different);
    }
    let holds = |group: &Group, records: &[RecordId]| {
        records.iter().any(|record| group.records.binary_search(record).is_ok())
    };
    let both = |group: &Group| holds(group, &units.left) && holds(group, &units.right);
    (joins && groups.iter().any(both)).then_some(Answer::Same)
}

/// Second looks that stand, by the decision they look at.
struct Looks(HashMap<DecisionId, Vec<DecisionId>>);

impl Looks {
    fn read(facts: Facts<'_>) -> Result<Self, DeskError> {
        let mut looks: HashMap<DecisionId, Vec<DecisionId>> = HashMap::new();
        for id in facts.view.second_looks()? {
            let Some(entry) = facts.view.decision(id)?.filter(DecisionEntry::stands) else {
                continue;
            };
            let Some(task) = entry.task.map(|task| facts.view.task(task)).transpose()?.flatten()
            else {
                continue;
            };
            if let Some(first) = task.task.second_look_at() {
                looks.entry(first).or_default().push(id);
            }
        }
        Ok(Self(looks))
    }
}

/// What a second look said of a join, and, where a lead had to decide between both, what they said.
fn asked_again(
    facts: Facts<'_>,
    second: DecisionId,
    units: &JoinedUnits,
    first: Answer,
) -> Result<Vec<(DecisionId, Answer)>, DeskError> {
    let Some(look) = facts.decision(second)?.second else { return Ok(Vec::new()) };
    let Some(answer) = judged(&look.groups, units, true) else { return Ok(Vec::new()) };
    let mut said = vec![(second, answer)];
    if answer != first
        && let Some(kept) = kept_by(facts, second)?
    {
        said.push((kept, first));
    }
    Ok(said)
}

/// The decision by which a lead said that the first verdict stays.
fn kept_by(facts: Facts<'_>, second: DecisionId) -> Result<Option<DecisionId>, DeskError> {
    let Some(entry) = facts.view.decision(second)? else { return Ok(None) };
    for event in facts.commit(entry.place.sequence)?.events {
        let Event::TaskChanged(changed) = event else { continue };
        let TaskReason::Disagreement { .. } = changed.after.reason else { continue };
        let now = facts.view.task(changed.task)?.map(|entry| entry.task.state);
        let Some(TaskState::Decided { decision }) = now else { continue };
        let kept = facts.view.decision(decision)?;
        if kept.is_some_and(|it| it.stands() && it.verdict == Verdict::Keep) {
            return Ok(Some(decision));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(customer: u32, records: &[u32]) -> Group {
        let records = records.iter().copied().map(RecordId).collect();
        Group { customer: CustomerId(customer), records }
    }

    #[test]
    fn a_join_is_wrong_where_any_record_of_one_unit_is_not_the_others() {
        let ids = |ids: &[u32]| ids.iter().copied().map(RecordId).collect::<Vec<_>>();
        let units = JoinedUnits { left: ids(&[1, 5]), right: ids(&[9]) };
        let said = |groups: &[Group], joins| judged(groups, &units, joins);
        assert_eq!(said(&[group(1, &[1, 5, 9])], true), Some(Answer::Same));
        assert_eq!(said(&[group(1, &[1, 5]), group(9, &[9])], true), Some(Answer::Different));
        assert_eq!(said(&[group(1, &[1, 9]), group(5, &[5])], true), Some(Answer::Different));
        assert_eq!(said(&[group(1, &[1, 5])], true), None, "nothing of the other");
        assert_eq!(said(&[group(1, &[1, 5, 9])], false), None, "within a group nothing is said");
        assert_eq!(said(&[group(1, &[1, 7]), group(9, &[8])], true), None);
    }
}
