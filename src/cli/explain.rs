//! `steward explain`: why two records are suspected, or not, and how a group formed.

use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::names;
use super::output::Output;
use super::text::{Paint, Table, bar, clean, counted};
use domain::{Subject, score_in};
use door::operations::{About, Compare, Explain, ExplainGroup};
use door::views::{AboutView, ExplanationView, FormationView, LinkView};

/// Width of the longest bar.
const BAR: usize = 24;

/// Show why two records may be the same customer: each field's weight and the sum; or, for one
/// task or customer, how its group formed.
///
/// Works for any two records, even a pair that was never proposed: it then says why not.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward explain crm:1042 webshop:88120\n  steward explain T12"
)]
pub struct Arguments {
    /// A record (crm:1042), or a customer (C17) for its best pair; alone, a task (T12) or a customer.
    #[arg(value_name = "A")]
    left: String,
    /// Another; without it, show how the group of the task or customer formed.
    #[arg(value_name = "B")]
    right: Option<String>,
    /// Show sensitive values unmasked; the ledger records that you looked.
    #[arg(long)]
    unmask: bool,
}

/// Explains a pair.
///
/// # Errors
/// When one is not there, nothing has been matched yet, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let unmask = arguments.unmask && arguments.right.is_some();
    let entry = invocation.open_to_show(unmask)?;
    let left = names::subject(&entry, &arguments.left)?;
    let Some(second) = &arguments.right else { return group(&entry, left, output) };
    let right = names::subject(&entry, second)?;
    let explained = match (left, right) {
        (Subject::Record(left), Subject::Record(right)) => {
            entry.ask(Explain { left, right, unmask })?
        }
        _ => of_customers(&entry, &arguments.left, second, unmask)?,
    };
    if output.json {
        output.object(&explained)?;
        return Ok(Code::Done);
    }
    output.lines(&lines(&explained, &entry.ask(About {})?, output.paint))?;
    Ok(Code::Done)
}

/// The best pair of two customers.
fn of_customers(
    entry: &Entry,
    left: &str,
    right: &str,
    unmask: bool,
) -> anyhow::Result<ExplanationView> {
    let left = names::customer(entry, left)?;
    let right = names::customer(entry, right)?;
    if left == right {
        return Err(Usage::error(format!("both are {left}: name two of its records instead")));
    }
    let view = entry.ask(Compare { customers: vec![left, right], unmask })?;
    view.pairs.into_iter().next().ok_or_else(|| {
        let why = "nothing has been matched yet: run `steward match`";
        door::Refusal::DoesNotApply { why: why.to_owned() }.into()
    })
}

/// How a group formed.
fn group(entry: &Entry, subject: Subject, output: &Output) -> anyhow::Result<Code> {
    let subject = match subject {
        Subject::Customer(id) => Subject::Customer(names::followed(entry, id)?),
        other => other,
    };
    let formed = entry.ask(ExplainGroup { of: subject })?;
    if output.json {
        output.object(&formed)?;
    } else {
        output.lines(&formation_lines(&formed, output.paint))?;
    }
    Ok(Code::Done)
}

fn formation_lines(formed: &FormationView, paint: Paint) -> Vec<String> {
    let records: usize = formed.parts.iter().map(|part| part.records.len()).sum();
    let parts = formed.parts.len();
    let mut lines = vec![paint.bold(&format!(
        "{}: {}, {}",
        formed.subject,
        counted(parts as u64, "part", "parts"),
        counted(records as u64, "record", "records")
    ))];
    if formed.links.is_empty() {
        lines.push("one part: nothing to join".to_owned());
        return lines;
    }
    let pair = |link: &LinkView| {
        format!("{} - {}", clean(&link.left.to_string()), clean(&link.right.to_string()))
    };
    let mut table = Table::default();
    for link in &formed.links {
        table.row([
            score_in(link.probability, 4),
            format!("{:+6.1}", link.match_weight),
            pair(link),
            format!("looks like {}", link.looks_like),
            link.blocking.clone().unwrap_or_else(|| "no blocking rule met".to_owned()),
        ]);
    }
    lines.push("links:".to_owned());
    lines.extend(table.lines().into_iter().map(|line| format!("  {line}")));
    let mut table = Table::default();
    for (number, join) in formed.joins.iter().enumerate() {
        let under = join.mean < formed.review;
        table.row([
            format!("{}.", number + 1),
            score_in(join.mean, 4),
            format!("{} + {}", clean(&join.left.join(" ")), clean(&join.right.join(" "))),
            format!("by {} {}", pair(&join.best), score_in(join.best.probability, 4)),
            if under { "under the review threshold" } else { "" }.to_owned(),
        ]);
    }
    lines
        .push("joins, most probable first, by the mean of all pairs between two parts:".to_owned());
    lines.extend(table.lines().into_iter().map(|line| format!("  {line}")));
    if let Some(weakest) = &formed.weakest {
        lines.push(format!(
            "weakest: {} with {}, mean {}",
            clean(&weakest.left.join(" ")),
            clean(&weakest.right.join(" ")),
            score_in(weakest.mean, 4)
        ));
    }
    lines
}

/// What the thresholds make of a pair, and what speaks against it.
fn standing(explained: &ExplanationView, thresholds: &AboutView) -> Vec<String> {
    let (auto, review) = (thresholds.auto, thresholds.review);
    let reached = if explained.probability >= auto {
        format!("at or above the auto threshold {auto}")
    } else if explained.probability >= review {
        format!("a task: at or above the review threshold {review}, below auto {auto}")
    } else {
        format!("left alone: below the review threshold {review}")
    };
    let mut lines = vec![reached];
    if let Some(rule) = &explained.never {
        lines[0] = format!("kept apart, not merged and no task: {}", clean(rule));
    } else if explained.probability >= auto && !explained.unearned.is_empty() {
        lines[0] = format!("{}, yet a task: {}", lines[0], clean(&explained.unearned.join(", ")));
    }
    let against: Vec<String> = explained
        .steps
        .iter()
        .filter(|step| step.weight <= -0.05)
        .map(|step| format!("{} {:+.1} ({})", step.label, step.weight, step.level))
        .collect();
    if !against.is_empty() && explained.probability < auto {
        lines.push(format!("held back by {}", against.join(", ")));
    }
    lines
}

/// `likely the same household (92 %); the same customer 7 %, ...`.
fn looks_like(classes: &[(String, f64)]) -> Option<String> {
    let ((first, likeliest), others) = classes.split_first()?;
    let shares: Vec<String> =
        others.iter().map(|(class, share)| format!("{class} {}", percent(*share))).collect();
    let others = if shares.is_empty() { String::new() } else { format!("; {}", shares.join(", ")) };
    Some(format!("likely {first} ({}){others}", percent(*likeliest)))
}

/// A share in per cent; what is neither nothing nor all is not rounded to it.
fn percent(share: f64) -> String {
    match share * 100.0 {
        hundredths if hundredths < 0.1 => "under 0.1 %".to_owned(),
        hundredths if hundredths > 99.9 => "over 99.9 %".to_owned(),
        hundredths => format!("{hundredths:.1} %"),
    }
}

fn lines(explained: &ExplanationView, thresholds: &AboutView, paint: Paint) -> Vec<String> {
    let (left, right) = (explained.left.to_string(), explained.right.to_string());
    let mut lines = vec![
        paint.bold(&format!("{} and {}", clean(&left), clean(&right))),
        if explained.match_weight.is_finite() {
            let (probability, weight) = (explained.probability, explained.match_weight);
            format!("match probability {}, weight {weight:+.1}", score_in(probability, 4))
        } else {
            "not compared".to_owned()
        },
    ];
    match &explained.blocking {
        Some(rule) if rule == "every pair" => {
            lines.push("compared because all pairs were".to_owned());
        }
        Some(rule) => lines.push(format!("compared because of {}", clean(rule))),
        None => lines.push("no blocking rule applies, so no run compares them".to_owned()),
    }
    lines.extend(explained.blocking_notes.iter().map(|note| format!("  {}", clean(note))));
    lines.extend(standing(explained, thresholds));
    if !explained.match_weight.is_finite() {
        return lines;
    }
    let weights = explained.steps.iter().map(|step| step.weight.abs());
    let longest = weights.fold(explained.prior.abs(), f64::max);
    let mut table = Table::default();
    let row = |weight: f64| (format!("{weight:+6.1}"), bar(weight, longest, BAR));
    let (weight, drawn) = row(explained.prior);
    table.row([weight, drawn, "prior".into(), "how rare matches are".into()]);
    for step in &explained.steps {
        let (weight, drawn) = row(step.weight);
        let (left, right) = (clean(&step.left), clean(&step.right));
        let values = match (left.is_empty(), right.is_empty()) {
            (true, true) => String::new(),
            _ => format!("{left} | {right}"),
        };
        let note = step.note.as_ref().map_or(String::new(), |note| format!(" ({})", clean(note)));
        table.row([weight, drawn, clean(&step.label), format!("{}{note}", step.level), values]);
    }
    let (weight, drawn) = row(explained.match_weight);
    table.row([weight, drawn, "sum".into()]);
    lines.extend(table.lines().into_iter().map(|line| paint_by_sign(&line, paint)));
    lines.extend(looks_like(&explained.classes));
    lines.extend(explained.unmerged.line().map(|why| format!("not merged: {}", clean(&why))));
    lines
}

fn paint_by_sign(line: &str, paint: Paint) -> String {
    if line.trim_start().starts_with('-') { paint.red(line) } else { paint.green(line) }
}
