//! What happened: a list, and under it before and after of the entry under the cursor.

use ratatui::layout::Rect;

use super::lines;
use crate::keys::records;
use crate::model::{HistoryScreen, Model};
use crate::text::{self, clean, counted, wrapped};
use crate::theme::Role;
use crate::widgets::{Beside, List, Painter};
use domain::Shown;
use door::views::HistoryEntry;

/// Its list, and the lines kept for before and after, rule included.
const LIST: List = List::new(2, 7);
/// From that width on the entry under the cursor stands beside the list.
const BESIDE: u16 = 120;

/// The narrowest screen on which the list has all its columns.
const ALL_COLUMNS: u16 = 64;

/// Where its list and the entry under the cursor stand.
#[must_use]
pub fn beside(screen: &HistoryScreen, area: Rect) -> Beside {
    Beside::of(LIST, screen.len(), area, BESIDE)
}

/// Draws the history.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &HistoryScreen) {
    let subject =
        screen.subject.as_ref().map_or_else(|| "everything".to_owned(), ToString::to_string);
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    let entries = counted(screen.len(), "entry", "entries");
    let filter = screen.filter.as_ref().map_or(String::new(), |it| format!("  filter: {it}"));
    let title = format!("history of {subject}  {entries}{filter}");
    painter.text(1, 0, right.saturating_sub(2), &title, Role::Title);
    if screen.entries.is_none() {
        painter.text(1, 2, painter.width(), "fetching the history", Role::Dim);
        return;
    }
    let entries = screen.shown();
    if entries.is_empty() && screen.filter.is_some() {
        let key = model.key_for(&records::FILTER);
        let said = format!("No entry has all these words; {key} changes them.");
        painter.text(1, 2, painter.width(), &said, Role::Plain);
        return;
    }
    if entries.is_empty() {
        painter.text(1, 2, painter.width(), "It has no history.", Role::Plain);
        return;
    }
    let beside = beside(screen, painter.whole());
    let mut list = painter.part_at(beside.area);
    let head = match list.width() < ALL_COLUMNS {
        true => format!("{:<7}{:<7}what", "commit", "when"),
        false => format!("{:<7}{:<18}{:<11}what", "commit", "when", "who"),
    };
    list.text(2, 1, list.width(), &head, Role::Dim);
    let row = |line: &mut Painter<'_>, at: usize, _| row(line, model, entries[at]);
    beside.list.draw(&mut list, &screen.scroll, entries.len(), row);
    if let Some(entry) = screen.current() {
        changes(&mut painter.part_at(beside.entry), entry);
    }
    beside.line(painter);
}

fn row(line: &mut Painter<'_>, model: &Model, entry: &HistoryEntry) {
    let undone = entry.decision.is_some() && !entry.stands;
    let role = if undone { Role::Dim } else { Role::Plain };
    let zone = model.moment.as_ref().map(|moment| moment.wall.time_zone().clone());
    let when = zone.map_or_else(String::new, |zone| {
        entry.at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
    });
    line.text(2, 0, 6, &entry.sequence.to_string(), role);
    let what = if undone { format!("undone: {}", entry.what) } else { entry.what.clone() };
    if line.width() < ALL_COLUMNS {
        // The day without its year; who it was stands under the list.
        line.text(9, 0, 5, when.get(5..10).unwrap_or_default(), role);
        line.text(16, 0, line.width(), &what, role);
        return;
    }
    line.text(9, 0, 16, &when, role);
    line.text(27, 0, 10, &entry.actor, role);
    line.text(38, 0, line.width(), &what, role);
}

fn changes(painter: &mut Painter<'_>, entry: &HistoryEntry) {
    let mut title = entry.decision.map_or_else(
        || format!("commit {}", entry.sequence),
        |decision| format!("{decision}, commit {}", entry.sequence),
    );
    let width = painter.width();
    // In the list there is no room for the door.
    let by = entry.by();
    if width < ALL_COLUMNS || by != entry.actor {
        title += &format!(", {by}");
    }
    painter.rule(0, &title);
    let room = usize::from(width.saturating_sub(2)).max(8);
    let mut y = 1;
    for text in wrapped(&clean(&entry.what, painter.theme().glyphs), room) {
        painter.text(1, y, width, &text, Role::Plain);
        y += 1;
    }
    let names = entry.changes.iter().map(|change| lines(text::width(&change.label())));
    let value = 3 + names.max().unwrap_or_default().clamp(8, 28);
    let half = width.saturating_sub(value + 4) / 2;
    for (line, change) in entry.changes.iter().enumerate() {
        let y = y + lines(line);
        painter.text(1, y, value - 2, &change.label(), Role::Dim);
        painter.text(value, y, half, shown(&change.before), Role::Plain);
        painter.text(value + half, y, 3, "->", Role::Dim);
        painter.text(value + half + 3, y, half, shown(&change.after), Role::Plain);
    }
}

fn shown(value: &Option<Shown>) -> &str {
    value.as_deref().unwrap_or("(none)")
}
