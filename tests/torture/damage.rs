//! Damaged files, one or two at once: the store is healed, the ledger's damage is named and the rest
//! gets out; whatever is opened lacks nothing that was acknowledged, and nothing is appended behind
//! damage.

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
    /// Two at once: nobody but the register knows how far the ledger went.
    LedgerAndStore,
    /// Nobody but the view does.
    LedgerAndWitness,
    TwoSegments,
}

pub const TARGETS: [Target; 5] = [
    Target::Ledger,
    Target::Store,
    Target::LedgerAndStore,
    Target::LedgerAndWitness,
    Target::TwoSegments,
];

/// What the damages to one target came to.
pub struct Counts {
    target: Target,
    damages: u64,
    /// Ledger: opening refused. Store: rebuilt.
    noticed_at_opening: u64,
    pub failures: Vec<String>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.target {
            Target::Ledger => "all found by verify; opening refused",
            Target::Store => "all healed; rebuilt at opening",
            _ => "nothing lost in silence; opening refused",
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
    // A key of its own begins a segment of its own.
    workshop.must(begun.path(), &["keys", "rotate"]);
    workshop.must(begun.path(), &["match", "--full"]);
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
        // Opened here once: the register's witness is a folder's.
        workshop.must(folder.path(), &["tasks"]);
        let struck = strike(workshop, folder.path(), target, harm, seed * 1_000_000 + number);
        let judged = match target {
            Target::Ledger => judge_ledger(workshop, folder.path(), &known),
            Target::Store => judge_store(workshop, folder.path(), &known),
            _ => judge_two(workshop, folder.path(), &known),
        };
        match judged {
            Ok(noticed) => counts.noticed_at_opening += u64::from(noticed),
            Err(what) => counts.failures.push(format!("{harm:?} {number} of {struck:?}: {what}")),
        }
    }
    counts
}

/// Damages one file of each kind that the target names, the larger the likelier.
fn strike(
    workshop: &Workshop,
    folder: &Path,
    target: Target,
    harm: Harm,
    seed: u64,
) -> Vec<PathBuf> {
    let mut chance = Harm::chance(seed);
    let below = |name: &str| {
        let hidden = folder.join(".steward");
        let of_it = |path: &PathBuf| path.to_string_lossy().contains(&format!(".steward/{name}"));
        files_in(&hidden).into_iter().filter(of_it).collect::<Vec<_>>()
    };
    let ledger = || one_of(below("ledger"), &mut Harm::chance(seed + 1));
    let struck = match target {
        Target::Ledger => vec![ledger()],
        Target::Store => vec![one_of(below("store-"), &mut chance)],
        Target::LedgerAndStore => vec![ledger(), one_of(below("store-"), &mut chance)],
        Target::LedgerAndWitness => vec![ledger(), witness_of(workshop, folder)],
        Target::TwoSegments => below("ledger"),
    };
    for path in &struck {
        let mut bytes = std::fs::read(path).unwrap();
        harm.strike(&mut bytes, &mut chance);
        std::fs::write(path, bytes).unwrap();
    }
    struck
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for path in std::fs::read_dir(inner).unwrap().flatten().map(|entry| entry.path()) {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn one_of(files: Vec<PathBuf>, chance: &mut impl RngExt) -> PathBuf {
    let length = |path: &PathBuf| std::fs::metadata(path).unwrap().len();
    let mut at = chance.random_range(0..files.iter().map(length).sum());
    let struck = files.into_iter().find(|path| {
        let is_here = at < length(path);
        at = at.saturating_sub(length(path));
        is_here
    });
    struck.expect("one of them")
}

/// The register's note on a folder.
fn witness_of(workshop: &Workshop, folder: &Path) -> PathBuf {
    let folder = std::fs::canonicalize(folder).unwrap().display().to_string();
    let is_of_it = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read(path).unwrap_or_default();
        name.starts_with("witness-") && String::from_utf8_lossy(&text).contains(&folder)
    };
    files_in(&workshop.registers()).into_iter().find(is_of_it).expect("a witness")
}

/// What is opened lacks nothing, else it is refused; and nobody writes behind the damage.
fn judge_two(workshop: &Workshop, folder: &Path, known: &Known) -> Result<bool, String> {
    let hangs = || "it hangs".to_owned();
    let opened = workshop.run(folder, &["tasks", "--json"], None).ok_or_else(hangs)?;
    has_not_failed(&opened)?;
    if opened.is_done() && opened.out != known.tasks {
        return Err(format!("opened, and it lacks something: {}", opened.err));
    }
    writes_nothing(workshop, folder, known)?;
    Ok(!opened.is_done())
}

/// A decision is refused, and the ledger stays as it is.
fn writes_nothing(workshop: &Workshop, folder: &Path, known: &Known) -> Result<(), String> {
    let ledger = folder.join(".steward/ledger");
    let bytes = || -> Vec<Vec<u8>> {
        files_in(&ledger).iter().map(|path| std::fs::read(path).unwrap()).collect()
    };
    let before = bytes();
    let first = known.tasks.lines().next().and_then(|line| serde_json::from_str(line).ok());
    let first: Value = first.unwrap_or_default();
    let task = first["id"].as_str().unwrap_or_default();
    let decide = ["decide", task, "defer", "--until", "2099-01-01", "--json"];
    let decided = workshop.run(folder, &decide, None).ok_or_else(|| "it hangs".to_owned())?;
    has_not_failed(&decided)?;
    match decided.is_done() || bytes() != before {
        true => Err(format!("something was written behind the damage: {}", decided.out)),
        false => Ok(()),
    }
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
    writes_nothing(workshop, folder, known)?;
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
    Ok(opened.err.contains("has been rebuilt"))
}
