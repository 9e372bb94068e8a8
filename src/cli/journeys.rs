//! `steward journeys`: how far customers came on the journeys of the settings.

use serde_json::json;

use super::code::Code;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::say::say;
use super::text::{Table, bar, clean, counted};
use door::operations::{AtStep, Journeys};
use door::views::{AtStepView, JourneyView};

/// Show how far customers came on each journey: step by step, with and without merges.
///
/// A journey is a list of steps in steward.toml, each taken by activities of a kind. "reached" counts
/// who ever came that far, "now" who stands there today: with a window that goes back as time passes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward journeys\n  steward journeys first-order --at cart_add\n  \
                  steward journeys first-order --at cart_add --ever --json"
)]
pub struct Arguments {
    /// Only this journey.
    #[arg(value_name = "JOURNEY")]
    journey: Option<String>,
    /// List the customers who stand at that step today.
    #[arg(long, value_name = "STEP", requires = "journey")]
    at: Option<String>,
    /// With --at: those who ever came that far and no further.
    #[arg(long, requires = "at")]
    ever: bool,
    /// Count the customers of these segments alone, each beside everybody; with --at, of the first.
    #[arg(long, value_name = "SEGMENT", value_delimiter = ',')]
    segment: Vec<String>,
    /// At most so many customers.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

/// Shows them.
///
/// # Errors
/// When there is no such journey or step, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_to_show(false)?;
    if let (Some(journey), Some(step)) = (&arguments.journey, &arguments.at) {
        let (journey, step) = (journey.clone(), step.clone());
        let segment = arguments.segment.first().cloned();
        let (current, limit) = (!arguments.ever, arguments.limit);
        let view = entry.ask(AtStep { journey, step, current, segment, limit })?;
        at_step(&view, arguments, output)?;
        return Ok(Code::Done);
    }
    let (journey, segments) = (arguments.journey.clone(), arguments.segment.clone());
    let view = entry.ask(Journeys { journey, segments })?;
    if output.json {
        let objects: Vec<_> = view.journeys.iter().map(to_json).collect();
        output.objects(&objects)?;
    } else if view.journeys.is_empty() {
        say("no journey is set up: add [[journeys]] to steward.toml");
    } else {
        output.lines(&view.journeys.iter().flat_map(lines).collect::<Vec<_>>())?;
    }
    Ok(Code::Done)
}

fn to_json(journey: &JourneyView) -> serde_json::Value {
    let steps = journey.steps.iter().enumerate().map(|(at, step)| {
        json!({
            "name": step.name,
            "kinds": step.kinds,
            "reached": step.reached,
            "current": step.current,
            "unmerged": step.unmerged,
            "step_rate": journey.step_rate(at),
            "rate": journey.rate(at),
            "median_seconds": step.median,
        })
    });
    json!({
        "id": journey.id,
        "segment": journey.segment,
        "description": journey.description,
        "words": journey.words,
        "steps": steps.collect::<Vec<_>>(),
    })
}

/// Columns of the widest bar.
const BAR: usize = 20;

fn lines(journey: &JourneyView) -> Vec<String> {
    let mut lines = match &journey.segment {
        Some(segment) => vec![format!("{}, customers in {}", clean(&journey.id), clean(segment))],
        None => vec![format!("{}: {}", clean(&journey.id), clean(&journey.words))],
    };
    let description = journey.description.iter().filter(|_| journey.segment.is_none());
    lines.extend(description.map(|it| format!("  {}", clean(it))));
    let mut table = Table::default();
    table.row(["  step", "reached", "", "of the step before", "after", "now", "without merges"]);
    // Counts of customers, far under 2^53.
    let most = journey.steps.iter().map(|step| step.reached).max().unwrap_or(0) as f64;
    for (at, step) in journey.steps.iter().enumerate() {
        let rate = journey.step_rate(at);
        table.row([
            format!("  {}", clean(&step.name)),
            step.reached.to_string(),
            bar(step.reached as f64, most, BAR),
            rate.map_or_else(String::new, |rate| format!("{:.1} %", rate * 100.0)),
            step.after(),
            step.current.to_string(),
            step.unmerged.to_string(),
        ]);
    }
    lines.extend(table.lines());
    lines
}

fn at_step(view: &AtStepView, arguments: &Arguments, output: &Output) -> anyhow::Result<()> {
    if output.json {
        return Ok(output.objects(&view.customers)?);
    }
    let how = if arguments.ever { "came no further than" } else { "stand at" };
    let customers = counted(view.count, "customer", "customers");
    let mut lines =
        vec![format!("{}: {customers} who {how} {}", clean(&view.journey), clean(&view.step))];
    let mut table = Table::default();
    for row in &view.customers {
        let since = row.since.map(moment::shown).unwrap_or_default();
        table.row([format!("  {}", row.customer), since, clean(&row.name)]);
    }
    lines.extend(table.lines());
    output.lines(&lines)?;
    if (view.customers.len() as u64) < view.count {
        say(&format!("the others are not shown: pass --limit {}", view.count));
    }
    Ok(())
}
