//! Long work: import, matching, export, evaluation, new keys; each shows its progress and can be
//! cancelled. And access reports.

mod apart;
mod audit;
mod challenges;
mod delivering;
mod evaluate;
mod events;
mod export;
mod feed;
pub(crate) mod foretell;
mod import;
pub(crate) mod matching;
pub(crate) mod rekey;
mod reread;
mod running;
mod runs;
mod subject;
mod worker;

pub(crate) use self::matching::{Scorer, sides_of};
pub use ::matching::Progress;
pub(crate) use challenges::contradicted_values;
pub use events::{EVENTS, EventsOutcome, export_events};
pub use export::{DATASETS, Dataset, DatasetEntry, MODEL};
pub use feed::FEED;
pub(crate) use import::unpacked_at_once;
pub(crate) use subject::SubjectOutput;
pub(crate) use subject::exports::{received_before_erasure, received_by_others};
