//! The strategies that pick a golden value: one file each, one table.
//!
//! A strategy compares two candidates; the greater one is preferred. Each narrows the candidates
//! to the ones it likes best, and the next breaks its ties.

mod longest;
mod maximum;
mod most_complete;
mod most_frequent;
mod most_recent;
mod most_trusted;
mod oldest;
mod strictest;
mod valid;

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

use crate::domain::{FieldType, RecordId};
use crate::settings::Strategy;

/// The lineage of a value where nothing had to be chosen: one member has it, or all agree.
pub const ONLY_VALUE: &str = "only_value";

/// The lineage of a value that no strategy preferred: the first record's stands.
pub const LOWEST_RECORD: &str = "lowest_record";

/// A member's value of one field, or its values of a group, as strategies see it. Never empty.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'a> {
    pub(super) record: RecordId,
    /// The harmonised value, else the raw one; of a group all of them.
    pub(super) text: Cow<'a, str>,
    /// `None` for a group.
    pub(super) field_type: Option<FieldType>,
    pub(super) soundness: Soundness,
    pub(super) trust: u32,
    pub(super) updated: Option<Timestamp>,
    /// How many sound values its record has; of a group, how many of its fields.
    pub(super) filled: usize,
    /// How many candidates of the best soundness hold the same text.
    pub(super) holders: usize,
}

/// Whether values can be read and break no rule, in ascending order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Soundness {
    /// None of them.
    Unsound,
    /// Of a group: some of them.
    Mixed,
    /// All of them.
    Sound,
}

/// Which member's value survives, and what decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) record: RecordId,
    pub(super) strategy: &'static str,
}

/// The one table of strategies.
fn comparison(strategy: Strategy) -> fn(&Candidate<'_>, &Candidate<'_>) -> Ordering {
    match strategy {
        Strategy::Valid => valid::compare,
        Strategy::MostTrusted => most_trusted::compare,
        Strategy::MostRecent => most_recent::compare,
        Strategy::Oldest => oldest::compare,
        Strategy::MostFrequent => most_frequent::compare,
        Strategy::Longest => longest::compare,
        Strategy::Shortest => |one, other| longest::compare(other, one),
        Strategy::MostComplete => most_complete::compare,
        Strategy::Strictest => strictest::compare,
        Strategy::Maximum => maximum::compare,
        Strategy::Minimum => maximum::compare_reversed,
    }
}

/// Chooses among candidates in ascending order of records; `None` if there are none.
///
/// `valid` comes first whether it is listed or not. What decided is the first strategy that left
/// one distinct value; the ones after it, and the record number in the end, only say which of the
/// members that hold this value it is taken from.
pub(super) fn choose(
    mut candidates: Vec<Candidate<'_>>,
    strategies: &[Strategy],
) -> Option<Choice> {
    let mut decided = agree(&candidates).then_some(ONLY_VALUE);
    let mut prefer = |candidates: &mut Vec<Candidate<'_>>, strategy: Strategy| {
        narrow(candidates, comparison(strategy));
        if decided.is_none() && agree(candidates) {
            decided = Some(strategy.name());
        }
    };
    if candidates.len() > 1 {
        prefer(&mut candidates, Strategy::Valid);
        count_holders(&mut candidates);
        strategies.iter().for_each(|strategy| prefer(&mut candidates, *strategy));
    }
    let first = candidates.first()?;
    Some(Choice { record: first.record, strategy: decided.unwrap_or(LOWEST_RECORD) })
}

/// Keeps the candidates that no other one is preferred to.
fn narrow(
    candidates: &mut Vec<Candidate<'_>>,
    compare: fn(&Candidate<'_>, &Candidate<'_>) -> Ordering,
) {
    let best = candidates.iter().max_by(|one, other| compare(one, other)).cloned();
    if let Some(best) = best {
        candidates.retain(|candidate| compare(candidate, &best).is_eq());
    }
}

/// Whether all candidates hold one and the same value.
fn agree(candidates: &[Candidate<'_>]) -> bool {
    candidates.windows(2).all(|pair| pair[0].text == pair[1].text)
}

fn count_holders(candidates: &mut [Candidate<'_>]) {
    for at in 0..candidates.len() {
        let holders = candidates.iter().filter(|other| other.text == candidates[at].text).count();
        candidates[at].holders = holders;
    }
}
