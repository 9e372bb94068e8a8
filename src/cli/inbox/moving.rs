//! How a file leaves an inbox: first its verdict is whole on the disk, then the file goes beside it. Killed
//! in between, the file is still in the inbox, and the verdict is written again.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

use super::looking::{BESIDE, DONE};

/// Where a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It was imported.
    Done,
    /// It was not.
    Failed,
}

impl End {
    /// The name of the folder, which is the word of the verdict.
    pub(super) fn name(self) -> &'static str {
        match self {
            End::Done => "done",
            End::Failed => "failed",
        }
    }
}

/// Moves a file out of the inbox; gives its new name within it. A file of that name that is there
/// already stays.
///
/// # Errors
/// When the disk refuses; the file is in the inbox then.
pub(super) fn away(inbox: &Path, name: &str, end: End, verdict: &Value) -> anyhow::Result<String> {
    let named = || format!("moving {name} to {}", end.name());
    let folder = inbox.join(end.name());
    fs::create_dir_all(&folder).with_context(named)?;
    let free = free_name(&folder, name).with_context(named)?;
    write_whole(&folder, &format!("{free}.verdict.json"), verdict).with_context(named)?;
    // Before the file: left behind, it would have the next one of that name taken half written.
    match fs::remove_file(inbox.join(format!("{name}{DONE}"))) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).with_context(named)?,
        _ => {}
    }
    fs::rename(inbox.join(name), folder.join(&free)).with_context(named)?;
    // After the database: left behind, a log is no delivery by itself.
    for end in BESIDE {
        let (from, to) = (format!("{name}{end}"), format!("{free}{end}"));
        match fs::rename(inbox.join(from), folder.join(to)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).with_context(named)?
            }
            _ => {}
        }
    }
    sync(&folder).and_then(|()| sync(inbox)).with_context(named)?;
    Ok(format!("{}/{free}", end.name()))
}

/// The name, or with a number before what says its kind where a file has it already.
fn free_name(folder: &Path, name: &str) -> io::Result<String> {
    let (stem, kind) = parted(name);
    let mut free = name.to_owned();
    let mut number = 1;
    let is_taken = |free: &str| {
        let mut names = [""].iter().chain(&BESIDE).map(|end| folder.join(format!("{free}{end}")));
        names.try_fold(false, |is_taken, path| Ok::<_, io::Error>(is_taken || path.try_exists()?))
    };
    while is_taken(&free)? {
        number += 1;
        free = format!("{stem}.{number}{kind}");
    }
    Ok(free)
}

/// A name, and its end that says the kind of the file: `.csv`, `.csv.gz`.
fn parted(name: &str) -> (&str, &str) {
    let last = |name: &str| name.rfind('.').filter(|at| *at > 0 && at + 1 < name.len());
    let Some(at) = last(name) else { return (name, "") };
    let is_packed = [".gz", ".zip"].iter().any(|end| name[at..].eq_ignore_ascii_case(end));
    let at = if is_packed { last(&name[..at]).unwrap_or(at) } else { at };
    name.split_at(at)
}

fn write_whole(folder: &Path, name: &str, verdict: &Value) -> io::Result<()> {
    let unfinished: PathBuf = folder.join(format!(".{name}.new"));
    let mut file = File::create(&unfinished)?;
    serde_json::to_writer_pretty(&mut file, verdict)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(unfinished, folder.join(name))
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_goes_with_its_verdict_and_none_takes_the_place_of_another() {
        let inbox = tempfile::tempdir().unwrap();
        let at = |name: &str| inbox.path().join(name);
        for number in 1..=3 {
            fs::write(at("crm.csv"), number.to_string()).unwrap();
            fs::write(at("crm.csv.done"), "").unwrap();
            let verdict = json!({ "new": number });
            let moved = away(inbox.path(), "crm.csv", End::Done, &verdict).unwrap();
            let expected = ["done/crm.csv", "done/crm.2.csv", "done/crm.3.csv"][number - 1];
            assert_eq!(moved, expected);
            assert_eq!(fs::read_to_string(at(expected)).unwrap(), number.to_string());
            let verdict = fs::read(at(&format!("{expected}.verdict.json"))).unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&verdict).unwrap()["new"], number);
            assert!(!at("crm.csv").exists() && !at("crm.csv.done").exists());
        }
        // With the log of a database, and never beside that of another.
        for (number, expected) in [(1, "done/crm.db"), (2, "done/crm.2.db")] {
            fs::write(at("crm.db"), "").unwrap();
            fs::write(at("crm.db-wal"), number.to_string()).unwrap();
            fs::write(at("crm.db-shm"), "").unwrap();
            assert_eq!(away(inbox.path(), "crm.db", End::Done, &json!({})).unwrap(), expected);
            let log = fs::read_to_string(at(&format!("{expected}-wal"))).unwrap();
            assert_eq!(log, number.to_string());
            assert!(at(&format!("{expected}-shm")).exists() && !at("crm.db-wal").exists());
            fs::remove_file(at(expected)).unwrap();
        }
        // A verdict whose file did not follow is written again.
        fs::write(at("crm.csv"), "4").unwrap();
        fs::write(at("done/crm.4.csv.verdict.json"), "{}").unwrap();
        let moved = away(inbox.path(), "crm.csv", End::Done, &json!({ "new": 4 })).unwrap();
        assert_eq!(moved, "done/crm.4.csv");
        assert!(
            fs::read_to_string(at("done/crm.4.csv.verdict.json")).unwrap().contains("\"new\": 4")
        );
        assert!(away(inbox.path(), "not-there.csv", End::Failed, &json!({})).is_err());
    }

    #[test]
    fn a_number_stands_before_the_kind_of_a_file() {
        for (name, expected) in [
            ("a.csv", ("a", ".csv")),
            ("a.2026-11-01.csv", ("a.2026-11-01", ".csv")),
            ("a.csv.gz", ("a", ".csv.gz")),
            ("a.gz", ("a", ".gz")),
            ("a", ("a", "")),
            ("a.", ("a.", "")),
            ("Kunden 1.XLSX", ("Kunden 1", ".XLSX")),
        ] {
            assert_eq!(parted(name), expected);
        }
    }
}
