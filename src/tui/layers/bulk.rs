//! A bulk on its way: what it would do and would not, the count to type, how far it has come.

use crate::keys::{everywhere, layers, records};
use crate::model::{Bulk, Model, Phase};
use crate::text::wrapped;
use crate::theme::Role;
use crate::widgets::Painter;

use super::asking;
use super::frame::Frame;

/// Columns before what is listed.
const INDENT: u16 = 2;

/// Draws the bulk over the screen.
pub fn draw(painter: &mut Painter<'_>, model: &Model, bulk: &Bulk) {
    let reason = bulk.reason.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    let verdict = bulk.verdict.verdict().name();
    let title = match bulk.bulk {
        Some(id) => format!("{id} {verdict}{reason}: {} tasks", bulk.tasks.len()),
        None => format!("{verdict}{reason}: {} tasks", bulk.tasks.len()),
    };
    let mut inside = Frame::Whole.draw(painter, &title);
    let columns = inside.width();
    let mut y = 0;
    for (text, role) in head(bulk) {
        inside.text(0, y, columns, &text, role);
        y += 1;
    }
    let last = inside.height().saturating_sub(2);
    for (count, task, why) in bulk.reasons().into_iter().skip(bulk.top) {
        if y >= last {
            break;
        }
        let as_task = if count == 1 { String::new() } else { format!(" and {} more", count - 1) };
        let told = format!("{task}{as_task}: {why}");
        for text in wrapped(&told, usize::from(columns.saturating_sub(INDENT))) {
            if y < last {
                inside.text(INDENT, y, columns, &text, Role::Plain);
                y += 1;
            }
        }
    }
    foot(&mut inside, model, bulk, last);
}

/// What is known so far: how many, and the first of them.
fn head(bulk: &Bulk) -> Vec<(String, Role)> {
    let mut said = Vec::new();
    match bulk.phase {
        Phase::Judging => {
            said.push((
                format!("checking each: {} of {}", bulk.reached, bulk.tasks.len()),
                Role::Attention,
            ));
        }
        Phase::Deciding => {
            said.push((
                format!("decided {} of {}", bulk.decided.len(), bulk.ready.len()),
                Role::Good,
            ));
        }
        Phase::Asking | Phase::Done => {}
    }
    if bulk.phase == Phase::Done && !bulk.decided.is_empty() {
        said.push((format!("{} decided", bulk.decided.len()), Role::Good));
    } else if bulk.phase != Phase::Deciding {
        said.push((format!("{} would be decided", bulk.ready.len()), Role::Title));
        let samples = bulk.samples.iter();
        said.extend(samples.map(|(task, what)| (format!("  {task} {what}"), Role::Plain)));
    }
    if let Some(failed) = &bulk.failed {
        said.push((failed.clone(), Role::Bad));
    }
    if !bulk.refused.is_empty() {
        let done = bulk.phase == Phase::Done && !bulk.decided.is_empty();
        let what = if done { "skipped" } else { "would be refused" };
        said.push((format!("{} {what}", bulk.refused.len()), Role::Bad));
    }
    said
}

fn foot(inside: &mut Painter<'_>, model: &Model, bulk: &Bulk, y: u16) {
    let columns = inside.width();
    let close = model.key_for(&everywhere::CLOSE);
    match bulk.phase {
        Phase::Asking => {
            let (count, submit) = (bulk.ready.len(), model.key_for(&layers::DECIDE));
            let label = format!("type {count} and {submit} to decide: ");
            asking::typed(inside, y, &label, &bulk.typed);
        }
        Phase::Deciding => {
            let said = format!("{close} stops; decisions made stay");
            inside.text(0, y, columns, &said, Role::Key);
        }
        Phase::Done => {
            let said = match bulk.bulk {
                Some(id) if !bulk.decided.is_empty() => {
                    let undo = model.key_for(&everywhere::UNDO);
                    let one = model.key_for(&records::UNDO_ENTRY);
                    format!(
                        "{undo} undoes all of {id}, {one} in the history undoes one; \
                         {close} closes"
                    )
                }
                _ => format!("nothing was decided; {close} closes"),
            };
            inside.text(0, y, columns, &said, Role::Key);
        }
        Phase::Judging => {}
    }
    let more = bulk.reasons().len().saturating_sub(bulk.top);
    if more > usize::from(y) {
        let down = model.key_for(&layers::ROW_DOWN);
        inside.text(0, y + 1, columns, &format!("{down}: more"), Role::Dim);
    }
}
