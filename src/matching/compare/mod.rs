//! Comparisons: one file each. A comparison grades two records' values into ordered levels.
//!
//! Lives here: what is compared, the levels and what is believed about them before any data is
//! seen. Does not live here: what the data say about the levels (`estimate`), or which pairs are
//! looked at (`blocking`).
//!
//! A level belongs to a stratum: the values that both records have. Probabilities are relative to
//! the stratum, so that a missing value is no evidence. Start with [`Comparison::grade`]; a new
//! comparison is one file, which says all about it as its [`ComparisonSpec`], and one row in
//! [`TABLE`]. Everything else asks the table.

pub(crate) mod birth;
pub(crate) mod email;
mod grading;
pub(crate) mod identifier;
pub(crate) mod organisation;
pub(crate) mod person_name;
pub(crate) mod phone;
pub(crate) mod place;
pub(crate) mod plain;
mod spec;
pub(crate) mod street;
mod subject;

use serde::{Deserialize, Serialize};

use domain::FieldName;

use super::columns::Columns;
use super::layout::{Aspect, Layout};
use super::portrait::Kind;
use super::splink::Dialect;
use super::splink::levels::CarriedTable;
pub(crate) use grading::{Cache, best_crosswise};
use spec::level;
pub(crate) use spec::{Agreement, ComparisonSpec, Crowd, Judged, Learning, Level, Says};
pub(crate) use subject::Subject;

/// Every comparison, in the order in which they are made and shown.
pub(crate) static TABLE: [&ComparisonSpec; 10] = [
    &person_name::SPEC,
    &organisation::SPEC,
    &birth::SPEC,
    &email::SPEC,
    &phone::SPEC,
    &identifier::NATIONAL_ID,
    &identifier::SPEC,
    &street::SPEC,
    &place::SPEC,
    &plain::SPEC,
];

/// A comparison of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// In words: `date of birth`.
    pub(crate) name: String,
    pub(crate) subject: Subject,
    /// The fields it reads.
    pub(crate) fields: Vec<FieldName>,
}

impl Comparison {
    /// As [`Subject::grade`].
    #[inline]
    pub(crate) fn grade(&self, columns: &Columns, a: u32, b: u32, cache: &mut Cache) -> u8 {
        self.subject.grade(columns, a, b, cache)
    }

    /// How Splink says it.
    pub(crate) fn carried(&self, layout: &Layout, dialect: Dialect) -> CarriedTable {
        (self.subject.carried)(self, layout, dialect)
    }

    /// See [`ComparisonSpec::fetch`].
    #[inline]
    pub(crate) fn fetch(&self, columns: &Columns, row: u32) -> u32 {
        (self.subject.fetch)(columns, row)
    }
}

/// The comparisons of one kind of record, in the order they are shown.
pub(crate) fn comparisons(layout: &Layout, kind: Kind) -> Vec<Comparison> {
    let own = TABLE.into_iter().filter(|spec| spec.kinds.contains(&kind));
    own.flat_map(|spec| (spec.made)(Subject::of(spec), layout, kind)).collect()
}

/// Aspects whose frequencies count.
pub(crate) fn counted() -> impl Iterator<Item = Aspect> {
    TABLE.iter().flat_map(|spec| spec.counted.iter().copied())
}

/// Aspects that identify someone, and when a value of theirs identifies nobody.
pub(crate) fn identifying() -> impl Iterator<Item = (Aspect, Crowd)> {
    let own = TABLE.iter().filter(|spec| spec.crowd != Crowd::Never);
    own.flat_map(|spec| spec.aspects.iter().map(|aspect| (*aspect, spec.crowd)))
}
