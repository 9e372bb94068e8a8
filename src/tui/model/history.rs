//! What happened, on screen.

use super::Scroll;
use crate::desk::views::HistoryEntry;
use crate::domain::Subject;

/// A list of what happened to a thing, or to everything.
#[derive(Debug, Clone)]
pub struct HistoryScreen {
    /// The thing; none: everything.
    pub subject: Option<Subject>,
    /// Tells its answers from late ones.
    pub serial: u64,
    /// The entries, latest first, once the desk has answered.
    pub entries: Option<Vec<HistoryEntry>>,
    /// Cursor.
    pub scroll: Scroll,
    /// Sensitive values in clear.
    pub unmasked: bool,
}

impl HistoryScreen {
    /// A screen that waits for its entries.
    #[must_use]
    pub fn new(subject: Option<Subject>, serial: u64) -> Self {
        Self { subject, serial, entries: None, scroll: Scroll::default(), unmasked: false }
    }

    /// The entry under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&HistoryEntry> {
        self.entries.as_ref()?.get(self.scroll.cursor)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.as_ref().map_or(0, Vec::len)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
