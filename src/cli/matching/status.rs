//! `steward match --status`: what decisions taught, and whether match probabilities are true.

use super::super::code::Code;
use super::super::invocation::Invocation;
use super::super::output::Output;
use super::super::text::{Table, counted};
use door::operations::MatchStatus;
use door::views::{MatchStatusView, StatedView, TaughtView};

/// Tells the state of matching.
///
/// # Errors
/// When the workspace cannot be read.
pub(super) fn run(invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    let status = invocation.open_to_read()?.ask(MatchStatus {})?;
    if output.json {
        output.object(&serde_json::to_value(&status)?)?;
    } else {
        output.lines(&lines(&status))?;
    }
    Ok(Code::Done)
}

fn lines(status: &MatchStatusView) -> Vec<String> {
    let Some(run) = status.run else {
        return vec!["nothing was matched yet: next: steward match".to_owned()];
    };
    let mut lines = vec![format!(
        "last run {run}; merged by machine from {} up, a task from {} up",
        status.auto, status.review
    )];
    if status.learned.is_empty() {
        lines.push(format!(
            "decisions have taught nothing yet: from {} judged joins on, `steward match --full` learns from them",
            status.least_joins
        ));
    }
    status.learned.iter().for_each(|taught| lines.extend(of_kind(taught)));
    lines
}

fn of_kind(taught: &TaughtView) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        format!(
            "{} records: learned from {}, which made or let stand {} and refused {}",
            taught.kind,
            counted(taught.decisions, "decision", "decisions"),
            counted(taught.same, "join", "joins"),
            taught.different
        ),
        format!(
            "  each weight counts {:.2} times, and every pair gets {:+.1}; levels get corrections of their own",
            1.0 + taught.slope,
            taught.shift
        ),
        "  by the weight alone:".to_owned(),
    ];
    lines.extend(bands(&taught.before));
    lines.push("  with what the other decisions taught:".to_owned());
    lines.extend(bands(&taught.stated));
    lines
}

/// What was stated beside what people said, band by band.
fn bands(bands: &[StatedView]) -> Vec<String> {
    let mut table = Table::default();
    table.row(["match probability", "joins", "stated", "true", "95 % interval"]);
    for band in bands {
        table.row([
            format!("{} to {}", band.from, band.to),
            band.joins.to_string(),
            format!("{:.3}", band.stated),
            format!("{:.3}", band.observed),
            format!("{:.3} to {:.3}", band.least, band.most),
        ]);
    }
    table.lines().into_iter().map(|line| format!("    {line}")).collect()
}
