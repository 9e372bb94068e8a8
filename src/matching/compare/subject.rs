//! What is compared: a row of the table, and which field where each field is compared by itself.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::columns::Columns;
use super::{Cache, ComparisonSpec, TABLE};

/// What is compared. In models that are kept it is the comparison's key (`"birth"`), with a slot
/// where there is one (`{"plain": 0}`).
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    spec: &'static ComparisonSpec,
    slot: Option<u8>,
}

impl Subject {
    /// Of all fields.
    pub(crate) const fn of(spec: &'static ComparisonSpec) -> Self {
        Self { spec, slot: None }
    }

    /// Of one field, by its place among those that are compared so.
    pub(crate) const fn in_slot(self, slot: u8) -> Self {
        Self { slot: Some(slot), ..self }
    }

    /// The level of two rows, counted from 1; 0 when a value to compare is missing.
    #[inline]
    pub(crate) fn grade(self, columns: &Columns, a: u32, b: u32, cache: &mut Cache) -> u8 {
        (self.spec.grade)(columns, self.slot.unwrap_or_default(), a, b, cache)
    }
}

/// What the comparison says about itself.
impl Deref for Subject {
    type Target = ComparisonSpec;

    fn deref(&self) -> &ComparisonSpec {
        self.spec
    }
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        self.spec.key == other.spec.key && self.slot == other.slot
    }
}

impl Eq for Subject {}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.slot {
            None => f.write_str(self.spec.key),
            Some(slot) => write!(f, "{}({slot})", self.spec.key),
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.slot {
            None => serializer.serialize_str(self.spec.key),
            Some(slot) => BTreeMap::from([(self.spec.key, slot)]).serialize(serializer),
        }
    }
}

/// As it is written down.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Whole(String),
    InSlot(BTreeMap<String, u8>),
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (key, slot) = match Written::deserialize(deserializer)? {
            Written::Whole(key) => (key, None),
            Written::InSlot(mut one) => match (one.pop_first(), one.is_empty()) {
                (Some((key, slot)), true) => (key, Some(slot)),
                _ => return Err(D::Error::custom("a comparison has one key")),
            },
        };
        let spec = TABLE.into_iter().find(|spec| spec.key == key);
        spec.map(|spec| Self { spec, slot })
            .ok_or_else(|| D::Error::custom(format!("no comparison is called `{key}`")))
    }
}
