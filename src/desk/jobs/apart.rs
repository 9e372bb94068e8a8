//! A job that only reads, on a thread of its own, so that it can be watched and stopped.
//!
//! What it gives must be of one commit. Where nobody else comes, that is so by itself; beside others
//! the store stands still until it is read, and what they decide meanwhile is held back above it. What
//! stands in the past does not change any more: the store moves on under whoever reads that.

use std::sync::Arc;
use std::time::Duration;

use super::Progress;
use super::worker::{Watch, Worker};
use crate::core::Desk;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::job::{Stepped, Steps};
use door::views::{JobReport, JobView};

/// How long the thread is left alone before it is looked at again.
const LOOKED_AT_EVERY: Duration = Duration::from_millis(20);

type Once<T> = Box<dyn FnOnce(Facts<'_>, &dyn Progress) -> Result<T, DeskError> + Send>;
type Again<T> = Box<dyn FnMut(Facts<'_>, &dyn Progress) -> Result<T, DeskError> + Send>;
type Finish<T> = Box<dyn FnOnce(&mut Desk, T) -> Result<JobReport, DeskError> + Send>;
type Begin<T> = Box<dyn FnOnce(&mut Desk) -> Result<Plan<T>, DeskError> + Send>;

/// What such a job reads.
pub(super) enum Read<T> {
    /// What must be of one commit.
    Once(Once<T>),
    /// What stands in the past: it is read again where a change met it half-way.
    Again(Again<T>),
}

/// What is left to do once such a job has begun.
pub(super) struct Plan<T> {
    /// What is read, on the other thread.
    pub(super) read: Read<T>,
    /// What becomes of it, on the desk's.
    pub(super) finish: Finish<T>,
}

/// A job that reads, begun or waiting for its turn.
pub(super) struct Apart<T> {
    stage: Stage<T>,
    watch: Arc<Watch>,
}

enum Stage<T> {
    /// Has not begun.
    Waiting(Begin<T>),
    /// Reads.
    Reading(Worker<T>, Finish<T>),
    /// Is being changed.
    Taken,
}

impl<T: Send + 'static> Apart<T> {
    /// A job that has not begun.
    pub(super) fn of(
        begin: impl FnOnce(&mut Desk) -> Result<Plan<T>, DeskError> + Send + 'static,
    ) -> Self {
        Self { stage: Stage::Waiting(Box::new(begin)), watch: Arc::default() }
    }
}

impl<T: Send + 'static> Steps<Desk> for Apart<T> {
    fn step(mut self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        let (mut worker, finish) = match std::mem::replace(&mut self.stage, Stage::Taken) {
            Stage::Waiting(begin) => {
                let Plan { read, finish } = begin(desk)?;
                if matches!(read, Read::Once(_)) && !desk.alone {
                    desk.trees.stand_still()?;
                }
                let reader = desk.reader_beside();
                let spared = usize::from(!desk.alone);
                let worker =
                    Worker::start(reader, &self.watch, spared, move |reading, watch| match read {
                        Read::Once(read) => read(reading.reader.facts(), watch),
                        Read::Again(mut read) => {
                            reading.reader.undisturbed(|facts| read(facts, watch))
                        }
                    })?;
                (worker, finish)
            }
            Stage::Reading(worker, finish) => (worker, finish),
            Stage::Taken => return Err(DeskError::Fault),
        };
        match worker.ended() {
            Some(read) => Ok(Stepped::End(finish(desk, read?)?)),
            None => {
                self.stage = Stage::Reading(worker, finish);
                Ok(Stepped::More(self, LOOKED_AT_EVERY))
            }
        }
    }

    fn tell(&self, view: &mut JobView) {
        (view.phase, view.done, view.total) = self.watch.told();
    }

    fn cancel(&self) -> bool {
        self.watch.cancel();
        matches!(self.stage, Stage::Waiting(_))
    }
}
