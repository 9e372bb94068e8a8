//! Fifty people deciding at once: how long each waits for a decision to be acknowledged, beside a bare
//! fsync of the same disk in the same run, with decisions that share a sync and with one sync each. First
//! each person decides about once a second, then each as fast as they are answered.
//!
//! `cargo bench --bench deciding`, or `cargo bench --bench deciding -- 20 40` for twenty people with forty
//! decisions each. Writes to the system's temporary folder; `TMPDIR` chooses the disk.

// A benchmark's figures are its output.
#![allow(clippy::print_stdout)]

use std::convert::Infallible;
use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use desk::{Databases, Desk, Environment, LocalDoor, Workspace};
use domain::{CustomerId, SourceName};
use door::operations::{Decide, Import};
use door::{
    Action, Asked, Door, DoorHandle, Failure, Keeper, Request, Session, SessionId, Streams, Told,
    Waker,
};
use jiff::tz::TimeZone;
use ledger::ports::clock::SystemClock;
use ledger::ports::files::{Access, Files, SystemFiles};
use ledger::ports::randomness::SystemRandomness;
use ledger::ports::secrets::SimulatedSecrets;
use sample::Plan;

const PEOPLE: u32 = 50;
const DECISIONS: u32 = 20;
/// From one decision of a person to the next, about.
const PACE: Duration = Duration::from_secs(1);
/// About what a small decision takes in the ledger.
const SMALL_WRITE: usize = 800;
/// Bare syncs, half of them before the decisions and half behind.
const SYNCS: u32 = 200;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A desk whose decisions share a sync, or one that syncs each by itself.
struct Kept {
    desk: Desk,
    shares: bool,
}

impl Keeper for Kept {
    fn wake_by(&mut self, waker: Waker) {
        self.desk.wake_by(waker);
    }
    fn begin(&mut self, who: &Session, asked: &Asked) {
        Keeper::begin(&mut self.desk, who, asked);
    }
    fn carry(&mut self, who: &Session, asked: Asked, streams: Streams) -> Told {
        Keeper::carry(&mut self.desk, who, asked, streams)
    }
    fn has_news(&self, who: &Session, asked: &Asked) -> bool {
        self.desk.has_news(who, asked)
    }
    fn is_working(&self) -> bool {
        Keeper::is_working(&self.desk)
    }
    fn work(&mut self) -> Duration {
        Keeper::work(&mut self.desk)
    }
    fn stop(&mut self) {
        Keeper::stop(&mut self.desk);
    }
    fn begin_group(&mut self) {
        if self.shares {
            Keeper::begin_group(&mut self.desk);
        }
    }
    fn must_end_group(&self) -> bool {
        !self.shares || self.desk.must_end_group()
    }
    fn end_group(&mut self) -> Result<(), Failure> {
        if self.shares { Keeper::end_group(&mut self.desk) } else { Ok(()) }
    }
}

fn main() -> Outcome<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let people: u32 = numbers.next().unwrap_or(PEOPLE);
    let decisions: u32 = numbers.next().unwrap_or(DECISIONS);
    let plan = Plan { customers: people * decisions * 2 + 1_000, ..Plan::default() };
    let files = tempfile::tempdir()?;
    sample::write(&plan, &mut |name| {
        Ok(Box::new(std::io::BufWriter::new(File::create(files.path().join(name))?)))
    })?;
    for (pace, said) in [(PACE, "about one a second"), (Duration::ZERO, "as fast as they can")] {
        println!("{people} people, {decisions} decisions each, {said}");
        for shares in [false, true, false, true] {
            deciding(files.path(), (people, decisions, pace), shares)?;
        }
    }
    Ok(())
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

fn deciding(
    files: &Path,
    (people, decisions, pace): (u32, u32, Duration),
    shares: bool,
) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    std::fs::copy(files.join("steward.toml"), folder.path().join("steward.toml"))?;
    let desk = Desk::create(Workspace::at(folder.path()), environment(folder.path())?)?;
    let door = LocalDoor::to(desk);
    let import = Import::of(SourceName::new("crm"), "crm.csv".to_owned());
    let streams = Streams::of_file(File::open(files.join("crm.csv"))?);
    (&door as &dyn Door).run(&session(0), import, streams, &mut |_| true)?;
    let desk = door.into_desk();
    let (handle, thread) = DoorHandle::open(move || Ok::<_, Infallible>(Kept { desk, shares }))?;
    let mut syncs = bare(folder.path(), "before")?;
    let began = Instant::now();
    let one = |person: u32| {
        let patient = handle.patient();
        std::thread::spawn(move || -> Vec<Duration> {
            let door: &dyn Door = &patient;
            let who = session(person);
            let decide = |number: u32| {
                // Nobody keeps step with anybody else.
                let chance = blake3::hash(&[person.to_le_bytes(), number.to_le_bytes()].concat());
                std::thread::sleep(pace.mul_f64(0.5 + f64::from(chance.as_bytes()[0]) / 256.0));
                let first = 2 * (person * decisions + number) + 1;
                let groups = vec![vec![CustomerId(first)], vec![CustomerId(first + 1)]];
                let request = Request::new(Action::NotAMatch { groups });
                let asked = Instant::now();
                let done = door.ask(&who, Decide { request }, Streams::default());
                done.is_ok().then(|| asked.elapsed())
            };
            (0..decisions).filter_map(decide).collect()
        })
    };
    let threads: Vec<_> = (0..people).map(one).collect();
    let mut times = Vec::new();
    for thread in threads {
        times.extend(thread.join().map_err(|_| "a person panicked")?);
    }
    let took = began.elapsed();
    syncs.extend(bare(folder.path(), "behind")?);
    let how = if shares { "sharing a sync" } else { "a sync each" };
    let rate = times.len() as f64 / took.as_secs_f64();
    println!("{how}: {} decisions in {took:.2?}, {rate:.0} a second", times.len());
    percentiles("  bare fsync", &mut syncs);
    percentiles("  acknowledged", &mut times);
    drop(handle);
    thread.join().map_err(|_| "the desk panicked")??;
    Ok(())
}

fn session(person: u32) -> Session {
    let name = format!("person {person}");
    Session { id: SessionId(u64::from(person) + 1), ..Session::local(name, TimeZone::UTC) }
}

fn bare(folder: &Path, name: &str) -> Outcome<Vec<Duration>> {
    let file = SystemFiles.open(&folder.join(name), Access::CreateNew)?;
    let mut syncs = Vec::new();
    for number in 0..SYNCS / 2 {
        let began = Instant::now();
        file.write_at(&[0x5a; SMALL_WRITE], (SMALL_WRITE * number as usize) as u64)?;
        file.sync()?;
        syncs.push(began.elapsed());
    }
    Ok(syncs)
}

fn percentiles(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len().saturating_sub(1) * share / 100).copied();
    let shown = |share| at(share).unwrap_or_default();
    println!("{what}: p50 {:.2?}, p99 {:.2?}, most {:.2?}", shown(50), shown(99), shown(100));
}
