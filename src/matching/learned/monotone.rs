//! More agreement never comes to weigh less.
//!
//! Some levels of a comparison agree more than others (`ComparisonSpec::agrees_more`). Where such a
//! level weighed at least as much as the lesser one, whatever others a pair is like, it must do so
//! afterwards. How much more it surely weighs is the least over the classes, since a weight mixes
//! them; the correction of the better level may fall under that of the worse by that much and no
//! more. Corrections that break this are moved half-way towards each other, which changes the most
//! changed one least; levels no label shows follow those that labels show. How common a value is
//! stays out of it: agreement on what everybody has is worth little by itself already.

use super::super::compare::Subject;
use super::super::ordered::agrees_more;
use super::super::weight::{Millibits, Sizes};

/// By how much the correction of one level may fall under another's; nothing between levels of
/// which neither agrees more.
struct Leeway {
    levels: usize,
    between: Vec<Option<i64>>,
}

impl Leeway {
    fn new(weights: &[Sizes], subject: Subject, slope: i32) -> Self {
        let levels = weights.len();
        let mut between = vec![None; levels * levels];
        for better in 0..levels {
            for worse in 0..levels {
                if agrees_more(subject, better, worse) {
                    let surely = surplus(&weights[better], &weights[worse]);
                    // Rounded down: two weights rounded apart may come nearer by a thousandth.
                    let kept = (surely * (1000 + i64::from(slope))).div_euclid(1000);
                    between[better * levels + worse] = Some(kept);
                }
            }
        }
        // By way of a level in between there may be less.
        for middle in 0..levels {
            for better in 0..levels {
                for worse in 0..levels {
                    let (first, then) =
                        (between[better * levels + middle], between[middle * levels + worse]);
                    if let Some((first, then)) = first.zip(then) {
                        let own = &mut between[better * levels + worse];
                        *own = Some(own.map_or(first + then, |own| own.min(first + then)));
                    }
                }
            }
        }
        Self { levels, between }
    }

    fn of(&self, better: usize, worse: usize) -> Option<i64> {
        self.between[better * self.levels + worse]
    }

    /// The most that the levels which agree less demand of one.
    fn least(&self, level: usize, known: &[Option<i64>]) -> Option<i64> {
        let demands = known.iter().enumerate();
        demands.filter_map(|(worse, own)| Some((*own)? - self.of(level, worse)?)).max()
    }

    /// The least that the levels which agree more allow one.
    fn most(&self, level: usize, known: &[Option<i64>]) -> Option<i64> {
        let allowed = known.iter().enumerate();
        allowed.filter_map(|(better, own)| Some((*own)? + self.of(better, level)?)).min()
    }
}

/// How much more a level surely weighs than another, in thousandths; 0 where it may weigh less.
fn surplus(better: &Sizes, worse: &Sizes) -> i64 {
    let against = |sizes: &Sizes, class: usize| i64::from((sizes[0] - sizes[class]).0);
    let least = (1..4).map(|class| against(better, class) - against(worse, class)).min();
    least.unwrap_or(0).max(0)
}

/// Holds the corrections of a comparison's levels to that order. `weights` are the levels' own;
/// `is_shown` tells whether any label shows a level, counted from 0.
pub(super) fn hold(
    corrections: &mut [Millibits],
    weights: &[Sizes],
    subject: Subject,
    slope: i32,
    is_shown: impl Fn(usize) -> bool,
) {
    let leeway = Leeway::new(weights, subject, slope);
    let shown = corrections.iter().enumerate();
    let shown: Vec<Option<i64>> =
        shown.map(|(level, own)| is_shown(level).then_some(i64::from(own.0))).collect();
    let mut held: Vec<Option<i64>> = shown
        .iter()
        .enumerate()
        .map(|(level, own)| {
            let raised = (*own)?.max(leeway.least(level, &shown).unwrap_or(i64::MIN));
            let lowered = (*own)?.min(leeway.most(level, &shown).unwrap_or(i64::MAX));
            Some((raised + lowered).div_euclid(2))
        })
        .collect();
    for level in 0..corrections.len() {
        if held[level].is_none() {
            let least = leeway.least(level, &held).unwrap_or(i64::MIN);
            let most = leeway.most(level, &held).unwrap_or(i64::MAX);
            held[level] = Some(i64::from(corrections[level].0).max(least).min(most));
        }
    }
    for (own, held) in corrections.iter_mut().zip(held) {
        *own = Millibits(held.unwrap_or_default() as i32);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::compare::TABLE;
    use super::super::super::weight::{add, match_weight};
    use super::*;

    fn sizes(own: [i32; 4]) -> Sizes {
        own.map(Millibits)
    }

    #[test]
    fn what_keeps_the_order_is_left_as_it_is() {
        let birth = Subject::of(TABLE[2]);
        let weights: Vec<Sizes> = (0..6).map(|it| sizes([-it * 2000, 0, 0, 0])).collect();
        let mut corrections = [-1500, 500, 0, 300, -200, 0].map(Millibits);
        let before = corrections;
        hold(&mut corrections, &weights, birth, 0, |_| true);
        assert_eq!(corrections, before, "each is worth two bits more than the next");
        // Under a slope of -1 nothing but the corrections is left to tell levels apart.
        hold(&mut corrections, &weights, birth, -1000, |_| true);
        assert!(corrections.is_sorted_by(|better, worse| better >= worse), "{corrections:?}");
    }

    #[test]
    fn levels_no_label_shows_follow_those_that_labels_show() {
        let birth = Subject::of(TABLE[2]);
        let weights = vec![sizes([0; 4]); 6];
        let mut corrections = [0, 0, -900, 0, 0, 0].map(Millibits);
        hold(&mut corrections, &weights, birth, 0, |level| level == 2);
        assert_eq!(corrections, [0, 0, -900, -900, -900, -900].map(Millibits));
    }

    proptest! {
        #[test]
        fn more_agreement_never_comes_to_weigh_less(
            number in 0_usize..10,
            seed in any::<u64>(),
            slope in -1000_i32..2000,
            rest in prop::array::uniform4(-20_000_i32..20_000),
        ) {
            let subject = Subject::of(TABLE[number]);
            let count = subject.levels().len();
            let draw = |place: u64, most: u64| {
                let drawn = crate::hash::mix(seed, place) % (2 * most);
                drawn as i32 - most as i32
            };
            let weights: Vec<Sizes> = (0..count as u64)
                .map(|level| sizes(std::array::from_fn(|it| draw(level * 4 + it as u64, 9_000))))
                .collect();
            let mut corrections: Vec<Millibits> =
                (0..count as u64).map(|it| Millibits(draw(9_999 + it, 4_000))).collect();
            hold(&mut corrections, &weights, subject, slope, |it| draw(it as u64, 9) > 0);
            let weight = |level: usize| {
                let mut sum = sizes(rest);
                add(&mut sum, weights[level]);
                match_weight(&sum)
            };
            let after =
                |level: usize| weight(level).thousandths(1000 + slope) + corrections[level];
            for better in 0..count {
                for worse in 0..count {
                    // What the classes' sum rounds may hide a thousandth or two.
                    if agrees_more(subject, better, worse)
                        && surplus(&weights[better], &weights[worse]) > 0
                    {
                        prop_assert!(
                            after(better).0 >= after(worse).0 - 6,
                            "{} {better} {worse}", subject.key
                        );
                    }
                }
            }
        }
    }
}
