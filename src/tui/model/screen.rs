//! A screen above the queue, whichever it is.

use super::{CustomerScreen, HistoryScreen, Overview, TaskScreen};
use crate::question::Question;

/// A screen above the queue.
#[derive(Debug, Clone)]
pub enum Screen {
    /// A task: comparison, challenge or fix.
    Task(Box<TaskScreen>),
    /// A customer with its members.
    Customer(Box<CustomerScreen>),
    /// What happened.
    History(Box<HistoryScreen>),
    /// The workspace as a whole: dashboard, rules, imports.
    Overview(Box<Overview>),
}

impl Screen {
    /// What the desk is asked for it, with sensitive values in clear or masked.
    #[must_use]
    pub fn question(&self, unmask: bool) -> Question {
        match self {
            Screen::Task(screen) => screen.question(unmask),
            Screen::Customer(screen) => screen.question(unmask),
            Screen::History(screen) => screen.question(unmask),
            Screen::Overview(screen) => screen.question(unmask),
        }
    }

    /// Tells its answers from late ones.
    #[must_use]
    pub fn serial(&self) -> u64 {
        match self {
            Screen::Task(screen) => screen.serial,
            Screen::Customer(screen) => screen.serial,
            Screen::History(screen) => screen.serial,
            Screen::Overview(screen) => screen.serial,
        }
    }

    /// Whether it is asked for with sensitive values in clear.
    pub fn unmasked(&mut self) -> &mut bool {
        match self {
            Screen::Task(screen) => &mut screen.unmasked,
            Screen::Customer(screen) => &mut screen.unmasked,
            Screen::History(screen) => &mut screen.unmasked,
            Screen::Overview(screen) => &mut screen.unmasked,
        }
    }

    /// Whether it has nothing to show before the desk answers.
    pub(super) fn is_awaited(&self) -> bool {
        match self {
            Screen::Task(screen) => screen.view.is_none(),
            Screen::Customer(screen) => screen.view.is_none(),
            Screen::History(screen) => screen.entries.is_none(),
            Screen::Overview(_) => false,
        }
    }
}
