//! The desk: the one object that takes commands, checks policy, appends to the ledger, updates the
//! store and answers questions.
//!
//! Lives here: one pure file a command, answers, jobs.
//!
//! Does not live here: drawing, parsing of arguments.
//!
//! Start with [`Desk`] for how a commit is made; what it can be asked is in [`door`].

mod adoption;
mod answers;
mod any_case;
mod backup;
mod bulk;
mod caches;
mod carry;
mod carry_out;
mod chains;
mod claims;
mod clock;
mod closed;
mod closing;
mod columns_file;
mod commands;
mod consequences;
mod contradiction;
mod core;
mod creating;
mod derived;
mod derived_file;
mod describe;
mod draft;
mod elusion;
mod enforce;
mod environment;
mod erasure;
mod error;
mod evidence;
pub mod export;
mod exported;
mod facts;
pub mod finder;
mod finding;
mod foresee;
mod grants;
mod guessing;
mod input;
mod job;
pub mod jobs;
mod judgement;
mod kept_bytes;
mod keys;
mod label;
mod ledger_options;
mod left_behind;
mod local;
mod looking;
mod lost;
mod marks;
mod masking;
mod merges;
mod met;
mod news;
mod not_an_output;
mod open;
mod outputs;
mod past;
mod private;
mod queue;
mod raise;
mod read_ahead;
mod reader;
mod reading;
mod redirects;
mod register;
mod reopening;
mod replay;
mod restore;
mod revalidate;
mod second;
mod sessions;
mod spool;
mod standing;
mod store_verdict;
mod surviving;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod turned;
mod typed;
mod unique;
mod unmasking;
mod values;
mod verify;
mod versions;
mod witness;
mod workspace;

pub use self::core::Desk;
pub use adoption::{person_of, read_settings};
pub use backup::{BackupOutcome, BackupRequest, ListedBackup, back_up, list_backups};
pub use carry::Carry;
pub use clock::ClockDoubt;
pub use domain::hexadecimal::encode as hex;
pub use environment::{Environment, Formats};
pub use error::{Decided, DeskError, Stop};
pub use kept_bytes::KeptBytes;
pub use keys::{judge_protection, reading_cipher};
pub use left_behind::clear_up;
pub use local::LocalDoor;
pub use looking::open_to_look;
pub use lost::{forget_folder, must_not_be_lost, no_workspace};
pub use not_an_output::NotAnOutput;
pub use open::Unlocked;
pub use outputs::{OutputFile, WayOut, judge_inbox, judge_output_folder, judge_standard_output};
pub use private::clear_up_private;
pub use raise::OpenReport;
pub use reading::ReadingOnly;
pub use register::{BackupNote, Notes, Register};
pub use replay::ReplayProgress;
pub use restore::{RestoreOutcome, RestoreRequest, restore};
pub use store::Databases;
pub use store_verdict::StoreVerdict;
pub use surviving::begin_pool;
pub use verify::{Verification, VerifyProgress};
pub use witness::{Known, Unread};
pub use workspace::Workspace;
