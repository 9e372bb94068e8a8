//! `steward measures`: what the measures of the settings say of a customer.

use super::code::Code;
use super::invocation::Invocation;
use super::names;
use super::output::Output;
use super::say::say;
use super::text::{Table, clean, counted};
use door::operations::Measures;
use door::views::{MeasureView, MeasuresView};

/// Show what measures say of a customer, and which segments it is in.
///
/// A measure is one value told from what a customer did: orders in twelve months, money spent, days since the last
/// visit. They are set up in steward.toml ([measures.*]), and follow merges and unmerges.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward measures C17\n  steward measures crm:1042 --json")]
pub struct Arguments {
    /// A customer (C17), or one of its records (crm:1042).
    #[arg(value_name = "ID")]
    id: String,
}

/// Shows them.
///
/// # Errors
/// When there is no such customer, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_to_show(false)?;
    let customer = names::customer(&entry, &arguments.id)?;
    let view = entry.ask(Measures { customer })?;
    if output.json {
        output.object(&view)?;
    } else if view.measures.is_empty() && view.segments.is_empty() {
        say("no measure is set up: add [measures.*] to steward.toml");
    } else {
        output.lines(&lines(&view))?;
    }
    Ok(Code::Done)
}

/// What a measure says, as people read it: `120.00 EUR (2 in other currencies left out)`.
pub fn said(measure: &MeasureView) -> String {
    let value = match (&measure.value, measure.masked) {
        (_, true) => "masked".to_owned(),
        (None, false) => "none".to_owned(),
        (Some(value), false) => clean(value),
    };
    let unit = measure.currency.as_ref().map(|currency| format!(" {currency}")).unwrap_or_default();
    let left_out = match measure.left_out {
        0 => String::new(),
        left_out => {
            let activities = counted(left_out, "activity", "activities");
            format!(" ({activities} in other currencies left out)")
        }
    };
    format!("{value}{unit}{left_out}")
}

fn lines(view: &MeasuresView) -> Vec<String> {
    let from = view.redirected_from.map_or(String::new(), |from| format!(" ({from} redirects)"));
    let mut lines = vec![format!("{}{from}, {}", view.customer, view.day)];
    let mut table = Table::default();
    for measure in &view.measures {
        table.row([format!("  {}", measure.name), said(measure), clean(&measure.words)]);
    }
    lines.extend(table.lines());
    let segments = match view.segments.as_slice() {
        [] => "None".to_owned(),
        segments => segments.join(", "),
    };
    lines.push(format!("  segments: {segments}"));
    lines
}
