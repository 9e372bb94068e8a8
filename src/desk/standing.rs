//! Which imports stand, and what became of a record that its source no longer held by those that do.
//!
//! An import stands until another takes it back that stands itself. What an undo does to a record is
//! no say of its own: it only lets what was said before hold again.

use std::collections::BTreeMap;

use crate::error::DeskError;
use crate::facts::Facts;
use crate::past::Past;
use domain::event::{Cause, RecordChanged};
use domain::{Commit, DecisionId, Event, ImportId, RecordId, Vanished, Verdict};
use store::ImportEntry;

/// Which imports took which back.
pub(crate) struct Imports {
    undoes: BTreeMap<ImportId, ImportId>,
    /// One that is being taken back.
    without: Option<ImportId>,
}

impl Imports {
    /// As they stand.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of(facts: Facts<'_>) -> Result<Imports, DeskError> {
        let mut undoes = BTreeMap::new();
        for (import, entry) in facts.view.imports()? {
            undoes.extend(taken_back(facts, import, &entry)?.map(|undone| (import, undone)));
        }
        Ok(Imports { undoes, without: None })
    }

    /// As they stand once an import is taken back.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn without(facts: Facts<'_>, import: ImportId) -> Result<Imports, DeskError> {
        Ok(Imports { without: Some(import), ..Imports::of(facts)? })
    }

    /// Whether an import stands.
    pub(crate) fn stands(&self, import: ImportId) -> bool {
        let undone = || {
            let mut undoes = self.undoes.iter().filter(|(_, undone)| **undone == import);
            undoes.any(|(undo, _)| self.stands(*undo))
        };
        self.without != Some(import) && !undone()
    }

    /// The import that an import took back; none where a file came, or what is held was read again.
    pub(crate) fn undone_by(&self, import: ImportId) -> Option<ImportId> {
        self.undoes.get(&import).copied()
    }
}

/// The import that an import took back; none where a file came, or what is held was read again.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn undone_by(facts: Facts<'_>, import: ImportId) -> Result<Option<ImportId>, DeskError> {
    let entry = facts.view.import(import)?;
    entry.map_or(Ok(None), |entry| taken_back(facts, import, &entry))
}

fn taken_back(
    facts: Facts<'_>,
    import: ImportId,
    entry: &ImportEntry,
) -> Result<Option<ImportId>, DeskError> {
    let Event::ImportStarted(started) = facts.event(entry.started)? else { return Ok(None) };
    let undone = started.reread.and_then(|reread| reread.undoes);
    // Never forward, whatever a damaged ledger says.
    Ok(undone.filter(|undone| *undone < import))
}

/// What became of a record that its source no longer held, by the imports and decisions that stand:
/// the latest of them that said so.
///
/// # Errors
/// When the store or the ledger is damaged, and what `stands` fails with.
pub(crate) fn vanished(
    past: &Past<'_>,
    record: RecordId,
    now: Option<Vanished>,
    imports: &Imports,
    stands: &dyn Fn(DecisionId) -> Result<Option<Verdict>, DeskError>,
) -> Result<Option<Vanished>, DeskError> {
    let mut after = now;
    let mut found = None;
    past.each_touch(record, &mut |commit| {
        found = said_by(commit, record, &mut after, imports, stands)?;
        Ok(found.is_none())
    })?;
    Ok(found.flatten())
}

/// What a commit says, where that stands. `after`: how the record was after it, and then before it.
fn said_by(
    commit: &Commit,
    record: RecordId,
    after: &mut Option<Vanished>,
    imports: &Imports,
    stands: &dyn Fn(DecisionId) -> Result<Option<Verdict>, DeskError>,
) -> Result<Option<Option<Vanished>>, DeskError> {
    for event in commit.events.iter().rev() {
        match event {
            Event::RecordChanged(changed) if changed.record == record => {
                *after = changed.before.vanished;
                if changed.after.vanished != changed.before.vanished
                    && counts(changed, imports, stands)?
                {
                    return Ok(Some(changed.after.vanished));
                }
            }
            // What came is there; but for what came marked as deleted.
            Event::RecordRevised(revised)
                if revised.record == record
                    && revised.reread.is_none()
                    && imports.stands(revised.import) =>
            {
                return Ok(Some(*after));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Whether who changed what became of a record stands.
fn counts(
    changed: &RecordChanged,
    imports: &Imports,
    stands: &dyn Fn(DecisionId) -> Result<Option<Verdict>, DeskError>,
) -> Result<bool, DeskError> {
    Ok(match changed.cause {
        Cause::Decision(decision) => stands(decision)?.is_some_and(|it| it != Verdict::Undo),
        Cause::Import(import) => {
            let closes_new = changed.after.vanished.is_some_and(|vanished| vanished.undone);
            imports.stands(import) && (imports.undone_by(import).is_none() || closes_new)
        }
        Cause::Match(_) | Cause::Erasure => false,
    })
}
