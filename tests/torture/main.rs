//! Torture: the real process killed at random moments of its work, and its files damaged.
//!
//! Not part of `cargo test`. README.md beside this file says how to run it and what it counts.
//! `kills` holds the table of commands that are killed; `workshop` makes workspaces and runs the
//! program in them; `damage` damages files; `exports` is what a killed export may leave; `places` puts
//! links and pipes where files are, and lets outputs go where they must not.

// A tool for those who develop: it says by panicking what is wrong with its surroundings.
#![allow(clippy::panic, clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod damage;
mod exports;
#[path = "../steward/harm.rs"]
mod harm;
mod kills;
mod places;
mod workshop;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use workshop::Workshop;

/// Kills steward in the middle of its work, damages its files, and looks what is left.
#[derive(Debug, Parser)]
struct Arguments {
    /// Kills in each command.
    #[arg(long, default_value_t = 300)]
    kills: u64,
    /// Only these commands.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Damages to the ledger and to the store, each.
    #[arg(long, default_value_t = 0)]
    damage: u64,
    /// Links and pipes in place of a workspace's files, and outputs onto what must stay, each.
    #[arg(long, default_value_t = 0)]
    places: u64,
    /// The program.
    #[arg(long, default_value = env!("CARGO_BIN_EXE_steward"))]
    steward: PathBuf,
    /// Where chance begins; the same number kills at the same moments, as far as time allows.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Customers of the sample the work is done on.
    #[arg(long, default_value_t = 2_000)]
    customers: u32,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let workshop = Workshop::new(&arguments.steward, arguments.customers);
    let mut failures = Vec::new();
    for operation in &kills::OPERATIONS {
        let is_wanted = |name: &String| name == operation.name;
        if arguments.only.is_empty() || arguments.only.iter().any(is_wanted) {
            let counts = kills::torture(&workshop, operation, arguments.kills, arguments.seed);
            println!("{counts}");
            failures.extend(counts.failures);
        }
    }
    for target in damage::TARGETS {
        if arguments.damage > 0 {
            let counts = damage::torture(&workshop, target, arguments.damage, arguments.seed);
            println!("{counts}");
            failures.extend(counts.failures);
        }
    }
    if arguments.places > 0 {
        for attack in [places::links, places::outputs] {
            let counts = attack(&workshop, arguments.places, arguments.seed);
            println!("{counts}");
            failures.extend(counts.failures);
        }
    }
    for failure in &failures {
        println!("FAILED {failure}");
    }
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
