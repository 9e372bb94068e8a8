//! What a message changes, and what has to be done about it.
//!
//! Lives here: one file for each kind of change. Nothing here reads a clock, does I/O or draws: what
//! depends on how the model is drawn is asked of [`super::model::Drawn`].
//!
//! Does not live here: which key means what ([`super::action`]).
//!
//! Start with [`update`].

mod answers;
mod bulk;
mod dashboard;
mod decide;
mod doubted;
mod drafts;
mod finder;
mod grants;
mod imports;
mod jobs;
mod layers;
mod masks;
mod movement;
mod navigate;
mod overview;
mod palette;
mod pointer;
mod queue;
mod values;

pub(crate) use decide::repeatable;

use super::action::{Action, Binding, Context};
use super::effect::{Effect, Ticket};
use super::keys::{Chord, Key};
use super::message::{Message, Moment};
use super::model::{Layer, Model};
use super::pages::Work;
use door::operations::LastDecision;

/// The largest count before a key: more digits are ignored.
const LARGEST_COUNT: usize = 99_999;

/// Takes one message in and says what has to be done.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let mut effects = match message {
        Message::Opening(opening) => {
            model.opening = Some(opening);
            return Vec::new();
        }
        Message::Started(moment, start) => {
            model.moment = Some(moment);
            model.opening = None;
            let mut effects = start.map_or_else(Vec::new, |task| navigate::open(model, task));
            effects.push(queue::ask_anew(model));
            effects.push(Effect::ask(Ticket::WouldUndo, LastDecision { undone: false }));
            effects
        }
        Message::Key(key, moment) => {
            model.moment = Some(moment);
            press(model, key)
        }
        Message::Rest(_) | Message::Pasted(_) | Message::Clicked(..) | Message::Wheel { .. }
            if model.opening.is_some() =>
        {
            return Vec::new();
        }
        Message::Doubted(key, moment) => {
            model.moment = Some(moment);
            doubted::press(model, key)
        }
        Message::Rest(key) => doubted::rest(model, key),
        Message::Pasted(text) => {
            model.pacing.disturbed();
            layers::paste(model, &text)
        }
        Message::Broken => {
            model.pacing.disturbed();
            return Vec::new();
        }
        Message::Clicked(x, y) => pointer::click(model, x, y),
        Message::Wheel { down } => pointer::wheel(model, down),
        Message::Resized(columns, rows) => {
            model.size = (columns, rows);
            Vec::new()
        }
        Message::Answered(ticket, answer, moment) => {
            model.moment = Some(moment);
            answers::take(model, ticket, *answer)
        }
        Message::Listed(completions) => {
            imports::path_completed(model, &completions);
            Vec::new()
        }
        Message::Drawn(moment) => {
            return drawn(model, &moment);
        }
        Message::Shown { serial, answered } => {
            model.pacing.heard(serial, answered);
            return Vec::new();
        }
    };
    navigate::take_back(model);
    effects.extend(navigate::show_beside(model));
    masks::forget_said(model);
    movement::settle(model);
    effects.extend(queue::fetch(model));
    effects.extend(queue::hold(model));
    effects
}

/// Remembers when the task on screen was first drawn, and asks whether it was shown where a key might
/// decide it. A notice that the terminal is too small shows no task.
fn drawn(model: &mut Model, moment: &Moment) -> Vec<Effect> {
    let shown = model
        .shown_task()
        .filter(|screen| screen.view.is_some() && screen.filled == screen.serial)
        .map(|screen| screen.serial)
        .filter(|_| !model.is_too_small());
    model.pacing.drew(shown, moment.elapsed);
    let to_decide = shown.filter(|shown| model.at_hand().is_some_and(|it| it.serial == *shown));
    let is_asked = |serial: &u64| model.pacing.asks_for(*serial);
    to_decide.filter(is_asked).map(Effect::AskWhetherShown).into_iter().collect()
}

/// Whether the task at hand has been on screen long enough to be decided.
fn is_seen(model: &Model) -> bool {
    let (Some(screen), Some(moment)) = (model.at_hand(), &model.moment) else { return true };
    model.pacing.is_seen(screen.serial, moment.elapsed)
}

fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    if model.opening.is_some() {
        return press_early(model, key);
    }
    if model.is_too_small() {
        return press_unseen(model, key);
    }
    let context = Context::of(model);
    if model.prefix.is_none() && is_count(model, context, key) {
        return Vec::new();
    }
    let chord = Chord { prefix: model.prefix.take(), key };
    let Some(row) = row_of(model, context, chord) else {
        if decides_when_there(model, context, chord) {
            model.count = None;
            model.complain(format!("{chord} came before the task was on screen; press it again"));
            return Vec::new();
        }
        return unbound(model, context, chord);
    };
    let count = model.count.take();
    carry_out(model, row, &chord.to_string(), key, count)
}

/// What a chord means; in the queue also what it decides on the task beside it.
fn row_of(model: &Model, context: Context, chord: Chord) -> Option<&'static Binding> {
    let own = model.keys.binding(context, chord);
    let bound = own.or_else(|| {
        let beside = Context::beside(model).filter(|_| context == Context::Queue);
        model.keys.with_beside(context, beside).find(|bound| bound.keys.contains(&chord))
    });
    bound.map(|bound| bound.row)
}

/// Whether a chord would decide on the task beside the queue, were it there already.
fn decides_when_there(model: &Model, context: Context, chord: Chord) -> bool {
    let is_coming = context == Context::Queue
        && model.is_wide()
        && model.queue.current().is_some()
        && Context::beside(model).is_none();
    let faces = [Context::Compare, Context::Challenge, Context::Fix];
    is_coming
        && faces.into_iter().any(|face| {
            let mut bound = model.keys.with_beside(context, Some(face));
            bound.any(|bound| bound.row.decides && bound.keys.contains(&chord))
        })
}

/// Where the terminal is too small to show anything one can leave the program, and nothing else.
fn press_unseen(model: &mut Model, key: Key) -> Vec<Effect> {
    (model.prefix, model.count) = (None, None);
    press_early(model, key)
}

/// While the workspace is being opened one can leave, and nothing else.
fn press_early(model: &Model, key: Key) -> Vec<Effect> {
    let bound = model.keys.binding(Context::Queue, Chord { prefix: None, key });
    match bound.map(|bound| bound.row.action) {
        Some(Action::Leave | Action::Cancel) => vec![Effect::Quit],
        Some(Action::Suspend) => vec![Effect::Suspend],
        _ => Vec::new(),
    }
}

/// Does what a row says, or tells why it does nothing now. `called` is what the steward pressed.
fn carry_out(
    model: &mut Model,
    row: &Binding,
    called: &str,
    key: Key,
    count: Option<usize>,
) -> Vec<Effect> {
    if let Some(why) = row.unavailable(model) {
        model.complain(format!("{called}: {why}"));
        return Vec::new();
    }
    if row.decides && !is_seen(model) {
        let task = model.at_hand().and_then(|screen| screen.id());
        let task = task.map_or_else(|| "the task".to_owned(), |task| task.to_string());
        model.complain(format!("{called} dropped: {task} was not on screen yet"));
        return Vec::new();
    }
    if row.decides {
        navigate::lend(model);
    }
    perform(model, row.action, key, count)
}

/// In lists digits are a count for the next key.
fn is_count(model: &mut Model, context: Context, key: Key) -> bool {
    let Key::Char(character) = key else { return false };
    let Some(digit) = character.to_digit(10) else { return false };
    if !context.counts() || (digit == 0 && model.count.is_none()) {
        return false;
    }
    let count = model.count.unwrap_or(0) * 10 + digit as usize;
    model.count = Some(count.min(LARGEST_COUNT));
    true
}

fn unbound(model: &mut Model, context: Context, chord: Chord) -> Vec<Effect> {
    match (context, chord) {
        (
            Context::Finder | Context::Prompt | Context::Palette | Context::Bulk,
            Chord { prefix: None, key: Key::Char(character) },
        ) => layers::insert(model, &character.to_string()),
        (Context::Menu, Chord { prefix: None, key: Key::Char(character) }) => {
            layers::choose(model, character)
        }
        (_, Chord { prefix: None, key: Key::Char(character) })
            if model.keys.is_prefix(context, character) =>
        {
            model.prefix = Some(character);
            Vec::new()
        }
        (_, Chord { prefix: Some(_), key: Key::Esc }) => {
            model.count = None;
            Vec::new()
        }
        _ => {
            model.count = None;
            let help = model.key_for(Action::Help);
            model.complain(format!("{chord} does nothing here; {help} shows the keys"));
            Vec::new()
        }
    }
}

fn perform(model: &mut Model, action: Action, key: Key, count: Option<usize>) -> Vec<Effect> {
    match action {
        _ if action.moves() => movement::step(model, action, count),
        Action::NextPane | Action::PreviousPane => navigate::other_pane(model),
        Action::Open if Context::of(model) == Context::Queue => navigate::open_current(model),
        Action::Open if model.overview().is_some() => overview::open(model),
        Action::Open => {
            model.layers.push(Layer::Value { top: 0 });
            Vec::new()
        }
        Action::Close => close(model),
        Action::Cancel => cancel(model),
        Action::Leave => navigate::leave(model),
        Action::Suspend => vec![Effect::Suspend],
        Action::Find => finder::find(model),
        Action::Help => {
            model.layers.push(Layer::Help { top: 0 });
            Vec::new()
        }
        Action::Palette => palette::open(model),
        Action::Undo => decide::ask_last(model, false),
        Action::Redo => decide::ask_last(model, true),
        Action::NextTask => navigate::step_task(model, 1, count),
        Action::PreviousTask => navigate::step_task(model, -1, count),
        Action::GoQueue => {
            model.screens.clear();
            Vec::new()
        }
        Action::CompareRuns => overview::compare_runs(model),
        Action::GoDashboard | Action::GoRules | Action::GoImports | Action::GoGrants => {
            overview::go(model, action)
        }
        Action::GoValues => values::go(),
        Action::CorrectValues => values::ask_for_right_one(model),
        Action::Mark if model.values().is_some() => values::mark(model),
        Action::Raw if model.values().is_some() => values::next_kind(model),
        Action::ThresholdDown | Action::ThresholdUp | Action::OtherThreshold => {
            dashboard::threshold(model, action)
        }
        Action::AddFile => imports::add_file(model),
        Action::Whole | Action::Older | Action::Surely => imports::switch(model, action),
        Action::CompareHolders => navigate::compare_holders(model),
        Action::MatchNow => jobs::start_match(model),
        Action::StopWork => jobs::cancel(model),
        Action::Reload => navigate::reload(model),
        Action::Customer if model.overview().is_some() => overview::customer(model),
        Action::GoCustomer | Action::Customer => navigate::open_customer(model),
        Action::GoHistory => navigate::open_history(model, None),
        Action::History => {
            let subject = navigate::subject(model);
            navigate::open_history(model, subject)
        }
        Action::Filter => layers::prompt_filter(model),
        Action::TakeIn => vec![queue::ask_anew(model)],
        Action::Mark if Context::of(model) == Context::Queue => queue::perform(model, action),
        Action::Order
        | Action::Range
        | Action::Claim
        | Action::Views
        | Action::Patterns
        | Action::Bulk => queue::perform(model, action),
        Action::Complete => queue::complete(model),
        Action::Earlier => navigate::travel(model, true),
        Action::Later => navigate::travel(model, false),
        Action::Why if Context::of(model) == Context::Customer => finder::why_not(model),
        Action::Why => layers::why(model),
        Action::Copy => layers::copy(model),
        Action::Scope => finder::next_scope(model),
        Action::UndoToo | Action::Stay | Action::MoveBack => layers::choose_for(model, action),
        Action::Submit if Context::of(model) == Context::Palette => palette::submit(model),
        Action::Submit => layers::submit(model),
        Action::Yes => layers::confirmed(model),
        Action::Backspace
        | Action::Delete
        | Action::DeleteWord
        | Action::DeleteLine
        | Action::CursorLeft
        | Action::CursorRight => layers::edit(model, action),
        Action::Mark
        | Action::NextLetter
        | Action::Take
        | Action::Survivorship
        | Action::Rows
        | Action::Raw
        | Action::Unfold
        | Action::Unmask => drafts::change(model, action, key),
        _ => decide::verdict(model, action, key),
    }
}

/// Closes the layer, else drops the draft, else leaves the screen; never the program.
fn close(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = bulk::stop(model) {
        return effects;
    }
    if let Some(effects) = values::stop(model) {
        return effects;
    }
    if model.layers.pop().is_some() {
        return Vec::new();
    }
    if model.task().is_some_and(|screen| screen.is_drafted()) {
        if let Some(screen) = model.task_mut() {
            screen.draft = super::model::Draft::of(screen.columns());
            screen.broken.clear();
        }
        model.say("the draft is dropped");
        return drafts::preview(model);
    }
    if model.screens.is_empty() && queue::drop_marks(model) {
        return Vec::new();
    }
    model.status = None;
    model.screens.pop();
    Vec::new()
}

/// Whether `Ctrl-c` stops what is under way: it does on the screens that tell of it, with nothing of
/// their own to be dropped.
fn stops_work(model: &Model) -> bool {
    let work = model.overview().map_or(Work::Nothing, |screen| screen.page.work());
    model.layers.is_empty() && work != Work::Nothing
}

fn cancel(model: &mut Model) -> Vec<Effect> {
    if (model.starting || model.is_working()) && stops_work(model) {
        return jobs::cancel(model);
    }
    if model.layers.is_empty() && model.screens.is_empty() {
        match model.is_working() {
            true => model.say(format!("{} stops the work", model.key_for(Action::StopWork))),
            false => model.say("q quits"),
        }
        return Vec::new();
    }
    if model.layers.is_empty() && !model.task().is_some_and(|screen| screen.is_drafted()) {
        model.say("nothing to cancel; Esc closes, q leaves");
        return Vec::new();
    }
    model.layers.truncate(1);
    close(model)
}
