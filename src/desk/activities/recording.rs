//! Activities that a stream delivers, on their way into the ledger.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::handles;
use crate::core::Desk;
use crate::error::DeskError;
use activity::{Class, Known, Recorded, Row};
use domain::event::{ActivitiesRecorded, ActivitiesWithdrawn};
use domain::{Activity, ActivitySubject, ActivityTime, Event, Fingerprint, ImportId, StreamName};

/// Rows whose keys are looked up together.
const TOGETHER: usize = 1 << 18;
/// Rows of one commit, whose activities are gathered by who was named.
const WINDOW: usize = 1 << 16;
/// What a commit holds at most, as it is reckoned here, in bytes: half of what a frame of the ledger takes.
const LONGEST: usize = 8 << 20;

/// Keys that one withdrawal names at most.
const KEYS: usize = 1 << 17;

/// What became of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    /// Activities that were not known.
    pub(crate) new: u64,
    /// Known ones that say something else now.
    pub(crate) changed: u64,
    /// Known ones that say the same.
    pub(crate) unchanged: u64,
    /// Left out: they name somebody who was erased, or were erased themselves.
    pub(crate) suppressed: u64,
    /// Activities of the days that came, which did not come with them: withdrawn.
    pub(crate) withdrawn: u64,
}

/// What a delivery that replaces days has held by now.
#[derive(Default)]
struct Days {
    days: BTreeSet<Date>,
    keys: FxHashSet<u64>,
}

/// Of an event the key and the content of each of its activities, and the versions that they replace.
type About = (Vec<(Fingerprint, Fingerprint)>, Vec<u32>);

/// A row with the fingerprints of its key and of its content.
type Came = (ActivitySubject, Activity, Fingerprint, Fingerprint);

/// One import's activities while they are recorded.
pub(crate) struct Recording {
    import: ImportId,
    stream: StreamName,
    /// Whether nothing is written; what would have been recorded by now, by key.
    foreseen: Option<FxHashMap<u64, u64>>,
    /// What came, where it replaces what came of its days before.
    days: Option<Days>,
    waiting: Vec<(ActivitySubject, Activity)>,
    /// Keys of rows of kinds that are left out.
    left_out: FxHashSet<u64>,
    counts: Counts,
}

impl Desk {
    /// Begins to record what an import brings of a stream. Interrupted, it is completed by bringing the same again.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn begin_activities(
        &mut self,
        import: ImportId,
        stream: StreamName,
    ) -> Result<Recording, DeskError> {
        self.activity_log()?;
        let (waiting, counts) = (Vec::new(), Counts::default());
        let left_out = FxHashSet::default();
        Ok(Recording { import, stream, foreseen: None, days: None, waiting, left_out, counts })
    }

    /// Counts what recording would come to; writes nothing.
    ///
    /// # Errors
    /// As [`Desk::begin_activities`].
    pub(crate) fn count_activities(&mut self, stream: StreamName) -> Result<Recording, DeskError> {
        let recording = self.begin_activities(ImportId(u32::MAX), stream)?;
        Ok(Recording { foreseen: Some(HashMap::default()), ..recording })
    }
}

impl Desk {
    /// Withdraws what an import recorded, all of it or, where keys are named, what it recorded under them: the import `by` undoes
    /// it, or its file did not hold them any more. `keys` are ascending.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn withdraw_activities(
        &mut self,
        import: ImportId,
        by: ImportId,
        keys: Vec<Fingerprint>,
    ) -> Result<(), DeskError> {
        self.activity_log()?;
        for some in parts_of(keys) {
            let previous = self.facts().view.counters()?.activities;
            let event = ActivitiesWithdrawn { previous, import, by, keys: some };
            let commit = self.commit_kept(vec![event.clone().into()])?;
            self.fold_activities(previous, |log| log.withdraw(commit.sequence, &event));
        }
        Ok(())
    }
}

/// No more keys than a commit can hold; all of them are meant where none is named.
fn parts_of(keys: Vec<Fingerprint>) -> Vec<Vec<Fingerprint>> {
    if keys.is_empty() { vec![keys] } else { keys.chunks(KEYS).map(<[_]>::to_vec).collect() }
}

impl Recording {
    /// Takes rows, in the order of the file.
    ///
    /// # Errors
    /// When they cannot be written: what was written before stays, and bringing all of it again completes it.
    pub(crate) fn take(
        &mut self,
        desk: &mut Desk,
        rows: Vec<(ActivitySubject, Activity)>,
    ) -> Result<(), DeskError> {
        self.waiting.extend(rows);
        while self.waiting.len() >= TOGETHER {
            let rest = self.waiting.split_off(TOGETHER);
            let rows = std::mem::replace(&mut self.waiting, rest);
            self.record(desk, rows)?;
        }
        Ok(())
    }

    /// The same, of a delivery that holds all of each day that it holds anything of: what came of those days before, and
    /// does not come now, is withdrawn in the end.
    pub(crate) fn replacing_days(self) -> Recording {
        Recording { days: Some(Days::default()), ..self }
    }

    /// A row of that key came and says that it is of a kind that is left out: what is known under it is withdrawn in the end,
    /// unless another row of the file brings it.
    pub(crate) fn leave_out(&mut self, key: Fingerprint) {
        self.left_out.insert(key.0);
    }

    /// Nothing is withdrawn: rows came of which nobody knows what they say.
    pub(crate) fn replace_nothing(&mut self) {
        self.days = None;
    }

    /// A row of that key came and cannot be used: what is known under it stays.
    pub(crate) fn keep(&mut self, key: Fingerprint) {
        if let Some(days) = &mut self.days {
            days.keys.insert(key.0);
        }
    }

    /// Records what still waits.
    ///
    /// # Errors
    /// As [`Recording::take`].
    pub(crate) fn finish(mut self, desk: &mut Desk) -> Result<Counts, DeskError> {
        let rows = std::mem::take(&mut self.waiting);
        self.record(desk, rows)?;
        self.withdraw_left_out(desk)?;
        if let Some(days) = self.days.take() {
            self.withdraw_others(desk, &days)?;
        }
        if self.foreseen.is_none() {
            desk.keep_activities();
        }
        Ok(self.counts)
    }

    /// Withdraws what came of the days before and did not come with them now.
    fn withdraw_others(&mut self, desk: &mut Desk, came: &Days) -> Result<(), DeskError> {
        let log = desk.activity_log()?;
        let is_of_day = |class: &Class, row: &Row| {
            class.stream == self.stream
                && day_of(class, row).is_some_and(|day| came.days.contains(&day))
        };
        let gone = log.keys_where(is_of_day, |key| came.keys.contains(&key));
        drop(log);
        self.withdraw(desk, gone)
    }

    /// Withdraws what rows say is of a kind that is left out.
    fn withdraw_left_out(&mut self, desk: &mut Desk) -> Result<(), DeskError> {
        let left_out = std::mem::take(&mut self.left_out);
        if left_out.is_empty() {
            return Ok(());
        }
        let log = desk.activity_log()?;
        let is_of_stream = |class: &Class, _: &Row| class.stream == self.stream;
        let gone = log.keys_where(is_of_stream, |key| !left_out.contains(&key));
        drop(log);
        self.withdraw(desk, gone)
    }

    fn withdraw(
        &mut self,
        desk: &mut Desk,
        gone: BTreeMap<ImportId, Vec<Fingerprint>>,
    ) -> Result<(), DeskError> {
        for (import, keys) in gone {
            self.counts.withdrawn += keys.len() as u64;
            if self.foreseen.is_none() {
                desk.withdraw_activities(import, self.import, keys)?;
            }
        }
        Ok(())
    }

    fn record(
        &mut self,
        desk: &mut Desk,
        rows: Vec<(ActivitySubject, Activity)>,
    ) -> Result<(), DeskError> {
        let rows = self.not_suppressed(desk, rows)?;
        if let Some(came) = &mut self.days {
            came.days.extend(rows.iter().map(|(_, activity, ..)| activity.at.day()));
            came.keys.extend(rows.iter().map(|(_, _, key, _)| key.0));
        }
        for (.., key, _) in &rows {
            self.left_out.remove(&key.0);
        }
        let log = desk.activity_log()?;
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        order.par_sort_unstable_by_key(|place| (rows[*place as usize].2, *place));
        let mut keys: Vec<u64> = order.iter().map(|place| rows[*place as usize].2.0).collect();
        keys.dedup();
        let known = log.known(&keys);
        drop(log);
        // Of each row that is written, the version that it replaces.
        let mut written: Vec<(u32, Option<u32>)> = Vec::new();
        let same_key = |a: &u32, b: &u32| rows[*a as usize].2 == rows[*b as usize].2;
        for (own, known) in order.chunk_by(same_key).zip(known) {
            if let Some(last) = self.judge(&rows, own, known) {
                written.push((last, known.map(|known| known.ordinal)));
            }
        }
        if self.foreseen.is_some() {
            return Ok(());
        }
        written.sort_unstable();
        let mut rows: Vec<Option<Came>> = rows.into_iter().map(Some).collect();
        let mut window: Vec<(Came, Option<u32>)> = Vec::new();
        let mut length = 0;
        for (place, replaced) in written {
            let Some(row) = rows[place as usize].take() else { continue };
            let own = length_of(&row);
            if window.len() == WINDOW || length + own > LONGEST {
                self.commit(desk, std::mem::take(&mut window))?;
                length = 0;
            }
            length += own;
            window.push((row, replaced));
        }
        self.commit(desk, window)
    }

    /// Whoever was erased is not to come again.
    fn not_suppressed(
        &mut self,
        desk: &Desk,
        rows: Vec<(ActivitySubject, Activity)>,
    ) -> Result<Vec<Came>, DeskError> {
        let facts = desk.facts();
        let (fingerprinter, stream) = (facts.fingerprinter, self.stream.as_str());
        let with_fingerprints = |(subject, activity): (ActivitySubject, Activity)| {
            let key = handles::of_key(fingerprinter, stream, &activity.key);
            let content = content_of(fingerprinter, &subject, &activity);
            (subject, activity, key, content)
        };
        let mut rows: Vec<Came> = rows.into_par_iter().map(with_fingerprints).collect();
        let is_any = !facts.view.erasures()?.is_empty();
        if is_any {
            let mut failed = Ok(());
            let before = rows.len();
            rows.retain(|(subject, _, key, _)| {
                let mut asked = subject.key.iter().chain([key]);
                let found = asked.try_fold(false, |found, it| {
                    Ok(found || facts.caches.is_suppressed(facts.view, *it)?)
                });
                match found {
                    Ok(found) => !found,
                    Err(error) => {
                        failed = Err(error);
                        false
                    }
                }
            });
            failed.map_err(|error: store::StoreError| DeskError::from(error))?;
            self.counts.suppressed += (before - rows.len()) as u64;
        }
        Ok(rows)
    }

    /// Counts rows of one key, in the order in which they came; gives the last of them if it is to be written.
    fn judge(&mut self, rows: &[Came], own: &[u32], known: Option<Known>) -> Option<u32> {
        let (_, _, key, _) = &rows[*own.first()? as usize];
        let foreseen = self.foreseen.as_mut().and_then(|seen| seen.get(&key.0).copied());
        let mut before: Option<Fingerprint> = foreseen.map(Fingerprint);
        let is_known = |content: &Fingerprint| known.is_some_and(|known| known.is_of(content.0));
        let content_of = |place: &u32| rows[*place as usize].3;
        if before.is_none() && own.last().is_some_and(|last| is_known(&content_of(last))) {
            // What they come to in the end is known: the file was imported before.
            self.counts.unchanged += own.len() as u64;
            return None;
        }
        let mut last = None;
        for place in own {
            let content = rows[*place as usize].3;
            let is_same = match before {
                Some(before) => before == content,
                None => is_known(&content),
            };
            match (is_same, before.is_none() && known.is_none()) {
                (true, _) => self.counts.unchanged += 1,
                (false, true) => self.counts.new += 1,
                (false, false) => self.counts.changed += 1,
            }
            before = Some(content);
            last = Some((*place, content));
        }
        let (place, content) = last?;
        if let Some(seen) = &mut self.foreseen {
            seen.insert(key.0, content.0);
            return None;
        }
        (!is_known(&content)).then_some(place)
    }

    /// One commit: an event for each who was named, in the order in which they first were.
    fn commit(&self, desk: &mut Desk, window: Vec<(Came, Option<u32>)>) -> Result<(), DeskError> {
        if window.is_empty() {
            return Ok(());
        }
        let previous = desk.facts().view.counters()?.activities;
        let mut places: FxHashMap<ActivitySubject, usize> = HashMap::default();
        let mut events: Vec<ActivitiesRecorded> = Vec::new();
        let mut about: Vec<About> = Vec::new();
        for ((subject, activity, key, content), replaced) in window {
            let place = match places.get(&subject) {
                Some(place) => *place,
                None => {
                    places.insert(subject.clone(), events.len());
                    events.push(ActivitiesRecorded {
                        // Within a commit the chain goes on from its first event.
                        previous: previous.filter(|_| events.is_empty()),
                        import: self.import,
                        stream: self.stream.clone(),
                        subject,
                        activities: Vec::new(),
                    });
                    about.push(Default::default());
                    events.len() - 1
                }
            };
            events[place].activities.push(activity);
            about[place].0.push((key, content));
            about[place].1.extend(replaced);
        }
        let events = events.into_iter().map(Event::from).collect();
        let commit = desk.commit_kept(events)?;
        desk.fold_activities(previous, |log| {
            for ((event, (fingerprints, replaced)), index) in
                commit.events.iter().zip(about).zip(0..)
            {
                if let Event::ActivitiesRecorded(event) = event {
                    let recorded = Recorded { index, event, fingerprints };
                    log.record(commit.sequence, &recorded, Some(&replaced));
                }
            }
        });
        Ok(())
    }
}

/// The day of a row, where it was.
pub(crate) fn day_of(class: &Class, row: &Row) -> Option<Date> {
    let at = jiff::Timestamp::from_microsecond(row.at).ok()?;
    Some(ActivityTime { at, offset: class.offset, is_day: class.is_day }.day())
}

/// The fingerprint of all that an activity says beside its key.
pub(super) fn content_of(
    fingerprinter: &domain::Fingerprinter,
    subject: &ActivitySubject,
    activity: &Activity,
) -> Fingerprint {
    let content = activity.content(subject);
    fingerprinter.of(content.iter().map(|part| part.as_str()))
}

/// About how long a row is in the ledger, in bytes, if nobody else is named as it is.
fn length_of((subject, activity, ..): &Came) -> usize {
    let properties = activity.properties.iter();
    let properties: usize = properties.map(|(name, value)| name.len() + 2 * value.len() + 8).sum();
    220 + 20 * subject.handles.len() + 2 * activity.key.len() + properties
}
