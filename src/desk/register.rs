//! The register: what must be known of a workspace where the workspace itself may be lost or set
//! back, so it stands outside of it. Which backups were made of it, which erasures a restored backup
//! must repeat, how far its ledger went (`witness.rs`), and when it was verified.
//!
//! One folder a workspace, named by its id; in it JSON Lines of backups, erasures and verifications, one note a line,
//! each durable before it is acknowledged. Whoever writes holds the folder's lock, since backups take no other.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::core::Desk;
use super::environment::Environment;
use super::error::DeskError;
use super::workspace::file_error;
use domain::Sequence;
use domain::hexadecimal::encode as hex;
use ledger::ports::Files;
use ledger::ports::files::{Access, Lock, LockGuard};

const BACKUPS: &str = "backups.jsonl";
const VERIFICATIONS: &str = "verified.jsonl";
const ERASURES: &str = "erasures.jsonl";
const LOCK: &str = "lock";
/// Another writer needs the lock for one line; this is how often and long it is waited for.
const TRIES: u32 = 500;
const PAUSE: Duration = Duration::from_millis(if cfg!(test) { 0 } else { 10 });

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupNote {
    /// Its random id, in hexadecimal.
    pub id: String,
    /// Where it was written, absolute.
    pub path: String,
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// The newest commit in it.
    pub up_to: Sequence,
    /// The chain's hash after that commit, in hexadecimal.
    pub hash: String,
    /// The backup it builds on, without which it cannot be restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// It is one of a row, of which old ones are removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_row: bool,
}

/// A verification that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyNote {
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// The newest commit that was read; none where none could be.
    pub up_to: Option<Sequence>,
    /// The chain's hash after that commit, in hexadecimal.
    pub hash: Option<String>,
    /// Whether the ledger was as it was written.
    pub sound: bool,
    /// What the view was found to be, in a word: `same`.
    pub view: String,
}

/// What a file of the register holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notes<T> {
    /// The notes, in the order they were taken.
    pub notes: Vec<T>,
    /// The last line was torn: its note was never acknowledged, and is ignored.
    pub torn: bool,
}

/// The register of one workspace.
#[derive(Clone)]
pub struct Register {
    pub(super) files: Arc<dyn Files>,
    folder: PathBuf,
}

impl Register {
    /// The register of the workspace with that id; none where the environment keeps none.
    #[must_use]
    pub fn of(environment: &Environment, workspace: &[u8; 16]) -> Option<Register> {
        let root = environment.register.as_ref()?;
        let files = Arc::clone(&environment.files);
        Some(Register { files, folder: root.join(hex(workspace)) })
    }

    /// The folder, which is made with the first note.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Remembers a backup.
    ///
    /// # Errors
    /// When the note could not be made durable.
    pub fn note_backup(&self, backup: &BackupNote) -> Result<(), DeskError> {
        self.note(BACKUPS, backup)
    }

    /// The backups that were made.
    ///
    /// # Errors
    /// When the file cannot be read or a line but the last is damaged.
    pub fn backups(&self) -> Result<Notes<BackupNote>, DeskError> {
        self.read(BACKUPS)
    }

    /// Remembers a verification.
    ///
    /// # Errors
    /// When the note could not be made durable.
    pub fn note_verification(&self, made: &VerifyNote) -> Result<(), DeskError> {
        self.note(VERIFICATIONS, made)
    }

    /// The verifications that were made.
    ///
    /// # Errors
    /// When the file cannot be read or a line but the last is damaged.
    pub fn verifications(&self) -> Result<Notes<VerifyNote>, DeskError> {
        self.read(VERIFICATIONS)
    }

    /// Remembers an erasure, in a form that is enough to repeat it.
    ///
    /// # Errors
    /// When the note could not be made durable.
    pub fn note_erasure(&self, erasure: &impl Serialize) -> Result<(), DeskError> {
        self.note(ERASURES, erasure)
    }

    /// The erasures that were made.
    ///
    /// # Errors
    /// When the file cannot be read or a line but the last is damaged.
    pub fn erasures<T: DeserializeOwned>(&self) -> Result<Notes<T>, DeskError> {
        self.read(ERASURES)
    }

    fn note(&self, name: &str, note: &impl Serialize) -> Result<(), DeskError> {
        let path = self.folder.join(name);
        let failed = |error| file_error("writing to", &path, error);
        let mut line = serde_json::to_vec(note).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        self.make_folder(&self.folder)
            .map_err(|error| file_error("making", &self.folder, error))?;
        self.must_be_own()?;
        let _lock = self.lock()?;
        self.append(&path, &line).map_err(failed)
    }

    /// Refuses a register that is a link to another place.
    pub(super) fn must_be_own(&self) -> Result<(), DeskError> {
        let judged = self.judge_folders();
        judged.map_err(|(folder, error)| file_error("opening", &folder, error))
    }

    /// The folder that is a link or no folder, and what it is.
    pub(super) fn judge_folders(&self) -> Result<(), (PathBuf, io::Error)> {
        for folder in self.folder.parent().into_iter().chain([self.folder.as_path()]) {
            match self.files.must_be_folder(folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                found => found.map_err(|error| (folder.to_owned(), error))?,
            }
        }
        Ok(())
    }

    /// Makes a folder with all that are missing above it.
    pub(super) fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let parent = folder.parent().unwrap_or(Path::new("/"));
        match self.files.create_folder(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_folder(parent)?;
                self.files.create_folder(folder)?;
            }
            other => other?,
        }
        self.files.sync_folder(parent)
    }

    fn lock(&self) -> Result<LockGuard, DeskError> {
        let path = self.folder.join(LOCK);
        let holder = format!("process {}", std::process::id());
        let mut held_by = String::new();
        for _ in 0..TRIES {
            let lock = self.files.try_lock(&path, &holder);
            match lock.map_err(|error| file_error("locking", &path, error))? {
                Lock::Taken(guard) => return Ok(guard),
                Lock::HeldBy(holder) => held_by = holder,
            }
            std::thread::sleep(PAUSE);
        }
        let waited = io::Error::new(io::ErrorKind::TimedOut, format!("held by {held_by}"));
        Err(file_error("locking", &path, waited))
    }

    /// Writes a line behind the last whole one, durable with the name of its file.
    fn append(&self, path: &Path, line: &[u8]) -> io::Result<()> {
        let file = match self.files.open(path, Access::Write) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.files.open(path, Access::CreateNew)?
            }
            other => other?,
        };
        let content = read_whole(&*file)?;
        let end = lines(&content).last().map_or(0, |line| line.end) as u64;
        if end < content.len() as u64 {
            file.truncate(end)?;
            file.sync()?;
        }
        let written = file.write_at(line, end).and_then(|()| file.sync());
        if let Err(error) = written {
            // Best effort: a line that was refused must not come to stand before others.
            let _ = file.truncate(end).and_then(|()| file.sync());
            return Err(error);
        }
        self.files.sync_folder(&self.folder)
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Notes<T>, DeskError> {
        self.must_be_own()?;
        let path = self.folder.join(name);
        let opened = match self.files.open(&path, Access::Read) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Notes { notes: Vec::new(), torn: false });
            }
            other => other,
        };
        let content = opened.and_then(|file| read_whole(&*file));
        let content = content.map_err(|error| file_error("reading", &path, error))?;
        let lines = lines(&content);
        let torn = lines.last().map_or(0, |line| line.end) < content.len();
        let parse = |(at, line): (usize, &Line<'_>)| {
            serde_json::from_slice(line.text).map_err(|error| DeskError::Register {
                file: path.display().to_string(),
                line: at + 1,
                reason: format!("{:?} error at column {}", error.classify(), error.column()),
            })
        };
        let notes = lines.iter().enumerate().map(parse).collect::<Result<_, _>>()?;
        Ok(Notes { notes, torn })
    }
}

impl Desk {
    /// The workspace's register; none where the environment keeps none.
    #[must_use]
    pub(super) fn register(&self) -> Option<Register> {
        Register::of(&self.environment, &self.ledger.workspace())
    }
}

/// A line that was written whole.
struct Line<'c> {
    text: &'c [u8],
    /// Byte behind its line feed.
    end: usize,
}

/// The lines up to the torn one at the end, if there is one: it lacks its line feed, or parts of
/// it were lost with the power and it is no JSON. A line before the last is never taken for torn.
fn lines(content: &[u8]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut from = 0;
    for piece in content.split_inclusive(|byte| *byte == b'\n') {
        let end = from + piece.len();
        if let Some(text) = piece.strip_suffix(b"\n") {
            lines.push(Line { text, end });
        }
        from = end;
    }
    let is_json =
        |line: &Line<'_>| serde_json::from_slice::<serde::de::IgnoredAny>(line.text).is_ok();
    // Where bytes follow the last line feed they are the torn ones.
    let ends_whole = lines.last().is_some_and(|line| line.end == content.len());
    if ends_whole && lines.last().is_some_and(|last| !is_json(last)) {
        lines.pop();
    }
    lines
}

pub(super) fn read_whole(file: &dyn ledger::ports::files::OpenFile) -> io::Result<Vec<u8>> {
    let length = usize::try_from(file.length()?).map_err(io::Error::other)?;
    let mut content = vec![0; length];
    let read = file.read_at(&mut content, 0)?;
    content.truncate(read);
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::ports::simulated_files::{Fault, SimulatedFiles};

    fn register(files: &SimulatedFiles) -> Register {
        Register { files: Arc::new(files.clone()), folder: PathBuf::from("/data/register/00ff") }
    }

    fn file() -> &'static Path {
        Path::new("/data/register/00ff/erasures.jsonl")
    }

    fn backup(number: u64) -> BackupNote {
        BackupNote {
            id: format!("{number:032x}"),
            path: format!("/backups/{number}.steward-backup"),
            at: Timestamp::from_second(1_800_000_000).unwrap(),
            by: "kim".to_owned(),
            up_to: Sequence(number),
            hash: "0f".repeat(32),
            base: (number > 1).then(|| format!("{:032x}", number - 1)),
            bytes: 100 * number,
            in_row: false,
        }
    }

    #[test]
    fn what_is_noted_is_found_in_its_order() {
        let files = SimulatedFiles::new();
        let register = register(&files);
        assert_eq!(register.backups().unwrap(), Notes { notes: vec![], torn: false });
        for number in 1..=3 {
            register.note_backup(&backup(number)).unwrap();
            register.note_erasure(&format!("line\n{number}")).unwrap();
        }
        assert_eq!(register.backups().unwrap().notes, [backup(1), backup(2), backup(3)]);
        let erasures = register.erasures::<String>().unwrap();
        assert_eq!(erasures.notes, ["line\n1", "line\n2", "line\n3"]);
    }

    #[test]
    fn a_torn_last_line_is_ignored_said_and_overwritten() {
        for torn in ["\"tw", "\"two\"", "\0\0\0\0", "\0\0\"\n", "\"t\0\0\"\n"] {
            let files = SimulatedFiles::new();
            files.plant(file(), format!("\"one\"\n{torn}").as_bytes());
            let register = register(&files);
            let notes = Notes { notes: vec!["one".to_owned()], torn: true };
            assert_eq!(register.erasures::<String>().unwrap(), notes, "{torn:?}");
            register.note_erasure(&"next").unwrap();
            let notes = ["one".to_owned(), "next".to_owned()].into();
            assert_eq!(register.erasures().unwrap(), Notes { notes, torn: false }, "{torn:?}");
        }
    }

    #[test]
    fn a_damaged_line_before_others_is_named_and_not_its_text() {
        let files = SimulatedFiles::new();
        files.plant(file(), b"\"one\"\nsecret\n\"three\"\n");
        let error = register(&files).erasures::<String>().unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("erasures.jsonl"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn a_register_that_stays_locked_says_by_whom() {
        let files = SimulatedFiles::new();
        let register = register(&files);
        let held = files.try_lock(&register.folder.join(LOCK), "process 7").unwrap();
        let error = register.note_erasure(&"one").unwrap_err().to_string();
        assert!(error.contains("held by process 7"), "{error}");
        drop(held);
        register.note_erasure(&"one").unwrap();
        assert_eq!(register.erasures::<String>().unwrap().notes, ["one"]);
    }

    #[test]
    fn whatever_call_goes_wrong_what_was_acknowledged_stays() {
        let work = |files: &SimulatedFiles| -> Vec<String> {
            let names = ["one", "two", "three"].map(str::to_owned);
            let register = register(files);
            names.into_iter().filter(|name| register.note_erasure(name).is_ok()).collect()
        };
        let counting = SimulatedFiles::new();
        assert_eq!(work(&counting).len(), 3);
        for fault in [Fault::Fail, Fault::Tear, Fault::FailAfter, Fault::PowerOff] {
            for call in 0..counting.calls() {
                let files = SimulatedFiles::new().with_fault(call, fault);
                let acknowledged = work(&files);
                for seed in 0..6 {
                    let disk = files.crash(seed);
                    let found = register(&disk).erasures::<String>().unwrap().notes;
                    let context = format!("{fault:?} at call {call}, seed {seed}: {found:?}");
                    let is_there = |name| found.contains(name);
                    assert!(acknowledged.iter().all(is_there), "{context}");
                    register(&disk).note_erasure(&"four").unwrap();
                    let after = register(&disk).erasures::<String>().unwrap();
                    assert_eq!(after.notes.len(), found.len() + 1, "{context}");
                }
            }
        }
    }
}
