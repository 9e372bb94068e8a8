//! What two models say differently: the weight of each level of each comparison.
//!
//! A level's weight is log2 of how much more often matches show it than others do, whatever class
//! these are of (`splink` writes m and u in the same way), with what decisions taught about it. How
//! common an agreeing value is, and which other comparisons agree, move the weight of a single
//! pair; here stands what a level is worth by itself.

use super::learned::Layer;
use super::model::{ComparisonModel, KindModel, Model};
use super::portrait::Kind;
use super::weight::Millibits;

/// A level that is worth more or less than it was.
#[derive(Debug, Clone, PartialEq)]
pub struct MovedWeight<'a> {
    /// The kind of record.
    pub kind: Kind,
    /// The comparison: `date of birth`; [`PRIOR`] is what is known before anything is compared.
    pub comparison: &'a str,
    /// The level in words: `day and month swapped`.
    pub level: &'a str,
    /// log2 of the odds it added before; none where that model did not know it.
    pub before: Option<f64>,
    /// What it adds now; none where this model does not know it.
    pub after: Option<f64>,
}

/// The row of what is known before anything is compared.
pub const PRIOR: &str = "any two records";

/// The level of [`PRIOR`].
const BEFORE_ALL: &str = "before anything is compared";

impl MovedWeight<'_> {
    /// By how many bits.
    #[must_use]
    pub fn by(&self) -> f64 {
        self.after.unwrap_or_default() - self.before.unwrap_or_default()
    }
}

/// One kind's weights, by comparison and level.
struct Weights<'a>(Vec<(&'a str, &'a str, Millibits)>);

impl<'a> Weights<'a> {
    fn of(part: &'a KindModel) -> Self {
        let layer = part.learned.as_ref().filter(|layer| layer.fits(&part.comparisons));
        let mut all = vec![(PRIOR, BEFORE_ALL, prior(part, layer))];
        for (number, learned) in part.comparisons.iter().enumerate() {
            for (level, words) in learned.levels.iter().enumerate() {
                let weight = weight(part, learned, level);
                let mut levels = vec![0; part.comparisons.len()];
                levels[number] = level as u8 + 1;
                let weight =
                    layer.map_or(weight, |it| it.stretched(weight) + it.correction(&levels));
                all.push((learned.comparison.name.as_str(), words.label.as_str(), weight));
            }
        }
        Self(all)
    }

    fn find(&self, comparison: &str, level: &str) -> Option<Millibits> {
        let is_meant = |it: &&(&str, &str, Millibits)| it.0 == comparison && it.1 == level;
        self.0.iter().find(is_meant).map(|it| it.2)
    }
}

fn prior(part: &KindModel, layer: Option<&Layer>) -> Millibits {
    let others: f64 = part.expected[1..].iter().sum();
    let prior = Millibits::log2(part.expected[0]) - Millibits::log2(others);
    layer.map_or(prior, |layer| layer.applied(prior, Millibits::ZERO))
}

fn weight(part: &KindModel, learned: &ComparisonModel, level: usize) -> Millibits {
    if let Some(pinned) = learned.levels[level].pinned {
        return pinned;
    }
    let chances = learned.levels[level].chances;
    let others: f64 = part.expected[1..].iter().sum();
    let mixed: f64 = (1..4).map(|class| part.expected[class] * chances[class]).sum();
    Millibits::log2(chances[0]) - Millibits::log2(mixed / others)
}

/// The levels whose weights differ, what moved furthest first. A model that was not there knows
/// nothing.
#[must_use]
pub fn moved<'a>(before: &'a Model, after: &'a Model) -> Vec<MovedWeight<'a>> {
    let mut found = Vec::new();
    for kind in [Kind::Person, Kind::Organisation] {
        let none = || Weights(Vec::new());
        let was = before.kind(kind).map_or_else(none, Weights::of);
        let now = after.kind(kind).map_or_else(none, Weights::of);
        let gone = was.0.iter().filter(|it| now.find(it.0, it.1).is_none());
        for (comparison, level, _) in now.0.iter().chain(gone) {
            let (one, other) = (was.find(comparison, level), now.find(comparison, level));
            if one != other {
                let (before, after) = (one.map(Millibits::bits), other.map(Millibits::bits));
                found.push(MovedWeight { kind, comparison, level, before, after });
            }
        }
    }
    // Among equals as the models have them.
    found.sort_by(|one, other| other.by().abs().total_cmp(&one.by().abs()));
    found
}

#[cfg(test)]
mod tests {
    use super::super::compare::{Comparison, Subject, TABLE};
    use super::super::model::LevelModel;
    use super::*;

    fn model(chances: &[[f64; 4]]) -> Model {
        let subject = Subject::of(TABLE[3]);
        let levels = chances.iter().zip(subject.levels());
        let levels = levels
            .map(|(chances, level)| LevelModel {
                label: level.label.to_owned(),
                chances: *chances,
                pinned: None,
            })
            .collect();
        let comparison = Comparison { name: "e-mail".to_owned(), subject, fields: Vec::new() };
        let part = KindModel {
            kind: Kind::Person,
            records: 10,
            every_pair: false,
            households: false,
            rules: Vec::new(),
            expected: [1.0, 0.0, 0.0, 1024.0],
            comparisons: vec![ComparisonModel { comparison, levels }],
            frequencies: Vec::new(),
            learned: None,
            holds_slips: true,
            sure: 0,
        };
        Model { kinds: vec![part], ..Model::default() }
    }

    #[test]
    fn what_moved_furthest_stands_first_and_what_stayed_is_left_out() {
        let one = model(&[[0.8, 0.0, 0.0, 0.1], [0.1, 0.0, 0.0, 0.1], [0.1, 0.0, 0.0, 0.8]]);
        let other = model(&[[0.8, 0.0, 0.0, 0.1], [0.1, 0.0, 0.0, 0.2], [0.1, 0.0, 0.0, 0.1]]);
        let found = moved(&one, &other);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((found[0].by() - 3.0).abs() < 1e-9, "-3 bits became 0: {found:?}");
        assert!((found[1].by() + 1.0).abs() < 1e-9, "{found:?}");
        assert_eq!(found[1].comparison, "e-mail");
        assert_eq!(moved(&one, &one), []);
    }

    #[test]
    fn what_only_one_of_them_knows_is_told_too() {
        let (known, nothing) = (model(&[[0.5, 0.0, 0.0, 0.125]]), Model::default());
        let found = moved(&nothing, &known);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].comparison, found[0].before), (PRIOR, None));
        assert_eq!(found[0].after, Some(-10.0));
        assert_eq!(moved(&known, &nothing)[1].before, Some(2.0));
    }
}
