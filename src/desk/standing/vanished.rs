//! What became of a record that its source no longer held, by the imports and decisions that stand: the latest of them
//! that said so.

use super::chain::{Chain, Step};
use super::{Decisions, Imports};
use crate::error::DeskError;
use domain::event::{Cause, RecordChanged};
use domain::{Vanished, Verdict};

/// What became of a record. `now`: how it is. `is_delivered`: whether anything is delivered of it that stands: then
/// no undo closes it that took back what had brought it.
///
/// # Errors
/// When the store or the ledger is damaged, and what `decisions` fails with.
pub(super) fn of(
    chain: &Chain,
    (now, is_delivered): (Option<Vanished>, bool),
    imports: &Imports,
    decisions: &Decisions<'_>,
) -> Result<Option<Vanished>, DeskError> {
    let said = Said { imports, decisions, is_delivered };
    let mut after = now;
    for step in chain.steps.iter().rev() {
        if let Some(found) = said.by(step, &mut after)? {
            return Ok(found);
        }
    }
    Ok(None)
}

struct Said<'a> {
    imports: &'a Imports,
    decisions: &'a Decisions<'a>,
    is_delivered: bool,
}

impl Said<'_> {
    /// What a commit says, where that stands. `after`: how the record was after it, and then before it.
    fn by(
        &self,
        step: &Step,
        after: &mut Option<Vanished>,
    ) -> Result<Option<Option<Vanished>>, DeskError> {
        if let Some(changed) = &step.changed {
            *after = changed.before.vanished;
            if changed.after.vanished != changed.before.vanished && self.counts(changed)? {
                return Ok(Some(changed.after.vanished));
            }
        }
        // What came is there; but for what came marked as deleted.
        let came = step
            .revised
            .iter()
            .any(|it| it.revised.reread.is_none() && self.imports.stands(it.revised.import));
        Ok(came.then_some(*after))
    }

    /// Whether who changed what became of a record stands.
    fn counts(&self, changed: &RecordChanged) -> Result<bool, DeskError> {
        Ok(match changed.cause {
            Cause::Decision(by) => (self.decisions)(by)?.is_some_and(|it| it != Verdict::Undo),
            Cause::Import(import) => {
                let closes_new = changed.after.vanished.is_some_and(|vanished| vanished.undone);
                let is_own = self.imports.undone_by(import).is_none();
                self.imports.stands(import) && (is_own || closes_new && !self.is_delivered)
            }
            Cause::Match(_) | Cause::Erasure => false,
        })
    }
}
