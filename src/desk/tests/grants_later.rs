//! Later runs under a grant: what they merge, its checks, and the end of a grant that does not keep what was
//! promised.

use super::grants::{
    answers_until_offered, gives, largest, offered, organisations, row, shown, strata,
};
use super::overview::verify;
use super::second_looks::{DAY, decides, told};
use super::*;
use domain::{CensusId, TaskState};
use door::operations::{Dashboard, Extent, MatchStatus, ShowCustomer};
use door::views::{GrantView, LaterView, StratumState};
use jiff::ToSpan;

/// A stratum that was granted, with its census.
pub(super) fn granted(count: usize) -> (TestDesk, CensusId) {
    let (mut test, census) = offered(count);
    gives(&mut test, census);
    test.clock.advance(60);
    (test, census)
}

/// So many organisations more, each delivered twice alike, and a run.
pub(super) fn more(
    test: &mut TestDesk,
    numbers: std::ops::Range<usize>,
    extent: Extent,
) -> MatchOutcome {
    let rows: String =
        numbers.map(|at| row(&format!("c{at}"), at) + &row(&format!("d{at}"), at)).collect();
    test.import("crm", &rows);
    test.clock.advance(60);
    test.match_to(extent)
}

pub(super) fn grant(test: &mut TestDesk, census: CensusId) -> GrantView {
    shown(test, census).stratum.grant.unwrap()
}

fn state(test: &mut TestDesk, task: TaskId) -> TaskState {
    test.desk().facts().view.task(task).unwrap().unwrap().task.state
}

#[test]
fn a_later_run_merges_under_the_grant_and_asks_a_part_of_it_blind() {
    for (extent, count, asked) in [(Extent::Full, 24, 20), (Extent::Changed, 3, 3)] {
        let (mut test, census) = granted(60);
        // What people answered is learned, so that a run may take the model as it is.
        test.match_to(Extent::Full);
        test.clock.advance(60);
        let before = grant(&mut test, census);
        let pending = test.pending(TaskKind::Duplicate).len();
        let decided = test.ask(Dashboard {}).unwrap().people[0].week;
        let outcome = more(&mut test, 500..500 + count, extent);
        assert_eq!(outcome.learned, extent == Extent::Full);
        let made = count as u64;
        let [under] = &outcome.granted[..] else { panic!("{outcome:?}") };
        assert_eq!((under.census, under.made, under.left, under.checks), (census, made, 0, asked));
        assert_eq!(outcome.merged, made);
        assert_eq!(test.pending(TaskKind::Duplicate).len(), pending, "nothing of it is asked");
        let checks = test.pending(TaskKind::Check);
        assert_eq!(checks.len() as u64, asked);
        let now = grant(&mut test, census);
        assert_eq!((now.granted, now.made), (before.granted, before.made), "on trust: no promise");
        let expected =
            LaterView { joins: made, stand: made, waiting: asked, ..LaterView::default() };
        assert_eq!(now.later, expected);
        assert_eq!(now.decisions.len(), before.decisions.len() + 1);
        assert_eq!(now.broken, None);
        let view = test.task(checks[0]);
        assert_eq!(view.columns.len(), 2, "two customers, as they were");
        let said = format!("{:?} {:?}", view.reasons, view.earlier);
        assert!(
            !said.contains("merged") && !said.contains(&now.decisions[0].to_string()),
            "{said}"
        );
        let line =
            format!("{} merged {made} joins under the grant of {census}", outcome.run.unwrap());
        let history = told(&mut test, None);
        assert!(history.iter().any(|entry| entry.what.contains(&line)), "{history:?}");
        assert_eq!(test.ask(Dashboard {}).unwrap().people[0].week, decided, "no work of anybody");
        // Between the import and the run they were two.
        let before_run = test.desk().facts().now.checked_sub(30.seconds()).unwrap();
        let customer = test.customer("crm:c500");
        for (at, records) in [(None, 2), (Some(before_run), 1)] {
            let seen = test.ask(ShowCustomer { customer, at, unmask: false }).unwrap();
            assert_eq!(seen.column.members.len(), records, "{at:?}");
        }
        verify(&mut test);
        let dump = test.dump();
        test.rebuild();
        assert_eq!(test.dump(), dump, "replay gives the same");
    }
}

#[test]
fn a_check_that_is_confirmed_stays_and_one_that_is_refused_is_two_again() {
    let (mut test, census) = granted(60);
    more(&mut test, 500..524, Extent::Full);
    let checks = test.pending(TaskKind::Check);
    let merged = test.picture();
    let yes = decides(&mut test, checks[0], true);
    assert_eq!(test.picture(), merged);
    assert_eq!(state(&mut test, checks[0]), TaskState::Decided { decision: yes });
    let no = decides(&mut test, checks[1], false);
    assert_ne!(test.picture(), merged);
    let later = grant(&mut test, census).later;
    assert_eq!((later.stand, later.waiting, later.wrong, later.again), (23, 18, 0, 2), "{later:?}");
    assert_eq!(test.pending(TaskKind::Second).len(), 2, "the no, and the yes beside it");
    // A day later each is asked of two customers again, and counts.
    test.clock.advance(DAY);
    for task in test.pending(TaskKind::Second) {
        assert_eq!(test.task(task).columns.len(), 2);
        let first = test.desk().facts().view.task(task).unwrap().unwrap().task.second_look_at();
        decides(&mut test, task, first == Some(yes));
    }
    let later = grant(&mut test, census).later;
    assert_eq!((later.right, later.wrong, later.again), (1, 1, 0));
    assert_eq!(test.ask(MatchStatus {}).unwrap().second.all.same, 2);
    verify(&mut test);
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
    test.undo(no);
    assert_eq!(test.picture(), merged);
    assert_eq!(state(&mut test, checks[1]), TaskState::Open, "it asks again");
    // A run settles no check.
    test.clock.advance(60);
    test.match_to(Extent::Full);
    assert!(test.pending(TaskKind::Check).contains(&checks[1]));
    verify(&mut test);
}

#[test]
fn a_check_takes_no_other_answer() {
    let (mut test, _) = granted(60);
    more(&mut test, 500..503, Extent::Full);
    let task = test.pending(TaskKind::Check)[0];
    let view = test.task(task);
    let asked: Vec<CustomerId> = view.columns.iter().map(|column| column.customer).collect();
    let other = test.customer("crm:a1");
    let merge = |groups: Vec<Vec<CustomerId>>, into| Action::Merge {
        groups,
        into,
        picks: Default::default(),
        rest: door::Rest::Stay,
    };
    for (action, why) in [
        (merge(vec![asked.clone()], Some(asked[0])), "you cannot name a survivor"),
        (merge(vec![vec![asked[0], other]], None), "does not ask about"),
        (merge(vec![vec![asked[0]]], None), "name each of them once"),
        (Action::NotAMatch { groups: vec![asked.clone()] }, "name each of them once"),
        (Action::Accept, "is a check"),
        (Action::Keep, "is a check"),
    ] {
        let refused = test.is_refused(Request::new(action).for_task(task, view.version));
        assert!(refused.to_string().contains(why), "{refused}");
    }
    let until = domain::Until::DataChanges;
    let deferred = Request::new(Action::Defer { until }).for_task(task, view.version);
    test.does(deferred);
    assert!(matches!(state(&mut test, task), TaskState::Deferred { .. }));
}

#[test]
fn a_grant_is_taken_back_with_what_later_runs_merged_and_back_again() {
    let (mut test, census) = granted(60);
    more(&mut test, 500..510, Extent::Full);
    let (merged, checks) = (test.picture(), test.pending(TaskKind::Check));
    let GrantView { decisions, .. } = grant(&mut test, census);
    let undone = test.does(Request::new(Action::Undo {
        decisions: decisions.iter().rev().copied().collect(),
        with_dependents: false,
        choices: Default::default(),
    }));
    assert_ne!(test.picture(), merged);
    assert_eq!(shown(&mut test, census).stratum.grant, None);
    assert_eq!(test.pending(TaskKind::Check), [], "nothing is left to check");
    verify(&mut test);
    test.undo(undone.decision);
    assert_eq!(test.picture(), merged);
    assert_eq!(test.pending(TaskKind::Check), checks);
    assert_eq!(grant(&mut test, census).later.waiting, 10);
    verify(&mut test);
}

#[test]
fn a_grant_whose_checks_are_wrong_is_suspended_by_the_next_run() {
    let (mut test, census) = granted(60);
    more(&mut test, 500..524, Extent::Full);
    for task in test.pending(TaskKind::Check) {
        decides(&mut test, task, false);
    }
    assert_eq!(grant(&mut test, census).broken, None, "a no counts when it was said again");
    test.clock.advance(DAY);
    for task in test.pending(TaskKind::Second) {
        decides(&mut test, task, false);
    }
    let why = grant(&mut test, census).broken.unwrap();
    assert_eq!(why, "20 of 20 checks wrong, more than was promised");
    let outcome = more(&mut test, 600..606, Extent::Full);
    assert_eq!(outcome.granted, []);
    let [suspended] = &outcome.suspended[..] else { panic!("{outcome:?}") };
    assert_eq!((suspended.census, &suspended.why), (census, &why));
    assert_eq!(test.pending(TaskKind::Check), []);
    let stratum = strata(&mut test).into_iter().find(|it| it.census == census).unwrap();
    assert_eq!(stratum.state, StratumState::Suspended);
    assert_eq!(stratum.grant.as_ref().unwrap().suspended, Some(suspended.decision));
    let history = told(&mut test, None);
    let line = format!("{} suspended the grant of {census}: {why}", outcome.run.unwrap());
    assert!(history.iter().any(|entry| entry.what.contains(&line)), "{history:?}");
    assert_eq!(test.match_to(Extent::Full).suspended, [], "once");
    verify(&mut test);
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
    // Taken back by a person it is in force again, until the next run finds the same.
    test.undo(suspended.decision);
    assert!(grant(&mut test, census).broken.is_some());
    test.clock.advance(60);
    assert_eq!(test.match_to(Extent::Full).suspended.len(), 1);
}

#[test]
fn what_somebody_put_off_is_not_merged_by_a_later_run() {
    let mut test = organisations(60);
    let census = largest(&mut test).census;
    let task = *test.pending(TaskKind::Duplicate).last().unwrap();
    let view = test.task(task);
    let until = domain::Until::Time("2027-06-01T00:00:00Z".parse().unwrap());
    test.does(Request::new(Action::Defer { until }).for_task(task, view.version));
    answers_until_offered(&mut test, census);
    gives(&mut test, census);
    test.clock.advance(60);
    let outcome = test.match_to(Extent::Full);
    let left: u64 = outcome.granted.iter().map(|under| under.left).sum();
    let made: u64 = outcome.granted.iter().map(|under| under.made).sum();
    assert_eq!((made, left), (0, 1), "{outcome:?}");
    assert!(matches!(state(&mut test, task), TaskState::Deferred { .. }));
}

#[test]
fn erasing_somebody_settles_their_check_and_leaves_the_census() {
    let (mut test, census) = granted(60);
    more(&mut test, 500..504, Extent::Full);
    let checks = test.pending(TaskKind::Check);
    let read = |test: &mut TestDesk| {
        let facts = test.desk().facts();
        let (_, entry) = facts.view.censuses().unwrap().pop().unwrap();
        facts.event(entry.place).unwrap()
    };
    let before = read(&mut test);
    let gone = test.customer("crm:c501");
    test.erase(gone);
    assert_eq!(test.pending(TaskKind::Check).len(), checks.len() - 1);
    assert_eq!(read(&mut test), before, "ids and fingerprints of ids only");
    assert_eq!(grant(&mut test, census).later.stand, 3);
    test.clock.advance(60);
    assert_eq!(test.match_to(Extent::Full).suspended, []);
    verify(&mut test);
}
