//! A bulk on its way: every task it would decide, with names and what differs, and those it would not; the
//! count to type, how far it has come.

use crate::keys::{everywhere, layers, records};
use crate::model::{Bulk, BulkLine, Model, Phase};
use crate::screens::lines;
use crate::text::{clean, counted, wrapped};
use crate::theme::Role;
use crate::widgets::{List, Painter};

use super::asking;
use super::frame::Frame;

/// Where it stands.
pub const FRAME: Frame = Frame::Whole;
/// Lines under the list: two about the row under the cursor, one to type on.
const FOOT: u16 = 3;
/// The tasks, under a line that counts them.
pub const LIST: List = List::new(1, FOOT);
/// Draws the bulk over the screen.
pub fn draw(painter: &mut Painter<'_>, model: &Model, bulk: &Bulk) {
    let reason = bulk.reason.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    let verdict = clean(&bulk.what(), model.theme.glyphs);
    let tasks = counted(bulk.tasks.len(), "task", "tasks");
    let title = match bulk.bulk {
        Some(id) => format!("{id} {verdict}{reason}: {tasks}"),
        None => format!("{verdict}{reason}: {tasks}"),
    };
    let mut inside = FRAME.draw(painter, &title);
    let columns = inside.width();
    let (text, role) = head(bulk);
    inside.text(0, 0, columns, &text, role);
    LIST.draw(&mut inside, &bulk.scroll, bulk.length(), |line, at, _| {
        if let Some(told) = bulk.line(at) {
            row(line, bulk, told);
        }
    });
    let under = inside.height().saturating_sub(FOOT);
    let told = about(bulk);
    let told = wrapped(&told, usize::from(columns.saturating_sub(1)));
    for (at, text) in told.iter().take(usize::from(FOOT) - 1).enumerate() {
        inside.text(1, under + lines(at), columns, text, Role::Dim);
    }
    let last = inside.height().saturating_sub(1);
    foot(&mut inside, model, bulk, last);
}

/// A task that is decided, or why some are not.
fn row(line: &mut Painter<'_>, bulk: &Bulk, told: BulkLine<'_>) {
    let columns = line.width();
    match told {
        BulkLine::Row(row) => {
            let role = if row.left_out { Role::Dim } else { Role::Plain };
            line.text(2, 0, 7, &row.task.to_string(), role);
            let names = row.names();
            let room = columns.saturating_sub(10);
            if row.left_out {
                let why = row.unbroken().map(|why| format!(" ({why})")).unwrap_or_default();
                line.text(10, 0, room, &format!("left out{why}: {names}"), role);
                return;
            }
            // Two columns of one width, so that what differs stands under what differs.
            let half = if row.fields().is_empty() { room } else { room / 2 };
            line.text(10, 0, half, &names, role);
            if half < room {
                let at = 11 + half;
                line.text(at, 0, columns.saturating_sub(at), &row.fields(), Role::Attention);
            }
        }
        BulkLine::Refused(count) => {
            let done = bulk.phase == Phase::Done && !bulk.decided.is_empty();
            let what = if done { "skipped" } else { "would be refused" };
            line.text(2, 0, columns, &format!("{count} {what}"), Role::Bad);
        }
        BulkLine::Why(count, task, why) => {
            let as_task =
                if count == 1 { String::new() } else { format!(" and {} more", count - 1) };
            let told = format!("{task}{as_task}: {why}");
            line.text(2, 0, columns.saturating_sub(2), &told, Role::Plain);
        }
    }
}

/// What would be done to the task under the cursor, or the whole reason why not.
fn about(bulk: &Bulk) -> String {
    if let Some(failed) = &bulk.failed {
        return failed.clone();
    }
    match bulk.line(bulk.scroll.cursor) {
        Some(BulkLine::Row(row)) if bulk.phase != Phase::Judging => {
            let fields = row.fields();
            let more = if fields.is_empty() { String::new() } else { format!("; {fields}") };
            format!("{}: {}{more}", row.names(), row.summary)
        }
        Some(BulkLine::Why(_, task, why)) => format!("{task}: {why}"),
        _ => String::new(),
    }
}

/// How many, and how far it is.
fn head(bulk: &Bulk) -> (String, Role) {
    let left_out = bulk.rows.len() - bulk.count();
    let and_left = if left_out > 0 { format!(", {left_out} left out") } else { String::new() };
    match bulk.phase {
        Phase::Judging => {
            (format!("checking each: {} of {}", bulk.reached, bulk.tasks.len()), Role::Attention)
        }
        Phase::Deciding => {
            let done = match bulk.proposed {
                0 => format!("decided {}", bulk.decided.len()),
                _ => bulk.done(),
            };
            (format!("{done} of {}", bulk.ready.len()), Role::Good)
        }
        Phase::Done if !bulk.decided.is_empty() => {
            (format!("{}{and_left}", bulk.done()), Role::Good)
        }
        Phase::Asking | Phase::Done => {
            let cannot = cannot(bulk);
            (format!("{} would be decided{and_left}{cannot}", bulk.count()), Role::Title)
        }
    }
}

/// So many tasks that cannot be decided are named over the list; why stands at its end.
const NAMED: usize = 6;

/// `; 5 cannot: T58, T31`.
fn cannot(bulk: &Bulk) -> String {
    let count = bulk.refused.len();
    if count == 0 {
        return String::new();
    }
    let named: Vec<String> =
        bulk.refused.iter().take(NAMED).map(|(task, _)| task.to_string()).collect();
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    format!("; {count} cannot: {}{more}", named.join(", "))
}

fn foot(inside: &mut Painter<'_>, model: &Model, bulk: &Bulk, y: u16) {
    let columns = inside.width();
    let close = model.key_for(&everywhere::CLOSE);
    match bulk.phase {
        Phase::Asking => {
            let (count, submit) = (bulk.count(), model.key_for(&layers::DECIDE));
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
                    let undo = model.key_for(&layers::UNDO_BULK);
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
}
