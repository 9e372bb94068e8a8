//! What a task is about in few words: for lists, for the pane under the queue, for programs.

use super::comparison::{self, Whole};
use super::explanation;
use super::unmerged::{self, Side, Wanted};
use crate::error::DeskError;
use crate::facts::Facts;
use crate::label::{name_of, spoken_label, subject_label};
use crate::queue::fits_two;
use domain::{CustomerId, Shown, Task, TaskKind};
use door::views::{Dispute, ExplanationView, TaskSummary, WEAKEST_LINK};

/// Customers that are named; of more it is said how many.
const NAMED: usize = 3;

/// Of a comparison that is read already.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn of_view(
    facts: Facts<'_>,
    task: Option<&Task>,
    wholes: &[Whole],
    pairs: &mut [ExplanationView],
) -> Result<TaskSummary, DeskError> {
    let names = wholes.iter().take(NAMED).map(|whole| {
        let address = || whole.members.first().map(|member| member.body.address.to_string());
        let name = name_of(facts.settings, whole.compared()).or_else(address);
        name.unwrap_or_else(|| whole.id.to_string())
    });
    let mut summary = TaskSummary {
        names: names.collect(),
        more: wholes.len().saturating_sub(NAMED),
        weakest: weakest(task),
        ..TaskSummary::default()
    };
    if task.is_some_and(|task| task.kind == TaskKind::Invalid) {
        return Ok(summary);
    }
    // Of equally likely ones the first.
    let best = pairs
        .iter_mut()
        .reduce(|best, pair| if pair.probability > best.probability { pair } else { best });
    let Some(best) = best else { return Ok(summary) };
    // Whoever of a group contradicts another keeps it from being one.
    let between = wholes.iter().map(|whole| (&whole.state, whole.members.as_slice()));
    let between = comparison::contradiction(facts, between)?;
    if let Some(task) = task {
        let sides: Vec<Side<'_>> = wholes.iter().map(Side::from).collect();
        unmerged::of_task(facts, (task, Wanted::All), &sides, &mut best.unmerged)?;
    }
    summary.pattern = best.pattern.clone();
    summary.competing = best.competing.clone();
    if task.is_none_or(|task| task.kind == TaskKind::Duplicate) {
        summary.not_merged = best.unmerged.first_beside(between);
    }
    Ok(summary)
}

/// Of a task of which no more is wanted than that; none of what is asked blind, and of records that
/// break rules.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn of_task(facts: Facts<'_>, task: &Task) -> Result<Option<TaskSummary>, DeskError> {
    if task.kind.may_be_blind() || task.kind == TaskKind::Invalid {
        return Ok(None);
    }
    let mut live: Vec<CustomerId> = Vec::new();
    for customer in &task.customers {
        let now = facts.view.follow(*customer)?.unwrap_or(*customer);
        if !live.contains(&now) {
            live.push(now);
        }
    }
    let mut summary = TaskSummary {
        more: live.len().saturating_sub(NAMED),
        weakest: weakest(Some(task)),
        ..TaskSummary::default()
    };
    for customer in live.iter().take(NAMED) {
        summary.names.push(subject_label(facts, *customer)?);
    }
    if task.kind == TaskKind::Duplicate
        && live.len() > 1
        && let Some((best, between)) = best_of(facts, task, &live)?
    {
        let weakest = summary.weakest.filter(|it| *it < facts.settings.matching.auto);
        let link = weakest.map(|weakest| format!("{WEAKEST_LINK}{}", domain::score(weakest)));
        summary.not_merged = best.unmerged.first_beside(between).or(link);
        (summary.pattern, summary.competing) = (best.pattern, best.competing);
    }
    Ok(Some(summary))
}

/// Customers of a task that are all compared with each other: of more the first one with each, for a list
/// has no time.
const COMPARED: usize = 4;

/// The best pair of its customers, with why the task is left to people, and what contradicts between any of
/// them.
fn best_of(
    facts: Facts<'_>,
    task: &Task,
    customers: &[CustomerId],
) -> Result<Option<(ExplanationView, Option<String>)>, DeskError> {
    let Some(model) = facts.model()? else { return Ok(None) };
    let mut read = Vec::new();
    for id in customers {
        let Some(state) = facts.view.customer(*id)? else { continue };
        let members = facts.members(&state)?;
        read.push((*id, state, members));
    }
    let sides: Vec<Side<'_>> =
        read.iter().map(|(id, state, members)| Side { id: *id, state, members }).collect();
    let firsts = if sides.len() <= COMPARED { sides.len() } else { 1 };
    let mut scores = Vec::new();
    let mut best: Option<((Side<'_>, Side<'_>), explanation::Closest<'_>)> = None;
    for (at, one) in sides.iter().enumerate().take(firsts) {
        for (to, other) in sides.iter().enumerate().skip(at + 1) {
            let found = match (sides.len(), one.members, other.members) {
                // Of one pair alone no score is wanted: it is explained anyway.
                (2, [left], [right]) => Some(explanation::Closest::only((left, right))),
                _ => explanation::closest_pair(facts, &model, one.members, other.members)?,
            };
            let Some(found) = found else { continue };
            scores.push(((at, to), found.crossed.best));
            // Of equally likely ones the first, as beside each other.
            if best.as_ref().is_none_or(|(_, best)| found.crossed.best > best.crossed.best) {
                best = Some(((*one, *other), found));
            }
        }
    }
    let Some((two, closest)) = best else { return Ok(None) };
    let (mut best, _) = unmerged::of_customers(facts, &model, two, &closest)?;
    let may_be_torn = sides.len() < customers.len() || may_be_torn(facts, &scores);
    if may_be_torn && let Some(torn) = fits_two(facts, &model, customers)? {
        best.unmerged.fits_two = Some(spoken_label(facts, torn)?);
    }
    unmerged::of_task(facts, (task, Wanted::First), &sides, &mut best.unmerged)?;
    let between = match sides.len() {
        // That of the best pair is known.
        ..=2 => None,
        _ => {
            let compared = sides.iter().take(COMPARED).map(|side| (side.state, side.members));
            comparison::contradiction(facts, compared)?
        }
    };
    Ok(Some((best, between)))
}

/// Whether any customer may be one with two of the others, by the best scores of all pairs: who is not fits no
/// two of them, however they stand to each other.
fn may_be_torn(facts: Facts<'_>, scores: &[((usize, usize), f64)]) -> bool {
    /// Scores and weights are rounded each in its own way.
    const SLACK: f64 = 1e-6;
    let review = facts.settings.matching.review - SLACK;
    let near: Vec<_> = scores.iter().filter(|(_, score)| *score >= review).collect();
    let ends = near.iter().flat_map(|((one, other), _)| [one, other]);
    ends.clone().any(|end| ends.clone().filter(|it| *it == end).count() > 1)
}

/// The weakest link of a group, where it is not its only one.
pub(super) fn weakest(task: Option<&Task>) -> Option<f64> {
    let task = task?;
    task.weakest.filter(|weakest| Some(*weakest) != task.score)
}

/// What a challenge is about, a sentence a value; of sensitive fields no value.
pub(crate) fn of_dispute(facts: Facts<'_>, dispute: &Dispute) -> Vec<String> {
    let told = dispute.values.iter().map(|disputed| {
        let mut disputed = disputed.clone();
        let field = facts.settings.field(disputed.field.as_str());
        if let Some(field) = field.filter(|field| facts.settings.is_masked(field)) {
            let mask = |value: &mut Option<Shown>| {
                if let Some(value) = value {
                    facts.settings.mask(field, value);
                }
            };
            mask(&mut disputed.old);
            mask(&mut disputed.new);
        }
        disputed.line()
    });
    told.collect()
}
