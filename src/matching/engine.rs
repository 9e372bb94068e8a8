//! A matching run: columns in, model, merges and proposals out.

use domain::fingerprint::Fingerprinter;
use domain::scores::Rung;
use domain::{FieldName, RecordId};
use settings::MatchingSettings;

use super::blocking::{
    Blocked, CutBlock, Pair, RuleCount, Second, Stretch, rules_run, second_budget,
};
use super::by_hand;
use super::candidates::{Candidates, Grader};
use super::cluster::{Link, Sets};
use super::columns::Columns;
use super::compare::{Comparison, comparisons};
use super::contested::Torn;
use super::crowd::CrowdedValue;
use super::earn::Grounds;
use super::estimate::{Evidence, Matches, estimate, refine};
use super::frequency::{self, Counted, Shares};
use super::group::group;
use super::ladder;
use super::learned::{self, Judgement};
use super::model::{Class, KindModel, Model};
use super::portrait::Kind;
use super::score::Scorer;
use super::screen::PatternScores;
use super::splink::CarriedModel;
use super::weight::{Chance, Millibits};

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
    /// The decisions that say so, in the order in which they were made: what the layer over the
    /// scores is learned from.
    pub judgements: Vec<Judgement>,
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
    /// Records of existing customers that would be given to neither of two today.
    pub torn: Vec<Torn>,
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
    /// Joins of it that are expected to be wrong: the sum of 1 less the probability of the link that
    /// each rests on.
    pub doubt: f64,
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
    /// Joins that are expected to be wrong if all its customers were made one, each by the best link.
    pub doubt: f64,
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
        torn: Vec::new(),
        report: Report { crowded: crowded_values(request.columns), ..Report::default() },
    };
    outcome.model.judged = request.constraints.judgements.len() as u64;
    for kind in [Kind::Person, Kind::Organisation] {
        let rows = request.columns.rows_of(kind);
        if !rows.is_empty() {
            run_kind(request, kind, &rows, progress, &mut outcome)?;
        }
    }
    outcome.auto.sort_unstable_by(|a, b| a.records.cmp(&b.records));
    outcome.proposals.sort_unstable_by(|a, b| a.records.cmp(&b.records));
    outcome.torn.sort_unstable();
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
    let grader = Grader::new(columns, kind, &comparisons);
    let mut candidates = Candidates::find(&grader, rows, progress)?;
    candidates.draw(&grader, rows);
    progress.phase("learning", None);
    let mut model = learn(columns, kind, rows, &comparisons, &candidates);
    let budget = second_budget(rows.len(), model.expected[0]).filter(|_| !model.every_pair);
    if let Some(budget) = budget {
        candidates.widen(&grader, rows, Second::Budget(budget), progress)?;
        progress.phase("learning", None);
        model = learn(columns, kind, rows, &comparisons, &candidates);
    }
    if let Some(carried) = request.carried {
        carried.apply(&mut model);
    }
    // First every record counts as a customer; then those this first scoring joins count once.
    let counts = frequency::count(columns, rows, None);
    let shares = Shares::new(columns, &counts);
    model.frequencies = counts.iter().map(Counted::unnamed).collect();
    let auto = Millibits::reaching(request.thresholds.auto);
    let (customers, matches) = provisional(columns, auto, &model, &shares, &candidates, progress)?;
    if request.carried.is_none() {
        refine(&mut model, &matches);
    }
    let counts = frequency::count(columns, rows, Some(&customers));
    let shares = Shares::new(columns, &counts);
    drop(customers);
    model.frequencies =
        counts.iter().map(|counted| counted.named(columns, request.fingerprinter)).collect();
    model.sure = matches.sure;
    model.learned = learned::learn(request, &Scorer::new(columns, &model, &shares), matches.sure);
    progress.phase("scoring", Some(candidates.len() as u64));
    let scorer = Scorer::new(columns, &model, &shares);
    let (links, expected_matches) = links(&scorer, &candidates, ladder::least(request), progress)?;
    let links = by_hand::insist(&scorer, links);
    let Blocked { pairs, rules, cut } = candidates.blocked;
    let candidates = pairs.len() as u64;
    drop(pairs);
    progress.phase("grouping", None);
    ladder::climb(request, &scorer, &links, progress, &mut outcome.report)?;
    let grouped_pairs = group(request, &scorer, links, outcome);
    outcome.report.kinds.push(KindReport {
        kind,
        records: rows.len() as u64,
        candidates,
        rules,
        cut,
        classes: Class::ALL.into_iter().zip(model.expected).collect(),
        expected_matches,
        grouped_pairs,
    });
    outcome.model.kinds.push(model);
    if progress.cancelled() { Err(Cancelled) } else { Ok(()) }
}

fn learn(
    columns: &Columns,
    kind: Kind,
    rows: &[u32],
    comparisons: &[Comparison],
    candidates: &Candidates,
) -> KindModel {
    let records = rows.len() as f64;
    let pairs = records * (records - 1.0) / 2.0;
    let households = columns.layout.shows_households();
    let counted: Vec<Vec<Option<f64>>> =
        comparisons.iter().map(|it| (it.subject.pairs_by_value)(columns, rows)).collect();
    let evidence = Evidence {
        patterns: candidates
            .patterns
            .iter()
            .map(|(levels, count)| (levels, count as f64))
            .collect(),
        outside: (pairs - candidates.len() as f64).max(0.0),
        drawn: candidates.sample.drawn,
        seen: &candidates.sample.seen,
        counted: &counted,
        records,
        households,
    };
    let learned = estimate(comparisons, &evidence);
    KindModel {
        kind,
        records: rows.len() as u64,
        every_pair: candidates.every_pair,
        households,
        rules: rules_run(&candidates.blocked.rules, &candidates.blocked.cut),
        expected: learned.expected,
        comparisons: by_hand::pinned(&columns.layout, learned.comparisons),
        frequencies: Vec::new(),
        learned: None,
        holds_slips: true,
        sure: 0,
    }
}

/// Pairs this probable count as one customer when people are counted.
const PROVISIONAL: f64 = 0.9;

/// Pairs less probable than this teach nothing about matches.
const TELLING: f64 = 0.05;

/// A first guess at who is one customer, and at what matches look like; from `auto` on they are sure.
pub(super) fn provisional(
    columns: &Columns,
    auto: Millibits,
    model: &KindModel,
    shares: &Shares,
    candidates: &Candidates,
    progress: &dyn Progress,
) -> Result<(Vec<u32>, Matches), Cancelled> {
    let scorer = Scorer::new(columns, model, shares);
    let scores = PatternScores::new(&scorer, &candidates.patterns);
    let least = Millibits::reaching(TELLING);
    let one = Millibits::reaching(PROVISIONAL);
    let mut sets = Sets::new(columns.len());
    let mut all = Matches::none(model);
    let matches = |pairs: Stretch<'_>, patterns: &[u32]| {
        let (mut joined, mut matches): (Vec<Pair>, _) = (Vec::new(), Matches::none(model));
        for (pair, pattern) in pairs.iter().zip(patterns) {
            if !scores.may_reach(*pattern, least) {
                continue;
            }
            let weight = scores.weight(*pattern, pair);
            matches.sure += u64::from(weight >= auto);
            if weight >= least {
                let levels = candidates.patterns.levels(*pattern);
                matches.count(levels, Chance::of(weight.probability()));
            }
            if weight >= one {
                joined.push(pair);
            }
        }
        (joined, matches)
    };
    candidates.each_stretch(progress, matches, |(joined, matches)| {
        joined.into_iter().for_each(|pair| sets.join(pair.a(), pair.b()));
        all.add(&matches);
    })?;
    Ok((sets.roots(), all))
}

/// Odds (log2) of a match under which a candidate adds nothing worth mention to the sum of all
/// probabilities: a million of them add one.
const NEGLIGIBLE: Millibits = Millibits(-20_000);

/// Candidates at or above `least`, and the sum of all probabilities.
fn links(
    scorer: &Scorer<'_>,
    candidates: &Candidates,
    least: f64,
    progress: &dyn Progress,
) -> Result<(Vec<Link>, f64), Cancelled> {
    let scores = PatternScores::new(scorer, &candidates.patterns);
    let mut links = Vec::new();
    let mut expected = Chance::default();
    let least = Millibits::reaching(least);
    let score = |pairs: Stretch<'_>, patterns: &[u32]| {
        let (mut links, mut sum) = (Vec::new(), Chance::default());
        for (pair, pattern) in pairs.iter().zip(patterns) {
            if !scores.may_reach(*pattern, NEGLIGIBLE) {
                continue;
            }
            let weight = scores.weight(*pattern, pair);
            sum += Chance::of(weight.probability());
            if weight >= least {
                let levels = scores.levels(*pattern);
                let (columns, model) = (scorer.columns, scorer.model);
                let grounds = Grounds::read(model, columns, levels, pair.a(), pair.b());
                links.push(Link { a: pair.a(), b: pair.b(), weight, grounds });
            }
        }
        (links, sum)
    };
    candidates.each_stretch(progress, score, |(found, sum)| {
        links.extend(found);
        expected += sum;
    })?;
    Ok((links, expected.value()))
}
