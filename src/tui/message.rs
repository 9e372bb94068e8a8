//! What happens to the interface: keys, answers, drawn frames. Time arrives here and only here.

use std::time::Duration;

use jiff::Zoned;

use super::effect::Ticket;
use super::keys::Key;
use super::model::{Opening, ViewChange};
use super::paths::Completions;
use super::question::Answer;
use domain::TaskId;
use door::Outcome;

/// When a message came.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Since the session began; never goes back.
    pub elapsed: Duration,
    /// On the wall, in the steward's time zone.
    pub wall: Zoned,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub enum Message {
    /// The workspace is being opened, and that is how far it is.
    Opening(Opening),
    /// The workspace is open, and the session begins, with this task or the queue.
    Started(Moment, Option<TaskId>),
    /// A key was pressed.
    Key(Key, Moment),
    /// A key that may be the rest of a paste without an end.
    Rest(Key),
    /// The first key after a paste without an end, pressed by itself after a long silence.
    Doubted(Key, Moment),
    /// Text was pasted. It is never read as keys.
    Pasted(String),
    /// Something came from the terminal that began as no key and went no further.
    Broken,
    /// The mouse was clicked at this column and row.
    Clicked(u16, u16),
    /// The wheel was turned by a notch.
    Wheel {
        /// Towards the steward.
        down: bool,
    },
    /// The terminal has this many columns and rows.
    Resized(u16, u16),
    /// The desk answered.
    Answered(Ticket, Box<Outcome<Answer>>, Moment),
    /// What a path may go on with.
    Listed(Completions),
    /// A view of the queue was written, or why it was not.
    ViewChanged(Box<ViewChange>, Result<(), String>),
    /// A frame that shows the model as it is was handed to the terminal.
    Drawn(Moment),
    /// What was in clear for a while is to be masked.
    Due(Moment),
    /// The terminal has shown the frame with that screen, or did not answer for too long. Keys that
    /// were pressed before that came before this.
    Shown {
        /// Of the screen.
        serial: u64,
        /// Whether it answered.
        answered: bool,
    },
}
