//! What `update` wants done. The session does it.

use std::path::PathBuf;

use super::model::Intent;
use crate::desk::Question;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the desk; the answer comes back with the ticket.
    Ask(Ticket, Box<Question>),
    /// Leave the program.
    Quit,
    /// Give the terminal back to the shell until the steward returns.
    Suspend,
}

impl Effect {
    /// A question to the desk.
    #[must_use]
    pub fn ask(ticket: Ticket, question: Question) -> Self {
        Effect::Ask(ticket, Box::new(question))
    }
}

/// Why the desk was asked. A serial number tells an answer that came too late.
#[derive(Debug, Clone, PartialEq)]
pub enum Ticket {
    /// The queue.
    Queue {
        /// Whether new tasks and the desk's order are taken in; else the rows stay put.
        anew: bool,
        /// The filter asked with.
        filter: Option<String>,
    },
    /// A task for the screen (or the wide queue's right pane) of that serial.
    Task(u64),
    /// A preview for the draft of that serial.
    Preview(u64),
    /// A customer for the screen of that serial.
    Customer(u64),
    /// A history for the screen of that serial.
    History(u64),
    /// Finder hits for the text typed at that serial.
    Find(u64),
    /// A screen about the workspace as a whole, of that serial.
    Overview(u64),
    /// An import of that file, to be started.
    StartImport(PathBuf),
    /// What is under way.
    Job,
    /// What `u` would take back, for the status line only.
    WouldUndo,
    /// What to take back, to take it back.
    Undo,
    /// What to bring back, to bring it back.
    Redo,
    /// A decision.
    Decide(Box<Intent>),
}
