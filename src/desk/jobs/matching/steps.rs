//! A match as a job, a step at a time: what takes long is found out on another thread, what writes
//! is done in small portions.
//!
//! Beside people who decide, a portion takes a few milliseconds. While the thread reads, the desk
//! decides on; what was changed since the run began to read is passed over, and the next run looks at
//! it. Where nobody else comes, portions are large and always the same, and all cores are used.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::worker::{Reading, Watch, Worker};
use super::apply::{Applying, Portion, QueuePlan};
use super::{Found, MatchRequest, prepare};
use crate::core::Desk;
use crate::error::DeskError;
use crate::job::{Stepped, Steps};
use crate::jobs::Progress;
use crate::read_ahead;
use domain::event::ModelFile;
use door::operations::Match;
use door::views::{JobReport, JobView, MatchOutcome};
use matching::splink::CarriedModel;
use settings::Settings;

/// A portion shorter than this makes the next one larger.
const SHORT: Duration = Duration::from_millis(3);
/// A portion longer than this makes the next one smaller.
const LONG: Duration = Duration::from_millis(8);
/// The smallest portion, which is also the first.
const FEWEST: usize = 4;
/// The largest portion.
const MOST: usize = 256;
/// A portion where nobody else waits for the desk.
const ALONE: Portion = Portion { merges: 500, tasks: 1_000, records: 60_000 };
/// How long a worker is left alone before it is looked at again.
const LOOKED_AT_EVERY: Duration = Duration::from_millis(20);

/// A match, begun or waiting for its turn.
pub(in crate::jobs) struct Matching {
    stage: Stage,
    watch: Arc<Watch>,
    dry_run: bool,
    /// What a dry run judges by, where those are not the settings in force.
    foreseen: Option<Arc<Settings>>,
    pace: Pace,
}

enum Stage {
    /// Has not begun.
    Waiting(MatchRequest),
    /// Reads and finds out, on a thread of its own.
    Finding(Worker<Found>),
    /// Counts what would be done, on a thread of its own.
    Counting(Worker<MatchOutcome>),
    /// Writes merges.
    Merging(Box<Applying>),
    /// Has written merges.
    Merged(Box<Applying>),
    /// Plans the queue, on a thread of its own.
    Planning(Worker<(Box<Applying>, QueuePlan)>),
    /// Writes tasks.
    Queueing(Box<Applying>, QueuePlan),
    /// Nothing is left to do.
    Ended,
}

impl Matching {
    /// A match that has not begun.
    pub(in crate::jobs) fn of(request: &Match, model: Option<(CarriedModel, ModelFile)>) -> Self {
        let watch = Arc::new(Watch::default());
        watch.phase("reading", None);
        let Match { extent, dry_run, census, .. } = *request;
        let request = MatchRequest { extent, dry_run, carried: model, census };
        let (stage, pace) = (Stage::Waiting(request), Pace::Beside(FEWEST));
        Self { stage, watch, dry_run, foreseen: None, pace }
    }

    /// The same, judged by these settings where there are some: a dry run.
    pub(in crate::jobs) fn under(self, settings: Option<Arc<Settings>>) -> Self {
        Self { foreseen: settings, ..self }
    }

    /// A match that has found that and has written nothing yet.
    #[cfg(test)]
    pub(crate) fn that_found(found: Found, desk: &mut Desk) -> Result<Self, DeskError> {
        let mut matching = Self::of(&Match::default(), None);
        matching.begin_to_write(desk, found)?;
        Ok(matching)
    }

    fn begin(&mut self, desk: &mut Desk, request: MatchRequest) -> Result<(), DeskError> {
        if !request.dry_run {
            desk.renew_marks()?;
        }
        if desk.alone {
            self.pace = Pace::Alone;
        }
        let file = desk.columns_file();
        let keep = !request.dry_run && !desk.is_reading_only();
        let finding = self.elsewhere(desk, move |reading, watch| {
            let prepared = reading
                .reader
                .undisturbed(|facts| prepare(facts, (&file, keep), &request, watch))?;
            // What runs now asks the store nothing more.
            drop(reading);
            prepared.run(watch)
        })?;
        self.stage = Stage::Finding(finding);
        Ok(())
    }

    /// Starts a thread that reads the desk's facts.
    fn elsewhere<T: Send + 'static>(
        &self,
        desk: &Desk,
        work: impl FnOnce(Reading, &Watch) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<Worker<T>, DeskError> {
        // One core is left to whoever works beside it.
        let spared = usize::from(!desk.alone);
        Worker::start(desk.reader_beside(), &self.watch, spared, work)
    }

    fn begin_to_write(&mut self, desk: &mut Desk, found: Found) -> Result<(), DeskError> {
        if self.dry_run {
            let counting = self.elsewhere(desk, move |reading, _| {
                reading.reader.undisturbed(|facts| found.count_only(facts))
            })?;
            self.stage = Stage::Counting(counting);
            return Ok(());
        }
        let applying = Applying::begin(desk, found)?;
        self.watch.phase("merging", Some(applying.sure()));
        self.hold(desk);
        self.stage = Stage::Merging(Box::new(applying));
        Ok(())
    }

    /// From now on the store is written in large batches. What a match writes says the whole state of
    /// what it changes, so that after a crash it may be folded again over what it made.
    fn hold(&self, desk: &mut Desk) {
        match self.pace {
            Pace::Alone => desk.trees.hold_many(),
            Pace::Beside(_) => desk.trees.hold(),
        }
    }

    fn merge(&mut self, desk: &mut Desk, mut applying: Box<Applying>) -> Result<(), DeskError> {
        let portion = self.pace.portion();
        let began = Instant::now();
        let merges = match applying.merge(desk, portion)? {
            0 => applying.merge_granted(desk, portion)?,
            merges => merges,
        };
        desk.queue.keep_up(desk.facts())?;
        self.pace.took(began.elapsed());
        self.stage = if merges > 0 {
            self.watch.advance(merges as u64);
            Stage::Merging(applying)
        } else {
            read_ahead::let_go(desk.facts());
            self.watch.phase("queueing", None);
            Stage::Merged(applying)
        };
        Ok(())
    }

    fn plan(&mut self, desk: &mut Desk, applying: Box<Applying>) -> Result<(), DeskError> {
        if let Pace::Alone = self.pace {
            let plan = applying.plan_queue(desk.facts())?;
            self.begin_to_queue(applying, plan);
            return Ok(());
        }
        // The other thread sees only what is in the store.
        desk.release_changes()?;
        let planning = self.elsewhere(desk, move |reading, _| {
            let plan = reading.reader.undisturbed(|facts| applying.plan_queue(facts))?;
            Ok((applying, plan))
        })?;
        self.stage = Stage::Planning(planning);
        Ok(())
    }

    fn begin_to_queue(&mut self, applying: Box<Applying>, plan: QueuePlan) {
        self.watch.phase("queueing", Some(plan.len()));
        self.stage = Stage::Queueing(applying, plan);
    }

    fn queue(
        &mut self,
        desk: &mut Desk,
        mut applying: Box<Applying>,
        mut plan: QueuePlan,
    ) -> Result<Option<MatchOutcome>, DeskError> {
        let portion = self.pace.portion();
        let began = Instant::now();
        let tasks = applying.queue(desk, &mut plan, portion)?;
        desk.queue.keep_up(desk.facts())?;
        self.pace.took(began.elapsed());
        if tasks == 0 {
            desk.release_changes()?;
            return applying.finish(desk).map(Some);
        }
        self.watch.advance(tasks as u64);
        self.stage = Stage::Queueing(applying, plan);
        Ok(None)
    }

    /// Does one thing of what is left; the outcome at the end.
    fn proceed(&mut self, desk: &mut Desk) -> Result<Option<MatchOutcome>, DeskError> {
        match std::mem::replace(&mut self.stage, Stage::Ended) {
            Stage::Finding(mut worker) => match worker.ended() {
                None => self.stage = Stage::Finding(worker),
                Some(found) => self.begin_to_write(desk, found?)?,
            },
            Stage::Counting(mut worker) => match worker.ended() {
                None => self.stage = Stage::Counting(worker),
                Some(counted) => return counted.map(Some),
            },
            Stage::Planning(mut worker) => match worker.ended() {
                None => self.stage = Stage::Planning(worker),
                Some(planned) => {
                    let (applying, plan) = planned?;
                    self.pace = Pace::Beside(FEWEST);
                    self.hold(desk);
                    self.begin_to_queue(applying, plan);
                }
            },
            _ if self.watch.cancelled() => return Err(DeskError::Cancelled),
            Stage::Waiting(request) => self.begin(desk, request)?,
            Stage::Merging(applying) => self.merge(desk, applying)?,
            Stage::Merged(applying) => self.plan(desk, applying)?,
            Stage::Queueing(applying, plan) => return self.queue(desk, applying, plan),
            Stage::Ended => return Err(DeskError::Fault),
        }
        Ok(None)
    }
}

impl Steps<Desk> for Matching {
    fn step(mut self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        let proceeded = match self.foreseen.clone() {
            Some(settings) => desk.under(settings, |desk| self.proceed(desk)),
            None => self.proceed(desk),
        };
        if let Some(outcome) = proceeded? {
            return Ok(Stepped::End(JobReport::Match(outcome)));
        }
        let rest = match self.stage {
            Stage::Finding(_) | Stage::Counting(_) | Stage::Planning(_) => LOOKED_AT_EVERY,
            _ => Duration::ZERO,
        };
        Ok(Stepped::More(self, rest))
    }

    fn tell(&self, view: &mut JobView) {
        (view.phase, view.done, view.total) = self.watch.told();
    }

    fn cancel(&self) -> bool {
        self.watch.cancel();
        false
    }
}

/// How much a portion holds.
enum Pace {
    /// Always the same: nobody else waits for the desk.
    Alone,
    /// As much as takes a few milliseconds here.
    Beside(usize),
}

impl Pace {
    fn portion(&self) -> Portion {
        match *self {
            Pace::Alone => ALONE,
            // Three records a merge, so that hardly any portion is cut short.
            Pace::Beside(size) => Portion { merges: size, tasks: size, records: size * 3 },
        }
    }

    fn took(&mut self, time: Duration) {
        let Pace::Beside(size) = self else { return };
        if time < SHORT {
            *size = (*size * 2).min(MOST);
        } else if time > LONG {
            *size = (*size / 2).max(FEWEST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_grow_while_they_are_short_and_shrink_once_they_are_long() {
        let mut pace = Pace::Beside(FEWEST);
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
