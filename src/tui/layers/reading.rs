//! Layers that are read: why, help, a whole value.

use super::frame::Frame;
use super::{help, look};
use crate::keys::layers as keys;
use crate::model::{Layer, Model, ShownColumn, TaskScreen};
use crate::screens;
use crate::screens::compare;
use crate::text::{width, wrapped};
use crate::theme::Role;
use crate::widgets::{Line, Painter, piece, waterfall};
use domain::RecordAddress;
use door::views::ExplanationView;

/// Lines and columns around the box, its frame included.
const AROUND: u16 = 4;

/// The lines of a layer, whatever fits of them.
#[must_use]
pub fn reading_lines(model: &Model, layer: &Layer) -> Vec<Line> {
    let task = model.shown_task();
    match layer {
        Layer::Why { pair, .. } => {
            let pair = task.and_then(|screen| screen.view.as_ref()?.pairs.get(*pair));
            let lines = pair.map_or_else(Vec::new, |pair| waterfall::explained(pair, model.theme));
            whole(lines, model.size.0.saturating_sub(AROUND))
        }
        Layer::Explained { pair, .. } => {
            whole(waterfall::explained(pair, model.theme), model.size.0.saturating_sub(AROUND))
        }
        Layer::Help { .. } => help::lines(model, model.size.0.saturating_sub(AROUND)),
        Layer::Value { .. } => match (task, model.customer()) {
            (Some(screen), _) => {
                compare::value_lines(screen, model.size.0.saturating_sub(AROUND), model.theme)
            }
            (None, Some(screen)) => customer_value(screen),
            _ => Vec::new(),
        },
        Layer::Look(look) => look::lines(look, model.size.0.saturating_sub(AROUND), model),
        _ => Vec::new(),
    }
}

/// Sentences that are read to their ends; a bar with its note stays one line.
fn whole(lines: Vec<Line>, columns: u16) -> Vec<Line> {
    const INDENT: &str = "    ";
    let room = usize::from(columns).max(2 * INDENT.len());
    let mut fitting = Vec::new();
    for line in lines {
        match line.as_slice() {
            [(text, role)] if width(text) > room => {
                let parts = wrapped(text, room - INDENT.len()).into_iter().enumerate();
                fitting.extend(parts.map(|(at, part)| {
                    let indent = if at == 0 { "" } else { INDENT };
                    vec![piece(format!("{indent}{part}"), *role)]
                }));
            }
            _ => fitting.push(line),
        }
    }
    fitting
}

fn customer_value(screen: &crate::model::CustomerScreen) -> Vec<Line> {
    let Some(view) = &screen.view else { return Vec::new() };
    let at = screen.scroll.cursor;
    let mut lines: Vec<Line> = Vec::new();
    let about = view.fields.get(at).and_then(|field| field.about());
    lines.extend(about.map(|about| vec![piece(about, Role::Dim)]));
    for member in &view.column.members {
        lines.push(vec![piece(member.address.to_string(), Role::Title)]);
        let Some(cell) = member.cells.get(at) else { continue };
        let text = cell.text.as_deref().unwrap_or("(none)");
        lines.push(vec![piece(format!("  {text}"), Role::Plain)]);
        if let Some(raw) = &cell.raw {
            lines.push(vec![piece(format!("  delivered: {raw}"), Role::Dim)]);
        }
    }
    lines
}

/// `1-2`: the columns a pair's records are in, as they are shown; which records they are, where a column
/// shows more than one.
#[must_use]
pub fn pair_label(screen: &TaskScreen, pair: &ExplanationView) -> String {
    let shown = screen.shown_columns();
    let column = |address: &RecordAddress| {
        let holds = |column: &ShownColumn<'_>| {
            column.records().iter().any(|member| member.address == *address)
        };
        shown.iter().position(holds)
    };
    let places = [&pair.left, &pair.right].map(|address| (address, column(address)));
    let [left, right] = places.map(|(_, at)| at.map_or("?".to_owned(), |at| (at + 1).to_string()));
    let is_one_of_many = |at: Option<usize>| at.is_some_and(|at| shown[at].records().len() > 1);
    let named = places.into_iter().filter(|(_, at)| is_one_of_many(*at));
    let named: Vec<String> = named.map(|(address, _)| address.to_string()).collect();
    match named.is_empty() {
        true => format!("{left}-{right}"),
        false => format!("{left}-{right} ({})", named.join(", ")),
    }
}

/// Draws one of them.
pub fn draw(painter: &mut Painter<'_>, model: &Model, layer: &Layer) {
    let (title, top) = match layer {
        Layer::Why { pair, top } => {
            let screen = model.shown_task();
            let task = screen.and_then(|screen| screen.view.as_ref());
            let shown = task.and_then(|view| view.pairs.get(*pair)).zip(screen);
            let label = shown.map(|(pair, screen)| format!("why {}", pair_label(screen, pair)));
            let count = task.map_or(0, |view| view.pairs.len());
            let key = model.key_for(&keys::NEXT_PAIR);
            let next =
                if count > 1 { format!("  ({key}: next of {count})") } else { String::new() };
            (format!("{}{next}", label.unwrap_or_else(|| "why".to_owned())), *top)
        }
        Layer::Explained { pair, top } => (format!("why {} and {}", pair.left, pair.right), *top),
        Layer::Help { top } => ("keys".to_owned(), *top),
        Layer::Look(look) => (look::title(look), look.top),
        Layer::Value { top } => {
            let task = model.shown_task().and_then(|screen| screen.current_field());
            let name = task.map(|(_, field)| field.name.to_string());
            (name.unwrap_or_else(|| "value".to_owned()), *top)
        }
        _ => return,
    };
    let lines = reading_lines(model, layer);
    let mut inside = Frame::Whole.draw(painter, &title);
    let room = usize::from(inside.height());
    let top = top.min(lines.len().saturating_sub(room));
    let columns = inside.width();
    for (y, line) in lines.iter().skip(top).take(room).enumerate() {
        inside.line(0, screens::lines(y), columns, line);
    }
    if lines.len() > top + room {
        let more = format!(" {}: more ", model.key_for(&keys::LINE_DOWN));
        Frame::Whole.note(painter, &more);
    }
}
