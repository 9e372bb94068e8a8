//! What an undo comes to: which decisions it takes back, and which it brings back.

use std::collections::BTreeSet;

use super::error::DeskError;
use domain::{DecisionId, Verdict};
use store::View;

/// The decisions that change sides when some are taken back, followed to all that each of them had
/// taken back itself: an undo its decisions, an accepted challenge the not-a-match it ended.
#[derive(Debug, Default)]
pub struct Turned {
    /// Those that stand no longer, in the order in which they are taken back.
    pub down: Vec<DecisionId>,
    /// Those that stand again.
    pub up: Vec<DecisionId>,
    /// Of both, those that go along with a decision other than an undo, which had taken them back.
    pub along: BTreeSet<DecisionId>,
}

impl Turned {
    /// What taking these back comes to.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn by(
        view: View<'_>,
        taken_back: impl IntoIterator<Item = DecisionId>,
    ) -> Result<Turned, DeskError> {
        let mut turned = Turned::default();
        turned.turn(view, taken_back, false)?;
        Ok(turned)
    }

    fn turn(
        &mut self,
        view: View<'_>,
        decisions: impl IntoIterator<Item = DecisionId>,
        stand: bool,
    ) -> Result<(), DeskError> {
        for id in decisions {
            let Some(entry) = view.decision(id)? else { continue };
            if entry.verdict != Verdict::Undo {
                if stand {
                    self.up.push(id)
                } else {
                    self.down.push(id)
                }
                self.along.extend(&entry.reverses);
            }
            self.turn(view, entry.taken_back(id)?.iter().copied(), !stand)?;
        }
        Ok(())
    }

    /// Whether a decision stands once they are taken back.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn stands(&self, view: View<'_>, id: DecisionId) -> Result<bool, DeskError> {
        if self.down.contains(&id) {
            return Ok(false);
        }
        let stands = || Ok(view.decision(id)?.is_none_or(|entry| entry.stands()));
        if self.up.contains(&id) { Ok(true) } else { stands() }
    }
}
