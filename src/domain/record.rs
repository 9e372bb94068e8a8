//! A source record as delivered, and the layers people put over it.

use std::collections::BTreeMap;

use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprinter;
use super::{
    DecisionId, FieldName, Fingerprint, ImportId, RecordAddress, Restriction, RuleId, Sequence,
    Value, Values,
};

/// One delivered revision of a source record, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordBody {
    /// `source:key`.
    pub address: RecordAddress,
    /// The mapped fields: raw and harmonised.
    pub values: Values,
    /// Delivered columns that no field maps, as they came: nothing is lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmapped: Vec<(CompactString, CompactString)>,
    /// What was delivered for fields that have no value: a word for nothing, such as `NULL`, which may
    /// still be what somebody is called. No part of the content: a row that says nothing in another
    /// word says the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<(FieldName, CompactString)>,
    /// Fields whose text was a number with decimals in the file, and no text: a point parts them, whatever the
    /// custom of its source is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decimals: Vec<FieldName>,
    /// When the source last changed the record, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
    /// Line of the file it came from, counted from 1.
    pub line: u64,
}

impl RecordBody {
    /// The fingerprint of everything that was delivered and says something: the same for the same content, whatever
    /// the line or the day it came.
    #[must_use]
    pub fn content(&self, fingerprinter: &Fingerprinter) -> Fingerprint {
        let updated = self.updated.map(|at| at.to_string()).unwrap_or_default();
        let mapped = self.values.iter().flat_map(|(field, value)| [field.as_str(), value.raw()]);
        let unmapped =
            self.unmapped.iter().flat_map(|(column, value)| [column.as_str(), value.as_str()]);
        fingerprinter.of(mapped.chain(["\0"]).chain(unmapped).chain(["\0", updated.as_str()]))
    }

    /// Whether a field says the same in another body of the record: what is delivered, or the number that it
    /// is where one of them has it as a number and the other as a text.
    #[must_use]
    pub fn says_alike(&self, other: &RecordBody, field: &str) -> bool {
        let is_number = |body: &RecordBody| body.decimals.iter().any(|it| it.as_str() == field);
        match (self.values.get(field), other.values.get(field)) {
            (Some(one), Some(another)) if is_number(self) != is_number(other) => {
                one.standard() == another.standard() && one.is_readable()
            }
            (one, another) => one.map(Value::raw) == another.map(Value::raw),
        }
    }
}

impl RecordAddress {
    /// The fingerprint under which the record is looked up.
    #[must_use]
    pub fn fingerprint(&self, fingerprinter: &Fingerprinter) -> Fingerprint {
        fingerprinter.of([self.source.as_str(), self.key.as_str()])
    }
}

/// What people decided about a record; empty for a record nobody touched.
///
/// Holds references to decisions, never a personal value: the values stand in the decisions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecordState {
    /// The standing correction of each corrected field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub corrections: BTreeMap<FieldName, Correction>,
    /// The standing waiver of each waived rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub waivers: BTreeMap<RuleId, Waiver>,
    /// The decision that set the record aside: kept whole and where it is, it takes no part until
    /// its source delivers it with other content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantined: Option<DecisionId>,
    /// The holds that keep it from being erased, by the decision that put each there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holds: BTreeMap<DecisionId, Hold>,
    /// What keeps it from being used, by the request that put each there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub restrictions: BTreeMap<DecisionId, Restriction>,
    /// A complete delivery of its source no longer held the record; until it is delivered again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vanished: Option<Vanished>,
    /// A delivery would make somebody else of it, and nobody has said that this is right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlaid: Option<Overlaid>,
    /// Its source gave its key to somebody else: what was delivered before says nothing of whoever it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reused: Option<Reused>,
}

impl RecordState {
    /// Whether nobody touched the record.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the record's values count: it is neither quarantined nor closed.
    #[must_use]
    pub fn takes_part(&self) -> bool {
        self.quarantined.is_none() && !self.is_closed()
    }

    /// The revision whose values are in force, if that is not the latest that was delivered.
    #[must_use]
    pub fn in_force(&self) -> Option<RevisionPlace> {
        self.overlaid.filter(|overlaid| overlaid.held).map(|overlaid| overlaid.former)
    }

    /// Whether the record is closed: its source no longer holds it, and it was decided, or is the
    /// source's policy, that it counts no more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.vanished.is_some_and(|vanished| vanished.closed)
    }
}

/// What keeps a record from being erased, by a person or by retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The decision that put it there, which says why.
    pub decision: DecisionId,
    /// The last day on which it holds; none means until it is lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Hold {
    /// Whether it holds on a day.
    #[must_use]
    pub fn stands_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

/// A revision of a record, and where it stands in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionPlace {
    /// The commit that brought it.
    pub commit: Sequence,
    /// The event's place in it, from 0.
    pub event: u32,
    /// Its number, from 1.
    pub revision: u32,
}

/// What is delivered of a record is of somebody else than what was delivered before.
///
/// Holds no value: both are revisions of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlaid {
    /// The last revision of which nobody doubts whose it is.
    pub former: RevisionPlace,
    /// The import that delivered somebody else.
    pub import: ImportId,
    /// Whether that revision is in force, and what was delivered since is held back; else what was delivered is in
    /// force, and a person is asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    /// The decision that keeps the former values in force; `None` before anybody has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionId>,
}

impl Overlaid {
    /// Whether a person is yet to say whose it is.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.decision.is_none()
    }
}

/// Since when a record is of somebody else than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reused {
    /// The decision that says so.
    pub decision: DecisionId,
    /// The first revision that is of whoever it is now.
    pub revision: u32,
}

/// What became of a record that its source no longer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vanished {
    /// The import whose file no longer held it, or said that it is deleted.
    pub import: ImportId,
    /// Whether it is closed: kept whole and where it is, but none of its values count.
    pub closed: bool,
    /// The decision that closed it, kept it or reopened it; `None` before anybody has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionId>,
    /// Whether the file said that its source has deleted it; else it did not hold it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// Whether the import brought it, and was taken back: its source is not known to have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undone: bool,
}

impl Vanished {
    /// How the import showed it: `not in I3`, `I3 was undone`.
    #[must_use]
    pub fn shown_by(&self) -> String {
        let import = self.import;
        match (self.undone, self.deleted) {
            (true, _) => format!("{import} was undone"),
            (false, true) => format!("deleted there ({import})"),
            (false, false) => format!("not in {import}"),
        }
    }

    /// Whether a person is yet to say what becomes of it.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        !self.closed && self.decision.is_none()
    }
}

impl std::fmt::Display for Vanished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let how = self.shown_by();
        match (self.closed, self.decision) {
            (true, Some(decision)) => write!(f, "closed by {decision}, {how}"),
            (true, None) => write!(f, "closed, {how}"),
            (false, Some(decision)) => write!(f, "open by {decision}, {how}"),
            (false, None) => write!(f, "vanished, {how}"),
        }
    }
}

/// A layer over one raw value, addressed by the decision that holds the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The decision whose `values` hold the corrected value, or whose `cleared` says that there is none.
    pub decision: DecisionId,
    /// The raw value it corrected: a third value is a challenge, the corrected one ends it.
    pub over: Fingerprint,
    /// The corrected value's harmonised form, to notice when the source delivers it.
    pub corrected: Fingerprint,
}

/// A permission for one rule's violation to stand while the value stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// The decision that gave it.
    pub decision: DecisionId,
    /// The value it was given for.
    pub value: Fingerprint,
}
