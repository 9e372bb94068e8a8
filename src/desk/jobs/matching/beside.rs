//! A match beside people who decide: what takes long is found out on another thread, what writes
//! is done a few milliseconds at a time.
//!
//! While the thread reads, the desk decides on; what was changed since the run began to read is
//! passed over, and the next run looks at it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::worker::{Watch, Worker};
use super::apply::{Applying, Portion, QueuePlan};
use super::{Found, MatchOutcome, MatchRequest, prepare};
use crate::core::Desk;
use crate::error::DeskError;
use crate::jobs::Progress;
use crate::read_ahead;

/// A portion shorter than this makes the next one larger.
const SHORT: Duration = Duration::from_millis(3);
/// A portion longer than this makes the next one smaller.
const LONG: Duration = Duration::from_millis(8);
/// The smallest portion, which is also the first.
const FEWEST: usize = 4;
/// The largest portion.
const MOST: usize = 256;
/// How long a worker is left alone before it is looked at again.
const LOOKED_AT_EVERY: Duration = Duration::from_millis(20);

/// A match under way.
pub(crate) struct Matching {
    stage: Stage,
    watch: Arc<Watch>,
    pace: Pace,
}

enum Stage {
    /// Reads and finds out, on a thread of its own.
    Finding(Worker<Found>),
    /// Writes merges.
    Merging(Box<Applying>),
    /// Plans the queue, on a thread of its own.
    Planning(Worker<(Box<Applying>, QueuePlan)>),
    /// Writes tasks.
    Queueing(Box<Applying>, QueuePlan),
    /// Nothing is left to do.
    Ended,
}

/// What a step came to.
pub(crate) enum MatchStep {
    /// There is more to do at once.
    More,
    /// Another thread works: there is nothing to do for so long.
    Waiting(Duration),
    /// It is done.
    End(MatchOutcome),
}

impl Matching {
    /// Begins to read.
    ///
    /// # Errors
    /// When `steward.toml` is wrong, the store is damaged, or the system starts no thread.
    pub(crate) fn begin(desk: &mut Desk) -> Result<Self, DeskError> {
        desk.renew_marks()?;
        desk.adopt_settings()?;
        let watch = Arc::new(Watch::default());
        watch.phase("reading", None);
        let file = desk.columns_file();
        let keep = !desk.is_reading_only();
        let finding = Worker::start(desk.reader_beside(), &watch, move |reading, watch| {
            let request = MatchRequest::default();
            let prepared = reading
                .reader
                .undisturbed(|facts| prepare(facts, (&file, keep), &request, watch))?;
            // What runs now asks the store nothing more.
            drop(reading);
            prepared.run(watch)
        })?;
        Ok(Self { stage: Stage::Finding(finding), watch, pace: Pace(FEWEST) })
    }

    /// The phase, the units done of it, and how many there are, where known.
    pub(crate) fn told(&self) -> (String, u64, Option<u64>) {
        self.watch.told()
    }

    /// Asks it to stop; the next steps do.
    pub(crate) fn cancel(&self) {
        self.watch.cancel();
    }

    /// Whether it was asked to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.watch.cancelled()
    }

    /// Does a few milliseconds of what is left on the desk's thread.
    ///
    /// # Errors
    /// When it was cancelled (what was merged stays, and the next match completes it), or ledger
    /// or store fail.
    pub(crate) fn step(&mut self, desk: &mut Desk) -> Result<MatchStep, DeskError> {
        match std::mem::replace(&mut self.stage, Stage::Ended) {
            Stage::Finding(mut worker) => match worker.ended() {
                None => return self.wait(Stage::Finding(worker)),
                Some(found) => self.begin_to_merge(desk, found?)?,
            },
            Stage::Planning(mut worker) => match worker.ended() {
                None => return self.wait(Stage::Planning(worker)),
                Some(planned) => self.begin_to_queue(desk, planned?),
            },
            _ if self.is_cancelled() => return Err(DeskError::Cancelled),
            Stage::Merging(applying) => self.merge(desk, applying)?,
            Stage::Queueing(applying, plan) => return self.queue(desk, applying, plan),
            Stage::Ended => return Err(DeskError::Cancelled),
        }
        Ok(MatchStep::More)
    }

    fn wait(&mut self, stage: Stage) -> Result<MatchStep, DeskError> {
        self.stage = stage;
        Ok(MatchStep::Waiting(LOOKED_AT_EVERY))
    }

    fn begin_to_merge(&mut self, desk: &mut Desk, found: Found) -> Result<(), DeskError> {
        let applying = Applying::begin(desk, found)?;
        self.watch.phase("merging", Some(applying.sure()));
        desk.trees.hold();
        self.stage = Stage::Merging(Box::new(applying));
        Ok(())
    }

    fn merge(&mut self, desk: &mut Desk, mut applying: Box<Applying>) -> Result<(), DeskError> {
        let portion = self.pace.portion();
        let began = Instant::now();
        let merges = applying.merge(desk, portion)?;
        desk.queue.keep_up(desk.facts(), desk.actor())?;
        self.pace.took(began.elapsed());
        if merges > 0 {
            self.watch.advance(merges as u64);
            self.stage = Stage::Merging(applying);
            return Ok(());
        }
        read_ahead::let_go(desk.facts());
        // The other thread sees only what is in the store.
        desk.release_changes()?;
        self.watch.phase("queueing", None);
        let planning = Worker::start(desk.reader_beside(), &self.watch, move |reading, _| {
            let plan = reading.reader.undisturbed(|facts| applying.plan_queue(facts))?;
            Ok((applying, plan))
        })?;
        self.stage = Stage::Planning(planning);
        Ok(())
    }

    fn begin_to_queue(&mut self, desk: &mut Desk, planned: (Box<Applying>, QueuePlan)) {
        let (applying, plan) = planned;
        self.watch.phase("queueing", Some(plan.len()));
        self.pace = Pace(FEWEST);
        desk.trees.hold();
        self.stage = Stage::Queueing(applying, plan);
    }

    fn queue(
        &mut self,
        desk: &mut Desk,
        mut applying: Box<Applying>,
        mut plan: QueuePlan,
    ) -> Result<MatchStep, DeskError> {
        let portion = self.pace.portion();
        let began = Instant::now();
        let tasks = applying.queue(desk, &mut plan, portion)?;
        desk.queue.keep_up(desk.facts(), desk.actor())?;
        self.pace.took(began.elapsed());
        if tasks == 0 {
            return Ok(MatchStep::End(applying.finish(desk)?));
        }
        self.watch.advance(tasks as u64);
        self.stage = Stage::Queueing(applying, plan);
        Ok(MatchStep::More)
    }
}

/// How much a portion holds: as much as takes a few milliseconds here.
struct Pace(usize);

impl Pace {
    fn portion(&self) -> Portion {
        // Three records a merge, so that hardly any portion is cut short.
        Portion { merges: self.0, tasks: self.0, records: self.0 * 3 }
    }

    fn took(&mut self, time: Duration) {
        if time < SHORT {
            self.0 = (self.0 * 2).min(MOST);
        } else if time > LONG {
            self.0 = (self.0 / 2).max(FEWEST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_grow_while_they_are_short_and_shrink_once_they_are_long() {
        let mut pace = Pace(FEWEST);
        let [short, fit, long] = [1, 5, 40].map(Duration::from_millis);
        let sizes: Vec<usize> = [short, short, fit, long, long, long, short]
            .into_iter()
            .map(|time| {
                pace.took(time);
                pace.portion().merges
            })
            .collect();
        assert_eq!(sizes, [8, 16, 16, 8, 4, 4, 8]);
        (0..20).for_each(|_| pace.took(short));
        assert_eq!(pace.portion().tasks, MOST);
    }
}
