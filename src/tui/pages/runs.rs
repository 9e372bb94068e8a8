//! What is different after the newest matching run, in lines.

use super::{Filled, Page, Work, head, told, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::widgets::{List, Painter};
use door::operations::CompareRuns;
use door::views::{JobEnd, JobId, JobReport};

/// Its list.
const LIST: List = List::new(1, 0);
/// Customers and tasks of a kind that are named.
const NAMED: usize = 50;

/// Two runs beside one another.
#[derive(Debug, Clone, Default)]
pub struct RunsPage {
    /// The job that compares them, once it has begun.
    job: Option<JobId>,
    /// What it found, line by line, or why it found nothing; headings are not indented.
    lines: Option<Vec<String>>,
}

impl Page for RunsPage {
    fn context(&self) -> Context {
        Context::Runs
    }

    fn question(&self, _unmask: bool) -> Question {
        CompareRuns { from: None, to: None, limit: NAMED }.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::CompareRuns(job) = answer else { return Filled::Not };
        *self = RunsPage { job: Some(job.id), lines: None };
        Filled::Begun(Box::new(job))
    }

    fn is_filled(&self) -> bool {
        self.job.is_some()
    }

    fn work(&self) -> Work {
        Work::Awaited
    }

    fn worked(&mut self, job: JobId, end: &JobEnd) -> bool {
        if self.job == Some(job) {
            self.lines = match end {
                JobEnd::Done(JobReport::CompareRuns(found)) => Some(found.lines()),
                JobEnd::Done(_) => return false,
                JobEnd::Cancelled => Some(vec!["cancelled".to_owned()]),
                JobEnd::Failed(failure) => Some(vec![failure.message.clone()]),
            };
        }
        false
    }

    fn rows(&self) -> usize {
        self.lines.as_ref().map_or(0, Vec::len)
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        head(painter, model, "the newest matching run and the one before");
        let Some(lines) = &self.lines else {
            let work = model.long_work().filter(|_| model.is_working());
            return waits(painter, work.as_deref().unwrap_or("comparing them"));
        };
        LIST.draw(painter, scroll, lines.len(), |line, at, _| told(line, &lines[at]));
    }
}
