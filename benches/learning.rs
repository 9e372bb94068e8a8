//! What decisions teach, measured against the truth: F1 of pairs at probability .5 and expected
//! calibration error from .05 up, after so many answers.
//!
//! `cargo bench --bench learning -- [--draws N] [--answers N,N,...] [FOLDER...]`
//!
//! Measures the sample of another seed or, where any is named, each FOLDER: `records.csv`, `truth.csv` (id, cluster) and
//! a `steward.toml` with one source, as `benches/peers/` has them for the public sets (put it beside
//! the data). Two ways of answering, both from the truth and without error:
//!
//! - *random*: pairs drawn from those above -9 bits, each asked by itself; the median of the draws;
//! - *queue*: tasks as the queue shows them, the most probable first, each answered whole. These
//!   are chosen by score and by what the machine may not merge: what they teach must not spoil
//!   what they never showed.

#![allow(missing_docs)]

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use domain::fingerprint::Fingerprinter;
use domain::{FieldName, Reading, RecordId, Values};
use intake::harmonise::record;
use matching::evaluate::Truth;
use matching::{
    Cancelled, Columns, ColumnsBuilder, Constraints, Judgement, Model, Outcome, Request,
    ScoredPair, Silent, run, scored_pairs,
};
use rand::seq::IteratorRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use sample::Plan;
use settings::Settings;

/// Random pairs are drawn from those of at least this weight.
const LEAST_WEIGHT: f64 = -9.0;

/// Records, who they are, and the settings they are read by.
struct Set {
    name: String,
    settings: Settings,
    columns: Columns,
    customers: HashMap<RecordId, u32>,
}

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

impl Set {
    /// A set from the bytes of each source's file and of the truth, whose ids are those of records
    /// or, where there are several sources, `source:key`.
    fn of(name: &str, settings: &str, files: &BTreeMap<String, Vec<u8>>, truth: &[u8]) -> Self {
        let settings = settings::parse(settings).expect("valid settings");
        let several = settings.sources.len() > 1;
        let mut clusters: HashMap<String, u32> = HashMap::new();
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut reader = csv::Reader::from_reader(truth);
        for row in reader.records().map(|row| row.expect("a row")) {
            let next = clusters.len() as u32;
            known.insert(row[0].to_owned(), *clusters.entry(row[1].to_owned()).or_insert(next));
        }
        let mut builder = ColumnsBuilder::new(&settings);
        let mut customers = HashMap::new();
        let mut number = 0;
        for source in &settings.sources {
            let Some(bytes) = files.get(source.name.as_str()) else { continue };
            for (key, values) in records(&settings, source, bytes) {
                let id = if several { format!("{}:{key}", source.name) } else { key };
                if let Some(customer) = known.get(&id) {
                    customers.insert(RecordId(number), *customer);
                }
                builder.push(RecordId(number), &values);
                number += 1;
            }
        }
        Self { name: name.to_owned(), columns: builder.finish(), settings, customers }
    }

    fn sample(seed: u64) -> Self {
        let mut files: BTreeMap<String, File> = BTreeMap::new();
        let mut open = |name: &str| -> io::Result<Box<dyn Write>> {
            Ok(Box::new(files.entry(name.to_owned()).or_default().clone()))
        };
        sample::write(&Plan { customers: 1_300, seed }, &mut open).expect("memory has room");
        let bytes = |file: &File| file.0.borrow().clone();
        let truth = bytes(&files["truth.csv"]);
        let files = files
            .iter()
            .filter_map(|(name, file)| Some((name.strip_suffix(".csv")?.to_owned(), bytes(file))));
        Self::of(&format!("sample, seed {seed}"), sample::STEWARD_TOML, &files.collect(), &truth)
    }

    fn folder(path: &Path) -> Self {
        let read = |name: &str| std::fs::read(path.join(name)).expect("a readable file");
        let settings = String::from_utf8(read("steward.toml")).expect("UTF-8");
        let files = BTreeMap::from([("records".to_owned(), read("records.csv"))]);
        let name = path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into());
        Self::of(&name, &settings, &files, &read("truth.csv"))
    }

    /// A run with what was answered.
    fn run(&self, judgements: Vec<Judgement>) -> Outcome {
        let constraints = Constraints { judgements, ..Constraints::default() };
        let request = Request {
            columns: &self.columns,
            constraints: &constraints,
            clusters: &[],
            thresholds: self.settings.matching,
            fingerprinter: &Fingerprinter::new([7; 32]),
            ladder: &[],
            carried: None,
        };
        run(&request, &Silent).expect("nobody cancels")
    }

    fn pairs(&self, model: &Model) -> Vec<(RecordId, RecordId, f64, f64)> {
        let mut pairs = Vec::new();
        let mut sink = |pair: ScoredPair<'_>| -> Result<(), Cancelled> {
            pairs.push((pair.left, pair.right, pair.probability, pair.weight));
            Ok(())
        };
        let fingerprinter = Fingerprinter::new([7; 32]);
        scored_pairs(model, &self.columns, &fingerprinter, &Silent, &mut sink).expect("see above");
        pairs
    }

    /// F1 at .5, and the expected calibration error from .05 up.
    fn measured(&self, model: &Model) -> (f64, f64) {
        let truth = Truth::new(self.customers.iter().map(|(record, it)| (*record, *it)));
        let pairs = self.pairs(model).into_iter().map(|(a, b, probability, _)| (a, b, probability));
        let table = truth.of_pairs(pairs, &[0.5]);
        (table.rows[0].1.f1, table.reliability.error_of_doubtful)
    }

    /// What the truth says of these records, as one answer.
    fn answer(&self, records: &[RecordId]) -> Option<Judgement> {
        let mut groups: BTreeMap<u32, Vec<RecordId>> = BTreeMap::new();
        for record in records {
            groups.entry(*self.customers.get(record)?).or_default().push(*record);
        }
        Some(Judgement { groups: groups.into_values().collect(), joined: true })
    }

    fn random(&self, pairs: &[(RecordId, RecordId, f64, f64)], seed: u64) -> Vec<Judgement> {
        let doubtful = pairs.iter().filter(|(.., weight)| *weight >= LEAST_WEIGHT);
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let drawn = doubtful.sample(&mut chance, 1_000);
        drawn.into_iter().filter_map(|(a, b, ..)| self.answer(&[*a, *b])).collect()
    }

    fn queue(&self, first: &Outcome) -> Vec<Judgement> {
        let mut tasks: Vec<_> = first.proposals.iter().collect();
        tasks.sort_by(|a, b| b.score.total_cmp(&a.score));
        tasks.into_iter().filter_map(|task| self.answer(&task.records)).collect()
    }

    fn row(&self, options: &Options) -> Vec<String> {
        let first = self.run(Vec::new());
        let told = |(f1, error): (f64, f64)| format!("{f1:.3} ({error:.3})");
        let mut row = vec![self.name.clone(), told(self.measured(&first.model))];
        let pairs = self.pairs(&first.model);
        let after = |answers: &[Judgement], count: usize| {
            let answers = answers[..count.min(answers.len())].to_vec();
            self.measured(&self.run(answers).model)
        };
        let draws: Vec<_> = (0..options.draws).map(|seed| self.random(&pairs, seed)).collect();
        for count in &options.answers {
            let mut found: Vec<_> = draws.iter().map(|draw| after(draw, *count)).collect();
            found.sort_by(|a, b| a.0.total_cmp(&b.0));
            let f1 = found[found.len() / 2].0;
            found.sort_by(|a, b| a.1.total_cmp(&b.1));
            row.push(told((f1, found[found.len() / 2].1)));
        }
        let queue = self.queue(&first);
        for count in &options.answers {
            row.push(format!("{} of {}", told(after(&queue, *count)), queue.len()));
        }
        row
    }
}

/// The rows of a source's file: key and harmonised values.
fn records(settings: &Settings, source: &settings::Source, bytes: &[u8]) -> Vec<(String, Values)> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().expect("a header").clone();
    let place = |column: &str| header.iter().position(|name| name == column);
    let key = place(&source.key).expect("the key's column");
    let read = |row: csv::StringRecord| {
        let delivered = source.map.iter().map(|(field, columns)| {
            let cells = columns.iter().filter_map(|it| row.get(place(it)?));
            (field.clone(), cells.collect::<Vec<_>>().join(" "))
        });
        let delivered: Vec<(FieldName, String)> =
            delivered.filter(|(_, text)| !text.trim().is_empty()).collect();
        let today = jiff::civil::date(2026, 11, 28);
        let reading = Reading::default();
        let values = record(settings, source.name.as_str(), &reading, delivered, today);
        (row[key].to_owned(), values)
    };
    reader.records().map(|row| read(row.expect("a row"))).collect()
}

struct Options {
    draws: u64,
    answers: Vec<usize>,
    folders: Vec<PathBuf>,
}

fn options() -> Options {
    let mut options = Options { draws: 5, answers: vec![50, 100, 400], folders: Vec::new() };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut number = || given.next().expect("a value after the option");
        match argument.as_str() {
            "--bench" => {}
            "--draws" => options.draws = number().parse().expect("a number of draws"),
            "--answers" => {
                let numbers = number();
                let numbers = numbers.split(',').map(|it| it.parse().expect("a number of answers"));
                options.answers = numbers.collect();
            }
            folder => options.folders.push(PathBuf::from(folder)),
        }
    }
    options
}

fn main() -> io::Result<()> {
    let options = options();
    let counts: Vec<String> = options.answers.iter().map(usize::to_string).collect();
    let counts = counts.join(" / ");
    let mut out = io::stdout();
    writeln!(out, "set | no answer | random {counts} | queue {counts}")?;
    if options.folders.is_empty() {
        writeln!(out, "{}", Set::sample(7).row(&options).join(" | "))?;
    }
    for folder in &options.folders {
        writeln!(out, "{}", Set::folder(folder).row(&options).join(" | "))?;
    }
    Ok(())
}
