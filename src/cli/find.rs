//! `steward find`: the review's finder, on the command line.

use std::time::Duration;

use clap::ValueEnum;
use serde_json::json;

use super::code::Code;
use super::entry::Entry;
use super::failure::NotFound;
use super::invocation::Invocation;
use super::output::Output;
use super::say::say;
use super::text::{Table, clean};
use domain::Subject;
use door::operations::Find;
use door::views::FinderHit;
use door::{Scope, Search};

/// How long nothing is asked while the finder looks.
const REST: Duration = Duration::from_millis(2);

/// Search customers, records or tasks by name or source key, best first.
///
/// Words can be partial and in any order: `pace thom`, `crm:10`. Other fields are not searched, and
/// sensitive ones are never shown. Exits with 1 if nothing is found.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward find 'smith savannah'\n  \
    steward find crm:1042 --in records\n  steward find smith --in tasks --json")]
pub struct Arguments {
    /// A name, or a part of one; a source key.
    #[arg(value_name = "TEXT", required = true, num_args = 1..)]
    text: Vec<String>,
    /// What to search.
    #[arg(long = "in", value_name = "WHAT", default_value = "customers")]
    scope: In,
    /// Show at most N.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
}

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum In {
    /// Customers, each by the best of its records.
    Customers,
    /// Records, by name and source key.
    Records,
    /// Pending tasks.
    Tasks,
}

impl In {
    fn scope(self) -> Scope {
        match self {
            In::Customers => Scope::Customers,
            In::Records => Scope::Records,
            In::Tasks => Scope::Tasks,
        }
    }
}

/// Searches.
///
/// # Errors
/// When nothing is found, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_to_read()?;
    let scope = arguments.scope.scope();
    let hits = search(&entry, &arguments.text.join(" "), scope, usize::from(arguments.limit))?;
    if hits.is_empty() {
        return Err(nothing(scope).into());
    }
    if output.json {
        output.objects(&hits.iter().map(object).collect::<Vec<_>>())?;
        return Ok(Code::Done);
    }
    output.lines(&lines(&hits))?;
    if let Some(first) = hits.first() {
        let one = if hits.len() == 1 { "it" } else { "one" };
        let first = clean(&first.subject.to_string());
        say(&format!("{} found; to look at {one}: steward show {first}", hits.len()));
    }
    Ok(Code::Done)
}

fn nothing(scope: Scope) -> NotFound {
    let hint = match scope {
        Scope::Customers => {
            "only names and source keys are searched; to search single records: --in records"
        }
        Scope::Records => {
            "only names and source keys are searched; type a key as in its source: crm:1042"
        }
        Scope::Tasks => "only pending tasks are searched; to search customers: --in customers",
    };
    NotFound { what: format!("no {} found", one_of(scope)), hint: hint.to_owned() }
}

fn one_of(scope: Scope) -> &'static str {
    match scope {
        Scope::Customers => "customer",
        Scope::Records => "record",
        Scope::Tasks => "pending task",
    }
}

/// All that a search finds, best first; it is asked again until everything was looked at.
///
/// # Errors
/// When the workspace cannot be read.
pub fn search(
    entry: &Entry,
    text: &str,
    scope: Scope,
    limit: usize,
) -> anyhow::Result<Vec<FinderHit>> {
    let search = Search { text: text.to_owned(), scope, limit };
    let number = entry.next_search();
    let mut seen = 0;
    loop {
        let report = entry.ask(Find { number, search: search.clone(), seen })?;
        if report.finished {
            return Ok(report.hits);
        }
        if report.searched == seen {
            std::thread::sleep(REST);
        }
        seen = report.searched;
    }
}

/// A hit, part by part.
struct Parts {
    kind: &'static str,
    /// Of a task.
    task_kind: Option<String>,
    name: Option<String>,
    record: Option<String>,
}

impl Parts {
    /// The line of a customer begins with its id, that of a task with its id and kind; a record's address
    /// stands at the end, and two blanks before it.
    fn of(hit: &FinderHit) -> Self {
        let line = hit.line.as_str();
        let id = hit.subject.to_string();
        let rest = line.strip_prefix(&id).map_or(line, str::trim_start);
        let (kind, task_kind, rest) = match &hit.subject {
            Subject::Task(_) => {
                let (kind, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                ("task", Some(kind.to_owned()), rest)
            }
            Subject::Record(_) => ("record", None, line),
            _ => ("customer", None, rest),
        };
        let (name, record) = match &hit.subject {
            Subject::Record(_) => (rest.strip_suffix(&id).unwrap_or(rest), id.as_str()),
            _ => rest.rsplit_once("  ").unwrap_or(("", rest)),
        };
        let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Self { kind, task_kind, name: said(name), record: said(record) }
    }
}

/// A hit for programs, its keys named as elsewhere.
fn object(hit: &FinderHit) -> serde_json::Value {
    let Parts { kind, task_kind, name, record } = Parts::of(hit);
    let mut object = json!({
        "id": hit.subject,
        "kind": kind,
        "customer": hit.customer,
        "name": name,
        "record": record,
        "closed": hit.closed,
    });
    if let Some(task_kind) = task_kind {
        object["task_kind"] = task_kind.into();
    }
    if let Some(settled) = &hit.settled {
        object["settled"] = settled.as_str().into();
    }
    object
}

/// Hits for people: each id once.
fn lines(hits: &[FinderHit]) -> Vec<String> {
    let mut table = Table::default();
    for hit in hits {
        let Parts { task_kind, name, record, .. } = Parts::of(hit);
        let customer = match (&hit.subject, hit.customer) {
            (Subject::Customer(_), _) | (_, None) => String::new(),
            (_, Some(customer)) => customer.to_string(),
        };
        let record = match &hit.subject {
            Subject::Record(_) => String::new(),
            _ => record.unwrap_or_default(),
        };
        let closed = if hit.closed { "closed" } else { hit.settled.as_deref().unwrap_or("") };
        table.row([
            clean(&hit.subject.to_string()),
            task_kind.unwrap_or_default(),
            customer,
            clean(&name.unwrap_or_default()),
            clean(&record),
            closed.to_owned(),
        ]);
    }
    table.lines()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_part_by_part_and_no_id_twice() {
        let hit = |id: &str, line: &str| FinderHit {
            subject: id.parse().unwrap(),
            customer: Some(domain::CustomerId(26)),
            line: line.to_owned(),
            positions: Vec::new(),
            closed: false,
            settled: None,
        };
        for (id, line, kind, name, record) in [
            (
                "C26",
                "C26  Smith, Dale  crm:1026",
                "customer",
                Some("Smith, Dale"),
                Some("crm:1026"),
            ),
            ("C26", "C26  crm:1026", "customer", None, Some("crm:1026")),
            ("crm:1026", "Smith, Dale  crm:1026", "record", Some("Smith, Dale"), Some("crm:1026")),
            ("crm:1026", "crm:1026", "record", None, Some("crm:1026")),
            ("crm:a  b", "Lee, Ann  crm:a  b", "record", Some("Lee, Ann"), Some("crm:a  b")),
            (
                "T4",
                "T4 invalid Smith, Dale  crm:1026",
                "task",
                Some("Smith, Dale"),
                Some("crm:1026"),
            ),
            ("T4", "T4 invalid ", "task", None, None),
        ] {
            let hit = hit(id, line);
            let told = Parts::of(&hit);
            let expected = (kind, name.map(str::to_owned), record.map(str::to_owned));
            assert_eq!((told.kind, told.name, told.record), expected, "{line}");
            assert_eq!(lines(std::slice::from_ref(&hit))[0].matches(id).count(), 1, "{line}");
        }
    }
}
