//! What people are shown: plain values, complete, so that drawing needs no further question.

mod comparison;
mod customer;
mod decision;
mod explanation;
mod finder;
mod formation;
mod history;
mod preview;
mod queue;
mod record;
mod task;

pub use comparison::{Cell, Column, Mark, MemberView};
pub use customer::{CustomerView, Revision};
pub use decision::{DecisionView, GroupView};
pub use explanation::{ExplanationView, StepView};
pub use finder::{FinderHit, FinderReport};
pub use formation::{FormationView, JoinView, LinkView, PartView};
pub use history::{Change, HistoryEntry};
pub use preview::PreviewView;
pub use queue::{
    Listed, OrderBy, PatternCount, QueueChanges, QueueCounts, QueueOrder, QueueRow, QueueView,
    TaskLine,
};
pub use record::{RecordValueView, RecordView};
pub use task::{CoachLine, EarlierDecision, FieldView, FixView, TaskView, ViolationView};
