//! A screen about the workspace as a whole, whichever it is: with its cursor, and what tells its
//! answers from late ones.

use std::any::Any;

use super::{Model, Scroll};
use crate::pages::Page;
use crate::question::Question;

/// One of these screens.
#[derive(Debug, Clone)]
pub struct Overview {
    /// What it shows.
    pub page: Box<dyn Page>,
    /// Tells its answers from late ones.
    pub serial: u64,
    /// Cursor.
    pub scroll: Scroll,
    /// Sensitive values in clear.
    pub unmasked: bool,
}

impl Overview {
    /// A screen that waits for its answer.
    #[must_use]
    pub fn new(page: Box<dyn Page>, serial: u64) -> Self {
        Self { page, serial, scroll: Scroll::default(), unmasked: false }
    }

    /// What the desk is asked for it.
    #[must_use]
    pub fn question(&self, unmask: bool) -> Question {
        self.page.question(unmask)
    }

    /// How many rows its list has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.page.rows()
    }

    /// Whether its list has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Model {
    /// The page with the keys, where it is of that type.
    #[must_use]
    pub fn page<P: Page>(&self) -> Option<&P> {
        let page: &dyn Any = &*self.overview()?.page;
        page.downcast_ref()
    }

    /// The page with the keys, where it is of that type.
    pub fn page_mut<P: Page>(&mut self) -> Option<&mut P> {
        let page: &mut dyn Any = &mut *self.overview_mut()?.page;
        page.downcast_mut()
    }
}
