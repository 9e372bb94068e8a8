//! Why the machine leaves customers to people: what of it only the desk knows.

use super::comparison::Whole;
use super::explanation::Crossed;
use crate::enforce;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::grants::{Counted, open};
use crate::label::spoken_name_of;
use domain::{CensusId, RecordId, RuleId, Task, TaskKind};
use door::views::{ExplanationView, Unmerged};
use intake::merge::membership;
use matching::{Beside, Claim};

/// Adds to what a pair's own evidence says what decisions, other records and strata say of the two.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn of_customers(
    facts: Facts<'_>,
    (left, right): (&Whole, &Whole),
    crossed: &Crossed,
    pair: &mut ExplanationView,
) -> Result<(), DeskError> {
    let unmerged = &mut pair.unmerged;
    unmerged.decisions = facts.apart(&left.state, &right.state)?;
    // A merge needs that all pairs together are sure; of the best one its own weight is told.
    let thresholds = facts.settings.matching;
    let is_sure = crossed.best >= thresholds.auto;
    let least = if is_sure { thresholds.auto } else { thresholds.review };
    let is_doubtful = crossed.pairs > 1 && crossed.least < least;
    unmerged.least_alike = is_doubtful.then_some(crossed.least);
    Ok(())
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
    let may_be_one = |claim: &Claim| claim.beside == Beside::MayBeOne;
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

/// Adds what a task is asked for though its pair is sure enough: a rule that a merge would break, a
/// stratum that is being sampled.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn of_task(
    facts: Facts<'_>,
    task: &Task,
    wholes: &[Whole],
    unmerged: &mut Unmerged,
) -> Result<(), DeskError> {
    if task.kind != TaskKind::Duplicate || !task.state.is_pending() {
        return Ok(());
    }
    if unmerged.first().is_none() {
        unmerged.breaks = would_break(facts, wholes)?;
    }
    unmerged.sampled_in = sampled_in(facts, wholes)?;
    Ok(())
}

/// The rules that one customer made of all of them would break.
fn would_break(facts: Facts<'_>, wholes: &[Whole]) -> Result<Vec<RuleId>, DeskError> {
    let Some(first) = wholes.first() else { return Ok(Vec::new()) };
    let customers: Vec<_> = wholes.iter().map(|whole| (whole.id, whole.state.clone())).collect();
    let merged = membership::merge(first.id, &customers);
    match merged.into_iter().find(|(id, _)| *id == first.id) {
        Some((_, state)) => enforce::broken_by(facts, &state),
        None => Ok(Vec::new()),
    }
}

/// The open stratum that counts a join within these customers.
fn sampled_in(facts: Facts<'_>, wholes: &[Whole]) -> Result<Option<CensusId>, DeskError> {
    let within = |records: &[RecordId]| {
        records.iter().all(|record| {
            wholes.iter().flat_map(|whole| &whole.members).any(|member| member.id == *record)
        })
    };
    for id in open(facts)? {
        let counted = Counted::read(facts, id)?;
        let units = &counted.taken.units;
        if units.iter().any(|units| within(&units.left) && within(&units.right)) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}
