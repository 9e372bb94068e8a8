//! What a record is about.

use serde::{Deserialize, Serialize};

/// What a record is about; records of different kinds are never the same customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person; also a record without any name.
    Person,
    /// A record with an organisation's name and no person's.
    Organisation,
}
