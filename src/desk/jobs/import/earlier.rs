//! What an import did before it was interrupted: once it is completed, its report is of the whole file.

use std::collections::HashMap;

use super::{Importing, troubles};
use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::delivering::Opened;
use crate::read_ahead::commits_from;
use domain::event::Cause;
use domain::{Commit, Event, Fingerprint, ImportId, RecordId, Sequence, TaskKind};
use door::views::ImportOutcome;

/// What an interrupted import did.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// The records that it made or revised.
    records: HashMap<RecordId, Done>,
    /// The tasks that it opened.
    pub(super) opened: Opened,
    /// The records that came again with it.
    pub(super) returned: u64,
    /// The rows that made somebody else of a record.
    pub(super) overlaid: u64,
}

/// What it did with the rows of one record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Done {
    /// Rows that became a new record: one, or none.
    pub(super) new: u64,
    /// Rows that revised it.
    pub(super) changed: u64,
}

impl Earlier {
    /// What the import did that began with that commit.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub(super) fn of(
        facts: Facts<'_>,
        import: ImportId,
        began: Sequence,
    ) -> Result<Earlier, DeskError> {
        let mut earlier = Earlier::default();
        for commit in commits_from(facts.ledger, began) {
            earlier.add(&commit?, import);
        }
        Ok(earlier)
    }

    fn add(&mut self, commit: &Commit, import: ImportId) {
        let mut is_its = false;
        for event in &commit.events {
            match event {
                Event::RecordRevised(revised) if revised.import == import => {
                    is_its = true;
                    let done = self.records.entry(revised.record).or_default();
                    match revised.revision {
                        1 => done.new += 1,
                        _ => done.changed += 1,
                    }
                }
                Event::RowQuarantined(row) if row.import == import => is_its = true,
                Event::RecordChanged(changed) if changed.cause == Cause::Import(import) => {
                    is_its = true;
                    let is_back =
                        changed.before.vanished.is_some() && changed.after.vanished.is_none();
                    self.returned += u64::from(is_back);
                    let overlaid = changed.after.overlaid;
                    let is_overlay = overlaid.is_some_and(|overlaid| overlaid.is_undecided());
                    self.overlaid += u64::from(is_overlay);
                }
                _ => {}
            }
        }
        for event in commit.events.iter().filter(|_| is_its) {
            let Event::TaskChanged(changed) = event else { continue };
            let is_new = u64::from(changed.before.is_none());
            match changed.after.kind {
                TaskKind::Invalid => self.opened.invalid += is_new,
                TaskKind::Vanished => self.opened.vanished += is_new,
                TaskKind::Duplicate => self.opened.merged += is_new,
                TaskKind::Overlay => self.opened.overlaid += is_new,
                TaskKind::Challenge if is_new > 0 => self.opened.challenges.push(changed.task),
                _ => {}
            }
        }
    }

    /// Whether nothing is left of it to be told.
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// What it did with the rows of a record, told once.
    pub(super) fn take(&mut self, record: RecordId) -> Option<Done> {
        self.records.remove(&record)
    }
}

impl Importing {
    /// So many rows say what is held already: by what came before this import, or by what it did itself
    /// before it was interrupted. What is doubtful in rows that were passed over unread is counted then.
    pub(super) fn known(
        &mut self,
        facts: Facts<'_>,
        (key, rows): (Fingerprint, u64),
        is_unread: bool,
    ) -> Result<(), DeskError> {
        let record = match self.earlier.is_empty() {
            true => None,
            false => facts.caches.record_of(facts.view, key)?,
        };
        let done = record.and_then(|record| Some((record, self.earlier.take(record)?)));
        let Some((record, done)) = done else {
            self.outcome.report.unchanged += rows;
            return Ok(());
        };
        let new = done.new.min(rows);
        let changed = done.changed.min(rows - new);
        self.outcome.report.new += new;
        self.outcome.report.changed += changed;
        self.outcome.report.unchanged += rows - new - changed;
        if is_unread {
            let body = facts.body(record)?;
            let found = troubles::of_held(&body, self.preparer.source(), facts.today());
            troubles::count(&mut self.outcome.troubles, body.line, &found);
        }
        Ok(())
    }
}

/// Counts tasks that were opened. One that was settled meanwhile and waits again is one.
pub(super) fn opened(outcome: &mut ImportOutcome, tasks: Opened) {
    outcome.tasks += tasks.invalid;
    outcome.vanished_tasks += tasks.vanished;
    outcome.merged_tasks += tasks.merged;
    outcome.overlay_tasks += tasks.overlaid;
    for task in tasks.challenges {
        if !outcome.challenges.contains(&task) {
            outcome.challenges.push(task);
        }
    }
}
