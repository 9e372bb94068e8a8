//! The records as columns of interned values.
//!
//! Every distinct text is kept once; a record is a handful of numbers. Records stand in the order
//! of a hash of their content, so that nothing downstream depends on the order of input.

use std::collections::HashMap;

use crate::domain::{RecordId, Values};
use crate::settings::Settings;

use super::crowd;
use super::hash;
use super::layout::{Aspect, Layout};
use super::nicknames::{self, Groups};
use super::portrait::{Kind, Portrait};
use super::text;

/// The number of a value within its pool; 0 is the absent value.
pub(crate) type ValueId = u32;

/// Distinct texts of one aspect.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    bytes: String,
    ends: Vec<u32>,
}

impl Pool {
    fn new() -> Self {
        Self { bytes: String::new(), ends: vec![0] }
    }

    /// The text of a value; empty for the absent one.
    pub(crate) fn text(&self, id: ValueId) -> &str {
        let id = id as usize;
        if id == 0 {
            return "";
        }
        &self.bytes[self.ends[id - 1] as usize..self.ends[id] as usize]
    }

    /// How many ids there are, the absent value's included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// What is derived once for each distinct given or family name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NameFacts {
    /// [`text::sound`] of the whole name.
    pub(crate) sound: u32,
    /// Nickname groups of the first token.
    pub(crate) groups: Groups,
    /// First letter.
    pub(crate) initial: u8,
    /// Whether the first token is a single letter.
    pub(crate) is_initial: bool,
}

/// Records as columns; made by [`ColumnsBuilder`].
#[derive(Debug, Clone)]
pub struct Columns {
    pub(crate) layout: Layout,
    records: Vec<RecordId>,
    kinds: Vec<Kind>,
    generations: Vec<u8>,
    slots: Vec<Vec<Vec<ValueId>>>,
    pools: Vec<Pool>,
    names: Vec<NameFacts>,
    crowded: Vec<(Aspect, ValueId, u64)>,
}

impl Columns {
    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The record in row `row`. Rows are in an order of their own.
    pub(crate) fn record(&self, row: u32) -> RecordId {
        self.records[row as usize]
    }

    pub(crate) fn kind(&self, row: u32) -> Kind {
        self.kinds[row as usize]
    }

    pub(crate) fn generation(&self, row: u32) -> u8 {
        self.generations[row as usize]
    }

    /// The columns of an aspect, one for each slot.
    pub(crate) fn slots(&self, aspect: Aspect) -> &[Vec<ValueId>] {
        &self.slots[aspect.index()]
    }

    /// The value in the first slot of an aspect.
    pub(crate) fn value(&self, aspect: Aspect, row: u32) -> ValueId {
        self.slots[aspect.index()].first().map_or(0, |column| column[row as usize])
    }

    /// Every value of an aspect that a row has.
    pub(crate) fn values(&self, aspect: Aspect, row: u32) -> impl Iterator<Item = ValueId> + Clone {
        self.slots[aspect.index()]
            .iter()
            .map(move |column| column[row as usize])
            .filter(|id| *id != 0)
    }

    pub(crate) fn text(&self, aspect: Aspect, id: ValueId) -> &str {
        self.pool(aspect).text(id)
    }

    pub(crate) fn pool(&self, aspect: Aspect) -> &Pool {
        &self.pools[pool_of(aspect)]
    }

    pub(crate) fn name_facts(&self, id: ValueId) -> &NameFacts {
        &self.names[id as usize]
    }

    /// Values that are taken for missing, with the number of records that hold them.
    pub(crate) fn crowded(&self) -> &[(Aspect, ValueId, u64)] {
        &self.crowded
    }

    /// Takes values for missing.
    pub(crate) fn leave_out(&mut self, mut crowded: Vec<(Aspect, ValueId, u64)>) {
        crowded.sort_unstable();
        let left_out = |aspect: Aspect, value: ValueId| {
            crowded.binary_search_by_key(&(aspect, value), |(own, id, _)| (*own, *id)).is_ok()
        };
        for aspect in crowd::IDENTIFYING {
            if crowded.iter().any(|(own, ..)| *own == aspect) {
                for value in self.slots[aspect.index()].iter_mut().flatten() {
                    if left_out(aspect, *value) {
                        *value = 0;
                    }
                }
            }
        }
        self.crowded.extend(crowded);
    }

    /// Row of each record.
    pub(crate) fn rows(&self) -> HashMap<RecordId, u32> {
        self.records.iter().zip(0..).map(|(record, row)| (*record, row)).collect()
    }

    /// The rows of one kind, ascending.
    pub(crate) fn rows_of(&self, kind: Kind) -> Vec<u32> {
        (0..self.len() as u32).filter(|row| self.kind(*row) == kind).collect()
    }
}

/// Given and family names share a pool, so that swapped names compare as numbers.
fn pool_of(aspect: Aspect) -> usize {
    if aspect == Aspect::Family { Aspect::Given.index() } else { aspect.index() }
}

/// Collects records into [`Columns`]. Records may come in any order.
pub struct ColumnsBuilder {
    layout: Layout,
    rows: Vec<(u64, RecordId, Kind, u8)>,
    slots: Vec<Vec<Vec<ValueId>>>,
    pools: Vec<Interner>,
}

impl ColumnsBuilder {
    /// An empty builder for records of a workspace with these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let layout = Layout::new(settings);
        let slots =
            Aspect::ALL.iter().map(|aspect| vec![Vec::new(); layout.slots(*aspect)]).collect();
        let pools = Aspect::ALL.iter().map(|_| Interner::new()).collect();
        Self { layout, rows: Vec::new(), slots, pools }
    }

    /// Adds a record. Each record is added once.
    pub fn push(&mut self, record: RecordId, values: &Values) {
        let portrait = Portrait::new(&self.layout, values);
        let mut content = u64::from(portrait.generation);
        for aspect in Aspect::ALL {
            for (slot, text) in portrait.texts[aspect.index()].iter().enumerate() {
                content = hash::text(content, text);
                let id = self.pools[pool_of(aspect)].intern(text);
                self.slots[aspect.index()][slot].push(id);
            }
        }
        self.rows.push((content, record, portrait.kind, portrait.generation));
    }

    /// The columns.
    #[must_use]
    pub fn finish(self) -> Columns {
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        order.sort_unstable_by_key(|row| {
            let (content, record, ..) = self.rows[*row as usize];
            (content, record)
        });
        let sorted = |column: Vec<ValueId>| -> Vec<ValueId> {
            order.iter().map(|row| column[*row as usize]).collect()
        };
        let slots = self
            .slots
            .into_iter()
            .map(|columns| columns.into_iter().map(sorted).collect())
            .collect();
        let pools: Vec<Pool> = self.pools.into_iter().map(|interner| interner.pool).collect();
        let names = &pools[Aspect::Given.index()];
        let names = (0..names.len() as u32).map(|id| name_facts(names.text(id))).collect();
        let mut columns = Columns {
            layout: self.layout,
            records: order.iter().map(|row| self.rows[*row as usize].1).collect(),
            kinds: order.iter().map(|row| self.rows[*row as usize].2).collect(),
            generations: order.iter().map(|row| self.rows[*row as usize].3).collect(),
            slots,
            pools,
            names,
            crowded: Vec::new(),
        };
        let crowded = crowd::crowded(&columns);
        columns.leave_out(crowded);
        columns
    }
}

fn name_facts(name: &str) -> NameFacts {
    let first = text::first(name);
    NameFacts {
        sound: text::sound(name),
        groups: nicknames::groups(first),
        initial: first.as_bytes().first().copied().unwrap_or_default(),
        is_initial: first.len() == 1,
    }
}

/// Gives each distinct text a number. Keeps hashes, not texts, in its table.
struct Interner {
    pool: Pool,
    table: HashMap<u64, ValueId>,
}

impl Interner {
    fn new() -> Self {
        Self { pool: Pool::new(), table: HashMap::new() }
    }

    fn intern(&mut self, text: &str) -> ValueId {
        if text.is_empty() {
            return 0;
        }
        let mut seed = 0;
        loop {
            let next = self.pool.len() as ValueId;
            match self.table.entry(hash::text(seed, text)) {
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(next);
                    self.pool.bytes.push_str(text);
                    self.pool.ends.push(self.pool.bytes.len() as u32);
                    return next;
                }
                std::collections::hash_map::Entry::Occupied(taken) => {
                    if self.pool.text(*taken.get()) == text {
                        return *taken.get();
                    }
                    // Another text of the same hash: look under the next seed.
                    seed += 1;
                }
            }
        }
    }
}
