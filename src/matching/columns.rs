//! The records as columns of interned values.
//!
//! Every distinct text is kept once; a record is a handful of numbers that lie together. Records
//! stand in the order of the sound of their names (`nearness` says why), then of a hash of their
//! content, so that nothing downstream depends on the order of input.

use std::ops::Range;

use rayon::prelude::*;

use domain::naming::Addressed;
use domain::{FieldType, Fingerprinter, RecordId, Values};
use settings::Settings;

use super::bearer::Bearer;
use super::by_hand::Sides;
use super::compare::identifying;
use super::facts::{Facts, NameFacts};
use super::interner::{Interner, Pool};
use super::layout::{Aspect, Layout, Shape};
use super::model::Model;
use super::portrait::Kind;
use super::read_records::{ReadRecord, ReadRecords, RecordReader};
use super::{crowd, nearness};

/// The number of a value within its pool; 0 is the absent value.
pub(crate) type ValueId = u32;

/// Records as columns; made by [`ColumnsBuilder`].
#[derive(Debug, Clone)]
pub struct Columns {
    pub(crate) layout: Layout,
    records: Vec<RecordId>,
    /// A hash of each record's content: what rows are ordered by.
    contents: Vec<u64>,
    kinds: Vec<Kind>,
    bearers: Vec<Bearer>,
    shape: Shape,
    /// The values of every record, one record after the other.
    values: Vec<ValueId>,
    pools: Vec<Pool>,
    facts: Facts,
    crowded: Vec<(Aspect, ValueId, u64)>,
    /// Slots among the weakly compared values that say a gender.
    genders: Vec<usize>,
    /// What `never` says of the records.
    sides: Sides,
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

    /// The columns, with which sides of the rules with `never` hold of their records.
    #[must_use]
    pub fn with_sides(self, sides: Sides) -> Self {
        Self { sides, ..self }
    }

    pub(crate) fn sides(&self) -> &Sides {
        &self.sides
    }

    /// The record in row `row`. Rows are in an order of their own.
    #[inline]
    pub(crate) fn record(&self, row: u32) -> RecordId {
        self.records[row as usize]
    }

    #[inline]
    pub(crate) fn kind(&self, row: u32) -> Kind {
        self.kinds[row as usize]
    }

    /// Whose name a row holds: which generation's, one person's or several people's.
    #[inline]
    pub(crate) fn bearer(&self, row: u32) -> Bearer {
        self.bearers[row as usize]
    }

    /// How many values of an aspect a record can have.
    #[inline]
    pub(crate) fn slots(&self, aspect: Aspect) -> usize {
        self.shape.slots(aspect).len()
    }

    /// The values of an aspect that a row has, by slot; 0 where one is absent.
    #[inline]
    pub(crate) fn row(&self, aspect: Aspect, row: u32) -> &[ValueId] {
        let start = row as usize * self.shape.width();
        let slots = self.shape.slots(aspect);
        &self.values[start + slots.start..start + slots.end]
    }

    /// Reads a row's values for nothing but to have them near: see [`super::nearness`].
    #[inline]
    pub(crate) fn fetch(&self, row: u32) -> u32 {
        let width = self.shape.width();
        let start = row as usize * width;
        match &self.values[start..start + width] {
            [first, .., last] => first ^ last,
            _ => 0,
        }
    }

    /// The value in the first slot of an aspect.
    #[inline]
    pub(crate) fn value(&self, aspect: Aspect, row: u32) -> ValueId {
        self.row(aspect, row).first().copied().unwrap_or(0)
    }

    /// Every value of an aspect that a row has.
    #[inline]
    pub(crate) fn values(&self, aspect: Aspect, row: u32) -> impl Iterator<Item = ValueId> + Clone {
        self.row(aspect, row).iter().copied().filter(|id| *id != 0)
    }

    #[inline]
    pub(crate) fn text(&self, aspect: Aspect, id: ValueId) -> &str {
        self.pool(aspect).text(id)
    }

    #[inline]
    pub(crate) fn pool(&self, aspect: Aspect) -> &Pool {
        &self.pools[pool_of(aspect)]
    }

    #[inline]
    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    #[inline]
    pub(crate) fn name_facts(&self, id: ValueId) -> &NameFacts {
        &self.facts.names[id as usize]
    }

    /// Whether one row says that it is of a man and the other of a woman.
    pub(crate) fn genders_differ(&self, a: u32, b: u32) -> bool {
        self.genders.iter().any(|slot| {
            let said = |row| self.text(Aspect::Plain, self.row(Aspect::Plain, row)[*slot]);
            matches!((said(a), said(b)), ("m", "f") | ("f", "m"))
        })
    }

    /// What the fields that say the gender say, where all that say it agree.
    pub(crate) fn gender(&self, row: u32) -> Option<Addressed> {
        let said =
            |slot: &usize| match self.text(Aspect::Plain, self.row(Aspect::Plain, row)[*slot]) {
                "m" => Some(Addressed::Man),
                "f" => Some(Addressed::Woman),
                _ => None,
            };
        let mut all = self.genders.iter().filter_map(said);
        let first = all.next()?;
        all.all(|it| it == first).then_some(first)
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
        let width = self.shape.width();
        for (aspect, _) in identifying() {
            if crowded.iter().any(|(own, ..)| *own == aspect) {
                let slots = self.shape.slots(aspect);
                for record in self.values.chunks_exact_mut(width) {
                    for value in &mut record[slots.clone()] {
                        if *value != 0 && left_out(aspect, *value) {
                            *value = 0;
                        }
                    }
                }
            }
        }
        self.crowded.extend(crowded);
    }

    /// The rows of records, by a function of a record.
    pub(crate) fn rows(&self) -> impl Fn(RecordId) -> Option<u32> + use<> {
        let mut rows: Vec<(RecordId, u32)> = self.records.iter().copied().zip(0..).collect();
        rows.par_sort_unstable();
        move |record| rows.binary_search_by_key(&record, |(own, _)| *own).ok().map(|at| rows[at].1)
    }

    /// The records of some rows as columns of their own, in the order all columns have.
    pub(crate) fn select(&self, rows: &[u32]) -> Columns {
        let mut builder = ColumnsBuilder::of_layout(self.layout.clone());
        for row in rows.iter().copied() {
            for aspect in Aspect::ALL {
                for value in self.row(aspect, row) {
                    let text = self.text(aspect, *value);
                    builder.values.push(builder.pools[pool_of(aspect)].intern(text));
                }
            }
            let at = row as usize;
            let near = nearness::of(|aspect| self.text(aspect, self.value(aspect, row)));
            let kind = (self.kinds[at], self.bearers[at].0);
            builder.note(near, self.contents[at], self.records[at], kind);
        }
        builder.ordered().with_sides(self.sides.clone())
    }

    /// The rows of one kind, ascending.
    pub(crate) fn rows_of(&self, kind: Kind) -> Vec<u32> {
        (0..self.len() as u32).filter(|row| self.kind(*row) == kind).collect()
    }
}

/// Given and family names share a pool, so that swapped names compare as numbers.
#[inline]
fn pool_of(aspect: Aspect) -> usize {
    if aspect == Aspect::Family { Aspect::Given.index() } else { aspect.index() }
}

/// Where in a record the values of each pool lie.
fn places_of_pools(shape: &Shape) -> Vec<Vec<Range<usize>>> {
    let mut places = vec![Vec::new(); Aspect::ALL.len()];
    for aspect in Aspect::ALL {
        places[pool_of(aspect)].push(shape.slots(aspect));
    }
    places
}

/// Collects records into [`Columns`]. Records may come in any order.
pub struct ColumnsBuilder {
    pub(super) layout: Layout,
    /// What each record is near to, a hash of its content, the record, and its place in the order
    /// of input.
    pub(super) order: Vec<(u64, u64, RecordId, u32)>,
    pub(super) kinds: Vec<(Kind, u8)>,
    pub(super) values: Vec<ValueId>,
    pub(super) pools: Vec<Interner>,
    /// The pool of each of a record's values.
    slots: Vec<usize>,
    /// How many of the first records stand in the order of columns.
    settled: usize,
}

impl ColumnsBuilder {
    /// An empty builder for records of a workspace with these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self::of_layout(Layout::new(settings))
    }

    pub(super) fn of_layout(layout: Layout) -> Self {
        let shape = Shape::new(&layout);
        let pools =
            |aspect: &Aspect| std::iter::repeat_n(pool_of(*aspect), shape.slots(*aspect).len());
        Self {
            slots: Aspect::ALL.iter().flat_map(pools).collect(),
            settled: 0,
            layout,
            order: Vec::new(),
            kinds: Vec::new(),
            values: Vec::new(),
            pools: Aspect::ALL.iter().map(|_| Interner::new()).collect(),
        }
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Adds a record. Each record is added once.
    pub fn push(&mut self, record: RecordId, values: &Values) {
        let reader = RecordReader::of_layout(self.layout.clone());
        let mut read = ReadRecords::default();
        reader.read(record, values, &mut read);
        self.add(&read);
    }

    /// As [`ColumnsBuilder::push`], for records that were read on another thread.
    pub fn add(&mut self, read: &ReadRecords) {
        for (text, pool) in read.texts().zip(self.slots.iter().cycle()) {
            self.values.push(self.pools[*pool].intern(text));
        }
        self.note_all(read);
    }

    /// As [`ColumnsBuilder::add`], for few records beside those that came back from a snapshot.
    pub fn add_few(&mut self, few: &[ReadRecords]) {
        let slots = &self.slots;
        let in_order = || few.iter().flat_map(ReadRecords::texts).zip(slots.iter().cycle());
        let of_pool = |(own, pool): (usize, &mut Interner)| {
            let texts = in_order().filter(|(_, slot)| **slot == own);
            pool.intern_few(texts.map(|(text, _)| text)).into_iter()
        };
        let mut numbers: Vec<_> = self.pools.par_iter_mut().enumerate().map(of_pool).collect();
        let values = in_order().filter_map(|(_, slot)| numbers[*slot].next());
        self.values.extend(values);
        few.iter().for_each(|read| self.note_all(read));
    }

    fn note_all(&mut self, read: &ReadRecords) {
        for ReadRecord { record, kind, near, content } in &read.records {
            self.note(*near, *content, *record, *kind);
        }
    }

    fn note(&mut self, near: u64, content: u64, record: RecordId, kind: (Kind, u8)) {
        self.order.push((near, content, record, self.order.len() as u32));
        self.kinds.push(kind);
    }

    /// Takes out the records that are not to be kept.
    pub fn retain(&mut self, keep: impl Fn(RecordId) -> bool) {
        let width = self.width();
        let mut kept = 0;
        for at in 0..self.order.len() {
            let (near, content, record, _) = self.order[at];
            if keep(record) {
                self.order[kept] = (near, content, record, kept as u32);
                self.kinds[kept] = self.kinds[at];
                self.values.copy_within(at * width..(at + 1) * width, kept * width);
                kept += 1;
            }
        }
        self.order.truncate(kept);
        self.kinds.truncate(kept);
        self.values.truncate(kept * width);
        self.settle_as_they_stand();
    }

    /// Puts the records into the order of columns, so that laying these out, or those made of their
    /// snapshot, needs not.
    pub fn settle(&mut self) {
        self.sort();
        let order: Vec<u32> = self.order.iter().map(|(.., place)| *place).collect();
        let width = self.width();
        reorder(&mut self.values, width, &order);
        self.kinds = order.iter().map(|place| self.kinds[*place as usize]).collect();
        self.order.iter_mut().zip(0..).for_each(|((.., place), at)| *place = at);
        self.settled = self.order.len();
    }

    /// Sees how far the records stand in the order of columns already.
    pub(super) fn settle_as_they_stand(&mut self) {
        let in_order = self.order.windows(2).take_while(|pair| pair[0] <= pair[1]).count();
        self.settled = (in_order + 1).min(self.order.len());
    }

    fn sort(&mut self) {
        self.order[self.settled..].par_sort_unstable();
        if self.settled > 0 {
            // Two runs, which this merges.
            self.order.sort();
        }
    }

    /// Values of one record.
    pub(super) fn width(&self) -> usize {
        Shape::new(&self.layout).width()
    }

    /// Whether every value is one of its pool.
    pub(super) fn values_are_known(&self) -> bool {
        let limits: Vec<usize> =
            self.slots.iter().map(|pool| self.pools[*pool].pool().len()).collect();
        let known = |record: &[ValueId]| {
            record.iter().zip(&limits).all(|(value, limit)| (*value as usize) < *limit)
        };
        limits.is_empty() || self.values.par_chunks_exact(limits.len()).all(known)
    }

    /// The columns, in which values that identify nobody are left out.
    #[must_use]
    pub fn finish(self) -> Columns {
        let mut columns = self.ordered();
        let crowded = crowd::crowded(&columns);
        columns.leave_out(crowded);
        columns
    }

    /// The columns to be seen under a model: the values that it leaves out are left out. Values keep
    /// their numbers: where few records are compared, numbering them by nearness costs more than it
    /// spares.
    #[must_use]
    pub fn finish_under(self, model: &Model, fingerprinter: &Fingerprinter) -> Columns {
        let mut columns = self.finish_whole();
        model.leave_out(&mut columns, fingerprinter);
        columns
    }

    /// The columns with all their values, those that identify nobody as well.
    pub(super) fn finish_whole(self) -> Columns {
        self.laid_out(|_, _, pools, _| pools)
    }

    fn ordered(self) -> Columns {
        self.laid_out(nearness::renumber)
    }

    fn laid_out(
        mut self,
        number: impl FnOnce(&mut [ValueId], usize, Vec<Pool>, &[Vec<Range<usize>>]) -> Vec<Pool>,
    ) -> Columns {
        self.sort();
        let Self { layout, order, kinds, mut values, pools, .. } = self;
        let pools: Vec<Pool> = pools.into_iter().map(Interner::into_pool).collect();
        let records = order.iter().map(|(.., record, _)| *record).collect();
        let contents = order.iter().map(|(_, content, ..)| *content).collect();
        let order: Vec<u32> = order.into_iter().map(|(.., place)| place).collect();
        let shape = Shape::new(&layout);
        reorder(&mut values, shape.width(), &order);
        let pools = number(&mut values, shape.width(), pools, &places_of_pools(&shape));
        let facts = Facts::new(&pools);
        let is_gender = |field| layout.of(FieldType::Gender).any(|own| own == field);
        let plain = layout.plain().enumerate();
        let genders = plain.filter(|(_, field)| is_gender(*field)).map(|(slot, _)| slot).collect();
        Columns {
            layout,
            records,
            contents,
            kinds: order.iter().map(|place| kinds[*place as usize].0).collect(),
            bearers: order.iter().map(|place| Bearer(kinds[*place as usize].1)).collect(),
            shape,
            values,
            pools,
            facts,
            crowded: Vec::new(),
            genders,
            sides: Sides::default(),
        }
    }
}

/// Puts records of `width` values into another order, without a second copy of them all:
/// `order` names the place each one comes from.
fn reorder(values: &mut [ValueId], width: usize, order: &[u32]) {
    if width == 0 {
        return;
    }
    let mut done = vec![false; order.len()];
    let mut first = vec![0; width];
    for start in 0..order.len() {
        if done[start] {
            continue;
        }
        first.copy_from_slice(&values[start * width..][..width]);
        let mut at = start;
        loop {
            done[at] = true;
            let from = order[at] as usize;
            if from == start {
                break;
            }
            values.copy_within(from * width..(from + 1) * width, at * width);
            at = from;
        }
        values[at * width..][..width].copy_from_slice(&first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{FieldName, Value};

    #[test]
    fn few_records_added_to_settled_ones_lie_as_all_of_them_do() {
        let settings = super::super::tests::settings();
        let values = |number: u32| {
            let names = ["Anna Weber", "Bo Lind", "Carla Diaz", "Anna Webber", "Dan Ode"];
            let name = Value::as_delivered(names[number as usize % names.len()]);
            let email = Value::as_delivered(format!("{}@example.com", number / 3));
            Values::from_iter(
                [("full_name", name), ("email", email)]
                    .map(|(field, value)| (FieldName::new(field), value)),
            )
        };
        let mut all = ColumnsBuilder::new(&settings);
        (0..40).for_each(|number| all.push(RecordId(number), &values(number)));
        let mut known = ColumnsBuilder::new(&settings);
        (0..37).for_each(|number| known.push(RecordId(number), &values(number)));
        known.settle();
        assert_eq!(known.settled, 37);
        let mut snapshot = super::super::SnapshotReader::new(&settings);
        known.write(|piece| snapshot.take(&piece).ok_or(())).unwrap();
        let mut known = snapshot.finish().unwrap();
        assert_eq!(known.settled, 37);
        known.retain(|record| record != RecordId(20));
        let reader = RecordReader::new(&settings);
        let few = [[20, 37].as_slice(), &[38, 39]].map(|numbers| {
            let mut read = ReadRecords::default();
            numbers.iter().for_each(|it| reader.read(RecordId(*it), &values(*it), &mut read));
            read
        });
        known.add_few(&few);
        let (all, known) = (all.ordered(), known.ordered());
        assert_eq!(all.records, known.records);
        for row in 0..40 {
            for aspect in Aspect::ALL {
                let texts = |columns: &Columns| -> Vec<String> {
                    let values = columns.row(aspect, row);
                    values.iter().map(|value| columns.text(aspect, *value).to_owned()).collect()
                };
                assert_eq!(texts(&all), texts(&known));
            }
        }
    }

    #[test]
    fn records_move_with_all_their_values() {
        let mut values = vec![10, 11, 20, 21, 30, 31, 40, 41, 50, 51];
        reorder(&mut values, 2, &[3, 0, 2, 4, 1]);
        assert_eq!(values, [40, 41, 10, 11, 30, 31, 50, 51, 20, 21]);
    }
}
