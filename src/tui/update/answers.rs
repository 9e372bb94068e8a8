//! What the desk answered.

use super::{decide, drafts, layers, navigate, overview, queue};
use crate::desk::{Action as Asked, Answer, Question, Receipt, Refusal};
use crate::domain::{TaskId, Verdict};
use crate::tui::effect::{Effect, Ticket};
use crate::tui::model::{
    After, Confirm, Intent, Last, Layer, Model, PromptKind, Screen, TaskScreen,
};

/// Takes an answer in. One that came too late for its screen is dropped.
pub(super) fn take(model: &mut Model, ticket: Ticket, answer: Answer) -> Vec<Effect> {
    match (ticket, answer) {
        (Ticket::Queue { anew, filter }, answer) => queue_answer(model, anew, filter, answer),
        (Ticket::Task(serial), answer) => task_answer(model, serial, answer),
        (Ticket::Preview(serial), Answer::Preview(preview)) => {
            if let Some(screen) = model.task_mut()
                && screen.preview_serial == serial
            {
                screen.preview = Some(preview);
            }
            Vec::new()
        }
        (Ticket::Preview(_), Answer::Refused(refusal)) => {
            model.complain(refusal.to_string());
            Vec::new()
        }
        (Ticket::Overview(serial), answer) => overview::answered(model, serial, answer),
        (Ticket::Job | Ticket::StartImport(_), Answer::Job(job)) => overview::job_told(model, job),
        (Ticket::StartImport(path), answer) => {
            let why = said(&answer);
            overview::not_started(model, &path, &why)
        }
        (Ticket::Customer(serial), answer) => customer_answer(model, serial, answer),
        (Ticket::History(serial), answer) => history_answer(model, serial, answer),
        (Ticket::Find(serial), Answer::Found(hits)) => {
            if let Some(Layer::Finder(finder)) = model.layers.last_mut()
                && finder.serial == serial
            {
                finder.hits = hits;
                finder.answered = true;
                finder.scroll.to(0, finder.hits.len());
            }
            Vec::new()
        }
        (Ticket::WouldUndo, Answer::LastDecision(last)) => {
            model.would_undo = last;
            Vec::new()
        }
        (Ticket::Undo | Ticket::Redo, Answer::LastDecision(Some((decision, _)))) => {
            decide::send(model, decide::undo(decision))
        }
        (Ticket::Undo | Ticket::Redo, answer) => {
            model.deciding = false;
            match answer {
                Answer::LastDecision(_) => model.say("nothing is left to take back"),
                other => model.complain(said(&other)),
            }
            Vec::new()
        }
        (Ticket::Decide(intent), answer) => {
            model.deciding = false;
            match answer {
                Answer::Done(receipt) => done(model, &intent, &receipt),
                Answer::Refused(refusal) => refused(model, *intent, refusal),
                other => {
                    forbid_repeat(model, "it failed");
                    model.complain(said(&other));
                    Vec::new()
                }
            }
        }
        (_, answer) => {
            model.complain(said(&answer));
            Vec::new()
        }
    }
}

/// The sentence of a refusal or a failure.
pub(super) fn said(answer: &Answer) -> String {
    match answer {
        Answer::Refused(refusal) => refusal.to_string(),
        Answer::Failed(why) => why.clone(),
        _ => "the desk answered something else".to_owned(),
    }
}

fn queue_answer(
    model: &mut Model,
    anew: bool,
    filter: Option<String>,
    answer: Answer,
) -> Vec<Effect> {
    match answer {
        Answer::Queue(view) if anew => {
            model.queue.filter = filter;
            model.queue.take_in(view);
            model.queue.beside = None;
        }
        Answer::Queue(view) => {
            // Asked before the filter changed: it is about other tasks.
            if filter == model.queue.filter {
                model.queue.refresh(view);
                drop_stale_beside(model);
            }
        }
        Answer::Refused(refusal) if anew => {
            model.complain(refusal.to_string());
            if let Some(filter) = filter {
                return layers::prompt(model, PromptKind::Filter, &filter);
            }
        }
        other => model.complain(said(&other)),
    }
    Vec::new()
}

/// What stands beside the queue is fetched again when its task has changed.
fn drop_stale_beside(model: &mut Model) {
    let seen = model.queue.beside.as_ref().and_then(|screen| screen.view.as_ref());
    let seen = seen.map(|view| view.version);
    let now = model.queue.current().map(|row| row.version);
    if seen.is_some() && seen != now {
        model.queue.beside = None;
    }
}

/// The task screen that waits for that answer.
fn waiting(model: &mut Model, serial: u64) -> Option<&mut TaskScreen> {
    let beside = model.queue.beside.as_deref_mut().filter(|screen| screen.serial == serial);
    if beside.is_some() {
        return beside;
    }
    model.screens.iter_mut().find_map(|screen| match screen {
        Screen::Task(screen) if screen.serial == serial => Some(screen.as_mut()),
        _ => None,
    })
}

fn task_answer(model: &mut Model, serial: u64, answer: Answer) -> Vec<Effect> {
    let Some(screen) = waiting(model, serial) else { return Vec::new() };
    let view = match answer {
        Answer::Task(view) => view,
        other => {
            model.complain(said(&other));
            model.screens.retain(
                |screen| !matches!(screen, Screen::Task(screen) if screen.serial == serial),
            );
            return Vec::new();
        }
    };
    let again = screen.view.is_some();
    let pending = view.task.as_ref().is_none_or(|task| task.state.is_pending());
    let id = screen.id();
    screen.fill(*view);
    let has_keys = model.task().is_some_and(|screen| screen.serial == serial);
    if let (true, true, false, Some(task)) = (has_keys, again, pending, id) {
        return leave_decided(model, task);
    }
    if has_keys { drafts::preview(model) } else { Vec::new() }
}

/// Nothing is left to decide on the task: the next one opens.
fn leave_decided(model: &mut Model, task: TaskId) -> Vec<Effect> {
    let place = model.queue.place_of(task).unwrap_or(model.queue.scroll.cursor);
    model.queue.remove(task);
    navigate::open_next(model, place, Some(task))
}

fn customer_answer(model: &mut Model, serial: u64, answer: Answer) -> Vec<Effect> {
    let Some(screen) = model.customer_mut().filter(|screen| screen.serial == serial) else {
        return Vec::new();
    };
    match answer {
        Answer::Customer(view) => screen.fill(*view),
        other => {
            if screen.view.is_none() {
                model.screens.pop();
            }
            model.complain(said(&other));
        }
    }
    Vec::new()
}

fn history_answer(model: &mut Model, serial: u64, answer: Answer) -> Vec<Effect> {
    let Some(screen) = model.history_mut().filter(|screen| screen.serial == serial) else {
        return Vec::new();
    };
    match answer {
        Answer::History(entries) => {
            let length = entries.len();
            screen.entries = Some(entries);
            screen.scroll.to(screen.scroll.cursor, length);
        }
        other => {
            if screen.entries.is_none() {
                model.screens.pop();
            }
            model.complain(said(&other));
        }
    }
    Vec::new()
}

fn forbid_repeat(model: &mut Model, why: &'static str) {
    if let Some(last) = &mut model.last {
        last.refused = Some(why);
    }
}

fn done(model: &mut Model, intent: &Intent, receipt: &Receipt) -> Vec<Effect> {
    let mut line = format!("{} {}", receipt.decision, receipt.summary);
    if !receipt.exported_meanwhile.is_empty() {
        line += &format!("; exported meanwhile: {}", receipt.exported_meanwhile.join(", "));
    }
    model.say(line);
    if let Some(reason) = &intent.request.reason {
        model.last_reasons.insert(layers::reason_verdict(intent), reason.clone());
    }
    if intent.verdict == Verdict::Undo {
        return undone(model, receipt);
    }
    model.would_undo = Some((receipt.decision, receipt.summary.clone()));
    model.last = Some(Last {
        verdict: intent.verdict,
        reason: intent.request.reason.clone(),
        refused: intent.unrepeatable,
    });
    let mut effects = match intent.after {
        After::Next => next(model, intent),
        After::Same | After::Reopened => navigate::reload(model),
    };
    effects.push(queue(model.queue.filter.clone(), false));
    effects
}

/// The next task opens. The row of the one decided goes, unless the decision leaves something of it.
fn next(model: &mut Model, intent: &Intent) -> Vec<Effect> {
    let Some(task) = intent.request.task else { return navigate::reload(model) };
    // Decided from a screen the steward has left since: what is shown stays.
    if model.task().and_then(TaskScreen::id) != Some(task) {
        return Vec::new();
    }
    let rest = model.task().is_some_and(|screen| screen.draft.marks.contains(&None));
    let stays = match intent.verdict {
        Verdict::Defer | Verdict::Escalate => true,
        Verdict::Merge | Verdict::NotAMatch => rest,
        _ => false,
    };
    let place = model.queue.place_of(task).unwrap_or(model.queue.scroll.cursor);
    if stays {
        return navigate::open_next(model, place + 1, Some(task));
    }
    model.queue.remove(task);
    navigate::open_next(model, place, Some(task))
}

/// After an undo the task it reopened is shown, and the status line learns what is next to undo.
fn undone(model: &mut Model, receipt: &Receipt) -> Vec<Effect> {
    forbid_repeat(model, "it was undone");
    model.queue.wanted = receipt.task;
    let mut effects = match (model.screens.last(), receipt.task) {
        (Some(Screen::Task(_)), Some(task)) => navigate::open(model, task),
        _ => navigate::reload(model),
    };
    effects.push(queue(model.queue.filter.clone(), true));
    effects.push(Effect::ask(Ticket::WouldUndo, Question::LastDecision { undone: false }));
    effects
}

fn refused(model: &mut Model, intent: Intent, refusal: Refusal) -> Vec<Effect> {
    forbid_repeat(model, "the one after it was refused");
    model.complain(refusal.to_string());
    if let (Some(field), Some(screen)) = (refusal.field().cloned(), model.task_mut()) {
        screen.go_to(&field);
    }
    match refusal {
        Refusal::ReasonRequired { offered, .. } | Refusal::UnknownReason { offered, .. }
            if !offered.is_empty() =>
        {
            let codes: Vec<String> = offered.iter().map(ToString::to_string).collect();
            let mut intent = intent;
            intent.request.reason = None;
            layers::reasons(model, intent, &codes)
        }
        Refusal::DependedOn { on } => {
            confirm_dependents(model, intent, &on);
            Vec::new()
        }
        Refusal::Breaks { violations } => {
            if let Some(screen) = model.task_mut() {
                screen.broken = violations.into_iter().map(|found| found.rule).collect();
            }
            Vec::new()
        }
        Refusal::Stale { .. } => {
            let mut effects = navigate::reload(model);
            effects.push(queue(model.queue.filter.clone(), false));
            effects
        }
        _ => Vec::new(),
    }
}

fn confirm_dependents(model: &mut Model, mut intent: Intent, on: &[crate::desk::Dependant]) {
    let Asked::Undo { decisions, with_dependents } = &mut intent.request.action else { return };
    *with_dependents = true;
    let named: Vec<String> = decisions.iter().map(ToString::to_string).collect();
    let confirm = Confirm {
        question: format!("undo {} and what builds on it?", named.join(", ")),
        lines: on.iter().map(|found| format!("{} {}", found.decision, found.summary)).collect(),
        intent: Box::new(intent),
    };
    model.layers.push(Layer::Confirm(confirm));
}
