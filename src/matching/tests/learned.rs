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

/// Two people or one of a home: alike in name, street and place, with these telephones and addresses.
fn of_a_home(home: u32, phones: [&str; 2], emails: [&str; 2]) -> [Values; 2] {
    let (family, street) = (format!("Quill{home}worth"), format!("{home} Rose Lane"));
    [0, 1].map(|it| {
        let (phone, email) = (phones[it].replace('*', &home.to_string()), emails[it]);
        let email = email.replace('*', &home.to_string());
        values(&["Edgar", &family, "", "", &email, &phone, &street, "62701", ""])
    })
}

/// What a home may be like whose two records are judged: father and son share the telephone, one person
/// moved on to another one.
const HOMES: [([&str; 2], [&str; 2], bool); 4] = [
    (["+12175550*1", "+12175550*1"], ["", ""], false),
    (["+12175550*1", ""], ["", ""], true),
    (["+12175550*1", "+12175550*1"], ["q*@example.com", "q*@example.com"], false),
    (["+12175550*1", "+12175550*2"], ["", "q*@example.com"], true),
];

/// Whatever decisions taught: a field that agrees weighs no less than one that is missing, and one that
/// differs no more, if it was so before. People said the opposite as often as they could.
#[test]
fn more_agreement_never_comes_to_weigh_less_than_a_missing_value() {
    let mut records = many(600);
    let mut judged = Vec::new();
    for home in 0..80 {
        let (phones, emails, same) = HOMES[home as usize % 4];
        let ids = [RecordId(1_000 + 2 * home), RecordId(1_001 + 2 * home)];
        records.extend(ids.map(|it| it.0).into_iter().zip(of_a_home(100 + home, phones, emails)));
        let [a, b] = ids;
        let groups = if same { vec![vec![a, b]] } else { vec![vec![a], vec![b]] };
        judged.push(Judgement { groups, joined: true });
    }
    let none = taught(&records, Vec::new()).model;
    let some = taught(&records, judged).model;
    assert!(some.kinds[0].learned.is_some());
    let weight = |model: &Model, a: &Values, b: &Values| {
        explain(model, &settings(), &fingerprinter(), a, b).match_weight
    };
    let whole = values(&[
        "Edgar",
        "Marlowe",
        "",
        "1971-06-24",
        "em@example.com",
        "+12175559911",
        "7 Mill Road",
        "62704",
        "",
    ]);
    let others = [
        "Xaver",
        "Tibbs",
        "",
        "1932-02-27",
        "zz@example.org",
        "+12175554400",
        "99 Elm Street",
        "10117",
        "",
    ];
    let fields = ["given", "family", "", "birth", "email", "mobile", "street", "postcode"];
    // Pairs that are alike in everything but some fields, which both lack.
    for lacking in
        [&[][..], &["birth", "email"], &["birth", "email", "mobile"], &["birth", "street"]]
    {
        let mut base = whole.clone();
        lacking.iter().for_each(|field| drop(base.remove(field)));
        for (field, other) in fields.iter().zip(others).filter(|(it, _)| base.get(it).is_some()) {
            let (mut missing, mut differs) = (base.clone(), base.clone());
            missing.remove(field);
            differs.set(FieldName::new(*field), Value::as_delivered(other));
            let of = |model| [&base, &missing, &differs].map(|it| weight(model, &base, it));
            let ([same, lacks, differ], [same_now, lacks_now, differ_now]) = (of(&none), of(&some));
            assert!(same < lacks || same_now >= lacks_now - 0.01, "{field} without {lacking:?}");
            assert!(
                lacks < differ || lacks_now >= differ_now - 0.01,
                "{field} without {lacking:?}"
            );
        }
    }
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
