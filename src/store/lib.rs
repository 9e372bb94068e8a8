//! The store: a view of the ledger that answers quickly, on sled or in memory.
//!
//! Lives here: ids, memberships, states of tasks and decisions, where each body stands in the
//! ledger; the fold that makes them from commits; typed reads over them. The only place that
//! names sled.
//!
//! Does not live here: any personal value or source key (they stand in the ledger), and nothing
//! that exists nowhere else: a lost store is rebuilt.
//!
//! Start with [`View`] to read and [`fold()`] to see what an event changes.

mod buffered;
mod database;
mod difference;
mod digest;
mod entries;
mod error;
mod failing;
mod fold;
mod judgements;
mod keys;
mod lookup;
mod memory;
mod merged;
mod overlay;
mod packed;
mod paged;
mod pages;
mod redirects;
mod seal;
mod shape;
mod sled_database;
mod tallies;
mod task_entry;
mod trees;
mod unique;
mod varint;
mod view;

pub use buffered::Buffered;
pub use database::Databases;
pub use difference::{Difference, difference};
pub use entries::{
    CensusEntry, CountedScores, Counters, CustomerEntry, DecisionEntry, ImportEntry, Place,
    QuarantineEntry, RecordEntry,
};
pub use error::StoreError;
pub use failing::{DatabaseCall, Faults};
pub use fold::{fold, fold_from, set_head};
pub use judgements::{JudgementRow, Tally, clear_judgements, set_judgements};
pub use keys::Key;
pub use lookup::KeyLookup;
pub use memory::MemoryTrees;
pub use overlay::{Changes, Overlay};
pub use paged::{Store, StoreReader};
pub use pages::RecordRow;
pub use redirects::follow_redirects;
pub use seal::sealed_head;
pub use shape::check_shape;
pub use sled_database::guarding;
pub use tallies::{DecisionTally, TaskTally, WaitingByKind, WaitingTally};
pub use task_entry::TaskEntry;
pub use trees::{ApplyChanges, See, Trees, Visit};
pub use unique::{UniqueLookup, set_unique};
pub use view::View;

/// The layout's number; another one is rebuilt from the ledger.
pub const SCHEMA: u32 = 8;
