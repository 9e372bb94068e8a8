//! The queue: a whole screen, or from 100 columns on a pane at the left.

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::{lines, queue_views};
use crate::keys::queue::{FILTER, TAKE_IN};
use crate::model::{Model, QueueState};
use crate::text::{clean, counted, first_of, width, wrapped};
use crate::theme::{Role, Theme};
use crate::widgets::{List, Painter, list};
use domain::{TaskKind, Urgency};
use door::views::{QueueRow, TaskSummary};

/// Lines over the rows.
const HEAD: u16 = 3;
/// Lines of the pane under the rows of a whole screen, its rule included.
const DETAIL: u16 = 4;
/// The same beside a comparison, where sentences need more lines.
const NARROW_DETAIL: u16 = 10;

/// The narrowest area on which rows have all their columns.
const ALL_COLUMNS: u16 = 64;

/// So many columns behind a name are worth a word about what agrees and differs.
const SOME: u16 = 10;

/// Its list. Whether the queue has the keys is seen by its cursor.
#[must_use]
pub fn list(model: &Model) -> List {
    let list = List::new(HEAD, under(model));
    if model.screens.is_empty() { list } else { list.signed() }
}

/// Lines kept for the task under the cursor.
fn under(model: &Model) -> u16 {
    let body = model.size.1.saturating_sub(super::BOTTOM);
    let is_long = model.queue.len() > usize::from(body.saturating_sub(HEAD + DETAIL));
    let most = match (model.is_wide(), is_long) {
        (true, _) => NARROW_DETAIL,
        // The rule and two lines: tasks need the third.
        (false, true) => DETAIL - 1,
        (false, false) => DETAIL,
    };
    most.min(body.saturating_sub(HEAD) * 2 / 5)
}

/// How many rows fit. However few there are, what stands under them stays where it is.
#[must_use]
pub fn rows_height(model: &Model, height: u16) -> u16 {
    height.saturating_sub(HEAD + under(model))
}

/// Draws the queue.
pub fn draw(painter: &mut Painter<'_>, model: &Model, area: Rect) {
    if area.width < ALL_COLUMNS {
        return draw_pane(painter, model);
    }
    let queue = &model.queue;
    painter.text(1, 0, 40, &queue.workspace, Role::Title);
    let counts = counts(model);
    let x = lines(width(&clean(&queue.workspace, model.theme.glyphs)).min(40)) + 4;
    let role = model.role.as_ref().map_or("steward", |role| role.name.as_str());
    let actor = match role {
        "" => format!("{} ", model.actor),
        role => format!("{}, {role} ", model.actor),
    };
    let right = painter.right(0, &actor, Role::Dim);
    painter.text(x, 0, right.saturating_sub(x + 1), &counts, Role::Plain);
    let place = place(model);
    let order = format!("order: {}   {place} ", order(model));
    let right = painter.right(1, &order, Role::Dim);
    let filter = format!("filter: {}", queue.filter.as_deref().unwrap_or("none"));
    let x = 1 + painter.text(1, 1, right.saturating_sub(2), &filter, Role::Dim) + 3;
    queue_views::draw(painter, model, (x, 1), right.saturating_sub(x + 2));
    let height = rows_height(model, area.height);
    if queue.is_empty() {
        return empty(painter, model);
    }
    let columns = Columns::of(model, area.width);
    columns.heading(painter);
    let now = model.moment.as_ref().map(|moment| moment.wall.timestamp());
    let ranged = queue.ranged().unwrap_or_default();
    list(model).draw(painter, &queue.scroll, queue.len(), |line, place, current| {
        if is_marked(model, place) {
            list::mark(line, 1);
        }
        columns.row(line, model, (place, current), now);
        if ranged.contains(&place) {
            line.reverse(0, 0, line.width());
        }
    });
    detail(painter, model, HEAD + height, under(model), area.width);
}

fn counts(model: &Model) -> String {
    let counts = model.queue.counts;
    let mut text = format!("open {}", counts.open);
    for (label, count) in [
        ("mine", counts.mine),
        ("due", counts.due),
        ("back", counts.back),
        ("answered", counts.answered),
        ("deferred", counts.deferred),
        ("escalated", counts.escalated),
        ("proposed", counts.proposed),
        ("to approve", counts.approvals),
    ] {
        if count > 0 {
            text += &format!("  {label} {count}");
        }
    }
    if !model.queue.new.is_empty() {
        text += &format!("  {}", waiting(model));
    }
    text
}

/// What is new and not taken in, and the key that does.
fn waiting(model: &Model) -> String {
    let key = model.key_for(&TAKE_IN);
    format!("new {}: {key}", model.queue.new.len())
}

fn place(model: &Model) -> String {
    let queue = &model.queue;
    if queue.is_empty() {
        return "0".to_owned();
    }
    let marked = if queue.marks.is_empty() {
        String::new()
    } else {
        format!("marked {}   ", queue.marks.len())
    };
    format!("{marked}{} of {}", queue.scroll.cursor + 1, queue.len())
}

fn score(row: &QueueRow) -> String {
    match (row.score, row.kind) {
        (Some(probability), _) => domain::score(probability),
        (None, TaskKind::Invalid) => "error".to_owned(),
        _ => String::new(),
    }
}

/// Whom a task is about: everybody whom there is room for.
fn whom(row: &QueueRow) -> String {
    row.summary.as_ref().map_or_else(|| row.subject.clone(), TaskSummary::named)
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

/// A value at stake in at most six signs: `9,200`, `1.2M`.
fn stake(stake: Option<f64>) -> String {
    let Some(stake) = stake else { return String::new() };
    let whole = stake.round();
    if whole.abs() >= 1e6 {
        let (scaled, unit) =
            if whole.abs() >= 1e9 { (whole / 1e9, 'G') } else { (whole / 1e6, 'M') };
        return format!("{scaled:.1}{unit}");
    }
    let digits = format!("{:.0}", whole.abs());
    let sign = if whole < 0.0 { "-" } else { "" };
    match digits.len().checked_sub(3).filter(|split| *split > 0) {
        Some(split) => format!("{sign}{},{}", &digits[..split], &digits[split..]),
        None => format!("{sign}{digits}"),
    }
}

/// How the queue is sorted, and how much of what that needs has been read.
fn order(model: &Model) -> String {
    let order = model.queue.order;
    let reversed = if order.reversed { ", reversed" } else { "" };
    let reading = match model.queue.preparing {
        Some((done, total)) => format!(" (reading {}%)", done * 100 / total.max(1)),
        None => String::new(),
    };
    format!("{}{reversed}{reading}", order.by.name())
}

/// How the parts of a row look.
struct Roles {
    /// What is always the same.
    plain: Role,
    id: Role,
    kind: Role,
    state: Role,
}

impl Roles {
    /// A row that waits for somebody else steps back; else its kind and its state stand out.
    fn of(row: &QueueRow, actor: &str, current: bool) -> Self {
        let state = Theme::of_urgency(if row.given { Urgency::Open } else { row.urgency });
        let is_theirs = row.claimed.as_deref().is_some_and(|holder| holder != actor);
        let roles = if is_theirs || state == Role::Dim {
            Self { plain: Role::Dim, id: Role::Dim, kind: Role::Dim, state: Role::Dim }
        } else {
            Self { plain: Role::Plain, id: state, kind: Theme::of_kind(row.kind), state }
        };
        if current { Self { id: Role::Title, ..roles } } else { roles }
    }
}

/// Whether the task is marked, or in the range that is being marked.
fn is_marked(model: &Model, place: usize) -> bool {
    let queue = &model.queue;
    let marked = |place: usize| {
        queue.listed.get(place).is_some_and(|listed| queue.marks.contains(&listed.task))
    };
    marked(place) || queue.ranged().is_some_and(|range| range.contains(&place))
}

/// Where the columns of a whole row begin.
struct Columns {
    stake: Option<u16>,
    age: u16,
    subject: u16,
    state: u16,
}

impl Columns {
    fn of(model: &Model, width: u16) -> Self {
        let stake = model.queue.has_stake.then_some(28);
        let age = if stake.is_some() { 35 } else { 28 };
        let subject = age + 5;
        let room = width.saturating_sub(subject);
        // Where a stake takes room, names give way, not what is special about a task.
        let names = if stake.is_some() { room * 14 / 40 } else { room * 22 / 47 };
        Self { stake, age, subject, state: subject + names }
    }

    fn heading(&self, painter: &mut Painter<'_>) {
        let width = painter.width();
        let mut write = |x: u16, text: &str| painter.text(x, 2, width, text, Role::Dim);
        for (x, text) in [(2, "id"), (9, "kind"), (20, "n"), (22, "score"), (self.age, "age")] {
            write(x, text);
        }
        if let Some(stake) = self.stake {
            write(stake + 1, "stake");
        }
        write(self.subject, "subject");
        write(self.state, "what, why, state");
    }

    fn row(
        &self,
        line: &mut Painter<'_>,
        model: &Model,
        (place, current): (usize, bool),
        now: Option<Timestamp>,
    ) {
        let queue = &model.queue;
        let Some(listed) = queue.listed.get(place) else { return };
        let Some(row) = queue.known.get(&listed.task) else {
            // It is on its way.
            line.text(2, 0, 8, &listed.task.to_string(), Role::Dim);
            return;
        };
        let Roles { plain: role, id, kind, state } = Roles::of(row, &model.actor, current);
        line.text(2, 0, 7, &row.task.to_string(), id);
        line.text(9, 0, 9, row.kind.name(), kind);
        let count = row.count.to_string();
        line.text(21_u16.saturating_sub(lines(count.len())), 0, 3, &count, role);
        line.text(22, 0, 5, &score(row), role);
        if let Some(x) = self.stake {
            let stake = self::stake(row.stake);
            line.text(x + 6_u16.saturating_sub(lines(stake.len())), 0, 6, &stake, role);
        }
        line.text(self.age, 0, 4, &age(row.opened, now), role);
        let room = self.state.saturating_sub(self.subject + 1);
        line.text(self.subject, 0, room, &whom(row), role);
        if !row.state.is_empty() {
            line.text(self.state, 0, line.width(), &row.state, state);
        } else if let Some(summary) = &row.summary {
            line.text(self.state, 0, line.width(), &summary.line(), Role::Dim);
        }
    }
}

/// Why the task under the cursor is here.
fn detail(painter: &mut Painter<'_>, model: &Model, y: u16, height: u16, columns: u16) {
    let Some(task) = model.queue.current() else { return };
    painter.rule(y, &task.to_string());
    let known = model.queue.reasons.as_ref().filter(|reasons| reasons.task == task);
    let reasons = known.map_or(&[][..], |reasons| &reasons.lines);
    let room = usize::from(columns.saturating_sub(2));
    let sentences = reasons.iter().flat_map(|line| wrapped(&clean(line, model.theme.glyphs), room));
    let most = usize::from(height.saturating_sub(1));
    let sentences = first_of(sentences.collect(), room, most, model.theme.glyphs);
    for (line, text) in sentences.iter().enumerate() {
        painter.text(1, y + 1 + lines(line), columns.saturating_sub(1), text, Role::Plain);
    }
}

/// What an empty queue says: the next command.
fn empty(painter: &mut Painter<'_>, model: &Model) {
    let columns = painter.width().saturating_sub(2);
    let new = counted(model.queue.new.len(), "new task", "new tasks");
    let key = model.key_for(&TAKE_IN);
    let new =
        format!("{new}: {key} shows {}.", if model.queue.new.len() == 1 { "it" } else { "them" });
    let filter = model.key_for(&FILTER);
    let filter = format!("{filter} changes it; an empty filter shows everything.");
    let forbidden = model.forbidden(&["tasks"]).map(|why| format!("{why}."));
    let said: &[&str] = if let Some(why) = &forbidden {
        &[why, "", "steward access says who may do what."]
    } else if !model.queue.loaded {
        &["fetching the queue"]
    } else if model.queue.filter.is_some() && model.queue.has_pending() {
        &["No task matches the filter.", "", &filter]
    } else if !model.queue.new.is_empty() {
        &[&new]
    } else {
        &[
            "Nothing left to decide.",
            "",
            "To get more to review:",
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
    painter.text(1, 0, columns, &queue.workspace, Role::Title);
    painter.text(1, 1, columns, &short_counts(model), Role::Plain);
    let order = queue
        .filter
        .as_deref()
        .map_or_else(|| order(model), |filter| format!("{}, {filter}", order(model)));
    let right = painter.right(2, &place(model), Role::Dim);
    painter.text(1, 2, right.saturating_sub(2), &order, Role::Dim);
    if queue.is_empty() {
        return empty(painter, model);
    }
    let height = rows_height(model, painter.height());
    list(model).draw(painter, &queue.scroll, queue.len(), |line, place, current| {
        narrow_row(line, model, place, current);
    });
    let detail_at = HEAD + height;
    if !model.is_wide() {
        return detail(painter, model, detail_at, under(model), columns);
    }
    detail(painter, model, detail_at, under(model).saturating_sub(1), columns);
    let pace = format!("today: {} decided", queue.counts.decided_today);
    let y = painter.height().saturating_sub(1);
    let x = 1 + painter.text(1, y, columns, &pace, Role::Dim) + 3;
    queue_views::draw(painter, model, (x, y), columns.saturating_sub(x));
}

fn short_counts(model: &Model) -> String {
    let QueueState { counts, new, .. } = &model.queue;
    let waiting = if new.is_empty() { String::new() } else { format!(" {}", waiting(model)) };
    format!("open {} due {} back {}{waiting}", counts.open, counts.due, counts.back)
}

fn narrow_row(line: &mut Painter<'_>, model: &Model, place: usize, current: bool) {
    let queue = &model.queue;
    let Some(listed) = queue.listed.get(place) else { return };
    let columns = line.width();
    let id = listed.task.to_string();
    let Some(row) = queue.known.get(&listed.task) else {
        line.text(1, 0, 8, &id, Role::Dim);
        return;
    };
    let roles = Roles::of(row, &model.actor, current);
    line.text(1, 0, 6, &id, roles.id);
    if is_marked(model, place) {
        list::mark(line, 7);
    }
    line.text(8, 0, 3, row.kind.name().get(..3).unwrap_or_default(), roles.kind);
    line.text(12, 0, 5, &score(row), roles.plain);
    let end = 18 + line.text(18, 0, columns.saturating_sub(18), &whom(row), roles.plain) + 2;
    let room = columns.saturating_sub(end);
    if room < SOME {
        return;
    }
    if !row.state.is_empty() {
        line.text(end, 0, room, &row.state, roles.state);
    } else if let Some(summary) = &row.summary {
        line.text(end, 0, room, &summary.line(), Role::Dim);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_stake_fits_its_column() {
        for (value, told) in [
            (None, ""),
            (Some(0.4), "0"),
            (Some(9_200.0), "9,200"),
            (Some(-870_000.0), "-870,000"),
            (Some(1_240_000.0), "1.2M"),
            (Some(7.1e9), "7.1G"),
        ] {
            assert_eq!(stake(value), told);
        }
    }

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
