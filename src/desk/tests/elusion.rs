//! How much was found: pairs drawn below review, asked as ordinary tasks, and what is told of them.

use super::rematch::row;
use super::*;
use door::operations::{Dashboard, Extent, MatchStatus};
use door::views::RecallView;

const PEOPLE: u32 = 30;
/// So high that the pairs of the decayed lie below it.
const REVIEW: f64 = 0.99997;

/// People twice, and once more so decayed that most of them lie below a high review threshold.
fn drawn(draws: u32) -> TestDesk {
    let mut test = TestDesk::seeded(3);
    let settings = format!(
        "{SETTINGS}\n[matching]\nauto = 0.99999\nreview = {REVIEW}\n[review]\nelusion = {draws}\n"
    );
    std::fs::write(test.workspace().settings(), settings).unwrap();
    test.desk().adopt_settings().unwrap();
    let rows = |from: u32, decay: u8| -> String {
        (0..PEOPLE).map(|it| row(from + it, it as u8, decay)).collect()
    };
    test.import("crm", &rows(0, 0));
    test.import("shop", &rows(0, 1));
    test.import("crm", &rows(100, 15));
    test.match_to(Extent::Full);
    test
}

fn recall(test: &mut TestDesk) -> Option<RecallView> {
    test.ask(MatchStatus {}).unwrap().recall
}

fn sampled(test: &mut TestDesk) -> Vec<TaskId> {
    let facts = test.desk().facts();
    crate::elusion::asked(facts).unwrap().into_iter().collect()
}

/// Answers one task by the truth: records of one person have numbers that are the same but for hundreds.
fn answer(test: &mut TestDesk, task: TaskId) {
    let facts = test.desk().facts();
    let task = facts.view.task(task).unwrap().unwrap().task;
    if !task.state.is_pending() {
        return;
    }
    let person = |customer: &CustomerId| {
        let record = facts.view.customer(*customer).unwrap().unwrap().members[0];
        facts.body(record).unwrap().address.key.parse::<u32>().unwrap() % 100
    };
    let same = person(&task.customers[0]) == person(&task.customers[1]);
    let customers = task.customers.clone();
    let request = match same {
        true => merge_request(&[&customers]),
        false => apart_request(&[&customers[..1], &customers[1..]]),
    };
    test.does(Request { task: Some(task.id), ..request });
}

#[test]
fn pairs_below_review_are_asked_about_and_tell_how_much_was_found() {
    let mut test = drawn(60);
    let tasks = sampled(&mut test);
    assert!(!tasks.is_empty());
    for task in &tasks {
        let facts = test.desk().facts();
        let task = facts.view.task(*task).unwrap().unwrap().task;
        assert_eq!((task.kind, task.customers.len()), (TaskKind::Duplicate, 2));
        assert!(task.score.unwrap() < REVIEW, "{task:?}");
    }
    let begun = recall(&mut test).unwrap();
    assert_eq!(begun.below.drawn, 60);
    assert!(begun.below.answered < 60 && begun.made > 0, "{begun:?}");
    // Among so few records every pair is a candidate: no key brings fewer together.
    assert_eq!((begun.records, begun.beyond.asked), (90, 0));
    assert!(begun.beyond.drawn > 0 && begun.beyond.most > 0.0, "{begun:?}");
    // A run that proposes none of them settles none of them, learning or not.
    test.match_to(Extent::Everything);
    test.match_to(Extent::Full);
    assert_eq!(sampled(&mut test), tasks);
    assert!(tasks.iter().all(|it| test.pending(TaskKind::Duplicate).contains(it)));
    tasks.iter().for_each(|task| answer(&mut test, *task));
    let told = recall(&mut test).unwrap();
    assert_eq!((told.run, told.below.answered), (begun.run, told.below.asked));
    assert_eq!((begun.below.answered, begun.below.missed), (0, None), "nobody was asked yet");
    let share = told.share.unwrap();
    assert!(told.share_least <= share && share <= told.share_most, "{told:?}");
    assert!(told.below.most < begun.below.most, "answers narrow it: {told:?} {begun:?}");
    // Whoever looks is told the same, from the ledger alone.
    assert_eq!(test.ask(Dashboard {}).unwrap().recall, Some(told));
    test.reopen();
    assert_eq!(recall(&mut test), Some(told));
    // Now that all are answered, the next run that learns draws others.
    test.match_to(Extent::Full);
    assert_ne!(recall(&mut test).unwrap().run, begun.run);
}

#[test]
fn the_interval_holds_what_is_truly_missed() {
    let mut test = drawn(100);
    // Three records a person: who was decayed and is not with the others was missed, if no task asks.
    let missing = |test: &mut TestDesk| {
        let is_missing = |person: &u32| {
            let known = test.customer(&format!("crm:{person}"));
            known != test.customer(&format!("crm:{}", 100 + person))
        };
        (0..PEOPLE).filter(is_missing).count() as f64
    };
    let before = missing(&mut test);
    sampled(&mut test).into_iter().for_each(|task| answer(&mut test, task));
    let told = recall(&mut test).unwrap();
    let missing = missing(&mut test);
    assert!(told.candidates > 0, "{told:?}");
    let waiting = test.pending(TaskKind::Duplicate).len() as f64;
    assert!(told.below.most + waiting >= missing, "{missing} {told:?}");
    // Each decayed record may be missed twice over, once from each record of its customer; where the sample
    // found it by one of them, nobody was asked about the other.
    let pairs = 2.0 * missing + (before - missing);
    assert!(told.below.least <= pairs, "{before} {missing} {told:?}");
}

#[test]
fn nothing_is_drawn_unless_it_is_said_and_few_answers_say_nothing() {
    let mut test = drawn(0);
    assert_eq!(recall(&mut test), None);
    let mut test = drawn(5);
    let told = recall(&mut test).unwrap();
    assert_eq!(told.below.drawn, 5);
    assert!(told.told().starts_with("too few answers"), "{}", told.told());
}
