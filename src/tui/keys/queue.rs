//! The keys of the queue.

use super::{Kind, Row, c, everywhere, k, place, row, says};
use crate::context::Context;
use crate::keys::Key;
use crate::model::Model;
use crate::update::{bulk, layers, navigate, queue, views};

const QUEUE: &[Context] = &[Context::Queue];

place! {
    OPEN = row("open", &[k(Key::Enter)], QUEUE, "open the task", |model, _| navigate::open_current(model))
        .hint("open").kind(Kind::Looks).unless(nothing_current);
    FILTER = row("filter", &[c('f')], QUEUE, "filter by an expression, like tasks --where",
        |model, _| layers::filter_queue(model)).hint("filter");
    ORDER = row("order", &[c('o')], QUEUE, "order; the same again reverses it",
        |model, _| queue::order(model)).hint("order").unless(empty);
    SAVE_VIEW = row("save-view", &[c('V')], QUEUE, "save filter and order as a view of your own",
        |model, _| views::save(model)).unless(views::nothing_to_save);
    BULK = row("decide-bulk", &[c('b')], QUEUE, "one verdict on the marked tasks, or all filtered",
        |model, _| bulk::choose(model)).needs(&["decide", "fix"]).was(&["bulk"]).hint("bulk").unless(no_bulk);
    MARK = row("mark-task", &[c(' ')], QUEUE, "mark the task, or the range", |model, _| queue::mark(model))
        .hint("mark").unless(empty);
    RANGE = row("begin-range", &[c('v')], QUEUE, "start a range; {mark-task} marks it",
        |model, _| queue::range(model)).was(&["range"]).unless(empty);
    PATTERNS = row("show-patterns", &[c('p')], QUEUE, "tasks by pattern: what agrees and differs",
        |model, _| queue::patterns(model)).was(&["patterns"]).unless(empty);
    CLAIM = row("claim", &[c('C')], QUEUE, "claim the task, or release it", |model, _| queue::claim(model))
        .needs(&["decide", "fix"])
        .unless(empty);
    TAKE_IN = row("take-in", &[c('R')], QUEUE, "show what is new", |model, _| vec![queue::ask_anew(model)]);
    HISTORY = row("open-history", &[c('H')], QUEUE, "history of what is under the cursor",
        |model, _| navigate::open_own_history(model))
        .needs(&["history"]).was(&["history"]).hint("history").unless(nothing_current);
}

const EMPTY: &str = "the queue is empty";

pub(super) fn empty(model: &Model) -> Option<String> {
    says(model.queue.is_empty(), EMPTY)
}

fn nothing_current(model: &Model) -> Option<String> {
    says(model.queue.current().is_none(), EMPTY)
}

fn no_bulk(model: &Model) -> Option<String> {
    let queue = &model.queue;
    if queue.marks.is_empty() && queue.range.is_none() && queue.filter.is_none() {
        let key = |row| model.key_for(row);
        let (mark, range) = (key(&MARK), key(&RANGE));
        let (filter, patterns) = (key(&FILTER), key(&PATTERNS));
        return Some(format!(
            "mark tasks with {mark} or {range}, or filter with {filter} or {patterns} first"
        ));
    }
    says(queue.is_empty(), "no task matches the filter")
}

/// Of a key that decides the task beside the queue: beside marked tasks none is decided by itself,
/// for whoever marked them means all of them.
pub(super) fn marked(model: &Model) -> Option<String> {
    if Context::of_screen(model) != Context::Queue || !model.layers.is_empty() {
        return None;
    }
    let queue = &model.queue;
    let bulk = model.key_for(&BULK);
    if queue.range.is_some() {
        let close = model.key_for(&everywhere::CLOSE);
        return Some(format!("a range is marked: {bulk} decides it, {close} clears it"));
    }
    let mark = model.key_for(&MARK);
    match queue.marks.len() {
        0 => None,
        1 => Some(format!("1 task is marked: {bulk} decides it, {mark} unmarks")),
        many => Some(format!("{many} tasks are marked: {bulk} decides them, {mark} unmarks")),
    }
}
