//! What a key in the finder costs over a million customers: the first results, the last ones, and
//! what a key pressed meanwhile waits for.
//!
//! `cargo bench --bench finder`, or `cargo bench --bench finder -- 100000` for so many names, which
//! are made up here.

// A benchmark's figures are its output.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use desk::finder::{Finder, Index};
use domain::{CustomerId, RecordId};
use door::views::FinderReport;
use door::{Scope, Search};

const NAMES: u32 = 1_000_000;
/// From what nearly everybody matches to what nobody does.
const TYPED: [&str; 8] = ["a", "an", "mar", "mar tol", "tolmarv", "crm:99", "rvnkz", "qqqq"];
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> Result<(), Box<dyn Error>> {
    let names = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let names = names.unwrap_or(NAMES);
    let began = Instant::now();
    let mut index = Index::default();
    for number in 0..names {
        let address = format!("crm:{}", 1_000 + number);
        index.put(RecordId(number), CustomerId(number + 1), &name(number), &address);
    }
    let megabytes = index.bytes() / 1_000_000;
    println!("{names} names: {megabytes} MB, put in after {:.1?}", began.elapsed());
    let finder = Finder::over(index)?;
    println!("{:<10} {:>10} {:>10} {:>8}", "typed", "first", "last", "hits");
    for typed in TYPED {
        let (first, last, report) = timed(&finder, typed)?;
        println!("{typed:<10} {first:>10.1?} {last:>10.1?} {:>8}", report.hits.len());
    }
    let mut longest = Duration::ZERO;
    for typed in TYPED.iter().cycle().take(200) {
        // Given up at once: the next one must not wait for it.
        drop(finder.search(search("a"), Box::new(|_| ())));
        longest = longest.max(timed(&finder, typed)?.0);
    }
    println!("first results after a search that was given up, the worst of 200: {longest:.1?}");
    Ok(())
}

fn search(text: &str) -> Search {
    Search { text: text.to_owned(), scope: Scope::Customers, limit: 50 }
}

/// How long the first report and the last one took.
fn timed(
    finder: &Finder,
    text: &str,
) -> Result<(Duration, Duration, FinderReport), Box<dyn Error>> {
    let (sender, received) = channel();
    let began = Instant::now();
    let told = move |report| {
        let _ = sender.send((Instant::now(), report));
    };
    let _searching = finder.search(search(text), Box::new(told));
    let mut first = None;
    loop {
        let (at, report) = received.recv_timeout(PATIENCE)?;
        let first = *first.get_or_insert(at - began);
        if report.finished {
            return Ok((first, at - began, report));
        }
    }
}

/// A made-up name: `Tolmarven, Kasin`.
fn name(number: u32) -> String {
    const PARTS: [&str; 16] = [
        "mar", "tol", "ven", "kas", "in", "del", "ora", "bri", "tham", "us", "wen", "ley", "har",
        "sto", "ne", "ick",
    ];
    // Spread, so that neighbours in the index are not neighbours in the alphabet.
    let mixed = number.wrapping_mul(2_654_435_761);
    let part = |shift: u32| PARTS[(mixed >> shift) as usize % PARTS.len()];
    let capital = |text: String| text[..1].to_uppercase() + &text[1..];
    let family = capital(format!("{}{}{}", part(28), part(24), part(20)));
    let given = capital(format!("{}{}", part(16), part(12)));
    format!("{family}, {given}")
}
