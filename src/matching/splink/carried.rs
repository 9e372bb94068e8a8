//! m and u probabilities read from Splink settings, for comparisons that meet ours.

use serde::Deserialize;

use super::super::compare::{Comparison, Learning, comparisons};
use super::super::layout::Layout;
use super::super::model::{ComparisonModel, KindModel};
use super::super::portrait::Kind;
use super::dialect::Dialect;
use super::{LEAST, chances, column_name};
use settings::Settings;

/// Why a file brings no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusableModel {
    /// Not Splink settings.
    #[error("it is not Splink settings in JSON (line {line}, column {column}): {what}")]
    Unreadable {
        /// Where reading stopped.
        line: usize,
        /// See `line`.
        column: usize,
        /// What was expected there; no value.
        what: String,
    },
    /// A number that is no probability.
    #[error(
        "comparison `{comparison}`, level `{level}`: m and u are probabilities, above 0 and at most 1"
    )]
    NoProbability {
        /// The comparison.
        comparison: String,
        /// The level.
        level: String,
    },
    /// Nothing in it meets what this workspace compares.
    #[error(
        "none of its comparisons matches one of this workspace's: `steward export model` writes the names and \
         labels it needs"
    )]
    NothingMeets,
}

/// m and u probabilities to use instead of learned ones. Levels the file does not have stay as
/// learned; so do class sizes, frequencies, and the household and namesake classes.
#[derive(Debug, Clone, PartialEq)]
pub struct CarriedModel {
    kind: Kind,
    comparisons: Vec<CarriedComparison>,
    left_over: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct CarriedComparison {
    comparison: Comparison,
    /// Our levels (from 0) that share it, m and u.
    levels: Vec<(Vec<u8>, f64, f64)>,
}

#[derive(Deserialize)]
struct File {
    comparisons: Vec<FileComparison>,
}

#[derive(Deserialize)]
struct FileComparison {
    output_column_name: String,
    comparison_levels: Vec<FileLevel>,
}

#[derive(Deserialize)]
struct FileLevel {
    #[serde(default)]
    label_for_charts: String,
    m_probability: Option<f64>,
    u_probability: Option<f64>,
}

impl CarriedModel {
    /// Reads Splink settings, as `steward export model` and Splink's `save_model_to_json` write them.
    ///
    /// # Errors
    /// When the text is something else, holds a number that is no probability, or nothing in it
    /// meets the comparisons of `settings`.
    pub fn read(text: &str, settings: &Settings) -> Result<Self, UnusableModel> {
        let file: File = serde_json::from_str(text).map_err(|error| UnusableModel::Unreadable {
            line: error.line(),
            column: error.column(),
            what: if error.is_data() { "comparisons with levels" } else { "JSON" }.to_owned(),
        })?;
        let layout = Layout::new(settings);
        let named = |name: &str| file.comparisons.iter().any(|it| it.output_column_name == name);
        let kind = if named("organisation") { Kind::Organisation } else { Kind::Person };
        let own = comparisons(&layout, kind);
        let mut carried = Self { kind, comparisons: Vec::new(), left_over: Vec::new() };
        for found in &file.comparisons {
            let meets = own.iter().find(|it| column_name(&it.name) == found.output_column_name);
            let levels = match meets {
                Some(comparison) => read_levels(found, comparison, &layout)?,
                None => Vec::new(),
            };
            match meets {
                Some(comparison) if !levels.is_empty() => carried
                    .comparisons
                    .push(CarriedComparison { comparison: comparison.clone(), levels }),
                _ => carried.left_over.push(found.output_column_name.clone()),
            }
        }
        if carried.comparisons.is_empty() {
            return Err(UnusableModel::NothingMeets);
        }
        Ok(carried)
    }

    /// The kind of record it is about.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The comparisons whose probabilities are taken.
    #[must_use]
    pub fn taken(&self) -> Vec<&str> {
        self.comparisons.iter().map(|carried| carried.comparison.name.as_str()).collect()
    }

    /// The file's comparisons that meet none of this workspace's.
    #[must_use]
    pub fn left_over(&self) -> &[String] {
        &self.left_over
    }

    /// Replaces what was learned.
    pub(crate) fn apply(&self, model: &mut KindModel) {
        if model.kind != self.kind {
            return;
        }
        let expected = model.expected;
        for learned in &mut model.comparisons {
            let carried = self.comparisons.iter().find(|it| it.comparison == learned.comparison);
            if let Some(carried) = carried {
                replace(learned, &carried.levels, expected);
            }
        }
    }
}

fn read_levels(
    found: &FileComparison,
    comparison: &Comparison,
    layout: &Layout,
) -> Result<Vec<(Vec<u8>, f64, f64)>, UnusableModel> {
    let table = comparison.carried(layout, Dialect::DuckDb);
    let mut taken = Vec::new();
    for level in &found.comparison_levels {
        let own = table.levels.iter().find(|own| own.label == level.label_for_charts);
        let (Some(own), Some(m), Some(u)) = (own, level.m_probability, level.u_probability) else {
            continue;
        };
        if [m, u].iter().any(|chance| !(*chance > 0.0 && *chance <= 1.0)) {
            return Err(UnusableModel::NoProbability {
                comparison: found.output_column_name.clone(),
                level: level.label_for_charts.clone(),
            });
        }
        taken.push((own.levels.clone(), m, u));
    }
    Ok(taken)
}

/// Levels that share a probability keep the proportions that were learned among them. Then each
/// stratum sums to one again: here a missing value is no evidence.
fn replace(learned: &mut ComparisonModel, carried: &[(Vec<u8>, f64, f64)], expected: [f64; 4]) {
    for (levels, m, u) in carried {
        let (old_m, old_u) = chances(expected, learned, levels);
        for level in levels {
            if let Some(level) = learned.levels.get_mut(usize::from(*level)) {
                level.chances[0] = (level.chances[0] * m / old_m.max(LEAST)).max(LEAST);
                level.chances[3] = (level.chances[3] * u / old_u.max(LEAST)).max(LEAST);
            }
        }
    }
    let subject = learned.comparison.subject;
    let strata: Vec<u8> = subject.levels().iter().map(|level| level.stratum).collect();
    for class in [0, 3] {
        for stratum in 0..=strata.iter().copied().max().unwrap_or(0) {
            let places = || (0..strata.len()).filter(|place| strata[*place] == stratum);
            let total: f64 = places().map(|place| learned.levels[place].chances[class]).sum();
            if total > 0.0 {
                places().for_each(|place| learned.levels[place].chances[class] /= total);
            }
        }
    }
    for (class, learning) in subject.learning.into_iter().enumerate().skip(1) {
        if learning == Learning::AsUnrelated {
            for level in &mut learned.levels {
                level.chances[class] = level.chances[3];
            }
        }
    }
}
