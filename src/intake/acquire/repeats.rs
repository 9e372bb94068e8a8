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

use super::keys::{self, Key};
use super::reader::{Delivered, Row};

/// Reads a source's own time of change.
pub type TimeOf = Arc<dyn Fn(&str) -> Option<Timestamp> + Send + Sync>;

/// So many different rows of one key, and it is none.
const MOST_OF_ONE: usize = 100;
/// What rows that wait for others of their key may hold, in bytes.
const MOST_HELD: usize = 64 << 20;

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
}

impl KeyNotes {
    /// Notes what a row's key column says.
    pub(super) fn note(&mut self, cell: &str, one_form: impl Fn(CompactString) -> CompactString) {
        if let Key::Sound(key) = keys::read(cell) {
            self.note_key(&one_form(key));
        }
    }

    pub(super) fn note_key(&mut self, key: &str) {
        let hash = hash_of(key);
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
        RepeatedKeys { keys: self.repeated }
    }
}

/// The keys that stand in a file more than once, each with how often.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepeatedKeys {
    keys: HashMap<u64, u32>,
}

impl RepeatedKeys {
    /// Whether every key stands in the file once.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// Settles them, as their rows come.
pub(super) struct Settling {
    groups: HashMap<u64, Group>,
    time: TimeOf,
    /// Bytes of rows that wait.
    held: usize,
    /// Rows that came once more just as they were.
    pub repeated: u64,
}

/// The rows of one key.
struct Group {
    /// How many rows have not come.
    awaited: u32,
    /// What those that came say.
    came: HashSet<u64>,
    held: Vec<Held>,
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
    pub fn of(repeated: RepeatedKeys, time: TimeOf) -> Settling {
        let groups = repeated.keys.into_iter().map(|(hash, awaited)| {
            let (came, held) = (HashSet::new(), Vec::new());
            (hash, Group { awaited, came, held, first: None, is_closed: false })
        });
        Settling { groups: groups.collect(), time, held: 0, repeated: 0 }
    }

    /// Whether the row's key stands in the file more than once.
    pub fn concerns(&self, row: &Row) -> bool {
        !self.groups.is_empty() && self.groups.contains_key(&hash_of(&row.key))
    }

    /// Takes a row whose key does, and gives what is settled with it.
    pub fn take(&mut self, row: Row, aside: QuarantinedRow) -> Vec<Delivered> {
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

    /// The file has ended: whatever still waits waits in vain.
    pub fn finish(&mut self) -> Vec<Delivered> {
        let groups = std::mem::take(&mut self.groups);
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

fn refused(aside: QuarantinedRow, first: u64) -> Delivered {
    Delivered::Quarantined(QuarantinedRow {
        reason: QuarantineReason::RepeatedKey { first },
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
