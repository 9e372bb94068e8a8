//! What a session hears from whoever keeps the desk: while its workspace is opened, when the first frame is on
//! screen already, and afterwards.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use domain::{QueueOrder, TaskId};

/// A workspace that was opened while the first frame was on screen already.
pub struct Opened {
    /// The task to open first; `None` means the queue.
    pub start: Option<TaskId>,
    /// How the queue is sorted at first.
    pub order: QueueOrder,
    /// What opening had to do, a line each.
    pub notes: Vec<String>,
}

/// What happens while a workspace is opened.
pub(super) enum OpeningEvent {
    Progress(u64, u64),
    Opened(Box<Opened>),
    /// Something that people should know.
    Said(String),
    /// The desk has gone, or sends the session away.
    Ended,
}

/// The receiving end of an [`Opener`].
pub struct OpeningEvents(UnboundedReceiver<OpeningEvent>);

/// Tells a session how far the opening of its workspace is. Dropped before it has told that it is
/// open, it tells that it never will be.
pub struct Opener(UnboundedSender<OpeningEvent>);

/// An opener and what a session hears of it.
#[must_use]
pub fn opening() -> (Opener, OpeningEvents) {
    let (sender, receiver) = unbounded_channel();
    (Opener(sender), OpeningEvents(receiver))
}

impl Opener {
    /// So many commits are folded, of how many.
    pub fn progress(&self, done: u64, total: u64) {
        // Who has left wants to know nothing.
        let _ = self.0.send(OpeningEvent::Progress(done, total));
    }

    /// It is open. What happens to it from here on is told by the herald.
    pub fn opened(self, opened: Opened) -> Herald {
        let _ = self.0.send(OpeningEvent::Opened(Box::new(opened)));
        Herald(self.0)
    }
}

/// Tells a session what it did not ask for.
#[derive(Clone)]
pub struct Herald(UnboundedSender<OpeningEvent>);

impl Herald {
    /// Something that people should know.
    pub fn say(&self, text: impl Into<String>) {
        let _ = self.0.send(OpeningEvent::Said(text.into()));
    }

    /// The session ends: the desk has gone, or sends it away.
    pub fn end(&self) {
        let _ = self.0.send(OpeningEvent::Ended);
    }
}

/// Waits for what happens next to the opening of the workspace; for ever, once it is open.
pub(super) async fn next_opening(opening: &mut Option<OpeningEvents>) -> Option<OpeningEvent> {
    match opening {
        Some(events) => events.0.recv().await,
        None => std::future::pending().await,
    }
}
