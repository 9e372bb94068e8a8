//! How far customers came on the journeys of the settings.

use std::sync::Arc;

use super::measures;
use crate::activities::Everybody;
use crate::activities::journeys::{CountedAs, Trodden};
use crate::core::Desk;
use crate::error::{Decided, DeskError, Stop};
use crate::facts::Facts;
use crate::label::subject_label;
use crate::measured::Standing;
use activity::Records as _;
use domain::{CustomerId, RecordId};
use door::Refusal;
use door::operations::{AtStep, Journeys};
use door::views::{AtStepRow, AtStepView, JourneyStepView, JourneyView, JourneysView};
use settings::Journey;

pub(crate) fn journeys(desk: &Desk, asked: &Journeys) -> Decided<JourneysView> {
    let facts = desk.facts();
    let journeys: Vec<&Journey> = match &asked.journey {
        None => facts.settings.journeys.iter().collect(),
        Some(id) => vec![journey(facts, id)?],
    };
    let mut groups = vec![Group::Everybody];
    for name in &asked.segments {
        groups.push(Group::of(desk, name)?);
    }
    let empty = |journey, group: &Group| view(journey, group.name());
    let mut views: Vec<Vec<JourneyView>> = journeys
        .iter()
        .map(|journey| groups.iter().map(|group| empty(journey, group)).collect())
        .collect();
    if !journeys.is_empty() {
        let customers = Trodden::of(facts, &journeys, CountedAs::Customers)?;
        for (journey, views) in journeys.iter().zip(&mut views) {
            count(facts, (journey, &customers), &groups, views);
        }
        drop(customers);
        let records = Trodden::of(facts, &journeys, CountedAs::Records)?;
        for (journey, views) in journeys.iter().zip(&mut views) {
            count_unmerged(facts, (journey, &records), &groups, views)?;
        }
    }
    let segments = measures::segments_to_count(desk);
    let journeys = views.into_iter().flatten().collect();
    Ok(JourneysView { at: facts.now, segments, journeys })
}

/// Whose steps are counted.
enum Group {
    Everybody,
    Segment(String, usize, Arc<Standing>),
}

impl Group {
    fn of(desk: &Desk, name: &str) -> Decided<Group> {
        let (at, standing) = measures::segment_to_count(desk, name)?;
        Ok(Group::Segment(name.to_owned(), at, standing))
    }

    fn name(&self) -> Option<String> {
        match self {
            Group::Everybody => None,
            Group::Segment(name, ..) => Some(name.clone()),
        }
    }

    fn has(&self, customer: CustomerId) -> bool {
        match self {
            Group::Everybody => true,
            Group::Segment(_, at, standing) => standing.is_in(*at, customer),
        }
    }
}

fn view(journey: &Journey, segment: Option<String>) -> JourneyView {
    let step = |step: &settings::JourneyStep| JourneyStepView {
        name: step.name.clone(),
        kinds: step.kinds.clone(),
        reached: 0,
        current: 0,
        unmerged: 0,
        median: None,
    };
    JourneyView {
        id: journey.id.clone(),
        segment,
        description: journey.description.clone(),
        words: journey.words(),
        ends: journey.window.is_some(),
        steps: journey.steps.iter().map(step).collect(),
    }
}

fn count(
    facts: Facts<'_>,
    (journey, customers): (&Journey, &Trodden),
    groups: &[Group],
    views: &mut [JourneyView],
) {
    // Of each group and step, how long it took those who took it.
    let mut took = vec![vec![Vec::new(); journey.steps.len()]; groups.len()];
    customers.walk(journey, facts.now, |customer, stage| {
        let groups = groups.iter().zip(views.iter_mut()).zip(&mut took);
        for ((_, view), took) in groups.filter(|((group, _), _)| group.has(customer)) {
            let reached = view.steps.iter_mut().take(stage.furthest.map_or(0, |it| it + 1));
            reached.for_each(|step| step.reached += 1);
            if let Some(step) = stage.current {
                view.steps[step].current += 1;
            }
            for (took, after) in took.iter_mut().skip(1).zip(&stage.took) {
                took.push(*after);
            }
        }
    });
    for (view, took) in views.iter_mut().zip(took) {
        for (step, took) in view.steps.iter_mut().zip(took) {
            step.median = median(took);
        }
    }
}

/// Each record counts as somebody of its own, in the segments of the customer it belongs to.
fn count_unmerged(
    facts: Facts<'_>,
    (journey, records): (&Journey, &Trodden),
    groups: &[Group],
    views: &mut [JourneyView],
) -> Result<(), DeskError> {
    let everybody = Everybody::of(facts)?;
    records.walk(journey, facts.now, |alone, stage| {
        let Some(customer) = everybody.customer_of(RecordId(alone.0)) else { return };
        let groups = groups.iter().zip(views.iter_mut());
        for (_, view) in groups.filter(|(group, _)| group.has(customer)) {
            let reached = view.steps.iter_mut().take(stage.furthest.map_or(0, |it| it + 1));
            reached.for_each(|step| step.unmerged += 1);
        }
    });
    Ok(())
}

/// The median of microseconds, in seconds: of an even number, the middle of the two.
fn median(mut took: Vec<i64>) -> Option<u64> {
    if took.is_empty() {
        return None;
    }
    let (half, is_even) = (took.len() / 2, took.len().is_multiple_of(2));
    let (below, upper, _) = took.select_nth_unstable(half);
    let lower = below.iter().copied().max().filter(|_| is_even);
    let middle = lower.map_or(*upper, |lower| lower.midpoint(*upper));
    u64::try_from(middle / 1_000_000).ok()
}

pub(crate) fn at_step(desk: &Desk, asked: &AtStep) -> Decided<AtStepView> {
    let facts = desk.facts();
    let group = asked.segment.as_ref().map(|name| Group::of(desk, name)).transpose()?;
    let group = group.unwrap_or(Group::Everybody);
    let journey = journey(facts, &asked.journey)?;
    let at = journey.steps.iter().position(|step| step.name == asked.step);
    let at =
        at.ok_or_else(|| unknown("step", &asked.step, journey.steps.iter().map(|it| &*it.name)))?;
    let trodden = Trodden::of(facts, &[journey], CountedAs::Customers)?;
    let (mut count, mut found) = (0, Vec::new());
    trodden.walk(journey, facts.now, |customer, stage| {
        let stands = if asked.current { stage.current } else { stage.furthest };
        if stands == Some(at) && group.has(customer) {
            count += 1;
            if found.len() < asked.limit {
                let since = stage.since.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
                found.push((customer, since));
            }
        }
    });
    let customers = found.into_iter().map(|(customer, since)| {
        Ok(AtStepRow { customer, name: subject_label(facts, customer)?, since })
    });
    let customers = customers.collect::<Result<_, DeskError>>()?;
    Ok(AtStepView { journey: journey.id.clone(), step: asked.step.clone(), count, customers })
}

fn journey<'f>(facts: Facts<'f>, id: &str) -> Decided<&'f Journey> {
    let journeys = &facts.settings.journeys;
    let found = journeys.iter().find(|journey| journey.id == id);
    found.ok_or_else(|| unknown("journey", id, journeys.iter().map(|it| &*it.id)))
}

fn unknown<'k>(what: &str, given: &str, known: impl Iterator<Item = &'k str>) -> Stop {
    let known: Vec<&str> = known.collect();
    let meant = match domain::nearest::name(given, known.iter().copied()) {
        Some(name) => format!(": did you mean {name}?"),
        None if known.is_empty() => String::new(),
        None => format!(": there are {}", known.join(", ")),
    };
    Refusal::Unknown { subject: format!("{what} {given}{meant}") }.into()
}
