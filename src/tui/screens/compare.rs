//! Customers side by side, and with other keys and more reasons the challenge.

mod beyond;
mod under;
mod verdict;

use ratatui::layout::Rect;

use self::under::{Under, fitting, on_low, under};
use super::{golden, lines};
use crate::keys::{Row, records, task};
use crate::model::{Face, Model, ShownColumn, TaskScreen};
use crate::text::{clean, few, width, wrapped};
use crate::theme::{Role, Theme};
use crate::widgets::geometry::{Contents, Geometry};
use crate::widgets::grid::{Grid, GridColumn, Showing, head_lines};
use crate::widgets::{Line, List, Painter, piece};
use door::views::{FieldView, TaskView};

/// Up to this height little more than the value under the cursor fits under the rows.
const LOW: u16 = 12;
/// So many fields are shown before anything stands under them.
const FIELDS: u16 = 5;

/// Its list of fields. What stands under it gives way to the fields, and they to one another: at least
/// half of the room is theirs.
#[must_use]
pub fn list(model: &Model, screen: &TaskScreen, area: Rect) -> List {
    let over = 1 + head_lines(area.height);
    let notices = lines(notices(model, screen, area).len());
    let room = area.height.saturating_sub(over + notices);
    // What contradicts, and what changed, has a row on every screen: a field gives way to it where little fits.
    let given = u16::from(!on_low(model, screen, area).is_empty());
    let fields = (room / 2).max(FIELDS - given);
    let mut fields = lines(screen.row_count()).min(fields).min(room);
    let (_, least) = under(model, screen, area);
    // A title alone says nothing: a field gives way to the value under it.
    if least > 1 && room - fields == 1 {
        fields = fields.saturating_sub(1);
    }
    List::new(over, notices + lines(least).min(room - fields))
}

/// What its grid shows.
fn contents<'a>(screen: &TaskScreen, fields: &'a [FieldView]) -> Contents<'a> {
    let columns = screen.column_count();
    Contents { fields, columns, cursor: screen.column, marked: screen.marks_first() }
}

/// How its grid stands on an area of that width.
#[must_use]
pub fn geometry(screen: &TaskScreen, columns: u16) -> Geometry {
    let fields = screen.view.as_ref().map_or(&[][..], |view| &view.fields);
    Geometry::of(columns, contents(screen, fields))
}

/// Draws the comparison.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &TaskScreen, area: Rect) {
    title(painter, model, screen);
    let Some(view) = &screen.view else {
        painter.text(1, 2, area.width, "fetching the task", Role::Dim);
        return;
    };
    let list = list(model, screen, area);
    draw_grid(painter, screen, view, list);
    let notices = notices(model, screen, area);
    let end = area.height.saturating_sub(lines(notices.len()));
    let start = list.end(screen.row_count(), area.height);
    let (under, _) = under(model, screen, area);
    let (under, unseen) = fitting(under, (start..end).len(), model.theme);
    let last_pair = under.iter().rposition(|line| matches!(line, Under::Pair(_)));
    let mut beyond = beyond::told(screen, list, area);
    for (at, (y, line)) in (start..end).zip(under).enumerate() {
        match line {
            // The first one under the rows says that there are more of them.
            Under::Rule(title) => {
                painter.rule(y, &format!("{title}{}", std::mem::take(&mut beyond)));
            }
            Under::Line(pieces) | Under::GoesOn(pieces) => painter.line(0, y, area.width, &pieces),
            Under::Pair(pieces) => {
                let more = format!(" +{unseen} more: {} ", model.key_for(&task::WHY));
                let is_last = unseen > 0 && last_pair == Some(at);
                let wide = if is_last { lines(width(&more)) } else { 0 };
                painter.line(0, y, area.width.saturating_sub(wide), &pieces);
                if is_last {
                    painter.right(y, &more, Role::Dim);
                }
            }
        }
    }
    for (line, (text, role)) in notices.into_iter().enumerate() {
        painter.text(1, end + lines(line), area.width.saturating_sub(1), &text, role);
    }
}

/// The first line: what the task is, how sure the machine is, where it stands in the queue.
pub fn title(painter: &mut Painter<'_>, model: &Model, screen: &TaskScreen) {
    let place = screen.id().and_then(|task| model.place(task));
    let place = place.map(|(place, length)| format!("{place} of {length} "));
    let whole = format!("{} {} ", place.as_deref().unwrap_or_default(), model.actor);
    let id = || screen.id().map(|task| task.to_string()).unwrap_or_default();
    let told =
        screen.view.as_ref().map_or_else(|| vec![piece(id(), Role::Title)], |view| described(view));
    // What the task is says more than who sits here and where it stands.
    let needed: usize = told.iter().map(|(text, _)| width(text)).sum::<usize>() + 2;
    let fits = |right: &String| needed + width(right) <= painter.width().into();
    let right = [Some(whole), place].into_iter().flatten().find(fits).unwrap_or_default();
    let room = painter.right(0, right.trim_start(), Role::Dim).saturating_sub(2);
    painter.line(1, 0, room, &told);
}

fn described(view: &TaskView) -> Line {
    let customers = match view.columns.len() {
        1 => view.columns[0].customer.to_string(),
        count => format!("{count} customers"),
    };
    let Some(task) = &view.task else {
        return vec![piece(format!("comparison  {customers}"), Role::Title)];
    };
    let kind = match Theme::of_kind(task.kind) {
        Role::Plain => Role::Title,
        role => role,
    };
    let mut text = format!("  {customers}");
    if let Some(score) = task.score {
        text += &format!("  {}", domain::score(score));
    }
    if let Some(weakest) = task.weakest.filter(|weakest| Some(*weakest) != task.score) {
        text += &format!(", weakest link {}", domain::score(weakest));
    }
    let mut told = vec![
        piece(format!("{} ", task.id), Role::Title),
        piece(task.kind.name(), kind),
        piece(text, Role::Title),
    ];
    if task.state.name() != "open" {
        told.push(piece(format!("  {}", task.state.name()), Theme::of_state(&task.state)));
    }
    told
}

/// Lines that why a merge is refused may take.
const REFUSED: usize = 3;

/// Lines that a question and its answer may take.
const ASKED: usize = 4;

/// What was asked of someone about the task, and what they answered.
#[must_use]
pub fn asked(view: &TaskView, columns: u16, theme: Theme) -> Vec<(String, Role)> {
    let room = usize::from(columns.saturating_sub(2)).max(8);
    let told = view.asked.iter().flat_map(|line| wrapped(&clean(line, theme.glyphs), room));
    told.take(ASKED).map(|line| (line, Role::Attention)).collect()
}

/// What the demo or the training says beside the task.
#[must_use]
pub fn coach(model: &Model, view: &TaskView, columns: u16) -> Vec<(String, Role)> {
    let room = usize::from(columns.saturating_sub(4)).max(8);
    let told = view.coach.iter().flat_map(|line| wrapped(&model.told(&line.0), room));
    told.map(|line| (format!("{} {line}", model.theme.coach()), Role::Coach)).collect()
}

/// Who else is at the task, and what they have done to it since it was fetched.
#[must_use]
pub fn others(model: &Model, screen: &TaskScreen, columns: u16) -> Vec<(String, Role)> {
    let others = model.others.as_ref().filter(|others| screen.id() == Some(others.task));
    let Some(others) = others.map(|others| &others.view) else { return Vec::new() };
    let since = others.since.join("; ");
    let mut told = Vec::new();
    match (others.ended, since.is_empty()) {
        (true, true) => told.push(("decided meanwhile".to_owned(), Role::Bad)),
        (true, false) => told.push((format!("decided meanwhile: {since}"), Role::Bad)),
        (false, false) => told.push((format!("changed since you saw it: {since}"), Role::Bad)),
        (false, true) => {}
    }
    told.extend(others.who().filter(|_| !others.ended).map(|who| (who, Role::Attention)));
    let room = usize::from(columns.saturating_sub(2)).max(8);
    let lines = told.into_iter().flat_map(|(text, role)| {
        let text = clean(&text, model.theme.glyphs);
        wrapped(&text, room).into_iter().take(2).map(move |line| (line, role)).collect::<Vec<_>>()
    });
    lines.collect()
}

/// What was said about the task last, and how much there is.
#[must_use]
pub fn comments(model: &Model, view: &TaskView, columns: u16) -> Vec<(String, Role)> {
    let Some(last) = view.comments.last() else { return Vec::new() };
    let text = last.text.as_deref().unwrap_or("(erased with a person)");
    let earlier = match view.comments.len() - 1 {
        0 => String::new(),
        earlier => format!(" (+{earlier} before it: {})", model.key_for(&records::OPEN_HISTORY)),
    };
    let said = clean(&format!("{} said{earlier}: {text}", last.actor), model.theme.glyphs);
    let room = usize::from(columns.saturating_sub(2)).max(8);
    let lines = wrapped(&said, room).into_iter().take(2);
    lines.map(|line| (line, Role::Attention)).collect()
}

/// Columns of which it is told what their customers did.
const DID: usize = 3;

/// What the customers did, a line each; one line for all where there is little room.
fn did(view: &TaskView, area: Rect) -> Vec<(String, Role)> {
    let told = view.columns.iter().enumerate().filter_map(|(at, column)| {
        let activity = column.activity.as_ref()?;
        Some(format!("{} {}: {}", at + 1, column.customer, activity.words()))
    });
    let mut told: Vec<String> = told.take(DID).collect();
    if area.height <= LOW + FIELDS + 3 && !told.is_empty() {
        told = vec![told.join("; ")];
    }
    told.into_iter().map(|line| (line, Role::Dim)).collect()
}

/// The lines just above the status: what was asked, the coach's, and why the merge as drafted would
/// be refused.
fn notices(model: &Model, screen: &TaskScreen, area: Rect) -> Vec<(String, Role)> {
    let view = screen.view.as_ref();
    let mut notices = view.map_or_else(Vec::new, |view| asked(view, area.width, model.theme));
    notices.truncate(usize::from(area.height / 5));
    if area.height > LOW {
        notices.extend(view.map_or_else(Vec::new, |view| did(view, area)));
    }
    notices.extend(view.map_or_else(Vec::new, |view| comments(model, view, area.width)));
    notices.extend(others(model, screen, area.width));
    notices.extend(view.map_or_else(Vec::new, |view| coach(model, view, area.width)));
    if let Some(refusal) = screen.refusal() {
        let key = |row: &Row| model.key_for(row);
        let waives = || format!(" ({} waives)", key(&task::WAIVE));
        // First, since a narrow screen cuts the end.
        let way_out = if screen.broken_rules().is_empty() { String::new() } else { waives() };
        let text = format!("{}{way_out}: {refusal}", key(&task::MERGE));
        let room = usize::from(area.width.saturating_sub(2)).max(8);
        let most = if area.height > LOW { REFUSED } else { 1 };
        let lines = few(&clean(&text, model.theme.glyphs), room, most, model.theme.glyphs);
        notices.extend(lines.into_iter().map(|line| (line, Role::Bad)));
    }
    notices
}

fn showing(screen: &TaskScreen) -> Showing {
    Showing { raw: screen.raw, all: screen.rows == crate::model::Rows::All }
}

fn draw_grid(painter: &mut Painter<'_>, screen: &TaskScreen, view: &TaskView, list: List) {
    let shown = screen.shown_columns();
    let mark = |customer: usize| screen.draft.marks.get(customer).copied().flatten();
    let room = usize::from(geometry(screen, painter.width()).wide.saturating_sub(2));
    let columns = shown
        .iter()
        .enumerate()
        .map(|(at, column)| GridColumn {
            head: head(at, column, mark(column.customer), screen.face(), room),
            cells: column.cells(),
        })
        .collect();
    let all_rows = screen.shown_rows();
    let golden = |field: &domain::FieldName| golden::drafted(screen, field);
    let grid = Grid {
        fields: &view.fields,
        rows: &all_rows,
        window: list.window(&screen.scroll, all_rows.len(), painter.height()),
        columns,
        golden_head: golden_head(screen, view),
        golden: &golden,
        cursor: (screen.scroll.cursor, screen.column),
        showing: showing(screen),
        marked: screen.marks_first(),
        head: head_lines(painter.height()),
        refused: &|field| screen.is_refused_for(field),
    };
    grid.draw(painter, 1);
}

fn head(
    at: usize,
    shown: &ShownColumn<'_>,
    mark: Option<char>,
    face: Face,
    room: usize,
) -> [String; 3] {
    let members = match shown.member {
        Some(member) => std::slice::from_ref(member),
        None => &shown.column.members,
    };
    let mut first = format!("{} {:<4}", at + 1, shown.column.customer);
    if face == Face::Compare {
        first += &format!(" [{}]", mark.unwrap_or(' '));
    }
    let who = match members {
        [member] => member.address.to_string(),
        _ => format!("{} records", members.len()),
    };
    let trust = members.iter().map(|member| member.trust).max();
    let updated = members.iter().map(|member| member.updated).max();
    let set_aside = members.iter().find_map(|member| member.quarantined);
    let is_closed = match shown.member {
        Some(member) => member.vanished.is_some_and(|vanished| vanished.closed),
        None => shown.column.closed,
    };
    let when = match (trust, updated) {
        _ if is_closed => "closed".to_owned(),
        _ if members.iter().any(|it| it.vanished.is_some_and(|it| it.is_undecided())) => {
            "vanished".to_owned()
        }
        _ if set_aside.is_some() && members.len() == 1 => "quarantined".to_owned(),
        (Some(trust), Some(updated)) => {
            let day = day(updated);
            let told = [format!("trust {trust}, {day}"), format!("{trust:<3} {day}")];
            // Half a date says less than no trust.
            told.into_iter().find(|told| width(told) <= room).unwrap_or(day)
        }
        _ => String::new(),
    };
    [first, who, when]
}

/// The day of a moment.
#[must_use]
pub fn day(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn golden_head(screen: &TaskScreen, view: &TaskView) -> [String; 3] {
    let merged = screen.merged();
    let Some(merged) = merged else {
        let of = screen.as_it_is().filter(|_| view.columns.len() > 1);
        let of = of.map(|column| format!("{} as it is", column.customer));
        let of = of.unwrap_or_else(|| "as it is".to_owned());
        return ["golden".to_owned(), of, String::new()];
    };
    let survivor = screen.preview.as_ref().and_then(|preview| preview.customer).or_else(|| {
        merged.iter().filter_map(|at| view.columns.get(*at)).map(|column| column.customer).min()
    });
    let labels = screen.labels();
    let members: Vec<&str> =
        merged.iter().filter_map(|at| labels.get(*at)).map(String::as_str).collect();
    let name = survivor.map(|customer| customer.to_string()).unwrap_or_default();
    [format!("-> {name}"), members.join(" + "), "kept".to_owned()]
}

/// Every column's value of the field under the cursor, as delivered and as read: the layer of Enter.
#[must_use]
pub fn value_lines(screen: &TaskScreen, columns: u16, theme: Theme) -> Vec<Line> {
    let Some((row, field)) = screen.current_field() else { return Vec::new() };
    let room = usize::from(columns.saturating_sub(4)).max(8);
    let mut lines: Vec<Line> = Vec::new();
    let mut add = |text: &str, role: Role, indent: &str| {
        let cleaned = clean(text, theme.glyphs);
        lines.extend(
            wrapped(&cleaned, room)
                .into_iter()
                .map(|part| vec![piece(format!("{indent}{part}"), role)]),
        );
    };
    if let Some(about) = field.about() {
        add(&about, Role::Dim, "");
    }
    for (at, shown) in screen.shown_columns().iter().enumerate() {
        let Some(cell) = shown.cells().get(row) else { continue };
        let who = shown.member_of(row).map(|member| member.address.to_string()).unwrap_or_default();
        add(&format!("{} {} {who}", at + 1, shown.column.customer), Role::Title, "");
        add(cell.text.as_deref().unwrap_or("(none)"), Role::Plain, "  ");
        if let Some(raw) = &cell.raw {
            add(&format!("delivered: {raw}"), Role::Dim, "  ");
        }
        for violation in &cell.violations {
            add(&violation.message, Role::Bad, "  ");
            if let Some(remedy) = &violation.remedy {
                add(remedy, Role::Dim, "  ");
            }
        }
    }
    if let Some(value) = screen.golden().and_then(|golden| golden.get(field.name.as_str())) {
        add("golden", Role::Title, "");
        add(&format!("{}  ({})", value.text, golden::lineage(value)), Role::Plain, "  ");
    }
    lines
}
