//! Exports made since a decision: who received what an undo takes back.

use super::error::DeskError;
use super::facts::Facts;
use crate::domain::{DecisionId, Event};

impl Facts<'_> {
    /// The exports made after the earliest of these decisions, a line each.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn exported_since(&self, decisions: &[DecisionId]) -> Result<Vec<String>, DeskError> {
        let mut earliest = None;
        for id in decisions {
            let place = self.view.decision(*id)?.map(|entry| entry.place.sequence);
            earliest = [earliest, place].into_iter().flatten().min();
        }
        let Some(earliest) = earliest else { return Ok(Vec::new()) };
        let mut lines = Vec::new();
        for sequence in self.view.exports_after(earliest)? {
            let commit = self.commit(sequence)?;
            for event in &commit.events {
                if let Event::Exported(exported) = event {
                    let (at, who) = (commit.at, &commit.actor);
                    lines.push(format!(
                        "{} ({}) to {} at {at:.0} by {who}",
                        exported.dataset, exported.format, exported.destination
                    ));
                }
            }
        }
        Ok(lines)
    }
}
