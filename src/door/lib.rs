//! The door: what can be asked of the desk and what it answers, and the way to it.
//!
//! Lives here: the operations with their answers, requests and refusals, the views people are
//! shown, and the handle that carries operations to the desk's thread. Plain values: they know the
//! domain and nothing else.
//!
//! Does not live here: how anything is answered; drawing.
//!
//! Start with the table in `table.rs`: every operation with its answer, its verb and its kind. Then
//! [`Door`] for the way in and [`Session`] for who comes.

mod bulk;
pub mod fault;
mod input;
mod keeper;
mod listing;
mod needs;
mod operation;
pub mod operations;
mod outcome;
pub mod refusal;
pub mod request;
mod search;
mod session;
mod sharing;
mod table;
pub mod views;
mod way;

pub use bulk::{BulkAbout, BulkOutcome, BulkResult, BulkStep, BulkVerdict, told_done};
pub use domain::Entrance;
pub use input::{Input, ReadSeek};
pub use keeper::{DoorHandle, Keeper, LONGEST_WAIT, PatientDoor, Waker};
pub use listing::TaskListing;
pub use needs::{Needs, Unmasks};
pub use operation::{Job, Kind, Operation};
pub use outcome::{
    CANCELLED, Failure, FailureClass, FilePart, FindingView, NotDone, Outcome, UndecidedColumn,
    UndecidedView, UnnamedPart,
};
pub use refusal::{Dependant, Refusal, RoleThatMay};
pub use request::{Action, DependantChoice, Lesson, Pick, Receipt, Request, Rest};
pub use search::{Scope, Search};
pub use session::{Session, SessionId};
pub use table::{Asked, OPERATIONS};
pub use way::{Door, Encoder, Reply, Streams, Told, from_bytes, not_done_bytes, to_bytes};
