//! One field's value in a source record: what was delivered and what it was read as.

use compact_str::CompactString;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::FieldName;

/// A delivered value beside its harmonised form. Never empty: an absent field has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    raw: CompactString,
    reading: Reading,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reading {
    AsDelivered,
    Standardised(CompactString),
    Unreadable,
}

impl Value {
    /// A value read as `standard`.
    pub fn standardised(raw: impl AsRef<str>, standard: impl AsRef<str>) -> Self {
        let reading = if raw.as_ref() == standard.as_ref() {
            Reading::AsDelivered
        } else {
            Reading::Standardised(CompactString::new(standard))
        };
        Self { raw: CompactString::new(raw), reading }
    }

    /// A value that is its own standard form.
    pub fn as_delivered(raw: impl AsRef<str>) -> Self {
        Self { raw: CompactString::new(raw), reading: Reading::AsDelivered }
    }

    /// A value that its type's harmoniser could not read: it stays as it came.
    pub fn unreadable(raw: impl AsRef<str>) -> Self {
        Self { raw: CompactString::new(raw), reading: Reading::Unreadable }
    }

    /// The value as the source delivered it.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The harmonised value, where the raw one could be read.
    #[must_use]
    pub fn standard(&self) -> Option<&str> {
        match &self.reading {
            Reading::AsDelivered => Some(&self.raw),
            Reading::Standardised(standard) => Some(standard),
            Reading::Unreadable => None,
        }
    }

    /// The harmonised value, else the raw one: what a person is shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.standard().unwrap_or(&self.raw)
    }

    /// Whether the harmoniser of the field's type could read it.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.reading != Reading::Unreadable
    }
}

/// Stored as `"x"`, `["raw","standard"]` or `["raw"]` for an unreadable value.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.reading {
            Reading::AsDelivered => serializer.serialize_str(&self.raw),
            Reading::Standardised(standard) => (&self.raw, standard).serialize(serializer),
            Reading::Unreadable => (&self.raw,).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;
        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text, or a list of a raw and a standard text")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value::as_delivered(text))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<Value, A::Error> {
                let raw: CompactString = list
                    .next_element()?
                    .ok_or_else(|| serde::de::Error::custom("an empty value"))?;
                let standard: Option<CompactString> = list.next_element()?;
                Ok(match standard {
                    Some(standard) => Value::standardised(raw, standard),
                    None => Value::unreadable(raw),
                })
            }
        }
        deserializer.deserialize_any(ValueVisitor)
    }
}

/// Fields that are looked through one after the other: matching asks for a field dozens of times a record.
const FEW: usize = 16;

/// The values of one record, at most one a field, kept in the order of field names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values(Vec<(FieldName, Value)>);

impl Values {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No values, with room for so many.
    #[must_use]
    pub fn with_capacity(fields: usize) -> Self {
        Self(Vec::with_capacity(fields))
    }

    /// The value of `field`.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        if self.0.len() <= FEW {
            // Names are told by their lengths, mostly.
            let own = self.0.iter().find(|(name, _)| name.as_str() == field);
            return own.map(|(_, value)| value);
        }
        let at = self.0.binary_search_by(|(name, _)| name.as_str().cmp(field)).ok()?;
        Some(&self.0[at].1)
    }

    /// The harmonised value of `field`, where there is one that could be read.
    #[must_use]
    pub fn standard(&self, field: &str) -> Option<&str> {
        self.get(field).and_then(Value::standard)
    }

    /// Sets `field`, replacing what was there.
    pub fn set(&mut self, field: FieldName, value: Value) {
        if self.0.last().is_none_or(|(last, _)| *last < field) {
            // They nearly always come in their order.
            self.0.push((field, value));
            return;
        }
        match self.0.binary_search_by(|(name, _)| name.cmp(&field)) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (field, value)),
        }
    }

    /// Takes `field` out.
    pub fn remove(&mut self, field: &str) -> Option<Value> {
        let at = self.0.binary_search_by(|(name, _)| name.as_str().cmp(field)).ok()?;
        Some(self.0.remove(at).1)
    }

    /// Every field with a value, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldName, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// How many fields have a value.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no field has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(FieldName, Value)> for Values {
    fn from_iter<I: IntoIterator<Item = (FieldName, Value)>>(pairs: I) -> Self {
        let mut values = Values::new();
        for (field, value) in pairs {
            values.set(field, value);
        }
        values
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, value) in &self.0 {
            map.serialize_entry(field, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValuesVisitor;
        impl<'de> Visitor<'de> for ValuesVisitor {
            type Value = Values;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map of fields to values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
                let mut values = Values::new();
                while let Some((field, value)) = map.next_entry()? {
                    values.set(field, value);
                }
                Ok(values)
            }
        }
        deserializer.deserialize_map(ValuesVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reading_survives_its_stored_form() {
        for value in [
            Value::as_delivered("x"),
            Value::standardised("(217) 555", "+1217555"),
            Value::unreadable("n/a?"),
        ] {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
        }
    }

    #[test]
    fn a_value_equal_to_its_standard_is_as_delivered() {
        assert_eq!(Value::standardised("x", "x"), Value::as_delivered("x"));
    }
}
