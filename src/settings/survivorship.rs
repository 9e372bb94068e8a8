//! `[survivorship]`: how each golden value is chosen.

use std::collections::BTreeMap;

use crate::domain::FieldName;

/// The strategies of every field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survivorship {
    /// For fields not named below.
    pub default: Vec<Strategy>,
    /// For single fields.
    pub fields: BTreeMap<FieldName, Vec<Strategy>>,
    /// Fields that survive together, from one record.
    pub groups: Vec<FieldGroup>,
}

impl Default for Survivorship {
    fn default() -> Self {
        Self {
            default: vec![Strategy::Valid, Strategy::MostTrusted, Strategy::MostRecent],
            fields: BTreeMap::new(),
            groups: Vec::new(),
        }
    }
}

/// Fields that survive together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldGroup {
    /// The group's name: `address`.
    pub name: String,
    /// Its fields.
    pub fields: Vec<FieldName>,
    /// Its strategies.
    pub strategy: Vec<Strategy>,
}

/// One way to prefer values; each strategy breaks the ties of the one before, the lowest record
/// number the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Valid values before values with an `error`.
    Valid,
    /// The source with the highest trust in the field.
    MostTrusted,
    /// The record its source changed last.
    MostRecent,
    /// The record its source changed first.
    Oldest,
    /// The value most members hold.
    MostFrequent,
    /// The longest text.
    Longest,
    /// The shortest text.
    Shortest,
    /// The record with most fields filled.
    MostComplete,
    /// Consent: a refusal before a permission.
    Strictest,
    /// The largest number or latest date.
    Maximum,
    /// The smallest number or earliest date.
    Minimum,
}

impl Strategy {
    /// Every strategy, in the order of the documentation.
    pub const ALL: [Strategy; 11] = [
        Strategy::Valid,
        Strategy::MostTrusted,
        Strategy::MostRecent,
        Strategy::Oldest,
        Strategy::MostFrequent,
        Strategy::Longest,
        Strategy::Shortest,
        Strategy::MostComplete,
        Strategy::Strictest,
        Strategy::Maximum,
        Strategy::Minimum,
    ];

    /// The name in `steward.toml` and in lineage.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Strategy::Valid => "valid",
            Strategy::MostTrusted => "most_trusted",
            Strategy::MostRecent => "most_recent",
            Strategy::Oldest => "oldest",
            Strategy::MostFrequent => "most_frequent",
            Strategy::Longest => "longest",
            Strategy::Shortest => "shortest",
            Strategy::MostComplete => "most_complete",
            Strategy::Strictest => "strictest",
            Strategy::Maximum => "maximum",
            Strategy::Minimum => "minimum",
        }
    }
}
