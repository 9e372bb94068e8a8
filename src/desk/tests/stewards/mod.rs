//! Several stewards in one workspace, simulated: what they do, what happens beside them, and what goes wrong is
//! drawn from a seed, and after each step every law of working together is looked at.
//!
//! One thread, a disk in memory, a clock that moves only when told, and lines that are queues of bytes. What
//! stands between a line and the desk in `steward serve` (frames, credit, the threads) is not in it.
//!
//! `cargo test` takes a few seeds. `STEWARD_SEEDS=1000` takes so many, from `STEWARD_SEED` on (1 if omitted):
//! see `tests/torture/README.md`.

mod beside;
mod keeping;
mod laws;
mod office;
mod plan;
mod seat;
mod tally;
mod words;

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use self::office::Office;
use self::plan::{Plan, Step};
use self::tally::Tally;

/// Seeds that every run takes.
const FEW: u64 = 20;
/// How often what fails is tried with fewer steps.
const SHRINKS: u32 = 200;

fn from_environment(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")),
        Err(_) => otherwise,
    }
}

/// What went wrong, and what had happened by then.
struct Broken {
    why: String,
    happened: Vec<String>,
}

fn run(plan: &Plan, steps: &[Step]) -> Result<Tally, Broken> {
    let log = RefCell::new(Vec::new());
    let ran = catch_unwind(AssertUnwindSafe(|| Office::open(plan, &log).goes_through(steps)));
    ran.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
        Broken { why: text.unwrap_or_default(), happened: log.into_inner() }
    })
}

/// Fewer steps that go wrong as well.
fn shrunk(plan: &Plan, mut broken: Broken) -> Broken {
    let mut steps = plan.steps.clone();
    let (mut tries, mut part) = (0, steps.len().div_ceil(2));
    loop {
        let mut at = 0;
        while at < steps.len() && tries < SHRINKS {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + part).min(steps.len()));
            tries += 1;
            match run(plan, &fewer) {
                Err(again) => (steps, broken) = (fewer, again),
                Ok(_) => at += part,
            }
        }
        if part == 1 || tries >= SHRINKS {
            return broken;
        }
        part = part.div_ceil(2);
    }
}

#[test]
fn whatever_several_stewards_do_and_whatever_goes_wrong_every_law_holds() {
    let first = from_environment("STEWARD_SEED", 1);
    let seeds = from_environment("STEWARD_SEEDS", FEW);
    let mut tally = Tally::default();
    for seed in first..first + seeds {
        let plan = Plan::of(seed);
        match run(&plan, &plan.steps) {
            Ok(of_seed) => tally.add(of_seed),
            Err(broken) => {
                let Broken { why, happened } = shrunk(&plan, broken);
                panic!("STEWARD_SEED={seed}: {why}\n\n{}\n", happened.join("\n"));
            }
        }
    }
    println!("{seeds} seeds: {tally:?}");
    let is_usual = first == 1 && seeds >= FEW;
    assert!(!is_usual || tally.is_rich(), "{tally:?}");
}
