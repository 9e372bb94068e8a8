//! A desk in this process, asked through the door as the command line asks it: a ledger in a temporary
//! folder, the store in memory, under a clock that moves only when told and chance that repeats itself.

use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use desk::{Databases, Desk, Environment, LocalDoor, Workspace};
use domain::{CensusId, QueueOrder, SourceName, TaskId, TaskKind};
use door::operations::{
    CsvForm, Decide, Destination, Evaluate, Export, Extent, GiveGrant, Grants, Import, Match,
    PrepareQueue, Queue, ShowGrant, ShowTask,
};
use door::views::{Evaluation, GrantDetail, GrantsView, MatchOutcome, QueueView, TaskView};
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
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

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
    /// A workspace of a set, its files imported; where merges are to be granted, with the precision that is
    /// promised of them.
    ///
    /// # Errors
    /// When the set cannot be imported, or not all of it.
    pub fn of(set: &Set, promised: Option<f64>) -> anyhow::Result<Office> {
        let folder = tempfile::tempdir()?;
        let autonomy = promised.map_or_else(String::new, |precision| {
            format!("\n[matching.autonomy]\nprecision = {precision}\n")
        });
        std::fs::write(folder.path().join("steward.toml"), format!("{}{autonomy}", set.settings))?;
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

    /// The pending tasks of a kind in an order.
    ///
    /// # Errors
    /// When the desk fails.
    pub fn queue(&self, kind: TaskKind, order: QueueOrder) -> anyhow::Result<QueueView> {
        let filter = Some(format!("kind = {}", kind.name()));
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

    /// What may be granted, and what was.
    ///
    /// # Errors
    /// When the desk fails.
    pub fn grants(&self) -> anyhow::Result<GrantsView> {
        self.ask(Grants {}).map_err(not_done)
    }

    /// A stratum with the tasks to answer next.
    ///
    /// # Errors
    /// When the desk fails.
    pub fn grant(&self, census: CensusId) -> anyhow::Result<GrantDetail> {
        self.ask(ShowGrant { census }).map_err(not_done)
    }

    /// Grants all joins of a stratum that wait, so many as are told; tells how many were made.
    pub fn give(&self, census: CensusId, joins: u64) -> Outcome<u64> {
        self.clock.advance(SECONDS_AN_ANSWER);
        let mut request =
            GiveGrant { census, joins, reason: None, note: None, bulk: None, rehearse: false };
        let mut made = 0;
        loop {
            let portion = self.ask(request.clone())?;
            made += portion.made;
            request.bulk = portion.bulk;
            if portion.to_go == 0 {
                return Ok(made);
            }
        }
    }

    /// Everybody goes home, and comes again at the same hour.
    pub fn sleep(&self) {
        self.clock.advance(SECONDS_A_DAY);
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
            used_for: None,
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
