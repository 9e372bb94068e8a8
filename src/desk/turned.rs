//! What an undo comes to: which decisions it takes back, and which it brings back.

use super::error::DeskError;
use crate::domain::{DecisionId, Verdict};
use crate::store::View;

/// The decisions that change sides when some are taken back, undos followed to what they were about.
#[derive(Debug, Default)]
pub struct Turned {
    /// Those that stand no longer, in the order in which they are taken back.
    pub down: Vec<DecisionId>,
    /// Those that stand again.
    pub up: Vec<DecisionId>,
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
            let entry = view.decision(id)?;
            match entry.filter(|entry| entry.verdict == Verdict::Undo) {
                Some(undo) => {
                    self.turn(view, undo.reverses, !stand)?;
                }
                None if stand => self.up.push(id),
                None => self.down.push(id),
            }
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
