//! Bulk: a verdict on many tasks, judged first, confirmed by its count, decided one by one.

use std::collections::BTreeMap;

use super::{layers, queue};
use crate::effect::{Effect, Ticket};
use crate::model::{Bulk, Choice, Layer, Menu, MenuKind, Model, Phase, PromptKind};
use crate::question::Answer;
use domain::{FieldName, TaskId, Until};
use door::operations::{DecideSome, LastDecision};
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
                'E' => return layers::prompt(model, PromptKind::EscalateBulk { tasks }, ""),
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
        model.complain("a value is written field=value");
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
    let (decided, skipped) = (bulk.decided.clone(), bulk.refused.len());
    if let Some(id) = bulk.bulk.filter(|_| !decided.is_empty()) {
        let verdict = bulk.verdict.verdict().name();
        model.say(format!("{id} {verdict}: {} decided, {skipped} skipped", decided.len()));
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
        Phase::Asking if bulk.typed.text() == bulk.ready.len().to_string() => {
            bulk.begin();
            let effects = step(&bulk);
            model.layers.push(Layer::Bulk(bulk));
            return effects;
        }
        Phase::Asking => {
            let count = bulk.ready.len();
            model.complain(format!("type {count}, the number of tasks to decide"));
        }
        Phase::Judging | Phase::Deciding => {}
    }
    model.layers.push(Layer::Bulk(bulk));
    Vec::new()
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
