//! The strategies that pick a golden value: one file each, one table.
//!
//! A strategy compares two candidates; the greater one is preferred. Each narrows the candidates
//! to the ones it likes best, and the next breaks its ties.

mod consent;
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

use domain::consent::Statement;
use domain::expression::Expression;
use domain::{FieldType, RecordId, Values};
use settings::{CoreFill, SOURCE_OF_RECORD, Step, Strategy};

/// The lineage of a value where nothing had to be chosen: one member has it, or all agree.
pub const ONLY_VALUE: &str = "only_value";

/// The lineage of values that survive together, where the others said less: they lacked the core of
/// the group, or only repeated a part of these.
pub const FULLEST: &str = "fullest";

/// The lineage of a value that survived because the others had expired.
pub const NOT_EXPIRED: &str = "not_expired";

/// The lineage of a full name that is put together from the parts that survived: the record that
/// delivers them says no full name.
pub const FROM_PARTS: &str = "from_parts";

/// Between the values of a group; no value holds it, so that equal texts are equal field by field.
pub(super) const SEPARATOR: char = '\u{1f}';

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
    /// How much of the group's core its record fills with sound values.
    pub(super) core: CoreFill,
    pub(super) soundness: Soundness,
    pub(super) trust: u32,
    /// Whether what its source says of such an age gives way to all others.
    pub(super) expired: bool,
    /// All that its record says, and where that came from.
    pub(super) values: &'a Values,
    pub(super) source: &'a str,
    pub(super) updated: Option<Timestamp>,
    /// How many sound values its record has; of a group, how many of its fields.
    pub(super) filled: usize,
    /// What it says, and since when; only of a field of type consent.
    pub(super) consent: Option<&'a Statement>,
    /// How many candidates of the best soundness hold the same text.
    pub(super) holders: usize,
}

impl Candidate<'_> {
    /// Whether a condition holds of its record.
    fn holds(&self, when: &Expression) -> bool {
        when.holds(&|name| match name {
            SOURCE_OF_RECORD => Some(Cow::Borrowed(self.source)),
            name => self.values.get(name).map(|value| Cow::Borrowed(value.shown())),
        })
    }
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
    pub(super) strategy: Cow<'static, str>,
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
        Strategy::Consent => consent::compare,
        Strategy::Maximum => maximum::compare,
        Strategy::Minimum => maximum::compare_reversed,
    }
}

/// Chooses among candidates in ascending order of records; `None` if there are none.
///
/// Of a group, records with its core go before all others. `valid` comes next whether it is listed or
/// not, and then what only repeats a part of another record's group is left out. What decided is the first strategy that left
/// one distinct value; the ones after it, and the record number in the end, only say which of the
/// members that hold this value it is taken from.
pub(super) fn choose(mut candidates: Vec<Candidate<'_>>, steps: &[Step]) -> Option<Choice> {
    let mut decided = agree(&candidates).then_some(Cow::Borrowed(ONLY_VALUE));
    let mut decide_by = |candidates: &[Candidate<'_>], by: &dyn Fn() -> Cow<'static, str>| {
        if decided.is_none() && agree(candidates) {
            decided = Some(by());
        }
    };
    let mut decide = |candidates: &[Candidate<'_>], by: &'static str| {
        decide_by(candidates, &|| Cow::Borrowed(by));
    };
    if candidates.len() > 1 {
        // A refusal must not give way because its value breaks a rule.
        if steps.first().is_some_and(|first| *first == Strategy::Consent) {
            narrow(&mut candidates, consent::compare);
            decide(&candidates, Strategy::Consent.name());
        }
        narrow(&mut candidates, |one, other| one.core.cmp(&other.core));
        decide(&candidates, FULLEST);
        narrow(&mut candidates, comparison(Strategy::Valid));
        decide(&candidates, Strategy::Valid.name());
        narrow(&mut candidates, |one, other| other.expired.cmp(&one.expired));
        decide(&candidates, NOT_EXPIRED);
        leave_out_parts(&mut candidates);
        decide(&candidates, FULLEST);
        count_holders(&mut candidates);
        for step in steps {
            if let Some(when) = &step.when {
                let holds = |candidate: &Candidate<'_>| candidate.holds(when);
                if !candidates.iter().any(holds) {
                    continue;
                }
                candidates.retain(holds);
            }
            narrow(&mut candidates, comparison(step.strategy));
            decide_by(&candidates, &|| step.in_lineage());
        }
    }
    let first = candidates.first()?;
    Some(Choice { record: first.record, strategy: decided.unwrap_or(Cow::Borrowed(LOWEST_RECORD)) })
}

/// Keeps the candidates that no other one is preferred to.
fn narrow(
    candidates: &mut Vec<Candidate<'_>>,
    compare: impl Fn(&Candidate<'_>, &Candidate<'_>) -> Ordering,
) {
    let best = candidates.iter().max_by(|one, other| compare(one, other)).cloned();
    if let Some(best) = best {
        candidates.retain(|candidate| compare(candidate, &best).is_eq());
    }
}

/// Leaves out what only repeats a part of another candidate's group: the same address without its
/// postcode says nothing of its own, however recent it is.
fn leave_out_parts(candidates: &mut Vec<Candidate<'_>>) {
    let is_part_of = |one: &Candidate<'_>, other: &Candidate<'_>| {
        let fields = one.text.split(SEPARATOR).zip(other.text.split(SEPARATOR));
        let repeats = |(own, others): (&str, &str)| own.is_empty() || own == others;
        one.text != other.text && one.filled < other.filled && fields.into_iter().all(repeats)
    };
    let whole = candidates.clone();
    candidates.retain(|one| !whole.iter().any(|other| is_part_of(one, other)));
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
