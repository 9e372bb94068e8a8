//! What the encrypted ledger costs: appending chunks of 256 records, reading one event, opening many commits.
//!
//! `cargo bench --bench ledger`. Writes to the system's temporary folder; `TMPDIR` chooses the disk.

// A benchmark's figures are its output.
#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use domain::event::{Exported, RecordRevised};
use domain::{
    Actor, CustomerId, Event, FieldName, ImportId, RecordAddress, RecordBody, RecordId, Sequence,
    SourceName, Value,
};
use jiff::Timestamp;
use ledger::ports::cipher::{SecretKey, XChaChaCipher};
use ledger::ports::files::{Files, SystemFiles};
use ledger::ports::randomness::SystemRandomness;
use ledger::ports::{Cipher, Randomness};
use ledger::{Ledger, LedgerOptions, LedgerReader, encode, verify};

const CHUNK: u32 = 256;
const CHUNKS: u32 = 800;
const SMALL_COMMITS: u32 = 200_000;

/// A record as a customer file delivers it: eleven fields, half of them harmonised.
fn record(id: u32) -> Event {
    let number = blake3::hash(&id.to_le_bytes()).to_hex();
    let digits: String = number.bytes().take(7).map(|byte| char::from(b'0' + byte % 10)).collect();
    let field = |name: &str, value: Value| (FieldName::new(name), value);
    let values = [
        field(
            "given_name",
            Value::standardised(format!("ADA{}", &number[..3]), format!("Ada{}", &number[..3])),
        ),
        field("family_name", Value::as_delivered(format!("Okafor{}", &number[3..7]))),
        field("email", Value::as_delivered(format!("a.{}@example.com", &number[..10]))),
        field("phone", Value::standardised(format!("(555) {digits}"), format!("+1555{digits}"))),
        field(
            "street",
            Value::standardised(format!("{} rose ln", id % 977), format!("{} Rose Lane", id % 977)),
        ),
        field("city", Value::as_delivered("Springfield")),
        field("region", Value::as_delivered("IL")),
        field("postcode", Value::as_delivered(format!("{:05}", id % 90_000))),
        field("country", Value::standardised("USA", "US")),
        field("birth_date", Value::standardised("03/12/1984", "1984-03-12")),
        field("consent", Value::as_delivered("yes")),
    ];
    RecordRevised {
        record: RecordId(id),
        customer: CustomerId(id),
        revision: 1,
        previous: None,
        import: ImportId(1),
        delivered: None,
        reread: None,
        merged: Vec::new(),
        body: RecordBody {
            address: RecordAddress::new(&SourceName::new("crm"), id.to_string()),
            values: values.into_iter().collect(),
            unmapped: Vec::new(),
            absent: Vec::new(),
            decimals: Vec::new(),
            updated: None,
            line: u64::from(id) + 2,
        },
    }
    .into()
}

fn chunk(number: u32) -> Vec<Event> {
    (number * CHUNK..(number + 1) * CHUNK).map(record).collect()
}

fn small(number: u32) -> Event {
    Exported {
        dataset: "golden".to_owned(),
        format: "csv".to_owned(),
        filter: String::new(),
        rows: u64::from(number),
        up_to: Sequence(1),
        destination: "golden.csv".to_owned(),
        begun: None,
    }
    .into()
}

/// The system's files without fsync: fills ledgers in a moment.
struct Unsynced;

struct UnsyncedFile(Box<dyn ledger::ports::files::OpenFile>);

impl ledger::ports::files::OpenFile for UnsyncedFile {
    fn length(&self) -> std::io::Result<u64> {
        self.0.length()
    }
    fn changed(&self) -> std::io::Result<i64> {
        self.0.changed()
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        self.0.read_at(buffer, offset)
    }
    fn write_at(&self, bytes: &[u8], offset: u64) -> std::io::Result<()> {
        self.0.write_at(bytes, offset)
    }
    fn truncate(&self, length: u64) -> std::io::Result<()> {
        self.0.truncate(length)
    }
    fn sync(&self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Files for Unsynced {
    fn create_folder(&self, path: &Path) -> std::io::Result<()> {
        SystemFiles.create_folder(path)
    }
    fn open(
        &self,
        path: &Path,
        access: ledger::ports::files::Access,
    ) -> std::io::Result<Box<dyn ledger::ports::files::OpenFile>> {
        Ok(Box::new(UnsyncedFile(SystemFiles.open(path, access)?)))
    }
    fn must_be_folder(&self, path: &Path) -> std::io::Result<()> {
        SystemFiles.must_be_folder(path)
    }

    fn remove_left(&self, path: &Path) -> std::io::Result<bool> {
        SystemFiles.remove_left(path)
    }

    fn list(&self, folder: &Path) -> std::io::Result<Vec<String>> {
        SystemFiles.list(folder)
    }
    fn rename(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        SystemFiles.rename(from, to)
    }
    fn remove(&self, path: &Path) -> std::io::Result<()> {
        SystemFiles.remove(path)
    }
    fn sync_folder(&self, _folder: &Path) -> std::io::Result<()> {
        Ok(())
    }
    fn try_lock(&self, path: &Path, holder: &str) -> std::io::Result<ledger::ports::files::Lock> {
        SystemFiles.try_lock(path, holder)
    }
}

fn cipher() -> Arc<dyn Cipher> {
    let keys = [(1, SecretKey::new(&[7; 32]))];
    Arc::new(XChaChaCipher::new([1; 16], keys.into(), 1))
}

fn options() -> LedgerOptions {
    LedgerOptions { cipher: cipher(), ..LedgerOptions::held_by("the benchmark") }
}

fn ledger(files: impl Files + 'static, folder: &Path) -> Ledger {
    with_options(files, folder, &options())
}

fn with_options(files: impl Files + 'static, folder: &Path, options: &LedgerOptions) -> Ledger {
    let randomness = Arc::new(SystemRandomness::new().expect("randomness"));
    Ledger::create(Arc::new(files), folder, randomness, [1; 16], options).expect("create")
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn appending(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("folder");
    let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness::new().expect("randomness"));
    let mut group = criterion.benchmark_group("append");
    group.throughput(Throughput::Elements(u64::from(CHUNK)));
    let (events, actor) = (chunk(7), Actor::local("kim"));
    group.bench_function("encode 256 records", |bencher| {
        bencher.iter(|| encode(black_box(&events), &actor, &*randomness).expect("encode"));
    });
    let mut unsynced = ledger(Unsynced, &folder.path().join("unsynced"));
    group.bench_function("256 records without fsync", |bencher| {
        bencher.iter(|| unsynced.append(now(), "kim", &events).expect("append"));
    });
    let plain = LedgerOptions::held_by("the benchmark");
    let mut plain = with_options(Unsynced, &folder.path().join("plain"), &plain);
    group.bench_function("256 records without fsync, not encrypted", |bencher| {
        bencher.iter(|| plain.append(now(), "kim", &events).expect("append"));
    });
    let mut synced = ledger(SystemFiles, &folder.path().join("synced"));
    group.bench_function("256 records", |bencher| {
        bencher.iter(|| synced.append(now(), "kim", &events).expect("append"));
    });
    group.finish();
    let event = [small(1)];
    criterion.bench_function("append one small event", |bencher| {
        bencher.iter(|| synced.append(now(), "kim", &event).expect("append"));
    });
}

fn reading(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("w");
    let mut ledger = ledger(Unsynced, &path);
    for number in 0..CHUNKS {
        ledger.append(now(), "kim", &chunk(number)).expect("append");
    }
    let reader = ledger.reader();
    let mut next = 0;
    criterion.bench_function("read one event of 256, not cached", |bencher| {
        bencher.iter_batched(
            || {
                // Far more chunks than the cache holds lie between two visits.
                next = (next + 331) % CHUNKS;
                Sequence(u64::from(next) + 1)
            },
            |sequence| reader.event(sequence, 200).expect("read"),
            BatchSize::SmallInput,
        );
    });
    criterion.bench_function("read one event of 256, cached", |bencher| {
        bencher.iter(|| reader.event(Sequence(3), 200).expect("read"));
    });
    let mut group = criterion.benchmark_group("whole ledger");
    group.sample_size(10).throughput(Throughput::Elements(u64::from(CHUNKS * CHUNK)));
    group.bench_function("stream 204,800 records", |bencher| {
        bencher.iter(|| {
            reader
                .commits_from(Sequence(1))
                .map(|commit| commit.expect("read").events.len())
                .sum::<usize>()
        });
    });
    group.bench_function("verify 204,800 records", |bencher| {
        bencher.iter(|| {
            verify(&SystemFiles, &path, &*cipher(), &mut |_, _| {}, None).expect("verify")
        });
    });
    group.finish();
    let bytes: u64 = std::fs::read_dir(path.join("ledger"))
        .expect("list")
        .map(|entry| entry.expect("entry").metadata().expect("metadata").len())
        .sum();
    println!("{} bytes a record in the ledger", bytes / u64::from(CHUNKS * CHUNK));
    criterion
        .bench_function("open 800 commits of 256 records", |bencher| bencher.iter(|| open(&path)));
}

fn opening(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("w");
    let mut ledger = ledger(Unsynced, &path);
    for number in 0..SMALL_COMMITS {
        ledger.append(now(), "kim", &[small(number)]).expect("append");
    }
    drop(ledger);
    let mut group = criterion.benchmark_group("small commits");
    group.sample_size(10);
    group.bench_function("open 200,000", |bencher| bencher.iter(|| open(&path)));
    let reader = open(&path);
    group.bench_function("stream 200,000", |bencher| {
        bencher.iter(|| reader.commits_from(Sequence(1)).filter(Result::is_ok).count());
    });
    group.finish();
}

fn open(path: &Path) -> LedgerReader {
    LedgerReader::open_read_only(Arc::new(SystemFiles), path, &options()).expect("open").0
}

criterion_group!(benches, appending, reading, opening);
criterion_main!(benches);
