//! What people decided of pairs of records: the same, or not. The form that `decide --from` takes, and
//! that those who learn from decisions expect.

use std::collections::BTreeMap;

use super::walk::{Rows, Scope};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, typed};
use crate::facts::Facts;
use domain::event::Cause;
use domain::{CustomerId, Decision, DecisionId, Event, Group, RecordId, Sequence, Verdict};

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let names = ["id_l", "id_r", "label", "reason", "note", "decision", "actor", "time"];
    Ok(typed(&names, &[("time", Kind::Time)]))
}

/// A pair, the earlier record first, and whether they are one.
type Pairs = BTreeMap<(RecordId, RecordId), (bool, DecisionId)>;

/// By pair: those that somebody judged, and not what was one before. Where several decisions that stand speak of
/// one, the latest counts. What is withheld from
/// whoever asks, and what the machine made under a grant, is left out.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let decisions = facts.view.decisions()?;
    let mut walk = scope.walk(decisions.len() as u64);
    let mut pairs = Pairs::new();
    for (id, entry) in decisions {
        walk.step()?;
        let is_told = entry.stands() && scope.withheld.of_decision(id).is_none();
        if !is_told || !scope.wants(|| Ok(entry.place.sequence))? {
            continue;
        }
        let decision = facts.decision(id)?;
        let speaks = matches!(
            decision.verdict,
            Verdict::Merge | Verdict::NotAMatch | Verdict::Unmerge | Verdict::Keep
        );
        if speaks {
            let judged = Judged::read(facts, &decision, entry.place.sequence)?;
            add(&mut pairs, &decision.groups, &judged, id);
        }
    }
    for ((left, right), (is_one, by)) in pairs {
        if facts.view.record(left)?.erased || facts.view.record(right)?.erased {
            continue;
        }
        let Some(entry) = facts.view.decision(by)? else { continue };
        let decision = facts.decision(by)?;
        let verdict = if is_one { Verdict::Merge } else { Verdict::NotAMatch };
        // A reason of an unmerge may be none of the verdict that the label is read back as.
        let reason = decision.reason.filter(|reason| {
            facts.settings.decisions.reasons_for(verdict).any(|known| known.code == *reason)
        });
        let (at, actor) = facts.byline(entry.place.sequence)?;
        rows.write(&[
            Cell::Text(scope.address(left)?),
            Cell::Text(scope.address(right)?),
            Cell::text(if is_one { "match" } else { "not-a-match" }),
            reason.map_or(Cell::Absent, Cell::text),
            decision.note.map_or(Cell::Absent, Cell::Text),
            Cell::text(by),
            Cell::Text(actor),
            Cell::text(at),
        ])?;
    }
    Ok(())
}

/// Which pairs of a group somebody judged to be one. Those that were together before are nobody's verdict:
/// who learned from them would learn what the machine said.
enum Judged {
    /// None: only that groups differ was said.
    None,
    /// Those that the decision brought together, by the customer that each was of; one that is not named was
    /// alone.
    BroughtTogether(BTreeMap<RecordId, CustomerId>),
    /// This record with the others: it was asked whether it belongs to them.
    With(RecordId),
}

impl Judged {
    fn read(facts: Facts<'_>, decision: &Decision, at: Sequence) -> Result<Self, DeskError> {
        match decision.verdict {
            Verdict::Merge => {
                let cause = Cause::Decision(decision.id);
                let mut before = BTreeMap::new();
                for event in &facts.commit(at)?.events {
                    if let Event::CustomerChanged(changed) = event
                        && changed.cause == cause
                    {
                        let members = changed.before.iter().flat_map(|state| &state.members);
                        before.extend(members.map(|record| (*record, changed.customer)));
                    }
                }
                Ok(Judged::BroughtTogether(before))
            }
            Verdict::Keep => {
                let task = decision.task.map(|task| facts.view.task(task)).transpose()?.flatten();
                let record = task.and_then(|entry| entry.task.record);
                Ok(record.map_or(Judged::None, Judged::With))
            }
            _ => Ok(Judged::None),
        }
    }

    fn says_one(&self, one: RecordId, other: RecordId) -> bool {
        match self {
            Judged::None => false,
            Judged::BroughtTogether(before) => {
                let of = |record| before.get(&record);
                of(one).is_none() || of(other).is_none() || of(one) != of(other)
            }
            Judged::With(record) => *record == one || *record == other,
        }
    }
}

/// The pairs that groups speak of: across groups "different"; within one "the same", where it was judged.
fn add(pairs: &mut Pairs, groups: &[Group], judged: &Judged, by: DecisionId) {
    let mut put = |one: RecordId, other: RecordId, is_one| {
        if one != other {
            pairs.insert((one.min(other), one.max(other)), (is_one, by));
        }
    };
    for (at, group) in groups.iter().enumerate() {
        for (place, one) in group.records.iter().enumerate() {
            let others = group.records[place + 1..].iter();
            others
                .filter(|other| judged.says_one(*one, **other))
                .for_each(|other| put(*one, *other, true));
            let others = groups[at + 1..].iter().flat_map(|other| &other.records);
            others.for_each(|other| put(*one, *other, false));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(customer: u32, records: &[u32]) -> Group {
        Group {
            customer: CustomerId(customer),
            records: records.iter().copied().map(RecordId).collect(),
        }
    }

    #[test]
    fn only_pairs_that_somebody_judged_are_told() {
        let before = |all: &[(u32, u32)]| {
            let all =
                all.iter().map(|(record, customer)| (RecordId(*record), CustomerId(*customer)));
            Judged::BroughtTogether(all.collect())
        };
        let two = [group(1, &[3, 1]), group(2, &[2])];
        let one = [group(1, &[1, 2, 3, 4])];
        for (groups, judged, expected) in [
            (&two[..], Judged::None, vec![(1, 2, false), (2, 3, false)]),
            (&two, before(&[(1, 1), (3, 3)]), vec![(1, 2, false), (1, 3, true), (2, 3, false)]),
            (&two, before(&[(1, 1), (3, 1)]), vec![(1, 2, false), (2, 3, false)]),
            (&two, before(&[]), vec![(1, 2, false), (1, 3, true), (2, 3, false)]),
            (
                &one,
                before(&[(1, 1), (2, 1), (3, 1), (4, 4)]),
                vec![(1, 4, true), (2, 4, true), (3, 4, true)],
            ),
            (
                &one,
                before(&[(1, 1), (2, 1), (3, 3), (4, 3)]),
                vec![(1, 3, true), (1, 4, true), (2, 3, true), (2, 4, true)],
            ),
            (
                &one,
                before(&[(1, 1), (2, 1), (3, 1)]),
                vec![(1, 4, true), (2, 4, true), (3, 4, true)],
            ),
            (&one, Judged::With(RecordId(2)), vec![(1, 2, true), (2, 3, true), (2, 4, true)]),
            (&one, Judged::None, vec![]),
        ] {
            let mut pairs = Pairs::new();
            add(&mut pairs, groups, &judged, DecisionId(1));
            let told: Vec<_> =
                pairs.into_iter().map(|((l, r), (is_one, _))| (l.0, r.0, is_one)).collect();
            assert_eq!(told, expected);
        }
    }
}
