//! A match beside people who decide: it comes to what a match alone comes to, leaves alone what
//! they changed meanwhile, and can be stopped anywhere.

use proptest::prelude::*;

use super::bulk::{changes, queue};
use super::overview::verify;
use super::rematch::{PEOPLE, base, customers, row};
use super::*;
use domain::Until;
use door::operations::{Cancel, Extent, Match, Patterns, QueueSince, Watch};
use door::views::{JobEnd, JobKind, JobView, QueueNews};

fn job(test: &mut TestDesk) -> JobView {
    test.ask(Watch::default()).unwrap().unwrap()
}

fn start(test: &mut TestDesk) {
    let job = test.ask(Match::default()).unwrap();
    assert_eq!((job.kind, job.phase.as_str(), job.ended), (JobKind::Match, "reading", None));
}

/// Works until the match has ended, and after each step does what is due.
fn work(test: &mut TestDesk, mut meanwhile: impl FnMut(&mut TestDesk, &JobView)) -> Option<JobEnd> {
    while test.desk().is_working() {
        let rest = test.desk().work();
        let now = job(test);
        meanwhile(test, &now);
        // Another thread works.
        std::thread::sleep(rest.min(std::time::Duration::from_millis(1)));
    }
    job(test).ended
}

/// What it says it did.
fn sentences(ended: Option<JobEnd>) -> Vec<String> {
    match ended {
        Some(JobEnd::Done(report)) => report.sentences(),
        other => panic!("{other:?}"),
    }
}

/// So many rows of people who are known already, `step` people apart.
fn known(rows: u32, step: u32) -> String {
    (0..rows).map(|at| row(100 + at, ((at * step) % u32::from(PEOPLE)) as u8, 0)).collect()
}

#[test]
fn it_comes_to_what_a_match_alone_comes_to() {
    for rows in [known(3, 1), known(20, 1)] {
        let mut alone = base(1);
        alone.import("crm", &rows);
        let outcome = alone.match_records();
        let mut beside = base(1);
        beside.import("crm", &rows);
        start(&mut beside);
        let mut phases = Vec::new();
        let ended = work(&mut beside, |_, now| {
            if phases.last() != Some(&now.phase) {
                phases.push(now.phase.clone());
            }
        });
        let lines = sentences(ended);
        let merged = format!("{} customers merged away", outcome.merged);
        assert!(outcome.merged > 0 && lines[0].contains(&merged), "{lines:?}, {outcome:?}");
        assert!(phases.iter().any(|phase| phase == "merging"), "{phases:?}");
        assert_eq!(beside.picture(), alone.picture());
        assert_eq!(beside.pending_picture(), alone.pending_picture());
        let [ours, theirs] = [&mut beside, &mut alone]
            .map(|test| test.desk().facts().last_match().unwrap().unwrap());
        assert_eq!(
            (ours.records, ours.merged, ours.tasks),
            (theirs.records, theirs.merged, theirs.tasks)
        );
        verify(&mut beside);
        assert_eq!(beside.match_to(Extent::Changed).records, 0, "nothing is left to look at");
    }
}

#[test]
fn decisions_meanwhile_stand_and_are_passed_over() {
    let mut test = base(1);
    test.import("crm", &known(20, 1));
    let [old, new] = ["crm:1", "crm:101"].map(|record| test.customer(record));
    let [third, fourth] = ["crm:15", "crm:115"].map(|record| test.customer(record));
    start(&mut test);
    test.does(apart_request(&[&[old], &[new]]));
    let mut apart = false;
    let ended = work(&mut test, |test, now| {
        if now.phase == "merging" && !apart {
            test.does(apart_request(&[&[third], &[fourth]]));
            apart = true;
        }
    });
    assert!(apart);
    let lines = sentences(ended);
    assert!(
        lines.iter().any(|line| line.contains("skipped, having changed meanwhile")),
        "{lines:?}"
    );
    assert_ne!(test.customer("crm:1"), test.customer("crm:101"));
    assert_ne!(test.customer("crm:15"), test.customer("crm:115"));
    assert_eq!(test.customer("crm:2"), test.customer("crm:102"), "others are merged");
    verify(&mut test);
}

#[test]
fn the_queue_follows_a_match_without_being_read_anew() {
    let mut test = base(1);
    // Whoever is asked about comes once more: the task has another customer then.
    let tasks = test.desk().facts().view.pending_tasks().unwrap();
    let asked: Vec<CustomerId> = tasks.into_iter().flat_map(|it| it.task.customers).collect();
    let people = (0..PEOPLE).filter(|at| asked.contains(&test.customer(&format!("shop:{at}"))));
    let people: Vec<u8> = people.collect();
    let rows = people.iter().map(|at| row(100 + u32::from(*at), *at, at % 16));
    let rows: String = rows.collect();
    test.import("crm", &rows);
    let before = queue(&mut test, None);
    start(&mut test);
    let ended = work(&mut test, |_, _| ());
    assert!(matches!(ended, Some(JobEnd::Done(_))), "{ended:?}");
    // The answer is what changed, and not everything once more.
    let seen = changes(&mut test, before.generation);
    let mut tasks: Vec<TaskId> = before.listed.iter().map(|listed| listed.task).collect();
    tasks.retain(|task| !seen.gone.contains(task));
    tasks.extend(seen.kept.iter().map(|row| row.task));
    tasks.sort_unstable();
    tasks.dedup();
    assert!(!seen.kept.is_empty(), "{seen:?}");
    assert_eq!(tasks, test.pending(TaskKind::Duplicate), "{seen:?}");
}

#[test]
fn a_learned_model_has_patterns_judged_anew() {
    let mut test = base(1);
    let pattern = |test: &mut TestDesk| test.ask(Patterns { filter: None }).unwrap().patterns;
    let judged = pattern(&mut test);
    assert!(!judged.is_empty());
    let before = queue(&mut test, None);
    test.match_to(Extent::Full);
    let since = QueueSince { filter: None, order: Default::default(), since: before.generation };
    assert!(matches!(test.ask(since), Ok(QueueNews::Whole(_))), "everything is told once more");
    assert_eq!(pattern(&mut test), judged);
}

#[test]
fn stopped_anywhere_it_leaves_a_whole_workspace_that_the_next_match_completes() {
    let rows = known(20, 1);
    let mut expected = base(1);
    expected.import("crm", &rows);
    expected.match_records();
    for phase in ["reading", "merging", "queueing"] {
        let mut test = base(1);
        test.import("crm", &rows);
        start(&mut test);
        let mut stopped = false;
        if phase == "reading" {
            test.ask(Cancel { job: None }).unwrap();
            assert!(job(&mut test).stopping);
            stopped = true;
        }
        let ended = work(&mut test, |test, now| {
            if now.phase == phase && now.ended.is_none() && !stopped {
                assert!(test.ask(Cancel { job: None }).unwrap().is_some());
                stopped = true;
            }
        });
        assert!(stopped, "{phase}");
        assert_eq!(ended, Some(JobEnd::Cancelled), "{phase}");
        verify(&mut test);
        test.match_records();
        assert_eq!(test.state(), expected.state(), "stopped while {phase}");
        verify(&mut test);
    }
}

#[test]
fn a_desk_that_closes_in_the_middle_of_a_match_closes_whole() {
    let mut test = base(1);
    test.import("crm", &known(20, 1));
    start(&mut test);
    // Dropped without being stopped, as by a panic elsewhere.
    verify(&mut test);
    start(&mut test);
    while job(&mut test).phase != "merging" {
        test.desk().work();
    }
    test.desk().work();
    test.desk().stop();
    assert_eq!(job(&mut test).ended, Some(JobEnd::Cancelled));
    verify(&mut test);
}

#[derive(Debug, Clone)]
enum Meanwhile {
    Merge(u8, u8),
    Apart(u8, u8),
    Unmerge(u8),
    Correct(u8, u8),
    Pin(u8),
    Quarantine(u8),
    Defer(u8),
    UndoLast,
}

fn meanwhile() -> impl Strategy<Value = Meanwhile> {
    let two = || (any::<u8>(), any::<u8>());
    prop_oneof![
        two().prop_map(|(left, right)| Meanwhile::Merge(left, right)),
        two().prop_map(|(left, right)| Meanwhile::Apart(left, right)),
        any::<u8>().prop_map(Meanwhile::Unmerge),
        two().prop_map(|(record, value)| Meanwhile::Correct(record, value)),
        any::<u8>().prop_map(Meanwhile::Pin),
        any::<u8>().prop_map(Meanwhile::Quarantine),
        any::<u8>().prop_map(Meanwhile::Defer),
        Just(Meanwhile::UndoLast),
    ]
}

/// Decides where that is not refused.
fn decide(test: &mut TestDesk, what: &Meanwhile) {
    let ids = customers(test);
    let pick = |number: u8| ids[usize::from(number) % ids.len()];
    let request = match what {
        Meanwhile::Merge(left, right) => merge_request(&[&[pick(*left), pick(*right)]]),
        Meanwhile::Apart(left, right) => apart_request(&[&[pick(*left)], &[pick(*right)]]),
        Meanwhile::Unmerge(number) => {
            let customer = pick(*number);
            let facts = test.desk().facts();
            let members = facts.view.customer(customer).unwrap().unwrap().members;
            let last = members.last().map(|it| facts.body(*it).unwrap().address);
            Request::new(Action::Unmerge { customer, records: last.into_iter().collect() })
        }
        Meanwhile::Correct(record, value) => {
            let record = format!("crm:{}", record % PEOPLE);
            fix_request(&record, "email", &format!("p{}@example.com", value % PEOPLE))
        }
        Meanwhile::Pin(number) => {
            let picks = [("city".into(), door::Pick::Typed("Decatur".to_owned()))].into();
            Request::new(Action::Pin { customer: pick(*number), picks })
        }
        Meanwhile::Quarantine(number) => {
            let record = format!("shop:{}", number % PEOPLE).parse().unwrap();
            Request::new(Action::Quarantine { record })
        }
        Meanwhile::Defer(number) => {
            let tasks = test.pending(TaskKind::Duplicate);
            let Some(task) = tasks.get(usize::from(*number) % tasks.len().max(1)) else { return };
            let until = Until::DataChanges;
            Request { task: Some(*task), ..Request::new(Action::Defer { until }) }
        }
        Meanwhile::UndoLast => {
            let last = test.desk().facts().view.counters().unwrap().decisions;
            undo_request(DecisionId(last.max(1)), false)
        }
    };
    test.clock.advance(60);
    let answer = test.decide(request);
    assert!(matches!(answer, Ok(_) | Err(NotDone::Refused(_))), "{answer:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_decided_meanwhile_the_next_match_leaves_nothing_undone(
        decisions in prop::collection::vec((0..3_usize, meanwhile()), 1..8),
        (rows, step) in (1..24_u32, 1..7_u32),
    ) {
        let mut test = base(1);
        test.import("crm", &known(rows, step));
        start(&mut test);
        let mut left = decisions;
        let mut due = |test: &mut TestDesk, phase: usize| {
            if let Some(at) = left.iter().position(|(when, _)| *when == phase) {
                let (_, decision) = left.remove(at);
                decide(test, &decision);
            }
        };
        due(&mut test, 0);
        let ended = work(&mut test, |test, now| match now.phase.as_str() {
            "merging" => due(test, 1),
            "queueing" => due(test, 2),
            _ => due(test, 0),
        });
        prop_assert!(matches!(ended, Some(JobEnd::Done(_))), "{ended:?}");
        verify(&mut test);
        test.match_to(Extent::Changed);
        let state = test.state();
        test.match_to(Extent::Everything);
        prop_assert_eq!(test.state(), state);
    }
}
