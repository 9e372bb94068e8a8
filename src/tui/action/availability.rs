//! Why a key does nothing now: the sentence help shows, and the status line when it is pressed.

use super::{Action, Binding, Context};
use crate::model::{Layer, Model, TaskScreen};
use domain::TaskState;

/// The reason; `None` means the key does something.
pub(super) fn unavailable(row: &Binding, model: &Model) -> Option<String> {
    if model.deciding && decides(row) {
        return Some("the last decision is still on its way".to_owned());
    }
    out_of_place(row, model)
}

/// As [`unavailable`], whether or not a decision is on its way: what is decided in a moment does not
/// change what can be done here.
pub(super) fn out_of_place(row: &Binding, model: &Model) -> Option<String> {
    let action = row.action;
    if row.decides
        && Context::of_screen(model) == Context::Queue
        && model.layers.is_empty()
        && let Some(why) = marked(model)
    {
        return Some(why);
    }
    let reason = match action {
        Action::NextPane | Action::PreviousPane => pane(model),
        Action::Open => return open(model),
        Action::NextTask | Action::PreviousTask
            if model.customer().is_some()
                || model.history().is_some()
                || model.overview().is_some() =>
        {
            Some("leave this screen first")
        }
        Action::Claim | Action::Range | Action::Patterns if model.queue.is_empty() => {
            Some("the queue is empty")
        }
        Action::Mark if Context::of_screen(model) == Context::Queue && model.queue.is_empty() => {
            Some("the queue is empty")
        }
        Action::Bulk
            if model.queue.marks.is_empty()
                && model.queue.range.is_none()
                && model.queue.filter.is_none() =>
        {
            let key = |action| model.keys.key_for(Context::Queue, action);
            let (mark, range) = (key(Action::Mark), key(Action::Range));
            let (filter, patterns) = (key(Action::Filter), key(Action::Patterns));
            return Some(format!(
                "mark tasks with {mark} or {range}, or filter with {filter} or {patterns} first"
            ));
        }
        Action::Bulk if model.queue.is_empty() => Some("no task matches the filter"),
        Action::Views => {
            model.queue.views.is_empty().then_some("steward.toml saves none under [views]")
        }
        Action::NextTask | Action::PreviousTask | Action::Order if model.queue.is_empty() => {
            Some("the queue is empty")
        }
        Action::GoCustomer => model
            .shown_task()
            .is_none_or(|screen| screen.columns().is_empty())
            .then_some("open a task first"),
        Action::History if Context::of_screen(model) == Context::Queue => {
            model.queue.current().is_none().then_some("the queue is empty")
        }
        Action::Why if model.customer().is_some() && model.layers.is_empty() => model
            .customer()
            .is_none_or(|screen| screen.member().is_none())
            .then_some("move to a member with h"),
        Action::CompareHolders => model
            .task()
            .and_then(TaskScreen::current_violation)
            .is_none_or(|violation| violation.holders.is_empty())
            .then_some("no other customer is known to hold the value"),
        Action::CorrectValues if model.correction.is_some() => Some("a correction is under way"),
        Action::CorrectValues | Action::Filter | Action::Mark | Action::Unmask
            if model.values().is_some_and(|values| !values.counted) =>
        {
            Some("the values are being counted")
        }
        Action::Surely => match model.layers.last() {
            Some(Layer::Look(look)) if look.outcome.held_back.is_some() => None,
            Some(Layer::Look(look)) if look.file.request.delivery.complete => {
                Some("nothing is held back that would have to be confirmed")
            }
            _ => Some("only a complete file can lack records"),
        },
        Action::AddFile => model.imports().is_none().then_some("the imports are being fetched"),
        // What cannot be begun now waits in the desk's queue, which says when it is full.
        Action::MatchNow => None,
        // The desk is asked in turn: by then it has begun.
        Action::StopWork if model.starting => None,
        Action::StopWork => {
            let Some(job) = model.job.as_ref().filter(|_| model.is_working()) else {
                return Some("nothing is under way".to_owned());
            };
            job.stopping.then_some("it stops as soon as it can")
        }
        Action::UndoEntry => return undo_entry(model),
        Action::Unmerge => return unmerge(model),
        Action::Earlier => model
            .customer()
            .is_none_or(|screen| screen.earlier().is_none())
            .then_some("this is its beginning"),
        Action::Later => model
            .customer()
            .is_none_or(|screen| screen.later().is_none())
            .then_some("this is how it stands now"),
        Action::Why
            if matches!(
                model.layers.last(),
                Some(Layer::Help { .. } | Layer::Value { .. } | Layer::Explained { .. })
            ) =>
        {
            Some("it explains no pair")
        }
        _ => {
            // Beside the queue only what decides is about the task there.
            let screen = if row.decides { model.at_hand() } else { model.task() };
            return screen.and_then(|screen| on_task(action, model, screen));
        }
    };
    reason.map(str::to_owned)
}

/// Beside marked tasks none is decided by itself: whoever marked them means all of them.
fn marked(model: &Model) -> Option<String> {
    let queue = &model.queue;
    let key = |action| model.keys.key_for(Context::Queue, action);
    let bulk = key(Action::Bulk);
    if queue.range.is_some() {
        let close = key(Action::Close);
        return Some(format!("a range is marked: {bulk} decides it, {close} drops it"));
    }
    let mark = key(Action::Mark);
    match queue.marks.len() {
        0 => None,
        1 => Some(format!("1 task is marked: {bulk} decides it, {mark} unmarks")),
        many => Some(format!("{many} tasks are marked: {bulk} decides them, {mark} unmarks")),
    }
}

fn decides(row: &Binding) -> bool {
    row.decides
        || matches!(row.action, Action::Undo | Action::Redo | Action::UndoEntry | Action::Unmerge)
}

fn pane(model: &Model) -> Option<&'static str> {
    if !model.is_wide() {
        return Some("there is one pane at this width");
    }
    let both = model.shown_task().is_some_and(|screen| screen.view.is_some());
    (!both).then_some("there is no task beside the queue")
}

fn open(model: &Model) -> Option<String> {
    if let Some(screen) = model.overview() {
        return screen.is_empty().then(|| "there is nothing to open".to_owned());
    }
    if Context::of_screen(model) != Context::Queue || model.queue.current().is_some() {
        return None;
    }
    Some("the queue is empty".to_owned())
}

fn undo_entry(model: &Model) -> Option<String> {
    let Some(entry) = model.history().and_then(|screen| screen.current()) else {
        return Some("there is no entry".to_owned());
    };
    match entry.decision {
        None => Some("this entry is no decision: only decisions are undone".to_owned()),
        Some(decision) if !entry.stands => Some(format!("{decision} is undone already")),
        Some(_) => None,
    }
}

fn unmerge(model: &Model) -> Option<String> {
    let screen = model.customer()?;
    let Some(view) = &screen.view else { return Some("the customer is being fetched".to_owned()) };
    if view.at.is_some() {
        return Some("this is how it was: go back to now with ]".to_owned());
    }
    if view.column.members.len() < 2 {
        return Some(format!("{} has only one member", view.customer));
    }
    screen.member().is_none().then(|| "move to a member with h".to_owned())
}

fn on_task(action: Action, model: &Model, screen: &TaskScreen) -> Option<String> {
    let wants_task = !matches!(
        action,
        Action::Leave
            | Action::Close
            | Action::Cancel
            | Action::Suspend
            | Action::Find
            | Action::Help
            | Action::Palette
            | Action::Undo
            | Action::Redo
            | Action::NextTask
            | Action::PreviousTask
            | Action::GoQueue
            | Action::GoHistory
            | Action::StopWork
    );
    let Some(view) = &screen.view else {
        return wants_task.then(|| "the task is being fetched".to_owned());
    };
    let reason = match action {
        Action::Merge => return merge(screen),
        Action::NotAMatch => {
            (screen.columns().len() < 2).then_some("there is nothing to tell it from")
        }
        Action::Mark | Action::NextLetter if screen.current_column().is_none() => {
            Some("the golden column has no letter")
        }
        Action::Accept if view.fix.is_some() => screen
            .current_violation()
            .is_none_or(|found| found.suggestion.is_none())
            .then_some("nothing is suggested for it: e edits"),
        Action::Accept if !is_challenge(screen) => (!has_suggestion(screen))
            .then_some("nothing is suggested for the value under the cursor"),
        Action::AcceptAll => view
            .fix
            .as_ref()
            .is_none_or(|fix| fix.violations.iter().all(|found| found.suggestion.is_none()))
            .then_some("nothing is suggested"),
        Action::Waive if view.fix.is_some() => screen
            .current_violation()
            .is_none_or(|found| found.waived.is_some())
            .then_some("it is waived already"),
        Action::Waive => screen.broken_rules().is_empty().then_some("no rule stands against it"),
        Action::Why if view.pairs.is_empty() && view.is_merged_in_source() => {
            return Some(format!("matching compared no pair: {}", view.reasons.join("; ")));
        }
        Action::Why => view.pairs.is_empty().then_some("there is no pair to explain"),
        Action::Take
            if screen.current_violation().is_some_and(|violation| violation.choices.is_empty()) =>
        {
            Some("nobody else holds a value to take")
        }
        Action::Edit | Action::Take | Action::Survivorship if screen.current_field().is_none() => {
            Some("there is no field")
        }
        Action::Defer | Action::Escalate if view.task.is_none() => {
            Some("no task asks about these customers")
        }
        Action::Answer => {
            let state = view.task.as_ref().map(|task| &task.state);
            (!matches!(state, Some(TaskState::Escalated { .. }))).then_some("nobody was asked")
        }
        Action::Repeat => return repeat(model, screen),
        _ => None,
    };
    reason.map(str::to_owned)
}

fn is_challenge(screen: &TaskScreen) -> bool {
    screen.face() == crate::model::Face::Challenge
}

fn has_suggestion(screen: &TaskScreen) -> bool {
    screen
        .current_cell()
        .is_some_and(|cell| cell.violations.iter().any(|found| found.suggestion.is_some()))
}

/// A refusal the desk foretells keeps nobody from pressing `m`: it says the whole sentence then.
fn merge(screen: &TaskScreen) -> Option<String> {
    if screen.columns().len() < 2 {
        return Some("there is nothing to merge it with".to_owned());
    }
    let none = screen.draft.merge_groups(screen.columns()).is_none();
    none.then(|| "no letter holds two columns: mark with Space".to_owned())
}

fn repeat(model: &Model, screen: &TaskScreen) -> Option<String> {
    let Some(last) = &model.last else {
        return Some("there is no decision to repeat".to_owned());
    };
    if let Some(why) = last.refused {
        return Some(format!("the last {} cannot be repeated: {why}", last.verdict.name()));
    }
    if screen.is_drafted() {
        return Some("this task has a draft: decide it by its own key".to_owned());
    }
    crate::update::repeatable(last.verdict, screen.face())
        .is_none()
        .then(|| format!("{} does not answer this kind of task", last.verdict.name()))
}
