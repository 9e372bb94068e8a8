//! Why two records score what they score: the waterfall.
//!
//! Steps are taken in order, each as the change of the log-odds given the steps before it, so
//! that they add up exactly although the classes make comparisons depend on one another: a shared
//! street says less once a shared family name has made a household likely.

use serde::{Deserialize, Serialize};

use domain::fingerprint::Fingerprinter;
use domain::{FieldName, RecordId, Values};
use settings::Settings;

use super::blocking::{self, EVERY_PAIR, Meeting};
use super::by_hand::{self, Stated};
use super::columns::{Columns, ColumnsBuilder};
use super::compare::Cache;
use super::contested::Beside;
use super::earn::Grounds;
use super::frequency::Shares;
use super::lack::Lacking;
use super::layout::Layout;
use super::model::{Class, ComparisonModel, KindModel, Model};
use super::score::{Assessment, Scorer};
use super::weight::{add, match_weight};

/// Why two records score what they score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Match probability.
    pub probability: f64,
    /// log2 of the odds of a match: the prior weight and all steps' weights.
    pub match_weight: f64,
    /// log2 of the odds of a match between two records drawn at random.
    pub prior_weight: f64,
    /// What each comparison adds, in order, and at last what decisions taught; comparisons with a
    /// missing value are left out.
    pub steps: Vec<Step>,
    /// The chance of each class in words, most likely first: "looks like …".
    pub classes: Vec<(String, f64)>,
    /// The likeliest class that is no match, in one word: what competes with it.
    pub competing: Option<(String, f64)>,
    /// The first blocking rule that brings them together; `None`: no blocking rule met.
    pub blocking: Option<String>,
    /// Rules that met but were left out of the run, and, where none met, those that nearly did.
    pub blocking_notes: Vec<String>,
    /// What keeps the machine from merging them by itself, however probable the match.
    pub unearned: Vec<String>,
    /// The same in few words.
    pub lacks: Vec<String>,
    /// What each of them is called.
    #[serde(default)]
    pub lacking: Vec<Lacking>,
    /// How they stand to each other, whatever they score.
    pub beside: Beside,
    /// Why they are never linked whatever they score, by what they say themselves; no task asks about them.
    pub apart: Option<&'static str>,
}

/// One bar of the waterfall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The comparison: `date of birth`.
    pub comparison: String,
    /// The fields it reads.
    pub fields: Vec<FieldName>,
    /// The left record's values, harmonised.
    pub left: String,
    /// The right record's values.
    pub right: String,
    /// The level in words: `day and month swapped`.
    pub level: String,
    /// What it adds to the log2 odds.
    pub weight: f64,
    /// How common the agreeing value is.
    pub note: Option<String>,
}

impl Step {
    /// A step that compares nothing.
    fn of_no_field() -> Self {
        Self {
            comparison: String::new(),
            fields: Vec::new(),
            left: String::new(),
            right: String::new(),
            level: String::new(),
            weight: 0.0,
            note: None,
        }
    }
}

/// What the step that people's decisions taught is called: it compares nothing.
pub const DECISIONS: &str = "decisions";

/// What the step is called that a rule of `steward.toml` takes: it outweighs all others.
pub const RULE: &str = "rule";

/// Two records as columns of their own.
pub(super) fn two(
    model: &Model,
    settings: &Settings,
    fingerprinter: &Fingerprinter,
    a: &Values,
    b: &Values,
) -> Columns {
    let mut builder = ColumnsBuilder::new(settings);
    builder.push(RecordId(0), a);
    builder.push(RecordId(1), b);
    builder.finish_under(model, fingerprinter)
}

/// Match probability of two records under a model; 0 for a person and an organisation.
#[must_use]
pub fn score(
    model: &Model,
    settings: &Settings,
    fingerprinter: &Fingerprinter,
    a: &Values,
    b: &Values,
) -> f64 {
    let columns = two(model, settings, fingerprinter, a, b);
    part(model, settings, &columns)
        .map_or(0.0, |part| assess(part, &columns, fingerprinter).weight.probability())
}

/// How two records stand to each other, whatever they score; of records that are not compared nothing is said.
#[must_use]
pub fn standing(
    model: &Model,
    settings: &Settings,
    fingerprinter: &Fingerprinter,
    a: &Values,
    b: &Values,
) -> Beside {
    let columns = two(model, settings, fingerprinter, a, b);
    let Some(part) = part(model, settings, &columns) else { return Beside::MayBeOne };
    let shares = Shares::from_tables(&part.frequencies, &columns, fingerprinter);
    let levels = Scorer::new(&columns, part, &shares).grade(0, 1, &mut Cache::new());
    Grounds::read(part, &columns, &levels, 0, 1).beside()
}

/// The part of the model for both records; `None` when they are of different kinds, or the
/// settings compare other fields than those the model was learned with.
pub(super) fn part<'a>(
    model: &'a Model,
    settings: &Settings,
    columns: &Columns,
) -> Option<&'a KindModel> {
    if columns.kind(0) != columns.kind(1) {
        return None;
    }
    let part = model.kind(columns.kind(0))?;
    let now = super::compare::comparisons(&Layout::new(settings), part.kind);
    let same = part.comparisons.len() == now.len()
        && part.comparisons.iter().zip(&now).all(|(then, now)| {
            then.comparison == *now && then.levels.len() == now.subject.levels().len()
        });
    same.then_some(part)
}

fn assess(part: &KindModel, columns: &Columns, fingerprinter: &Fingerprinter) -> Assessment {
    let shares = Shares::from_tables(&part.frequencies, columns, fingerprinter);
    let assessed = Scorer::new(columns, part, &shares).score(0, 1, &mut Cache::new());
    Assessment { weight: Stated::of(columns, 0, 1).settled(assessed.weight), ..assessed }
}

/// The fields whose change can change a score: a decision key holds these.
#[must_use]
pub fn compared_fields(settings: &Settings) -> Vec<FieldName> {
    Layout::new(settings).names().cloned().collect()
}

/// The waterfall of two records under a model, in the numbers the run used.
#[must_use]
pub fn explain(
    model: &Model,
    settings: &Settings,
    fingerprinter: &Fingerprinter,
    a: &Values,
    b: &Values,
) -> Explanation {
    let columns = two(model, settings, fingerprinter, a, b);
    let Some(part) = part(model, settings, &columns) else { return never() };
    let shares = Shares::from_tables(&part.frequencies, &columns, fingerprinter);
    let scorer = Scorer::new(&columns, part, &shares);
    let levels = scorer.grade(0, 1, &mut Cache::new());
    let mut sum = scorer.prior();
    let prior_weight = match_weight(&sum);
    let mut before = prior_weight;
    let mut steps = Vec::new();
    for (number, level) in levels.iter().enumerate().filter(|(_, level)| **level > 0) {
        add(&mut sum, scorer.evidence(number, *level, 0, 1));
        let after = match_weight(&sum);
        let learned = &part.comparisons[number];
        steps.push(Step {
            comparison: learned.comparison.name.clone(),
            fields: learned.comparison.fields.clone(),
            left: shown(&learned.comparison.fields, a),
            right: shown(&learned.comparison.fields, b),
            level: in_words(learned, *level, &columns),
            weight: (after - before).bits(),
            note: match learned.levels[usize::from(*level) - 1].pinned {
                Some(_) => Some("pinned in steward.toml".to_owned()),
                None => scorer.commonness(number, *level, 0, 1).map(|share| note(part, share)),
            },
        });
        before = after;
    }
    let mut assessed = scorer.assessment(&levels, sum);
    steps.extend(scorer.layer().map(|layer| Step {
        comparison: DECISIONS.to_owned(),
        level: layer.in_words(),
        weight: (assessed.weight - before).bits(),
        ..Step::of_no_field()
    }));
    if let Some(level) = by_hand::rule_in_words(&columns, 0, 1) {
        let settled = Stated::Same.settled(assessed.weight);
        let weight = (settled - assessed.weight).bits();
        steps.push(Step { comparison: RULE.to_owned(), level, weight, ..Step::of_no_field() });
        assessed.weight = settled;
    }
    let insists = by_hand::rule_in_words(&columns, 0, 1).map(|_| RULE.to_owned());
    let meeting = if part.every_pair {
        Meeting { rule: Some(EVERY_PAIR.to_owned()), notes: Vec::new() }
    } else {
        blocking::meeting(&columns, part.kind, &part.rules)
    };
    let grounds = Grounds::read(part, &columns, &levels, 0, 1);
    let found = grounds.lacks(part);
    let lacking = found.iter().map(|lack| lack.called).collect();
    let (lacks, unearned) = found.into_iter().map(|lack| (lack.short, lack.words)).unzip();
    Explanation {
        probability: assessed.weight.probability(),
        match_weight: assessed.weight.bits(),
        prior_weight: prior_weight.bits(),
        steps,
        classes: classes(&assessed),
        competing: competing(&assessed),
        blocking: meeting.rule.or(insists),
        blocking_notes: meeting.notes,
        unearned,
        lacks,
        lacking,
        beside: grounds.beside(),
        apart: grounds.is_of_two_generations().then_some("they say they are from two generations"),
    }
}

/// A level in words, and what else the comparison has to say.
fn in_words(learned: &ComparisonModel, level: u8, columns: &Columns) -> String {
    let label = &learned.levels[usize::from(level) - 1].label;
    match (learned.comparison.subject.remark)(columns, 0, 1) {
        Some(remark) => format!("{remark}: {label}"),
        None => label.clone(),
    }
}

/// Records that cannot be compared: a person and an organisation, or a model of other fields.
fn never() -> Explanation {
    Explanation {
        apart: None,
        beside: Beside::Differ,
        probability: 0.0,
        match_weight: f64::NEG_INFINITY,
        prior_weight: f64::NEG_INFINITY,
        steps: Vec::new(),
        classes: vec![(Class::Unrelated.words().to_owned(), 1.0)],
        competing: None,
        blocking: None,
        blocking_notes: Vec::new(),
        unearned: vec!["they are not compared: they differ in kind or in fields".to_owned()],
        lacks: vec!["not compared".to_owned()],
        lacking: vec![Lacking::Other],
    }
}

fn classes(assessed: &Assessment) -> Vec<(String, f64)> {
    let mut classes: Vec<(String, f64)> = Class::ALL
        .into_iter()
        .zip(assessed.classes())
        .map(|(class, chance)| (class.words().to_owned(), chance))
        .collect();
    classes.sort_by(|a, b| b.1.total_cmp(&a.1));
    classes
}

fn competing(assessed: &Assessment) -> Option<(String, f64)> {
    let classes = Class::ALL.into_iter().zip(assessed.classes());
    let others = classes.filter(|(class, _)| *class != Class::Match);
    let (class, chance) = others.max_by(|one, other| one.1.total_cmp(&other.1))?;
    Some((class.name().to_owned(), chance))
}

fn shown(fields: &[FieldName], values: &Values) -> String {
    let texts: Vec<&str> = fields
        .iter()
        .filter_map(|field| values.get(field.as_str()))
        .map(domain::Value::shown)
        .collect();
    texts.join(" ")
}

fn note(part: &KindModel, share: f64) -> String {
    let holders = share * part.records as f64;
    if holders < 1.5 {
        "hardly anyone else has it".to_owned()
    } else {
        format!("1 in {:.0} has it", (1.0 / share).max(1.0))
    }
}
