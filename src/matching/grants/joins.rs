//! The groups of a run as joins: which two units become one, by which link, and what forbids it.

use std::cmp::Reverse;
use std::collections::HashSet;

use domain::fingerprint::Fingerprinter;
use domain::{Kind, RecordId};

use super::super::cluster::Sets;
use super::super::columns::Columns;
use super::super::compare::Cache;
use super::super::earn::Grounds;
use super::super::engine::Constraints;
use super::super::frequency::Shares;
use super::super::model::Model;
use super::super::pairs::compares;
use super::super::score::Scorer;
use super::super::weight::Millibits;

/// Two units that may become one: the best link that holds a group together there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenJoin {
    /// All records of one unit, ascending.
    pub left: Vec<RecordId>,
    /// All records of the other.
    pub right: Vec<RecordId>,
    /// What they are about.
    pub kind: Kind,
    /// Levels of their best link under the model, counted from 1; 0 where a value is missing.
    pub levels: Vec<u8>,
    /// Its weight, in thousandths of a bit.
    pub weight: i32,
    /// Whether somewhere in the group the names may be those of two people.
    pub two_people: bool,
    /// Why it can never be granted; `None` where it can.
    pub barred: Option<Barred>,
}

/// What can never be granted, whatever samples say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// Somewhere in the group dates of birth or registered identifiers contradict each other. Nobody can
    /// say which join of such a group brings the two together, so none of them is made.
    Contradiction,
    /// Somewhere in the group the names say that they are two people, and leave nothing open: a couple, a
    /// man and a woman, father and son. Answers about slips of a name say nothing of those.
    TwoPeople,
    /// A person decided that some of the group are different.
    Decision,
}

/// The joins of groups, each given as its units: one less than it has units, along its best links.
/// Groups of a kind that the model does not compare as the settings of today would have none.
///
/// Levels and weights are those under `model`, which a run recorded.
#[must_use]
pub fn open_joins(
    model: &Model,
    columns: &Columns,
    fingerprinter: &Fingerprinter,
    constraints: &Constraints,
    groups: &[Vec<Vec<RecordId>>],
) -> Vec<OpenJoin> {
    let ordered = |a: RecordId, b: RecordId| (a.min(b), a.max(b));
    let apart: HashSet<(RecordId, RecordId)> =
        constraints.cannot_link.iter().map(|(a, b)| ordered(*a, *b)).collect();
    let rows = columns.rows();
    let mut joins = Vec::new();
    for part in &model.kinds {
        if !compares(model, &columns.layout, part.kind) {
            continue;
        }
        let shares = Shares::from_tables(&part.frequencies, columns, fingerprinter);
        let scorer = Scorer::new(columns, part, &shares);
        for units in groups {
            let known = units.iter().flatten().filter_map(|record| rows(*record));
            if !known.clone().all(|row| columns.kind(row) == part.kind) || known.count() == 0 {
                continue;
            }
            let links = links(&scorer, &rows, units);
            joins.extend(tree(&scorer, units, &links, |a, b| apart.contains(&ordered(a, b))));
        }
    }
    joins
}

/// A pair of records of two units.
struct UnitLink {
    /// Places of the units, the lower first.
    units: (usize, usize),
    /// Their records.
    records: (RecordId, RecordId),
    levels: Vec<u8>,
    weight: Millibits,
    grounds: Grounds,
}

fn links(
    scorer: &Scorer<'_>,
    rows: &impl Fn(RecordId) -> Option<u32>,
    units: &[Vec<RecordId>],
) -> Vec<UnitLink> {
    let mut cache = Cache::new();
    let mut links = Vec::new();
    for (left, own) in units.iter().enumerate() {
        for (right, others) in units.iter().enumerate().skip(left + 1) {
            for (a, b) in own.iter().flat_map(|a| others.iter().map(move |b| (*a, *b))) {
                let (Some(one), Some(other)) = (rows(a), rows(b)) else { continue };
                let (one, other) = (one.min(other), one.max(other));
                let levels = scorer.grade(one, other, &mut cache);
                let weight = scorer.assess(&levels, one, other).weight;
                let grounds = Grounds::read(scorer.model, scorer.columns, &levels, one, other);
                let (units, records) = ((left, right), (a.min(b), a.max(b)));
                links.push(UnitLink { units, records, levels, weight, grounds });
            }
        }
    }
    links.sort_by_key(|link| (Reverse(link.weight), link.records));
    links
}

/// The best links that hold the units together, as joins; `links` stand best first.
fn tree(
    scorer: &Scorer<'_>,
    units: &[Vec<RecordId>],
    links: &[UnitLink],
    apart: impl Fn(RecordId, RecordId) -> bool,
) -> Vec<OpenJoin> {
    let barred = if links.iter().any(|link| apart(link.records.0, link.records.1)) {
        Some(Barred::Decision)
    } else if links.iter().any(|link| link.grounds.is_contradicted()) {
        Some(Barred::Contradiction)
    } else if links.iter().any(|link| link.grounds.says_two_people()) {
        Some(Barred::TwoPeople)
    } else {
        None
    };
    let two_people = links.iter().any(|link| link.grounds.may_be_two_people());
    let sorted = |place: usize| {
        let mut records = units[place].clone();
        records.sort_unstable();
        records
    };
    let mut sets = Sets::new(units.len());
    let mut joins = Vec::new();
    for link in links {
        let (left, right) = link.units;
        if sets.root(left as u32) == sets.root(right as u32) {
            continue;
        }
        sets.join(left as u32, right as u32);
        joins.push(OpenJoin {
            left: sorted(left),
            right: sorted(right),
            kind: scorer.model.kind,
            levels: link.levels.clone(),
            weight: link.weight.0,
            two_people,
            barred,
        });
    }
    joins
}
