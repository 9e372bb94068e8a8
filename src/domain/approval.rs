//! Decisions that wait for another person's consent, and those that did not wait for it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FieldName, Fingerprint, TaskId, Verdict};

/// Who may approve.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// Whoever has this role.
    Role(String),
    /// Whoever has a role with this verb.
    Verb(String),
}

/// In few words: `lead`, `whoever may grant`.
impl fmt::Display for Approver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Approver::Role(role) => f.write_str(role),
            Approver::Verb(verb) => write!(f, "whoever may {verb}"),
        }
    }
}

/// Somebody who had a hand in a proposal, and whatever else tells that somebody is the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// What the ledger called them then.
    pub person: String,
    /// The fingerprints of their keys then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The Unix user they came as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unix: Option<String>,
}

impl Author {
    /// Whether both are one person, under whatever name: by name, by a key, or by the Unix user.
    #[must_use]
    pub fn is_same_as(&self, other: &Author) -> bool {
        self.person == other.person
            || self.keys.iter().any(|key| other.keys.contains(key))
            || (self.unix.is_some() && self.unix == other.unix)
    }
}

/// A verdict that somebody else has to approve before it does anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// The verdict that is proposed.
    pub verdict: Verdict,
    /// What was asked for, whole, as JSON; empty once it was erased with somebody it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request: String,
    /// The fields that it sets, removes or leaves to the sources again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldName>,
    /// Who may approve it.
    pub by: Approver,
    /// The rule that asked for it, as it was written; empty where no rule of the settings did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The days within which it is to be approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<u32>,
    /// What it would have come to when it was proposed, under the workspace's key.
    pub digest: Fingerprint,
    /// The task that asks for the approval.
    pub task: TaskId,
    /// Whoever proposed it, and whoever proposed what it took the place of.
    pub authors: Vec<Author>,
}

/// That a verdict which needs approval was given without: it is reviewed afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenGlass {
    /// Why it could not wait; empty once it was erased.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who reviews it.
    pub by: Approver,
    /// The rule that asked for approval, as it was written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The days within which it is to be reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<u32>,
    /// The task that asks for the review.
    pub task: TaskId,
    /// Whoever decided, and whoever proposed it before.
    pub authors: Vec<Author>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_the_same_by_name_by_key_and_by_unix_user() {
        let author = |person: &str, keys: &[&str], unix: Option<&str>| Author {
            person: person.to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            unix: unix.map(ToOwned::to_owned),
        };
        let kim = author("kim", &["K1", "K2"], Some("u-kim"));
        for (other, same) in [
            (author("kim", &[], None), true),
            (author("kim2", &["K2"], None), true),
            (author("kim2", &[], Some("u-kim")), true),
            (author("lee", &["K3"], Some("u-lee")), false),
            (author("lee", &[], None), false),
        ] {
            assert_eq!((kim.is_same_as(&other), other.is_same_as(&kim)), (same, same), "{other:?}");
        }
        // Nobody is somebody for having no Unix user as well.
        assert!(!author("sam", &[], None).is_same_as(&author("lee", &[], None)));
    }
}
