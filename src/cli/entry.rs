//! The command line's way in: the door of the workspace that this run has opened, or of whoever serves it.

use std::cell::Cell;

use jiff::tz::TimeZone;

use super::attach;
use desk::{Desk, LocalDoor};
use door::views::JobView;
use door::{Door, FailureClass, Job, NotDone, Operation, Session, Streams};
use serve::Attached;

/// An open workspace, and on whose behalf it is asked.
pub struct Entry {
    way: Way,
    who: Session,
    searches: Cell<u64>,
}

enum Way {
    /// This process has it open.
    Here(Box<LocalDoor>),
    /// Another one has.
    There(Attached),
}

impl Entry {
    /// The way in to that desk for whoever opened it.
    pub fn of(desk: Desk) -> Self {
        let who = Session::local(desk.actor(), TimeZone::system());
        Self { way: Way::Here(Box::new(LocalDoor::to(desk))), who, searches: Cell::new(0) }
    }

    /// The way in to whoever serves the workspace.
    pub fn attached(attached: Attached) -> Self {
        let who = Session::local(attached.person.as_str(), TimeZone::system());
        Self { way: Way::There(attached), who, searches: Cell::new(0) }
    }

    fn door(&self) -> &dyn Door {
        match &self.way {
            Way::Here(door) => &**door,
            Way::There(attached) => &attached.door,
        }
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
        self.door().ask(&self.who, operation, streams).map_err(error)
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
        let done = self.door().run(&self.who, operation, streams, told);
        done.map_err(|not_done| error(unfinished(not_done)))
    }

    /// A number that tells a search from those before.
    pub fn next_search(&self) -> u64 {
        self.searches.set(self.searches.get() + 1);
        self.searches.get()
    }

    /// Refuses what only the process that has the workspace can do: what it asks for is asked for there.
    ///
    /// # Errors
    /// The refusal, with the way out.
    pub fn must_be_here(&self) -> anyhow::Result<()> {
        match &self.way {
            Way::Here(_) => Ok(()),
            Way::There(attached) => Err(attach::is_served(attached.process)),
        }
    }

    /// The desk itself, for what does not go through the door.
    ///
    /// # Errors
    /// As [`Entry::must_be_here`].
    pub fn into_desk(self) -> anyhow::Result<Desk> {
        match self.way {
            Way::Here(door) => Ok((*door).into_desk()),
            Way::There(attached) => Err(attach::is_served(attached.process)),
        }
    }
}

/// Long work goes on when whoever began it leaves, and stops between two commits when the server does: who waits for
/// it is told that it is half done.
fn unfinished(not_done: NotDone) -> NotDone {
    match not_done {
        NotDone::Failed(mut failure)
            if failure.class == FailureClass::Stopped
                && failure.message.contains("steward serve") =>
        {
            let kept = "what was confirmed is kept";
            let what = failure.message.trim_end_matches(kept).trim_end_matches("; ").to_owned();
            failure.message = format!("{what}; {kept}: run this again to complete it");
            NotDone::Failed(failure)
        }
        other => other,
    }
}

/// Why something was not done, as an error.
pub fn error(not_done: NotDone) -> anyhow::Error {
    match not_done {
        NotDone::Refused(refusal) => refusal.into(),
        NotDone::Failed(failure) => failure.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use door::Failure;

    #[test]
    fn who_waits_for_long_work_is_told_that_the_server_left_it_half_done() {
        let told = |why: &str| {
            error(unfinished(Failure::new(FailureClass::Stopped, why).into())).to_string()
        };
        for (why, says) in [
            (
                "steward serve was asked to stop",
                "steward serve was asked to stop; what was confirmed is kept: run this again to complete it",
            ),
            (
                "steward serve has gone; what was confirmed is kept",
                "steward serve has gone; what was confirmed is kept: run this again to complete it",
            ),
            // It goes on there.
            ("sam ended this session", "sam ended this session"),
        ] {
            assert_eq!(told(why), says);
        }
    }
}
