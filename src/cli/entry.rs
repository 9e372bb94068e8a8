//! The command line's way in: the door of the workspace that this run has opened.

use std::cell::Cell;

use jiff::tz::TimeZone;

use desk::{Desk, LocalDoor};
use door::views::JobView;
use door::{Door, Job, NotDone, Operation, Session, Streams};

/// An open workspace, and on whose behalf it is asked.
pub struct Entry {
    door: LocalDoor,
    who: Session,
    searches: Cell<u64>,
}

impl Entry {
    /// The way in to that desk for whoever opened it.
    pub fn of(desk: Desk) -> Self {
        let who = Session::local(desk.actor(), TimeZone::system());
        Self { door: LocalDoor::to(desk), who, searches: Cell::new(0) }
    }

    /// Asks, and waits.
    ///
    /// # Errors
    /// The refusal, or the failure.
    pub fn ask<O: Operation>(&self, operation: O) -> anyhow::Result<O::Answer> {
        self.ask_with(operation, Streams::default())
    }

    /// Asks with bytes that go in or come out beside it, and waits.
    ///
    /// # Errors
    /// The refusal, or the failure.
    pub fn ask_with<O: Operation>(
        &self,
        operation: O,
        streams: Streams,
    ) -> anyhow::Result<O::Answer> {
        let door: &dyn Door = &self.door;
        door.ask(&self.who, operation, streams).map_err(error)
    }

    /// Begins long work and waits for its end. `told` hears how far it is, and says whether to go on.
    ///
    /// # Errors
    /// The refusal, or the failure.
    pub fn run<O: Job>(
        &self,
        operation: O,
        streams: Streams,
        told: &mut dyn FnMut(&JobView) -> bool,
    ) -> anyhow::Result<O::Report> {
        let door: &dyn Door = &self.door;
        door.run(&self.who, operation, streams, told).map_err(error)
    }

    /// A number that tells a search from those before.
    pub fn next_search(&self) -> u64 {
        self.searches.set(self.searches.get() + 1);
        self.searches.get()
    }

    /// The desk itself, for what does not go through the door.
    pub fn into_desk(self) -> Desk {
        self.door.into_desk()
    }
}

/// Why something was not done, as an error.
fn error(not_done: NotDone) -> anyhow::Error {
    match not_done {
        NotDone::Refused(refusal) => refusal.into(),
        NotDone::Failed(failure) => failure.into(),
    }
}
