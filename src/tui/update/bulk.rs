//! Bulk: a verdict on many tasks, judged first, confirmed by its count, decided one by one.

use std::collections::BTreeMap;

use super::{decide, layers, navigate, people, queue};
use crate::effect::{Effect, Ticket};
use crate::model::{Aside, Bulk, Choice, Input, Layer, Menu, MenuKind, Model, Phase, PromptKind};
use crate::question::Answer;
use domain::{FieldName, TaskId, Until, Verdict};
use door::operations::{DecideSome, LastDecision, TasksWhere};
use door::{BulkVerdict, Outcome};

/// Asks for the verdict on what is marked, else on everything the filter shows.
pub(crate) fn choose(model: &mut Model) -> Vec<Effect> {
    if model.queue.range.is_some() {
        model.queue.mark();
    }
    let marked = model.queue.marked();
    let way_out = if marked.is_empty() { "filter further" } else { "unmark some" };
    let tasks: Vec<TaskId> = if marked.is_empty() {
        model.queue.listed.iter().map(|listed| listed.task).collect()
    } else {
        marked
    };
    let most = model.queue.bulk_max;
    if tasks.len() > most {
        model.complain(format!(
            "{} tasks are too many for one bulk: at most {most}; {way_out}",
            tasks.len()
        ));
        return Vec::new();
    }
    model.layers.push(Layer::Menu(Menu::of_bulk(tasks)));
    Vec::new()
}

/// Asks for the tasks that are like the one decided last, for the same verdict on all of them.
pub(crate) fn like_the_last(model: &mut Model) -> Vec<Effect> {
    let filter = model.last.as_ref().and_then(|last| last.like_it.clone());
    let ask = |filter| Effect::ask(Ticket::Alike, TasksWhere { filter });
    filter.map(ask).into_iter().collect()
}

/// Why the last verdict is not offered for the tasks like it.
pub(crate) fn no_like(model: &Model) -> Option<String> {
    let Some(last) = &model.last else {
        return Some("no decision yet to offer for others".to_owned());
    };
    let name = last.verdict.name();
    if let Some(why) = &last.refused {
        let noun = noun(last.verdict);
        return Some(match why.strip_prefix("it ") {
            Some(was) => format!("the last {noun} {was}"),
            None => format!("the last {noun} fits only its own task: {why}"),
        });
    }
    if of_many(last.verdict).is_none() {
        return Some(format!("{name} cannot be offered for several tasks"));
    }
    last.like_it.is_none().then(|| "the task decided last has no known pattern".to_owned())
}

/// What a verdict is called.
fn noun(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Correct => "correction",
        Verdict::Accept => "acceptance",
        Verdict::Waive => "waiver",
        Verdict::Defer => "deferral",
        Verdict::Escalate => "question",
        Verdict::Close => "closing",
        Verdict::Merge => "merge",
        Verdict::Pin => "pin",
        Verdict::Answer => "answer",
        Verdict::Unmerge => "unmerge",
        _ => "decision",
    }
}

/// A verdict as it is said of many tasks.
fn of_many(verdict: Verdict) -> Option<BulkVerdict> {
    Some(match verdict {
        Verdict::Merge => BulkVerdict::Merge,
        Verdict::NotAMatch => BulkVerdict::NotAMatch,
        Verdict::Accept | Verdict::Close => BulkVerdict::Accept,
        Verdict::Keep => BulkVerdict::Keep,
        Verdict::Waive => BulkVerdict::Waive { rules: Vec::new() },
        Verdict::Quarantine => BulkVerdict::Quarantine,
        _ => return None,
    })
}

/// The tasks of one pattern: the preview of the last verdict on all of them.
pub(super) fn alike(model: &mut Model, tasks: Vec<TaskId>) -> Vec<Effect> {
    let Some(last) = model.last.clone() else { return Vec::new() };
    let Some(verdict) = of_many(last.verdict) else { return Vec::new() };
    if tasks.is_empty() {
        model.say("no other task has this pattern");
        return Vec::new();
    }
    if !model.layers.is_empty() {
        return Vec::new();
    }
    let most = model.queue.bulk_max;
    if tasks.len() > most {
        model.complain(format!(
            "{} tasks have this pattern, too many for one bulk: at most {most}",
            tasks.len()
        ));
        return Vec::new();
    }
    // The verdict is offered, and not its reason: that one of them was verified with the customer says
    // nothing of the others.
    begin(model, verdict, tasks)
}

/// A choice in one of the menus of a bulk.
pub(super) fn chosen(model: &mut Model, kind: MenuKind, choice: &Choice) -> Vec<Effect> {
    match kind {
        MenuKind::Bulk(tasks) => {
            let verdict = match choice.key {
                'm' => BulkVerdict::Merge,
                'n' => BulkVerdict::NotAMatch,
                'a' => BulkVerdict::Accept,
                'r' => BulkVerdict::Keep,
                'W' => BulkVerdict::Waive { rules: Vec::new() },
                'x' => BulkVerdict::Quarantine,
                's' => return layers::prompt(model, PromptKind::SetBulk { tasks }, ""),
                'E' => {
                    layers::prompt(model, PromptKind::EscalateBulk { tasks }, "");
                    return people::ask();
                }
                _ => {
                    model.layers.push(Layer::Menu(Menu::of_bulk_deferrals(tasks)));
                    return Vec::new();
                }
            };
            begin(model, verdict, tasks)
        }
        MenuKind::BulkUntil(tasks) => {
            let until = match choice.key {
                'c' => Some(Until::DataChanges),
                key => model
                    .moment
                    .as_ref()
                    .and_then(|now| layers::in_days(&now.wall, if key == 'w' { 7 } else { 1 })),
            };
            until.map_or_else(Vec::new, |until| begin(model, BulkVerdict::Defer { until }, tasks))
        }
        MenuKind::BulkReasons(bulk) => {
            let mut again = Bulk::new(model.next_serial(), bulk.verdict, bulk.tasks);
            again.reason = Some(choice.text.as_str().into());
            start(model, again)
        }
        _ => Vec::new(),
    }
}

/// What each record is to have was typed: `field=value`, or `field=` for none.
pub(super) fn set(model: &mut Model, tasks: Vec<TaskId>, text: &str) -> Vec<Effect> {
    let said = text.split_once('=').map(|(field, value)| (field.trim(), value.trim()));
    let Some((field, value)) = said.filter(|(field, _)| !field.is_empty()) else {
        model.complain("type a value as field=value");
        return layers::prompt(model, PromptKind::SetBulk { tasks }, text);
    };
    let field = FieldName::new(field);
    let (mut values, mut cleared) = (BTreeMap::new(), Vec::new());
    match value {
        "" => cleared.push(field),
        value => drop(values.insert(field, value.to_owned())),
    }
    begin(model, BulkVerdict::Correct { values, cleared }, tasks)
}

/// Judges each task.
pub(super) fn begin(model: &mut Model, verdict: BulkVerdict, tasks: Vec<TaskId>) -> Vec<Effect> {
    let bulk = Bulk::new(model.next_serial(), verdict, tasks);
    start(model, bulk)
}

fn start(model: &mut Model, bulk: Bulk) -> Vec<Effect> {
    let effects = step(&bulk);
    model.layers.push(Layer::Bulk(Box::new(bulk)));
    effects
}

fn step(bulk: &Bulk) -> Vec<Effect> {
    let step = bulk.step();
    let ask = |step| Effect::ask(Ticket::Bulk(bulk.serial), DecideSome { step });
    step.map(ask).into_iter().collect()
}

/// What came of a step; the next one follows.
pub(super) fn take(model: &mut Model, serial: u64, answer: Outcome<Answer>) -> Vec<Effect> {
    let place = model
        .layers
        .iter()
        .position(|layer| matches!(layer, Layer::Bulk(bulk) if bulk.serial == serial));
    let Some(Layer::Bulk(bulk)) = place.and_then(|place| model.layers.get_mut(place)) else {
        // It was stopped; what was on its way is in the queue's changes.
        return vec![queue::ask_changes(model)];
    };
    let outcome = match answer {
        Ok(Answer::DecideSome(outcome)) => outcome,
        other => {
            bulk.failed = Some(super::answers::said(&other));
            bulk.phase = Phase::Done;
            return Vec::new();
        }
    };
    let (was, before) = (bulk.phase, bulk.decided.len());
    if let Some(offered) = bulk.take(outcome) {
        let codes: Vec<String> = offered.iter().map(ToString::to_string).collect();
        let menu = Menu::of_bulk_reasons(bulk.as_ref().clone(), &codes);
        model.layers.retain(|layer| !matches!(layer, Layer::Bulk(bulk) if bulk.serial == serial));
        model.layers.push(Layer::Menu(menu));
        return Vec::new();
    }
    let mut effects = step(bulk);
    // What was on its way when it was stopped counts as well.
    if bulk.phase == Phase::Done && (was == Phase::Deciding || bulk.decided.len() > before) {
        effects.extend(ended(model, serial));
    }
    effects
}

/// Says what was done, and has the queue told.
fn ended(model: &mut Model, serial: u64) -> Vec<Effect> {
    let found = model.layers.iter().find_map(|layer| match layer {
        Layer::Bulk(bulk) if bulk.serial == serial => Some(bulk),
        _ => None,
    });
    let Some(bulk) = found else { return Vec::new() };
    let (decided, done, skipped) = (bulk.decided.clone(), bulk.done(), bulk.refused.len());
    if let Some(id) = bulk.bulk.filter(|_| !decided.is_empty()) {
        let verdict = bulk.did();
        model.say_done(format!("{id} {verdict}: {done}, {skipped} skipped"));
        model.last_bulk = Some((id, decided));
        model.queue.marks.clear();
    }
    vec![queue::ask_changes(model), Effect::ask(Ticket::WouldUndo, LastDecision { undone: false })]
}

/// The count decides; after the end it closes.
pub(crate) fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Bulk(mut bulk)) = model.layers.pop() else { return Vec::new() };
    match bulk.phase {
        Phase::Done => return Vec::new(),
        // Nothing typed: the task is looked at.
        Phase::Asking if bulk.typed.text().is_empty() => return look_at(model, bulk),
        Phase::Asking if bulk.count() > 0 && bulk.typed.text() == bulk.count().to_string() => {
            bulk.begin();
            let effects = step(&bulk);
            model.layers.push(Layer::Bulk(bulk));
            return effects;
        }
        Phase::Asking => {
            model.complain(match bulk.count() {
                0 => "every task is left out".to_owned(),
                count => format!("type {count}, the number of tasks to decide"),
            });
        }
        Phase::Judging | Phase::Deciding => {}
    }
    model.layers.push(Layer::Bulk(bulk));
    Vec::new()
}

/// Opens the task under the bulk's cursor; the way back from it is the bulk.
fn look_at(model: &mut Model, bulk: Box<Bulk>) -> Vec<Effect> {
    let Some(task) = bulk.task_under_cursor() else {
        model.layers.push(Layer::Bulk(bulk));
        return Vec::new();
    };
    model.aside = Some(Aside { bulk, screens: model.screens.len() });
    navigate::open(model, task)
}

/// The bulk has the keys again, once no screen is left over it.
pub(super) fn resume(model: &mut Model) {
    if let Some(aside) = model.aside.take_if(|aside| model.screens.len() <= aside.screens) {
        model.layers.push(Layer::Bulk(aside.bulk));
    }
}

/// A task that was looked at was decided by itself: the bulk goes on without it.
pub(super) fn decided_alone(model: &mut Model, task: TaskId) -> bool {
    let Some(aside) = &mut model.aside else { return false };
    aside.bulk.forget(task);
    let length = aside.bulk.length();
    aside.bulk.scroll.to(aside.bulk.scroll.cursor, length);
    let screens = aside.screens;
    model.screens.truncate(screens);
    resume(model);
    true
}

/// Leaves the task under the cursor out, or takes it in again.
pub(crate) fn leave_out(model: &mut Model) -> Vec<Effect> {
    if let Some(Layer::Bulk(bulk)) = model.layers.last_mut() {
        if bulk.phase != Phase::Asking {
            model.complain("they are being checked, or already decided");
        } else if bulk.leave_out() {
            let length = bulk.length();
            bulk.scroll.step(1, length);
            bulk.typed = Input::default();
        }
    }
    Vec::new()
}

/// Takes the whole bulk back, once it is done.
pub(crate) fn undo(model: &mut Model) -> Vec<Effect> {
    let is_done = |layer: &Layer| matches!(layer, Layer::Bulk(bulk) if bulk.phase == Phase::Done && !bulk.decided.is_empty());
    if !model.layers.last().is_some_and(is_done) {
        model.complain("nothing has been decided yet");
        return Vec::new();
    }
    model.layers.pop();
    decide::ask_last(model, false)
}

/// Esc or `Ctrl-c`: a bulk that decides stops and shows what it did; any other closes.
pub(super) fn stop(model: &mut Model) -> Option<Vec<Effect>> {
    let Some(Layer::Bulk(bulk)) = model.layers.last_mut() else { return None };
    if bulk.phase != Phase::Deciding {
        return None;
    }
    bulk.phase = Phase::Done;
    bulk.failed = Some("stopped; decisions already made stay".to_owned());
    let serial = bulk.serial;
    Some(ended(model, serial))
}
