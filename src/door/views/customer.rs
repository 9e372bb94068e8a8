//! One customer, whole.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Column, ConsentView, FieldView, HistoryEntry, HoldView, MeasureView, RestrictionView,
    ViolationView,
};
use domain::{CustomerId, RecordAddress, RecordId, TaskId};

/// A customer with its members and its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomerView {
    /// The customer; the survivor where a retired id was asked for.
    pub customer: CustomerId,
    /// The id asked for, where it redirects.
    pub redirected_from: Option<CustomerId>,
    /// The time the view shows; `None` means now.
    pub at: Option<Timestamp>,
    /// The rows.
    pub fields: Vec<FieldView>,
    /// The customer as a column: golden values, members.
    pub column: Column,
    /// The addresses of the records that golden values came from.
    #[serde(default)]
    pub origins: BTreeMap<RecordId, RecordAddress>,
    /// What is wrong with its golden values.
    pub violations: Vec<ViolationView>,
    /// Pending tasks about it.
    pub tasks: Vec<TaskId>,
    /// Ids that redirect to it.
    pub retired: Vec<CustomerId>,
    /// How it stands to what rests on consent.
    #[serde(default)]
    pub consent: ConsentView,
    /// The holds on its records.
    #[serde(default)]
    pub holds: Vec<HoldView>,
    /// What keeps its records from being used, in words, each with the request.
    #[serde(default)]
    pub restrictions: Vec<RestrictionView>,
    /// What measures say of it now; none of it as it was.
    #[serde(default)]
    pub measures: Vec<MeasureView>,
    /// The segments it is in now, but for those that tell of masked values.
    #[serde(default)]
    pub segments: Vec<String>,
    /// What happened to it and its members, latest first.
    pub history: Vec<HistoryEntry>,
    /// The moments at which it changed, earliest first: what `[` and `]` step through.
    pub revisions: Vec<Revision>,
}

/// A moment at which a customer changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// When.
    pub at: Timestamp,
    /// What happened, in a line.
    pub what: String,
}
