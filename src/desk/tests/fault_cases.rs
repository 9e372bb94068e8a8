//! Panics one by one: what stays of a desk, what goes, and what is done again in place.

use super::faults::*;
use super::*;
use crate::Stop;
use crate::job::{Stepped, Steps};
use crate::jobs::rekey::Rekeying;
use domain::{ReasonCode, Sequence};
use door::operations::{Claim, Decide, ErasureRequest, PrepareQueue, QueueSince, Watch};
use door::views::{JobEnd, QueueNews, QueueOrder, QueueView};
use door::{
    Asked, Door, DoorHandle, Keeper, NotDone, Operation, Outcome, Session, SessionId, Streams,
};
use jiff::tz::TimeZone;
use ledger::LedgerReader;
use ledger::ports::Files;
use ledger::ports::files::Lock;
use store::DatabaseCall;

/// The queue as a desk says that has just been opened.
fn fresh_queue(world: &mut World) -> QueueView {
    world.is_whole_when_closed("closed");
    world.queue().unwrap()
}

#[test]
fn a_panic_in_an_ask_leaves_no_stale_cache() {
    let mut world = World::in_memory();
    work(&mut world, "before");
    let expected = fresh_queue(&mut world);
    let first = world.desk().facts().ledger.head();
    for number in 0..20 {
        world.desk().queue.forget();
        world.desk().caches.forget();
        world.faults.interrupt(DatabaseCall::Read, number..number + 1, panics);
        let prepare = PrepareQueue { filter: Some("stake > 0".into()), order: Default::default() };
        let ended = world.act(prepare).map(|_| ()).and_then(|()| world.queue().map(|_| ()));
        let was_made = world.faults.made(DatabaseCall::Read) > number;
        assert_eq!(fault(&ended).is_some(), was_made, "read {number}: {ended:?}");
        world.faults.mend();
        let seen = world.queue().unwrap();
        assert_eq!((seen.listed, seen.rows), (expected.listed.clone(), expected.rows.clone()));
        assert!(!world.desk().standing.must_reopen, "nothing was written");
        if !was_made {
            assert!(number > 3, "only {number} reads");
            break;
        }
    }
    assert_eq!(world.desk().facts().ledger.head(), first);
    // Who asks what changed since a generation from before is given everything.
    let changed = world.act(QueueSince {
        filter: None,
        order: QueueOrder::default(),
        since: expected.generation,
    });
    assert!(matches!(changed.unwrap(), QueueNews::Whole(_)));
}

#[test]
fn claims_stay_and_long_work_ends_when_a_decision_panics() {
    let mut world = World::in_memory();
    import(&mut world, FIRST).unwrap();
    let task = world.desk().facts().view.pending_tasks().unwrap()[0].task.id;
    world.act(Claim { task }).unwrap();
    world.desk().act(&kim(), file(), input(CHANGED)).unwrap();
    world.faults.interrupt(DatabaseCall::Read, 0..1, panics);
    let fixed = decide(&mut world, fix_request("crm:1", "city", "Boulder"));
    assert!(fault(&fixed).is_some(), "{fixed:?}");
    let sam = Session { id: SessionId(2), ..Session::local("sam", TimeZone::UTC) };
    let claimed = world.desk().act(&sam, Claim { task }, Streams::default());
    let holder = "kim".to_owned();
    assert_eq!(claimed, Err(NotDone::Refused(Refusal::ClaimedBy { holder })));
    let ended = world.desk().job_view(None).unwrap().ended.unwrap();
    let JobEnd::Failed(why) = ended else { panic!("{ended:?}") };
    assert!(why.message.contains("running it again completes it"), "{why}");
    import(&mut world, CHANGED).unwrap();
    assert_eq!(world.desk().facts().view.counters().unwrap().records, 4);
}

#[test]
fn a_desk_that_cannot_be_opened_again_says_so_and_tries_whenever_it_is_asked() {
    let mut world = World::in_memory();
    import(&mut world, FIRST).unwrap();
    world.faults.interrupt(DatabaseCall::Write, 0..1, panics);
    let fix = || fix_request("crm:3", "email", "ben@example.com");
    assert!(fault(&decide(&mut world, fix())).is_some());
    world.faults.fail(DatabaseCall::Write, 0..u64::MAX);
    for _ in 0..2 {
        let Err(NotDone::Failed(failure)) = world.queue() else { panic!("answered from nothing") };
        assert!(failure.message.ends_with("; the next request tries again"), "{failure}");
        assert!(world.is_held(), "nobody else may write meanwhile");
    }
    // While it tries, another fault is no end either.
    world.faults.interrupt(DatabaseCall::Write, 0..1, panics);
    assert!(fault(&world.queue()).is_some());
    world.faults.mend();
    world.queue().unwrap();
    world.is_folded("mended");
    // It had been committed, though nobody was told.
    assert!(world.desk().facts().view.decision(DecisionId(1)).unwrap().unwrap().stands());
}

#[test]
fn the_desks_thread_survives_and_answers_what_comes_later() {
    let mut world = World::in_memory();
    import(&mut world, FIRST).unwrap();
    let (faults, reader) = (world.faults.clone(), world.desk().facts().ledger.clone());
    let desk = world.desk.take().unwrap();
    let (handle, thread) = DoorHandle::open(move || Ok::<Desk, ()>(desk)).unwrap();
    let door: &dyn Door = &handle;
    fn ask<O: Operation>(door: &dyn Door, operation: O) -> Outcome<O::Answer> {
        door.ask(&kim(), operation, Streams::default())
    }
    let fix = |city: &str| Decide { request: fix_request("crm:1", "city", city) };
    let mut told = Vec::new();
    for (call, city) in [(DatabaseCall::Read, "Boulder"), (DatabaseCall::Write, "Dayton")] {
        faults.interrupt(call, 0..1, panics);
        assert!(fault(&ask(door, fix(city))).is_some(), "{call:?}");
        faults.mend();
        told.push(ask(door, fix(&format!("{city} Falls"))).unwrap().sequence);
    }
    // A step of a job: who waits for news hears of its end.
    faults.interrupt(DatabaseCall::Write, 1..2, panics);
    let mut view = door.ask(&kim(), file(), input(CHANGED)).unwrap();
    while view.ended.is_none() {
        view = ask(door, Watch { job: None, ..Watch::past(&view) }).unwrap().unwrap();
    }
    assert!(matches!(view.ended, Some(JobEnd::Failed(_))), "{view:?}");
    faults.mend();
    told.push(ask(door, fix("Erie")).unwrap().sequence);
    for sequence in told {
        assert_eq!(reader.commit(sequence).unwrap().actor.person, "kim", "what was told is kept");
    }
    drop(handle);
    assert_eq!(thread.join().unwrap(), Ok(()), "the thread ended with its last handle");
    let (desk, _) = Desk::open(world.workspace(), world.environment(), &mut |_, _| {}).unwrap();
    world.desk = Some(desk);
    world.is_folded("opened");
}

#[test]
fn a_panic_never_leaves_the_desk_by_either_way_in() {
    let mut world = World::in_memory();
    import(&mut world, FIRST).unwrap();
    let asked = Asked::from(Decide { request: fix_request("crm:1", "city", "Boulder") });
    let bytes = door::to_bytes(&asked).unwrap();
    world.faults.interrupt(DatabaseCall::Read, 0..1, panics);
    let told = world.desk().bytes(&kim(), &bytes, Streams::default()).unwrap();
    let told: Outcome<Receipt> = door::from_bytes(&told).unwrap();
    assert!(fault(&told).is_some(), "{told:?}");
    world.faults.interrupt(DatabaseCall::Read, 0..1, panics);
    Keeper::carry(world.desk(), &kim(), asked.clone(), Streams::default());
    world.faults.mend();
}

#[test]
fn a_store_is_made_anew_in_place() {
    let mut world = World::over(Databases::OnDisk);
    work(&mut world, "before");
    let before = outcome(&mut world);
    let reader: LedgerReader = world.desk().facts().ledger.clone();
    let (files, lock) = (world.files.clone(), world.workspace().hidden().join("lock"));
    let mut held = true;
    let told = &mut |_: u64, _: u64| {
        held &= matches!(files.try_lock(&lock, "sam"), Ok(Lock::HeldBy(_)));
    };
    world.desk().rebuild(told).unwrap();
    assert!(held, "nobody else gets in between");
    assert_eq!(world.workspace().store().unwrap().unwrap().0, 2);
    assert_eq!(outcome(&mut world), before);
    decide(&mut world, fix_request("crm:1", "city", "Boulder")).unwrap();
    assert_eq!(reader.head(), world.desk().facts().ledger.head(), "readers go on");
    world.is_whole_when_closed("rebuilt");
}

/// A panic at calls to the disk spread over work that no operation does yet; afterwards the desk
/// answers, and the work is done the second time.
fn survives_in_place(work: impl Fn(&mut Desk) -> Result<(), Stop>, context: &str) {
    let prepared = || {
        let mut world = World::in_memory();
        import(&mut world, FIRST).unwrap();
        world
    };
    let mut without = prepared();
    let before = without.files.calls();
    work(without.desk()).unwrap();
    let made = without.files.calls() - before;
    let mut panicked = 0;
    for number in (0..made).step_by((made / PANICS).max(1) as usize) {
        let context = format!("{context}, call {number}");
        let mut world = prepared();
        let reader = world.desk().facts().ledger.clone();
        world.files.interrupt(world.files.calls() + number, panics);
        let done: Result<(), Stop> = world.desk().surviving(true, &work);
        // How many calls there are differs a little, with how far a thread has read ahead.
        world.files.interrupt(u64::MAX, panics);
        let was_fault = matches!(done, Err(Stop::Failed(crate::DeskError::Fault)));
        assert!(was_fault || done.is_ok(), "{context}: {done:?}");
        panicked += u32::from(was_fault);
        world.queue().unwrap_or_else(|error| panic!("{context}: {error}"));
        world.is_folded(&context);
        assert!(world.is_held(), "{context}");
        match work(world.desk()) {
            // The first time was enough.
            Ok(()) | Err(Stop::Refused(Refusal::Erased { .. })) => {}
            other => panic!("{context}: {other:?}"),
        }
        decide(&mut world, fix_request("crm:1", "city", "Boulder")).unwrap();
        assert_eq!(reader.head(), world.desk().facts().ledger.head(), "{context}");
        world.is_whole_when_closed(&context);
    }
    assert!(panicked > 5, "{context}: {panicked} panics");
}

#[test]
fn an_erasure_is_whole_or_not_there_whatever_panics() {
    let reason = Some(ReasonCode::new("request"));
    let request = ErasureRequest { customer: CustomerId(3), reason, note: None, request: None };
    survives_in_place(
        |desk| {
            desk.erase(&request, &mut |_, _| {})?;
            let facts = desk.facts();
            let told: Vec<_> = facts.ledger.commits_from(Sequence(1)).map(Result::unwrap).collect();
            assert!(!format!("{told:?}").contains("Tarn"), "nobody reads it any more");
            Ok(())
        },
        "an erasure",
    );
}

#[test]
fn keys_are_replaced_whatever_panics() {
    survives_in_place(
        |desk| {
            let mut steps: Box<dyn Steps<Desk>> = Box::new(Rekeying::default());
            while let Stepped::More(next, _) = steps.step(desk)? {
                steps = next;
            }
            Ok(())
        },
        "new keys",
    );
}

#[test]
fn an_erasure_in_place_keeps_the_lock_and_readers_and_refuses_beside_long_work() {
    let mut world = World::in_memory();
    import(&mut world, FIRST).unwrap();
    let reason = Some(ReasonCode::new("request"));
    let request = ErasureRequest { customer: CustomerId(3), reason, note: None, request: None };
    world.desk().act(&kim(), file(), input(CHANGED)).unwrap();
    let refused = world.desk().erase(&request, &mut |_, _| {});
    assert!(matches!(refused, Err(Stop::Refused(Refusal::DoesNotApply { .. }))), "{refused:?}");
    to_its_end(&mut world).unwrap();
    let reader: LedgerReader = world.desk().facts().ledger.clone();
    let (files, lock) = (world.files.clone(), world.workspace().hidden().join("lock"));
    let mut held = Vec::new();
    let told = &mut |_: u64, _: u64| {
        held.push(matches!(files.try_lock(&lock, "sam"), Ok(Lock::HeldBy(_))));
    };
    world.desk().erase(&request, told).unwrap();
    assert!(!held.is_empty() && held.iter().all(|held| *held), "nobody gets in between: {held:?}");
    assert_eq!(reader.head(), world.desk().facts().ledger.head());
    let told: Vec<_> = reader.commits_from(Sequence(1)).map(Result::unwrap).collect();
    assert!(!format!("{told:?}").contains("Tarn"), "readers that were there do not see it");
    world.is_folded("erased");
    world.is_whole_when_closed("erased");
}
