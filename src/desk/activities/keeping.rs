//! The rows of activities and the handles of records: caught up with the ledger when they are asked for, kept in
//! sealed files so that the next process need not read the ledger from its beginning.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::corrected::is_correction;
use super::handles;
use super::in_force::{self, Brought};
use super::recording::content_of;
use crate::core::Desk;
use crate::derived_file::kept::{ACTIVITIES, HANDLES, Kept};
use crate::derived_file::{Origin, Put};
use crate::error::DeskError;
use crate::facts::Facts;
use activity::{Handles, Log, Recorded};
use domain::{Commit, Event, Fingerprint, Fingerprinter, ImportId, RecordId, Sequence};
use ledger::{LedgerError, LedgerReader};
use settings::Settings;

/// Commits that are read together.
const TOGETHER: usize = 8;
/// Of records, whose commits are small.
const RECORDS_TOGETHER: usize = 256;
/// A file is written anew when the ledger has so many rows more, and this part of those in the file.
const OUTDATED: u64 = 20_000;
const OUTDATED_PART: u64 = 8;

/// What is kept in memory, and how much of it stands in the files.
#[derive(Default)]
pub(crate) struct KeptActivities {
    log: Option<Arc<Log>>,
    handles: Option<(String, Arc<Handles>)>,
    /// Which imports are undone, of so many: a later one may undo another.
    undone: Option<(u32, Arc<Undone>)>,
    /// Rows of the log in its file, handles in theirs.
    written: Cell<(u64, u64)>,
}

impl KeptActivities {
    /// The same for whoever reads beside the desk.
    pub(crate) fn shared(&self) -> KeptActivities {
        let (log, handles) = (self.log.clone(), self.handles.clone());
        let undone = self.undone.clone();
        KeptActivities { log, handles, undone, written: self.written.clone() }
    }
}

/// The fields by which records may be known, as handles are made of them.
fn recipe_of_handles(settings: &Settings, undone: &Undone) -> String {
    let fields: Vec<String> = settings
        .fields
        .iter()
        .map(|field| format!("{} {}", field.name, field.field_type.name()))
        .collect();
    format!("{} {} {fields:?} {:?}", Handles::RECIPE, handles::RECIPE, undone.imports)
}

/// What imports brought that were undone, as if it had never come.
#[derive(Default)]
pub(super) struct Undone {
    /// The imports that are undone.
    imports: BTreeSet<ImportId>,
    /// The undos, whether they stand or not: they bring back what others brought.
    undos: BTreeSet<ImportId>,
}

impl Undone {
    /// # Errors
    /// When the store or the ledger is damaged.
    fn of(facts: &Facts<'_>) -> Result<Arc<Undone>, DeskError> {
        let imports = facts.view.counters()?.imports;
        let known = facts.caches.activities().borrow().undone.clone();
        if let Some((_, undone)) = known.filter(|(of, _)| *of == imports) {
            return Ok(undone);
        }
        let undone = Arc::new(Undone::read(facts)?);
        facts.caches.activities().borrow_mut().undone = Some((imports, Arc::clone(&undone)));
        Ok(undone)
    }

    fn read(facts: &Facts<'_>) -> Result<Undone, DeskError> {
        let mut undone = Undone::default();
        // The latest first: an undo that is undone undoes nothing.
        for (import, entry) in facts.view.imports()?.iter().rev() {
            if let Event::ImportStarted(started) = facts.event(entry.started)?
                && let Some(undoes) = started.reread.and_then(|reread| reread.undoes)
            {
                undone.undos.insert(*import);
                if !undone.imports.contains(import) {
                    undone.imports.insert(undoes);
                }
            }
        }
        Ok(undone)
    }

    /// Whether what came into force counts. `is_delivered`: whether it was delivered then, or decided about.
    pub(super) fn leaves(
        &self,
        revised: &domain::event::RecordRevised,
        is_delivered: bool,
    ) -> bool {
        let is_undo = revised.reread.is_some_and(|reread| self.undos.contains(&reread));
        !(self.imports.contains(&revised.import) || is_undo && is_delivered)
    }
}

fn recipe_of_log() -> String {
    format!("{} {}", Log::RECIPE, handles::RECIPE)
}

impl Facts<'_> {
    /// All activities, as of now.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn activities(&self) -> Result<Arc<Log>, DeskError> {
        let head = self.view.counters()?.activities;
        let mut kept = self.caches.activities().borrow_mut();
        if let Some(log) = kept.log.as_ref().filter(|log| log.head() == head) {
            return Ok(Arc::clone(log));
        }
        let mut log = kept.log.take().unwrap_or_default();
        let commits = match self.chain(head, log.head())? {
            Some(commits) => commits,
            None => {
                // It goes on from somewhere else.
                log = Arc::default();
                self.chain(head, None)?.unwrap_or_default()
            }
        };
        let own = Arc::make_mut(&mut log);
        for some in commits.chunks(TOGETHER) {
            let (ledger, fingerprinter) = (self.ledger, self.fingerprinter);
            let read = |sequence: &Sequence| -> Result<_, LedgerError> {
                let commit = ledger.commit(*sequence)?;
                let fingerprints = fingerprints(fingerprinter, &commit);
                Ok((commit, fingerprints))
            };
            let commits: Vec<_> = some.par_iter().map(read).collect::<Result<_, _>>()?;
            for (commit, fingerprints) in commits {
                fold(own, &commit, fingerprints);
            }
        }
        own.settle();
        kept.log = Some(Arc::clone(&log));
        Ok(log)
    }

    /// The commits from `until` on up to `head`, along their chain; none where it does not lead there.
    fn chain(
        &self,
        head: Option<Sequence>,
        until: Option<Sequence>,
    ) -> Result<Option<Vec<Sequence>>, DeskError> {
        let mut commits = Vec::new();
        let mut next = head;
        while let Some(sequence) = next.filter(|next| until.is_none_or(|until| *next > until)) {
            commits.push(sequence);
            let is_first = Cell::new(true);
            let wanted = |kind: &str, _: &[u8]| {
                let own = kind == Event::ACTIVITIES_RECORDED || kind == Event::ACTIVITIES_WITHDRAWN;
                own && is_first.replace(false)
            };
            let commit = self.ledger.commit_where(sequence, wanted)?;
            let previous = commit.events.iter().find_map(|event| match event {
                Event::ActivitiesRecorded(event) => Some(event.previous),
                Event::ActivitiesWithdrawn(event) => Some(event.previous),
                _ => None,
            });
            next = previous.flatten().filter(|previous| *previous < sequence);
        }
        commits.reverse();
        Ok((next == until).then_some(commits))
    }

    /// Which records held which handles, as of now; nothing where nobody was named with one.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub(crate) fn handles(&self, log: &Log) -> Result<Arc<Handles>, DeskError> {
        if !log.has_handles() {
            return Ok(Arc::default());
        }
        self.all_handles()
    }

    fn all_handles(&self) -> Result<Arc<Handles>, DeskError> {
        let undone = Undone::of(self)?;
        let recipe = recipe_of_handles(self.settings, &undone);
        let head = self.ledger.head().map(|head| head.sequence);
        let mut kept = self.caches.activities().borrow_mut();
        let known = kept.handles.take().filter(|(of, own)| *of == recipe && own.head() <= head);
        let mut own = known.map(|(_, own)| own).unwrap_or_default();
        if own.head() != head {
            let first = own.head().map_or(1, |head| head.0 + 1);
            let last = head.map_or(0, |head| head.0);
            let handles = Arc::make_mut(&mut own);
            let by = (self.ledger, self.settings, self.fingerprinter);
            let mut from = first;
            let mut corrected: BTreeSet<RecordId> = BTreeSet::new();
            while from <= last {
                let upto = last.min(from + RECORDS_TOGETHER as u64 - 1);
                let read = |sequence: u64| revised_in(by, &undone, Sequence(sequence));
                let read: Vec<Held> =
                    (from..=upto).into_par_iter().map(read).collect::<Result<_, _>>()?;
                for (sequence, held) in (from..=upto).zip(read) {
                    corrected.extend(held.corrected);
                    for change in held.changes {
                        let record = match change {
                            Change::Holds(record, own) => {
                                handles.revised(Sequence(sequence), record, own);
                                record
                            }
                            Change::Back(record, to) => {
                                handles.back_to(record, to);
                                record
                            }
                        };
                        corrected.extend(handles.is_corrected(record).then_some(record));
                    }
                }
                from = upto + 1;
            }
            for record in corrected {
                let is_erased = self.view.record(record)?.erased;
                let spans = match is_erased {
                    true => Vec::new(),
                    false => self.corrected_spans(record, &undone)?,
                };
                handles.correct(record, spans);
            }
            handles.settle();
            handles.goes_to(Sequence(last));
        }
        kept.handles = Some((recipe, Arc::clone(&own)));
        Ok(own)
    }
}

/// What a commit says of handles.
#[derive(Default)]
struct Held {
    /// What becomes of them by what is in force.
    changes: Vec<Change>,
    /// The records of which somebody corrected a value, or whose corrections went.
    corrected: Vec<RecordId>,
}

/// What becomes of a record's handles.
enum Change {
    /// It holds these.
    Holds(RecordId, Vec<Fingerprint>),
    /// It holds what it held up to a commit.
    Back(RecordId, Sequence),
}

/// What a commit made of the handles of records.
fn revised_in(
    (ledger, settings, fingerprinter): (&LedgerReader, &Settings, &Fingerprinter),
    undone: &Undone,
    sequence: Sequence,
) -> Result<Held, DeskError> {
    let commit = ledger.commit_where(sequence, in_force::is_wanted)?;
    let corrected = commit.events.iter().filter_map(|event| match event {
        Event::RecordChanged(changed) if is_correction(changed) => Some(changed.record),
        _ => None,
    });
    let corrected = corrected.collect();
    let brought = in_force::brought_by(ledger, commit)?;
    let handles = |revised: &domain::event::RecordRevised| {
        let values = revised.body.values.iter();
        let own = values.filter_map(|(name, value)| {
            let field = settings.fields.iter().find(|field| field.name == *name)?;
            handles::of(fingerprinter, field, value.standard()?)
        });
        Change::Holds(revised.record, own.collect())
    };
    let changes = brought.iter().filter_map(|brought| match brought {
        Brought::Came(revised, is_delivered) => {
            undone.leaves(revised, *is_delivered).then(|| handles(revised))
        }
        Brought::Back(record, to) => Some(Change::Back(*record, *to)),
    });
    Ok(Held { changes: changes.collect(), corrected })
}

/// Of the key and the content of each activity that a commit recorded, by event.
type Fingerprints = Vec<Vec<(Fingerprint, Fingerprint)>>;

fn fingerprints(fingerprinter: &Fingerprinter, commit: &Commit) -> Fingerprints {
    let of_event = |event: &Event| match event {
        Event::ActivitiesRecorded(event) => {
            let stream = event.stream.as_str();
            let of = |activity: &domain::Activity| {
                let key = handles::of_key(fingerprinter, stream, &activity.key);
                (key, content_of(fingerprinter, &event.subject, activity))
            };
            event.activities.iter().map(of).collect()
        }
        _ => Vec::new(),
    };
    commit.events.iter().map(of_event).collect()
}

/// Takes a commit in; which versions count is told when the log is settled.
fn fold(log: &mut Log, commit: &Commit, fingerprints: Fingerprints) {
    for ((event, fingerprints), index) in commit.events.iter().zip(fingerprints).zip(0..) {
        match event {
            Event::ActivitiesRecorded(event) => {
                let recorded = Recorded { index, event, fingerprints };
                log.record(commit.sequence, &recorded, None);
            }
            Event::ActivitiesWithdrawn(event) => log.withdraw(commit.sequence, event),
            _ => {}
        }
    }
}

impl Desk {
    /// All activities, as of now: from the file, where that is of use, and the ledger.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn activity_log(&self) -> Result<Arc<Log>, DeskError> {
        let is_any = self.facts().view.counters()?.activities.is_some();
        if !is_any || self.caches.activities().borrow().log.is_some() {
            return self.facts().activities();
        }
        let mut log = Log::default();
        if self.read_kept(ACTIVITIES, &recipe_of_log(), &mut |piece| log.take(piece))? {
            let mut kept = self.caches.activities().borrow_mut();
            kept.written.set((u64::from(log.recorded()), kept.written.get().1));
            kept.log = Some(Arc::new(log));
        }
        let log = self.facts().activities()?;
        self.keep_activities();
        Ok(log)
    }

    /// Which records held which handles, as of now.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn activity_handles(&self, log: &Log) -> Result<Arc<Handles>, DeskError> {
        if !log.has_handles() || self.caches.activities().borrow().handles.is_some() {
            return self.facts().handles(log);
        }
        let undone = Undone::of(&self.facts())?;
        let recipe = recipe_of_handles(self.settings(), &undone);
        let mut own = Handles::default();
        if self.read_kept(HANDLES, &recipe, &mut |piece| own.take(piece))? {
            own.settle();
            let mut kept = self.caches.activities().borrow_mut();
            kept.written.set((kept.written.get().0, own.pieces() as u64));
            kept.handles = Some((recipe, Arc::new(own)));
        }
        let handles = self.facts().handles(log)?;
        self.keep_activities();
        Ok(handles)
    }

    /// Has activities and handles at hand, from the files where those are of use: for what is told of the facts alone.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn have_activities(&self) -> Result<(), DeskError> {
        let log = self.activity_log()?;
        self.activity_handles(&log).map(|_| ())
    }

    fn read_kept(
        &self,
        kept: Kept,
        recipe: &str,
        take: &mut dyn FnMut(&[u8]) -> Option<()>,
    ) -> Result<bool, DeskError> {
        let erased = self.facts().view.counters()?.erased;
        let is_ours = |origin: &Origin| {
            origin.erased == erased
                && self.reader.chain_at(origin.sequence).is_ok_and(|chain| chain == origin.chain)
        };
        Ok(self.derived_file(kept, recipe).read(is_ours, take).is_some())
    }

    /// Takes in what a commit of this desk's brought, so that nothing has to be read again.
    pub(super) fn fold_activities(&self, before: Option<Sequence>, fold: impl FnOnce(&mut Log)) {
        let mut kept = self.caches.activities().borrow_mut();
        match &mut kept.log {
            Some(log) if log.head() == before => {
                let log = Arc::make_mut(log);
                fold(log);
                log.settle();
            }
            _ => kept.log = None,
        }
    }

    /// Keeps activities and handles for the next process, if the files have fallen far behind. Whatever goes wrong, the next
    /// one reads the ledger instead.
    pub(crate) fn keep_activities(&self) {
        if self.is_reading_only() {
            return;
        }
        if let Err(error) = self.try_to_keep_activities() {
            tracing::warn!(%error, "activities were not kept");
        }
    }

    fn try_to_keep_activities(&self) -> Result<(), DeskError> {
        let (log, handles) = {
            let kept = self.caches.activities().borrow();
            (kept.log.clone(), kept.handles.clone())
        };
        let erased = self.facts().view.counters()?.erased;
        let (rows, pieces) = self.caches.activities().borrow().written.get();
        let is_outdated = |now: u64, then: u64, least: u64| {
            now.saturating_sub(then) > least.max(then / OUTDATED_PART)
        };
        if let Some(log) = log
            && let Some(sequence) = log.head()
            && is_outdated(u64::from(log.recorded()), rows, OUTDATED)
        {
            let origin = Origin { sequence, chain: self.reader.chain_at(sequence)?, erased };
            let file = self.derived_file(ACTIVITIES, &recipe_of_log());
            let written = file.write(origin, log.pieces(), |put: &mut Put<'_>| log.write(put));
            match written {
                Ok(()) => self.note_written(|(_, pieces)| (u64::from(log.recorded()), pieces)),
                Err(error) => tracing::warn!(%error, "activities were not kept"),
            }
        }
        if let Some((recipe, handles)) = handles
            && let Some(sequence) = handles.head()
            && is_outdated(handles.pieces() as u64, pieces, 2)
        {
            let origin = Origin { sequence, chain: self.reader.chain_at(sequence)?, erased };
            let file = self.derived_file(HANDLES, &recipe);
            let written =
                file.write(origin, handles.pieces(), |put: &mut Put<'_>| handles.write(put));
            match written {
                Ok(()) => self.note_written(|(rows, _)| (rows, handles.pieces() as u64)),
                Err(error) => tracing::warn!(%error, "handles were not kept"),
            }
        }
        Ok(())
    }

    fn note_written(&self, written: impl FnOnce((u64, u64)) -> (u64, u64)) {
        let kept = self.caches.activities().borrow();
        kept.written.set(written(kept.written.get()));
    }
}
