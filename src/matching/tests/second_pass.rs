//! Customers with many records: what only the second pass brings together.

use std::sync::LazyLock;

use super::super::blocking::{WITHIN_GROUPS, second_budget};
use super::*;

/// The people of [`crowded`]: their records are just too many for every pair of them to be compared, also
/// where some are left out.
const PEOPLE: u32 = 226;
/// Records of each of them.
pub(super) const EACH: u32 = 9;

/// Invented people with many records each, no two of which say the same: names are misheard and
/// shortened, dates lack or are wrong in a part, and hardly anything stands in two of them.
pub(super) fn crowded() -> Vec<(u32, Values)> {
    let people = many(PEOPLE * 3);
    let mut records = Vec::new();
    for (person, own) in people.iter().map(|(_, own)| own).step_by(3).enumerate() {
        let text = |field: &str| own.get(field).map_or("", |value| value.shown()).to_owned();
        let (given, family, birth) = (text("given"), text("family"), text("birth"));
        let (email, street) = (text("email"), text("street"));
        let initial = &given[..1];
        let misheard = format!("X{}", &family[1..]);
        let short = &family[..4];
        let (year, month, day) = (&birth[..4], &birth[5..7], &birth[8..]);
        let other_month = format!("{year}-{:02}-{day}", month.parse::<u32>().unwrap() % 12 + 1);
        let other_day = format!("{year}-{month}-{:02}", day.parse::<u32>().unwrap() % 28 + 1);
        let postcode = format!("6{:04}", person / 2);
        let forms: [[&str; 9]; EACH as usize] = [
            [&given, &family, "", &birth, &email, "", "", &postcode, ""],
            [&given, &family, "", &birth, "", "", &street, "", ""],
            [&given, &family, "", &other_day, &email, "", "", "", ""],
            [&given, &misheard, "", &birth, "", "", "", &postcode, ""],
            [initial, &family, "", &other_month, "", "", &street, "", ""],
            [&given, short, "", &other_day, "", "", "", "", ""],
            [initial, &misheard, "", &birth, "", "", "", "", ""],
            [&family, &given, "", &other_month, "", "", "", &postcode, ""],
            [&given, &misheard, "", &other_month, "", "", "", "", ""],
        ];
        for form in forms {
            records.push((records.len() as u32, values(&form)));
        }
    }
    records
}

/// What comes of them, on two threads.
static OUTCOME: LazyLock<Outcome> = LazyLock::new(|| on_threads(2, &crowded()));

fn on_threads(threads: usize, records: &[(u32, Values)]) -> Outcome {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| matched(&columns(records), &Constraints::default(), &[]))
}

/// The model of [`crowded`].
pub(super) fn model() -> Model {
    OUTCOME.model.clone()
}

/// Whose record this is, among [`crowded`].
pub(super) fn person(record: u32) -> u32 {
    record / EACH
}

fn truth(records: &[(u32, Values)]) -> evaluate::Truth {
    evaluate::Truth::new(records.iter().map(|(it, _)| (RecordId(*it), person(*it))))
}

/// The share of the true pairs that an outcome's model compares.
fn compared(outcome: &Outcome, records: &[(u32, Values)]) -> f64 {
    let mut pairs = Vec::new();
    let columns = columns(records);
    scored_pairs(&outcome.model, &columns, &fingerprinter(), &Silent, &mut |pair| {
        pairs.push((pair.left, pair.right, pair.probability));
        Ok::<(), Cancelled>(())
    })
    .unwrap();
    truth(records).of_pairs(pairs, &[]).compared.recall
}

#[test]
fn customers_with_many_records_are_compared_a_second_time() {
    let (records, outcome) = (crowded(), OUTCOME.clone());
    let rules = &outcome.report.kinds[0].rules;
    let brought = |second| {
        let runs = rules.iter().filter(|run| run.between_groups == second);
        runs.map(|run| run.pairs).sum::<u64>()
    };
    assert!(brought(true) > 0, "{rules:#?}");
    assert_eq!(outcome.report.kinds[0].candidates, brought(true) + brought(false));
    let all = compared(&outcome, &records);
    // The same model without what the second pass brought.
    let mut first = outcome.clone();
    first.model.kinds[0].rules.retain(|run| !run.between_groups);
    let before = compared(&first, &records);
    assert!(all > 0.98 && all > before, "{before} before, {all} after");
    let quality = truth(&records).of_groups(groups(&outcome).iter().map(Vec::as_slice));
    assert!(quality.precision > 0.95, "{quality:?}");
}

/// People who say the same in far more records than a block may hold together, `each` of them; hardly
/// anything else is known of them, and nothing of some.
fn crowding(people: u32, each: u32) -> Vec<(u32, Values)> {
    let own = many(people * 3);
    let own: Vec<&Values> = own.iter().map(|(_, own)| own).step_by(3).collect();
    let record = |number: u32| {
        let text = |field: &str| own[(number / each) as usize].get(field).map_or("", Value::shown);
        // One of three tells what splits a block that is too large.
        let street = if number.is_multiple_of(3) { text("street") } else { "" };
        let (given, family, email) = (text("given"), text("family"), text("email"));
        values(&[given, family, "", "", email, "", street, "", ""])
    };
    (0..people * each).map(|number| (number, record(number))).collect()
}

#[test]
fn records_that_fill_a_block_by_themselves_are_found_within_their_group() {
    let records = crowding(21, 100);
    let outcome = matched(&columns(&records), &Constraints::default(), &[]);
    let rules = &outcome.report.kinds[0].rules;
    let left_to_groups = rules.iter().filter(|run| run.rule == WITHIN_GROUPS).map(|run| run.pairs);
    assert!(left_to_groups.sum::<u64>() > 0, "{rules:#?}");
    let truth = evaluate::Truth::new((0..).zip(&records).map(|(it, _)| (RecordId(it), it / 100)));
    let quality = truth.of_groups(groups(&outcome).iter().map(Vec::as_slice));
    assert!(quality.recall > 0.99 && quality.precision > 0.99, "{quality:?}");
}

#[test]
fn the_budget_follows_the_records_of_a_customer() {
    // Customers of three records, of five, and of very many.
    assert_eq!(second_budget(3_000, 2_000.0), None);
    assert_eq!(second_budget(3_000, 3_000.0), Some(12_000));
    assert_eq!(second_budget(3_000, 6_000.0), Some(24_000));
    assert_eq!(second_budget(3_000, 90_000.0), Some(72_000));
    assert_eq!(second_budget(0, 0.0), None);
}

#[test]
fn a_pair_of_the_second_pass_is_explained() {
    let (records, outcome) = (crowded(), OUTCOME.clone());
    let mut first = outcome.clone();
    first.model.kinds[0].rules.retain(|run| !run.between_groups);
    let why = |model: &Model, a: usize, b: usize| {
        explain(model, &settings(), &fingerprinter(), &records[a].1, &records[b].1)
    };
    let own = (0..EACH as usize).flat_map(|a| (a + 1..EACH as usize).map(move |b| (a, b)));
    let of_people = (0..3).flat_map(|person| {
        let start = person * EACH as usize;
        own.clone().map(move |(a, b)| (start + a, start + b))
    });
    let mut found = 0;
    for (a, b) in of_people {
        let (before, now) = (why(&first.model, a, b), why(&outcome.model, a, b));
        if before.blocking.is_none() && now.blocking.is_some() {
            found += 1;
            assert!(now.blocking_notes.iter().any(|it| it.contains("second pass")), "{now:?}");
            assert_eq!((now.probability, now.steps), (before.probability, before.steps));
        }
    }
    assert!(found > 0);
}

#[test]
fn the_second_pass_is_the_same_on_any_number_of_threads_and_in_any_order() {
    let backward: Vec<(u32, Values)> = crowded().into_iter().rev().collect();
    assert_eq!(*OUTCOME, on_threads(1, &backward));
}
