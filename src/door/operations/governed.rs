//! What is governed of a customer: what it permitted, whether it is held, and how long it is kept.

use serde::{Deserialize, Serialize};

use domain::{CustomerId, Lapse, ReasonCode, TaskId};

/// How a customer stands to each purpose that rests on consent, and what its records say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The customer; a retired id is followed.
    pub customer: CustomerId,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// The holds that stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holds {}

/// Which customers the rules of retention would erase, and what keeps the others; writes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeseeRetention {
    /// How far ahead customers are listed that become due.
    pub warn: Lapse,
}

/// Erases the customers that the rules of retention erase, in one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retain {
    /// The customers that were listed beforehand, if some were: others are left for the next time.
    pub listed: Option<Vec<CustomerId>>,
    /// Why, from the closed list; `retention` if none is given.
    pub reason: Option<ReasonCode>,
}

/// Requests of persons, those due first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Requests {
    /// Only this one.
    #[serde(default)]
    pub task: Option<TaskId>,
    /// Only those of a customer.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// Only those whose last day is near or has passed.
    #[serde(default)]
    pub due: bool,
    /// Closed ones as well.
    #[serde(default)]
    pub closed: bool,
}
