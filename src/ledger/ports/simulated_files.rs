//! A disk in memory that fails, tears and loses power on request.
//!
//! It keeps what a real one keeps: for every file the content as it reads now and the content
//! that is durable, and in between the writes that were not synced; the same for names in
//! folders. [`SimulatedFiles::crash`] gives the disk as a machine finds it after power came back:
//! what was synced, plus any subset of the 4 KiB pages and names that were not.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::files::{Access, Files, Lock, LockGuard, OpenFile};
use super::own::NotOwn;

/// What goes wrong at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The call fails and does nothing. A failed sync also forgets the writes it was to make
    /// durable, as Linux does: they still read back, and no later sync saves them.
    Fail,
    /// A write does its first half and fails; every other call fails as with [`Fault::Fail`].
    Tear,
    /// A write, rename or sync is done and says that it failed, as on a network's disk; every
    /// other call fails as with [`Fault::Fail`].
    FailAfter,
    /// The call and all after it fail. A write lands, un-synced, before the power goes.
    PowerOff,
}

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Default)]
pub struct SimulatedFiles(Arc<Mutex<Disk>>);

#[derive(Default)]
struct Disk {
    inodes: Vec<Inode>,
    names: Names,
    durable_names: Names,
    unsynced_names: Vec<NameChange>,
    locks: BTreeMap<PathBuf, String>,
    calls: u64,
    faults: BTreeMap<u64, Fault>,
    interrupted: Option<(u64, fn())>,
    off: bool,
    full: bool,
    looked_at: bool,
}

type Names = BTreeMap<PathBuf, Node>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Folder,
    File(usize),
}

#[derive(Default, Clone)]
struct Inode {
    content: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<ContentChange>,
}

#[derive(Clone)]
enum ContentChange {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate(usize),
}

#[derive(Clone)]
enum NameChange {
    Add(PathBuf, Node),
    Remove(PathBuf),
    Rename(PathBuf, PathBuf, Node),
}

const PAGE: usize = 4096;

impl SimulatedFiles {
    /// An empty disk without faults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the call with that number go wrong; calls are counted from 0 over the disk's life.
    #[must_use]
    pub fn with_fault(self, call: u64, fault: Fault) -> Self {
        self.disk().faults.insert(call, fault);
        self
    }

    /// Before the call with that number `act` is called: it may panic, as code with a fault does.
    pub fn interrupt(&self, call: u64, act: fn()) {
        self.disk().interrupted = Some((call, act));
    }

    /// How many calls were made.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.disk().calls
    }

    /// The disk after power was lost now: locks gone, everything synced there, and of the rest
    /// whatever `seed` picks, page by page.
    #[must_use]
    pub fn crash(&self, seed: u64) -> SimulatedFiles {
        let mut chance = ChaCha20Rng::seed_from_u64(seed);
        let disk = self.disk();
        let inodes = disk.inodes.iter().map(|inode| inode.after_crash(&mut chance)).collect();
        let mut names = disk.durable_names.clone();
        for change in &disk.unsynced_names {
            if chance.random() {
                change.apply(&mut names);
            }
        }
        // What is in a folder whose own name was lost is out of reach for good.
        let folders = |path: &Path| disk.names.get(path) == Some(&Node::Folder);
        let all = names.clone();
        names.retain(|path, _| {
            path.ancestors().skip(1).all(|above| !folders(above) || all.contains_key(above))
        });
        SimulatedFiles(Arc::new(Mutex::new(Disk {
            inodes,
            durable_names: names.clone(),
            names,
            ..Disk::default()
        })))
    }

    /// The disk as the next process finds it once this one was killed: locks gone, every call that was made
    /// in effect, synced or not. The power was not lost.
    #[must_use]
    pub fn killed(&self) -> SimulatedFiles {
        let disk = self.disk();
        SimulatedFiles(Arc::new(Mutex::new(Disk {
            inodes: disk.inodes.clone(),
            names: disk.names.clone(),
            durable_names: disk.durable_names.clone(),
            unsynced_names: disk.unsynced_names.clone(),
            ..Disk::default()
        })))
    }

    /// From here on nothing goes wrong that was to: there is power, and there is room.
    pub fn mend(&self) {
        let mut disk = self.disk();
        (disk.faults, disk.off, disk.full) = (BTreeMap::new(), false, false);
    }

    /// While a test looks at what is there, no call is counted and none goes wrong.
    pub fn look_at(&self, looked_at: bool) {
        self.disk().looked_at = looked_at;
    }

    /// Whether the power is off, see [`Fault::PowerOff`].
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.disk().off
    }

    /// Another disk, with what lies in a folder now in another one, durable.
    #[must_use]
    pub fn copied(&self, from: &Path, to: &Path) -> SimulatedFiles {
        let disk = self.disk();
        let mut copy = Disk::default();
        for (path, node) in &disk.names {
            let Ok(inside) = path.strip_prefix(from) else { continue };
            let path = if inside.as_os_str().is_empty() { to.to_owned() } else { to.join(inside) };
            let node = match node {
                Node::Folder => Node::Folder,
                Node::File(inode) => {
                    let content = disk.inodes[*inode].content.clone();
                    let durable = content.clone();
                    copy.inodes.push(Inode { content, durable, unsynced: Vec::new() });
                    Node::File(copy.inodes.len() - 1)
                }
            };
            copy.names.insert(path, node);
        }
        copy.durable_names = copy.names.clone();
        SimulatedFiles(Arc::new(Mutex::new(copy)))
    }

    /// From here on nothing more can be written; what is there can be read.
    pub fn fill(&self) {
        self.disk().full = true;
    }

    /// The bytes of a file as it reads now; none when there is no such file.
    #[must_use]
    pub fn content(&self, path: &Path) -> Option<Vec<u8>> {
        let disk = self.disk();
        match disk.names.get(path) {
            Some(Node::File(inode)) => Some(disk.inodes[*inode].content.clone()),
            _ => None,
        }
    }

    /// Puts a file there, durable, replacing what had its name: a disk in any state a test needs.
    pub fn plant(&self, path: &Path, content: &[u8]) {
        let mut disk = self.disk();
        let node = Node::File(disk.inodes.len());
        let content = content.to_vec();
        disk.inodes.push(Inode { durable: content.clone(), content, unsynced: Vec::new() });
        disk.names.insert(path.to_owned(), node);
        disk.durable_names.insert(path.to_owned(), node);
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk {
    /// Counts a call and says whether it goes wrong.
    fn call(&mut self) -> Result<Option<Fault>, io::Error> {
        if self.looked_at {
            return Ok(None);
        }
        let number = self.calls;
        self.calls += 1;
        if self.off {
            return Err(io::Error::other("simulated: the power is off"));
        }
        if let Some((_, act)) = self.interrupted.filter(|(at, _)| *at == number) {
            act();
        }
        let fault = self.faults.get(&number).copied();
        self.off = fault == Some(Fault::PowerOff);
        Ok(fault)
    }

    /// Counts a call that can only succeed or fail whole.
    fn plain_call(&mut self) -> io::Result<()> {
        match self.call()? {
            None => Ok(()),
            Some(_) => Err(failed()),
        }
    }

    fn change_names(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.unsynced_names.push(change);
    }

    fn node(&self, path: &Path) -> io::Result<Node> {
        self.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn failed() -> io::Error {
    io::Error::new(io::ErrorKind::StorageFull, "simulated: the disk is full")
}

impl NameChange {
    fn apply(&self, names: &mut Names) {
        match self {
            NameChange::Add(path, node) => {
                names.insert(path.clone(), *node);
            }
            NameChange::Remove(path) => {
                names.remove(path);
            }
            NameChange::Rename(from, to, node) => {
                names.remove(from);
                names.insert(to.clone(), *node);
            }
        }
    }

    fn folder(&self) -> Option<&Path> {
        match self {
            NameChange::Add(path, _)
            | NameChange::Remove(path)
            | NameChange::Rename(_, path, _) => path.parent(),
        }
    }
}

impl ContentChange {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            ContentChange::Write { offset, bytes } => {
                let end = offset + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*offset..end].copy_from_slice(bytes);
            }
            ContentChange::Truncate(length) => content.resize(*length, 0),
        }
    }
}

impl Inode {
    fn change(&mut self, change: ContentChange) {
        change.apply(&mut self.content);
        self.unsynced.push(change);
    }

    fn after_crash(&self, chance: &mut ChaCha20Rng) -> Inode {
        let mut content = self.durable.clone();
        for change in &self.unsynced {
            match change {
                ContentChange::Truncate(_) => {
                    if chance.random() {
                        change.apply(&mut content);
                    }
                }
                ContentChange::Write { offset, bytes } => {
                    write_some_pages(&mut content, *offset, bytes, chance);
                }
            }
        }
        Inode { durable: content.clone(), content, unsynced: Vec::new() }
    }
}

/// Writes a random subset of the pages that a write touches; now and then half a page. A page
/// that is lost may still have lengthened the file, with zeros.
fn write_some_pages(content: &mut Vec<u8>, offset: usize, bytes: &[u8], chance: &mut ChaCha20Rng) {
    let mut done = 0;
    while done < bytes.len() {
        let at = offset + done;
        let room = PAGE - at % PAGE;
        let piece = &bytes[done..(done + room).min(bytes.len())];
        let (kept, lengthened) = match chance.next_u32() % 8 {
            0..=3 => (piece.len(), true),
            4 => (piece.len() / 2, false),
            5 => (0, true),
            _ => (0, false),
        };
        if lengthened && content.len() < at + piece.len() {
            content.resize(at + piece.len(), 0);
        }
        if kept > 0 {
            ContentChange::Write { offset: at, bytes: piece[..kept].to_vec() }.apply(content);
        }
        done += piece.len();
    }
}

impl Files for SimulatedFiles {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        disk.plain_call()?;
        match disk.names.get(path) {
            Some(Node::Folder) => {}
            Some(Node::File(_)) => return Err(io::ErrorKind::AlreadyExists.into()),
            // A disk's root is in no folder that could lose it.
            None if path.parent().is_none() => {
                disk.names.insert(path.to_owned(), Node::Folder);
                disk.durable_names.insert(path.to_owned(), Node::Folder);
            }
            None => disk.change_names(NameChange::Add(path.to_owned(), Node::Folder)),
        }
        Ok(())
    }

    fn must_be_folder(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        disk.plain_call()?;
        match disk.node(path)? {
            Node::Folder => Ok(()),
            Node::File(_) => Err(NotOwn::NotAFolder("a file").into()),
        }
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>> {
        let mut disk = self.disk();
        disk.plain_call()?;
        let creates = access.creates();
        let inode = match disk.node(path) {
            Ok(_) if creates => return Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) if creates => {
                let inode = disk.inodes.len();
                disk.inodes.push(Inode::default());
                disk.change_names(NameChange::Add(path.to_owned(), Node::File(inode)));
                inode
            }
            Ok(Node::File(inode)) => inode,
            Ok(Node::Folder) => return Err(NotOwn::NotAFile("a folder").into()),
            Err(error) => return Err(error),
        };
        let held = (access == Access::CreateHeld).then(|| {
            disk.locks.insert(path.to_owned(), String::new());
            HeldLock { files: self.clone(), path: path.to_owned() }
        });
        Ok(Box::new(SimulatedFile { files: self.clone(), inode, access, _held: held }))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut disk = self.disk();
        disk.plain_call()?;
        if disk.node(folder)? != Node::Folder {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let inside = disk.names.keys().filter(|path| path.parent() == Some(folder));
        Ok(inside
            .filter_map(|path| path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        let fault = disk.call()?;
        let node = disk.node(from)?;
        if matches!(fault, None | Some(Fault::FailAfter)) {
            disk.change_names(NameChange::Rename(from.to_owned(), to.to_owned(), node));
        }
        if fault.is_some() { Err(failed()) } else { Ok(()) }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        disk.plain_call()?;
        disk.node(path)?;
        disk.change_names(NameChange::Remove(path.to_owned()));
        Ok(())
    }

    fn remove_left(&self, path: &Path) -> io::Result<bool> {
        let mut disk = self.disk();
        disk.plain_call()?;
        disk.node(path)?;
        let is_left = !disk.locks.contains_key(path);
        if is_left {
            disk.change_names(NameChange::Remove(path.to_owned()));
        }
        Ok(is_left)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        let fault = disk.call()?;
        let changes = std::mem::take(&mut disk.unsynced_names);
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(|change| change.folder() == Some(folder));
        disk.unsynced_names = elsewhere;
        match fault {
            None | Some(Fault::FailAfter) => {
                here.iter().for_each(|change| change.apply(&mut disk.durable_names));
                if fault.is_some() { Err(failed()) } else { Ok(()) }
            }
            Some(_) => {
                disk.unsynced_names.extend(here);
                Err(failed())
            }
        }
    }

    fn try_lock(&self, path: &Path, holder: &str) -> io::Result<Lock> {
        let mut disk = self.disk();
        disk.plain_call()?;
        if let Some(holder) = disk.locks.get(path) {
            return Ok(Lock::HeldBy(holder.clone()));
        }
        if disk.node(path).is_err() {
            let inode = disk.inodes.len();
            disk.inodes.push(Inode::default());
            disk.change_names(NameChange::Add(path.to_owned(), Node::File(inode)));
        }
        disk.locks.insert(path.to_owned(), holder.to_owned());
        Ok(Lock::Taken(LockGuard::new(HeldLock { files: self.clone(), path: path.to_owned() })))
    }
}

struct HeldLock {
    files: SimulatedFiles,
    path: PathBuf,
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        self.files.disk().locks.remove(&self.path);
    }
}

struct SimulatedFile {
    files: SimulatedFiles,
    inode: usize,
    access: Access,
    /// Released after the file is let go of.
    _held: Option<HeldLock>,
}

impl SimulatedFile {
    fn writable(&self) -> io::Result<()> {
        if !self.access.writes() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(())
    }
}

impl OpenFile for SimulatedFile {
    fn length(&self) -> io::Result<u64> {
        let mut disk = self.files.disk();
        disk.plain_call()?;
        Ok(disk.inodes[self.inode].content.len() as u64)
    }

    /// Tells by the content itself. It does not count as a call.
    fn changed(&self) -> io::Result<i64> {
        let disk = self.files.disk();
        let hash = blake3::hash(&disk.inodes[self.inode].content);
        Ok(hash.as_bytes().first_chunk().map_or(0, |bytes| i64::from_le_bytes(*bytes)))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut disk = self.files.disk();
        disk.plain_call()?;
        let content = &disk.inodes[self.inode].content;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(content.len());
        let end = (start + buffer.len()).min(content.len());
        buffer[..end - start].copy_from_slice(&content[start..end]);
        Ok(end - start)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.writable()?;
        let mut disk = self.files.disk();
        let fault = disk.call()?;
        let fault = fault.or(disk.full.then_some(Fault::Fail));
        let offset = usize::try_from(offset).map_err(io::Error::other)?;
        let written = match fault {
            None | Some(Fault::PowerOff | Fault::FailAfter) => bytes,
            Some(Fault::Tear) => &bytes[..bytes.len() / 2],
            Some(Fault::Fail) => &[],
        };
        let change = ContentChange::Write { offset, bytes: written.to_vec() };
        if !written.is_empty() {
            disk.inodes[self.inode].change(change);
        }
        if fault.is_some() { Err(failed()) } else { Ok(()) }
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.writable()?;
        let mut disk = self.files.disk();
        disk.plain_call()?;
        let length = usize::try_from(length).map_err(io::Error::other)?;
        disk.inodes[self.inode].change(ContentChange::Truncate(length));
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut disk = self.files.disk();
        let fault = disk.call()?;
        let inode = &mut disk.inodes[self.inode];
        match fault {
            None | Some(Fault::FailAfter) => {
                for change in std::mem::take(&mut inode.unsynced) {
                    change.apply(&mut inode.durable);
                }
                if fault.is_some() { Err(failed()) } else { Ok(()) }
            }
            Some(Fault::PowerOff) => Err(failed()),
            Some(Fault::Fail | Fault::Tear) => {
                inode.unsynced.clear();
                Err(failed())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> PathBuf {
        Path::new("/disk").join(name)
    }

    fn disk_with(name: &str, content: &[u8]) -> SimulatedFiles {
        let files = SimulatedFiles::new();
        files.create_folder(Path::new("/disk")).unwrap();
        files.sync_folder(Path::new("/")).unwrap();
        files.plant(&path(name), content);
        files
    }

    #[test]
    fn a_crash_keeps_what_was_synced_and_any_subset_of_pages_that_were_not() {
        let files = disk_with("a", &[1; PAGE]);
        let file = files.open(&path("a"), Access::Write).unwrap();
        file.write_at(&[2; PAGE], 0).unwrap();
        file.sync().unwrap();
        file.write_at(&[3; 2 * PAGE], 0).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..64 {
            let content = files.crash(seed).content(&path("a")).unwrap();
            assert!(content.len() >= PAGE);
            assert!(!content.contains(&1), "a synced write was lost");
            seen.insert((content[0], content.get(PAGE).copied()));
        }
        for expected in [(2, None), (2, Some(0)), (2, Some(3)), (3, None), (3, Some(3))] {
            assert!(seen.contains(&expected), "{expected:?} never happened");
        }
    }

    #[test]
    fn a_killed_process_leaves_what_it_wrote_and_the_power_may_still_go() {
        let files = disk_with("a", b"old");
        let _held = files.try_lock(&path("lock"), "kim").unwrap();
        let file = files.open(&path("a"), Access::Write).unwrap();
        file.write_at(b"new", 0).unwrap();
        let next = files.calls();
        let files = files.with_fault(next, Fault::PowerOff);
        assert!(file.sync().is_err() && files.is_off());
        let left = files.killed();
        assert!(!left.is_off());
        assert_eq!(left.content(&path("a")).unwrap(), b"new");
        assert!(matches!(left.try_lock(&path("lock"), "sam").unwrap(), Lock::Taken(_)));
        assert!((0..32).any(|seed| left.crash(seed).content(&path("a")).unwrap() == b"old"));
    }

    #[test]
    fn a_name_is_durable_after_its_folder_was_synced() {
        let files = disk_with("a", b"x");
        files.rename(&path("a"), &path("b")).unwrap();
        let names = |files: &SimulatedFiles| files.list(Path::new("/disk")).unwrap();
        let after: std::collections::BTreeSet<_> =
            (0..32).map(|seed| names(&files.crash(seed))).collect();
        assert_eq!(after.len(), 2, "before the sync either name may be found: {after:?}");
        files.sync_folder(Path::new("/disk")).unwrap();
        assert!((0..32).all(|seed| names(&files.crash(seed)) == ["b"]));
    }

    #[test]
    fn faults_happen_at_their_call() {
        let files = disk_with("a", b"");
        let next = files.calls();
        let files = files
            .with_fault(next + 1, Fault::Tear)
            .with_fault(next + 3, Fault::Fail)
            .with_fault(next + 5, Fault::PowerOff);
        let file = files.open(&path("a"), Access::Write).unwrap();
        assert!(file.write_at(b"abcd", 0).is_err());
        assert_eq!(files.content(&path("a")).unwrap(), b"ab");
        file.truncate(0).unwrap();
        assert!(file.sync().is_err());
        file.sync().unwrap();
        assert_eq!(
            files.crash(0).content(&path("a")).unwrap(),
            b"",
            "forgotten by the failed sync"
        );
        assert!(file.write_at(b"z", 0).is_err());
        assert!(file.length().is_err(), "no call succeeds after the power went off");
    }

    #[test]
    fn a_lock_is_held_once() {
        let files = disk_with("a", b"");
        let guard = files.try_lock(&path("lock"), "kim").unwrap();
        assert!(matches!(files.try_lock(&path("lock"), "sam").unwrap(),
            Lock::HeldBy(holder) if holder == "kim"));
        drop(guard);
        assert!(matches!(files.try_lock(&path("lock"), "sam").unwrap(), Lock::Taken(_)));
    }
}
