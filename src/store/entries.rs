//! What is kept for the things that differ from the rest: as JSON, but for customers, of which there
//! may be as many as records (tasks stand in [`super::task_entry`]).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{StoreError, varint};
use domain::grants::Maker;
use domain::scores::GroupScores;
use domain::{
    BulkId, CustomerId, CustomerState, DecisionId, Fingerprint, Group, MatchRunId, RecordId,
    RecordState, Sequence, Standing, TaskId, Verdict,
};

/// An event's place in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The commit.
    pub sequence: Sequence,
    /// The event's index in it.
    pub index: u16,
}

/// The groups by score of the last matching run that counted all there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountedScores {
    /// The run.
    pub run: MatchRunId,
    /// Where it ended.
    pub place: Place,
    /// Its groups.
    pub scores: GroupScores,
}

/// The next free numbers, and where the things of which there is one stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counters {
    /// Next record: also how many there ever were.
    pub records: u32,
    /// How many of them were erased.
    #[serde(default)]
    pub erased: u32,
    /// Next customer; customers count from 1.
    pub customers: u32,
    /// Next task.
    pub tasks: u32,
    /// Next decision.
    pub decisions: u32,
    /// Next bulk.
    pub bulks: u32,
    /// Next import.
    pub imports: u32,
    /// Next matching run.
    pub runs: u32,
    /// The settings in force.
    pub settings: Option<Place>,
    /// The last matching run.
    pub matched: Option<Place>,
    /// How many settings were proposed.
    #[serde(default)]
    pub proposals: u32,
    /// The last event that proposed settings or withdrew a proposal.
    #[serde(default)]
    pub proposed: Option<Place>,
    /// The last commit that recorded or withdrew activities.
    #[serde(default)]
    pub activities: Option<Sequence>,
    /// The last commit that measured figures.
    #[serde(default)]
    pub measured: Option<Sequence>,
}

impl Counters {
    /// How many records there are.
    #[must_use]
    pub fn present_records(&self) -> u32 {
        self.records.saturating_sub(self.erased)
    }
}

/// What people put over a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordEntry {
    /// The layers.
    pub state: RecordState,
    /// The last commit that changed them.
    pub version: Sequence,
    /// The latest revision that was delivered, and its number, where another one is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<(Place, u16)>,
}

/// A customer that is not just one untouched record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerEntry {
    /// Its facts.
    pub state: CustomerState,
    /// The last commit that touched it.
    pub version: Sequence,
}

impl CustomerEntry {
    /// Standing and version, the survivor of one that was merged away, the members, each as its
    /// distance from the one before, and the pins as JSON.
    pub(super) fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let CustomerState { standing, members, pins } = &self.state;
        let mut bytes = Vec::with_capacity(16 + 4 * members.len());
        bytes.push(match standing {
            Standing::Live => LIVE,
            Standing::Merged { .. } => MERGED,
            Standing::Vacant => VACANT,
            Standing::Erased => ERASED,
        });
        varint::write(self.version.0, &mut bytes);
        if let Standing::Merged { into } = standing {
            varint::write(u64::from(into.0), &mut bytes);
        }
        varint::write(members.len() as u64, &mut bytes);
        let mut before = 0;
        for record in members {
            // Wrapping, so that whatever order they have comes back.
            varint::write(u64::from(record.0.wrapping_sub(before)), &mut bytes);
            before = record.0;
        }
        if !pins.is_empty() {
            serde_json::to_writer(&mut bytes, pins)
                .map_err(|error| StoreError::Failed { reason: error.to_string() })?;
        }
        Ok(bytes)
    }

    pub(super) fn decode(mut bytes: &[u8]) -> Option<CustomerEntry> {
        let rest = &mut bytes;
        let (standing, after) = rest.split_first()?;
        *rest = after;
        let version = Sequence(varint::read(rest)?);
        let standing = match *standing {
            LIVE => Standing::Live,
            MERGED => Standing::Merged { into: CustomerId(varint::read_u32(rest)?) },
            VACANT => Standing::Vacant,
            ERASED => Standing::Erased,
            _ => return None,
        };
        let mut before = 0u32;
        let mut members = Vec::new();
        for _ in 0..varint::read_u32(rest)? {
            before = before.wrapping_add(varint::read_u32(rest)?);
            members.push(RecordId(before));
        }
        let pins = match rest.is_empty() {
            true => BTreeMap::new(),
            false => serde_json::from_slice(rest).ok()?,
        };
        Some(CustomerEntry { state: CustomerState { standing, members, pins }, version })
    }
}

const LIVE: u8 = 0;
const MERGED: u8 = 1;
const VACANT: u8 = 2;
const ERASED: u8 = 3;

/// A decision, without what it says in words and values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionEntry {
    /// Where it stands whole.
    pub place: Place,
    /// The verdict.
    pub verdict: Verdict,
    /// The task it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// Who belongs together, who apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// The decisions it takes back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reverses: Vec<DecisionId>,
    /// The bulk it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<BulkId>,
    /// The decision that took it back, while that one stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<DecisionId>,
}

impl DecisionEntry {
    /// Whether it has not been taken back.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.undone_by.is_none()
    }

    /// The decisions that this one, `id`, takes back: each was made before it, so that whoever follows
    /// them comes to an end.
    ///
    /// # Errors
    /// Damage, where one was not.
    pub fn taken_back(&self, id: DecisionId) -> Result<&[DecisionId], StoreError> {
        match self.reverses.iter().find(|reversed| **reversed >= id) {
            Some(later) => Err(StoreError::damaged(format!(
                "decision {id} takes back {later}, which was not made before it"
            ))),
            None => Ok(&self.reverses),
        }
    }
}

/// A census, and the decisions about it, standing or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusEntry {
    /// Where it stands whole.
    pub place: Place,
    /// Which time of taking it is of; see [`Census::taking`](domain::grants::Census::taking).
    pub taking: u32,
    /// Who makes its joins.
    pub maker: Maker,
    /// The decisions that grant it, earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<DecisionId>,
    /// The decisions that suspend its grant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspensions: Vec<DecisionId>,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// Where it began.
    pub started: Place,
    /// Where it ended; `None` means it was interrupted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Place>,
    /// Fingerprint of source and file name: a later import of the same file replaces its
    /// quarantine.
    pub file: u64,
    /// Its rows that are in quarantine now, by the kind of their reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quarantined: BTreeMap<String, u32>,
}

/// A quarantined row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineEntry {
    /// Where it stands whole.
    pub place: Place,
    /// The kind of its reason: what is counted, without a word of the row.
    pub reason: String,
    /// Fingerprint of [`QuarantinedRow::content`](domain::QuarantinedRow::content): the row is
    /// not written again while it is here.
    pub content: Fingerprint,
    /// Fingerprint of the address it would have as a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Fingerprint>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{FieldName, Pin};

    #[test]
    fn customers_come_back_as_they_were_and_in_part_not_at_all() {
        let records = |numbers: &[u32]| numbers.iter().copied().map(RecordId).collect::<Vec<_>>();
        let pin = Pin { decision: DecisionId(3), record: Some(RecordId(7)) };
        let pinned = CustomerState {
            pins: BTreeMap::from([(FieldName::new("email"), pin)]),
            ..CustomerState::of(records(&[7]))
        };
        let unordered = CustomerState {
            members: records(&[9, u32::MAX, 0]),
            ..CustomerState::single(RecordId(1))
        };
        let vacant = CustomerState { standing: Standing::Vacant, ..CustomerState::of(Vec::new()) };
        for state in [
            CustomerState::of(records(&[0, 1, 300, 1 << 31])),
            CustomerState::merged(CustomerId(u32::MAX)),
            CustomerState::erased(),
            vacant,
            pinned,
            unordered,
        ] {
            let entry = CustomerEntry { state, version: Sequence(1 << 40) };
            let bytes = entry.encode().unwrap();
            assert_eq!(CustomerEntry::decode(&bytes), Some(entry));
            for length in 0..bytes.len() {
                let part = CustomerEntry::decode(&bytes[..length]);
                assert!(part.is_none_or(|part| part.state.pins.is_empty()));
            }
        }
        assert_eq!(CustomerEntry::decode(&[9, 1, 0]), None);
    }
}
