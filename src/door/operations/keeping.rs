//! Keeping the workspace: its keys, what is held on one person, and a person's erasure.

use serde::{Deserialize, Serialize};

use super::Destination;
use domain::{AccessNoted, CustomerId, ReasonCode, RecordAddress, TaskId};

/// The workspace's keys, and how much is encrypted with each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {}

/// Whether the keys can be changed so; answered with the keys as they are. Nobody is asked for a
/// passphrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeseeKeys {
    /// The change.
    pub change: KeyChange,
}

/// Changes the keys; answered with the keys as they are then. A passphrase never comes through the
/// door: the desk's environment asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeKeys {
    /// The change.
    pub change: KeyChange,
}

/// A change of the keys that rewrites no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyChange {
    /// They are protected with a passphrase, or with another one.
    Passphrase,
    /// They are protected by a key file outside the workspace.
    KeyFile,
    /// There is one more, which new data is encrypted with.
    Rotate,
}

/// What [`Rekey`] would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeseeRekey {}

/// Rewrites everything with a new key and drops the old ones. Stopped, it leaves a workspace that can
/// be used as before; begun again, it goes on where it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rekey {}

/// Records that something became of what a person logs in with. That a recovery code was used, or that somebody is
/// locked out, is recorded in their own name, by the server that let them in or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteAccess {
    /// What.
    pub noted: AccessNoted,
}

/// Whether whoever asks may do something that the server does for them; refused where not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admitted {
    /// The verb.
    pub verb: String,
}

/// Who may do what now, and what they did of late that others should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {}

/// Whose a record is, for a report on that person: what is held is told them whatever a steward is asked
/// again meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindPerson {
    /// One of the person's records.
    pub record: RecordAddress,
}

/// How much [`HandOver`] would write of what is held on one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeseeHandOver {
    /// The customer; a retired id is followed.
    pub customer: CustomerId,
}

/// Writes everything held on one person to the operation's outputs, and down that it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// The customer; a retired id is followed.
    pub customer: CustomerId,
    /// One for each output, in the same order.
    pub reports: Vec<SubjectFile>,
    /// The request that it answers: refused until it is known who asks, and recorded with it.
    #[serde(default)]
    pub request: Option<TaskId>,
}

/// A report on one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectFile {
    /// The name of its format.
    pub format: String,
    /// Where it goes, for the record.
    pub destination: Destination,
}

/// What an erasure would reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeseeErasure {
    /// The erasure.
    pub request: ErasureRequest,
}

/// Erases a person for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erase {
    /// The erasure.
    pub request: ErasureRequest,
}

/// Whom to erase, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureRequest {
    /// The customer; a retired id is followed.
    pub customer: CustomerId,
    /// Why, from the closed list.
    pub reason: Option<ReasonCode>,
    /// What is to be remembered about the erasure; it stays, so nothing about the person.
    pub note: Option<String>,
    /// The request that it is done for: refused until it is known who asks.
    #[serde(default)]
    pub request: Option<TaskId>,
}
