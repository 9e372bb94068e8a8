//! What people's decisions teach: a layer over the weight, learned once more at every full run.
//!
//! A pair's weight `w` (log2 of its odds, from `score`) becomes `w * (1 + slope) + shift +` one
//! correction for the level of each comparison: a logistic regression that starts from the weight
//! as it is ([`fit`]), shrunk so that without evidence nothing changes. What it learns from is said
//! in [`evidence`]; more agreement never comes to weigh less ([`monotone`]); whether its
//! probabilities mean what they say is checked on decisions it has not seen ([`checked`]).
//!
//! Everything is fitted in one order, that of record numbers, and rounded to whole thousandths of a bit
//! before it is used or kept: the same ledger gives the same layer on any number of threads.
//!
//! It is part of the model: a score can be explained later. It holds sums over decisions, no value
//! and no record; once a decision was taken back or a person erased, the next full run learns
//! without them.

mod checked;
mod evidence;
mod fit;
mod monotone;
mod refit;

use serde::{Deserialize, Serialize};

use domain::RecordId;

use super::compare::Agreement;
use super::engine::Request;
use super::frequency::FrequencyTable;
use super::model::{ComparisonModel, KindModel, Model};
use super::portrait::Kind;
use super::score::{MOST_LIFT, Scorer, by_class, level_weights};
use super::weight::{Millibits, Sizes};
pub use checked::{Stated, StatedBand};
use evidence::{Evidence, Example};
pub use refit::{JudgedJoin, Link, Refit, Worth, joins_of, link};

/// A standing decision about who is one, as far as it still holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Records that are one customer, group by group; different groups are different customers.
    pub groups: Vec<Vec<RecordId>>,
    /// Whether it was this decision that made each group one; else it only put groups apart.
    pub joined: bool,
}

/// What decisions taught about one kind of record, as it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Taught<'a> {
    /// The kind.
    pub kind: Kind,
    /// Decisions it was learned from.
    pub decisions: u64,
    /// Joins that people made, or let stand where they decided about the group.
    pub same: u64,
    /// Joins that people refused.
    pub different: u64,
    /// By how much of itself a weight counts more.
    pub slope: f64,
    /// What every pair gets (log2 of the odds).
    pub shift: f64,
    /// What was stated, and what people said.
    pub stated: &'a Stated,
}

impl Model {
    /// What decisions taught, by kind of record; nothing where there were too few.
    pub fn taught(&self) -> impl Iterator<Item = Taught<'_>> {
        let layers = self.kinds.iter().filter_map(|part| Some((part.kind, part.learned.as_ref()?)));
        layers.map(|(kind, layer)| Taught {
            kind,
            decisions: layer.decisions,
            same: layer.same,
            different: layer.different,
            slope: f64::from(layer.slope) / 1000.0,
            shift: layer.shift.bits(),
            stated: &layer.checked,
        })
    }

    /// Standing decisions there were when it was learned.
    #[must_use]
    pub fn judged(&self) -> u64 {
        self.judged
    }
}

/// Fewer joins judged teach nothing: chance would.
pub const LEAST_JOINS: usize = 20;

/// What was learned from decisions about one kind of record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Layer {
    /// Decisions it was learned from.
    pub(crate) decisions: u64,
    /// Joins that people made, or let stand where they decided about the group.
    pub(crate) same: u64,
    /// Joins that people refused.
    pub(crate) different: u64,
    /// Thousandths by which a weight counts more; never less than -1000.
    slope: i32,
    /// What every pair gets.
    shift: Millibits,
    /// What each level gets, by comparison and level.
    corrections: Vec<Vec<Millibits>>,
    /// What it states of decisions it was not learned from, beside what people said.
    pub(crate) checked: Stated,
}

impl Layer {
    /// Whether it was learned for these comparisons.
    pub(crate) fn fits(&self, comparisons: &[ComparisonModel]) -> bool {
        self.corrections.len() == comparisons.len()
            && self
                .corrections
                .iter()
                .zip(comparisons)
                .all(|(own, it)| own.len() == it.levels.len())
    }

    /// What the levels of a pair (counted from 1, 0 missing) get.
    pub(crate) fn correction(&self, levels: &[u8]) -> Millibits {
        let known = self.corrections.iter().zip(levels).filter(|(_, level)| **level > 0);
        known.map(|(own, level)| own[usize::from(*level) - 1]).sum()
    }

    /// A weight with what was learned, for levels that get `correction`. More weight never becomes
    /// less.
    #[inline]
    pub(crate) fn applied(&self, weight: Millibits, correction: Millibits) -> Millibits {
        self.stretched(weight) + self.shift + correction
    }

    /// A part of a weight as it counts with what was learned.
    #[inline]
    pub(crate) fn stretched(&self, weight: Millibits) -> Millibits {
        weight.thousandths(1000 + self.slope)
    }

    /// How it is told beside what it adds.
    pub(crate) fn in_words(&self) -> String {
        let decisions = if self.decisions == 1 { "decision" } else { "decisions" };
        format!("learned from {} {decisions}", self.decisions)
    }
}

/// Learns from the decisions about one kind of record; `None` where they are too few. `scorer`
/// knows nothing of a layer; `sure` candidates reach the threshold from which the machine merges.
pub(super) fn learn(request: &Request<'_>, scorer: &Scorer<'_>, sure: u64) -> Option<Layer> {
    let auto = Millibits::reaching(request.thresholds.auto);
    let review = Millibits::reaching(request.thresholds.review);
    let Evidence { examples, decisions } = evidence::gather(request, scorer);
    if examples.len() < LEAST_JOINS {
        return None;
    }
    let weighing = evidence::Weighing { sure, auto, review };
    let same = examples.iter().filter(|example| example.same).count() as u64;
    Some(Layer {
        decisions,
        same,
        different: examples.len() as u64 - same,
        checked: checked::check(&examples, |examples| {
            learned(scorer.model, &weighing, examples, Stated::default())
        }),
        ..learned(scorer.model, &weighing, &examples, Stated::default())
    })
}

/// Learns from examples, rounds and holds more agreement to more weight.
fn learned(
    model: &KindModel,
    weighing: &evidence::Weighing,
    examples: &[Example],
    checked: Stated,
) -> Layer {
    let own_weights = level_weights(model);
    let weighed = weighing.weighed(examples);
    let levels: Vec<usize> = model.comparisons.iter().map(|it| it.levels.len()).collect();
    let found = fit::fit(&weighed, &levels);
    let slope = ((found.slope * 1000.0).round() as i32).max(-1000);
    let mut corrections: Vec<Vec<Millibits>> = found
        .corrections
        .iter()
        .map(|own| own.iter().copied().map(Millibits::of).collect())
        .collect();
    let found_corrections = corrections.clone();
    for (number, (own, learned)) in corrections.iter_mut().zip(&model.comparisons).enumerate() {
        let weights =
            monotone::Weights { own: &own_weights[number], commonest: commonest(model, learned) };
        monotone::hold(own, &weights, learned.comparison.subject, slope, |level| {
            examples.iter().any(|it| usize::from(it.levels[number]) == level + 1)
        });
        // What people pinned no decision corrects.
        let pinned = own.iter_mut().zip(&learned.levels).filter(|(_, it)| it.pinned.is_some());
        pinned.for_each(|(own, _)| *own = Millibits::ZERO);
    }
    let shift = Millibits::of(found.shift);
    let mut layer =
        Layer { decisions: 0, same: 0, different: 0, slope, shift, corrections, checked };
    if layer.corrections != found_corrections {
        // What the order takes from some levels, all pairs must get.
        layer.shift = Millibits::ZERO;
        let without = |it: &evidence::Weighed<'_>| {
            layer.applied(Millibits::of(it.weight), layer.correction(it.levels)).bits()
        };
        layer.shift = Millibits::of(fit::shift(&weighed, without));
    }
    layer
}

/// How far the commonest value that each level may agree on makes an agreement commoner, by class.
fn commonest(model: &KindModel, learned: &ComparisonModel) -> Vec<Sizes> {
    let subject = learned.comparison.subject;
    let levels = 0..learned.levels.len();
    let of_level = |level: usize| match (subject.agrees)(level as u8) {
        Agreement::On { aspect, at_home } => {
            let table = model.frequencies.iter().find(|table| table.is_of(aspect));
            by_class(at_home, table.map_or(Millibits::ZERO, FrequencyTable::greatest_lift))
        }
        Agreement::WholeName | Agreement::SwappedName | Agreement::SwappedNearly => {
            by_class(false, MOST_LIFT)
        }
        Agreement::Nothing => Sizes::default(),
    };
    levels.map(of_level).collect()
}
