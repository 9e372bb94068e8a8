//! The same work, once for every call to the ledger's disk and every fault there: whatever was
//! acknowledged is there when the workspace is opened again, each commit is whole or absent, the
//! chain verifies, and the store says what the ledger says.

use std::path::Path;

use super::*;
use crate::export::Format;
use crate::jobs::Dataset;
use crate::{DeskError, Stop, StoreVerdict, reading_cipher};
use domain::{Commit, Sequence};
use door::operations::{History, Queue};
use door::{Failure, NotDone, Outcome};
use ledger::ports::simulated_files::{Fault, SimulatedFiles};
use ledger::{Head, LedgerOptions, LedgerReader, verify};

const FIRST: &str = "1,Ada,Fernsby,ada@example.com,,1980-01-02,,Salem,,M1,\n\
    2,Ada,Fernsby,ada@example.com,,1980-01-02,,Salem,,,\n\
    3,Ben,Tarn,broken,,,,Omaha,,M1,\n";
const CHANGED: &str = "1,Ada,Fernsby,ada@example.org,,1980-01-02,,Salem,,M1,\n\
    4,Cora,Quill,cora@example.com,,,,Decatur,,,\n";

/// A workspace whose ledger is on a simulated disk; the store is on the real one, for sled does
/// its own reading and writing.
pub(super) struct Disk {
    folder: tempfile::TempDir,
    pub(super) files: SimulatedFiles,
    databases: Databases,
}

impl Disk {
    /// On a disk without faults, the store in such a database.
    pub(super) fn over(databases: Databases) -> Self {
        Disk { databases, ..Disk::new(SimulatedFiles::new()) }
    }

    pub(super) fn new(files: SimulatedFiles) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("steward.toml"), SETTINGS).unwrap();
        Disk { folder, files, databases: Databases::default() }
    }

    pub(super) fn environment(&self) -> Environment {
        Environment {
            clock: Arc::new(SimulatedClock::at("2026-11-01T08:00:00Z".parse().unwrap())),
            randomness: Arc::new(SimulatedRandomness::seeded(3)),
            files: Arc::new(self.files.clone()),
            actor: "kim".to_owned(),
            secrets: Arc::new(SimulatedSecrets::in_folder(self.folder.path().join("secret keys"))),
            databases: self.databases.clone(),
            register: Some(self.folder.path().join("register")),
            formats: crate::Formats::default(),
        }
    }

    pub(super) fn workspace(&self) -> Workspace {
        Workspace::at(self.folder.path())
    }

    fn hidden(&self) -> std::path::PathBuf {
        self.workspace().hidden()
    }

    fn reader(&self) -> LedgerReader {
        let files = Arc::new(self.files.clone());
        let (workspace, environment) = (self.workspace(), self.environment());
        let options = LedgerOptions {
            cipher: reading_cipher(&workspace, &environment).unwrap(),
            ..LedgerOptions::held_by("a test")
        };
        LedgerReader::open_read_only(files, &self.hidden(), &options).unwrap().0
    }

    pub(super) fn commits(&self) -> Vec<Commit> {
        self.reader().commits_from(Sequence(1)).map(Result::unwrap).collect()
    }
}

pub(super) type Step = fn(&mut Desk) -> Outcome<()>;

fn import(desk: &mut Desk, rows: &str) -> Outcome<()> {
    testing::import(desk, import_of("crm"), format!("{HEADER}{rows}")).map(|_| ())
}

pub(super) fn carry_out(desk: &mut Desk, request: Request) -> Outcome<()> {
    Ok(desk.carry_out(&request).map(|_| ())?)
}

fn export(desk: &mut Desk) -> Outcome<()> {
    let request = testing::whole(Dataset::Xref, Format::Csv);
    testing::export(desk, &request, std::io::sink()).map(|_| ())
}

pub(super) const WORK: [Step; 7] = [
    |desk| import(desk, FIRST),
    |desk| import(desk, CHANGED),
    |desk| testing::match_records(desk, Match::default()).map(|_| ()),
    |desk| carry_out(desk, merge_request(&[&[CustomerId(1), CustomerId(4)]])),
    |desk| carry_out(desk, fix_request("crm:3", "email", "ben@example.com")),
    |desk| carry_out(desk, undo_request(DecisionId(1), false)),
    export,
];

/// What a run was told.
#[derive(Default)]
pub(super) struct Told {
    /// The ledger's head when the last step was acknowledged.
    pub(super) head: Option<Head>,
    /// Steps acknowledged.
    pub(super) done: usize,
    /// What the step after them said.
    pub(super) failure: Option<String>,
    /// The commit of the write that was tried after a failure, if it was acknowledged.
    pub(super) probe: Option<Head>,
}

pub(super) fn head(desk: &Desk) -> Option<Head> {
    desk.facts().ledger.head()
}

/// Works until something fails; then looks whether the desk still answers.
pub(super) fn work(disk: &Disk, reads_after_failure: bool) -> Told {
    let mut told = Told::default();
    let mut desk = match Desk::create(disk.workspace(), disk.environment()) {
        Ok(desk) => desk,
        Err(error) => return Told { failure: Some(error.to_string()), ..told },
    };
    told.head = head(&desk);
    for step in WORK {
        match step(&mut desk) {
            Ok(()) => {
                told.head = head(&desk);
                told.done += 1;
            }
            Err(NotDone::Refused(refusal)) => panic!("step {}: {refusal:?}", told.done),
            Err(NotDone::Failed(error)) => {
                told.failure = Some(error.to_string());
                if reads_after_failure {
                    probe(&mut desk, &error, &mut told);
                }
                break;
            }
        }
    }
    told
}

/// After a failure: reading goes on, and a write is carried out or refused in clear words.
pub(super) fn probe(desk: &mut Desk, failure: &Failure, told: &mut Told) {
    let before = head(desk);
    let sam = Session::local("sam", TimeZone::UTC);
    let history = History { of: None, unmask: false };
    let told_of = desk.act(&sam, history, Streams::default());
    assert!(!matches!(told_of, Err(NotDone::Failed(_))), "after {failure}: {told_of:?}");
    let queue = Queue { filter: None, order: Default::default() };
    let waits = desk.act(&sam, queue, Streams::default());
    assert!(!matches!(waits, Err(NotDone::Failed(_))), "after {failure}: {waits:?}");
    let is_unknown = failure.to_string().contains("outcome unknown");
    match desk.carry_out(&fix_request("crm:1", "city", "Boulder")) {
        Ok(_) => {
            assert!(!is_unknown, "wrote after {failure}");
            told.probe = head(desk);
        }
        Err(Stop::Refused(_)) => assert_eq!(head(desk), before),
        Err(Stop::Failed(error)) => {
            let error = error.to_string();
            let clear = ["read-only until it is reopened", "decisions are safe"];
            assert!(clear.iter().any(|words| error.contains(words)), "after {failure}: {error}");
            assert_eq!(head(desk), before);
        }
    }
}

/// Opens the disk and compares with what the run was told; `reference` is the work without fault.
pub(super) fn check(disk: &Disk, told: &Told, reference: &[Commit], context: &str) {
    let opened = Desk::open(disk.workspace(), disk.environment(), &mut |_, _| {});
    let desk = match opened {
        Ok((desk, _)) => desk,
        Err(DeskError::NoWorkspace { .. }) if told.head.is_none() => {
            let made = Desk::create(disk.workspace(), disk.environment());
            made.unwrap_or_else(|error| panic!("{context}: cannot begin again: {error}"))
        }
        Err(error) => panic!("{context}: {error}"),
    };
    for acknowledged in [told.head, told.probe].into_iter().flatten() {
        let chain = desk.facts().ledger.chain_at(acknowledged.sequence);
        let chain = chain.unwrap_or_else(|error| panic!("{context}: {error}"));
        assert_eq!(chain, acknowledged.chain, "{context}");
    }
    drop(desk);
    let cipher = reading_cipher(&disk.workspace(), &disk.environment()).unwrap();
    let report = verify(&disk.files, &disk.hidden(), &*cipher, &mut |_, _| {}, None).unwrap();
    assert!(report.is_sound(), "{context}: {report:?}");
    let before_probe = told.probe.map_or(usize::MAX, |probe| probe.sequence.0 as usize - 1);
    for (found, expected) in disk.commits().iter().take(before_probe).zip(reference) {
        assert_eq!(found.events, expected.events, "{context}, commit {}", found.sequence);
    }
    same_as_the_ledger(disk, context);
}

fn same_as_the_ledger(disk: &Disk, context: &str) {
    let verdict = Desk::compare_store(&disk.workspace(), &disk.environment(), &[], &mut |_, _| {});
    let verdict = verdict.unwrap();
    assert!(matches!(verdict, StoreVerdict::Same { behind: 0, .. }), "{context}: {verdict:?}");
}

/// The work without a fault: its commits, and how many calls it takes.
fn reference() -> (Vec<Commit>, u64) {
    let disk = Disk::new(SimulatedFiles::new());
    let told = work(&disk, false);
    assert_eq!((told.done, told.failure), (WORK.len(), None));
    let calls = disk.files.calls();
    let commits = disk.commits();
    assert!(commits.len() > 8, "{}", commits.len());
    check(&disk, &Told { head: told.head, ..Told::default() }, &commits, "without a fault");
    (commits, calls)
}

#[test]
fn power_lost_at_any_call_loses_nothing_acknowledged() {
    let (commits, calls) = reference();
    for call in 0..calls {
        let mut disk = Disk::new(SimulatedFiles::new().with_fault(call, Fault::PowerOff));
        let told = work(&disk, false);
        // Now and then a body is still in the cache, and the last call is not made.
        assert!(told.failure.is_some() || told.done == WORK.len(), "call {call} did not fail");
        disk.files = disk.files.crash(call);
        check(&disk, &told, &commits, &format!("power off at call {call}"));
    }
}

#[test]
fn any_failed_call_leaves_the_desk_answering_and_the_workspace_whole() {
    let (commits, calls) = reference();
    for fault in [Fault::Fail, Fault::Tear] {
        for call in 0..calls {
            let disk = Disk::new(SimulatedFiles::new().with_fault(call, fault));
            let told = work(&disk, true);
            check(&disk, &told, &commits, &format!("{fault:?} at call {call}: {:?}", told.failure));
        }
    }
}

#[test]
fn a_store_that_was_lost_with_the_power_is_made_anew() {
    let (commits, calls) = reference();
    for call in (0..calls).step_by(7) {
        let mut disk = Disk::new(SimulatedFiles::new().with_fault(call, Fault::PowerOff));
        let told = work(&disk, false);
        disk.files = disk.files.crash(call + 1);
        remove_stores(&disk.hidden());
        check(&disk, &told, &commits, &format!("power off at call {call}, the store is gone"));
    }
}

fn remove_stores(hidden: &Path) {
    let Ok(entries) = std::fs::read_dir(hidden) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with("store-") {
            std::fs::remove_dir_all(entry.path()).unwrap();
        }
    }
}
