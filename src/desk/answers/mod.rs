//! Answers to questions: the facts put into the views people are shown.

mod comparison;
mod customer;
mod dashboard;
mod decision;
mod explanation;
mod find;
mod fix;
mod history;
mod imports;
mod label;
mod marks;
mod preview;
mod queue;
mod record;
mod rules;
mod task;

pub use dashboard::measure;

use super::core::Desk;
use super::error::{Decided, Stop};
use super::question::{Answer, Question};

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
            Question::Queue { filter } => {
                Answer::Queue(queue::queue(facts, self.actor(), filter.as_deref())?)
            }
            Question::Tasks { filter, finished } => {
                Answer::Tasks(queue::tasks(facts, filter.as_deref(), finished)?)
            }
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
            Question::Find { text, limit } => Answer::Found(find::find(facts, &text, limit)?),
            Question::Preview(request) => {
                Answer::Preview(Box::new(preview::preview(self, &request)?))
            }
            Question::History(subject) => {
                Answer::History(history::history(facts, subject.as_ref())?)
            }
            Question::LastDecision { undone } => {
                Answer::LastDecision(history::last_decision(facts, self.actor(), undone)?)
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
            Question::Watch { .. } => Answer::Job(self.job_view()),
            Question::CancelJob => {
                self.cancel_job();
                Answer::Job(self.job_view())
            }
            Question::CarryOut(request) => Answer::Done(self.carry_out(&request)?),
        })
    }
}

/// What a question about a thing that is not there gets.
fn unknown(subject: &impl ToString) -> Stop {
    super::Refusal::Unknown { subject: subject.to_string() }.into()
}
