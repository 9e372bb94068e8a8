//! The records that break a rule.

use super::{Filled, LISTED, Opens, Page, head, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::text::counted;
use crate::theme::Role;
use crate::widgets::{List, Painter};
use domain::{CustomerId, RuleId};
use door::operations::Failing;
use door::views::FailingView;

/// Its list.
const LIST: List = List::new(2, 0);

/// The records that break a rule.
#[derive(Debug, Clone)]
pub struct FailingPage {
    rule: RuleId,
    view: Option<FailingView>,
}

impl FailingPage {
    /// A screen that waits for its records.
    #[must_use]
    pub fn new(rule: RuleId) -> Self {
        Self { rule, view: None }
    }
}

impl Page for FailingPage {
    fn context(&self) -> Context {
        Context::Failing
    }

    fn question(&self, _unmask: bool) -> Question {
        Failing { rule: self.rule.clone(), limit: LISTED }.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Failing(view) = answer else { return Filled::Not };
        self.view = Some(view);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn rows(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.records.len())
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    /// The task of a record, else its customer.
    fn open(&self, row: usize) -> Option<Opens> {
        let record = self.view.as_ref()?.records.get(row)?;
        Some(record.task.map_or(Opens::Customer(record.customer), Opens::Task))
    }

    fn customer(&self, row: usize) -> Option<CustomerId> {
        self.view.as_ref()?.records.get(row).map(|record| record.customer)
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let rule = &self.rule;
        let Some(view) = &self.view else {
            head(painter, model, &format!("records that break {rule}"));
            return waits(painter, "fetching them");
        };
        let first = if view.more { "the first " } else { "" };
        let count = counted(view.records.len(), "record", "records");
        head(painter, model, &format!("{first}{count} that break {rule}"));
        if view.records.is_empty() {
            painter.text(1, 2, painter.width(), "No record is known to break it.", Role::Plain);
            return;
        }
        let columns = format!("{:<28}{:<10}{:<9}whom", "record", "customer", "task");
        painter.text(2, 1, painter.width(), &columns, Role::Dim);
        LIST.draw(painter, scroll, view.records.len(), |line, at, _| {
            let record = &view.records[at];
            line.text(2, 0, 27, &record.record.to_string(), Role::Plain);
            line.text(30, 0, 9, &record.customer.to_string(), Role::Plain);
            let task = record.task.map_or_else(String::new, |task| task.to_string());
            line.text(40, 0, 8, &task, Role::Attention);
            line.text(49, 0, line.width(), &record.name, Role::Plain);
        });
    }
}
