//! What `update` wants done. The session does it.

use std::path::PathBuf;
use std::time::Duration;

use super::model::{Intent, ToImport, ViewChange};
use super::question::Question;
use domain::{BulkId, DecisionId, TaskId};
use door::operations::{Changes, GiveGrant};
use door::views::QueueOrder;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the desk; the answer comes back with the ticket.
    Ask(Ticket, Box<Question>),
    /// Ask what others do, which is answered when they have; not before so long.
    Follow {
        /// What is asked.
        changes: Changes,
        /// How long it waits before that.
        after: Duration,
    },
    /// Open a file and have its first rows shown as they would be read.
    Look(Box<ToImport>),
    /// Open a file and have it imported.
    Import(Box<ToImport>),
    /// Look what a path may go on with.
    ListFolder(String),
    /// Write a change of the person's views of the queue where they are kept.
    ChangeView(Box<ViewChange>),
    /// Put a text into the terminal's clipboard.
    Copy(String),
    /// Ask the terminal whether it has shown the frame with that screen.
    AskWhetherShown(u64),
    /// Leave the program.
    Quit,
    /// Give the terminal back to the shell until the steward returns.
    Suspend,
    /// Erase what the terminal shows, and draw everything again.
    Redraw,
}

impl Effect {
    /// A question to the desk.
    #[must_use]
    pub fn ask(ticket: Ticket, question: impl Into<Question>) -> Self {
        Effect::Ask(ticket, Box::new(question.into()))
    }

    /// Whether it gives a verdict.
    #[must_use]
    pub fn decides(&self) -> bool {
        matches!(self, Effect::Ask(_, question) if matches!(**question, Question::Decide(_)))
    }
}

/// Why the desk was asked. A serial number tells an answer that came too late.
#[derive(Debug, Clone, PartialEq)]
pub enum Ticket {
    /// The queue, taken in as it is.
    Queue {
        /// The filter asked with.
        filter: Option<String>,
        /// The order asked with.
        order: QueueOrder,
    },
    /// What changed in the queue; its rows stay put.
    QueueChanges {
        /// The filter asked with.
        filter: Option<String>,
    },
    /// Rows of the queue in full.
    QueueRows,
    /// Why that task, under the queue's cursor, is here.
    Reasons(TaskId),
    /// What filter and order ask for is read.
    Prepare {
        /// The filter asked with.
        filter: Option<String>,
        /// The order asked with.
        order: QueueOrder,
    },
    /// The patterns for the layer of that serial.
    Groups(u64),
    /// How many tasks fit these filters, which are those of views.
    ViewCounts(Vec<String>),
    /// The search of that serial.
    Find(u64),
    /// A claim, or a release.
    Claim,
    /// What others did.
    Changes,
    /// Who else is at that task.
    Others(TaskId),
    /// That no task is looked at any more.
    Left,
    /// The screen of that serial once more, with what is marked on it.
    Again(u64),
    /// Where this review is.
    Place,
    /// Where this person was when they were cut off.
    TakeUp,
    /// Which role binds this person.
    Role,
    /// What waits to be acknowledged of the rules.
    Policy,
    /// That it was.
    Acknowledged,
    /// The tasks that are like the one decided last, for the same verdict on all of them.
    Alike,
    /// Who can be asked.
    People,
    /// A step of the bulk of that serial.
    Bulk(u64),
    /// The task that is likely to be opened next: read ahead, so that it is at hand then.
    Ahead,
    /// A task for the screen (or the wide queue's right pane) of that serial.
    Task(u64),
    /// A preview for the draft of that serial.
    Preview(u64),
    /// A customer for the screen of that serial.
    Customer(u64),
    /// A history for the screen of that serial.
    History(u64),
    /// The waterfall of two records that were named.
    Explain,
    /// The screen of that serial with sensitive values in clear, or masked again.
    Unmask {
        /// Of the screen.
        serial: u64,
        /// Whether they are wanted in clear.
        unmask: bool,
    },
    /// Fields that stay in clear, or are masked again.
    Kept,
    /// A screen about the workspace as a whole, of that serial.
    Overview(u64),
    /// The fields, to ask for one of them.
    Fields,
    /// A portion of a grant, with how many customers were merged away before it.
    Grant {
        /// The portion.
        portion: Box<GiveGrant>,
        /// Merged by those before.
        before: u64,
    },
    /// A step of the correction of that serial.
    Correct(u64),
    /// An import of that file, to be started.
    StartImport(PathBuf),
    /// What is under way.
    Job,
    /// What `u` would take back, for the status line only.
    WouldUndo,
    /// What to take back, to take it back.
    Undo,
    /// What still stands of the bulk that the decision to be taken back belongs to.
    UndoOfBulk {
        /// The decision.
        decision: DecisionId,
        /// The bulk.
        bulk: BulkId,
        /// Whether that is a grant.
        of_grant: bool,
    },
    /// What to bring back, to bring it back.
    Redo,
    /// A decision.
    Decide(Box<Intent>),
}
