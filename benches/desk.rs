//! What a day costs: importing, importing again, opening, rebuilding, and one decision beside a
//! bare fsync of the same disk.
//!
//! `cargo bench --bench desk`, or `cargo bench --bench desk -- 65000` for so many customers of
//! `steward sample` (half as many records again). Writes to the system's temporary folder; `TMPDIR`
//! chooses the disk.

// A benchmark's figures are its output.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use steward::acquire::Options;
use steward::desk::jobs::{ImportRequest, Unwatched};
use steward::desk::{Action, Desk, Environment, Request, Workspace};
use steward::domain::{CustomerId, SourceName};
use steward::ports::clock::SystemClock;
use steward::ports::files::{Access, Files, SystemFiles};
use steward::ports::randomness::SystemRandomness;
use steward::ports::secrets::SimulatedSecrets;
use steward::sample::{self, Plan};

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
    let mut desk = Desk::create(workspace(), environment(folder.path())?)?;
    importing(&mut desk, folder.path(), "import")?;
    importing(&mut desk, folder.path(), "import again")?;
    deciding(&mut desk, folder.path())?;
    drop(desk);
    let (desk, took) =
        timed(|| Ok(Desk::open(workspace(), environment(folder.path())?, &mut |_, _| {})?.0))?;
    println!("open: {took:.0?}");
    drop(desk);
    let (_, took) =
        timed(|| Ok(Desk::rebuild(workspace(), environment(folder.path())?, &mut |_, _| {})?))?;
    println!("rebuild: {took:.1?}");
    Ok(())
}

/// Encrypted, as every workspace is; its key lies beside it.
fn environment(folder: &Path) -> Outcome<Environment> {
    Ok(Environment {
        secrets: Arc::new(SimulatedSecrets::in_folder(folder.join("secret keys"))),
        register: None,
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

fn importing(desk: &mut Desk, folder: &Path, what: &str) -> Outcome<()> {
    for (file, source) in FILES {
        let request = ImportRequest {
            source: SourceName::new(source),
            options: Options { format: None, file: file.to_owned() },
            dry_run: false,
        };
        let input = File::open(folder.join(file))?;
        let (outcome, took) = timed(|| Ok(desk.import(Box::new(input), &request, &Unwatched)?))?;
        let rows = outcome.report.read;
        let rate = rows as f64 / took.as_secs_f64();
        println!("{what}, {file}: {rows} rows in {took:.2?}, {rate:.0} rows/s");
    }
    Ok(())
}

/// Decisions about customers nobody decided about, each beside a bare write and fsync.
fn deciding(desk: &mut Desk, folder: &Path) -> Outcome<()> {
    let path = folder.join("bare");
    let bare = SystemFiles.open(&path, Access::CreateNew)?;
    let mut offset = 0;
    let mut syncs = Vec::new();
    let mut decisions = Vec::new();
    for number in 0..DECISIONS {
        let (_, took) = timed(|| {
            bare.write_at(&[0x5a; SMALL_WRITE], offset)?;
            Ok(bare.sync()?)
        })?;
        offset += SMALL_WRITE as u64;
        syncs.push(took);
        let groups = vec![vec![CustomerId(2 * number + 1)], vec![CustomerId(2 * number + 2)]];
        let request = Request::new(Action::NotAMatch { groups });
        let (_, took) = timed(|| {
            desk.carry_out(&request).map_err(|stop| format!("decision {number}: {stop:?}").into())
        })?;
        decisions.push(took);
    }
    for (what, times) in [("bare fsync", &mut syncs), ("one decision", &mut decisions)] {
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        println!("{what}: p50 {:.2?}, p99 {:.2?}", at(50), at(99));
    }
    std::io::stdout().flush()?;
    Ok(())
}
