//! The census of a run: the joins that it leaves to people, frozen to be asked about in one order.

use std::collections::{HashMap, HashSet};

use crate::core::Desk;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use crate::grants;
use domain::event::{CensusTaken, JoinedUnits};
use domain::grants::{Maker, Seed, Stratum};
use domain::{CensusId, Fingerprint, MatchRunId, RecordId, Sequence};
use matching::grants::{OpenJoin, Pooled, Taking, open_joins, pattern_words, pool};
use matching::{AutoMerge, Model, Proposal, Request};

/// Whether a census is due by itself: none is open of which joins wait.
pub(super) fn is_due(facts: Facts<'_>) -> Result<bool, DeskError> {
    for id in grants::open(facts)? {
        if grants::Counted::read(facts, id)?.states(facts)?.iter().any(|state| state.waits) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The groups that a run leaves to people, each as its units: customers as the run's own merges leave them,
/// those `also` that it makes under grants.
pub(super) fn groups(
    request: &Request<'_>,
    (auto, proposals): (&[AutoMerge], &[Proposal]),
    also: impl Iterator<Item = Vec<RecordId>>,
) -> Vec<Vec<Vec<RecordId>>> {
    let mut unit_of: HashMap<RecordId, RecordId> = HashMap::new();
    let whole = request.clusters.iter().chain(auto.iter().map(|merge| &merge.records));
    for records in whole {
        // A merge joins whole customers, which it names after them.
        if let Some(first) = records.first() {
            unit_of.extend(records.iter().map(|record| (*record, *first)));
        }
    }
    for records in also {
        // One after the other: a later one may join what an earlier one made.
        let units: HashSet<RecordId> =
            records.iter().map(|record| unit_of.get(record).copied().unwrap_or(*record)).collect();
        let Some(first) = units.iter().min().copied() else { continue };
        unit_of.values_mut().filter(|unit| units.contains(unit)).for_each(|unit| *unit = first);
        unit_of.extend(records.into_iter().map(|record| (record, first)));
    }
    proposals
        .iter()
        .map(|proposal| {
            let mut units: Vec<(RecordId, Vec<RecordId>)> = Vec::new();
            let mut place: HashMap<RecordId, usize> = HashMap::new();
            for record in &proposal.records {
                let unit = unit_of.get(record).copied().unwrap_or(*record);
                let at = *place.entry(unit).or_insert(units.len());
                match units.get_mut(at) {
                    Some((_, records)) => records.push(*record),
                    None => units.push((unit, vec![*record])),
                }
            }
            units.into_iter().map(|(_, records)| records).collect()
        })
        .collect()
}

/// What a run leaves to people, as joins of units, in strata.
pub(super) fn pooled(
    request: &Request<'_>,
    model: &Model,
    groups: &[Vec<Vec<RecordId>>],
) -> Vec<Pooled> {
    let Request { columns, fingerprinter, constraints, .. } = request;
    let joins = open_joins(model, columns, fingerprinter, constraints, groups);
    pool(Maker::Nobody, joins)
}

/// Freezes strata and writes them down, a commit each; what was taken, and how many joins each has.
pub(super) fn take(
    desk: &mut Desk,
    model: &Model,
    (run, read_up_to): (MatchRunId, Sequence),
    strata: Vec<Pooled>,
) -> Result<Vec<(CensusId, u64)>, DeskError> {
    if strata.is_empty() {
        return Ok(Vec::new());
    }
    let taking = taking(desk, run, read_up_to)?;
    let units = units(&taking.seed, &strata);
    let mut taken = Vec::new();
    for census in matching::grants::take(&taking, strata).censuses {
        taken.push((census.id, census.joins.len() as u64));
        let units = census.joins.iter().filter_map(|join| units.get(join).cloned()).collect();
        let pattern = pattern_words(model, census.stratum.kind, &census.stratum.cut);
        desk.commit(vec![CensusTaken { census, units, pattern }.into()])?;
    }
    Ok(taken)
}

/// The census of what a run merged under the grant of another: its checks are drawn from it.
pub(super) fn checked(
    desk: &Desk,
    granted: &CensusTaken,
    joins: Vec<OpenJoin>,
    read_up_to: Sequence,
) -> Result<CensusTaken, DeskError> {
    let maker = Maker::Grant(granted.census.id);
    let stratum = Stratum { maker, ..granted.census.stratum.clone() };
    let taking = taking(desk, granted.census.model, read_up_to)?;
    let strata = vec![Pooled { stratum, joins }];
    let units = units(&taking.seed, &strata);
    let census = matching::grants::take(&taking, strata).censuses.pop();
    let census = census.ok_or_else(|| missing("the census of what was merged"))?;
    let units = census.joins.iter().filter_map(|join| units.get(join).cloned()).collect();
    Ok(CensusTaken { census, units, pattern: granted.pattern.clone() })
}

fn taking(desk: &Desk, model: MatchRunId, read_up_to: Sequence) -> Result<Taking, DeskError> {
    let mut seed = [0; 32];
    desk.environment.randomness.fill(&mut seed);
    let known = desk.facts().view.censuses()?;
    Ok(Taking {
        before: known.iter().map(|(_, entry)| entry.taking).max().unwrap_or_default(),
        first: CensusId(known.last().map_or(0, |(id, _)| id.0) + 1),
        model,
        read_up_to,
        seed: Seed(seed),
        promise: desk.facts().settings.matching.autonomy,
    })
}

/// The units of joins by what they go by in a census.
fn units(seed: &Seed, strata: &[Pooled]) -> HashMap<Fingerprint, JoinedUnits> {
    let joins = strata.iter().flat_map(|pooled| &pooled.joins);
    let units = |OpenJoin { left, right, .. }: &OpenJoin| {
        (seed.join(left, right), JoinedUnits { left: left.clone(), right: right.clone() })
    };
    joins.map(units).collect()
}
