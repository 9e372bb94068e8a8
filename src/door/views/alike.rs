//! Customers that are like a record somebody is about to make.

use serde::{Deserialize, Serialize};

use domain::{CustomerId, FieldName};

/// A customer, and what of the typed values it has: fields only, never a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlikeView {
    /// The customer.
    pub customer: CustomerId,
    /// Its name, as lists have it.
    pub subject: String,
    /// The fields in which one of its records says what was typed.
    pub agrees: Vec<FieldName>,
    /// The fields in which its records say something else.
    pub differs: Vec<FieldName>,
    /// Whether one of its records might be of the same one: matching would ask, or join them. Before the
    /// first run, whether several values agree.
    pub might_be_one: bool,
}
