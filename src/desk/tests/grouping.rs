//! Decisions that share a sync: they come to what they come to one by one, and of what may be lost
//! nobody hears.

use proptest::prelude::*;

use super::crashes::{self, Disk, Told, carry_out, head};
use super::faults::{FIRST, World, decide, import, panics};
use super::laws::{started, step, take};
use super::*;
use domain::{Commit, Sequence};
use door::operations::{Decide, History};
use door::{Keeper, Outcome};
use ledger::ports::simulated_files::{Fault, SimulatedFiles};
use store::View;

fn commits(desk: &Desk) -> Vec<(Sequence, Timestamp, domain::Actor, Vec<domain::Event>)> {
    let commits = desk.facts().ledger.commits_from(Sequence(1)).map(Result::unwrap);
    commits.map(|Commit { sequence, at, actor, events }| (sequence, at, actor, events)).collect()
}

/// The commit that the store below knows, without what is held back.
fn written(desk: &Desk) -> Sequence {
    View::over(desk.trees.below()).head().unwrap().unwrap().0
}

fn newest(desk: &Desk) -> Sequence {
    head(desk).unwrap().sequence
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn decisions_that_share_a_sync_come_to_what_they_come_to_singly(
        steps in prop::collection::vec(step(), 1..10),
        size in 1..6_usize,
    ) {
        let (mut single, mut grouped) = (started(), started());
        let (mut made, mut made_together) = (Vec::new(), Vec::new());
        for group in steps.chunks(size) {
            grouped.desk().begin_group();
            for step in group {
                let decision = take(&mut single, step, &made);
                made.extend(decision);
                let decision = take(&mut grouped, step, &made_together);
                made_together.extend(decision);
            }
            grouped.desk().end_group().unwrap();
            prop_assert_eq!(&made_together, &made);
            prop_assert_eq!(written(grouped.desk()), newest(grouped.desk()));
        }
        prop_assert_eq!(commits(grouped.desk()), commits(single.desk()));
        prop_assert_eq!(grouped.picture(), single.picture());
        prop_assert_eq!(grouped.pending_picture(), single.pending_picture());
        let before = grouped.dump();
        grouped.rebuild();
        prop_assert_eq!(grouped.dump(), before);
    }
}

/// Requests of every sort: each builds on those before it, some are refused.
fn requests() -> Vec<Request> {
    let comment = Action::Comment { customers: vec![CustomerId(3)] };
    let comment = Request { note: Some("called her".to_owned()), ..Request::new(comment) };
    vec![
        fix_request("crm:3", "email", "ben@example.com"),
        merge_request(&[&[CustomerId(1), CustomerId(2)]]),
        merge_request(&[&[CustomerId(1), CustomerId(2)]]),
        undo_request(DecisionId(2), false),
        comment,
        merge_request(&[&[CustomerId(1), CustomerId(3)]]),
        undo_request(DecisionId(99), false),
        fix_request("crm:1", "city", "Boulder"),
    ]
}

#[test]
fn every_answer_is_the_same_and_the_store_is_told_after_the_sync() {
    let answers = |is_grouped: bool| {
        let mut world = World::in_memory();
        import(&mut world, FIRST).unwrap();
        let before = newest(world.desk());
        if is_grouped {
            Keeper::begin_group(world.desk());
        }
        let ask = |request| world.act(Decide { request });
        let answers: Vec<Outcome<Receipt>> = requests().into_iter().map(ask).collect();
        if is_grouped {
            assert_eq!(written(world.desk()), before);
            assert!(newest(world.desk()) > before);
            Keeper::end_group(world.desk()).unwrap();
        }
        assert_eq!(written(world.desk()), newest(world.desk()));
        world.is_folded("decided");
        world.is_whole_when_closed("decided");
        answers
    };
    let (single, grouped) = (answers(false), answers(true));
    assert_eq!(grouped, single);
    let done = single.iter().filter(|answer| answer.is_ok()).count();
    assert!(done >= 4 && done < single.len(), "{single:?}");
}

/// What is decided together, after the imports and the match of the other crash tests.
fn together() -> [Request; 3] {
    [
        fix_request("crm:3", "email", "ben@example.com"),
        merge_request(&[&[CustomerId(1), CustomerId(4)]]),
        fix_request("crm:1", "city", "Boulder"),
    ]
}

/// Decides together; gives what was told, and whether the sync failed. The disk's calls are counted
/// from the group's first to its last.
fn work(disk: &Disk) -> (Told, bool, std::ops::Range<u64>) {
    let mut desk = Desk::create(disk.workspace(), disk.environment()).unwrap();
    for step in &crashes::WORK[..3] {
        step(&mut desk).unwrap();
    }
    let mut told = Told { head: head(&desk), ..Told::default() };
    let (shown, first) = (written(&desk), disk.files.calls());
    desk.begin_group();
    let answers = together().map(|request| carry_out(&mut desk, request));
    assert_eq!(written(&desk), shown, "the store is told before the sync");
    let ended = desk.end_group();
    let calls = first..disk.files.calls();
    match &ended {
        Ok(()) => {
            // Whoever was told of a failure was told so of its own write.
            told.head = head(&desk);
            let failure = answers.iter().find_map(|answer| answer.as_ref().err());
            told.failure = failure.map(ToString::to_string);
        }
        Err(error) => {
            let failure = door::Failure::from(error);
            assert!(failure.message.contains("outcome unknown"), "{failure}");
            assert_eq!(head(&desk), told.head, "what may be lost is not read");
            assert_eq!(written(&desk), shown);
            let fix = fix_request("crm:2", "city", "Boulder");
            let refused = carry_out(&mut desk, fix).unwrap_err().to_string();
            let clear = ["read-only until it is reopened", "decisions are safe"];
            assert!(clear.iter().any(|words| refused.contains(words)), "{refused}");
            told.failure = Some(failure.message);
        }
    }
    (told, ended.is_err(), calls)
}

#[test]
fn whatever_call_of_a_group_goes_wrong_what_was_acknowledged_is_there() {
    let disk = Disk::new(SimulatedFiles::new());
    let (told, _, calls) = work(&disk);
    assert_eq!(told.failure, None);
    crashes::check(&disk, &told, &[], "without a fault");
    let mut lost = 0;
    for fault in [Fault::PowerOff, Fault::Fail, Fault::Tear, Fault::FailAfter] {
        for call in calls.clone() {
            let mut disk = Disk::new(SimulatedFiles::new().with_fault(call, fault));
            let (told, is_unknown, _) = work(&disk);
            lost += u32::from(is_unknown);
            let context = format!("{fault:?} at call {call}");
            if fault == Fault::PowerOff {
                disk.files = disk.files.crash(call);
            }
            crashes::check(&disk, &told, &[], &context);
        }
    }
    assert!(lost >= 4, "the sync failed {lost} times");
}

#[test]
fn a_panic_within_a_group_loses_nothing_that_was_answered() {
    let begun = || {
        let mut world = World::in_memory();
        import(&mut world, FIRST).unwrap();
        world
    };
    let fixes = ["Boulder", "Omaha", "Decatur"].map(|city| fix_request("crm:2", "city", city));
    // As the keeper does it: after a panic the group ends at once, and the next is decided by itself.
    let decided = |world: &mut World| {
        let mut told: Vec<Outcome<()>> = Vec::new();
        let mut waiting = fixes.iter();
        Keeper::begin_group(world.desk());
        for fix in waiting.by_ref() {
            told.push(decide(world, fix.clone()));
            if world.desk().must_end_group() {
                break;
            }
        }
        if let Err(failure) = Keeper::end_group(world.desk()) {
            told.iter_mut().for_each(|it| *it = Err(failure.clone().into()));
        }
        told.extend(waiting.map(|fix| decide(world, fix.clone())).collect::<Vec<_>>());
        told
    };
    let mut world = begun();
    let first = world.files.calls();
    assert!(decided(&mut world).iter().all(Result::is_ok));
    let calls = first..world.files.calls();
    let mut panicked = 0;
    for call in calls {
        let mut world = begun();
        world.files.interrupt(call, panics);
        let answers = decided(&mut world);
        panicked += usize::from(answers.iter().any(Result::is_err));
        let context = format!("a panic at call {call}");
        let read = world.act(History { of: None, unmask: false }).unwrap();
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        assert!(read.len() >= done, "{context}: {answers:?}");
        world.is_folded(&context);
        world.is_whole_when_closed(&context);
    }
    assert!(panicked > 1);
}
