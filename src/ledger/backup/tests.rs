//! Backups on simulated disks: what is restored is what was there, whatever goes wrong and
//! whatever others do meanwhile; nothing half-done passes for whole.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::super::samples::{at, cipher, create, events, folder, ledger_of, open, record};
use super::super::segment::{self, SEGMENT_HEADER_LENGTH, SegmentHeader};
use super::super::{Ledger, verify};
use super::*;
use crate::ports::Files;
use crate::ports::files::{Access, Lock, OpenFile};
use crate::ports::simulated_files::{Fault, SimulatedFiles};

const COMMITS: u64 = 9;

fn target() -> &'static Path {
    Path::new("/restored/.steward")
}

fn path(name: &str) -> PathBuf {
    Path::new("/backups").join(name)
}

fn back_up(files: &dyn Files, name: &str, base: Option<&str>) -> Result<(usize, u64), BackupError> {
    let base = base.map(|base| BackupFile::open(files, &path(base))).transpose()?;
    let snapshot = Snapshot::take(files, folder(), base.as_ref())?;
    let id = *blake3::hash(name.as_bytes()).as_bytes().first_chunk().unwrap();
    let unfinished = snapshot.write(files, &path(name), id, 5, &mut |_, _| true)?;
    unfinished.finish(false)?;
    Ok((snapshot.copied(), snapshot.bytes()))
}

fn chain(files: &dyn Files, name: &str, bases: &[&str]) -> Result<Chain, BackupError> {
    let bases: Vec<PathBuf> = bases.iter().map(|base| path(base)).collect();
    Chain::open(files, &path(name), &bases, &|_, _| None)
}

fn restore(files: &dyn Files, name: &str, bases: &[&str]) -> Result<Chain, BackupError> {
    let chain = chain(files, name, bases)?;
    chain.verify(&mut |_, _| true)?;
    chain.restore(files, target(), &mut |_, _| true)?;
    Ok(chain)
}

/// Every segment's bytes.
fn segments(files: &SimulatedFiles, folder: &Path) -> BTreeMap<u32, Vec<u8>> {
    let numbers = segment::numbers(files, folder).unwrap();
    let content = |number| (number, files.content(&segment::path(folder, number)).unwrap());
    numbers.into_iter().map(content).collect()
}

fn append(ledger: &mut Ledger, numbers: impl IntoIterator<Item = u64>) {
    for number in numbers {
        ledger.append(at(number as i64), "kim", &events(number)).unwrap();
    }
}

/// Gives a segment the next generation, as a rewriting does.
fn rewrite(files: &SimulatedFiles, number: u32) {
    let path = segment::path(folder(), number);
    let mut bytes = files.content(&path).unwrap();
    let header = SegmentHeader::decode(&bytes).unwrap();
    let header = SegmentHeader { generation: header.generation + 1, ..header };
    bytes[..SEGMENT_HEADER_LENGTH].copy_from_slice(&header.encode());
    let new = path.with_extension("new");
    let file = files.open(&new, Access::CreateNew).unwrap();
    file.write_at(&bytes, 0).unwrap();
    file.sync().unwrap();
    files.rename(&new, &path).unwrap();
}

#[track_caller]
fn check_restored(files: &SimulatedFiles) {
    assert_eq!(segments(files, target()), segments(files, folder()));
    let report = verify(files, target(), &*cipher(1), &mut |_, _| {}, None).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[test]
fn what_is_restored_is_what_was_backed_up() {
    let (files, ledger) = ledger_of(COMMITS);
    files.plant(&folder().join("keys"), b"wrapped keys");
    files.plant(&folder().join("keys.copy"), b"wrapped keys, the copy");
    let (copied, bytes) = back_up(&files, "a", None).unwrap();
    assert!(copied > 2, "several segments");
    assert_eq!(files.content(&path("a")).unwrap().len() as u64, bytes);
    let chain = restore(&files, "a", &[]).unwrap();
    assert_eq!(Some(chain.newest().head()), ledger.head().map(Into::into));
    check_restored(&files);
    for name in KEYS {
        assert_eq!(files.content(&target().join(name)), files.content(&folder().join(name)));
    }
}

#[test]
fn a_ledger_without_commits_is_backed_up_too() {
    let files = SimulatedFiles::new();
    drop(create(&files).unwrap());
    back_up(&files, "a", None).unwrap();
    restore(&files, "a", &[]).unwrap();
    check_restored(&files);
}

#[test]
fn an_incremental_backup_holds_only_what_is_new_and_restores_with_its_bases() {
    let (files, mut ledger) = ledger_of(2);
    let (_, first) = back_up(&files, "a", None).unwrap();
    append(&mut ledger, 3..=12);
    back_up(&files, "b", Some("a")).unwrap();
    append(&mut ledger, 13..=20);
    rewrite(&files, 1);
    let (_, whole) = back_up(&files, "whole", None).unwrap();
    let (copied, third) = back_up(&files, "c", Some("b")).unwrap();
    assert!(third < whole && copied < segments(&files, folder()).len());
    assert!(third > first / 2, "the rewritten segment is in it");
    restore(&files, "c", &["a", "b"]).unwrap();
    check_restored(&files);
    let (copied, _) = back_up(&files, "d", Some("c")).unwrap();
    assert_eq!(copied, 0, "nothing is new");
    restore(&files, "d", &["c", "b", "a"]).unwrap();
    check_restored(&files);
}

#[test]
fn each_wrong_set_of_files_is_told_by_its_own_error() {
    let (files, mut ledger) = ledger_of(4);
    back_up(&files, "a", None).unwrap();
    back_up(&files, "other", None).unwrap();
    append(&mut ledger, 5..=7);
    back_up(&files, "b", Some("a")).unwrap();
    let refused = |bases: &[&str]| restore(&files, "b", bases).err().unwrap();
    assert!(matches!(refused(&[]), BackupError::BaseMissing { .. }));
    assert!(matches!(refused(&["other"]), BackupError::BaseMissing { .. }));
    assert!(matches!(refused(&["a", "other"]), BackupError::WrongBase { .. }));
    assert!(matches!(back_up(&files, "b", None), Err(BackupError::Exists(_))));
    files.plant(&path("text"), &[7; 500]);
    assert!(matches!(restore(&files, "text", &[]), Err(BackupError::NotABackup(_))));
    files.plant(&path("empty"), b"");
    assert!(matches!(restore(&files, "empty", &[]), Err(BackupError::NotABackup(_))));
    // A base is found by those who know where it is.
    let known = |_: &BackupFile, id: [u8; 16]| {
        let a = BackupFile::open(&files, &path("a")).unwrap();
        (a.id() == id).then(|| path("a"))
    };
    Chain::open(&files, &path("b"), &[], &known).unwrap();
}

/// Nobody writes such files but by hand; whoever opens them is told, and does not wait for ever.
#[test]
fn backups_that_build_on_each_other_are_refused() {
    let (files, _ledger) = ledger_of(4);
    let names = ["a", "b", "alone"];
    for name in names {
        back_up(&files, name, None).unwrap();
    }
    let id = |name: &str| BackupFile::open(&files, &path(name)).unwrap().id();
    for (name, base) in [("a", id("b")), ("b", id("a")), ("alone", id("alone"))] {
        let mut header = BackupFile::open(&files, &path(name)).unwrap().header;
        header.base = Some(base);
        let mut bytes = files.content(&path(name)).unwrap();
        let beginning = header.encode();
        bytes[..beginning.len()].copy_from_slice(&beginning);
        files.plant(&path(name), &bytes);
    }
    let find =
        |_: &BackupFile, wanted| names.iter().find(|name| id(name) == wanted).map(|it| path(it));
    for (name, told) in [("a", "b"), ("alone", "alone")] {
        let refused = Chain::open(&files, &path(name), &[], &find).err().unwrap();
        let BackupError::Circle { path: at, .. } = &refused else { panic!("{refused}") };
        assert_eq!(*at, path(told));
    }
}

#[test]
fn a_base_of_another_history_is_refused() {
    let (files, mut ledger) = ledger_of(4);
    back_up(&files, "a", None).unwrap();
    let forked = files.crash(0);
    append(&mut ledger, 5..=6);
    back_up(&files, "b", Some("a")).unwrap();
    // Set back to the first backup, it went on in another way.
    forked.plant(&path("b"), &files.content(&path("b")).unwrap());
    let (mut ledger, _) = open(&forked, None).unwrap();
    let refused = || back_up(&forked, "c", Some("b")).err();
    assert!(matches!(refused(), Some(BackupError::OtherHistory(_))), "it lacks commits");
    append(&mut ledger, [8, 7, 5, 6, 9, 10]);
    assert!(matches!(refused(), Some(BackupError::OtherHistory(_))));
    back_up(&forked, "c", Some("a")).unwrap();
    // Another workspace's.
    let other = SimulatedFiles::new();
    let randomness = Arc::new(crate::ports::randomness::SimulatedRandomness::seeded(1));
    let options = super::super::samples::options();
    Ledger::create(Arc::new(other.clone()), folder(), randomness, *b"another one here", &options)
        .unwrap();
    other.plant(&path("a"), &files.content(&path("a")).unwrap());
    let refused = back_up(&other, "c", Some("a")).err();
    assert!(matches!(refused, Some(BackupError::OtherWorkspace(_))));
}

#[test]
fn no_damaged_or_cut_backup_is_restored() {
    let (files, _) = ledger_of(3);
    files.plant(&folder().join("keys"), b"wrapped keys");
    back_up(&files, "a", None).unwrap();
    let sound = files.content(&path("a")).unwrap();
    let refused = |bytes: &[u8]| {
        files.plant(&path("a"), bytes);
        restore(&files, "a", &[]).err()
    };
    for length in (0..sound.len()).step_by(13) {
        let error = refused(&sound[..length]);
        let told = matches!(error, Some(BackupError::Cut { .. } | BackupError::NotABackup(_)));
        assert!(told, "length {length}: {error:?}");
    }
    assert!(matches!(refused(&[&sound[..], b"x"].concat()), Some(BackupError::Cut { .. })));
    for byte in (0..sound.len()).step_by(7) {
        let mut flipped = sound.clone();
        flipped[byte] ^= 1 << (byte % 8);
        let error = refused(&flipped);
        let told = matches!(error, Some(BackupError::Damaged(_) | BackupError::NotABackup(_)));
        assert!(told, "byte {byte}: {error:?}");
    }
    assert!(refused(&sound).is_none());
}

#[test]
fn a_damaged_ledger_is_not_backed_up_and_the_place_is_named() {
    let (files, _) = ledger_of(COMMITS);
    let second = segment::path(folder(), 2);
    let sound = files.content(&second).unwrap();
    for byte in (0..sound.len()).step_by(11) {
        let mut flipped = sound.clone();
        flipped[byte] ^= 0x10;
        files.plant(&second, &flipped);
        match back_up(&files, "a", None) {
            Err(BackupError::LedgerDamaged(damage)) => assert_eq!(damage.segment, 2, "{damage}"),
            other => panic!("byte {byte}: {other:?}"),
        }
        assert!(files.content(&path("a")).is_none());
    }
    files.remove(&second).unwrap();
    let error = back_up(&files, "a", None).unwrap_err();
    assert!(error.to_string().contains("segment 2"), "{error}");
}

#[test]
fn a_commit_that_is_being_written_is_left_out() {
    let (files, ledger) = ledger_of(COMMITS);
    let last = *segments(&files, folder()).keys().last().unwrap();
    let file = segment::path(folder(), last);
    let sound = files.content(&file).unwrap();
    let before = ledger.head().unwrap().sequence;
    let next = files.crash(0);
    open(&next, None).unwrap().0.append(at(99), "kim", &[record(1, 1)]).unwrap();
    let next = next.content(&file).unwrap();
    for torn in [&b"\xf5FRM"[..], &[0; 300], &next[sound.len()..][..150]] {
        let files = files.crash(0);
        files.plant(&file, &[&sound[..], torn].concat());
        back_up(&files, "a", None).unwrap();
        let restored = restore(&files, "a", &[]).unwrap();
        assert_eq!(restored.newest().head().sequence, before);
        assert_eq!(segments(&files, target())[&last], sound);
    }
}

#[test]
fn whatever_call_of_a_backup_goes_wrong_no_half_one_is_there() {
    let (files, _) = ledger_of(4);
    let begun = files.calls();
    back_up(&files, "a", None).unwrap();
    let calls = files.calls();
    for fault in [Fault::Fail, Fault::Tear, Fault::FailAfter, Fault::PowerOff] {
        for call in begun..calls {
            let (files, _) = ledger_of(4);
            let files = files.with_fault(call, fault);
            let made = back_up(&files, "a", None);
            for seed in 0..4 {
                let disk = files.crash(seed);
                let context = format!("{fault:?} at call {call}, seed {seed}: {made:?}");
                let is_there = disk.content(&path("a")).is_some();
                assert!(is_there || made.is_err(), "{context}");
                if is_there {
                    restore(&disk, "a", &[]).unwrap_or_else(|error| panic!("{context}: {error}"));
                    check_restored(&disk);
                } else {
                    back_up(&disk, "again", None).unwrap();
                }
            }
        }
    }
}

#[test]
fn an_interrupted_restore_is_begun_again() {
    let made = || {
        let (files, mut ledger) = ledger_of(2);
        files.plant(&folder().join("keys"), b"wrapped keys");
        back_up(&files, "a", None).unwrap();
        append(&mut ledger, 3..=5);
        back_up(&files, "b", Some("a")).unwrap();
        files
    };
    let files = made();
    let begun = files.calls();
    restore(&files, "b", &["a"]).unwrap();
    let calls = files.calls();
    for fault in [Fault::Fail, Fault::Tear, Fault::PowerOff] {
        for call in begun..calls {
            let files = made().with_fault(call, fault);
            let restored = restore(&files, "b", &["a"]).is_ok();
            for seed in 0..3 {
                let disk = files.crash(seed);
                if restored {
                    check_restored(&disk);
                }
                restore(&disk, "b", &["a"]).unwrap();
                check_restored(&disk);
                assert_eq!(disk.content(&target().join("keys")).unwrap(), b"wrapped keys");
            }
        }
    }
}

#[test]
fn a_person_can_stop_it() {
    let (files, _) = ledger_of(COMMITS);
    let snapshot = Snapshot::take(&files, folder(), None).unwrap();
    let stopped = snapshot.write(&files, &path("a"), [1; 16], 0, &mut |done, _| done < 3000);
    assert!(matches!(stopped.err(), Some(BackupError::Cancelled)));
    let unfinished = path("a.01010101.unfinished");
    assert!(files.content(&unfinished).is_none() && files.content(&path("a")).is_none());
}

/// Another process commits, then rewrites a segment, then commits again, at all calls of a backup.
#[test]
fn whatever_happens_meanwhile_a_backup_is_the_ledger_of_one_moment() {
    let (files, _) = ledger_of(5);
    let counting = Shared::meddled(files, &[], || {});
    back_up(&counting, "a", None).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    // How many calls lie between the first and the second, and between that and the third.
    let apart = [(1, 1), (5, 5), (1, 60), (5, 60)];
    let timings = (0..counting.calls()).flat_map(|call| apart.map(|by| (call, by)));
    for (call, (second, third)) in timings {
        let (files, mut ledger) = ledger_of(5);
        let disk = files.clone();
        let mut step = 0;
        let calls = [call, call + second, call + second + third];
        let meddled = Shared::meddled(files.clone(), &calls, move || {
            step += 1;
            match step {
                1 => append(&mut ledger, [6]),
                2 => rewrite(&disk, 1),
                _ => append(&mut ledger, 7..=12),
            }
        });
        let context = format!("call {call}, {second} and {third} apart");
        back_up(&meddled, "a", None).unwrap_or_else(|error| panic!("{context}: {error}"));
        let restored = restore(&files, "a", &[]).unwrap();
        let report = verify(&files, target(), &*cipher(1), &mut |_, _| {}, None).unwrap();
        assert!(report.is_sound(), "{context}: {report:?}");
        let head = restored.newest().head().sequence.0;
        let state = (head, restored.newest().header.segments[0].generation);
        assert!([(5, 0), (6, 0), (6, 1), (12, 1)].contains(&state), "{context}: {state:?}");
        seen.insert(state);
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
}

type Meddling = Box<dyn FnMut() + Send>;

/// A disk on which another process does something at some of our calls.
struct Meddled {
    files: SimulatedFiles,
    calls: Mutex<u64>,
    at: Vec<u64>,
    act: Mutex<Meddling>,
}

impl Meddled {
    fn call(&self) {
        let mut calls = self.calls.lock().unwrap();
        if self.at.contains(&calls) {
            (self.act.lock().unwrap())();
        }
        *calls += 1;
    }
}

struct Shared(Arc<Meddled>);

impl Shared {
    fn meddled(files: SimulatedFiles, at: &[u64], act: impl FnMut() + Send + 'static) -> Shared {
        let act = Mutex::new(Box::new(act) as Meddling);
        Shared(Arc::new(Meddled { files, calls: Mutex::new(0), at: at.to_vec(), act }))
    }

    fn calls(&self) -> u64 {
        *self.0.calls.lock().unwrap()
    }
}

impl Files for Shared {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.0.call();
        self.0.files.create_folder(path)
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>> {
        self.0.call();
        let file = self.0.files.open(path, access)?;
        Ok(Box::new(MeddledFile { file, disk: Arc::clone(&self.0) }))
    }

    fn must_be_folder(&self, path: &Path) -> io::Result<()> {
        self.0.call();
        self.0.files.must_be_folder(path)
    }

    fn remove_left(&self, path: &Path) -> io::Result<bool> {
        self.0.call();
        self.0.files.remove_left(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.0.call();
        self.0.files.list(folder)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.call();
        self.0.files.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.call();
        self.0.files.remove(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.0.call();
        self.0.files.sync_folder(folder)
    }

    fn try_lock(&self, path: &Path, holder: &str) -> io::Result<Lock> {
        self.0.call();
        self.0.files.try_lock(path, holder)
    }
}

struct MeddledFile {
    file: Box<dyn OpenFile>,
    disk: Arc<Meddled>,
}

impl OpenFile for MeddledFile {
    fn length(&self) -> io::Result<u64> {
        self.disk.call();
        self.file.length()
    }

    fn changed(&self) -> io::Result<i64> {
        self.file.changed()
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.disk.call();
        self.file.read_at(buffer, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.disk.call();
        self.file.write_at(bytes, offset)
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.disk.call();
        self.file.truncate(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.call();
        self.file.sync()
    }
}
