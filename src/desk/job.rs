//! Long work as a desk holds it: what people are told of it, and its next step. Which work there is
//! stands in `jobs`; nothing here knows of it, nor of the desk `D` that it works on.

use std::time::Duration;

use super::error::DeskError;
use door::views::JobView;

/// Work that is done a step at a time, each a commit or less.
pub(super) trait Steps<D>: Send {
    /// Takes the next step.
    ///
    /// # Errors
    /// What ends the work before its time.
    fn step(self: Box<Self>, desk: &mut D) -> Result<Stepped<D>, DeskError>;

    /// Tells how far it is.
    fn tell(&self, view: &mut JobView);

    /// Asks it to stop; whether it can be dropped where it is, or ends with one of its next steps.
    fn cancel(&self) -> bool;
}

/// What a step came to.
pub(super) enum Stepped<D> {
    /// There is more to do, and nothing for so long.
    More(Box<dyn Steps<D>>, Duration),
    /// It is done; what it did, a sentence each.
    End(Vec<String>),
}

/// Work under way, or the last that was.
pub(super) struct Job<D> {
    pub(super) view: JobView,
    /// None once it has ended.
    pub(super) running: Option<Box<dyn Steps<D>>>,
}

impl<D> Job<D> {
    /// Whether there is something left to do.
    pub(super) fn is_running(&self) -> bool {
        self.running.is_some()
    }
}
