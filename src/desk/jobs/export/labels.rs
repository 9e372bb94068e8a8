//! What people decided of pairs of records: the same, or not. The form that `decide --from` takes, and
//! that those who learn from decisions expect.

use std::collections::BTreeMap;

use super::walk::{Rows, Scope};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, typed};
use crate::facts::Facts;
use domain::{DecisionId, Group, RecordId, Verdict};

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let names = ["id_l", "id_r", "label", "decision", "actor", "time"];
    Ok(typed(&names, &[("time", Kind::Time)]))
}

/// A pair, the earlier record first, and whether they are one.
type Pairs = BTreeMap<(RecordId, RecordId), (bool, DecisionId)>;

/// By pair. Where several decisions that stand speak of one, the latest counts. What is withheld from
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
            let is_partition = decision.verdict != Verdict::NotAMatch;
            add(&mut pairs, &decision.groups, is_partition, id);
        }
    }
    for ((left, right), (is_one, by)) in pairs {
        if facts.view.record(left)?.erased || facts.view.record(right)?.erased {
            continue;
        }
        let Some(entry) = facts.view.decision(by)? else { continue };
        let (at, actor) = facts.byline(entry.place.sequence)?;
        rows.write(&[
            Cell::Text(scope.address(left)?),
            Cell::Text(scope.address(right)?),
            Cell::text(if is_one { "match" } else { "not-a-match" }),
            Cell::text(by),
            Cell::Text(actor),
            Cell::text(at),
        ])?;
    }
    Ok(())
}

/// The pairs that groups speak of: across groups "different"; within one "the same", where it is said
/// (`within`).
fn add(pairs: &mut Pairs, groups: &[Group], within: bool, by: DecisionId) {
    let mut put = |one: RecordId, other: RecordId, is_one| {
        if one != other {
            pairs.insert((one.min(other), one.max(other)), (is_one, by));
        }
    };
    for (at, group) in groups.iter().enumerate() {
        if within {
            for (place, one) in group.records.iter().enumerate() {
                group.records[place + 1..].iter().for_each(|other| put(*one, *other, true));
            }
        }
        for one in &group.records {
            let others = groups[at + 1..].iter().flat_map(|other| &other.records);
            others.for_each(|other| put(*one, *other, false));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::CustomerId;

    #[test]
    fn groups_say_the_same_within_and_different_across() {
        let group = |customer, records: &[u32]| Group {
            customer: CustomerId(customer),
            records: records.iter().copied().map(RecordId).collect(),
        };
        let groups = [group(1, &[3, 1]), group(2, &[2])];
        let of = |within| {
            let mut pairs = Pairs::new();
            add(&mut pairs, &groups, within, DecisionId(1));
            let told = pairs.into_iter().map(|((l, r), (is_one, _))| (l.0, r.0, is_one));
            told.collect::<Vec<_>>()
        };
        assert_eq!(of(true), [(1, 2, false), (1, 3, true), (2, 3, false)]);
        assert_eq!(of(false), [(1, 2, false), (2, 3, false)]);
    }
}
