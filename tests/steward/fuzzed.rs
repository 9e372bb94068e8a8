//! Files that are nearly right, of every format: a few of what `tests/fuzz` reads for minutes.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{mutation, seeds, trial};

/// Files of each format. Of archives a sixth, since making one costs more.
const FILES: usize = 60;

#[test]
fn files_that_are_nearly_right_are_read_or_refused() {
    for format in seeds::formats() {
        let mut chance = ChaCha8Rng::seed_from_u64(1);
        let is_small = format.seeds.iter().all(|seed| !seed.starts_with(b"PK"));
        for number in 0..if is_small { FILES } else { FILES / 6 } {
            let seed = &format.seeds[number % format.seeds.len()];
            let other = &format.seeds[chance.random_range(0..format.seeds.len())];
            let bytes = mutation::altered(seed, other, &mut chance);
            if let Err(what) = trial::read(&bytes, format.file) {
                panic!("{} number {number}: {what}", format.name);
            }
        }
    }
}

#[test]
fn sound_files_of_every_format_hold_the_same_rows() {
    for format in seeds::formats() {
        let rows = match trial::read(&format.seeds[0], format.file) {
            Ok(trial::Outcome::Read(rows)) => rows,
            Ok(trial::Outcome::Refused) => panic!("{} is refused", format.name),
            Err(what) => panic!("{}: {what}", format.name),
        };
        assert_eq!(rows, 4, "{}", format.name);
    }
}
