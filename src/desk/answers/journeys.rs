//! How far customers came on the journeys of the settings.

use crate::activities::journeys::{CountedAs, Trodden};
use crate::error::{Decided, DeskError, Stop};
use crate::facts::Facts;
use crate::label::subject_label;
use door::Refusal;
use door::operations::{AtStep, Journeys};
use door::views::{AtStepRow, AtStepView, JourneyStepView, JourneyView, JourneysView};
use settings::Journey;

pub(crate) fn journeys(facts: Facts<'_>, asked: &Journeys) -> Decided<JourneysView> {
    let journeys: Vec<&Journey> = match &asked.journey {
        None => facts.settings.journeys.iter().collect(),
        Some(id) => vec![journey(facts, id)?],
    };
    if journeys.is_empty() {
        return Ok(JourneysView { at: facts.now, journeys: Vec::new() });
    }
    let customers = Trodden::of(facts, &journeys, CountedAs::Customers)?;
    let mut views: Vec<JourneyView> =
        journeys.iter().map(|journey| counted(facts, journey, &customers)).collect();
    drop(customers);
    let records = Trodden::of(facts, &journeys, CountedAs::Records)?;
    for (journey, view) in journeys.iter().zip(&mut views) {
        records.walk(journey, facts.now, |_, stage| {
            let reached = view.steps.iter_mut().take(stage.furthest.map_or(0, |it| it + 1));
            reached.for_each(|step| step.unmerged += 1);
        });
    }
    Ok(JourneysView { at: facts.now, journeys: views })
}

fn counted(facts: Facts<'_>, journey: &Journey, customers: &Trodden) -> JourneyView {
    let mut steps: Vec<JourneyStepView> = journey
        .steps
        .iter()
        .map(|step| JourneyStepView {
            name: step.name.clone(),
            kinds: step.kinds.clone(),
            reached: 0,
            current: 0,
            unmerged: 0,
            median: None,
        })
        .collect();
    let mut took: Vec<Vec<i64>> = vec![Vec::new(); steps.len()];
    customers.walk(journey, facts.now, |_, stage| {
        let reached = steps.iter_mut().take(stage.furthest.map_or(0, |it| it + 1));
        reached.for_each(|step| step.reached += 1);
        if let Some(step) = stage.current {
            steps[step].current += 1;
        }
        for (took, after) in took.iter_mut().skip(1).zip(&stage.took) {
            took.push(*after);
        }
    });
    for (step, took) in steps.iter_mut().zip(took) {
        step.median = median(took);
    }
    JourneyView {
        id: journey.id.clone(),
        description: journey.description.clone(),
        words: journey.words(),
        ends: journey.window.is_some(),
        steps,
    }
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

pub(crate) fn at_step(facts: Facts<'_>, asked: &AtStep) -> Decided<AtStepView> {
    let journey = journey(facts, &asked.journey)?;
    let at = journey.steps.iter().position(|step| step.name == asked.step);
    let at =
        at.ok_or_else(|| unknown("step", &asked.step, journey.steps.iter().map(|it| &*it.name)))?;
    let trodden = Trodden::of(facts, &[journey], CountedAs::Customers)?;
    let (mut count, mut found) = (0, Vec::new());
    trodden.walk(journey, facts.now, |customer, stage| {
        let stands = if asked.current { stage.current } else { stage.furthest };
        if stands == Some(at) {
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
