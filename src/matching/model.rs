//! The model: what a run learned, complete enough to score and explain any two records later
//! without the data.
//!
//! Latent classes after Winkler (1993) and Larsen and Rubin (2001): a pair of records is a match,
//! two people of one household, two people of one name, or unrelated. Within a class the
//! comparisons are independent (Fellegi and Sunter 1969); the classes carry the dependence that
//! would otherwise make families and namesakes look like matches.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use domain::Fingerprint;
use domain::fingerprint::Fingerprinter;

use super::blocking::RuleRun;
use super::columns::Columns;
use super::compare::{Comparison, identifying};
use super::frequency::{FrequencyTable, fingerprint};
use super::learned::Layer;
use super::portrait::Kind;
use super::weight::Millibits;

/// What two records can be to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The same customer.
    Match,
    /// Different people of one household, or different organisations at one place.
    Household,
    /// Different people of one name.
    Namesake,
    /// Nothing.
    Unrelated,
}

impl Class {
    /// Every class; the place is its index in arrays.
    pub const ALL: [Class; 4] = [Class::Match, Class::Household, Class::Namesake, Class::Unrelated];

    /// In words, as the end of "looks like …".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Class::Match => "the same customer",
            Class::Household => "the same household",
            Class::Namesake => "two customers of one name",
            Class::Unrelated => "unrelated customers",
        }
    }

    /// In one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Class::Match => "same",
            Class::Household => "household",
            Class::Namesake => "namesakes",
            Class::Unrelated => "unrelated",
        }
    }
}

/// A learned model. Holds frequencies as keyed fingerprints, never a value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Model {
    /// One part for each kind of record that was present.
    pub(crate) kinds: Vec<KindModel>,
    /// Fingerprints of values that identify nobody and are taken for missing, ascending.
    pub(crate) crowded: Vec<Fingerprint>,
    /// Standing decisions there were to learn from.
    #[serde(default, skip_serializing_if = "is_none")]
    pub(crate) judged: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Model {
    /// The part for a kind of record.
    pub(crate) fn kind(&self, kind: Kind) -> Option<&KindModel> {
        self.kinds.iter().find(|part| part.kind == kind)
    }
}

impl Model {
    /// An empty model that knows which values of `columns` are left out.
    pub(crate) fn new(columns: &Columns, fingerprinter: &Fingerprinter) -> Self {
        let mut crowded: Vec<Fingerprint> = columns
            .crowded()
            .iter()
            .map(|(aspect, value, _)| {
                fingerprint(fingerprinter, *aspect, columns.text(*aspect, *value))
            })
            .collect();
        crowded.sort_unstable();
        Self { crowded, ..Self::default() }
    }

    /// Takes the values that the model leaves out for missing in other columns, too.
    pub(crate) fn leave_out(&self, columns: &mut Columns, fingerprinter: &Fingerprinter) {
        if self.crowded.is_empty() {
            return;
        }
        let mut crowded = Vec::new();
        for (aspect, _) in identifying() {
            let is_crowded = |value: &u32| {
                let key = fingerprint(fingerprinter, aspect, columns.text(aspect, *value));
                self.crowded.binary_search(&key).is_ok()
            };
            let values = (1..columns.pool(aspect).len() as u32).into_par_iter().with_min_len(1024);
            crowded.par_extend(values.filter(is_crowded).map(|value| (aspect, value, 0)));
        }
        columns.leave_out(crowded);
    }
}

/// The model of one kind of record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct KindModel {
    pub(crate) kind: Kind,
    /// Records it was learned from.
    pub(crate) records: u64,
    /// Whether every pair was compared.
    pub(crate) every_pair: bool,
    /// Whether the household class exists.
    pub(crate) households: bool,
    /// What became of each blocking rule; empty in models of runs that did not write it down.
    #[serde(default)]
    pub(crate) rules: Vec<RuleRun>,
    /// Expected pairs of each class among all pairs of the records.
    pub(crate) expected: [f64; 4],
    pub(crate) comparisons: Vec<ComparisonModel>,
    pub(crate) frequencies: Vec<FrequencyTable>,
    /// What people's decisions taught; none where there were too few, and in models of runs that
    /// learned nothing from them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) learned: Option<Layer>,
    /// Whether a slip of a common value weighs no more than the value; not so in models of runs before that was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) holds_slips: bool,
    /// Candidates that reached the threshold from which the machine merges; 0 in models of runs that did
    /// not write it down.
    #[serde(default, skip_serializing_if = "is_none")]
    pub(crate) sure: u64,
}

/// One comparison's learned levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ComparisonModel {
    pub(crate) comparison: Comparison,
    pub(crate) levels: Vec<LevelModel>,
}

/// One level: its words, and its chance in each class given the values both records have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LevelModel {
    pub(crate) label: String,
    pub(crate) chances: [f64; 4],
    /// What it is worth because people say so, whatever its chances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pinned: Option<Millibits>,
}

/// Levels of all comparisons of a pair as one number.
#[derive(Debug, Clone)]
pub(crate) struct Coding {
    radices: Vec<u64>,
}

impl Coding {
    /// For these comparisons.
    pub(crate) fn new(comparisons: &[Comparison]) -> Self {
        let radix = |comparison: &Comparison| comparison.subject.levels().len() as u64 + 1;
        Self { radices: comparisons.iter().map(radix).collect() }
    }

    /// Adds the level of the comparison `number` to the code of the levels before it; the first
    /// one to 0.
    #[inline]
    pub(crate) fn append(&self, code: u64, number: usize, level: u8) -> u64 {
        code * self.radices[number] + u64::from(level)
    }

    pub(crate) fn decode(&self, code: u64) -> Vec<u8> {
        let mut levels = Vec::new();
        self.decode_into(code, &mut levels);
        levels
    }

    /// Decodes without a new allocation.
    pub(crate) fn decode_into(&self, mut code: u64, levels: &mut Vec<u8>) {
        levels.clear();
        levels.resize(self.radices.len(), 0);
        for (level, radix) in levels.iter_mut().zip(&self.radices).rev() {
            *level = (code % radix) as u8;
            code /= radix;
        }
    }
}

impl KindModel {
    /// Whether anything is compared that may tell a person from a relative of the same name: where
    /// there is, people live in families, though no street or phone shows which.
    pub(crate) fn identifies(&self) -> bool {
        self.comparisons.iter().any(|it| it.comparison.subject.tells_relatives_apart)
    }
}
