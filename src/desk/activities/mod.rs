//! Activities: recording what streams deliver, and telling whose it is.
//!
//! What is recorded stands in the ledger. Whose it is follows from records and handles whenever it is asked
//! ([`activity::Owners`]), and is kept nowhere. Beside the ledger, derived and sealed, lie the rows in the order in which they
//! are asked for, and which records held which handles ([`keeping`]).
//!
//! Start with [`Recording`] for how they come in, with [`reading`] for how they are asked for.

mod corrected;
pub(crate) mod handles;
mod in_force;
pub(crate) mod journeys;
mod keeping;
mod reading;
pub(crate) mod recording;
mod records;

pub(crate) use keeping::KeptActivities;
pub(crate) use reading::{Found, Page, named_as};
pub(crate) use recording::{Recording, day_of};
pub(crate) use records::{Asked, Everybody};
