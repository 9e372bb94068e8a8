//! The model as Splink settings, and m and u probabilities back from them.
//!
//! Lives here: what of a model Splink can express, as its settings JSON (the
//! comparisons say in SQL which levels, `rules` which blocking rules), so that a model learned here can run on
//! Splink over DuckDB, Spark or Athena; and the way back ([`CarriedModel`]), for a model whose m and
//! u were learned there. The columns are those of `steward export records`.
//!
//! What does not carry over:
//!
//! | here | in Splink |
//! |---|---|
//! | classes household and namesake | one class of non-matches: u is the mix of all three |
//! | nicknames, words in common, legal forms, units of a street | fall to the level Splink sees |
//! | texts folded (case, accents, punctuation) before comparing | harmonised values as exported |
//! | rarity of the whole name, of values at home and apart | term frequencies of one column |
//! | one conditional table for each set of values both records have | one list of levels |
//! | a whole name in one field, a one-line address | the column as it is, where no parts are mapped |
//! | phonetic, typo-tolerant and split blocking keys | their exact counterparts |
//! | values that identify nobody are left out | nothing: clean them before |
//! | groups by average linkage, earned merges, decisions | Splink's clusters |
//! | rules by hand (`same`, `never`) | nothing; a pinned weight is m and u of that weight |
//! | what decisions taught (`learned`) | nothing: settings hold m and u alone |
//!
//! Levels that Splink cannot tell apart become one with the sum of their chances, so that weights
//! stay true for what is left. Does not live here: reading or writing files.
//!
//! Start with [`settings_json`]. Source: Splink 5's settings, as its `Linker` saves and loads them.

mod carried;
mod dialect;
pub(crate) mod levels;
mod rules;

pub use carried::{CarriedModel, UnusableModel};
pub use dialect::Dialect;

use serde_json::{Value, json};

use settings::Settings;

use super::layout::Layout;
use super::model::{ComparisonModel, KindModel, Model};
use super::portrait::Kind;
use super::weight::Millibits;
use levels::CarriedLevel;

/// The least probability written: Splink takes the logarithm.
const LEAST: f64 = 1e-12;

/// One kind of record's part of a model as Splink settings; `None` when the model has no such part, or
/// the settings compare other fields than those it was learned with.
#[must_use]
pub fn settings_json(
    model: &Model,
    settings: &Settings,
    kind: Kind,
    dialect: Dialect,
) -> Option<Value> {
    let part = model.kind(kind)?;
    let layout = Layout::new(settings);
    let now = super::compare::comparisons(&layout, kind);
    if !part.comparisons.iter().map(|learned| &learned.comparison).eq(&now) {
        return None;
    }
    let rules = if part.every_pair {
        vec![rules::EVERY_PAIR.to_owned()]
    } else {
        rules::rules(&layout, kind, dialect)
    };
    let comparisons: Vec<Value> = part
        .comparisons
        .iter()
        .map(|learned| comparison_json(part, learned, &layout, dialect))
        .collect();
    let pairs: f64 = part.expected.iter().sum();
    Some(json!({
        "link_type": "dedupe_only",
        "unique_id_column_name": "record",
        "sql_dialect": dialect.name(),
        "linker_uid": format!("steward_{}", kind_name(kind)),
        "probability_two_random_records_match": probability(part.expected[0] / pairs),
        "blocking_rules_to_generate_predictions": rules,
        "comparisons": comparisons,
        "retain_matching_columns": false,
        "retain_intermediate_calculation_columns": false,
    }))
}

/// The kinds of record a model has a part for.
#[must_use]
pub fn kinds(model: &Model) -> Vec<Kind> {
    model.kinds.iter().map(|part| part.kind).collect()
}

/// How a kind goes by in files and on the command line.
#[must_use]
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "person",
        Kind::Organisation => "organisation",
    }
}

fn comparison_json(
    part: &KindModel,
    learned: &ComparisonModel,
    layout: &Layout,
    dialect: Dialect,
) -> Value {
    let table = learned.comparison.carried(layout, dialect);
    let null = json!({
        "sql_condition": table.null,
        "label_for_charts": "a value is missing",
        "is_null_level": true,
    });
    let rest = table.levels.iter().map(|level| level_json(part, learned, level));
    json!({
        "output_column_name": column_name(&learned.comparison.name),
        "comparison_description": described(learned),
        "comparison_levels": std::iter::once(null).chain(rest).collect::<Vec<_>>(),
    })
}

/// The comparison's name, and which of its weights people pinned.
fn described(learned: &ComparisonModel) -> String {
    let pinned = learned
        .levels
        .iter()
        .filter_map(|level| Some(format!("{} {:+.3} bits", level.label, level.pinned?.bits())));
    let pinned: Vec<String> = pinned.collect();
    match pinned.as_slice() {
        [] => learned.comparison.name.clone(),
        pinned => {
            format!("{}; pinned in steward.toml: {}", learned.comparison.name, pinned.join(", "))
        }
    }
}

fn level_json(part: &KindModel, learned: &ComparisonModel, level: &CarriedLevel) -> Value {
    let (m, u) = chances(part.expected, learned, &level.levels);
    let mut json = json!({
        "sql_condition": level.condition,
        "label_for_charts": level.label,
        "m_probability": probability(m),
        "u_probability": probability(u),
    });
    // What is pinned holds however common a value is.
    let is_pinned = level.levels.iter().any(|own| pin(learned, *own).is_some());
    if let Some(column) = level.frequency.as_ref().filter(|_| !is_pinned) {
        json["tf_adjustment_column"] = json!(column);
        json["tf_adjustment_weight"] = json!(1.0);
    }
    json
}

/// m and u of several levels together: the non-matches' classes mixed by their size.
fn chances(expected: [f64; 4], learned: &ComparisonModel, levels: &[u8]) -> (f64, f64) {
    let others: f64 = expected[1..].iter().sum();
    levels.iter().filter_map(|level| learned.levels.get(usize::from(*level))).fold(
        (0.0, 0.0),
        |(m, u), level| {
            let mixed: f64 = (1..4).map(|class| expected[class] * level.chances[class]).sum();
            let (own_m, own_u) = held(level.pinned, (level.chances[0], mixed / others));
            (m + own_m, u + own_u)
        },
    )
}

/// What people pinned a level of a comparison to, if anything.
fn pin(learned: &ComparisonModel, level: u8) -> Option<Millibits> {
    learned.levels.get(usize::from(level))?.pinned
}

/// m and u of a level, held to the weight it is pinned to: u is as it was where that goes.
fn held(pinned: Option<Millibits>, (m, u): (f64, f64)) -> (f64, f64) {
    let Some(odds) = pinned.map(|pinned| pinned.bits().exp2()) else { return (m, u) };
    let u = u.max(LEAST).min(1.0 / odds.max(1.0));
    (u * odds, u)
}

fn probability(chance: f64) -> f64 {
    if chance.is_finite() { chance.clamp(LEAST, 1.0) } else { LEAST }
}

/// A comparison's name as a column's: `date of birth` is `date_of_birth`, `e-mail` is `email`.
fn column_name(name: &str) -> String {
    name.replace('-', "").replace(' ', "_")
}

/// Our levels in each of Splink's, for tests of the whole.
#[cfg(test)]
pub(super) fn table_of(comparison: &super::compare::Comparison, layout: &Layout) -> Vec<Vec<u8>> {
    let table = comparison.carried(layout, Dialect::DuckDb);
    table.levels.into_iter().map(|level| level.levels).collect()
}
