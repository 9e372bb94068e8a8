//! Long work: import, matching, export, evaluation, new keys; each shows its progress and can be
//! cancelled. And access reports.

mod apart;
mod challenges;
mod delivering;
mod evaluate;
mod events;
mod export;
mod import;
pub(crate) mod matching;
pub(crate) mod rekey;
mod reread;
mod running;
mod runs;
mod subject;
mod worker;

pub use events::{EVENTS, EventsOutcome, export_events};
pub use export::{DATASETS, Dataset, DatasetEntry, MODEL};
pub(crate) use import::unpacked_at_once;
pub(crate) use matching::{Scorer, sides_of};
pub(crate) use subject::SubjectOutput;

/// Told how far long work is, and asked whether to go on.
pub trait Progress: Sync {
    /// A phase began; `total` units are expected, where known.
    fn phase(&self, name: &str, total: Option<u64>);
    /// So many units more are done.
    fn advance(&self, units: u64);
    /// Whether a person wants it to stop.
    fn cancelled(&self) -> bool;
}

/// Nobody watches.
pub struct Unwatched;

impl Progress for Unwatched {
    fn phase(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn cancelled(&self) -> bool {
        false
    }
}
