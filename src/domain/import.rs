//! What an import counts.

use serde::{Deserialize, Serialize};

use super::{ImportId, counted};

/// What an import is that no file came for: what a source delivered earlier is read by the rules of
/// today, or as it was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reread {
    /// The reread that is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<ImportId>,
}

impl Reread {
    /// What stands where the name of a file would.
    #[must_use]
    pub fn what(&self) -> String {
        match self.undoes {
            None => "reread".to_owned(),
            Some(import) => format!("undo of {import}"),
        }
    }
}

/// The counts of one import. `read` is the sum of the rows of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportReport {
    /// Rows read, header not counted.
    pub read: u64,
    /// Rows that became new records.
    pub new: u64,
    /// Rows that revised a known record.
    pub changed: u64,
    /// Rows equal to what is known.
    pub unchanged: u64,
    /// Rows that could not become records.
    pub quarantined: u64,
    /// Rows of people who were erased: left out.
    #[serde(default)]
    pub suppressed: u64,
    /// What was passed over: it is no row of the table.
    #[serde(default, skip_serializing_if = "Skipped::is_empty")]
    pub skipped: Skipped,
    /// Rows that are older than what is held: they changed nothing.
    #[serde(default)]
    pub older: u64,
    /// Records that a complete delivery no longer held, beside the rows; those closed among them.
    #[serde(default)]
    pub vanished: u64,
    /// Records that it did not hold, or that their source has deleted, and of which nothing came: that is
    /// doubtful, and nobody has confirmed it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub held_back: u64,
    /// Records closed because a complete delivery did not hold them or since their source has deleted
    /// them, beside the rows.
    #[serde(default)]
    pub closed: u64,
    /// Records that had vanished and were delivered again; their rows are counted above as well.
    #[serde(default)]
    pub returned: u64,
    /// Records that the source says it has deleted since, beside the rows; those closed among them.
    #[serde(default, skip_serializing_if = "is_none")]
    pub deleted: u64,
    /// Pairs of records that the source says it has merged, that are not one customer, and that nobody
    /// has decided about.
    #[serde(default, skip_serializing_if = "is_none")]
    pub merged: u64,
    /// Records that it says it has merged with others, and that never came.
    #[serde(default, skip_serializing_if = "is_none")]
    pub merged_unknown: u64,
    /// Rows that make somebody else of their record; they are counted as changed as well.
    #[serde(default, skip_serializing_if = "is_none")]
    pub overlaid: u64,
}

/// `12 read: 3 new, 1 changed, 8 unchanged, 0 quarantined`, and what else there is to tell.
impl std::fmt::Display for ImportReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ImportReport { read, new, changed, unchanged, quarantined, .. } = self;
        write!(
            f,
            "{read} read: {new} new, {changed} changed, {unchanged} unchanged, {quarantined} quarantined"
        )?;
        let more = [
            (self.suppressed, "of erased people left out"),
            (self.older, "older than the data held"),
            (self.vanished, "vanished"),
            (self.held_back, "missing or deleted and held back"),
            (self.deleted, "deleted in the source"),
            (self.closed, "closed"),
            (self.returned, "back again"),
            (self.merged, "merged in the source, to be decided"),
            (self.merged_unknown, "merged there with records not yet delivered"),
            (self.overlaid, "of another customer than before"),
        ];
        for (count, what) in more.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, ", {count} {what}")?;
        }
        let skipped = self.skipped.to_string();
        if skipped.is_empty() { Ok(()) } else { write!(f, "; {skipped} skipped") }
    }
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// What a reader passed over since it is no row of a table, and what it took to be empty: counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Skipped {
    /// Rows without any value.
    pub blank: u64,
    /// Rows that repeat the header.
    pub headers: u64,
    /// Rows above the header: a title, the day of the report.
    pub above: u64,
    /// Rows below the table: totals, remarks.
    pub below: u64,
    /// Rows of totals between rows of the table.
    pub totals: u64,
    /// Rows that stand in the file once more, just as they are.
    pub repeated: u64,
    /// Rows whose last cells were left out, and are read as empty: they are not passed over.
    pub ended_early: u64,
    /// Rows that were joined to the first one of their record.
    pub joined: u64,
    /// Records of several rows that say different things of a field: the first value counts, or that of
    /// the newest row.
    pub differing: u64,
}

impl Skipped {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Skipped::default()
    }

    /// Counts these, too.
    pub fn add(&mut self, other: &Skipped) {
        self.blank += other.blank;
        self.headers += other.headers;
        self.above += other.above;
        self.below += other.below;
        self.totals += other.totals;
        self.repeated += other.repeated;
        self.ended_early += other.ended_early;
        self.joined += other.joined;
        self.differing += other.differing;
    }
}

/// `3 blank rows, 1 repeated header`: what was passed over; empty where nothing was.
impl std::fmt::Display for Skipped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts = [
            (self.blank, "blank row", "blank rows"),
            (self.headers, "repeated header", "repeated headers"),
            (self.above, "row above the header", "rows above the header"),
            (self.below, "row below the table", "rows below the table"),
            (self.totals, "row of totals", "rows of totals"),
            (self.repeated, "duplicate row", "duplicate rows"),
        ];
        let mut before = "";
        for (count, one, many) in counts.into_iter().filter(|(count, ..)| *count > 0) {
            write!(f, "{before}{}", counted(count, one, many))?;
            before = ", ";
        }
        Ok(())
    }
}
