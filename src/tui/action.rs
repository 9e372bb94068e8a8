//! Where a key means something: the screen, or what lies over it.
//!
//! What keys do there stands in the rows of [`super::keys`].

use super::model::{Face, Layer, Model, Screen, Shows};

/// Where a key means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// On every screen.
    Global,
    /// The queue.
    Queue,
    /// Customers side by side.
    Compare,
    /// What was decided beside what came since.
    Challenge,
    /// An invalid record.
    Fix,
    /// A customer.
    Customer,
    /// A history.
    History,
    /// The workspace in numbers.
    Dashboard,
    /// The rules.
    Rules,
    /// The records that break a rule.
    Failing,
    /// The imports.
    Imports,
    /// Rows in quarantine.
    Quarantine,
    /// The values of a field.
    Values,
    /// Two matching runs.
    Runs,
    /// Merging that people grant.
    Grants,
    /// Why, help, a whole value.
    Reading,
    /// The finder.
    Finder,
    /// A prompt.
    Prompt,
    /// A menu.
    Menu,
    /// A last question.
    Confirm,
    /// A file that was looked at.
    Look,
    /// The palette of everything that can be done.
    Palette,
    /// What becomes of decisions that build on one to be undone.
    Dependants,
    /// Tasks by pattern.
    Groups,
    /// A verdict on many tasks.
    Bulk,
}

impl Context {
    /// Every context, in the order of the documentation.
    pub const ALL: [Context; 25] = [
        Context::Global,
        Context::Queue,
        Context::Compare,
        Context::Challenge,
        Context::Fix,
        Context::Customer,
        Context::History,
        Context::Dashboard,
        Context::Rules,
        Context::Failing,
        Context::Imports,
        Context::Quarantine,
        Context::Values,
        Context::Runs,
        Context::Grants,
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

    /// The screens about the workspace as a whole.
    pub const OVERVIEWS: [Context; 8] = [
        Context::Dashboard,
        Context::Rules,
        Context::Failing,
        Context::Imports,
        Context::Quarantine,
        Context::Values,
        Context::Runs,
        Context::Grants,
    ];

    /// Its name in documentation.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Context::Global => "everywhere",
            Context::Queue => "queue",
            Context::Compare => "compare",
            Context::Challenge => "challenge",
            Context::Fix => "fix",
            Context::Customer => "customer",
            Context::History => "history",
            Context::Dashboard => "dashboard",
            Context::Rules => "rules",
            Context::Failing => "records that break a rule",
            Context::Imports => "imports",
            Context::Quarantine => "quarantine",
            Context::Values => "values",
            Context::Runs => "matching runs",
            Context::Grants => "grants",
            Context::Reading => "why, help, whole value",
            Context::Finder => "finder",
            Context::Prompt => "prompt",
            Context::Menu => "menu",
            Context::Confirm => "confirm",
            Context::Look => "file before its import",
            Context::Palette => "palette",
            Context::Dependants => "undo with what builds on it",
            Context::Groups => "patterns",
            Context::Bulk => "bulk",
        }
    }

    /// Its name in `[keys]`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Context::Reading => "reading",
            Context::Failing => "failing",
            Context::Look => "look",
            Context::Dependants => "dependants",
            other => other.name(),
        }
    }

    /// Whether characters are text here, so that none of them can be a key.
    #[must_use]
    pub fn types_text(self) -> bool {
        matches!(self, Context::Finder | Context::Prompt | Context::Palette | Context::Menu)
    }

    /// Whether digits are a count for the next key here.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Context::Queue | Context::History | Context::Customer)
            || Self::OVERVIEWS.contains(&self)
    }

    /// Whether digits are typed here, so that none of them can be a key.
    #[must_use]
    pub fn types_digits(self) -> bool {
        self == Context::Bulk
    }

    /// The context whose keys the model listens to.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        match model.layers.last() {
            Some(
                Layer::Why { .. }
                | Layer::Help { .. }
                | Layer::Value { .. }
                | Layer::Explained { .. },
            ) => Context::Reading,
            Some(Layer::Finder(_)) => Context::Finder,
            Some(Layer::Prompt(_)) => Context::Prompt,
            Some(Layer::Menu(_)) => Context::Menu,
            Some(Layer::Confirm(_)) => Context::Confirm,
            Some(Layer::Look(_)) => Context::Look,
            Some(Layer::Palette(_)) => Context::Palette,
            Some(Layer::Dependants(_)) => Context::Dependants,
            Some(Layer::Groups(_)) => Context::Groups,
            Some(Layer::Bulk(_)) => Context::Bulk,
            None => Self::of_screen(model),
        }
    }

    /// The context of the screen under the layers.
    #[must_use]
    pub fn of_screen(model: &Model) -> Self {
        match model.screens.last() {
            None => Context::Queue,
            Some(Screen::Customer(_)) => Context::Customer,
            Some(Screen::History(_)) => Context::History,
            Some(Screen::Overview(screen)) => match screen.shows {
                Shows::Dashboard(_) => Context::Dashboard,
                Shows::Rules(_) => Context::Rules,
                Shows::Failing(..) => Context::Failing,
                Shows::Imports(_) => Context::Imports,
                Shows::Quarantine(..) => Context::Quarantine,
                Shows::Values(_) => Context::Values,
                Shows::Runs(_) => Context::Runs,
                Shows::Grants(_) => Context::Grants,
            },
            Some(Screen::Task(task)) => Self::of_face(task.face()),
        }
    }

    fn of_face(face: Face) -> Self {
        match face {
            Face::Compare => Context::Compare,
            Face::Challenge => Context::Challenge,
            Face::Fix => Context::Fix,
        }
    }

    /// The context of the task beside the queue, while the queue has the keys: those that decide it
    /// count as well.
    #[must_use]
    pub fn beside(model: &Model) -> Option<Self> {
        let beside = model.at_hand().filter(|_| model.screens.is_empty())?;
        beside.view.as_ref().map(|_| Self::of_face(beside.face()))
    }

    /// Whether a layer has the keys: then the screens' own do not count.
    #[must_use]
    pub fn is_layer(self) -> bool {
        matches!(
            self,
            Context::Reading
                | Context::Finder
                | Context::Prompt
                | Context::Menu
                | Context::Confirm
                | Context::Look
                | Context::Palette
                | Context::Dependants
                | Context::Groups
                | Context::Bulk
        )
    }
}
