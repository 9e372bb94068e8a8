//! The two lines at the bottom: what happened, and what can be pressed.

use super::{Line, Painter, piece};
use crate::context::Context;
use crate::keys::{Bound, everywhere, queue};
use crate::model::Model;
use crate::screens::{BOTTOM, lines};
use crate::text::{cut_to_end, width, wrapped};
use crate::theme::Role;
use door::views::LastDecided;

/// The lines at the bottom.
const LINES: usize = BOTTOM as usize;

/// A space that no line is broken at.
const UNBROKEN: &str = "\u{a0}";

/// Draws the status line and the hints on an area of two lines.
pub fn draw(painter: &mut Painter<'_>, model: &Model) {
    if complaint(model, painter.width()).is_some() {
        return;
    }
    status(painter, model);
    let line = hints(model, painter.width().into());
    painter.line(1, 1, painter.width().saturating_sub(1), &line);
}

/// Draws what went wrong and is too long for one line, over all of the window: from its last line up,
/// over as much of the screen as it takes, up to half of it.
pub fn draw_complaint(painter: &mut Painter<'_>, model: &Model) {
    let width = painter.width();
    let Some(mut told) = complaint(model, width) else { return };
    let most = usize::from(painter.height() / 2).max(LINES);
    if told.len() > most {
        // Its cause stands at the end.
        let rest = told.split_off(most - 1).join(" ");
        told.push(cut_to_end(&rest, usize::from(width.saturating_sub(2))));
    }
    let height = lines(told.len().max(LINES));
    let mut area = painter.part(0, painter.height().saturating_sub(height), width, height);
    for y in 0..height {
        area.blank(y);
    }
    for (y, text) in told.iter().enumerate() {
        area.text(1, lines(y), width.saturating_sub(2), text, Role::Bad);
    }
}

/// What went wrong, in lines; `None` where nothing did, or it fits on the status line.
fn complaint(model: &Model, columns: u16) -> Option<Vec<String>> {
    let status = model.status.as_ref().filter(|it| it.bad && model.count.is_none())?;
    let room = usize::from(columns.saturating_sub(2));
    let mut told = wrapped(&status.text, room);
    if told.len() > LINES && width(&status.text) <= LINES * room {
        // A long path left the first line empty behind it: broken anywhere, it all fits.
        told = wrapped(&status.text.replace(' ', UNBROKEN), room);
    }
    (told.len() > 1).then(|| told.into_iter().map(|text| text.replace(UNBROKEN, " ")).collect())
}

fn status(painter: &mut Painter<'_>, model: &Model) {
    let mut room = painter.width().saturating_sub(1);
    let key = model.key_for(&everywhere::UNDO);
    let undo = model.would_undo.as_ref().map(|last| {
        // What belongs to a bulk is asked about as a whole.
        let what = last.bulk.map_or_else(|| last.decision.to_string(), |bulk| bulk.to_string());
        format!("{key}: undo {what} ")
    });
    // It gives way to what went wrong.
    let wants_all = |undo: &String| {
        let said = model.status.as_ref().filter(|status| status.bad);
        said.is_some_and(|said| width(&said.text) + width(undo) + 2 > usize::from(room))
    };
    if let Some(undo) = undo.filter(|undo| !wants_all(undo)) {
        room = painter.right(0, &undo, Role::Dim).saturating_sub(2);
    }
    // Another line leaves it the end, where there is room for both.
    if let (Some(short), Some(status)) = (model.short_work(), &model.status) {
        let [short_width, said] = [&short, &status.text].map(|text| width(text));
        if said + short_width + 4 < usize::from(room) {
            room -= lines(short_width);
            painter.text(room, 0, lines(short_width), &short, Role::Attention);
            room -= 2;
        }
    }
    if let Some(count) = model.count {
        painter.text(1, 0, room, &count.to_string(), Role::Attention);
    } else if let Some(status) = &model.status {
        let role = match (status.bad, status.done) {
            (true, _) => Role::Bad,
            (false, true) => Role::Good,
            (false, false) => Role::Plain,
        };
        painter.text(1, 0, room, &status.text, role);
    } else if let Some(work) = model.long_work().filter(|_| model.is_working()) {
        painter.text(1, 0, room, &work, Role::Attention);
    } else if let Some(earlier) = earlier(model) {
        painter.text(1, 0, room, &earlier, Role::Dim);
    }
}

/// With nothing else to say: what was decided about these customers before, or what `u` takes back.
fn earlier(model: &Model) -> Option<String> {
    let about = model.task().and_then(|screen| screen.view.as_ref());
    if let Some(earlier) = about.and_then(|view| view.earlier.first()) {
        let others = model.would_undo.as_ref().filter(|it| it.decision != earlier.decision);
        // Beside the key that takes back another one it must not read as that.
        return Some(match others {
            Some(_) => format!("decided before: {}", earlier.line),
            None => earlier.line.clone(),
        });
    }
    model.would_undo.as_ref().map(|LastDecided { decision, line, .. }| {
        if line.starts_with(&decision.to_string()) {
            line.clone()
        } else {
            format!("{decision} {line}")
        }
    })
}

/// The hints that fit: the effect of `m` and `n` first, `?` always.
fn hints(model: &Model, width: usize) -> Line {
    let context = Context::of(model);
    let always = match context.is_layer() {
        true => (model.key_for(&everywhere::CLOSE), "close"),
        false => (model.key_for(&everywhere::HELP), "all"),
    };
    let mut room = width.saturating_sub(always.0.len() + always.1.len() + 3);
    let mut line = Line::new();
    let mut add = |keys: String, label: String, line: &mut Line| {
        let needed = keys.chars().count() + label.chars().count() + 3;
        if needed <= room {
            room -= needed;
            line.push(piece(keys, Role::Key));
            line.push(piece(format!(" {label}  "), Role::Plain));
        }
    };
    let hinted = |bound: &&Bound| !bound.row.hint.is_empty() && !bound.keys.is_empty();
    let beside = Context::beside(model).filter(|_| context == Context::Queue);
    let mut rows: Vec<&Bound> = model.keys.with_beside(context, beside).filter(hinted).collect();
    if beside.is_some() {
        // What decides is what most keys are pressed for.
        rows.sort_by_key(|bound| match bound.row.decides_task() {
            _ if bound.row.is(&queue::OPEN) => 0,
            true => 1,
            false => 2,
        });
    }
    for bound in rows {
        let row = bound.row;
        if row.out_of_place(model).is_none() {
            let (keys, label) = hint(bound, model);
            add(keys, label, &mut line);
        }
        // Every list that can be filtered has room for it.
        if row.name == queue::FILTER.name
            && !model.is_wide()
            && let Some(prefix) = model.keys.prefix_of(&everywhere::GO_QUEUE)
        {
            add(prefix.to_string(), "go to".to_owned(), &mut line);
        }
    }
    line.push(piece(always.0, Role::Key));
    line.push(piece(format!(" {}", always.1), Role::Plain));
    line
}

/// The key and what it does, as it is on screen.
fn hint(bound: &Bound, model: &Model) -> (String, String) {
    let row = bound.row;
    let each = row.each.map(|each| each(model)).filter(|_| model.at_hand().is_some());
    let keys = each.and_then(|last| bound.keys_up_to(last)).or_else(|| bound.first_key());
    let label = row.label.and_then(|label| label(model));
    (keys.unwrap_or_default(), label.unwrap_or_else(|| row.hint.to_owned()))
}
