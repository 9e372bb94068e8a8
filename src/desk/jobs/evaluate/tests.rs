//! Evaluation of a small workspace against counts made by hand.

use std::collections::BTreeMap;
use std::io::Cursor;

use super::*;
use crate::testing::{CRM, SHOP, TWO_SOURCES, TestDesk, run_while};
use domain::quality::Quality;
use door::operations::Evaluate;
use door::{Action, Rest, Streams};

fn evaluate(desk: &mut TestDesk, truth: &str) -> door::Outcome<Evaluation> {
    let streams = Streams::of_file(Cursor::new(truth.to_owned()));
    Ok(*run_while(&mut desk.desk, Evaluate {}, streams, |_| true)?)
}

fn workspace() -> TestDesk {
    let mut desk = TestDesk::new(TWO_SOURCES);
    desk.import("crm", CRM);
    desk.import("shop", SHOP);
    desk
}

fn merge(desk: &mut TestDesk, customers: &[u32]) {
    desk.act(Action::Merge {
        groups: vec![customers.iter().copied().map(CustomerId).collect()],
        into: None,
        picks: BTreeMap::new(),
        rest: Rest::Stay,
    });
}

#[test]
fn customers_are_counted_as_they_stand() {
    let mut desk = workspace();
    // crm:1 shop:a are one, crm:2 shop:b another: two true pairs. One id is unknown.
    let truth = "note,cluster,id\n,p,crm:1\n,p,shop:a\n,q,crm:2\n,q,shop:b\n,q,crm:99\n";
    let nobody = evaluate(&mut desk, truth).unwrap();
    assert_eq!((nobody.records, nobody.true_pairs, nobody.unknown), (4, 2, 1));
    assert_eq!((nobody.customers.precision, nobody.customers.recall), (1.0, 0.0));
    assert_eq!((nobody.recorded, nobody.learned_from), (false, 0), "nothing was matched yet");
    merge(&mut desk, &[1, 3, 4]);
    let merged = evaluate(&mut desk, truth).unwrap();
    // Three pairs claimed, one of them true, of two.
    let Quality { precision, recall, f1, pairs } = merged.customers;
    assert_eq!((precision, recall, pairs), (1.0 / 3.0, 0.5, 3));
    assert!((f1 - 0.4).abs() < 1e-12);
    // Nothing was matched. The run is made from single records: people's decisions do not help it.
    assert_eq!((merged.run, merged.auto.pairs), (None, 0));
    assert_eq!((merged.auto, merged.proposed), (nobody.auto, nobody.proposed));
    assert_eq!(merged.pairs, nobody.pairs);
    // At the lowest threshold there is at most every pair; the best is among what was scored.
    let lowest = merged.pairs.last().unwrap();
    assert!(lowest.quality.pairs <= 6 && lowest.threshold < 0.1, "{lowest:?}");
    assert!(merged.best.quality.f1 >= lowest.quality.f1);
    // So few records are all compared with each other.
    assert_eq!((merged.compared.recall, merged.compared.pairs), (1.0, 6));
}

#[test]
fn what_the_last_run_merged_is_counted_and_not_what_runs_before_it_did() {
    let mut desk = TestDesk::new(TWO_SOURCES);
    let twice = |from: u32, to: u32| -> (String, String, String) {
        let (mut crm, mut shop, mut truth) = (String::new(), String::new(), String::new());
        for n in from..to {
            let person = format!("Given{n},Family{n},19{}-01-02,p{n}@example.com", 40 + n);
            crm += &format!("{n},{person},+1217555{:04},2026-02-01,\n", 1000 + n);
            shop += &format!("s{n},{person},+1217555{:04}\n", 1000 + n);
            truth += &format!("crm:{n},{n}\nshop:s{n},{n}\n");
        }
        (crm, shop, truth)
    };
    let head = |text: &str| text.lines().next().unwrap().to_owned();
    let mut of_run = |from, to| {
        let (crm, shop, truth) = twice(from, to);
        desk.import("crm", &format!("{}\n{crm}", head(CRM)));
        desk.import("shop", &format!("{}\n{shop}", head(SHOP)));
        let merged = desk.match_all().merged;
        (merged, evaluate(&mut desk, &format!("id,cluster\n{truth}")).unwrap())
    };
    let (merged, first) = of_run(0, 40);
    assert_eq!((first.auto.pairs, first.run), (merged, Some(MatchRunId(1))), "{first:?}");
    assert_eq!((first.recorded, first.learned_from), (true, 0), "by the model of that run");
    assert!(merged > 0);
    let (merged, second) = of_run(40, 42);
    assert_eq!((second.auto.pairs, second.run), (merged, Some(MatchRunId(2))), "{second:?}");
    assert!(merged <= 2);
}

#[test]
fn it_says_what_other_programs_rely_on() {
    let evaluation = evaluate(&mut workspace(), "id,cluster\ncrm:1,1\nshop:a,1\n").unwrap();
    let json = serde_json::to_value(&evaluation).unwrap();
    for groups in ["customers", "auto", "proposed"] {
        for number in ["precision", "recall", "f1", "pairs"] {
            assert!(json[groups][number].is_number(), "{groups} {number}: {json}");
        }
    }
    let row = &json["pairs"][0];
    for number in ["threshold", "precision", "recall", "f1"] {
        assert!(row[number].is_number(), "{number}: {json}");
    }
    assert_eq!(row["threshold"], 0.999);
}

#[test]
fn merges_inside_a_proposal_are_not_counted_twice() {
    let ids = |records: &[u32]| records.iter().copied().map(RecordId).collect::<Vec<_>>();
    let merged =
        |records: &[u32]| matching::AutoMerge { records: ids(records), score: 1.0, doubt: 0.0 };
    let outcome = Outcome {
        model: serde_json::from_str(r#"{"kinds":[],"crowded":[]}"#).unwrap(),
        auto: vec![merged(&[0, 1]), merged(&[5, 6])],
        proposals: vec![matching::Proposal {
            records: ids(&[0, 1, 2]),
            score: 0.9,
            weakest: 0.8,
            doubt: 0.1,
            contradictions: Vec::new(),
        }],
        torn: Vec::new(),
        report: matching::Report::default(),
    };
    let groups: Vec<Vec<RecordId>> = proposed(&outcome).map(<[RecordId]>::to_vec).collect();
    assert_eq!(groups, [ids(&[0, 1, 2]), ids(&[5, 6])]);
}

#[test]
fn a_bare_key_is_enough_where_there_is_one_source() {
    let shop = TWO_SOURCES.find("[sources.shop]").unwrap();
    let rules = TWO_SOURCES.find("[[rules]]").unwrap();
    let mut desk = TestDesk::new(&[&TWO_SOURCES[..shop], &TWO_SOURCES[rules..]].concat());
    desk.import("crm", CRM);
    let evaluation = evaluate(&mut desk, "id,cluster\n1,x\ncrm:2,x\n3,x\n").unwrap();
    assert_eq!((evaluation.records, evaluation.true_pairs, evaluation.unknown), (2, 1, 1));
    let ambiguous = evaluate(&mut workspace(), "id,cluster\n1,x\n").unwrap_err();
    assert!(ambiguous.to_string().contains("source:key"), "{ambiguous}");
}

#[test]
fn a_wrong_truth_is_named_by_its_line_and_never_by_its_values() {
    let mut desk = workspace();
    for (truth, says) in [
        ("", "no column `id`"),
        ("id,group\ncrm:1,1\n", "no column `cluster`"),
        ("id,cluster\ncrm:1,1\ncrm:2\n", "line 3 of the truth: 1 fields"),
        ("id,cluster\ncrm:1,1\n,1\n", "line 3 of the truth: id is empty"),
        ("id,cluster\ncrm:1,\n", "line 2 of the truth: cluster is empty"),
        ("id,cluster\ncrm:1,1\nshop:a,1\ncrm:1,2\n", "line 4 of the truth: its id"),
    ] {
        let error = evaluate(&mut desk, truth).unwrap_err().to_string();
        assert!(error.contains(says), "{truth:?}: {error}");
        assert!(!error.contains("crm:1"), "{error}");
    }
}
