//! `steward evaluate`: how well matching does against a known truth.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use anyhow::Context;

use super::code::Code;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::{Table, counted};
use domain::quality::{DOUBTFUL, Quality, Reliability};
use door::Streams;
use door::operations::Evaluate;
use door::views::Evaluation;

/// Measure matching against a known truth: precision, recall and F1, and whether match
/// probabilities mean what they say.
///
/// The file has the columns id (source:key) and cluster: records of one cluster are one customer.
/// customers are the present ones; auto, the groups that the last run merged automatically (none if it
/// found nothing new to merge); proposed, the groups that a run over everything would merge or queue
/// with no decisions made. Each counts the pairs inside its groups. "blocking brought" is the share of
/// true pairs that were compared at all: the rest can only be found through other records.
/// Pairs are scored as in tasks and explain: by the last model learned, with what
/// decisions taught it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward evaluate truth.csv")]
pub struct Arguments {
    /// The file with the truth.
    #[arg(value_name = "TRUTH.csv")]
    truth: PathBuf,
}

/// Evaluates.
///
/// # Errors
/// When the truth cannot be read, it was cancelled, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let path = &arguments.truth;
    // Before the workspace is opened: nobody waits for it while this waits for a pipe.
    let truth = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let entry = invocation.open_to_read()?;
    let watch = Watch::new()?;
    let streams = Streams::of_file(Cursor::new(truth));
    let evaluation = entry.run(Evaluate {}, streams, &mut watch.following());
    watch.clear();
    let evaluation = evaluation?;
    if output.json {
        output.object(&evaluation)?;
        return Ok(Code::Done);
    }
    output.lines(&lines(&evaluation))?;
    if evaluation.unknown > 0 {
        let unknown =
            counted(evaluation.unknown, "id of the truth matches", "ids of the truth match");
        say(&format!("note: {unknown} no record"));
    }
    Ok(Code::Done)
}

fn lines(evaluation: &Evaluation) -> Vec<String> {
    let mut table = Table::default();
    table.row(["", "precision", "recall", "F1", "pairs", ""]);
    let mut row = |name: &str, quality: &Quality, meaning: &str| {
        table.row([
            name.to_owned(),
            // Of no pairs none is right or wrong.
            if quality.pairs == 0 { "-".to_owned() } else { format!("{:.4}", quality.precision) },
            format!("{:.4}", quality.recall),
            format!("{:.4}", quality.f1),
            quality.pairs.to_string(),
            meaning.to_owned(),
        ]);
    };
    row("customers", &evaluation.customers, "as they are now");
    let merged = match evaluation.run {
        Some(run) => format!("groups that {run}, the last run, merged automatically"),
        None => "nothing has been matched yet".to_owned(),
    };
    row("auto", &evaluation.auto, &merged);
    row("proposed", &evaluation.proposed, "groups that a run over everything would merge or queue");
    for scored in &evaluation.pairs {
        let is_best = scored.threshold.total_cmp(&evaluation.best.threshold).is_eq();
        let name = format!(">= {}", scored.threshold);
        row(&name, &scored.quality, if is_best { "scored pairs, the best F1" } else { "" });
    }
    let mut lines = vec![format!(
        "{} of the truth, {}",
        counted(evaluation.records, "record", "records"),
        counted(evaluation.true_pairs, "true pair", "true pairs")
    )];
    lines.extend(table.lines());
    lines.push(String::new());
    lines.push(compared(evaluation));
    lines.push(String::new());
    lines.push(scored_by(evaluation));
    lines.extend(reliability(&evaluation.reliability));
    lines
}

/// What blocking left to be found.
fn compared(evaluation: &Evaluation) -> String {
    let Evaluation { compared, true_pairs, .. } = evaluation;
    if *true_pairs == 0 {
        return format!("{} compared", counted(compared.pairs, "pair", "pairs"));
    }
    let missed = true_pairs - (compared.recall * *true_pairs as f64).round() as u64;
    format!(
        "blocking brought {:.4} of the true pairs: {} compared, {} never compared",
        compared.recall,
        counted(compared.pairs, "pair", "pairs"),
        counted(missed, "true pair", "true pairs"),
    )
}

/// Whose probabilities these are.
fn scored_by(evaluation: &Evaluation) -> String {
    match (evaluation.recorded, evaluation.learned_from) {
        (false, _) => "match probabilities of a model learned now, ignoring decisions".to_owned(),
        (true, 0) => "match probabilities as shown in tasks and explain".to_owned(),
        (true, decisions) => format!(
            "match probabilities as shown in tasks and explain, learned from {}",
            counted(decisions, "decision", "decisions")
        ),
    }
}

/// Band by band: what the probabilities promise, and what came of it.
fn reliability(found: &Reliability) -> Vec<String> {
    let mut table = Table::default();
    table.row(["match probability", "pairs", "mean", "true"]);
    for band in &found.bands {
        table.row([
            format!("{} to {}", band.from, band.to),
            band.pairs.to_string(),
            format!("{:.4}", band.mean),
            format!("{:.4}", band.observed),
        ]);
    }
    let mut lines = table.lines();
    lines.push(format!(
        "expected calibration error {:.4} over all scored pairs, {:.4} over those from {DOUBTFUL} up",
        found.error, found.error_of_doubtful
    ));
    lines
}
