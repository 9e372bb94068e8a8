//! A verdict that waits for somebody's approval, or did not wait for it: who proposed it, what it would do now,
//! and what has happened since.

use super::approvals::{details, line};
use super::{Filled, Opens, Page, head, told, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::widgets::{List, Painter};
use domain::{CustomerId, TaskId};
use door::operations::ShowApproval;
use door::views::{ApprovalView, PreviewView};

/// Its list.
const LIST: List = List::new(2, 0);

/// A task that asks for an approval.
#[derive(Debug, Clone)]
pub struct ApprovalPage {
    task: TaskId,
    view: Option<Box<ApprovalView>>,
    lines: Vec<String>,
}

impl ApprovalPage {
    /// A screen that waits for what is proposed.
    #[must_use]
    pub fn new(task: TaskId) -> Self {
        Self { task, view: None, lines: Vec::new() }
    }

    /// What the desk told.
    #[must_use]
    pub fn view(&self) -> Option<&ApprovalView> {
        self.view.as_deref()
    }
}

impl Page for ApprovalPage {
    fn context(&self) -> Context {
        Context::Approval
    }

    fn question(&self, unmask: bool) -> Question {
        ShowApproval { task: self.task, unmask }.into()
    }

    fn follows(&self) -> bool {
        true
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::ShowApproval(view) = answer else { return Filled::Not };
        self.lines = lines(&view);
        self.view = Some(Box::new(view));
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn rows(&self) -> usize {
        self.lines.len()
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    /// The task that is answered with it, else its customer.
    fn open(&self, _row: usize) -> Option<Opens> {
        let row = &self.view.as_ref()?.row;
        let customer = row.customers.first().copied();
        row.answers.map(Opens::Task).or_else(|| customer.map(Opens::Customer))
    }

    fn customer(&self, _row: usize) -> Option<CustomerId> {
        self.view.as_ref()?.row.customers.first().copied()
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let task = self.task;
        let Some(view) = &self.view else {
            head(painter, model, &format!("{task} approval"));
            return waits(painter, "fetching it");
        };
        let what =
            if view.row.done { "review of a decision that did not wait" } else { "approval" };
        head(painter, model, &format!("{task} {what}"));
        LIST.draw(painter, scroll, self.lines.len(), |line, at, _| told(line, &self.lines[at]));
    }
}

fn lines(view: &ApprovalView) -> Vec<String> {
    let mut lines = vec![line(&view.row)];
    lines.extend(details(&view.row));
    lines.extend(view.ended.as_ref().map(|ended| format!("  {ended}")));
    if !view.since.is_empty() {
        lines.push("since then".to_owned());
        lines.extend(view.since.iter().map(|line| format!("  {line}")));
    }
    if !view.comments.is_empty() {
        lines.push("comments".to_owned());
        lines.extend(view.comments.iter().map(|comment| {
            let text = comment.text.as_deref().unwrap_or("(erased with a person)");
            format!("  {}: {text}", comment.actor)
        }));
    }
    if view.differs {
        lines.push("It would come to something else now than when it was proposed.".to_owned());
    }
    if let Some(preview) = &view.preview {
        lines.push("what it would do now".to_owned());
        lines.extend(foreseen(preview));
    }
    if !view.values.is_empty() {
        lines.push("what changes".to_owned());
        lines.extend(view.values.iter().map(|value| format!("  {}", value.line())));
        if view.more > 0 {
            lines.push(format!("  {} more not shown", view.more));
        }
    }
    if let Some(preview) = &view.preview {
        lines.extend(golden(preview));
    }
    lines
}

/// What it would do, each line indented.
fn foreseen(preview: &PreviewView) -> Vec<String> {
    if let Some(refusal) = &preview.refusal {
        return vec![format!("  it would be refused: {refusal}")];
    }
    let mut lines = vec![format!("  {}", preview.effect)];
    lines.extend(preview.typed.iter().map(|value| format!("  {}", value.sentence())));
    if !preview.unjudged.is_empty() {
        let rules: Vec<String> = preview.unjudged.iter().map(ToString::to_string).collect();
        lines.push(format!("  not judged while values are masked: {}", rules.join(", ")));
    }
    lines
}

/// The whole golden record afterwards.
fn golden(preview: &PreviewView) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(customer) = preview.customer.filter(|_| !preview.golden.values.is_empty()) {
        lines.push(format!("golden record of {customer} then"));
        let width =
            preview.golden.values.iter().map(|it| it.field.as_str().len()).max().unwrap_or(0);
        let values = preview.golden.values.iter();
        lines.extend(
            values.map(|it| format!("  {:<width$}  {}", it.field.as_str(), it.text.as_str())),
        );
    }
    lines
}
