//! What a message changes, and what has to be done about it.
//!
//! Lives here: one file for each kind of change. Nothing here reads a clock, does I/O or draws: what
//! depends on how the model is drawn is asked of [`super::model::Drawn`].
//!
//! Does not live here: which key means what, and when it means nothing ([`super::keys`]).
//!
//! Start with [`update`].

mod answers;
pub(crate) mod approvals;
pub(crate) mod bulk;
pub(crate) mod card;
pub(crate) mod comments;
pub(crate) mod copying;
pub(crate) mod dashboard;
pub(crate) mod decide;
mod doubted;
pub(crate) mod drafts;
pub(crate) mod finder;
mod grants;
pub(crate) mod imports;
pub(crate) mod jobs;
pub(crate) mod journeys;
pub(crate) mod layers;
pub(crate) mod masks;
pub(crate) mod movement;
pub(crate) mod navigate;
mod others;
pub(crate) mod overview;
pub(crate) mod palette;
pub(crate) mod people;
mod places;
mod pointer;
mod policy;
pub(crate) mod queue;
pub(crate) mod reasoned;
pub(crate) mod requests;
pub(crate) mod segments;
pub(crate) mod timeline;
pub(crate) mod values;
pub(crate) mod views;
mod weak;

use std::time::Duration;

use super::context::Context;
use super::effect::{Effect, Ticket};
use super::keys::{Chord, Key, Press, Reach, Row, everywhere};
use super::message::{Message, Moment};
use super::model::Model;
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
            let mut effects = match start {
                Some(task) => navigate::open(model, task),
                None => vec![places::ask()],
            };
            effects.push(places::ask_role());
            effects.push(queue::ask_anew(model));
            effects.push(policy::ask());
            effects.push(Effect::ask(Ticket::WouldUndo, LastDecision { undone: false }));
            effects.push(others::follow(model, Duration::ZERO));
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
            navigate::fetch_again(model)
        }
        Message::Answered(ticket, answer, moment) => {
            model.moment = Some(moment);
            answers::take(model, ticket, *answer)
        }
        Message::Due(moment) => {
            model.moment = Some(moment);
            Vec::new()
        }
        Message::Listed(completions) => {
            imports::path_completed(model, &completions);
            Vec::new()
        }
        Message::ViewChanged(change, written) => views::written(model, &change, written),
        Message::Drawn(moment) => {
            return drawn(model, &moment);
        }
        Message::Shown { serial, answered } => {
            model.pacing.heard(serial, answered);
            return Vec::new();
        }
    };
    effects.extend(masks::expire(model));
    navigate::take_back(model);
    effects.extend(navigate::show_beside(model));
    masks::forget_said(model);
    movement::settle(model);
    effects.extend(queue::fetch(model));
    let decides = effects.iter().any(Effect::decides);
    effects.extend(others::hold(model, decides));
    effects.extend(places::keep(model));
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
    let Some((row, place)) = row_of(model, context, chord) else {
        if decides_when_there(model, context, chord) {
            model.count = None;
            model.complain(format!("{chord} came before the task was shown; press it again"));
            return Vec::new();
        }
        return unbound(model, context, chord);
    };
    let count = model.count.take();
    carry_out(model, row, &chord.to_string(), Press { place, count })
}

/// What a chord means, and which of the row's keys it is; in the queue also what it decides on the
/// task beside it.
fn row_of(model: &Model, context: Context, chord: Chord) -> Option<(&'static Row, usize)> {
    let own = model.keys.binding(context, chord);
    let bound = own.or_else(|| {
        let beside = Context::beside(model).filter(|_| context == Context::Queue);
        model.keys.with_beside(context, beside).find(|bound| bound.keys.contains(&chord))
    });
    let bound = bound?;
    let place = bound.keys.iter().position(|key| *key == chord)?;
    Some((bound.row, place))
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
            bound.any(|bound| bound.row.decides_task() && bound.keys.contains(&chord))
        })
}

/// Where the terminal is too small to show anything one can leave the program, and what is typed into a
/// line goes on there, as the cursor does: nothing is lost while a window is dragged. Nothing else counts, for
/// nobody sees what it would do.
fn press_unseen(model: &mut Model, key: Key) -> Vec<Effect> {
    (model.prefix, model.count) = (None, None);
    let context = Context::of(model);
    let is_line = matches!(context, Context::Finder | Context::Prompt | Context::Palette);
    let types = matches!(
        key,
        Key::Char(_) | Key::Backspace | Key::Left | Key::Right | Key::Home | Key::End
    );
    let chord = Chord { prefix: None, key };
    if !is_line || !types {
        // A cursor that moves decides nothing, and stands where it was sent once it is seen again.
        let moves = row_of(model, context, chord).filter(|(row, _)| row.moves());
        return match moves {
            Some((row, place)) => {
                carry_out(model, row, &chord.to_string(), Press { place, count: None })
            }
            None => press_early(model, key),
        };
    }
    match row_of(model, context, chord) {
        Some((row, place)) => {
            carry_out(model, row, &chord.to_string(), Press { place, count: None })
        }
        None => unbound(model, context, chord),
    }
}

/// While the workspace is being opened one can leave, and nothing else.
fn press_early(model: &mut Model, key: Key) -> Vec<Effect> {
    let bound = model.keys.binding(Context::Queue, Chord { prefix: None, key });
    let row = bound.map(|bound| bound.row).filter(|row| row.reach >= Reach::Unseen);
    row.map_or_else(Vec::new, |row| row.run(model, Press::default()))
}

/// Does what a row says, or tells why it does nothing now. `called` is what the steward pressed.
fn carry_out(model: &mut Model, row: &Row, called: &str, press: Press) -> Vec<Effect> {
    model.pressed += 1;
    if let Some(why) = row.unavailable(model) {
        masks::complain_here(model, format!("{called}: {why}"));
        return Vec::new();
    }
    if row.decides_task() && !is_seen(model) {
        let task = model.at_hand().and_then(|screen| screen.id());
        let task = task.map_or_else(|| "the task".to_owned(), |task| task.to_string());
        masks::complain_here(model, format!("{called} ignored: {task} was not shown yet"));
        return Vec::new();
    }
    if row.decides_task()
        && let Some(effects) = answers::decided_by_others(model)
    {
        return effects;
    }
    if row.decides_task() {
        navigate::lend(model);
    }
    // What was wrong with an earlier key is over once another one does something; what leaves asks whether it
    // has warned.
    let is_over = !row.moves() && row.reach < Reach::Unseen;
    model.status.take_if(|status| status.bad && is_over);
    row.run(model, press)
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
            model.pressed += 1;
            // Under a layer the key of the help is text, or closes.
            let help = (!context.is_layer()).then(|| model.key_for(&everywhere::HELP));
            let shows = help.map(|help| format!("; {help} shows the keys")).unwrap_or_default();
            masks::complain_here(model, format!("{chord} does nothing here{shows}"));
            Vec::new()
        }
    }
}
