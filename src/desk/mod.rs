//! The desk: the one object that takes commands, checks policy, appends to the ledger, updates the
//! store and answers questions.
//!
//! Lives here: requests and refusals, one pure file a command, the views people are shown, jobs.
//!
//! Does not live here: drawing, parsing of arguments.
//!
//! Start with [`request`] for what can be asked to be done, [`question`] for what can be asked to
//! be shown.

mod handle;
pub mod question;
pub mod refusal;
pub mod request;
pub mod views;

pub use handle::DeskHandle;
pub use question::{Answer, Question};
pub use refusal::{Dependant, Refusal};
pub use request::{Action, Pick, Receipt, Request, Rest};
