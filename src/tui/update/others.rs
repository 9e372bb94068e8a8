//! Others in the same workspace: what they have done is taken in as they do it, and the task that is open
//! here is looked at, claimed and released.

use std::time::Duration;

use super::{drafts, navigate, overview, queue};
use crate::effect::{Effect, Ticket};
use crate::model::{Model, Others, Screen, TaskScreen};
use crate::question::Answer;
use domain::TaskId;
use door::operations::{Changes, Claim, LookAt, Release};
use door::{NotDone, Outcome, Refusal};

/// How soon after what others did more of it is asked for: what happens meanwhile is taken in at once.
const NEXT: Duration = Duration::from_millis(50);
/// The same where the desk did not answer.
const AGAIN: Duration = Duration::from_secs(2);

/// How often a claim is renewed while keys are pressed.
const RENEWED: Duration = Duration::from_secs(60);

/// Waits for what others do.
pub(super) fn follow(model: &Model, after: Duration) -> Effect {
    Effect::Follow { changes: Changes { since: model.news }, after }
}

/// Others did something: what is shown is asked for again.
pub(super) fn changed(model: &mut Model, answer: Outcome<Answer>) -> Vec<Effect> {
    let Ok(Answer::Changes(changed)) = answer else { return vec![follow(model, AGAIN)] };
    // Nobody may have done anything all the while.
    let is_new = std::mem::replace(&mut model.news, changed.at) != changed.at;
    let erases = std::mem::replace(&mut model.erased, changed.erased) != changed.erased;
    let mut effects = if erases { erased(model) } else { Vec::new() };
    if is_new && model.queue.loaded {
        effects.push(queue::ask_changes(model));
    }
    if is_new && let Some(task) = model.looked_at {
        effects.push(look_at(model, Some(task)));
    }
    if is_new {
        effects.extend(overview::again(model));
    }
    effects.push(follow(model, NEXT));
    effects
}

/// Somebody was erased: whatever is shown is read again, and what was typed or opened over it goes.
fn erased(model: &mut Model) -> Vec<Effect> {
    model.untold_filter = model.queue.filter.clone();
    model.layers.retain(|layer| !layer.begins_decision() && !layer.shows_people());
    let mut effects = Vec::new();
    let mut screens = std::mem::take(&mut model.screens);
    for screen in &mut screens {
        effects.push(navigate::fetch(screen, model.next_serial()));
    }
    model.screens = screens;
    let serial = model.next_serial();
    if let Some(screen) = model.queue.beside.as_deref_mut() {
        effects.push(navigate::fetch_task(screen, serial));
    }
    if !effects.is_empty() {
        model.say("somebody was erased: what is open is read again");
    }
    effects
}

/// Who else is at the task that is open, and what has become of it; what was said about it meanwhile is fetched.
pub(super) fn told(model: &mut Model, task: TaskId, answer: Outcome<Answer>) -> Vec<Effect> {
    if let Ok(Answer::LookAt(view)) = answer
        && model.looked_at == Some(task)
    {
        let before = model.others.take().and_then(|others| others.view.claimed);
        // What a key was told meanwhile holds no more.
        if let Some(holder) = before.clone().filter(|_| view.claimed.is_none()) {
            let said = NotDone::from(Refusal::ClaimedBy { holder }).to_string();
            model.status.take_if(|status| status.bad && status.text.starts_with(&said));
        }
        let is_free = before.is_some() && view.claimed.is_none();
        let comments = view.comments;
        model.others = Some(Others { task, view });
        let shown = model.task().filter(|screen| screen.id() == Some(task));
        let shown = shown.and_then(|screen| screen.view.as_ref()).map(|view| view.comments.len());
        // What a decision would do was refused as long as it was theirs.
        let mut effects = if is_free { drafts::preview(model) } else { Vec::new() };
        if shown.is_some_and(|shown| shown != comments) {
            effects.extend(super::comments::again(model));
        }
        return effects;
    }
    Vec::new()
}

/// The task was fetched again: what had happened until then is on the screen.
pub(super) fn seen(model: &mut Model, task: Option<TaskId>) {
    if let Some(others) = model.others.as_mut().filter(|others| Some(others.task) == task) {
        others.view.since.clear();
        others.view.ended = false;
    }
}

/// The task that is open, on top or under another screen.
fn open(model: &Model) -> Option<&TaskScreen> {
    model.screens.iter().rev().find_map(|screen| match screen {
        Screen::Task(screen) if screen.id().is_some() => Some(screen.as_ref()),
        _ => None,
    })
}

fn look_at(model: &Model, task: Option<TaskId>) -> Effect {
    let view = open(model).filter(|screen| screen.id() == task).and_then(|it| it.view.as_ref());
    let seen = view.map(|view| view.version);
    match task {
        Some(of) => Effect::ask(Ticket::Others(of), LookAt { task, seen }),
        None => Effect::ask(Ticket::Left, LookAt { task, seen }),
    }
}

/// Others are told which task is open. It is claimed with the first mark, or the first key that begins a
/// decision; once nothing is begun any more, it is released. A preview does neither. `decides`: a verdict is on
/// its way, after which there is nothing left to claim.
pub(super) fn hold(model: &mut Model, decides: bool) -> Vec<Effect> {
    let opened = open(model).and_then(TaskScreen::id);
    let mut effects = Vec::new();
    if opened != model.looked_at {
        model.looked_at = opened;
        model.others = None;
        effects.push(look_at(model, opened));
    }
    let begun = open(model).filter(|screen| is_begun(model, screen)).and_then(TaskScreen::id);
    if begun != model.held {
        let left = std::mem::replace(&mut model.held, begun);
        if let Some(left) = left.filter(|task| !model.queue.claimed.contains(task)) {
            effects.push(Effect::ask(Ticket::Claim, Release { task: Some(left) }));
        }
        model.claimed_at = None;
    }
    if !decides {
        effects.extend(renewed(model));
    }
    effects
}

/// The claim of what is begun, made now or some time after the keys that renewed it last: it is to last from
/// the last thing its holder did.
fn renewed(model: &mut Model) -> Option<Effect> {
    let task = model.held?;
    let now = model.moment.as_ref().map(|moment| moment.elapsed).unwrap_or_default();
    let lasts = model.claimed_at.is_some_and(|(claimed, pressed)| {
        pressed == model.pressed || now.saturating_sub(claimed) < RENEWED
    });
    if lasts {
        return None;
    }
    model.claimed_at = Some((now, model.pressed));
    Some(Effect::ask(Ticket::Claim, Claim { task }))
}

/// Whether a decision on that task has begun.
fn is_begun(model: &Model, screen: &TaskScreen) -> bool {
    screen.is_drafted() || model.layers.iter().any(|layer| layer.begins_decision())
}
