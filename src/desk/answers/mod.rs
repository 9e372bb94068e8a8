//! Answers to questions: the facts put into the views people are shown.

mod changes;
mod comparison;
pub(super) mod customer;
pub(super) mod dashboard;
pub(super) mod decision;
pub(super) mod explanation;
mod fix;
pub(super) mod formation;
pub(super) mod history;
pub(super) mod imports;
pub(super) mod listing;
mod marks;
pub(super) mod preview;
pub(super) mod queue;
pub(super) mod record;
pub(super) mod rules;
pub(super) mod task;

pub(super) use comparison::{Whole, contradict};
pub use dashboard::measure;

use super::core::Desk;
use super::error::{Decided, DeskError, Stop};
use door::operations::{Import, Match};
use door::views::QueueNews;
use door::{Answer, Question};
use ledger::ports::files::open_named;

impl Desk {
    /// Answers a question, or carries out a request.
    pub fn answer(&mut self, question: Question) -> Answer {
        match self.try_answer(question) {
            Ok(answer) => answer,
            Err(Stop::Refused(refusal)) => Answer::Refused(refusal),
            Err(Stop::Failed(error)) => Answer::Failed(error.to_string()),
        }
    }

    fn try_answer(&mut self, question: Question) -> Decided<Answer> {
        let facts = self.facts();
        Ok(match question {
            Question::Queue { filter, order } => {
                Answer::Queue(queue::queue(self, filter.as_deref(), order)?)
            }
            Question::QueueChanges { filter, order, since } => {
                match queue::changes(self, filter.as_deref(), order, since)? {
                    QueueNews::Whole(view) => Answer::Queue(view),
                    QueueNews::Changed(changes) => Answer::QueueChanges(changes),
                }
            }
            Question::QueueRows(tasks) => Answer::QueueRows(queue::rows(self, &tasks)?),
            Question::TaskReasons(id) => Answer::TaskReasons(id, task::why(facts, id)?),
            Question::PrepareQueue { filter, order } => {
                let (done, total) = queue::prepare(self, filter.as_deref(), order)?;
                Answer::QueuePrepared(done, total)
            }
            Question::Patterns { filter } => {
                let (patterns, prepared) = queue::patterns(self, filter.as_deref())?;
                Answer::Patterns(patterns, prepared)
            }
            Question::Claim(id) => {
                self.claim(id)?;
                Answer::Claimed(queue::rows(self, &[id])?.pop().map(Box::new))
            }
            Question::Release(id) => {
                self.release(id);
                let rows = queue::rows(self, id.as_slice())?;
                Answer::Claimed(rows.into_iter().next().map(Box::new))
            }
            Question::Bulk(step) => Answer::Bulk(Box::new(self.bulk_step(&step))),
            Question::Record { record, at } => {
                Answer::Record(Box::new(record::record(facts, &record, at)?))
            }
            Question::Decision(id) => Answer::Decision(Box::new(decision::decision(facts, id)?)),
            Question::Task(id) => Answer::Task(Box::new(task::task(facts, id)?)),
            Question::Compare(customers) => {
                Answer::Task(Box::new(task::comparison(facts, &customers)?))
            }
            Question::Customer { customer, at } => {
                Answer::Customer(Box::new(customer::customer(facts, customer, at)?))
            }
            Question::Explain { left, right } => {
                Answer::Explanation(Box::new(explanation::explanation(facts, &left, &right)?))
            }
            Question::ExplainGroup(subject) => {
                Answer::Formation(Box::new(formation::formation(facts, &subject)?))
            }
            Question::Preview(request) => {
                Answer::Preview(Box::new(preview::preview(self, &request)?))
            }
            Question::History(subject) => {
                Answer::History(history::history(facts, subject.as_ref())?)
            }
            Question::LastDecision { undone } => {
                Answer::LastDecision(history::last_decision(facts, self.actor(), undone)?)
            }
            Question::Unmask(subjects) => {
                self.record_unmasking(&subjects)?;
                Answer::Unmasked
            }
            Question::UnmaskRows(import) => {
                self.record_unmasked_rows(import)?;
                Answer::Unmasked
            }
            Question::Dashboard => Answer::Dashboard(Box::new(dashboard::dashboard(facts)?)),
            Question::Rules => Answer::Rules(rules::rules(facts)?),
            Question::Failing { rule, limit } => {
                Answer::Failing(rules::failing(facts, &rule, limit)?)
            }
            Question::Imports => Answer::Imports(imports::imports(facts, self.job_view(None))?),
            Question::Quarantine { import, limit } => {
                Answer::Quarantine(imports::quarantine(facts, import, limit)?)
            }
            Question::StartImport { path, source } => {
                let name = path.file_name();
                let name = name.map_or_else(String::new, |name| name.to_string_lossy().into());
                // The desk's thread waits for no pipe.
                let input = open_named(&path).map_err(|error| DeskError::File {
                    what: format!("opening {}", path.display()),
                    error,
                })?;
                let request = Import { source, file: name, format: None, dry_run: false };
                Answer::Job(Some(self.start_import(Box::new(input), request)?))
            }
            Question::StartMatch => Answer::Job(Some(self.start_match(&Match::default())?)),
            Question::Watch { .. } => Answer::Job(self.job_view(None)),
            Question::CancelJob => {
                self.cancel_job(None);
                Answer::Job(self.job_view(None))
            }
            Question::CarryOut(request) => Answer::Done(self.carry_out(&request)?),
        })
    }
}
