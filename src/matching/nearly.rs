//! A slip of a common value weighs no more than the common value.
//!
//! How common a shared value is moves the weight of the level that agrees on it, and of no other: what
//! is a slip apart is not the same value. Left at that, two offices that share a switchboard would be
//! kept apart by its number and joined by a slip in it. So the levels below one that agrees on a
//! value may not weigh more than that level would for the commoner of the two values. Nothing moves
//! where they weigh less anyway, as they do for every value that is not far commoner than the average.

use super::compare::Agreement;
use super::layout::Aspect;
use super::model::ComparisonModel;
use super::ordered::agrees_more;
use super::weight::{Millibits, Sizes};

/// What holds a level below one that agrees on a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near {
    pub(super) aspect: Aspect,
    pub(super) at_home: bool,
    /// By class, by how much more (log2) the level weighs than the one above it; 0 or less.
    more: Sizes,
}

impl Near {
    /// Of each level of a comparison whose levels weigh this; none where nothing holds it. The last level of
    /// the same values does not agree at all, and names are more than one value.
    pub(super) fn of(
        learned: &ComparisonModel,
        agreements: &[Agreement],
        weights: &[Sizes],
    ) -> Vec<Option<Self>> {
        let subject = learned.comparison.subject;
        let is_several = agreements.contains(&Agreement::WholeName);
        let near = |level: usize| {
            let is_meant = agreements[level] == Agreement::Nothing
                && learned.levels[level].pinned.is_none()
                && (level + 1..agreements.len()).any(|worse| agrees_more(subject, level, worse));
            let above = (0..level).rev().filter(|above| agrees_more(subject, *above, level));
            let (above, (aspect, at_home)) =
                above.filter(|_| is_meant && !is_several).find_map(|above| {
                    match agreements[above] {
                        Agreement::On { aspect, at_home } => Some((above, (aspect, at_home))),
                        _ => None,
                    }
                })?;
            let against = |level: usize, class: usize| weights[level][0] - weights[level][class];
            let more = std::array::from_fn(|class| against(level, class) - against(above, class));
            Some(Self { aspect, at_home, more })
        };
        (0..agreements.len()).map(near).collect()
    }

    /// What it adds to each class for a pair whose commoner value would add so much to the level above.
    pub(super) fn lift(&self, above: Sizes) -> Sizes {
        std::array::from_fn(|class| match class {
            0 => Millibits::ZERO,
            _ => (self.more[class] + above[class]).max(Millibits::ZERO),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::compare::{Comparison, Subject, TABLE};
    use super::super::model::LevelModel;
    use super::*;

    proptest! {
        /// However common the value is.
        #[test]
        fn a_slip_weighs_no_more_than_the_value(
            number in 0_usize..TABLE.len(),
            common in -14_000_i32..14_000,
            seed in any::<u64>(),
        ) {
            let subject = Subject::of(TABLE[number]);
            let level = |label: &str| {
                LevelModel { label: label.to_owned(), chances: [0.5; 4], pinned: None }
            };
            let learned = ComparisonModel {
                comparison: Comparison { subject, fields: Vec::new(), name: String::new() },
                levels: subject.levels().iter().map(|it| level(it.label)).collect(),
            };
            let agreements: Vec<Agreement> =
                (0..learned.levels.len()).map(|at| (subject.agrees)(at as u8)).collect();
            // Weights as a model holds them: in order.
            let mut weights = vec![[Millibits::ZERO; 4]; agreements.len()];
            let mut against = [0; 4];
            for (at, own) in weights.iter_mut().enumerate() {
                for (class, sum) in (0_u64..).zip(&mut against).skip(1) {
                    *sum += (crate::hash::mix(seed, at as u64 * 4 + class) % 3_000) as i32;
                }
                *own = against.map(Millibits);
            }
            for (at, near) in Near::of(&learned, &agreements, &weights).into_iter().enumerate() {
                let Some(near) = near else { continue };
                let Some(above) = (0..at).rev().find(|above| {
                    matches!(agreements[*above], Agreement::On { .. }) && agrees_more(subject, *above, at)
                }) else { continue };
                let by_home = if near.at_home { 0 } else { common };
                let lifts = [0, by_home, common, common].map(Millibits);
                let own = near.lift(lifts);
                for class in 1..4 {
                    let weight = |level: usize, lift: Sizes| {
                        weights[level][0] - weights[level][class] - lift[class]
                    };
                    prop_assert!(weight(at, own) <= weight(above, lifts));
                    prop_assert!(own[class] >= Millibits::ZERO);
                }
            }
        }
    }
}
