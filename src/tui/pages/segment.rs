//! The customers in a segment, or in two of them.

use super::{Filled, LISTED, Opens, Page, head, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::text::counted;
use crate::theme::Role;
use crate::widgets::{List, Painter};
use domain::CustomerId;
use door::operations::ShowSegment;
use door::views::SegmentDetail;

/// Its list.
const LIST: List = List::new(2, 0);

/// Who is in a segment, or in another one as well.
#[derive(Debug, Clone)]
pub struct SegmentPage {
    segment: String,
    /// All there are, to overlap with.
    names: Vec<String>,
    overlap: Option<String>,
    view: Option<SegmentDetail>,
}

impl SegmentPage {
    /// A screen that waits for who is in it.
    #[must_use]
    pub fn new(segment: String, names: Vec<String>) -> Self {
        Self { segment, names, overlap: None, view: None }
    }

    /// Shows who is in the next other segment as well; after the last, all again.
    pub fn overlap_next(&mut self) {
        let others: Vec<&String> = self.names.iter().filter(|it| **it != self.segment).collect();
        let next = match &self.overlap {
            None => 0,
            Some(own) => others.iter().position(|it| *it == own).map_or(0, |at| at + 1),
        };
        self.overlap = others.get(next).map(|name| (*name).clone());
        self.view = None;
    }
}

impl Page for SegmentPage {
    fn context(&self) -> Context {
        Context::Segment
    }

    fn question(&self, _unmask: bool) -> Question {
        let (segment, overlap) = (self.segment.clone(), self.overlap.clone());
        ShowSegment { segment, overlap, limit: LISTED }.into()
    }

    fn follows(&self) -> bool {
        true
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::ShowSegment(view) = answer else { return Filled::Not };
        self.view = Some(view);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn rows(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.members.len())
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    fn open(&self, row: usize) -> Option<Opens> {
        self.customer(row).map(Opens::Customer)
    }

    fn customer(&self, row: usize) -> Option<CustomerId> {
        self.view.as_ref()?.members.get(row).map(|row| row.customer)
    }

    fn shows(&self, answer: &Answer) -> bool {
        matches!((answer, &self.view), (Answer::ShowSegment(view), Some(own)) if view == own)
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let both = match &self.overlap {
            None => self.segment.clone(),
            Some(other) => format!("{} and {other}", self.segment),
        };
        let Some(view) = &self.view else {
            head(painter, model, &format!("customers in {both}"));
            return waits(painter, "counting");
        };
        if let Some(name) = &view.masked {
            head(painter, model, &format!("customers in {both}"));
            let why = format!("They are not listed, because `{name}` is masked.");
            painter.text(1, 2, painter.width(), &why, Role::Plain);
            return;
        }
        let count = usize::try_from(view.of).unwrap_or(usize::MAX);
        let customers = counted(count, "customer", "customers");
        let first = if view.members.len() < count { ", the first shown" } else { "" };
        head(painter, model, &format!("{customers} in {both}{first}"));
        if view.members.is_empty() {
            painter.text(1, 2, painter.width(), "Nobody is.", Role::Plain);
            return;
        }
        painter.text(2, 1, painter.width(), &format!("{:<10}who", "customer"), Role::Dim);
        LIST.draw(painter, scroll, view.members.len(), |line, at, _| {
            let row = &view.members[at];
            line.text(2, 0, 9, &row.customer.to_string(), Role::Plain);
            line.text(12, 0, line.width().saturating_sub(12), &row.name, Role::Plain);
        });
    }
}
