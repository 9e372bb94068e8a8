//! Long work beside questions: a step between two questions, of the job whose turn it is.
//!
//! Each step is a commit or less, so that a decision waits for one commit at most and is seen by
//! the next. Stopped, whatever was committed stays; running it again completes it.

use std::collections::HashMap;
use std::time::Duration;

use super::import::ImportSteps;
#[cfg(test)]
use super::matching::Found;
use super::matching::{Matching, carried};
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::job::{Stepped, Steps};
use door::Input;
use door::operations::{Import, Match};
use door::views::{JobEnd, JobId, JobKind, JobReport, JobView};
use door::{Failure, Refusal};

impl Desk {
    /// Starts to import a file beside everything else, or when its turn comes.
    ///
    /// # Errors
    /// The refusal when too many jobs wait; an unknown source or format. What is wrong with the file
    /// ends the job.
    pub(crate) fn start_import(&mut self, input: Input, request: Import) -> Decided<JobView> {
        let (kind, does) = match request.dry_run {
            true => (JobKind::Look, "checking"),
            false => (JobKind::Import, "importing"),
        };
        let what = format!("{does} {} ({})", request.file, request.source);
        let steps = ImportSteps::of(self, input, request)?;
        self.begin_job(kind, what, Box::new(steps))
    }

    /// Starts to match beside everything else, or when its turn comes.
    ///
    /// # Errors
    /// The refusal when too many jobs wait; a model that cannot be used.
    pub(crate) fn start_match(&mut self, request: &Match) -> Decided<JobView> {
        if request.under.is_some() && !request.dry_run {
            let why = "only a dry run is judged by settings that are not in force".to_owned();
            return Err(DeskError::Usage(why).into());
        }
        let under = request.under.as_ref().map(|of| self.settings_meant(of)).transpose()?;
        if let Some(under) = &under {
            self.must_not_try_masked(under)?;
        }
        let model = request.model.as_ref();
        let carried = |model| carried(model, &self.settings);
        let model = model.map(carried).transpose()?;
        let steps = Matching::of(request, model).under(under);
        self.begin_job(JobKind::Match, "matching".to_owned(), Box::new(steps))
    }

    /// Starts to write what a match found.
    #[cfg(test)]
    pub(crate) fn start_match_that_found(&mut self, found: Found) -> Decided<JobView> {
        let steps = Matching::that_found(found, self)?;
        self.begin_job(JobKind::Match, "matching".to_owned(), Box::new(steps))
    }

    pub(crate) fn begin_job(
        &mut self,
        kind: JobKind,
        what: String,
        steps: Box<dyn Steps<Desk>>,
    ) -> Decided<JobView> {
        Ok(self.jobs.add((kind, what), &self.acting, steps)?)
    }

    /// How far a job is, or how it ended; without an id the one under way, or the last that was.
    pub(crate) fn job_view(&self, id: Option<JobId>) -> Option<JobView> {
        self.jobs.view(id).cloned()
    }

    /// Whether no long work is under way.
    pub(crate) fn must_be_idle(&self) -> Decided<()> {
        match self.jobs.view(None).filter(|view| view.ended.is_none()) {
            Some(view) => {
                let name = view.kind.name();
                let why = format!("{name} is under way: wait for its end, or stop it");
                Err(Refusal::DoesNotApply { why }.into())
            }
            None => Ok(()),
        }
    }

    /// Stops a job, or the one under way: one that waits at once, an import between two commits, a
    /// match as soon as its thread sees that it is to.
    pub(crate) fn cancel_job(&mut self, id: Option<JobId>) {
        if self.jobs.cancel(id) {
            self.end_job(JobEnd::Cancelled);
        }
    }

    fn end_job(&mut self, end: JobEnd) {
        self.trees.move_on();
        let released = self.release_changes();
        // A match that was stopped may have left some.
        self.caches.keep_bodies(HashMap::new());
        self.jobs.end_first(match released {
            Ok(()) => end,
            Err(error) => JobEnd::Failed(Failure::from(&error)),
        });
        // What it has committed was not told one by one.
        self.news.for_all();
    }
}

impl Desk {
    /// Whether there is long work left to do.
    pub(crate) fn is_working(&self) -> bool {
        self.jobs.is_working()
    }

    /// Does a small part of it; how long there is nothing to do after that.
    pub(crate) fn work(&mut self) -> Duration {
        self.surviving(true, |desk| Ok(desk.take_step())).unwrap_or_else(|error: DeskError| {
            self.end_job(JobEnd::Failed((&error).into()));
            Duration::ZERO
        })
    }

    /// Ends it where it is.
    pub(crate) fn stop(&mut self) {
        while self.is_working() {
            self.end_job(JobEnd::Cancelled);
        }
    }
}

impl Desk {
    /// Takes the next step of what is under way.
    fn take_step(&mut self) -> Duration {
        let Some((who, steps)) = self.jobs.take() else {
            if self.is_working() {
                // Its last step was never given back.
                self.end_job(JobEnd::Failed((&DeskError::Fault).into()));
            }
            return Duration::ZERO;
        };
        // What it commits is in the name of whoever began it.
        let meanwhile = self.act_as(who);
        let stepped = steps.step(self);
        let end = match stepped {
            Ok(Stepped::More(steps, rest)) => {
                self.act_as(meanwhile);
                self.jobs.put_back(steps);
                return rest;
            }
            Ok(Stepped::End(report)) => {
                let is_written = match &report {
                    JobReport::Import(outcome) => outcome.import.is_some(),
                    JobReport::Match(outcome) => outcome.run.is_some(),
                    JobReport::Reread(outcome) => {
                        outcome.sources.iter().any(|it| it.import.is_some())
                    }
                    _ => false,
                };
                if is_written {
                    self.try_to_measure_figures();
                }
                JobEnd::Done(report)
            }
            Err(DeskError::Cancelled) => JobEnd::Cancelled,
            Err(error) => JobEnd::Failed(Failure::from(&error)),
        };
        self.act_as(meanwhile);
        self.end_job(end);
        Duration::ZERO
    }
}
