//! Settings that were adopted by a process that ended before everything was judged by them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::faults::{FIRST, World, import, panics};
use super::*;
use ledger::ports::simulated_files::Fault;

const RULE: &str = "[[rules]]\nid = \"phone-there\"\nfield = \"phone\"\ncheck = \"required\"\n\
                    severity = \"error\"\n";
/// Calls at the end of an opening that it is ended at.
const LAST_CALLS: u64 = 8;

fn tasks(world: &mut World) -> Vec<TaskId> {
    let mut tasks: Vec<_> = world.queue().unwrap().listed.iter().map(|it| it.task).collect();
    tasks.sort_unstable();
    tasks
}

/// A workspace with records, and a rule more in its `steward.toml`.
fn world() -> World {
    let mut world = World::over(Databases::default());
    import(&mut world, FIRST).unwrap();
    let settings = SETTINGS.replace("[decisions]\n", &format!("{RULE}\n[decisions]\n"));
    std::fs::write(world.workspace().settings(), settings).unwrap();
    world
}

fn head(world: &mut World) -> u64 {
    world.desk().facts().ledger.head().unwrap().sequence.0
}

/// The desk goes as if its process was killed.
fn kill(world: &mut World) {
    if let Some(mut desk) = world.desk.take() {
        desk.standing.must_reopen = true;
    }
}

fn open(world: &World) -> Desk {
    Desk::open(world.workspace(), world.environment(), &mut |_, _| {}).unwrap().0
}

/// As [`world`], killed once the settings were adopted and before the first task was opened.
fn killed_between() -> World {
    for call in 0.. {
        let mut world = world();
        let before = head(&mut world);
        world.files.interrupt(world.files.calls() + call, panics);
        let adopted = catch_unwind(AssertUnwindSafe(|| world.desk().adopt_settings()));
        assert!(adopted.is_err(), "nothing lies between");
        if head(&mut world) == before + 1 {
            kill(&mut world);
            return world;
        }
    }
    unreachable!()
}

fn judged() -> Vec<TaskId> {
    let mut whole = world();
    let before = tasks(&mut whole).len();
    assert!(whole.desk().adopt_settings().unwrap());
    let judged = tasks(&mut whole);
    assert!(judged.len() > before, "no record has a phone");
    judged
}

#[test]
fn an_opening_that_ends_before_all_is_judged_leaves_that_to_the_next_one() {
    let judged = judged();
    let mut world = killed_between();
    let calls = world.files.calls();
    world.desk = Some(open(&world));
    let calls = world.files.calls() - calls;
    assert_eq!(tasks(&mut world), judged, "opened once");
    let mut switched = 0;
    for back in 1..=LAST_CALLS {
        let mut world = killed_between();
        world.files.interrupt(world.files.calls() + calls - back, panics);
        let opened = catch_unwind(AssertUnwindSafe(|| open(&world)));
        assert!(opened.is_err(), "{back} calls before its end");
        let (number, _) = world.workspace().store().unwrap().unwrap();
        switched += u32::from(number > 1);
        world.desk = Some(open(&world));
        assert_eq!(tasks(&mut world), judged, "{back} calls before its end");
        world.is_folded("opened again");
    }
    assert!(switched > 1, "the store was the new one {switched} times");
}

#[test]
fn a_store_that_is_lost_in_between_is_made_again_with_what_was_to_be_judged() {
    let mut world = killed_between();
    let (_, folder) = world.workspace().store().unwrap().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    world.desk = Some(open(&world));
    assert_eq!(tasks(&mut world), judged());
}

#[test]
fn what_a_full_disk_left_unjudged_is_judged_by_the_next_opening() {
    let full = (0..10).find_map(|call| {
        let mut world = world();
        let before = head(&mut world);
        let _ = world.files.clone().with_fault(world.files.calls() + call, Fault::Fail);
        let failed = world.desk().adopt_settings().is_err();
        (failed && head(&mut world) == before + 1).then_some(world)
    });
    // The desk goes on and is closed well: that must not hide it.
    let mut full = full.expect("a call of the second commit");
    assert!(tasks(&mut full).len() < judged().len());
    full.desk = None;
    full.desk = Some(open(&full));
    assert_eq!(tasks(&mut full), judged());
    let last = head(&mut full);
    full.desk = None;
    full.desk = Some(open(&full));
    assert_eq!(head(&mut full), last, "nothing is judged twice");
}
