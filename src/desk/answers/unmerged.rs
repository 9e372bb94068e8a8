//! Why the machine leaves customers to people: what of it only the desk knows.

use super::comparison::{self, Whole};
use super::explanation::{self, Closest};
use crate::enforce;
use crate::error::DeskError;
use crate::facts::{Facts, RecordFacts};
use crate::grants::Sampled;
use crate::label::spoken_name_of;
use domain::{CensusId, CustomerId, CustomerState, RecordId, RuleId, Task, TaskKind};
use door::views::{ExplanationView, Unmerged};
use intake::merge::membership;
use matching::{Beside, Claim, Model};

/// A customer as far as it matters here.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) id: CustomerId,
    pub(super) state: &'a CustomerState,
    pub(super) members: &'a [RecordFacts],
}

impl<'a> From<&'a Whole> for Side<'a> {
    fn from(whole: &'a Whole) -> Self {
        Self { id: whole.id, state: &whole.state, members: &whole.members }
    }
}

/// The best pair of two customers, explained, with what decisions and their other records say of the
/// two: the one place that says why they were not merged. Beside it, how the two stand to each other.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn of_customers(
    facts: Facts<'_>,
    model: &Model,
    (left, right): (Side<'_>, Side<'_>),
    closest: &Closest<'_>,
) -> Result<(ExplanationView, Beside), DeskError> {
    let crossed = closest.crossed;
    let (mut pair, mut beside) = explanation::judged(facts, model, closest.best.0, closest.best.1)?;
    pair.unmerged.decisions = facts.apart(left.state, right.state)?;
    if !pair.unmerged.decisions.is_empty() {
        beside = Beside::Two;
    }
    // Two single records are the pair itself, which says what contradicts.
    let is_pair = |side: &Side<'_>| side.members.len() == 1 && side.state.pins.is_empty();
    let between = match [left, right].iter().all(is_pair) {
        true => None,
        false => {
            let two = [left, right].into_iter().map(|side| (side.state, side.members));
            comparison::contradiction(facts, two)?
        }
    };
    // A merge needs that all pairs together are sure; of the best one its own weight is told.
    let thresholds = facts.settings.matching;
    let is_sure = crossed.best >= thresholds.auto;
    let least = if is_sure { thresholds.auto } else { thresholds.review };
    if crossed.pairs > 1 && crossed.least < least {
        let weak = explanation::of_pair(facts, model, closest.least.0, closest.least.1)?;
        let lacks = &mut pair.unmerged.lacks;
        let contradicts = weak.unmerged.contradictions().filter(|it| !lacks.contains(it));
        let told: Vec<String> = contradicts.cloned().collect();
        // What contradicts says more than how little they match.
        if told.is_empty() {
            pair.unmerged.least_alike = Some(crossed.least);
        }
        lacks.splice(0..0, told);
    }
    // Their best records may hold nothing of what contradicts.
    let lacks = &mut pair.unmerged.lacks;
    lacks.splice(0..0, between.filter(|it| !lacks.contains(it)));
    if crossed.pairs > 1 && pair.unmerged.first().is_none() {
        pair.unmerged.lacks = of_other_records(facts, model, (left.members, right.members))?;
    }
    Ok((pair, beside))
}

/// Records of either customer that are asked, where the best pair says nothing against a merge.
const ASKED: usize = 6;

/// What the first pair of records lacks of which anything is to be said: a man's and a woman's name, where a
/// short form of both is with one of the two.
fn of_other_records(
    facts: Facts<'_>,
    model: &Model,
    (left, right): (&[RecordFacts], &[RecordFacts]),
) -> Result<Vec<String>, DeskError> {
    for one in left.iter().take(ASKED) {
        for other in right.iter().take(ASKED) {
            let pair = explanation::of_pair(facts, model, one, other)?;
            if !pair.unmerged.lacks.is_empty() {
                return Ok(pair.unmerged.lacks);
            }
        }
    }
    Ok(Vec::new())
}

/// Adds to each pair who of the two fits somebody else nearly as well: whichever join were made, it might be the
/// wrong one. `claims` stand as the pairs do.
pub(super) fn of_several(
    facts: Facts<'_>,
    wholes: &[Whole],
    claims: &[Claim],
    pairs: &mut [ExplanationView],
) {
    let contested = matching::contested(claims, facts.settings.matching);
    let may_be_one = |claim: &Claim| claim.beside.may_be_one();
    for (claim, pair) in claims.iter().zip(pairs).filter(|(claim, _)| may_be_one(claim)) {
        let (left, right) = claim.places;
        let Some(place) = contested.iter().find(|place| **place == left || **place == right) else {
            continue;
        };
        let whole = &wholes[*place];
        let name = spoken_name_of(facts.settings, whole.compared());
        pair.unmerged.fits_two = Some(name.unwrap_or_else(|| whole.id.to_string()));
    }
}

/// How many of the reasons are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of them, of the task that is looked at.
    All,
    /// The first, of each in a list: a stratum is a whole event of the ledger to be read.
    First,
}

/// Adds what a task is asked for though its pair is sure enough: a rule that a merge would break, a
/// stratum that is being sampled.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn of_task(
    facts: Facts<'_>,
    (task, wanted): (&Task, Wanted),
    sides: &[Side<'_>],
    unmerged: &mut Unmerged,
) -> Result<(), DeskError> {
    if task.kind != TaskKind::Duplicate || !task.state.is_pending() {
        return Ok(());
    }
    if unmerged.first().is_none() {
        unmerged.breaks = would_break(facts, sides)?;
    }
    if wanted == Wanted::All || unmerged.first().is_none() {
        unmerged.sampled_in = sampled_in(facts, sides)?;
    }
    Ok(())
}

/// The rules that one customer made of all of them would break.
fn would_break(facts: Facts<'_>, sides: &[Side<'_>]) -> Result<Vec<RuleId>, DeskError> {
    let Some(first) = sides.first() else { return Ok(Vec::new()) };
    let customers: Vec<_> = sides.iter().map(|side| (side.id, side.state.clone())).collect();
    let merged = membership::merge(first.id, &customers);
    match merged.into_iter().find(|(id, _)| *id == first.id) {
        Some((_, state)) => enforce::broken_by(facts, &state),
        None => Ok(Vec::new()),
    }
}

/// The open stratum that counts a join within these customers.
fn sampled_in(facts: Facts<'_>, sides: &[Side<'_>]) -> Result<Option<CensusId>, DeskError> {
    let members = sides.iter().flat_map(|side| side.members);
    let records: Vec<RecordId> = members.map(|member| member.id).collect();
    Ok(Sampled::of(facts)?.within(&records))
}
