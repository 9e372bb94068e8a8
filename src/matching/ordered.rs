//! More agreement never weighs less, before anybody has said anything.
//!
//! What a level is worth is learned from how many pairs show it, and levels that few pairs show are
//! learned badly: an address with a slip in its domain, which no unrelated records happened to share,
//! came to weigh more than the same address, which some did. Where a level agrees more than another
//! (`ComparisonSpec::agrees_more`), its chance in any class beside the match, divided by its chance
//! among matches, must be at most the other's. Then no mixture of these classes, whatever else a pair
//! is like, makes it weigh less.
//!
//! With the chances among matches as they are, the most likely chances that keep such an order are
//! those of pooled levels: levels that break it share what they have of the class in proportion to
//! their matches (Dykstra, Kochar and Robertson, "Inference for Likelihood Ratio Ordering in the
//! Two-Sample Problem", 1995). Which levels are pooled is found level by level from the best, with
//! the worst breach first (Burdakov, Sysoev, Grimvall and Hussian, "An O(n²) Algorithm for Isotonic
//! Regression", 2006), which also serves where some levels are in no order, as parts of names are.
//! What a class has in all stays the same.

use super::compare::{Level, Subject};

/// Levels that share one ratio, numbered from 0.
struct Pool {
    levels: Vec<usize>,
    matches: f64,
    others: f64,
}

impl Pool {
    fn ratio(&self) -> f64 {
        self.others / self.matches
    }

    /// Whether the order wants this pool's ratio to be at most another's, and it is more.
    fn exceeds(&self, other: &Self, subject: Subject) -> bool {
        let is_better =
            |level: &usize| other.levels.iter().any(|it| agrees_more(subject, *level, *it));
        self.ratio() > other.ratio() && self.levels.iter().any(is_better)
    }

    fn take(&mut self, other: Self) {
        self.levels.extend(other.levels);
        self.matches += other.matches;
        self.others += other.others;
    }
}

/// Whether the first of two levels, counted from 0, agrees more than the second, on the same values.
pub(crate) fn agrees_more(subject: Subject, better: usize, worse: usize) -> bool {
    let levels: &[Level] = subject.levels();
    levels[better].stratum == levels[worse].stratum
        && (subject.agrees_more)(better as u8, worse as u8)
}

/// Holds the chances of a comparison's levels to the order of the levels. Those among matches are
/// left as they are.
pub(crate) fn hold(subject: Subject, chances: &mut [[f64; 4]]) {
    for class in 1..4 {
        let told: Vec<[f64; 4]> =
            chances.iter().enumerate().map(|(at, own)| subject.telling(at, *own)).collect();
        for pool in pools(subject, &told, class).iter().filter(|pool| pool.levels.len() > 1) {
            for level in &pool.levels {
                chances[*level][class] = told[*level][0] * pool.ratio();
            }
        }
    }
}

fn pools(subject: Subject, chances: &[[f64; 4]], class: usize) -> Vec<Pool> {
    let mut pools: Vec<Pool> = Vec::new();
    // Tables name levels from the best to the worst, so that none comes before a better one.
    for (level, own) in chances.iter().enumerate().filter(|(_, own)| own[0] > 0.0) {
        let mut pool = Pool { levels: vec![level], matches: own[0], others: own[class] };
        loop {
            let breaches = (0..pools.len()).filter(|at| pools[*at].exceeds(&pool, subject));
            let worst = breaches.max_by(|a, b| pools[*a].ratio().total_cmp(&pools[*b].ratio()));
            let Some(worst) = worst else { break };
            pool.take(pools.swap_remove(worst));
        }
        pools.push(pool);
    }
    pools
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::compare::{TABLE, comparisons};
    use super::super::estimate::{Evidence, Matches, estimate, refine};
    use super::super::hash::mix;
    use super::super::layout::Layout;
    use super::super::model::KindModel;
    use super::super::portrait::Kind;
    use super::super::score::level_weights;
    use super::super::weight::{Chance, Sizes};
    use super::*;

    fn of(key: &str) -> Subject {
        Subject::of(TABLE.into_iter().find(|spec| spec.key == key).unwrap())
    }

    /// log2 of how much a level speaks for a match, against a class.
    fn bits(chances: [f64; 4], class: usize) -> f64 {
        (chances[0] / chances[class]).log2()
    }

    #[test]
    fn what_was_never_seen_among_unrelated_records_weighs_no_more_than_what_agrees_more() {
        // One pair in five thousand shares an address; none was seen with a slip in its domain.
        let mut chances = [
            [0.80, 0.0, 0.0, 2e-4],
            [0.02, 0.0, 0.0, 1e-8],
            [0.05, 0.0, 0.0, 4e-5],
            [0.01, 0.0, 0.0, 1e-5],
            [0.01, 0.0, 0.0, 1e-4],
            [0.01, 0.0, 0.0, 1e-4],
            [0.10, 0.0, 0.0, 0.9996499],
        ];
        let before = chances;
        assert!(bits(before[1], 3) > bits(before[0], 3) + 8.0);
        hold(of("email"), &mut chances);
        let pooled = (0.82_f64 / (2e-4 + 1e-8)).log2();
        assert!((bits(chances[0], 3) - pooled).abs() < 1e-9);
        assert!((bits(chances[1], 3) - pooled).abs() < 1e-9);
        assert_eq!(chances[2..], before[2..], "what keeps the order is left as it is");
        let all = |chances: &[[f64; 4]]| chances.iter().map(|own| own[3]).sum::<f64>();
        assert!((all(&chances) - all(&before)).abs() < 1e-12);
        assert!(chances.iter().zip(before).all(|(held, before)| held[0] == before[0]));
    }

    /// Breaches of the order, in whatever class; a rounding error is none.
    fn breaches(subject: Subject, weights: &[Sizes]) -> Vec<(usize, usize, usize)> {
        let mut breaches = Vec::new();
        for better in 0..weights.len() {
            for worse in (0..weights.len()).filter(|worse| agrees_more(subject, better, *worse)) {
                let against =
                    |level: usize, class: usize| weights[level][0] - weights[level][class];
                let less = |class: &usize| against(better, *class).0 < against(worse, *class).0 - 2;
                breaches.extend((1..4).filter(less).map(|class| (better, worse, class)));
            }
        }
        breaches
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Whatever pairs there are, learned from patterns and refined.
        #[test]
        fn more_agreement_never_weighs_less(
            seed in any::<u64>(),
            is_person in any::<bool>(),
            records in 3.0_f64..1e6,
            households in any::<bool>(),
            shape in 1_u64..12,
        ) {
            let kind = if is_person { Kind::Person } else { Kind::Organisation };
            let layout = Layout::new(&super::super::tests::settings());
            let comparisons = comparisons(&layout, kind);
            let draw = |place: u64, most: u64| mix(seed, place) % most.max(1);
            let pattern = |at: u64| -> Vec<u8> {
                let level = |(number, it): (usize, &super::super::compare::Comparison)| {
                    let levels = it.subject.levels().len() as u64;
                    let most = 1 + draw(77_000 + number as u64 * 31 + at % shape, levels + 1);
                    draw(at * 97 + number as u64, most) as u8
                };
                comparisons.iter().enumerate().map(level).collect()
            };
            let patterns: Vec<(Vec<u8>, f64)> =
                (0..60).map(|at| (pattern(at), (1 << draw(at + 500_000, 18)) as f64)).collect();
            let none: Vec<Vec<f64>> =
                comparisons.iter().map(|it| vec![0.0; it.subject.levels().len()]).collect();
            let learned = estimate(&comparisons, &Evidence {
                patterns: patterns.iter().map(|(levels, count)| (&levels[..], *count)).collect(),
                outside: records * records / 4.0,
                drawn: 40_000.0,
                seen: &none,
                counted: &[],
                records,
                households,
            });
            let mut model = KindModel {
                kind,
                records: records as u64,
                every_pair: false,
                households,
                rules: Vec::new(),
                expected: learned.expected,
                comparisons: learned.comparisons,
                frequencies: Vec::new(),
                learned: None,
                holds_slips: true,
                sure: 0,
            };
            for is_refined in [false, true] {
                if is_refined {
                    let mut matches = Matches::none(&model);
                    for (levels, _) in &patterns {
                        matches.count(levels, Chance::of(draw(levels.len() as u64, 100) as f64 / 100.0));
                    }
                    refine(&mut model, &matches);
                }
                for (own, weights) in model.comparisons.iter().zip(level_weights(&model)) {
                    let found = breaches(own.comparison.subject, &weights);
                    prop_assert!(found.is_empty(), "{} {found:?}", own.comparison.name);
                }
            }
        }
    }

    #[test]
    fn without_any_pair_the_beliefs_keep_the_order_too() {
        for spec in TABLE {
            let subject = Subject::of(spec);
            let mut chances: Vec<[f64; 4]> =
                subject.levels().iter().map(|level| level.chances).collect();
            hold(subject, &mut chances);
            for better in 0..chances.len() {
                for worse in 0..chances.len() {
                    let less =
                        |class| bits(chances[better], class) < bits(chances[worse], class) - 1e-9;
                    let is_broken = (1..4).any(less);
                    assert!(
                        !is_broken || !agrees_more(subject, better, worse),
                        "{} {better} {worse}",
                        spec.key
                    );
                }
            }
        }
        assert!(!agrees_more(of("place"), 0, 7), "a postal code and a town are not compared");
    }
}
