//! What people insist on: fields that make two records one, pairs that are never linked, weights
//! that are not learned.
//!
//! - *Same*: records that agree in all fields of such a rule are linked, whatever they score and
//!   whether or not a blocking rule brings them together ([`insist`]). Something that contradicts
//!   leaves the merge to a person; so does a decision against it. Values that break a rule of
//!   severity `error` do not come here at all, and a value that more than [`MOST_HOLDERS`] records
//!   hold is nobody's own.
//! - *Never*: which sides of such rules hold of a record is found out by whoever reads records
//!   ([`Sides`]), since columns know no source. Such a pair scores nothing and is kept apart like
//!   one that people decided about; only what people merge stands.
//! - *Pinned weights* are part of the model, so that scores can be explained later ([`pinned`]).

use std::collections::HashMap;
use std::sync::Arc;

use domain::{FieldName, FieldType, RecordId};
use settings::Settings;

use super::cluster::Link;
use super::columns::Columns;
use super::compare::Cache;
use super::earn::Grounds;
use super::hash::mix;
use super::layout::{Aspect, Layout};
use super::model::ComparisonModel;
use super::score::Scorer;
use super::weight::Millibits;

/// A value that more records hold makes nobody one.
pub const MOST_HOLDERS: usize = 50;

/// The weight of what people say is one: nothing else outweighs it.
const SURE: Millibits = Millibits(40_000);
/// The weight of what people say is never one.
const APART: Millibits = Millibits(-100_000);

/// What `steward.toml` insists on, as matching reads it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ByHand {
    same: Vec<SameRule>,
    pins: Vec<(FieldName, [Option<Millibits>; 2])>,
}

/// A rule, and where in a record the values lie that must agree.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SameRule {
    words: String,
    values: Vec<(Aspect, usize)>,
}

impl ByHand {
    /// What the settings say of the fields of a layout.
    pub(crate) fn new(settings: &Settings, layout: &Layout) -> Self {
        let rule = |fields: &Vec<FieldName>| {
            let places: Option<Vec<_>> =
                fields.iter().map(|it| place(settings, layout, it)).collect();
            let words: Vec<&str> = fields.iter().map(FieldName::as_str).collect();
            Some(SameRule { words: words.join(", "), values: places? })
        };
        let bits = |bits: Option<f64>| bits.map(Millibits::of);
        Self {
            same: settings.by_hand.same.iter().filter_map(rule).collect(),
            pins: settings
                .by_hand
                .weights
                .iter()
                .map(|it| (it.field.clone(), [bits(it.same), bits(it.different)]))
                .collect(),
        }
    }
}

/// Where in a record the value of a field lies.
fn place(settings: &Settings, layout: &Layout, field: &FieldName) -> Option<(Aspect, usize)> {
    let own = settings.field(field.as_str())?.field_type;
    let aspect = match own {
        FieldType::GivenName => Aspect::Given,
        FieldType::FamilyName => Aspect::Family,
        FieldType::FullName => Aspect::Full,
        FieldType::OrganisationName => Aspect::Organisation,
        FieldType::DateOfBirth => Aspect::Birth,
        FieldType::Email => Aspect::Email,
        FieldType::Phone => Aspect::Phone,
        FieldType::NationalId => Aspect::NationalId,
        FieldType::Identifier => Aspect::Identifier,
        FieldType::Street => Aspect::Street,
        FieldType::Postcode => Aspect::Postcode,
        FieldType::City => Aspect::City,
        FieldType::Region => Aspect::Region,
        _ => Aspect::Plain,
    };
    let slot = match aspect {
        // One text is made of all fields of a name.
        Aspect::Given | Aspect::Family | Aspect::Full | Aspect::Organisation => 0,
        Aspect::Plain => layout.plain().position(|it| it == field)?,
        _ => layout.of(own).position(|it| it == field)?,
    };
    (slot < layout.slots(aspect)).then_some((aspect, slot))
}

/// What people insist on of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Stated {
    /// Nothing.
    #[default]
    Nothing,
    /// They are one.
    Same,
    /// They are never linked.
    Never,
}

impl Stated {
    /// Of two rows.
    pub(crate) fn of(columns: &Columns, a: u32, b: u32) -> Self {
        if columns.sides().apart(columns.record(a), columns.record(b)) {
            Self::Never
        } else if rule(columns, a, b).is_some() {
            Self::Same
        } else {
            Self::Nothing
        }
    }

    /// A pair's weight, given what is insisted on.
    pub(crate) fn settled(self, weight: Millibits) -> Millibits {
        match self {
            Self::Nothing => weight,
            Self::Same => weight.max(SURE),
            Self::Never => APART,
        }
    }
}

fn rule(columns: &Columns, a: u32, b: u32) -> Option<&SameRule> {
    let agree = |(aspect, slot): &(Aspect, usize)| {
        let (one, other) = (columns.row(*aspect, a)[*slot], columns.row(*aspect, b)[*slot]);
        one != 0 && one == other
    };
    columns.layout.by_hand.same.iter().find(|rule| rule.values.iter().all(agree))
}

/// The rule that makes two rows one, in words.
pub(crate) fn rule_in_words(columns: &Columns, a: u32, b: u32) -> Option<String> {
    rule(columns, a, b).map(|rule| format!("steward.toml: same {} means one customer", rule.words))
}

/// Which sides of the rules with `never` hold of records: two bits for each rule. Records of which
/// none holds are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sides(Arc<HashMap<RecordId, u32>>);

impl FromIterator<(RecordId, u32)> for Sides {
    fn from_iter<T: IntoIterator<Item = (RecordId, u32)>>(sides: T) -> Self {
        Self(Arc::new(sides.into_iter().filter(|(_, bits)| *bits != 0).collect()))
    }
}

impl Sides {
    /// Whether a rule keeps two of these records apart.
    #[must_use]
    pub fn part(&self, records: &[RecordId]) -> bool {
        let is_parted = |(at, one): (usize, &RecordId)| {
            records[at + 1..].iter().any(|other| self.apart(*one, *other))
        };
        !self.0.is_empty() && records.iter().enumerate().any(is_parted)
    }

    fn apart(&self, left: RecordId, right: RecordId) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let (Some(left), Some(right)) = (self.0.get(&left), self.0.get(&right)) else {
            return false;
        };
        /// The first side of every rule.
        const FIRST: u32 = 0x5555_5555;
        (left & (right >> 1) | (left >> 1) & right) & FIRST != 0
    }
}

/// Rows that agree in all fields of a rule, found by their values.
pub(crate) struct Blocks<'a> {
    columns: &'a Columns,
    /// For each rule, a hash of the values and the row, sorted.
    rules: Vec<Vec<(u64, u32)>>,
}

impl<'a> Blocks<'a> {
    /// Of all rows.
    pub(crate) fn new(columns: &'a Columns) -> Self {
        let rules = columns.layout.by_hand.same.iter().map(|rule| {
            let rows = 0..columns.len() as u32;
            let mut entries: Vec<(u64, u32)> =
                rows.filter_map(|row| Some((key(columns, rule, row)?, row))).collect();
            entries.sort_unstable();
            entries
        });
        Self { columns, rules: rules.collect() }
    }

    /// Adds the rows that are one with a row, itself perhaps among them.
    pub(crate) fn partners(&self, row: u32, into: &mut Vec<u32>) {
        for (rule, entries) in self.columns.layout.by_hand.same.iter().zip(&self.rules) {
            let Some(key) = key(self.columns, rule, row) else { continue };
            let start = entries.partition_point(|(own, _)| *own < key);
            let block = entries[start..].iter().take_while(|(own, _)| *own == key);
            if block.clone().count() <= MOST_HOLDERS {
                into.extend(block.map(|(_, row)| *row));
            }
        }
    }

    /// Every pair of rows, each once.
    fn pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for entries in &self.rules {
            for block in entries.chunk_by(|a, b| a.0 == b.0) {
                if block.len() <= MOST_HOLDERS {
                    for (at, (_, a)) in block.iter().enumerate() {
                        pairs.extend(block[at + 1..].iter().map(|(_, b)| (*a, *b)));
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

/// A hash of what a rule looks at in a row; none where a value is missing.
fn key(columns: &Columns, rule: &SameRule, row: u32) -> Option<u64> {
    let start = columns.kind(row) as u64;
    rule.values.iter().try_fold(start, |key, (aspect, slot)| {
        let value = columns.row(*aspect, row)[*slot];
        (value != 0).then(|| mix(key, u64::from(value)))
    })
}

/// Links as people insist on them: those they rule out are gone, those they demand are there. `links`
/// are of one kind of record, ascending, and so are those it gives.
pub(crate) fn insist(scorer: &Scorer<'_>, mut links: Vec<Link>) -> Vec<Link> {
    let columns = scorer.columns;
    links.retain(|link| !link.grounds.is_never());
    if columns.layout.by_hand.same.is_empty() {
        return links;
    }
    links.iter_mut().for_each(|link| link.weight = link.grounds.settled(link.weight));
    let (mut cache, mut levels, mut brought) = (Cache::new(), Vec::new(), Vec::new());
    for (a, b) in Blocks::new(columns).pairs() {
        let is_known = links.binary_search_by_key(&(a, b), |link| (link.a, link.b)).is_ok();
        if is_known || columns.kind(a) != scorer.model.kind {
            continue;
        }
        scorer.grade_into(a, b, &mut cache, &mut levels);
        let grounds = Grounds::read(scorer.model, columns, &levels, a, b);
        // Two hashes may be one though the values are not.
        if grounds.is_same() {
            let weight = grounds.settled(scorer.assess(&levels, a, b).weight);
            brought.push(Link { a, b, weight, grounds });
        }
    }
    links.extend(brought);
    links.sort_unstable_by_key(|link| (link.a, link.b));
    links
}

/// What a model learned, with the weights that are pinned beside it.
pub(crate) fn pinned(layout: &Layout, mut learned: Vec<ComparisonModel>) -> Vec<ComparisonModel> {
    for (field, [same, different]) in &layout.by_hand.pins {
        let own = learned.iter_mut().filter(|it| it.comparison.fields.contains(field));
        for comparison in own {
            if let [first, .., last] = comparison.levels.as_mut_slice() {
                first.pinned = *same;
                last.pinned = *different;
            }
        }
    }
    learned
}
