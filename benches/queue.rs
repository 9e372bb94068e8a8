//! What the queue costs with 200,000 pending tasks: opening it, filtering, sorting, the rows of a
//! screen, a decision and what follows it, reading what columns of records need, memory.
//!
//! `cargo bench --bench queue`, or `cargo bench --bench queue -- 20000` for so many tasks. The tasks
//! are made the way all are: a CRM and a web shop are imported whose records break a rule, and a
//! tenth of the customers stand in both with another family name. Writes to the system's temporary
//! folder. `cargo bench --bench queue -- 200000 keep FOLDER` makes the workspace there and keeps it.

// A benchmark's figures are its output.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use desk::{Carry, Databases, Desk, Environment, LocalDoor, Workspace};
use domain::{SourceName, TaskId};
use door::operations::{DecideSome, Import, Match, PrepareQueue, Queue, QueueRows, QueueSince};
use door::views::{OrderBy, QueueNews, QueueOrder, QueueView};
use door::{BulkStep, BulkVerdict, Door, Session, Streams};
use jiff::tz::TimeZone;
use ledger::ports::clock::SystemClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SystemRandomness;
use ledger::ports::secrets::SimulatedSecrets;

const TASKS: usize = 200_000;
const DECISIONS: usize = 200;
const SCREENS: usize = 200;

const SETTINGS: &str = r#"
[workspace]
name = "many tasks"
region = "US"
[fields.given_name]
type = "given_name"
[fields.family_name]
type = "family_name"
[fields.email]
type = "email"
[fields.street]
type = "street"
[fields.worth]
type = "number"
[sources.crm]
trust = 90
key = "id"
map = { given_name = "given", family_name = "family", email = "email", street = "street", worth = "worth" }
[sources.webshop]
trust = 50
key = "id"
map = { given_name = "given", family_name = "family", email = "email", street = "street", worth = "worth" }
[[rules]]
id = "worth-known"
field = "worth"
check = "range"
min = 1
severity = "error"
[queue]
stake = "worth"
"#;

const GIVEN: [&str; 12] = [
    "Ada", "Tomas", "Maj", "Kenji", "Berta", "Winifred", "Otis", "Ingrid", "Pavel", "Rosa",
    "Amara", "Felix",
];
const FAMILY: [&str; 14] = [
    "Ashgrove",
    "Birchwood",
    "Cedarling",
    "Dunmore",
    "Elmhurst",
    "Fernhill",
    "Glenrock",
    "Hazelton",
    "Ivybridge",
    "Juniperson",
    "Kestrelman",
    "Larkfield",
    "Moorgate",
    "Northwick",
];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(TASKS);
    let kept = arguments.iter().position(|argument| argument == "keep");
    let temporary = tempfile::tempdir()?;
    let folder = match kept.and_then(|at| arguments.get(at + 1)) {
        Some(folder) => PathBuf::from(folder),
        None => temporary.path().to_owned(),
    };
    std::fs::create_dir_all(&folder)?;
    let (desk, took) = timed(|| made(&folder, wanted))?;
    println!("{} records made in {took:.1?}", records(wanted));
    drop(desk);
    if kept.is_some() {
        println!("kept in {}", folder.display());
        return Ok(());
    }
    let workspace = Workspace::at(&folder);
    let (mut desk, took) =
        timed(|| Ok(Desk::open(workspace, environment(&folder)?, &mut |_, _| {})?.0))?;
    println!("open the workspace: {took:.1?}");
    measure(&mut desk)
}

fn records(tasks: usize) -> usize {
    tasks + tasks / 10
}

/// Every CRM record breaks a rule; every tenth customer stands in the web shop as well.
fn made(folder: &Path, tasks: usize) -> Outcome<Desk> {
    std::fs::write(folder.join("steward.toml"), SETTINGS)?;
    let local = LocalDoor::to(Desk::create(Workspace::at(folder), environment(folder)?)?);
    let (door, who): (&dyn Door, _) = (&local, Session::local("bench", TimeZone::UTC));
    let (mut crm, mut shop) = (String::from(HEADER), String::from(HEADER));
    for id in 0..tasks {
        let (given, family) = (GIVEN[id % GIVEN.len()], FAMILY[id / 12 % FAMILY.len()]);
        let worth = if id % 50 == 0 { id } else { 0 };
        writeln!(
            crm,
            "{id},{given},{family},{given}.{family}{id}@example.com,{id} Rose Lane,{worth}"
        )?;
        if id % 10 == 0 {
            let other = FAMILY[(id / 12 + 5) % FAMILY.len()];
            writeln!(
                shop,
                "{id},{given},{other},{given}.{family}{id}@example.com,{id} Oak Road,40"
            )?;
        }
    }
    for (source, text) in [("crm", crm), ("webshop", shop)] {
        let request = Import::of(SourceName::new(source), format!("{source}.csv"));
        let streams = Streams::of_file(Cursor::new(text));
        door.run(&who, request, streams, &mut |_| true)?;
    }
    door.run(&who, Match::default(), Streams::default(), &mut |_| true)?;
    Ok(local.into_desk())
}

const HEADER: &str = "id,given,family,email,street,worth\n";

fn environment(folder: &Path) -> Outcome<Environment> {
    Ok(Environment {
        secrets: Arc::new(SimulatedSecrets::in_folder(folder.join("secret keys"))),
        databases: Databases::default(),
        register: None,
        formats: desk::Formats::default(),
        clock: Arc::new(SystemClock),
        randomness: Arc::new(SystemRandomness::new()?),
        files: Arc::new(SystemFiles),
        actor: "the benchmark".to_owned(),
    })
}

fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
    let began = Instant::now();
    let done = work()?;
    Ok((done, began.elapsed()))
}

fn asked(desk: &mut Desk, filter: Option<&str>, order: QueueOrder) -> Outcome<QueueView> {
    ask(desk, Queue { filter: filter.map(str::to_owned), order })
}

fn ask<O: Carry>(desk: &mut Desk, operation: O) -> Outcome<O::Answer> {
    let who = Session::local("the benchmark", TimeZone::UTC);
    Ok(desk.act(&who, operation, Streams::default())?)
}

fn measure(desk: &mut Desk) -> Outcome<()> {
    let best = QueueOrder::default();
    let (view, took) = timed(|| asked(desk, None, best))?;
    println!("open the queue, {} tasks: {took:.1?}", view.listed.len());
    let (_, took) = timed(|| asked(desk, None, best))?;
    println!("ask for it again: {took:.1?}");
    println!("memory: {} MB", resident_megabytes());
    screens(desk, &view)?;
    deciding(desk, &view)?;
    for filter in ["kind = duplicate", "score >= 0.5 and state = open", "reason ~ worth", "age > 3"]
    {
        let (view, took) = timed(|| asked(desk, Some(filter), best))?;
        println!("filter {filter}: {} in {took:.1?}", view.listed.len());
    }
    let order = QueueOrder { by: OrderBy::Score, reversed: true };
    let (_, took) = timed(|| asked(desk, None, order))?;
    println!("order by score: {took:.1?}");
    for filter in ["stake > 100", "subject ~ moorgate", "pattern ~ email or pattern ~ e-mail"] {
        preparing(desk, filter)?;
    }
    println!("memory: {} MB", resident_megabytes());
    Ok(())
}

/// Rows of a screen anywhere in the list, as a jump of the cursor asks for them.
fn screens(desk: &mut Desk, view: &QueueView) -> Outcome<()> {
    let mut times = Vec::new();
    for number in 0..SCREENS {
        let first = view.listed.len() / SCREENS * number;
        let tasks: Vec<TaskId> =
            view.listed.iter().skip(first).take(57).map(|listed| listed.task).collect();
        let (_, took) = timed(|| ask(desk, QueueRows { tasks }))?;
        times.push(took);
    }
    told("57 rows anywhere", &mut times);
    Ok(())
}

/// Decisions, each with what the queue learns of it, as a bulk makes them.
fn deciding(desk: &mut Desk, view: &QueueView) -> Outcome<()> {
    let (mut decisions, mut changes) = (Vec::new(), Vec::new());
    let mut since = view.generation;
    for listed in view.listed.iter().take(DECISIONS) {
        let step = BulkStep {
            verdict: BulkVerdict::Escalate { to: "kim".to_owned() },
            reason: None,
            note: None,
            tasks: vec![(listed.task, None)],
            bulk: None,
            left: 0,
            rehearse: false,
            break_glass: None,
        };
        let (outcome, took) = timed(|| ask(desk, DecideSome { step }))?;
        if outcome.bulk.is_none() {
            return Err(format!("{outcome:?}").into());
        }
        decisions.push(took);
        let news = QueueSince { filter: None, order: QueueOrder::default(), since };
        let (news, took) = timed(|| ask(desk, news))?;
        let QueueNews::Changed(seen) = news else { return Err(format!("{news:?}").into()) };
        since = seen.generation;
        changes.push(took);
    }
    told("one decision, fsync included", &mut decisions);
    told("what changed in the queue", &mut changes);
    Ok(())
}

/// Reads what a filter needs of records, slice by slice, and filters then.
fn preparing(desk: &mut Desk, filter: &str) -> Outcome<()> {
    let order = QueueOrder::default();
    let mut slices = Vec::new();
    let began = Instant::now();
    loop {
        let slice = PrepareQueue { filter: Some(filter.to_owned()), order };
        let (prepared, took) = timed(|| ask(desk, slice))?;
        slices.push(took);
        if prepared.done >= prepared.total {
            break;
        }
    }
    let all = began.elapsed();
    let (view, took) = timed(|| asked(desk, Some(filter), order))?;
    println!("filter {filter}: {} in {took:.1?}, after reading for {all:.1?}", view.listed.len());
    told("  one slice of reading", &mut slices);
    Ok(())
}

fn told(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("{what}: p50 {:.2?}, p99 {:.2?}", at(50), at(99));
}

/// What the process holds in memory, where Linux says so.
fn resident_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1_024
}
