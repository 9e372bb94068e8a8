//! Random worlds and labelled sets: how well matching does by itself, and what a steward adds to it.
//!
//! `cargo bench --bench worlds -- --seeds 1001-1020 --curve`, and `--help` for the rest. Writes to the
//! system's temporary folder; `TMPDIR` chooses the disk.

// A benchmark's figures are its output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use clap::Parser;
use worlds::arguments::Arguments;

fn main() -> anyhow::Result<()> {
    Arguments::parse().run(&mut |text| println!("{text}"), &mut |text| eprintln!("{text}"))
}
