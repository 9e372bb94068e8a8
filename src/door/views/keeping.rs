//! The workspace's keys, what is held on one person, and what an erasure reaches.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::MaybeSame;
use domain::{
    CustomerId, DecisionId, QuarantinedPlace, RecordAddress, RequestKind, Sequence, TaskId,
};

/// A workspace's keys and what is encrypted with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysView {
    /// The keys; none in a workspace made before there was encryption.
    pub keys: Option<HeldKeys>,
    /// How many segments hold commits under each key; 0 stands for none.
    pub segments: BTreeMap<u32, u64>,
}

/// What may be told about a workspace's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldKeys {
    /// How they are protected.
    pub protection: KeyProtection,
    /// The ids of all data keys, in order.
    pub keys: Vec<u32>,
    /// The one that new data is encrypted with.
    pub current: u32,
    /// The id that a further one would get.
    pub next: u32,
    /// A `rekey` was begun and is not done.
    pub rekeying: bool,
}

/// How the keys of a workspace are protected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyProtection {
    /// By the key file of this path.
    KeyFile(String),
    /// By a passphrase.
    Passphrase,
}

/// What replacing all keys came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RekeyOutcome {
    /// The id of the one key there is now.
    pub key: u32,
    /// Segments that were rewritten.
    pub rewritten: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// How much is held on one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectView {
    /// The person's customer.
    pub customer: CustomerId,
    /// Source records.
    pub records: usize,
    /// Their deliveries.
    pub revisions: usize,
    /// Decisions about the person.
    pub decisions: usize,
    /// Tasks that the person's records made.
    pub tasks: usize,
    /// Rows in quarantine with one of the person's source keys.
    pub quarantined: usize,
    /// Exports that held, or may have held, the person.
    pub exports: usize,
    /// Notes, values and rows that are left out because other persons' data may be in them.
    pub withheld: usize,
    /// The last commit whose effects are in it.
    pub up_to: Sequence,
    /// The ledger's chain hash after that commit, hexadecimal.
    pub hash: String,
}

/// A record of which an erasure takes more than the person's, or only a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedBeside {
    /// The record.
    pub record: RecordAddress,
    /// What it is.
    pub is: Beside,
}

/// What is beside the person's data in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beside {
    /// Somebody else was delivered under the key, and was not believed: that goes as well.
    NotBelieved,
    /// The key was that customer's before, and what is held of them under it goes as well.
    Former(CustomerId),
    /// The key is that customer's now, and only what came before goes.
    Now(CustomerId),
}

impl ErasedBeside {
    /// What becomes of it.
    #[must_use]
    pub fn words(&self) -> String {
        let record = &self.record;
        match self.is {
            Beside::NotBelieved => format!(
                "somebody else was delivered under {record} and not believed: that goes as well, and the key is \
                 skipped when it is delivered again"
            ),
            Beside::Former(customer) => format!(
                "{record} was {customer}'s before: what is held of them under it goes as well, and the key is \
                 skipped when it is delivered again"
            ),
            Beside::Now(customer) => {
                format!("{record} is {customer}'s now: only what was held before that goes")
            }
        }
    }
}

/// What an erasure reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureReach {
    /// The customer.
    pub customer: CustomerId,
    /// Its source records.
    pub records: Vec<RecordAddress>,
    /// Their delivered revisions.
    pub revisions: u64,
    /// The decisions that lose their note, values or part of the key.
    pub decisions: Vec<DecisionId>,
    /// The pending tasks that are settled or lose the customer.
    pub tasks: Vec<TaskId>,
    /// Requests of the person that wait, and would end unanswered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestLeft>,
    /// Customers who may be the same person: an erasure leaves them as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maybe_same: Vec<MaybeSame>,
    /// What goes or stays with them that is somebody else's, or may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<ErasedBeside>,
    /// The quarantined rows of the person.
    pub quarantined: Vec<QuarantinedPlace>,
    /// The matching runs whose model counted a value of the person.
    pub models: u64,
    /// The activities of the person.
    pub activities: u64,
    /// Those of them that name an address, a number or an identifier that another customer has or had, too.
    pub shared_activities: u64,
    /// All events that are erased.
    pub events: u64,
    /// The segments of the ledger that are rewritten.
    pub segments: Vec<u32>,
    /// Exports made since the person's first record came, that hold or may hold the person.
    pub exports: Vec<ExportCopy>,
    /// Backups that hold the person.
    pub backups: Vec<BackupCopy>,
}

impl ErasureReach {
    /// Of an erasure that is about nobody: what it reaches is told elsewhere.
    #[must_use]
    pub fn of_nobody() -> ErasureReach {
        ErasureReach {
            customer: CustomerId::NOBODY,
            records: Vec::new(),
            revisions: 0,
            decisions: Vec::new(),
            tasks: Vec::new(),
            requests: Vec::new(),
            maybe_same: Vec::new(),
            beside: Vec::new(),
            quarantined: Vec::new(),
            models: 0,
            activities: 0,
            shared_activities: 0,
            events: 0,
            segments: Vec::new(),
            exports: Vec::new(),
            backups: Vec::new(),
        }
    }
}

/// A request that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLeft {
    /// Its task.
    pub task: TaskId,
    /// What is asked for.
    pub kind: RequestKind,
    /// The last day to answer it.
    pub due: Date,
}

impl RequestLeft {
    /// That it ends unanswered, and the way out.
    #[must_use]
    pub fn words(&self, customer: CustomerId) -> String {
        let RequestLeft { task, kind, due } = self;
        let way = match kind.hands_over() {
            true => format!(": steward subject {customer} --for {task} -o FILE"),
            false => format!(": steward show {task}"),
        };
        format!(
            "{task}, which asks for {kind} by {due}, would end unanswered; answer it first{way}"
        )
    }
}

/// An export that holds or may hold a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportCopy {
    /// The commit that records it.
    pub sequence: Sequence,
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// The data set: `golden`.
    pub dataset: String,
    /// The format: `csv`.
    pub format: String,
    /// The file's name; `-` for standard output.
    pub destination: String,
    /// Its folder; none for standard output, and for exports made by steward 0.1.
    pub folder: Option<String>,
    /// Whether it was written to its end. Of one that was not, nobody knows what left.
    pub finished: bool,
}

/// A backup that holds a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupCopy {
    /// Its id.
    pub id: String,
    /// Where it was written.
    pub path: String,
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
}

/// What an erasure did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// The commit that lists it.
    pub sequence: Sequence,
    /// What it reached.
    pub reach: ErasureReach,
    /// The files that killed exports and backups had left in the folders they went to, and that were
    /// removed.
    pub cleared: Vec<String>,
}
