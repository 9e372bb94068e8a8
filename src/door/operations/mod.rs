//! The operations, one file a family. What each is answered with stands in `table.rs`.

mod acknowledge;
mod approvals;
mod audit;
mod create;
mod decisions;
mod exports;
mod feed;
mod govern;
mod governed;
mod grants;
mod jobs;
mod journeys;
mod keeping;
mod measures;
mod overview;
mod queue;
mod runs;
mod show;
mod together;
mod values;

pub use acknowledge::{Acknowledge, OwnChanges};
pub use approvals::{Approvals, ShowApproval};
pub use audit::Audit;
pub use create::{Alike, Create};
pub use decisions::{
    Claim, Decide, DecideInBulk, DecideSome, DecisionsOf, FitBulk, LastDecision, Leave, Preview,
    Release, Standing, WholeTask,
};
pub use exports::{
    BeginEvents, CsvForm, Destination, EVENTS, EndEvents, Evaluate, Export, ExportModel, UsedFor,
};
pub use feed::{EndFeed, Feed, FeedFormat, FeedOn};
pub use govern::{
    AdoptSettings, AskEdit, DiffSettings, ProposeSettings, ReadSettings, SettingsAt,
    SettingsChanges, SettingsOf, SettingsProposals, WithdrawProposal,
};
pub use governed::{Consent, ForeseeRetention, Holds, Requests, Retain};
pub use grants::{GRANT_UNDONE_TOGETHER, GiveGrant, Grants, ShowGrant, SuspendGrant};
pub use jobs::{
    Cancel, Delivery, Extent, Import, Match, MatchStatus, ModelText, ReadModel, Reread, TextFile,
    Watch,
};
pub use journeys::{AtStep, Journeys};
pub use keeping::{
    Access, Admitted, ChangeKeys, Erase, ErasureRequest, FindPerson, ForeseeErasure,
    ForeseeHandOver, ForeseeKeys, ForeseeRekey, HandOver, KeyChange, Keys, NoteAccess, Rekey,
    SubjectFile,
};
pub use measures::{Measures, Segments, ShowSegment};
pub use overview::{About, Dashboard, Failing, Imports, KnownIds, Quarantine, Rules, ShowImport};
pub use queue::{
    CountWhere, Find, ListTasks, Patterns, PrepareQueue, Queue, QueueRows, QueueSince, TaskReasons,
    TasksWhere,
};
pub use runs::CompareRuns;
pub use show::{
    Card, Compare, Explain, ExplainGroup, FindRecord, Follow, History, KeepInClear, ShowCustomer,
    ShowDecision, ShowRecord, ShowTask, Timeline,
};
pub use together::{Changes, GiveUp, KeepPlace, LookAt, TakeUp};
pub use values::{CodeLists, CorrectSome, CountCodes, CountValues, Holders, Values, ValuesOf};
