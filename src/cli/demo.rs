//! `steward demo`: a ready-made workspace of made-up customers, with six tasks that teach.
//!
//! The sample's files are in the binary, so that an installed steward has a demo anywhere.

mod coach;

use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use anyhow::Context;

use super::code::Code;
use super::invocation::{Invocation, absolute};
use super::output::Output;
use super::ready_made::{ReadyMade, Taught, import};
use super::review;
use super::say::say;
use coach::Coach;
use desk::{Desk, Environment, Workspace};
use domain::{RecordAddress, SourceName, StreamName};
use door::operations::{Decide, FindRecord, Import};
use door::{Action, Request, Streams};

/// Open a ready-made workspace of invented customers; without a terminal, print its queue.
///
/// Six of its tasks are lessons, each with a line that says what to do. When you open the demo again, it
/// continues with the first lesson you have not decided. `steward train` is the next step.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward demo --reset")]
pub struct Arguments {
    /// Start the demo over and forget every decision made in it.
    #[arg(long)]
    reset: bool,
    /// Show what would be removed and created; change nothing.
    #[arg(long)]
    dry_run: bool,
}

const SETTINGS: &str = include_str!("../../sample-data/steward.toml");

/// What the demo is made of: source, file name, content.
const SAMPLE: [(&str, &str, &str); 5] = [
    ("crm", "crm.csv", include_str!("../../sample-data/crm.csv")),
    ("webshop", "webshop.csv", include_str!("../../sample-data/webshop.csv")),
    ("support", "support.jsonl", include_str!("../../sample-data/support.jsonl")),
    ("crm", "demo-crm.csv", include_str!("../../sample-data/demo/crm.csv")),
    ("webshop", "demo-webshop.csv", include_str!("../../sample-data/demo/webshop.csv")),
];
/// The streams of the demo: what its customers did. Below the settings of the sample.
const STREAMS: &str = include_str!("../../sample-data/demo/streams.toml");
/// What they deliver: stream, file name, content.
const ACTIVITIES: [(&str, &str, &str); 2] = [
    ("orders", "demo-orders.csv", include_str!("../../sample-data/demo/orders.csv")),
    ("tickets", "demo-tickets.csv", include_str!("../../sample-data/demo/tickets.csv")),
];
/// What the shop delivers after kim decided.
const LATER: (&str, &str, &str) =
    ("webshop", "demo-webshop.csv", include_str!("../../sample-data/demo/webshop-later.csv"));
/// Whom kim put apart, before the shop's data changed.
const PUT_APART: [&str; 2] = ["crm:demo-8", "webshop:demo-24"];

/// Opens the demo.
///
/// # Errors
/// When it cannot be made or opened.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let demo = ReadyMade::called("demo")?;
    if arguments.dry_run {
        return demo.foresee("a demo of 2,000 invented records", arguments.reset, output);
    }
    if arguments.reset {
        demo.remove()?;
    }
    if !demo.is_made() {
        say("making the demo: importing and matching 2,000 invented records");
        let environment = invocation.environment()?;
        let settings = format!("{SETTINGS}{STREAMS}");
        demo.make(&settings, &environment, |folder| fill(folder, &environment))?;
        output.something_was_done();
    }
    let opened = Invocation::at(demo.folder());
    if !review::is_interactive(output) {
        let code = review::print_queue(&opened.open()?, output)?;
        say(&format!("the demo's workspace: --workspace {}", absolute(demo.folder())));
        return Ok(code);
    }
    let coach = Arc::new(OnceLock::new());
    let (read, teacher) = (Arc::clone(&coach), Arc::clone(&coach));
    let prepare = move |desk: &mut Desk| {
        let lessons = Coach::read(desk)?;
        let start = lessons.next();
        let _ = read.set(lessons);
        Ok(start)
    };
    let code =
        review::open_screen(&opened, output, prepare, |desk| Box::new(Taught { desk, teacher }))?;
    coach.get().map(Coach::farewell).unwrap_or_default().iter().for_each(|line| say(line));
    Ok(code)
}

fn fill(folder: &Path, environment: &Environment) -> anyhow::Result<()> {
    let read = |(source, file, content): (&'static str, &'static str, &str)| {
        (source, file, content.as_bytes().to_vec())
    };
    let desk = Desk::create(Workspace::at(folder), environment.clone())?;
    import(desk, &SAMPLE.map(read))?;
    put_apart(folder, environment)?;
    let (desk, _) = Desk::open(Workspace::at(folder), environment.clone(), &mut |_, _| {})?;
    let entry = import(desk, &[read(LATER)])?;
    for (stream, file, content) in ACTIVITIES {
        let stream = StreamName::new(stream);
        // The desk knows whose stream it is.
        let source = SourceName::new(stream.as_str());
        let request = Import { stream: Some(stream), ..Import::of(source, file) };
        let streams = Streams::of_file(Cursor::new(content.as_bytes().to_vec()));
        entry.run(request, streams, &mut |_| true)?;
    }
    Ok(())
}

/// A colleague's decision, for new data to contradict.
fn put_apart(folder: &Path, environment: &Environment) -> anyhow::Result<()> {
    let kim = door::Session::local("kim", environment.clock.zone());
    let (mut desk, _) = Desk::open(Workspace::at(folder), environment.clone(), &mut |_, _| {})?;
    let mut groups = Vec::new();
    for address in PUT_APART {
        let record: RecordAddress = address.parse()?;
        let found = desk.act(&kim, FindRecord { record }, Streams::default());
        groups.push(vec![found.context("making the demo")?.customer]);
    }
    let mut request = Request::new(Action::NotAMatch { groups });
    request.reason = Some("same-name".into());
    request.note = Some("father and son; spoke to both".to_owned());
    let decided = desk.act(&kim, Decide { request }, Streams::default());
    decided.context("making the demo")?;
    Ok(())
}
