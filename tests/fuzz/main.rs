//! Fuzzing: files of every format that are nearly right, read as import reads them.
//!
//! Not part of `cargo test`. README.md beside this file says how to run it and what it holds.
//! `seeds` has sound files of every format, `mutation` alters them, `trial` reads one.

// A tool for those who develop: it says by panicking what is wrong with its surroundings.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs
)]

mod binary_workbooks;
mod mutation;
mod seeds;
mod trial;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use seeds::Format;
use trial::Outcome;

/// Reads files of every format that are nearly right, and looks whether reading them goes wrong.
#[derive(Debug, Parser)]
struct Arguments {
    /// Seconds for each format.
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// Only these formats.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The most memory that may ever be held, in MB.
    #[arg(long, default_value_t = 500)]
    memory: u64,
    /// Reads one file, such as one that was kept, and nothing else.
    #[arg(long)]
    file: Option<PathBuf>,
    /// Where files are kept that were read wrong.
    #[arg(long, default_value = concat!(env!("CARGO_TARGET_TMPDIR"), "/fuzz"))]
    keep: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(path) = &arguments.file {
        let bytes = std::fs::read(path).expect("a file that can be read");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        return match trial::read(&bytes, &name) {
            Ok(Outcome::Read(rows)) => told(&format!("{rows} rows"), ExitCode::SUCCESS),
            Ok(Outcome::Refused) => told("refused", ExitCode::SUCCESS),
            Err(what) => told(&what, ExitCode::FAILURE),
        };
    }
    // Each is told once, with the file that brought it about.
    std::panic::set_hook(Box::new(|_| {}));
    let mut failures = 0;
    for format in seeds::formats() {
        if arguments.only.is_empty() || arguments.only.iter().any(|name| name == format.name) {
            failures += fuzz(&format, &arguments);
        }
    }
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn told(what: &str, code: ExitCode) -> ExitCode {
    println!("{what}");
    code
}

/// Tries files of a format until its time is over; says how many failed.
fn fuzz(format: &Format, arguments: &Arguments) -> u64 {
    let mut chance = ChaCha8Rng::seed_from_u64(arguments.seed);
    let (mut files, mut read, mut rows, mut failures) = (0_u64, 0_u64, 0_u64, 0_u64);
    let until = Instant::now() + Duration::from_secs(arguments.seconds);
    while Instant::now() < until {
        let seed = &format.seeds[chance.random_range(0..format.seeds.len())];
        let other = &format.seeds[chance.random_range(0..format.seeds.len())];
        let bytes = mutation::altered(seed, other, &mut chance);
        files += 1;
        let peak_before = peak();
        let mut failed = match trial::read(&bytes, format.file) {
            Ok(Outcome::Read(some)) => {
                read += 1;
                rows += some;
                None
            }
            Ok(Outcome::Refused) => None,
            Err(what) => Some(what),
        };
        let most = Some(arguments.memory);
        if peak() > most && peak_before <= most {
            failed = Some(format!("it took more than {} MB", arguments.memory));
        }
        if let Some(what) = failed {
            failures += 1;
            std::fs::create_dir_all(&arguments.keep).unwrap();
            let name = format!("{}-{}-{}", arguments.seed, files, format.file);
            let path = arguments.keep.join(name);
            std::fs::write(&path, &bytes).unwrap();
            println!("FAILED {}: {what}: {}", format.name, path.display());
        }
    }
    let held = peak().map_or("unknown".to_owned(), |most| format!("{most} MB"));
    println!(
        "{}: {files} files, {read} of them read ({rows} rows), {failures} failures, peak {held}",
        format.name
    );
    failures
}

/// The most memory that this process has held, in MB; none where the system does not say.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}
