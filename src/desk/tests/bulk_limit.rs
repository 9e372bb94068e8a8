//! `[decisions] bulk_max` holds for each bulk, whoever goes on with it and in whatever order.

use super::bulk::pairs;
use super::*;
use domain::{BulkId, Until};
use door::operations::{Decide, DecideSome, Release};
use door::{BulkOutcome, BulkStep, BulkVerdict, NotDone, Session, SessionId, Streams};
use jiff::tz::TimeZone;

/// Six tasks, of which a bulk may decide three.
fn limited() -> TestDesk {
    let mut test = pairs();
    let settings = SETTINGS.replace("[decisions]", "[decisions]\nbulk_max = 3");
    std::fs::write(test.folder.path().join("steward.toml"), settings).unwrap();
    assert!(test.desk().adopt_settings().unwrap());
    test
}

fn session(id: u64) -> Session {
    Session { id: SessionId(id), ..Session::local("kim", TimeZone::UTC) }
}

/// Puts one task off as part of a bulk.
fn put_off(test: &mut TestDesk, who: u64, bulk: Option<BulkId>) -> BulkOutcome {
    test.clock.advance(60);
    let task = test.pending(TaskKind::Duplicate)[0];
    let verdict = BulkVerdict::Defer { until: Until::DataChanges };
    let (tasks, rehearse) = (vec![(task, None)], false);
    let step = BulkStep {
        verdict,
        reason: None,
        note: None,
        tasks,
        bulk,
        left: 0,
        rehearse,
        break_glass: None,
    };
    test.desk().act(&session(who), DecideSome { step }, Streams::default()).unwrap()
}

fn is_full(outcome: &BulkOutcome) -> bool {
    let refusal = outcome.results[0].refusal.as_ref().map(ToString::to_string);
    refusal.is_some_and(|why| why.starts_with("4 tasks are too many for one bulk"))
}

#[test]
fn bulks_that_take_turns_are_counted_each_by_itself() {
    let mut test = limited();
    let [one, other] = [1, 1].map(|who| put_off(&mut test, who, None).bulk);
    assert_ne!(one, other);
    for _ in 0..2 {
        for bulk in [one, other] {
            assert!(!is_full(&put_off(&mut test, 1, bulk)));
        }
    }
    for bulk in [one, other, one] {
        assert!(is_full(&put_off(&mut test, 1, bulk)));
    }
    assert_eq!(put_off(&mut test, 1, None).results[0].refusal, None, "a new one may begin");
}

#[test]
fn a_bulk_is_full_for_every_session_and_for_a_desk_opened_again() {
    let mut test = limited();
    let bulk = put_off(&mut test, 1, None).bulk;
    // Each session in turn knows less of it than the store does.
    assert!(!is_full(&put_off(&mut test, 2, bulk)));
    assert!(!is_full(&put_off(&mut test, 1, bulk)));
    for who in [2, 1, 3] {
        assert!(is_full(&put_off(&mut test, who, bulk)), "session {who}");
    }
    test.reopen();
    assert!(is_full(&put_off(&mut test, 1, bulk)));
    test.desk().act(&session(1), Release { task: None }, Streams::default()).unwrap();
    assert!(is_full(&put_off(&mut test, 1, bulk)), "its state was freed");
}

#[test]
fn a_single_decision_that_names_a_bulk_counts_and_no_bulk_is_made_up() {
    let mut test = limited();
    let bulk = put_off(&mut test, 1, None).bulk;
    let mut decide = |bulk| {
        test.clock.advance(60);
        let task = test.pending(TaskKind::Duplicate)[0];
        let request = Request::new(Action::Defer { until: Until::DataChanges });
        let request = Request { task: Some(task), bulk, ..request };
        test.desk().act(&session(1), Decide { request }, Streams::default())
    };
    for _ in 0..2 {
        assert_eq!(decide(bulk).unwrap().bulk, bulk);
    }
    let Err(NotDone::Refused(full)) = decide(bulk) else { panic!("it is full") };
    assert!(full.to_string().contains("too many for one bulk"), "{full}");
    let unknown = decide(Some(BulkId(bulk.unwrap().0 + 2)));
    let Err(NotDone::Refused(Refusal::Unknown { subject })) = unknown else { panic!("made up") };
    assert_eq!(subject, "B3");
}
