//! The operations, one file a family. What each is answered with stands in `table.rs`.

mod decisions;
mod jobs;
mod overview;
mod queue;
mod show;

pub use decisions::{Claim, Decide, DecideSome, LastDecision, Preview, Release};
pub use jobs::{Cancel, Import, Match, Watch};
pub use overview::{Dashboard, Failing, Imports, Quarantine, Rules};
pub use queue::{Find, Patterns, PrepareQueue, Queue, QueueRows, QueueSince, TaskReasons};
pub use show::{
    Compare, Explain, ExplainGroup, History, ShowCustomer, ShowDecision, ShowRecord, ShowTask,
};
