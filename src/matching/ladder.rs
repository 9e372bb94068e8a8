//! What other thresholds would make of the same scores: a ladder to choose from.
//!
//! Every rung is grouped again, exactly as a run at that threshold would: the rung in force says
//! what the run itself does.

use std::collections::{HashMap, HashSet};

use domain::RecordId;
use domain::scores::Rung;
use settings::MatchingSettings;

use super::cluster::Link;
use super::engine::{AutoMerge, Cancelled, Outcome, Progress, Report, Request};
use super::group::group;
use super::model::Model;
use super::score::Scorer;

/// Thresholds worth looking at, from the highest down.
pub const LADDER: [f64; 9] = [0.999, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5];

/// The least probability a link must have to matter to the run or to a rung.
pub(super) fn least(request: &Request<'_>) -> f64 {
    request.ladder.iter().copied().fold(request.thresholds.review, f64::min)
}

/// Adds what one kind of record comes to at every rung of the request.
pub(super) fn climb(
    request: &Request<'_>,
    scorer: &Scorer<'_>,
    links: &[Link],
    progress: &dyn Progress,
    report: &mut Report,
) -> Result<(), Cancelled> {
    if request.ladder.is_empty() {
        return Ok(());
    }
    let in_force = request.thresholds;
    let units = units(request);
    let mut rungs = Vec::new();
    progress.phase("trying thresholds", Some(request.ladder.len() as u64));
    for threshold in request.ladder.iter().copied() {
        if progress.cancelled() {
            return Err(Cancelled);
        }
        let review = in_force.review.min(threshold);
        let as_auto =
            at(request, scorer, links, MatchingSettings { auto: threshold, review, ..in_force });
        let auto = in_force.auto.max(threshold);
        let as_review =
            at(request, scorer, links, MatchingSettings { auto, review: threshold, ..in_force });
        rungs.push(Rung {
            threshold,
            merged: as_auto.auto.iter().map(|merge| merged_away(&units, merge)).sum(),
            tasks: as_review.proposals.len() as u64,
            // From 0: a sum of nothing would be -0.
            wrong: as_auto.auto.iter().fold(0.0, |wrong, merge| wrong + merge.doubt),
        });
        progress.advance(1);
    }
    if report.ladder.is_empty() {
        report.ladder = rungs;
    } else {
        for (known, rung) in report.ladder.iter_mut().zip(rungs) {
            known.merged += rung.merged;
            known.tasks += rung.tasks;
            known.wrong += rung.wrong;
        }
    }
    Ok(())
}

/// Groups of one kind of record under other thresholds.
fn at(
    request: &Request<'_>,
    scorer: &Scorer<'_>,
    links: &[Link],
    thresholds: MatchingSettings,
) -> Outcome {
    let mut outcome = Outcome {
        model: Model::default(),
        auto: Vec::new(),
        proposals: Vec::new(),
        torn: Vec::new(),
        report: Report::default(),
    };
    group(&Request { thresholds, ..*request }, scorer, links.to_vec(), &mut outcome);
    outcome
}

/// The customer of two or more records that each record belongs to, by its place.
fn units(request: &Request<'_>) -> HashMap<RecordId, usize> {
    let clusters = request.clusters.iter().enumerate();
    clusters.flat_map(|(place, records)| records.iter().map(move |it| (*it, place))).collect()
}

fn merged_away(units: &HashMap<RecordId, usize>, merge: &AutoMerge) -> u64 {
    let customers: HashSet<Result<usize, RecordId>> =
        merge.records.iter().map(|record| units.get(record).copied().ok_or(*record)).collect();
    (customers.len() as u64).saturating_sub(1)
}
