//! The state of the workspace in numbers: from what the store counts, and from what the latest
//! imports and the last matching run wrote down.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::agreement::second_looks;
use super::own::own_figures;
use crate::derived::source_of_number;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::grants;
use domain::{Dimension, Event, MatchRunId, QualityMeasure, SourceName, TaskKind};
use door::views::{
    AGES, ApprovalsLine, DashboardView, DayView, EditView, Pace, PersonView, QualityView,
    ScoresView, WaitingView, share,
};
use store::DecisionTally;

/// Days of the burn-down.
const DAYS: u32 = 90;
/// Imports whose measures make the history of a dimension.
const MEASURES: usize = 30;
/// Days over which the pace is measured.
const PACE_DAYS: u32 = 30;
/// Decisions it takes to measure the pace.
const ENOUGH: u64 = 20;
/// Seconds a decision is assumed to take until then.
const ASSUMED: f64 = 30.0;
const HOURS: u32 = 24;

/// The dashboard, for a person.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn dashboard(facts: Facts<'_>, actor: &str) -> Result<DashboardView, DeskError> {
    let paces = facts.view.pace(hour(facts.now).saturating_sub(PACE_DAYS * HOURS))?;
    let waiting = waiting(facts)?;
    Ok(DashboardView {
        days: days(facts, &waiting)?,
        waiting,
        hours: hours(facts.now, &paces),
        people: people(facts, &paces)?,
        pace: pace(paces.iter().map(|(_, _, pace)| pace)),
        quality: quality(facts)?,
        scores: scores(facts)?,
        second: second_looks(facts)?,
        recall: None,
        edit: EditView::None,
        requests: facts.requests_line()?,
        approvals: ApprovalsLine::default(),
        grants: grants::line(facts)?,
        own: own_figures(facts, actor)?,
    })
}

fn hour(at: Timestamp) -> u32 {
    u32::try_from(at.as_second().div_euclid(3_600)).unwrap_or(0)
}

fn day(at: Timestamp) -> u32 {
    hour(at) / HOURS
}

fn waiting(facts: Facts<'_>) -> Result<Vec<WaitingView>, DeskError> {
    let today = day(facts.now);
    let mut kinds: BTreeMap<TaskKind, WaitingView> = BTreeMap::new();
    for (opened, of_day) in facts.view.waiting()? {
        let age = today.saturating_sub(opened);
        let place = AGES.iter().position(|days| age <= *days).unwrap_or(AGES.len());
        for (kind, counts) in of_day {
            let row = kinds.entry(kind).or_insert(WaitingView {
                kind,
                open: 0,
                deferred: 0,
                escalated: 0,
                ages: [0; AGES.len() + 1],
            });
            row.open += u64::from(counts.open);
            row.deferred += u64::from(counts.deferred);
            row.escalated += u64::from(counts.escalated);
            row.ages[place] += u64::from(counts.total());
        }
    }
    Ok(kinds.into_values().collect())
}

/// What waited at the end of each day follows from what waits now and what came and went since.
fn days(facts: Facts<'_>, waiting: &[WaitingView]) -> Result<Vec<DayView>, DeskError> {
    let today = day(facts.now);
    let known: BTreeMap<u32, _> = facts.view.days(0)?.into_iter().collect();
    let first = known.keys().next().copied().unwrap_or(today).max(today.saturating_sub(DAYS - 1));
    let mut left: u64 = waiting.iter().flat_map(|row| row.ages).sum();
    let mut days = Vec::new();
    for number in (first..=today).rev() {
        let sum = |counts: &BTreeMap<TaskKind, u32>| counts.values().copied().map(u64::from).sum();
        let (opened, closed) =
            known.get(&number).map_or((0, 0), |day| (sum(&day.opened), sum(&day.closed)));
        days.push(DayView { day: date(number), opened, closed, waiting: left });
        left = (left + closed).saturating_sub(opened);
    }
    days.reverse();
    Ok(days)
}

fn date(number: u32) -> Date {
    Date::constant(1970, 1, 1).saturating_add(i64::from(number).days())
}

fn hours(now: Timestamp, paces: &[(u32, u32, DecisionTally)]) -> Vec<u32> {
    let last = hour(now);
    let first = last.saturating_sub(HOURS - 1);
    let mut hours = vec![0; (last - first + 1) as usize];
    for (hour, _, pace) in paces {
        if let Some(count) = hour.checked_sub(first).and_then(|at| hours.get_mut(at as usize)) {
            *count += pace.decisions;
        }
    }
    hours
}

fn people(
    facts: Facts<'_>,
    paces: &[(u32, u32, DecisionTally)],
) -> Result<Vec<PersonView>, DeskError> {
    let today = day(facts.now) * HOURS;
    let week = hour(facts.now).saturating_sub(7 * HOURS);
    let mut by_actor: BTreeMap<u32, Vec<(u32, &DecisionTally)>> = BTreeMap::new();
    for (hour, actor, pace) in paces.iter().filter(|(hour, _, _)| *hour >= week) {
        by_actor.entry(*actor).or_default().push((*hour, pace));
    }
    let mut people = Vec::new();
    for hours in by_actor.into_values() {
        let Some((_, known)) = hours.first() else { continue };
        let timed: u64 = hours.iter().map(|(_, pace)| u64::from(pace.timed)).sum();
        let seconds: u64 = hours.iter().map(|(_, pace)| u64::from(pace.seconds)).sum();
        let decisions = |from: u32| {
            let since = hours.iter().filter(|(hour, _)| *hour >= from);
            since.map(|(_, pace)| u64::from(pace.decisions)).sum()
        };
        people.push(PersonView {
            actor: facts.byline(known.place.sequence)?.1,
            today: decisions(today),
            week: decisions(week),
            seconds: seconds.checked_div(timed),
        });
    }
    people.sort_by(|one, other| other.week.cmp(&one.week).then(one.actor.cmp(&other.actor)));
    Ok(people)
}

/// The mean of the seconds between two decisions of one person, pauses and bulks left out.
fn pace<'p>(paces: impl Iterator<Item = &'p DecisionTally>) -> Pace {
    let (mut timed, mut seconds) = (0, 0);
    for pace in paces {
        timed += u64::from(pace.timed);
        seconds += u64::from(pace.seconds);
    }
    if timed < ENOUGH {
        return Pace { seconds: ASSUMED, measured: None };
    }
    // Whoever decides several times a second is measured at one.
    let mean = (seconds as f64 / timed as f64).max(1.0);
    Pace { seconds: mean, measured: Some(timed) }
}

/// How the rules judge all records now, by source and dimension.
///
/// # Errors
/// When the store is damaged.
pub fn measure(facts: Facts<'_>) -> Result<Vec<QualityMeasure>, DeskError> {
    let mut measures: BTreeMap<(Dimension, u8), (u64, u64)> = BTreeMap::new();
    for (source, tally) in facts.view.tallies()? {
        for (rule, [passes, fails, waived]) in facts.settings.rules.iter().zip(tally.rules) {
            let judged = u64::from(passes) + u64::from(fails) + u64::from(waived);
            if judged > 0 {
                let known = measures.entry((rule.dimension, source)).or_default();
                known.0 += judged;
                known.1 += u64::from(fails);
            }
        }
    }
    let measures = measures.into_iter().map(|((dimension, source), (judged, broken))| {
        let source = source_of_number(facts.settings, source).cloned();
        let source = source.unwrap_or_else(|| SourceName::new(""));
        QualityMeasure { source, dimension, judged, broken }
    });
    Ok(measures.collect())
}

fn quality(facts: Facts<'_>) -> Result<Vec<QualityView>, DeskError> {
    let mut past = Vec::new();
    let finished = facts.view.imports()?.into_iter().rev().filter_map(|(_, entry)| entry.finished);
    for place in finished.take(MEASURES) {
        if let Event::ImportFinished(finished) = facts.event(place)?
            && !finished.quality.is_empty()
        {
            past.push(finished.quality);
        }
    }
    past.reverse();
    let views = measure(facts)?.into_iter().map(|now| {
        let same = |measure: &&QualityMeasure| {
            (measure.dimension, &measure.source) == (now.dimension, &now.source)
        };
        let history = past.iter().filter_map(|measures| measures.iter().find(same));
        QualityView {
            history: history.map(|measure| share(measure.broken, measure.judged)).collect(),
            dimension: now.dimension,
            source: now.source.to_string(),
            judged: now.judged,
            broken: now.broken,
        }
    });
    Ok(views.collect())
}

fn scores(facts: Facts<'_>) -> Result<Option<ScoresView>, DeskError> {
    let Some(counted) = facts.view.scores()? else { return Ok(None) };
    let last = MatchRunId(facts.view.counters()?.runs);
    Ok(Some(ScoresView {
        run: counted.run,
        at: facts.time_of(counted.place.sequence)?,
        scores: counted.scores,
        later: (last > counted.run).then_some(last),
        auto: facts.settings.matching.auto,
        review: facts.settings.matching.review,
    }))
}
