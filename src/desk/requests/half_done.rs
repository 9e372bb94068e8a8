//! A request is not done while a step is missing, whichever way it comes to that: an undo that takes a step away, or a
//! redo that brings the closing back.

use super::{Asked, is_meant, recipients, standing, steps_that, taken};
use crate::error::DeskError;
use crate::facts::Facts;
use crate::turned::Turned;
use domain::request::missing;
use domain::{DecisionId, MissingStep, RequestStep, TaskId, TaskKind, Verdict};

/// A request that would be closed though a step is missing.
pub(crate) struct HalfDone {
    /// The decision that closes it.
    pub(crate) closing: DecisionId,
    /// What is missing, and the way on.
    pub(crate) why: String,
}

/// Which request these decisions, once taken back, leave done with a step missing that was not missing before.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn half_done(facts: Facts<'_>, turned: &Turned) -> Result<Vec<HalfDone>, DeskError> {
    let mut tasks = std::collections::BTreeSet::new();
    for id in turned.down.iter().chain(&turned.up) {
        let entry = facts.view.decision(*id)?;
        let is_step = |verdict| matches!(verdict, Verdict::Request | Verdict::Correct);
        tasks.extend(entry.filter(|entry| is_step(entry.verdict)).and_then(|entry| entry.task));
    }
    let mut found = Vec::new();
    for task in tasks {
        let stood = |id| Ok(facts.view.decision(id)?.is_some_and(|entry| entry.stands()));
        let stands = |id| turned.stands(facts.view, id);
        let Some((closing, after)) = missing_of_done(facts, task, &stands)? else { continue };
        let before = match missing_of_done(facts, task, &stood)? {
            Some((it, before)) if it == closing => before,
            _ => Vec::new(),
        };
        let Some(step) = after.into_iter().find(|step| !before.contains(step)) else { continue };
        let asked = facts.view.task(task)?.and_then(|entry| Asked::of(&entry.task));
        let Some(asked) = asked else { continue };
        let why = match step {
            Some(step) => format!("{task} is not done: {}", step.words(&task, asked.customer)),
            None => format!("{task} would be closed though it was never recorded"),
        };
        found.push(HalfDone { closing, why });
    }
    Ok(found)
}

/// What closed a request, and what is missing of it; `None` among it: that it was recorded does not stand.
type Missing = (DecisionId, Vec<Option<MissingStep>>);

/// What is missing of a request that is closed, as somebody judges what stands, with what closed it.
fn missing_of_done(
    facts: Facts<'_>,
    task: TaskId,
    stands: &dyn Fn(DecisionId) -> Result<bool, DeskError>,
) -> Result<Option<Missing>, DeskError> {
    let entry = facts.view.task(task)?.filter(|entry| entry.task.kind == TaskKind::Request);
    let Some(asked) = entry.and_then(|entry| Asked::of(&entry.task)) else { return Ok(None) };
    let steps = steps_that(facts, task, stands)?;
    let closes = |step: &Option<RequestStep>| step.as_ref().is_some_and(RequestStep::closes);
    let Some(closing) = steps.iter().rfind(|taken| closes(&taken.step)) else { return Ok(None) };
    let mut left = Vec::new();
    if !is_meant(asked, &steps) {
        left.push(None);
    }
    if closing.step == Some(RequestStep::Refused) {
        return Ok(Some((closing.decision, left)));
    }
    let closed = facts.view.decision(closing.decision)?.map(|entry| entry.place.sequence);
    let told = recipients::of(facts, asked.customer, &steps, closed)?;
    let named = super::requested(facts, asked.decision)?.fields;
    let mut standing =
        standing(&steps, &told, &named, facts.view.erased_in(asked.customer)?.is_some());
    standing.answered = closing.text.is_some();
    left.extend(missing(asked.kind, taken(&steps), standing).into_iter().map(Some));
    Ok(Some((closing.decision, left)))
}
