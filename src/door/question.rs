//! What can be asked to be shown. Questions and answers are serialisable values, so that a screen
//! may one day sit in another process than the desk.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::views::{
    CustomerView, DecisionView, ExplanationView, FormationView, HistoryEntry, PreviewView,
    RecordView, TaskView,
};
use super::{Refusal, Request};
use domain::{CustomerId, DecisionId, RecordAddress, Subject, TaskId};

/// A question, or a request to do something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
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
    /// Records that sensitive values of these are shown in clear; none: of the history of
    /// everything.
    Unmask(Vec<Subject>),
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
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
    /// To [`Question::Unmask`]: it is in the ledger.
    Unmasked,
    /// It is not done, or there is no such thing.
    Refused(Refusal),
    /// The ledger or the store failed; nothing was changed.
    Failed(String),
}
