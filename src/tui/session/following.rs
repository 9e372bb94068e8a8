//! When others are asked after next: at most one question is under way, and none follows too soon.

use std::time::Duration;

use door::operations::Changes;
use tokio::time::Instant;

/// The next question.
#[derive(Debug, Default)]
pub(super) struct Following {
    next: Option<(Instant, Changes)>,
}

impl Following {
    /// It is to be asked so long after now.
    pub(super) fn ask(&mut self, changes: Changes, after: Duration) {
        self.next = Some((Instant::now() + after, changes));
    }

    /// When it is to be asked; `None` while an answer is awaited.
    pub(super) fn due(&self) -> Option<Instant> {
        self.next.as_ref().map(|(at, _)| *at)
    }

    /// It is asked now.
    pub(super) fn take(&mut self) -> Option<Changes> {
        self.next.take().map(|(_, changes)| changes)
    }
}
