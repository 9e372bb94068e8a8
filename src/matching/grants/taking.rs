//! Freezing what is open: a census of each stratum, and the part of the risk that each has.
//!
//! The risk of a workspace's whole life is shared out twice. The `n`th time that censuses are taken has
//! one part in `n (n + 1)` of it (half, a sixth, a twelfth, …: together all of it), whatever became of
//! those before: a census that was given up has spent its part, or one could try until one is
//! lucky. Within one time each stratum has as much as its share of the joins: a larger one can spare
//! more answers.

use domain::grants::{Autonomy, Census, Maker, Seed};
use domain::{CensusId, Fingerprint, MatchRunId, Sequence};

use super::strata::Pooled;
use domain::grants::Stratum;

/// A stratum of fewer joins has no bound worth a name.
pub const LEAST_JOINS: u64 = 20;
/// A run's joins under a grant are watched; only so many of them may hope for a bound of their own.
const LEAST_CHECKED: u64 = 200;

/// When, under which model and by which order censuses are taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taking {
    /// How many times censuses with a part of the risk were taken before: the largest
    /// [`Census::taking`] there is.
    pub before: u32,
    /// The id of the first census.
    pub first: CensusId,
    /// The run whose model gave the joins levels and weights.
    pub model: MatchRunId,
    /// The last commit it knows of.
    pub read_up_to: Sequence,
    /// 32 random bytes, drawn now.
    pub seed: Seed,
    /// What is promised.
    pub promise: Autonomy,
}

/// Censuses that were taken.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taken {
    /// One for each stratum, in their order.
    pub censuses: Vec<Census>,
    /// Strata of too few joins, and how many they have: they stay with people.
    pub too_small: Vec<(Stratum, u64)>,
}

/// Takes a census of each of these strata. None of them may have one that is still open: what has come
/// since waits for the next.
#[must_use]
pub fn take(taking: &Taking, strata: Vec<Pooled>) -> Taken {
    let count = |pooled: &Pooled| pooled.joins.len() as u64;
    let has_risk = |pooled: &Pooled| match pooled.stratum.maker {
        Maker::Grant(_) => count(pooled) >= LEAST_CHECKED,
        Maker::Nobody | Maker::Rules => count(pooled) >= LEAST_JOINS,
    };
    let all: u64 = strata.iter().filter(|it| has_risk(it)).map(count).sum();
    let time = f64::from(taking.before) + 1.0;
    let risk = taking.promise.risk() / (time * (time + 1.0));
    let mut taken = Taken::default();
    for pooled in strata {
        let has_risk = has_risk(&pooled);
        let joins = count(&pooled);
        if joins == 0 || (!has_risk && !matches!(pooled.stratum.maker, Maker::Grant(_))) {
            taken.too_small.push((pooled.stratum, joins));
            continue;
        }
        taken.censuses.push(Census {
            id: CensusId(taking.first.0 + taken.censuses.len() as u32),
            taking: if has_risk { taking.before + 1 } else { 0 },
            stratum: pooled.stratum,
            model: taking.model,
            read_up_to: taking.read_up_to,
            seed: taking.seed,
            risk: if has_risk { risk * joins as f64 / all as f64 } else { 0.0 },
            joins: in_order(&taking.seed, &pooled.joins),
        });
    }
    taken
}

fn in_order(seed: &Seed, joins: &[super::OpenJoin]) -> Vec<Fingerprint> {
    let mut order: Vec<Fingerprint> =
        joins.iter().map(|join| seed.join(&join.left, &join.right)).collect();
    order.sort_unstable();
    order
}

#[cfg(test)]
mod tests {
    use domain::{Kind, RecordId};

    use super::super::OpenJoin;
    use super::super::testing::stratum;
    use super::*;

    fn pooled(maker: Maker, joins: u32) -> Pooled {
        let join = |at: u32| OpenJoin {
            left: vec![RecordId(2 * at)],
            right: vec![RecordId(2 * at + 1)],
            kind: Kind::Person,
            levels: vec![1],
            weight: 0,
            two_people: false,
            barred: None,
        };
        Pooled { stratum: stratum(maker), joins: (0..joins).map(join).collect() }
    }

    fn taking(before: u32) -> Taking {
        Taking {
            before,
            first: CensusId(3),
            model: MatchRunId(2),
            read_up_to: Sequence(40),
            seed: Seed([9; 32]),
            promise: Autonomy::default(),
        }
    }

    #[test]
    fn all_there_ever_is_taken_has_no_more_than_the_risk() {
        let strata = || vec![pooled(Maker::Nobody, 300), pooled(Maker::Rules, 100)];
        let risks = (0..500).map(|before| {
            let taken = take(&taking(before), strata());
            assert!(taken.censuses.iter().all(|it| it.taking == before + 1));
            let [larger, smaller] = [0, 1].map(|at: usize| taken.censuses[at].risk);
            assert!((larger / smaller - 3.0).abs() < 1e-9, "in proportion to the joins");
            larger + smaller
        });
        let risks: Vec<f64> = risks.collect();
        assert!((risks[0] - 0.025).abs() < 1e-12 && (risks[1] - 0.05 / 6.0).abs() < 1e-12);
        let all: f64 = risks.iter().sum();
        assert!(all < 0.05 && all > 0.0498, "{all}");
    }

    #[test]
    fn a_few_tasks_have_no_bound_and_no_part_of_the_risk() {
        let strata = vec![
            pooled(Maker::Nobody, 19),
            pooled(Maker::Nobody, 20),
            pooled(Maker::Grant(CensusId(1)), 30),
            pooled(Maker::Grant(CensusId(2)), 0),
        ];
        let taken = take(&taking(0), strata);
        let small: Vec<u64> = taken.too_small.iter().map(|(_, joins)| *joins).collect();
        assert_eq!(small, [19, 0]);
        let told: Vec<_> = taken.censuses.iter().map(|it| (it.id.0, it.taking, it.risk)).collect();
        assert_eq!(told, [(3, 1, 0.025), (4, 0, 0.0)], "checks are watched, not bounded");
    }

    #[test]
    fn the_order_is_of_the_seed_and_of_no_order_before() {
        let mut strata = pooled(Maker::Nobody, 50);
        let one = take(&taking(0), vec![strata.clone()]);
        strata.joins.reverse();
        assert_eq!(take(&taking(0), vec![strata.clone()]), one);
        assert!(one.censuses[0].joins.is_sorted());
        let other = Taking { seed: Seed([8; 32]), ..taking(0) };
        assert_ne!(take(&other, vec![strata]).censuses[0].joins, one.censuses[0].joins);
    }
}
