//! Evaluation: how well matching does against a known truth.
//!
//! The only place that reads a truth. `customers` are the customers as they stand, whoever made
//! them. `auto` are the customers that the last run of `steward match` made, as it left them: what
//! earlier runs merged and it did not touch is not among them, nor what people made of it since.
//! `proposed` comes from a run made for the purpose, from single records and without anybody's
//! decision: what the engine makes of the data as they are now. Each is counted as the pairs inside
//! its groups, against all true pairs of the records in the file; records that the file does not name
//! are left out. `pairs` are scored as tasks and explanations are: by the recorded model, with what
//! decisions taught; before the first run, and where settings have changed since, by that of the run
//! made for the purpose.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Progress;
use super::apart::{Apart, Plan, Read};
use super::matching::{columns, run_undecided};
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use domain::event::Cause;
use domain::{CustomerId, Event, MatchRunId, RecordAddress, RecordId, SourceName};
use door::Input;
use door::views::{Evaluation, JobKind, JobReport, JobView, ThresholdQuality};
use matching::evaluate::{PairTable, Truth};
use matching::{Columns, Model, Outcome};

/// Thresholds that are told besides those of the settings.
const THRESHOLDS: [f64; 15] =
    [0.999, 0.99, 0.98, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05];

impl Desk {
    /// Starts to measure against `truth`, see [`door::operations::Evaluate`], or when its turn comes.
    ///
    /// # Errors
    /// The refusal when too many jobs wait.
    pub(crate) fn start_evaluation(&mut self, truth: Input) -> Decided<JobView> {
        let steps = Apart::of(|_| {
            Ok(Plan {
                read: Read::Once(Box::new(|facts, progress| evaluate(facts, truth, progress))),
                finish: Box::new(|_, found| Ok(JobReport::Evaluate(Box::new(found)))),
            })
        });
        self.begin_job(JobKind::Evaluate, "evaluating".to_owned(), Box::new(steps))
    }
}

/// Measures against `truth`.
///
/// # Errors
/// When the truth cannot be read as that, the error naming its line; when it names no record
/// of the workspace; when it is cancelled; when ledger or store fail.
fn evaluate(
    facts: Facts<'_>,
    truth: Input,
    progress: &dyn Progress,
) -> Result<Evaluation, DeskError> {
    let known = read_truth(facts, truth)?;
    let records = known.clusters.len() as u64;
    let truth = Truth::new(known.clusters);
    let columns = columns(facts, progress)?;
    let outcome = run_undecided(facts, &columns, progress)?;
    let recorded = facts.model()?.filter(|model| matching::fits(model, &columns));
    let model = recorded.as_deref().unwrap_or(&outcome.model);
    let table = of_pairs(facts, &truth, &columns, model, progress)?;
    let (run, merged) = last_merged(facts)?;
    let told = |(threshold, quality)| ThresholdQuality { threshold, quality };
    Ok(Evaluation {
        customers: truth.of_groups(customers(facts)?.iter().map(Vec::as_slice)),
        auto: truth.of_groups(merged.iter().map(Vec::as_slice)),
        run,
        proposed: truth.of_groups(proposed(&outcome)),
        pairs: table.rows.into_iter().map(told).collect(),
        best: told(table.best),
        compared: table.compared,
        reliability: table.reliability,
        records,
        true_pairs: truth.pairs(),
        unknown: known.unknown,
        recorded: recorded.is_some(),
        learned_from: model.taught().map(|taught| taught.decisions).sum(),
    })
}

/// Who is one customer, as far as the workspace has the records.
struct Known {
    clusters: HashMap<RecordId, u32>,
    unknown: u64,
}

fn read_truth(facts: Facts<'_>, truth: Input) -> Result<Known, DeskError> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(false).from_reader(truth);
    let headers = reader.headers().map_err(unreadable)?;
    let column = |name: &str| {
        headers.iter().position(|header| header.eq_ignore_ascii_case(name)).ok_or_else(|| {
            DeskError::Usage(format!("the truth has no column `{name}`: it needs id and cluster"))
        })
    };
    let (id, cluster) = (column("id")?, column("cluster")?);
    let mut known = Known { clusters: HashMap::new(), unknown: 0 };
    let mut seen: HashSet<String> = HashSet::new();
    let mut clusters: HashMap<String, u32> = HashMap::new();
    for row in reader.into_records() {
        let row = row.map_err(unreadable)?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |at: usize, name: &str| match row.get(at) {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(DeskError::Usage(format!("line {line} of the truth: {name} is empty"))),
        };
        let (id, cluster) = (cell(id, "id")?, cell(cluster, "cluster")?);
        if !seen.insert(id.to_owned()) {
            let what = format!("line {line} of the truth: its id already appears further up");
            return Err(DeskError::Usage(what));
        }
        let next = u32::try_from(clusters.len()).unwrap_or(u32::MAX);
        let cluster = *clusters.entry(cluster.to_owned()).or_insert(next);
        match record_of(facts, id)? {
            Some(record) => {
                if known.clusters.insert(record, cluster).is_some() {
                    let what = format!("line {line} of the truth: its record is already listed");
                    return Err(DeskError::Usage(what));
                }
            }
            None => known.unknown += 1,
        }
    }
    if known.clusters.is_empty() {
        return Err(DeskError::Usage(format!(
            "none of the {} ids in the truth is a record here; an id is source:key",
            known.unknown
        )));
    }
    Ok(known)
}

/// What the reader says, without a value.
fn unreadable(error: csv::Error) -> DeskError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) => DeskError::Output(error),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => DeskError::Usage(format!(
            "line {line} of the truth: {len} fields where the header has {expected_len}"
        )),
        csv::ErrorKind::Utf8 { .. } => {
            DeskError::Usage(format!("line {line} of the truth: not UTF-8"))
        }
        _ => DeskError::Usage(format!("line {line} of the truth cannot be read")),
    }
}

fn record_of(facts: Facts<'_>, id: &str) -> Result<Option<RecordId>, DeskError> {
    if let Ok(address) = id.parse::<RecordAddress>()
        && let Some(record) = facts.find(&address)?
    {
        return Ok(Some(record));
    }
    match facts.settings.sources.as_slice() {
        [only] => facts.find(&RecordAddress::new(&SourceName::new(only.name.as_str()), id)),
        _ => Ok(None),
    }
}

fn customers(facts: Facts<'_>) -> Result<Vec<Vec<RecordId>>, DeskError> {
    let mut groups = Vec::new();
    facts.view.each_customer(&mut |_: CustomerId, state| {
        if state.members.len() > 1 {
            groups.push(state.members);
        }
        Ok(true)
    })?;
    Ok(groups)
}

/// The last run that ended, and the customers it made, as it left them.
fn last_merged(facts: Facts<'_>) -> Result<(Option<MatchRunId>, Vec<Vec<RecordId>>), DeskError> {
    let Some(finished) = facts.last_match()? else { return Ok((None, Vec::new())) };
    let last = facts.view.counters()?.matched.map(|place| place.sequence).unwrap_or_default();
    let mut sequence = finished.previous.unwrap_or_default().next();
    let mut merged: BTreeMap<CustomerId, Vec<RecordId>> = BTreeMap::new();
    while sequence <= last {
        for event in facts.commit_where(sequence, |kind, _| kind == "customer_changed")?.events {
            let Event::CustomerChanged(changed) = event else { continue };
            if changed.cause == Cause::Match(finished.run) && changed.after.is_live() {
                merged.insert(changed.customer, changed.after.members);
            }
        }
        sequence = sequence.next();
    }
    Ok((Some(finished.run), merged.into_values().filter(|members| members.len() > 1).collect()))
}

/// Proposals hold what was merged on the way to them; other merges are groups of their own.
fn proposed(outcome: &Outcome) -> impl Iterator<Item = &[RecordId]> {
    let proposals = || outcome.proposals.iter().map(|proposal| proposal.records.as_slice());
    let held: HashSet<RecordId> = proposals().flatten().copied().collect();
    let merges = outcome.auto.iter().map(|merge| merge.records.as_slice());
    proposals().chain(merges.filter(move |records| !records.iter().any(|it| held.contains(it))))
}

fn of_pairs(
    facts: Facts<'_>,
    truth: &Truth,
    columns: &Columns,
    model: &Model,
    progress: &dyn Progress,
) -> Result<PairTable, DeskError> {
    let mut scored = Vec::new();
    matching::scored_pairs(model, columns, facts.fingerprinter, progress, &mut |pair| {
        scored.push((pair.left, pair.right, pair.probability));
        Ok::<(), DeskError>(())
    })?;
    let mut thresholds = THRESHOLDS.to_vec();
    thresholds.extend([facts.settings.matching.auto, facts.settings.matching.review]);
    thresholds.sort_by(|left, right| right.total_cmp(left));
    thresholds.dedup();
    Ok(truth.of_pairs(scored, &thresholds))
}

#[cfg(test)]
mod tests;
