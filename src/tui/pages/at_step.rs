//! The customers at a step of a journey.

use super::{Filled, LISTED, Opens, Page, head, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::text::counted;
use crate::theme::Role;
use crate::widgets::{List, Painter};
use domain::CustomerId;
use door::operations::AtStep;
use door::views::AtStepView;

/// Its list.
const LIST: List = List::new(2, 0);

/// Who stands at a step today, or ever came that far and no further.
#[derive(Debug, Clone)]
pub struct AtStepPage {
    journey: String,
    step: String,
    segment: Option<String>,
    current: bool,
    view: Option<AtStepView>,
}

impl AtStepPage {
    /// A screen that waits for who stands there today.
    #[must_use]
    pub fn new(journey: String, step: String, segment: Option<String>) -> Self {
        Self { journey, step, segment, current: true, view: None }
    }

    /// Shows who ever came that far and no further in place of who stands there today, and the other way round.
    pub fn turn(&mut self) {
        self.current = !self.current;
        self.view = None;
    }
}

impl Page for AtStepPage {
    fn context(&self) -> Context {
        Context::AtStep
    }

    fn question(&self, _unmask: bool) -> Question {
        let (journey, step) = (self.journey.clone(), self.step.clone());
        let segment = self.segment.clone();
        AtStep { journey, step, current: self.current, segment, limit: LISTED }.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::AtStep(view) = answer else { return Filled::Not };
        self.view = Some(view);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn rows(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.customers.len())
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    fn open(&self, row: usize) -> Option<Opens> {
        self.customer(row).map(Opens::Customer)
    }

    fn customer(&self, row: usize) -> Option<CustomerId> {
        self.view.as_ref()?.customers.get(row).map(|row| row.customer)
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let step = &self.step;
        let how = if self.current { "stand at" } else { "came no further than" };
        let Some(view) = &self.view else {
            head(painter, model, &format!("{}: customers who {how} {step}", self.journey));
            return waits(painter, "counting");
        };
        let count = usize::try_from(view.count).unwrap_or(usize::MAX);
        let customers = counted(count, "customer", "customers");
        let first = if view.customers.len() < count { ", the first shown" } else { "" };
        let head_line = format!("{}: {customers} who {how} {step}{first}", self.journey);
        head(painter, model, &head_line);
        if view.customers.is_empty() {
            painter.text(1, 2, painter.width(), "Nobody does.", Role::Plain);
            return;
        }
        painter.text(
            2,
            1,
            painter.width(),
            &format!("{:<10}{:<12}whom", "customer", "since"),
            Role::Dim,
        );
        LIST.draw(painter, scroll, view.customers.len(), |line, at, _| {
            let row = &view.customers[at];
            line.text(2, 0, 9, &row.customer.to_string(), Role::Plain);
            let since = row.since.map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
            line.text(12, 0, 11, &since, Role::Dim);
            line.text(24, 0, line.width().saturating_sub(24), &row.name, Role::Plain);
        });
    }
}
