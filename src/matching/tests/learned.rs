//! What people's decisions teach a run.

use super::*;

/// What is true of records that follow each other, said pair by pair by somebody who knows the
/// `person` of each: of the first `count` such pairs among 300 records.
pub(super) fn answers_of(
    records: &[(u32, Values)],
    count: usize,
    person: impl Fn(u32) -> u32,
) -> Vec<Judgement> {
    let there =
        |number: u32| records.iter().any(|(own, _)| *own == number).then_some(RecordId(number));
    let judged = (0..300).filter_map(|it| {
        let (left, right) = (there(it)?, there(it + 1)?);
        let same = person(it) == person(it + 1);
        Some(if same { vec![vec![left, right]] } else { vec![vec![left], vec![right]] })
    });
    judged.take(count).map(|groups| Judgement { groups, joined: true }).collect()
}

/// The same of [`many`], every third of whom was delivered twice.
fn answers(records: &[(u32, Values)], count: usize) -> Vec<Judgement> {
    answers_of(records, count, delivered)
}

/// The first record of whoever this is one of, among [`many`].
pub(super) fn delivered(record: u32) -> u32 {
    if record % 3 == 2 { record - 1 } else { record }
}

fn taught(records: &[(u32, Values)], judgements: Vec<Judgement>) -> Outcome {
    let decided = Constraints { judgements, ..Constraints::default() };
    matched(&columns(records), &decided, &[])
}

/// Of people delivered twice, that each is one, or that each is two.
fn each_twice(same: bool) -> Vec<Judgement> {
    let each = (0..25).map(|it| [it * 3 + 1, it * 3 + 2].map(RecordId));
    let groups = each.map(|[a, b]| if same { vec![vec![a, b]] } else { vec![vec![a], vec![b]] });
    groups.map(|groups| Judgement { groups, joined: true }).collect()
}

fn probability(outcome: &Outcome, records: &[(u32, Values)], a: usize, b: usize) -> f64 {
    score(&outcome.model, &settings(), &fingerprinter(), &records[a].1, &records[b].1)
}

#[test]
fn a_few_decisions_teach_nothing_and_change_nothing() {
    let records = many(600);
    let none = taught(&records, Vec::new());
    let few = taught(&records, answers(&records, LEAST_JOINS - 1));
    assert_eq!(few.model.kinds, none.model.kinds);
    assert_eq!((few.auto, few.proposals), (none.auto, none.proposals));
    assert!(none.model.kinds.iter().all(|kind| kind.learned.is_none()));
}

#[test]
fn decisions_raise_and_lower_what_is_like_them() {
    let records = many(600);
    let none = taught(&records, Vec::new());
    let (one, other) = (301, 302);
    let before = probability(&none, &records, one, other);
    let refused = taught(&records, each_twice(false));
    assert!(probability(&refused, &records, one, other) < before);
    let agreed = taught(&records, each_twice(true));
    assert!(probability(&agreed, &records, one, other) >= before);
    let layer = agreed.model.kinds[0].learned.as_ref().unwrap();
    assert_eq!((layer.decisions, layer.same, layer.different), (25, 25, 0));
    // What has nothing in common was below review, and stays far below.
    assert!(probability(&agreed, &records, 0, 4) < 0.01);
}

#[test]
fn what_is_not_learned_from_decisions_stays_as_it_is() {
    let records = many(600);
    let none = taught(&records, Vec::new()).model;
    let mut some = taught(&records, answers(&records, 60)).model;
    some.kinds.iter_mut().for_each(|kind| kind.learned = None);
    assert_eq!(some.kinds, none.kinds, "decisions move no other part of the model");
}

#[test]
fn the_order_of_records_and_the_number_of_threads_change_nothing_that_is_learned() {
    let records = many(600);
    let judgements = answers(&records, 80);
    let on = |threads, records: &[(u32, Values)]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| taught(records, judgements.clone()))
    };
    let backward: Vec<_> = records.iter().rev().cloned().collect();
    let found = on(1, &records);
    assert!(found.model.kinds[0].learned.is_some());
    assert_eq!(found, on(2, &backward));
}

#[test]
fn what_was_learned_is_a_step_of_its_own_and_survives_its_stored_form() {
    let records = many(600);
    let outcome = taught(&records, each_twice(false));
    let text = serde_json::to_string(&outcome.model).unwrap();
    let read: Model = serde_json::from_str(&text).unwrap();
    assert_eq!(read, outcome.model);
    let (a, b) = (&records[301].1, &records[302].1);
    let why = explain(&read, &settings(), &fingerprinter(), a, b);
    let step = why.steps.last().unwrap();
    assert_eq!(
        (step.comparison.as_str(), step.level.as_str()),
        (DECISIONS, "learned from 25 decisions")
    );
    assert!(step.fields.is_empty() && step.weight < 0.0);
    let sum = why.prior_weight + why.steps.iter().map(|step| step.weight).sum::<f64>();
    assert!((sum - why.match_weight).abs() < 1e-9);
    assert_eq!(why.probability, score(&read, &settings(), &fingerprinter(), a, b));
    assert!((why.classes.iter().map(|(_, chance)| chance).sum::<f64>() - 1.0).abs() < 1e-9);
    // A model of a run that knew of no such thing.
    let mut older: serde_json::Value = serde_json::from_str(&text).unwrap();
    older["kinds"][0].as_object_mut().unwrap().remove("learned");
    let older: Model = serde_json::from_value(older).unwrap();
    let why = explain(&older, &settings(), &fingerprinter(), a, b);
    assert!(why.steps.iter().all(|step| step.comparison != DECISIONS));
}

#[test]
fn records_that_are_gone_teach_nothing() {
    let records = many(600);
    let gone: Vec<_> = records.iter().filter(|(it, _)| *it >= 90).cloned().collect();
    let known = taught(&gone, answers(&records, 120));
    let layer = known.model.kinds[0].learned.as_ref();
    assert!(layer.is_some_and(|it| it.decisions < 60), "{layer:?}");
}
