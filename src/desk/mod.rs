//! The desk: the one object that takes commands, checks policy, appends to the ledger, updates the
//! store and answers questions.
//!
//! Lives here: requests and refusals, one pure file a command, the views people are shown, jobs.
//!
//! Does not live here: drawing, parsing of arguments.
//!
//! Start with [`request`] for what can be asked to be done, [`question`] for what can be asked to
//! be shown, and [`Desk`] for how a commit is made.

mod adoption;
mod answers;
mod backup;
mod bulk;
mod caches;
mod carry_out;
mod chains;
mod claims;
mod clock;
mod closing;
mod columns_file;
mod commands;
mod consequences;
mod contradiction;
mod core;
mod derived;
mod derived_file;
mod describe;
mod draft;
mod enforce;
mod environment;
mod erasure;
mod error;
mod exported;
mod facts;
pub mod finder;
mod foresee;
mod handle;
mod job;
pub mod jobs;
mod keys;
mod label;
mod ledger_options;
mod left_behind;
mod lost;
mod marks;
mod masking;
mod not_an_output;
mod open;
mod outputs;
mod past;
mod private;
pub mod question;
mod queue;
mod read_ahead;
mod reader;
mod reading;
mod redirects;
pub mod refusal;
mod register;
mod replay;
pub mod request;
mod restore;
mod revalidate;
mod store_verdict;
#[cfg(test)]
mod testing;
#[cfg(test)]
pub(super) mod tests;
mod turned;
mod unique;
mod unmasking;
mod verify;
mod versions;
pub mod views;
mod witness;
mod workspace;

pub use self::core::Desk;
pub use crate::domain::hexadecimal::encode as hex;
pub use adoption::read_settings;
pub use crate::store::Databases;
pub use answers::{TaskLines, TaskListing};
pub use backup::{BackupOutcome, BackupRequest, ListedBackup, back_up, list_backups};
pub use bulk::{BulkOutcome, BulkResult, BulkStep, BulkVerdict};
pub use clock::ClockDoubt;
pub use environment::Environment;
pub use erasure::{BackupCopy, Erased, ErasureReach, ErasureRequest, ExportCopy};
pub use error::{Decided, DeskError, Stop};
pub use handle::DeskHandle;
pub use keys::{KeysView, RekeyOutcome, judge_protection, reading_cipher};
pub use left_behind::clear_up;
pub use lost::{forget_folder, must_not_be_lost, no_workspace};
pub use masking::seen_in;
pub use not_an_output::NotAnOutput;
pub use open::{OpenReport, Unlocked};
pub use outputs::{OutputFile, WayOut, judge_output_folder, judge_standard_output};
pub use private::clear_up_private;
pub use question::{Answer, Question};
pub use reading::ReadingOnly;
pub use refusal::{Dependant, Refusal};
pub use register::{BackupNote, Notes, Register};
pub use replay::ReplayProgress;
pub use request::{Action, DependantChoice, Pick, Receipt, Request, Rest};
pub use restore::{RestoreOutcome, RestoreRequest, restore};
pub use store_verdict::StoreVerdict;
pub use verify::{Verification, VerifyProgress};
pub use witness::{Known, Unread};
pub use workspace::Workspace;
