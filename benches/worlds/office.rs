//! A desk in this process, asked through the door as the command line asks it: a ledger in a temporary
//! folder, the store in memory, under a clock that moves only when told and chance that repeats itself.

use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use desk::{Databases, Desk, Environment, LocalDoor, Workspace};
use domain::{QueueOrder, SourceName, TaskId};
use door::operations::{
    CsvForm, Decide, Destination, Evaluate, Export, Extent, Import, Match, PrepareQueue, Queue,
    ShowTask,
};
use door::views::{Evaluation, MatchOutcome, QueueView, TaskView};
use door::{Door, Job, NotDone, Operation, Outcome, Receipt, Request, Session, Streams};
use jiff::tz::TimeZone;
use ledger::ports::clock::SimulatedClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SimulatedRandomness;
use ledger::ports::secrets::SimulatedSecrets;
use rustix::time::{ClockId, clock_gettime};
use tempfile::TempDir;

use super::set::Set;

/// The steward who answers.
const STEWARD: &str = "the simulated steward";
/// What an answer takes.
const SECONDS_AN_ANSWER: i64 = 10;

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// On the clock.
    pub wall: Duration,
    /// Of all processors.
    pub cpu: Duration,
}

/// A desk with the records of one set.
pub struct Office {
    door: LocalDoor,
    who: Session,
    clock: Arc<SimulatedClock>,
    _folder: TempDir,
}

impl Office {
    /// A workspace of a set, its files imported.
    ///
    /// # Errors
    /// When the set cannot be imported, or not all of it.
    pub fn of(set: &Set) -> anyhow::Result<Office> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("steward.toml"), &set.settings)?;
        let clock = Arc::new(SimulatedClock::at("2026-01-05T09:00:00Z".parse()?));
        let environment = Environment {
            clock: Arc::clone(&clock) as _,
            randomness: Arc::new(SimulatedRandomness::seeded(1)),
            files: Arc::new(SystemFiles),
            secrets: Arc::new(SimulatedSecrets::in_folder(folder.path().join("secret keys"))),
            databases: Databases::InMemory,
            actor: STEWARD.to_owned(),
            register: None,
            formats: desk::Formats::default(),
        };
        let desk = Desk::create(Workspace::at(folder.path()), environment)?;
        let who = Session::local(STEWARD, TimeZone::UTC);
        let office = Office { door: LocalDoor::to(desk), who, clock, _folder: folder };
        for (source, (name, bytes)) in &set.files {
            let request = Import::of(SourceName::new(source), name.clone());
            let streams = Streams::of_file(Cursor::new(bytes.clone()));
            office.run(request, streams).with_context(|| format!("set {}: {name}", set.name))?;
        }
        Ok(office)
    }

    fn door(&self) -> &dyn Door {
        &self.door
    }

    fn ask<O: Operation>(&self, operation: O) -> Outcome<O::Answer> {
        self.door().ask(&self.who, operation, Streams::default())
    }

    fn run<O: Job>(&self, operation: O, streams: Streams) -> anyhow::Result<O::Report> {
        self.door().run(&self.who, operation, streams, &mut |_| true).map_err(not_done)
    }

    /// Matches all records and learns the model again.
    ///
    /// # Errors
    /// When the desk fails.
    pub fn match_fully(&self) -> anyhow::Result<(MatchOutcome, Cost)> {
        let (began, used) = (Instant::now(), cpu());
        let request = Match { extent: Extent::Full, ..Match::default() };
        let outcome = self.run(request, Streams::default())?;
        Ok((outcome, Cost { wall: began.elapsed(), cpu: cpu().saturating_sub(used) }))
    }

    /// Measures against the truth.
    ///
    /// # Errors
    /// When the truth does not fit.
    pub fn evaluate(&self, truth: &[u8]) -> anyhow::Result<Evaluation> {
        let streams = Streams::of_file(Cursor::new(truth.to_vec()));
        Ok(*self.run(Evaluate {}, streams)?)
    }

    /// The pending duplicate tasks in an order.
    ///
    /// # Errors
    /// When the desk fails.
    pub fn queue(&self, order: QueueOrder) -> anyhow::Result<QueueView> {
        let filter = Some("kind = duplicate".to_owned());
        loop {
            let queue = self.ask(Queue { filter: filter.clone(), order }).map_err(not_done)?;
            let unread = queue.preparing.is_some_and(|(done, all)| done < all);
            if !unread {
                return Ok(queue);
            }
            self.ask(PrepareQueue { filter: filter.clone(), order }).map_err(not_done)?;
        }
    }

    /// A task with its customers side by side.
    ///
    /// # Errors
    /// When the desk fails.
    pub fn task(&self, task: TaskId) -> anyhow::Result<TaskView> {
        self.ask(ShowTask { task, unmask: false }).map_err(not_done)
    }

    /// Decides; a refusal is an answer.
    pub fn decide(&self, request: Request) -> Outcome<Receipt> {
        self.clock.advance(SECONDS_AN_ANSWER);
        self.ask(Decide { request })
    }

    /// Every record's address and its customer, as they are now.
    ///
    /// # Errors
    /// When the desk fails.
    pub fn customers(&self) -> anyhow::Result<Vec<(String, String)>> {
        let rows = self.exported("xref", ["kind", "record", "customer"])?.into_iter();
        let records = rows.filter(|[kind, ..]| kind == "record");
        Ok(records.map(|[_, record, customer]| (record, customer)).collect())
    }

    /// Every scored pair's addresses and match probability, as the last run's model says: with what
    /// decisions had taught it.
    ///
    /// # Errors
    /// When the desk fails.
    pub fn pairs(&self) -> anyhow::Result<Vec<(String, String, f64)>> {
        let rows = self.exported("pairs", ["id_l", "id_r", "match_probability"])?.into_iter();
        let pairs = rows.map(|[left, right, probability]| {
            Ok((left, right, probability.parse().context("a probability is a number")?))
        });
        pairs.collect()
    }

    /// Some columns of a data set as it is exported.
    fn exported<const COLUMNS: usize>(
        &self,
        dataset: &str,
        columns: [&str; COLUMNS],
    ) -> anyhow::Result<Vec<[String; COLUMNS]>> {
        let request = Export {
            dataset: dataset.to_owned(),
            format: "csv".to_owned(),
            since: None,
            at: None,
            filter: None,
            with_golden: false,
            csv: CsvForm::default(),
            destination: Destination::standard_output(),
            dry_run: false,
        };
        let written = Written::default();
        self.run(request, Streams::writing(Box::new(written.clone())))?;
        let bytes = written.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let headers = reader.headers()?.clone();
        let mut places = [0; COLUMNS];
        for (place, name) in places.iter_mut().zip(columns) {
            let found = headers.iter().position(|header| header == name);
            *place = found.ok_or_else(|| anyhow!("the export {dataset} has no column {name}"))?;
        }
        let rows = reader.records().map(|row| {
            let row = row?;
            Ok(places.map(|place| row[place].to_owned()))
        });
        rows.collect()
    }
}

fn not_done(why: NotDone) -> anyhow::Error {
    anyhow!("{why}")
}

/// What this process has used of all processors.
fn cpu() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(used.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(used.tv_nsec).unwrap_or(0))
}

/// What was written, to be read by whoever gave it away.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
