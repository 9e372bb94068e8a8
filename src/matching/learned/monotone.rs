//! More agreement never comes to weigh less.
//!
//! Some levels of a comparison agree more than others (`ComparisonSpec::agrees_more`). Where such a
//! level weighed at least as much as the lesser one, whatever others a pair is like, it must do so
//! afterwards. How much more it surely weighs is the least over the classes, since a weight mixes
//! them; the correction of the better level may fall under that of the worse by that much and no
//! more. Corrections that break this are moved half-way towards each other, which changes the most
//! changed one least; levels no label shows follow those that labels show. How common a value is
//! stays out of it: agreement on what everybody has is worth little by itself already.
//!
//! A value that is missing has no level and is never corrected. What agrees on a value may not fall
//! under it, nor what differs rise above it: of how common the value may be, the commonest is taken
//! there. Since the least is taken over the classes, this holds whatever else a pair agrees in, as
//! people of one home agree in telephone, street and place for one reason. Where only a part of what
//! is compared is missing, `ComparisonSpec::agrees_in_more` says which level has more.

use super::super::compare::{Agreement, Subject};
use super::super::ordered::agrees_more;
use super::super::weight::{Millibits, Sizes};

/// What levels weigh, and by how much the commonest of the values they agree on weighs less.
pub(super) struct Weights<'a> {
    pub(super) own: &'a [Sizes],
    pub(super) commonest: Vec<Sizes>,
}

/// How a level stands to a value that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// It agrees more, surely by so much.
    More(i64),
    /// It agrees less, surely by so much.
    Less(i64),
    /// Neither, as names that are alike.
    Neither,
}

impl Weights<'_> {
    /// A level beside a missing value.
    fn beside_missing(&self, subject: Subject, level: usize) -> Beside {
        let others = || (0..self.own.len()).filter(|it| *it != level);
        let is_best = !others().any(|it| agrees_more(subject, it, level));
        let is_worst = !others().any(|it| agrees_more(subject, level, it));
        let against = |class| self.against(level, class);
        let least = (1..4).map(against).min().unwrap_or(0);
        let most = (1..4).map(against).max().unwrap_or(0);
        let agrees = is_best && (subject.agrees)(level as u8) != Agreement::Nothing;
        if agrees || least >= 0 && most > 0 && (is_best || !is_worst) {
            let surely = (1..4).map(|class| self.of_commonest(subject, level, class)).min();
            Beside::More(surely.unwrap_or(0).max(0))
        } else if is_worst && !is_best || most <= 0 {
            Beside::Less((-most).max(0))
        } else {
            Beside::Neither
        }
    }

    /// How much a level speaks for a match against a class.
    fn against(&self, level: usize, class: usize) -> i64 {
        i64::from((self.own[level][0] - self.own[level][class]).0)
    }

    /// The same where the values are the commonest. What is a slip apart from a value weighs no more than
    /// the value (`nearly`).
    fn of_commonest(&self, subject: Subject, level: usize, class: usize) -> i64 {
        let of = |level: usize| {
            self.against(level, class) - i64::from(self.commonest[level][class].0.max(0))
        };
        let is_value = |it: usize| matches!((subject.agrees)(it as u8), Agreement::On { .. });
        let above = (0..level).rev().filter(|it| agrees_more(subject, *it, level));
        let above = above.filter(|it| is_value(*it)).map(of).min();
        above.map_or(of(level), |above| above.min(of(level)))
    }
}

/// By how much the correction of one level may fall under another's; nothing between levels of
/// which neither agrees more. Behind the levels stands the missing value.
struct Leeway {
    levels: usize,
    between: Vec<Option<i64>>,
}

impl Leeway {
    fn new(weights: &Weights<'_>, subject: Subject, slope: i32) -> Self {
        let missing = weights.own.len();
        let levels = missing + 1;
        let mut between = vec![None; levels * levels];
        // Rounded down: two weights rounded apart may come nearer by a thousandth.
        let kept = |surely: i64| (surely * (1000 + i64::from(slope))).div_euclid(1000);
        for better in 0..missing {
            match weights.beside_missing(subject, better) {
                Beside::More(surely) => between[better * levels + missing] = Some(kept(surely)),
                Beside::Less(surely) => between[missing * levels + better] = Some(kept(surely)),
                Beside::Neither => {}
            }
            for worse in 0..missing {
                if agrees_more(subject, better, worse) {
                    let surely = surplus(&weights.own[better], &weights.own[worse]);
                    between[better * levels + worse] = Some(kept(surely));
                } else if (subject.agrees_in_more)(better as u8, worse as u8) {
                    between[better * levels + worse] = Some(0);
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

/// Holds the corrections of a comparison's levels to that order. `is_shown` tells whether any label shows
/// a level, counted from 0.
pub(super) fn hold(
    corrections: &mut [Millibits],
    weights: &Weights<'_>,
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
    let missing = corrections.len();
    for (level, (own, held)) in corrections.iter_mut().zip(held).enumerate() {
        let least = leeway.of(level, missing).map_or(i64::MIN, |it| -it);
        let most = leeway.of(missing, level).unwrap_or(i64::MAX);
        *own = Millibits(held.unwrap_or_default().max(least).min(most) as i32);
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

    fn plain(own: &[Sizes]) -> Weights<'_> {
        Weights { own, commonest: vec![Sizes::default(); own.len()] }
    }

    #[test]
    fn what_keeps_the_order_is_left_as_it_is() {
        let birth = Subject::of(TABLE[2]);
        let weights: Vec<Sizes> = (0..6).map(|it| sizes([6000 - it * 2000, 0, 0, 0])).collect();
        let mut corrections = [-1500, 500, 0, -300, -200, 0].map(Millibits);
        let before = corrections;
        hold(&mut corrections, &plain(&weights), birth, 0, |_| true);
        assert_eq!(corrections, before, "each is worth two bits more than the next");
        // Under a slope of -1 nothing but the corrections is left to tell levels apart.
        hold(&mut corrections, &plain(&weights), birth, -1000, |_| true);
        assert!(corrections.is_sorted_by(|better, worse| better >= worse), "{corrections:?}");
    }

    #[test]
    fn levels_no_label_shows_follow_those_that_labels_show() {
        let birth = Subject::of(TABLE[2]);
        let weights = vec![sizes([0; 4]); 6];
        let mut corrections = [0, 0, -900, 0, 0, 0].map(Millibits);
        hold(&mut corrections, &plain(&weights), birth, 0, |level| level == 2);
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
            // What the commonest value of a level takes from it; home takes nothing where it is shared.
            let commonest: Vec<Sizes> = (0..count as u64)
                .map(|level| {
                    let lift = draw(77_000 + level, 9_000).max(0);
                    let at_home = if draw(88_000 + level, 2) > 0 { lift } else { 0 };
                    match (subject.agrees)(level as u8) {
                        Agreement::Nothing => sizes([0; 4]),
                        _ => sizes([0, at_home, lift, lift]),
                    }
                })
                .collect();
            let held = Weights { own: &weights, commonest: commonest.clone() };
            hold(&mut corrections, &held, subject, slope, |it| draw(it as u64, 9) > 0);
            let weight = |level: usize, share: i64| {
                let mut sum = sizes(rest);
                let lift = commonest[level].map(|it| Millibits((i64::from(it.0) * share / 8) as i32));
                add(&mut sum, weights[level]);
                add(&mut sum, lift);
                match_weight(&sum)
            };
            let stretched = |weight: Millibits| weight.thousandths(1000 + slope);
            let after = |level: usize| stretched(weight(level, 0)) + corrections[level];
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
                    prop_assert!(
                        !(subject.agrees_in_more)(better as u8, worse as u8)
                            || corrections[better] >= corrections[worse]
                    );
                }
                // Beside a pair that lacks the value, however common it is.
                let missing = match_weight(&sizes(rest));
                let others = || (0..count).filter(|it| *it != better);
                let is_best = !others().any(|it| agrees_more(subject, it, better));
                let is_worst = !others().any(|it| agrees_more(subject, better, it));
                let agrees = (subject.agrees)(better as u8) != Agreement::Nothing;
                for share in 0..=8 {
                    let before = weight(better, share);
                    let now = stretched(before) + corrections[better];
                    if is_best && agrees && before >= missing {
                        prop_assert!(
                            now.0 >= stretched(missing).0 - 6,
                            "{} {better} beside nothing: {now:?}", subject.key
                        );
                    }
                    if is_worst && !is_best && !agrees && before <= missing {
                        prop_assert!(
                            now.0 <= stretched(missing).0 + 6,
                            "{} {better} above nothing: {now:?}", subject.key
                        );
                    }
                }
            }
        }
    }
}
