//! What can be asked to be shown. Questions and answers are serialisable values, so that a screen
//! may one day sit in another process than the desk.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::views::{
    CustomerView, DashboardView, DecisionView, ExplanationView, FailingView, FinderHit,
    HistoryEntry, ImportsView, JobView, PreviewView, QuarantineView, QueueView, RecordView,
    RuleView, TaskLine, TaskView,
};
use super::{Receipt, Refusal, Request};
use crate::domain::{
    CustomerId, DecisionId, ImportId, RecordAddress, RuleId, SourceName, Subject, TaskId,
};

/// A question, or a request to do something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// The pending tasks, best next first. `filter` is an expression over the columns of a task.
    Queue {
        /// As in `tasks --where`; none: everything pending.
        filter: Option<String>,
    },
    /// Tasks for programs, best next first.
    Tasks {
        /// As in `tasks --where`.
        filter: Option<String>,
        /// Those as well that wait for nobody any more.
        finished: bool,
    },
    /// One task with everything its screen needs.
    Task(TaskId),
    /// A source record, now or at a time.
    Record {
        /// Which.
        record: RecordAddress,
        /// When; none: now.
        at: Option<Timestamp>,
    },
    /// A decision as it was recorded.
    Decision(DecisionId),
    /// A customer, now or at a time.
    Customer {
        /// Which; a retired id is followed.
        customer: CustomerId,
        /// When; none: now.
        at: Option<Timestamp>,
    },
    /// A comparison of customers that no task asks for (from the finder or the command line).
    Compare(Vec<CustomerId>),
    /// The waterfall of two records.
    Explain {
        /// One.
        left: RecordAddress,
        /// The other.
        right: RecordAddress,
    },
    /// Tasks that resemble a typed text, best first.
    Find {
        /// As typed.
        text: String,
        /// At most so many.
        limit: usize,
    },
    /// What a request would do, or why it would be refused.
    Preview(Request),
    /// What happened to a thing, latest first; none: to everything, the latest 500 decisions.
    History(Option<Subject>),
    /// The last decision of this actor that still stands: what `u` takes back.
    LastDecision {
        /// Undone decisions instead: what redo brings back.
        undone: bool,
    },
    /// The state of the workspace in numbers.
    Dashboard,
    /// The rules, and what they make of the records.
    Rules,
    /// The first records that break a rule.
    Failing {
        /// The rule.
        rule: RuleId,
        /// At most so many.
        limit: usize,
    },
    /// The latest imports, and what is under way.
    Imports,
    /// The first rows of an import that are in quarantine.
    Quarantine {
        /// The import.
        import: ImportId,
        /// At most so many.
        limit: usize,
    },
    /// Imports a file beside everything else.
    StartImport {
        /// The file.
        path: PathBuf,
        /// The source, as in `steward.toml`.
        source: SourceName,
    },
    /// What is under way: answered once it is further than `done`, or has ended.
    Watch {
        /// Rows known to be done.
        done: u64,
    },
    /// Stops what is under way; what was committed stays.
    CancelJob,
    /// Does it.
    CarryOut(Request),
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Question::Queue`].
    Queue(QueueView),
    /// To [`Question::Tasks`].
    Tasks(Vec<TaskLine>),
    /// To [`Question::Record`].
    Record(Box<RecordView>),
    /// To [`Question::Decision`].
    Decision(Box<DecisionView>),
    /// To [`Question::Task`] and [`Question::Compare`].
    Task(Box<TaskView>),
    /// To [`Question::Customer`].
    Customer(Box<CustomerView>),
    /// To [`Question::Explain`].
    Explanation(Box<ExplanationView>),
    /// To [`Question::Find`].
    Found(Vec<FinderHit>),
    /// To [`Question::Preview`].
    Preview(Box<PreviewView>),
    /// To [`Question::History`].
    History(Vec<HistoryEntry>),
    /// To [`Question::LastDecision`]: the decision and what it did, in a line.
    LastDecision(Option<(DecisionId, String)>),
    /// To [`Question::Dashboard`].
    Dashboard(Box<DashboardView>),
    /// To [`Question::Rules`].
    Rules(Vec<RuleView>),
    /// To [`Question::Failing`].
    Failing(FailingView),
    /// To [`Question::Imports`].
    Imports(ImportsView),
    /// To [`Question::Quarantine`].
    Quarantine(QuarantineView),
    /// To [`Question::StartImport`], [`Question::Watch`] and [`Question::CancelJob`]; none: nothing
    /// is under way.
    Job(Option<JobView>),
    /// To [`Question::CarryOut`].
    Done(Receipt),
    /// It is not done, or there is no such thing.
    Refused(Refusal),
    /// The ledger or the store failed; nothing was changed.
    Failed(String),
}
