//! Keys that stand in a file more than once.
//!
//! A first reading notes them ([`KeyNotes`]), the second settles them ([`Settling`]): rows that are
//! the same are one; of others the one that changed last wins, and those before it become earlier
//! revisions; where nothing says which that is, none of them is believed.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use hashbrown::HashTable;
use jiff::Timestamp;

use compact_str::CompactString;

use domain::{QuarantineReason, QuarantinedRow};

use settings::Source;

use super::joining::{Joined, Joining};
use super::keys::{self, Key};
use super::odd_keys::KeyForms;
use super::reader::{Delivered, Row};

/// Reads a source's own time of change.
pub type TimeOf = Arc<dyn Fn(&str) -> Option<Timestamp> + Send + Sync>;

/// So many different rows of one key, and it is none.
const MOST_OF_ONE: usize = 100;
/// What rows that wait for others of their key may hold, in bytes.
const MOST_HELD: usize = 64 << 20;
/// The same where rows of a key are joined: in a list of orders by day they stand far apart.
const MOST_JOINED: usize = 128 << 20;

/// The keys of a file's rows, as 64-bit hashes: two different keys fall together once in 4 million
/// files of 3 million rows.
///
/// 17 bytes a row at most: the only memory that grows with a file.
#[derive(Default)]
pub struct KeyNotes {
    /// Places in the list, to be found by the key's hash.
    places: HashTable<u32>,
    hashes: Vec<u64>,
    /// How often keys came that came more than once.
    repeated: HashMap<u64, u32>,
    /// Whether a row without a key may be of the record above.
    goes_on: bool,
    /// The key of the row above.
    above: Option<u64>,
    /// What they are like.
    forms: KeyForms,
    /// Whether nothing is noted: a key does not tell what a row is about.
    is_idle: bool,
}

impl KeyNotes {
    /// Of a file of this source.
    pub(super) fn of(source: &Source) -> KeyNotes {
        let goes_on = source.rows_by.is_some();
        KeyNotes { goes_on, is_idle: source.keys_recur, ..KeyNotes::default() }
    }

    /// Notes what a row's key column says.
    pub(super) fn note(&mut self, cell: &str, one_form: impl Fn(Key) -> Key) {
        match one_form(keys::read(cell)) {
            Key::Sound(key) => self.note_key(&key),
            Key::Absent if self.goes_on => self.note_key(""),
            _ => {}
        }
    }

    /// Notes a row's key; where a record may have several rows, none is that of the row above.
    pub(super) fn note_key(&mut self, key: &str) {
        if self.is_idle {
            return;
        }
        if key.is_empty() && self.goes_on {
            if let Some(above) = self.above {
                *self.repeated.entry(above).or_insert(1) += 1;
            }
            return;
        }
        self.forms.note(key);
        let hash = hash_of(key);
        self.above = Some(hash);
        let hashes = &mut self.hashes;
        let hash_at = |place: &u32| hashes.get(*place as usize).copied().unwrap_or_default();
        if self.places.find(hash, |place| hash_at(place) == hash).is_some() {
            *self.repeated.entry(hash).or_insert(1) += 1;
            return;
        }
        let place = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        self.places.insert_unique(hash, place, hash_at);
        if hashes.len() == hashes.capacity() {
            // Doubling would leave half of the memory unused.
            hashes.reserve_exact(hashes.len() / 8 + 1024);
        }
        hashes.push(hash);
    }

    /// The keys that came more than once.
    #[must_use]
    pub fn finish(self) -> RepeatedKeys {
        RepeatedKeys { keys: self.repeated, forms: self.forms }
    }
}

/// The keys that stand in a file more than once, each with how often.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepeatedKeys {
    keys: HashMap<u64, u32>,
    /// What all keys of the file are like.
    forms: KeyForms,
}

impl RepeatedKeys {
    /// Whether every key stands in the file once.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// Says of a row that was read why it cannot be used; none: it can.
pub type Judge = Arc<dyn Fn(&Row) -> Option<QuarantineReason> + Send + Sync>;

/// Settles them, as their rows come.
pub(super) struct Settling {
    groups: HashMap<u64, Group>,
    time: TimeOf,
    forms: KeyForms,
    /// Bytes of rows that wait.
    held: usize,
    /// Rows that came once more just as they were.
    pub repeated: u64,
    /// How rows of one key are one record, where they are.
    joining: Option<Joining>,
    /// The key of the row above, while rows without one may go on with its record.
    above: Option<u64>,
    /// What that row says in the column that tells whose a row without a key is.
    above_by: CompactString,
    /// Rows that were joined to the first one of their record.
    pub joined: u64,
    /// Records whose rows say different things.
    pub differing: u64,
    /// What says whether rows that were joined can be used.
    pub judge: Option<Judge>,
}

/// The rows of one key.
struct Group {
    /// How many rows have not come.
    awaited: u32,
    /// What those that came say.
    came: HashSet<u64>,
    held: Vec<Held>,
    /// Its rows as one record, where they are joined.
    joined: Option<Joined>,
    /// The line of its first row.
    first: Option<u64>,
    /// Whatever else comes is not believed.
    is_closed: bool,
}

/// A row that waits for others of its key, with what it is if none of them is believed.
struct Held {
    row: Row,
    aside: QuarantinedRow,
}

impl Settling {
    /// Before the first row.
    pub fn of(repeated: RepeatedKeys, time: TimeOf, joining: Option<Joining>) -> Settling {
        let forms = repeated.forms;
        let groups = repeated.keys.into_iter().map(|(hash, awaited)| {
            let (came, held) = (HashSet::new(), Vec::new());
            (hash, Group { awaited, came, held, joined: None, first: None, is_closed: false })
        });
        let (groups, above, above_by) = (groups.collect(), None, CompactString::default());
        let [repeated, joined, differing] = [0; 3];
        Settling {
            groups,
            time,
            forms,
            held: 0,
            repeated,
            joining,
            above,
            above_by,
            joined,
            differing,
            judge: None,
        }
    }

    /// Whether the row's key stands in the file more than once.
    pub fn concerns(&self, row: &Row) -> bool {
        if row.key.is_empty() && self.joining.is_some() {
            return true;
        }
        !self.groups.is_empty() && self.groups.contains_key(&hash_of(&row.key))
    }

    /// Whether the row stands among those of the table and is none.
    pub fn is_no_customer(&self, row: &Row) -> bool {
        !row.key.is_empty() && self.forms.is_no_customer(row)
    }

    /// Whether rows of one key are joined.
    pub fn joins(&self) -> bool {
        self.joining.is_some()
    }

    /// A row was set aside: nobody waits for it.
    pub fn is_set_aside(&mut self, row: &Row) {
        if let Some(group) = self.groups.get_mut(&hash_of(&row.key)) {
            group.awaited = group.awaited.saturating_sub(1);
        }
    }

    /// Another row came in between: one without a key is of no record above.
    pub fn is_parted(&mut self) {
        self.above = None;
    }

    /// Takes a row whose key does, and gives what is settled with it.
    pub fn take(&mut self, row: Row, aside: QuarantinedRow) -> Vec<Delivered> {
        if let Some(joining) = self.joining.take() {
            let delivered = self.join(&joining, row, aside);
            self.joining = Some(joining);
            return delivered;
        }
        let Some(group) = self.groups.get_mut(&hash_of(&row.key)) else {
            return vec![Delivered::Row(row)];
        };
        group.awaited = group.awaited.saturating_sub(1);
        let first = *group.first.get_or_insert(row.line);
        if !group.came.insert(content_of(&row)) {
            self.repeated += 1;
        } else if group.is_closed {
            return vec![refused(aside, first)];
        } else {
            self.held += size(&row, &aside);
            group.held.push(Held { row, aside });
        }
        let is_too_much = group.came.len() > MOST_OF_ONE || self.held > MOST_HELD;
        if group.awaited > 0 && !is_too_much {
            return Vec::new();
        }
        group.is_closed = true;
        let held = std::mem::take(&mut group.held);
        if group.awaited == 0 {
            return self.settle(held);
        }
        self.held -= held.iter().map(|held| size(&held.row, &held.aside)).sum::<usize>();
        refuse_all(held)
    }

    /// Takes a row that is joined with others of its key.
    fn join(&mut self, joining: &Joining, row: Row, aside: QuarantinedRow) -> Vec<Delivered> {
        let by = joining.by_of(&row);
        if !row.key.is_empty() {
            self.above = Some(hash_of(&row.key));
            self.above_by = by.unwrap_or_default().into();
        } else if by.is_none_or(|by| by != self.above_by) {
            // Somebody else's, as are those below that say the same.
            self.above = None;
        }
        let group = self.above.and_then(|above| self.groups.get_mut(&above));
        let Some(group) = group.filter(|group| !group.is_closed) else {
            let first = self.above.and_then(|above| self.groups.get(&above)?.first);
            return vec![match first.filter(|_| !row.key.is_empty()) {
                Some(first) => too_far(aside, first),
                None => Delivered::Quarantined(aside),
            }];
        };
        group.awaited = group.awaited.saturating_sub(1);
        group.first.get_or_insert(row.line);
        let before = group.joined.as_ref().map_or(0, |joined| joined.size);
        let joined = match group.joined.take() {
            None => joining.begin(row, aside, &self.time),
            Some(mut joined) => {
                joining.add(&mut joined, row, aside, &self.time);
                joined
            }
        };
        self.held += joined.size - before;
        if joined.is_too_much() || self.held > MOST_JOINED {
            group.is_closed = true;
            self.held -= joined.size;
            return set_apart(joined.asides);
        }
        if group.awaited > 0 {
            group.joined = Some(joined);
            return Vec::new();
        }
        self.deliver(joined)
    }

    fn deliver(&mut self, joined: Joined) -> Vec<Delivered> {
        self.held -= joined.size;
        if let Some(reason) = self.judge.as_ref().and_then(|judge| judge(joined.row())) {
            let aside = |aside| QuarantinedRow { reason: reason.clone(), ..aside };
            return of_one(joined.asides)
                .into_iter()
                .map(aside)
                .map(Delivered::Quarantined)
                .collect();
        }
        self.joined += joined.rows;
        self.differing += u64::from(joined.differs);
        vec![Delivered::Row(joined.into_row())]
    }

    /// The file has ended: whatever still waits waits in vain.
    pub fn finish(&mut self) -> Vec<Delivered> {
        let mut groups = std::mem::take(&mut self.groups);
        if self.joining.is_some() {
            let joined =
                groups.values_mut().filter_map(|group| Some((group.first, group.joined.take()?)));
            let mut joined: Vec<_> = joined.collect();
            joined.sort_by_key(|(first, _)| *first);
            return joined.into_iter().flat_map(|(_, joined)| self.deliver(joined)).collect();
        }
        let mut waiting: Vec<Vec<Held>> = groups.into_values().map(|group| group.held).collect();
        waiting.retain(|held| !held.is_empty());
        waiting.sort_by_key(|held| held.first().map(|held| held.row.line));
        waiting.into_iter().flat_map(|held| self.settle(held)).collect()
    }

    fn settle(&mut self, held: Vec<Held>) -> Vec<Delivered> {
        self.held -= held.iter().map(|held| size(&held.row, &held.aside)).sum::<usize>();
        let time = |held: &Held| held.row.updated.as_deref().and_then(|text| (self.time)(text));
        let times: HashSet<Timestamp> = held.iter().filter_map(time).collect();
        if held.len() > 1 && times.len() < held.len() {
            return refuse_all(held);
        }
        let mut held = held;
        held.sort_by_key(time);
        let mut rows = held.into_iter().map(|held| held.row);
        let earliest = rows.next();
        let delivered = earliest.map(|row| Delivered::Row(Row { later: rows.collect(), ..row }));
        delivered.into_iter().collect()
    }
}

/// Each names another row: the first the second, all others the first.
fn refuse_all(held: Vec<Held>) -> Vec<Delivered> {
    let first = held.first().map_or(0, |held| held.row.line);
    let second = held.get(1).map_or(first, |held| held.row.line);
    let refuse = |held: Held| {
        let other = if held.row.line == first { second } else { first };
        refused(held.aside, other)
    };
    held.into_iter().map(refuse).collect()
}

/// Rows that were to be one record, and cannot: each names another, the first the second.
fn set_apart(asides: Vec<QuarantinedRow>) -> Vec<Delivered> {
    let [first, second] = [0, 1].map(|at| asides.get(at).map_or(0, |aside| aside.line));
    let other = |aside: &QuarantinedRow| if aside.line == first { second } else { first };
    of_one(asides)
        .into_iter()
        .map(|aside| (other(&aside), aside))
        .map(|(at, it)| too_far(it, at))
        .collect()
}

/// Rows of one activity: whoever one of them names is whom all of them are of.
fn of_one(mut asides: Vec<QuarantinedRow>) -> Vec<QuarantinedRow> {
    let named = asides.iter().find_map(|aside| aside.named.clone());
    for aside in asides.iter_mut().filter(|aside| aside.named.is_none()) {
        aside.named.clone_from(&named);
    }
    asides
}

fn too_far(aside: QuarantinedRow, first: u64) -> Delivered {
    let reason = QuarantineReason::RepeatedKey { first, apart: true };
    Delivered::Quarantined(QuarantinedRow { reason, ..aside })
}

fn refused(aside: QuarantinedRow, first: u64) -> Delivered {
    Delivered::Quarantined(QuarantinedRow {
        reason: QuarantineReason::RepeatedKey { first, apart: false },
        ..aside
    })
}

fn size(row: &Row, aside: &QuarantinedRow) -> usize {
    let fields: usize = row.fields.iter().map(|(_, text)| text.len()).sum();
    let unmapped: usize = row.unmapped.iter().map(|(_, text)| text.len()).sum();
    256 + fields + unmapped + aside.text.len()
}

fn hash_of(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(key.as_bytes());
    hasher.finish()
}

/// What a row says, wherever it stands.
fn content_of(row: &Row) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (field, text) in &row.fields {
        (field.as_str(), text).hash(&mut hasher);
    }
    (&row.unmapped, &row.updated).hash(&mut hasher);
    // A column that is not there says something else than an empty one.
    row.columns.names().for_each(|name| name.hash(&mut hasher));
    hasher.finish()
}

#[cfg(test)]
mod tests;
