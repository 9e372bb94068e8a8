//! Everything the interface knows, as plain values.
//!
//! Lives here: the queue and the screens above it, drafts, layers, the status line.
//!
//! Does not live here: how any of it changes ([`super::update`]) or looks ([`super::view`]).
//!
//! Start with [`Model`].

mod bulk;
mod correction;
mod customer;
mod draft;
mod drawn;
mod file;
mod history;
mod input;
mod layer;
pub(crate) mod menu;
mod overview;
mod pacing;
mod queue;
mod screen;
mod scroll;
mod task;
mod views;
mod weakest;
mod work;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

pub use bulk::{Bulk, BulkLine, BulkRow, Groups, Phase};
pub use correction::{Correction, CorrectionPhase};
pub use customer::CustomerScreen;
pub use draft::{Draft, Picked};
pub use drawn::{Drawn, Pointed};
pub use file::{Look, ToImport};
pub use history::HistoryScreen;
pub use input::Input;
pub use layer::{
    Confirm, Confirmed, Dependants, Finder, Layer, Palette, PaletteEntry, Prompt, PromptKind,
};
pub use menu::{Choice, Menu, MenuKind, NO_REASON};
pub use overview::Overview;
pub use pacing::Pacing;
pub use queue::{QueueState, Reasons};
pub use screen::Screen;
pub use scroll::Scroll;
pub use task::{Face, Rows, ShownColumn, Target, TaskScreen};
pub use views::{NamedView, OwnView, ViewChange, Views, not_to_be_saved};
pub use weakest::weakest;

use super::context::Context;
use super::keys::{Keymap, Row};
use super::message::Moment;
use super::theme::Theme;
use domain::{BulkId, DecisionId, FieldName, ReasonCode, TaskId, Verdict};
use door::views::{BoundRole, JobView, LastDecided, OthersView, Place};
use door::{Request, Rest};

/// From this width on, queue and comparison stand side by side.
pub const WIDE: u16 = 100;
/// Columns of the queue where it stands beside the comparison, at least and at most: a quarter.
const QUEUE_PANE: (u16, u16) = (30, 56);
/// The smallest terminal the screens are made for.
pub const SMALLEST: (u16, u16) = (40, 12);

/// The state of one session.
#[derive(Debug, Clone)]
pub struct Model {
    /// How it is drawn.
    pub drawn: &'static dyn Drawn,
    /// Colours and glyphs.
    pub theme: Theme,
    /// The keys in effect.
    pub keys: Arc<Keymap>,
    /// The steward.
    pub actor: String,
    /// The role that binds them; none where no role does, and until it is known.
    pub role: Option<BoundRole>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The last time told.
    pub moment: Option<Moment>,
    /// The screen asked for last in clear or masked, and which of the two, until it is answered.
    pub unmasking: Option<(u64, bool)>,
    /// Fields that are in clear from now on, whoever's values they are.
    pub kept: Option<InClear>,
    /// The workspace is being opened; `None` means it is open.
    pub opening: Option<Opening>,
    /// The queue, always at the bottom.
    pub queue: QueueState,
    /// The screens above the queue; the last one is shown.
    pub screens: Vec<Screen>,
    /// What lies over the screen; the last one has the keys.
    pub layers: Vec<Layer>,
    /// The first key of a chord, `g`.
    pub prefix: Option<char>,
    /// The number typed before a key.
    pub count: Option<usize>,
    /// What the status line says.
    pub status: Option<Status>,
    /// What `u` takes back.
    pub would_undo: Option<LastDecided>,
    /// How many keys did something, or nothing, so far.
    pub pressed: u64,
    /// The decision that an undo has named, and takes back when it is pressed once more; and how many keys had
    /// been pressed by then: only the very next one counts.
    pub named: Option<(DecisionId, u64)>,
    /// The decisions of this session, with when they were made.
    pub decided: Vec<(DecisionId, Duration)>,
    /// When a screen was last left by a key that quits on the queue.
    pub left: Option<Duration>,
    /// The last decision, for `.`.
    pub last: Option<Last>,
    /// The last reason given for each verdict.
    pub last_reasons: BTreeMap<Verdict, ReasonCode>,
    /// The last bulk of this session: `u` takes it back as a whole.
    pub last_bulk: Option<(BulkId, Vec<DecisionId>)>,
    /// A bulk that waits for its count while one of its tasks is looked at.
    pub aside: Option<Aside>,
    /// Who can be asked: people who decided here lately, and owners of sources.
    pub people: Vec<String>,
    /// The correction of many records that is under way.
    pub correction: Option<Box<Correction>>,
    /// The task claimed because a decision on it has begun.
    pub held: Option<TaskId>,
    /// When it was claimed last, and how many keys had been pressed by then.
    pub claimed_at: Option<(Duration, u64)>,
    /// The task that others see this person look at.
    pub looked_at: Option<TaskId>,
    /// Who else is at it; `None` means that is not known yet.
    pub others: Option<Others>,
    /// How much of what others did is known.
    pub news: u64,
    /// How many people were erased, as far as is known here.
    pub erased: u64,
    /// The filter of before somebody was erased: it may be their name, so it is not told to be kept.
    pub untold_filter: Option<String>,
    /// Where this review is, as the desk was told last.
    pub place: Option<Place>,
    /// The desk has not answered yet that it was told so.
    pub place_is_on_its_way: bool,
    /// Where this person was when they were cut off, until the task that was open has come.
    pub returning: Option<Box<Place>>,
    /// The task is open only for what a key pressed in the queue still asks for: then the queue has
    /// the keys again.
    pub lent: bool,
    /// A decision is on its way.
    pub deciding: bool,
    /// Long work was asked for, and the desk has not answered yet.
    pub starting: bool,
    /// The files that are looked at before they are imported, in order.
    pub looking: VecDeque<ToImport>,
    /// Long work under way beside everything else, or how it ended.
    pub job: Option<JobView>,
    /// Long work that was begun here and waits for its turn, in order.
    pub waiting: VecDeque<JobView>,
    /// Whether the task on screen can have been seen.
    pub pacing: Pacing,
    serial: u64,
}

/// Fields that stay in clear from task to task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InClear {
    /// Which.
    pub fields: BTreeSet<FieldName>,
    /// Until when, since the session began.
    pub until: Duration,
}

/// Who else is at a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Others {
    /// The task.
    pub task: TaskId,
    /// What the desk says of it.
    pub view: OthersView,
}

/// A bulk whose tasks are looked at one by one.
#[derive(Debug, Clone)]
pub struct Aside {
    /// The bulk.
    pub bulk: Box<Bulk>,
    /// How many screens were open under it.
    pub screens: usize,
}

/// How far the opening of the workspace is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The workspace's folder.
    pub workspace: String,
    /// Commits folded into the view, of how many; none where there is nothing to catch up with.
    pub progress: Option<(u64, u64)>,
}

/// A line for the steward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The line.
    pub text: String,
    /// Whether something went wrong or was refused.
    pub bad: bool,
    /// Whether something was done that stays.
    pub done: bool,
    /// It is about the screen of that serial, and true only of that.
    pub of: Option<u64>,
    /// The address that the line ends with, where it ends with one.
    pub link: Option<String>,
}

/// What the last decision was, and why it cannot be repeated if so.
#[derive(Debug, Clone, PartialEq)]
pub struct Last {
    /// Its verdict.
    pub verdict: Verdict,
    /// Its reason.
    pub reason: Option<ReasonCode>,
    /// Why it will not be repeated, if so.
    pub refused: Option<Cow<'static, str>>,
    /// The filter of the tasks that are like the one it answered.
    pub like_it: Option<String>,
    /// The values that a correction set, and the fields that it removed.
    pub correction: Option<(BTreeMap<FieldName, String>, Vec<FieldName>)>,
}

/// A decision on its way, with what follows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// What is asked.
    pub request: Request,
    /// The verdict.
    pub verdict: Verdict,
    /// What is shown once it is done.
    pub after: After,
    /// Why it will not be repeated, if so.
    pub unrepeatable: Option<Cow<'static, str>>,
    /// Whether a note is asked for before it is sent.
    pub asks_note: bool,
}

/// What is shown after a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The next task.
    Next,
    /// The same screen, fetched again; the next task if nothing is left to decide.
    Same,
    /// The list that it was reached from.
    Listed,
    /// The task an undo reopened, or the screen as it was, fetched again.
    Reopened,
}

impl Model {
    /// Whether the desk's answer will fill what would now be drawn empty.
    pub fn is_awaiting(&self) -> bool {
        match self.screens.last() {
            Some(screen) => screen.is_awaited(),
            None => self.queue.beside.as_ref().is_some_and(|beside| beside.view.is_none()),
        }
    }

    /// A session that has seen nothing yet.
    #[must_use]
    pub fn new(actor: String, theme: Theme, size: (u16, u16), drawn: &'static dyn Drawn) -> Self {
        Self {
            drawn,
            theme,
            keys: Arc::default(),
            actor,
            role: None,
            size,
            moment: None,
            unmasking: None,
            kept: None,
            opening: None,
            queue: QueueState::default(),
            screens: Vec::new(),
            layers: Vec::new(),
            prefix: None,
            count: None,
            status: None,
            would_undo: None,
            pressed: 0,
            named: None,
            decided: Vec::new(),
            left: None,
            last: None,
            last_reasons: BTreeMap::new(),
            last_bulk: None,
            aside: None,
            people: Vec::new(),
            correction: None,
            held: None,
            claimed_at: None,
            looked_at: None,
            others: None,
            news: 0,
            erased: 0,
            untold_filter: None,
            place: None,
            place_is_on_its_way: false,
            returning: None,
            lent: false,
            deciding: false,
            starting: false,
            looking: VecDeque::new(),
            job: None,
            waiting: VecDeque::new(),
            pacing: Pacing::default(),
            serial: 0,
        }
    }

    /// Why their role keeps them from what needs one of these verbs; `None` where it does not.
    #[must_use]
    pub fn forbidden(&self, needs: &[&str]) -> Option<String> {
        let role = self.role.as_ref().filter(|_| !needs.is_empty())?;
        let may = needs.iter().any(|verb| role.may.iter().any(|has| has == verb));
        let (verb, name) = (needs.first().copied().unwrap_or_default(), &role.name);
        (!may).then(|| match name.is_empty() {
            true => "you have no role here, so you may do nothing".to_owned(),
            false => format!("your role ({name}) does not include `{verb}`"),
        })
    }

    /// A number no question has carried yet.
    pub fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Columns of the queue where it stands beside the comparison.
    #[must_use]
    pub fn queue_pane(&self) -> u16 {
        (self.size.0 / 4).clamp(QUEUE_PANE.0, QUEUE_PANE.1)
    }

    /// Whether queue and comparison stand side by side.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.size.0 >= WIDE
    }

    /// Whether the terminal is smaller than the screens are made for.
    #[must_use]
    pub fn is_too_small(&self) -> bool {
        self.size.0 < SMALLEST.0 || self.size.1 < SMALLEST.1
    }

    /// The task screen that has the keys.
    #[must_use]
    pub fn task(&self) -> Option<&TaskScreen> {
        match self.screens.last() {
            Some(Screen::Task(screen)) => Some(screen),
            _ => None,
        }
    }

    /// The task screen that has the keys.
    pub fn task_mut(&mut self) -> Option<&mut TaskScreen> {
        match self.screens.last_mut() {
            Some(Screen::Task(screen)) => Some(screen),
            _ => None,
        }
    }

    /// The task that keys decide on: the one that has the keys, or beside the wide queue the one under
    /// its cursor.
    #[must_use]
    pub fn at_hand(&self) -> Option<&TaskScreen> {
        if !self.screens.is_empty() {
            return self.task();
        }
        self.shown_task().filter(|screen| screen.id() == self.queue.current())
    }

    /// The task that keys decide on.
    pub fn at_hand_mut(&mut self) -> Option<&mut TaskScreen> {
        if !self.screens.is_empty() {
            return self.task_mut();
        }
        let current = self.queue.current().filter(|_| self.is_wide());
        self.queue.beside.as_deref_mut().filter(|screen| screen.id() == current)
    }

    /// The task screen that is drawn: the one with the keys, or what the wide queue shows beside it.
    #[must_use]
    pub fn shown_task(&self) -> Option<&TaskScreen> {
        match self.screens.last() {
            Some(Screen::Task(screen)) => Some(screen),
            Some(_) => None,
            None if self.is_wide() => self.queue.beside.as_deref(),
            None => None,
        }
    }

    /// The customer screen that has the keys.
    #[must_use]
    pub fn customer(&self) -> Option<&CustomerScreen> {
        match self.screens.last() {
            Some(Screen::Customer(screen)) => Some(screen),
            _ => None,
        }
    }

    /// The customer screen that has the keys.
    pub fn customer_mut(&mut self) -> Option<&mut CustomerScreen> {
        match self.screens.last_mut() {
            Some(Screen::Customer(screen)) => Some(screen),
            _ => None,
        }
    }

    /// The history screen that has the keys.
    #[must_use]
    pub fn history(&self) -> Option<&HistoryScreen> {
        match self.screens.last() {
            Some(Screen::History(screen)) => Some(screen),
            _ => None,
        }
    }

    /// The history screen that has the keys.
    pub fn history_mut(&mut self) -> Option<&mut HistoryScreen> {
        match self.screens.last_mut() {
            Some(Screen::History(screen)) => Some(screen),
            _ => None,
        }
    }

    /// The screen about the workspace as a whole that has the keys.
    #[must_use]
    pub fn overview(&self) -> Option<&Overview> {
        match self.screens.last() {
            Some(Screen::Overview(screen)) => Some(screen),
            _ => None,
        }
    }

    /// The screen about the workspace as a whole that has the keys.
    pub fn overview_mut(&mut self) -> Option<&mut Overview> {
        match self.screens.last_mut() {
            Some(Screen::Overview(screen)) => Some(screen),
            _ => None,
        }
    }

    /// Whether long work is under way.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.job.as_ref().is_some_and(|job| job.ended.is_none())
    }

    /// The key that does what a row says, to tell people about.
    #[must_use]
    pub fn key_for(&self, row: &Row) -> String {
        self.keys.key_for(Context::of(self), row)
    }

    /// A text with the keys in it, as [`Keymap::told`].
    #[must_use]
    pub fn told(&self, text: &str) -> String {
        self.keys.told(Context::of(self), text)
    }

    /// Whether nothing of the workspace can be seen: it is being opened, or there is no room.
    #[must_use]
    pub fn shows_nothing(&self) -> bool {
        self.opening.is_some() || self.is_too_small()
    }

    /// The task on screen, as `2 of 214`: its place in the queue and the queue's length.
    #[must_use]
    pub fn place(&self, task: TaskId) -> Option<(usize, usize)> {
        self.queue.place_of(task).map(|place| (place + 1, self.queue.len()))
    }

    /// The decision that was named by the key before this one.
    #[must_use]
    pub fn just_named(&self) -> Option<DecisionId> {
        let (decision, pressed) = self.named?;
        (pressed + 1 == self.pressed).then_some(decision)
    }

    /// Says something on the status line.
    pub fn say(&mut self, text: impl Into<String>) {
        self.status =
            Some(Status { text: text.into(), bad: false, done: false, of: None, link: None });
    }

    /// Says an address, with what is said before it.
    pub fn say_link(&mut self, before: &str, link: &str) {
        let (text, link) = (format!("{before}{link}"), Some(link.to_owned()));
        self.status = Some(Status { text, bad: false, done: false, of: None, link });
    }

    /// Says what was done and stays.
    pub fn say_done(&mut self, text: impl Into<String>) {
        self.status =
            Some(Status { text: text.into(), bad: false, done: true, of: None, link: None });
    }

    /// Says something about a screen, until another one is shown.
    pub fn say_of(&mut self, serial: u64, text: impl Into<String>) {
        self.status = Some(Status {
            text: text.into(),
            bad: false,
            done: false,
            of: Some(serial),
            link: None,
        });
    }

    /// Says on the status line what went wrong or was refused.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.status =
            Some(Status { text: text.into(), bad: true, done: false, of: None, link: None });
    }
}

impl Intent {
    /// An intent that is followed by the next task.
    #[must_use]
    pub fn new(request: Request, verdict: Verdict) -> Self {
        Self { request, verdict, after: After::Next, unrepeatable: None, asks_note: false }
    }

    /// The same with something else to follow.
    #[must_use]
    pub fn then(mut self, after: After) -> Self {
        self.after = after;
        self
    }
}

/// What unmarked columns mean in a merge: nothing; they stay in the task.
pub(crate) const UNMARKED: Rest = Rest::Stay;
