//! What can be asked to be shown. Questions and answers are serialisable values, so that a screen
//! may one day sit in another process than the desk.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::views::{
    CustomerView, DashboardView, DecisionView, ExplanationView, FailingView, FormationView,
    HistoryEntry, ImportsView, JobView, PatternCount, PreviewView, QuarantineView, QueueChanges,
    QueueOrder, QueueRow, QueueView, RecordView, RuleView, TaskView,
};
use super::{BulkOutcome, BulkStep, Receipt, Refusal, Request};
use domain::{
    CustomerId, DecisionId, ImportId, RecordAddress, RuleId, SourceName, Subject, TaskId,
};

/// A question, or a request to do something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// The pending tasks in an order. `filter` is an expression over the columns of a task.
    Queue {
        /// As in `tasks --where`; none: everything pending.
        filter: Option<String>,
        /// How they are sorted.
        order: QueueOrder,
    },
    /// What changed in the queue; answered by the whole queue where too much did.
    QueueChanges {
        /// As the queue was asked for.
        filter: Option<String>,
        /// As the queue was asked for.
        order: QueueOrder,
        /// The generation last seen.
        since: u64,
    },
    /// Some tasks of the queue in full.
    QueueRows(Vec<TaskId>),
    /// Why a task is here, in sentences.
    TaskReasons(TaskId),
    /// Reads on in what the queue's filter and order ask for, for a few milliseconds.
    PrepareQueue {
        /// As the queue was asked for.
        filter: Option<String>,
        /// As the queue was asked for.
        order: QueueOrder,
    },
    /// How many tasks there are of each pattern, most first.
    Patterns {
        /// As in `tasks --where`.
        filter: Option<String>,
    },
    /// Claims a task, or renews the claim.
    Claim(TaskId),
    /// Releases a task; none: everything this steward has claimed.
    Release(Option<TaskId>),
    /// A few tasks of a bulk: judged, or decided one by one.
    Bulk(Box<BulkStep>),
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
    /// How the group of a task or the records of a customer came together.
    ExplainGroup(Subject),
    /// What a request would do, or why it would be refused.
    Preview(Request),
    /// What happened to a thing, latest first; none: to everything, the latest 500 decisions.
    History(Option<Subject>),
    /// The last decision of this actor that still stands: what `u` takes back.
    LastDecision {
        /// Their last undo that can be redone instead: what `Ctrl-r` takes back. Redo is a stack:
        /// whatever they decide anew clears it.
        undone: bool,
    },
    /// Records that sensitive values of these are shown in clear; none: of the history of
    /// everything.
    Unmask(Vec<Subject>),
    /// Records that the rows of an import that are in quarantine are shown in clear.
    UnmaskRows(ImportId),
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
    /// Matches beside everything else.
    StartMatch,
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
    /// To [`Question::QueueChanges`].
    QueueChanges(QueueChanges),
    /// To [`Question::QueueRows`]: those that are still pending.
    QueueRows(Vec<QueueRow>),
    /// To [`Question::TaskReasons`].
    TaskReasons(TaskId, Vec<String>),
    /// To [`Question::PrepareQueue`]: how much has been read, of how much.
    QueuePrepared(usize, usize),
    /// To [`Question::Patterns`], and how much has been read, of how much.
    Patterns(Vec<PatternCount>, (usize, usize)),
    /// To [`Question::Claim`] and [`Question::Release`]: the row as it is now.
    Claimed(Option<Box<QueueRow>>),
    /// To [`Question::Bulk`].
    Bulk(Box<BulkOutcome>),
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
    /// To [`Question::ExplainGroup`].
    Formation(Box<FormationView>),
    /// To [`Question::Preview`].
    Preview(Box<PreviewView>),
    /// To [`Question::History`].
    History(Vec<HistoryEntry>),
    /// To [`Question::LastDecision`]: the decision and what it did, in a line.
    LastDecision(Option<(DecisionId, String)>),
    /// To [`Question::Unmask`] and [`Question::UnmaskRows`]: it is in the ledger.
    Unmasked,
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
    /// To [`Question::StartImport`], [`Question::StartMatch`], [`Question::Watch`] and
    /// [`Question::CancelJob`]; none: nothing is under way.
    Job(Option<JobView>),
    /// To [`Question::CarryOut`].
    Done(Receipt),
    /// It is not done, or there is no such thing.
    Refused(Refusal),
    /// The ledger or the store failed; nothing was changed.
    Failed(String),
}
