//! Long work in words.

use super::Model;
use door::views::{JobEnd, JobKind, JobView};

impl Model {
    /// The long work that was begun last: how far what is under way is and how many wait, or how it
    /// ended.
    #[must_use]
    pub fn long_work(&self) -> Option<String> {
        let progress = progress(self.job.as_ref()?);
        Some(match self.waiting.len() {
            0 => progress,
            1 => format!("{progress}; 1 waits"),
            waiting => format!("{progress}; {waiting} wait"),
        })
    }

    /// What is under way in a few characters, and how many wait: `matching: scoring 34%, 2 wait`.
    #[must_use]
    pub fn short_work(&self) -> Option<String> {
        let job = self.job.as_ref().filter(|_| self.is_working())?;
        let waiting = match self.waiting.len() {
            0 => String::new(),
            1 => ", 1 waits".to_owned(),
            waiting => format!(", {waiting} wait"),
        };
        Some(short_progress(job) + &waiting)
    }
}

/// What is under way, or how it ended, in a line.
fn progress(job: &JobView) -> String {
    match &job.ended {
        None => under_way(job),
        Some(JobEnd::Done(report)) => report.sentences().join("; "),
        Some(JobEnd::Cancelled) => {
            let completed = job.kind.completed_by();
            match job.kind {
                JobKind::Import => {
                    format!("{}: cancelled after {} rows; {completed}", job.what, job.done)
                }
                _ => format!("{}: cancelled; {completed}", job.what),
            }
        }
        Some(JobEnd::Failed(failure)) => format!("{}: {failure}", job.what),
    }
}

fn under_way(job: &JobView) -> String {
    let stopping = if job.stopping { ", stopping" } else { "" };
    match (job.kind, job.total) {
        _ if job.ahead > 0 => format!("{}: waiting its turn", job.what),
        (JobKind::Import | JobKind::Look, _) => {
            format!("{}: {} rows{stopping}", job.what, job.done)
        }
        (_, Some(total)) => {
            format!("{}: {} {} of {total}{stopping}", job.what, job.phase, job.done)
        }
        (_, None) => format!("{}: {}{stopping}", job.what, job.phase),
    }
}

fn short_progress(job: &JobView) -> String {
    match (job.kind, job.total) {
        _ if job.stopping => "stopping".to_owned(),
        _ if job.ahead > 0 => format!("{}: waits", job.what),
        (JobKind::Import, _) => format!("importing: {} rows", job.done),
        (JobKind::Look, _) => format!("checking: {} rows", job.done),
        (_, Some(total)) => {
            let percent = job.done.min(total) * 100 / total.max(1);
            format!("{}: {} {percent}%", job.what, job.phase)
        }
        (_, None) => format!("{}: {}", job.what, job.phase),
    }
}
