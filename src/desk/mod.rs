//! The desk: the one object that takes commands, checks policy, appends to the ledger, updates the
//! store and answers questions.
//!
//! Lives here: requests and refusals, one pure file a command, the views people are shown, jobs.
//!
//! Does not live here: drawing, parsing of arguments.
//!
//! Start with [`request`] for what can be asked to be done, [`question`] for what can be asked to
//! be shown, and [`Desk`] for how a commit is made.

mod answers;
mod caches;
mod chains;
mod commands;
mod consequences;
mod core;
mod describe;
mod draft;
mod enforce;
mod error;
mod facts;
mod handle;
pub mod jobs;
mod open;
mod private;
pub mod question;
mod reading;
pub mod refusal;
pub mod request;
mod revalidate;
mod store_verdict;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod unique;
mod versions;
pub mod views;
mod workspace;

pub use self::core::{Desk, Environment};
pub use error::{Decided, DeskError, Stop};
pub use handle::DeskHandle;
pub use open::{OpenReport, hex, read_settings};
pub use question::{Answer, Question};
pub use refusal::{Dependant, Refusal};
pub use request::{Action, Pick, Receipt, Request, Rest};
pub use store_verdict::StoreVerdict;
pub use workspace::Workspace;
