//! What an import did, and what it met on the way.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use domain::{
    FieldName, ImportId, ImportReport, Place, Reading, RecordAddress, RuleId, Shown, StreamName,
    TaskId, counted,
};

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportOutcome {
    /// Its id; none for a dry run.
    pub import: Option<ImportId>,
    /// Format, encoding and delimiter as detected.
    pub format: String,
    /// The counts.
    pub report: ImportReport,
    /// Tasks opened for invalid records.
    pub tasks: u64,
    /// The first quarantined rows: line and reason.
    pub quarantined: Vec<(u64, String)>,
    /// How many rows were quarantined, by kind of reason.
    #[serde(default)]
    pub quarantined_by: BTreeMap<String, u64>,
    /// How the file was read.
    pub reading: Box<Reading>,
    /// Of a dry run: the first rows as they would be read.
    pub preview: Vec<PreviewRow>,
    /// Columns that steward.toml maps and no row had: what is held there stays, if anything is.
    pub lacking: Vec<Lacking>,
    /// Columns that nothing is read from, and that the source drops.
    #[serde(default)]
    pub dropped: Vec<String>,
    /// The first records that a complete delivery did not hold.
    pub vanished: Vec<RecordAddress>,
    /// Tasks opened for customers whose records vanished.
    pub vanished_tasks: u64,
    /// Tasks opened for customers whose records the source says it has merged.
    #[serde(default)]
    pub merged_tasks: u64,
    /// Tasks opened for records that were delivered as somebody else's.
    #[serde(default)]
    pub overlay_tasks: u64,
    /// So many rows make another customer of a record that the file seems to number its rows anew.
    #[serde(default)]
    pub is_rekeyed: bool,
    /// The tasks for decisions that the file contradicts.
    #[serde(default)]
    pub challenges: Vec<TaskId>,
    /// Why nothing became of the records that vanished.
    pub held_back: Option<HeldBack>,
    /// Values that were taken in and not understood, by field and kind: counted where rows changed
    /// something.
    pub troubles: Vec<Troubled>,
    /// Of a dry run, or where whoever imports never sees them: masked fields that take no part in the counts, because they would tell what is held.
    #[serde(default)]
    pub left_out: Vec<FieldName>,
    /// Of a dry run: rules about masked fields, which are not judged either.
    #[serde(default)]
    pub unjudged: Vec<RuleId>,
    /// Of a dry run: whether rows that make another customer of a record were judged without masked fields that say who
    /// somebody is.
    #[serde(default)]
    pub unjudged_owners: bool,
    /// The stream whose activities the rows are; none: they are records.
    #[serde(default)]
    pub stream: Option<StreamName>,
    /// Of a stream: how many of all its activities belong to nobody, by why.
    #[serde(default)]
    pub unattached: BTreeMap<String, u64>,
    /// Of a stream: how many activities were withdrawn, because a file that replaces its days does not hold them any more or
    /// says that they are of a kind that is left out.
    #[serde(default)]
    pub withdrawn: u64,
    /// Of a file that replaces its days: whether nothing was withdrawn, because rows came that could not be read.
    #[serde(default)]
    pub replaces_nothing: bool,
}

/// What may be wrong with a value that was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It could not be read.
    Unread,
    /// Letters of it were lost or misread before it came (`JosÃ©`).
    Garbled,
    /// A time of change that could not be read: its row counts whatever is held.
    UnreadTime,
    /// No time of change, in a row that replaced one that has one.
    NoTime,
    /// A time of change that is a spreadsheet's number of days, likewise.
    SerialTime,
    /// A time of change that is still to come.
    TimeToCome,
    /// Neither yes nor no where it is said whether the record is deleted.
    UnclearDeletion,
    /// Neither yes nor no where it is said whether the record is an organisation.
    UnclearKind,
    /// A new key that is held with other zeros in front.
    OtherZeros,
    /// A new key that is held without the signs between or beside its digits: `1,001`, `#1003`.
    OtherSigns,
    /// A new record of which nothing stands in the mapped columns but its key.
    NothingBesideKey,
}

/// So many values of a field that something is wrong with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Troubled {
    /// What is wrong.
    pub trouble: Trouble,
    /// The field; of keys and times of change, the column.
    pub field: String,
    /// How many there are.
    pub count: u64,
    /// Where the first is: its line, or its row.
    pub first: u64,
}

impl Trouble {
    /// Whether it is a time of change that was not read.
    #[must_use]
    pub fn is_of_time(self) -> bool {
        matches!(self, Trouble::UnreadTime | Trouble::SerialTime)
    }
}

impl Troubled {
    /// What people are told: `phone: 2 values could not be read, the first in line 9`.
    #[must_use]
    pub fn sentence(&self, place: Place) -> String {
        let Troubled { trouble, field, count, first } = self;
        let what = match trouble {
            Trouble::Unread => format!("{} could not be read", counted(*count, "value", "values")),
            Trouble::Garbled => {
                format!("{} with garbled letters", counted(*count, "value", "values"))
            }
            Trouble::UnreadTime => {
                let rows = counted(*count, "row was", "rows were");
                format!("{rows} imported with a time of change that could not be read")
            }
            Trouble::NoTime => {
                let rows = counted(*count, "row was", "rows were");
                format!("{rows} imported without a time of change over a record that has one")
            }
            Trouble::SerialTime => {
                let rows = counted(*count, "row was", "rows were");
                format!(
                    "{rows} imported with a time of change that is a number of days, as spreadsheets store \
                     it, and is not read: format the column as a date there and export it \
                     again"
                )
            }
            Trouble::TimeToCome => {
                format!("{} of change in the future", counted(*count, "time", "times"))
            }
            Trouble::UnclearDeletion | Trouble::UnclearKind => {
                let values = counted(*count, "value is", "values are");
                format!("{values} neither yes nor no")
            }
            Trouble::OtherZeros => {
                let keys = counted(*count, "new key is", "new keys are");
                format!("{keys} already held with more or fewer leading zeros")
            }
            Trouble::OtherSigns => {
                let keys = counted(*count, "new key is", "new keys are");
                format!("{keys} already held without the characters between or around the digits")
            }
            Trouble::NothingBesideKey => {
                let rows = counted(*count, "new row has", "new rows have");
                format!("{rows} this key and no other mapped value")
            }
        };
        let follows = match trouble {
            Trouble::UnclearDeletion => ": this deletes or restores no record",
            Trouble::UnclearKind => ": the name is read as a person's",
            Trouble::OtherZeros => {
                ": a spreadsheet may have dropped them, and each became a record of its own; if so, undo \
                 the import, set `key_form = \"digits N\"` for the source and import the file again"
            }
            Trouble::OtherSigns => {
                ": a report may have put them there, and each became a record of its own; if so, undo the \
                 import, take those characters out of the file and import it again"
            }
            Trouble::NothingBesideKey => {
                ": each became a customer without a value; if they are totals or remarks, undo the import \
                 and take them out of the file"
            }
            _ => "",
        };
        format!("{field}: {what}, the first in {place} {first}{follows}")
    }
}

/// A row as it would be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// The line of the file.
    pub line: u64,
    /// Its key in the source.
    pub key: String,
    /// Its values.
    pub values: Vec<PreviewValue>,
}

/// A value as it would be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewValue {
    /// The field.
    pub field: FieldName,
    /// As delivered.
    pub raw: Shown,
    /// In standard form; `None` where it cannot be read.
    pub standard: Option<Shown>,
}

/// Nothing became of the records that a complete delivery did not hold, or that the source says it has
/// deleted: a person must look first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    /// How many there are.
    pub vanished: u64,
    /// How many records the source had.
    pub of: u64,
    /// Why.
    pub why: WhyHeldBack,
}

/// What is doubtful about a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyHeldBack {
    /// More than a tenth of the source's records would vanish.
    Many,
    /// More than a tenth of the source's records would be closed since it says that it has deleted them.
    Deleted,
    /// Rows are in quarantine whose key cannot be told: they may be of these records.
    Nameless {
        /// How many.
        rows: u64,
    },
    /// Rows are older than what is held: the file may not be the latest.
    Older {
        /// How many.
        rows: u64,
    },
}

impl fmt::Display for HeldBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HeldBack { vanished, of, why } = self;
        let share = 100 * vanished / (*of).max(1);
        let of = counted(*of, "record", "records");
        let are = if *vanished == 1 { "is" } else { "are" };
        let where_to = match why {
            WhyHeldBack::Deleted => "deleted in the source",
            _ => "not in the file",
        };
        write!(f, "{vanished} of {of} ({share} %) {are} {where_to}")?;
        match why {
            WhyHeldBack::Many | WhyHeldBack::Deleted => f.write_str(", more than a tenth"),
            WhyHeldBack::Nameless { rows: 1 } => {
                f.write_str(", and the key of 1 quarantined row cannot be read")
            }
            WhyHeldBack::Nameless { rows } => {
                write!(f, ", and the keys of {rows} quarantined rows cannot be read")
            }
            WhyHeldBack::Older { rows } => {
                let rows = counted(*rows, "row is", "rows are");
                write!(f, ", and {rows} older than what is held")
            }
        }
    }
}

/// A mapped column that no row of a file had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// The column, as steward.toml names it.
    pub column: String,
    /// The most similar column of the file, if one is similar.
    pub nearest: Option<String>,
    /// Whether the file has rows of records that are held already.
    #[serde(default)]
    pub is_held: bool,
}

impl Lacking {
    /// What it means.
    #[must_use]
    pub fn sentence(&self) -> String {
        let nearest = match &self.nearest {
            Some(nearest) => format!(" (did you mean `{nearest}`?)"),
            None => String::new(),
        };
        let what = if self.is_held { "what is held there stays" } else { "it stays empty" };
        format!("no column `{}`{nearest}: {what}", self.column)
    }
}

/// Said of a file that can be read and holds nothing to read.
pub const NO_ROWS: &str = "there are no rows in the file: nothing has been imported";

impl ImportOutcome {
    /// Whether the file holds nothing to read, as one with nothing but a header.
    #[must_use]
    pub fn has_no_rows(&self) -> bool {
        self.report.read == 0
    }

    /// What its rows are numbered by.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::of_format(&self.format)
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        let report = &self.report;
        let Some(import) = self.import else {
            let rows = counted(report.read, "row", "rows");
            return vec![format!("{rows} looked at, nothing was written")];
        };
        let mut lines = vec![format!(
            "{import}: {} read: {} new, {} changed, {} unchanged, {} in quarantine",
            counted(report.read, "row", "rows"),
            report.new,
            report.changed,
            report.unchanged,
            report.quarantined
        )];
        if report.read == 0 {
            lines.push(NO_ROWS.to_owned());
        }
        if report.suppressed > 0 {
            lines.push(format!(
                "{} of erased people left out",
                counted(report.suppressed, "row", "rows")
            ));
        }
        if report.older > 0 {
            lines.push(format!(
                "{} older than what is held changed nothing",
                counted(report.older, "row", "rows")
            ));
        }
        lines.extend(self.lacking.iter().map(Lacking::sentence));
        lines.extend(self.troubles.iter().map(|troubled| troubled.sentence(self.place())));
        if report.vanished + report.closed > 0 {
            lines.push(format!(
                "{} vanished, {} closed",
                counted(report.vanished, "record", "records"),
                report.closed
            ));
        }
        if report.returned > 0 {
            lines.push(format!(
                "{} came back",
                counted(report.returned, "vanished record", "vanished records")
            ));
        }
        lines.extend(self.held_back.map(|held| format!("{held}: nothing was closed")));
        if self.tasks > 0 {
            lines.push(format!(
                "{} opened for invalid records",
                counted(self.tasks, "task", "tasks")
            ));
        }
        lines.extend(self.reading.remarks(self.place()));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_back_is_told_of_one_and_of_several() {
        let held = |vanished, why| HeldBack { vanished, of: 10, why }.to_string();
        assert_eq!(
            held(1, WhyHeldBack::Older { rows: 1 }),
            "1 of 10 records (10 %) is not in the file, and 1 row is older than what is held"
        );
        assert_eq!(
            held(9, WhyHeldBack::Deleted),
            "9 of 10 records (90 %) are deleted in the source, more than a tenth"
        );
        assert_eq!(
            held(2, WhyHeldBack::Nameless { rows: 3 }),
            "2 of 10 records (20 %) are not in the file, and the keys of 3 quarantined rows cannot be \
             read"
        );
        let report = ImportReport { vanished: 1, older: 2, returned: 1, ..ImportReport::default() };
        let import = Some(ImportId(3));
        let outcome = ImportOutcome { import, report, ..ImportOutcome::default() };
        let told = outcome.sentences().join("; ");
        assert!(told.contains("2 rows older than what is held changed nothing"), "{told}");
        assert!(
            told.contains("1 record vanished, 0 closed; 1 vanished record came back"),
            "{told}"
        );
    }
}
