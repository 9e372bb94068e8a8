//! Fifty sessions at one desk when something happens to all of them: an erasure, new keys, a rebuilt store, a
//! full disk, a death between a claim and a decision.

use super::bulk::pairs_of;
use super::erasure::request;
use super::*;
use domain::Until;
use door::operations::{Changes, Claim, Erase, KeepPlace, Queue, Rekey, TakeUp};
use door::views::{Begun, Place};
use door::{Keeper, SessionId};
use ledger::ports::simulated_files::{Fault, SimulatedFiles};

const SESSIONS: u64 = 50;

/// A desk on a disk in memory, with sessions that are all in the middle of something: each has a place, and as
/// many as there are tasks have claimed one and marked on it.
struct Fifty {
    test: TestDesk,
    disk: SimulatedFiles,
    sessions: Vec<Session>,
    tasks: Vec<TaskId>,
}

impl Fifty {
    fn begin() -> Fifty {
        let disk = SimulatedFiles::new();
        let mut test = TestDesk::on_disk(&disk, SETTINGS, 1);
        test.desk = Some(Desk::create(test.workspace(), test.environment()).unwrap());
        pairs_of(&mut test);
        let tasks = test.pending(TaskKind::Duplicate);
        let sessions = (1..=SESSIONS).map(|number| session(number, number)).collect();
        let mut fifty = Fifty { test, disk, sessions, tasks };
        for at in 0..fifty.sessions.len() {
            let (who, place) = (fifty.sessions[at].clone(), fifty.place(at));
            fifty.act(&who, Queue { filter: None, order: Default::default() }).unwrap();
            if let Some(task) = place.open {
                fifty.act(&who, Claim { task }).unwrap();
            }
            fifty.act(&who, KeepPlace { place: Some(place), erased: 0 }).unwrap();
        }
        fifty
    }

    /// Where a session is.
    fn place(&mut self, at: usize) -> Place {
        let open = self.tasks.get(at).copied();
        let draft = open.map(|task| {
            let view = self.test.task(task);
            let marks = view.columns.iter().map(|column| (column.customer, Some('A'))).collect();
            Begun { version: view.version, marks, picks: Vec::new() }
        });
        Place { filter: Some("subject ~ \"Ashgrove\"".to_owned()), open, draft, ..Place::default() }
    }

    fn act<O: Carry>(&mut self, who: &Session, operation: O) -> Outcome<O::Answer> {
        self.test.desk().act(who, operation, Streams::default())
    }

    fn holders(&mut self) -> Vec<(TaskId, String)> {
        let now = self.test.clock_now();
        let all = self.test.desk().claims.all(now);
        all.into_iter().map(|(task, holder, _)| (task, holder)).collect()
    }

    /// Where everybody is told that they were.
    fn taken_up(&mut self) -> Vec<Option<Place>> {
        let back = |number| session(number, SESSIONS + number);
        (1..=SESSIONS).map(|number| self.act(&back(number), TakeUp {}).unwrap()).collect()
    }

    /// The next process finds that disk.
    fn comes_again(&mut self, disk: SimulatedFiles) {
        self.disk = disk;
        self.test.files = Arc::new(self.disk.clone());
        self.test.reopen();
    }
}

fn session(person: u64, number: u64) -> Session {
    Session { id: SessionId(number), ..Session::local(format!("p{person}"), TimeZone::UTC) }
}

fn puts_off(task: TaskId, test: &mut TestDesk) -> Decide {
    let version = test.task(task).version;
    let action = Action::Defer { until: Until::DataChanges };
    Decide { request: Request::new(action).for_task(task, version) }
}

#[test]
fn claims_and_drafts_survive_new_keys_and_a_rebuilt_store() {
    let mut fifty = Fifty::begin();
    let (held, places): (_, Vec<Place>) =
        (fifty.holders(), (0..fifty.sessions.len()).map(|at| fifty.place(at)).collect());
    assert_eq!(held.len(), fifty.tasks.len());
    let boss = session(99, 1_000);
    fifty.act(&boss, Rekey {}).unwrap();
    let mut answered = 0;
    while Keeper::is_working(fifty.test.desk()) {
        Keeper::work(fifty.test.desk());
        // Everybody goes on between its parts.
        let who = fifty.sessions[answered % fifty.sessions.len()].clone();
        fifty.act(&who, Queue { filter: None, order: Default::default() }).unwrap();
        answered += 1;
    }
    assert!(answered > 0);
    assert_eq!(fifty.holders(), held, "new keys");
    let before = fifty.test.dump();
    fifty.test.desk().rebuild(&mut |_, _| {}).unwrap();
    assert!(fifty.test.dump() == before);
    assert_eq!(fifty.holders(), held, "rebuilt in place");
    // What is kept under the new keys is found by the next process.
    let disk = fifty.disk.killed();
    fifty.comes_again(disk);
    assert_eq!(fifty.holders(), held, "killed");
    let told: Vec<Place> = fifty.taken_up().into_iter().flatten().collect();
    assert_eq!(told, places);
    // Whoever comes back decides what they claimed, and nobody else does.
    let (task, holder) = held[0].clone();
    let decide = puts_off(task, &mut fifty.test);
    let refused = fifty.act(&boss, decide.clone()).unwrap_err();
    assert_eq!(refused, NotDone::Refused(Refusal::ClaimedBy { holder }));
    fifty.act(&session(1, SESSIONS + 1), decide).unwrap();
}

#[test]
fn an_erasure_leaves_claims_and_places_and_nothing_that_was_typed_even_after_a_power_cut() {
    let mut fifty = Fifty::begin();
    // What was written some time ago has reached the disk, synced or not.
    let folder = fifty.test.folder.path().to_owned();
    let disk = fifty.disk.copied(&folder, &folder);
    fifty.comes_again(disk);
    assert!(fifty.test.desk().working.all().iter().all(|it| it.3.filter.is_some()));
    let held = fifty.holders();
    let waiting = fifty.sessions[9].clone();
    let known = fifty.act(&waiting, Changes::default()).unwrap();
    let boss = session(99, 1_000);
    let customer = fifty.test.customer("crm:6");
    fifty.act(&boss, Erase { request: request(customer) }).unwrap();
    let heard = fifty.act(&waiting, Changes { since: known.at }).unwrap();
    assert_eq!((heard.at > known.at, heard.erased), (true, known.erased + 1), "everybody is told");
    assert_eq!(fifty.holders(), held);
    for seed in 0..16 {
        // Claims and places may be lost with the power; what was typed is not to be found again.
        let disk = fifty.disk.crash(seed);
        let mut test = TestDesk::on_disk(&SimulatedFiles::new(), SETTINGS, 3 + seed);
        test.files = Arc::new(disk.copied(fifty.test.folder.path(), test.folder.path()));
        test.reopen();
        for (_, person, _, place) in test.desk().working.all() {
            assert_eq!((place.filter, place.draft), (None, None), "seed {seed}: {person}");
        }
    }
    for place in fifty.taken_up().into_iter().flatten() {
        assert_eq!((place.filter, place.draft), (None, None));
    }
}

#[test]
fn a_full_disk_refuses_decisions_of_everybody_and_loses_nobodys_claim() {
    let mut fifty = Fifty::begin();
    let held = fifty.holders();
    let head = fifty.test.desk().reader.head();
    fifty.disk.fill();
    for at in 0..fifty.sessions.len() {
        let who = fifty.sessions[at].clone();
        fifty.act(&who, Queue { filter: None, order: Default::default() }).unwrap();
        if let Some(task) = fifty.tasks.get(at).copied() {
            let decide = puts_off(task, &mut fifty.test);
            let failed = fifty.act(&who, decide).unwrap_err();
            assert!(matches!(failed, NotDone::Failed(_)), "{failed:?}");
        }
        // What cannot be kept is no reason to stop anybody.
        fifty.act(&who, KeepPlace { place: Some(Place::default()), erased: 0 }).unwrap();
    }
    assert_eq!((fifty.holders(), fifty.test.desk().reader.head()), (held.clone(), head));
    let disk = fifty.disk.killed();
    fifty.comes_again(disk);
    assert_eq!(fifty.holders(), held, "as they were kept before");
    let decide = puts_off(held[0].0, &mut fifty.test);
    fifty.act(&session(1, SESSIONS + 1), decide).unwrap();
    assert_eq!(fifty.test.desk().facts().view.counters().unwrap().decisions, 1);
}

#[test]
fn killed_between_a_claim_and_its_decision_a_task_is_open_or_decided_and_still_claimed_by_one() {
    let mut outcomes = [0; 2];
    let calls = {
        let mut fifty = Fifty::begin();
        let (who, task) = (fifty.sessions[0].clone(), fifty.tasks[0]);
        let decide = puts_off(task, &mut fifty.test);
        let before = fifty.disk.calls();
        fifty.act(&who, decide).unwrap();
        fifty.disk.calls() - before
    };
    let fifty = Fifty::begin();
    let (disk, folder) = (fifty.disk.killed(), fifty.test.folder.path().to_owned());
    for call in 0..calls {
        let mut test = TestDesk::on_disk(&SimulatedFiles::new(), SETTINGS, 100 + call);
        let disk = disk.copied(&folder, test.folder.path());
        test.files = Arc::new(disk.clone());
        test.reopen();
        let (tasks, sessions) = (fifty.tasks.clone(), fifty.sessions.clone());
        let mut again = Fifty { test, disk, sessions, tasks };
        let (task, kim, sam) = (again.tasks[0], session(1, 201), session(2, 202));
        let decide = puts_off(task, &mut again.test);
        let disk = again.disk.clone().with_fault(again.disk.calls() + call, Fault::PowerOff);
        let told = again.act(&kim, decide.clone());
        let left = disk.killed();
        again.comes_again(left);
        let decided = again.test.desk().facts().view.counters().unwrap().decisions;
        assert!(decided == 1 || told.is_err(), "call {call}: {told:?}");
        outcomes[decided as usize] += 1;
        if decided == 0 {
            let refused = again.act(&sam, decide.clone()).unwrap_err();
            let held = Refusal::ClaimedBy { holder: "p1".to_owned() };
            assert_eq!(refused, NotDone::Refused(held), "call {call}");
            again.act(&kim, decide).unwrap();
        } else {
            let refused = again.act(&kim, decide).unwrap_err();
            assert!(matches!(refused, NotDone::Refused(Refusal::Stale { .. })), "{refused:?}");
        }
    }
    assert!(outcomes.iter().all(|it| *it > 0), "{outcomes:?} of {calls}");
}
