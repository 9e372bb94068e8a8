//! The records that their source says it has deleted: which of them are closed, asked about, or held back
//! until somebody has looked.

use super::vanishing::{ONE_OF, Presence, Sources};
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Event, Fingerprint, ImportId, RecordId};
use door::views::{HeldBack, WhyHeldBack};
use settings::{Source, VanishedPolicy};

/// The records that their source says it has deleted.
#[derive(Debug, Default)]
pub(super) struct Deleted {
    /// Those that something becomes of, ascending, and whether they are closed at once.
    pub(super) records: Vec<(RecordId, bool)>,
    /// How many of them were there the last time.
    pub(super) new: u64,
    /// How many of those were delivered before.
    open: u64,
    /// How many are closed.
    pub(super) closed: u64,
}

impl Deleted {
    /// Without those that were open: nothing becomes of them.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn but_for_the_open(
        self,
        facts: Facts<'_>,
        import: Option<ImportId>,
    ) -> Result<Deleted, DeskError> {
        let mut left = Deleted::default();
        for (record, closes) in self.records {
            let is_new = is_first_of(facts, record, import)?;
            if is_new {
                left.new += 1;
                left.closed += u64::from(closes);
                left.records.push((record, closes));
            }
        }
        Ok(left)
    }
}

/// Whether a record came for the first time in that import.
fn is_first_of(
    facts: Facts<'_>,
    record: RecordId,
    import: Option<ImportId>,
) -> Result<bool, DeskError> {
    Ok(match facts.event(facts.view.record(record)?.body)? {
        Event::RecordRevised(revised) => revised.revision == 1 && Some(revised.import) == import,
        _ => false,
    })
}

impl Presence {
    /// Whether a record that is away is so since what is held of it says that it is deleted.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn is_deleted(
        &self,
        facts: Facts<'_>,
        source: &Source,
        key: Fingerprint,
    ) -> Result<bool, DeskError> {
        let Some(record) = self.away.get(&key) else { return Ok(false) };
        Ok(intake::acquire::is_deleted(source, &facts.body(*record)?))
    }

    /// Whether a record is away since its source said that it is deleted.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn was_deleted(
        &self,
        facts: Facts<'_>,
        key: Fingerprint,
    ) -> Result<bool, DeskError> {
        let Some(record) = self.away.get(&key) else { return Ok(false) };
        Ok(facts.view.record_state(*record)?.vanished.is_some_and(|vanished| vanished.deleted))
    }

    /// The records that their source says it has deleted and that something becomes of: each with
    /// whether it is closed at once. One that never came before is nobody's customer yet.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn deleted(
        &self,
        facts: Facts<'_>,
        import: Option<ImportId>,
        policy: VanishedPolicy,
    ) -> Result<Deleted, DeskError> {
        let mut deleted = Deleted::default();
        for key in &self.deleted {
            let Some(record) = facts.caches.record_of(facts.view, *key)? else {
                // Nothing is written of a dry run.
                deleted.new += 1;
                deleted.closed += 1;
                continue;
            };
            let is_first = is_first_of(facts, record, import)?;
            let closes = is_first || policy == VanishedPolicy::Close;
            let known = facts.view.record_state(record)?.vanished;
            if known.is_none() || known.is_some_and(|known| known.is_undecided() && closes) {
                deleted.new += u64::from(known.is_none());
                deleted.open += u64::from(known.is_none() && !is_first);
                deleted.closed += u64::from(closes);
                deleted.records.push((record, closes));
            } else if let Some(known) = known.filter(|it| it.deleted && Some(it.import) == import) {
                // Before this very import was interrupted.
                deleted.new += 1;
                deleted.closed += u64::from(known.closed);
            }
        }
        deleted.records.sort_unstable();
        Ok(deleted)
    }

    /// Why no record that was open is to be closed before a person has looked, though the source says that
    /// it has deleted some: they are more than a tenth. What becomes a task is looked at anyway.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn too_many_deleted(
        &self,
        facts: Facts<'_>,
        source: &Source,
        deleted: &Deleted,
    ) -> Result<Option<HeldBack>, DeskError> {
        if deleted.open == 0 || source.vanished != VanishedPolicy::Close {
            return Ok(None);
        }
        let (mut of, mut fault) = (0, None);
        let mut sources = Sources::default();
        let mut is_open = |record: RecordId, row: store::RecordRow| -> Result<bool, DeskError> {
            let is_of = sources.of(facts, row.body)? == Some(&source.name);
            Ok(is_of && !(row.touched && facts.view.record_state(record)?.vanished.is_some()))
        };
        facts.view.each_record(&mut |record, row| {
            if row.erased || record.index() >= self.known {
                return Ok(true);
            }
            match is_open(record, row) {
                Ok(is_open) => of += u64::from(is_open),
                Err(error) => fault = Some(error),
            }
            // So many that these are few.
            Ok(fault.is_none() && of < deleted.open * ONE_OF)
        })?;
        match fault {
            Some(error) => Err(error),
            None if deleted.open * ONE_OF <= of => Ok(None),
            None => Ok(Some(HeldBack { vanished: deleted.open, of, why: WhyHeldBack::Deleted })),
        }
    }
}
