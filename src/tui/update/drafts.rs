//! Marks, picks, ways of showing: what changes on a task before anything is decided.

use super::masks;
use crate::effect::{Effect, Ticket};
use crate::keys::Press;
use crate::model::{Draft, Face, Model, Picked, Rows, Screen, ShownColumn, TaskScreen, UNMARKED};
use crate::text::counted;
use domain::{FieldName, Origin};
use door::operations::Preview;
use door::views::FieldView;
use door::{Action as Verdict, Pick, Request};

/// Puts the column under the cursor in the group or out of it.
pub(crate) fn mark(model: &mut Model) -> Vec<Effect> {
    change_letter(model, Draft::toggle)
}

/// Gives the column under the cursor the next letter.
pub(crate) fn next_letter(model: &mut Model) -> Vec<Effect> {
    change_letter(model, Draft::next_letter)
}

fn change_letter(model: &mut Model, change: fn(&mut Draft, usize)) -> Vec<Effect> {
    if let Some(screen) = model.task_mut()
        && let Some(customer) = screen.current_column().map(|shown| shown.customer)
    {
        change(&mut screen.draft, customer);
    }
    preview(model)
}

/// Shows equal values as such, all values, or the rows that differ.
pub(crate) fn rows(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.task_mut() else { return Vec::new() };
    let field = screen.current_field().map(|(_, field)| field.name.clone());
    screen.rows = screen.rows.next();
    let length = screen.row_count();
    screen.scroll.to(screen.scroll.cursor, length);
    if let Some(field) = field.filter(|_| screen.rows != Rows::Differing) {
        screen.go_to(&field);
    }
    let name = screen.rows.name();
    model.say(name);
    Vec::new()
}

/// Unfolds customers into their members, or folds them again.
pub(crate) fn unfold(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.task_mut() else { return Vec::new() };
    let customer = screen.current_column().map(|shown| shown.customer);
    screen.unfolded = !screen.unfolded;
    let shown = screen.shown_columns();
    let place = shown.iter().position(|column| Some(column.customer) == customer);
    screen.column = place.unwrap_or(shown.len());
    Vec::new()
}

/// Drops the draft, if there is one.
pub(super) fn forget(model: &mut Model) -> Option<Vec<Effect>> {
    let screen = model.task_mut().filter(|screen| screen.is_drafted())?;
    screen.draft = Draft::of(screen.columns());
    screen.broken.clear();
    model.say("draft discarded");
    Some(preview(model))
}

/// Shows values as delivered, or as read.
pub(crate) fn show_raw(model: &mut Model) -> Vec<Effect> {
    let raw = match model.screens.last_mut() {
        Some(Screen::Task(screen)) => &mut screen.raw,
        Some(Screen::Customer(screen)) => &mut screen.raw,
        _ => return Vec::new(),
    };
    *raw = !*raw;
    let said = if *raw { "values as delivered" } else { "values as read" };
    model.say(said);
    Vec::new()
}

/// The field under the cursor and those that survive together with it.
fn together(field: &FieldView) -> Vec<FieldName> {
    if field.group.is_empty() { vec![field.name.clone()] } else { field.group.clone() }
}

/// Picks the value of a column, with everything that survives with it.
pub(crate) fn take(model: &mut Model, press: Press) -> Vec<Effect> {
    match pick(model, press.place) {
        Ok(()) => {
            // What was said of a whole column holds no more.
            model.status.take_if(|status| status.text.ends_with(TAKEN));
            preview(model)
        }
        Err(why) => {
            model.complain(why);
            Vec::new()
        }
    }
}

/// How it ends what is said of a column that was taken.
const TAKEN: &str = " taken";

/// Picks every value that the column under the cursor has.
pub(crate) fn take_column(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.task_mut() else { return Vec::new() };
    let place = screen.column;
    let Some(column) = screen.current_column() else { return Vec::new() };
    let picked = picked(&column, place);
    let held = column.cells().iter().filter(|cell| cell.text.is_some());
    let fields: Vec<FieldName> = held.map(|cell| cell.field.clone()).collect();
    let count = fields.len();
    screen.draft.picks.extend(fields.into_iter().map(|field| (field, picked.clone())));
    let said = format!("{} of column {}{TAKEN}", counted(count, "value", "values"), place + 1);
    masks::say_here(model, &said);
    preview(model)
}

/// What is picked of a column.
fn picked(column: &ShownColumn<'_>, place: usize) -> Picked {
    let pick = match column.member {
        Some(member) => Pick::From(member.record),
        None => Pick::FromCustomer(column.column.customer),
    };
    // A golden column has room for one sign.
    let winner = u32::try_from(place + 1).ok().and_then(|number| char::from_digit(number, 10));
    Picked { pick, winner: winner.unwrap_or('+') }
}

fn pick(model: &mut Model, place: usize) -> Result<(), String> {
    let number = place + 1;
    let Some(screen) = model.task_mut() else { return Ok(()) };
    let Some((row, field)) = screen.current_field() else { return Ok(()) };
    let shown = screen.shown_columns();
    let Some(column) = shown.get(place) else {
        return Err(format!("there is no column {number}"));
    };
    if column.cells().get(row).is_none_or(|cell| cell.text.is_none()) {
        return Err(format!("column {number} has no {}", field.name));
    }
    let picked = picked(column, place);
    let has = |name: &FieldName| {
        column.cells().iter().any(|cell| cell.field == *name && cell.text.is_some())
    };
    let (taken, lacking): (Vec<FieldName>, Vec<FieldName>) =
        together(field).into_iter().partition(has);
    // What another one has and this one has not is of another record then.
    let split: Vec<&str> = lacking
        .iter()
        .filter(|name| screen.golden().is_some_and(|golden| golden.get(name.as_str()).is_some()))
        .map(FieldName::as_str)
        .collect();
    let said = (!split.is_empty()).then(|| {
        let taken: Vec<&str> = taken.iter().map(FieldName::as_str).collect();
        let (taken, split) = (taken.join(", "), split.join(", "));
        format!("column {number} has no {split}: only {taken} taken, {split} stays as it is")
    });
    screen.draft.picks.extend(taken.into_iter().map(|name| (name, picked.clone())));
    if let Some(said) = said {
        model.complain(said);
    }
    Ok(())
}

/// Drops the pick of the field under the cursor, or withdraws the pin it has.
pub(crate) fn back_to_survivorship(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.task_mut() else { return Vec::new() };
    let Some((_, field)) = screen.current_field() else { return Vec::new() };
    let fields = together(field);
    let dropped = fields.iter().any(|name| screen.draft.picks.contains_key(name));
    for name in fields {
        screen.draft.picks.remove(&name);
        let pinned = screen
            .view
            .as_ref()
            .and_then(|view| view.golden.get(name.as_str()))
            .is_some_and(|value| matches!(value.origin, Origin::Pinned { .. }));
        if pinned && !dropped {
            let picked = Picked { pick: Pick::Survivorship, winner: 's' };
            screen.draft.picks.insert(name, picked);
        }
    }
    preview(model)
}

/// The request, answering the task on screen at the version seen.
pub(super) fn request(screen: &TaskScreen, action: Verdict) -> Request {
    let mut request = Request::new(action);
    if let Some(view) = &screen.view {
        request.seen = Some(view.version);
        request.task = view.task.as_ref().map(|task| task.id);
    }
    request
}

/// What a merge asks for; `None` means no letter holds two columns.
pub(super) fn merge(screen: &TaskScreen) -> Option<Request> {
    let groups = screen.draft.merge_groups(screen.columns())?;
    let picks = screen.draft.picks.iter();
    let picks = picks.map(|(field, picked)| (field.clone(), picked.pick.clone())).collect();
    Some(request(screen, Verdict::Merge { groups, into: None, picks, rest: UNMARKED }))
}

/// Asks what the merge as drafted would do.
pub(super) fn preview(model: &mut Model) -> Vec<Effect> {
    let serial = model.next_serial();
    let Some(screen) = model.at_hand_mut() else { return Vec::new() };
    screen.preview_serial = serial;
    let wanted = (screen.face() == Face::Compare && screen.view.is_some()).then(|| merge(screen));
    match wanted.flatten() {
        Some(request) => {
            let unmask = screen.unmasked;
            vec![Effect::ask(Ticket::Preview(serial), Preview { request, unmask })]
        }
        None => {
            screen.preview = None;
            Vec::new()
        }
    }
}
