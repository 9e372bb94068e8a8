//! Whether probabilities mean what they say, by people's own verdicts.
//!
//! A layer is tried on decisions it has not seen: they are dealt into five parts, and each part is
//! stated by a layer learned from the other four. A decision's joins stay together. Beside that
//! stands what the weight stated without anything learned. The verdicts are those of the queue, so
//! that bands below the review threshold hold few decisions or none: what is not shown is not checked.

use serde::{Deserialize, Serialize};

use domain::quality::BOUNDS;

use super::Layer;
use super::evidence::Example;

/// Parts the decisions are dealt into.
const PARTS: usize = 5;

/// What was stated of judged joins, and what people said.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Stated {
    /// By the weight alone, band by band, from the highest down.
    pub before: Vec<StatedBand>,
    /// With what was learned from other decisions.
    pub learned: Vec<StatedBand>,
}

/// One band of match probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StatedBand {
    /// The least probability in it.
    pub from: f64,
    /// Its end.
    pub to: f64,
    /// Judged joins in it.
    pub joins: u64,
    /// How many of them people made.
    pub same: u64,
    /// Their mean probability, in millionths.
    pub stated: u32,
}

/// Tries layers on what they were not learned from.
pub(super) fn check(examples: &[Example], learn: impl Fn(&[Example]) -> Layer) -> Stated {
    let mut decisions: Vec<usize> = examples.iter().map(|example| example.decision).collect();
    decisions.sort_unstable();
    decisions.dedup();
    let part = |example: &Example| decisions.partition_point(|it| *it < example.decision) % PARTS;
    let mut learned = Vec::with_capacity(examples.len());
    for own in 0..PARTS {
        let (asked, others): (Vec<Example>, Vec<Example>) =
            examples.iter().cloned().partition(|example| part(example) == own);
        let layer = learn(&others);
        learned.extend(asked.iter().map(|example| {
            let weight = layer.applied(example.weight, layer.correction(&example.levels));
            (weight.probability(), example.same)
        }));
    }
    let before = examples.iter().map(|example| (example.weight.probability(), example.same));
    Stated { before: bands(before), learned: bands(learned.into_iter()) }
}

fn bands(stated: impl Iterator<Item = (f64, bool)>) -> Vec<StatedBand> {
    let mut sums = [(0_u64, 0_u64, 0.0_f64); BOUNDS.len()];
    for (probability, same) in stated {
        let place = BOUNDS.iter().rposition(|from| probability >= *from).unwrap_or(0);
        let (joins, made, sum) = &mut sums[place];
        *joins += 1;
        *made += u64::from(same);
        *sum += probability;
    }
    let filled = sums.into_iter().enumerate().rev().filter(|(_, (joins, ..))| *joins > 0);
    let band = |(place, (joins, same, sum)): (usize, (u64, u64, f64))| StatedBand {
        from: BOUNDS[place],
        to: BOUNDS.get(place + 1).copied().unwrap_or(1.0),
        joins,
        same,
        stated: (sum / joins as f64 * 1e6).round() as u32,
    };
    filled.map(band).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_counted_by_hand() {
        let stated = [(0.92, true), (0.94, false), (0.3, true), (1.0, true)];
        let found = bands(stated.into_iter());
        let counted: Vec<_> =
            found.iter().map(|it| (it.from, it.to, it.joins, it.same, it.stated)).collect();
        assert_eq!(
            counted,
            [(0.999, 1.0, 1, 1, 1_000_000), (0.9, 0.95, 2, 1, 930_000), (0.3, 0.4, 1, 1, 300_000)]
        );
    }
}
