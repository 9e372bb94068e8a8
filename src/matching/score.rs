//! From levels and frequencies to the odds of a match.

use super::columns::{Columns, ValueId};
use super::compare::{Agreement, Cache, Comparison};
use super::frequency::Shares;
use super::layout::Aspect;
use super::learned::Layer;
use super::model::{ComparisonModel, KindModel, LevelModel};
use super::nearly::Near;
use super::weight::{Millibits, Sizes, add, match_weight};

/// What a pair looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Assessment {
    /// log2 of the odds of a match, with what decisions taught.
    pub(crate) weight: Millibits,
    /// log2 of the size of each class, without.
    pub(crate) sizes: Sizes,
}

impl Assessment {
    /// Chance of each class.
    pub(crate) fn classes(&self) -> [f64; 4] {
        let [_, others @ ..] = self.sizes;
        let most = others.into_iter().max().unwrap_or_default();
        let sizes = others.map(|size| (size - most).bits().exp2());
        let total: f64 = sizes.iter().sum();
        let same = self.weight.probability();
        let [home, name, nothing] = sizes.map(|size| (1.0 - same) * size / total);
        [same, home, name, nothing]
    }
}

/// Scores pairs of rows under a model.
pub(crate) struct Scorer<'a> {
    pub(crate) columns: &'a Columns,
    pub(crate) model: &'a KindModel,
    shares: &'a Shares,
    /// What decisions taught.
    layer: Option<&'a Layer>,
    /// What every level agrees on, by comparison and level.
    agreements: Vec<Vec<Agreement>>,
    /// What holds levels below those that agree on a value, by comparison and level.
    near: Vec<Vec<Option<Near>>>,
    /// log2 of the chance that two random customers agree in their given names, in their family
    /// names, and in both.
    name_chances: [Millibits; 3],
    prior: Sizes,
    /// log2 of every level's chances, by comparison and level.
    weights: Vec<Vec<Sizes>>,
}

/// Frequencies never move a level by more than this (log2).
pub(super) const MOST_LIFT: Millibits = Millibits(14_000);

impl<'a> Scorer<'a> {
    pub(crate) fn new(columns: &'a Columns, model: &'a KindModel, shares: &'a Shares) -> Self {
        let agreements: Vec<Vec<Agreement>> = model.comparisons.iter().map(agreements).collect();
        let weights = level_weights(model);
        let near = |(number, learned): (usize, &ComparisonModel)| match model.holds_slips {
            true => Near::of(learned, &agreements[number], &weights[number]),
            false => vec![None; learned.levels.len()],
        };
        Self {
            columns,
            model,
            shares,
            near: model.comparisons.iter().enumerate().map(near).collect(),
            layer: model.learned.as_ref().filter(|layer| layer.fits(&model.comparisons)),
            agreements,
            name_chances: name_chances(shares),
            prior: model.expected.map(Millibits::log2),
            weights,
        }
    }

    /// What a level says by itself: log2 of its chance in each class; nothing when a value is
    /// missing.
    pub(crate) fn weights(&self, number: usize, level: u8) -> Sizes {
        let said = level.checked_sub(1).map(|level| self.weights[number][usize::from(level)]);
        said.unwrap_or_default()
    }

    /// What the frequencies of the values that two rows share add to [`Scorer::weights`].
    pub(crate) fn frequency_lift(&self, number: usize, level: u8, a: u32, b: u32) -> Sizes {
        let shared = |aspect| self.shared(aspect, a, b, |value| self.shares.lift(aspect, value));
        let lift = match self.agreement(number, level) {
            Agreement::Nothing => self.near(number, level).and_then(|near| {
                let lift = self.commoner(near.aspect, a, b)?;
                Some(near.lift(by_class(near.at_home, bounded(lift))))
            }),
            Agreement::SwappedNearly => None,
            Agreement::On { aspect, at_home } => {
                shared(aspect).map(bounded).map(|chance| by_class(at_home, chance))
            }
            Agreement::WholeName => self.full_lift(a, b),
            Agreement::SwappedName => self.swapped_lift(a, b).map(|chance| by_class(false, chance)),
        };
        lift.unwrap_or_default()
    }

    /// No [`Scorer::frequency_lift`] at this level is less; `None` when there is none at all.
    pub(crate) fn least_lift(&self, number: usize, level: u8) -> Option<Sizes> {
        let least = |aspect| {
            let least = self.shares.least_lift(aspect);
            least.map_or(Millibits::ZERO, |lift| bounded(lift).min(Millibits::ZERO))
        };
        match self.agreement(number, level) {
            Agreement::Nothing => self.near(number, level).and_then(|near| {
                let most = bounded(self.shares.greatest_lift(near.aspect)?);
                let may_lift = near.lift(by_class(near.at_home, most)) != Sizes::default();
                may_lift.then(Sizes::default)
            }),
            Agreement::On { aspect, at_home } => Some(by_class(at_home, least(aspect))),
            Agreement::WholeName | Agreement::SwappedName | Agreement::SwappedNearly => {
                Some(by_class(false, Millibits::ZERO - MOST_LIFT))
            }
        }
    }

    fn agreement(&self, number: usize, level: u8) -> Agreement {
        level
            .checked_sub(1)
            .map_or(Agreement::Nothing, |level| self.agreements[number][usize::from(level)])
    }

    fn near(&self, number: usize, level: u8) -> Option<&Near> {
        level.checked_sub(1).and_then(|level| self.near[number][usize::from(level)].as_ref())
    }

    /// What the commonest of all values of two rows says; `None` when nothing is known.
    fn commoner(&self, aspect: Aspect, a: u32, b: u32) -> Option<Millibits> {
        let all = self.columns.row(aspect, a).iter().chain(self.columns.row(aspect, b));
        all.filter_map(|value| self.shares.lift(aspect, *value)).max()
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
    pub(crate) fn prior(&self) -> Sizes {
        self.prior
    }

    /// What one comparison at `level` adds to log2 of each class.
    pub(crate) fn evidence(&self, number: usize, level: u8, a: u32, b: u32) -> Sizes {
        if level == 0 {
            return Sizes::default();
        }
        let own = self.weights(number, level);
        let lift = self.frequency_lift(number, level, a, b);
        std::array::from_fn(|class| own[class] + lift[class])
    }

    /// log2 of the size of each class for two rows whose levels are known.
    pub(crate) fn sum(&self, levels: &[u8], a: u32, b: u32) -> Sizes {
        let mut sum = self.prior;
        for (number, level) in levels.iter().enumerate() {
            add(&mut sum, self.evidence(number, *level, a, b));
        }
        sum
    }

    /// Scores two rows whose levels are known.
    pub(crate) fn assess(&self, levels: &[u8], a: u32, b: u32) -> Assessment {
        self.assessment(levels, self.sum(levels, a, b))
    }

    /// Of two rows whose levels and class sizes are known.
    pub(crate) fn assessment(&self, levels: &[u8], sizes: Sizes) -> Assessment {
        let weight = self.with_learned(match_weight(&sizes), self.correction(levels));
        Assessment { weight, sizes }
    }

    /// What decisions taught; its part for these levels is to be had from [`Scorer::correction`].
    pub(crate) fn layer(&self) -> Option<&'a Layer> {
        self.layer
    }

    /// What decisions taught about these levels.
    pub(crate) fn correction(&self, levels: &[u8]) -> Millibits {
        self.layer.map_or(Millibits::ZERO, |layer| layer.correction(levels))
    }

    /// A weight with what decisions taught, for levels with that correction.
    #[inline]
    pub(crate) fn with_learned(&self, weight: Millibits, correction: Millibits) -> Millibits {
        self.layer.map_or(weight, |layer| layer.applied(weight, correction))
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
                let full =
                    self.of_either(Aspect::Full, a, b, |it| self.shares.share(Aspect::Full, it));
                let same = self.is_one_name(a, b);
                let others = full.filter(|_| same).unwrap_or(0.0);
                Some(product.max(others - self.shares.one_customer(Aspect::Full)))
            }
            Agreement::Nothing | Agreement::SwappedName | Agreement::SwappedNearly => None,
        }
    }

    /// The `commonness` of the value two rows agree on: of the rarest of several, which says most;
    /// of the commonest of all their values where their spellings differ.
    fn shared<T: Ranked>(
        &self,
        aspect: Aspect,
        a: u32,
        b: u32,
        commonness: impl Fn(ValueId) -> Option<T>,
    ) -> Option<T> {
        let (left, right) = (self.columns.row(aspect, a), self.columns.row(aspect, b));
        let agreeing = left.iter().filter(|value| right.contains(value));
        let rarest = agreeing.filter_map(|value| commonness(*value)).reduce(T::lesser);
        rarest.or_else(|| {
            left.iter().chain(right).filter_map(|value| commonness(*value)).reduce(T::greater)
        })
    }

    /// The greater of what is said of two rows' values; `None` where either is missing.
    fn of_either<T: Ranked>(
        &self,
        aspect: Aspect,
        a: u32,
        b: u32,
        said: impl Fn(ValueId) -> Option<T>,
    ) -> Option<T> {
        let of_row = |row| said(self.columns.value(aspect, row));
        Some(of_row(a)?.greater(of_row(b)?))
    }

    fn is_one_name(&self, a: u32, b: u32) -> bool {
        self.columns.value(Aspect::Full, a) == self.columns.value(Aspect::Full, b)
    }

    /// How far the agreeing names' frequencies change the chance of their agreement, by class:
    /// relative to a match, which holds a name once for both records.
    fn full_lift(&self, a: u32, b: u32) -> Option<Sizes> {
        let size = |aspect| self.of_either(aspect, a, b, |value| self.shares.size(aspect, value));
        let (given, family) = (size(Aspect::Given)?, size(Aspect::Family)?);
        // Of the parts' product and the others who hold the whole name, the larger: `Max
        // Mustermann` is far commoner than his parts say.
        let others = self
            .of_either(Aspect::Full, a, b, |value| self.shares.others(Aspect::Full, value))
            .filter(|_| self.is_one_name(a, b));
        let product = given + family;
        let full = others.map_or(product, |others| others.max(product));
        let [given_chance, family_chance, full_chance] = self.name_chances;
        let by_chance = given + given - given_chance;
        Some([
            Millibits::ZERO,
            bounded(by_chance + family - full),
            bounded(full - full_chance),
            bounded(by_chance + family + family - family_chance - full),
        ])
    }

    fn swapped_lift(&self, a: u32, b: u32) -> Option<Millibits> {
        let size = |aspect, row| self.shares.size(aspect, self.columns.value(aspect, row));
        let one = |row| Some(size(Aspect::Given, row)? + size(Aspect::Family, row)?);
        let [given_chance, family_chance, _] = self.name_chances;
        Some(bounded(one(a)?.max(one(b)?) - (given_chance + family_chance)))
    }
}

/// What can be ranked by how common it is.
trait Ranked: Copy {
    fn lesser(self, other: Self) -> Self;
    fn greater(self, other: Self) -> Self;
}

impl Ranked for f64 {
    fn lesser(self, other: Self) -> Self {
        self.min(other)
    }

    fn greater(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Ranked for Millibits {
    fn lesser(self, other: Self) -> Self {
        self.min(other)
    }

    fn greater(self, other: Self) -> Self {
        self.max(other)
    }
}

/// See [`Scorer::name_chances`]; the whole name's is that of an average customer.
fn name_chances(shares: &Shares) -> [Millibits; 3] {
    let (given, family) =
        (shares.concentration(Aspect::Given), shares.concentration(Aspect::Family));
    let others = shares.concentration(Aspect::Full) - shares.one_customer(Aspect::Full);
    let full = (given * family).max(others).max(f64::MIN_POSITIVE);
    [given, family, full].map(Millibits::log2)
}

/// What a level agrees on, for every level that was learned.
fn agreements(learned: &ComparisonModel) -> Vec<Agreement> {
    let subject = learned.comparison.subject;
    let agrees = |(at, level): (u8, &LevelModel)| match level.pinned {
        // What it is worth is said, however common the value.
        Some(_) => Agreement::Nothing,
        None => (subject.agrees)(at),
    };
    (0..=u8::MAX).zip(&learned.levels).map(agrees).collect()
}

/// log2 of every level's chances, by comparison and level.
pub(crate) fn level_weights(model: &KindModel) -> Vec<Vec<Sizes>> {
    let of_levels = |learned: &ComparisonModel| {
        let subject = learned.comparison.subject;
        let levels = learned.levels.iter().enumerate();
        let weight = |(at, level): (usize, &LevelModel)| match level.pinned {
            Some(pinned) => [pinned, Millibits::ZERO, Millibits::ZERO, Millibits::ZERO],
            None => subject.telling(at, level.chances).map(Millibits::log2),
        };
        levels.map(weight).collect()
    };
    model.comparisons.iter().map(of_levels).collect()
}

/// A lift for every class but the match, which holds a value once for both records; for those who
/// live together only where they do not share the value for that reason.
pub(super) fn by_class(at_home: bool, chance: Millibits) -> Sizes {
    let of_home = if at_home { Millibits::ZERO } else { chance };
    [Millibits::ZERO, of_home, chance, chance]
}

pub(super) fn bounded(lift: Millibits) -> Millibits {
    lift.within(MOST_LIFT)
}
