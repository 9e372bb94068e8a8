//! What a customer did and what was done about it, in one line of time.

use super::{Filled, Page, head, waits};
use crate::context::Context;
use crate::keys::overview;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::screens::lines;
use crate::text::wrapped;
use crate::theme::Role;
use crate::widgets::{List, Painter};
use domain::CustomerId;
use door::operations::Timeline;
use door::views::{ActivityView, TimelineRow, TimelineView};

/// Its list, and the lines kept for the row under the cursor, rule included.
const LIST: List = List::new(2, 5);
/// Activities fetched.
const FETCHED: usize = 1_000;
/// What rows are called that are not activities.
const CHANGES: &str = "change";

/// A customer's line of time.
#[derive(Debug, Clone)]
pub struct TimelinePage {
    customer: CustomerId,
    view: Option<TimelineView>,
    /// The one kind of rows that is shown; none: all are.
    kind: Option<String>,
}

impl TimelinePage {
    /// A screen that waits for its rows.
    #[must_use]
    pub fn new(customer: CustomerId) -> Self {
        Self { customer, view: None, kind: None }
    }

    /// Shows the next kind of rows alone, after the last of them all again.
    pub fn show_next_kind(&mut self) {
        let kinds = self.kinds();
        let next = match &self.kind {
            None => 0,
            Some(shown) => kinds.iter().position(|it| it == shown).map_or(0, |at| at + 1),
        };
        self.kind = kinds.get(next).cloned();
    }

    /// The kinds of rows there are, in the order of the alphabet, those that are not activities last.
    fn kinds(&self) -> Vec<String> {
        let activities = self.view.iter().flat_map(|view| &view.activities);
        let mut kinds: Vec<String> =
            activities.map(|activity| activity.kind.as_str().to_owned()).collect();
        kinds.sort();
        kinds.dedup();
        if self.view.as_ref().is_some_and(|view| !view.history.is_empty()) {
            kinds.push(CHANGES.to_owned());
        }
        kinds
    }

    fn shown(&self) -> Vec<TimelineRow<'_>> {
        let rows = self.view.as_ref().map(TimelineView::rows).unwrap_or_default();
        let is_shown =
            |row: &TimelineRow<'_>| self.kind.as_ref().is_none_or(|kind| *kind == kind_of(row));
        rows.into_iter().filter(is_shown).collect()
    }
}

fn kind_of(row: &TimelineRow<'_>) -> String {
    match row {
        TimelineRow::Activity(activity) => activity.kind.as_str().to_owned(),
        TimelineRow::Change(_) => CHANGES.to_owned(),
    }
}

impl Page for TimelinePage {
    fn context(&self) -> Context {
        Context::Timeline
    }

    fn question(&self, unmask: bool) -> Question {
        let (customer, kinds) = (self.customer, Vec::new());
        Timeline { customer, kinds, before: None, limit: FETCHED, unmask }.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Timeline(view) = answer else { return Filled::Not };
        self.view = Some(view);
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    fn shows(&self, answer: &Answer) -> bool {
        matches!(answer, Answer::Timeline(view) if self.view.as_ref() == Some(view))
    }

    fn rows(&self) -> usize {
        self.shown().len()
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    fn customer(&self, _row: usize) -> Option<CustomerId> {
        Some(self.customer)
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let Some(view) = &self.view else {
            head(painter, model, &format!("{} timeline", self.customer));
            return waits(painter, "fetching it");
        };
        let count = view.activities.len();
        let more = if view.more { "the latest " } else { "" };
        let title = format!("{} timeline  {more}{count} activities", view.customer);
        head(painter, model, &title);
        let key = model.key_for(&overview::NEXT_ACTIVITY_KIND);
        let filter = match &self.kind {
            None => format!("all kinds ({key}: one)"),
            Some(kind) => format!("{kind} ({key}: next)"),
        };
        painter.text(1, 1, painter.width(), &filter, Role::Dim);
        let rows = self.shown();
        if rows.is_empty() {
            painter.text(1, 2, painter.width(), "Nothing has happened yet.", Role::Plain);
            return;
        }
        LIST.draw(painter, scroll, rows.len(), |line, at, _| draw_row(line, model, &rows[at]));
        if let Some(row) = rows.get(scroll.cursor) {
            let end = LIST.end(rows.len(), painter.height());
            detail(painter, model, row, end);
        }
    }
}

fn draw_row(line: &mut Painter<'_>, model: &Model, row: &TimelineRow<'_>) {
    let width = line.width();
    line.text(1, 0, 16, &when(model, row), Role::Dim);
    match row {
        TimelineRow::Activity(activity) => {
            line.text(18, 0, 14, activity.kind.as_str(), Role::Key);
            let money = activity.money.map(|money| money.to_string()).unwrap_or_default();
            line.text(33, 0, 14, &format!("{money:>13}"), Role::Plain);
            line.text(48, 0, width.saturating_sub(48), &told(activity), Role::Plain);
        }
        TimelineRow::Change(entry) => {
            line.text(18, 0, 14, CHANGES, Role::Dim);
            line.text(33, 0, width.saturating_sub(33), &entry.what, Role::Dim);
        }
    }
}

/// Its key and its properties.
fn told(activity: &ActivityView) -> String {
    let mut said = vec![activity.key.to_string()];
    said.extend(activity.properties.iter().map(|(name, value)| format!("{name}: {value}")));
    said.join(", ")
}

/// When, on the clock of where it was; of what happened here, on the terminal's.
fn when(model: &Model, row: &TimelineRow<'_>) -> String {
    match row {
        TimelineRow::Activity(activity) if activity.at.is_day => activity.at.day().to_string(),
        TimelineRow::Activity(activity) => {
            activity.at.local().strftime("%Y-%m-%d %H:%M").to_string()
        }
        TimelineRow::Change(entry) => {
            let zone = model.moment.as_ref().map(|moment| moment.wall.time_zone().clone());
            let zoned = zone.map(|zone| entry.at.to_zoned(zone));
            zoned.map_or_else(String::new, |at| at.strftime("%Y-%m-%d %H:%M").to_string())
        }
    }
}

/// The row under the cursor in full.
fn detail(painter: &mut Painter<'_>, model: &Model, row: &TimelineRow<'_>, from: u16) {
    let width = painter.width();
    let (head, text) = match row {
        TimelineRow::Activity(activity) => {
            let how = if activity.by_key { "by its key" } else { "by a handle" };
            let head = format!("{} of {}, {}", activity.kind, activity.stream, activity.at);
            let from = format!("of {}, {how}, from {}", activity.record, activity.import);
            (head, format!("{}; {from}", told(activity)))
        }
        TimelineRow::Change(entry) => {
            (when(model, row), format!("{} ({})", entry.what, entry.by()))
        }
    };
    painter.rule(from, &head);
    let room = usize::from(painter.height().saturating_sub(from + 1));
    let texts = wrapped(&text, usize::from(width).saturating_sub(2));
    for (line, text) in texts.iter().take(room).enumerate() {
        painter.text(1, from + 1 + lines(line), width, text, Role::Plain);
    }
}
