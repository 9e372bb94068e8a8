//! Where a person is in their review: told to the desk as it changes, and taken up by who was cut off.

use super::{drafts, navigate, queue};
use crate::effect::{Effect, Ticket};
use crate::model::{Draft, Model, Picked, Screen, TaskScreen};
use door::Pick;
use door::operations::{About, KeepPlace, TakeUp};
use door::views::{Begun, Place};

/// Asks where this person was when they were cut off.
pub(super) fn ask() -> Effect {
    Effect::ask(Ticket::TakeUp, TakeUp {})
}

/// Asks which role binds this person.
pub(super) fn ask_role() -> Effect {
    Effect::ask(Ticket::Role, About {})
}

/// Tells the desk where this review is, once that has changed. Where only the cursor of the queue moved, it is
/// told once the desk has answered: a key held down is told as fast as the line allows, and no faster.
pub(super) fn keep(model: &mut Model) -> Option<Effect> {
    // Before the queue has come nobody has been anywhere.
    if !model.queue.loaded || model.returning.is_some() {
        return None;
    }
    let place = of(model);
    let known = model.place.get_or_insert_with(Place::default);
    let moved = Place { cursor: place.cursor, ..known.clone() } == place;
    if place == *known || (moved && model.place_is_on_its_way) {
        return None;
    }
    model.place = Some(place.clone());
    model.place_is_on_its_way = true;
    let told = KeepPlace { place: Some(place), erased: model.erased };
    Some(Effect::ask(Ticket::Place, told))
}

fn of(model: &Model) -> Place {
    let screen = model.screens.iter().rev().find_map(|screen| match screen {
        Screen::Task(screen) if screen.id().is_some() => Some(screen.as_ref()),
        _ => None,
    });
    Place {
        filter: model.queue.filter.clone().filter(|it| model.untold_filter.as_ref() != Some(it)),
        order: model.queue.order,
        cursor: model.queue.current(),
        open: screen.and_then(TaskScreen::id),
        draft: screen.and_then(begun),
    }
}

/// What is begun on a task, without any value.
fn begun(screen: &TaskScreen) -> Option<Begun> {
    let view = screen.view.as_ref().filter(|_| screen.is_drafted())?;
    let customers = screen.columns().iter().map(|column| column.customer);
    let picks = screen.draft.picks.iter().filter(|(_, it)| !matches!(it.pick, Pick::Typed(_)));
    Some(Begun {
        version: view.version,
        marks: customers.zip(screen.draft.marks.iter().copied()).collect(),
        picks: picks.map(|(field, it)| (field.clone(), it.pick.clone(), it.winner)).collect(),
    })
}

/// Goes back to where this person was, unless they have begun to do something else.
pub(super) fn take_up(model: &mut Model, place: Option<Place>) -> Vec<Effect> {
    let Some(place) = place.filter(|_| model.pressed == 0 && model.screens.is_empty()) else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    model.queue.wanted = place.cursor;
    if (&place.filter, place.order) != (&model.queue.filter, model.queue.order) {
        effects.push(queue::ask(place.filter.clone(), place.order));
    } else if model.queue.loaded {
        effects.push(queue::ask_anew(model));
    }
    match place.open {
        Some(task) => {
            effects.extend(navigate::open(model, task));
            model.returning = Some(Box::new(place));
        }
        None => model.say("back at the queue, with its filter and order"),
    }
    effects
}

/// The task that was open has come: what was begun on it is there again, if it is about the same values.
pub(super) fn resume(model: &mut Model) -> Vec<Effect> {
    let Some(place) = model.returning.take() else { return Vec::new() };
    let Some(screen) = model.task_mut().filter(|screen| screen.id() == place.open) else {
        return Vec::new();
    };
    let Some(begun) = place.draft else {
        model.say("back at the task you had open");
        return Vec::new();
    };
    let is_same = screen.view.as_ref().is_some_and(|view| view.version == begun.version)
        && screen.columns().iter().map(|it| it.customer).eq(begun.marks.iter().map(|it| it.0));
    if !is_same {
        model.say("back at your task; it has changed since, so your marks are dropped");
        return Vec::new();
    }
    let picks = begun.picks.into_iter();
    screen.draft = Draft {
        marks: begun.marks.into_iter().map(|(_, mark)| mark).collect(),
        picks: picks.map(|(field, pick, winner)| (field, Picked { pick, winner })).collect(),
    };
    model.say("back at the task you had open, as you marked it");
    drafts::preview(model)
}
