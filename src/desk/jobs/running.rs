//! Long work beside questions: an import or a match, a step between two questions.
//!
//! Each step is a commit or less, so that a decision waits for one commit at most and is seen by
//! the next. Stopped, whatever was committed stays; running it again completes it.

use std::collections::HashMap;
use std::io::Read;
use std::time::Duration;

use super::import::{ImportOutcome, ImportRequest, Importing, Step};
use super::matching::{MatchOutcome, MatchStep, Matching};
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::job::{Job, Stepped, Steps};
use domain::{ImportId, SourceName};
use door::Refusal;
use door::views::{JobEnd, JobKind, JobView};
use intake::acquire::Options;

/// How long a step of an import waits for rows: questions wait no longer for nothing.
const PATIENCE: Duration = Duration::from_millis(5);

/// An import, and how many of its rows are done.
struct ImportSteps {
    importing: Importing,
    rows: u64,
}

impl Steps<Desk> for ImportSteps {
    fn step(mut self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        match self.importing.step(desk, PATIENCE)? {
            Step::End => return Ok(Stepped::End(imported(&self.importing.finish(desk)?))),
            Step::Rows(rows) => self.rows += rows,
            Step::Waiting => {}
        }
        Ok(Stepped::More(self, Duration::ZERO))
    }

    fn tell(&self, view: &mut JobView) {
        view.done = self.rows;
    }

    fn cancel(&self) -> bool {
        true
    }
}

impl Steps<Desk> for Matching {
    fn step(mut self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        Ok(match Matching::step(&mut self, desk)? {
            MatchStep::End(outcome) => Stepped::End(matched(&outcome)),
            MatchStep::More => Stepped::More(self, Duration::ZERO),
            MatchStep::Waiting(rest) => Stepped::More(self, rest),
        })
    }

    fn tell(&self, view: &mut JobView) {
        (view.phase, view.done, view.total) = self.told();
    }

    fn cancel(&self) -> bool {
        Matching::cancel(self);
        false
    }
}

impl Desk {
    /// Starts to import a file beside everything else.
    ///
    /// # Errors
    /// The refusal when something is under way already, else as [`Desk::import`] before anything is
    /// written.
    pub(crate) fn start_import(
        &mut self,
        input: Box<dyn Read + Send>,
        source: &SourceName,
        name: String,
    ) -> Decided<JobView> {
        self.must_be_idle()?;
        let request = ImportRequest {
            source: source.clone(),
            options: Options { format: None, file: name.clone() },
            dry_run: false,
        };
        let importing = Importing::begin(self, input, &request)?;
        self.trees.hold();
        let import = importing.id();
        let what = format!("importing {name} ({source})");
        let steps = ImportSteps { importing, rows: 0 };
        Ok(self.begin_job(JobKind::Import, what, import, Box::new(steps)))
    }

    /// Starts to match beside everything else.
    ///
    /// # Errors
    /// The refusal when something is under way already; when `steward.toml` is wrong or the store
    /// cannot be read.
    pub(crate) fn start_match(&mut self) -> Decided<JobView> {
        self.must_be_idle()?;
        let matching = Matching::begin(self)?;
        Ok(self.begin_job(JobKind::Match, "matching".to_owned(), None, Box::new(matching)))
    }

    fn begin_job(
        &mut self,
        kind: JobKind,
        what: String,
        import: Option<ImportId>,
        steps: Box<dyn Steps<Desk>>,
    ) -> JobView {
        let mut view = JobView {
            kind,
            what,
            phase: String::new(),
            import,
            done: 0,
            total: None,
            stopping: false,
            ended: None,
        };
        steps.tell(&mut view);
        self.job.insert(Job { view, running: Some(steps) }).view.clone()
    }

    fn must_be_idle(&self) -> Decided<()> {
        match self.job.as_ref().filter(|job| job.is_running()) {
            Some(job) => {
                let name = job.view.kind.name();
                let why = format!("{name} is under way: wait for its end, or stop it");
                Err(Refusal::DoesNotApply { why }.into())
            }
            None => Ok(()),
        }
    }

    /// What is under way, or how the last work ended.
    pub(crate) fn job_view(&self) -> Option<JobView> {
        self.job.as_ref().map(|job| job.view.clone())
    }

    /// Stops what is under way: an import between two commits, a match as soon as its thread sees
    /// that it is to.
    pub(crate) fn cancel_job(&mut self) {
        let Some(job) = self.job.as_mut() else { return };
        match job.running.as_ref().map(|steps| steps.cancel()) {
            Some(true) => self.end_job(JobEnd::Cancelled),
            Some(false) => job.view.stopping = true,
            None => {}
        }
    }

    fn end_job(&mut self, end: JobEnd) {
        let released = self.release_changes();
        // A match that was stopped may have left some.
        self.caches.keep_bodies(HashMap::new());
        let Some(job) = self.job.as_mut() else { return };
        job.running = None;
        job.view.stopping = false;
        job.view.ended = Some(match released {
            Ok(()) => end,
            Err(error) => JobEnd::Failed(error.to_string()),
        });
    }
}

impl Desk {
    /// Whether there is long work left to do.
    pub(crate) fn is_working(&self) -> bool {
        self.job.as_ref().is_some_and(Job::is_running)
    }

    /// Does a small part of it; how long there is nothing to do after that.
    pub(crate) fn work(&mut self) -> Duration {
        let Some(steps) = self.job.as_mut().and_then(|job| job.running.take()) else {
            return Duration::ZERO;
        };
        let end = match steps.step(self) {
            Ok(Stepped::More(steps, rest)) => {
                if let Some(job) = self.job.as_mut() {
                    steps.tell(&mut job.view);
                    job.running = Some(steps);
                }
                return rest;
            }
            Ok(Stepped::End(did)) => JobEnd::Done(did),
            Err(DeskError::Cancelled) => JobEnd::Cancelled,
            Err(error) => JobEnd::Failed(error.to_string()),
        };
        self.end_job(end);
        Duration::ZERO
    }

    /// Ends it where it is.
    pub(crate) fn stop(&mut self) {
        if self.is_working() {
            self.end_job(JobEnd::Cancelled);
        }
    }
}

/// What an import did, a sentence each.
fn imported(outcome: &ImportOutcome) -> Vec<String> {
    let report = &outcome.report;
    let name = outcome.import.map_or_else(String::new, |import| format!("{import}: "));
    let mut lines = vec![format!(
        "{name}{} rows read: {} new, {} changed, {} unchanged, {} in quarantine",
        report.read, report.new, report.changed, report.unchanged, report.quarantined
    )];
    if report.suppressed > 0 {
        lines.push(format!("{} rows of erased people left out", report.suppressed));
    }
    if outcome.tasks > 0 {
        lines.push(format!("{} tasks opened for invalid records", outcome.tasks));
    }
    lines
}

/// What a match did, a sentence each.
fn matched(outcome: &MatchOutcome) -> Vec<String> {
    let run = outcome.run.map_or_else(String::new, |run| format!("{run}: "));
    let mut lines = vec![format!(
        "{run}{} customers merged away, {} tasks opened",
        outcome.merged,
        outcome.opened + outcome.challenges
    )];
    if outcome.challenges > 0 {
        lines.push(format!("{} of them challenge a decision", outcome.challenges));
    }
    if outcome.stale > 0 {
        lines.push(format!("{} tasks opened for values that are too old by now", outcome.stale));
    }
    if outcome.left > 0 {
        lines.push(format!("{} sure merges left to a person", outcome.left));
    }
    if outcome.passed_over > 0 {
        let passed = outcome.passed_over;
        lines.push(format!("{passed} passed over, changed meanwhile: the next match looks again"));
    }
    lines
}
