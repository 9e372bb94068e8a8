//! The ledger: append-only, hash-chained, the only place where anything is kept.
//!
//! Lives here: segments, frames, the chain, the Merkle tree that lets one event be erased, the
//! versions of events, recovery after a crash, verification. FORMAT.md beside this file says it
//! byte by byte.
//!
//! Does not live here: what events mean (`store`), what may be written (`desk`).
//!
//! Start with [`Ledger`] in `append.rs` for writing and [`LedgerReader`] in `reader.rs` for
//! reading. Below them: `frame.rs` and `body.rs` are the two halves of one commit's bytes,
//! `walk.rs` goes through all of them and judges, for `open.rs` and `verify.rs` alike; `tail.rs` says
//! what at the end was never synced, `group.rs` writes several commits with one sync. `seal.rs`
//! encrypts the stored bytes of one frame, `rewrite.rs` rewrites a closed segment.

mod append;
pub mod backup;
mod body;
mod cache;
mod chain;
mod checked;
mod codec;
mod damage;
mod encode;
mod erasing;
mod erasures;
mod error;
mod frame;
mod group;
mod index;
mod instead;
pub mod keys;
mod open;
mod pinned;
pub mod ports;
mod reader;
mod redact;
mod reopen;
mod rewrite;
mod seal;
mod segment;
mod tail;
mod upcast;
mod verify;
mod walk;
mod window;

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod erasure_tests;
#[cfg(test)]
mod group_tests;
#[cfg(test)]
#[path = "../../tests/steward/harm.rs"]
mod harm;
#[cfg(test)]
mod ledger_tests;
#[cfg(test)]
mod random_damage_tests;
#[cfg(test)]
mod reopen_tests;
#[cfg(test)]
mod rewrite_tests;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod seal_tests;
#[cfg(test)]
mod tail_tests;

pub use append::{Ledger, LedgerOptions, Patience};
pub use chain::{Head, Teller, Witness};
pub use checked::{FRESH_DAYS, Mark, day_of};
pub use codec::replacement;
pub use damage::{CutTail, Damage, DamageKind};
pub use encode::{EncodedBody, encode};
pub use error::LedgerError;
pub use frame::StewardVersion;
pub use open::Opening;
pub use reader::{Commits, LedgerReader, ReadEvents};
pub use rewrite::SegmentState;
pub use segment::{Inspected, MAGIC as SEGMENT_BEGINS, inspect, unfinished_segments};
pub use verify::{VerifyReport, verify};
