//! What stands under the rows of a comparison: the value under the cursor, why the machine left it to people,
//! the pairs.

use std::ops::Range;

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use super::super::{challenge, golden};
use super::{LOW, geometry, showing, verdict};
use crate::keys::task;
use crate::layers;
use crate::model::{Face, Model, TaskScreen};
use crate::text::{clean, cut_sign, width};
use crate::theme::{Role, Theme};
use crate::widgets::{Line, grid, piece, waterfall};
use door::views::{Cell, ExplanationView, FieldView};

/// Pairs that are shown where there is room for most of the fields.
const PAIRS: usize = 2;

/// A line under the rows.
pub enum Under {
    /// A rule with a title.
    Rule(String),
    /// A line.
    Line(Line),
    /// The next line of the sentence before it.
    GoesOn(Line),
    /// A pair of records.
    Pair(Line),
}

/// What fits of what stands under the rows: that a sentence goes on is seen, and how many pairs are not.
pub fn fitting(mut under: Vec<Under>, room: usize, theme: Theme) -> (Vec<Under>, usize) {
    let rest = under.split_off(room.min(under.len()));
    // A title alone says nothing.
    if matches!(under.last(), Some(Under::Rule(_))) {
        under.pop();
    }
    if let (Some(Under::GoesOn(_)), Some(Under::Line(last) | Under::GoesOn(last))) =
        (rest.first(), under.last_mut())
    {
        last.push(piece(cut_sign(theme.glyphs), Role::Dim));
    }
    let is_told = under.iter().any(|line| matches!(line, Under::Pair(_)));
    let unseen = rest.iter().filter(|line| matches!(line, Under::Pair(_))).count();
    (under, if is_told { unseen } else { 0 })
}

/// What decides, on a low screen: what contradicts, or what a challenge is about.
pub fn on_low(model: &Model, screen: &TaskScreen, area: Rect) -> Vec<Line> {
    let Some(view) = screen.view.as_ref().filter(|_| area.height <= LOW) else { return Vec::new() };
    if screen.face() == Face::Challenge {
        return challenge::low(screen, &model.key_for(&task::KEEP), area.width, model.theme);
    }
    Vec::from_iter(verdict::contradiction(screen, view, area.width, model.theme))
}

/// What stands under the rows, most important first, and how many lines of it are kept whatever the
/// height.
pub fn under(model: &Model, screen: &TaskScreen, area: Rect) -> (Vec<Under>, usize) {
    let (columns, theme) = (area.width, model.theme);
    // Where little fits, what decides comes before the values.
    let on_low = on_low(model, screen, area);
    let first = on_low.len();
    let mut under: Vec<Under> = on_low.into_iter().map(Under::Line).collect();
    let Some(view) = &screen.view else { return (under, 0) };
    if let Some((row, field)) = screen.current_field() {
        under.push(Under::Rule(field.name.to_string()));
        let values = whole_values(screen, row, field, columns, theme);
        under.extend(values.into_iter().map(Under::Line));
    }
    let verdict = verdict::lines(screen, view, columns, theme);
    under.extend(verdict.into_iter().map(|(line, goes_on)| match goes_on {
        true => Under::GoesOn(line),
        false => Under::Line(line),
    }));
    // No comparison tells that a source has merged them.
    let says_why = view.is_merged_in_source() || view.is_second_look();
    if screen.face() == Face::Challenge || says_why {
        let reasons = challenge::reasons(view, columns, theme);
        under.extend(reasons.into_iter().map(Under::Line));
    }
    // On a low screen a challenge has said what decides.
    let mut least = if first > 1 { first } else { under.len() };
    least += if first > 1 { 0 } else { view.pairs.len().min(PAIRS) };
    let labels = |pair: &ExplanationView| layers::pair_label(screen, pair);
    let told = screen.told_pairs();
    let told = told.iter().filter_map(|at| view.pairs.get(*at));
    under.extend(told.map(|pair| Under::Pair(waterfall::one_line(&labels(pair), pair))));
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
        let flag = if cell.is_flawed() { '!' } else { ' ' };
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
