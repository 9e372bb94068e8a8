//! From levels and frequencies to a probability.

use super::columns::Columns;
use super::compare::person_name::{self, Family, Given};
use super::compare::{
    Cache, Comparison, Subject, birth, email, identifier, organisation, phone, place, street,
};
use super::frequency::Shares;
use super::layout::Aspect;
use super::model::KindModel;

/// What a pair looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Assessment {
    /// Chance of a match.
    pub(crate) probability: f64,
    /// log2 of the odds of a match.
    pub(crate) weight: f64,
    /// Chance of each class.
    pub(crate) classes: [f64; 4],
}

/// Scores pairs of rows under a model.
pub(crate) struct Scorer<'a> {
    pub(crate) columns: &'a Columns,
    pub(crate) model: &'a KindModel,
    shares: &'a Shares,
    prior: [f64; 4],
    /// log2 of every level's chances, by comparison and level.
    weights: Vec<Vec<[f64; 4]>>,
}

/// Frequencies never move a level by more than this (log2).
const MOST_LIFT: f64 = 14.0;

impl<'a> Scorer<'a> {
    pub(crate) fn new(columns: &'a Columns, model: &'a KindModel, shares: &'a Shares) -> Self {
        let weights = model
            .comparisons
            .iter()
            .map(|comparison| {
                let subject = comparison.comparison.subject;
                let levels = comparison.levels.iter().enumerate();
                let telling = levels.map(|(at, level)| subject.telling(at, level.chances));
                telling.map(|chances| chances.map(log2)).collect()
            })
            .collect();
        Self { columns, model, shares, prior: model.expected.map(log2), weights }
    }

    /// What a level says by itself: log2 of its chance in each class; nothing when a value is
    /// missing.
    pub(crate) fn weights(&self, number: usize, level: u8) -> [f64; 4] {
        level.checked_sub(1).map_or([0.0; 4], |level| self.weights[number][usize::from(level)])
    }

    /// What the frequencies of the values that two rows share add to [`Scorer::weights`].
    pub(crate) fn frequency_lift(&self, number: usize, level: u8, a: u32, b: u32) -> [f64; 4] {
        let subject = self.model.comparisons[number].comparison.subject;
        level.checked_sub(1).map_or([0.0; 4], |level| self.lift(subject, level, a, b))
    }

    /// No [`Scorer::frequency_lift`] at this level is less; `None` when there is none at all.
    pub(crate) fn least_lift(&self, number: usize, level: u8) -> Option<[f64; 4]> {
        let level = level.checked_sub(1)?;
        let least = |aspect| {
            let share = self.shares.least(aspect).unwrap_or(1.0);
            bounded((share / self.shares.concentration(aspect)).log2()).min(0.0)
        };
        let subject = self.model.comparisons[number].comparison.subject;
        if subject == Subject::PersonName {
            let chance = match person_name::parts(level) {
                None | Some((Given::Same, Family::Same)) => -MOST_LIFT,
                Some((Given::Same, _)) => least(Aspect::Given),
                Some((_, Family::Same)) => least(Aspect::Family),
                Some(_) => return None,
            };
            return Some([0.0, chance, chance, chance]);
        }
        let (aspect, shared_at_home) = agreeing(subject, level)?;
        let chance = least(aspect);
        Some([0.0, if shared_at_home { 0.0 } else { chance }, chance, chance])
    }

    /// The comparisons, in order.
    pub(crate) fn comparisons(&self) -> impl Iterator<Item = &'a Comparison> + use<'a> {
        self.model.comparisons.iter().map(|comparison| &comparison.comparison)
    }

    /// The levels of two rows, counted from 1; 0 is missing.
    pub(crate) fn grade(&self, a: u32, b: u32, cache: &mut Cache) -> Vec<u8> {
        let mut levels = Vec::new();
        self.grade_into(a, b, cache, &mut levels);
        levels
    }

    /// As [`Scorer::grade`], without allocating anew.
    pub(crate) fn grade_into(&self, a: u32, b: u32, cache: &mut Cache, levels: &mut Vec<u8>) {
        levels.clear();
        levels.extend(self.comparisons().map(|it| it.grade(self.columns, a, b, cache)));
    }

    /// log2 of the size of each class.
    pub(crate) fn prior(&self) -> [f64; 4] {
        self.prior
    }

    /// What one comparison at `level` adds to log2 of each class.
    pub(crate) fn evidence(&self, number: usize, level: u8, a: u32, b: u32) -> [f64; 4] {
        if level == 0 {
            return [0.0; 4];
        }
        let own = self.weights(number, level);
        let lift = self.frequency_lift(number, level, a, b);
        std::array::from_fn(|class| own[class] + lift[class])
    }

    /// Scores two rows whose levels are known.
    pub(crate) fn assess(&self, levels: &[u8], a: u32, b: u32) -> Assessment {
        let mut sum = self.prior;
        for (number, level) in levels.iter().enumerate() {
            let evidence = self.evidence(number, *level, a, b);
            for class in 0..4 {
                sum[class] += evidence[class];
            }
        }
        assessment(&sum)
    }

    /// Scores two rows.
    pub(crate) fn score(&self, a: u32, b: u32, cache: &mut Cache) -> Assessment {
        let levels = self.grade(a, b, cache);
        self.assess(&levels, a, b)
    }

    /// How far the agreeing values' frequencies change the chance of their agreement, by class:
    /// relative to a match, which holds a value once for both records.
    fn lift(&self, subject: Subject, level: u8, a: u32, b: u32) -> [f64; 4] {
        if subject == Subject::PersonName {
            return self.name_lift(level, a, b);
        }
        let Some((aspect, shared_at_home)) = agreeing(subject, level) else { return [0.0; 4] };
        let Some(share) = self.shared(aspect, a, b) else { return [0.0; 4] };
        let chance = bounded((share / self.shares.concentration(aspect)).log2());
        [0.0, if shared_at_home { 0.0 } else { chance }, chance, chance]
    }

    /// How large a share of all customers holds the value that two rows agree on at `level`;
    /// `None` when they do not agree or nothing is known.
    pub(crate) fn commonness(&self, number: usize, level: u8, a: u32, b: u32) -> Option<f64> {
        let level = level.checked_sub(1)?;
        let subject = self.model.comparisons[number].comparison.subject;
        if subject != Subject::PersonName {
            return self.shared(agreeing(subject, level)?.0, a, b);
        }
        let given = self.name_share(Aspect::Given, a, b);
        let family = self.name_share(Aspect::Family, a, b);
        match person_name::parts(level)? {
            (Given::Same, Family::Same) => Some(self.full_share(given? * family?, a, b)),
            (Given::Same, _) => given,
            (_, Family::Same) => family,
            _ => None,
        }
    }

    /// The share of the value two rows agree on; of the commonest of their values where their
    /// spellings differ.
    fn shared(&self, aspect: Aspect, a: u32, b: u32) -> Option<f64> {
        let mut best: Option<f64> = None;
        for left in self.columns.values(aspect, a) {
            if self.columns.values(aspect, b).any(|right| right == left)
                && let Some(share) = self.shares.share(aspect, left)
            {
                // Agreeing on the rarest of several shared values says most.
                best = Some(best.map_or(share, |known| known.min(share)));
            }
        }
        best.or_else(|| {
            let values = self.columns.values(aspect, a).chain(self.columns.values(aspect, b));
            values.filter_map(|value| self.shares.share(aspect, value)).reduce(f64::max)
        })
    }

    fn name_share(&self, aspect: Aspect, a: u32, b: u32) -> Option<f64> {
        let share = |row| self.shares.share(aspect, self.columns.value(aspect, row));
        Some(share(a)?.max(share(b)?))
    }

    fn name_lift(&self, level: u8, a: u32, b: u32) -> [f64; 4] {
        let given_chance = self.shares.concentration(Aspect::Given);
        let family_chance = self.shares.concentration(Aspect::Family);
        let given = self.name_share(Aspect::Given, a, b);
        let family = self.name_share(Aspect::Family, a, b);
        match (person_name::parts(level), given, family) {
            (Some((Given::Same, Family::Same)), Some(given), Some(family)) => {
                let full = self.full_share(given * family, a, b);
                let by_chance = (given * given / given_chance).log2();
                let family_chance = (family * family / family_chance).log2();
                [
                    0.0,
                    bounded(by_chance + family.log2() - full.log2()),
                    bounded(full.log2() - self.full_chance().log2()),
                    bounded(by_chance + family_chance - full.log2()),
                ]
            }
            (Some((Given::Same, _)), Some(given), _) => {
                let chance = bounded((given / given_chance).log2());
                [0.0, chance, chance, chance]
            }
            (Some((_, Family::Same)), _, Some(family)) => {
                let chance = bounded((family / family_chance).log2());
                [0.0, 0.0, chance, chance]
            }
            (None, ..) if level == person_name::SWAPPED => {
                let one = |row| {
                    let share = |aspect| self.shares.share(aspect, self.columns.value(aspect, row));
                    Some(share(Aspect::Given)? * share(Aspect::Family)?)
                };
                let (Some(left), Some(right)) = (one(a), one(b)) else { return [0.0; 4] };
                let chance = bounded((left.max(right) / (given_chance * family_chance)).log2());
                [0.0, chance, chance, chance]
            }
            _ => [0.0; 4],
        }
    }

    /// The share of a full name: of its parts' product and the others who hold it, the larger.
    /// `Max Mustermann` is far commoner than his parts say.
    fn full_share(&self, product: f64, a: u32, b: u32) -> f64 {
        let (left, right) =
            (self.columns.value(Aspect::Full, a), self.columns.value(Aspect::Full, b));
        let share = self.name_share(Aspect::Full, a, b).filter(|_| left == right).unwrap_or(0.0);
        product.max(share - self.model.one_customer(Aspect::Full))
    }

    /// The full share of an average customer.
    fn full_chance(&self) -> f64 {
        let others =
            self.shares.concentration(Aspect::Full) - self.model.one_customer(Aspect::Full);
        let product =
            self.shares.concentration(Aspect::Given) * self.shares.concentration(Aspect::Family);
        product.max(others).max(f64::MIN_POSITIVE)
    }
}

/// The aspect a level says two records agree on, and whether people who live together share it
/// for one reason, as the records of one customer do; otherwise they share it by chance.
fn agreeing(subject: Subject, level: u8) -> Option<(Aspect, bool)> {
    Some(match (subject, level) {
        (Subject::Birth, birth::SAME) => (Aspect::Birth, false),
        (Subject::Email, email::SAME) => (Aspect::Email, true),
        (Subject::Phone, phone::SAME) => (Aspect::Phone, true),
        (Subject::NationalId, identifier::SAME) => (Aspect::NationalId, false),
        (Subject::Identifier, identifier::SAME) => (Aspect::Identifier, false),
        (Subject::Street, street::SAME) => (Aspect::Street, true),
        (Subject::Place, place::SAME_POSTCODE) => (Aspect::Postcode, true),
        (Subject::Place, place::SAME_CITY | place::SAME_CITY_ONLY) => (Aspect::City, true),
        (Subject::OrganisationName, organisation::SAME) => (Aspect::Organisation, false),
        _ => return None,
    })
}

fn log2(chance: f64) -> f64 {
    chance.max(1e-300).log2()
}

fn bounded(lift: f64) -> f64 {
    if lift.is_finite() { lift.clamp(-MOST_LIFT, MOST_LIFT) } else { 0.0 }
}

/// The probability of odds given as log2.
pub(crate) fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// log2 of the odds of a probability.
pub(crate) fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

/// Class chances from log2 of their sizes.
pub(crate) fn assessment(sum: &[f64; 4]) -> Assessment {
    let most = sum.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sizes = sum.map(|size| (size - most).exp2());
    let total: f64 = sizes.iter().sum();
    let weight = match_weight(sum);
    Assessment { probability: probability(weight), weight, classes: sizes.map(|size| size / total) }
}

/// log2 of the odds of a match against all other classes.
pub(crate) fn match_weight(sum: &[f64; 4]) -> f64 {
    let most = sum[1..].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let others: f64 = sum[1..].iter().map(|size| (size - most).exp2()).sum();
    sum[0] - most - others.log2()
}
