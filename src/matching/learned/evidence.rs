//! What decisions say of pairs, and how much each counts.
//!
//! A decision is a partition of records and not so many answers about pairs: its pairs depend on
//! one another, and most were never looked at for themselves. What a person judges are *joins*. So a
//! decision is read as its joins: within each group the best links that hold it together (one less
//! than it has records), between groups the best links that would have joined them (one less than
//! it has groups). What the machine had joined before is among them: people saw it and let it stand.
//! A group of three sets a weak pair beside two strong ones: taken as an example
//! of its own it would teach that such weak pairs are matches, of which thousands are none. That the
//! best link is taken on both sides, whatever people said of it, makes the two comparable.
//!
//! Labels are no random sample, and what is learned must not unlearn what is sure:
//!
//! - *From review to auto* every pair is shown for its weight alone, which the layer knows: each
//!   counts as 1.
//! - *At auto and above* a pair is only shown because something forbids the machine to merge it,
//!   which is no matter of its weight. Such labels count as the share of all pairs that sure which
//!   people have judged (at least [`LEAST_SHARE`]): the others stand as they are.
//! - *Below review* nothing is shown. Each of a few bands of weight there holds what it says by
//!   itself, worth [`BELIEF`] labels, less those there are: random samples take its place.

use std::collections::BTreeMap;

use domain::RecordId;

use super::super::cluster::Sets;
use super::super::compare::Cache;
use super::super::engine::Request;
use super::super::score::Scorer;
use super::super::weight::Millibits;
use super::Judgement;

/// Labels of sure pairs never count less than this.
const LEAST_SHARE: f64 = 0.05;
/// What a band below review is worth, in labels.
const BELIEF: f64 = 3.0;
/// How wide such a band is, and how many there are.
const BAND: Millibits = Millibits(2_000);
const BANDS: i32 = 5;
/// Nobody looked at every pair of a decision about more records: it teaches nothing.
const MOST_RECORDS: usize = 60;

/// A judged join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Example {
    /// Levels of its best link, counted from 1; 0 missing.
    pub(super) levels: Vec<u8>,
    /// Its weight as it is.
    pub(super) weight: Millibits,
    /// Whether people said that it is one customer.
    pub(super) same: bool,
    /// Number of the decision.
    pub(super) decision: usize,
}

/// Judged joins, in the order of their records.
pub(super) struct Evidence {
    pub(super) examples: Vec<Example>,
    /// Decisions they are from.
    pub(super) decisions: u64,
}

/// Reads the decisions as joins. What two of them say of one pair counts once, as the later says.
pub(super) fn gather(request: &Request<'_>, scorer: &Scorer<'_>) -> Evidence {
    let rows = request.columns.rows();
    let mut cache = Cache::new();
    let mut score = |left: RecordId, right: RecordId| {
        let (a, b) = (rows(left)?, rows(right)?);
        let is_of_kind = |row| request.columns.kind(row) == scorer.model.kind;
        if !is_of_kind(a) || !is_of_kind(b) {
            return None;
        }
        let levels = scorer.grade(a.min(b), a.max(b), &mut cache);
        let weight = scorer.assess(&levels, a.min(b), a.max(b)).weight;
        Some((levels, weight))
    };
    let mut known: BTreeMap<(RecordId, RecordId), Example> = BTreeMap::new();
    for (decision, judgement) in request.constraints.judgements.iter().enumerate() {
        for (left, right, same) in joins(judgement, &mut |a, b| score(a, b).map(|(_, it)| it)) {
            if let Some((levels, weight)) = score(left, right) {
                known.insert((left, right), Example { levels, weight, same, decision });
            }
        }
    }
    let examples: Vec<Example> = known.into_values().collect();
    let mut decisions: Vec<usize> = examples.iter().map(|example| example.decision).collect();
    decisions.sort_unstable();
    decisions.dedup();
    Evidence { decisions: decisions.len() as u64, examples }
}

/// The joins of a decision: its best links, and whether each was made.
pub(super) fn joins(
    judgement: &Judgement,
    weight: &mut dyn FnMut(RecordId, RecordId) -> Option<Millibits>,
) -> Vec<(RecordId, RecordId, bool)> {
    let records: Vec<(RecordId, usize)> = judgement
        .groups
        .iter()
        .enumerate()
        .flat_map(|(group, records)| records.iter().map(move |record| (*record, group)))
        .collect();
    if records.len() > MOST_RECORDS {
        return Vec::new();
    }
    let mut links = Vec::new();
    for (at, (left, group)) in records.iter().enumerate() {
        for (place, (right, other)) in records.iter().enumerate().skip(at + 1) {
            let (low, high) = (*left.min(right), *left.max(right));
            if let Some(weight) = weight(low, high) {
                links.push((group != other, std::cmp::Reverse(weight), low, high, at, place));
            }
        }
    }
    // Those within groups first; among equals the lower records.
    links.sort_unstable();
    let mut sets = Sets::new(records.len());
    let mut joins = Vec::new();
    for (apart, _, low, high, at, place) in links {
        let (at, place) = (at as u32, place as u32);
        if sets.root(at) != sets.root(place) {
            sets.join(at, place);
            if apart || judgement.joined {
                joins.push((low, high, !apart));
            }
        }
    }
    joins
}

/// An example as it counts in fitting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weighed<'a> {
    /// See [`Example::levels`]; empty for what a band of weight says by itself.
    pub(super) levels: &'a [u8],
    /// log2 of its odds as they are.
    pub(super) weight: f64,
    /// The chance that it is one customer: 0 or 1 where people said so.
    pub(super) same: f64,
    /// How many labels it counts as.
    pub(super) counts: f64,
}

/// What examples are weighed by.
pub(super) struct Weighing {
    /// Candidates at `auto` and above.
    pub(super) sure: u64,
    pub(super) auto: Millibits,
    pub(super) review: Millibits,
}

impl Weighing {
    /// Examples as they count, and what is known without them.
    pub(super) fn weighed<'a>(&self, examples: &'a [Example]) -> Vec<Weighed<'a>> {
        let judged = examples.iter().filter(|it| it.weight >= self.auto).count();
        let share = (judged as f64 / self.sure.max(1) as f64).clamp(LEAST_SHARE, 1.0);
        let labels = examples.iter().map(|it| Weighed {
            levels: &it.levels,
            weight: it.weight.bits(),
            same: f64::from(u8::from(it.same)),
            counts: if it.weight >= self.auto { share } else { 1.0 },
        });
        labels.chain(self.below_review(examples)).collect()
    }

    /// What the bands below review say by themselves.
    fn below_review<'a>(&self, examples: &'a [Example]) -> impl Iterator<Item = Weighed<'a>> {
        (1..=BANDS).filter_map(move |band| {
            let from = Millibits(self.review.0.saturating_sub(band * BAND.0));
            let within = |it: &&Example| it.weight >= from && it.weight < from + BAND;
            let counts = BELIEF - examples.iter().filter(within).count() as f64;
            let middle = from + Millibits(BAND.0 / 2);
            (counts > 0.0).then(|| Weighed {
                levels: &[],
                weight: middle.bits(),
                same: middle.probability(),
                counts,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement(groups: &[&[u32]]) -> Judgement {
        let records = |group: &&[u32]| group.iter().copied().map(RecordId).collect();
        Judgement { groups: groups.iter().map(records).collect(), joined: true }
    }

    /// Joins under weights that fall with the distance of the record numbers.
    fn joined(groups: &[&[u32]]) -> Vec<(u32, u32, bool)> {
        let weight = |a: RecordId, b: RecordId| Some(Millibits(-(b.0 as i32 - a.0 as i32)));
        let joins = joins(&judgement(groups), &mut { weight });
        joins.into_iter().map(|(a, b, same)| (a.0, b.0, same)).collect()
    }

    #[test]
    fn a_decision_is_its_best_links_and_no_more() {
        assert_eq!(joined(&[&[1, 2, 9]]), [(1, 2, true), (2, 9, true)]);
        assert_eq!(joined(&[&[1], &[4]]), [(1, 4, false)]);
        // Two customers of two records each: what keeps them apart is one refused join.
        assert_eq!(joined(&[&[1, 3], &[4, 8]]), [(1, 3, true), (4, 8, true), (3, 4, false)]);
        let many: Vec<u32> = (0..61).collect();
        assert!(joined(&[&many]).is_empty());
        assert!(joined(&[&[7]]).is_empty());
        let apart = Judgement { joined: false, ..judgement(&[&[1, 3], &[4, 8]]) };
        let said = super::joins(&apart, &mut |_, _| Some(Millibits(0)));
        assert_eq!(said, [(RecordId(1), RecordId(4), false)], "who is in a group was not asked");
    }

    fn example(weight: i32, same: bool) -> Example {
        Example { levels: vec![1], weight: Millibits(weight), same, decision: 0 }
    }

    #[test]
    fn sure_pairs_count_as_the_share_of_them_that_was_judged() {
        let weighing = Weighing { sure: 40, auto: Millibits(6_000), review: Millibits(0) };
        let mut examples = vec![example(100, true), example(7_000, false)];
        let counts = |examples: &[Example]| {
            let weighed = weighing.weighed(examples);
            weighed.iter().map(|it| it.counts).take(examples.len()).collect::<Vec<_>>()
        };
        assert_eq!(counts(&examples), [1.0, LEAST_SHARE]);
        examples.extend((0..19).map(|_| example(9_000, true)));
        assert_eq!(counts(&examples)[..2], [1.0, 0.5]);
        examples.extend((0..80).map(|_| example(9_000, true)));
        assert_eq!(counts(&examples)[1], 1.0, "never more than one that was shown for its weight");
    }

    #[test]
    fn bands_nobody_was_shown_hold_what_they_say_until_samples_do() {
        let weighing = Weighing { sure: 0, auto: Millibits(6_000), review: Millibits(0) };
        let bands = |examples: &[Example]| -> Vec<(f64, f64)> {
            let weighed = weighing.weighed(examples);
            weighed.iter().skip(examples.len()).map(|it| (it.weight, it.counts)).collect()
        };
        let all = [-1.0, -3.0, -5.0, -7.0, -9.0];
        assert_eq!(bands(&[]), all.map(|middle| (middle, BELIEF)));
        let sampled = [example(-500, true), example(-2_500, false), example(-900, true)];
        assert_eq!(bands(&sampled)[..2], [(-1.0, 1.0), (-3.0, 2.0)]);
        let more: Vec<Example> = (0..3).map(|_| example(-1_999, false)).collect();
        assert_eq!(bands(&more)[0].0, -3.0, "samples took its place");
    }
}
