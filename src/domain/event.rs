//! Everything that can be written down: the events of the ledger.
//!
//! Events record outcomes, not commands: values as harmonised then, memberships before and after,
//! settings as text. A later harmoniser, model or `steward.toml` never changes their meaning.
//!
//! Each event about a thing that changes over time carries `previous`, the sequence of the commit
//! that touched the thing before: history, `--at` and undo walk back along it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::elusion::ElusionSample;
use super::grants::{Census, PatternPart};
use super::scores::GroupScores;
use super::{
    AccessNoted, Activity, ActivitySubject, Actor, CustomerId, CustomerState, Decision, DecisionId,
    FieldName, Fingerprint, ImportId, ImportReport, MatchRunId, ProposalId, QualityMeasure,
    QuarantinedPlace, QuarantinedRow, Reading, ReasonCode, RecordBody, RecordId, RecordState,
    RefusedByRole, Reread, Sequence, SourceName, StreamName, Subject, Task, TaskId,
};

/// One atomic, numbered entry of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// Its number: one more than the commit before.
    pub sequence: Sequence,
    /// When; never earlier than the commit before.
    pub at: Timestamp,
    /// Who made it, and how they came.
    pub actor: Actor,
    /// What happened, in order; never empty.
    pub events: Vec<Event>,
}

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $kind:literal,)*) => {
        /// One fact or verdict.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event {
            $($(#[$doc])* $name($name),)*
        }

        impl Event {
            /// The kind's name in the ledger.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Event::$name(_) => $kind,)* }
            }

            /// Appends the event's data as JSON.
            ///
            /// # Errors
            /// When a value has no JSON form (a number that is not finite).
            pub fn write_json(&self, into: &mut Vec<u8>) -> serde_json::Result<()> {
                match self { $(Event::$name(data) => serde_json::to_writer(into, data),)* }
            }

            /// The event of `kind` with that data; `None` for a kind this version does not know.
            ///
            /// # Errors
            /// When the data is not of that kind's shape.
            pub fn read_json(kind: &str, json: &[u8]) -> serde_json::Result<Option<Event>> {
                Ok(Some(match kind {
                    $($kind => Event::$name(serde_json::from_slice(json)?),)*
                    _ => return Ok(None),
                }))
            }
        }

        $(impl From<$name> for Event {
            fn from(data: $name) -> Event { Event::$name(data) }
        })*
    };
}

impl Event {
    /// The kind of [`Event::DecisionMade`].
    pub const DECISION_MADE: &'static str = "decision_made";
    /// The kind of [`Event::RecordRevised`].
    pub const RECORD_REVISED: &'static str = "record_revised";
    /// The kind of [`Event::RecordChanged`].
    pub const RECORD_CHANGED: &'static str = "record_changed";
    /// The kind of [`Event::ActivitiesRecorded`].
    pub const ACTIVITIES_RECORDED: &'static str = "activities_recorded";
    /// The kind of [`Event::ActivitiesWithdrawn`].
    pub const ACTIVITIES_WITHDRAWN: &'static str = "activities_withdrawn";
}

events! {
    /// The workspace came to be.
    WorkspaceCreated = "workspace_created",
    /// A `steward.toml` took effect.
    SettingsAdopted = "settings_adopted",
    /// An import began.
    ImportStarted = "import_started",
    /// A record came, or came with other content.
    RecordRevised = "record_revised",
    /// A row could not become a record.
    RowQuarantined = "row_quarantined",
    /// An import reached the end of its file.
    ImportFinished = "import_finished",
    /// A matching run ended.
    MatchFinished = "match_finished",
    /// A census was taken: the joins that are asked about, and granted, together.
    CensusTaken = "census_taken",
    /// A customer's members, pins or standing changed, or it was decided about.
    CustomerChanged = "customer_changed",
    /// A record's corrections or waivers changed.
    RecordChanged = "record_changed",
    /// A task was opened or changed.
    TaskChanged = "task_changed",
    /// A person decided.
    DecisionMade = "decision_made",
    /// A data set left the workspace.
    Exported = "exported",
    /// A data set is about to leave the workspace.
    ExportBegun = "export_begun",
    /// Sensitive values were shown in clear.
    Unmasked = "unmasked",
    /// A person was erased.
    PersonErased = "person_erased",
    /// An earlier event was erased; says what is read in its place.
    EventErased = "event_erased",
    /// What an erasure erased is gone from the disk.
    ErasureFinished = "erasure_finished",
    /// Something became of what a person logs in with.
    AccessNoted = "access_noted",
    /// Settings were proposed.
    SettingsProposed = "settings_proposed",
    /// A proposal of settings was withdrawn.
    ProposalWithdrawn = "proposal_withdrawn",
    /// Somebody's role refused them something.
    RefusedByRole = "refused_by_role",
    /// Somebody acknowledged the settings in force.
    SettingsAcknowledged = "settings_acknowledged",
    /// Activities of one subject were delivered.
    ActivitiesRecorded = "activities_recorded",
    /// An import's activities were withdrawn.
    ActivitiesWithdrawn = "activities_withdrawn",
    /// Figures of a day were measured: how many customers are in each segment.
    FiguresMeasured = "figures_measured",
    /// An event whose data was erased; never written, only read in its place.
    Erased = "erased",
}

/// See [`Event::WorkspaceCreated`]: always the first event of the first commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceCreated {
    /// A random id in hexadecimal (16 bytes).
    pub workspace: String,
    /// Key of the workspace's fingerprints in hexadecimal (32 bytes).
    pub fingerprint_key: String,
    /// The version of steward that made it.
    pub steward: String,
}

/// See [`Event::SettingsAdopted`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsAdopted {
    /// The commit that adopted the settings before these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The whole text.
    pub text: String,
    /// BLAKE3 of the text in hexadecimal.
    pub fingerprint: String,
    /// The proposal that they come from; none where `steward.toml` itself was adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<ProposalId>,
    /// What whoever adopted them noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// See [`Event::SettingsProposed`]. Nothing takes effect by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsProposed {
    /// Its id.
    pub proposal: ProposalId,
    /// The commit that proposed something, or withdrew it, before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The commit that adopted the settings that were in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Sequence>,
    /// The whole text.
    pub text: String,
    /// BLAKE3 of the text in hexadecimal.
    pub fingerprint: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// See [`Event::ProposalWithdrawn`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalWithdrawn {
    /// Which one.
    pub proposal: ProposalId,
    /// The commit that proposed something, or withdrew it, before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// See [`Event::SettingsAcknowledged`]. Whoever made the commit has read what these settings changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsAcknowledged {
    /// The commit that acknowledged settings before this one, whoever made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The commit that adopted them.
    pub adopted: Sequence,
}

/// See [`Event::ActivitiesRecorded`]. All of one subject, so that erasing somebody erases whole events. An activity whose
/// key came before in the stream, with other content, replaces what came then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivitiesRecorded {
    /// The commit that recorded or withdrew activities before this one, of whatever stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The import that brought them.
    pub import: ImportId,
    /// The stream.
    pub stream: StreamName,
    /// Whose they are.
    #[serde(flatten)]
    pub subject: ActivitySubject,
    /// What was done, in the order of the file.
    pub activities: Vec<Activity>,
}

/// See [`Event::ActivitiesWithdrawn`]. What the withdrawn activities replaced counts again. It holds as long as the import
/// because of which it was made is not withdrawn itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivitiesWithdrawn {
    /// The commit that recorded or withdrew activities before this one, of whatever stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The import whose activities, of those recorded by now, count no longer.
    pub import: ImportId,
    /// The import because of which: the one that undoes it, or whose file did not hold them any more.
    pub by: ImportId,
    /// Where that is said, only those: fingerprints of keys within the stream, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Fingerprint>,
}

/// See [`Event::FiguresMeasured`]. Counts and names of settings only: a trend is a fact, whatever rules come later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresMeasured {
    /// The commit that measured figures before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The day of UTC as of which they hold.
    pub day: Date,
    /// The figures, by what they are of and its name.
    pub of: Vec<Figure>,
}

/// One figure: so many of so many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// What it is of: `segment`.
    pub what: String,
    /// The name of that in `steward.toml`.
    pub name: String,
    /// How many.
    pub count: u64,
    /// Of how many: of a segment, customers with golden values.
    pub all: u64,
}

impl Figure {
    /// What a segment's figure is of.
    pub const SEGMENT: &'static str = "segment";
}

/// See [`Event::ImportStarted`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportStarted {
    /// Its id.
    pub import: ImportId,
    /// The source.
    pub source: SourceName,
    /// The file's name without folders; `-` for standard input.
    pub file: String,
    /// Format, encoding and delimiter as detected: `csv, UTF-8, comma`.
    pub format: String,
    /// The day, of UTC, that decides which century a two-digit year is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// How its columns are read, and why; none in ledgers from before that was decided by column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Box<Reading>>,
    /// Set where no file came: what is held was read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reread: Option<Reread>,
    /// The stream of activities that it delivers; none for records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamName>,
    /// Of all bytes of a stream: an import of one that was interrupted is completed by the same bytes alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Fingerprint>,
}

impl ImportStarted {
    /// The format of an import of one row that somebody typed: no source delivered it.
    pub const BY_HAND: &'static str = "by hand";

    /// What its rows are of: `crm`, or `orders of shop` where they are activities.
    #[must_use]
    pub fn whose(&self) -> String {
        match &self.stream {
            Some(stream) => format!("{stream} of {}", self.source),
            None => self.source.to_string(),
        }
    }
}

/// See [`Event::RecordRevised`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRevised {
    /// The record.
    pub record: RecordId,
    /// For a new record, the customer made for it; its current customer otherwise.
    pub customer: CustomerId,
    /// 1 for the first delivery.
    pub revision: u32,
    /// The commit that touched the record before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The import that brought it.
    pub import: ImportId,
    /// Fingerprint of the row as it was delivered, by which the same row is known when it comes
    /// again; none in ledgers from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Fingerprint>,
    /// Set where nothing was delivered: the reread that read what is held in another way. `import` is
    /// still the one that brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reread: Option<ImportId>,
    /// Fingerprints of the addresses of records that the source says it has merged with this one,
    /// ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Fingerprint>,
    /// The record as delivered and harmonised.
    pub body: RecordBody,
}

/// See [`Event::RowQuarantined`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowQuarantined {
    /// The import whose file held it. Where an import is undone because of which it had left the quarantine, it is
    /// there once more, under this one.
    pub import: ImportId,
    /// The row.
    pub row: QuarantinedRow,
    /// Fingerprint of the address it would have as a record, by which it is known when it comes again
    /// mended; none where its key cannot be told, and in ledgers from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Fingerprint>,
    /// Of a row of a stream, the fingerprint of the address of the record that it names by the source's key, by which an
    /// erasure knows whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Fingerprint>,
}

/// See [`Event::ImportFinished`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFinished {
    /// The import.
    pub import: ImportId,
    /// What it counted.
    pub report: ImportReport,
    /// How the rules judged all records when it ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quality: Vec<QualityMeasure>,
    /// Rows that left the quarantine: their key came as a record's, or their file came again without
    /// them. None, in older ledgers: all that earlier imports of the same file had put there left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Vec<QuarantinedPlace>>,
}

/// See [`Event::MatchFinished`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchFinished {
    /// The run.
    pub run: MatchRunId,
    /// The run before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The model as matching serialises it: enough to explain any score of the run later. Null in
    /// a run that took an earlier one's.
    pub model: serde_json::Value,
    /// The commit of the run that learned the model, in a run that did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_of: Option<Sequence>,
    /// Records compared.
    pub records: u64,
    /// Pairs scored.
    pub pairs: u64,
    /// Customers merged away by the machine.
    pub merged: u64,
    /// Duplicate tasks opened.
    pub tasks: u64,
    /// Fingerprint of the settings it ran under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
    /// The last commit whose data it read; the ledger up to there is that data, exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_up_to: Option<Sequence>,
    /// Where probabilities came from that were not learned; `None` means all were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_file: Option<ModelFile>,
    /// The groups it found by score; none in a run that took an earlier model and looked at part of
    /// the records, and in ledgers from before they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<GroupScores>,
    /// What was drawn from the candidates below review; none where nothing ever was. A run that draws nothing
    /// goes on with the sample of the run before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elusion: Option<ElusionSample>,
}

/// See [`Event::CensusTaken`]. Ids, fingerprints and names of comparisons only: erasing a person leaves
/// it as it is, and a join of theirs is never made any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CensusTaken {
    /// What is counted, and in which order.
    pub census: Census,
    /// The joins, in the order of the census.
    pub units: Vec<JoinedUnits>,
    /// The levels that all joins share, in words; none where they are pooled by weight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pattern: Vec<PatternPart>,
}

/// The two units that a join makes one, each with all its records, ascending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedUnits {
    /// The one.
    pub left: Vec<RecordId>,
    /// The other.
    pub right: Vec<RecordId>,
}

/// A file that brought a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFile {
    /// Its name, without folders.
    pub name: String,
    /// BLAKE3 of its bytes in hexadecimal.
    pub hash: String,
}

/// See [`Event::CustomerChanged`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerChanged {
    /// The customer.
    pub customer: CustomerId,
    /// The commit that touched it before; none for a record's own, untouched customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// Its state before; none when it did not exist.
    pub before: Option<CustomerState>,
    /// Its state after; equal to `before` when it was only decided about.
    pub after: CustomerState,
    /// Why.
    pub cause: Cause,
}

/// What made a customer or record change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A person's decision.
    Decision(DecisionId),
    /// The machine, in a matching run.
    Match(MatchRunId),
    /// New data, in an import.
    Import(ImportId),
    /// A person was erased, in the same commit.
    Erasure,
}

/// See [`Event::RecordChanged`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordChanged {
    /// The record.
    pub record: RecordId,
    /// The commit that touched it before.
    pub previous: Sequence,
    /// Its layers before.
    pub before: RecordState,
    /// Its layers after.
    pub after: RecordState,
    /// Why.
    pub cause: Cause,
}

/// See [`Event::TaskChanged`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskChanged {
    /// The task.
    pub task: TaskId,
    /// The commit that touched it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The task before; none when it is opened.
    pub before: Option<Task>,
    /// The task after.
    pub after: Task,
}

/// See [`Event::DecisionMade`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionMade {
    /// The decision.
    pub decision: Decision,
    /// The actor's role.
    pub role: String,
    /// Fingerprint of the settings in force.
    pub settings: String,
}

/// See [`Event::Exported`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The data set: `golden`.
    pub dataset: String,
    /// The format: `csv`.
    pub format: String,
    /// The filter, as given; empty for everything.
    pub filter: String,
    /// Rows written.
    pub rows: u64,
    /// The last commit whose effects are in it.
    pub up_to: Sequence,
    /// The file's name without folders; `-` for standard output.
    pub destination: String,
    /// The commit that recorded its beginning; none up to steward 0.1, which recorded none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<Sequence>,
}

/// See [`Event::ExportBegun`]: durable before the first byte leaves, so that an export that is killed
/// is known, too. The [`Exported`] that names its commit says that it came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportBegun {
    /// The data set: `golden`.
    pub dataset: String,
    /// The format: `csv`.
    pub format: String,
    /// The filter, as given; empty for everything.
    pub filter: String,
    /// The last commit whose effects will be in it.
    pub up_to: Sequence,
    /// The file's name without folders; `-` for standard output.
    pub destination: String,
    /// The file's folder, where a killed export may have left something; none for standard output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
}

/// See [`Event::Unmasked`]. Names customers and tasks only, never an address or a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmasked {
    /// Whose values: customers and the task they were seen in; none means those of everybody (the
    /// history of everything, the values of a field), or [`Unmasked::quarantine`].
    pub subjects: Vec<Subject>,
    /// The import whose rows in quarantine were seen, whole: nobody knows what in them is sensitive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<ImportId>,
    /// The sensitive fields.
    pub fields: Vec<FieldName>,
}

/// See [`Event::PersonErased`]. The fact stays for ever, so nothing here says anything about the
/// person. The events that were erased follow in the same commit, an [`EventErased`] each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonErased {
    /// The customer; [`CustomerId::NOBODY`] where activities went that were nobody's.
    pub customer: CustomerId,
    /// The commit that touched the customer before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Sequence>,
    /// The source records, ascending.
    pub records: Vec<RecordId>,
    /// Why, from the closed list.
    pub reason: ReasonCode,
    /// What was noted about the erasure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The request that it was done for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<TaskId>,
    /// Fingerprints of the records' addresses, of the keys of activities, and of the person's rows that were in
    /// quarantine: they are not imported again.
    pub suppressed: Vec<Fingerprint>,
}

/// See [`Event::EventErased`]. Where more than one speaks of the same place, the last one counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventErased {
    /// The commit of the erased event.
    pub sequence: Sequence,
    /// The event's index in it, from 0.
    pub index: u32,
    /// The leaf that stands for it in the ledger, in hexadecimal (32 bytes).
    pub leaf: String,
    /// What is read in its place; `None` means [`Event::Erased`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Replacement>,
}

/// An event without what was personal in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replacement {
    /// The kind's name in the ledger.
    pub kind: String,
    /// The kind's version, as of every event of the ledger.
    pub version: u16,
    /// The event's data.
    pub data: serde_json::Value,
}

/// See [`Event::ErasureFinished`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureFinished {
    /// The commit with the [`PersonErased`].
    pub of: Sequence,
}

/// See [`Event::Erased`]: keeps the place, so that the events around it keep theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Hash of what stood there, in hexadecimal (32 bytes); says nothing about it.
    pub leaf: String,
}
