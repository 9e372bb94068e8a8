//! All activities, folded from the events that recorded and withdrew them.

use rayon::prelude::*;

use crate::bits::Bits;
use crate::block::Block;
use crate::key::{KeyEntry, Known};
use crate::parts::{Parts, TextPlace};
use crate::row::{Class, Row};
use crate::runs::Runs;
use crate::subjects::{SubjectNumber, Subjects};
use domain::event::{ActivitiesRecorded, ActivitiesWithdrawn};
use domain::{Activity, ActivitySubject, Fingerprint, ImportId, Sequence, StreamName};

/// All activities as of a commit.
#[derive(Debug, Clone, Default)]
pub struct Log {
    pub(crate) head: Option<Sequence>,
    pub(crate) parts: Parts,
    pub(crate) streams: Vec<StreamName>,
    pub(crate) classes: Vec<Class>,
    pub(crate) subjects: Subjects,
    pub(crate) rows: Runs<Row>,
    pub(crate) keys: Runs<KeyEntry>,
    /// Activities that do not count: another version does, or they were withdrawn.
    pub(crate) dead: Bits,
    pub(crate) withdrawals: Vec<Withdrawal>,
    /// Which versions count is to be told anew.
    is_unsettled: bool,
}

/// A withdrawal that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Withdrawal {
    pub(crate) import: ImportId,
    pub(crate) by: Option<ImportId>,
    /// All that was recorded before it.
    pub(crate) until: u32,
    /// None: all keys.
    pub(crate) keys: Vec<u64>,
}

impl Withdrawal {
    fn is_of(&self, key: u64) -> bool {
        self.keys.is_empty() || self.keys.binary_search(&key).is_ok()
    }
}

/// One event that recorded activities, with the fingerprints that belong to each: of its key in the stream, and of
/// its content.
pub struct Recorded<'e> {
    /// The event's index in its commit.
    pub index: u32,
    /// The event.
    pub event: &'e ActivitiesRecorded,
    /// Of each activity.
    pub fingerprints: Vec<(Fingerprint, Fingerprint)>,
}

impl Log {
    /// The commit up to which it goes; none before the first.
    #[must_use]
    pub fn head(&self) -> Option<Sequence> {
        self.head
    }

    /// It holds all that there is up to a commit.
    pub fn goes_to(&mut self, head: Sequence) {
        self.head = self.head.max(Some(head));
    }

    /// How many activities were ever recorded, with those that do not count.
    #[must_use]
    pub fn recorded(&self) -> u32 {
        self.parts.total()
    }

    /// How many count.
    #[must_use]
    pub fn count(&self) -> u64 {
        u64::from(self.recorded()) - self.dead.count()
    }

    /// Whether it can take so many more.
    #[must_use]
    pub fn has_room_for(&self, more: usize) -> bool {
        u32::try_from(more).is_ok_and(|more| self.recorded().checked_add(more).is_some())
    }

    /// Takes an event in. `replaced` are the versions that its activities replace, where that is known; else which
    /// count is told anew by [`Log::settle`].
    pub fn record(&mut self, at: Sequence, recorded: &Recorded<'_>, replaced: Option<&[u32]>) {
        let event = recorded.event;
        let stream = number_in(&mut self.streams, &event.stream);
        let first = self.recorded();
        let count = event.activities.len() as u32;
        self.parts.note((at, recorded.index), (event.import, stream), count);
        self.goes_to(at);
        if count == 0 {
            return;
        }
        let subject = self.subjects.number(&event.subject);
        for ((activity, fingerprints), ordinal) in
            event.activities.iter().zip(&recorded.fingerprints).zip(first..)
        {
            let class = self.class(&event.stream, activity);
            let row = Row {
                subject,
                at: activity.at.at.as_microsecond(),
                ordinal,
                class,
                amount: activity.money.map_or(0, |money| money.amount.0),
            };
            self.rows.push(row);
            let (key, content) = fingerprints;
            self.keys.push(KeyEntry::new(key.0, ordinal, content.0));
        }
        match replaced {
            Some(replaced) => replaced.iter().for_each(|it| self.dead.set(*it)),
            None => self.is_unsettled = true,
        }
    }

    /// Takes a withdrawal in.
    pub fn withdraw(&mut self, at: Sequence, event: &ActivitiesWithdrawn) {
        self.goes_to(at);
        self.is_unsettled = true;
        let keys: Vec<u64> = event.keys.iter().map(|key| key.0).collect();
        if event.restored {
            let holds = self
                .withdrawals
                .iter()
                .rposition(|it| (it.import, it.by) == (event.import, event.by) && it.keys == keys);
            if let Some(holds) = holds {
                self.withdrawals.remove(holds);
            }
            return;
        }
        let until = self.recorded();
        self.withdrawals.push(Withdrawal { import: event.import, by: event.by, until, keys });
    }

    /// Sorts what came and tells which versions count; before anything is asked.
    pub fn settle(&mut self) {
        self.rows.settle();
        self.keys.settle();
        if !self.is_unsettled {
            return;
        }
        self.is_unsettled = false;
        let mut dead = std::mem::take(&mut self.dead);
        dead.clear();
        let mut counting: Option<KeyEntry> = None;
        for entry in self.keys.sorted() {
            if let Some(before) = counting.filter(|before| before.key == entry.key) {
                if self.is_withdrawn(entry) {
                    dead.set(entry.ordinal);
                } else {
                    dead.set(before.ordinal);
                    counting = Some(entry);
                }
                continue;
            }
            counting = None;
            if self.is_withdrawn(entry) {
                dead.set(entry.ordinal);
            } else {
                counting = Some(entry);
            }
        }
        self.dead = dead;
    }

    fn is_withdrawn(&self, entry: KeyEntry) -> bool {
        if self.withdrawals.is_empty() {
            return false;
        }
        let Some(part) = self.parts.part(entry.ordinal) else { return false };
        self.withdrawals
            .iter()
            .any(|it| it.import == part.import && entry.ordinal < it.until && it.is_of(entry.key))
    }

    /// The withdrawals that hold because of an import: of whose activities, and of which keys.
    #[must_use]
    pub fn withdrawn_by(&self, by: ImportId) -> Vec<(ImportId, Vec<Fingerprint>)> {
        let own = self.withdrawals.iter().filter(|it| it.by == Some(by));
        let fingerprints = |keys: &[u64]| keys.iter().copied().map(Fingerprint).collect();
        own.map(|it| (it.import, fingerprints(&it.keys))).collect()
    }

    /// Whether an import was withdrawn as a whole.
    #[must_use]
    pub fn is_withdrawn_whole(&self, import: ImportId) -> bool {
        self.withdrawals.iter().any(|it| it.import == import && it.by.is_none())
    }

    /// The versions that count of these keys, which are in ascending order; of each the first that stands in it.
    #[must_use]
    pub fn known(&self, keys: &[u64]) -> Vec<Option<Known>> {
        let mut found = vec![None; keys.len()];
        for run in self.keys.runs() {
            let first =
                |block: &Block<KeyEntry>| keys.partition_point(|key| *key < block.first.key);
            let blocks: Vec<(&Block<KeyEntry>, usize)> = run
                .iter()
                .map(|block| (block, first(block)))
                .filter(|(block, from)| keys.get(*from).is_some_and(|key| *key <= block.last.key))
                .collect();
            let look = |(block, from): &(&Block<KeyEntry>, usize)| self.look(block, keys, *from);
            let hits: Vec<Vec<(usize, Known)>> = blocks.par_iter().map(look).collect();
            hits.into_iter().flatten().for_each(|(place, known)| found[place] = Some(known));
        }
        found
    }

    fn look(&self, block: &Block<KeyEntry>, keys: &[u64], from: usize) -> Vec<(usize, Known)> {
        let mut hits = Vec::new();
        let mut at = from;
        for entry in block.entries() {
            while keys.get(at).is_some_and(|key| *key < entry.key) {
                at += 1;
            }
            match keys.get(at) {
                None => break,
                Some(key) if *key == entry.key && !self.dead.has(entry.ordinal) => {
                    hits.push((at, entry.known()));
                }
                Some(_) => {}
            }
        }
        hits
    }

    fn class(&mut self, stream: &StreamName, activity: &Activity) -> u32 {
        // The last ones that came are the most likely.
        let is_it = |class: &Class| {
            class.offset == activity.at.offset
                && class.is_day == activity.at.is_day
                && class.money == activity.money.map(|money| money.currency)
                && class.kind == activity.kind
                && class.stream == *stream
        };
        if let Some(known) = self.classes.iter().position(is_it) {
            return known as u32;
        }
        self.classes.push(Class {
            stream: stream.clone(),
            kind: activity.kind.clone(),
            offset: activity.at.offset,
            is_day: activity.at.is_day,
            money: activity.money.map(|money| money.currency),
        });
        self.classes.len() as u32 - 1
    }

    /// What a row is.
    #[must_use]
    pub fn class_of(&self, row: &Row) -> Option<&Class> {
        self.classes.get(row.class as usize)
    }

    /// Where a row's texts stand.
    #[must_use]
    pub fn place_of(&self, row: &Row) -> Option<TextPlace> {
        self.parts.place(row.ordinal)
    }

    /// The commit that recorded a row, and the import that brought it.
    #[must_use]
    pub fn brought(&self, row: &Row) -> Option<(Sequence, ImportId)> {
        self.parts.part(row.ordinal).map(|part| (part.sequence, part.import))
    }

    /// Everybody who was ever named.
    #[must_use]
    pub fn subjects(&self) -> u32 {
        self.subjects.len()
    }

    /// Whether anybody was ever named with a handle.
    #[must_use]
    pub fn has_handles(&self) -> bool {
        self.subjects.have_handles()
    }

    /// Who is named so: the key's fingerprint, and those of handles.
    #[must_use]
    pub fn subject(&self, number: SubjectNumber) -> ActivitySubject {
        let (key, handles) = self.subjects.get(number);
        ActivitySubject { key, handles: handles.iter().copied().map(Fingerprint).collect() }
    }

    /// Those who were named with a fingerprint, as a key (`true`) or as a handle.
    #[must_use]
    pub fn named(&self, fingerprint: Fingerprint) -> Vec<(SubjectNumber, bool)> {
        self.subjects.named(fingerprint).collect()
    }

    /// All that was ever recorded of somebody, whether it counts or not; with that.
    #[must_use]
    pub fn all_of(&self, subject: SubjectNumber) -> Vec<(Row, bool)> {
        let mut rows = Vec::new();
        for run in self.rows.runs() {
            let from = run.partition_point(|block| block.last.subject < subject);
            let own = run[from..].iter().take_while(|block| block.first.subject <= subject);
            for block in own {
                let entries = block.entries();
                let from = entries.partition_point(|row| row.subject < subject);
                let own = entries[from..].iter().take_while(|row| row.subject == subject);
                rows.extend(own.map(|row| (*row, !self.dead.has(row.ordinal))));
            }
        }
        rows
    }

    /// What counts of somebody.
    #[must_use]
    pub fn rows_of(&self, subject: SubjectNumber) -> Vec<Row> {
        self.all_of(subject).into_iter().filter(|(_, counts)| *counts).map(|(row, _)| row).collect()
    }

    /// Hands on every row that counts, some thousands at a time, those of one person mostly together.
    ///
    /// # Errors
    /// What `each` says, which ends it.
    pub fn scan<E>(&self, mut each: impl FnMut(&[Row]) -> Result<(), E>) -> Result<(), E> {
        let blocks: Vec<&Block<Row>> = self.rows.blocks().collect();
        for some in blocks.chunks(64) {
            let open = |block: &&Block<Row>| {
                let mut rows = block.entries();
                rows.retain(|row| !self.dead.has(row.ordinal));
                rows
            };
            let opened: Vec<Vec<Row>> = some.par_iter().map(open).collect();
            opened.iter().try_for_each(|rows| each(rows))?;
        }
        Ok(())
    }

    /// Everything that counts, by who was named and when.
    pub fn in_order(&self) -> impl Iterator<Item = Row> + '_ {
        self.rows.sorted().filter(|row| !self.dead.has(row.ordinal))
    }

    /// Every version that was ever recorded under any of these keys, which are in ascending order.
    #[must_use]
    pub fn versions(&self, keys: &[u64]) -> Vec<u32> {
        let mut found = Vec::new();
        for block in self.keys.blocks() {
            let from = keys.partition_point(|key| *key < block.first.key);
            if keys.get(from).is_some_and(|key| *key <= block.last.key) {
                let own = block.entries().into_iter();
                let own = own.filter(|entry| keys.binary_search(&entry.key).is_ok());
                found.extend(own.map(|entry| entry.ordinal));
            }
        }
        found.sort_unstable();
        found
    }

    /// Where the activity of that ordinal stands.
    #[must_use]
    pub fn place(&self, ordinal: u32) -> Option<TextPlace> {
        self.parts.place(ordinal)
    }
}

fn number_in(list: &mut Vec<StreamName>, name: &StreamName) -> u32 {
    if let Some(known) = list.iter().position(|own| own == name) {
        return known as u32;
    }
    list.push(name.clone());
    list.len() as u32 - 1
}
