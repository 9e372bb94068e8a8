//! How much was found: joins made, joins that wait, and by the samples that were drawn what lies below review and
//! what no key brings together.

use std::collections::BTreeSet;

use super::queue::{NONE, context, fitting};
use super::said::{self, Said};
use crate::core::Desk;
use crate::elusion::{answers, asked, looks};
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::queue::{Row, sorted};
use domain::elusion::ElusionSample;
use domain::{TaskKind, TaskState};
use door::views::{MissedView, RecallView};
use matching::elusion::{BANDS, Population, estimate};

/// Answers whose yield is told.
const NEXT: usize = 100;

/// How much was found; none where no run drew a sample.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn recall(desk: &Desk) -> Decided<Option<RecallView>> {
    let facts = desk.facts();
    let sample = facts.last_match().map_err(crate::error::Stop::from)?.and_then(|it| it.elusion);
    let Some(sample) = sample else { return Ok(None) };
    let below = below(facts, &sample)?;
    let beyond = beyond(facts, &sample)?;
    let made = made(facts)?;
    let said = said::said(facts)?;
    let (waiting, next, next_finds) = waiting(desk, &said)?;
    let share = |waiting: f64, missed: f64| {
        let all = made as f64 + waiting + missed;
        if all > 0.0 { made as f64 / all } else { 1.0 }
    };
    let missed = below.missed.zip(beyond.missed).map(|(below, beyond)| below + beyond);
    // Pairs below review may be of one customer: however many they are, one join may be all.
    let least = beyond.least.max(below.least.min(1.0));
    let (share_least, share_most) =
        (share(waiting.2, below.most + beyond.most), share(waiting.1, least));
    Ok(Some(RecallView {
        run: sample.run,
        least_answers: RecallView::LEAST,
        candidates: sample.bands.iter().sum(),
        lower: sample.lower,
        expected_lower: sample.expected_lower as f64 / 1_000.0,
        records: sample.beyond.records,
        below,
        beyond,
        made,
        waiting: waiting.0,
        waiting_least: waiting.1,
        waiting_most: waiting.2,
        share: missed.map(|missed| share(waiting.0, missed).clamp(share_least, share_most)),
        share_least,
        share_most,
        next,
        next_finds,
    }))
}

/// Candidates below review that nobody has found yet.
fn below(facts: Facts<'_>, sample: &ElusionSample) -> Result<MissedView, DeskError> {
    let answers = answers(facts, sample)?;
    let mut bands = [0; BANDS];
    bands.iter_mut().zip(&sample.bands).for_each(|(own, counted)| *own = *counted);
    let population =
        Population { bands, lower: sample.lower, expected_lower: sample.expected_lower };
    let found = estimate(&population, &answers);
    let asked: Vec<_> = sample
        .draws
        .iter()
        .zip(&answers)
        .filter(|(draw, _)| draw.pair.is_some())
        .map(|(_, answer)| *answer)
        .collect();
    // Those that are answered stand for those that are not; where nothing was to be asked nothing is missed.
    let about = match asked.len() {
        0 => Some(0.0),
        some => estimate(&population, &asked)
            .about
            .map(|about| about * some as f64 / answers.len() as f64),
    };
    // What the sample itself has found is found by now.
    let own: BTreeSet<_> = sample
        .draws
        .iter()
        .zip(&answers)
        .filter(|(_, (_, answer))| *answer == Some(true))
        .filter_map(|(draw, _)| draw.pair)
        .collect();
    let left = |matches: f64| (matches - own.len() as f64).max(0.0);
    Ok(MissedView {
        drawn: found.draws,
        asked: asked.len() as u64,
        answered: asked.iter().filter(|(_, answer)| answer.is_some()).count() as u64,
        missed: about.map(|about| left(about.clamp(found.least, found.most))),
        least: left(found.least),
        most: left(found.most),
    })
}

/// Joins that no key brings together and that nobody has found yet.
fn beyond(facts: Facts<'_>, sample: &ElusionSample) -> Result<MissedView, DeskError> {
    let looks = looks(facts, sample)?;
    let found = matching::elusion::beyond(sample.beyond.records, &looks, sample.beyond.alone);
    // Of each customer that the sample has put together at least one join is found by now.
    let mut own = BTreeSet::new();
    for (draw, look) in sample.beyond.draws.iter().zip(&looks) {
        if look.answers.contains(&Some(true)) {
            own.insert(facts.view.record(draw.record)?.customer);
        }
    }
    let left = |joins: f64| (joins - own.len() as f64).max(0.0);
    Ok(MissedView {
        drawn: found.searched,
        asked: found.asked,
        answered: found.answered,
        missed: found.about.map(left),
        least: left(found.least),
        most: left(found.most),
    })
}

/// Joins that were made: of each customer one less than it has records.
fn made(facts: Facts<'_>) -> Result<u64, DeskError> {
    let mut made = 0;
    facts.view.each_customer(&mut |_, state| {
        made += (state.members.len() as u64).saturating_sub(1);
        Ok(true)
    })?;
    Ok(made)
}

/// Joins expected of the duplicates that wait, with their interval; how many answers come next, and what is
/// expected of those. What people said of their like is better known than what scores state.
fn waiting(desk: &Desk, said: &Said) -> Decided<((f64, f64, f64), u64, f64)> {
    let sampled = asked(desk.facts())?;
    desk.queue.with(desk.facts(), |queue| {
        let joins = |row: &Row| (row.score.unwrap_or(0.0), row.count.saturating_sub(1));
        // What was drawn is in the estimate of what is missed.
        let is_proposed =
            |row: &&Row| row.kind == TaskKind::Duplicate && !sampled.contains(&row.task);
        let waiting = said.joins(queue.rows().filter(is_proposed).map(joins));
        let context = context(desk, queue.texts(), &NONE);
        let open = queue
            .rows()
            .filter(|row| row.kind == TaskKind::Duplicate && row.state == TaskState::Open);
        let order = desk.settings().queue.order;
        let next = sorted(context, fitting(context, None, open), order);
        let next = &next[..next.len().min(NEXT)];
        let (finds, ..) = said.joins(next.iter().map(|row| joins(row)));
        Ok((waiting, next.len() as u64, finds))
    })
}
