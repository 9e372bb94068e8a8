//! What a reread did.

use serde::{Deserialize, Serialize};

use domain::counted;
use domain::{FieldName, ImportId, RecordAddress, Shown, SourceName, StreamName};

/// What a reread did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RereadOutcome {
    /// The import or reread that was taken back, if this took one back.
    pub undoes: Option<ImportId>,
    /// Each source that was read.
    pub sources: Vec<RereadOf>,
    /// How many values of each field changed.
    pub fields: Vec<(FieldName, u64)>,
    /// In how many records, none of whose fields changed, each column did that no field maps.
    #[serde(default)]
    pub columns: Vec<(String, u64)>,
    /// How many values of each field could be read in several ways, and nothing says in which: they keep
    /// the value they had by the same type, and are unreadable by another.
    pub undecided: Vec<(FieldName, u64)>,
    /// How many values of each field cannot be read any more.
    #[serde(default)]
    pub unreadable: Vec<(FieldName, u64)>,
    /// How many values of each field stay as they are, since its column was not kept as text.
    #[serde(default)]
    pub lost: Vec<(FieldName, u64)>,
    /// Corrections that today's rules cannot read.
    #[serde(default)]
    pub corrections: u64,
    /// Pins that today's rules cannot read.
    #[serde(default)]
    pub pins: u64,
    /// Records that the reread to be taken back had changed and that stay as they are: they were read again
    /// or delivered since.
    #[serde(default)]
    pub left: u64,
    /// The rereads that came since and stand.
    #[serde(default)]
    pub since: Vec<ImportId>,
    /// Questions whose a record is that end: by the rules of today it is of the same customer.
    #[serde(default)]
    pub ended: u64,
    /// Some of what changed.
    pub examples: Vec<RereadExample>,
    /// Tasks opened for records that are invalid now.
    pub tasks: u64,
}

/// What a reread did to one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RereadOf {
    /// The source.
    pub source: SourceName,
    /// Its id, by which it is undone; none where nothing changed, or nothing was written.
    pub import: Option<ImportId>,
    /// Records read.
    pub read: u64,
    /// Records that have other values now.
    pub changed: u64,
    /// Records that are closed now: the import that brought them was taken back.
    #[serde(default)]
    pub closed: u64,
    /// Records that were closed and are open again.
    #[serde(default)]
    pub returned: u64,
    /// Records that are missing again: a person is yet to say what becomes of them.
    #[serde(default)]
    pub missing: u64,
    /// Records that were missing, and are no longer.
    #[serde(default)]
    pub found: u64,
    /// Records over which corrections or the like lie again, or no longer.
    #[serde(default)]
    pub layered: u64,
    /// Records of which somebody else is delivered, and that is asked or answered again.
    #[serde(default)]
    pub held: u64,
    /// Records of which somebody else is no longer delivered.
    #[serde(default)]
    pub unheld: u64,
    /// Rows that left the quarantine.
    #[serde(default)]
    pub released: u64,
    /// Rows that are back in quarantine.
    #[serde(default)]
    pub set_aside: u64,
    /// The stream, where activities were taken back and no records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamName>,
    /// Activities that count no more.
    #[serde(default)]
    pub withdrawn: u64,
    /// Activities that count again: those that the withdrawn ones had replaced, or that are back.
    #[serde(default)]
    pub restored: u64,
}

/// A value that is read otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RereadExample {
    /// The record.
    pub record: RecordAddress,
    /// The field.
    pub field: FieldName,
    /// As it was delivered.
    pub raw: Option<Shown>,
    /// As it was read before; none where it could not be, or there was none.
    pub before: Option<Shown>,
    /// As it is read now.
    pub after: Option<Shown>,
    /// Why there is no value any more, where there was one.
    #[serde(default)]
    pub gone: Option<WhyGone>,
    /// Whether there was no value before: none that could be read, or that could not.
    #[serde(default)]
    pub was_empty: bool,
}

/// Why a record has no value of a field any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyGone {
    /// `steward.toml` maps no column of the source to the field any more.
    NotMapped,
    /// What was delivered is a word for nothing.
    SaysNothing,
    /// It is mapped to a column that the source did not deliver.
    NotDelivered(Vec<String>),
    /// There was none before the import that was taken back.
    Empty,
}

impl RereadOf {
    /// A source of which nothing was read.
    #[must_use]
    pub fn of(source: SourceName) -> RereadOf {
        RereadOf {
            source,
            import: None,
            read: 0,
            changed: 0,
            closed: 0,
            returned: 0,
            missing: 0,
            found: 0,
            layered: 0,
            held: 0,
            unheld: 0,
            released: 0,
            set_aside: 0,
            stream: None,
            withdrawn: 0,
            restored: 0,
        }
    }

    /// Whether nothing changed.
    fn is_empty(&self) -> bool {
        let RereadOf { changed, closed, returned, missing, found, layered, held, unheld, .. } =
            self;
        let rows = held + unheld + self.released + self.set_aside + self.withdrawn + self.restored;
        changed + closed + returned + missing + found + layered + rows == 0
    }
}

impl RereadOutcome {
    /// Records read, of all sources.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.sources.iter().map(|of| of.read).sum()
    }

    /// Records that have other values now.
    #[must_use]
    pub fn changed(&self) -> u64 {
        self.sources.iter().map(|of| of.changed).sum()
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.iter().all(RereadOf::is_empty)
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        let taken_back = |of: &RereadOf| {
            let stream = of.stream.as_ref()?;
            let withdrawn = counted(of.withdrawn, "activity", "activities");
            Some(format!("{withdrawn} of {stream} withdrawn, {} count again", of.restored))
        };
        if let Some(lines) = self.sources.iter().map(taken_back).collect::<Option<Vec<_>>>()
            && !lines.is_empty()
        {
            return lines;
        }
        let read = counted(self.read(), "record", "records");
        let mut lines = vec![format!("{read} read, {} changed", self.changed())];
        let closed: u64 = self.sources.iter().map(|of| of.closed).sum();
        if closed > 0 {
            lines.push(format!("{} closed", counted(closed, "record", "records")));
        }
        if self.tasks > 0 {
            let tasks = counted(self.tasks, "task", "tasks");
            lines.push(format!("{tasks} opened for invalid records"));
        }
        lines
    }
}
