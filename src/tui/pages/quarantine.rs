//! The rows of an import that could not become records, each with its reason and its text.

use super::{Filled, LISTED, Page, head, waits};
use crate::context::Context;
use crate::keys::records;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::screens::lines;
use crate::text::{counted, wrapped};
use crate::theme::Role;
use crate::widgets::{List, Painter};
use domain::ImportId;
use door::operations::Quarantine;
use door::views::QuarantineView;

/// Its list, and the lines kept for the row under the cursor, rule included.
const LIST: List = List::new(2, 7);

/// The rows of an import that are in quarantine.
#[derive(Debug, Clone)]
pub struct QuarantinePage {
    import: ImportId,
    view: Option<QuarantineView>,
}

impl QuarantinePage {
    /// A screen that waits for its rows.
    #[must_use]
    pub fn new(import: ImportId) -> Self {
        Self { import, view: None }
    }
}

impl Page for QuarantinePage {
    fn context(&self) -> Context {
        Context::Quarantine
    }

    fn question(&self, unmask: bool) -> Question {
        Quarantine { import: self.import, limit: LISTED, unmask }.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Quarantine(view) = answer else { return Filled::Not };
        self.view = Some(view);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn shows(&self, answer: &Answer) -> bool {
        matches!(answer, Answer::Quarantine(view) if self.view.as_ref() == Some(view))
    }

    fn rows(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.rows.len())
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let import = self.import;
        let Some(view) = &self.view else {
            head(painter, model, &format!("quarantine of {import}"));
            return waits(painter, "fetching it");
        };
        let first = if view.more { "the first " } else { "" };
        let count = counted(view.rows.len(), "row", "rows");
        head(painter, model, &format!("quarantine of {import}  {first}{count}"));
        if view.rows.is_empty() {
            let none = "None of its rows are in quarantine.";
            painter.text(1, 2, painter.width(), none, Role::Plain);
            return;
        }
        painter.text(2, 1, painter.width(), &format!("{:<10}why", view.place), Role::Dim);
        LIST.draw(painter, scroll, view.rows.len(), |line, at, _| {
            let row = &view.rows[at];
            line.text(2, 0, 9, &row.line.to_string(), Role::Plain);
            line.text(12, 0, line.width(), &row.reason, Role::Plain);
        });
        let end = LIST.end(view.rows.len(), painter.height());
        delivered(painter, model, (view, scroll.cursor), end);
    }
}

/// The row under the cursor as it was delivered.
fn delivered(
    painter: &mut Painter<'_>,
    model: &Model,
    (view, row): (&QuarantineView, usize),
    from: u16,
) {
    let Some(row) = view.rows.get(row) else { return };
    let key = model.key_for(&records::UNMASK);
    let masked_title = format!("as delivered, masked: {key} shows it");
    let title = if row.text.is_masked() { &masked_title } else { "as delivered" };
    painter.rule(from, &format!("{} {}, {title}", view.place, row.line));
    let room = painter.height().saturating_sub(from + 1);
    let width = painter.width();
    let told = wrapped(&row.text, usize::from(width.saturating_sub(2)));
    for (line, text) in told.iter().take(room.into()).enumerate() {
        painter.text(1, from + 1 + lines(line), width, text, Role::Plain);
    }
}
