//! A run under the model of an earlier one, for some records and whatever they may be one with.
//!
//! Groups form inside connected components of links. From the records asked for, the links are
//! followed until a component is complete, with the candidates that the earlier run's rules bring;
//! what is found for these components is therefore what a run over all records would find under
//! that model, and nothing is said of the others.

use rayon::prelude::*;

use domain::RecordId;

use super::blocking::{Lookup, Pair, WITHIN_GROUPS, loose_rules, rules};
use super::by_hand::{Blocks, Stated};
use super::cluster::{Link, Sets};
use super::columns::{Columns, ColumnsBuilder};
use super::compare::Cache;
use super::contested::Torn;
use super::earn::Grounds;
use super::engine::{
    AutoMerge, Cancelled, Constraints, Outcome, Progress, Proposal, Report, Request, Silent,
};
use super::frequency::Shares;
use super::group::group;
use super::model::Model;
use super::pairs::compares;
use super::portrait::Kind;
use super::score::Scorer;
use super::weight::Millibits;

/// Rows whose candidates are looked up on one thread before looking at cancellation.
const TOGETHER: usize = 4_096;
/// Pairs scored on one thread.
const PAIRS_TOGETHER: usize = 1_024;

/// What a run under an earlier model came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rerun {
    /// Sets of records the machine merges: each joins at least two customers.
    pub auto: Vec<AutoMerge>,
    /// Groups for a person.
    pub proposals: Vec<Proposal>,
    /// Records of existing customers that would be given to neither of two today.
    pub torn: Vec<Torn>,
    /// Pairs scored.
    pub pairs: u64,
    /// The records of all components that were looked at, ascending: those asked for, and those
    /// they may be one with.
    pub records: Vec<RecordId>,
}

/// Whether a run can be repeated under a model: it knows every kind of record there is with today's
/// comparisons, levels and blocking rules.
#[must_use]
pub fn serves(model: &Model, columns: &ColumnsBuilder) -> bool {
    let same = |part: &super::model::KindModel| {
        let levels = part.comparisons.iter().all(|learned| {
            let labels = learned.levels.iter().map(|level| level.label.as_str());
            labels.eq(learned.comparison.subject.levels().iter().map(|level| level.label))
        });
        let names = || rules(part.kind).iter().map(|rule| rule.name);
        let is_written_down = part.rules.iter().all(|run| run.left_out || run.cap > 0);
        let pass = |second| {
            let runs = part.rules.iter().filter(move |run| run.between_groups == second);
            runs.map(|run| run.rule.as_str())
        };
        let loose = loose_rules(part.kind).iter().map(|rule| rule.name);
        let second = std::iter::once(WITHIN_GROUPS).chain(names()).chain(loose);
        let twice = pass(true).next().is_none() || second.eq(pass(true));
        let rules = names().eq(pass(false)) && twice;
        levels && (part.every_pair || rules && is_written_down)
    };
    let kinds = [Kind::Person, Kind::Organisation].into_iter();
    let mut present = kinds.filter(|kind| columns.kinds.iter().any(|(own, _)| own == kind));
    present.all(|kind| compares(model, &columns.layout, kind)) && model.kinds.iter().all(same)
}

/// Finds out what becomes of `seeds` under `model`. The columns are finished under it
/// ([`ColumnsBuilder::finish_under`](super::ColumnsBuilder::finish_under)), and it [`serves`] them.
///
/// # Errors
/// [`Cancelled`] when `progress` says so.
pub fn rerun(
    request: &Request<'_>,
    model: &Model,
    seeds: &[RecordId],
    progress: &dyn Progress,
) -> Result<Rerun, Cancelled> {
    progress.phase("indexing", None);
    let mut search = Search::new(request, model);
    let row = request.columns.rows();
    let mut frontier: Vec<u32> = seeds.iter().filter_map(|seed| row(*seed)).collect();
    progress.phase("comparing", None);
    while !frontier.is_empty() {
        frontier = search.go_on(frontier, progress)?;
    }
    progress.phase("grouping", None);
    let rerun = search.group();
    if progress.cancelled() { Err(Cancelled) } else { Ok(rerun) }
}

/// The records that one may be one with under `model`, each with how probable that is: what a run would
/// ask about or merge, the likeliest first. The columns are as [`rerun()`] wants them.
#[must_use]
pub fn alike(request: &Request<'_>, model: &Model, record: RecordId) -> Vec<(RecordId, f64)> {
    let Some(row) = request.columns.rows()(record) else { return Vec::new() };
    let mut search = Search::new(request, model);
    // Nobody cancels it: it is one step.
    if search.go_on(vec![row], &Silent).is_err() {
        return Vec::new();
    }
    let other = |link: &Link| if link.a == row { link.b } else { link.a };
    let found = search.links.iter().filter(|link| link.a == row || link.b == row);
    let mut found: Vec<(RecordId, f64)> = found
        .map(|link| (request.columns.record(other(link)), link.weight.probability()))
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found
}

struct Search<'a> {
    request: &'a Request<'a>,
    model: &'a Model,
    lookups: Vec<(Kind, Lookup<'a>)>,
    /// Rows that steward.toml says are one.
    insisted: Blocks<'a>,
    /// Rows that are one from the start: a unit's rows lie together.
    units: Units,
    /// Rows whose candidates are known.
    reached: Vec<bool>,
    links: Vec<Link>,
    pairs: u64,
}

/// Rows that customers and people's decisions joined.
struct Units {
    /// Unit and row, sorted; rows that stand alone are left out.
    members: Vec<(u32, u32)>,
    unit: Vec<u32>,
}

impl Units {
    fn new(request: &Request<'_>) -> Self {
        let row = request.columns.rows();
        let mut sets = Sets::new(request.columns.len());
        let joined = request.constraints.must_link.iter().copied();
        let clusters =
            request.clusters.iter().flat_map(|it| it.windows(2).map(|it| (it[0], it[1])));
        for (a, b) in joined.chain(clusters) {
            if let (Some(a), Some(b)) = (row(a), row(b)) {
                sets.join(a, b);
            }
        }
        let unit = sets.roots();
        let mut alone = vec![true; unit.len()];
        for (row, unit) in (0..).zip(&unit).filter(|(row, unit)| row != *unit) {
            (alone[row as usize], alone[*unit as usize]) = (false, false);
        }
        let mut members: Vec<(u32, u32)> =
            unit.iter().copied().zip(0..).filter(|(_, row)| !alone[*row as usize]).collect();
        members.par_sort_unstable();
        Self { members, unit }
    }

    /// The other rows of a row's unit, and itself perhaps.
    fn of(&self, row: u32) -> impl Iterator<Item = u32> {
        let unit = self.unit[row as usize];
        let start = self.members.partition_point(|(own, _)| *own < unit);
        self.members[start..].iter().take_while(move |(own, _)| *own == unit).map(|(_, row)| *row)
    }
}

impl<'a> Search<'a> {
    fn new(request: &'a Request<'a>, model: &'a Model) -> Self {
        let lookup = |part: &super::model::KindModel| {
            (part.kind, Lookup::new(request.columns, part.kind, part))
        };
        Self {
            request,
            model,
            lookups: model.kinds.iter().map(lookup).collect(),
            insisted: Blocks::new(request.columns),
            units: Units::new(request),
            reached: vec![false; request.columns.len()],
            links: Vec::new(),
            pairs: 0,
        }
    }

    /// Scores the candidates of some rows and their units; gives the rows they are linked to.
    fn go_on(&mut self, rows: Vec<u32>, progress: &dyn Progress) -> Result<Vec<u32>, Cancelled> {
        let mut fresh = Vec::new();
        let mut is_fresh = vec![false; self.reached.len()];
        for row in rows.into_iter().flat_map(|row| self.units.of(row).chain([row])) {
            if !self.reached[row as usize] && !std::mem::replace(&mut is_fresh[row as usize], true)
            {
                fresh.push(row);
            }
        }
        let mut next = Vec::new();
        for rows in fresh.chunks(TOGETHER) {
            if progress.cancelled() {
                return Err(Cancelled);
            }
            let mut pairs: Vec<Pair> =
                rows.par_iter().flat_map_iter(|row| self.candidates(*row)).collect();
            pairs.par_sort_unstable();
            pairs.dedup();
            // Their candidates are known now: a pair with them has been scored.
            rows.iter().for_each(|row| self.reached[*row as usize] = true);
            self.pairs += pairs.len() as u64;
            for link in self.score(&pairs) {
                next.extend(
                    [link.a, link.b].into_iter().filter(|row| !self.reached[*row as usize]),
                );
                self.links.push(link);
            }
            progress.advance(rows.len() as u64);
        }
        Ok(next)
    }

    fn candidates(&self, row: u32) -> Vec<Pair> {
        let kind = self.request.columns.kind(row);
        let Some((_, lookup)) = self.lookups.iter().find(|(own, _)| *own == kind) else {
            return Vec::new();
        };
        let mut others = Vec::new();
        lookup.candidates(row, &mut others);
        self.insisted.partners(row, &mut others);
        others.retain(|other| *other != row && !self.reached[*other as usize]);
        others.sort_unstable();
        others.dedup();
        others.into_iter().map(|other| Pair::new(row, other)).collect()
    }

    /// The pairs at the review threshold and above.
    fn score(&self, pairs: &[Pair]) -> Vec<Link> {
        let mut rows: Vec<u32> = pairs.iter().flat_map(|pair| [pair.a(), pair.b()]).collect();
        rows.par_sort_unstable();
        rows.dedup();
        let excerpt = Excerpt::new(self.request.columns, &rows);
        let least = Millibits::reaching(self.request.thresholds.review);
        let mut links = Vec::new();
        for part in &self.model.kinds {
            let shares = excerpt.shares(self.request, part);
            let scorer = Scorer::new(&excerpt.columns, part, &shares);
            let found = pairs
                .par_chunks(PAIRS_TOGETHER)
                .flat_map_iter(|pairs| {
                    let mut cache = Cache::new();
                    let mut levels = Vec::new();
                    let mut links = Vec::new();
                    for pair in pairs {
                        let (a, b) = (excerpt.row(pair.a()), excerpt.row(pair.b()));
                        let (a, b) = (a.min(b), a.max(b));
                        if excerpt.columns.kind(a) != part.kind {
                            continue;
                        }
                        scorer.grade_into(a, b, &mut cache, &mut levels);
                        let weight = scorer.assess(&levels, a, b).weight;
                        let stated = Stated::of(&excerpt.columns, a, b).settled(weight);
                        if stated < least {
                            continue;
                        }
                        let grounds = Grounds::read(part, &excerpt.columns, &levels, a, b);
                        let weight = grounds.settled(weight);
                        if weight >= least {
                            links.push(Link { a: pair.a(), b: pair.b(), weight, grounds });
                        }
                    }
                    links
                })
                .collect::<Vec<_>>();
            links.extend(found);
        }
        links
    }

    /// Groups what was reached.
    fn group(self) -> Rerun {
        let columns = self.request.columns;
        let rows: Vec<u32> =
            (0..).zip(&self.reached).filter(|(_, reached)| **reached).map(|(row, _)| row).collect();
        let excerpt = Excerpt::new(columns, &rows);
        let is_reached = |record: &RecordId| excerpt.records.binary_search(record).is_ok();
        let among = |pairs: &[(RecordId, RecordId)]| {
            pairs.iter().copied().filter(|(a, b)| is_reached(a) && is_reached(b)).collect()
        };
        let constraints = Constraints {
            must_link: among(&self.request.constraints.must_link),
            cannot_link: among(&self.request.constraints.cannot_link),
            // The model holds what they taught.
            judgements: Vec::new(),
        };
        let clusters: Vec<Vec<RecordId>> = self
            .request
            .clusters
            .iter()
            .filter(|cluster| cluster.first().is_some_and(is_reached))
            .cloned()
            .collect();
        let request = Request {
            columns: &excerpt.columns,
            constraints: &constraints,
            clusters: &clusters,
            ..*self.request
        };
        let mut outcome = Outcome {
            model: Model::default(),
            auto: Vec::new(),
            proposals: Vec::new(),
            torn: Vec::new(),
            report: Report::default(),
        };
        for part in &self.model.kinds {
            let links = self.links.iter().filter(|link| columns.kind(link.a) == part.kind);
            let links = links.map(|link| {
                let (a, b) = (excerpt.row(link.a), excerpt.row(link.b));
                Link { a: a.min(b), b: a.max(b), ..*link }
            });
            let shares = excerpt.shares(self.request, part);
            let scorer = Scorer::new(&excerpt.columns, part, &shares);
            group(&request, &scorer, links.collect(), &mut outcome);
        }
        let Outcome { mut auto, mut proposals, mut torn, .. } = outcome;
        torn.sort_unstable();
        auto.sort_unstable_by(|a, b| a.records.cmp(&b.records));
        proposals.sort_unstable_by(|a, b| a.records.cmp(&b.records));
        Rerun { auto, proposals, torn, pairs: self.pairs, records: excerpt.records }
    }
}

/// Some rows of columns as columns of their own.
struct Excerpt {
    columns: Columns,
    /// Rows of the whole and here, by the former.
    rows: Vec<(u32, u32)>,
    /// The records, ascending.
    records: Vec<RecordId>,
}

impl Excerpt {
    /// `rows` are ascending.
    fn new(whole: &Columns, rows: &[u32]) -> Self {
        let columns = whole.select(rows);
        let here = columns.rows();
        let numbered = |row: &u32| Some((*row, here(whole.record(*row))?));
        let rows: Vec<(u32, u32)> = rows.iter().filter_map(numbered).collect();
        let mut records: Vec<RecordId> = rows.iter().map(|(row, _)| whole.record(*row)).collect();
        records.sort_unstable();
        Self { columns, rows, records }
    }

    /// The row here of a row of the whole, which is among them.
    fn row(&self, row: u32) -> u32 {
        let at = self.rows.binary_search_by_key(&row, |(own, _)| *own).unwrap_or_default();
        self.rows.get(at).map_or(0, |(_, here)| *here)
    }

    fn shares(&self, request: &Request<'_>, part: &super::model::KindModel) -> Shares {
        Shares::from_tables(&part.frequencies, &self.columns, request.fingerprinter)
    }
}
