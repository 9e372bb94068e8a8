//! Splink settings and back.

use serde_json::{Value as Json, json};

use super::super::layout::Layout;
use super::super::splink::{CarriedModel, Dialect, UnusableModel, settings_json};
use super::*;

fn learned() -> Outcome {
    matched(&columns(&many(600)), &Constraints::default(), &[])
}

fn exported(outcome: &Outcome, kind: Kind, dialect: Dialect) -> Json {
    settings_json(&outcome.model, &settings(), kind, dialect).unwrap()
}

fn levels(comparison: &Json) -> &Vec<Json> {
    comparison["comparison_levels"].as_array().unwrap()
}

#[test]
fn every_level_is_a_condition_with_two_probabilities() {
    let outcome = matched(&columns(&numbered()), &Constraints::default(), &[]);
    for (kind, dialect) in [
        (Kind::Person, Dialect::DuckDb),
        (Kind::Person, Dialect::Spark),
        (Kind::Organisation, Dialect::Athena),
    ] {
        let json = exported(&outcome, kind, dialect);
        let prior = json["probability_two_random_records_match"].as_f64().unwrap();
        assert!(prior > 0.0 && prior < 1.0);
        // So few records are compared pair by pair.
        assert_eq!(json["blocking_rules_to_generate_predictions"], json!(["1 = 1"]));
        for comparison in json["comparisons"].as_array().unwrap() {
            let levels = levels(comparison);
            assert_eq!(levels[0]["is_null_level"], true, "{comparison}");
            assert_eq!(levels.last().unwrap()["sql_condition"], "ELSE", "{comparison}");
            let mut labels: Vec<&str> =
                levels.iter().map(|level| level["label_for_charts"].as_str().unwrap()).collect();
            labels.sort_unstable();
            let count = labels.len();
            labels.dedup();
            assert_eq!(labels.len(), count, "labels tell levels apart: {comparison}");
            for level in &levels[1..] {
                for name in ["m_probability", "u_probability"] {
                    let chance = level[name].as_f64().unwrap();
                    assert!(chance > 0.0 && chance <= 1.0 + 1e-9, "{name}: {level}");
                }
            }
        }
    }
}

#[test]
fn blocking_rules_are_the_exact_counterparts_of_ours() {
    let outcome = matched(&columns(&many(2400)), &Constraints::default(), &[]);
    let json = exported(&outcome, Kind::Person, Dialect::DuckDb);
    let rules = json["blocking_rules_to_generate_predictions"].as_array().unwrap();
    for rule in [
        r#"l."email" = r."email""#,
        r#"l."birth" = r."birth" and l."family" = r."family""#,
        r#"l."street" = r."street" and substr(l."given", 1, 1) = substr(r."given", 1, 1)"#,
    ] {
        assert!(rules.iter().any(|own| own == rule), "{rule}: {rules:?}");
    }
    assert!(!json.to_string().contains("city"), "what is not mapped is not asked for");
}

#[test]
fn dialects_name_columns_and_functions_their_own_way() {
    let outcome = learned();
    let text = |dialect| exported(&outcome, Kind::Person, dialect).to_string();
    for (dialect, has, has_not) in [
        (Dialect::DuckDb, "jaro_winkler_similarity(\\\"given_l\\\"", "levenshtein_distance"),
        (Dialect::Spark, "jaro_winkler(`given_l`", "\\\"given_l\\\""),
        (Dialect::Athena, "levenshtein_distance(\\\"given_l\\\"", "jaro_winkler"),
    ] {
        let text = text(dialect);
        assert!(text.contains(has), "{dialect:?}");
        assert!(!text.contains(has_not), "{dialect:?}");
    }
}

#[test]
fn chances_of_a_comparison_sum_to_one_for_each_set_of_values() {
    let outcome = learned();
    let json = exported(&outcome, Kind::Person, Dialect::DuckDb);
    for comparison in json["comparisons"].as_array().unwrap() {
        let sum = |name: &str| -> f64 {
            levels(comparison)[1..].iter().map(|level| level[name].as_f64().unwrap()).sum()
        };
        // A name has three sets (both parts, either part alone); a place here a postal code only.
        let sets = if comparison["output_column_name"] == "name" { 3.0 } else { 1.0 };
        for name in ["m_probability", "u_probability"] {
            assert!((sum(name) - sets).abs() < 1e-3, "{name}: {} {comparison}", sum(name));
        }
    }
}

#[test]
fn a_model_that_went_out_and_came_back_scores_the_same() {
    let records = many(600);
    let columns = columns(&records);
    let before = matched(&columns, &Constraints::default(), &[]);
    let text = exported(&before, Kind::Person, Dialect::Spark).to_string();
    let carried = CarriedModel::read(&text, &settings()).unwrap();
    assert_eq!(carried.kind(), Kind::Person);
    assert!(carried.left_over().is_empty());
    let after = matched_with(&columns, &Constraints::default(), &[], &[], Some(&carried));
    for (a, b) in [(1, 2), (0, 1), (3, 4), (4, 5), (10, 500)] {
        let score = |outcome: &Outcome| {
            score(&outcome.model, &settings(), &fingerprinter(), &records[a].1, &records[b].1)
        };
        assert!((score(&before) - score(&after)).abs() < 1e-6, "{a} {b}");
    }
}

#[test]
fn probabilities_from_elsewhere_replace_the_learned_ones() {
    let columns = columns(&many(600));
    let before = matched(&columns, &Constraints::default(), &[]);
    let mut json = exported(&before, Kind::Person, Dialect::DuckDb);
    let birth = json["comparisons"].as_array_mut().unwrap();
    let birth = birth.iter_mut().find(|it| it["output_column_name"] == "date_of_birth").unwrap();
    let last = birth["comparison_levels"].as_array_mut().unwrap().last_mut().unwrap();
    last["m_probability"] = json!(0.5);
    let carried = CarriedModel::read(&json.to_string(), &settings()).unwrap();
    let after = matched_with(&columns, &Constraints::default(), &[], &[], Some(&carried));
    let differ = |outcome: &Outcome| {
        let part = outcome.model.kind(Kind::Person).unwrap();
        let birth = part.comparisons.iter().find(|it| it.comparison.name == "date of birth");
        birth.unwrap().levels.last().unwrap().chances[0]
    };
    assert!(differ(&before) < 0.2, "{}", differ(&before));
    // One half of what then sums to about one and a half.
    assert!(differ(&after) > 0.3, "{}", differ(&after));
}

#[test]
fn what_brings_no_model_is_refused_and_says_why() {
    let level = |label: &str, m: Json| {
        json!({"comparisons": [{"output_column_name": "phone", "comparison_levels": [
            {"sql_condition": "ELSE", "label_for_charts": label, "m_probability": m, "u_probability": 0.5}
        ]}]})
        .to_string()
    };
    let read = |text: &str| CarriedModel::read(text, &settings());
    assert!(matches!(read("nonsense"), Err(UnusableModel::Unreadable { line: 1, .. })));
    assert!(matches!(read("{}"), Err(UnusableModel::Unreadable { .. })));
    assert_eq!(read(r#"{"comparisons": []}"#), Err(UnusableModel::NothingMeets));
    assert_eq!(read(&level("another label", json!(0.5))), Err(UnusableModel::NothingMeets));
    assert_eq!(read(&level("numbers differ", Json::Null)), Err(UnusableModel::NothingMeets));
    for m in [json!(0.0), json!(1.5), json!(-0.1)] {
        let found = read(&level("numbers differ", m));
        assert!(matches!(found, Err(UnusableModel::NoProbability { .. })), "{found:?}");
    }
    assert_eq!(read(&level("numbers differ", json!(0.5))).unwrap().taken(), ["phone"]);
}

#[test]
fn each_of_our_levels_is_in_one_of_splinks_at_most() {
    let every = |types: &[(&str, FieldType)]| Settings {
        fields: types
            .iter()
            .map(|(name, field_type)| Field {
                name: FieldName::new(*name),
                field_type: *field_type,
                sensitive: false,
                about: settings::AboutField::default(),
            })
            .collect(),
        ..settings()
    };
    let full = [("name", FieldType::FullName), ("home", FieldType::Address)];
    let family = [("family", FieldType::FamilyName), ("town", FieldType::City)];
    let regions = [("given", FieldType::GivenName), ("state", FieldType::Region)];
    for settings in [settings(), every(&full), every(&family), every(&regions)] {
        let layout = Layout::new(&settings);
        for kind in [Kind::Person, Kind::Organisation] {
            for comparison in comparisons(&layout, kind) {
                let table = super::super::splink::table_of(&comparison, &layout);
                let mut seen = table.concat();
                let count = seen.len();
                seen.sort_unstable();
                seen.dedup();
                assert_eq!(seen.len(), count, "{}: {table:?}", comparison.name);
                let most = comparison.subject.levels().len();
                assert!(seen.iter().all(|level| usize::from(*level) < most), "{}", comparison.name);
            }
        }
    }
}
