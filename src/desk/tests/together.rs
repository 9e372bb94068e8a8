//! Two people, in several sessions, under a clock that moves only when told: who works on what, what the
//! others are told, and that nobody decides what somebody else has decided meanwhile.

use std::collections::BTreeSet;

use super::bulk::{open_task, pairs, queue};
use super::*;
use domain::{Sequence, Until};
use door::operations::{
    Changes, Claim, GiveUp, KeepPlace, Leave, LookAt, Queue, QueueRows, QueueSince, Release,
    TakeUp, TasksWhere,
};
use door::views::{Begun, OthersView, Place, QueueChanges, QueueNews};
use door::{Keeper, SessionId};

/// Minutes a claim lasts where the settings say nothing.
const LEASE: i64 = 30 * 60;

fn session(person: &str, number: u64) -> Session {
    Session { id: SessionId(number), ..Session::local(person, TimeZone::UTC) }
}

fn act<O: Carry>(test: &mut TestDesk, who: &Session, operation: O) -> Outcome<O::Answer> {
    test.desk().act(who, operation, Streams::default())
}

fn puts_off() -> Request {
    Request::new(Action::Defer { until: Until::DataChanges })
}

fn held_by(holder: &str) -> NotDone {
    NotDone::Refused(Refusal::ClaimedBy { holder: holder.to_owned() })
}

/// Whether that session is told something, knowing so much.
fn is_told(test: &mut TestDesk, who: &Session, since: u64) -> bool {
    test.desk().has_news(who, &Changes { since }.into())
}

fn news(test: &mut TestDesk, who: &Session) -> u64 {
    act(test, who, Changes::default()).unwrap().at
}

fn others(test: &mut TestDesk, who: &Session, task: TaskId, seen: Option<Sequence>) -> OthersView {
    act(test, who, LookAt { task: Some(task), seen }).unwrap()
}

#[test]
fn each_is_told_of_what_the_others_do_and_the_queue_says_it() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let task = test.pending(TaskKind::Duplicate)[0];
    let view = act(&mut test, &sam, Queue { filter: None, order: Default::default() }).unwrap();
    let (mut known, mut generation) = (news(&mut test, &sam), view.generation);
    assert!(!is_told(&mut test, &sam, known));
    // What sam is told after what kim does: whether the task waits for sam, and what its row says.
    let mut hears = |test: &mut TestDesk| {
        assert!(is_told(test, &sam, known), "sam is told");
        known = news(test, &sam);
        assert!(!is_told(test, &sam, known), "once");
        let since = QueueSince { filter: None, order: Default::default(), since: generation };
        let QueueNews::Changed(QueueChanges { kept, gone, generation: now, .. }) =
            act(test, &sam, since).unwrap()
        else {
            panic!("so little is told alone")
        };
        generation = now;
        assert!(gone.is_empty());
        let row = kept.into_iter().find(|row| row.task == task).expect("its row");
        (row.listed("sam").waits, row.state)
    };
    let told = |waits: bool, state: &str| (waits, state.to_owned());
    act(&mut test, &kim, LookAt { task: Some(task), seen: None }).unwrap();
    assert_eq!(hears(&mut test), told(false, "kim is looking"));
    act(&mut test, &kim, Claim { task }).unwrap();
    assert_eq!(hears(&mut test), told(false, "claimed by kim"));
    let before = news(&mut test, &sam);
    act(&mut test, &kim, Claim { task }).unwrap();
    assert!(!is_told(&mut test, &sam, before), "renewed: nothing to see");
    act(&mut test, &kim, Release { task: Some(task) }).unwrap();
    assert_eq!(hears(&mut test), told(false, "kim is looking"));
    act(&mut test, &kim, LookAt::default()).unwrap();
    assert_eq!(hears(&mut test), told(true, ""));
    act(&mut test, &kim, Claim { task }).unwrap();
    assert!(!hears(&mut test).0);
    test.clock.advance(LEASE);
    assert_eq!(hears(&mut test), told(true, ""), "the lease ran out");
    let version = test.task(task).version;
    let decide = Decide { request: puts_off().for_task(task, version) };
    act(&mut test, &kim, decide).unwrap();
    assert_eq!(hears(&mut test), told(false, "deferred until data changes"));
    // Kim knows what kim did.
    let own = news(&mut test, &kim);
    act(&mut test, &kim, Claim { task }).unwrap();
    assert!(!is_told(&mut test, &kim, own));
}

#[test]
fn what_each_decided_today_is_counted_for_each() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let tasks = test.pending(TaskKind::Duplicate);
    let counts = |test: &mut TestDesk| {
        [&kim, &sam].map(|who| {
            let queue = Queue { filter: None, order: Default::default() };
            act(test, who, queue).unwrap().counts.decided_today
        })
    };
    assert_eq!(counts(&mut test), [0, 0]);
    for (who, task) in [(&kim, tasks[0]), (&sam, tasks[1]), (&kim, tasks[2])] {
        let version = test.task(task).version;
        act(&mut test, who, Decide { request: puts_off().for_task(task, version) }).unwrap();
    }
    assert_eq!(counts(&mut test), [2, 1]);
    test.reopen();
    assert_eq!(counts(&mut test), [2, 1], "read from the ledger");
}

#[test]
fn a_person_in_two_sessions_holds_a_task_until_both_are_done() {
    let mut test = pairs();
    let (here, there, sam) = (session("kim", 1), session("kim", 2), session("sam", 3));
    let task = test.pending(TaskKind::Duplicate)[0];
    act(&mut test, &here, Claim { task }).unwrap();
    act(&mut test, &there, Claim { task }).unwrap();
    act(&mut test, &here, Release { task: None }).unwrap();
    assert_eq!(act(&mut test, &sam, Claim { task }).unwrap_err(), held_by("kim"));
    // Cut off: it lasts for its time, and for nobody longer.
    act(&mut test, &there, Leave {}).unwrap();
    test.clock.advance(LEASE - 1);
    assert_eq!(act(&mut test, &sam, Claim { task }).unwrap_err(), held_by("kim"));
    assert_eq!(act(&mut test, &sam, GiveUp { task }).unwrap_err(), held_by("kim"));
    test.clock.advance(1);
    act(&mut test, &sam, Claim { task }).unwrap();
    let again = session("kim", 4);
    let why = "you have not claimed T2".to_owned();
    let other = test.pending(TaskKind::Duplicate)[1];
    assert_eq!(
        act(&mut test, &again, GiveUp { task: other }).unwrap_err(),
        NotDone::Refused(Refusal::DoesNotApply { why: why.replace("T2", &other.to_string()) })
    );
    act(&mut test, &sam, GiveUp { task }).unwrap();
    act(&mut test, &again, Claim { task }).unwrap();
    let filter = "assignee = kim".to_owned();
    assert_eq!(act(&mut test, &sam, TasksWhere { filter }).unwrap(), [task]);
}

#[test]
fn who_looks_at_a_task_hears_who_is_there_and_who_decided_it() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let task = test.pending(TaskKind::Duplicate)[0];
    let view = test.task(task);
    let seen = Some(view.version);
    assert_eq!(others(&mut test, &sam, task, seen), OthersView::default());
    assert_eq!(others(&mut test, &kim, task, None).looking, ["sam"]);
    assert_eq!(others(&mut test, &sam, task, seen).looking, ["kim"]);
    act(&mut test, &kim, Claim { task }).unwrap();
    assert_eq!(others(&mut test, &sam, task, seen).claimed.as_deref(), Some("kim"));
    assert_eq!(others(&mut test, &kim, task, seen).claimed, None, "their own claim is no news");
    let customers: Vec<CustomerId> = view.columns.iter().map(|it| it.customer).collect();
    let apart = apart_request(&[&customers[..1], &customers[1..]]);
    let decide = Decide { request: apart.clone().for_task(task, view.version) };
    act(&mut test, &kim, decide).unwrap();
    let told = others(&mut test, &sam, task, seen);
    assert!(told.ended && told.claimed.is_none());
    assert!(told.since.iter().any(|line| line.contains(" by kim")), "{told:?}");
    // The stale view refuses, and says the same.
    let late = Decide { request: apart.for_task(task, view.version) };
    let refused = act(&mut test, &sam, late).unwrap_err();
    let NotDone::Refused(Refusal::Stale { since, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(since, told.since);
}

#[test]
fn long_work_of_one_is_told_to_the_others_when_it_ends() {
    let mut test = pairs();
    let sam = session("sam", 2);
    let known = news(&mut test, &sam);
    test.starts("later.csv", "77,Zoe,Lund,zoe@example.com,,1990-01-02,,,,,\n").unwrap();
    let mut told_early = false;
    while Keeper::is_working(test.desk()) {
        told_early |= is_told(&mut test, &sam, known);
        std::thread::sleep(Keeper::work(test.desk()).min(std::time::Duration::from_millis(1)));
    }
    assert!(!told_early && is_told(&mut test, &sam, known));
    assert!(!queue(&mut test, None).listed.is_empty());
}

fn file(test: &TestDesk) -> std::path::PathBuf {
    test.workspace().hidden().join("working")
}

#[test]
fn claims_and_places_survive_a_restart_sealed_and_go_in_their_time() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let tasks = test.pending(TaskKind::Duplicate);
    let task = tasks[0];
    let version = test.task(task).version;
    let marks = vec![(CustomerId(1), Some('A')), (CustomerId(2), None)];
    let filter = Some("assignee = nobody-of-that-name".to_owned());
    let draft = Some(Begun { version, marks, picks: Vec::new() });
    let place = Place { filter, open: Some(task), draft, ..Place::default() };
    act(&mut test, &kim, Claim { task }).unwrap();
    act(&mut test, &kim, KeepPlace { place: Some(place.clone()), erased: 0 }).unwrap();
    let kept = std::fs::read(file(&test)).expect("it is kept at once");
    for clear in ["kim", "nobody-of-that-name", "claims"] {
        assert!(!kept.windows(clear.len()).any(|it| it == clear.as_bytes()), "{clear} is sealed");
    }
    // As after a kill: no session has left.
    test.reopen();
    assert_eq!(act(&mut test, &sam, Claim { task }).unwrap_err(), held_by("kim"));
    assert_eq!(act(&mut test, &sam, TakeUp {}).unwrap(), None);
    let (again, other) = (session("kim", 8), tasks[1]);
    assert_eq!(act(&mut test, &again, TakeUp {}).unwrap(), Some(place));
    assert_eq!(act(&mut test, &again, TakeUp {}).unwrap(), None, "it is there");
    act(&mut test, &again, Claim { task: other }).unwrap();
    // What was typed to find somebody may be their name.
    let customer = test.task(other).columns[0].customer;
    test.erase(customer);
    assert_eq!(act(&mut test, &sam, Claim { task }).unwrap_err(), held_by("kim"));
    test.reopen();
    let left = act(&mut test, &session("kim", 9), TakeUp {}).unwrap().unwrap();
    assert_eq!(left, Place { open: Some(task), ..Place::default() });
    test.clock.advance(LEASE);
    test.reopen();
    act(&mut test, &sam, Claim { task }).unwrap();
    act(&mut test, &sam, GiveUp { task }).unwrap();
    test.clock.advance(24 * 60 * 60);
    act(&mut test, &sam, KeepPlace::default()).unwrap();
    assert!(!file(&test).exists(), "nothing is left to keep");
}

#[test]
fn a_claim_lasts_as_long_as_the_settings_in_force_say() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let task = test.pending(TaskKind::Duplicate)[0];
    let path = test.workspace().settings();
    std::fs::write(&path, format!("{SETTINGS}\n[queue]\nclaim = 1\n")).unwrap();
    // An edit that waits changes nothing.
    act(&mut test, &kim, Claim { task }).unwrap();
    test.clock.advance(LEASE - 1);
    assert_eq!(act(&mut test, &sam, Claim { task }).unwrap_err(), held_by("kim"));
    test.clock.advance(1);
    test.desk().adopt_settings().unwrap();
    act(&mut test, &kim, Claim { task }).unwrap();
    test.clock.advance(59);
    assert_eq!(act(&mut test, &sam, Claim { task }).unwrap_err(), held_by("kim"));
    test.clock.advance(1);
    act(&mut test, &sam, Claim { task }).unwrap();
    // Nor does a file with errors.
    std::fs::write(&path, "[queue").unwrap();
    act(&mut test, &sam, Claim { task }).unwrap();
    test.clock.advance(59);
    assert_eq!(act(&mut test, &kim, Claim { task }).unwrap_err(), held_by("sam"));
}

#[test]
fn a_claim_that_ran_out_does_not_come_back_with_a_clock_that_is_set_back() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let task = test.pending(TaskKind::Duplicate)[0];
    act(&mut test, &kim, Claim { task }).unwrap();
    test.clock.advance(LEASE);
    news(&mut test, &sam);
    test.clock.advance(-LEASE);
    test.reopen();
    act(&mut test, &sam, Claim { task }).unwrap();
}

#[test]
fn a_cursor_comes_back_where_it_was_and_does_not_write_at_each_key() {
    let mut test = pairs();
    let kim = session("kim", 1);
    let tasks = test.pending(TaskKind::Duplicate);
    let at = |task: TaskId| Place { cursor: Some(task), ..Place::default() };
    let mut written = Vec::new();
    for task in &tasks[..4] {
        act(&mut test, &kim, KeepPlace { place: Some(at(*task)), erased: 0 }).unwrap();
        written.push(std::fs::read(file(&test)).unwrap());
    }
    assert!(written.windows(2).all(|two| two[0] == two[1]), "four keys at once, one write");
    // Whoever waits for news has the last of them written.
    news(&mut test, &kim);
    test.reopen();
    assert_eq!(act(&mut test, &session("kim", 2), TakeUp {}).unwrap(), Some(at(tasks[3])));
    test.clock.advance(2);
    let again = KeepPlace { place: Some(at(tasks[1])), erased: 0 };
    act(&mut test, &session("kim", 2), again).unwrap();
    test.reopen();
    assert_eq!(act(&mut test, &session("kim", 3), TakeUp {}).unwrap(), Some(at(tasks[1])));
}

#[test]
fn what_was_on_its_way_when_somebody_was_erased_is_not_kept() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let tasks = test.pending(TaskKind::Duplicate);
    let (task, customer) = (tasks[1], test.task(tasks[0]).columns[0].customer);
    let filter = Some("subject ~ \"Ashgrove\"".to_owned());
    let place = Place { filter, open: Some(task), ..Place::default() };
    let keep = |erased| KeepPlace { place: Some(place.clone()), erased };
    let before = act(&mut test, &kim, Changes::default()).unwrap().erased;
    test.erase(customer);
    // Kim had not heard of it; sam had.
    act(&mut test, &kim, keep(before)).unwrap();
    let heard = act(&mut test, &sam, Changes::default()).unwrap().erased;
    act(&mut test, &sam, keep(heard)).unwrap();
    test.reopen();
    let left = act(&mut test, &session("kim", 8), TakeUp {}).unwrap().unwrap();
    assert_eq!(left, Place { filter: None, ..place.clone() });
    let left = act(&mut test, &session("sam", 9), TakeUp {}).unwrap().unwrap();
    assert_eq!(left, place, "typed since");
}

#[test]
fn a_file_of_work_that_cannot_be_read_is_none_and_is_written_anew() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let task = test.pending(TaskKind::Duplicate)[0];
    act(&mut test, &kim, Claim { task }).unwrap();
    let kept = std::fs::read(file(&test)).unwrap();
    let turned = [&kept[..kept.len() - 1], &[kept[kept.len() - 1] ^ 1]].concat();
    for wrong in [Vec::new(), kept[..9].to_vec(), turned, vec![0; 4096]] {
        test.desk = None;
        std::fs::write(file(&test), &wrong).unwrap();
        test.reopen();
        act(&mut test, &sam, Claim { task }).unwrap();
        act(&mut test, &sam, GiveUp { task }).unwrap();
    }
    act(&mut test, &kim, Claim { task }).unwrap();
    test.reopen();
    assert_eq!(act(&mut test, &sam, Claim { task }).unwrap_err(), held_by("kim"));
}

#[test]
fn a_task_that_is_decided_is_not_claimed() {
    let mut test = pairs();
    let (kim, sam) = (session("kim", 1), session("sam", 2));
    let task = test.pending(TaskKind::Duplicate)[0];
    let view = test.task(task);
    let customers: Vec<CustomerId> = view.columns.iter().map(|it| it.customer).collect();
    let apart = apart_request(&[&customers[..1], &customers[1..]]);
    act(&mut test, &kim, Decide { request: apart.for_task(task, view.version) }).unwrap();
    let why = format!("{task} is already decided");
    let refused = act(&mut test, &sam, Claim { task }).unwrap_err();
    assert_eq!(refused, NotDone::Refused(Refusal::AlreadySo { why }));
}

/// How many ways of taking turns are tried: `STEWARD_INTERLEAVINGS=100000` tries as many as
/// benches/README.md tells of.
fn interleavings() -> u32 {
    let asked = std::env::var("STEWARD_INTERLEAVINGS");
    asked.map_or(400, |asked| asked.parse().expect("a number"))
}

/// The version of a task as the queue tells it.
fn version(test: &mut TestDesk, who: &Session, task: TaskId) -> Sequence {
    act(test, who, QueueRows { tasks: vec![task] }).unwrap()[0].version
}

/// Numbers that repeat themselves (splitmix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// A claim as it should be.
struct Held {
    holder: String,
    until: i64,
    sessions: BTreeSet<u64>,
}

/// One task, and what should be true of it.
struct Round {
    task: TaskId,
    /// What each session has seen.
    seats: Vec<(Session, Option<Sequence>)>,
    held: Option<Held>,
    now: i64,
    /// The last decision's commit.
    decided: Sequence,
    next_session: u64,
}

impl Round {
    fn holder(&self) -> Option<&str> {
        self.held.as_ref().filter(|held| held.until > self.now).map(|held| held.holder.as_str())
    }

    /// One step of somebody; whether it decided.
    fn step(&mut self, test: &mut TestDesk, dice: &mut Dice) -> bool {
        let at = dice.below(self.seats.len() as u64) as usize;
        let (who, seen) = self.seats[at].clone();
        let is_others = self.holder().is_some_and(|holder| holder != who.person);
        let mine = self.held.as_mut().filter(|held| held.holder == who.person);
        match dice.below(16) {
            0..4 => self.seats[at].1 = Some(version(test, &who, self.task)),
            4..7 => {
                let claimed = act(test, &who, Claim { task: self.task });
                assert_eq!(claimed.is_err(), is_others, "a claim is refused for another's alone");
                if !is_others {
                    let until = self.now + LEASE;
                    let fresh = self.holder().is_none();
                    let held = self.held.take().filter(|_| !fresh);
                    let mut sessions = held.map(|held| held.sessions).unwrap_or_default();
                    sessions.insert(who.id.0);
                    self.held = Some(Held { holder: who.person, until, sessions });
                }
            }
            7 => {
                act(test, &who, Release { task: Some(self.task) }).unwrap();
                if let Some(held) = mine {
                    held.sessions.remove(&who.id.0);
                    if held.sessions.is_empty() {
                        self.held = None;
                    }
                }
            }
            8 => {
                let holds = self.holder() == Some(&who.person);
                let given = act(test, &who, GiveUp { task: self.task });
                assert_eq!(given.is_ok(), holds);
                if holds {
                    self.held = None;
                }
            }
            9 => {
                act(test, &who, LookAt { task: Some(self.task), seen }).unwrap();
            }
            10 => {
                act(test, &who, Leave {}).unwrap();
                if let Some(held) = mine {
                    held.sessions.remove(&who.id.0);
                }
                self.next_session += 1;
                self.seats[at] = (session(&who.person, self.next_session), None);
            }
            11 => {
                let seconds = [1, 60, LEASE / 2, LEASE][dice.below(4) as usize];
                test.clock.advance(seconds);
                self.now += seconds;
            }
            _ => return self.decide(test, at, is_others),
        }
        false
    }

    fn decide(&mut self, test: &mut TestDesk, at: usize, is_others: bool) -> bool {
        let (who, Some(seen)) = self.seats[at].clone() else { return false };
        let request = puts_off().for_task(self.task, seen);
        match act(test, &who, Decide { request }) {
            Ok(receipt) => {
                assert!(!is_others, "another works on it");
                assert!(seen >= self.decided, "it was decided after {who:?} saw it");
                self.decided = receipt.sequence;
                self.held = None;
                true
            }
            Err(NotDone::Refused(Refusal::ClaimedBy { holder })) => {
                assert_eq!(self.holder(), Some(&*holder));
                assert!(is_others);
                false
            }
            Err(NotDone::Refused(Refusal::Stale { since, .. })) => {
                assert!(seen < self.decided, "nothing had happened");
                assert!(since.iter().any(|line| line.contains(" by ")), "{since:?}");
                false
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn however_two_people_take_turns_on_a_task_it_is_never_decided_twice() {
    let mut dice = Dice(17);
    let (rounds, mut made, mut without) = (interleavings(), 0, 0);
    // In a workspace of their own each time, whose past is read quickly.
    for first in (0..rounds).step_by(1_000) {
        let (decided, idle) = takes_turns(&mut dice, (rounds - first).min(1_000));
        made += decided;
        without += idle;
    }
    let both = made > rounds / 4 && without > rounds / 10;
    assert!(both, "both happen: {made} decisions, {without} of {rounds} without one");
}

/// So many rounds; how many decisions were made, and in how many rounds none was.
fn takes_turns(dice: &mut Dice, rounds: u32) -> (u32, u32) {
    let mut test = pairs();
    let tasks = test.pending(TaskKind::Duplicate);
    let view = test.task(tasks[0]);
    let customers: Vec<CustomerId> = view.columns.iter().map(|it| it.customer).collect();
    let last = tasks.iter().map(|task| task.0).max().unwrap();
    let (mut made, mut without) = (0, 0);
    let mut next_session = 10;
    for number in 1..=rounds {
        // Each round has a task of its own: what happened to it before is read again and again.
        open_task(test.desk(), &customers);
        let task = TaskId(last + number);
        let people = ["kim", "kim", "sam", "sam"];
        let seats = people.map(|person| {
            next_session += 1;
            (session(person, next_session), None)
        });
        let decided = version(&mut test, &seats[0].0, task);
        let mut round = Round {
            task,
            seats: seats.to_vec(),
            held: None,
            now: 0,
            decided,
            next_session: next_session + 1_000_000_000,
        };
        let before = made;
        for _ in 0..4 + dice.below(12) {
            made += u32::from(round.step(&mut test, dice));
        }
        without += u32::from(made == before);
        for (who, _) in &round.seats {
            act(&mut test, who, Leave {}).unwrap();
        }
    }
    let count = test.desk().facts().view.counters().unwrap().decisions;
    assert_eq!(count, made, "every decision was confirmed to whoever made it");
    (made, without)
}
