//! Which joins belong together: by what is known of them before anybody answers.
//!
//! Few strata with many joins each need the fewest answers, because each needs about as many whatever its
//! size; strata that are alike within need fewer, because the bad ones do not spoil the good. So:
//!
//! - a pattern of levels that many joins show stands by itself ([`LARGE`]): it is what a person can
//!   name ("name, e-mail, telephone and street agree");
//! - all others are pooled by weight, in steps of two bits from above, each pool as large as it takes
//!   ([`POOLED`]);
//! - what speaks for two people stands apart, whatever its weight.
//!
//! Weights are those of the recorded model of a run: answers given since cannot move a join from one
//! stratum to another.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::Kind;
use domain::grants::{Census, Cut, Maker, Stratum};

use super::joins::OpenJoin;

/// A pattern of so many joins stands by itself.
const LARGE: usize = 400;
/// A pool of joins by weight takes in the next step below until it has so many.
const POOLED: usize = 300;
/// Steps of weight, in thousandths of a bit.
const STEP: i32 = 2_000;
/// From here on all joins are of one step: sure.
const HIGHEST: i32 = 10_000;

/// Joins of one stratum.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    /// What they have in common.
    pub stratum: Stratum,
    /// The joins.
    pub joins: Vec<OpenJoin>,
}

/// How many strata a class of joins may come to: patterns, and pools.
struct Most {
    patterns: usize,
    pools: usize,
}

/// All joins that may be granted, in at most 14 strata for each kind of record, 2 where the rules made
/// them. The order of `joins` does not matter, and what nobody ever grants is left out.
#[must_use]
pub fn pool(maker: Maker, joins: Vec<OpenJoin>) -> Vec<Pooled> {
    let mut classes: BTreeMap<(Kind, bool), Vec<OpenJoin>> = BTreeMap::new();
    for join in joins.into_iter().filter(|join| join.barred.is_none()) {
        classes.entry((join.kind, join.two_people)).or_default().push(join);
    }
    let mut strata = Vec::new();
    for ((kind, two_people), joins) in classes {
        let most = match (maker, two_people) {
            (Maker::Nobody, false) => Most { patterns: 8, pools: 4 },
            _ => Most { patterns: 0, pools: 2 },
        };
        let stratum = |cut| Stratum { kind, maker, two_people, cut };
        for (cut, joins) in cut(joins, &most) {
            strata.push(Pooled { stratum: stratum(cut), joins });
        }
    }
    strata
}

fn cut(joins: Vec<OpenJoin>, most: &Most) -> Vec<(Cut, Vec<OpenJoin>)> {
    let mut patterns: BTreeMap<Vec<u8>, Vec<OpenJoin>> = BTreeMap::new();
    for join in joins {
        patterns.entry(join.levels.clone()).or_default().push(join);
    }
    let mut patterns: Vec<(Vec<u8>, Vec<OpenJoin>)> = patterns.into_iter().collect();
    patterns.sort_by(|a, b| (Reverse(a.1.len()), &a.0).cmp(&(Reverse(b.1.len()), &b.0)));
    let large = patterns.iter().take(most.patterns).take_while(|it| it.1.len() >= LARGE).count();
    let others = patterns.split_off(large);
    let mut cuts: Vec<(Cut, Vec<OpenJoin>)> =
        patterns.into_iter().map(|(levels, joins)| (Cut::Pattern(levels), joins)).collect();
    cuts.extend(by_weight(others.into_iter().flat_map(|(_, joins)| joins), most.pools));
    cuts
}

fn by_weight(joins: impl Iterator<Item = OpenJoin>, most: usize) -> Vec<(Cut, Vec<OpenJoin>)> {
    let mut steps: BTreeMap<i32, Vec<OpenJoin>> = BTreeMap::new();
    for join in joins {
        steps.entry(join.weight.min(HIGHEST).div_euclid(STEP)).or_default().push(join);
    }
    let mut pools: Vec<(Cut, Vec<OpenJoin>)> = Vec::new();
    let mut below = None;
    let mut pool = Vec::new();
    let lowest = steps.keys().next().copied();
    for (step, joins) in steps.into_iter().rev() {
        pool.extend(joins);
        let is_last = Some(step) == lowest;
        if is_last || (pool.len() >= POOLED && pools.len() + 1 < most) {
            let from = step * STEP;
            pools.push((Cut::Weights { from, below }, std::mem::take(&mut pool)));
            below = Some(from);
        }
    }
    pools
}

/// The joins of a later run that the grant of a census makes, as its checks. Levels and weights must be
/// those under the model of *that census*: under another one they mean something else.
#[must_use]
pub fn under(granted: &Census, joins: Vec<OpenJoin>) -> Pooled {
    let maker = Maker::Grant(granted.id);
    let stratum = Stratum { maker, ..granted.stratum.clone() };
    let is_under = |join: &OpenJoin| {
        let OpenJoin { kind, two_people, levels, weight, barred, .. } = join;
        barred.is_none() && stratum.holds(*kind, *two_people, levels, *weight)
    };
    let joins = joins.into_iter().filter(is_under).collect();
    Pooled { stratum, joins }
}

#[cfg(test)]
mod tests {
    use domain::{CensusId, RecordId};

    use super::super::joins::Barred;
    use super::super::testing::census;
    use super::*;

    fn joins(from: u32, count: u32, levels: &[u8], weight: i32) -> Vec<OpenJoin> {
        let join = |at| OpenJoin {
            left: vec![RecordId(2 * at)],
            right: vec![RecordId(2 * at + 1)],
            kind: Kind::Person,
            levels: levels.to_vec(),
            weight,
            two_people: false,
            barred: None,
        };
        (from..from + count).map(join).collect()
    }

    fn told(strata: &[Pooled]) -> Vec<(Cut, usize)> {
        strata.iter().map(|it| (it.stratum.cut.clone(), it.joins.len())).collect()
    }

    #[test]
    fn large_patterns_stand_alone_and_the_rest_is_pooled_from_above() {
        let mut all = joins(0, 500, &[1, 1], 3000);
        all.extend(joins(1000, 200, &[1, 2], 14_000));
        all.extend(joins(2000, 150, &[2, 2], 7000));
        all.extend(joins(3000, 120, &[2, 3], 1999));
        let weights = |from, below| Cut::Weights { from, below };
        let expected = [
            (Cut::Pattern(vec![1, 1]), 500),
            (weights(6000, None), 350),
            (weights(0, Some(6000)), 120),
        ];
        assert_eq!(told(&pool(Maker::Nobody, all.clone())), expected);
        all.reverse();
        assert_eq!(told(&pool(Maker::Nobody, all)), expected);
    }

    #[test]
    fn strata_stay_few() {
        let mut all = Vec::new();
        for pattern in 0..40_u8 {
            let (from, weight) = (u32::from(pattern) * 1000, i32::from(pattern) * 500);
            all.extend(joins(from, 450 + u32::from(pattern), &[pattern], weight));
        }
        let strata = pool(Maker::Nobody, all.clone());
        assert_eq!(strata.len(), 12);
        assert_eq!(strata.iter().map(|it| it.joins.len()).sum::<usize>(), all.len());
        for Pooled { stratum, joins } in &strata {
            let held = |it: &OpenJoin| stratum.holds(it.kind, it.two_people, &it.levels, it.weight);
            assert!(joins.iter().all(held));
        }
        assert_eq!(pool(Maker::Rules, all).len(), 2);
    }

    #[test]
    fn doubt_stands_apart_and_what_is_barred_nowhere() {
        let mut all = joins(0, 500, &[1], 9000);
        all[..30].iter_mut().for_each(|join| join.two_people = true);
        all[30].barred = Some(Barred::Contradiction);
        all[31].barred = Some(Barred::Decision);
        all[32].kind = Kind::Organisation;
        let strata = pool(Maker::Nobody, all);
        let told: Vec<_> = strata
            .iter()
            .map(|it| (it.stratum.kind, it.stratum.two_people, it.joins.len()))
            .collect();
        let expected =
            [(Kind::Person, false, 467), (Kind::Person, true, 30), (Kind::Organisation, false, 1)];
        assert_eq!(told, expected);
    }

    #[test]
    fn joins_of_later_runs_are_under_a_grant_by_its_own_cut() {
        let granted = census(100, 0.01);
        let mut later = joins(0, 10, &[1], 100);
        later[0].weight = -1;
        later[1].barred = Some(Barred::Contradiction);
        later[2].two_people = true;
        let under = under(&granted, later);
        assert_eq!(under.stratum.maker, Maker::Grant(CensusId(1)));
        assert_eq!(under.joins.len(), 7);
    }
}
