//! How often what is promised about granted merges is false, in made-up workspaces.
//!
//! `cargo bench --bench coverage -- [--runs N] [--seed N] [--strata N] [--largest N]`
//!
//! With `--elusion`: the same of the interval of what lies below review (`elusion.rs`).
//!
//! Each row is so many workspaces of 1 to 30 strata of 20 to 5,000 joins (`workspace.rs` says
//! what people do there). *False promise*: at some time in its life more of the joins that were promised were
//! wrong than the promise allows. *False bound*: at some time more were wrong of some granted stratum
//! than was told of it. The last row has the risk of every census forty times as large as it should be:
//! if it were not false too often, the rows above it would show nothing.

#![allow(missing_docs)]

mod elusion;
mod workspace;

use std::io::{self, Write};

use domain::grants::Autonomy;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use workspace::{Became, World, live};

/// The work of every run, in their order, on all cores.
fn in_parallel<T: Send>(runs: u64, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    let part = runs.div_ceil(threads);
    std::thread::scope(|scope| {
        let work = &work;
        let start = |thread: u64| {
            let range = thread * part..((thread + 1) * part).min(runs);
            scope.spawn(move || range.map(work).collect::<Vec<T>>())
        };
        let threads: Vec<_> = (0..threads).map(start).collect();
        threads.into_iter().flat_map(|it| it.join().expect("no panic")).collect()
    })
}

fn main() -> io::Result<()> {
    let (mut runs, mut seed, mut strata, mut largest) = (1_000, 1, 30, 5_000);
    let mut below_review = false;
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut number = || given.next().and_then(|it| it.parse().ok()).expect("a number");
        match argument.as_str() {
            "--runs" => runs = number(),
            "--seed" => seed = number(),
            "--strata" => strata = number(),
            "--largest" => largest = number(),
            "--elusion" => below_review = true,
            _ => {}
        }
    }
    let mut out = io::stdout();
    if below_review {
        return elusion::table(runs, seed, &mut out);
    }
    writeln!(
        out,
        "| precision | false answers | risk | workspaces | with a grant | grants | joins promised | wrong of them | answers | suspended | false promise | false bound |"
    )?;
    writeln!(out, "|{}", "---|".repeat(12))?;
    let rows = [
        (0.95, 0.0, 1.0),
        (0.95, 0.02, 1.0),
        (0.90, 0.0, 1.0),
        (0.80, 0.0, 1.0),
        (0.99, 0.0, 1.0),
        (0.95, 0.0, 40.0),
    ];
    for (precision, errors, laxer) in rows {
        let promise = Autonomy::new(precision, 0.95).expect("shares of 1");
        let world =
            World { strata: strata as usize, largest: largest as u32, errors, promise, laxer };
        let lived =
            in_parallel(runs, |run| live(world, ChaCha8Rng::seed_from_u64(seed << 32 | run)));
        let sum = |of: fn(&Became) -> u64| lived.iter().map(of).sum::<u64>();
        let share = |of: fn(&Became) -> bool| {
            let count = lived.iter().filter(|it| of(it)).count();
            format!("{count} ({:.2} %)", count as f64 * 100.0 / runs as f64)
        };
        let (promised, wrong) = (sum(|it| it.promised), sum(|it| it.wrong));
        writeln!(
            out,
            "| {precision} | {} % | {} | {runs} | {} | {} | {promised} | {:.2} % | {} | {} | {} | {} |",
            errors * 100.0,
            if laxer > 1.0 { format!("{laxer} times") } else { "as it is".to_owned() },
            lived.iter().filter(|it| it.grants > 0).count(),
            sum(|it| it.grants),
            wrong as f64 * 100.0 / promised.max(1) as f64,
            sum(|it| it.answers),
            sum(|it| it.suspended),
            share(|it| it.false_promise),
            share(|it| it.false_bound),
        )?;
        out.flush()?;
    }
    Ok(())
}
