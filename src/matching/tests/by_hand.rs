//! What people insist on: rules and pinned weights.

use settings::{ByHand, PinnedWeight, Settings};

use super::*;
use crate::by_hand::{MOST_HOLDERS, Sides};
use crate::{Rerun, explain, rerun, splink};

fn settings_with(by_hand: ByHand) -> Settings {
    Settings { by_hand, ..settings() }
}

fn same_number() -> Settings {
    settings_with(ByHand { same: vec![vec![FieldName::new("vat")]], ..ByHand::default() })
}

/// A person: given name, family name, date of birth, e-mail, number.
fn person(given: &str, family: &str, birth: &str, email: &str, number: &str) -> Values {
    values(&[given, family, "", birth, email, "", "", "", number])
}

fn columns_with(settings: &Settings, records: &[(u32, Values)]) -> Columns {
    let mut builder = ColumnsBuilder::new(settings);
    records.iter().for_each(|(record, values)| builder.push(RecordId(*record), values));
    builder.finish()
}

/// The sets of records that the machine merges, and those it asks about, that hold a record.
fn found(outcome: &Outcome, record: u32) -> (Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let told = |records: &[RecordId]| records.iter().map(|it| it.0).collect::<Vec<u32>>();
    let holds = |records: &Vec<u32>| records.contains(&record);
    let merged = outcome.auto.iter().map(|it| told(&it.records)).filter(holds).collect();
    let asked = outcome.proposals.iter().map(|it| told(&it.records)).filter(holds).collect();
    (merged, asked)
}

/// Two more records beside the people there are.
fn beside(one: Values, other: Values) -> Vec<(u32, Values)> {
    let mut records = numbered();
    records.extend([(9_001, one), (9_002, other)]);
    records
}

#[test]
fn records_that_agree_as_a_rule_demands_are_one_whatever_else_differs() {
    let one = person("Quentin", "Zabel", "", "", "Q-77");
    let other = person("Rosalie", "Anders", "", "", "Q-77");
    let records = beside(one.clone(), other.clone());
    let plain = columns_with(&settings(), &records);
    let before = matched(&plain, &Constraints::default(), &[]);
    assert_eq!(found(&before, 9_001).0, Vec::<Vec<u32>>::new(), "names forbid it");
    let settings = same_number();
    let columns = columns_with(&settings, &records);
    let after = matched(&columns, &Constraints::default(), &[]);
    assert_eq!(found(&after, 9_001), (vec![vec![9_001, 9_002]], vec![]));
    // Nobody else is touched.
    let others = |outcome: &Outcome| -> Vec<_> {
        outcome
            .auto
            .iter()
            .filter(|it| it.records[0].0 < 9_000)
            .map(|it| it.records.clone())
            .collect()
    };
    assert_eq!(others(&after), others(&before));
    // It is shown as what it is, and the steps still add up.
    let explained = explain(&after.model, &settings, &fingerprinter(), &one, &other);
    let step = explained.steps.last().unwrap();
    assert_eq!(
        (step.comparison.as_str(), step.level.as_str()),
        (crate::RULE, "steward.toml: same vat means one customer")
    );
    let sum: f64 = explained.steps.iter().map(|step| step.weight).sum();
    assert!((explained.prior_weight + sum - explained.match_weight).abs() < 1e-9);
    assert!(explained.probability > 0.999_999 && explained.unearned.is_empty(), "{explained:?}");
    // A later run under that model finds the same of the new record alone.
    let request = crate::Request {
        columns: &columns,
        constraints: &Constraints::default(),
        clusters: &[],
        thresholds: settings.matching,
        fingerprinter: &fingerprinter(),
        ladder: &[],
        carried: None,
    };
    let Rerun { auto, .. } =
        rerun(&request, &after.model, &[RecordId(9_002)], &crate::Silent).unwrap();
    assert_eq!(
        auto.iter().map(|it| it.records.clone()).collect::<Vec<_>>(),
        [[RecordId(9_001), RecordId(9_002)]]
    );
}

#[test]
fn a_contradiction_or_a_decision_outranks_the_rule() {
    let settings = same_number();
    let born = |born| person("Quentin", "Zabel", born, "", "Q-77");
    let records = beside(born("1950-01-02"), born("1987-11-30"));
    let columns = columns_with(&settings, &records);
    let outcome = matched(&columns, &Constraints::default(), &[]);
    assert_eq!(found(&outcome, 9_001), (vec![], vec![vec![9_001, 9_002]]), "a task, and no merge");
    // People said that they differ.
    let alike = person("Quentin", "Zabel", "", "", "Q-77");
    let columns = columns_with(&settings, &beside(alike.clone(), alike));
    let apart = Constraints {
        cannot_link: vec![(RecordId(9_001), RecordId(9_002))],
        ..Constraints::default()
    };
    assert_eq!(found(&matched(&columns, &apart, &[]), 9_001), (vec![], vec![]));
}

#[test]
fn a_value_that_many_hold_makes_nobody_one() {
    let settings = same_number();
    let mut records = numbered();
    for number in 0..=MOST_HOLDERS as u32 {
        let given = format!("Q{}", number * 7919 % 1000);
        let family = format!("Z{}", number * 104_729 % 1000);
        let values = person(&given, &family, "", "", "0-0");
        records.push((9_000 + number, values));
    }
    let columns = columns_with(&settings, &records);
    let outcome = matched(&columns, &Constraints::default(), &[]);
    assert!(found(&outcome, 9_000).0.is_empty());
}

#[test]
fn what_is_never_linked_is_merged_by_nobody_but_people() {
    let twin = person("Quentin", "Zabel", "1950-01-02", "q@zabel.example", "Q-77");
    let settings = same_number();
    let records = beside(twin.clone(), twin);
    let columns = columns_with(&settings, &records);
    let plain = matched(&columns, &Constraints::default(), &[]);
    assert_eq!(found(&plain, 9_001).0, [[9_001, 9_002]]);
    let sides: Sides = [(RecordId(9_001), 0b01), (RecordId(9_002), 0b10)].into_iter().collect();
    let columns = columns.with_sides(sides);
    let outcome = matched(&columns, &Constraints::default(), &[]);
    assert_eq!(found(&outcome, 9_001), (vec![], vec![]));
    // Sides of two rules are no pair.
    let others: Sides =
        [(RecordId(9_001), 0b0001), (RecordId(9_002), 0b1000)].into_iter().collect();
    let columns = columns.with_sides(others);
    assert_eq!(found(&matched(&columns, &Constraints::default(), &[]), 9_001).0, [[9_001, 9_002]]);
}

#[test]
fn a_pinned_weight_is_what_it_is() {
    let field = FieldName::new("email");
    let weights = vec![PinnedWeight { field, same: Some(3.5), different: Some(-1.25) }];
    let pinned = settings_with(ByHand { weights, ..ByHand::default() });
    let columns = columns_with(&pinned, &numbered());
    let outcome = matched(&columns, &Constraints::default(), &[]);
    let of = |email| person("Quentin", "Zabel", "", email, "");
    let step = |other| {
        let explained =
            explain(&outcome.model, &pinned, &fingerprinter(), &of("q@zabel.example"), &of(other));
        explained.steps.into_iter().find(|step| step.comparison == "e-mail").unwrap()
    };
    let same = step("q@zabel.example");
    assert_eq!((same.weight, same.note.as_deref()), (3.5, Some("pinned in steward.toml")));
    assert_eq!(step("somebody.else@other.example").weight, -1.25);
    // So it stands in the model, and leaves with it.
    let kept = serde_json::to_value(&outcome.model).unwrap();
    let back: Model = serde_json::from_value(kept).unwrap();
    assert_eq!(back, outcome.model);
    let json =
        splink::settings_json(&back, &pinned, Kind::Person, splink::Dialect::DuckDb).unwrap();
    let comparison = json["comparisons"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["output_column_name"] == "email")
        .unwrap()
        .clone();
    assert!(
        comparison["comparison_description"].as_str().unwrap().contains("pinned"),
        "{comparison}"
    );
    let level = comparison["comparison_levels"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["label_for_charts"] == "same address")
        .unwrap()
        .clone();
    let odds = level["m_probability"].as_f64().unwrap() / level["u_probability"].as_f64().unwrap();
    assert!((odds.log2() - 3.5).abs() < 1e-6, "{odds}");
    // What moved is told as well.
    let learned = matched(&columns_with(&settings(), &numbered()), &Constraints::default(), &[]);
    let moved = crate::moved(&learned.model, &outcome.model);
    assert!(
        moved.iter().any(|it| it.level == "same address" && it.after == Some(3.5)),
        "{moved:?}"
    );
}
