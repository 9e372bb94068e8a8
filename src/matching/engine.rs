//! A matching run: columns in, model, merges and proposals out.

use rayon::prelude::*;

use crate::domain::fingerprint::Fingerprinter;
use crate::domain::{FieldName, RecordId};
use crate::settings::MatchingSettings;

use super::blocking::{self, Blocks, CutBlock, RuleCount, rules_run};
use super::cluster::{Link, Sets};
use super::columns::Columns;
use super::compare::{Cache, Comparison, comparisons};
use super::crowd::CrowdedValue;
use super::estimate::{Evidence, estimate};
use super::frequency::{self, Shares};
use super::group::group;
use super::hash::mix;
use super::labels::{self, Decided};
use super::ladder::{self, Rung};
use super::model::{Class, Coding, KindModel, Model};
use super::portrait::Kind;
use super::score::Scorer;
use super::splink::CarriedModel;

/// How a long run tells what it does, and learns that nobody wants the result any more.
pub trait Progress: Sync {
    /// A phase begins; `total` units of work, where that is known.
    fn phase(&self, name: &str, total: Option<u64>);
    /// So many units more are done.
    fn advance(&self, units: u64);
    /// Whether to stop.
    fn cancelled(&self) -> bool;
}

/// Progress for nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn phase(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// The run was stopped; nothing came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("matching was cancelled")]
pub struct Cancelled;

/// What people decided about pairs of records. Records that are not in the columns are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Constraints {
    /// The same customer.
    pub must_link: Vec<(RecordId, RecordId)>,
    /// Different customers.
    pub cannot_link: Vec<(RecordId, RecordId)>,
}

/// What a run is given.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The records.
    pub columns: &'a Columns,
    /// People's decisions.
    pub constraints: &'a Constraints,
    /// Existing customers with two or more records: never split.
    pub clusters: &'a [Vec<RecordId>],
    /// Thresholds on probability.
    pub thresholds: MatchingSettings,
    /// Makes the fingerprints frequencies go by.
    pub fingerprinter: &'a Fingerprinter,
    /// Thresholds to try besides, each once: the report's ladder. Empty: none, which costs nothing.
    pub ladder: &'a [f64],
    /// m and u probabilities brought from elsewhere, used instead of the learned ones.
    pub carried: Option<&'a CarriedModel>,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What was learned.
    pub model: Model,
    /// Sets of records the machine merges: each joins at least two customers.
    pub auto: Vec<AutoMerge>,
    /// Groups for a person.
    pub proposals: Vec<Proposal>,
    /// What happened, in numbers.
    pub report: Report,
}

/// Records the machine makes one customer.
#[derive(Debug, Clone, PartialEq)]
pub struct AutoMerge {
    /// The records, ascending.
    pub records: Vec<RecordId>,
    /// Probability of the weakest link the merge rests on.
    pub score: f64,
}

/// Records of two or more customers that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Every record of the group, ascending: also those merged by machine just now.
    pub records: Vec<RecordId>,
    /// Probability of the best link between two of its customers.
    pub score: f64,
    /// Probability of the weakest pair of its customers.
    pub weakest: f64,
    /// Fields whose values contradict each other between its customers.
    pub contradictions: Vec<FieldName>,
}

/// A run in numbers.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Report {
    /// One part for each kind of record.
    pub kinds: Vec<KindReport>,
    /// Values that identify nobody and were taken for missing.
    pub crowded: Vec<CrowdedValue>,
    /// What the thresholds that were asked for would make of it, in their order.
    #[serde(default)]
    pub ladder: Vec<Rung>,
}

/// One kind of record in numbers.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct KindReport {
    /// The kind.
    pub kind: Kind,
    /// Records of the kind.
    pub records: u64,
    /// Candidate pairs.
    pub candidates: u64,
    /// Pairs by blocking rule, in order.
    pub rules: Vec<RuleCount>,
    /// Blocks that were too large.
    pub cut: Vec<CutBlock>,
    /// Pairs of each class the model expects among all pairs.
    pub classes: Vec<(Class, f64)>,
    /// The sum of the candidates' match probabilities.
    pub expected_matches: f64,
    /// Pairs inside the groups, merged or proposed.
    pub grouped_pairs: u64,
}

/// Candidate pairs compared between two looks at cancellation.
const BATCH: usize = 1 << 16;
/// Pairs drawn to learn how often unrelated values agree.
const DRAWN: u32 = 400_000;

/// A candidate with its levels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) code: u64,
}

/// Finds the records that are the same customer.
///
/// The same records, decisions and thresholds give the same outcome on any number of threads and
/// in any order of input.
///
/// # Errors
/// [`Cancelled`] when `progress` says so.
pub fn run(request: &Request<'_>, progress: &dyn Progress) -> Result<Outcome, Cancelled> {
    let mut outcome = Outcome {
        model: Model::new(request.columns, request.fingerprinter),
        auto: Vec::new(),
        proposals: Vec::new(),
        report: Report { crowded: crowded_values(request.columns), ..Report::default() },
    };
    for kind in [Kind::Person, Kind::Organisation] {
        let rows = request.columns.rows_of(kind);
        if !rows.is_empty() {
            run_kind(request, kind, &rows, progress, &mut outcome)?;
        }
    }
    outcome.auto.sort_unstable_by(|a, b| a.records.cmp(&b.records));
    outcome.proposals.sort_unstable_by(|a, b| a.records.cmp(&b.records));
    Ok(outcome)
}

fn crowded_values(columns: &Columns) -> Vec<CrowdedValue> {
    let mut values: Vec<CrowdedValue> = columns
        .crowded()
        .iter()
        .map(|(aspect, value, records)| CrowdedValue {
            aspect: frequency::name(*aspect),
            value: columns.text(*aspect, *value).to_owned(),
            records: *records,
        })
        .collect();
    values.sort_unstable_by(|a, b| (&a.aspect, &a.value).cmp(&(&b.aspect, &b.value)));
    values
}

fn run_kind(
    request: &Request<'_>,
    kind: Kind,
    rows: &[u32],
    progress: &dyn Progress,
    outcome: &mut Outcome,
) -> Result<(), Cancelled> {
    let columns = request.columns;
    let comparisons = comparisons(&columns.layout, kind);
    let coding = Coding::new(&comparisons);
    let found = find(columns, kind, rows, &comparisons, &coding, progress)?;
    progress.phase("learning", None);
    let decided = labels::decided(request, kind, &comparisons);
    let mut model = learn(columns, kind, rows, &comparisons, &coding, &found, decided);
    if let Some(carried) = request.carried {
        carried.apply(&mut model);
    }
    // First every record counts as a customer; then those this first scoring joins count once.
    let records: Vec<u32> = (0..columns.len() as u32).collect();
    let (tables, shares) = frequency::count(columns, rows, &records, request.fingerprinter);
    model.frequencies = tables;
    let customers = provisional(columns, &model, &shares, &coding, &found.candidates);
    let (tables, shares) = frequency::count(columns, rows, &customers, request.fingerprinter);
    model.frequencies = tables;
    progress.phase("scoring", Some(found.candidates.len() as u64));
    let scorer = Scorer::new(columns, &model, &shares);
    let (links, expected_matches) =
        links(&scorer, &coding, &found.candidates, ladder::least(request), progress)?;
    progress.phase("grouping", None);
    let grouped_pairs = group(request, &scorer, &links, outcome);
    ladder::climb(request, &scorer, &links, progress, &mut outcome.report)?;
    outcome.report.kinds.push(KindReport {
        kind,
        records: rows.len() as u64,
        candidates: found.candidates.len() as u64,
        rules: found.rules,
        cut: found.cut,
        classes: Class::ALL.into_iter().zip(model.expected).collect(),
        expected_matches,
        grouped_pairs,
    });
    outcome.model.kinds.push(model);
    if progress.cancelled() { Err(Cancelled) } else { Ok(()) }
}

/// Candidates and what was learned on the way to them.
pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    rules: Vec<RuleCount>,
    cut: Vec<CutBlock>,
    every_pair: bool,
    drawn: f64,
    seen: Vec<Vec<f64>>,
}

/// Candidate pairs with their levels, and a sample of the other pairs.
pub(crate) fn find(
    columns: &Columns,
    kind: Kind,
    rows: &[u32],
    comparisons: &[Comparison],
    coding: &Coding,
    progress: &dyn Progress,
) -> Result<Found, Cancelled> {
    progress.phase("comparing", None);
    let mut found = Found {
        candidates: Vec::new(),
        rules: Vec::new(),
        cut: Vec::new(),
        every_pair: rows.len() <= blocking::ALL_PAIRS_UP_TO,
        drawn: 0.0,
        seen: comparisons.iter().map(|it| vec![0.0; it.subject.levels().len()]).collect(),
    };
    let grade = |cache: &mut Cache, a: u32, b: u32| {
        coding.encode(comparisons.iter().map(|comparison| comparison.grade(columns, a, b, cache)))
    };
    let mut compare = |pairs: Vec<(u32, u32)>| {
        for batch in pairs.chunks(BATCH * 8) {
            if progress.cancelled() {
                return false;
            }
            let compared: Vec<Candidate> = batch
                .par_iter()
                .with_min_len(4096)
                .map_init(Cache::new, |cache, (a, b)| {
                    let (a, b) = (*a.min(b), *a.max(b));
                    Candidate { a, b, code: grade(cache, a, b) }
                })
                .collect();
            found.candidates.extend(compared);
            progress.advance(batch.len() as u64);
        }
        true
    };
    if found.every_pair {
        let pairs = blocking::all_pairs(rows);
        found.rules.push(blocking::every_pair(pairs.len()));
        return if compare(pairs) { Ok(found) } else { Err(Cancelled) };
    }
    let mut blocks = Blocks::new(columns, kind, rows);
    if !blocks.candidates(&mut found.rules, &mut found.cut, &mut compare) {
        return Err(Cancelled);
    }
    let count = rows.len() as u64;
    let drawn: Vec<u64> = (0..DRAWN)
        .into_par_iter()
        .with_min_len(4096)
        .map_init(Cache::new, |cache, number| {
            // Rows stand in the order of their content: the draw depends on nothing else.
            let pick = |seed| {
                rows[((u128::from(mix(seed, u64::from(number))) * u128::from(count)) >> 64)
                    as usize]
            };
            let (a, b) = (pick(11), pick(23));
            (a != b && !blocks.meet(a, b)).then(|| grade(cache, a.min(b), a.max(b)))
        })
        .flatten_iter()
        .collect();
    found.drawn = drawn.len() as f64;
    for code in drawn {
        for (seen, level) in found.seen.iter_mut().zip(coding.decode(code)) {
            if level > 0 {
                seen[usize::from(level) - 1] += 1.0;
            }
        }
    }
    Ok(found)
}

fn learn(
    columns: &Columns,
    kind: Kind,
    rows: &[u32],
    comparisons: &[Comparison],
    coding: &Coding,
    found: &Found,
    decided: Vec<Decided>,
) -> KindModel {
    let mut codes: Vec<u64> = found.candidates.iter().map(|candidate| candidate.code).collect();
    codes.par_sort_unstable();
    let patterns = codes
        .chunk_by(|a, b| a == b)
        .map(|same| (coding.decode(same[0]), same.len() as f64))
        .collect();
    let records = rows.len() as f64;
    let pairs = records * (records - 1.0) / 2.0;
    let households = columns.layout.shows_households();
    let evidence = Evidence {
        patterns,
        outside: (pairs - found.candidates.len() as f64).max(0.0),
        drawn: found.drawn,
        seen: found.seen.clone(),
        records,
        households,
        decided,
    };
    let learned = estimate(comparisons, &evidence);
    KindModel {
        kind,
        records: rows.len() as u64,
        every_pair: found.every_pair,
        households,
        rules: rules_run(&found.rules, &found.cut),
        expected: learned.expected,
        comparisons: learned.comparisons,
        frequencies: Vec::new(),
    }
}

/// Pairs this probable count as one customer when people are counted.
const PROVISIONAL: f64 = 0.9;

/// A first guess at who is one customer.
fn provisional(
    columns: &Columns,
    model: &KindModel,
    shares: &Shares,
    coding: &Coding,
    candidates: &[Candidate],
) -> Vec<u32> {
    let scorer = Scorer::new(columns, model, shares);
    let matches: Vec<bool> = candidates
        .par_iter()
        .with_min_len(4096)
        .map_init(Vec::new, |levels, candidate| {
            coding.decode_into(candidate.code, levels);
            scorer.assess(levels, candidate.a, candidate.b).probability >= PROVISIONAL
        })
        .collect();
    let mut sets = Sets::new(columns.len());
    for (candidate, _) in candidates.iter().zip(matches).filter(|(_, matches)| *matches) {
        sets.join(candidate.a, candidate.b);
    }
    sets.roots()
}

/// Candidates at or above `least`, and the sum of all probabilities.
fn links(
    scorer: &Scorer<'_>,
    coding: &Coding,
    candidates: &[Candidate],
    least: f64,
    progress: &dyn Progress,
) -> Result<(Vec<Link>, f64), Cancelled> {
    let mut links = Vec::new();
    let mut expected = 0.0;
    for batch in candidates.chunks(BATCH) {
        if progress.cancelled() {
            return Err(Cancelled);
        }
        let scored: Vec<Link> = batch
            .par_iter()
            .with_min_len(1024)
            .map_init(Vec::new, |levels, candidate| {
                coding.decode_into(candidate.code, levels);
                let probability = scorer.assess(levels, candidate.a, candidate.b).probability;
                Link { a: candidate.a, b: candidate.b, probability }
            })
            .collect();
        expected += scored.iter().map(|link| link.probability).sum::<f64>();
        links.extend(scored.into_iter().filter(|link| link.probability >= least));
        progress.advance(batch.len() as u64);
    }
    Ok((links, expected))
}
