//! Customers side by side, and with other keys and more reasons the challenge.

mod beyond;
mod verdict;

use std::ops::Range;

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use super::{challenge, golden, lines};
use crate::keys::{Row, task};
use crate::layers;
use crate::model::{Face, Model, ShownColumn, TaskScreen};
use crate::text::{clean, width, wrapped};
use crate::theme::{Role, Theme};
use crate::widgets::geometry::{Contents, Geometry};
use crate::widgets::grid::{Grid, GridColumn, Showing, head_lines};
use crate::widgets::{Line, List, Painter, grid, piece, waterfall};
use door::views::{Cell, ExplanationView, FieldView, TaskView};

/// Pairs that are shown where there is room for most of the fields.
const PAIRS: usize = 2;
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
    // What contradicts has a row on every screen: a field gives way to it where little fits.
    let given = u16::from(
        low_contradiction(screen, (area.width, area.height <= LOW), model.theme).is_some(),
    );
    let fields = (room / 2).max(FIELDS - given);
    let mut fields = lines(screen.row_count()).min(fields).min(room);
    let (_, least) = under(screen, (area.width, area.height <= LOW), model.theme);
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
    let (under, _) = under(screen, (area.width, area.height <= LOW), model.theme);
    let mut under: Vec<Under> = under.into_iter().take((start..end).len()).collect();
    // A title alone says nothing.
    if matches!(under.last(), Some(Under::Rule(_))) {
        under.pop();
    }
    let mut beyond = beyond::told(screen, list, area);
    for (y, line) in (start..end).zip(under) {
        match line {
            // The first one under the rows says that there are more of them.
            Under::Rule(title) => {
                painter.rule(y, &format!("{title}{}", std::mem::take(&mut beyond)));
            }
            Under::Line(pieces) => painter.line(0, y, area.width, &pieces),
        }
    }
    for (line, (text, role)) in notices.into_iter().enumerate() {
        painter.text(1, end + lines(line), area.width.saturating_sub(1), &text, role);
    }
}

/// The first line: what the task is, how sure the machine is, where it stands in the queue.
pub fn title(painter: &mut Painter<'_>, model: &Model, screen: &TaskScreen) {
    let mut right = format!("{} ", model.actor);
    if let Some((place, length)) = screen.id().and_then(|task| model.place(task)) {
        right = format!("{place} of {length}  {right}");
    }
    let room = painter.right(0, &right, Role::Dim).saturating_sub(2);
    let id = || screen.id().map(|task| task.to_string()).unwrap_or_default();
    let told =
        screen.view.as_ref().map_or_else(|| vec![piece(id(), Role::Title)], |view| described(view));
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

/// The lines just above the status: what was asked, the coach's, and why the merge as drafted would
/// be refused.
fn notices(model: &Model, screen: &TaskScreen, area: Rect) -> Vec<(String, Role)> {
    let view = screen.view.as_ref();
    let mut notices = view.map_or_else(Vec::new, |view| asked(view, area.width, model.theme));
    notices.truncate(usize::from(area.height / 5));
    notices.extend(others(model, screen, area.width));
    notices.extend(view.map_or_else(Vec::new, |view| coach(model, view, area.width)));
    if let Some(refusal) = screen.refusal() {
        let key = |row: &Row| model.key_for(row);
        let waives = || format!(" ({} waives)", key(&task::WAIVE));
        // First, since a narrow screen cuts the end.
        let way_out = if screen.broken_rules().is_empty() { String::new() } else { waives() };
        notices.push((format!("{}{way_out}: {refusal}", key(&task::MERGE)), Role::Bad));
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

/// A line under the rows.
enum Under {
    /// A rule with a title.
    Rule(String),
    /// A line.
    Line(Line),
}

/// What contradicts, on a low screen.
fn low_contradiction(
    screen: &TaskScreen,
    (columns, is_low): (u16, bool),
    theme: Theme,
) -> Option<Line> {
    let view = screen.view.as_ref().filter(|_| is_low)?;
    verdict::contradiction(screen, view, columns, theme)
}

/// What stands under the rows, most important first, and how many lines of it are kept whatever the
/// height.
fn under(screen: &TaskScreen, (columns, is_low): (u16, bool), theme: Theme) -> (Vec<Under>, usize) {
    let mut under = Vec::new();
    let Some(view) = &screen.view else { return (under, 0) };
    // Where little fits, what contradicts comes before the values.
    let contradicts = low_contradiction(screen, (columns, is_low), theme);
    under.extend(contradicts.map(Under::Line));
    if let Some((row, field)) = screen.current_field() {
        under.push(Under::Rule(field.name.to_string()));
        let values = whole_values(screen, row, field, columns, theme);
        under.extend(values.into_iter().map(Under::Line));
    }
    let verdict = verdict::lines(screen, view, columns, theme);
    under.extend(verdict.into_iter().map(Under::Line));
    // No comparison tells that a source has merged them.
    let says_why = view.is_merged_in_source() || view.is_second_look();
    if screen.face() == Face::Challenge || says_why {
        let reasons = challenge::reasons(view, columns, theme);
        under.extend(reasons.into_iter().map(Under::Line));
    }
    let mut least = under.len();
    least += view.pairs.len().min(PAIRS);
    let labels = |pair: &ExplanationView| layers::pair_label(screen, pair);
    let told = screen.told_pairs();
    let told = told.iter().filter_map(|at| view.pairs.get(*at));
    under.extend(told.map(|pair| Under::Line(waterfall::one_line(&labels(pair), pair))));
    if let Some(pair) = view.pairs.get(screen.pair_under_cursor()) {
        under.push(Under::Rule(format!("why {}", labels(pair))));
        under.extend(waterfall::bars(pair, theme).into_iter().map(Under::Line));
    }
    if !view.earlier.is_empty() {
        under.push(Under::Rule("decided before".to_owned()));
        let line = |line: &str| Under::Line(vec![piece(format!(" {line}"), Role::Plain)]);
        under.extend(view.earlier.iter().map(|earlier| line(&earlier.line)));
    }
    (under, least)
}

/// The field under the cursor, whole, one line a visible column; what is wrong with it and who wins
/// at the right.
fn whole_values(
    screen: &TaskScreen,
    row: usize,
    field: &FieldView,
    columns: u16,
    theme: Theme,
) -> Vec<Line> {
    let shown = screen.shown_columns();
    let won = golden::drafted(screen, &field.name);
    let lineage =
        screen.golden().and_then(|golden| golden.get(field.name.as_str())).map(golden::lineage);
    let mut values = Vec::new();
    for at in geometry(screen, columns).visible {
        let Some(cell) = shown[at].cells().get(row) else { continue };
        let flag = if cell.violations.is_empty() { ' ' } else { '!' };
        let text = grid::shown(cell, showing(screen)).map_or("(none)", |text| text.as_str());
        let number = char::from_digit(u32::try_from(at + 1).unwrap_or(0), 36).unwrap_or(' ');
        let picked = screen.draft.picks.get(&field.name);
        let remark = if let Some(violation) = cell.violations.first() {
            let suggested = violation.suggestion.as_ref();
            let suggested = suggested.map(|suggestion| format!(", a takes {suggestion}"));
            let removed = || violation.removes.then(|| ", a removes it".to_owned());
            let suggested = suggested.or_else(removed);
            (format!("{}{}", violation.message, suggested.unwrap_or_default()), Role::Bad)
        } else if won.as_ref().is_some_and(|golden| golden.winner == number) {
            let why =
                picked.map_or_else(|| lineage.clone().unwrap_or_default(), |_| "picked".to_owned());
            (format!("takes: {why}"), Role::Dim)
        } else if shown[at].column.closed && cell.text.is_some() {
            ("closed: what it was".to_owned(), Role::Dim)
        } else {
            (String::new(), Role::Dim)
        };
        let other = compared_with(screen, at).and_then(|other| shown.get(other)?.cells().get(row));
        let spans = other
            .map(|other| grid::differs(cell, other, showing(screen), theme))
            .unwrap_or_default();
        let label = format!(" {number}{flag} ");
        values.push(value_line(
            &label,
            &spanned(text, &spans, theme),
            words(cell),
            remark,
            columns,
            theme,
        ));
    }
    if won.as_ref().is_some_and(|golden| golden.winner == '!') {
        let text = match field.group.is_empty() {
            true => "golden value empty: a number takes a column's".to_owned(),
            false => "golden value empty: the record that won the group has none".to_owned(),
        };
        values.push(vec![piece(" !  ", Role::Bad), piece(text, Role::Bad)]);
    }
    if let Some(golden) = won.filter(|golden| matches!(golden.winner, '*' | 's')) {
        let why =
            if golden.winner == '*' { "typed".to_owned() } else { lineage.unwrap_or_default() };
        let remark = (format!("takes: {why}"), Role::Dim);
        values.push(value_line(
            &format!(" {}  ", golden.winner),
            &spanned(&golden.text, &[], theme),
            None,
            remark,
            columns,
            theme,
        ));
    }
    values
}

/// The column that a column is compared with, as the grid does.
fn compared_with(screen: &TaskScreen, at: usize) -> Option<usize> {
    match (at, screen.column) {
        (1.., _) => Some(0),
        (0, at) if at > 0 && at < screen.column_count() => Some(at),
        _ => Some(1),
    }
}

/// What is said beside the mark of a cell, with the mark.
fn words(cell: &Cell) -> Option<(String, Role)> {
    let (sign, role) = grid::sign(cell.mark);
    let words = cell.words.as_str();
    (!words.is_empty()).then(|| (format!("  {sign} {words}"), role))
}

/// A text in pieces: what differs stands out.
fn spanned(text: &str, spans: &[Range<usize>], theme: Theme) -> Line {
    let mut line = Line::new();
    for (at, grapheme) in clean(text, theme.glyphs).graphemes(true).enumerate() {
        let differs = spans.iter().any(|span| span.contains(&at));
        let role = if differs { Role::Differing } else { Role::Plain };
        match line.last_mut().filter(|(_, last)| *last == role) {
            Some((piece, _)) => piece.push_str(grapheme),
            None => line.push(piece(grapheme, role)),
        }
    }
    line
}

fn value_line(
    label: &str,
    text: &[(String, Role)],
    words: Option<(String, Role)>,
    remark: (String, Role),
    columns: u16,
    theme: Theme,
) -> Line {
    let room = usize::from(columns);
    let remark_text = clean(&remark.0, theme.glyphs);
    let mut line = vec![piece(label, Role::Dim)];
    line.extend(text.iter().cloned().chain(words));
    let used: usize = line.iter().map(|(text, _)| width(text)).sum();
    let gap = room.saturating_sub(used + width(&remark_text) + 1);
    if !remark_text.is_empty() {
        line.push(piece(" ".repeat(gap.max(2)), Role::Plain));
        line.push(piece(remark_text, remark.1));
    }
    line
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
