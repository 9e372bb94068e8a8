//! An import of a stream: rows become activities. Nothing of it is judged, matched or queued, and no version rises.

use std::sync::Arc;
use std::time::Duration;

use compact_str::{CompactString, ToCompactString};

use super::aside::{self, Aside};
use super::assumed;
use super::beginning::{Begun, begin, file_of, interrupted, of_content};
use super::opening::Surveyed;
use super::preview::Preview;
use super::threads::{self, Chunks, Prepares, Taken};
use super::{NAMED, Taking};
use crate::activities::{Recording, handles};
use crate::core::Desk;
use crate::error::{DeskError, ImportStopped};
use crate::guessing::ClosedOfStream;
use crate::masking::Masks;
use domain::event::{ImportFinished, RowQuarantined};
use domain::{
    Activity, ActivitySubject, FieldName, Fingerprint, Fingerprinter, ImportId, ImportReport,
    QuarantinedRow, RecordAddress, RecordBody, Skipped, Values,
};
use door::operations::Import;
use door::views::ImportOutcome;
use intake::acquire::{AcquireError, Delivered, Row, one_key};
use intake::activity::{StreamReading, judge};
use intake::harmonise::Records;
use settings::{Settings, Source, Stream};

/// What becomes of a row.
enum StreamRow {
    /// An activity, and all that was read of it.
    Activity(ActivitySubject, Activity, Values),
    /// One of a kind that `steward.toml` leaves out, by its key; none where its stream has none.
    LeftOut(Option<Fingerprint>),
    /// It cannot be used.
    Quarantined(QuarantinedRow, Known),
    /// What was passed over.
    Skipped(Skipped),
}

/// What is known of a row in quarantine, where that can be told.
#[derive(Clone, Copy)]
struct Known {
    /// The fingerprint of its key.
    key: Option<Fingerprint>,
    /// That of the address of the record it names.
    subject: Option<Fingerprint>,
}

/// What reading a stream's rows depends on.
struct StreamPreparer {
    reading: StreamReading,
    settings: Settings,
    fingerprinter: Fingerprinter,
}

impl Prepares for StreamPreparer {
    type Prepared = StreamRow;
    type Hand<'a> = Records<'a>;

    fn hand(&self) -> Records<'_> {
        self.reading.records().remembering()
    }

    fn prepare(&self, records: &mut Records<'_>, rows: Vec<Delivered>) -> Vec<StreamRow> {
        let mut prepared = Vec::with_capacity(rows.len());
        for delivered in rows {
            match delivered {
                Delivered::Row(mut row) => {
                    let later = std::mem::take(&mut row.later);
                    prepared.push(self.row(records, row));
                    prepared.extend(later.into_iter().map(|row| self.row(records, row)));
                }
                Delivered::Quarantined(row) => {
                    let key = row.key.as_deref().map(|key| self.key(key));
                    let named = row.named.as_deref();
                    let named = named.and_then(|cell| one_key(cell, self.reading.key_form));
                    let source = self.reading.stream.source.as_str();
                    let of_key = |named: CompactString| self.fingerprinter.of([source, &named]);
                    let known = Known { key, subject: named.map(of_key) };
                    prepared.push(StreamRow::Quarantined(row, known));
                }
                Delivered::Skipped(skipped) => prepared.push(StreamRow::Skipped(skipped)),
            }
        }
        prepared
    }
}

impl StreamPreparer {
    fn row(&self, records: &mut Records<'_>, row: Row) -> StreamRow {
        let key = self.reading.key(&row);
        let Some(read) = self.reading.read(records, row) else {
            return StreamRow::LeftOut((!key.is_empty()).then(|| self.key(&key)));
        };
        let stream = &self.reading.stream;
        let source = stream.source.as_str();
        let key = read.customer.map(|key| self.fingerprinter.of([source, key.as_str()]));
        let handle = |(field, value): (FieldName, CompactString)| {
            let field = self.settings.field(field.as_str())?;
            handles::of(&self.fingerprinter, field, &value)
        };
        let handles = read.handles.into_iter().filter_map(handle).collect();
        let (mut activity, subject) = (read.activity, ActivitySubject { key, handles });
        if activity.key.is_empty() {
            let said = activity.content(&subject);
            let said = said.iter().map(CompactString::as_str);
            let name = ["activity without a key", stream.name.as_str()];
            activity.key = self.fingerprinter.of(name.into_iter().chain(said)).to_compact_string();
        }
        StreamRow::Activity(subject, activity, read.values)
    }

    /// What a row in quarantine is known by.
    fn key(&self, key: &str) -> Fingerprint {
        handles::of_key(&self.fingerprinter, self.reading.stream.name.as_str(), key)
    }
}

/// An import of a stream under way.
pub(super) struct TakingIn {
    import: Option<ImportId>,
    outcome: ImportOutcome,
    preview: Option<Preview>,
    /// Whether the preview is all that is wanted.
    glance: bool,
    preparer: Arc<StreamPreparer>,
    chunks: Chunks<StreamRow>,
    aside: Aside,
    recording: Recording,
    /// Of a dry run: the masks of whoever asked for it.
    masks: Option<Arc<Masks>>,
}

impl TakingIn {
    /// Gives the import of an open file its id and starts reading. `settings` are the workspace's, `read_as` the stream's own.
    ///
    /// # Errors
    /// When ledger or store fail.
    pub(super) fn begin(
        desk: &mut Desk,
        surveyed: Surveyed,
        (settings, stream): (Settings, Stream),
        read_as: (Settings, Source),
        request: &Import,
    ) -> Result<TakingIn, DeskError> {
        let format = surveyed.reader.description().to_owned();
        let (mut import, mut day) = (None, desk.facts().today());
        let content = surveyed.content.as_deref().map(|hash| of_content(desk, hash));
        let begun = if request.dry_run { None } else { interrupted(desk, request, content)? };
        let reading = assumed::reading(
            desk.facts(),
            (&read_as.0, &read_as.1),
            &surveyed,
            &request.file,
            begun.as_ref().and_then(|begun| begun.started.reading.as_deref()),
        )?;
        let mut aside = Aside::default();
        if !request.dry_run {
            desk.renew_marks()?;
            desk.adopt(settings.clone())?;
            let (id, began) = match begun {
                Some(Begun { started, day, .. }) => (started.import, day),
                None => begin(desk, request, (&format, &reading, content))?,
            };
            aside = Aside::before(desk.facts(), file_of(desk, request), id)?;
            (import, day) = (Some(id), began);
        }
        let source = settings.source(stream.source.as_str());
        let key_form = source.and_then(|source| source.key_form);
        let recording = match import {
            Some(import) => desk.begin_activities(import, stream.name.clone())?,
            None => desk.count_activities(stream.name.clone())?,
        };
        let recording = match stream.replaces_days {
            true => recording.replacing_days(),
            false => recording,
        };
        let outcome = ImportOutcome {
            format,
            reading: Box::new(reading.clone()),
            stream: Some(stream.name.clone()),
            ..ImportOutcome::default()
        };
        let time = super::prepare::time_of(&read_as.0, &reading, day);
        let reading = StreamReading { stream, settings: read_as.0, key_form, reading, day };
        let reader = surveyed.reader.settling(surveyed.repeated, time);
        let reader = reader.judging(judge(reading.clone()));
        let fingerprinter = desk.fingerprinter.clone();
        let preparer = Arc::new(StreamPreparer { reading, settings, fingerprinter });
        let chunks = threads::start(reader, Arc::clone(&preparer))
            .map_err(|error| DeskError::File { what: "starting to read".to_owned(), error })?;
        let masks = request.dry_run.then(|| desk.masks());
        let preview = masks.as_ref().map(|masks| Preview::new(Arc::clone(masks)));
        Ok(TakingIn {
            import,
            outcome,
            preview,
            glance: request.glance,
            preparer,
            chunks,
            aside,
            recording,
            masks,
        })
    }

    /// Its id; none for a dry run.
    pub(super) fn id(&self) -> Option<ImportId> {
        self.import
    }

    /// Takes in the next rows of the file, waiting for them no longer than `patience`.
    ///
    /// # Errors
    /// A failure of input, ledger or store; what was committed stays.
    pub(super) fn step(
        &mut self,
        desk: &mut Desk,
        patience: Duration,
    ) -> Result<Taking, DeskError> {
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
            Taken::End => Ok(Taking::End),
        }
    }

    fn stopped(&self, error: AcquireError) -> DeskError {
        let (import, report) = (self.import, self.outcome.report);
        DeskError::ImportStopped(Box::new(ImportStopped { error, import, report }))
    }

    fn take_in(&mut self, desk: &mut Desk, chunk: Vec<StreamRow>) -> Result<(), DeskError> {
        let mut came = Vec::with_capacity(chunk.len());
        let mut quarantined = Vec::new();
        for row in chunk {
            match row {
                StreamRow::Skipped(skipped) => {
                    self.outcome.report.skipped.add(&skipped);
                    continue;
                }
                StreamRow::LeftOut(key) => {
                    self.outcome.report.skipped.left_out += 1;
                    key.into_iter().for_each(|key| self.recording.leave_out(key));
                }
                StreamRow::Quarantined(row, known) => {
                    let key = known.key;
                    key.into_iter().for_each(|key| self.recording.keep(key));
                    if aside::is_of_the_erased(
                        desk.facts(),
                        &self.preparer.reading.stream.source,
                        &row,
                        [key, known.subject],
                    )? {
                        self.outcome.report.suppressed += 1;
                    } else {
                        if key.is_none() {
                            self.recording.replace_nothing();
                            self.outcome.replaces_nothing =
                                self.preparer.reading.stream.replaces_days;
                        }
                        quarantined.extend(self.quarantine(desk, row, known));
                    }
                }
                StreamRow::Activity(subject, activity, values) => {
                    self.aside.came(self.preparer.key(&activity.key));
                    if let Some(preview) = &mut self.preview {
                        let stream = &self.preparer.reading.stream;
                        preview.take(&as_body((stream, self.masks.as_deref()), &activity, values));
                    }
                    came.push((subject, activity));
                }
            }
            self.outcome.report.read += 1;
        }
        if !quarantined.is_empty() {
            desk.commit(quarantined)?;
        }
        self.recording.take(desk, came)
    }

    fn quarantine(
        &mut self,
        desk: &Desk,
        row: QuarantinedRow,
        Known { key, subject }: Known,
    ) -> Option<domain::Event> {
        self.outcome.report.quarantined += 1;
        let kind = row.reason.kind().to_owned();
        *self.outcome.quarantined_by.entry(kind).or_default() += 1;
        if self.outcome.quarantined.len() < NAMED {
            let place = self.outcome.place();
            self.outcome.quarantined.push((row.line, row.why(place)));
        }
        let import = self.import?;
        let content = desk.fingerprinter.of([row.content().as_str()]);
        let is_new = self.aside.takes(&row, content);
        is_new.then(|| RowQuarantined { import, row, key, subject }.into())
    }

    /// Writes down that the import ended.
    ///
    /// # Errors
    /// When ledger or store fail.
    pub(super) fn finish(mut self, desk: &mut Desk) -> Result<ImportOutcome, DeskError> {
        let counts = self.recording.finish(desk)?;
        let report = ImportReport {
            new: counts.new,
            changed: counts.changed,
            unchanged: counts.unchanged,
            suppressed: self.outcome.report.suppressed + counts.suppressed,
            ..self.outcome.report
        };
        self.outcome.report = report;
        self.outcome.withdrawn = counts.withdrawn;
        if let Some(masks) = &self.masks {
            leave_out(&mut self.outcome, masks, &self.preparer.reading.stream);
        }
        if let Some(import) = self.import {
            let released = Some(std::mem::take(&mut self.aside).released(import));
            let quality = Vec::new();
            desk.commit(vec![ImportFinished { import, report, quality, released }.into()])?;
            let stream = &self.preparer.reading.stream.name;
            // What was done stands in the ledger; whoever did it is told no more than a dry run would tell.
            let closed = ClosedOfStream::of(desk.settings(), stream);
            closed.cover(&mut self.outcome.report);
            self.outcome.left_out = closed.names;
            for ((of, why), count) in desk.unattached()? {
                if of == *stream {
                    self.outcome.unattached.insert(why.word().to_owned(), count);
                }
            }
        }
        self.outcome.import = self.import;
        self.outcome.preview = self.preview.map(Preview::into_rows).unwrap_or_default();
        Ok(self.outcome)
    }
}

/// A dry run that is not recorded does not tell whether a guess of what is masked is right: whether a row that is known
/// says the same, and, where keys are masked, whether it is known.
fn leave_out(outcome: &mut ImportOutcome, masks: &Masks, stream: &Stream) {
    let properties = stream.properties.iter().map(|property| &property.name);
    let mut masked: Vec<FieldName> =
        properties.filter(|it| masks.hides_property(&stream.name, it.as_str())).cloned().collect();
    let handles = stream.handles.iter().map(|(field, _)| field);
    masked.extend(handles.filter(|field| masks.hides(field)).cloned());
    let hides_key = masks.hides_key(&stream.name);
    masked.extend(hides_key.then(|| FieldName::new("key")));
    let closed = ClosedOfStream { names: masked, keys: hides_key };
    closed.cover(&mut outcome.report);
    outcome.left_out = closed.names;
}

/// An activity as rows are previewed: without what is masked, of which nothing but its name is known here.
fn as_body(
    (stream, masks): (&Stream, Option<&Masks>),
    activity: &Activity,
    values: Values,
) -> RecordBody {
    let hides_key = masks.is_some_and(|masks| masks.hides_key(&stream.name));
    let key = if hides_key { "(masked)" } else { activity.key.as_str() };
    let is_part = |field: &str| field.starts_with("key ");
    let hides = |field: &str| {
        masks.is_some_and(|masks| masks.hides_property(&stream.name, field))
            || hides_key && is_part(field)
    };
    let shown = values.iter().filter(|(field, _)| !hides(field.as_str()));
    RecordBody {
        address: RecordAddress::new(&stream.source, key),
        values: shown.map(|(field, value)| (field.clone(), value.clone())).collect(),
        unmapped: Vec::new(),
        absent: Vec::new(),
        decimals: Vec::new(),
        updated: Some(activity.at.at),
        line: activity.line,
    }
}
