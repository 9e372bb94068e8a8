//! The queue: asking for it, taking it in, its own keys.

use super::{layers, people, views};
use crate::effect::{Effect, Ticket};
use crate::keys::queue::TAKE_IN;
use crate::model::{Groups, Layer, Menu, Model, PromptKind, Reasons};
use crate::question::Answer;
use domain::{TaskColumn, TaskId};
use door::operations::{
    Claim, GiveUp, Patterns, PrepareQueue, Queue, QueueRows, QueueSince, TaskReasons,
};
use door::views::{OrderBy, PatternsView, QueueNews, QueueOrder, ReadSoFar};
use door::{NotDone, Outcome};

/// The question for the queue with a filter, in an order.
pub(super) fn ask(filter: Option<String>, order: QueueOrder) -> Effect {
    let ticket = Ticket::Queue { filter: filter.clone(), order };
    Effect::ask(ticket, Queue { filter, order })
}

/// The question for the queue as it is filtered and sorted now.
pub(crate) fn ask_anew(model: &Model) -> Effect {
    ask(model.queue.filter.clone(), model.queue.order)
}

/// The question for what changed since.
pub(super) fn ask_changes(model: &Model) -> Effect {
    let filter = model.queue.filter.clone();
    let ticket = Ticket::QueueChanges { filter: filter.clone() };
    let (order, since) = (model.queue.order, model.queue.generation);
    Effect::ask(ticket, QueueSince { filter, order, since })
}

fn ask_to_prepare(filter: Option<String>, order: QueueOrder) -> Effect {
    let ticket = Ticket::Prepare { filter: filter.clone(), order };
    Effect::ask(ticket, PrepareQueue { filter, order })
}

/// Takes in what the desk says about the queue.
pub(super) fn take(model: &mut Model, ticket: Ticket, answer: Outcome<Answer>) -> Vec<Effect> {
    match (ticket, answer) {
        (Ticket::Queue { filter, order }, Ok(Answer::Queue(view))) => {
            let preparing = view.preparing.is_some();
            let current = model.queue.current();
            let goes_on = |task| view.listed.iter().any(|listed| listed.task == task);
            // Another list is begun at its top, unless the task under the cursor is in it, too.
            model.queue.to_top |= model.queue.filter != filter && !current.is_some_and(goes_on);
            model.queue.filter.clone_from(&filter);
            model.queue.order = order;
            model.queue.take_in(view);
            model.queue.beside = None;
            let mut effects = views::count(model);
            if preparing {
                effects.push(ask_to_prepare(filter, order));
            }
            return effects;
        }
        (Ticket::ViewCounts(filters), Ok(Answer::CountWhere(counts))) => {
            views::counted(model, filters, counts);
        }
        // Views are gone to without their counts as well.
        (Ticket::ViewCounts(_), Err(_)) => {}
        (Ticket::Queue { filter, .. }, Err(NotDone::Refused(refusal))) => {
            model.complain(refusal.to_string());
            if let Some(filter) = filter {
                return layers::prompt(model, PromptKind::Filter, &filter);
            }
        }
        // Asked before the filter changed: it is about other tasks.
        (Ticket::QueueChanges { filter }, _) if filter != model.queue.filter => {}
        (Ticket::QueueChanges { .. }, Ok(Answer::QueueSince(news))) => {
            let own = own_claims(model);
            match news {
                QueueNews::Whole(view) => model.queue.refresh(view),
                QueueNews::Changed(changes) => {
                    let actor = model.actor.clone();
                    model.queue.change(changes, &actor);
                }
            }
            drop_stale_beside(model);
            tell_of_ended(model, own);
            return views::count(model);
        }
        (Ticket::QueueRows, Ok(Answer::QueueRows(rows))) => model.queue.learn(rows),
        (Ticket::Reasons(task), Ok(Answer::TaskReasons(lines))) => {
            if let Some(reasons) = &mut model.queue.reasons
                && reasons.task == task
            {
                reasons.lines = lines;
            }
        }
        // It is decided or gone since: the queue will say so.
        (Ticket::Reasons(_), Err(NotDone::Refused(_))) => {}
        (
            Ticket::Prepare { filter, order },
            Ok(Answer::PrepareQueue(ReadSoFar { done, total })),
        ) => {
            if filter == model.queue.filter && order == model.queue.order {
                model.queue.preparing = (done < total).then_some((done, total));
                if done < total {
                    return vec![ask_to_prepare(filter, order)];
                }
                if order.by == OrderBy::Telling {
                    // Now it is known which task comes first, and why each has its place.
                    model.queue.reasons = None;
                    model.queue.to_top |=
                        model.queue.scroll.cursor == 0 && model.screens.is_empty();
                }
                // Nothing moves under a steward who did not ask for what has been read.
                let asked_for = filter.is_some() || order.by != OrderBy::BestNext;
                if asked_for || (model.queue.scroll.cursor == 0 && model.screens.is_empty()) {
                    return vec![ask(filter, order)];
                }
                let key = model.key_for(&TAKE_IN);
                let place = if model.screens.is_empty() { "" } else { " in the queue" };
                model.say(format!("all values at stake are read; {key}{place} sorts by it"));
            }
        }
        (Ticket::Groups(serial), Ok(Answer::Patterns(view))) => {
            return groups(model, serial, view);
        }
        (Ticket::Groups(serial), Ok(Answer::PrepareQueue(ReadSoFar { done, total }))) => {
            return groups_read(model, serial, (done, total));
        }
        (Ticket::Claim, Ok(Answer::Claim(row) | Answer::Release(row) | Answer::GiveUp(row))) => {
            model.queue.learn(row.into_iter().collect());
        }
        (Ticket::Claim, Err(NotDone::Refused(refusal))) => {
            // Whoever holds it is told in the queue as well.
            model.queue.doubt();
            // The task may have come by itself after a decision, whose result is not to be lost.
            let said = model.status.take().filter(|status| !status.bad);
            let before = said.map_or_else(String::new, |status| format!("{}; ", status.text));
            model.complain(format!("{before}{refusal}"));
        }
        (_, answer) => model.complain(super::answers::said(&answer)),
    }
    Vec::new()
}

/// The tasks that this review has claimed, as the queue knows.
fn own_claims(model: &Model) -> Vec<TaskId> {
    let is_here = |task: &TaskId| model.held == Some(*task) || model.queue.claimed.contains(task);
    let known = model.queue.known.values();
    let own = known.filter(|row| row.claimed.as_ref() == Some(&model.actor));
    own.map(|row| row.task).filter(is_here).collect()
}

/// Says which of them have ended though nothing was decided: others may decide those now.
fn tell_of_ended(model: &mut Model, own: Vec<TaskId>) {
    for task in own {
        let Some(row) = model.queue.known.get(&task) else { continue };
        let is_own = row.claimed.as_ref() == Some(&model.actor);
        if is_own || !(row.claimed.is_some() || row.listed(&model.actor).waits) {
            continue;
        }
        let is_named = model.queue.claimed.remove(&task);
        let again = match model.held {
            Some(held) if held == task => ": the next key claims it again",
            _ if is_named => ": others can decide it",
            _ => "",
        };
        model.complain(format!("your claim on {task} has ended{again}"));
    }
}

/// What stands beside the queue is fetched again when its task has changed.
fn drop_stale_beside(model: &mut Model) {
    let seen = model.queue.beside.as_ref().and_then(|screen| screen.view.as_ref());
    let seen = seen.map(|view| view.version);
    let now = model.queue.current_row().map(|row| row.version);
    if seen.is_some() && now.is_some() && seen != now {
        model.queue.beside = None;
    }
}

fn groups(model: &mut Model, serial: u64, view: PatternsView) -> Vec<Effect> {
    let PatternsView { patterns, prepared: ReadSoFar { done, total } } = view;
    let Some(Layer::Groups(groups)) = model.layers.last_mut() else { return Vec::new() };
    if groups.serial != serial {
        return Vec::new();
    }
    // The cursor stays on its pattern while counts grow.
    let current = groups.patterns.get(groups.scroll.cursor).map(|it| it.pattern.clone());
    let place = patterns.iter().position(|it| Some(&it.pattern) == current.as_ref());
    let cursor = if groups.scroll.cursor == 0 { 0 } else { place.unwrap_or(0) };
    groups.scroll.to(cursor, patterns.len());
    groups.patterns = patterns;
    groups.prepared = (done, total);
    groups.answered = true;
    if done < total { vec![read_patterns(model, serial)] } else { Vec::new() }
}

fn read_patterns(model: &Model, serial: u64) -> Effect {
    let filter = model.queue.filter.clone();
    let order = QueueOrder { by: OrderBy::Pattern, reversed: false };
    Effect::ask(Ticket::Groups(serial), PrepareQueue { filter, order })
}

/// Some patterns more are read: they are counted again where that is worth it.
fn groups_read(model: &Model, serial: u64, (done, total): (usize, usize)) -> Vec<Effect> {
    let Some(Layer::Groups(groups)) = model.layers.last() else { return Vec::new() };
    if groups.serial != serial {
        return Vec::new();
    }
    let percent = |done: usize| done * 100 / total.max(1);
    if done < total && percent(done) == percent(groups.prepared.0) {
        return vec![read_patterns(model, serial)];
    }
    let filter = model.queue.filter.clone();
    vec![Effect::ask(Ticket::Groups(serial), Patterns { filter })]
}

/// Fetches the rows around the cursor and why the task under it is here, where the queue is shown.
pub(super) fn fetch(model: &mut Model) -> Vec<Effect> {
    let Some(height) = model.drawn.queue_height(model) else { return Vec::new() };
    let mut effects = Vec::new();
    for missing in model.queue.ask_around(height) {
        effects.push(Effect::ask(Ticket::QueueRows, QueueRows { tasks: missing }));
    }
    if let Some(task) = model.queue.current() {
        let version = model.queue.current_row().map(|row| row.version);
        let asked = model.queue.reasons.as_ref();
        let order = model.queue.order;
        let is_known = asked.is_some_and(|known| {
            (known.task, known.version, known.order) == (task, version, order)
        });
        if !is_known && version.is_some() {
            let lines = match model.queue.reasons.take() {
                Some(reasons) if reasons.task == task => reasons.lines,
                _ => Vec::new(),
            };
            model.queue.reasons = Some(Reasons { task, version, order, lines });
            effects.push(Effect::ask(Ticket::Reasons(task), TaskReasons { task, order }));
        }
    }
    effects
}

/// Marks the task under the cursor, or the range.
pub(crate) fn mark(model: &mut Model) -> Vec<Effect> {
    let was_range = model.queue.range.is_some();
    model.queue.mark();
    // Down to the next one, as one goes on marking.
    if !was_range {
        let length = model.queue.len();
        model.queue.scroll.step(1, length);
    }
    model.say(format!("{} marked", model.queue.marks.len()));
    Vec::new()
}

/// Begins a range, or drops the one that is begun.
pub(crate) fn range(model: &mut Model) -> Vec<Effect> {
    model.queue.range = match model.queue.range {
        None => Some(model.queue.scroll.cursor),
        Some(_) => None,
    };
    Vec::new()
}

/// Asks for the order.
pub(crate) fn order(model: &mut Model) -> Vec<Effect> {
    let menu = Menu::of_orders(model.queue.order.by, model.queue.has_stake);
    model.layers.push(Layer::Menu(menu));
    Vec::new()
}

/// Asks for the tasks by pattern.
pub(crate) fn patterns(model: &mut Model) -> Vec<Effect> {
    let serial = model.next_serial();
    model.layers.push(Layer::Groups(Groups { serial, ..Groups::default() }));
    let filter = model.queue.filter.clone();
    vec![Effect::ask(Ticket::Groups(serial), Patterns { filter })]
}

/// Claims the task under the cursor, or releases it.
pub(crate) fn claim(model: &mut Model) -> Vec<Effect> {
    let Some(task) = model.queue.current() else { return Vec::new() };
    let is_mine = model
        .queue
        .current_row()
        .and_then(|row| row.claimed.as_deref())
        .is_some_and(|holder| holder == model.actor);
    if is_mine {
        model.queue.claimed.remove(&task);
        model.say(format!("{task} released"));
        return vec![Effect::ask(Ticket::Claim, GiveUp { task })];
    }
    model.queue.claimed.insert(task);
    model.say(format!("{task} claimed"));
    vec![Effect::ask(Ticket::Claim, Claim { task })]
}

/// Drops the range, else the marks; whether there was something to drop.
pub(super) fn drop_marks(model: &mut Model) -> bool {
    if model.queue.range.take().is_some() {
        return true;
    }
    let any = !model.queue.marks.is_empty();
    model.queue.marks.clear();
    if any {
        model.say("nothing is marked");
    }
    any
}

/// An order from the menu; the one in force is turned round.
pub(super) fn order_chosen(model: &mut Model, key: char) -> Vec<Effect> {
    let Some((_, by)) = OrderBy::ALL.into_iter().find(|(letter, _)| *letter == key) else {
        return Vec::new();
    };
    let now = model.queue.order;
    let reversed = now.by == by && !now.reversed;
    // The next task is at the top.
    model.queue.to_top = true;
    model.queue.wanted = None;
    vec![ask(model.queue.filter.clone(), QueueOrder { by, reversed })]
}

/// The pattern under the cursor becomes part of the filter.
pub(crate) fn filter_by_pattern(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Groups(groups)) = model.layers.pop() else { return Vec::new() };
    let Some(chosen) = groups.patterns.get(groups.scroll.cursor) else { return Vec::new() };
    let quoted = chosen.pattern.replace('"', "\"\"");
    let of_pattern = format!("kind = {} and pattern = \"{quoted}\"", chosen.kind.name());
    let filter = match &model.queue.filter {
        Some(filter) => format!("({filter}) and {of_pattern}"),
        None => of_pattern,
    };
    vec![ask(Some(filter), model.queue.order)]
}

/// A filter as typed. One that is none stays in its prompt, the cursor where it goes wrong.
pub(super) fn filter_typed(model: &mut Model, text: String) -> Vec<Effect> {
    if text.is_empty() {
        return vec![ask(None, model.queue.order)];
    }
    match TaskColumn::expression(&text) {
        Ok(_) => vec![ask(Some(text), model.queue.order)],
        Err(error) => {
            model.complain(error.to_string());
            let effects = layers::prompt(model, PromptKind::Filter, &text);
            if let Some(Layer::Prompt(prompt)) = model.layers.last_mut() {
                prompt.input.go_to(error.column.saturating_sub(1));
            }
            effects
        }
    }
}

/// Completes the name of a column before the cursor of the filter's prompt.
pub(crate) fn complete(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Prompt(prompt)) = model.layers.last_mut() else { return Vec::new() };
    match prompt.kind {
        PromptKind::Filter => {}
        // Only the session may look into folders.
        PromptKind::ImportFile => return vec![Effect::ListFolder(prompt.input.parts().0)],
        ref kind if people::names_somebody(kind) => {
            people::complete(model);
            return Vec::new();
        }
        _ => {
            model.complain("there is nothing to complete");
            return Vec::new();
        }
    }
    let (before, _) = prompt.input.parts();
    let word: String = before
        .chars()
        .rev()
        .take_while(|character| character.is_ascii_lowercase())
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let fitting: Vec<&str> =
        TaskColumn::all().map(TaskColumn::name).filter(|name| name.starts_with(&word)).collect();
    match fitting.as_slice() {
        [] => model.complain(format!("no column starts with {word}; {}", TaskColumn::names())),
        [only] => prompt.input.insert(&format!("{} ", &only[word.len()..])),
        [first, ..] => {
            let shared = (word.len()..=first.len())
                .rev()
                .find(|end| fitting.iter().all(|name| name.starts_with(&first[..*end])));
            prompt.input.insert(&first[word.len()..shared.unwrap_or(word.len())]);
            model.say(fitting.join(", "));
        }
    }
    Vec::new()
}
