//! What people said of the pairs that were drawn below review.

use std::collections::BTreeSet;

use crate::error::DeskError;
use crate::facts::Facts;
use domain::elusion::{BeyondDraw, ElusionDraw, ElusionSample};
use domain::{RecordId, TaskId};
use matching::elusion::Look;

/// The band of each draw, and whether its pair is a match that nobody had found; `None` where nobody has
/// said so yet.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn answers(
    facts: Facts<'_>,
    sample: &ElusionSample,
) -> Result<Vec<(usize, Option<bool>)>, DeskError> {
    let of = |draw: &ElusionDraw| Ok((usize::from(draw.band), answer(facts, draw)?));
    sample.draws.iter().map(of).collect()
}

/// What people said of the records that were compared with every other.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn looks(facts: Facts<'_>, sample: &ElusionSample) -> Result<Vec<Look>, DeskError> {
    let of = |draw: &BeyondDraw| {
        let answers = draw.near.iter().map(|near| said(facts, draw.record, near.record));
        let answers = answers.collect::<Result<_, _>>()?;
        Ok(Look { alone: draw.alone, members: draw.members, answers })
    };
    sample.beyond.draws.iter().map(of).collect()
}

fn answer(facts: Facts<'_>, draw: &ElusionDraw) -> Result<Option<bool>, DeskError> {
    draw.pair.map_or(Ok(Some(false)), |(left, right)| said(facts, left, right))
}

/// Whether two records are one customer; `None` where nobody has said so yet, or can any more.
fn said(facts: Facts<'_>, left: RecordId, right: RecordId) -> Result<Option<bool>, DeskError> {
    let (left, right) = (facts.view.record(left)?, facts.view.record(right)?);
    if left.erased || right.erased {
        // Nobody can say any more.
        return Ok(None);
    }
    if left.customer == right.customer {
        return Ok(Some(true));
    }
    let (one, other) = (facts.view.customer(left.customer)?, facts.view.customer(right.customer)?);
    let (Some(one), Some(other)) = (one, other) else { return Ok(None) };
    Ok((!facts.apart(&one, &other)?.is_empty()).then_some(false))
}

/// The tasks that ask about the sample of the last run: no proposal of a run, so that none is settled
/// because a run does not propose it.
///
/// # Errors
/// When the ledger is damaged.
pub(crate) fn asked(facts: Facts<'_>) -> Result<BTreeSet<TaskId>, DeskError> {
    let sample = facts.last_match()?.and_then(|last| last.elusion);
    Ok(sample.iter().flat_map(ElusionSample::tasks).collect())
}

/// Whether a task of the sample waits.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn is_waiting(facts: Facts<'_>, sample: &ElusionSample) -> Result<bool, DeskError> {
    for task in sample.tasks() {
        if facts.view.task(task)?.is_some_and(|entry| entry.task.state.is_pending()) {
            return Ok(true);
        }
    }
    Ok(false)
}
