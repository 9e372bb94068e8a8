//! The keys that count on every screen.

use super::{Kind, Reach, Row, c, fetching, k, place, queue, row, says};
use crate::context::Context;
use crate::effect::Effect;
use crate::keys::{Chord, Key};
use crate::model::{Model, TaskScreen};
use crate::update::{
    approvals, bulk, decide, finder, jobs, journeys, layers, masks, movement, navigate, overview,
    palette, segments, values, views,
};

const GLOBAL: &[Context] = &[Context::Global];
/// The screens and every layer.
const CLOSING: &[Context] = &[
    Context::Global,
    Context::Reading,
    Context::Finder,
    Context::Prompt,
    Context::Menu,
    Context::Confirm,
    Context::Look,
    Context::Palette,
    Context::Dependants,
    Context::Groups,
    Context::Bulk,
];

place! {
    VIEWS = row("go-view", &[Chord::go('v')], GLOBAL, "go to a saved view of the queue",
        |model, _| views::choose(model)).was(&["views"]).unless(no_views);
    DOWN = row("move-down", &[c('j'), k(Key::Down)], GLOBAL, "row down; 5{move-down}: five", movement::down)
        .was(&["down"]).kind(Kind::Moves).unless(fetching);
    UP = row("move-up", &[c('k'), k(Key::Up)], GLOBAL, "row up", movement::up)
        .was(&["up"]).kind(Kind::Moves).unless(fetching);
    FIRST = row("move-first", &[Chord::go('g'), k(Key::Home)], GLOBAL, "first row", movement::first)
        .was(&["first"]).kind(Kind::Moves).unless(fetching);
    LAST = row("move-last", &[c('G'), k(Key::End)], GLOBAL, "last row", movement::last)
        .was(&["last"]).kind(Kind::Moves).unless(fetching);
    HALF_DOWN = row("move-half-down", &[Chord::ctrl('d'), k(Key::PageDown)], GLOBAL, "half a page down",
        movement::half_down).was(&["half-down"]).kind(Kind::Moves).unless(fetching);
    HALF_UP = row("move-half-up", &[Chord::ctrl('u'), k(Key::PageUp)], GLOBAL, "half a page up",
        movement::half_up).was(&["half-up"]).kind(Kind::Moves).unless(fetching);
    NEXT_PANE = row("go-next-pane", &[k(Key::Tab)], GLOBAL, "next pane", |model, _| navigate::other_pane(model))
        .was(&["next-pane"]).kind(Kind::Looks).unless(one_pane);
    PREVIOUS_PANE = row("go-previous-pane", &[k(Key::BackTab)], GLOBAL, "previous pane",
        |model, _| navigate::other_pane(model)).was(&["previous-pane"]).kind(Kind::Looks).unless(one_pane);
    FIND = row("find", &[c('/')], GLOBAL, "find a task, a customer or a record", |model, _| finder::find(model))
        .needs(&["find"])
        .hint("find");
    PALETTE = row("open-palette", &[c(':'), Chord::ctrl('p')], GLOBAL,
        "every action available here, by name", |model, _| palette::open(model)).was(&["palette"]);
    NEXT_TASK = row("go-next-task", &[c('J')], GLOBAL, "next task",
        |model, press| navigate::step_task(model, 1, press.count))
        .was(&["next-task"]).kind(Kind::Looks).unless(no_other_task);
    PREVIOUS_TASK = row("go-previous-task", &[c('K')], GLOBAL, "previous task",
        |model, press| navigate::step_task(model, -1, press.count))
        .was(&["previous-task"]).kind(Kind::Looks).unless(no_other_task);
    GO_QUEUE = row("go-queue", &[Chord::go('q')], GLOBAL, "go to the queue", |model, _| navigate::to_queue(model));
    GO_CUSTOMER = row("go-customer", &[Chord::go('c')], GLOBAL, "go to the customer",
        |model, _| navigate::open_customer(model)).unless(no_customer);
    GO_HISTORY = row("go-history", &[Chord::go('h')], GLOBAL, "go to the history of everything",
        |model, _| navigate::open_history(model, None)).needs(&["history"]);
    GO_DASHBOARD = row("go-dashboard", &[Chord::go('d')], GLOBAL, "go to the dashboard",
        |model, _| overview::go_dashboard(model)).needs(&["dashboard"]);
    GO_RULES = row("go-rules", &[Chord::go('r')], GLOBAL, "go to the rules", |model, _| overview::go_rules(model))
        .needs(&["rules"]);
    GO_IMPORTS = row("go-imports", &[Chord::go('i')], GLOBAL, "go to the imports",
        |model, _| overview::go_imports(model)).needs(&["imports"]);
    GO_GRANTS = row("go-grants", &[Chord::go('t')], GLOBAL,
        "go to the grants: merges granted from a sample", |model, _| overview::go_grants(model)).needs(&["grant"]);
    GO_JOURNEYS = row("go-journeys", &[Chord::go('j')], GLOBAL, "go to the journeys: how far customers came",
        |model, _| journeys::go(model)).needs(&["dashboard"]);
    GO_SEGMENTS = row("go-segments", &[Chord::go('s')], GLOBAL, "go to the segments: how many customers are in each",
        |model, _| segments::go(model)).needs(&["dashboard"]);
    GO_APPROVALS = row("go-approvals", &[Chord::go('a')], GLOBAL, "go to what waits for an approval",
        |model, _| approvals::go(model)).needs(&["tasks", "approve", "grant"]);
    GO_VALUES = row("go-values", &[Chord::go('l')], GLOBAL, "go to the values of a field", |_, _| values::go())
        .needs(&["values"]);
    MATCH_NOW = row("match-now", &[Chord::go('m')], GLOBAL, "match now, while you review",
        |model, _| jobs::start_match(model)).needs(&["match"]);
    STOP_WORK = row("stop-work", &[Chord::go('x')], GLOBAL, "stop the import or the match under way",
        |model, _| jobs::cancel(model)).unless(nothing_to_stop);
    LIKE_IT = row("decide-alike", &[c('B')], GLOBAL,
        "the verdict of the last decision for every task of its pattern, each shown first",
        |model, _| bulk::like_the_last(model)).needs(&["decide", "fix"]).kind(Kind::Decides).unless(bulk::no_like);
    UNDO = row("undo", &[c('u')], GLOBAL, "undo my last decision; on the queue an older one is named first",
        |model, _| decide::undo_last(model)).needs(&["undo"])
        .kind(Kind::Decides);
    REDO = row("redo", &[Chord::ctrl('r')], GLOBAL, "redo what I last undid", |model, _| decide::ask_last(model, true))
        .needs(&["undo"])
        .kind(Kind::Decides);
    HELP = row("show-help", &[c('?')], GLOBAL, "the keys", |model, _| layers::help(model))
        .was(&["help"]).kind(Kind::Looks);
    CLOSE = row("close", &[k(Key::Esc)], CLOSING, "close, discard the draft; never quits",
        |model, _| navigate::close(model)).kind(Kind::Looks);
    LEAVE = row("leave", &[c('q')], GLOBAL, "leave the screen; on the queue, quit", |model, _| navigate::leave(model))
        .hint("leave").kind(Kind::Looks).reach(Reach::Unseen);
    CANCEL = row("cancel", &[Chord::ctrl('c')], GLOBAL, "cancel", |model, _| navigate::cancel(model))
        .reach(Reach::Everywhere);
    SUSPEND = row("suspend", &[Chord::ctrl('z')], GLOBAL, "suspend; fg comes back",
        |model, _| masks::suspend(model)).kind(Kind::Looks).reach(Reach::Everywhere);
    REDRAW = row("redraw", &[Chord::ctrl('l')], GLOBAL, "redraw the whole screen", |_, _| vec![Effect::Redraw])
        .kind(Kind::Looks).reach(Reach::Everywhere);
}

fn no_views(model: &Model) -> Option<String> {
    let none = model.queue.all_views().next().is_none();
    none.then(|| {
        format!(
            "no view has been saved: {} on the queue saves one",
            model.key_for(&queue::SAVE_VIEW)
        )
    })
}

fn one_pane(model: &Model) -> Option<String> {
    let both = model.shown_task().is_some_and(|screen| screen.view.is_some());
    says(!model.is_wide(), "there is only one pane at this width")
        .or_else(|| says(!both, "no task is shown beside the queue"))
}

fn no_other_task(model: &Model) -> Option<String> {
    let elsewhere =
        model.customer().is_some() || model.history().is_some() || model.overview().is_some();
    says(elsewhere, "leave this screen first").or_else(|| queue::empty(model))
}

fn no_customer(model: &Model) -> Option<String> {
    let columns = model.shown_task().map(TaskScreen::columns);
    says(columns.is_none_or(<[_]>::is_empty), "open a task first")
}

fn nothing_to_stop(model: &Model) -> Option<String> {
    // The desk is asked in turn: by then it has begun.
    if model.starting {
        return None;
    }
    match model.job.as_ref().filter(|_| model.is_working()) {
        None => Some("nothing is under way".to_owned()),
        Some(job) => says(job.stopping, "it stops as soon as it can"),
    }
}
