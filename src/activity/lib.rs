//! What customers did, as rows that are derived from the ledger: sorted by who was named and when, in compressed
//! blocks, and whose they are.
//!
//! Lives here: rows and keys in runs that are merged as they come, who was named, which version of an activity
//! counts, whose an activity is. All of it is pure; nothing of it exists nowhere else.
//!
//! Does not live here: reading the ledger, keeping a file, what a settings file calls a handle.
//!
//! Start with [`Log`].

mod bits;
mod block;
mod bytes;
mod handles;
mod journey;
mod key;
mod log;
mod measuring;
mod owner;
mod parts;
mod pieces;
mod row;
mod runs;
mod subjects;
#[cfg(test)]
mod tests;

pub use handles::{Handles, Span};
pub use journey::{Course, Moment, Stage};
pub use key::Known;
pub use log::{Log, Recorded};
pub use measuring::{Ask, Measuring, Texts, Values, left_out};
pub use owner::{Led, Nobody, Owner, Owners, Records};
pub use parts::TextPlace;
pub use row::{Class, Row};
pub use subjects::SubjectNumber;
