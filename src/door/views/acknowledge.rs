//! What the settings changed, for whoever is asked to acknowledge it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{Sequence, counted};

/// What the settings changed since somebody acknowledged them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PolicyView {
    /// Who asked.
    pub person: String,
    /// Whether they are asked to acknowledge settings at all.
    pub asked: bool,
    /// The commit that adopted the settings in force.
    pub in_force: Sequence,
    /// The commit that adopted those they acknowledged last.
    pub acknowledged: Option<Sequence>,
    /// Whether something waits to be acknowledged.
    pub waits: bool,
    /// What changed since, latest first; or everything, if that was asked for.
    pub changes: Vec<PolicyChange>,
}

/// What settings changed of those before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyChange {
    /// The commit that adopted them.
    pub commit: Sequence,
    /// Who did.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub note: Option<String>,
    /// What they say differently, a sentence each.
    pub sentences: Vec<String>,
    /// Sentences about other people, other roles, code lists or the server, which whoever may not read the settings
    /// is not told.
    pub untold: u64,
}

/// What somebody has acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The commit that adopted the settings; `None` if they acknowledged nothing yet.
    pub adopted: Option<Sequence>,
    /// When they acknowledged them.
    pub at: Option<Timestamp>,
    /// How many changes they have not acknowledged.
    pub behind: u64,
}

impl PolicyView {
    /// `3 changes of the rules`.
    #[must_use]
    pub fn counted(&self) -> String {
        let changes: usize = self.changes.iter().map(|change| change.sentences.len()).sum();
        counted(changes as u64, "change of the rules", "changes of the rules")
    }

    /// That something waits, for somebody at the command line.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let counted = self.waits.then(|| self.counted())?;
        let since = match self.acknowledged {
            Some(_) => " since you last acknowledged them",
            None => " to acknowledge",
        };
        Some(format!("{counted}{since}: steward govern acknowledge"))
    }

    /// What changed, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for change in &self.changes {
            let PolicyChange { commit, by, at, note, sentences, untold } = change;
            let note = note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
            lines.push(format!("commit {commit}, {at:.0}, {by}{note}"));
            lines.extend(sentences.iter().map(|sentence| format!("  {sentence}")));
            if *untold > 0 {
                let more = counted(*untold, "other change", "other changes");
                lines.push(format!("  {more}: of other people or roles, code lists or the server"));
            }
        }
        lines
    }
}
