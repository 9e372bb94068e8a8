//! Answers to questions: the facts put into the views people are shown.

mod changes;
mod comparison;
pub(super) mod customer;
pub(super) mod dashboard;
pub(super) mod decision;
pub(super) mod explanation;
pub(super) mod fix;
pub(super) mod formation;
pub(super) mod history;
pub(super) mod imports;
mod marks;
pub(super) mod preview;
pub(super) mod queue;
pub(super) mod record;
pub(super) mod rules;
pub(super) mod task;

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
            Question::Unmask(subjects) => {
                self.record_unmasking(&subjects)?;
                Answer::Unmasked
            }
        })
    }
}
