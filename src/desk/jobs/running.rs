//! Long work beside questions: an import, a step between two questions.
//!
//! Each step is a commit of the import, so that a decision waits for one commit at most and is seen
//! by the next. Stopped, whatever was committed stays; the import is completed by running it again.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use super::import::{ImportOutcome, ImportRequest, Importing, Step};
use crate::acquire::Options;
use crate::desk::core::Desk;
use crate::desk::error::{Decided, DeskError};
use crate::desk::handle::Work;
use crate::desk::refusal::Refusal;
use crate::desk::views::{JobEnd, JobView};
use crate::domain::SourceName;

/// How long a step waits for rows: questions wait no longer for nothing.
const PATIENCE: Duration = Duration::from_millis(5);

/// Work under way, or the last that was.
pub(in crate::desk) struct Job {
    view: JobView,
    /// None once it has ended.
    importing: Option<Importing>,
}

impl Job {
    /// Whether there is something left to do.
    pub(in crate::desk) fn is_running(&self) -> bool {
        self.importing.is_some()
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
        if let Some(job) = self.job.as_ref().filter(|job| job.is_running()) {
            let why = format!("{} is under way; it can be cancelled", job.view.what);
            return Err(Refusal::DoesNotApply { why }.into());
        }
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        let open = File::open(path);
        let input = open.map_err(|error| DeskError::File {
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
        let view = JobView {
            what: format!("importing {name} ({source})"),
            import: importing.id(),
            done: 0,
            ended: None,
        };
        self.job = Some(Job { view: view.clone(), importing: Some(importing) });
        Ok(view)
    }

    /// What is under way, or how the last work ended.
    pub(in crate::desk) fn job_view(&self) -> Option<JobView> {
        self.job.as_ref().map(|job| job.view.clone())
    }

    /// Stops what is under way between two commits.
    pub(in crate::desk) fn cancel_job(&mut self) {
        let importing = self.job.as_mut().and_then(|job| job.importing.take());
        if importing.is_some() {
            drop(importing);
            self.end_job(JobEnd::Cancelled);
        }
    }

    fn end_job(&mut self, end: JobEnd) {
        let released = self.release_changes();
        let Some(job) = self.job.as_mut() else { return };
        job.view.ended = Some(match released {
            Ok(()) => end,
            Err(error) => JobEnd::Failed(error.to_string()),
        });
    }

    fn step_import(&mut self, mut importing: Importing) {
        match importing.step(self, Some(PATIENCE)) {
            Ok(Step::End) => {
                let end = match importing.finish(self) {
                    Ok(outcome) => JobEnd::Done(report(&outcome)),
                    Err(error) => JobEnd::Failed(error.to_string()),
                };
                self.end_job(end);
            }
            Ok(step) => {
                let Some(job) = self.job.as_mut() else { return };
                if let Step::Rows(rows) = step {
                    job.view.done += rows;
                }
                job.importing = Some(importing);
            }
            Err(error) => self.end_job(JobEnd::Failed(error.to_string())),
        }
    }
}

impl Work for Desk {
    fn is_working(&self) -> bool {
        self.job.as_ref().is_some_and(Job::is_running)
    }

    fn work(&mut self) {
        if let Some(importing) = self.job.as_mut().and_then(|job| job.importing.take()) {
            self.step_import(importing);
        }
    }

    fn stop(&mut self) {
        self.cancel_job();
    }
}

/// What an import did, a sentence each.
fn report(outcome: &ImportOutcome) -> Vec<String> {
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
