//! Panics: whatever a desk was doing, that ends and the desk goes on. The same work, with a panic at
//! every call to the disk of the ledger or to the store's database, all of it through the door.

use std::io::Cursor;

use super::*;
use crate::replay::replay_up_to;
use crate::{Carry, StoreVerdict, reading_cipher};
use domain::{Sequence, Until};
use door::operations::{Dashboard, Decide, DecideSome, History, Import, Match, Queue};
use door::views::{JobEnd, QueueOrder, QueueView};
use door::{
    BulkStep, BulkVerdict, Failure, FailureClass, NotDone, Outcome, Session, SessionId, Streams,
};
use jiff::tz::TimeZone;
use ledger::ports::Files;
use ledger::ports::files::Lock;
use ledger::ports::simulated_files::SimulatedFiles;
use ledger::verify;
use store::{DatabaseCall, Faults, MemoryTrees, difference};

pub(super) const FIRST: &str = "1,Ada,Fernsby,ada@example.com,,1980-01-02,,Salem,,M1,\n\
    2,Ada,Fernsby,ada@example.com,,1980-01-02,,Salem,,,\n\
    3,Ben,Tarn,broken,,,,Omaha,,M1,\n";
pub(super) const CHANGED: &str = "1,Ada,Fernsby,ada@example.org,,1980-01-02,,Salem,,M1,\n\
    4,Cora,Quill,cora@example.com,,,,Decatur,,,\n";

/// Panics at each seam, spread over all its calls.
pub(super) const PANICS: u64 = 24;

/// A workspace whose every port can panic.
pub(super) struct World {
    folder: tempfile::TempDir,
    pub(super) files: SimulatedFiles,
    pub(super) faults: Faults,
    databases: Databases,
    pub(super) desk: Option<Desk>,
}

impl World {
    pub(super) fn over(databases: Databases) -> World {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("steward.toml"), SETTINGS).unwrap();
        let faults = Faults::default();
        let databases = Databases::Failing(Box::new(databases), faults.clone());
        let files = SimulatedFiles::new();
        let mut world = World { folder, files, faults, databases, desk: None };
        world.desk = Some(Desk::create(world.workspace(), world.environment()).unwrap());
        world
    }

    pub(super) fn in_memory() -> World {
        World::over(Databases::InMemory)
    }

    pub(super) fn workspace(&self) -> Workspace {
        Workspace::at(self.folder.path())
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

    pub(super) fn desk(&mut self) -> &mut Desk {
        self.desk.as_mut().unwrap()
    }

    pub(super) fn act<O: Carry>(&mut self, operation: O) -> Outcome<O::Answer> {
        self.desk().act(&kim(), operation, Streams::default())
    }

    pub(super) fn queue(&mut self) -> Outcome<QueueView> {
        self.act(Queue { filter: None, order: QueueOrder::default() })
    }

    pub(super) fn is_held(&self) -> bool {
        let lock = self.workspace().hidden().join("lock");
        matches!(self.files.try_lock(&lock, "sam"), Ok(Lock::HeldBy(_)))
    }

    /// The desk's view is a fold of its ledger.
    pub(super) fn is_folded(&mut self, context: &str) {
        let environment = self.environment();
        let desk = self.desk();
        let head = desk.facts().ledger.head().unwrap().sequence;
        let mut folded = MemoryTrees::default();
        let ledger = (desk.facts().ledger, desk.facts().fingerprinter);
        replay_up_to(&mut folded, ledger, head, &environment, &mut |_, _| {}).unwrap();
        let found = difference(desk.facts().view.trees(), &folded).unwrap();
        assert!(found.compared > 1 && found.differing == 0, "{context}: {found:?}");
    }

    /// Closed, the ledger verifies, and the store that is left is what it says.
    pub(super) fn is_whole_when_closed(&mut self, context: &str) {
        self.desk = None;
        let (workspace, environment) = (self.workspace(), self.environment());
        let cipher = reading_cipher(&workspace, &environment).unwrap();
        let hidden = workspace.hidden();
        let report = verify(&self.files, &hidden, &*cipher, &mut |_, _| {}, None).unwrap();
        assert!(report.is_sound() && report.tail.is_none(), "{context}: {report:?}");
        if self.databases.are_kept() {
            let verdict = Desk::compare_store(&workspace, &environment, &[], &mut |_, _| {});
            let verdict = verdict.unwrap();
            let same = matches!(verdict, StoreVerdict::Same { behind: 0, .. });
            assert!(same, "{context}: {verdict:?}");
        }
        let (desk, _) = Desk::open(workspace, environment, &mut |_, _| {}).unwrap();
        self.desk = Some(desk);
    }
}

pub(super) fn panics() {
    panic!("a record's value");
}

pub(super) fn kim() -> Session {
    Session { id: SessionId(1), ..Session::local("kim", TimeZone::UTC) }
}

pub(super) fn fault<T>(outcome: &Outcome<T>) -> Option<&Failure> {
    match outcome {
        Err(NotDone::Failed(failure)) if failure.class == FailureClass::Fault => Some(failure),
        _ => None,
    }
}

/// A request of the work, by what is pending then.
type Asks = fn(&mut World) -> Outcome<()>;

pub(super) fn to_its_end(world: &mut World) -> Outcome<()> {
    let desk = world.desk();
    while desk.is_working() {
        desk.work();
    }
    match desk.job_view(None).unwrap().ended.unwrap() {
        JobEnd::Done(_) => Ok(()),
        JobEnd::Failed(why) => Err(why.into()),
        JobEnd::Cancelled => unreachable!("nobody stops it"),
    }
}

pub(super) fn input(rows: &str) -> Streams {
    let text = format!("{HEADER}{rows}").into_bytes();
    Streams::of_file(Cursor::new(text))
}

pub(super) fn file() -> Import {
    Import::of(SourceName::new("crm"), "crm.csv")
}

pub(super) fn import(world: &mut World, rows: &str) -> Outcome<()> {
    world.desk().act(&kim(), file(), input(rows))?;
    to_its_end(world)
}

pub(super) fn decide(world: &mut World, request: Request) -> Outcome<()> {
    world.act(Decide { request }).map(|_| ())
}

fn bulk(world: &mut World) -> Outcome<()> {
    let tasks = world.queue()?.listed.into_iter().map(|listed| (listed.task, None)).collect();
    let verdict = BulkVerdict::Defer { until: Until::DataChanges };
    let step = BulkStep {
        verdict,
        reason: None,
        note: None,
        tasks,
        bulk: None,
        left: 0,
        rehearse: false,
        break_glass: None,
    };
    let outcome = world.act(DecideSome { step })?;
    assert_eq!(outcome.failed, None);
    Ok(())
}

const WORK: [(&str, Asks); 9] = [
    ("import", |world| import(world, FIRST)),
    ("queue", |world| world.queue().map(|_| ())),
    ("another import", |world| import(world, CHANGED)),
    ("match", |world| {
        world.act(Match::default())?;
        to_its_end(world)
    }),
    ("dashboard", |world| world.act(Dashboard {}).map(|_| ())),
    ("bulk", bulk),
    ("fix", |world| decide(world, fix_request("crm:3", "email", "ben@example.com"))),
    ("merge", |world| decide(world, merge_request(&[&[CustomerId(1), CustomerId(4)]]))),
    ("history", |world| world.act(History { of: None, unmask: false }).map(|_| ())),
];

/// Does all of the work, each part again that ended in a fault. Gives the parts that did.
pub(super) fn work(world: &mut World, context: &str) -> Vec<&'static str> {
    let mut faults = Vec::new();
    let mut head = Sequence::ZERO;
    for (name, part) in WORK {
        let context = format!("{context}, {name}");
        let mut done = part(world);
        if let Some(failure) = fault(&done) {
            assert_eq!(failure.message, "part of steward failed; what was committed stays");
            faults.push(name);
            // At once, everything is answered, and out of what is in the ledger.
            world.act(History { of: None, unmask: false }).unwrap();
            world.is_folded(&context);
            assert!(world.is_held(), "{context}");
            done = part(world);
        }
        match done {
            Ok(()) => {}
            // What ended in a fault may have been done, as what ends with the process may.
            Err(NotDone::Refused(_)) if faults.contains(&name) => {}
            Err(error) => panic!("{context}: {error}"),
        }
        let now = world.desk().facts().ledger.head().unwrap().sequence;
        assert!(now >= head, "{context}: commits are lost");
        head = now;
    }
    faults
}

/// What people see in the end.
pub(super) fn outcome(world: &mut World) -> (Vec<String>, usize) {
    let view = world.desk().facts().view;
    let mut seen = Vec::new();
    view.each_customer(&mut |id, state| {
        seen.push(format!("{id} {:?}", state.members));
        Ok(true)
    })
    .unwrap();
    let standing = view.decisions().unwrap().iter().filter(|(_, entry)| entry.stands()).count();
    (seen, standing)
}

#[test]
fn whatever_panics_in_the_store_ends_by_itself_and_the_desk_goes_on() {
    let mut without = World::in_memory();
    without.faults.mend();
    let calls = [DatabaseCall::Write, DatabaseCall::Read];
    let mut begins = calls.map(|_| Vec::new());
    for (name, part) in WORK {
        for (begins, call) in begins.iter_mut().zip(calls) {
            begins.push(without.faults.made(call));
        }
        part(&mut without).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let made = calls.map(|call| without.faults.made(call));
    let expected = outcome(&mut without);
    let mut hit = std::collections::BTreeSet::new();
    for ((call, made), begins) in calls.into_iter().zip(made).zip(begins) {
        // Few parts make many calls: the first of each is among them.
        let spread = (0..made).step_by((made / PANICS).max(1) as usize);
        let numbers: std::collections::BTreeSet<u64> =
            spread.chain(begins.into_iter().filter(|begin| *begin < made)).collect();
        for number in numbers {
            let context = format!("{call:?} {number}");
            let mut world = World::in_memory();
            world.faults.interrupt(call, number..number + 1, panics);
            let faults = work(&mut world, &context);
            assert!(faults.len() <= 1, "{context}: {faults:?}");
            hit.extend(faults);
            world.faults.mend();
            world.is_folded(&context);
            assert_eq!(outcome(&mut world).0, expected.0, "{context}");
            world.is_whole_when_closed(&context);
            assert_eq!(outcome(&mut world).0, expected.0, "{context}, opened again");
        }
    }
    for part in ["import", "queue", "match", "dashboard", "bulk", "fix", "merge"] {
        assert!(hit.contains(part), "no panic in {part}: {hit:?}");
    }
}

#[test]
fn whatever_panics_in_the_ledgers_files_ends_by_itself_and_the_desk_goes_on() {
    let mut without = World::in_memory();
    let before = without.files.calls();
    assert_eq!(work(&mut without, "without a fault"), [""; 0]);
    let made = without.files.calls() - before;
    let expected = outcome(&mut without);
    let mut hit = std::collections::BTreeSet::new();
    for number in (0..made).step_by((made / PANICS).max(1) as usize) {
        let context = format!("call {number} to the disk");
        let mut world = World::in_memory();
        world.files.interrupt(world.files.calls() + number, panics);
        let faults = work(&mut world, &context);
        world.files.interrupt(u64::MAX, panics);
        assert!(faults.len() <= 1, "{context}: {faults:?}");
        hit.extend(faults);
        world.is_folded(&context);
        assert_eq!(outcome(&mut world).0, expected.0, "{context}");
        world.is_whole_when_closed(&context);
    }
    assert!(["import", "match", "merge"].iter().all(|part| hit.contains(part)), "{hit:?}");
}

#[test]
fn a_store_on_the_disk_is_closed_and_taken_up_again() {
    for number in [1, 4, 7] {
        let context = format!("write {number}");
        let mut world = World::over(Databases::OnDisk);
        world.faults.interrupt(DatabaseCall::Write, number..number + 1, panics);
        assert_eq!(work(&mut world, &context).len(), 1, "{context}");
        let store = world.workspace().store().unwrap().unwrap();
        assert_eq!(store.0, 1, "{context}: it was not rebuilt");
        world.is_whole_when_closed(&context);
    }
}
