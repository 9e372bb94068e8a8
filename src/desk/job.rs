//! Long work as a desk holds it: one job is under way, some wait, in order. Which work there is stands
//! in `jobs`; nothing here knows of it, nor of the desk `D` that it works on.

use std::collections::VecDeque;
use std::time::Duration;

use super::error::DeskError;
use door::views::{JobEnd, JobId, JobKind, JobReport, JobView};
use door::{Refusal, Session};

/// Jobs that may wait beside the one under way.
const WAITING: usize = 16;
/// Jobs whose end is remembered, for whoever waits for it.
const REMEMBERED: usize = 16;

/// Work that is done a step at a time, each a commit or less. The first one begins it: until then
/// it only waits for its turn.
pub(super) trait Steps<D>: Send {
    /// Takes the next step.
    ///
    /// # Errors
    /// What ends the work before its time.
    fn step(self: Box<Self>, desk: &mut D) -> Result<Stepped<D>, DeskError>;

    /// Tells how far it is.
    fn tell(&self, view: &mut JobView);

    /// Asks it to stop; whether it can be dropped where it is, or ends with one of its next steps.
    fn cancel(&self) -> bool;
}

/// What a step came to.
pub(super) enum Stepped<D> {
    /// There is more to do, and nothing for so long.
    More(Box<dyn Steps<D>>, Duration),
    /// It is done.
    End(JobReport),
}

/// One job that has not ended.
struct Job<D> {
    view: JobView,
    /// Who began it, and has it done.
    who: Session,
    /// None while a step is taken, and where one panicked.
    steps: Option<Box<dyn Steps<D>>>,
}

/// All jobs of a desk.
pub(super) struct Jobs<D> {
    /// The first is under way.
    queue: VecDeque<Job<D>>,
    /// Those that ended last, the latest at the end.
    ended: VecDeque<(String, JobView)>,
    /// Jobs so far.
    count: u64,
}

impl<D> Default for Jobs<D> {
    fn default() -> Self {
        Self { queue: VecDeque::new(), ended: VecDeque::new(), count: 0 }
    }
}

impl<D> Jobs<D> {
    /// Whether there is something left to do.
    pub(super) fn is_working(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Takes a job in; it begins with its first step, when those before it have ended.
    ///
    /// # Errors
    /// The refusal when too many wait.
    pub(super) fn add(
        &mut self,
        (kind, what): (JobKind, String),
        who: &Session,
        steps: Box<dyn Steps<D>>,
    ) -> Result<JobView, Refusal> {
        let ahead = self.queue.len();
        if ahead > WAITING {
            let why = format!(
                "{WAITING} jobs are already waiting: try again when one has ended, or cancel one of them"
            );
            return Err(Refusal::DoesNotApply { why });
        }
        self.count += 1;
        let mut view = JobView {
            id: JobId(self.count),
            kind,
            what,
            ahead,
            phase: String::new(),
            import: None,
            done: 0,
            total: None,
            stopping: false,
            ended: None,
        };
        steps.tell(&mut view);
        let who = Session { job: true, ..who.clone() };
        self.queue.push_back(Job { view: view.clone(), who, steps: Some(steps) });
        Ok(view)
    }

    /// How far a job is, or how it ended; without an id the one under way, or the last that was.
    pub(super) fn view(&self, id: Option<JobId>) -> Option<&JobView> {
        let known = self
            .queue
            .iter()
            .map(|job| &job.view)
            .chain(self.ended.iter().rev().map(|(_, view)| view));
        known.into_iter().find(|view| id.is_none_or(|id| view.id == id))
    }

    /// Whether somebody began a job: the one under way, or that was last, without an id.
    pub(super) fn is_of(&self, id: Option<JobId>, who: &Session) -> bool {
        let mut under_way = self.queue.iter();
        match under_way.find(|job| id.is_none_or(|id| job.view.id == id)) {
            Some(job) => job.who.person == who.person,
            None => {
                let mut ended = self.ended.iter().rev();
                let ended = ended.find(|(_, view)| id.is_none_or(|id| view.id == id));
                ended.is_some_and(|(person, _)| *person == who.person)
            }
        }
    }

    /// Whoever the job under way is done for, and what is left of it.
    pub(super) fn take(&mut self) -> Option<(Session, Box<dyn Steps<D>>)> {
        let job = self.queue.front_mut()?;
        Some((job.who.clone(), job.steps.take()?))
    }

    /// Has the job under way go on with those steps later.
    pub(super) fn put_back(&mut self, steps: Box<dyn Steps<D>>) {
        if let Some(job) = self.queue.front_mut() {
            steps.tell(&mut job.view);
            job.steps = Some(steps);
        }
    }

    /// Asks a job to stop. One that waits ends at once; whether the one under way is to be ended where
    /// it is.
    pub(super) fn cancel(&mut self, id: Option<JobId>) -> bool {
        let Some(at) = self.queue.iter().position(|job| id.is_none_or(|id| job.view.id == id))
        else {
            return false;
        };
        if at > 0 {
            self.end(at, JobEnd::Cancelled);
            return false;
        }
        let job = &mut self.queue[0];
        let at_once = job.steps.as_ref().is_none_or(|steps| steps.cancel());
        job.view.stopping = !at_once;
        at_once
    }

    /// Ends the job under way: the next one follows.
    pub(super) fn end_first(&mut self, end: JobEnd) {
        self.end(0, end);
    }

    fn end(&mut self, at: usize, end: JobEnd) {
        let Some(job) = self.queue.remove(at) else { return };
        let view = JobView { ahead: 0, stopping: false, ended: Some(end), ..job.view };
        // A name says enough of whose it was.
        self.ended.push_back((job.who.person, view));
        if self.ended.len() > REMEMBERED {
            self.ended.pop_front();
        }
        for (ahead, job) in self.queue.iter_mut().enumerate() {
            job.view.ahead = ahead;
        }
    }
}
