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
use super::text::{Table, clean, counted};
use domain::Subject;
use door::operations::Find;
use door::views::FinderHit;
use door::{Scope, Search};

/// How long nothing is asked while the finder looks.
const REST: Duration = Duration::from_millis(2);

/// Search customers, records or tasks by name or source key, best first.
///
/// What is typed need not be whole or in order: `pace thom`, `crm:10`. A sensitive field is never
/// searched or shown. Ends with 1 where nothing is found.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward find 'smith savannah'\n  \
    steward find crm:1042 --in records\n  steward find smith --in tasks --json")]
pub struct Arguments {
    /// A name, or a part of one; a source key.
    #[arg(value_name = "TEXT", required = true, num_args = 1..)]
    text: Vec<String>,
    /// What is searched.
    #[arg(long = "in", value_name = "WHAT", default_value = "customers")]
    scope: In,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
}

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum In {
    /// Customers, each by the best of its records.
    Customers,
    /// Records, by name and address.
    Records,
    /// Tasks that wait.
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
        let found = counted(hits.len() as u64, "is like it", "are like it");
        say(&format!("{found}; look at one: steward show {}", clean(&first.subject.to_string())));
    }
    Ok(Code::Done)
}

fn nothing(scope: Scope) -> NotFound {
    let hint = match scope {
        Scope::Customers => "search records by their source key: --in records",
        Scope::Records => "a key is typed as its source writes it, such as crm:1042",
        Scope::Tasks => "only tasks that wait are searched; customers: --in customers",
    };
    NotFound { what: format!("no {} is like that", one_of(scope)), hint: hint.to_owned() }
}

fn one_of(scope: Scope) -> &'static str {
    match scope {
        Scope::Customers => "customer",
        Scope::Records => "record",
        Scope::Tasks => "task",
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

/// A hit for programs, its keys named as elsewhere.
fn object(hit: &FinderHit) -> serde_json::Value {
    json!({
        "id": hit.subject,
        "customer": hit.customer,
        "subject": hit.line,
        "closed": hit.closed,
    })
}

/// Hits for people.
fn lines(hits: &[FinderHit]) -> Vec<String> {
    let mut table = Table::default();
    for hit in hits {
        let customer = match (&hit.subject, hit.customer) {
            (Subject::Customer(_), _) | (_, None) => String::new(),
            (_, Some(customer)) => customer.to_string(),
        };
        let closed = if hit.closed { "closed" } else { "" };
        table.row([clean(&hit.subject.to_string()), customer, clean(&hit.line), closed.to_owned()]);
    }
    table.lines()
}
