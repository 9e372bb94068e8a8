//! How a group formed: its links and joins, in the model's numbers.

use serde::{Deserialize, Serialize};

use domain::RecordAddress;

/// How the records of a task or a customer came together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormationView {
    /// The task or customer.
    pub subject: String,
    /// What there was before: the customers of a task, the records of a customer.
    pub parts: Vec<PartView>,
    /// Pairs of records of different parts, most probable first.
    pub links: Vec<LinkView>,
    /// How the parts join, most probable first: average linkage.
    pub joins: Vec<JoinView>,
    /// The join that holds the group together least.
    pub weakest: Option<JoinView>,
    /// The review threshold: the mean a join needs without people's decisions.
    pub review: f64,
}

/// A part of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartView {
    /// The customer, `C17`, or the record.
    pub name: String,
    /// Its records.
    pub records: Vec<RecordAddress>,
}

/// A pair of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkView {
    /// One record.
    pub left: RecordAddress,
    /// The other.
    pub right: RecordAddress,
    /// Match probability.
    pub probability: f64,
    /// Sum of all weights, log2.
    pub match_weight: f64,
    /// The blocking rule that brings them together; `None` means no rule does.
    pub blocking: Option<String>,
    /// What the pair looks like most.
    pub looks_like: String,
}

/// Two parts that join.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JoinView {
    /// Names of the parts on one side.
    pub left: Vec<String>,
    /// On the other.
    pub right: Vec<String>,
    /// Mean match probability of the pairs between them.
    pub mean: f64,
    /// The most probable of these pairs.
    pub best: LinkView,
}
