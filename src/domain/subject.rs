//! What a decision, a history or an error is about.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::InvalidId;
use super::{BulkId, CustomerId, DecisionId, ImportId, RecordAddress, TaskId};

/// Anything a person can name on the command line or in the finder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A source record, `crm:1042`.
    Record(RecordAddress),
    /// A customer, `C17`.
    Customer(CustomerId),
    /// A task, `T9`.
    Task(TaskId),
    /// A decision, `D31`.
    Decision(DecisionId),
    /// A bulk of decisions, `B7`.
    Bulk(BulkId),
    /// An import, or a reread, `I5`.
    Import(ImportId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Record(address) => address.fmt(f),
            Subject::Customer(id) => id.fmt(f),
            Subject::Task(id) => id.fmt(f),
            Subject::Decision(id) => id.fmt(f),
            Subject::Bulk(id) => id.fmt(f),
            Subject::Import(id) => id.fmt(f),
        }
    }
}

impl FromStr for Subject {
    type Err = InvalidId;

    /// A text with a colon is a record; else its letter tells.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if text.contains(':') {
            return text.parse().map(Subject::Record);
        }
        text.parse()
            .map(Subject::Customer)
            .or_else(|_| text.parse().map(Subject::Task))
            .or_else(|_| text.parse().map(Subject::Decision))
            .or_else(|_: InvalidId| text.parse().map(Subject::Bulk))
            .or_else(|_: InvalidId| text.parse().map(Subject::Import))
            .map_err(|_| InvalidId {
                text: text.to_owned(),
                expected: "a record (crm:1042), customer (C17), task (T9), decision (D31), bulk (B7) or \
                           import (I5)",
            })
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
