//! Links, pipes, second names and folders in place of a workspace's files, and outputs onto what must
//! stay: nothing is written through or over them, and nothing waits.

use std::fmt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rand::RngExt;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::harm::Harm;
use crate::kills::has_not_failed;
use crate::workshop::Workshop;

/// What the attacks came to.
#[derive(Default)]
pub struct Counts {
    what: &'static str,
    attacks: u64,
    refused: u64,
    done: u64,
    pub failures: Vec<String>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { what, attacks, refused, done, failures } = self;
        write!(f, "{what}: {attacks}; refused {refused}, done {done}; failed {}", failures.len())
    }
}

const PRECIOUS: &str = "precious";

/// Commands that open all there is.
const COMMANDS: [&[&str]; 8] = [
    &["tasks"],
    &["verify"],
    &["export", "events"],
    &["export", "golden"],
    &["backup", "other.backup"],
    &["rebuild"],
    &["rekey"],
    &["match"],
];

/// Every file and folder of a workspace.
fn everything(hidden: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (vec![hidden.to_owned()], vec![hidden.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()) {
            if path.is_dir() {
                folders.push(path.clone());
            }
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Puts something else in the place of files and folders.
pub fn links(workshop: &Workshop, attacks: u64, seed: u64) -> Counts {
    let begun = workshop.backed_up();
    let mut counts = Counts { what: "links and pipes for files", attacks, ..Counts::default() };
    let mut chance = Harm::chance(seed);
    for number in 0..attacks {
        let copied = workshop.copied(begun.path());
        let folder = copied.path();
        let outside = tempfile::tempdir().expect("a folder");
        let mut places = everything(&folder.join(".steward"));
        places.push(folder.join("steward.toml"));
        places.push(folder.join(".steward/keys.new"));
        let place = places.swap_remove(chance.random_range(0..places.len()));
        let victim = outside.path().join("victim");
        std::fs::write(&victim, PRECIOUS).unwrap();
        let aside = outside.path().join("aside");
        let is_folder = place.is_dir();
        let _ = std::fs::rename(&place, &aside);
        let kind = number % 4;
        match kind {
            0 if is_folder => symlink(&aside, &place).unwrap(),
            0 => symlink(&victim, &place).unwrap(),
            1 => mknodat(CWD, &place, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap(),
            2 => std::fs::hard_link(&victim, &place).unwrap(),
            _ if is_folder => std::fs::write(&place, "").unwrap(),
            _ => std::fs::create_dir(&place).unwrap(),
        }
        let inside = everything(&aside).into_iter().map(|path| std::fs::read(path).ok());
        let inside: Vec<_> = inside.collect();
        let command = COMMANDS[chance.random_range(0..COMMANDS.len())];
        let context = format!("{kind} for {}: {command:?}", place.display());
        let Some(ran) = workshop.run(folder, command, None) else {
            counts.failures.push(format!("{context} hangs"));
            continue;
        };
        if let Err(what) = has_not_failed(&ran) {
            counts.failures.push(format!("{context}: {what}"));
        }
        let after = everything(&aside).into_iter().map(|path| std::fs::read(path).ok());
        if std::fs::read(&victim).ok().as_deref() != Some(PRECIOUS.as_bytes())
            || after.collect::<Vec<_>>() != inside
        {
            counts.failures.push(format!("{context}: written through it"));
        }
        // What is healed by the next command is told by `verify` as what it is.
        let told = ran.err.contains("the view is damaged");
        let named = told || ran.err.contains(place.to_str().unwrap_or_default());
        match (ran.is_done(), kind) {
            (true, 0..=2) => counts.failures.push(format!("{context}: not refused")),
            (true, _) => counts.done += 1,
            (false, _) if named => counts.refused += 1,
            (false, _) => counts.failures.push(format!("{context}: not named: {}", ran.err)),
        }
    }
    counts
}

/// Outputs onto inputs, the ledger, keys and settings.
pub fn outputs(workshop: &Workshop, attacks: u64, seed: u64) -> Counts {
    let begun = workshop.backed_up();
    let folder = begun.path();
    let mut counts = Counts { what: "outputs onto what must stay", attacks, ..Counts::default() };
    let mut chance = Harm::chance(seed);
    let mut places = everything(&folder.join(".steward"));
    places.push(folder.join("steward.toml"));
    places.push(folder.join(".steward/new"));
    places.extend(everything(&workshop.data()));
    let inputs = ["crm.csv", "webshop.csv", "support.jsonl"].map(|name| folder.join(name));
    for number in 0..attacks {
        let is_input = number % 5 == 0;
        let target = match is_input {
            true => inputs[chance.random_range(0..inputs.len())].clone(),
            false => places[chance.random_range(0..places.len())].clone(),
        };
        let way = folder.join(format!("way{number}.json"));
        let named = match number % 3 {
            1 => symlink(&target, &way).map(|()| way.clone()).unwrap(),
            _ => target.clone(),
        };
        let before = std::fs::read(&target).ok();
        let name = named.to_str().unwrap_or_default();
        let force: &[&str] = if is_input { &[] } else { &["--force"] };
        let command: &[&str] = match chance.random_range(0..5) {
            0 => &["export", "golden", "-o"],
            1 => &["export", "events", "-o"],
            2 => &["export", "model", "-o"],
            3 => &["subject", "crm:1001", "-o"],
            _ => &["backup"],
        };
        let arguments = [command, &[name], force].concat();
        let context = format!("{arguments:?}");
        match workshop.run(folder, &arguments, None) {
            None => counts.failures.push(format!("{context} hangs")),
            Some(ran) if ran.status.code() == Some(2) => counts.refused += 1,
            // A name without an ending stands for two others.
            Some(ran) if ran.is_done() && command[0] == "subject" => counts.done += 1,
            Some(ran) => counts.failures.push(format!("{context}: {}{}", ran.out, ran.err)),
        }
        let is_same = std::fs::read(&target).ok() == before || command[0] == "subject";
        if !is_same {
            counts.failures.push(format!("{context}: {} is another", target.display()));
        }
        let _ = std::fs::remove_file(way);
    }
    let verified = workshop.run(folder, &["verify"], None);
    if !verified.is_some_and(|ran| ran.is_done()) {
        counts.failures.push("the ledger is not what it was".to_owned());
    }
    counts
}
