//! Answers to questions: the facts put into the views people are shown.

mod changes;
mod comparison;
mod customer;
mod dashboard;
mod decision;
mod explanation;
mod fix;
mod formation;
mod history;
mod imports;
mod marks;
mod preview;
mod queue;
mod record;
mod rules;
mod task;

pub(super) use comparison::{Whole, contradict};
pub use dashboard::measure;
pub use queue::TaskLines;
pub(super) use queue::tasks_where;

use super::core::Desk;
use super::error::{Decided, Stop};
use door::{Answer, Question};

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
                queue::changes(self, filter.as_deref(), order, since)?
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
                let lease = self.settings.queue.claim;
                let (actor, now) = (self.environment.actor.clone(), self.now());
                self.claims.claim(id, &actor, now, lease)?;
                Answer::Claimed(queue::rows(self, &[id])?.pop().map(Box::new))
            }
            Question::Release(id) => {
                let actor = self.environment.actor.clone();
                self.claims.release(id, &actor);
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
            Question::Imports => Answer::Imports(imports::imports(facts, self.job_view())?),
            Question::Quarantine { import, limit } => {
                Answer::Quarantine(imports::quarantine(facts, import, limit)?)
            }
            Question::StartImport { path, source } => {
                Answer::Job(Some(self.start_import(&path, &source)?))
            }
            Question::StartMatch => Answer::Job(Some(self.start_match()?)),
            Question::Watch { .. } => Answer::Job(self.job_view()),
            Question::CancelJob => {
                self.cancel_job();
                Answer::Job(self.job_view())
            }
            Question::CarryOut(request) => Answer::Done(self.carry_out(&request)?),
        })
    }
}
