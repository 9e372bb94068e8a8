//! Screens about the workspace as a whole: each is one type, in a file of its own.
//!
//! Lives here: of each screen what it asks, how it fills, its rows, where they stand, how it draws,
//! and what opens from it. A new one is its file, a row in the table of contexts ([`Context`]), and
//! the key that opens it.
//!
//! Does not live here: its cursor ([`Overview`](crate::model::Overview) keeps that), and what keys of
//! its own change (`update`, in the file of its name).
//!
//! What changes the model holds pages, and cannot draw them: that takes a [`Painter`], and only
//! [`view`](crate::view) makes one.
//!
//! Start with [`Page`].

pub mod approval;
pub mod approvals;
pub mod at_step;
pub mod card;
pub mod dashboard;
pub mod failing;
pub mod grants;
pub mod imports;
pub mod journeys;
pub mod quarantine;
pub mod rules;
pub mod runs;
pub mod segment;
pub mod segments;
pub mod timeline;
pub mod values;

pub use approval::ApprovalPage;
pub use approvals::ApprovalsPage;
pub use at_step::AtStepPage;
pub use card::CardPage;
pub use dashboard::DashboardPage;
pub use failing::FailingPage;
pub use grants::GrantsPage;
pub use imports::ImportsPage;
pub use journeys::JourneysPage;
pub use quarantine::QuarantinePage;
pub use rules::RulesPage;
pub use runs::RunsPage;
pub use segment::SegmentPage;
pub use segments::SegmentsPage;
pub use timeline::TimelinePage;
pub use values::{ValueLine, ValuesPage};

use std::any::Any;
use std::fmt::Debug;

use ratatui::layout::Rect;

use super::context::Context;
use super::model::{Model, PromptKind, Scroll};
use super::question::{Answer, Question};
use super::theme::Role;
use super::widgets::{List, Painter};
use domain::{CustomerId, TaskId};
use door::views::{JobEnd, JobId, JobView};

/// Records and rows fetched of a list.
const LISTED: usize = 500;

/// A screen about the workspace as a whole.
pub trait Page: Any + Debug + Send + Sync + Cloned {
    /// Whose keys count on it.
    fn context(&self) -> Context;

    /// What the desk is asked for it, with sensitive values in clear or masked.
    fn question(&self, unmask: bool) -> Question;

    /// Whether what others do is taken in while it is open.
    fn follows(&self) -> bool {
        false
    }

    /// Takes in what the desk answered.
    fn fill(&mut self, answer: Answer) -> Filled;

    /// Whether there is something to show: a screen without goes, where the desk refuses it.
    fn is_filled(&self) -> bool;

    /// How many rows its list has.
    fn rows(&self) -> usize;

    /// Where its list stands on an area of that height.
    fn list(&self, height: u16) -> List;

    /// Where its list stands on an area: over all of it, unless something stands beside it.
    fn placed(&self, area: Rect) -> (List, Rect) {
        (self.list(area.height), area)
    }

    /// Draws it.
    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll);

    /// What Enter opens on a row.
    fn open(&self, _row: usize) -> Option<Opens> {
        None
    }

    /// The customer that a row is about.
    fn customer(&self, _row: usize) -> Option<CustomerId> {
        None
    }

    /// Whether it is the very same as what is shown.
    fn shows(&self, _answer: &Answer) -> bool {
        false
    }

    /// What long work is to it.
    fn work(&self) -> Work {
        Work::Nothing
    }

    /// Long work has ended. Whether the desk is to be asked for what came of it.
    fn worked(&mut self, _job: JobId, _end: &JobEnd) -> bool {
        false
    }

    /// It is about to be asked for, be it once more: what was decided meanwhile counts.
    fn outdated(&mut self) {}
}

/// What became of an answer.
#[derive(Debug)]
pub enum Filled {
    /// It is shown.
    Shown,
    /// It is shown, and tells of long work that is under way or ended last.
    Told(Box<JobView>),
    /// Long work was begun, and what is to be shown comes of it.
    Begun(Box<JobView>),
    /// It is no answer to what was asked.
    Not,
}

/// What opens from a row.
#[derive(Debug)]
pub enum Opens {
    /// Another of these screens, one key below.
    Page(Box<dyn Page>),
    /// A task.
    Task(TaskId),
    /// A customer.
    Customer(CustomerId),
    /// A question for a line of text.
    Prompt(PromptKind),
    /// Nothing, and why.
    Nothing(String),
}

/// What long work is to a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// It knows of none.
    Nothing,
    /// It waits for work of its own.
    Awaited,
    /// It tells of all, and changes with it.
    Told,
}

/// What can be copied behind a [`Page`].
pub trait Cloned {
    /// The same once more.
    fn cloned(&self) -> Box<dyn Page>;
}

impl<P: Page + Clone> Cloned for P {
    fn cloned(&self) -> Box<dyn Page> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Page> {
    fn clone(&self) -> Self {
        (**self).cloned()
    }
}

/// Draws the first line: what is shown, and who looks at it.
fn head(painter: &mut Painter<'_>, model: &Model, title: &str) {
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    painter.text(1, 0, right.saturating_sub(2), title, Role::Title);
}

/// Says in the place of the list why there is none yet.
fn waits(painter: &mut Painter<'_>, why: &str) {
    painter.text(1, 2, painter.width(), why, Role::Dim);
}

/// A line of a list of told lines: those that are not indented are headings.
fn told(line: &mut Painter<'_>, text: &str) {
    let role = if text.starts_with(' ') { Role::Plain } else { Role::Key };
    line.text(1, 0, line.width().saturating_sub(1), text, role);
}
