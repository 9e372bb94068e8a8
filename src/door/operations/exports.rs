//! What leaves the workspace, as a stream of bytes that the operation writes, and how well matching
//! does.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::Sequence;

/// Writes a data set to the operation's output, and down that it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The data set's name.
    pub dataset: String,
    /// The name of its format.
    pub format: String,
    /// Only what changed at or after this time.
    pub since: Option<Timestamp>,
    /// As it was at this time, instead of now.
    pub at: Option<Timestamp>,
    /// Only rows for which an expression over the columns holds.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// Of records only those whose customer has a golden record.
    #[serde(default)]
    pub with_golden: bool,
    /// Only customers that may be used for this, with what is used for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_for: Option<UsedFor>,
    /// How it is written, where it is delimited text.
    #[serde(default)]
    pub csv: CsvForm,
    /// Where it goes, for the record.
    pub destination: Destination,
    /// Count the rows, but write nothing, here or in the ledger.
    pub dry_run: bool,
}

/// What golden records are used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedFor {
    /// A purpose of the settings.
    pub purpose: String,
    /// The channel; none means any, so that whoever forbids one is left out.
    #[serde(default)]
    pub channel: Option<String>,
}

/// The data set of all events.
pub const EVENTS: &str = "events";

impl Export {
    /// Whether it is of all events, whole.
    #[must_use]
    pub fn is_of_events(&self) -> bool {
        self.dataset == EVENTS
    }
}

/// How delimited text is written; unless said, as RFC 4180 has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CsvForm {
    /// What parts cells: a sign, or its name.
    pub delimiter: Option<String>,
    /// With a byte order mark, by which spreadsheets know UTF-8.
    pub bom: bool,
}

/// Writes down that all events of the ledger are about to leave, which whoever asks reads for themselves;
/// answered with the commit that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginEvents {
    /// The name of their format.
    pub format: String,
    /// Where they go, for the record.
    pub destination: Destination,
}

/// Writes down that they left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndEvents {
    /// The commit that says that they were about to.
    pub begun: Sequence,
    /// How many they were.
    pub rows: u64,
    /// The last commit of which there are some.
    pub up_to: Sequence,
    /// The name of their format.
    pub format: String,
    /// Where they went, for the record.
    pub destination: Destination,
}

/// Writes the model of the last run to the operation's output, as Splink settings, and down that it
/// did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportModel {
    /// The kind of record; `None` means the only kind there is, else persons.
    pub kind: Option<String>,
    /// The SQL of its conditions.
    pub dialect: String,
    /// Where it goes, for the record.
    pub destination: Destination,
    /// Write nothing, here or in the ledger.
    pub dry_run: bool,
}

/// Where an export goes, for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// The file's name without folders; `-` for standard output.
    pub name: String,
    /// Its folder.
    pub folder: Option<String>,
}

impl Destination {
    /// Standard output.
    #[must_use]
    pub fn standard_output() -> Self {
        Self { name: "-".to_owned(), folder: None }
    }
}

/// Measures matching against the operation's input: CSV with the columns `id` (`source:key`, or the
/// bare key where there is one source) and `cluster`. Changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluate {}
