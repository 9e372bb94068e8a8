//! What a day costs: importing, importing again, opening, rebuilding, one decision beside a bare
//! fsync of the same disk, one beside an import or a match, and what the dashboard is made of.
//!
//! `cargo bench --bench desk`, or `cargo bench --bench desk -- 65000` for so many customers of
//! `steward sample` (half as many records again). Writes to the system's temporary folder; `TMPDIR`
//! chooses the disk.

// A benchmark's figures are its output.
#![allow(clippy::print_stdout)]

use std::convert::Infallible;
use std::error::Error;
use std::fmt::Debug;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use desk::{Carry, Databases, Desk, Environment, LocalDoor, Workspace};
use domain::{CustomerId, ImportReport, SourceName};
use door::operations::{Dashboard, Decide, Failing, Import, Imports, Match, Rules, Watch};
use door::views::JobView;
use door::{Action, Door, DoorHandle, NotDone, Operation, Request, Session, Streams};
use jiff::tz::TimeZone;
use ledger::ports::clock::SystemClock;
use ledger::ports::files::{Access, Files, SystemFiles};
use ledger::ports::randomness::SystemRandomness;
use ledger::ports::secrets::SimulatedSecrets;
use sample::Plan;

const CUSTOMERS: u32 = 65_000;
const DECISIONS: u32 = 500;
/// About what a small decision takes in the ledger.
const SMALL_WRITE: usize = 800;
const FILES: [(&str, &str); 3] =
    [("crm.csv", "crm"), ("webshop.csv", "webshop"), ("support.jsonl", "support")];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let customers = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let plan = Plan { customers: customers.unwrap_or(CUSTOMERS), ..Plan::default() };
    let folder = tempfile::tempdir()?;
    let summary = sample::write(&plan, &mut |name| {
        Ok(Box::new(std::io::BufWriter::new(File::create(folder.path().join(name))?)))
    })?;
    println!("{} records of {} customers, 20 rules", summary.records(), summary.customers);
    let workspace = || Workspace::at(folder.path());
    let desk = Desk::create(workspace(), environment(folder.path())?)?;
    let desk = importing(desk, folder.path(), "import")?;
    let mut desk = importing(desk, folder.path(), "import again")?;
    deciding(&mut desk, folder.path())?;
    looking(&mut desk, "just imported")?;
    drop(desk);
    let (desk, took) =
        timed(|| Ok(Desk::open(workspace(), environment(folder.path())?, &mut |_, _| {})?.0))?;
    println!("open: {took:.0?}");
    let mut desk = desk;
    looking(&mut desk, "just opened")?;
    drop(desk);
    let (_, took) = timed(|| {
        Ok(Desk::open_rebuilt(workspace(), environment(folder.path())?, &mut |_, _| {})?)
    })?;
    println!("rebuild: {took:.1?}");
    deciding_beside_an_import(folder.path())?;
    working_beside_a_match(folder.path())
}

/// Encrypted, as every workspace is; its key lies beside it.
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

fn importing(desk: Desk, folder: &Path, what: &str) -> Outcome<Desk> {
    let door = LocalDoor::to(desk);
    for (file, source) in FILES {
        let (rows, took) = timed(|| import(&door, &folder.join(file), source))?;
        let rate = rows.read as f64 / took.as_secs_f64();
        println!("{what}, {file}: {} rows in {took:.2?}, {rate:.0} rows/s", rows.read);
    }
    Ok(door.into_desk())
}

fn import(door: &dyn Door, path: &Path, source: &str) -> Outcome<ImportReport> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let request = Import::of(SourceName::new(source), file);
    let streams = Streams::of_file(File::open(path)?);
    let who = Session::local("bench", TimeZone::UTC);
    Ok(door.run(&who, request, streams, &mut |_| true)?.report)
}

/// The screens about the workspace as a whole.
fn looking(desk: &mut Desk, when: &str) -> Outcome<()> {
    let rules = desk.act(&who(), Rules {}, Streams::default())?;
    let rule = rules.into_iter().max_by_key(|rule| rule.all.failing);
    let rule = rule.ok_or("no rules")?.rule;
    looking_at(desk, when, "dashboard", Dashboard {})?;
    looking_at(desk, when, "rules", Rules {})?;
    looking_at(desk, when, "500 failing records", Failing { rule, limit: 500 })?;
    looking_at(desk, when, "imports", Imports {})
}

fn looking_at<O>(desk: &mut Desk, when: &str, what: &str, operation: O) -> Outcome<()>
where
    O: Carry + Clone,
    O::Answer: PartialEq + Debug,
{
    let mut ask = || Ok(desk.act(&who(), operation.clone(), Streams::default())?);
    let (first, took_first) = timed(&mut ask)?;
    let (again, took_again) = timed(&mut ask)?;
    if first != again {
        return Err(format!("{what}: {first:?}").into());
    }
    println!("{when}, {what}: {took_first:.2?}, again {took_again:.2?}");
    Ok(())
}

fn who() -> Session {
    Session::local("the benchmark", TimeZone::UTC)
}

fn ask<O: Operation>(desk: &DoorHandle, operation: O) -> Result<O::Answer, NotDone> {
    (desk as &dyn Door).ask(&who(), operation, Streams::default())
}

/// Waits until what is under way has ended.
fn ended(desk: &DoorHandle) -> Outcome<Option<JobView>> {
    let mut done = 0;
    loop {
        let job = ask(desk, Watch { job: None, phase: String::new(), done, ahead: 0 })?;
        match &job {
            Some(view) if view.ended.is_none() => done = view.done,
            _ => return Ok(job),
        }
    }
}

/// Decisions as the review asks for them, while a file is imported, each beside a bare fsync.
fn deciding_beside_an_import(files: &Path) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    std::fs::copy(files.join("steward.toml"), folder.path().join("steward.toml"))?;
    let desk = Desk::create(Workspace::at(folder.path()), environment(folder.path())?)?;
    let [(first, of), (second, source), _] = FILES;
    let door = LocalDoor::to(desk);
    let known = u32::try_from(import(&door, &files.join(first), of)?.new)?;
    let desk = door.into_desk();
    let (handle, thread) = DoorHandle::open(move || Ok::<_, Infallible>(desk))?;
    let bare = SystemFiles.open(&folder.path().join("bare"), Access::CreateNew)?;
    let import = Import::of(SourceName::new(source), second);
    let streams = Streams::of_file(File::open(files.join(second))?);
    let began = Instant::now();
    (&handle as &dyn Door).ask(&who(), import, streams)?;
    let (mut syncs, mut decisions) = (Vec::new(), Vec::new());
    // The customers there were before: a decision about two of them changes nothing else.
    for number in 0..known / 2 {
        let (_, took) = timed(|| {
            bare.write_at(&[0x5a; SMALL_WRITE], (SMALL_WRITE * number as usize) as u64)?;
            Ok(bare.sync()?)
        })?;
        syncs.push(took);
        let groups = vec![vec![CustomerId(2 * number + 1)], vec![CustomerId(2 * number + 2)]];
        let request = Request::new(Action::NotAMatch { groups });
        let (_, took) = timed(|| Ok(ask(&handle, Decide { request })?))?;
        let imports = ask(&handle, Imports {})?;
        if imports.job.is_none_or(|job| job.ended.is_some()) {
            break;
        }
        decisions.push(took);
    }
    let job = ended(&handle)?;
    println!("an import beside {} decisions: {:.2?}, {job:?}", decisions.len(), began.elapsed());
    percentiles("bare fsync beside an import", &mut syncs);
    percentiles("one decision beside an import", &mut decisions);
    drop(handle);
    thread.join().map_err(|_| "the desk panicked")??;
    Ok(())
}

/// What a person waits for while records are matched: a question that costs nothing, a decision,
/// fifty times a second, by the phase the match was in.
fn working_beside_a_match(files: &Path) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    std::fs::copy(files.join("steward.toml"), folder.path().join("steward.toml"))?;
    let desk = Desk::create(Workspace::at(folder.path()), environment(folder.path())?)?;
    let desk = importing(desk, files, "to be matched, import")?;
    let (handle, thread) = DoorHandle::open(move || Ok::<_, Infallible>(desk))?;
    let began = Instant::now();
    ask(&handle, Match::default())?;
    let mut waits: Vec<(String, Vec<Duration>, Vec<Duration>)> = Vec::new();
    let mut refused = 0;
    for number in 0.. {
        let (imports, waited) = timed(|| Ok(ask(&handle, Imports {})?))?;
        let Some(job) = imports.job.filter(|job| job.ended.is_none()) else { break };
        if waits.last().is_none_or(|(phase, ..)| *phase != job.phase) {
            waits.push((job.phase, Vec::new(), Vec::new()));
        }
        // Two customers each: the match may have merged them, and then it is refused.
        let groups = vec![vec![CustomerId(2 * number + 1)], vec![CustomerId(2 * number + 2)]];
        let request = Request::new(Action::NotAMatch { groups });
        let (answer, decided) = timed(|| Ok(ask(&handle, Decide { request })))?;
        refused += u32::from(matches!(answer, Err(NotDone::Refused(_))));
        if let Some((_, questions, decisions)) = waits.last_mut() {
            questions.push(waited);
            decisions.push(decided);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let job = ended(&handle)?;
    println!(
        "a match beside decisions, {refused} of them refused: {:.2?}, {job:?}",
        began.elapsed()
    );
    for (phase, mut questions, mut decisions) in waits {
        percentiles(&format!("{phase}: {} questions", questions.len()), &mut questions);
        percentiles(&format!("{phase}: one decision"), &mut decisions);
    }
    drop(handle);
    thread.join().map_err(|_| "the desk panicked")??;
    Ok(())
}

fn percentiles(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len().saturating_sub(1) * share / 100).copied();
    let shown = |share| at(share).unwrap_or_default();
    println!("{what}: p50 {:.2?}, p99 {:.2?}, most {:.2?}", shown(50), shown(99), shown(100));
}

/// Decisions about customers nobody decided about, each beside a bare write and fsync.
fn deciding(desk: &mut Desk, folder: &Path) -> Outcome<()> {
    let path = folder.join("bare");
    let bare = SystemFiles.open(&path, Access::CreateNew)?;
    let mut offset = 0;
    let mut syncs = Vec::new();
    let mut decisions = Vec::new();
    let who = Session::local("bench", TimeZone::UTC);
    for number in 0..DECISIONS {
        let (_, took) = timed(|| {
            bare.write_at(&[0x5a; SMALL_WRITE], offset)?;
            Ok(bare.sync()?)
        })?;
        offset += SMALL_WRITE as u64;
        syncs.push(took);
        let groups = vec![vec![CustomerId(2 * number + 1)], vec![CustomerId(2 * number + 2)]];
        let decide = Decide { request: Request::new(Action::NotAMatch { groups }) };
        let (_, took) = timed(|| Ok(desk.act(&who, decide, Streams::default())?))?;
        decisions.push(took);
    }
    percentiles("bare fsync", &mut syncs);
    percentiles("one decision", &mut decisions);
    std::io::stdout().flush()?;
    Ok(())
}
