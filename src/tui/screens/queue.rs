//! The queue: a whole screen, or from 100 columns on a pane at the left.

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::lines;
use crate::desk::views::QueueRow;
use crate::domain::TaskKind;
use crate::tui::model::{Model, QUEUE_PANE};
use crate::tui::text::{clean, width, wrapped};
use crate::tui::theme::Role;
use crate::tui::widgets::Painter;

/// Lines over the rows.
pub const HEAD: u16 = 3;
/// Lines of the pane under the rows of a whole screen, its rule included.
const DETAIL: u16 = 4;
/// The same beside a comparison, where sentences need more lines.
const NARROW_DETAIL: u16 = 10;

/// How many rows fit.
#[must_use]
pub fn rows_height(model: &Model, height: u16) -> u16 {
    let detail = if model.is_wide() { NARROW_DETAIL } else { DETAIL };
    height.saturating_sub(HEAD + detail)
}

/// Draws the queue.
pub fn draw(painter: &mut Painter<'_>, model: &Model, area: Rect) {
    if area.width <= QUEUE_PANE {
        return draw_pane(painter, model);
    }
    let queue = &model.queue;
    painter.text(1, 0, 40, &queue.workspace, Role::Title);
    let counts = counts(model);
    let x = lines(width(&clean(&queue.workspace, model.theme.glyphs)).min(40)) + 4;
    let actor = format!("{}, steward ", model.actor);
    let right = painter.right(0, &actor, Role::Dim);
    painter.text(x, 0, right.saturating_sub(x + 1), &counts, Role::Plain);
    let place = place(model);
    let order = format!("order: {}   {place} ", queue.order.name());
    let right = painter.right(1, &order, Role::Dim);
    let filter = format!("filter: {}", queue.filter.as_deref().unwrap_or("none"));
    painter.text(1, 1, right.saturating_sub(2), &filter, Role::Dim);
    let height = rows_height(model, area.height);
    if queue.is_empty() {
        return empty(painter, model);
    }
    let score = format!(
        "{:<7}{:<10}{:>2} {:<6}{:<5}{:<22}state",
        "id", "kind", "n", "score", "age", "subject"
    );
    painter.text(2, 2, painter.width(), &score, Role::Dim);
    let now = model.moment.as_ref().map(|moment| moment.wall.timestamp());
    for (line, place) in queue.scroll.window(queue.len(), height.into()).enumerate() {
        let y = HEAD + lines(line);
        whole_row(painter, y, &queue.rows[place], place == queue.scroll.cursor, now);
    }
    detail(painter, model, HEAD + height, DETAIL, area.width);
}

fn counts(model: &Model) -> String {
    let counts = model.queue.counts;
    let mut text = format!("open {}", counts.open);
    for (label, count) in [
        ("due", counts.due),
        ("back", counts.back),
        ("deferred", counts.deferred),
        ("escalated", counts.escalated),
    ] {
        if count > 0 {
            text += &format!("  {label} {count}");
        }
    }
    if model.queue.waiting > 0 {
        text += &format!("  new {}: R", model.queue.waiting);
    }
    text
}

fn place(model: &Model) -> String {
    let queue = &model.queue;
    if queue.is_empty() {
        return "0".to_owned();
    }
    format!("{} of {}", queue.scroll.cursor + 1, queue.len())
}

fn score(row: &QueueRow) -> String {
    match (row.score, row.kind) {
        (Some(score), _) => format!("{score:.2}"),
        (None, TaskKind::Invalid) => "error".to_owned(),
        _ => String::new(),
    }
}

/// How long ago, in the largest whole unit.
#[must_use]
pub fn age(opened: Timestamp, now: Option<Timestamp>) -> String {
    let Some(now) = now else { return String::new() };
    let seconds = now.as_second() - opened.as_second();
    let (count, unit) = match seconds {
        ..60 => return "now".to_owned(),
        60..3_600 => (seconds / 60, "m"),
        3_600..86_400 => (seconds / 3_600, "h"),
        86_400..31_536_000 => (seconds / 86_400, "d"),
        _ => (seconds / 31_536_000, "y"),
    };
    format!("{count}{unit}")
}

fn role(row: &QueueRow) -> Role {
    match row.state.split(':').next() {
        Some("back" | "due") => Role::Attention,
        Some("deferred" | "escalated") => Role::Dim,
        _ => Role::Plain,
    }
}

fn whole_row(
    painter: &mut Painter<'_>,
    y: u16,
    row: &QueueRow,
    current: bool,
    now: Option<Timestamp>,
) {
    let role = role(row);
    painter.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
    painter.text(2, y, 6, &row.task.to_string(), if current { Role::Title } else { role });
    painter.text(9, y, 9, row.kind.name(), role);
    let count = row.count.to_string();
    painter.text(21_u16.saturating_sub(lines(count.len())), y, 3, &count, role);
    painter.text(22, y, 5, &score(row), role);
    painter.text(28, y, 4, &age(row.opened, now), role);
    let state = painter.width().saturating_sub(33) * 22 / 47;
    painter.text(33, y, state.saturating_sub(1), &row.subject, role);
    painter.text(33 + state, y, painter.width(), &row.state, role);
    if current {
        painter.reverse(0, y, painter.width());
    }
}

/// Why the task under the cursor is here.
fn detail(painter: &mut Painter<'_>, model: &Model, y: u16, height: u16, columns: u16) {
    let Some(row) = model.queue.current() else { return };
    painter.rule(y, &row.task.to_string());
    let room = usize::from(columns.saturating_sub(2));
    let sentences =
        row.detail.iter().flat_map(|line| wrapped(&clean(line, model.theme.glyphs), room));
    for (line, text) in sentences.take(usize::from(height.saturating_sub(1))).enumerate() {
        painter.text(1, y + 1 + lines(line), columns.saturating_sub(1), &text, Role::Plain);
    }
}

/// What an empty queue says: the next command.
fn empty(painter: &mut Painter<'_>, model: &Model) {
    let columns = painter.width().saturating_sub(2);
    let said: &[&str] = if !model.queue.loaded {
        &["fetching the queue"]
    } else if model.queue.filter.is_some() {
        &["No task matches the filter.", "", "f changes it; an empty one shows everything."]
    } else {
        &[
            "Nothing is left to decide.",
            "",
            "More to review comes from:",
            "  steward import FILE --source NAME     new or changed records",
            "  steward match                         duplicates among them",
        ]
    };
    let mut y = HEAD + 1;
    for line in said {
        for text in wrapped(line, usize::from(columns).max(10)) {
            painter.text(1, y, columns, &text, Role::Plain);
            y += 1;
        }
    }
}

fn draw_pane(painter: &mut Painter<'_>, model: &Model) {
    let queue = &model.queue;
    let columns = painter.width();
    painter.text(0, 0, columns, &queue.workspace, Role::Title);
    let counts = queue.counts;
    let waiting =
        if queue.waiting > 0 { format!(" new {}: R", queue.waiting) } else { String::new() };
    let text = format!("open {} due {} back {}{waiting}", counts.open, counts.due, counts.back);
    painter.text(0, 1, columns, &text, Role::Plain);
    let order = queue.filter.as_deref().map_or_else(
        || queue.order.name().to_owned(),
        |filter| format!("{}, {filter}", queue.order.name()),
    );
    let right = painter.right(2, &place(model), Role::Dim);
    painter.text(0, 2, right.saturating_sub(1), &order, Role::Dim);
    if queue.is_empty() {
        return empty(painter, model);
    }
    let height = rows_height(model, painter.height());
    let focused = model.screens.is_empty();
    for (line, place) in queue.scroll.window(queue.len(), height.into()).enumerate() {
        let y = HEAD + lines(line);
        let row = &queue.rows[place];
        let current = place == queue.scroll.cursor;
        let role = role(row);
        painter.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
        painter.text(1, y, 6, &row.task.to_string(), if current { Role::Title } else { role });
        painter.text(8, y, 3, row.kind.name().get(..3).unwrap_or_default(), role);
        painter.text(12, y, 5, &score(row), role);
        painter.text(18, y, columns.saturating_sub(18), &row.subject, role);
        if current && focused {
            painter.reverse(0, y, columns);
        }
    }
    let detail_at = HEAD + height;
    detail(painter, model, detail_at, NARROW_DETAIL - 1, columns);
    let pace = format!("today: {} decided", queue.counts.decided_today);
    painter.text(0, painter.height().saturating_sub(1), columns, &pace, Role::Dim);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_the_largest_whole_unit() {
        let opened: Timestamp = "2026-10-11T12:00:00Z".parse().unwrap();
        for (seconds, told) in [(-5, "now"), (59, "now"), (60, "1m"), (7_300, "2h"), (90_000, "1d")]
        {
            let now = Timestamp::from_second(opened.as_second() + seconds).ok();
            assert_eq!(age(opened, now), told);
        }
    }
}
