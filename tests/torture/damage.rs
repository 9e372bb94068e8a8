//! Damaged files: the store is healed, the ledger's damage is named and the rest gets out.

use std::fmt;
use std::path::{Path, PathBuf};

use rand::RngExt;
use serde_json::Value;

use crate::harm::Harm;
use crate::kills::{done, has_not_failed};
use crate::workshop::Workshop;

/// What is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Ledger,
    Store,
}

pub const TARGETS: [Target; 2] = [Target::Ledger, Target::Store];

/// What the damages to one target came to.
pub struct Counts {
    target: Target,
    damages: u64,
    /// Ledger: opening refused. Store: made anew.
    noticed_at_opening: u64,
    pub failures: Vec<String>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.target {
            Target::Ledger => "all found by verify; opening refused",
            Target::Store => "all healed; made anew at opening",
        };
        let Counts { target, damages, noticed_at_opening, failures } = self;
        write!(
            f,
            "{target:?}: {damages} damages; {what} {noticed_at_opening}; failed {}",
            failures.len()
        )
    }
}

/// What a sound workspace says.
struct Known {
    tasks: String,
    events: Vec<Value>,
    hash: String,
}

pub fn torture(workshop: &Workshop, target: Target, damages: u64, seed: u64) -> Counts {
    let begun = workshop.matched();
    let tasks = workshop.must(begun.path(), &["tasks", "--json"]).out;
    let verified = workshop.must(begun.path(), &["verify", "--json"]).objects();
    let hash = verified[0]["hash"].as_str().unwrap_or_default().to_owned();
    let copy = workshop.copied(begun.path());
    let events = workshop.must(copy.path(), &["export", "events", "--format", "jsonl"]).objects();
    let known = Known { tasks, events, hash };
    let mut counts = Counts { target, damages, noticed_at_opening: 0, failures: Vec::new() };
    for number in 0..damages {
        let harm = Harm::ALL[number as usize % Harm::ALL.len()];
        let folder = workshop.copied(begun.path());
        let struck = strike(folder.path(), target, harm, seed * 1_000_000 + number);
        let judged = match target {
            Target::Ledger => judge_ledger(workshop, folder.path(), &known),
            Target::Store => judge_store(workshop, folder.path(), &known),
        };
        match judged {
            Ok(noticed) => counts.noticed_at_opening += u64::from(noticed),
            Err(what) => {
                counts.failures.push(format!("{harm:?} {number} of {}: {what}", struck.display()));
            }
        }
    }
    counts
}

/// Damages one file, the larger the likelier.
fn strike(folder: &Path, target: Target, harm: Harm, seed: u64) -> PathBuf {
    let mut chance = Harm::chance(seed);
    let name = match target {
        Target::Ledger => "ledger",
        Target::Store => "store-",
    };
    let mut files = Vec::new();
    let mut folders = vec![folder.join(".steward")];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(inner).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().contains(&format!(".steward/{name}")) {
                files.push((path, entry.metadata().unwrap().len()));
            }
        }
    }
    files.sort();
    let total: u64 = files.iter().map(|(_, length)| length).sum();
    let mut at = chance.random_range(0..total);
    let struck = files.into_iter().find(|(_, length)| {
        let is_here = at < *length;
        at = at.saturating_sub(*length);
        is_here
    });
    let (path, _) = struck.expect("one of them");
    let mut bytes = std::fs::read(&path).unwrap();
    harm.strike(&mut bytes, &mut chance);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Damage is found, nothing is written, and what is readable gets out and is what it was.
fn judge_ledger(workshop: &Workshop, folder: &Path, known: &Known) -> Result<bool, String> {
    let hangs = || "it hangs".to_owned();
    let verify = ["verify", "--expect", &known.hash];
    let verified = workshop.run(folder, &verify, None).ok_or_else(hangs)?;
    has_not_failed(&verified)?;
    if verified.status.code() != Some(1) || !verified.err.contains("error: ") {
        return Err(format!("verify found nothing: {}{}", verified.out, verified.err));
    }
    let left = ["export", "events", "--format", "jsonl"];
    let left = workshop.run(folder, &left, None).ok_or_else(hangs)?;
    has_not_failed(&left)?;
    let mut expected = known.events.iter();
    // In the same order: each found further on.
    let foreign = left.objects().into_iter().find(|event| !expected.any(|known| known == event));
    if let Some(event) = foreign {
        return Err(format!("an event that was never written: commit {}", event["sequence"]));
    }
    let opened = workshop.run(folder, &["tasks"], None).ok_or_else(hangs)?;
    has_not_failed(&opened)?;
    Ok(!opened.is_done())
}

fn judge_store(workshop: &Workshop, folder: &Path, known: &Known) -> Result<bool, String> {
    let opened = done(workshop, folder, &["tasks", "--json"])?;
    if opened.out != known.tasks {
        return Err("other tasks than before".to_owned());
    }
    let verified = done(workshop, folder, &["verify", "--json"])?;
    let report = verified.objects().pop().unwrap_or_default();
    if report["view"] != "same" {
        return Err(format!("verify: {report}"));
    }
    Ok(opened.err.contains("made the view of the ledger anew"))
}
