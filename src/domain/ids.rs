//! Identifiers: one newtype each, so that a task is never taken for a customer.

use std::fmt;
use std::str::FromStr;

use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not an identifier of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct InvalidId {
    /// The text as given.
    pub text: String,
    /// What was expected, with an example.
    pub expected: &'static str,
}

macro_rules! lettered_id {
    ($(#[$doc:meta])* $name:ident, $letter:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&lettered($letter, self.0))
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let digits = text.strip_prefix($letter).or_else(|| {
                    text.strip_prefix($letter.to_ascii_lowercase())
                });
                digits
                    .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
                    .and_then(|digits| digits.parse().ok())
                    .map($name)
                    .ok_or_else(|| InvalidId { text: text.to_owned(), expected: $expected })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = CompactString::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

fn lettered(letter: char, number: u32) -> CompactString {
    let mut text = CompactString::default();
    text.push(letter);
    text.push_str(&number.to_string());
    text
}

lettered_id!(
    /// A customer (golden record), `C17`. Never reused.
    CustomerId, 'C', "a customer such as C17"
);
lettered_id!(
    /// A task, `T9`. Outlives later matching runs.
    TaskId, 'T', "a task such as T9"
);
lettered_id!(
    /// A decision, `D31`.
    DecisionId, 'D', "a decision such as D31"
);
lettered_id!(
    /// The decisions taken together in one bulk, `B7`.
    BulkId, 'B', "a bulk such as B7"
);
lettered_id!(
    /// One import, `I3`; many commits share it.
    ImportId, 'I', "an import such as I3"
);
lettered_id!(
    /// One matching run, `M2`.
    MatchRunId, 'M', "a matching run such as M2"
);
lettered_id!(
    /// Settings that somebody proposed, `P3`.
    ProposalId, 'P', "a proposal such as P3"
);
lettered_id!(
    /// A census of joins that are asked about and granted together, `S4`.
    CensusId, 'S', "a census such as S4"
);

/// A source record's dense number: 0, 1, 2, … in order of first import.
///
/// People address a record as `source:key`; this number never leaves the program except inside
/// the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub u32);

impl RecordId {
    /// The number as an index into dense arrays.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The number of a commit in the ledger: 1, 2, 3, …; 0 means "before the first".
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Sequence(pub u64);

impl Sequence {
    /// Before anything was written.
    pub const ZERO: Sequence = Sequence(0);

    /// The number after this one.
    #[must_use]
    pub fn next(self) -> Sequence {
        Sequence(self.0 + 1)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(CompactString);

        impl $name {
            /// Wraps a text as it is.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(CompactString::new(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}
pub(crate) use name;

name!(
    /// The name of a field of the workspace: `email`.
    FieldName
);
name!(
    /// The id of a governance rule: `email-syntax`.
    RuleId
);
name!(
    /// A reason from the closed list of `steward.toml`: `household`.
    ReasonCode
);

impl CustomerId {
    /// Of whom nothing is held: no customer ever has this id.
    pub const NOBODY: CustomerId = CustomerId(0);
}
