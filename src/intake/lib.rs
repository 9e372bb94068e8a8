//! From bytes to valid records, in the order of the work.
//!
//! Lives here: reading files ([`acquire`]), standard forms ([`harmonise`]), rules ([`validate`]),
//! golden values ([`merge`]) and the life of tasks ([`review`]). None of the five uses another.
//!
//! Does not live here: what is kept, and where.

pub mod acquire;
pub mod harmonise;
pub mod merge;
pub mod review;
pub mod validate;
