//! The store in other databases than the usual one: in memory, and in one whose calls fail. Whatever
//! fails there, what was acknowledged stands in the ledger, the desk says that its view is behind, and
//! opening the workspace again heals it.

use std::ops::Range;

use super::crashes::{Disk, WORK, check, work};
use super::*;
use domain::Commit;
use store::{DatabaseCall, Faults};

const ROWS: &str = "1,Ada,Fernsby,ada@example.com,,1980-01-02,,Salem,,M1,\n\
    2,Ada,Fernsby,ada@example.com,,1980-01-02,,Salem,,,\n\
    3,Ben,Tarn,broken,,,,Omaha,,M2,\n";

/// Reads that are made to fail, spread over all that there are.
const READS: u64 = 40;

fn failing() -> (Databases, Faults) {
    let faults = Faults::default();
    (Databases::Failing(Box::default(), faults.clone()), faults)
}

#[test]
fn a_desk_over_memory_says_what_one_over_a_disk_says() {
    let dumps = [Databases::OnDisk, Databases::InMemory].map(|databases| {
        let is_kept = databases.are_kept();
        let mut test = TestDesk::over(databases, 1);
        test.import("crm", ROWS);
        test.match_records();
        test.does(merge_request(&[&[CustomerId(1), CustomerId(3)]]));
        test.does(undo_request(DecisionId(1), false));
        let before = test.dump();
        test.reopen();
        assert_eq!(test.workspace().store().unwrap().is_some(), is_kept);
        assert_eq!(test.dump(), before);
        test.does(fix_request("crm:3", "email", "ben@example.com"));
        test.dump()
    });
    assert_eq!(dumps[0], dumps[1]);
}

#[test]
fn a_decision_whose_view_cannot_be_written_stands() {
    let (databases, faults) = failing();
    let mut test = TestDesk::over(databases, 1);
    test.import("crm", ROWS);
    test.does(merge_request(&[&[CustomerId(1), CustomerId(2)]]));
    faults.fail(DatabaseCall::Write, 0..u64::MAX);
    let fixed = test.does(fix_request("crm:3", "email", "ben@example.com"));
    assert_eq!(faults.made(DatabaseCall::Write), 1);
    assert_eq!(test.desk().facts().view.decision(fixed.decision).unwrap(), None);
    for _ in 0..2 {
        match test.decide(undo_request(DecisionId(1), false)) {
            Err(NotDone::Failed(why)) => {
                let why = why.to_string();
                assert!(why.starts_with("the view is behind the ledger: "), "{why}");
                assert!(why.ends_with("; decisions are safe; open it again"), "{why}");
            }
            other => panic!("{other:?}"),
        }
    }
    let facts = test.desk().facts();
    assert_eq!(facts.ledger.head().unwrap().sequence, fixed.sequence);
    test.desk = None;
    let refused = Desk::open(test.workspace(), test.environment(), &mut |_, _| {}).err().unwrap();
    assert!(refused.to_string().contains("a fault that was asked for"), "{refused}");
    faults.mend();
    let (desk, report) = Desk::open(test.workspace(), test.environment(), &mut |_, _| {}).unwrap();
    assert_eq!((report.replayed, report.rebuilt), (1, None));
    test.desk = Some(desk);
    let view = test.desk().facts().view;
    assert!(view.decision(fixed.decision).unwrap().unwrap().stands());
    assert!(view.decision(DecisionId(1)).unwrap().unwrap().stands());
    test.does(undo_request(fixed.decision, false));
}

#[test]
fn a_view_whose_disk_was_full_is_brought_up_by_the_next_decision_that_finds_room() {
    let (databases, faults) = failing();
    let mut test = TestDesk::over(databases, 1);
    test.import("crm", ROWS);
    faults.fill(DatabaseCall::Write, 0..1);
    let fixed = test.does(fix_request("crm:3", "email", "ben@example.com"));
    assert_eq!(test.desk().facts().view.decision(fixed.decision).unwrap(), None);
    // There is room again, and nobody has opened it again.
    let next = test.does(merge_request(&[&[CustomerId(1), CustomerId(2)]]));
    let view = test.desk().facts().view;
    for decision in [fixed.decision, next.decision] {
        assert!(view.decision(decision).unwrap().unwrap().stands());
    }
    assert!(!test.workspace().hidden().join("room").exists());
    let before = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), before);
}

/// The work over a disk whose database fails so; where it can be opened again nothing is lost.
fn survives(reference: &[Commit], call: DatabaseCall, numbers: Range<u64>) {
    let (databases, faults) = failing();
    let disk = Disk::over(databases);
    faults.fail(call, numbers.clone());
    let told = work(&disk, true);
    assert!(faults.made(call) > numbers.start, "{call:?} {numbers:?} were not made");
    faults.mend();
    check(&disk, &told, reference, &format!("{call:?} {numbers:?}: {:?}", told.failure));
}

#[test]
fn any_call_of_the_database_may_fail_and_reopening_heals_the_view() {
    let (databases, faults) = failing();
    let disk = Disk::over(databases);
    let told = work(&disk, false);
    assert_eq!((told.done, told.failure), (WORK.len(), None));
    let reference = disk.commits();
    for call in [DatabaseCall::Write, DatabaseCall::Flush, DatabaseCall::Read] {
        let made = faults.made(call);
        let step = if call == DatabaseCall::Read { made / READS } else { 1 };
        assert!(made > 0 && step > 0, "{call:?}: {made}");
        for number in (0..made).step_by(step as usize) {
            survives(&reference, call, number..number + 1);
            if call != DatabaseCall::Read {
                // As a disk that is full and stays so. A view that nobody can read answers nothing.
                survives(&reference, call, number..u64::MAX);
            }
        }
    }
}

#[test]
fn a_rebuild_that_cannot_be_flushed_leaves_the_view_in_use() {
    let (databases, faults) = failing();
    let mut test = TestDesk::over(databases, 1);
    test.import("crm", ROWS);
    let before = test.dump();
    test.desk = None;
    faults.fail(DatabaseCall::Flush, 0..1);
    let failed = Desk::open_rebuilt(test.workspace(), test.environment(), &mut |_, _| {});
    assert!(failed.err().unwrap().to_string().contains("a fault that was asked for"));
    let (desk, report) = Desk::open(test.workspace(), test.environment(), &mut |_, _| {}).unwrap();
    assert_eq!((report.replayed, report.rebuilt), (0, None));
    test.desk = Some(desk);
    assert_eq!(test.dump(), before);
}
