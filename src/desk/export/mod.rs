//! Writing rows out: columns and cells in, text of a format out.
//!
//! Lives here: the table of formats, one file each, and [`RowWriter`], the one way to write a row
//! of any of them. Streaming: a row is written and forgotten. And two reports: `subject`, on one person,
//! in JSON and HTML, `audit`, on what happened, and a customer's
//! card, as pages.
//!
//! Does not live here: what the rows say (`desk/jobs/export`, one file a data set), and anything
//! that writes somewhere else than into the output it was given.
//!
//! Start with [`Format::open`]; a new format is one file and one row in [`FORMATS`].

mod audit;
mod card;
mod cell;
mod column;
mod csv;
mod evidence;
mod format;
mod json_lines;
mod page;
mod subject;

pub use audit::audit_page;
pub use card::card_page;
pub use cell::Cell;
pub use column::{Column, Kind, columns, typed};
pub use evidence::evidence;
pub use format::{CsvForm, FORMATS, Format, FormatEntry, RowWriter, TableWriter, Written};
pub use subject::{
    ActivityHeld, ConsentEntry, DecisionHeld, ExportHeld, GoldenHeld, MembershipChange, PinHeld,
    QuarantinedHeld, RecordHeld, RestrictionHeld, RevisedValue, RevisionHeld, SubjectFormat,
    SubjectReport, TaskChange, TaskHeld, UnmappedHeld, ValueHeld, ViolationHeld, WaiverHeld,
};
