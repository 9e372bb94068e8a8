//! Marks, picks, ways of showing: what changes on a task before anything is decided.

use super::masks;
use crate::action::Action;
use crate::effect::{Effect, Ticket};
use crate::keys::Key;
use crate::model::{Face, Model, Picked, Screen, TaskScreen, UNMARKED};
use domain::{FieldName, Origin};
use door::operations::Preview;
use door::views::FieldView;
use door::{Action as Verdict, Pick, Request};

/// Carries out one of them.
pub(super) fn change(model: &mut Model, action: Action, key: Key) -> Vec<Effect> {
    match action {
        Action::Raw => show_raw(model),
        Action::Unmask => return masks::unmask(model),
        Action::Take if model.task().is_some_and(|screen| screen.face() == Face::Fix) => {
            return super::decide::verdict(model, action, key);
        }
        Action::Take => {
            if let Err(why) = take(model, key) {
                model.complain(why);
                return Vec::new();
            }
            return preview(model);
        }
        Action::Survivorship => {
            back_to_survivorship(model);
            return preview(model);
        }
        Action::Mark | Action::NextLetter => {
            if let Some(screen) = model.task_mut()
                && let Some(customer) = screen.current_column().map(|shown| shown.customer)
            {
                match action {
                    Action::Mark => screen.draft.toggle(customer),
                    _ => screen.draft.next_letter(customer),
                }
            }
            return preview(model);
        }
        Action::Rows => {
            if let Some(screen) = model.task_mut() {
                let field = screen.current_field().map(|(_, field)| field.name.clone());
                screen.rows = screen.rows.next();
                let length = screen.row_count();
                screen.scroll.to(screen.scroll.cursor, length);
                if let Some(field) = field.filter(|_| screen.rows != crate::model::Rows::Differing)
                {
                    screen.go_to(&field);
                }
                let name = screen.rows.name();
                model.say(name);
            }
        }
        Action::Unfold => {
            if let Some(screen) = model.task_mut() {
                let customer = screen.current_column().map(|shown| shown.customer);
                screen.unfolded = !screen.unfolded;
                let shown = screen.shown_columns();
                screen.column = shown
                    .iter()
                    .position(|column| Some(column.customer) == customer)
                    .unwrap_or(shown.len());
            }
        }
        _ => {}
    }
    Vec::new()
}

fn show_raw(model: &mut Model) {
    let raw = match model.screens.last_mut() {
        Some(Screen::Task(screen)) => &mut screen.raw,
        Some(Screen::Customer(screen)) => &mut screen.raw,
        _ => return,
    };
    *raw = !*raw;
    let said = if *raw { "values as delivered" } else { "values as read" };
    model.say(said);
}

/// The field under the cursor and those that survive together with it.
fn together(field: &FieldView) -> Vec<FieldName> {
    if field.group.is_empty() { vec![field.name.clone()] } else { field.group.clone() }
}

/// Picks the value of the column with that number, with everything that survives with it.
fn take(model: &mut Model, key: Key) -> Result<(), String> {
    let Key::Char(digit) = key else { return Ok(()) };
    let number = digit.to_digit(10).unwrap_or(0) as usize;
    let Some(screen) = model.task_mut() else { return Ok(()) };
    let Some((row, field)) = screen.current_field() else { return Ok(()) };
    let shown = screen.shown_columns();
    let Some(column) = number.checked_sub(1).and_then(|place| shown.get(place)) else {
        return Err(format!("there is no column {number}"));
    };
    if column.cells().get(row).is_none_or(|cell| cell.text.is_none()) {
        return Err(format!("column {number} has no {}", field.name));
    }
    let pick = match column.member {
        Some(member) => Pick::From(member.record),
        None => Pick::FromCustomer(column.column.customer),
    };
    let picked = Picked { pick, winner: digit };
    let picks: Vec<(FieldName, Picked)> =
        together(field).into_iter().map(|name| (name, picked.clone())).collect();
    screen.draft.picks.extend(picks);
    Ok(())
}

/// Drops the pick of the field under the cursor, or withdraws the pin it has.
fn back_to_survivorship(model: &mut Model) {
    let Some(screen) = model.task_mut() else { return };
    let Some((_, field)) = screen.current_field() else { return };
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

/// What `m` asks for; `None` means no letter holds two columns.
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
