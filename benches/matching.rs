//! What a matching run costs, phase by phase, on made-up customers of `steward sample`.
//!
//! `cargo bench --bench matching`
//!
//! A run tells its phases: each is measured within whole runs, from where it begins to where the
//! next one does. Few records are compared each with each: there is no `blocking` then. `learning`
//! is estimation and frequencies, `grouping` clustering and what the machine has earned.

#![allow(missing_docs)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use domain::fingerprint::Fingerprinter;
use domain::{FieldName, Reading, RecordId, Values};
use intake::harmonise::record;
use matching::{Columns, ColumnsBuilder, Constraints, LADDER, Progress, Request, Silent, run};
use sample::Plan;
use settings::Settings;

/// Real customers; records are about half as many again.
const SIZES: [u32; 2] = [1_000, 10_000];

/// Up to so many records a run compares every pair.
const ALL_PAIRS_UP_TO: usize = 2_000;

/// A file of the sample in memory.
#[derive(Clone, Default)]
struct File(Rc<RefCell<Vec<u8>>>);

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The sample's tables as harmonised values.
fn records(settings: &Settings, customers: u32) -> Vec<Values> {
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let mut open = |name: &str| -> io::Result<Box<dyn Write>> {
        Ok(Box::new(files.entry(name.to_owned()).or_default().clone()))
    };
    sample::write(&Plan { customers, seed: 1 }, &mut open).expect("memory has room");
    let mut records = Vec::new();
    for source in &settings.sources {
        let Some(file) = files.get(&format!("{}.csv", source.name)) else { continue };
        let bytes = file.0.borrow();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().expect("a header").clone();
        let place = |column: &str| header.iter().position(|name| name == column);
        for row in reader.records().map(|row| row.expect("a row")) {
            let delivered = source.map.iter().map(|(field, columns)| {
                let cells = columns.iter().filter_map(|it| row.get(place(it)?));
                (field.clone(), cells.collect::<Vec<_>>().join(" "))
            });
            let delivered: Vec<(FieldName, String)> =
                delivered.filter(|(_, text)| !text.trim().is_empty()).collect();
            records.push(record(
                settings,
                "crm",
                &Reading::default(),
                delivered,
                jiff::civil::date(2026, 11, 28),
            ));
        }
    }
    records
}

fn columns(settings: &Settings, records: &[Values]) -> Columns {
    let mut builder = ColumnsBuilder::new(settings);
    for (number, values) in (0..).zip(records) {
        builder.push(RecordId(number), values);
    }
    builder.finish()
}

/// Stops the time of one phase.
struct Watch {
    phase: &'static str,
    began: Mutex<Option<Instant>>,
    spent: Mutex<Duration>,
}

impl Watch {
    fn of(phase: &'static str) -> Self {
        Self { phase, began: Mutex::new(None), spent: Mutex::new(Duration::ZERO) }
    }

    fn stop(&self) {
        if let Some(began) = self.began.lock().expect("one thread tells phases").take() {
            *self.spent.lock().expect("see above") += began.elapsed();
        }
    }
}

impl Progress for Watch {
    fn phase(&self, name: &str, _: Option<u64>) {
        self.stop();
        if name == self.phase {
            *self.began.lock().expect("one thread tells phases") = Some(Instant::now());
        }
    }

    fn advance(&self, _: u64) {}

    fn cancelled(&self) -> bool {
        false
    }
}

fn matching(criterion: &mut Criterion) {
    let settings = settings::parse(sample::STEWARD_TOML).expect("the sample's settings are valid");
    let fingerprinter = Fingerprinter::new([7; 32]);
    let constraints = Constraints::default();
    for customers in SIZES {
        let records = records(&settings, customers);
        let interned = columns(&settings, &records);
        let request = Request {
            columns: &interned,
            constraints: &constraints,
            clusters: &[],
            thresholds: settings.matching,
            fingerprinter: &fingerprinter,
            ladder: &[],
            carried: None,
        };
        let mut group = criterion.benchmark_group("matching");
        group.sample_size(10).throughput(Throughput::Elements(records.len() as u64));
        let size = records.len();
        group.bench_function(BenchmarkId::new("interning", size), |bencher| {
            bencher.iter(|| columns(&settings, &records));
        });
        let phases = ["blocking", "comparing", "learning", "scoring", "grouping"];
        for phase in phases.into_iter().skip(usize::from(size <= ALL_PAIRS_UP_TO)) {
            group.bench_function(BenchmarkId::new(phase, size), |bencher| {
                bencher.iter_custom(|runs| {
                    let watch = Watch::of(phase);
                    for _ in 0..runs {
                        run(&request, &watch).expect("nobody cancels");
                        watch.stop();
                    }
                    watch.spent.into_inner().expect("no thread panicked")
                });
            });
        }
        group.bench_function(BenchmarkId::new("whole run", size), |bencher| {
            bencher.iter(|| run(&request, &Silent));
        });
        group.bench_function(BenchmarkId::new("whole run with ladder", size), |bencher| {
            bencher.iter(|| run(&Request { ladder: &LADDER, ..request }, &Silent));
        });
        group.finish();
    }
}

criterion_group!(benches, matching);
criterion_main!(benches);
