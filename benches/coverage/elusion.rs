//! How often the intervals of what lies below review, and of what no key brings together, are false, in made-up
//! populations.

use std::io::{self, Write};

use domain::RecordId;
use matching::elusion::{BAND, BANDS, Look, Sampler, beyond, estimate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::in_parallel;

/// How often somebody looks on the way.
const LOOKS: usize = 20;

/// Chances of a match by band, from the highest down.
const WORLDS: [(&str, [f64; BANDS]); 5] = [
    ("as the model says", [0.3, 0.1, 0.03, 0.008, 0.002]),
    ("none", [0.0; BANDS]),
    ("all in the lowest band", [0.0, 0.0, 0.0, 0.0, 0.05]),
    ("model far too low", [0.97, 0.9, 0.8, 0.6, 0.4]),
    ("a rare one", [0.01, 0.003, 0.001, 0.0005, 0.0002]),
];

/// One population: whether the interval was false at any look, and how wide it was at the last beside the
/// population.
fn one(seed: u64, chances: [f64; BANDS], draws: usize) -> (bool, f64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let pairs: u32 = random.random_range(50..3_000);
    let mut sampler = Sampler::new(0.5, draws, seed);
    let mut matches = Vec::new();
    for record in 0..pairs {
        // Lower bands hold more pairs.
        let lower = |band: &usize| random.random_range(0..1_u32 << (BANDS - 1 - band)) == 0;
        let band = (0..BANDS).find(lower).unwrap_or(BANDS - 1);
        matches.push(random.random_bool(chances[band]));
        let weight = f64::from(-(band as i32 * BAND) - BAND / 2) / 1_000.0;
        sampler.see(RecordId(record), RecordId(pairs + record), weight);
    }
    let truth = matches.iter().filter(|it| **it).count() as f64;
    let sample = sampler.draw();
    let mut answers: Vec<(usize, Option<bool>)> =
        sample.draws.iter().map(|draw| (draw.band, None)).collect();
    let (mut is_false, mut width) = (false, 1.0);
    for (at, draw) in sample.draws.iter().enumerate() {
        // One in twenty is put off for ever; one looks after every few answers.
        if random.random_bool(0.95) {
            answers[at].1 = Some(matches[draw.left.0 as usize]);
        }
        if at % looks_apart(draws) > 0 && at + 1 < sample.draws.len() {
            continue;
        }
        let found = estimate(&sample.population, &answers);
        is_false |= truth < found.least - 1e-6 || truth > found.most + 1e-6;
        width = (found.most - found.least) / f64::from(pairs);
    }
    (is_false, width)
}

/// Shares of entities that are in pieces no key brings together.
const TORN: [(&str, f64); 3] = [("none", 0.0), ("one in fifty", 0.02), ("four in ten", 0.4)];

/// One population of entities, some in several customers of one to three records: as [`one`], the width beside
/// the records.
fn torn(seed: u64, share: f64, draws: usize) -> (bool, f64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (mut records, mut truth) = (Vec::new(), 0);
    for _ in 0..random.random_range(50..3_000) {
        let others = if random.random_bool(share) { random.random_range(1..4_usize) } else { 0 };
        truth += others;
        for _ in 0..=others {
            let members = random.random_range(1..4_u32);
            records.extend((0..members).map(|_| (others, members)));
        }
    }
    let (mut looks, mut alone) = (Vec::new(), 0);
    for _ in 0..draws {
        let (same, members) = records[random.random_range(0..records.len())];
        // Some that are others lie near.
        let near = if random.random_bool(0.1) { random.random_range(1..5) } else { 0 };
        if same + near == 0 {
            alone += 1;
            continue;
        }
        let answers = vec![None; same + near];
        looks.push((same, Look { alone: std::mem::take(&mut alone), members, answers }));
    }
    let (mut is_false, mut width) = (false, 1.0);
    let (count, truth) = (records.len() as u64, truth as f64);
    for at in 0..=looks.len() {
        if let Some((same, look)) = looks.get_mut(at) {
            for (place, answer) in look.answers.iter_mut().enumerate() {
                *answer = random.random_bool(0.95).then_some(place < *same);
            }
            if at % looks_apart(draws) > 0 {
                continue;
            }
        }
        let known: Vec<Look> = looks.iter().map(|(_, look)| look.clone()).collect();
        let found = beyond(count, &known, alone);
        is_false |= truth < found.least - 1e-6 || truth > found.most + 1e-6;
        width = (found.most - found.least) / count as f64;
    }
    (is_false, width)
}

fn looks_apart(draws: usize) -> usize {
    (draws / LOOKS).max(1)
}

/// A row for each kind of population and number of draws.
pub fn table(runs: u64, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| matches | draws | populations | interval false at some look | mean width |")?;
    writeln!(out, "|---|---|---|---|---|")?;
    for (name, chances) in WORLDS {
        for draws in [20, 100, 300] {
            let tried = in_parallel(runs, |run| one(seed << 32 | run, chances, draws));
            row(&format!("below review: {name}"), draws, &tried, out)?;
        }
    }
    for (name, share) in TORN {
        for draws in [100, 1_000] {
            let tried = in_parallel(runs, |run| torn(seed << 32 | run, share, draws));
            row(&format!("without a key: {name}"), draws, &tried, out)?;
        }
    }
    Ok(())
}

fn row(name: &str, draws: usize, tried: &[(bool, f64)], out: &mut dyn Write) -> io::Result<()> {
    let runs = tried.len();
    let wrong = tried.iter().filter(|(is_false, _)| *is_false).count();
    let width = tried.iter().map(|(_, width)| width).sum::<f64>() / runs as f64;
    let share = wrong as f64 * 100.0 / runs as f64;
    writeln!(out, "| {name} | {draws} | {runs} | {wrong} ({share:.2} %) | {width:.3} |")?;
    out.flush()
}
