//! Comments: what people say about a task or a customer beside deciding it.

use super::{approvals, decide, drafts, layers, queue};
use crate::effect::{Effect, Ticket};
use crate::model::{After, Intent, Model, PromptKind, Screen};
use crate::question::Answer;
use domain::{CustomerId, TaskId, Verdict};
use door::{Action, Request};

/// Asks for the text.
pub(crate) fn begin(model: &mut Model) -> Vec<Effect> {
    let Some((task, customers)) = about(model) else { return Vec::new() };
    let about = match (task, &customers[..]) {
        (Some(task), _) => task.to_string(),
        (None, [one]) => one.to_string(),
        (None, several) => format!("these {} customers", several.len()),
    };
    layers::prompt(model, PromptKind::Comment { about, task, customers }, "")
}

/// What a comment on this screen is about.
fn about(model: &Model) -> Option<(Option<TaskId>, Vec<CustomerId>)> {
    match model.screens.last()? {
        Screen::Task(screen) => {
            let view = screen.view.as_ref()?;
            // Of one that is settled only its customers are left to be spoken of.
            let task = view.task.as_ref().filter(|task| task.state.is_pending());
            match task {
                Some(task) => Some((Some(task.id), Vec::new())),
                None => Some((None, screen.columns().iter().map(|it| it.customer).collect())),
            }
        }
        Screen::Customer(screen) => Some((None, vec![screen.view.as_ref()?.customer])),
        Screen::Overview(_) => {
            let view = approvals::shown(model)?;
            match view.waits {
                true => Some((Some(view.row.task), Vec::new())),
                false => Some((None, view.row.customers.clone())),
            }
        }
        Screen::History(_) => None,
    }
}

/// The text was typed.
pub(super) fn say(
    model: &mut Model,
    (task, customers): (Option<TaskId>, Vec<CustomerId>),
    text: String,
) -> Vec<Effect> {
    if text.trim().is_empty() {
        model.complain("the comment is empty");
        return Vec::new();
    }
    let request = Request { task, note: Some(text), ..Request::new(Action::Comment { customers }) };
    decide::send(model, Intent::new(request, Verdict::Comment).then(After::Same))
}

/// It was said: it is shown, and whatever is marked stays.
pub(super) fn said(model: &mut Model) -> Vec<Effect> {
    let mut effects: Vec<Effect> = again(model).into_iter().collect();
    effects.push(queue::ask_changes(model));
    effects
}

/// Asks for the screen once more, with its draft.
pub(super) fn again(model: &mut Model) -> Option<Effect> {
    let screen = model.screens.last_mut()?;
    if matches!(screen, Screen::History(_) | Screen::Overview(_)) {
        return None;
    }
    let (serial, unmask) = (screen.serial(), *screen.unmasked());
    Some(Effect::ask(Ticket::Again(serial), screen.question(unmask)))
}

/// The screen has come once more.
pub(super) fn shown(model: &mut Model, serial: u64, answer: Answer) -> Vec<Effect> {
    let screen = model.screens.last_mut().filter(|screen| screen.serial() == serial);
    match (screen, answer) {
        (Some(Screen::Task(screen)), Answer::ShowTask(view) | Answer::Compare(view)) => {
            screen.fill_again(view);
            drafts::preview(model)
        }
        (Some(Screen::Customer(screen)), Answer::ShowCustomer(view)) => {
            screen.fill(view);
            Vec::new()
        }
        _ => Vec::new(),
    }
}
