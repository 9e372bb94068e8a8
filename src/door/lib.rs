//! The door: what can be asked of the desk and what it answers, and the way to it.
//!
//! Lives here: requests and refusals, questions and answers, the views people are shown, the handle
//! that carries them to the desk's thread. Plain values: they know the domain and nothing else.
//!
//! Does not live here: how anything is answered; drawing.
//!
//! Start with [`request`] for what can be asked to be done and [`question`] for what can be asked to
//! be shown.

mod bulk;
mod handle;
mod listing;
pub mod question;
pub mod refusal;
pub mod request;
mod search;
pub mod views;

pub use bulk::{BulkOutcome, BulkResult, BulkStep, BulkVerdict};
pub use handle::{DeskHandle, Work};
pub use listing::TaskListing;
pub use question::{Answer, Question};
pub use refusal::{Dependant, Refusal};
pub use request::{Action, DependantChoice, Pick, Receipt, Request, Rest};
pub use search::{Scope, Search, Searcher};
