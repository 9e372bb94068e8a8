//! A key is one row: what is pressed, its name, what it says, when it does nothing and why, and what
//! it does.
//!
//! Help, hints, the palette, the popup after a prefix, the README's table and the man page derive
//! from the rows; `update` carries out what a row holds and knows none by name. One file a place:
//! a new key is a row in it. Which keys a person has put in the place of these is in [`Keymap`].

mod chord;
pub(crate) mod everywhere;
mod keymap;
pub(crate) mod layers;
pub(crate) mod overview;
pub(crate) mod queue;
mod rebinding;
pub(crate) mod records;
mod table;
pub(crate) mod task;
#[cfg(test)]
mod tests;

use std::fmt;

pub use chord::{Chord, Key};
pub use keymap::{Bound, Keymap};
pub use rebinding::{KeyFinding, Rebinding};
pub use table::{key_table_markdown, key_table_plain};

use super::context::Context;
use super::effect::Effect;
use super::model::{Model, TaskScreen};

/// A press, as the row it belongs to is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Press {
    /// Which of the row's keys it was; the first is 0.
    pub place: usize,
    /// The number typed before it.
    pub count: Option<usize>,
}

/// What a key may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It moves the cursor, and does nothing else.
    Moves,
    /// All it does is to show something, or to leave.
    Looks,
    /// It changes what is shown or drafted, asks or begins something; it decides nothing.
    Changes,
    /// It decides something: it waits for the decision before it.
    Decides,
    /// It decides the task at hand: that must have been on screen, too.
    DecidesTask,
}

/// How far a row reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// It counts where its contexts have the keys.
    Contexts,
    /// Also while nothing can be seen: the workspace is being opened, or the terminal is too small.
    Unseen,
    /// That, and under every layer.
    Everywhere,
}

/// Why a key does nothing now; `None` means it does something.
pub type Reason = fn(&Model) -> Option<String>;

/// A key of the interface.
pub struct Row {
    /// Its name in `[keys]` and in the palette: a verb.
    pub name: &'static str,
    /// The names it had before, which still bind it.
    pub was: &'static [&'static str],
    /// What is pressed.
    pub keys: &'static [Chord],
    /// Where.
    pub contexts: &'static [Context],
    /// What it does, in words; `{name}` stands for the key of the row of that name.
    pub does: &'static str,
    /// Its short form in the line of hints; empty: not hinted.
    pub hint: &'static str,
    /// What it may come to.
    pub kind: Kind,
    /// How far it reaches.
    pub reach: Reach,
    /// What it does to what is on screen, in the place of `does`.
    pub effect: Option<Reason>,
    /// What it does to what is on screen, in the place of `hint`.
    pub label: Option<Reason>,
    /// Each of its keys means another thing: how many of them mean one now.
    pub each: Option<fn(&Model) -> usize>,
    /// Of these verbs a role needs one for it; none: it needs nothing.
    pub needs: &'static [&'static str],
    reason: Reason,
    run: fn(&mut Model, Press) -> Vec<Effect>,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A row that always does something, is not hinted and decides nothing.
const fn row(
    name: &'static str,
    keys: &'static [Chord],
    contexts: &'static [Context],
    does: &'static str,
    run: fn(&mut Model, Press) -> Vec<Effect>,
) -> Row {
    Row {
        name,
        was: &[],
        keys,
        contexts,
        does,
        hint: "",
        kind: Kind::Changes,
        reach: Reach::Contexts,
        effect: None,
        label: None,
        each: None,
        needs: &[],
        reason: |_| None,
        run,
    }
}

impl Row {
    const fn was(mut self, names: &'static [&'static str]) -> Self {
        self.was = names;
        self
    }

    const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    const fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    const fn reach(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    const fn effect(mut self, effect: Reason) -> Self {
        self.effect = Some(effect);
        self
    }

    const fn label(mut self, label: Reason) -> Self {
        self.label = Some(label);
        self
    }

    const fn each(mut self, each: fn(&Model) -> usize) -> Self {
        self.each = Some(each);
        self
    }

    const fn needs(mut self, verbs: &'static [&'static str]) -> Self {
        self.needs = verbs;
        self
    }

    const fn unless(mut self, reason: Reason) -> Self {
        self.reason = reason;
        self
    }

    /// Whether it is that very row.
    #[must_use]
    pub fn is(&self, other: &Row) -> bool {
        std::ptr::eq(self, other)
    }

    /// Whether it has that name, or had it before.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.was.contains(&name)
    }

    /// Whether it decides the task at hand.
    #[must_use]
    pub fn decides_task(&self) -> bool {
        self.kind == Kind::DecidesTask
    }

    /// Whether it moves the cursor, and does nothing else.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.kind == Kind::Moves
    }

    /// Whether all it does is to show something, or to leave.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        matches!(self.kind, Kind::Moves | Kind::Looks)
    }

    /// Why it does nothing now; `None` means it does something.
    #[must_use]
    pub fn unavailable(&self, model: &Model) -> Option<String> {
        if model.deciding && matches!(self.kind, Kind::Decides | Kind::DecidesTask) {
            return Some("the last decision is still being saved".to_owned());
        }
        self.out_of_place(model)
    }

    /// As [`Row::unavailable`], whether or not a decision is on its way: what is decided in a moment
    /// does not change what can be done here.
    #[must_use]
    pub fn out_of_place(&self, model: &Model) -> Option<String> {
        if let Some(why) = model.forbidden(self.needs) {
            return Some(why);
        }
        let marked = self.decides_task().then(|| queue::marked(model)).flatten();
        marked.or_else(|| (self.reason)(model))
    }

    /// Does what it says.
    pub fn run(&self, model: &mut Model, press: Press) -> Vec<Effect> {
        (self.run)(model, press)
    }
}

/// The rows of a place, each by a name of its own.
macro_rules! place {
    ($($id:ident = $row:expr;)*) => {
        $(pub(crate) static $id: Row = $row;)*
        /// All of them, in the order of the documentation.
        pub(super) static ROWS: &[&Row] = &[$(&$id),*];
    };
}
use place;

/// The rows of every place, in the order of the documentation.
static PLACES: [&[&Row]; 6] =
    [queue::ROWS, task::ROWS, records::ROWS, overview::ROWS, everywhere::ROWS, layers::ROWS];

/// Every key of the interface.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    PLACES.into_iter().flatten().copied()
}

const fn c(character: char) -> Chord {
    Chord::char(character)
}

const fn k(key: Key) -> Chord {
    Chord::one(key)
}

/// `1` to `9`: each means another thing.
const DIGITS: &[Chord] = &[c('1'), c('2'), c('3'), c('4'), c('5'), c('6'), c('7'), c('8'), c('9')];

const FETCHING: &str = "the task is being fetched";

/// A sentence, where it is true.
fn says(holds: bool, why: &str) -> Option<String> {
    holds.then(|| why.to_owned())
}

/// Of a key on a task's screen: nothing while that is being fetched.
fn fetching(model: &Model) -> Option<String> {
    says(model.task().is_some_and(|screen| screen.view.is_none()), FETCHING)
}

/// Of a key about a task, once that is there: the one that has the keys, or beside the queue the one
/// under its cursor.
fn on_task(model: &Model, reason: fn(&TaskScreen) -> Option<String>) -> Option<String> {
    let screen = model.at_hand()?;
    match screen.view {
        None => Some(FETCHING.to_owned()),
        Some(_) => reason(screen),
    }
}
