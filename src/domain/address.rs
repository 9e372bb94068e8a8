//! Where a source record came from: `source:key`.

use std::fmt;
use std::str::FromStr;

use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::{InvalidId, name};

name!(
    /// A system that records come from: `crm`. Holds no colon.
    SourceName
);

/// A source record's address, `source:key`, split at the first colon.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordAddress {
    /// The system the record came from.
    pub source: SourceName,
    /// The record's key there; may hold colons and spaces.
    pub key: CompactString,
}

/// What stands for the key of an erased record.
const ERASED_KEY: &str = "(erased)";

impl RecordAddress {
    /// What is left of the address of an erased record: its source.
    #[must_use]
    pub fn erased(&self) -> Self {
        Self::new(&self.source, ERASED_KEY)
    }

    /// The address of `key` in `source`.
    pub fn new(source: &SourceName, key: impl AsRef<str>) -> Self {
        Self { source: source.clone(), key: CompactString::new(key) }
    }
}

impl fmt::Display for RecordAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}:{}", self.source, self.key))
    }
}

impl FromStr for RecordAddress {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        match text.split_once(':') {
            Some((source, key)) if !source.is_empty() && !key.is_empty() => {
                Ok(Self::new(&SourceName::new(source), key))
            }
            _ => Err(InvalidId {
                text: text.to_owned(),
                expected: "a source record such as crm:1042",
            }),
        }
    }
}

impl Serialize for RecordAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = self.source.as_str().len() + 1 + self.key.len();
        let mut text = CompactString::with_capacity(length);
        text.push_str(self.source.as_str());
        text.push(':');
        text.push_str(&self.key);
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for RecordAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = CompactString::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_first_colon() {
        let address: RecordAddress = "crm:a:b".parse().unwrap();
        assert_eq!((address.source.as_str(), address.key.as_str()), ("crm", "a:b"));
        assert_eq!(address.to_string(), "crm:a:b");
        assert!("crm".parse::<RecordAddress>().is_err());
        assert!(":1".parse::<RecordAddress>().is_err());
    }
}
