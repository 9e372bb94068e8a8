//! What waits for somebody's approval, and what was done without it.

use super::{ApprovalPage, Filled, Opens, Page, head, told, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::screens::queue::age;
use crate::theme::Role;
use crate::widgets::{List, Painter};
use domain::{CustomerId, counted};
use door::operations::Approvals;
use door::views::ApprovalRow;

/// Its list.
const LIST: List = List::new(2, 0);

/// Every task that asks for an approval.
#[derive(Debug, Clone, Default)]
pub struct ApprovalsPage {
    rows: Option<Vec<ApprovalRow>>,
    /// Its lines, each with the place of the task it is about.
    lines: Vec<(usize, String)>,
}

impl Page for ApprovalsPage {
    fn context(&self) -> Context {
        Context::Approvals
    }

    fn question(&self, _unmask: bool) -> Question {
        Approvals::default().into()
    }

    fn follows(&self) -> bool {
        true
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Approvals(rows) = answer else { return Filled::Not };
        let lines = rows.iter().enumerate().flat_map(|(at, row)| {
            let lines = std::iter::once(line(row)).chain(details(row));
            lines.map(move |line| (at, line)).collect::<Vec<_>>()
        });
        self.lines = lines.collect();
        self.rows = Some(rows);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.rows.is_some()
    }

    fn rows(&self) -> usize {
        self.lines.len()
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    fn open(&self, row: usize) -> Option<Opens> {
        self.row(row).map(|row| Opens::Page(Box::new(ApprovalPage::new(row.task))))
    }

    fn customer(&self, row: usize) -> Option<CustomerId> {
        self.row(row)?.customers.first().copied()
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        head(painter, model, "approvals");
        let Some(rows) = &self.rows else { return waits(painter, "fetching them") };
        let yours = rows.iter().filter(|row| row.not_yours.is_none()).count();
        let waiting = counted(rows.len() as u64, "verdict waits", "verdicts wait");
        let waiting = match rows.len() {
            0 => "Nothing waits for an approval.".to_owned(),
            _ => format!("{waiting} for an approval, {yours} of them for yours"),
        };
        painter.text(1, 1, painter.width().saturating_sub(1), &waiting, Role::Dim);
        let now = model.moment.as_ref().map(|moment| moment.wall.timestamp());
        LIST.draw(painter, scroll, self.lines.len(), |line, at, _| {
            let (of, text) = &self.lines[at];
            let row = &rows[*of];
            told(line, text);
            if !text.starts_with(' ') {
                let role = if row.due.is_some_and(|due| now.is_some_and(|now| due <= now)) {
                    Role::Attention
                } else {
                    Role::Dim
                };
                line.right(0, &format!("{} ", age(row.at, now)), role);
            }
        });
    }
}

impl ApprovalsPage {
    fn row(&self, line: usize) -> Option<&ApprovalRow> {
        let (at, _) = self.lines.get(line)?;
        self.rows.as_ref()?.get(*at)
    }
}

/// Whose it is and what it is, in a line.
pub(super) fn line(row: &ApprovalRow) -> String {
    match row.done {
        true => format!("{} {} did not wait: {}", row.task, row.who, row.line),
        false => format!("{} {} proposes: {}", row.task, row.who, row.line),
    }
}

/// What is said of it below, each line indented.
pub(super) fn details(row: &ApprovalRow) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(row.note.as_ref().map(|note| format!("  note: {note}")));
    lines.extend(row.broken_glass.as_ref().map(|why| format!("  why it did not wait: {why}")));
    lines.extend(row.undone_by.map(|by| format!("  undone since, by {by}: was it right?")));
    let asked = match row.rule.as_str() {
        "" => format!("  asks {}", row.by),
        rule => format!("  asks {}, because {rule}", row.by),
    };
    let may = match &row.may[..] {
        [] => String::new(),
        may => format!(" ({})", may.join(", ")),
    };
    lines.push(format!("{asked}{may}"));
    lines.extend(row.due.map(|due| format!("  due {}", due.strftime("%Y-%m-%d"))));
    lines.extend(row.not_yours.as_ref().map(|why| format!("  not yours: {why}")));
    lines.extend(row.stuck.as_ref().map(|why| format!("  stuck: {why}")));
    lines
}
