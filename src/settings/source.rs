//! `[sources.*]`.

use std::collections::BTreeMap;

use crate::domain::{FieldName, SourceName};

/// A system records come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name: no colon, no white space.
    pub name: SourceName,
    /// How far its values are trusted.
    pub trust: Trust,
    /// Who mends its data.
    pub owner: Option<String>,
    /// The column that holds the record's key; dots walk into nested JSON.
    pub key: String,
    /// The column that says when the record last changed there.
    pub updated: Option<String>,
    /// The columns each field is read from; several are joined with a space.
    pub map: Vec<(FieldName, Vec<String>)>,
}

/// How far a source is trusted, 0 (not at all) to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// For fields not named below.
    pub default: u8,
    /// For single fields.
    pub fields: BTreeMap<FieldName, u8>,
}

impl Trust {
    /// The trust in this source's values of `field`.
    #[must_use]
    pub fn of(&self, field: &str) -> u8 {
        self.fields.get(field).copied().unwrap_or(self.default)
    }
}
