//! Reread: what is held is read by the rules of today, though nothing is delivered.
//!
//! Raw values are kept for ever, so that a mended harmoniser or a changed setting can reach them. A
//! record whose values become others gets a revision, as if it had been delivered; one that reads as
//! before gets none, so that a second reread writes nothing. Each source is an import of its own that
//! has no file. It is taken back by another that puts back what was held before, and so is the import of
//! a file.
//!
//! Stopped or killed, what was committed stays, and rereading again completes it.

mod activities;
mod aside;
mod decided;
mod mapped;
mod plan;
mod readings;
mod tasks;
mod then;
mod told;
mod values;
mod withdraw;

use std::collections::VecDeque;
use std::time::Duration;

use plan::Found;
use readings::Readings;
use tasks::TasksBefore;
use told::{Counts, Told};
use withdraw::{Withdrawn, to_be_withdrawn};

use super::import::beginning::start_of;
use super::import::vanishing::Sources;
use crate::answers::measure;
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::job::{Stepped, Steps};
use crate::read_ahead;
use domain::event::{ImportFinished, ImportStarted};
use domain::{ImportId, RecordId};
use door::operations::Reread;
use door::views::{JobKind, JobReport, JobView};
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
    /// The refusal when too many jobs wait, or what is to be taken back is not there, or was interrupted;
    /// settings that are wrong, a source they do not have.
    pub(crate) fn start_reread(&mut self, request: Reread) -> Decided<JobView> {
        let what = match request.undoes {
            Some(import) => {
                to_be_withdrawn(self.facts(), import)?;
                if activities::stream_of(self.facts(), import)?.is_some() {
                    let steps = Box::new(activities::Withdrawing { request, undoes: import });
                    return self.begin_job(JobKind::Reread, format!("undoing {import}"), steps);
                }
                decided::refuse_decided(self.facts(), import)?;
                format!("undoing {import}")
            }
            None => {
                sources(&self.settings, &request)?;
                "rereading stored records".to_owned()
            }
        };
        let steps = Box::new(Rereading { request, begun: None });
        self.begin_job(JobKind::Reread, what, steps)
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
        DeskError::NotThere(format!("steward.toml has no source `{name}`; it has {known}"))
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
    /// Whether that was interrupted: some of its records are changed already.
    goes_on: bool,
    /// The record to go on with.
    next: u32,
    counts: Counts,
    /// What is taken back; none where what is held is read again.
    undoing: Option<Undoing>,
}

/// An import that is taken back, and the tasks it changed.
struct Undoing {
    withdrawn: Withdrawn,
    tasks: TasksBefore,
}

impl Undoing {
    fn of(facts: Facts<'_>, import: ImportId, own: Option<ImportId>) -> Result<Undoing, DeskError> {
        let withdrawn = Withdrawn::of(facts, import, own)?;
        let tasks = TasksBefore::of(facts, &withdrawn, own)?;
        Ok(Undoing { withdrawn, tasks })
    }
}

impl Rereading {
    fn begin(&self, desk: &mut Desk) -> Result<Begun, DeskError> {
        let settings = Settings::clone(&desk.settings);
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
            let import = match request.dry_run {
                true => None,
                false => interrupted(desk.facts(), &source, request)?,
            };
            let readings = Readings::of(desk.facts(), source)?;
            let (goes_on, counts) = (import.is_some(), Counts::default());
            let undoing = |undone| Undoing::of(desk.facts(), undone, import);
            let undoing = request.undoes.map(undoing).transpose()?;
            self.present = Some(Present { readings, import, goes_on, next: 0, counts, undoing });
            return Ok(true);
        };
        let places = present.next_records(desk.facts(), &mut self.sources, self.records)?;
        if places.is_empty() && present.next >= self.records {
            self.finish(desk, present, request)?;
            return Ok(true);
        }
        let facts = desk.facts();
        let held = read_ahead::revisions(facts, places)?;
        if request.undoes.is_none() {
            let facts = Facts { settings: &self.settings, ..facts };
            self.told.note_set_by_people(facts, held.iter().map(|(_, held)| held))?;
        }
        let source = request.undoes.is_none().then(|| present.readings.source().clone());
        if let Some(import) = present.import.filter(|_| present.goes_on) {
            let already = plan::changed_already(facts, import, &held)?;
            present.counts.changed += already.changing.len() as u64;
            self.told.note(&already, source.as_ref());
            present.counts.tally(&withdraw::changed_already(facts, import, &held)?);
        }
        let found = match &present.undoing {
            Some(undoing) => plan::as_before(facts, &undoing.withdrawn, &held)?,
            None => {
                let read_by = (&self.settings, &mut present.readings);
                plan::by_todays_rules(facts, read_by, held)?
            }
        };
        self.told.note(&found, source.as_ref());
        let Found { changing, layers, .. } = found;
        present.counts.changed += changing.len() as u64;
        present.counts.tally(&layers);
        if !request.dry_run {
            for part in plan::parted(changing, layers) {
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
        part: plan::Part,
    ) -> Result<(), DeskError> {
        let import = present.import_of(desk, request)?;
        let tasks = present.undoing.as_ref().map(|undoing| &undoing.tasks);
        let planned = plan::commit(desk.facts(), import, part, tasks)?;
        if let Some(foreseen) = planned.foreseen {
            desk.commit_foreseen(foreseen)?;
            desk.caches.note_records(&planned.records);
        }
        self.told.opened(planned.opened);
        Ok(())
    }

    /// The source has been read: that is written down where anything changed.
    fn finish(
        &mut self,
        desk: &mut Desk,
        mut present: Present,
        request: &Reread,
    ) -> Result<(), DeskError> {
        let source = present.readings.source().name.clone();
        let rows = match &present.undoing {
            Some(undoing) => aside::rows(desk.facts(), &undoing.withdrawn, &source)?,
            None => aside::Rows::default(),
        };
        present.counts.released = rows.leaving.len() as u64;
        present.counts.set_aside = rows.back.len() as u64;
        let is_moved = !rows.leaving.is_empty() || !rows.back.is_empty();
        if is_moved && !request.dry_run {
            present.import_of(desk, request)?;
            aside::put_back(desk, &rows.back)?;
        }
        if let Some(import) = present.import {
            let report = present.counts.report();
            let quality = measure(desk.facts())?;
            let released = Some(rows.leaving);
            desk.commit(vec![ImportFinished { import, report, quality, released }.into()])?;
        }
        self.told.source(present.counts.of(source, present.import));
        Ok(())
    }
}

impl Present {
    /// The import that what changes is written under.
    fn import_of(&mut self, desk: &mut Desk, request: &Reread) -> Result<ImportId, DeskError> {
        Ok(match self.import {
            Some(import) => import,
            None => *self.import.insert(begin_import(desk, self.readings.source(), request)?),
        })
    }

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
                places.push((facts.view.latest(record)?.0, record));
            }
        }
        self.counts.read += places.len() as u64;
        Ok(places)
    }
}

/// The import of a source that was interrupted doing this very thing, unless another came since.
fn interrupted(
    facts: Facts<'_>,
    source: &Source,
    request: &Reread,
) -> Result<Option<ImportId>, DeskError> {
    let kind = domain::Reread { undoes: request.undoes };
    for (import, entry) in facts.view.imports()?.iter().rev() {
        if let Some(started) = start_of(facts, entry)?
            && started.source == source.name
            && started.reread.is_some()
        {
            let goes_on = started.reread == Some(kind) && entry.finished.is_none();
            return Ok(goes_on.then_some(*import));
        }
    }
    Ok(None)
}

/// Begins the import of a source that is about to be written to.
fn begin_import(desk: &mut Desk, source: &Source, request: &Reread) -> Result<ImportId, DeskError> {
    let kind = domain::Reread { undoes: request.undoes };
    let facts = desk.facts();
    // No file has such a name: it is only the tag by which it is found again.
    let file = kind.what();
    let import = ImportId(facts.view.counters()?.imports + 1);
    let started = ImportStarted {
        import,
        source: source.name.clone(),
        file: format!("/{file}"),
        format: file,
        day: Some(facts.today()),
        reading: None,
        reread: Some(kind),
        stream: None,
        content: None,
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
