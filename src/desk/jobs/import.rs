//! Import: rows become records, commit by commit.
//!
//! Other threads open the file (`steps`), read and harmonise (`prepare`), this one decides, writes
//! and folds. A commit holds up to 256 rows; the store is written in large batches. Cancelled or
//! killed, what was committed stays, and running the import again completes it.

mod aside;
mod lacking;
mod opening;
mod partial;
mod prepare;
mod records;
mod steps;
mod vanishing;

use std::sync::Arc;
use std::time::Duration;

use aside::Aside;
use jiff::civil::Date;
use prepare::{Chunks, Prepared, Preparer, Taken};
use records::Revised;

use crate::answers::measure;
use crate::consequences;
use crate::core::{Desk, Foreseen};
use crate::draft::Draft;
use crate::error::{DeskError, ImportStopped};
use crate::facts::{Facts, day_of};
use domain::event::{Cause, ImportFinished, ImportStarted, RowQuarantined};
use domain::{
    Commit, CustomerId, Event, Fingerprint, ImportId, QuarantinedRow, RecordId, TaskKind,
};
use door::operations::{Delivery, Import};
use door::views::ImportOutcome;
use intake::acquire::{AcquireError, Reader};
use settings::{Settings, Source};
pub(super) use steps::ImportSteps;
use store::{Overlay, View, fold_from};
use vanishing::{Presence, Vanishing};

/// Quarantined rows named in the report; the rest is in `export quarantine`.
const NAMED: usize = 10;

/// An import under way: each step is a commit. What happens between two of them is seen by the
/// next, as if it had happened before the import.
struct Importing {
    import: Option<ImportId>,
    outcome: ImportOutcome,
    dry_run: bool,
    preparer: Arc<Preparer>,
    chunks: Chunks,
    aside: Aside,
    presence: Presence,
    delivery: Delivery,
    /// What is left to be written of the records that vanished, once the file has ended.
    vanishing: Option<Vanishing>,
}

/// How far a step of an import came.
enum Taking {
    /// So many rows more are done.
    Rows(u64),
    /// The file gives rows more slowly than they are taken in.
    Waiting,
    /// The file has ended.
    End,
}

impl Importing {
    /// Gives the import of an open file its id and starts reading.
    ///
    /// # Errors
    /// When ledger or store fail.
    fn begin(
        desk: &mut Desk,
        reader: Reader,
        (settings, source): (Settings, Source),
        request: &Import,
    ) -> Result<Importing, DeskError> {
        let format = reader.description().to_owned();
        let (mut import, mut day) = (None, desk.facts().today());
        let mut aside = Aside::default();
        if !request.dry_run {
            desk.renew_marks()?;
            desk.adopt(settings.clone())?;
            let (id, began) = number(desk, request, &format)?;
            aside = Aside::before(desk.facts(), file_of(desk, request), id)?;
            (import, day) = (Some(id), began);
        }
        let presence = Presence::before(desk.facts(), request.delivery.complete)?;
        let keys = desk.caches.keys(desk.facts().view)?;
        let clock = (Arc::clone(&desk.environment.clock), day);
        let preparer = Preparer::new(settings, source, desk.fingerprinter.clone(), keys, clock);
        let preparer = Arc::new(preparer);
        let chunks = prepare::start(reader, Arc::clone(&preparer))
            .map_err(|error| DeskError::File { what: "starting to read".to_owned(), error })?;
        let outcome = ImportOutcome { format, ..ImportOutcome::default() };
        Ok(Importing {
            import,
            outcome,
            dry_run: request.dry_run,
            preparer,
            chunks,
            aside,
            presence,
            delivery: request.delivery,
            vanishing: None,
        })
    }

    /// Its id; none for a dry run.
    fn id(&self) -> Option<ImportId> {
        self.import
    }

    /// Takes in the next rows of the file, waiting for them no longer than `patience`.
    ///
    /// # Errors
    /// A failure of input, ledger or store; what was committed stays.
    fn step(&mut self, desk: &mut Desk, patience: Duration) -> Result<Taking, DeskError> {
        match self.chunks.take(patience) {
            Taken::Chunk(chunk) => {
                let chunk = chunk.map_err(|error| self.stopped(error))?;
                let rows = chunk.len() as u64;
                self.take_in(desk, chunk)?;
                Ok(Taking::Rows(rows))
            }
            Taken::NotYet => Ok(Taking::Waiting),
            Taken::End => self.vanish(desk),
        }
    }

    fn stopped(&self, error: AcquireError) -> DeskError {
        let (import, report) = (self.import, self.outcome.report);
        DeskError::ImportStopped(Box::new(ImportStopped { error, import, report }))
    }

    fn take_in(&mut self, desk: &mut Desk, chunk: Vec<Prepared>) -> Result<(), DeskError> {
        let Some(planned) = self.plan(desk.facts(), chunk)? else { return Ok(()) };
        if !self.dry_run {
            desk.commit_foreseen(planned.foreseen)?;
            desk.caches.note_records(&planned.records);
        }
        Ok(())
    }

    /// The commit of a chunk; none where it changes nothing.
    fn plan(
        &mut self,
        facts: Facts<'_>,
        chunk: Vec<Prepared>,
    ) -> Result<Option<Planned>, DeskError> {
        let import = self.import.unwrap_or(ImportId(0));
        let mut draft = Draft::new(facts, Cause::Import(import))?;
        let mut next_record = facts.view.counters()?.records;
        let mut records = Vec::new();
        let mut customers = Vec::new();
        for prepared in chunk {
            self.outcome.report.read += 1;
            let row = match prepared {
                Prepared::Unchanged(key) => {
                    self.aside.came(key);
                    customers.extend(self.is_there(&mut draft, key)?);
                    self.outcome.report.unchanged += 1;
                    continue;
                }
                Prepared::Quarantined(row, key) => {
                    match key {
                        Some(key) => customers.extend(self.is_there(&mut draft, key)?),
                        None => self.presence.came_nameless(),
                    }
                    self.quarantine(&mut draft, import, (row, key));
                    continue;
                }
                Prepared::Row(row) => row,
            };
            let (key, mut delivered) = (row.key, row.delivered);
            self.aside.came(key);
            let record = match facts.caches.record_of(facts.view, key)? {
                Some(record) => match records::revise(
                    &mut draft,
                    (&self.preparer, self.delivery),
                    (import, record),
                    row,
                )? {
                    Revised::Unchanged => {
                        customers.extend(self.is_there(&mut draft, key)?);
                        self.outcome.report.unchanged += 1;
                        continue;
                    }
                    Revised::Older => {
                        self.presence.came(facts, key)?;
                        self.outcome.report.older += 1;
                        continue;
                    }
                    Revised::Changed(customer, known_by) => {
                        self.is_there(&mut draft, key)?;
                        self.outcome.report.changed += 1;
                        customers.push(customer);
                        delivered = known_by;
                        record
                    }
                },
                None if facts.caches.is_suppressed(facts.view, key)? => {
                    self.outcome.report.suppressed += 1;
                    continue;
                }
                None => {
                    self.outcome.report.new += 1;
                    let record = RecordId(next_record);
                    next_record += 1;
                    customers.extend(records::add(&mut draft, import, record, row)?);
                    record
                }
            };
            records.push((key, record, delivered));
        }
        let foreseen = self.foresee(facts, draft, &customers)?;
        Ok(foreseen.map(|foreseen| Planned { foreseen, records }))
    }

    /// A row of that address is in the file: its record has not vanished, and comes back if it had.
    /// Gives its customer then.
    fn is_there(
        &mut self,
        draft: &mut Draft<'_>,
        key: Fingerprint,
    ) -> Result<Option<CustomerId>, DeskError> {
        self.presence.came(draft.facts(), key)?;
        let back = self.presence.back(draft, key)?;
        self.outcome.report.returned += u64::from(back.is_some());
        Ok(back)
    }

    fn quarantine(
        &mut self,
        draft: &mut Draft<'_>,
        import: ImportId,
        (row, key): (QuarantinedRow, Option<Fingerprint>),
    ) {
        self.outcome.report.quarantined += 1;
        if self.outcome.quarantined.len() < NAMED {
            self.outcome.quarantined.push((row.line, row.why()));
        }
        let content = draft.facts().fingerprinter.of([row.content().as_str()]);
        if self.aside.takes(&row, content) {
            draft.delivered.push(RowQuarantined { import, row, key }.into());
        }
    }

    /// Folds what was delivered, and then what follows from it: tasks of invalid records among
    /// these customers open, change and are settled.
    fn foresee(
        &mut self,
        facts: Facts<'_>,
        mut draft: Draft<'_>,
        customers: &[CustomerId],
    ) -> Result<Option<Foreseen>, DeskError> {
        let mut commit = Commit {
            sequence: facts.ledger.head().map(|head| head.sequence).unwrap_or_default().next(),
            at: facts.now,
            actor: String::new(),
            events: std::mem::take(&mut draft.delivered),
        };
        let delivered = commit.events.len();
        let mut overlay = Overlay::over(facts.view.trees());
        fold_from(&mut overlay, &commit, 0, facts.fingerprinter)?;
        if !customers.is_empty() {
            self.judge(
                Facts { view: View::over(&overlay), ..facts },
                &mut draft,
                &commit,
                customers,
            )?;
        }
        commit.events.extend(draft.events()?);
        if commit.events.is_empty() {
            return Ok(None);
        }
        fold_from(&mut overlay, &commit, delivered, facts.fingerprinter)?;
        Ok(Some(Foreseen { commit, changes: overlay.into_changes() }))
    }

    /// Opens, changes and settles tasks of invalid records among these customers. `after` are the
    /// facts with what was delivered folded in.
    fn judge(
        &mut self,
        after: Facts<'_>,
        draft: &mut Draft<'_>,
        delivered: &Commit,
        customers: &[CustomerId],
    ) -> Result<(), DeskError> {
        // What is planned for tasks so far may still change: it is folded for this look only.
        let so_far = draft.events()?;
        let mut overlay = Overlay::over(after.view.trees());
        let mut planned = None;
        if !so_far.is_empty() {
            let commit = planned.insert(delivered.clone());
            commit.events.extend(so_far);
            fold_from(&mut overlay, commit, delivered.events.len(), after.fingerprinter)?;
        }
        let pending = Some(planned.as_ref().unwrap_or(delivered));
        let after = Facts { view: View::over(&overlay), pending, ..after };
        let opened = |draft: &Draft<'_>| {
            (draft.opened_of(TaskKind::Invalid), draft.opened_of(TaskKind::Vanished))
        };
        let before = opened(draft);
        consequences::plan(draft, after, customers)?;
        let now = opened(draft);
        self.outcome.tasks += now.0 - before.0;
        self.outcome.vanished_tasks += now.1 - before.1;
        Ok(())
    }

    /// Writes down that the import ended.
    ///
    /// # Errors
    /// When ledger or store fail.
    fn finish(mut self, desk: &mut Desk) -> Result<ImportOutcome, DeskError> {
        if let Some(import) = self.import {
            let quality = measure(desk.facts())?;
            let report = self.outcome.report;
            let released = Some(std::mem::take(&mut self.aside).released(import));
            desk.commit(vec![ImportFinished { import, report, quality, released }.into()])?;
        }
        self.outcome.import = self.import;
        self.outcome.lacking = self.preparer.wanted().lacking();
        Ok(self.outcome)
    }
}

/// What imports of one file have in common.
fn file_of(desk: &Desk, request: &Import) -> u64 {
    desk.fingerprinter.of([request.source.as_str(), request.file.as_str()]).0
}

/// The import's id and day: new ones, or those of an interrupted import of the same file.
fn number(desk: &mut Desk, request: &Import, format: &str) -> Result<(ImportId, Date), DeskError> {
    let tag = file_of(desk, request);
    let facts = desk.facts();
    let imports = facts.view.imports()?;
    let today = facts.today();
    let interrupted = imports.iter().rev().find(|(_, entry)| entry.file == tag);
    if let Some((id, entry)) = interrupted
        && entry.finished.is_none()
    {
        let day = match facts.event(entry.started)? {
            Event::ImportStarted(ImportStarted { day: Some(day), .. }) => day,
            // Written before the day was: then it is the commit's.
            _ => day_of(facts.time_of(entry.started.sequence)?),
        };
        return Ok((*id, day));
    }
    let import = ImportId(facts.view.counters()?.imports + 1);
    let started = ImportStarted {
        import,
        source: request.source.clone(),
        file: request.file.clone(),
        format: format.to_owned(),
        day: Some(today),
    };
    desk.commit(vec![started.into()])?;
    Ok((import, today))
}

/// A chunk ready to be committed.
struct Planned {
    foreseen: Foreseen,
    /// What it delivers: address, record, content.
    records: Vec<(Fingerprint, RecordId, Fingerprint)>,
}
