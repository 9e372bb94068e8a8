//! Long work beside questions: an import or a match, a step between two questions.
//!
//! Each step is a commit or less, so that a decision waits for one commit at most and is seen by
//! the next. Stopped, whatever was committed stays; running it again completes it.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use super::import::{ImportOutcome, ImportRequest, Importing, Step};
use super::matching::{MatchOutcome, MatchStep, Matching};
use crate::acquire::Options;
use crate::desk::core::Desk;
use crate::desk::error::{Decided, DeskError};
use crate::desk::handle::Work;
use crate::desk::refusal::Refusal;
use crate::desk::views::{JobEnd, JobKind, JobView};
use crate::domain::SourceName;
use crate::ports::files::open_named;

/// How long a step of an import waits for rows: questions wait no longer for nothing.
const PATIENCE: Duration = Duration::from_millis(5);

/// Work under way, or the last that was.
pub(in crate::desk) struct Job {
    view: JobView,
    /// None once it has ended.
    running: Option<Running>,
}

enum Running {
    Import(Box<Importing>),
    Match(Matching),
}

impl Job {
    /// Whether there is something left to do.
    pub(in crate::desk) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    fn began(kind: JobKind, what: String, running: Running) -> Self {
        let view = JobView {
            kind,
            what,
            phase: String::new(),
            import: None,
            done: 0,
            total: None,
            stopping: false,
            ended: None,
        };
        Job { view, running: Some(running) }
    }
}

impl Desk {
    /// Starts to import a file beside everything else.
    ///
    /// # Errors
    /// The refusal when something is under way already, else as [`Desk::import`] before anything is
    /// written.
    pub(in crate::desk) fn start_import(
        &mut self,
        path: &Path,
        source: &SourceName,
    ) -> Decided<JobView> {
        self.must_be_idle()?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        // The desk's thread waits for no pipe.
        let opened = open_named(path);
        let input = opened.map_err(|error| DeskError::File {
            what: format!("opening {}", path.display()),
            error,
        })?;
        let request = ImportRequest {
            source: source.clone(),
            options: Options { format: None, file: name.clone() },
            dry_run: false,
        };
        let importing = Importing::begin(self, Box::new(input), &request)?;
        self.trees.hold();
        let import = importing.id();
        let what = format!("importing {name} ({source})");
        let mut job = Job::began(JobKind::Import, what, Running::Import(Box::new(importing)));
        job.view.import = import;
        Ok(self.job.insert(job).view.clone())
    }

    /// Starts to match beside everything else.
    ///
    /// # Errors
    /// The refusal when something is under way already; when `steward.toml` is wrong or the store
    /// cannot be read.
    pub(in crate::desk) fn start_match(&mut self) -> Decided<JobView> {
        self.must_be_idle()?;
        let matching = Matching::begin(self)?;
        let job = Job::began(JobKind::Match, "matching".to_owned(), Running::Match(matching));
        self.job = Some(job);
        self.note_phase();
        Ok(self.job.as_ref().map(|job| job.view.clone()).ok_or(DeskError::Cancelled)?)
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
    pub(in crate::desk) fn job_view(&self) -> Option<JobView> {
        self.job.as_ref().map(|job| job.view.clone())
    }

    /// Stops what is under way: an import between two commits, a match as soon as its thread sees
    /// that it is to.
    pub(in crate::desk) fn cancel_job(&mut self) {
        let Some(job) = self.job.as_mut() else { return };
        match &job.running {
            Some(Running::Match(matching)) => {
                matching.cancel();
                job.view.stopping = true;
            }
            Some(Running::Import(_)) => self.end_job(JobEnd::Cancelled),
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

    fn fail_job(&mut self, error: &DeskError) {
        self.end_job(match error {
            DeskError::Cancelled => JobEnd::Cancelled,
            error => JobEnd::Failed(error.to_string()),
        });
    }

    fn step_import(&mut self, mut importing: Box<Importing>) {
        match importing.step(self, PATIENCE) {
            Ok(Step::End) => match importing.finish(self) {
                Ok(outcome) => self.end_job(JobEnd::Done(imported(&outcome))),
                Err(error) => self.fail_job(&error),
            },
            Ok(step) => {
                let Some(job) = self.job.as_mut() else { return };
                if let Step::Rows(rows) = step {
                    job.view.done += rows;
                }
                job.running = Some(Running::Import(importing));
            }
            Err(error) => self.fail_job(&error),
        }
    }

    fn step_match(&mut self, mut matching: Matching) -> Duration {
        let rest = match matching.step(self) {
            Ok(MatchStep::End(outcome)) => {
                self.end_job(JobEnd::Done(matched(&outcome)));
                return Duration::ZERO;
            }
            Err(error) => {
                self.fail_job(&error);
                return Duration::ZERO;
            }
            Ok(MatchStep::More) => Duration::ZERO,
            Ok(MatchStep::Waiting(rest)) => rest,
        };
        if let Some(job) = self.job.as_mut() {
            job.running = Some(Running::Match(matching));
        }
        self.note_phase();
        rest
    }

    fn note_phase(&mut self) {
        let Some(job) = self.job.as_mut() else { return };
        if let Some(Running::Match(matching)) = &job.running {
            (job.view.phase, job.view.done, job.view.total) = matching.told();
        }
    }
}

impl Work for Desk {
    fn is_working(&self) -> bool {
        self.job.as_ref().is_some_and(Job::is_running)
    }

    fn work(&mut self) -> Duration {
        match self.job.as_mut().and_then(|job| job.running.take()) {
            Some(Running::Import(importing)) => self.step_import(importing),
            Some(Running::Match(matching)) => return self.step_match(matching),
            None => {}
        }
        Duration::ZERO
    }

    fn stop(&mut self) {
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
