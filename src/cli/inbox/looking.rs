//! What lies in an inbox, and what of it rests.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Context;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use door::{Failure, FailureClass};

/// What was seen in the last look; beside the files, so that looks of their own follow one another.
const SEEN: &str = ".steward-inbox.json";
/// Held by whoever takes files out of the folder.
const LOCK: &str = ".steward-inbox.lock";
/// The end of the name of a file that says that another is whole.
pub(super) const DONE: &str = ".done";
/// Ends of names of files that SQLite keeps beside a database and that hold what it lacks.
pub(super) const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];
/// Ends of names of files that are still being written.
const UNFINISHED: [&str; 4] = [".tmp", ".part", ".partial", ".filepart"];

/// Size and time of a file: the same in two looks, and nobody writes into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Size {
    bytes: u64,
    /// Nanoseconds since 1970.
    changed: u64,
}

impl Size {
    fn of(metadata: &Metadata) -> io::Result<Size> {
        let since = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let changed = u64::try_from(since.as_nanos()).unwrap_or(u64::MAX);
        Ok(Size { bytes: metadata.len(), changed })
    }
}

/// A file that is to be taken.
pub(super) struct Found {
    /// Its name.
    pub(super) name: String,
    size: Size,
}

/// What a look saw, each by name.
pub(super) struct Looked {
    /// Files that rest, the oldest first.
    pub(super) ready: Vec<Found>,
    /// Files that may still be written.
    pub(super) waiting: Vec<String>,
    /// What a file with `.done` at its end says is whole, and is no plain file.
    pub(super) no_files: Vec<String>,
    /// Files with `.done` at their ends beside which the file they speak of does not lie.
    pub(super) no_longer: Vec<String>,
}

/// A folder that files are taken out of, by nobody else.
pub(super) struct Inbox {
    folder: PathBuf,
    seen: BTreeMap<String, Size>,
    /// None where nothing is written.
    lock: Option<File>,
}

impl Inbox {
    /// The inbox in a folder; only to be looked at, if so.
    ///
    /// # Errors
    /// When it is no folder, or another process takes files out of it.
    pub(super) fn open(folder: &Path, only_looks: bool) -> anyhow::Result<Inbox> {
        let named = || format!("the inbox {}", folder.display());
        if !fs::metadata(folder).with_context(named)?.is_dir() {
            anyhow::bail!("{} is not a folder", folder.display());
        }
        let lock = if only_looks { None } else { Some(lock(folder)?) };
        let text = fs::read(folder.join(SEEN)).unwrap_or_default();
        // What cannot be read was not seen: every file waits for a look more.
        let seen = serde_json::from_slice(&text).unwrap_or_default();
        Ok(Inbox { folder: folder.to_owned(), seen, lock })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a file lies.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Looks into the folder.
    ///
    /// # Errors
    /// When it cannot be read, or what was seen cannot be noted.
    pub(super) fn look(&mut self) -> anyhow::Result<Looked> {
        let named = || format!("looking into {}", self.folder.display());
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).with_context(named)? {
            // A name that is no text cannot be written into a verdict.
            names.extend(entry.with_context(named)?.file_name().into_string());
        }
        let mut seen = BTreeMap::new();
        let is_alone = |name: &&String| {
            name.strip_suffix(DONE)
                .is_some_and(|of| is_delivered(of) && !names.iter().any(|name| name == of))
        };
        let mut no_longer: Vec<String> = names.iter().filter(is_alone).cloned().collect();
        no_longer.sort_unstable();
        let (ready, waiting, no_files) = (Vec::new(), Vec::new(), Vec::new());
        let mut looked = Looked { ready, waiting, no_files, no_longer };
        for name in names.iter().filter(|name| is_delivered(name)) {
            let is_whole = names.iter().any(|other| other.strip_suffix(DONE) == Some(name));
            let Some(size) = size_of(&self.path(name)).with_context(named)? else {
                looked.no_files.extend(is_whole.then(|| name.clone()));
                continue;
            };
            seen.insert(name.clone(), size);
            if is_whole || self.seen.get(name) == Some(&size) {
                looked.ready.push(Found { name: name.clone(), size });
            } else {
                looked.waiting.push(name.clone());
            }
        }
        looked.ready.sort_by(|a, b| (a.size.changed, &a.name).cmp(&(b.size.changed, &b.name)));
        looked.waiting.sort_unstable();
        looked.no_files.sort_unstable();
        if self.lock.is_some() && seen != self.seen {
            fs::write(self.folder.join(SEEN), serde_json::to_vec(&seen)?).with_context(named)?;
        }
        self.seen = seen;
        Ok(looked)
    }

    /// Whether a file is still what was taken.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub(super) fn is_as_found(&self, found: &Found) -> io::Result<bool> {
        Ok(size_of(&self.path(&found.name))? == Some(found.size))
    }
}

/// The size of a file with what SQLite keeps beside it; none where there is none of that name, or no
/// plain file.
fn size_of(path: &Path) -> io::Result<Option<Size>> {
    let Some(mut size) = size_alone(path)? else { return Ok(None) };
    // Reading a database makes and changes an index of its log, `-shm`: that is no news.
    for end in BESIDE.iter().filter(|end| **end != "-shm") {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        if let Some(log) = size_alone(Path::new(&name))?.filter(|log| log.bytes > 0) {
            size.bytes += log.bytes;
            size.changed = size.changed.max(log.changed);
        }
    }
    Ok(Some(size))
}

fn size_alone(path: &Path) -> io::Result<Option<Size>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Size::of(&metadata).map(Some),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a name is that of a file that somebody delivers.
fn is_delivered(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    !name.starts_with('.')
        && !name.ends_with(DONE)
        && !UNFINISHED.iter().chain(&BESIDE).any(|end| small.ends_with(end))
}

fn lock(folder: &Path) -> anyhow::Result<File> {
    let named = || format!("the inbox {}", folder.display());
    let file = File::options().create(true).append(true).open(folder.join(LOCK));
    let file = file.with_context(named)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(Errno::WOULDBLOCK) => {
            let why = format!("another steward is taking files from {}", folder.display());
            Err(Failure::new(FailureClass::Held, why).into())
        }
        Err(error) => Err(io::Error::from(error)).with_context(named),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(looked: &Looked) -> (Vec<&str>, Vec<&str>) {
        let ready = looked.ready.iter().map(|found| found.name.as_str()).collect();
        (ready, looked.waiting.iter().map(String::as_str).collect())
    }

    #[test]
    fn a_file_is_taken_when_it_rests_or_is_said_to_be_whole() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("b.csv", "id\n");
        for left_alone in [".hidden", "x.csv.part", "y.TMP", "z.csv.done", "w.db-wal", "w.db-shm"] {
            put(left_alone, "id\n");
        }
        fs::create_dir(folder.path().join("done")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("link.csv")).unwrap();
        let mut inbox = Inbox::open(folder.path(), false).unwrap();
        let looked = inbox.look().unwrap();
        assert_eq!(names(&looked), (vec![], vec!["b.csv"]));
        assert_eq!(looked.no_longer, ["z.csv.done"], "somebody waits for what it speaks of");
        put("b.csv", "id\n1\n");
        put("a.csv", "id\n");
        assert_eq!(names(&inbox.look().unwrap()), (vec![], vec!["a.csv", "b.csv"]));
        put("a.csv.done", "");
        put("link.csv.done", "");
        put("b.csv", "id\n1\n2\n");
        let looked = inbox.look().unwrap();
        assert_eq!(names(&looked), (vec!["a.csv"], vec!["b.csv"]));
        assert_eq!(looked.no_files, ["link.csv"], "whoever put it there waits for it");
        drop(inbox);
        // Another process takes up where that one ended.
        let mut inbox = Inbox::open(folder.path(), false).unwrap();
        let looked = inbox.look().unwrap();
        let (mut ready, waiting) = names(&looked);
        ready.sort_unstable();
        assert_eq!((ready, waiting), (vec!["a.csv", "b.csv"], vec![]));
        let found = looked.ready.iter().find(|found| found.name == "b.csv").unwrap();
        assert!(inbox.is_as_found(found).unwrap());
        put("b.csv", "");
        assert!(!inbox.is_as_found(found).unwrap());
        fs::remove_file(inbox.path("b.csv")).unwrap();
        assert!(!inbox.is_as_found(found).unwrap());
    }

    #[test]
    fn one_takes_files_out_of_a_folder_and_anybody_looks() {
        let folder = tempfile::tempdir().unwrap();
        let _first = Inbox::open(folder.path(), false).unwrap();
        let second = Inbox::open(folder.path(), false).err().unwrap().to_string();
        assert!(second.starts_with("another steward is taking files from"), "{second}");
        assert!(Inbox::open(folder.path(), true).is_ok());
        fs::write(folder.path().join(SEEN), "no JSON").unwrap();
        assert!(Inbox::open(folder.path(), true).unwrap().look().is_ok());
        assert!(Inbox::open(&folder.path().join("a.csv"), true).is_err());
    }
}
