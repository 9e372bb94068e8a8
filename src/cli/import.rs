//! `steward import`: a file's rows become records.

mod arguments;
mod next;
mod questions;
mod report;

pub use arguments::{Arguments, FileArguments, width};
pub use report::{has_news, tell, to_json};

use super::code::Code;
use super::delivery;
use super::entry::Entry;
use super::input::Input;
use super::invocation::Invocation;
use super::output::Output;
use super::presets;
use super::progress::Watch;
use super::say::say;
use super::text::clean;
use super::unmasking;
use domain::{SourceName, StreamName};
use door::Streams;
use door::operations::Import;
use door::views::ImportOutcome;

/// Imports a file.
///
/// # Errors
/// When the file cannot be used or was cancelled, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let mut stream = arguments.stream.clone();
    if let Some(preset) = &arguments.preset {
        match presets::stream_for(preset, arguments, invocation)? {
            Some(named) => stream = named,
            None => return Ok(Code::Done),
        }
    }
    let source = match (&arguments.preset, &stream) {
        // The desk knows whose stream it is.
        (_, Some(stream)) => Some(stream.clone()),
        (Some(preset), None) => presets::source_for(preset, arguments, invocation)?,
        (None, None) => arguments.source.clone(),
    };
    let Some(source) = source else { return Ok(Code::Done) };
    let input = arguments.database.open(&arguments.file)?;
    let entry = unmasking::open(invocation, arguments.dry_run, arguments.unmask)?;
    let mut request = Import {
        dry_run: arguments.dry_run,
        stream: stream.as_ref().map(StreamName::new),
        delivery: arguments.delivery.delivery(),
        ..Import::of(SourceName::new(&source), &input.name)
    };
    arguments.written.say(&mut request);
    let asks = input.length.is_some() && invocation.asks();
    let asked = asks.then_some(arguments);
    let (mut outcome, answers) = import_asking(&entry, &mut request, input, asked)?;
    if let Some(held) = outcome.held_back
        && asks
        && !request.dry_run
        && delivery::confirms(&outcome, &held)?
    {
        outcome.held_back = None;
        tell_as(&entry, &request, &outcome, output)?;
        // The rows are known by now: only what vanished is left to be done.
        request.delivery.accept_vanished = true;
        outcome = import(&entry, &request, arguments.database.open(&arguments.file)?)?;
    }
    tell_as(&entry, &request, &outcome, output)?;
    if !answers.is_empty() {
        let (source, lines) = (&request.source, answers.join(", "));
        say(&clean(&format!(
            "to avoid this question for {source}: add to [sources.{source}] in \
             steward.toml: {lines}"
        )));
    }
    Ok(match outcome.held_back {
        Some(_) => Code::Refused,
        None if arguments.strict && outcome.report.quarantined > 0 => Code::Rejects,
        None => Code::Done,
    })
}

/// The same as [`import`]. What nothing tells of the file is asked, one thing at a time, where
/// `asked` says how to open it once more: what came once cannot be read again. Gives the answers, too, as
/// steward.toml would say them.
fn import_asking(
    entry: &Entry,
    request: &mut Import,
    mut input: Input,
    asked: Option<&Arguments>,
) -> anyhow::Result<(ImportOutcome, Vec<String>)> {
    let mut answers = Vec::new();
    loop {
        let error = match import(entry, request, input) {
            Ok(outcome) => return Ok((outcome, answers)),
            Err(error) => error,
        };
        let Some(arguments) = asked else { return Err(error) };
        match questions::answer(&error, request)? {
            Some(answer) => answers.push(answer),
            None => return Err(error),
        }
        input = arguments.database.open(&arguments.file)?;
    }
}

/// Has a file imported, with its progress shown.
///
/// # Errors
/// When the file cannot be used or was cancelled, or the workspace cannot be written.
pub fn import(entry: &Entry, request: &Import, input: Input) -> anyhow::Result<ImportOutcome> {
    let Input { content, length, .. } = input;
    let (watch, input) = Watch::of(content, length)?;
    let streams = Streams::of(input);
    let outcome = entry.run(request.clone(), streams, &mut watch.following());
    watch.clear();
    Ok(*outcome?)
}

fn tell_as(
    entry: &Entry,
    request: &Import,
    outcome: &ImportOutcome,
    output: &Output,
) -> anyhow::Result<()> {
    if output.json {
        let mut object = to_json(request, outcome);
        let next = next::next(entry, request, outcome)?;
        object["next"] = next.as_deref().and_then(|it| it.strip_prefix("next: ")).into();
        output.object(&object)?;
    } else {
        tell(request, outcome, output)?;
        if let Some(next) = next::next(entry, request, outcome)? {
            say(&next);
        }
    }
    Ok(())
}
