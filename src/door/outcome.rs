//! What comes of an operation.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use domain::{FieldName, ImportId, ImportReport};

/// What is said of work that a person stopped.
pub const CANCELLED: &str =
    "cancelled; what was committed stays, and running it again completes it";
/// The same where it was not going to write anything.
const CANCELLED_UNWRITTEN: &str = "cancelled; nothing was written";

/// An answer, or why there is none.
pub type Outcome<A> = Result<A, NotDone>;

/// Why an operation has no answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NotDone {
    /// It is refused: an answer, not an error.
    #[error(transparent)]
    Refused(Refusal),
    /// Something failed.
    #[error(transparent)]
    Failed(Failure),
}

impl From<Refusal> for NotDone {
    fn from(refusal: Refusal) -> Self {
        NotDone::Refused(refusal)
    }
}

impl From<Failure> for NotDone {
    fn from(failure: Failure) -> Self {
        NotDone::Failed(failure)
    }
}

/// A failure as it can be told anywhere: nothing was changed, unless the message says otherwise.
#[derive(Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Which kind of failure.
    pub class: FailureClass,
    /// What went wrong and the way out, without any value.
    pub message: String,
    /// What is wrong with `steward.toml`, where that is the matter.
    #[serde(default)]
    pub findings: Vec<FindingView>,
    /// The import that stopped, and what it had counted by then.
    #[serde(default)]
    pub import: Option<Box<(Option<ImportId>, ImportReport)>>,
    /// The columns of a file that nothing tells how to read, where that is the matter.
    #[serde(default)]
    pub undecided: Option<Box<UndecidedView>>,
    /// The part of the file that has to be named, where that is the matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Box<UnnamedPart>>,
    /// How words of the file read in the encodings it may be in, each with the encoding's name. They
    /// are personal data: whoever asked is shown them, and nobody writes them down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<(String, String)>,
}

/// Without the readings, which hold personal data.
impl std::fmt::Debug for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Failure")
            .field("class", &self.class)
            .field("message", &self.message)
            .field("findings", &self.findings)
            .field("import", &self.import)
            .field("undecided", &self.undecided)
            .field("part", &self.part)
            .finish_non_exhaustive()
    }
}

/// A kind of failure: what a program does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// The ledger, the store, a file.
    Failed,
    /// What was asked makes no sense.
    Usage,
    /// What was asked about is not there.
    NotThere,
    /// A file that comes with what was asked is not what it should be.
    Unusable,
    /// Nothing tells how a file is to be read; whoever asks can say it.
    Undecided,
    /// Nothing may be written to the place that was named.
    NotAnOutput,
    /// Another process holds the workspace.
    Held,
    /// The clock cannot be believed.
    Clock,
    /// There is no workspace, or one that must not be there.
    NoWorkspace,
    /// A person stopped it.
    Cancelled,
    /// The output cannot be written.
    Output,
    /// Whoever reads the output has gone.
    OutputClosed,
    /// Steward itself is at fault.
    Fault,
    /// The desk has stopped: nobody answers any more.
    Stopped,
}

/// One finding about `steward.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingView {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// What nothing tells of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndecidedView {
    /// The columns.
    pub columns: Vec<UndecidedColumn>,
}

/// A column that nothing tells how to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndecidedColumn {
    /// The field that is read from it; `updated` for the time of change.
    pub field: FieldName,
    /// The key of the source's settings that says it: `dates` or `numbers`.
    pub key: String,
    /// What may be said there.
    pub choices: Vec<String>,
}

/// A file holds more than one table, or its table stands somewhere within it: whoever asks names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnnamedPart {
    /// What is to be named.
    pub kind: FilePart,
    /// The names that lead somewhere, as far as they are known.
    pub names: Vec<String>,
}

/// Where in a file a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilePart {
    /// A table or view of a database.
    Table,
    /// A sheet of a workbook.
    Sheet,
    /// A list within a JSON object, by the names on the way to it.
    Records,
}

impl Failure {
    /// A failure of a class, with nothing but a message.
    #[must_use]
    pub fn new(class: FailureClass, message: impl Into<String>) -> Self {
        let message = message.into();
        let (findings, readings) = (Vec::new(), Vec::new());
        Self { class, message, findings, import: None, undecided: None, part: None, readings }
    }

    /// A person stopped work that writes, or work that does not.
    #[must_use]
    pub fn cancelled(writes: bool) -> Self {
        let said = if writes { CANCELLED } else { CANCELLED_UNWRITTEN };
        Self::new(FailureClass::Cancelled, said)
    }

    /// The desk has stopped.
    #[must_use]
    pub fn stopped() -> Self {
        Self::new(FailureClass::Stopped, "the desk has stopped")
    }
}
