//! From links to merges and proposals: people's decisions, groups, and what the machine may do.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use domain::RecordId;

use super::cluster::{self, Component, Link, Separations, Sets};
use super::compare::Cache;
use super::contested::{Contest, Torn, gathered};
use super::earn::Grounds;
use super::engine::{AutoMerge, Constraints, Outcome, Proposal, Request};
use super::joined::{Earned, earned};
use super::score::Scorer;
use super::weight::{Chance, Millibits};

/// Components that one thread handles before the next are shared out.
const TOGETHER: usize = 1024;

/// People's decisions and existing customers in terms of rows.
struct Units {
    unit: Vec<u32>,
    /// Which rows people said are one; none where they said nothing.
    decided: Option<Vec<u32>>,
    members: HashMap<u32, Vec<u32>>,
    separations: Separations,
}

fn units(request: &Request<'_>) -> Units {
    let mut sets = Sets::new(request.columns.len());
    let Constraints { must_link, cannot_link, .. } = request.constraints;
    if must_link.is_empty() && cannot_link.is_empty() && request.clusters.is_empty() {
        return Units {
            unit: sets.roots(),
            decided: None,
            members: HashMap::new(),
            separations: Separations::default(),
        };
    }
    let rows = request.columns.rows();
    let row = |record: &RecordId| rows(*record);
    for (a, b) in must_link {
        if let (Some(a), Some(b)) = (row(a), row(b)) {
            sets.join(a, b);
        }
    }
    let decided = (!must_link.is_empty()).then(|| sets.clone().roots());
    for cluster in request.clusters {
        let present: Vec<u32> = cluster.iter().filter_map(row).collect();
        present.windows(2).for_each(|pair| sets.join(pair[0], pair[1]));
    }
    let mut separations = Separations::default();
    for (a, b) in cannot_link {
        if let (Some(a), Some(b)) = (row(a), row(b)) {
            separations.insert(a, b);
        }
    }
    let unit = sets.roots();
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    for (row, unit) in unit.iter().enumerate().filter(|(row, unit)| *row as u32 != **unit) {
        members.entry(*unit).or_insert_with(|| vec![*unit]).push(row as u32);
    }
    Units { unit, decided, members, separations }
}

impl Units {
    /// Whether people said that two rows are one.
    fn are_decided(&self, a: u32, b: u32) -> bool {
        self.decided.as_ref().is_some_and(|sets| sets[a as usize] == sets[b as usize])
    }
}

/// Groups, and what of them the machine merges by itself.
///
/// Returns how many pairs lie inside the groups.
pub(super) fn group(
    request: &Request<'_>,
    scorer: &Scorer<'_>,
    links: Vec<Link>,
    outcome: &mut Outcome,
) -> u64 {
    let units = units(request);
    let thresholds = (request.thresholds.auto, request.thresholds.review);
    let review = request.thresholds.review;
    let components = cluster::components(&units.unit, &units.members, links, review);
    let state = || (Component::default(), Cache::new(), Vec::new());
    let places: Vec<usize> = (0..components.len()).collect();
    let found: Vec<(Findings, u64)> = places
        .par_chunks(TOGETHER)
        .map_init(state, |(component, cache, levels), places| {
            let (mut found, mut pairs) = (Findings::default(), 0);
            for place in places {
                component.complete(components.get(*place), &units.unit, |a, b| {
                    scorer.grade_into(a, b, cache, levels);
                    let weight = scorer.assess(levels, a, b).weight;
                    let grounds = Grounds::read(scorer.model, scorer.columns, levels, a, b);
                    (grounds.settled(weight), grounds)
                });
                let apart = &units.separations;
                if !units.members.is_empty() {
                    let decided = |a, b| units.are_decided(a, b);
                    let torn = component.torn(apart, request.thresholds, decided);
                    found.torn.extend(torn.into_iter().map(|places| {
                        let [record, rival] = [places.0, places.1]
                            .map(|place| request.columns.record(component.rows[place]));
                        Torn { record, rival }
                    }));
                }
                let groups = cluster::average_linkage(component, apart, review);
                let contest = Contest::among(component, apart, thresholds);
                for group in gathered(contest.as_ref(), groups) {
                    pairs += (group.len() * (group.len() - 1) / 2) as u64;
                    decide(
                        request,
                        scorer,
                        &group,
                        (component, apart, contest.as_ref()),
                        &mut found,
                    );
                }
            }
            (found, pairs)
        })
        .collect();
    let mut total = 0;
    for (found, pairs) in found {
        outcome.auto.extend(found.auto);
        outcome.proposals.extend(found.proposals);
        outcome.torn.extend(found.torn);
        total += pairs;
    }
    total
}

/// What one component comes to.
#[derive(Default)]
struct Findings {
    auto: Vec<AutoMerge>,
    proposals: Vec<Proposal>,
    torn: Vec<Torn>,
}

fn decide(
    request: &Request<'_>,
    scorer: &Scorer<'_>,
    group: &[usize],
    (component, separations, contest): (&Component, &Separations, Option<&Contest<'_>>),
    found: &mut Findings,
) {
    if group.iter().all(|place| component.units[*place] == component.units[group[0]]) {
        return;
    }
    let thresholds = (request.thresholds.auto, request.thresholds.review);
    let parts = earned(scorer.model, component, group, (separations, contest), thresholds);
    let records = |members: &[usize]| {
        let mut records: Vec<RecordId> =
            members.iter().map(|place| request.columns.record(component.rows[*place])).collect();
        records.sort_unstable();
        records
    };
    for part in parts.iter().filter(|part| part.units > 1) {
        found.auto.push(AutoMerge {
            records: records(&part.members),
            score: part.weakest.probability(),
            doubt: part.doubt.value(),
        });
    }
    if parts.len() < 2 {
        return;
    }
    let (mut best, mut weakest) = (Millibits(i32::MIN), Millibits(i32::MAX));
    let mut contradictions: BTreeSet<usize> = BTreeSet::new();
    for (at, left) in parts.iter().enumerate() {
        for right in &parts[at + 1..] {
            for a in &left.members {
                for b in &right.members {
                    let weight = component.weight(*a, *b);
                    best = best.max(weight);
                    weakest = weakest.min(weight);
                    let grounds = component.grounds(*a, *b);
                    for number in 0..scorer.model.comparisons.len() {
                        if grounds.contradicts(number) {
                            contradictions.insert(number);
                        }
                    }
                }
            }
        }
    }
    let fields = contradictions
        .into_iter()
        .flat_map(|number| scorer.model.comparisons[number].comparison.fields.clone())
        .collect();
    let records = records(group);
    let (score, weakest) = (best.probability(), weakest.probability());
    let doubt = doubt(component, &parts).value();
    found.proposals.push(Proposal { records, score, weakest, doubt, contradictions: fields });
}

/// Joins that are expected to be wrong if all parts became one: of the best links that hold them
/// together, one less than there are parts.
fn doubt(component: &Component, parts: &[Earned]) -> Chance {
    let best = |left: &Earned, right: &Earned| {
        let others = |a: &usize| right.members.iter().map(|b| component.weight(*a, *b)).max();
        left.members.iter().filter_map(others).max()
    };
    let mut doubt = Chance::default();
    let mut apart: Vec<&Earned> = parts.iter().collect();
    let mut joined: Vec<&Earned> = apart.pop().into_iter().collect();
    while !apart.is_empty() {
        let links = apart.iter().enumerate().filter_map(|(at, part)| {
            Some((joined.iter().filter_map(|own| best(own, part)).max()?, at))
        });
        let Some((weight, at)) = links.max() else { break };
        doubt += weight.doubt();
        joined.push(apart.swap_remove(at));
    }
    doubt
}
