//! What must be known of a workspace to name things in it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{CustomerId, FieldName, QueueOrder, RecordAddress, RecordId, Sequence, SourceName};

/// The workspace, and the moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AboutView {
    /// The last commit.
    pub head: Sequence,
    /// The records that are there.
    pub records: u64,
    /// The sources in `steward.toml`.
    pub sources: Vec<SourceName>,
    /// Who is responsible for the sources, each named once.
    #[serde(default)]
    pub owners: Vec<String>,
    /// The fields, in the order of the settings.
    pub fields: Vec<FieldName>,
    /// The match probability from which on customers are merged.
    pub auto: f64,
    /// The match probability from which on people are asked.
    pub review: f64,
    /// The order of the queue.
    pub order: QueueOrder,
    /// Whoever asks.
    pub actor: String,
    /// The role that binds them; none where no role does.
    #[serde(default)]
    pub role: Option<BoundRole>,
    /// Whether nothing can be decided here.
    pub is_reading_only: bool,
    /// Now, by the desk's clock.
    pub now: Timestamp,
}

/// The role that binds whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BoundRole {
    /// Its name; empty where they have none, and may do nothing.
    pub name: String,
    /// Its verbs. `unmask` is among them where it may unmask anything.
    pub may: Vec<String>,
}

/// A record that was found by its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRecord {
    /// The record.
    pub record: RecordId,
    /// Its address, with the key as its source writes it.
    pub address: RecordAddress,
    /// Its customer.
    pub customer: CustomerId,
}
