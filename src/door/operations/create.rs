//! A record made by hand, and who is like it already.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use domain::{CustomerId, FieldName, SourceName};

/// Makes a record of a source by hand: an import of one row, told, judged, undone and erased like any
/// other. A later delivery of its source that does not hold it leaves it alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    /// The source, as in `steward.toml`.
    pub source: SourceName,
    /// Its key there, which no record has yet.
    pub key: String,
    /// Its values, as typed.
    pub values: BTreeMap<FieldName, String>,
    /// Say what would be made, but write nothing.
    pub dry_run: bool,
}

/// Which of some customers, found by name, have values that are typed for a new record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// The values, as typed.
    pub values: BTreeMap<FieldName, String>,
    /// The customers, the likeliest first.
    pub customers: Vec<CustomerId>,
}

/// Without the values.
impl std::fmt::Debug for Create {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Create")
            .field("source", &self.source)
            .field("fields", &self.values.len())
            .field("dry_run", &self.dry_run)
            .finish_non_exhaustive()
    }
}

/// Without the values.
impl std::fmt::Debug for Alike {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Alike").field("customers", &self.customers).finish_non_exhaustive()
    }
}
