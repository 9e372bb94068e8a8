//! What of a record's revisions stands where imports and rereads were taken back, and those undos in
//! turn.
//!
//! An undo puts back what was held before the reread: from there on the record stands where it stood
//! then, so that what was read before can be taken back as well.

use std::collections::HashMap;

use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::import::beginning::start_of;
use crate::past::Past;
use domain::event::RecordRevised;
use domain::{ImportId, Sequence};

/// A revision of a record, and the commit that brought it.
pub(super) struct Revision {
    pub(super) at: Sequence,
    pub(super) revised: RecordRevised,
}

impl Revision {
    /// The import or the reread that brought it.
    fn by(&self) -> ImportId {
        self.revised.reread.unwrap_or(self.revised.import)
    }

    fn is_by(&self, import: ImportId) -> bool {
        self.by() == import
    }
}

/// Where an import or a reread is among a record's revisions.
pub(super) enum Reread {
    /// What it brought stands: the revision is its own.
    Stands(Box<Revision>),
    /// It was read again since, by a reread that stands, or delivered.
    Beneath(Option<ImportId>),
    /// It brought nothing of the record, or was taken back.
    Nowhere,
}

/// Which of them took others back, as far as was asked.
#[derive(Default)]
pub(super) struct Undone {
    undoes: HashMap<ImportId, Option<ImportId>>,
}

impl Undone {
    /// The revision whose values are held: of an undo, what stood before the reread it took back.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn standing(
        &mut self,
        facts: Facts<'_>,
        mut revision: Revision,
    ) -> Result<Revision, DeskError> {
        while let Some(before) = self.put_back(facts, &revision)? {
            revision = before;
        }
        Ok(revision)
    }

    /// Where an import or a reread that began with a commit is among the revisions up to this one.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn find(
        &mut self,
        facts: Facts<'_>,
        (import, began): (ImportId, Sequence),
        mut revision: Revision,
    ) -> Result<Reread, DeskError> {
        let mut above: Option<Option<ImportId>> = None;
        while revision.at >= began {
            if revision.is_by(import) {
                return Ok(match above {
                    None => Reread::Stands(Box::new(revision)),
                    Some(reread) => Reread::Beneath(reread),
                });
            }
            let next = match self.put_back(facts, &revision)? {
                Some(before) => Some(before),
                None => {
                    above.get_or_insert(revision.revised.reread);
                    before(facts, &revision)?
                }
            };
            let Some(next) = next else { break };
            revision = next;
        }
        Ok(Reread::Nowhere)
    }

    /// What an undo put back; none where the revision is no undo's.
    fn put_back(
        &mut self,
        facts: Facts<'_>,
        revision: &Revision,
    ) -> Result<Option<Revision>, DeskError> {
        let Some(undo) = revision.revised.reread else { return Ok(None) };
        let Some(undone) = self.undoes(facts, undo)? else { return Ok(None) };
        let mut next = before(facts, revision)?;
        while let Some(revision) = next {
            if revision.is_by(undone) {
                return before_import(facts, &revision);
            }
            next = self.put_back(facts, &revision)?;
        }
        Ok(None)
    }

    fn undoes(
        &mut self,
        facts: Facts<'_>,
        import: ImportId,
    ) -> Result<Option<ImportId>, DeskError> {
        if let Some(known) = self.undoes.get(&import) {
            return Ok(*known);
        }
        let entry = facts.view.import(import)?;
        let started = entry.map(|entry| start_of(facts, &entry)).transpose()?.flatten();
        let undoes = started.and_then(|started| started.reread).and_then(|reread| reread.undoes);
        self.undoes.insert(import, undoes);
        Ok(undoes)
    }
}

/// The revision before another.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn before(facts: Facts<'_>, of: &Revision) -> Result<Option<Revision>, DeskError> {
    let past = Past::after(facts, Sequence(of.at.0.saturating_sub(1)));
    let then = past.delivered(of.revised.record)?;
    Ok(then.map(|then| Revision { at: then.delivered, revised: then.revised }))
}

/// The revision before all that the same import brought of the record.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn before_import(
    facts: Facts<'_>,
    of: &Revision,
) -> Result<Option<Revision>, DeskError> {
    let mut next = before(facts, of)?;
    while let Some(revision) = &next
        && revision.is_by(of.by())
    {
        next = before(facts, revision)?;
    }
    Ok(next)
}
