//! `steward explain`: why two records are suspected, or not.

use super::failure::{Code, Usage};
use super::names;
use super::output::Output;
use super::session::{Session, ask, unexpected};
use super::text::{Paint, Table, bar, clean, shown};
use crate::desk::views::ExplanationView;
use crate::desk::{Answer, Desk, Question};
use crate::domain::Subject;

/// Width of the longest bar.
const BAR: usize = 24;

/// Show why two records are suspected to be one: the weight of each field, and their sum.
///
/// Works for any two records, also for pairs that were never proposed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward explain crm:1042 webshop:88120")]
pub struct Arguments {
    /// A record (crm:1042), or a customer (C17) for its best pair.
    #[arg(value_name = "A")]
    left: String,
    /// Another.
    #[arg(value_name = "B")]
    right: String,
    /// Print sensitive values as they are.
    #[arg(long)]
    unmask: bool,
}

/// Explains a pair.
///
/// # Errors
/// When one is not there, nothing was matched yet, or the workspace cannot be read.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    let mut desk = session.open_to_read()?;
    let left = names::subject(&desk, &arguments.left)?;
    let right = names::subject(&desk, &arguments.right)?;
    let explained = match (left, right) {
        (Subject::Record(left), Subject::Record(right)) => {
            match ask(&mut desk, Question::Explain { left, right })? {
                Answer::Explanation(explained) => *explained,
                _ => return Err(unexpected()),
            }
        }
        _ => of_customers(&mut desk, arguments)?,
    };
    if output.json {
        output.object(&explained)?;
        return Ok(Code::Done);
    }
    output.lines(&lines(&explained, arguments.unmask, output.paint))?;
    Ok(Code::Done)
}

/// The best pair of two customers.
fn of_customers(desk: &mut Desk, arguments: &Arguments) -> anyhow::Result<ExplanationView> {
    let left = names::customer(desk, &arguments.left)?;
    let right = names::customer(desk, &arguments.right)?;
    if left == right {
        return Err(Usage::error(format!("both are {left}: name two records of it instead")));
    }
    let Answer::Task(view) = ask(desk, Question::Compare(vec![left, right]))? else {
        return Err(unexpected());
    };
    view.pairs.into_iter().next().ok_or_else(|| {
        let why = "nothing was matched yet: `steward match` learns what agreement is worth";
        crate::desk::Refusal::DoesNotApply { why: why.to_owned() }.into()
    })
}

fn lines(explained: &ExplanationView, unmask: bool, paint: Paint) -> Vec<String> {
    let (left, right) = (explained.left.to_string(), explained.right.to_string());
    let mut lines = vec![
        paint.bold(&format!("{} and {}", clean(&left), clean(&right))),
        format!(
            "match probability {:.4}, weight {:+.1}",
            explained.probability, explained.match_weight
        ),
    ];
    match &explained.blocking {
        Some(rule) => lines.push(format!("brought together by {}", clean(rule))),
        None => lines.push("no blocking rule brings them together".to_owned()),
    }
    let weights = explained.steps.iter().map(|step| step.weight.abs());
    let longest = weights.fold(explained.prior.abs(), f64::max);
    let mut table = Table::default();
    let row = |weight: f64| (format!("{weight:+6.1}"), bar(weight, longest, BAR));
    let (weight, drawn) = row(explained.prior);
    table.row([weight, drawn, "prior".into(), "how rare matches are".into()]);
    for step in &explained.steps {
        let (weight, drawn) = row(step.weight);
        let hide = step.sensitive && !unmask;
        let (left, right) = (shown(&step.left, hide), shown(&step.right, hide));
        let values = match (left.is_empty(), right.is_empty()) {
            (true, true) => String::new(),
            _ => format!("{left} | {right}"),
        };
        let note = step.note.as_ref().map_or(String::new(), |note| format!(" ({})", clean(note)));
        table.row([weight, drawn, step.label.clone(), format!("{}{note}", step.level), values]);
    }
    let (weight, drawn) = row(explained.match_weight);
    table.row([weight, drawn, "sum".into()]);
    lines.extend(table.lines().into_iter().map(|line| paint_by_sign(&line, paint)));
    let classes = explained.classes.iter().map(|(name, share)| format!("{name} {share:.2}"));
    let classes: Vec<String> = classes.collect();
    if !classes.is_empty() {
        lines.push(format!("looks like: {}", classes.join(", ")));
    }
    lines
}

fn paint_by_sign(line: &str, paint: Paint) -> String {
    if line.trim_start().starts_with('-') { paint.red(line) } else { paint.green(line) }
}
