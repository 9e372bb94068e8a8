//! Measures of a customer, and segments of customers.

use serde::{Deserialize, Serialize};

use domain::CustomerId;

/// What the measures of the settings say of a customer, and which segments it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// The customer.
    pub customer: CustomerId,
}

/// How many customers are in each segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segments {}

/// Who is in a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowSegment {
    /// Its name.
    pub segment: String,
    /// Another one: how many are in both, and of members only those who are.
    #[serde(default)]
    pub overlap: Option<String>,
    /// At most so many members; 0: only how many there are.
    pub limit: usize,
}
