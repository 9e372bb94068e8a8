//! `steward match --status`: what decisions taught, whether match probabilities are true, how much was found.

use super::super::code::Code;
use super::super::grant::told;
use super::super::invocation::Invocation;
use super::super::output::Output;
use super::super::text::{Table, counted};
use super::again::second_looks;
use door::operations::MatchStatus;
use door::views::{GrantsView, MatchStatusView, RecallView, StatedView, StratumState, TaughtView};

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
        let mut lines = vec!["nothing has been matched yet; next: steward match".to_owned()];
        lines.extend(second_looks(&status.second));
        return lines;
    };
    let mut lines = vec![format!(
        "last run {run}; merged automatically from {} up, a task from {} up",
        status.auto, status.review
    )];
    if status.learned.is_empty() {
        lines.push(format!(
            "decisions have taught nothing yet: once {} joins are judged, `steward match --full` learns from them",
            status.least_joins
        ));
    }
    status.learned.iter().for_each(|taught| lines.extend(of_kind(taught)));
    lines.push(String::new());
    lines.push(
        "what people decided, by the probability of each task's likeliest pair at the time; true if \
         any of its customers were merged:"
            .to_owned(),
    );
    lines.extend(status.said.lines());
    lines.extend(status.found.map(|found| {
        format!(
            "  {} in place, and about {:.0} more wait in tasks: {} of what reaches review is joined; what \
             scores below review or was never compared is not included",
            counted(found.joins, "join", "joins"),
            found.expected,
            found.share.percent()
        )
    }));
    lines.extend(second_looks(&status.second));
    lines.extend(status.recall.iter().flat_map(recall));
    lines.extend(grants(&status.grants));
    lines
}

/// How much was found, and what that is about.
fn recall(recall: &RecallView) -> Vec<String> {
    let RecallView { below, beyond, .. } = recall;
    let between = |least: f64, most: f64| format!("{:.0} to {:.0}", least.floor(), most.ceil());
    let near = match beyond.asked {
        0 => "none of them has a near match".to_owned(),
        asked => format!("{} of {asked} near pairs are answered", beyond.answered),
    };
    let mut lines = vec![
        String::new(),
        recall.told(),
        format!(
            "  {} made; {} in the tasks that wait",
            counted(recall.made, "join", "joins"),
            between(recall.waiting_least, recall.waiting_most)
        ),
        format!(
            "  {} below review: {} of {} pairs answered that {} drew from {}",
            between(below.least, below.most),
            below.answered,
            below.asked,
            recall.run,
            counted(recall.candidates, "candidate", "candidates")
        ),
        format!(
            "  {} that no key brings together: of {}, {} compared with every other; {near}",
            between(beyond.least, beyond.most),
            counted(recall.records, "record", "records"),
            if beyond.drawn == 1 { "1 was".to_owned() } else { format!("{} were", beyond.drawn) },
        ),
        "  at 95 % confidence; the upper end counts unanswered pairs as missed".to_owned(),
    ];
    if recall.lower > 0 {
        lines.push(format!(
            "  not counted: {} lower still, of which the model expects {:.1} to match, and equally low pairs with no key in common",
            counted(recall.lower, "candidate", "candidates"),
            recall.expected_lower
        ));
    }
    lines
}

/// What is promised of merges under grants, and each grant; nothing where nothing can be granted.
fn grants(view: &GrantsView) -> Vec<String> {
    if view.strata.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new()];
    lines.extend(told::promise(view));
    let count = |state| view.strata.iter().filter(|it| it.state == state).count() as u64;
    let (offered, open) = (count(StratumState::Offered), count(StratumState::Open));
    if offered + open > 0 {
        let may = match offered {
            0 => "none can be granted yet".to_owned(),
            offered => format!("{offered} of them can be granted now"),
        };
        lines.push(format!(
            "  {} for answers; {may}: steward grant list",
            counted(offered + open, "stratum waits", "strata wait")
        ));
    }
    for stratum in view.strata.iter().filter(|it| it.grant.is_some()) {
        lines.extend(told::stratum(stratum).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

fn of_kind(taught: &TaughtView) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        format!(
            "{} records: learned from {}, which confirmed {} and rejected {}",
            taught.kind,
            counted(taught.decisions, "decision", "decisions"),
            counted(taught.same, "join", "joins"),
            taught.different
        ),
        format!(
            "  every weight is multiplied by {:.2} and every pair shifted by {:+.1}; each level has its own correction",
            1.0 + taught.slope,
            taught.shift
        ),
        "  from the weight alone:".to_owned(),
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
