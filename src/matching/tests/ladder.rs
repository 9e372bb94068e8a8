//! The ladder says of the thresholds in force what the run does.

use super::*;
use domain::scores::Rung;

fn climbed(columns: &Columns, clusters: &[Vec<RecordId>]) -> Outcome {
    matched_with(columns, &Constraints::default(), clusters, &LADDER, None)
}

fn rung(outcome: &Outcome, threshold: f64) -> Rung {
    *outcome.report.ladder.iter().find(|rung| rung.threshold == threshold).unwrap()
}

#[test]
fn the_rungs_in_force_are_what_the_run_does() {
    for records in [numbered(), many(600)] {
        let columns = columns(&records);
        let outcome = climbed(&columns, &[]);
        let thresholds: Vec<f64> =
            outcome.report.ladder.iter().map(|rung| rung.threshold).collect();
        assert_eq!(thresholds, LADDER);
        // Every record is a customer: a merge of three takes two away.
        let merged: usize = outcome.auto.iter().map(|merge| merge.records.len() - 1).sum();
        assert_eq!(rung(&outcome, 0.99).merged, merged as u64);
        assert_eq!(rung(&outcome, 0.5).tasks, outcome.proposals.len() as u64);
        assert!(rung(&outcome, 0.5).merged >= rung(&outcome, 0.999).merged);
        let plain = matched(&columns, &Constraints::default(), &[]);
        let Outcome { report, .. } = &plain;
        assert!(report.ladder.is_empty(), "nobody asked");
        let asked = Outcome { report: report.clone(), ..outcome };
        assert_eq!(asked, plain, "looking at other thresholds changes nothing");
    }
}

#[test]
fn what_is_expected_to_be_wrong_is_the_doubt_of_the_links_that_merges_rest_on() {
    let columns = columns(&many(600));
    let outcome = climbed(&columns, &[]);
    let rungs = &outcome.report.ladder;
    for merge in &outcome.auto {
        let joins = (merge.records.len() - 1) as f64;
        assert!(merge.doubt <= joins * (1.0 - merge.score) + 1e-9, "no link is weaker: {merge:?}");
        assert!(merge.doubt >= 1.0 - merge.score - 1e-9, "{merge:?}");
    }
    let doubt: f64 = outcome.auto.iter().map(|merge| merge.doubt).sum();
    assert!((rung(&outcome, 0.99).wrong - doubt).abs() < 1e-9);
    for rung in rungs {
        let most = rung.merged as f64 * (1.0 - rung.threshold);
        assert!(rung.wrong <= most + 1e-9, "no join is less sure than its threshold: {rung:?}");
    }
    assert!(rungs.first().unwrap().wrong <= rungs.last().unwrap().wrong);
    for proposal in &outcome.proposals {
        assert!(proposal.doubt >= 1.0 - proposal.score - 1e-9, "{proposal:?}");
    }
}

#[test]
fn customers_are_counted_and_not_their_records() {
    let columns = columns(&numbered());
    let alone = climbed(&columns, &[]);
    let merge = alone.auto.iter().find(|merge| merge.records.len() == 2).unwrap();
    let before = rung(&alone, 0.99).merged;
    let joined = climbed(&columns, std::slice::from_ref(&merge.records));
    assert_eq!(rung(&joined, 0.99).merged, before - 1, "these two are one customer already");
}
