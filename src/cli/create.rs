//! `steward create`: a record made by hand, once similar customers were shown.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Write};

use serde_json::json;

use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::find;
use super::invocation::Invocation;
use super::output::Output;
use super::picks::{Assignment, assignment};
use super::progress::Watch;
use super::say::say;
use super::text::{Table, clean, counted};
use domain::{CustomerId, FieldName, RecordAddress, SourceName};
use door::operations::{About, Alike, Create};
use door::views::{AlikeView, ImportOutcome};
use door::{Refusal, Scope, Streams};

/// Customers that are looked at by each value, and told at most.
const LOOKED_AT: usize = 30;
const TOLD: usize = 10;

/// Create a record by hand. Similar customers are shown first.
///
/// The source must be in steward.toml ([sources.manual], with a key and a map). The record is matched,
/// corrected, exported and erased like any other; `steward undo` removes it. A later file of that source
/// without the record does not close it. Masked fields are not compared.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward create --source manual --set given_name=Ada --set family_name=Fernsby \
--dry-run\n  steward create --source manual --set family_name=Fernsby --set email=ada@example.com --even-so"
)]
pub struct Arguments {
    /// The source, as in steward.toml.
    #[arg(long, value_name = "NAME")]
    source: String,
    /// A value.
    #[arg(long, value_name = "FIELD=VALUE", required = true, value_parser = assignment)]
    set: Vec<Assignment>,
    /// Its key in the source; default: steward assigns one.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Create it even if similar customers exist.
    #[arg(long)]
    even_so: bool,
    /// Show what would happen; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Makes a record.
///
/// # Errors
/// When somebody is like it and nobody says that it is to be made all the same, it is refused, or the
/// workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.dry_run)?;
    let source = SourceName::new(&arguments.source);
    let mut values: BTreeMap<FieldName, String> = BTreeMap::new();
    for Assignment { field, text } in &arguments.set {
        if values.insert(field.clone(), text.clone()).is_some() {
            return Err(Usage::error(format!("{field} is set twice")));
        }
    }
    let key = match &arguments.key {
        Some(key) => key.clone(),
        None => format!("hand-{}", entry.ask(About {})?.head.0 + 1),
    };
    let request = Create { source: source.clone(), key: key.clone(), values, dry_run: true };
    // What cannot be made at all is said before anybody is asked.
    make(&entry, request.clone())?;
    let found = alike(&entry, &request.values)?;
    match &found {
        None => {
            say("note: similar customers were not looked for, since your role sees names masked")
        }
        Some(_) if output.json => {}
        Some(alike) => tell_alike(alike, output)?,
    }
    let alike = found.unwrap_or_default();
    let record = RecordAddress::new(&source, &key);
    if arguments.dry_run {
        return dry(&record, &alike, output);
    }
    // Those that only share a name are told, and hinder nobody.
    let might_be = alike.iter().find(|it| it.might_be_one);
    if let Some(first) = might_be.filter(|_| !arguments.even_so) {
        confirm(&record, first.customer, invocation)
            .map_err(|error| Similar::beside(error, &alike))?;
    }
    output.something_was_done();
    let outcome = make(&entry, Create { dry_run: false, ..request })?;
    tell(&entry, &record, &alike, &outcome, output)
}

/// The customers because of whom nothing is created: programs are told of them with the refusal.
#[derive(Debug)]
pub struct Similar {
    /// As lists show them.
    pub alike: Vec<AlikeView>,
    why: String,
}

impl Similar {
    fn beside(error: anyhow::Error, alike: &[AlikeView]) -> anyhow::Error {
        let why = error.to_string();
        error.context(Similar { alike: alike.to_vec(), why })
    }
}

impl fmt::Display for Similar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

/// Has it made, or foreseen.
fn make(entry: &Entry, request: Create) -> anyhow::Result<Box<ImportOutcome>> {
    let watch = Watch::new()?;
    let outcome = entry.run(request, Streams::default(), &mut watch.following());
    watch.clear();
    let outcome = outcome?;
    let refused = |why: String| anyhow::Error::from(Refusal::DoesNotApply { why });
    if let Some((_, reason)) = outcome.quarantined.first() {
        return Err(refused(format!("this cannot become a record: {reason}")));
    }
    if outcome.report.suppressed > 0 {
        return Err(refused("a person with this key was erased: pass another --key".to_owned()));
    }
    Ok(outcome)
}

/// Who has values of it, found by each of them.
///
/// `None` where names are masked, so that nobody can be looked for.
fn alike(
    entry: &Entry,
    values: &BTreeMap<FieldName, String>,
) -> anyhow::Result<Option<Vec<AlikeView>>> {
    let mut customers: Vec<CustomerId> = Vec::new();
    let whole = values.values().cloned().collect::<Vec<_>>().join(" ");
    for text in values.values().chain([&whole]).filter(|text| !text.trim().is_empty()) {
        let hits = match find::search(entry, text, Scope::Customers, LOOKED_AT) {
            Ok(hits) => hits,
            // Whoever may not search makes records all the same, and is told that nobody was looked for.
            Err(error) => {
                let Some(Refusal::DoesNotApply { .. }) = error.downcast_ref() else {
                    return Err(error);
                };
                return Ok(None);
            }
        };
        for customer in hits.into_iter().filter_map(|hit| hit.customer) {
            if !customers.contains(&customer) {
                customers.push(customer);
            }
        }
    }
    let mut views = entry.ask(Alike { values: values.clone(), customers })?;
    views.truncate(TOLD);
    Ok(Some(views))
}

fn names(fields: &[FieldName]) -> String {
    let names: Vec<&str> = fields.iter().map(FieldName::as_str).collect();
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

fn tell_alike(alike: &[AlikeView], output: &Output) -> anyhow::Result<()> {
    if alike.is_empty() {
        say("no similar customers");
        return Ok(());
    }
    let mut table = Table::default();
    table.row(["customer", "may be one", "subject", "agrees", "differs"]);
    for view in alike {
        table.row([
            view.customer.to_string(),
            if view.might_be_one { "yes" } else { "no" }.to_owned(),
            clean(&view.subject),
            clean(&names(&view.agrees)),
            clean(&names(&view.differs)),
        ]);
    }
    Ok(output.lines(&table.lines())?)
}

fn dry(record: &RecordAddress, alike: &[AlikeView], output: &Output) -> anyhow::Result<Code> {
    if output.json {
        output.object(&json!({ "dry_run": true, "record": record, "alike": alike }))?;
    } else {
        output.line(&format!("dry run: would create {}", clean(&record.to_string())))?;
        say("nothing was written (--dry-run)");
    }
    Ok(Code::Done)
}

/// Asks whether it is to be made all the same.
fn confirm(
    record: &RecordAddress,
    first: CustomerId,
    invocation: &Invocation,
) -> anyhow::Result<()> {
    let refused = || {
        let why = format!(
            "similar customers exist: look at {first} (steward show {first}); to create it anyway: --even-so"
        );
        Refusal::DoesNotApply { why }
    };
    if !invocation.asks() {
        return Err(refused().into());
    }
    let mut err = io::stderr();
    write!(err, "Create {} anyway? Type yes: ", clean(&record.to_string()))?;
    err.flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if typed.trim().eq_ignore_ascii_case("yes") { Ok(()) } else { Err(refused().into()) }
}

fn tell(
    entry: &Entry,
    record: &RecordAddress,
    alike: &[AlikeView],
    outcome: &ImportOutcome,
    output: &Output,
) -> anyhow::Result<Code> {
    let customer = super::names::customer_of(entry, record)?;
    if output.json {
        output.object(&json!({
            "record": record,
            "customer": customer,
            "import": outcome.import,
            "alike": alike,
            "tasks": outcome.tasks,
        }))?;
        return Ok(Code::Done);
    }
    output.line(&format!("created {} (customer {customer})", clean(&record.to_string())))?;
    if outcome.tasks > 0 {
        let tasks = counted(outcome.tasks, "task", "tasks");
        say(&format!("{tasks} for the rules it breaks: steward tasks --kind invalid"));
    }
    if let Some(import) = outcome.import {
        say(&format!("to undo: steward undo {import}"));
    }
    match alike.iter().find(|it| it.might_be_one) {
        Some(first) => say(&format!(
            "next: steward match; or ask about them: steward task {customer} {} --note TEXT",
            first.customer
        )),
        None => say("next: steward match"),
    }
    Ok(Code::Done)
}
