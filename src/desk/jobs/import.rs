//! Import: rows become records, commit by commit.
//!
//! Other threads open the file (`steps`), read and harmonise (`prepare`), this one decides, writes
//! and folds. A commit holds up to 256 rows; the store is written in large batches. Cancelled or
//! killed, what was committed stays, and running the import again completes it.

mod activities;
pub(super) mod again;
mod aside;
pub(super) mod assumed;
pub(super) mod beginning;
mod blind;
mod deletions;
mod dropped;
mod earlier;
mod lacking;
mod merges;
mod opening;
pub(super) mod partial;
mod prepare;
mod preview;
pub(super) mod records;
mod sample;
mod steps;
mod threads;
mod troubles;
pub(super) mod vanishing;
mod zeros;

use std::sync::Arc;
use std::time::Duration;

use aside::Aside;
use beginning::{Begun, begin, file_of, interrupted, of_content};
use blind::Blind;
use earlier::Earlier;
use merges::Merges;
use opening::Surveyed;
pub(crate) use opening::unpacked_at_once;
use prepare::{Prepared, PreparedRow, Preparer};
use preview::Preview;
use records::Revised;

use super::delivering;
use crate::answers::measure;
use crate::core::{Desk, Foreseen};
use crate::draft::Draft;
use crate::error::{DeskError, ImportStopped};
use crate::facts::Facts;
use crate::overlays;
use domain::event::{Cause, ImportFinished, ImportStarted, RowQuarantined};
use domain::{CustomerId, Fingerprint, ImportId, ImportReport, QuarantinedRow, RecordId};
use door::operations::{Delivery, Import};
use door::views::{ImportOutcome, Trouble};
use intake::acquire::{AcquireError, Existence};
use settings::{OverlayPolicy, Settings, Source};
pub(super) use steps::ImportSteps;
use threads::{Chunks, Taken};
use vanishing::{ONE_OF, Presence, Vanishing};
use zeros::Zeros;

/// Quarantined rows named in the report; the rest is in `export quarantine`.
const NAMED: usize = 10;

/// An import under way: each step is a commit. What happens between two of them is seen by the
/// next, as if it had happened before the import.
struct Importing {
    import: Option<ImportId>,
    outcome: ImportOutcome,
    /// Of a dry run.
    preview: Option<Preview>,
    /// Of a dry run: what it leaves out.
    blind: Option<Arc<Blind>>,
    /// Whether the preview is all that is wanted.
    glance: bool,
    preparer: Arc<Preparer>,
    chunks: Chunks<Prepared>,
    aside: Aside,
    /// Rows that replace those of the commit before: they are the next.
    following: Vec<Prepared>,
    presence: Presence,
    zeros: Zeros,
    merges: Merges,
    /// What it did before it was interrupted.
    earlier: Earlier,
    delivery: Delivery,
    /// Rows that make another customer of a record, of those that were read now.
    overlaid: u64,
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

/// So few rows may make another customer of a record whatever part of the file they are.
const FEW_REKEYED: u64 = 20;

impl Importing {
    /// Gives the import of an open file its id and starts reading.
    ///
    /// # Errors
    /// When ledger or store fail.
    fn begin(
        desk: &mut Desk,
        surveyed: Surveyed,
        (settings, source): (Settings, Source),
        request: &Import,
    ) -> Result<Importing, DeskError> {
        let format = match request.by_hand {
            true => ImportStarted::BY_HAND.to_owned(),
            false => surveyed.reader.description().to_owned(),
        };
        let (mut import, mut day) = (None, desk.facts().today());
        let content = surveyed.content.as_deref().map(|hash| of_content(desk, hash));
        let begun = if request.dry_run { None } else { interrupted(desk, request, content)? };
        let reading = assumed::reading(
            desk.facts(),
            (&settings, &source),
            &surveyed,
            &request.file,
            begun.as_ref().and_then(|begun| begun.started.reading.as_deref()),
        )?;
        let mut aside = Aside::default();
        let mut earlier = Earlier::default();
        if !request.dry_run {
            desk.renew_marks()?;
            desk.adopt(settings.clone())?;
            let (id, began) = match begun {
                Some(Begun { started, day, began }) => {
                    earlier = Earlier::of(desk.facts(), started.import, began)?;
                    (started.import, day)
                }
                None => begin(desk, request, (&format, &reading, content))?,
            };
            aside = Aside::before(desk.facts(), file_of(desk, request), id)?;
            (import, day) = (Some(id), began);
        }
        let reader =
            surveyed.reader.settling(surveyed.repeated, prepare::time_of(&settings, &reading, day));
        let presence = Presence::before(desk.facts(), request.delivery.complete)?;
        let merges = Merges::before(desk.facts(), &source, request.dry_run)?;
        let zeros = Zeros::before(desk.facts(), &source)?;
        let keys = desk.caches.keys(desk.facts().view)?;
        let clock = (Arc::clone(&desk.environment.clock), day);
        let has_old_keys = assumed::has_old_keys(desk.facts(), &source)?;
        let blind = match request.dry_run {
            true => Blind::of(desk, &settings, &source)?.map(Arc::new),
            false => None,
        };
        let read_as = (settings, source);
        let mut preparer =
            Preparer::new(read_as, reading.clone(), desk.fingerprinter.clone(), keys, clock);
        preparer = preparer.with_old_keys(has_old_keys);
        let mut preview = None;
        if request.dry_run {
            // What has the fingerprint of a row would tell that all of it is held.
            preparer = if blind.is_some() { preparer.preparing_all() } else { preparer.showing() };
            preview = Some(Preview::new(desk.masks()));
        }
        let preparer = Arc::new(preparer);
        let chunks = threads::start(reader, Arc::clone(&preparer))
            .map_err(|error| DeskError::File { what: "starting to read".to_owned(), error })?;
        let mut outcome =
            ImportOutcome { format, reading: Box::new(reading), ..ImportOutcome::default() };
        outcome.report.returned = earlier.returned;
        outcome.report.overlaid = earlier.overlaid;
        earlier::opened(&mut outcome, std::mem::take(&mut earlier.opened));
        if let Some(blind) = &blind {
            outcome.left_out = blind.fields.iter().cloned().collect();
            outcome.unjudged.clone_from(&blind.unjudged);
            let is_asked = blind.settings.policy.overlay != OverlayPolicy::Off;
            outcome.unjudged_owners = is_asked && blind.hides_who(&blind.settings);
        }
        Ok(Importing {
            import,
            outcome,
            preview,
            blind,
            glance: request.glance,
            preparer,
            chunks,
            aside,
            following: Vec::new(),
            presence,
            zeros,
            merges,
            earlier,
            delivery: request.delivery,
            overlaid: 0,
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
        if self.glance && self.preview.as_ref().is_some_and(Preview::is_full) {
            return Ok(Taking::End);
        }
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
        let mut chunk = chunk;
        while !chunk.is_empty() {
            let planned = self.plan(desk.facts(), chunk)?;
            self.must_keep_its_keys()?;
            if let Some(planned) = planned
                && self.preview.is_none()
            {
                desk.commit_foreseen(planned.foreseen)?;
                desk.caches.note_records(&planned.records);
            }
            chunk = std::mem::take(&mut self.following);
        }
        Ok(())
    }

    /// Stops at rows of which so many make another customer of a record that their keys are others, before they are
    /// written: whoever undoes that afterwards has a task for each.
    fn must_keep_its_keys(&mut self) -> Result<(), DeskError> {
        let (overlaid, changed) = (self.overlaid, self.outcome.report.changed);
        if overlaid < FEW_REKEYED || overlaid * ONE_OF <= changed {
            return Ok(());
        }
        self.outcome.is_rekeyed |= !self.delivery.accept_rekeyed;
        match self.delivery.accept_rekeyed || self.preview.is_some() {
            true => Ok(()),
            false => Err(DeskError::Rekeyed { overlaid, changed }),
        }
    }

    /// Puts the rows that replace this one after the commit that it is in.
    fn follow(&mut self, row: &mut PreparedRow) {
        let mut later = std::mem::take(&mut row.later);
        if self.preview.is_some() {
            // Nothing is written that they could replace.
            self.outcome.report.read += later.len() as u64;
            self.outcome.report.changed += later.len() as u64;
        } else if let Some(next) = later.pop_front() {
            self.following.push(Prepared::Row(PreparedRow { later, ..next }));
        }
    }

    /// The commit of a chunk; none where it changes nothing.
    fn plan(
        &mut self,
        facts: Facts<'_>,
        chunk: Vec<Prepared>,
    ) -> Result<Option<Planned>, DeskError> {
        let import = self.import.unwrap_or(ImportId(0));
        let blind = self.blind.clone();
        let facts = blind.as_deref().map_or(facts, |blind| blind.facts(facts));
        let mut draft = Draft::new(facts, Cause::Import(import))?;
        let mut next_record = facts.view.counters()?.records;
        let mut records = Vec::new();
        let mut customers = Vec::new();
        self.merges.next_commit();
        for prepared in chunk {
            let mut row = match prepared {
                Prepared::Unchanged(key, rows, existence) => {
                    self.aside.came(key);
                    customers.extend(self.is_there(&mut draft, key, existence)?);
                    self.outcome.report.read += rows;
                    self.known(facts, (key, rows), true)?;
                    continue;
                }
                Prepared::Quarantined(row, key) => {
                    self.outcome.report.read += 1;
                    if aside::is_of_the_erased(facts, &self.preparer.source().name, &row, [key])? {
                        self.outcome.report.suppressed += 1;
                        continue;
                    }
                    self.presence.came_nameless(row.nameless_rows(key.is_some()));
                    if let Some(key) = key {
                        let existence = Existence::Unsaid;
                        customers.extend(self.is_there(&mut draft, key, existence)?);
                    }
                    self.quarantine(&mut draft, import, (row, key));
                    continue;
                }
                Prepared::Skipped(skipped) => {
                    self.outcome.report.skipped.add(&skipped);
                    continue;
                }
                Prepared::Row(row) => row,
            };
            self.outcome.report.read += 1;
            if let Some(preview) = &mut self.preview {
                preview.take(&row.body);
            }
            let mut others = 0;
            if let Some(blind) = &blind {
                (row, others) = blind.last(row);
                self.outcome.report.read += others;
                if let Some(record) = facts.caches.record_of(facts.view, row.key)? {
                    blind.cover(&mut row, &facts.delivered(record)?.body);
                }
            }
            let troubles = std::mem::take(&mut row.troubles);
            if blind.is_none() {
                troubles::count(&mut self.outcome.troubles, row.body.line, &troubles);
            }
            let (key, mut delivered, existence) = (row.key, row.delivered, row.existence);
            let line = row.body.line;
            self.aside.came(key);
            let is_replaced = !row.later.is_empty();
            self.follow(&mut row);
            let record = match facts.caches.record_of(facts.view, key)? {
                Some(record) if is_replaced && records::is_known(facts, record, &row)? => {
                    customers.extend(self.is_there(&mut draft, key, existence)?);
                    self.known(facts, (key, 1), false)?;
                    continue;
                }
                Some(record) => match records::revise(
                    &mut draft,
                    (&self.preparer, self.delivery),
                    (import, record),
                    row,
                )? {
                    Revised::Unchanged => {
                        customers.extend(self.is_there(&mut draft, key, existence)?);
                        self.known(facts, (key, 1 + others), false)?;
                        continue;
                    }
                    Revised::Older => {
                        // Its values are old; that its source has it is not, where the file is all it has.
                        if self.delivery.complete && existence != Existence::Deleted {
                            customers.extend(self.is_there(&mut draft, key, Existence::Unsaid)?);
                        } else {
                            self.presence.came(facts, key)?;
                        }
                        self.outcome.report.older += 1 + others;
                        continue;
                    }
                    Revised::Changed { customer, known_by, merged, is_timeless, is_overlay } => {
                        if is_timeless {
                            let column = self.preparer.source().updated.as_deref();
                            let none = (Trouble::NoTime, column.unwrap_or_default().into());
                            troubles::count(&mut self.outcome.troubles, line, &[none]);
                        }
                        // Who is closed does not come back with somebody else's values.
                        if overlays::is_closed_and_held(&draft, record)? {
                            self.presence.came(facts, key)?;
                            self.presence.says(key, existence);
                        } else {
                            self.is_there(&mut draft, key, existence)?;
                        }
                        self.outcome.report.overlaid += u64::from(is_overlay);
                        self.overlaid += u64::from(is_overlay);
                        self.outcome.report.changed += 1 + others;
                        customers.push(customer);
                        let own = (key, customer);
                        customers.extend(self.merges.came(facts, own, &merged, false)?);
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
                    self.outcome.report.changed += others;
                    self.zeros.note(
                        facts,
                        &self.preparer,
                        &row.body,
                        &mut self.outcome.troubles,
                    )?;
                    let record = RecordId(next_record);
                    next_record += 1;
                    self.presence.says(key, existence);
                    let merged = self.preparer.merged(&row.body);
                    let (customer, must_be_judged) =
                        records::add(&mut draft, (import, record), row, merged.clone())?;
                    customers.extend(must_be_judged.then_some(customer));
                    let own = (key, customer);
                    customers.extend(self.merges.came(facts, own, &merged, true)?);
                    record
                }
            };
            if blind.is_some() {
                troubles::count(&mut self.outcome.troubles, line, &troubles);
            }
            records.push((key, record, delivered));
        }
        let foreseen = self.foresee(facts, draft, &customers)?;
        Ok(foreseen.map(|foreseen| Planned { foreseen, records }))
    }

    /// A row of that address is in the file: unless it says that its record is deleted, that has not
    /// vanished, and comes back if it had. Gives its customer then.
    fn is_there(
        &mut self,
        draft: &mut Draft<'_>,
        key: Fingerprint,
        existence: Existence,
    ) -> Result<Option<CustomerId>, DeskError> {
        self.presence.came(draft.facts(), key)?;
        self.presence.says(key, existence);
        let stays_away = match existence {
            Existence::There => false,
            Existence::Deleted => true,
            Existence::Unsaid => {
                self.presence.is_deleted(draft.facts(), self.preparer.source(), key)?
            }
            Existence::Unclear => self.presence.was_deleted(draft.facts(), key)?,
        };
        if stays_away {
            return Ok(None);
        }
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
        let kind = row.reason.kind().to_owned();
        *self.outcome.quarantined_by.entry(kind).or_default() += 1;
        if self.outcome.quarantined.len() < NAMED {
            let place = self.outcome.place();
            self.outcome.quarantined.push((row.line, row.why(place)));
        }
        let content = draft.facts().fingerprinter.of([row.content().as_str()]);
        if self.aside.takes(&row, content) {
            draft.delivered.push(RowQuarantined { import, row, key, subject: None }.into());
        }
    }

    /// Folds what was delivered, and what follows from it; counts the tasks it opens.
    fn foresee(
        &mut self,
        facts: Facts<'_>,
        draft: Draft<'_>,
        customers: &[CustomerId],
    ) -> Result<Option<Foreseen>, DeskError> {
        let blind = self.blind.clone();
        let facts = blind.as_deref().map_or(facts, |blind| blind.facts(facts));
        let (foreseen, tasks) = delivering::foresee(facts, draft, customers)?;
        earlier::opened(&mut self.outcome, tasks);
        Ok(foreseen)
    }

    /// Writes down that the import ended.
    ///
    /// # Errors
    /// When ledger or store fail.
    fn finish(mut self, desk: &mut Desk) -> Result<ImportOutcome, DeskError> {
        let merges = self.merges.counted(desk.facts())?;
        self.outcome.report.merged = merges.asked;
        self.outcome.report.merged_unknown = merges.unknown;
        if let Some(import) = self.import {
            let quality = measure(desk.facts())?;
            let report = self.outcome.report;
            let released = Some(std::mem::take(&mut self.aside).released(import));
            desk.commit(vec![ImportFinished { import, report, quality, released }.into()])?;
        }
        self.outcome.import = self.import;
        self.outcome.preview = self.preview.map(Preview::into_rows).unwrap_or_default();
        let ImportReport { changed, unchanged, older, .. } = self.outcome.report;
        let is_held = changed + unchanged + older > 0;
        self.outcome.lacking = self.preparer.wanted().lacking(is_held);
        self.outcome.dropped = self.preparer.dropped();
        Ok(self.outcome)
    }
}

/// A chunk ready to be committed.
struct Planned {
    foreseen: Foreseen,
    /// What it delivers: address, record, content.
    records: Vec<(Fingerprint, RecordId, Fingerprint)>,
}
