//! Reread: what is held is read by the rules of today, though nothing is delivered.
//!
//! Raw values are kept for ever, so that a mended harmoniser or a changed setting can reach them. A
//! record whose values become others gets a revision, as if it had been delivered; one that reads as
//! before gets none, so that a second reread writes nothing. Each source is an import of its own that
//! has no file, and is taken back by another that puts back what was held before.
//!
//! Stopped or killed, what was committed stays, and rereading again completes it.

mod mapped;
mod plan;
mod readings;
mod then;
mod told;
mod values;

use std::collections::VecDeque;
use std::time::Duration;

use plan::Found;
use readings::Readings;
use told::Told;

use super::import::beginning::start_of;
use super::import::vanishing::Sources;
use crate::answers::measure;
use crate::core::Desk;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::Facts;
use crate::job::{Stepped, Steps};
use crate::read_ahead;
use domain::event::{ImportFinished, ImportStarted};
use domain::{ImportId, ImportReport, RecordId};
use door::Refusal;
use door::operations::Reread;
use door::views::{JobKind, JobReport, JobView, RereadOf};
use settings::{Settings, Source};
use store::Place;

/// Records read in a step.
const RECORDS_A_STEP: usize = 256;
/// Records of other sources passed over in a step.
const PASSED_A_STEP: u32 = 8192;

impl Desk {
    /// Starts to read again what is held, or when its turn comes.
    ///
    /// # Errors
    /// The refusal when too many jobs wait, or what is to be taken back is no reread; settings that are
    /// wrong, a source they do not have.
    pub(crate) fn start_reread(&mut self, request: Reread) -> Decided<JobView> {
        let what = match request.undoes {
            Some(import) => {
                taken_back(self.facts(), import)?;
                format!("undoing {import}")
            }
            None => {
                sources(&self.settings_now()?, &request)?;
                "reading again what is held".to_owned()
            }
        };
        let steps = Box::new(Rereading { request, begun: None });
        self.begin_job(JobKind::Reread, what, steps)
    }
}

/// What helps where an import was wrong.
fn instead(
    facts: Facts<'_>,
    started: &ImportStarted,
    import: ImportId,
) -> Result<String, DeskError> {
    for (id, entry) in facts.view.imports()? {
        let earlier = if id < import { start_of(facts, &entry)? } else { None };
        if earlier.is_some_and(|it| it.source == started.source && it.reread.is_none()) {
            return Ok("import the file that came before it with --accept-older".to_owned());
        }
    }
    let source = &started.source;
    Ok(format!("no file of {source} came before it; steward erase removes a person it brought"))
}

/// How the reread began that is to be taken back.
fn taken_back(facts: Facts<'_>, import: ImportId) -> Decided<ImportStarted> {
    let entry = facts.view.import(import)?.ok_or_else(|| unknown(&import))?;
    let started = start_of(facts, &entry)?.ok_or_else(|| unknown(&import))?;
    match started.reread {
        Some(_) => Ok(started),
        None => Err(Refusal::DoesNotApply {
            why: format!(
                "{import} imported {}: a reread can be undone, an import cannot; {}",
                started.file,
                instead(facts, &started, import)?
            ),
        }
        .into()),
    }
}

/// The sources to be read.
fn sources(settings: &Settings, request: &Reread) -> Result<VecDeque<Source>, DeskError> {
    let Some(name) = &request.source else {
        return Ok(settings.sources.iter().cloned().collect());
    };
    let source = settings.source(name.as_str()).cloned();
    source.map(|source| VecDeque::from([source])).ok_or_else(|| {
        let known: Vec<&str> = settings.sources.iter().map(|source| source.name.as_str()).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        DeskError::Usage(format!("steward.toml has no source `{name}`; it has {known}"))
    })
}

/// A reread that waits for its turn, or is under way.
struct Rereading {
    request: Reread,
    begun: Option<Box<Begun>>,
}

/// A reread under way.
struct Begun {
    settings: Settings,
    /// The sources after the present one.
    waiting: VecDeque<Source>,
    present: Option<Present>,
    sources: Sources,
    /// Records of all sources together.
    records: u32,
    told: Told,
}

/// The source that is being read.
struct Present {
    readings: Readings,
    /// Its import, once there is something to write.
    import: Option<ImportId>,
    /// The record to go on with.
    next: u32,
    report: ImportReport,
}

impl Rereading {
    fn begin(&self, desk: &mut Desk) -> Result<Begun, DeskError> {
        let settings = desk.settings_now()?;
        let waiting = match self.request.undoes {
            None => sources(&settings, &self.request)?,
            Some(import) => {
                let entry = desk.facts().view.import(import)?;
                let started = entry.map(|entry| start_of(desk.facts(), &entry)).transpose()?;
                let named = started.flatten().map(|started| started.source);
                // One that the settings do not have any more can still be as it was.
                let source = |name| {
                    let known = settings.source(domain::SourceName::as_str(&name)).cloned();
                    known.unwrap_or_else(|| Source::named(name))
                };
                named.map(source).into_iter().collect()
            }
        };
        if !self.request.dry_run {
            desk.renew_marks()?;
            desk.adopt(settings.clone())?;
            desk.trees.hold();
        }
        let records = desk.facts().view.counters()?.records;
        let told = Told::new(desk.masks(), self.request.undoes);
        let sources = Sources::default();
        Ok(Begun { settings, waiting, present: None, sources, records, told })
    }
}

impl Begun {
    /// Reads some records, and writes what changes; whether there are more.
    fn go_on(&mut self, desk: &mut Desk, request: &Reread) -> Result<bool, DeskError> {
        let Some(mut present) = self.present.take() else {
            let Some(source) = self.waiting.pop_front() else { return Ok(false) };
            let readings = Readings::of(desk.facts(), source)?;
            let report = ImportReport::default();
            self.present = Some(Present { readings, import: None, next: 0, report });
            return Ok(true);
        };
        let places = present.next_records(desk.facts(), &mut self.sources, self.records)?;
        if places.is_empty() && present.next >= self.records {
            self.finish(desk, present)?;
            return Ok(true);
        }
        let facts = desk.facts();
        let held = read_ahead::revisions(facts, places)?;
        if request.undoes.is_none() {
            let facts = Facts { settings: &self.settings, ..facts };
            self.told.note_set_by_people(facts, held.iter().map(|(_, held)| held))?;
        }
        let found = match request.undoes {
            Some(undoes) => plan::as_before(facts, undoes, held)?,
            None => {
                let read_by = (&self.settings, &mut present.readings);
                plan::by_todays_rules(facts, read_by, held)?
            }
        };
        self.told.note(&found);
        let Found { changing, .. } = found;
        present.report.changed += changing.len() as u64;
        if !request.dry_run {
            for part in plan::parted(changing) {
                self.write(desk, &mut present, request, part)?;
            }
        }
        self.present = Some(present);
        Ok(true)
    }

    fn write(
        &mut self,
        desk: &mut Desk,
        present: &mut Present,
        request: &Reread,
        part: Vec<plan::Changing>,
    ) -> Result<(), DeskError> {
        let import = match present.import {
            Some(import) => import,
            None => *present.import.insert(begin_import(desk, present.readings.source(), request)?),
        };
        let planned = plan::commit(desk.facts(), import, part)?;
        if let Some(foreseen) = planned.foreseen {
            desk.commit_foreseen(foreseen)?;
            desk.caches.note_records(&planned.records);
        }
        self.told.opened(planned.opened);
        Ok(())
    }

    /// The source has been read: that is written down where anything changed.
    fn finish(&mut self, desk: &mut Desk, present: Present) -> Result<(), DeskError> {
        let Present { readings, import, mut report, .. } = present;
        report.unchanged = report.read - report.changed;
        if let Some(import) = import {
            let quality = measure(desk.facts())?;
            let released = Some(Vec::new());
            desk.commit(vec![ImportFinished { import, report, quality, released }.into()])?;
        }
        let source = readings.source().name.clone();
        let (read, changed) = (report.read, report.changed);
        self.told.source(RereadOf { source, import, read, changed });
        Ok(())
    }
}

impl Present {
    /// Where the next records of the source stand.
    fn next_records(
        &mut self,
        facts: Facts<'_>,
        sources: &mut Sources,
        records: u32,
    ) -> Result<Vec<(Place, RecordId)>, DeskError> {
        let name = &self.readings.source().name;
        let end = records.min(self.next.saturating_add(PASSED_A_STEP));
        let mut places = Vec::with_capacity(RECORDS_A_STEP);
        while self.next < end && places.len() < RECORDS_A_STEP {
            let record = RecordId(self.next);
            self.next += 1;
            let row = facts.view.record(record)?;
            if !row.erased && sources.of(facts, row.body)? == Some(name) {
                places.push((row.body, record));
            }
        }
        self.report.read += places.len() as u64;
        Ok(places)
    }
}

/// The import of a source that is about to be written to: one that was interrupted goes on.
fn begin_import(desk: &mut Desk, source: &Source, request: &Reread) -> Result<ImportId, DeskError> {
    let kind = domain::Reread { undoes: request.undoes };
    let facts = desk.facts();
    let file = kind.what();
    // No file has such a name: it is only the tag by which it is found again.
    let imports = facts.view.imports()?;
    for (import, entry) in imports.iter().rev() {
        if let Some(started) = start_of(facts, entry)?
            && started.source == source.name
            && started.reread.is_some()
        {
            if started.reread == Some(kind) && entry.finished.is_none() {
                return Ok(*import);
            }
            break;
        }
    }
    let import = ImportId(facts.view.counters()?.imports + 1);
    let started = ImportStarted {
        import,
        source: source.name.clone(),
        file: format!("/{file}"),
        format: file,
        day: Some(facts.today()),
        reading: None,
        reread: Some(kind),
    };
    desk.commit(vec![started.into()])?;
    Ok(import)
}

impl Steps<Desk> for Rereading {
    fn step(mut self: Box<Self>, desk: &mut Desk) -> Result<Stepped<Desk>, DeskError> {
        let Some(begun) = &mut self.begun else {
            self.begun = Some(Box::new(self.begin(desk)?));
            return Ok(Stepped::More(self, Duration::ZERO));
        };
        if begun.go_on(desk, &self.request)? {
            return Ok(Stepped::More(self, Duration::ZERO));
        }
        desk.release_changes()?;
        let told = std::mem::replace(&mut begun.told, Told::new(desk.masks(), None));
        Ok(Stepped::End(JobReport::Reread(Box::new(told.outcome()))))
    }

    fn tell(&self, view: &mut JobView) {
        if let Some(begun) = &self.begun {
            "reading".clone_into(&mut view.phase);
            view.total = Some(u64::from(begun.records));
            view.done = begun.present.as_ref().map_or(0, |present| u64::from(present.next));
            view.import = begun.present.as_ref().and_then(|present| present.import);
        }
    }

    fn cancel(&self) -> bool {
        true
    }
}
