//! What a customer did and what was done about it, in one line of time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::HistoryEntry;
use domain::{
    ActivityKind, ActivityTime, CustomerId, ImportId, Money, RecordAddress, Shown, StreamName,
};

/// A customer's activities and history, each the latest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineView {
    /// The customer; the survivor where a retired id was asked for.
    pub customer: CustomerId,
    /// The id asked for, where it redirects.
    pub redirected_from: Option<CustomerId>,
    /// What it did.
    pub activities: Vec<ActivityView>,
    /// Whether there are earlier ones.
    pub more: bool,
    /// What happened to it and its records; none where only kinds of activities were asked for.
    pub history: Vec<HistoryEntry>,
}

/// One activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivityView {
    /// The stream.
    pub stream: StreamName,
    /// The kind.
    pub kind: ActivityKind,
    /// When.
    pub at: ActivityTime,
    /// Its key in the stream.
    pub key: Shown,
    /// The sum.
    pub money: Option<Money>,
    /// Its properties, by name.
    pub properties: Vec<(String, Shown)>,
    /// The record that led to the customer.
    pub record: RecordAddress,
    /// Whether its key did; else a handle.
    pub by_key: bool,
    /// The import that brought it.
    pub import: ImportId,
    /// Its place among all that was ever recorded: it and its time say where the next page begins.
    pub ordinal: u32,
}

/// Something on a line of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TimelineRow<'v> {
    /// The customer did it, or it was done with them.
    Activity(&'v ActivityView),
    /// Somebody decided, a source delivered, the machine merged.
    Change(&'v HistoryEntry),
}

impl TimelineRow<'_> {
    /// When.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            TimelineRow::Activity(activity) => activity.at.at,
            TimelineRow::Change(entry) => entry.at,
        }
    }
}

impl TimelineView {
    /// All of it in one line of time, the latest first. History before the earliest activity of a page that has
    /// more is left for the next page.
    #[must_use]
    pub fn rows(&self) -> Vec<TimelineRow<'_>> {
        let earliest = self.activities.last().filter(|_| self.more).map(|it| it.at.at);
        let history = self.history.iter().filter(|it| earliest.is_none_or(|at| it.at >= at));
        let mut rows: Vec<TimelineRow<'_>> = self
            .activities
            .iter()
            .map(TimelineRow::Activity)
            .chain(history.map(TimelineRow::Change))
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.at()));
        rows
    }
}
