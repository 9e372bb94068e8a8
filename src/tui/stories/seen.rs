//! A steward who knows nothing but what the screen shows: the marks of the comparison, the words beside
//! them and the sentences under them, masks on. They decide by a written rule, and what they get wrong is
//! counted against the truth.
//!
//! What goes wrong here goes wrong because the screen hides or misstates what the comparison knows, or because
//! nothing that was compared tells: the rule puts that off.

mod clerk;
mod rule;
mod screen;

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use self::clerk::{Clerk, Tally};
use crate::story::real::Sam;

/// A file kept in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Clears the duplicates that come of a sample.
fn cleared(customers: u32, seed: u64, prints: bool) -> Tally {
    let mut files: BTreeMap<String, Kept> = BTreeMap::new();
    sample::write(&sample::Plan { customers, seed }, &mut |name| {
        let file = Kept::default();
        files.insert(name.to_owned(), file.clone());
        Ok(Box::new(file))
    })
    .unwrap();
    let text = |name: &str| String::from_utf8(files[name].0.lock().unwrap().clone()).unwrap();
    let truth = text("truth.csv");
    let truth = truth.lines().skip(1).filter_map(|line| line.split_once(','));
    let truth = truth.map(|(record, person)| (record.to_owned(), person.to_owned())).collect();
    let sam = Sam::before(
        &[
            ("crm", "crm.csv", &text("crm.csv")),
            ("webshop", "webshop.csv", &text("webshop.csv")),
            ("support", "support.jsonl", &text("support.jsonl")),
        ],
        // The widest at which the comparison has the whole width, so that mailboxes are not cut.
        (99, 48),
    );
    let mut clerk = Clerk { sam, truth, tally: Tally::default(), prints };
    clerk.works();
    clerk.tally
}

#[test]
fn what_the_screen_shows_is_enough_to_decide_by() {
    let tally = cleared(300, 1, false);
    println!("{tally:#?}");
    assert!(tally.decided > 5, "{tally:?}");
    assert_eq!(tally.wrong, [""; 0], "{tally:?}");
}

/// `STEWARD_SAMPLES=3,4` takes these samples instead of the first eight; with `STEWARD_SIGHTINGS` what is
/// seen of every pair is printed beside the truth.
#[test]
#[ignore = "minutes, in a release build: benches/README.md"]
fn what_the_screen_shows_is_enough_to_decide_by_on_many_samples() {
    let named = env::var("STEWARD_SAMPLES").unwrap_or_else(|_| "1,2,3,4,5,6,7,8".to_owned());
    let samples: Vec<u64> = named.split(',').map(|it| it.trim().parse().unwrap()).collect();
    let prints = env::var_os("STEWARD_SIGHTINGS").is_some();
    let mut whole = Tally::default();
    for sample in samples {
        println!("sample {sample}");
        let begun = Instant::now();
        let tally = cleared(1300, sample, prints);
        println!(
            "sample {sample}: {} decided, {} of them wrong, {} put off, {:.0?}",
            tally.decided,
            tally.wrong.len(),
            tally.put_off,
            begun.elapsed()
        );
        whole.add(tally);
    }
    println!("{whole:#?}");
    assert!(whole.wrong.len() * 100 < whole.decided, "{} of {}", whole.wrong.len(), whole.decided);
}
