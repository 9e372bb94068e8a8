//! From levels and frequencies to a probability.

use super::columns::{Columns, ValueId};
use super::compare::{Agreement, Cache, Comparison};
use super::frequency::Shares;
use super::layout::Aspect;
use super::model::{ComparisonModel, KindModel};

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
    /// What every level agrees on, by comparison and level.
    agreements: Vec<Vec<Agreement>>,
    /// The share of full names that a single customer has.
    one_customer: f64,
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
        Self {
            columns,
            model,
            shares,
            agreements: model.comparisons.iter().map(agreements).collect(),
            one_customer: model.one_customer(Aspect::Full),
            prior: model.expected.map(log2),
            weights,
        }
    }

    /// What a level says by itself: log2 of its chance in each class; nothing when a value is
    /// missing.
    pub(crate) fn weights(&self, number: usize, level: u8) -> [f64; 4] {
        level.checked_sub(1).map_or([0.0; 4], |level| self.weights[number][usize::from(level)])
    }

    /// What the frequencies of the values that two rows share add to [`Scorer::weights`].
    pub(crate) fn frequency_lift(&self, number: usize, level: u8, a: u32, b: u32) -> [f64; 4] {
        let shared = |aspect| self.shared(aspect, a, b, |value| self.shares.lift(aspect, value));
        let lift = match self.agreement(number, level) {
            Agreement::Nothing | Agreement::SwappedNearly => None,
            Agreement::On { aspect, at_home } => {
                shared(aspect).map(bounded).map(|chance| by_class(at_home, chance))
            }
            Agreement::WholeName => self.full_lift(a, b),
            Agreement::SwappedName => self.swapped_lift(a, b).map(|chance| by_class(false, chance)),
        };
        lift.unwrap_or_default()
    }

    /// No [`Scorer::frequency_lift`] at this level is less; `None` when there is none at all.
    pub(crate) fn least_lift(&self, number: usize, level: u8) -> Option<[f64; 4]> {
        let least =
            |aspect| self.shares.least_lift(aspect).map_or(0.0, |lift| bounded(lift).min(0.0));
        match self.agreement(number, level) {
            Agreement::Nothing => None,
            Agreement::On { aspect, at_home } => Some(by_class(at_home, least(aspect))),
            Agreement::WholeName | Agreement::SwappedName | Agreement::SwappedNearly => {
                Some(by_class(false, -MOST_LIFT))
            }
        }
    }

    fn agreement(&self, number: usize, level: u8) -> Agreement {
        level
            .checked_sub(1)
            .map_or(Agreement::Nothing, |level| self.agreements[number][usize::from(level)])
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

    /// As [`Scorer::grade`], without a new allocation.
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

    /// log2 of the size of each class for two rows whose levels are known: first what the levels
    /// say by themselves, then what frequencies add. `screen` adds up in the same order, so that a
    /// pair has one score to the last bit, whoever asks.
    pub(crate) fn sum(&self, levels: &[u8], a: u32, b: u32) -> [f64; 4] {
        let mut sum = self.prior;
        for (number, level) in levels.iter().enumerate() {
            add(&mut sum, self.weights(number, *level));
        }
        for (number, level) in levels.iter().enumerate() {
            add(&mut sum, self.frequency_lift(number, *level, a, b));
        }
        sum
    }

    /// Scores two rows whose levels are known.
    pub(crate) fn assess(&self, levels: &[u8], a: u32, b: u32) -> Assessment {
        assessment(&self.sum(levels, a, b))
    }

    /// Scores two rows.
    pub(crate) fn score(&self, a: u32, b: u32, cache: &mut Cache) -> Assessment {
        let levels = self.grade(a, b, cache);
        self.assess(&levels, a, b)
    }

    /// How large a share of all customers holds the value that two rows agree on at `level`;
    /// `None` when they do not agree or nothing is known.
    pub(crate) fn commonness(&self, number: usize, level: u8, a: u32, b: u32) -> Option<f64> {
        let shared = |aspect| self.shared(aspect, a, b, |value| self.shares.share(aspect, value));
        match self.agreement(number, level) {
            Agreement::On { aspect, .. } => shared(aspect),
            Agreement::WholeName => {
                let product = shared(Aspect::Given)? * shared(Aspect::Family)?;
                Some(self.full_share(product, a, b))
            }
            Agreement::Nothing | Agreement::SwappedName | Agreement::SwappedNearly => None,
        }
    }

    /// The `commonness` of the value two rows agree on: of the rarest of several, which says most;
    /// of the commonest of all their values where their spellings differ.
    fn shared(
        &self,
        aspect: Aspect,
        a: u32,
        b: u32,
        commonness: impl Fn(ValueId) -> Option<f64>,
    ) -> Option<f64> {
        let (left, right) = (self.columns.row(aspect, a), self.columns.row(aspect, b));
        let agreeing = left.iter().filter(|value| right.contains(value));
        let rarest = agreeing.filter_map(|value| commonness(*value)).reduce(f64::min);
        rarest.or_else(|| {
            left.iter().chain(right).filter_map(|value| commonness(*value)).reduce(f64::max)
        })
    }

    fn name_share(&self, aspect: Aspect, a: u32, b: u32) -> Option<f64> {
        let share = |row| self.shares.share(aspect, self.columns.value(aspect, row));
        Some(share(a)?.max(share(b)?))
    }

    /// How far the agreeing names' frequencies change the chance of their agreement, by class:
    /// relative to a match, which holds a name once for both records.
    fn full_lift(&self, a: u32, b: u32) -> Option<[f64; 4]> {
        let given = self.name_share(Aspect::Given, a, b)?;
        let family = self.name_share(Aspect::Family, a, b)?;
        let full = self.full_share(given * family, a, b);
        let by_chance = (given * given / self.shares.concentration(Aspect::Given)).log2();
        let family_chance = (family * family / self.shares.concentration(Aspect::Family)).log2();
        Some([
            0.0,
            bounded(by_chance + family.log2() - full.log2()),
            bounded(full.log2() - self.full_chance().log2()),
            bounded(by_chance + family_chance - full.log2()),
        ])
    }

    fn swapped_lift(&self, a: u32, b: u32) -> Option<f64> {
        let share = |aspect, row| self.shares.share(aspect, self.columns.value(aspect, row));
        let one = |row| Some(share(Aspect::Given, row)? * share(Aspect::Family, row)?);
        let chance = |aspect| self.shares.concentration(aspect);
        let by_chance = chance(Aspect::Given) * chance(Aspect::Family);
        Some(bounded((one(a)?.max(one(b)?) / by_chance).log2()))
    }

    /// The share of a full name: of its parts' product and the others who hold it, the larger.
    /// `Max Mustermann` is far commoner than his parts say.
    fn full_share(&self, product: f64, a: u32, b: u32) -> f64 {
        let (left, right) =
            (self.columns.value(Aspect::Full, a), self.columns.value(Aspect::Full, b));
        let share = self.name_share(Aspect::Full, a, b).filter(|_| left == right).unwrap_or(0.0);
        product.max(share - self.one_customer)
    }

    /// The full share of an average customer.
    fn full_chance(&self) -> f64 {
        let others = self.shares.concentration(Aspect::Full) - self.one_customer;
        let product =
            self.shares.concentration(Aspect::Given) * self.shares.concentration(Aspect::Family);
        product.max(others).max(f64::MIN_POSITIVE)
    }
}

/// What a level agrees on, for every level that was learned.
fn agreements(learned: &ComparisonModel) -> Vec<Agreement> {
    let subject = learned.comparison.subject;
    (0..=u8::MAX).take(learned.levels.len()).map(subject.agrees).collect()
}

/// A lift for every class but the match, which holds a value once for both records; for those who
/// live together only where they do not share the value for that reason.
fn by_class(at_home: bool, chance: f64) -> [f64; 4] {
    [0.0, if at_home { 0.0 } else { chance }, chance, chance]
}

/// Adds up by class.
#[inline]
pub(crate) fn add(sum: &mut [f64; 4], more: [f64; 4]) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
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
