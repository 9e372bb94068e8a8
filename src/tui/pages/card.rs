//! A customer on one page.

use super::{Filled, Page, head, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::theme::Role;
use crate::widgets::{List, Painter};
use domain::CustomerId;
use door::operations::Card;
use door::views::{CardLine, CardView};

/// Its list.
const LIST: List = List::new(1, 0);
/// Columns of what a line says something about.
const LABEL: u16 = 20;

/// Who it is, how to reach it, what it allows, what it did last, what waits.
#[derive(Debug, Clone)]
pub struct CardPage {
    customer: CustomerId,
    view: Option<CardView>,
    /// Its lines, each with the title of the section that begins there.
    lines: Vec<(Option<&'static str>, CardLine)>,
}

impl CardPage {
    /// A page that waits for what is on it.
    #[must_use]
    pub fn new(customer: CustomerId) -> Self {
        Self { customer, view: None, lines: Vec::new() }
    }
}

impl Page for CardPage {
    fn context(&self) -> Context {
        Context::Card
    }

    fn question(&self, unmask: bool) -> Question {
        Card { customer: self.customer, unmask }.into()
    }

    fn follows(&self) -> bool {
        true
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Card(view) = answer else { return Filled::Not };
        let lines = view.sections().into_iter().flat_map(|section| {
            let titles = std::iter::once(Some(section.title)).chain(std::iter::repeat(None));
            titles.zip(section.lines)
        });
        self.lines = lines.collect();
        self.view = Some(view);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn shows(&self, answer: &Answer) -> bool {
        matches!(answer, Answer::Card(view) if self.view.as_ref() == Some(view))
    }

    fn rows(&self) -> usize {
        self.lines.len()
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    fn customer(&self, _row: usize) -> Option<CustomerId> {
        Some(self.customer)
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let Some(view) = &self.view else {
            head(painter, model, &format!("{} card", self.customer));
            return waits(painter, "fetching it");
        };
        head(painter, model, &format!("{} {}", view.customer.customer, view.name()));
        LIST.draw(painter, scroll, self.lines.len(), |line, at, _| {
            let (title, row) = &self.lines[at];
            line.text(1, 0, 9, title.unwrap_or_default(), Role::Key);
            line.text(11, 0, LABEL - 1, &row.label, Role::Dim);
            let role = if row.is_marked { Role::Attention } else { Role::Plain };
            let from = 11 + LABEL;
            line.text(from, 0, line.width().saturating_sub(from), &row.text, role);
        });
    }
}
