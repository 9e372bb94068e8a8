//! A pattern of levels in words.

use domain::Kind;
use domain::grants::{Cut, PatternPart};

use super::super::model::Model;

/// What the levels of a pattern are called under the model that gave them; nothing of a cut by weight.
#[must_use]
pub fn pattern_words(model: &Model, kind: Kind, cut: &Cut) -> Vec<PatternPart> {
    let (Cut::Pattern(levels), Some(part)) = (cut, model.kind(kind)) else { return Vec::new() };
    let part_of = |(level, compared): (&u8, &super::super::model::ComparisonModel)| PatternPart {
        comparison: compared.comparison.name.clone(),
        level: level
            .checked_sub(1)
            .and_then(|at| compared.levels.get(usize::from(at)))
            .map(|level| level.label.clone()),
        agrees: *level == 1,
    };
    levels.iter().zip(&part.comparisons).map(part_of).collect()
}

/// The probability of a weight in thousandths of a bit.
#[must_use]
pub fn probability(weight: i32) -> f64 {
    super::super::weight::Millibits(weight).probability()
}
