//! What is killed, and what must be true afterwards.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use rand::RngExt;
use serde_json::Value;
use tempfile::TempDir;

use crate::exports;
use crate::harm::Harm;
use crate::workshop::{BACKUP, Ran, Workshop, file_of};

/// A command that is killed. A new one is one entry in [`OPERATIONS`].
pub struct Operation {
    pub name: &'static str,
    /// The workspace it begins in.
    begin: fn(&Workshop) -> TempDir,
    /// Its words; the number counts the kills.
    command: fn(&Workshop, &Path, u64) -> Vec<String>,
    /// Every kill has a workspace of its own; otherwise one goes through all of them.
    afresh: bool,
    /// What must be true of what it acknowledged, and that it completes.
    check: fn(&Workshop, &Path, &Ran, u64) -> Result<(), String>,
}

pub const OPERATIONS: [Operation; 9] = [
    Operation {
        name: "import",
        begin: Workshop::empty,
        command: |_, _, _| words(&["import", file_of("crm"), "--source", "crm", "--json"]),
        afresh: true,
        check: |workshop, folder, _, _| {
            let file = std::fs::read_to_string(folder.join(file_of("crm"))).unwrap();
            let arguments = ["import", file_of("crm"), "--source", "crm", "--json"];
            let again = done(workshop, folder, &arguments)?;
            let rows = file.lines().count() as u64 - 1;
            let report = again.objects().pop().unwrap_or_default();
            let count = |name: &str| report[name].as_u64().unwrap_or_default();
            let known = count("new") + count("unchanged") + count("quarantined");
            let records = done(workshop, folder, &["export", "records", "--format", "jsonl"])?;
            let kept = records.objects().len() as u64 + count("quarantined");
            if (known, kept) == (rows, rows) {
                Ok(())
            } else {
                Err(format!("{rows} rows, {known} known, {kept} kept: {report}"))
            }
        },
    },
    Operation {
        name: "match",
        begin: Workshop::imported,
        command: |_, _, _| words(&["match", "--json"]),
        afresh: true,
        check: |workshop, folder, _, _| done(workshop, folder, &["match"]).map(|_| ()),
    },
    Operation {
        name: "decide",
        begin: Workshop::matched,
        command: |workshop, folder, number| {
            let tasks = workshop.must(folder, &["tasks", "--json"]).objects();
            let task = &tasks[number as usize % tasks.len()]["id"];
            let note = format!("kill {number}");
            let task = task.as_str().unwrap_or_default();
            words(&["decide", task, "defer", "--until", "2099-01-01", "--note", &note, "--json"])
        },
        afresh: false,
        check: |workshop, folder, ran, number| {
            let Some(receipt) = ran.objects().pop() else { return Ok(()) };
            let decision = receipt["decision"].as_str().unwrap_or_default();
            let shown = done(workshop, folder, &["show", decision, "--json"])?;
            let note = format!("kill {number}");
            if shown.out.contains(&note) { Ok(()) } else { Err(format!("{decision} is lost")) }
        },
    },
    Operation {
        name: "rebuild",
        begin: Workshop::matched,
        command: |_, _, _| words(&["rebuild", "--json"]),
        afresh: false,
        check: |workshop, folder, _, _| done(workshop, folder, &["history"]).map(|_| ()),
    },
    Operation {
        name: "backup",
        begin: Workshop::backed_up,
        command: |_, _, _| words(&["backup", BACKUP, "--force", "--json"]),
        afresh: false,
        check: |workshop, folder, ran, _| {
            // Whatever stands there under its name is whole: the old one or the new one.
            let held = done(workshop, folder, &["restore", BACKUP, AGAIN, "--dry-run", "--json"])?;
            let promised = ran.objects().pop().map(|made| made["hash"].clone());
            let found = held.objects().pop().map(|held| held["hash"].clone());
            if promised.is_some() && promised != found {
                return Err("the backup that was acknowledged is not there".to_owned());
            }
            done(workshop, folder, &["backup", BACKUP, "--force"]).map(|_| ())
        },
    },
    Operation {
        name: "restore",
        begin: Workshop::backed_up,
        command: |_, _, _| words(&["restore", BACKUP, AGAIN, "--json"]),
        afresh: false,
        check: |workshop, folder, ran, _| {
            let again = folder.join(AGAIN);
            let whole = again.join(".steward").exists();
            if !whole && !ran.objects().is_empty() {
                return Err("the workspace that was acknowledged is not there".to_owned());
            }
            if !whole {
                done(workshop, folder, &["restore", BACKUP, AGAIN])?;
            }
            done(workshop, &again, &["verify"])?;
            std::fs::remove_dir_all(&again).map_err(|error| error.to_string())
        },
    },
    Operation {
        name: "erase",
        begin: Workshop::matched,
        command: |workshop, folder, number| {
            let tasks = workshop.must(folder, &["tasks", "--json"]).objects();
            let subjects = &tasks[number as usize % tasks.len()]["subjects"];
            erase(subjects[0].as_str().unwrap_or_default())
        },
        afresh: true,
        check: |workshop, folder, ran, number| {
            let exported = done(workshop, folder, &["export", "events", "--format", "jsonl"])?;
            let erased = exported.out.contains("\"person_erased\"");
            let finished = exported.out.contains("\"erasure_finished\"");
            if erased != finished || (!erased && !ran.objects().is_empty()) {
                return Err(format!("erased {erased}, finished {finished}"));
            }
            if !erased {
                let command = OPERATIONS.iter().find(|operation| operation.name == "erase");
                let command = command.map(|erase| (erase.command)(workshop, folder, number));
                let command = command.unwrap_or_default();
                let command: Vec<&str> = command.iter().map(String::as_str).collect();
                done(workshop, folder, &command)?;
            }
            done(workshop, folder, &["verify"]).map(|_| ())
        },
    },
    Operation {
        name: "export",
        begin: |workshop| {
            let begun = workshop.matched();
            std::fs::create_dir(begun.path().join(exports::OUT)).expect("made");
            begun
        },
        command: |_, _, number| exports::command(number),
        afresh: true,
        check: exports::check,
    },
    Operation {
        name: "rekey",
        begin: Workshop::matched,
        command: |_, _, _| words(&["rekey", "--json"]),
        afresh: false,
        check: |workshop, folder, _, _| {
            done(workshop, folder, &["rekey"])?;
            done(workshop, folder, &["history"]).map(|_| ())
        },
    },
];

/// Where a backup is restored to.
const AGAIN: &str = "again";

fn erase(id: &str) -> Vec<String> {
    words(&["erase", id, "--reason", "request", "--note", "torture", "--yes", "--json"])
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What the kills of one command came to.
#[derive(Default)]
pub struct Counts {
    name: &'static str,
    usual: Duration,
    kills: u64,
    /// It ended by itself before it was killed.
    ended: u64,
    acknowledged: u64,
    replayed: u64,
    remade: u64,
    torn: u64,
    pub failures: Vec<String>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:8} {} kills within {:.0?}, {} ended before; acknowledged {}; afterwards: view caught \
             up {}, rebuilt {}, torn tails cut {}; failed {}",
            self.name,
            self.kills,
            self.usual,
            self.ended,
            self.acknowledged,
            self.replayed,
            self.remade,
            self.torn,
            self.failures.len()
        )
    }
}

/// Kills a command at random moments of its usual duration.
pub fn torture(workshop: &Workshop, operation: &Operation, kills: u64, seed: u64) -> Counts {
    let begun = (operation.begin)(workshop);
    let usual = usual_duration(workshop, operation, begun.path());
    let mut counts = Counts { name: operation.name, usual, kills, ..Counts::default() };
    let mut chance = Harm::chance(seed);
    let mut kept = workshop.copied(begun.path());
    for number in 0..kills {
        if operation.afresh {
            kept = workshop.copied(begun.path());
        }
        let folder = kept.path();
        let command = (operation.command)(workshop, folder, number);
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let after = usual.mul_f64(chance.random_range(0.0..1.1));
        let judged = match workshop.run(folder, &command, Some(after)) {
            None => Err("it hangs".to_owned()),
            Some(ran) => judge(workshop, operation, folder, &ran, number, &mut counts),
        };
        if let Err(what) = judged {
            counts
                .failures
                .push(format!("{}, kill {number} after {after:?}: {what}", operation.name));
            kept = workshop.copied(begun.path());
        }
    }
    counts
}

/// The middle one of three undisturbed runs.
fn usual_duration(workshop: &Workshop, operation: &Operation, begun: &Path) -> Duration {
    let mut took: Vec<Duration> = (0..3)
        .map(|number| {
            let folder = workshop.copied(begun);
            let command = (operation.command)(workshop, folder.path(), number);
            let command: Vec<&str> = command.iter().map(String::as_str).collect();
            workshop.must(folder.path(), &command).took
        })
        .collect();
    took.sort_unstable();
    took[1]
}

fn judge(
    workshop: &Workshop,
    operation: &Operation,
    folder: &Path,
    ran: &Ran,
    number: u64,
    counts: &mut Counts,
) -> Result<(), String> {
    counts.ended += u64::from(!ran.was_killed());
    counts.acknowledged += u64::from(!ran.objects().is_empty());
    has_not_failed(ran)?;
    if !ran.was_killed() && !ran.is_done() {
        return Err(format!("undisturbed, it said {}", ran.err));
    }
    // Nothing has looked after it yet: what is pending is no fault of the view.
    let left =
        workshop.run(folder, &["verify", "--json"], None).ok_or_else(|| "it hangs".to_owned());
    let left = left?;
    has_not_failed(&left)?;
    let report = left.objects().pop().unwrap_or(Value::Null);
    let is_wrong = ["wrong", "ahead"].iter().any(|view| report["view"] == **view);
    if report["sound"] != true || is_wrong {
        return Err(format!("verify right after the kill: {report}"));
    }
    // What was killed is opened by the next command, which says what it had to mend.
    let opened = done(workshop, folder, &["tasks", "--json"])?;
    counts.replayed += u64::from(opened.err.contains("brought the view up"));
    counts.remade += u64::from(opened.err.contains("has been rebuilt"));
    counts.torn += u64::from(opened.err.contains("note: cut "));
    let verified = done(workshop, folder, &["verify", "--json"])?;
    let report = verified.objects().pop().unwrap_or(Value::Null);
    if report["sound"] != true || report["view"] != "same" {
        return Err(format!("verify: {report}"));
    }
    (operation.check)(workshop, folder, ran, number)
}

/// Runs a command that must be done.
pub fn done(workshop: &Workshop, folder: &Path, arguments: &[&str]) -> Result<Ran, String> {
    let Some(ran) = workshop.run(folder, arguments, None) else {
        return Err(format!("{arguments:?} hangs"));
    };
    has_not_failed(&ran)?;
    if ran.is_done() { Ok(ran) } else { Err(format!("{arguments:?}: {}{}", ran.out, ran.err)) }
}

/// Whether steward itself failed, rather than saying that something else did.
pub fn has_not_failed(ran: &Ran) -> Result<(), String> {
    let failed = ["steward itself failed", "panicked", "memory allocation"];
    match failed.iter().any(|words| ran.err.contains(words)) {
        true => Err(ran.err.clone()),
        false => Ok(()),
    }
}
