//! Import: rows become records, commit by commit.
//!
//! One thread reads and harmonises, the other decides, writes and folds. A commit holds up to 256
//! rows; the store is written in large batches. Cancelled or killed, what was committed stays, and
//! running the import again completes it.

use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::Progress;
use super::challenges::contradicted_values;
use crate::acquire::{AcquireError, Delivered, Options, Reader, Row};
use crate::desk::core::Desk;
use crate::desk::draft::Draft;
use crate::desk::error::DeskError;
use crate::desk::facts::{Facts, missing};
use crate::desk::{consequences, unique};
use crate::domain::event::{Cause, ImportFinished, ImportStarted, RecordRevised, RowQuarantined};
use crate::domain::{
    CustomerId, Event, Fingerprint, Fingerprinter, ImportId, ImportReport, QuarantinedRow,
    RecordAddress, RecordBody, RecordId, Severity, SourceName, Task, TaskState, Until,
};
use crate::harmonise;
use crate::settings::{Settings, Source};
use crate::store::Overlay;
use crate::validate;

/// Rows of one commit: a chunk from which one record is read in about 0.1 ms.
const ROWS_A_COMMIT: usize = 256;
/// Chunks that may wait between the threads.
const WAITING: usize = 4;

/// What to import.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The source, as in `steward.toml`.
    pub source: SourceName,
    /// Format and file name.
    pub options: Options,
    /// Count, but write nothing.
    pub dry_run: bool,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOutcome {
    /// Its id; none for a dry run.
    pub import: Option<ImportId>,
    /// Format, encoding and delimiter as detected.
    pub format: String,
    /// The counts.
    pub report: ImportReport,
    /// Tasks opened for invalid records.
    pub tasks: u64,
    /// The first quarantined rows: line and reason.
    pub quarantined: Vec<(u64, String)>,
}

/// Quarantined rows named in the report; the rest is in `export quarantine`.
const NAMED: usize = 10;

impl Desk {
    /// Imports a file.
    ///
    /// # Errors
    /// Before anything is written: an unknown source, an empty or binary file, a missing column.
    /// Later: a failure of input, ledger or store; what was committed stays.
    pub fn import(
        &mut self,
        input: Box<dyn Read + Send>,
        request: &ImportRequest,
        progress: &dyn Progress,
    ) -> Result<ImportOutcome, DeskError> {
        // The file is read as `steward.toml` says now; a file that cannot be used adopts nothing.
        let settings = self.settings_now()?;
        let source = settings.source(request.source.as_str()).cloned();
        let source = source.ok_or_else(|| unknown_source(&settings, &request.source))?;
        let reader = Reader::open(input, &source, &request.options)?;
        if !request.dry_run {
            self.adopt_settings()?;
        }
        let mut importing = Importing {
            import: None,
            outcome: ImportOutcome {
                import: None,
                format: reader.description().to_owned(),
                report: ImportReport::default(),
                tasks: 0,
                quarantined: Vec::new(),
            },
            dry_run: request.dry_run,
        };
        if !request.dry_run {
            importing.start(self, request)?;
        }
        let (sender, receiver) = sync_channel(WAITING);
        let fingerprinter = self.fingerprinter.clone();
        self.with_changes_held(|desk| {
            std::thread::scope(|scope| {
                scope.spawn(move || prepare(reader, &source, &settings, &fingerprinter, &sender));
                importing.take_in(desk, receiver, progress)
            })
        })?;
        importing.finish(self)
    }
}

fn unknown_source(settings: &Settings, name: &SourceName) -> DeskError {
    let known: Vec<&str> = settings.sources.iter().map(|source| source.name.as_str()).collect();
    DeskError::Usage(format!(
        "steward.toml has no source `{name}`; it has {}",
        if known.is_empty() { "none".to_owned() } else { known.join(", ") }
    ))
}

/// A row ready to be compared with what is known.
enum Prepared {
    Row { body: RecordBody, key: Fingerprint, content: Fingerprint },
    Quarantined(QuarantinedRow),
}

type Chunk = Result<Vec<Prepared>, AcquireError>;

/// The reading thread: rows, harmonised, in chunks. Ends when the other side has gone.
fn prepare(
    reader: Reader,
    source: &Source,
    settings: &Settings,
    fingerprinter: &Fingerprinter,
    sender: &SyncSender<Chunk>,
) {
    let mut chunk = Vec::with_capacity(ROWS_A_COMMIT);
    for delivered in reader {
        let prepared = match delivered {
            Ok(Delivered::Row(row)) => {
                let body = body_of(row, source, settings);
                let key = body.address.fingerprint(fingerprinter);
                let content = body.content(fingerprinter);
                Prepared::Row { body, key, content }
            }
            Ok(Delivered::Quarantined(row)) => Prepared::Quarantined(row),
            Err(error) => {
                let _ = sender.send(Err(error));
                return;
            }
        };
        chunk.push(prepared);
        if chunk.len() == ROWS_A_COMMIT
            && sender
                .send(Ok(std::mem::replace(&mut chunk, Vec::with_capacity(ROWS_A_COMMIT))))
                .is_err()
        {
            return;
        }
    }
    let _ = sender.send(Ok(chunk));
}

fn body_of(row: Row, source: &Source, settings: &Settings) -> RecordBody {
    let Row { line, key, fields, mut unmapped, updated } = row;
    let read = |text: &str| harmonise::timestamp(text, &settings.workspace.region);
    let at = updated.as_deref().and_then(read);
    if let (Some(text), None, Some(column)) = (updated, at, &source.updated) {
        // A time nobody can read is still what was delivered.
        unmapped.push((column.as_str().into(), text.into()));
    }
    RecordBody {
        address: RecordAddress::new(&source.name, &key),
        values: harmonise::record(settings, fields),
        unmapped,
        updated: at,
        line,
    }
}

/// An import under way.
struct Importing {
    import: Option<ImportId>,
    outcome: ImportOutcome,
    dry_run: bool,
}

impl Importing {
    /// Gives the import its id: a new one, or that of an interrupted import of the same file.
    fn start(&mut self, desk: &mut Desk, request: &ImportRequest) -> Result<(), DeskError> {
        let file = &request.options.file;
        let tag = desk.fingerprinter.of([request.source.as_str(), file.as_str()]).0;
        let imports = desk.facts().view.imports()?;
        let interrupted = imports.iter().rev().find(|(_, entry)| entry.file == tag);
        if let Some((id, entry)) = interrupted
            && entry.finished.is_none()
        {
            self.import = Some(*id);
            return Ok(());
        }
        let import = ImportId(desk.facts().view.counters()?.imports + 1);
        let started = ImportStarted {
            import,
            source: request.source.clone(),
            file: file.clone(),
            format: self.outcome.format.clone(),
        };
        desk.commit(vec![started.into()])?;
        self.import = Some(import);
        Ok(())
    }

    fn take_in(
        &mut self,
        desk: &mut Desk,
        receiver: Receiver<Chunk>,
        progress: &dyn Progress,
    ) -> Result<(), DeskError> {
        progress.phase("importing", None);
        for chunk in receiver {
            if progress.cancelled() {
                return Err(DeskError::Cancelled);
            }
            let chunk = chunk?;
            let rows = chunk.len();
            self.take_in_chunk(desk, chunk)?;
            progress.advance(rows as u64);
        }
        Ok(())
    }

    fn take_in_chunk(&mut self, desk: &mut Desk, chunk: Vec<Prepared>) -> Result<(), DeskError> {
        let (events, new_keys) = self.plan(desk.facts(), chunk)?;
        if events.is_empty() || self.dry_run {
            return Ok(());
        }
        desk.commit(events)?;
        for (key, record) in new_keys {
            desk.caches.add_record(key, record);
        }
        Ok(())
    }

    /// The events of a chunk, and the fingerprints of its new records.
    fn plan(&mut self, facts: Facts<'_>, chunk: Vec<Prepared>) -> Result<Planned, DeskError> {
        let import = self.import.unwrap_or(ImportId(0));
        let mut draft = Draft::new(facts, Cause::Import(import))?;
        let mut next_record = facts.view.counters()?.records;
        let mut new_keys = Vec::new();
        let mut customers = Vec::new();
        for prepared in chunk {
            self.outcome.report.read += 1;
            match prepared {
                Prepared::Quarantined(row) => self.quarantine(&mut draft, import, row),
                Prepared::Row { body, key, content } => {
                    match facts.caches.record_of(facts.view, key)? {
                        Some(record) if facts.view.record(record)?.content == content => {
                            self.outcome.report.unchanged += 1;
                        }
                        Some(record) => {
                            self.outcome.report.changed += 1;
                            customers.push(revise(&mut draft, import, record, body)?);
                        }
                        None if facts.caches.is_suppressed(facts.view, key)? => {
                            self.outcome.report.suppressed += 1;
                        }
                        None => {
                            self.outcome.report.new += 1;
                            let record = RecordId(next_record);
                            next_record += 1;
                            let customer = draft.new_customer();
                            if must_be_judged(facts, record, &body)? {
                                customers.push(customer);
                            }
                            new_keys.push((key, record));
                            draft.delivered.push(
                                RecordRevised {
                                    record,
                                    customer,
                                    revision: 1,
                                    previous: None,
                                    import,
                                    body,
                                }
                                .into(),
                            );
                        }
                    }
                }
            }
        }
        self.judge(facts, &mut draft, &customers)?;
        Ok((draft.events()?, new_keys))
    }

    fn quarantine(&mut self, draft: &mut Draft<'_>, import: ImportId, row: QuarantinedRow) {
        self.outcome.report.quarantined += 1;
        if self.outcome.quarantined.len() < NAMED {
            self.outcome.quarantined.push((row.line, row.reason.to_string()));
        }
        draft.delivered.push(RowQuarantined { import, row }.into());
    }

    /// Opens, changes and settles tasks of invalid records among these customers.
    fn judge(
        &mut self,
        facts: Facts<'_>,
        draft: &mut Draft<'_>,
        customers: &[CustomerId],
    ) -> Result<(), DeskError> {
        if customers.is_empty() {
            return Ok(());
        }
        let commit = crate::domain::Commit {
            sequence: facts.ledger.head().map(|head| head.sequence).unwrap_or_default().next(),
            at: facts.now,
            actor: String::new(),
            events: draft.events()?,
        };
        let mut overlay = Overlay::over(facts.view.trees());
        crate::store::fold(&mut overlay, &commit, [0; 32], facts.fingerprinter)?;
        let after =
            Facts { view: crate::store::View::over(&overlay), pending: Some(&commit), ..facts };
        let challenges = draft.opened_tasks();
        consequences::plan(draft, after, customers)?;
        self.outcome.tasks += draft.opened_tasks() - challenges;
        Ok(())
    }

    /// Writes down that the import ended.
    fn finish(mut self, desk: &mut Desk) -> Result<ImportOutcome, DeskError> {
        if let Some(import) = self.import {
            desk.commit(vec![ImportFinished { import, report: self.outcome.report }.into()])?;
        }
        self.outcome.import = self.import;
        Ok(self.outcome)
    }
}

type Planned = (Vec<Event>, Vec<(Fingerprint, RecordId)>);

/// Whether a new record needs a closer look: it breaks a rule, or shares a unique value.
fn must_be_judged(
    facts: Facts<'_>,
    record: RecordId,
    body: &RecordBody,
) -> Result<bool, DeskError> {
    // A chunk's own values count at once: two rows of one file may share them.
    let shares = unique::remember(facts, record, &body.values)?;
    let context = validate::Context { today: facts.now.to_zoned(jiff::tz::TimeZone::UTC).date() };
    let violations = validate::violations(facts.settings, &body.values, &context);
    Ok(shares || violations.iter().any(|violation| violation.severity == Severity::Error))
}

/// A known record with other content: a new revision, and what rested on the old one.
fn revise(
    draft: &mut Draft<'_>,
    import: ImportId,
    record: RecordId,
    body: RecordBody,
) -> Result<CustomerId, DeskError> {
    let facts = draft.facts();
    let row = facts.view.record(record)?;
    let known = facts.body(record)?;
    if known.address != body.address {
        return Err(missing(format!("line {}: its key collides with another's", body.line)));
    }
    contradicted_values(draft, record, &known, &body)?;
    for task in draft.pending_tasks_of(row.customer)? {
        if let TaskState::Deferred { until: Until::DataChanges, .. } = task.state {
            draft.set_task(Task { state: TaskState::Open, ..task })?;
        }
    }
    draft.delivered.push(
        RecordRevised {
            record,
            customer: row.customer,
            revision: u32::from(row.revision) + 1,
            previous: Some(facts.view.record_version(record)?),
            import,
            body,
        }
        .into(),
    );
    Ok(row.customer)
}
