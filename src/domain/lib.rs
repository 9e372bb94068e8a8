//! Plain values of the domain: what every other folder talks about.
//!
//! Lives here: records, customers, tasks, decisions, events, field types, ids. They can be
//! built, compared, serialised and asked about themselves.
//!
//! Does not live here: anything that reads a file or a clock, knows a policy or imports another
//! folder of the crate.
//!
//! Start with [`event`], the list of everything that can ever be written down.

pub mod access;
pub mod activity;
mod actor;
pub mod address;
pub mod agreement;
mod approval;
pub mod consent;
mod counted;
pub mod covered;
pub mod customer;
pub mod decision;
pub mod digits;
pub mod elusion;
pub mod event;
pub mod expression;
pub mod field_type;
pub mod fingerprint;
pub mod golden;
pub mod grants;
pub mod hexadecimal;
pub mod ids;
pub mod import;
mod kind;
mod lapse;
pub mod mask;
mod measure;
pub mod naming;
pub mod nearest;
pub mod place;
pub mod placeholder;
pub mod postcode;
pub mod preference;
pub mod printable;
pub mod quality;
pub mod quarantine;
pub mod queue_order;
pub mod reading;
mod record;
pub mod request;
pub mod retention;
pub mod score;
pub mod scores;
mod shown;
pub mod spreadsheet;
pub mod subject;
pub mod task;
pub mod task_column;
pub mod value;
pub mod verbs;
pub mod violation;
mod words;

pub use access::{AccessChange, AccessNoted, RefusedByRole};
pub use activity::{
    Activity, ActivityKind, ActivitySubject, ActivityTime, Amount, Currency, Money, StreamName,
};
pub use actor::{Actor, Entrance, Evidence, told};
pub use address::{RecordAddress, SourceName};
pub use approval::{Approver, Author, BrokenGlass, Proposal};
pub use counted::{counted, counted_as};
pub use customer::{CustomerState, Pin, Standing};
pub use decision::{Answer, Decision, DecisionKey, Group, KeyedRecord, SecondLook, Until, Verdict};
pub use event::{Commit, Event};
pub use field_type::FieldType;
pub use fingerprint::{Beginning, Fingerprint, Fingerprinter};
pub use golden::{Golden, GoldenValue, KeptValue, Origin, Said};
pub use ids::{
    BulkId, CensusId, CustomerId, DecisionId, FieldName, ImportId, MatchRunId, ProposalId,
    ReasonCode, RecordId, RuleId, Sequence, TaskId,
};
pub use import::{ImportReport, Reread, Skipped};
pub use kind::Kind;
pub use lapse::Lapse;
pub use mask::MaskKind;
pub use measure::{Measured, Take, What};
pub use place::Place;
pub use quarantine::{QuarantineReason, QuarantinedPlace, QuarantinedRow, RowExtent};
pub use queue_order::{OrderBy, QueueOrder};
pub use reading::{
    Against, Assumed, Basis, CellFault, DateOrder, DateReading, Earlier, GenderLetters,
    NumberStyle, OddCells, OddRows, Reading, SameName, SwapCause, SwappedDates,
};
pub use record::{
    Correction, Hold, Overlaid, RecordBody, RecordState, Reused, RevisionPlace, Vanished, Waiver,
};
pub use request::{
    Deadlines, HandedFile, MissingStep, RequestKind, RequestStep, Requested, Restriction,
};
pub use score::{score, score_in};
pub use shown::Shown;
pub use subject::Subject;
pub use task::{Task, TaskKind, TaskReason, TaskState, Urgency};
pub use task_column::TaskColumn;
pub use value::{Value, Values};
pub use violation::{Dimension, Judgement, QualityMeasure, Severity, Violation};
