//! What happened, on screen.

use super::Scroll;
use crate::question::Question;
use domain::Subject;
use door::operations::History;
use door::views::HistoryEntry;

/// A list of what happened to a thing, or to everything.
#[derive(Debug, Clone)]
pub struct HistoryScreen {
    /// The thing; `None` means everything.
    pub subject: Option<Subject>,
    /// Tells its answers from late ones.
    pub serial: u64,
    /// The entries, latest first, once the desk has answered.
    pub entries: Option<Vec<HistoryEntry>>,
    /// Words that every shown entry holds; `None` means all are shown.
    pub filter: Option<String>,
    /// Cursor among the shown entries.
    pub scroll: Scroll,
    /// Sensitive values in clear.
    pub unmasked: bool,
}

impl HistoryScreen {
    /// A screen that waits for its entries.
    #[must_use]
    pub fn new(subject: Option<Subject>, serial: u64) -> Self {
        Self {
            subject,
            serial,
            entries: None,
            filter: None,
            scroll: Scroll::default(),
            unmasked: false,
        }
    }

    /// What the desk is asked for it.
    #[must_use]
    pub fn question(&self, unmask: bool) -> Question {
        History { of: self.subject.clone(), unmask }.into()
    }

    /// Shows the desk's answer. The cursor stays on its entry, whatever has happened since; at the top it
    /// stays there.
    pub fn fill(&mut self, entries: Vec<HistoryEntry>) {
        let current = self.current().map(|entry| entry.sequence);
        self.entries = Some(entries);
        let (cursor, length) = (self.scroll.cursor, self.len());
        let is_current = |entry: &&HistoryEntry| Some(entry.sequence) == current;
        let same = self.shown().iter().position(is_current).filter(|_| cursor > 0);
        self.scroll.to(same.unwrap_or(cursor), length);
    }

    /// The entry under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&HistoryEntry> {
        self.shown().get(self.scroll.cursor).copied()
    }

    /// How many entries are shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shown().len()
    }

    /// The entries that hold every word of the filter: in who, what, when or the commit's number.
    #[must_use]
    pub fn shown(&self) -> Vec<&HistoryEntry> {
        let filter = self.filter.as_deref().unwrap_or_default().to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        let holds = |entry: &&HistoryEntry| {
            let line = format!("{} {} {} {}", entry.sequence, entry.at, entry.by(), entry.what);
            let line = line.to_lowercase();
            words.iter().all(|word| line.contains(word))
        };
        self.entries.iter().flatten().filter(holds).collect()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
