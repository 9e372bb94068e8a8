//! From bytes to valid records, in the order of the work.
//!
//! Lives here: reading files ([`acquire`]), standard forms ([`harmonise`]), rules ([`validate`]),
//! golden values ([`merge`]) and the life of tasks ([`review`]). None of the five uses another.
//!
//! Beside them: what columns are called ([`headings`]), and what a `steward.toml` may say of files that
//! nobody described yet ([`propose`]); and which letters were lost on the way (`mojibake`).
//!
//! Does not live here: what is kept, and where.

pub mod acquire;
pub mod activity;
pub mod harmonise;
pub mod headings;
pub mod merge;
mod mojibake;
pub mod propose;
pub mod review;
pub mod validate;
