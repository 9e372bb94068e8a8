//! The operations, one file a family. What each is answered with stands in `table.rs`.

mod decisions;
mod exports;
mod jobs;
mod keeping;
mod overview;
mod queue;
mod show;
mod values;

pub use decisions::{
    Claim, Decide, DecideInBulk, DecideSome, DecisionsOf, FitBulk, LastDecision, Preview, Release,
    Standing, WholeTask,
};
pub use exports::{CsvForm, Destination, Evaluate, Export, ExportModel};
pub use jobs::{
    Cancel, Delivery, Extent, Import, Match, MatchStatus, ModelText, ReadModel, Reread, TextFile,
    Watch,
};
pub use keeping::{
    ChangeKeys, Erase, ErasureRequest, ForeseeErasure, ForeseeHandOver, ForeseeKeys, ForeseeRekey,
    HandOver, KeyChange, Keys, Rekey, SubjectFile,
};
pub use overview::{About, Dashboard, Failing, Imports, Quarantine, Rules, ShowImport};
pub use queue::{
    Find, ListTasks, Patterns, PrepareQueue, Queue, QueueRows, QueueSince, TaskReasons, TasksWhere,
};
pub use show::{
    Compare, Explain, ExplainGroup, FindRecord, Follow, History, ShowCustomer, ShowDecision,
    ShowRecord, ShowTask,
};
pub use values::{CodeLists, CorrectSome, CountCodes, CountValues, Holders, Values, ValuesOf};
